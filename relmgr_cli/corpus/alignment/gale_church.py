"""Aligns the blocks of two documents, the source and the target.

The best monotone alignment is found by dynamic programming over beads (W. A. Gale and K. W. Church, 1993): a block with
none, one with one, and for prose two with one, one with two and two with two. For long documents only a band is
computed, around the anchor points: blocks that share rare tokens.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.alignment.features import BlockFeatures
from relmgr_cli.corpus.alignment.scoring import IMPOSSIBLE, AlignmentScorer, MergedBlocks

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, Any]  # (blocks, 512) float32, rows of unit length or zero

# The prior score of a bead, against its blocks each by itself, which score 0: logarithms of how common it is.
# A heading is left out less often than the text under it.
_PAIR, _MERGE, _MERGE_BOTH = 3.5, 2.0, -8.0
_HEADING_ALONE = -2.0
_MAX_LENGTH_DIFFERENCE = 0.7  # of a merged bead's sides, as a logarithm: others are not scored

# Translations have a cosine of 0.65 to 0.9, other blocks nearby 0.1 to 0.5. For a word or two, a low cosine is weaker
# evidence.
_COSINE_NEUTRAL, _COSINE_WEIGHT = 0.43, 14.0
_MIN_COSINE_SCORE, _MIN_COSINE_SCORE_SHORT, _MAX_COSINE_SCORE = -5.0, -1.5, 6.0
_SHORT_BLOCK = 40  # characters

# A narrow band is computed first, and is enough if its best path pairs most blocks and keeps away from its edges.
_MIN_NARROWED = 1_000  # cells of the grid
_FIRST_HALF_WIDTH, _MARGIN = 16, 5  # blocks
_MIN_PAIRED = 0.8  # of the blocks of the shorter document

_MAX_FULL_GRID = 10_000  # cells that are all computed
_MAX_BETWEEN_ANCHORS = 20_000  # cells
_HALF_WIDTH = 80  # blocks of the band where no anchor points are near
MAX_BAND, _MIN_HALF_WIDTH = 150_000, 2  # cells of the whole band; blocks
_SLACK = 12  # blocks on either side of an anchor point
_MIN_ANCHOR_SCORE = 6.0  # nats of shared tokens
_MIN_ANCHOR_RATIO = 2.0  # to the score of the next best block
_SUPPORT_WITHIN = 25  # blocks between anchor points that support each other
_SUPPORT_DRIFT = 8  # blocks by which their offsets may differ

BandRange = tuple[int, int]  # first and last column of a row
_STEPS = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (2, 2))  # how many blocks of source and target a bead takes


class Bead(NamedTuple):
    """Blocks of two documents that translate each other; either side may be empty."""

    source: range
    target: range


def align_blocks(
    source: Sequence[BlockFeatures], target: Sequence[BlockFeatures], vectors: "tuple[Matrix, Matrix] | None" = None
) -> list[Bead]:
    """Return the beads of two documents in reading order; every block is in exactly one."""
    if not source or not target:
        alone = [Bead(range(i, i + 1), range(0)) for i in range(len(source))]
        return alone or [Bead(range(0), range(j, j + 1)) for j in range(len(target))]
    scorer = AlignmentScorer(source, target)
    vector_scorer = _VectorScorer(source, *vectors) if vectors else None
    rows, columns = len(source), len(target)
    if rows * columns > _MIN_NARROWED:
        points = [(0, 0), *_anchor_points(scorer.shared), (rows, columns)]
        band = _band_between(points, _FIRST_HALF_WIDTH)
        if _size(band) * 2 < min(rows * columns, MAX_BAND):
            beads = _Search(scorer, vector_scorer, band).beads()
            if _is_inside(beads, band, columns):
                return beads
    return _Search(scorer, vector_scorer, find_band(rows, columns, scorer.shared)).beads()


def _is_inside(beads: Sequence[Bead], band: Sequence[BandRange], columns: int) -> bool:
    """Return whether a band was wide enough: its best path keeps away from its edges, and pairs most blocks."""
    paired = sum(len(bead.source) for bead in beads if bead.target)
    if paired < _MIN_PAIRED * min(len(band) - 1, columns):
        return False
    for source, target in beads:
        low, high = band[source.stop]
        if (low and target.stop - low < _MARGIN) or (high < columns and high - target.stop < _MARGIN):
            return False
    return True


def _size(band: Sequence[BandRange]) -> int:
    return sum(high - low for low, high in band)


class _VectorScorer:
    """Scores pairs of blocks by the cosine of their vectors."""

    def __init__(self, blocks: Sequence[BlockFeatures], source: "Matrix", target: "Matrix") -> None:
        self._blocks, self._source, self._target = blocks, source, target
        self._source_known = [bool(vector.any()) for vector in source]
        self._target_known = [bool(vector.any()) for vector in target]

    def add_to(self, row: list[float], i: int, low: int) -> None:
        """Add to the scores of source block `i` with the target blocks from `low` on."""
        if not self._source_known[i]:
            return
        minimum = _MIN_COSINE_SCORE_SHORT if self._blocks[i].length < _SHORT_BLOCK else _MIN_COSINE_SCORE
        cosines = (self._target[low : low + len(row)] @ self._source[i]).tolist()
        for at, (cosine, known) in enumerate(zip(cosines, self._target_known[low : low + len(row)], strict=True)):
            if known:
                row[at] += _score_cosine(cosine, minimum)

    def merged(self, source: range, target: range) -> float:
        """Return the score of several blocks on either side, by the sums of their vectors."""
        left = self._source[source.start : source.stop].sum(axis=0)
        right = self._target[target.start : target.stop].sum(axis=0)
        norm = float((left @ left) * (right @ right)) ** 0.5
        return _score_cosine(float(left @ right) / norm) if norm else 0.0


def _score_cosine(cosine: float, minimum: float = _MIN_COSINE_SCORE) -> float:
    return min(max(_COSINE_WEIGHT * (cosine - _COSINE_NEUTRAL), minimum), _MAX_COSINE_SCORE)


class _Search:
    """Finds the best path through the grid of the cuts between blocks, row by row."""

    def __init__(self, scorer: AlignmentScorer, vectors: _VectorScorer | None, band: Sequence[BandRange]) -> None:
        self._scorer, self._vectors, self._band = scorer, vectors, band
        self._source_gaps, self._target_gaps = _gap_scores(scorer.source), _gap_scores(scorer.target)
        self._source_singles, self._target_singles = scorer.merge_source(1), scorer.merge_target(1)
        self._source_doubles, self._target_doubles = scorer.merge_source(2), scorer.merge_target(2)
        self._steps: list[bytearray] = []  # for each row, the index in `_STEPS` of the best step to each cell

    def beads(self) -> list[Bead]:
        """Return the beads of the best path."""
        width = len(self._scorer.target) + 1
        rows = [[IMPOSSIBLE] * width for _ in range(3)]  # the current one and the two above it, in turn
        reached = self._band[0][1]
        rows[0][: reached + 1] = accumulate(self._target_gaps[:reached], initial=0.0)
        self._steps.append(bytearray([2]) * (reached + 1))
        for i in range(1, len(self._band)):
            self._fill(i, rows[i % 3], rows[(i - 1) % 3], rows[(i - 2) % 3])
        return self._path()

    def _fill(self, i: int, row: list[float], above: Sequence[float], top: Sequence[float]) -> None:
        """Find the best bead that ends at each cell of row `i`, from the two rows above it."""
        low, high = self._band[i]
        first = max(low, 1)
        row[max(low - 2, 0) : low] = [IMPOSSIBLE] * min(low, 2)  # values of an earlier row
        steps = bytearray([1]) * (high - low + 1)
        gap, target_gaps = self._source_gaps[i - 1], self._target_gaps
        row[low] = above[low] + gap
        for j, match in enumerate(self._match_scores(i - 1, first - 1, high), first):
            best, step = above[j] + gap, 1
            if (score := row[j - 1] + target_gaps[j - 1]) > best:
                best, step = score, 2
            if match > IMPOSSIBLE:
                if (score := above[j - 1] + match) > best:
                    best, step = score, 3
                if self._source_singles[i - 1]:  # prose, and so is the target
                    best, step = self._best_merge(i, j, (above, top), (best, step))
            row[j] = best
            steps[j - low] = step
        self._steps.append(steps)

    def _match_scores(self, i: int, low: int, high: int) -> list[float]:
        """Return the scores of beads of source block `i` with each of the target blocks from `low` to `high`."""
        row = self._scorer.row(i, low, high)
        if self._vectors:
            self._vectors.add_to(row, i, low)
        return [found + _PAIR for found in row]

    def _best_merge(
        self, i: int, j: int, rows: tuple[Sequence[float], Sequence[float]], best: tuple[float, int]
    ) -> tuple[float, int]:
        """Return score and step of the best bead that ends at a cell: a merged one, or else `best`."""
        above, top = rows
        single, double = self._source_singles[i - 1], self._source_doubles[i - 1]
        target_single, target_double = self._target_singles[j - 1], self._target_doubles[j - 1]
        for source, target, prior, step in (
            (double, target_single, top[j - 1] + _MERGE, 4),
            (single, target_double, above[j - 2] + _MERGE, 5),
            (double, target_double, top[j - 2] + _MERGE_BOTH, 6),
        ):
            if source and target and abs(source.length - target.length) < _MAX_LENGTH_DIFFERENCE:
                score = prior + self._merged(source, target)
                if score > best[0]:
                    best = score, step
        return best

    def _merged(self, source: MergedBlocks, target: MergedBlocks) -> float:
        score = self._scorer.merged(source, target)
        return score + self._vectors.merged(source.indexes, target.indexes) if self._vectors else score

    def _path(self) -> list[Bead]:
        beads = []
        i, j = len(self._scorer.source), len(self._scorer.target)
        while i or j:
            source_blocks, target_blocks = _STEPS[self._steps[i][j - self._band[i][0]]]
            beads.append(Bead(range(i - source_blocks, i), range(j - target_blocks, j)))
            i, j = i - source_blocks, j - target_blocks
        return beads[::-1]


def _gap_scores(blocks: Sequence[BlockFeatures]) -> list[float]:
    return [_HEADING_ALONE if block.block_class.group == "heading" else 0.0 for block in blocks]


def _anchor_points(shared: Sequence[Mapping[int, float]]) -> list[tuple[int, int]]:
    """Return the pairs of blocks that share many rare tokens, in the order of both documents, as cuts before them."""
    best = {i: found for i, row in enumerate(shared) if (found := _clear_best(row)) is not None}
    columns: dict[int, dict[int, float]] = defaultdict(dict)
    for i, row in enumerate(shared):
        for j, weight in row.items():
            columns[j][i] = weight
    mutual = [(i, j) for i, j in best.items() if _clear_best(columns[j]) == i]
    return _longest_increasing([point for point in mutual if _is_supported(point, mutual)])


def _clear_best(row: Mapping[int, float]) -> int | None:
    """Return the block with a much higher score than any other; None if there is none."""
    ranked = sorted(row.values(), reverse=True)[:2]
    if not ranked or ranked[0] < _MIN_ANCHOR_SCORE or (len(ranked) > 1 and ranked[0] < _MIN_ANCHOR_RATIO * ranked[1]):
        return None
    return max(row, key=row.__getitem__)


def _is_supported(point: tuple[int, int], points: Sequence[tuple[int, int]]) -> bool:
    """Return whether another anchor point nearby has about the same offset between the documents."""
    row, offset = point[0], point[1] - point[0]
    near = points[bisect_left(points, (row - _SUPPORT_WITHIN,)) : bisect_left(points, (row + _SUPPORT_WITHIN,))]
    return any(point != (i, j) and abs((j - i) - offset) <= _SUPPORT_DRIFT for i, j in near)


def _longest_increasing(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence that increases in both documents (C. Schensted, 1961)."""
    ends: list[int] = []  # the least column in which a chain of each length ends
    lasts: list[int] = []  # its last point
    before: list[int] = []
    for index, (_, j) in enumerate(points):
        length = bisect_left(ends, j)
        ends[length : length + 1] = [j]
        lasts[length : length + 1] = [index]
        before.append(lasts[length - 1] if length else -1)
    chain = []
    at = lasts[-1] if lasts else -1
    while at >= 0:
        chain.append(points[at])
        at = before[at]
    return chain[::-1]


