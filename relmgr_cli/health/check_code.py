"""Checks code blocks: what is no comment and no text must be the same in every language."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.health.check_inline import is_slip
from relmgr_cli.health.check_structure import shorten
from relmgr_cli.health.comparison import Comparison, Pair
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MAX_LINES = 300  # of a block that are compared
_MAX_LINE = 300  # characters
_MAX_COMPARED = 12  # lines in one place that differ, each with each
_MAX_NEAR = 200  # characters of a line that is compared with another one by one
_COMMENT_LINE = re.compile(r"\s*(?:#|//|--|;|%|\*|/\*|<!--|\{\s?/\*|\{#|\"\"\"|'''|REM\b|::)")
_COMMENT_END = re.compile(
    r"(?:^|\s|(?<=[;,{})\]]))(?:#|//|--(?=\s)|/\*|<!--|\{\s?/\*|←|→|<-|=>(?=\s+[^\s({\[]+\s)|⬅|👈).*"
)
_LONG_COMMENTS = (("/*", "*/"), ("<!--", "-->"))
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'|`[^`\n]{0,400}`")
_MARKED_TEXT = re.compile(
    r"(?<=[>}])[^<>{}\n\"']{1,400}(?=[<{])|(?<=\w>)[^<>{}\n=;()]{1,400}$|^[^<>{}\n=;()\"']{1,400}(?=</)"
)
_SPACE = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")
_PROSE = re.compile(r"[A-Za-z]{2,}[,:.]?(?: [A-Za-z]+[,:.]?)+")
_OPTIONAL_ENDS = ",;"  # of a line, in many languages a matter of style
_CODE_ENDS = (";", "{", "}", ")", "]")
_LABEL = re.compile(r"\s*[A-Z][a-z]{2,}:?\s*")
_SIGNS = re.compile(r"[(){}\[\]=;<>$/\\|&_#@]|::|->|--\w|\w\.\w")
# Languages, as fences name them, whose lines may be texts.
_NATURAL = frozenset(
    "text txt plain plaintext mermaid plantuml puml dot md markdown mdx tree ascii gherkin feature log output none "
    "no-highlight nohighlight csv tsv diff po".split()
)
_FORMULA_TEXT = re.compile(r"\\(?:text|mathrm|textbf|textit|mbox|operatorname)\w{0,10}\{[^{}]{0,300}\}")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_SIMILAR = 0.75
_MAX_DIFFERENT = 0.1  # of the code blocks of a page: more are those of another version
_MIN_LINES = 3  # of a block, of which one differs: of a shorter one all may be another version


class _Line(NamedTuple):
    """A line of code."""

    number: int  # in the block, from 1
    code: str  # without comments, texts and white space
    is_prose: bool  # it may be a text that is translated
    is_foreign: bool  # it has letters of another script, or with diacritics


class _Difference(NamedTuple):
    """The first difference of a code block."""

    finding: Finding
    is_slip: bool  # a letter or two
    is_isolated: bool  # nothing else in the block differs


def check_code(comparison: Comparison) -> Iterator[Finding]:
    """Yield the code blocks whose code differs; as information where most do, as they do in another version."""
    number = 0
    found: list[_Difference] = []
    for pair in comparison.pairs:
        number += any(block.kind == "code" for block in pair.source)
        if len(pair.source) != 1 or len(pair.target) != 1 or pair.source[0].text == pair.target[0].text:
            continue
        source, target = pair.source[0], pair.target[0]
        if source.kind != target.kind or source.kind not in VERBATIM_KINDS:
            continue
        if source.kind == "math":
            if _formula(source.text) != _formula(target.text):
                yield comparison.report("code-differs", pair, file_messages.CHECK_FORMULA.fill())
        else:
            found += _compare(comparison, pair, number)
    is_version = len(found) > max(1, _MAX_DIFFERENT * number)
    for each in found:
        is_certain = each.is_slip or (each.is_isolated and not is_version)
        yield each.finding if is_certain else each.finding._replace(severity=INFO)


def _formula(text: str) -> str:
    return _SPACE.sub("", _FORMULA_TEXT.sub("", text))


def _compare(comparison: Comparison, pair: Pair, number: int) -> "Iterator[_Difference]":
    """Yield a finding for the first line that differs."""
    source, target = pair.source[0], pair.target[0]
    lines, others = _lines(source), _lines(target)
    matcher = SequenceMatcher(None, [line.code for line in lines], [line.code for line in others], autojunk=False)
    edits = [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]
    # Of a block that is the same but for some lines, also a text is missing.
    is_one_run = (
        len(edits) == 1 and edits[0][0] != "replace" and len(lines) != len(others) and min(len(lines), len(others)) > 0
    )
    is_code = is_one_run or _is_code(source)
    found = [
        (edit, difference)
        for edit in edits
        if not _is_rewrapped(lines[edit[1] : edit[2]], others[edit[3] : edit[4]])
        and (difference := _first_difference(lines[edit[1] : edit[2]], others[edit[3] : edit[4]], is_code=is_code))
    ]
    for (_, first, _, other_first, _), (one, other) in found[:1]:
        at = other.number if other else others[other_first - 1].number if other_first else 1
        source_at = one.number if one else lines[first - 1].number if first else 1
        template = file_messages.CHECK_CODE_LINE if one and other else file_messages.CHECK_CODE_EXTRA
        template = template if other else file_messages.CHECK_CODE_MISSING
        text = source.text.split("\n")[source_at - 1] if one else target.text.split("\n")[at - 1]
        finding = comparison.report(
            "code-differs",
            pair,
            template.fill(number=number, line=at, text=shorten(text)),
            line=line_of_code(target, at),
            source_line=line_of_code(source, source_at),
        )
        # A line that is another one may belong to an example that was adapted.
        is_isolated = is_one_run or (len(found) == 1 and len(lines) >= _MIN_LINES and not (one and other))
        yield _Difference(finding, bool(one and other and is_slip(one.code, other.code)), is_isolated)


def _is_rewrapped(lines: Sequence[_Line], others: Sequence[_Line]) -> bool:
    """Return whether the same code is broken into other lines."""
    return "".join(line.code for line in lines) == "".join(line.code for line in others)


def line_of_code(block: Block, number: int) -> int:
    """Return the line in the file of a line of a code block; its first is behind the fence."""
    return block.line + number


def _is_code(block: Block) -> bool:
    """Return whether a block is in a programming language; without the name of one, whether it looks like it."""
    if block.info:
        return block.info.lower() not in _NATURAL
    lines = [line for line in block.text.split("\n")[:_MAX_LINES] if line.strip()]
    return sum(len(_SIGNS.findall(line[:_MAX_LINE])) > 1 for line in lines) * 2 > len(lines)


def _lines(block: Block) -> list[_Line]:
    """Return the lines that have code."""
    found = []
    end = ""  # of a comment of several lines
    for number, text in enumerate(block.text.split("\n")[:_MAX_LINES], 1):
        line = text[:_MAX_LINE]
        if end:
            end = "" if end in line else end
            continue
        end = next((close for mark, close in _LONG_COMMENTS if mark in line and close not in line), "")
        if _COMMENT_LINE.match(line):
            continue
        rest = _COMMENT_END.sub("", line)
        code = _SPACE.sub("", _STRING.sub(_kept_string, _MARKED_TEXT.sub(_kept_text, rest))).rstrip(_OPTIONAL_ENDS)
        if any(map(str.isalnum, rest)):
            found.append(_Line(number, code, _is_prose(rest), bool(_FOREIGN.search(code))))
    return found


def _kept_text(match: re.Match[str]) -> str:
    """Return what is between two tags or expressions unless it has words, which are translated."""
    return "" if _TWO_LETTERS.search(match[0]) else match[0]


def _kept_string(match: re.Match[str]) -> str:
    """Return a string if it is data, such as a path; a text becomes empty."""
    text = match[0][1:-1]
    is_data = text.isascii() and " " not in text and bool(_SIGNS.search(text))
    return match[0] if is_data else '""'


def _is_prose(line: str) -> bool:
    """Return whether a line reads as a text."""
    if line.rstrip()[-1:] in _CODE_ENDS:
        return False
    return (bool(_PROSE.search(line)) and len(_SIGNS.findall(line)) <= 1) or bool(_LABEL.fullmatch(line))


def _is_near(line: _Line, other: _Line) -> bool:
    """Return whether one line may be the other with a mistake."""
    if max(len(line.code), len(other.code)) > _MAX_NEAR:
        return False
    matcher = SequenceMatcher(None, line.code, other.code, autojunk=False)
    return matcher.real_quick_ratio() >= _SIMILAR and matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR


def _first_difference(
    lines: Sequence[_Line], others: Sequence[_Line], *, is_code: bool
) -> tuple[_Line | None, _Line | None] | None:
    """Return the first lines that differ in code; None if all that differs may be translated text."""
    if slip := _find_slip(lines, others):
        return slip
    for at in range(max(len(lines), len(others))):
        line = lines[at] if at < len(lines) else None
        other = others[at] if at < len(others) else None
        if line and other and (other.is_foreign or line.is_foreign):
            continue
        if line and other:
            is_text = line.is_prose or other.is_prose
            if (is_code and not is_text) or (_is_near(line, other) and (is_code or not is_text)):
                return line, other
        elif is_code and (one := line or other) and not one.is_foreign and (not one.is_prose or not (lines and others)):
            return line, other
    return None


def _find_slip(lines: Sequence[_Line], others: Sequence[_Line]) -> tuple[_Line, _Line] | None:
    """Return the first line that is another one with a mistake, wherever it is."""
    for other in others[:_MAX_COMPARED]:
        for line in lines[:_MAX_COMPARED]:
            is_code = not (line.is_foreign or other.is_foreign or line.is_prose)
            if is_code and line.code != other.code and _is_near(line, other) and is_slip(line.code, other.code):
                return line, other
    return None
