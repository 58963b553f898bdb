"""Checks code blocks: what is no comment and no text must be the same in every language."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.health.check_inline import is_slip
from relmgr_cli.health.check_structure import shorten
from relmgr_cli.health.code_lines import Line, is_code, read_lines
from relmgr_cli.health.comparison import Comparison, Pair
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MAX_COMPARED = 12  # lines in one place that differ, each with each
_MAX_NEAR = 200  # characters of a line that is compared with another one by one
_SPACE = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_FORMULA_TEXT = re.compile(r"\\(?:text|mathrm|textbf|textit|mbox|operatorname)\w{0,10}\{[^{}]{0,300}\}")
_SIMILAR = 0.75
_MAX_DIFFERENT = 0.1  # of the code blocks of a page: more are those of another version
_MIN_LINES = 3  # of a block, of which one differs: of a shorter one all may be another version


class _Difference(NamedTuple):
    """The difference of a code block that is shown."""

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


class _Edit(NamedTuple):
    """Lines that differ, and the first of them by which one sees it."""

    lines: Sequence[Line]
    others: Sequence[Line]
    first: int  # index of the first line, or where it would be
    other_first: int
    shown: tuple[Line | None, Line | None]

    @property
    def is_slip(self) -> bool:
        """Whether the line is another one with a mistake."""
        one, other = self.shown
        return bool(one and other and _is_slip(one, other))


def _compare(comparison: Comparison, pair: Pair, number: int) -> "Iterator[_Difference]":
    """Yield a finding for the first line that differs by a slip, else for the first that differs."""
    source, target = pair.source[0], pair.target[0]
    both = (comparison.source_language, comparison.language)
    tags = tuple(dict.fromkeys([*both, *map(primary_of, both)]))
    lines, others = read_lines(source, tags), read_lines(target, tags)
    matcher = SequenceMatcher(None, [line.code for line in lines], [line.code for line in others], autojunk=False)
    edits = [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]
    # Of a block that is the same but for some lines, also a text is missing.
    is_one_run = (
        len(edits) == 1 and edits[0][0] != "replace" and len(lines) != len(others) and min(len(lines), len(others)) > 0
    )
    compares_code = is_one_run or is_code(source)
    found = [
        _Edit(lines[first:last], others[other_first:other_last], first, other_first, shown)
        for _, first, last, other_first, other_last in edits
        if not _is_rewrapped(lines[first:last], others[other_first:other_last])
        and (shown := _first_difference(lines[first:last], others[other_first:other_last], compares_code=compares_code))
    ]
    if not found:
        return
    edit = next((each for each in found if each.is_slip), found[0])
    one, other = edit.shown
    at = other.number if other else others[edit.other_first - 1].number if edit.other_first else 1
    source_at = one.number if one else lines[edit.first - 1].number if edit.first else 1
    template = file_messages.CHECK_CODE_LINE if one and other else file_messages.CHECK_CODE_EXTRA
    template = template if other else file_messages.CHECK_CODE_MISSING
    text = source.text.split("\n")[source_at - 1] if one else target.text.split("\n")[at - 1]
    finding = comparison.report(
        "code-differs",
        pair,
        template.fill(number=number, line=at, text=shorten(text)),
        line=_line_of(target, at, comparison.target_lines),
        source_line=_line_of(source, source_at, comparison.source_lines),
    )
    # A line that is another one may belong to an example that was adapted.
    is_isolated = is_one_run or (len(found) == 1 and len(lines) >= _MIN_LINES and not (one and other))
    is_adapted = any(_has_other_names(each) for each in found)
    yield _Difference(finding, edit.is_slip and not is_adapted, is_isolated)


def _is_rewrapped(lines: Sequence[Line], others: Sequence[Line]) -> bool:
    """Return whether the same code is broken into other lines."""
    return "".join(line.code for line in lines) == "".join(line.code for line in others)


def _line_of(block: Block, number: int, lines: Sequence[str]) -> int:
    """Return the line in the file of a line of a code block; the first is behind the fence if there is one."""
    first = block.text.partition("\n")[0].strip()
    line = lines[block.line - 1].strip() if block.line <= len(lines) else ""
    has_fence = "```" in line or "~~~" in line or not first or not line.endswith(first)
    return block.line + number - (not has_fence)


def _is_near(line: Line, other: Line) -> bool:
    """Return whether one line may be the other with a mistake."""
    if max(len(line.code), len(other.code)) > _MAX_NEAR:
        return False
    matcher = SequenceMatcher(None, line.code, other.code, autojunk=False)
    return matcher.real_quick_ratio() >= _SIMILAR and matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR


def _first_difference(
    lines: Sequence[Line], others: Sequence[Line], *, compares_code: bool
) -> tuple[Line | None, Line | None] | None:
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
            if (compares_code and not is_text) or (_is_near(line, other) and (compares_code or not is_text)):
                return line, other
        elif (
            compares_code
            and (one := line or other)
            and not one.is_foreign
            and (not one.is_prose or not (lines and others))
        ):
            return line, other
    return None


def _find_slip(lines: Sequence[Line], others: Sequence[Line]) -> tuple[Line, Line] | None:
    """Return the first line that is another one with a mistake, wherever it is."""
    for other in others[:_MAX_COMPARED]:
        for line in lines[:_MAX_COMPARED]:
            is_text = line.is_foreign or other.is_foreign or line.is_prose
            if not is_text and line.code != other.code and _is_near(line, other) and _is_slip(line, other):
                return line, other
    return None


def _is_slip(line: Line, other: Line) -> bool:
    """Return whether a line is another one with a mistake, and not one that was adapted or printed on another day."""
    if not is_slip(line.code, other.code) or (line.is_prose and line.words != other.words):
        return False
    is_result = line.is_output and other.is_output and _without_digits(line) == _without_digits(other)
    return not is_result and not _has_other_strings(line, other)


def _without_digits(line: Line) -> str:
    return _DIGITS.sub("0", line.code)


def _has_other_strings(line: Line, other: Line) -> bool:
    """Return whether two lines differ only in strings, each of which is another one: a name that was translated."""
    if line.bare != other.bare or len(line.strings) != len(other.strings):
        return False
    changed = [pair for pair in zip(line.strings, other.strings, strict=True) if pair[0] != pair[1]]
    return bool(changed) and not any(is_slip(*pair) for pair in changed)


def _has_other_names(edit: _Edit) -> bool:
    """Return whether another line of the same edit differs by more than a slip: an example that was adapted."""
    pairs = zip(edit.lines, edit.others, strict=False)
    return any(
        line.code != other.code
        and not (line.is_foreign or other.is_foreign or line.is_prose or other.is_prose)
        and not is_slip(line.code, other.code)
        for line, other in pairs
    )
