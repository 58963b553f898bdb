"""Which blocks of two documents are each other's counterparts.

The best monotone alignment is found by dynamic programming over beads (W. A. Gale and K. W. Church, 1993): a
block with none, one with one, and for prose two with one, one with two and two with two. Long documents are
searched in a corridor round the blocks that rare tokens have matched already.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.library.evidence import NEVER, Bundle, Evidence
from relmgr_cli.library.traits import Traits

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, Any]  # (blocks, 512) float32, rows of unit length or zero

# What a bead is worth beside the blocks in it each by itself, which are worth 0: logarithms of how common it is.
# A heading is left out less often than the text under it.
_PAIR, _MERGE, _MERGE_BOTH = 3.5, 2.0, -8.0
_HEADING_ALONE = -2.0
_MOST_APART = 0.7  # lengths of a merged bead's sides, as a logarithm: beyond it is not looked at

# Translations have a cosine of 0.65 to 0.9, other blocks near by 0.1 to 0.5; of a word or two a low one tells less.
_COSINE_NEUTRAL, _COSINE_WEIGHT = 0.43, 14.0
_LEAST_FOR_COSINE, _LEAST_FOR_WORDS, _MOST_FOR_COSINE = -5.0, -1.5, 6.0
_FEW_WORDS = 40  # characters

_SEARCHED_WHOLE = 10_000  # cells
_SEARCHED_BETWEEN = 20_000  # cells between two posts
_HALF_WIDTH = 80  # blocks of the corridor where no posts are near
MOST_SEARCHED, _NARROWEST = 150_000, 2  # cells of the whole corridor; blocks
_SLACK = 12  # blocks that the corridor leaves beside a post
_SURE = 6.0  # nats of shared tokens that make a post
_CLEARLY = 2.0  # times the evidence of the next best block
_SUPPORT_WITHIN, _SUPPORT_DRIFT = 25, 8  # blocks between posts that support each other, and their drift apart

Reach = tuple[int, int]  # the first and the last column
_STEPS = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2), (2, 2))  # how many blocks of either side a bead takes


class Pair(NamedTuple):
    """Blocks of two documents that say the same; either side may be empty."""

    ones: range
    others: range


def pair_blocks(
    ones: Sequence[Traits],
    others: Sequence[Traits],
    vectors: "tuple[Matrix, Matrix] | None" = None,
) -> list[Pair]:
    """Return the beads of two documents in reading order; every block is in exactly one."""
    if not ones or not others:
        return [Pair(range(i, i + 1), range(0)) for i in range(len(ones))] + [
            Pair(range(0), range(j, j + 1)) for j in range(len(others))
        ]
    evidence = Evidence(ones, others)
    corridor = find_corridor(len(ones), len(others), evidence.shared)
    return _Search(evidence, _Meaning(ones, *vectors) if vectors else None, corridor).pairs()


class _Meaning:
    """What vectors say of two documents' blocks."""

    def __init__(self, blocks: Sequence[Traits], ones: "Matrix", others: "Matrix") -> None:
        self._blocks, self._ones, self._others = blocks, ones, others
        self._known = [bool(vector.any()) for vector in ones]
        self._other_known = [bool(vector.any()) for vector in others]

    def add_to(self, row: list[float], i: int, low: int) -> None:
        """Add to the evidence of block `i` and the other document's blocks from `low` on."""
        if not self._known[i]:
            return
        least = _LEAST_FOR_WORDS if self._blocks[i].length < _FEW_WORDS else _LEAST_FOR_COSINE
        cosines = (self._others[low : low + len(row)] @ self._ones[i]).tolist()
        for at, (cosine, known) in enumerate(zip(cosines, self._other_known[low : low + len(row)], strict=True)):
            if known:
                row[at] += _cosine_evidence(cosine, least)

    def merged(self, ones: range, others: range) -> float:
        """Return what the directions of several blocks' sums say."""
        one = self._ones[ones.start : ones.stop].sum(axis=0)
        other = self._others[others.start : others.stop].sum(axis=0)
        norm = float((one @ one) * (other @ other)) ** 0.5
        return _cosine_evidence(float(one @ other) / norm) if norm else 0.0