def find_band(rows: int, columns: int, shared: Sequence[Mapping[int, float]]) -> list[BandRange]:
    """Return for each row of cuts the first and the last column that are computed; neither ever decreases.

    The band is narrowed until it has at most `MAX_BAND` cells; at its narrowest, blocks are paired in their order.
    """
    if rows * columns <= _MAX_FULL_GRID:
        return [(0, columns)] * (rows + 1)
    points = [(0, 0), *_anchor_points(shared), (rows, columns)]
    width = _HALF_WIDTH
    while True:
        band = _band_between(points, width)
        if width <= _MIN_HALF_WIDTH or _size(band) <= MAX_BAND:
            return band
        width //= 2


def _band_between(points: Sequence[tuple[int, int]], half_width: int) -> list[BandRange]:
    rows, columns = points[-1]
    lows, highs = [columns] * (rows + 1), [0] * (rows + 1)
    slack = min(_SLACK, half_width)
    max_cells = _MAX_BETWEEN_ANCHORS * half_width**2 // _HALF_WIDTH**2
    for (top, left), (bottom, right) in pairwise(points):
        height, width = max(bottom - top, 1), right - left
        is_full = height * width <= max_cells
        half = max(half_width, width // height + 1)
        for i in range(top, bottom + 1):
            middle = left + width * (i - top) // height
            lows[i] = min(lows[i], left - slack if is_full else middle - half)
            highs[i] = max(highs[i], right + slack if is_full else middle + half)
    bounds = zip([*accumulate(reversed(lows), min)][::-1], accumulate(highs, max), strict=True)
    return [(max(low, 0), min(high, columns)) for low, high in bounds]
