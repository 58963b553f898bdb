"""Aligns the sentences of texts that translate each other.

The best monotone alignment is found by dynamic programming over beads (W. A. Gale and K. W. Church, "A Program for
Aligning Sentences in Bilingual Corpora", 1993). The evidence is lengths, words (see word_evidence.py) and, where these
leave it in doubt, vectors. The second best alignment is found too: how much worse it is tells how certain the best is.
"""

from collections.abc import Sequence
from heapq import nlargest
from itertools import accumulate
from math import erfc, fsum, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.alignment.gale_church import Bead
from relmgr_cli.corpus.alignment.word_evidence import WordEvidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]  # (sentences, 512), of unit length

# Sentences of source and target in a bead -> logarithm of how common it is.
_PRIORS = {
    (1, 1): log(0.89), (1, 0): log(0.03), (0, 1): log(0.03), (2, 1): log(0.03), (1, 2): log(0.03),
    (2, 2): log(0.001), (3, 1): log(0.005), (1, 3): log(0.005),
}  # fmt: skip
_VARIANCE = 6.8  # of the length of a translation in characters, for each character
_LOOSENESS = 0.2  # of the length, besides
_MIN_LENGTH_SCORE = -6.0
_LINK_WEIGHT = 0.7  # score of a certain link between words
_UNLINKED = 1.5  # penalty for a sentence in a bead without any of the links that are expected of it
_EXPECTED = 1.0  # links
_COSINE_NEUTRAL, _COSINE_WEIGHT = 0.5, 6.0
_MIN_COSINE_SCORE, _MAX_COSINE_SCORE = -4.0, 4.0
_MAX_CELLS = 10_000  # of the grid that are all computed
_HALF_WIDTH = 30  # sentences of the band around the diagonal of a larger one

_IMPOSSIBLE = float("-inf")
_CLEAR, _DOUBTFUL = 3.0, 0.7  # nats between the best alignment and the second best

_Entry = tuple[float, int, int, int]  # score; sentences of source and target in the last bead; which entry before it


