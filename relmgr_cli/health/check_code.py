"""Checks code blocks: what is no comment and no text must be the same in every language."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.health.check_structure import shorten
from relmgr_cli.health.comparison import Comparison, Pair
from relmgr_cli.health.findings import Finding
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MAX_LINES = 400  # of a block that are compared
_MAX_LINE = 500  # characters
_COMMENT_LINE = re.compile(r"\s*(?:#|//|--|;|%|\*|/\*|<!--|\{\s?/\*|\{#|\"\"\"|'''|REM\b|::)")
_COMMENT_END = re.compile(r"(?:^|\s|(?<=[;,{})\]]))(?:#|//|--(?=\s)|/\*|<!--|\{\s?/\*|←|→|<-|=>(?=\s+[^\s({\[]+\s)|⬅|👈).*")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'|`[^`\n]{0,400}`|>[^<>{}\n]{1,400}</")
_SPACE = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")
_PROSE = re.compile(r"[A-Za-z]{2,}[,:.]?(?: [A-Za-z]+[,:.]?)+")
_SIGNS = re.compile(r"[(){}\[\]=;<>$/\\|&_#@]|::|->|--\w|\w\.\w")
_NATURAL = frozenset(
    ["", "text", "txt", "plain", "plaintext", "mermaid", "plantuml", "puml", "md", "markdown", "mdx", "tree", "ascii"]
    + ["gherkin", "feature", "log", "output", "none", "no-highlight", "nohighlight", "csv", "tsv", "diff", "dot", "po"]
)
_FORMULA_TEXT = re.compile(r"\\(?:text|mathrm|textbf|textit|mbox|operatorname)\w{0,10}\{[^{}]{0,300}\}")
_SIMILAR = 0.75


class _Line(NamedTuple):
    """A line of code."""

    number: int  # in the block, from 1
    code: str  # without comments, texts and white space
    is_prose: bool  # it may be a text that is translated
    is_foreign: bool  # it has letters of another script, or with diacritics


def check_code(comparison: Comparison) -> Iterator[Finding]:
    """Yield the code blocks whose code differs."""
    number = 0
    for pair in comparison.pairs:
        number += any(block.kind == "code" for block in pair.source)
        if len(pair.source) != 1 or len(pair.target) != 1 or pair.source[0].text == pair.target[0].text:
            continue
        source, target = pair.source[0], pair.target[0]
        if source.kind != target.kind or source.kind not in VERBATIM_KINDS:
            continue
        if source.kind == "math":
            if _formula(source.text) != _formula(target.text):
                yield comparison.report("code-differs", pair, messages.CHECK_FORMULA.fill())
        else:
            yield from _compare(comparison, pair, number)


def _formula(text: str) -> str:
    return _SPACE.sub("", _FORMULA_TEXT.sub("", text))


def _compare(comparison: Comparison, pair: Pair, number: int) -> Iterator[Finding]:
    """Yield a finding for the first line that differs."""
    source, target = pair.source[0], pair.target[0]
    lines, others = _lines(source), _lines(target)
    matcher = SequenceMatcher(None, [line.code for line in lines], [line.code for line in others], autojunk=False)
    for tag, first, last, other_first, other_last in matcher.get_opcodes():
        if tag == "equal":
            continue
        found = _first_difference(lines[first:last], others[other_first:other_last], is_code=_is_code(source))
        if found:
            one, other = found
            at = other.number if other else others[other_first - 1].number if other_first else 1
            source_at = one.number if one else lines[first - 1].number if first else 1
            template = messages.CHECK_CODE_LINE if one and other else messages.CHECK_CODE_EXTRA
            template = template if other else messages.CHECK_CODE_MISSING
            text = source.text.split("\n")[source_at - 1] if one else target.text.split("\n")[at - 1]
            message = template.fill(number=number, line=at, text=shorten(text))
            lines_at = {"line": line_of_code(target, at), "source_line": line_of_code(source, source_at)}
            yield comparison.report("code-differs", pair, message, **lines_at)
            return


def line_of_code(block: Block, number: int) -> int:
    """Return the line in the file of a line of a code block; its first is behind the fence."""
    return block.line + number


def _is_code(block: Block) -> bool:
    return block.info.lower() not in _NATURAL


def _lines(block: Block) -> list[_Line]:
    """Return the lines that have code."""
    found = []
    for number, text in enumerate(block.text.split("\n")[:_MAX_LINES], 1):
        line = text[:_MAX_LINE]
        if _COMMENT_LINE.match(line):
            continue
        is_foreign = bool(_FOREIGN.search(line))
        rest = _COMMENT_END.sub("", line)
        code = _SPACE.sub("", _STRING.sub(_kept_string, rest))
        if code:
            found.append(_Line(number, code, _is_prose(rest), is_foreign))
    return found


def _kept_string(match: re.Match[str]) -> str:
    """Return a string if it is data, such as a path; a text becomes empty."""
    text = match[0][1:-1]
    is_data = text.isascii() and " " not in text and bool(_SIGNS.search(text)) and match[0][0] != ">"
    return match[0] if is_data else '""'


def _is_prose(line: str) -> bool:
    """Return whether a line reads as a text."""
    return bool(_PROSE.search(line)) and len(_SIGNS.findall(line)) <= 1


def _first_difference(
    lines: Sequence[_Line], others: Sequence[_Line], *, is_code: bool
) -> tuple[_Line | None, _Line | None] | None:
    """Return the first lines that differ in code; None if all that differs may be translated text."""
    for at in range(max(len(lines), len(others))):
        line = lines[at] if at < len(lines) else None
        other = others[at] if at < len(others) else None
        if line and other and (other.is_foreign or line.is_foreign):
            continue
        if line and other:
            is_near = SequenceMatcher(None, line.code, other.code).ratio() >= _SIMILAR
            if is_near or (is_code and not line.is_prose and not other.is_prose):
                return line, other
        elif is_code and (one := line or other) and not one.is_prose and not one.is_foreign:
            return line, other
    return None
