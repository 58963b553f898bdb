"""Checks the structure of a translation: sections, blocks, lists, tables and levels of headings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice

from relmgr_cli import file_messages
from relmgr_cli.health.comparison import Comparison, Pair, without_tags
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.markdown.blocks import Block, Span, plain

_MIN_REPLACED = 0.25  # of the characters that are missing, in blocks that only the translation has
_MAX_SHOWN = 60  # characters of a text in a message
_MAX_SIBLINGS = 100  # items of a list on each side of one
_MAX_ROWS = 200  # of a table whose rows are compared
_LISTS = ("bullet", "ordered")


def check_structure(comparison: Comparison) -> Iterator[Finding]:
    """Yield what is missing, added or in another shape."""
    for is_both, run in groupby(comparison.pairs, key=lambda pair: pair.is_both):
        if not is_both:
            yield from _check_gap(comparison, tuple(run))
    yield from _check_levels(comparison)
    for pair in comparison.pairs:
        if len(pair.source) == len(pair.target) == 1 and pair.source[0].rows and pair.target[0].rows:
            yield from _check_table(comparison, pair)


def _check_gap(comparison: Comparison, gap: Sequence[Pair]) -> Iterator[Finding]:
    """Check a run of blocks that only one of the two has, between blocks that both have."""
    missing = [pair for pair in gap if pair.source]
    extra = [pair for pair in gap if pair.target]
    missing_headings = [pair for pair in missing if is_section_heading(pair.source[0])]
    extra_headings = [pair for pair in extra if is_section_heading(pair.target[0])]
    if len(missing_headings) > len(extra_headings):
        yield from _missing_sections(comparison, missing_headings[len(extra_headings) :])
    elif len(extra_headings) > len(missing_headings):
        yield from _extra_sections(comparison, extra_headings[len(missing_headings) :])
    if not missing_headings and not _is_replaced(missing, extra):
        yield from _missing_blocks(comparison, missing)
    elif missing_headings:
        first = missing.index(missing_headings[0])
        if not _is_replaced(missing[:first], extra):
            yield from _missing_blocks(comparison, missing[:first])
    if not extra_headings and not missing:
        yield from _extra_blocks(comparison, extra)


def is_section_heading(block: Block) -> bool:
    """Return whether a block is the heading of a section; others are in a quote or a list."""
    return block.kind == "heading" and not block.containers


def _is_replaced(missing: Sequence[Pair], extra: Sequence[Pair]) -> bool:
    """Return whether the translation has other blocks in the place of those that it lacks: a list, not a table."""
    size, other = (
        sum(len(block.text) for pair in pairs for block in (pair.source or pair.target)) for pairs in (missing, extra)
    )
    return bool(extra) and other >= _MIN_REPLACED * size


def _missing_sections(comparison: Comparison, headings: Sequence[Pair]) -> Iterator[Finding]:
    """Yield a finding for each section that is missing, but none for the sections below such a one."""
    level = 99
    for pair in headings:
        block = pair.source[0]
        if int(block.info) <= level:
            level = int(block.info)
            yield comparison.report(
                "missing-section", pair, file_messages.CHECK_MISSING_SECTION.fill(heading=shorten(block.text))
            )


def _extra_sections(comparison: Comparison, headings: Sequence[Pair]) -> Iterator[Finding]:
    level = 99
    for pair in headings:
        block = pair.target[0]
        if int(block.info) <= level:
            level = int(block.info)
            yield comparison.report(
                "extra-section",
                pair,
                file_messages.CHECK_EXTRA_SECTION.fill(heading=shorten(block.text)),
                severity="" if pair.target_start else INFO,  # a heading above the opening text
            )


def _missing_blocks(comparison: Comparison, missing: Sequence[Pair]) -> Iterator[Finding]:
    """Yield a finding for each kind of block in a run of missing ones."""
    lines = comparison.source_lines
    shown = [
        pair
        for pair in missing
        if any(_says_something(block) and not _is_attribute(block, lines) for block in pair.source)
    ]
    for is_item, run in groupby(shown, key=lambda pair: _has_sibling(comparison, pair)):
        pairs = tuple(run)
        blocks = [block for pair in pairs for block in pair.source]
        if is_item:
            message = file_messages.CHECK_LIST_SHORTER.fill(len(blocks), text=shorten(blocks[0].text))
            yield comparison.report("list-length", pairs[0], message)
        else:
            kind = file_messages.CHECK_KINDS.get(blocks[0].kind, file_messages.CHECK_KINDS["paragraph"])
            template = file_messages.CHECK_MISSING_BLOCK if len(blocks) == 1 else file_messages.CHECK_MISSING_BLOCKS
            message = template.fill(kind=kind, count=len(blocks), text=shorten(blocks[0].text))
            yield comparison.report("missing-block", pairs[0], message)


def _extra_blocks(comparison: Comparison, extra: Sequence[Pair]) -> Iterator[Finding]:
    shown = [pair for pair in extra if any(_says_something(block) for block in pair.target)]
    if shown:
        text = shorten(shown[0].target[0].text)
        yield comparison.report("extra-block", shown[0], file_messages.CHECK_EXTRA_BLOCK.fill(text=text), severity=INFO)


def _says_something(block: Block) -> bool:
    """Return whether a block would be missed: not a rule, the title of a callout, or one without text."""
    return block.kind not in ("rule", "title") and any(map(str.isalnum, without_tags(block.text)))


def _is_attribute(block: Block, lines: Sequence[str]) -> bool:
    """Return whether a block is an attribute of a component, of which another layout may not be read."""
    line = lines[block.line - 1] if block.line <= len(lines) else ""
    return any(f"{quote}{block.text}{quote}" in line for quote in "\"'")


def _has_sibling(comparison: Comparison, pair: Pair) -> bool:
    """Return whether a block is an item of a list of which the translation has another item, but not this one."""
    block = pair.source[0]
    if not block.containers or block.containers[-1].kind not in _LISTS:
        return False
    blocks = comparison.source.blocks
    at = pair.source_start
    near = (islice(_siblings(blocks, at, step), _MAX_SIBLINGS) for step in (-1, 1))
    translated = [each for each in chain(*near) if id(each) in comparison.translated]
    return bool(translated) and not any(block.containers[-1] in each.containers for each in translated)


def _siblings(blocks: Sequence[Block], at: int, step: int) -> Iterator[Block]:
    """Yield the items before or behind a block in the same list."""
    own = blocks[at].containers
    index = at + step
    while 0 <= index < len(blocks):
        containers = blocks[index].containers
        depth = len(own) - 1
        is_near = len(containers) > depth and containers[:depth] == own[:depth]
        if not is_near or containers[depth].kind != own[-1].kind:
            return
        yield blocks[index]
        index += step


def _check_levels(comparison: Comparison) -> Iterator[Finding]:
    """Yield the headings whose level differs otherwise than that of most headings.

    A translation may begin one level lower, because the title is in its front matter.
    """
    headings = [
        pair
        for pair in comparison.pairs
        if pair.is_both and is_section_heading(pair.source[0]) and is_section_heading(pair.target[0])
    ]
    shifts = [int(pair.target[0].info) - int(pair.source[0].info) for pair in headings]
    common = Counter(shifts).most_common(1)[0][0] if shifts else 0
    usual = common if shifts.count(common) * 2 > len(shifts) else 0
    for pair, shift in zip(headings, shifts, strict=True):
        if shift != usual:
            level, expected = int(pair.target[0].info), int(pair.source[0].info) + usual
            template = file_messages.CHECK_LEVEL_SHIFTED if usual else file_messages.CHECK_LEVEL
            message = template.fill(level=level, expected=expected)
            yield comparison.report("heading-level", pair, message)


def _check_table(comparison: Comparison, pair: Pair) -> Iterator[Finding]:
    source, target = pair.source[0], pair.target[0]
    if len(source.rows) != len(target.rows):
        at = _differing_row(source, target)
        is_shorter = len(target.rows) < len(source.rows)
        yield comparison.report(
            "table-shape",
            pair,
            file_messages.CHECK_ROWS.fill(rows=len(target.rows), expected=len(source.rows)),
            line=_line_of_row(target, at - is_shorter),
            source_line=_line_of_row(source, at - (not is_shorter)),
        )
        return
    for at, (row, other) in enumerate(zip(source.rows, target.rows, strict=True)):
        if len(row) != len(other):
            counts = {"columns": len(other), "expected": len(row)}
            yield comparison.report(
                "table-shape",
                pair,
                file_messages.CHECK_COLUMNS.fill(**counts),
                line=_line_of_row(target, at),
                source_line=_line_of_row(source, at),
            )
            return


def _line_of_row(table: Block, row: int) -> int:
    """Return the line of a row; that of dashes is below the header."""
    row = min(max(row, 0), len(table.rows) - 1)
    return table.line + row + bool(row)


def _differing_row(source: Block, target: Block) -> int:
    """Return the index of the first row that one table lacks, as far as rows can be told apart."""
    from relmgr_cli.health.rows import Row, first_unmatched

    rows, others = (
        [Row(_features(row), tuple(len(plain(cell)) for cell in row)) for row in table.rows[:_MAX_ROWS]]
        for table in (source, target)
    )
    return first_unmatched(rows, others)


def _features(row: Sequence[Sequence[Span]]) -> frozenset[str]:
    """Return what a row of a table may have in common with its translation."""
    cells = [plain(cell) for cell in row]
    words = {word.strip("`*_.,;:()").casefold() for cell in cells for word in cell.split()}
    empty = {f"{column}:" for column, cell in enumerate(cells) if not cell.strip()}
    return frozenset(words | empty)


def shorten(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_SHOWN else f"{line[: _MAX_SHOWN - 1].rstrip()}…"