class SentenceAlignment(NamedTuple):
    """The alignment of two texts."""

    beads: tuple[Bead, ...]  # in order; every sentence is in one
    margin: float  # by which the second best alignment is less likely, in nats; infinite if there is no other
    second_best: tuple[Bead, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether vectors are not worth their cost."""
        return self.margin >= _CLEAR

    @property
    def in_doubt(self) -> frozenset[int]:
        """The sentences of the source whose translation may be another one: in the second best it is."""
        if self.margin >= _DOUBTFUL:
            return frozenset()
        return frozenset(index for bead in {*self.beads}.difference(self.second_best) for index in bead.source)


def align_sentences(
    lengths: tuple[Sequence[int], Sequence[int]],
    evidence: WordEvidence,
    vectors: "tuple[Vectors, Vectors] | None" = None,
    *,
    ratio: float = 1.0,
) -> SentenceAlignment:
    """Return the alignment of the sentences of two texts, of which each has one at least.

    `lengths` are those of the sentences in characters of an alphabet, `ratio` how much longer target texts are.
    """
    if len(lengths[0]) == len(lengths[1]) == 1:
        return SentenceAlignment((Bead(range(1), range(1)),), float("inf"))
    return _Search(_Scorer(lengths, evidence, vectors, ratio)).alignment()


class _Scorer:
    """Scores beads."""

    def __init__(
        self,
        lengths: tuple[Sequence[int], Sequence[int]],
        evidence: WordEvidence,
        vectors: "tuple[Vectors, Vectors] | None",
        ratio: float,
    ) -> None:
        self.sizes = len(lengths[0]), len(lengths[1])
        self._ends, self._other_ends = ([*accumulate(side, initial=0)] for side in lengths)
        self._ratio = ratio
        self._evidence, self._vectors = evidence, vectors
        fewest = max(min(sum(evidence.source), sum(evidence.target)), 1)
        self._rate = fsum(evidence.links.values()) / fewest  # links that are expected of a token

    def score(self, source: range, target: range) -> float:
        found = _PRIORS[len(source), len(target)]
        if not source or not target:
            return found
        return (
            found + self._length_score(source, target) + self._word_score(source, target) + self._cosine(source, target)
        )

    def _length_score(self, source: range, target: range) -> float:
        length = max((self._ends[source.stop] - self._ends[source.start]) * self._ratio, 1)
        difference = self._other_ends[target.stop] - self._other_ends[target.start] - length
        deviation = sqrt(_VARIANCE * length + (_LOOSENESS * length) ** 2)
        probability = erfc(abs(difference) / deviation / sqrt(2))
        return max(log(probability), _MIN_LENGTH_SCORE) if probability else _MIN_LENGTH_SCORE

    def _word_score(self, source: range, target: range) -> float:
        links = self._evidence.links
        found = {i: fsum(links.get((i, j), 0.0) for j in target) for i in source}
        score = _LINK_WEIGHT * fsum(found.values())
        if len(source) + len(target) <= 2:  # noqa: PLR2004
            sides = [(found[source[0]], min(self._evidence.source[source[0]], self._evidence.target[target[0]]))]
        else:
            sides = [(found[i], self._evidence.source[i]) for i in source]
            sides += [(fsum(links.get((i, j), 0.0) for i in source), self._evidence.target[j]) for j in target]
        return score - _UNLINKED * sum(not linked and self._rate * tokens >= _EXPECTED for linked, tokens in sides)

    def _cosine(self, source: range, target: range) -> float:
        if self._vectors is None:
            return 0.0
        left = self._vectors[0][source.start : source.stop].sum(axis=0)
        right = self._vectors[1][target.start : target.stop].sum(axis=0)
        norm = sqrt(float((left @ left) * (right @ right)))
        if not norm:
            return 0.0
        score = _COSINE_WEIGHT * (float(left @ right) / norm - _COSINE_NEUTRAL)
        return min(max(score, _MIN_COSINE_SCORE), _MAX_COSINE_SCORE) * (len(source) + len(target)) / 2


class _Search:
    """Finds the two best paths through the grid of the cuts between sentences."""

    def __init__(self, scorer: _Scorer) -> None:
        self._score = scorer.score
        self._rows, self._columns = scorer.sizes
        self._cells: dict[tuple[int, int], list[_Entry]] = {(0, 0): [(0.0, 0, 0, 0)]}

    def alignment(self) -> SentenceAlignment:
        half = max(self._columns, self._rows) if self._rows * self._columns <= _MAX_CELLS else _HALF_WIDTH
        half = max(half, self._columns // self._rows + 2)
        for i in range(self._rows + 1):
            middle = self._columns * i // self._rows
            for j in range(max(middle - half, 0), min(middle + half, self._columns) + 1):
                if i or j:
                    self._fill(i, j)
        best = self._cells[self._rows, self._columns]
        if len(best) == 1:
            return SentenceAlignment(tuple(self._path(0)), float("inf"))
        return SentenceAlignment(tuple(self._path(0)), best[0][0] - best[1][0], tuple(self._path(1)))

    def _fill(self, i: int, j: int) -> None:
        found: list[_Entry] = []
        for size, other_size in _PRIORS:
            if before := self._cells.get((i - size, j - other_size)):
                score = self._score(range(i - size, i), range(j - other_size, j))
                found += ((entry[0] + score, size, other_size, rank) for rank, entry in enumerate(before))
        if found:
            self._cells[i, j] = nlargest(2, found)

    def _path(self, rank: int) -> list[Bead]:
        beads = []
        i, j = self._rows, self._columns
        while i or j:
            _, size, other_size, rank = self._cells[i, j][rank]
            beads.append(Bead(range(i - size, i), range(j - other_size, j)))
            i, j = i - size, j - other_size
        return beads[::-1]
