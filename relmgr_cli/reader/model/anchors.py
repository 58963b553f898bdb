"""Finding a place again after the files have changed: by what the blocks say, else by where they stood.

A row is known by the check sums of its texts in every language, so that it is found whichever of them was edited,
and by those of its neighbours, so that it is found when it was itself rewritten.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_FAR = 3000  # rows; a block that has moved further is not looked for
_AROUND = (0, -1, 1)  # the row itself, the one before, the one after


class RowAnchor(NamedTuple):
    """A row of an article, in terms that outlive changes of its files."""

    section: str
    row: int
    offset: int  # rows since the first one of the section
    fingerprints: tuple[tuple[int, ...], ...]  # of the rows around


class RowIndex(NamedTuple):
    """What is known of the rows of an article to find one by."""

    sections: Sequence[str]  # the number of each row's section
    texts_of: Callable[[int], Sequence[str]]  # the texts of a row, in every language that has some


def fingerprint(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the check sums of texts."""
    return tuple(zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in texts if text)


def anchor_row(chart: RowIndex, row: int) -> RowAnchor:
    """Return the bearing of a row."""
    section = chart.sections[row]
    offset = row - chart.sections.index(section)
    prints = tuple(_print(chart, row + step) for step in _AROUND)
    return RowAnchor(section, row, offset, prints)


def resolve_anchor(chart: RowIndex, bearing: RowAnchor) -> int:
    """Return the row that a bearing is of, or the one that has come to stand in its place."""
    for step, wanted in zip(_AROUND, bearing.fingerprints, strict=False):
        sought = frozenset(wanted)
        near = bearing.row + step
        for row in _outward(near, len(chart.sections)) if sought else ():
            if not sought.isdisjoint(_print(chart, row)):
                return max(0, min(row - step, len(chart.sections) - 1))
    same = [row for row, section in enumerate(chart.sections) if section == bearing.section]
    if same:
        return same[min(bearing.offset, len(same) - 1)]
    return max(0, min(bearing.row, len(chart.sections) - 1))


def _print(chart: RowIndex, row: int) -> tuple[int, ...]:
    return fingerprint(chart.texts_of(row)) if 0 <= row < len(chart.sections) else ()


def _outward(start: int, rows: int) -> Iterator[int]:
    """Yield the rows around a row, the nearest first."""
    for distance in range(min(rows + abs(start) + 1, _FAR)):
        for row in (start + distance, start - distance) if distance else (start,):
            if 0 <= row < rows:
                yield row
