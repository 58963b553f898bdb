"""Aligns the rows of two tables of which one has some more."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

_GAP = 0.45  # the cost of a row without a counterpart; two rows with nothing in common cost 1
_UNKNOWN = 0.3  # the cost of two rows without anything that may be in a translation too
_LENGTH = 0.3  # the cost of a row that is e times as long as the other, as compared with the average


class Row(NamedTuple):
    """What a row of a table has in common with its translation."""

    tokens: frozenset[str]
    lengths: tuple[int, ...]  # of its cells, in characters

    @property
    def length(self) -> int:
        """The characters of all cells."""
        return sum(self.lengths)


def first_unmatched(rows: Sequence[Row], others: Sequence[Row]) -> int:
    """Return the index, in the longer of two tables, of the first row without a counterpart."""
    if len(rows) < len(others):
        rows, others = others, rows
    size, width = len(rows), len(others)
    shared = frozenset().union(*(row.tokens for row in rows)) & frozenset().union(*(row.tokens for row in others))
    rows, others = ([row._replace(tokens=row.tokens & shared) for row in table] for table in (rows, others))
    ratio = log((1 + sum(row.length for row in rows)) / size / ((1 + sum(row.length for row in others)) / width))
    costs = [[(size - i + width - j) * _GAP for j in range(width + 1)] for i in range(size + 1)]
    distances = [[_distance(row, other, ratio) for other in others] for row in rows]
    for i in range(size - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            costs[i][j] = min(distances[i][j] + costs[i + 1][j + 1], _GAP + costs[i + 1][j], _GAP + costs[i][j + 1])
    i = j = 0
    while i < size and j < width:
        if distances[i][j] + costs[i + 1][j + 1] <= costs[i][j]:
            i, j = i + 1, j + 1
        elif _GAP + costs[i + 1][j] <= costs[i][j]:
            return i
        else:
            j += 1
    return min(i, size - 1)


def _distance(row: Row, other: Row, ratio: float) -> float:
    """Return 0 for rows with the same features, about 1 for those with none in common."""
    union = len(row.tokens | other.tokens)
    pairs = list(zip(row.lengths, other.lengths, strict=False))
    difference = sum(abs(log((1 + one) / (1 + two)) - ratio) for one, two in pairs) / max(len(pairs), 1)
    return (1 - len(row.tokens & other.tokens) / union if union else _UNKNOWN) + _LENGTH * min(difference, 1.0)
