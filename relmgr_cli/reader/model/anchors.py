"""Robust anchors: find a row again after the files have changed.

A row is found by the checksums of its texts in every language, so that an edit of one translation does not matter; else
by those of its neighbours; else by its index in its section.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_MAX_DISTANCE = 3000  # rows; a row that has moved further is not found
_NEIGHBOURS = (0, -1, 1)  # the row itself, the one before, the one after


class RowAnchor(NamedTuple):
    """What identifies a row after its files have changed."""

    section: str
    row: int
    offset: int  # from the first row of the section
    fingerprints: tuple[tuple[int, ...], ...]  # of the row and its neighbours


class RowIndex(NamedTuple):
    """What rows are found by."""

    sections: Sequence[str]  # of each row, its number
    texts_of: Callable[[int], Sequence[str]]  # of a row, in every language


def anchor_row(index: RowIndex, row: int) -> RowAnchor:
    """Return the anchor of a row."""
    section = index.sections[row]
    fingerprints = tuple(_fingerprints(index, row + step) for step in _NEIGHBOURS)
    return RowAnchor(section, row, row - index.sections.index(section), fingerprints)


def resolve_anchor(index: RowIndex, row_anchor: RowAnchor) -> int:
    """Return the row of an anchor, or the one that has replaced it."""
    for step, prints in zip(_NEIGHBOURS, row_anchor.fingerprints, strict=False):
        wanted = frozenset(prints)
        near = row_anchor.row + step
        for row in _outward(near, len(index.sections)) if wanted else ():
            if not wanted.isdisjoint(_fingerprints(index, row)):
                return max(0, min(row - step, len(index.sections) - 1))
    same = [row for row, section in enumerate(index.sections) if section == row_anchor.section]
    if same:
        return same[min(row_anchor.offset, len(same) - 1)]
    return max(0, min(row_anchor.row, len(index.sections) - 1))


def _fingerprints(index: RowIndex, row: int) -> tuple[int, ...]:
    texts = index.texts_of(row) if 0 <= row < len(index.sections) else ()
    return tuple(zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in texts if text)


def _outward(start: int, rows: int) -> Iterator[int]:
    """Yield row indices, nearest first."""
    for distance in range(min(rows + abs(start) + 1, _MAX_DISTANCE)):
        for row in (start + distance, start - distance) if distance else (start,):
            if 0 <= row < rows:
                yield row
