"""Which documents that stand alone say the same, by meaning.

A document is the mean of the vectors of its first passages. Candidates are the nearest neighbours under CSLS
(Conneau et al. 2018, "Word Translation Without Parallel Data"), which takes away what every document has in
common; they are then compared passage by passage, and by the words that both languages use (names, numbers, code),
rare ones counting more. Two documents match when each is the other's best, and their likelihood, from the agreement
of their passages, the ratio of their lengths and the distance to the next best, is high; a weaker match holds when a
third document vouches for both. Measured in `benchmarks/pairing.py`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.library.documents import UNKNOWN_LANGUAGE, Document
from relmgr_cli.library.pairing import Candidate, Group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_MOST_PASSAGES = 12  # of a document's text, beside title and description
_LONGEST_PASSAGE = 400  # characters
_FEWEST_WORDS = 6
_NEIGHBOURS = 10  # of CSLS
_CANDIDATES = 4  # nearest neighbours that are compared passage by passage

# A logistic model fitted to the blind documents of the corpora, half of them without their partners.
_AGREEMENT, _LENGTH, _DISTANCE, _BIAS = 13.5, 7.8, 8.7, -14.9
_WORDS = 0.6  # of shared words beside the agreement of passages, in finding the best
_LIKELY = 0.78
_POSSIBLE = 0.15  # enough where a third document matches both
_LIKELY_ELSEWHERE = 0.97  # of two documents that lie where their translations would be sought, and are not
_DISTANCE_ALONE = 0.3  # to the next best, where there is none
_WORD = re.compile(r"[^\W_]{2,}|\d")

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


def words_of(document: Document) -> frozenset[str]:
    """Return the words of a document and the targets of its links, of which translations have some in common."""
    words = set(_WORD.findall(f"{document.title} {document.description}"))
    words.update([f"title {word}" for word in _WORD.findall(document.title)])
    for block in document.blocks:
        words.update(_WORD.findall(block.text))
        words.update(f"link {span.href}" for span in block.spans if span.href)
    return frozenset(words)


class Content(NamedTuple):
    """What is compared of a document."""

    vectors: "Matrix"  # of `passages_of`, (n, 512) float32 of unit length
    words: frozenset[str]  # `words_of`


class Pool(NamedTuple):
    """The documents in two languages among which translations are sought."""

    ours: Sequence[Candidate]
    theirs: Sequence[Candidate]
    open: frozenset[int]  # ids of those that have no translation in the other language; the rest are rivals


def open_pools(groups: Sequence[Group]) -> Mapping[tuple[str, str], Pool]:
    """Return the pools of all pairs of languages in which a document stands alone that may find its translation.

    What was paired by its content stays as a rival: without it, a document whose translation does not exist would
    look unlike everything but its next best.
    """
    alone = {group.members[0].language for group in groups if len(group.members) == 1}
    languages = sorted({member.language for group in groups for member in group.members})
    pools = {}
    for one, other in combinations(languages, 2):
        if one in alone or other in alone:
            ours, theirs = _lacking(groups, one, other), _lacking(groups, other, one)
            if ours and theirs and any(len(group.members) == 1 for group in (*ours, *theirs)):
                rivals = [group for group in groups if group.paired_by in ("structure", "meaning")]
                pools[one, other] = Pool(
                    _members([*ours, *rivals], one),
                    _members([*theirs, *rivals], other),
                    frozenset(c.id for c in (*_members(ours, one), *_members(theirs, other))),
                )
    return pools


def _lacking(groups: Sequence[Group], language: str, lacked: str) -> list[Group]:
    """Return the groups that have a document in one language and none in another."""
    found = []
    for group in groups:
        languages = {member.language for member in group.members}
        if language in languages and lacked not in languages:
            found.append(group)
    return found


def _members(groups: Iterable[Group], language: str) -> list[Candidate]:
    found = {member.id: member for group in groups for member in group.members if member.language == language}
    return list(found.values())


def find_kin(pools: Mapping[tuple[str, str], Pool], contents: Mapping[int, Content]) -> list[Kin]:
    """Return the documents that belong together, with how likely that is; `contents` are by id of the document."""
    possible = []
    for pool in pools.values():
        ours, theirs = _with_content(pool.ours, contents), _with_content(pool.theirs, contents)
        for pair in _mutual(ours, theirs, contents):
            if pair.likelihood >= _POSSIBLE and {pair.one, pair.other} <= pool.open:
                possible.append(pair)  # noqa: PERF401 (one level of thought a line)
    partners: dict[int, set[int]] = defaultdict(set)
    for pair in possible:
        partners[pair.one].add(pair.other)
        partners[pair.other].add(pair.one)
    placed = {c.id for pool in pools.values() for c in (*pool.ours, *pool.theirs) if c.is_placed}
    found = []
    for pair in possible:
        if pair.one in placed and pair.other in placed:
            is_kin = pair.likelihood >= _LIKELY_ELSEWHERE
        else:
            is_kin = pair.likelihood >= _LIKELY or bool(partners[pair.one].intersection(partners[pair.other]))
        if is_kin:
            found.append((pair.one, pair.other, pair.likelihood))
    return found


def _with_content(candidates: Sequence[Candidate], contents: Mapping[int, Content]) -> list[Candidate]:
    """Return the documents that say enough to be compared, in a language that is known."""
    return [
        candidate
        for candidate in candidates
        if candidate.words >= _FEWEST_WORDS
        and candidate.language != UNKNOWN_LANGUAGE
        and len(contents[candidate.id].vectors if candidate.id in contents else ())
    ]


def _mutual(ours: Sequence[Candidate], theirs: Sequence[Candidate], contents: Mapping[int, Content]) -> Iterator[_Pair]:
    """Yield the pairs of which each is the other's best, with their likelihood."""
    if not ours or not theirs:
        return
    vectors = {candidate.id: contents[candidate.id].vectors for candidate in (*ours, *theirs)}
    shared = _SharedWords([contents[c.id].words for c in ours], [contents[c.id].words for c in theirs])
    agreements: dict[tuple[int, int], float] = {}
    best: dict[tuple[str, int], list[tuple[float, int]]] = defaultdict(list)
    for row, column in _nearest(ours, theirs, vectors):
        agreement = _agreement(vectors[ours[row].id], vectors[theirs[column].id])
        score = agreement + _WORDS * shared.share(row, column)
        agreements[row, column] = agreement
        best["row", row].append((score, column))
        best["column", column].append((score, row))
    for (row, column), agreement in agreements.items():
        by_row, by_column = sorted(best["row", row])[::-1], sorted(best["column", column])[::-1]
        if by_row[0][1] == column and by_column[0][1] == row:
            distance = min(_distance(by_row), _distance(by_column))
            lengths = sorted([ours[row].words, theirs[column].words])
            ratio = lengths[0] / max(lengths[1], 1)
            power = _AGREEMENT * agreement + _LENGTH * ratio + _DISTANCE * distance + _BIAS
            yield _Pair(ours[row].id, theirs[column].id, 1 / (1 + exp(-power)))


class _SharedWords:
    """The words that documents of two languages have in common, the cosine of their inverse document frequencies."""

    def __init__(self, ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> None:
        in_ours, in_theirs = Counter(chain(*ours)), Counter(chain(*theirs))
        total = len(ours) + len(theirs)
        common = in_ours.keys() & in_theirs.keys()
        self._weights = {word: log(total / (in_ours[word] + in_theirs[word])) ** 2 for word in common}
        self._ours = [words & common for words in ours]
        self._theirs = [words & common for words in theirs]

    def share(self, row: int, column: int) -> float:
        """Return the cosine for one document of each side; 0 where they have nothing in common."""
        one, other = self._ours[row], self._theirs[column]
        lengths = self._weight(one) * self._weight(other)
        return self._weight(one & other) / sqrt(lengths) if lengths else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights[word] for word in words)


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

    means: Matrix = np.stack([vectors[candidate.id].mean(axis=0) for candidate in candidates])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return means


def _agreement(one: "Matrix", other: "Matrix") -> float:
    """Return how well each passage of either document finds its like in the other, 1 for the same."""
    cosines = one @ other.T
    return float(cosines.max(axis=1).mean() + cosines.max(axis=0).mean()) / 2