def _cosine_evidence(cosine: float, least: float = _LEAST_FOR_COSINE) -> float:
    return min(max(_COSINE_WEIGHT * (cosine - _COSINE_NEUTRAL), least), _MOST_FOR_COSINE)


class _Search:
    """The best path through the grid of the cuts between blocks, found row by row."""

    def __init__(self, evidence: Evidence, meaning: _Meaning | None, corridor: Sequence[Reach]) -> None:
        self._evidence, self._meaning, self._corridor = evidence, meaning, corridor
        self._gaps, self._other_gaps = _gaps(evidence.ones), _gaps(evidence.others)
        self._singles, self._other_singles = evidence.bundles(1), evidence.other_bundles(1)
        self._doubles, self._other_doubles = evidence.bundles(2), evidence.other_bundles(2)
        self._steps: list[bytearray] = []  # of each row, the index in `_STEPS` of what leads to each cell

    def pairs(self) -> list[Pair]:
        """Return the beads of the best path."""
        width = len(self._evidence.others) + 1
        rows = [[NEVER] * width for _ in range(3)]  # the one in work and the two above it, round and round
        reached = self._corridor[0][1]
        rows[0][: reached + 1] = accumulate(self._other_gaps[:reached], initial=0.0)
        self._steps.append(bytearray([2]) * (reached + 1))
        for i in range(1, len(self._corridor)):
            self._fill(i, rows[i % 3], rows[(i - 1) % 3], rows[(i - 2) % 3])
        return self._path()

    def _fill(self, i: int, row: list[float], above: Sequence[float], top: Sequence[float]) -> None:
        """Find what is best to take before each cell of row `i`, from the two rows above it."""
        low, high = self._corridor[i]
        first = max(low, 1)
        row[max(low - 2, 0) : low] = [NEVER] * min(low, 2)  # what another row left there
        steps = bytearray([1]) * (high - low + 1)
        gap, other_gaps = self._gaps[i - 1], self._other_gaps
        row[low] = above[low] + gap
        for j, match in enumerate(self._matches(i - 1, first - 1, high), first):
            best, step = above[j] + gap, 1
            if (score := row[j - 1] + other_gaps[j - 1]) > best:
                best, step = score, 2
            if match > NEVER:
                if (score := above[j - 1] + match) > best:
                    best, step = score, 3
                for score, merge in self._merges(i, j, above, top):
                    if score > best:
                        best, step = score, merge
            row[j] = best
            steps[j - low] = step
        self._steps.append(steps)

    def _matches(self, i: int, low: int, high: int) -> list[float]:
        """Return what pairing block `i` with the other blocks from `low` to `high` is worth."""
        row = self._evidence.row(i, low, high)
        if self._meaning:
            self._meaning.add_to(row, i, low)
        return [found + _PAIR for found in row]

    def _merges(self, i: int, j: int, above: Sequence[float], top: Sequence[float]) -> Iterator[tuple[float, int]]:
        """Yield what the merged beads that end at a cell give, and their steps."""
        one, other = self._singles[i - 1], self._other_singles[j - 1]
        double, other_double = self._doubles[i - 1], self._other_doubles[j - 1]
        if double and other and abs(double.length - other.length) < _MOST_APART:
            yield top[j - 1] + _MERGE + self._merged(double, other), 4
        if one and other_double and abs(one.length - other_double.length) < _MOST_APART:
            yield above[j - 2] + _MERGE + self._merged(one, other_double), 5
        if double and other_double and abs(double.length - other_double.length) < _MOST_APART:
            yield top[j - 2] + _MERGE_BOTH + self._merged(double, other_double), 6

    def _merged(self, ones: Bundle, others: Bundle) -> float:
        found = self._evidence.merged(ones, others)
        return found + self._meaning.merged(ones.places, others.places) if self._meaning else found

    def _path(self) -> list[Pair]:
        pairs = []
        i, j = len(self._evidence.ones), len(self._evidence.others)
        while i or j:
            taken, other_taken = _STEPS[self._steps[i][j - self._corridor[i][0]]]
            pairs.append(Pair(range(i - taken, i), range(j - other_taken, j)))
            i, j = i - taken, j - other_taken
        return pairs[::-1]


