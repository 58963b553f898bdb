"""Which documents that stand alone say the same, by meaning.

A document is the mean of the vectors of its first passages. Candidates are the nearest neighbours under CSLS
(Conneau et al. 2018, "Word Translation Without Parallel Data"), which takes away what every document has in
common; they are then compared passage by passage. Two documents match when each is the other's best, and their
likelihood, from the agreement of their passages, the ratio of their lengths and the distance to the next best,
is high; a weaker match holds when a third document vouches for both. Measured in `benchmarks/pairing.py`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.library.documents import Document
from relmgr_cli.library.pairing import Candidate, Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_MOST_PASSAGES = 12  # of a document's text, beside title and description
_LONGEST_PASSAGE = 400  # characters
_NEIGHBOURS = 10  # of CSLS
_CANDIDATES = 4  # nearest neighbours that are compared passage by passage

# A logistic model fitted to the blind documents of the corpora, half of them without their partners.
_AGREEMENT, _LENGTH, _DISTANCE, _BIAS = 10.8, 7.7, 13.6, -13.1
_LIKELY = 0.65
_POSSIBLE = 0.15  # enough where a third document matches both
_DISTANCE_ALONE = 0.3  # to the next best, where there is none

Kin = tuple[int, int, float]


class _Pair(NamedTuple):
    one: int
    other: int
    likelihood: float


def passages_of(document: Document) -> tuple[str, ...]:
    """Return the passages that stand for a document: title, description, the first blocks of text."""
    texts = [document.title, document.description]
    blocks = [block.text for block in document.blocks if block.kind not in ("code", "rule")]
    texts += [text for text in blocks if text.strip()][:_MOST_PASSAGES]
    return tuple(text[:_LONGEST_PASSAGE] for text in texts if text.strip())


def open_pools(groups: Sequence[Group]) -> Mapping[tuple[str, str], tuple[list[Candidate], list[Candidate]]]:
    """Return for every two languages the documents that may still find their translation in the other.

    One side at least stands alone; the other is in no article that has the language already.
    """
    alone: dict[str, list[Candidate]] = defaultdict(list)
    languages: set[str] = set()
    for group in groups:
        languages.update(member.language for member in group.members)
        if len(group.members) == 1:
            alone[group.members[0].language].append(group.members[0])
    pools = {}
    for one, other in combinations(sorted(languages), 2):
        if one in alone or other in alone:
            ours, theirs = _lacking(groups, one, other), _lacking(groups, other, one)
            if ours and theirs and (alone.get(one) or alone.get(other)):
                pools[one, other] = (ours, theirs)
    return pools


def _lacking(groups: Sequence[Group], language: str, lacked: str) -> list[Candidate]:
    return [
        member
        for group in groups
        if all(member.language != lacked for member in group.members)
        for member in group.members
        if member.language == language
    ]


def find_kin(
    pools: Mapping[tuple[str, str], tuple[Sequence[Candidate], Sequence[Candidate]]],
    vectors: Mapping[int, "Matrix"],
) -> list[Kin]:
    """Return the documents that belong together, with how likely that is.

    `vectors` are those of `passages_of` by id of the document, (n, 512) float32 of unit length.
    """
    possible = [
        pair
        for ours, theirs in pools.values()
        for pair in _mutual(ours, theirs, vectors)
        if pair.likelihood >= _POSSIBLE
    ]
    partners: dict[int, set[int]] = defaultdict(set)
    for pair in possible:
        partners[pair.one].add(pair.other)
        partners[pair.other].add(pair.one)
    return [
        pair for pair in possible if pair.likelihood >= _LIKELY or partners[pair.one].intersection(partners[pair.other])
    ]


def _mutual(
    ours: Sequence[Candidate], theirs: Sequence[Candidate], vectors: Mapping[int, "Matrix"]
) -> Iterator[_Pair]:
    """Yield the pairs of which each is the other's best, with their likelihood."""
    ours = [candidate for candidate in ours if len(vectors.get(candidate.id, ()))]
    theirs = [candidate for candidate in theirs if len(vectors.get(candidate.id, ()))]
    if not ours or not theirs:
        return
    scores: dict[tuple[int, int], float] = {}
    best: dict[tuple[str, int], list[tuple[float, int]]] = defaultdict(list)
    for row, column in _nearest(ours, theirs, vectors):
        score = _agreement(vectors[ours[row].id], vectors[theirs[column].id])
        scores[row, column] = score
        best["row", row].append((score, column))
        best["column", column].append((score, row))
    for (row, column), score in scores.items():
        by_row, by_column = sorted(best["row", row])[::-1], sorted(best["column", column])[::-1]
        if by_row[0][1] == column and by_column[0][1] == row:
            distance = min(_distance(by_row), _distance(by_column))
            lengths = sorted([ours[row].words, theirs[column].words])
            ratio = lengths[0] / max(lengths[1], 1)
            power = _AGREEMENT * score + _LENGTH * ratio + _DISTANCE * distance + _BIAS
            yield _Pair(ours[row].id, theirs[column].id, 1 / (1 + exp(-power)))


def _distance(ranking: Sequence[tuple[float, int]]) -> float:
    return ranking[0][0] - ranking[1][0] if len(ranking) > 1 else _DISTANCE_ALONE


def _nearest(
    ours: Sequence[Candidate], theirs: Sequence[Candidate], vectors: Mapping[int, "Matrix"]
) -> set[tuple[int, int]]:
    """Return the index pairs of nearest neighbours under CSLS, from both sides."""
    import numpy as np

    cosines = _means(ours, vectors) @ _means(theirs, vectors).T
    k_row, k_column = min(_NEIGHBOURS, cosines.shape[1]), min(_NEIGHBOURS, cosines.shape[0])
    by_row = np.partition(cosines, -k_row, axis=1)[:, -k_row:].mean(axis=1)
    by_column = np.partition(cosines, -k_column, axis=0)[-k_column:, :].mean(axis=0)
    csls = 2 * cosines - by_row[:, None] - by_column[None, :]
    rows = np.argsort(-csls, axis=1)[:, :_CANDIDATES]
    columns = np.argsort(-csls, axis=0)[:_CANDIDATES, :]
    pairs = {(row, int(column)) for row in range(len(ours)) for column in rows[row]}
    return pairs | {(int(row), column) for column in range(len(theirs)) for row in columns[:, column]}


def _means(candidates: Sequence[Candidate], vectors: Mapping[int, "Matrix"]) -> "Matrix":
    import numpy as np

    means = np.stack([vectors[candidate.id].mean(axis=0) for candidate in candidates])
    return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)


def _agreement(one: "Matrix", other: "Matrix") -> float:
    """Return how well each passage of either document finds its like in the other, 1 for the same."""
    cosines = one @ other.T
    return float(cosines.max(axis=1).mean() + cosines.max(axis=0).mean()) / 2