def _gaps(blocks: Sequence[Traits]) -> list[float]:
    return [_HEADING_ALONE if block.look.group == "heading" else 0.0 for block in blocks]


def _posts(shared: Sequence[Mapping[int, float]]) -> list[tuple[int, int]]:
    """Return the blocks that tokens match beyond doubt, in both documents' order, as cuts before them."""
    best = {i: found for i, row in enumerate(shared) if (found := _clear_best(row)) is not None}
    columns: dict[int, dict[int, float]] = defaultdict(dict)
    for i, row in enumerate(shared):
        for j, weight in row.items():
            columns[j][i] = weight
    mutual = [(i, j) for i, j in best.items() if _clear_best(columns[j]) == i]
    return _longest_rising([post for post in mutual if _is_supported(post, mutual)])


def _clear_best(row: Mapping[int, float]) -> int | None:
    """Return what has much more evidence than anything else; None without such."""
    ranked = sorted(row.values(), reverse=True)[:2]
    if not ranked or ranked[0] < _SURE or (len(ranked) > 1 and ranked[0] < _CLEARLY * ranked[1]):
        return None
    return max(row, key=row.__getitem__)


def _is_supported(post: tuple[int, int], posts: Sequence[tuple[int, int]]) -> bool:
    """Tell whether another post near by matches blocks at about the same distance."""
    near = posts[bisect_left(posts, (post[0] - _SUPPORT_WITHIN,)) : bisect_left(posts, (post[0] + _SUPPORT_WITHIN,))]
    return any(post != (i, j) and abs((j - i) - (post[1] - post[0])) <= _SUPPORT_DRIFT for i, j in near)


def _longest_rising(posts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most posts that rise in both documents (C. Schensted, 1961)."""
    ends: list[int] = []  # the least column in which a chain of each length ends
    lasts: list[int] = []  # its post
    before: list[int] = []
    for index, (_, j) in enumerate(posts):
        length = bisect_left(ends, j)
        ends[length : length + 1] = [j]
        lasts[length : length + 1] = [index]
        before.append(lasts[length - 1] if length else -1)
    chain = []
    at = lasts[-1] if lasts else -1
    while at >= 0:
        chain.append(posts[at])
        at = before[at]
    return chain[::-1]


def find_corridor(rows: int, columns: int, shared: Sequence[Mapping[int, float]]) -> list[Reach]:
    """Return for each row of cuts the first and the last column that are searched; both never fall.

    The more there would be to search, the narrower it gets; at its narrowest, blocks are paired in their order.
    """
    if rows * columns <= _SEARCHED_WHOLE:
        return [(0, columns)] * (rows + 1)
    posts = [(0, 0), *_posts(shared), (rows, columns)]
    width = _HALF_WIDTH
    while True:
        corridor = _corridor_between(posts, width)
        if width <= _NARROWEST or sum(high - low for low, high in corridor) <= MOST_SEARCHED:
            return corridor
        width //= 2


def _corridor_between(posts: Sequence[tuple[int, int]], half_width: int) -> list[Reach]:
    rows, columns = posts[-1]
    lows, highs = [columns] * (rows + 1), [0] * (rows + 1)
    slack = min(_SLACK, half_width)
    most = _SEARCHED_BETWEEN * half_width**2 // _HALF_WIDTH**2
    for (top, left), (bottom, right) in pairwise(posts):
        height, width = max(bottom - top, 1), right - left
        whole = height * width <= most
        half = max(half_width, width // height + 1)
        for i in range(top, bottom + 1):
            middle = left + width * (i - top) // height
            lows[i] = min(lows[i], left - slack if whole else middle - half)
            highs[i] = max(highs[i], right + slack if whole else middle + half)
    lows = list(accumulate(reversed(lows), min))[::-1]
    highs = list(accumulate(highs, max))
    return [(max(low, 0), min(high, columns)) for low, high in zip(lows, highs, strict=True)]
