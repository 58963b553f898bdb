"""Pairs documents without a translation by their vectors (bitext mining).

A document is represented by the mean of the vectors of its first passages. Candidates are the nearest neighbours under
CSLS (Conneau et al. 2018, "Word Translation Without Parallel Data"), which corrects for vectors near to all others.
They are then compared passage by passage, and by the words that both languages use (names, numbers, code), rare ones
counting more. Two documents are a pair when each is the other's best, and their likelihood is high: from the similarity
of their passages, the ratio of their lengths, and the margin to the next best (Artetxe and Schwenk, 2019). A less
likely pair is accepted if a third document is paired with both. Measured in benchmarks/pairing.py.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.candidate import UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE, Document
from relmgr_cli.corpus.pairing import Group
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.markdown.blocks import VERBATIM_KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_MAX_PASSAGES = 12  # of a document, in addition to title and description
_MAX_PASSAGE_LENGTH = 400  # characters
_MIN_WORDS = 6
_NEIGHBOURS = 10  # of CSLS
_CANDIDATES = 4  # nearest neighbours that are compared passage by passage

# A logistic model fitted to the blind documents of the corpora, half of them without their partners.
_SIMILARITY_WEIGHT, _LENGTH_WEIGHT, _MARGIN_WEIGHT, _BIAS = 13.5, 7.8, 8.7, -14.9
_SHARED_WORDS_WEIGHT = 0.6  # added to the similarity of passages, to find the best pair
_MIN_LIKELIHOOD = 0.78
_MIN_LIKELIHOOD_SUPPORTED = 0.15  # where a third document is paired with both
_MIN_LIKELIHOOD_PLACED = 0.97  # where both paths name a language, and yet are not those of translations
_MARGIN_WITHOUT_RIVAL = 0.3
_WORD = re.compile(r"[^\W_]{2,}|\d")


class ScoredPair(NamedTuple):
    """Two documents that are probably translations of each other."""

    left: int  # id
    right: int
    likelihood: float  # 0 to 1


def passages_of(document: Document) -> tuple[str, ...]:
    """Return the passages that represent a document: title, description, the first blocks of text."""
    texts = [document.title, document.description]
    blocks = [block.text for block in document.blocks if block.kind not in (*VERBATIM_KINDS, "rule")]
    texts += [text for text in blocks if text.strip()][:_MAX_PASSAGES]
    return tuple(text[:_MAX_PASSAGE_LENGTH] for text in texts if text.strip())


def words_of(document: Document) -> frozenset[str]:
    """Return the words of a document and its link targets, some of which translations have in common."""
    words = set(_WORD.findall(f"{document.title} {document.description}"))
    words.update([f"title {word}" for word in _WORD.findall(document.title)])
    for block in document.blocks:
        words.update(_WORD.findall(block.text))
        words.update(f"link {span.href}" for span in block.spans if span.href)
    return frozenset(words)


class Content(NamedTuple):
    """What documents are compared by."""

    vectors: "Matrix"  # of `passages_of`, (n, 512) float32 of unit length
    words: frozenset[str]  # `words_of`


class CandidatePool(NamedTuple):
    """The documents in two languages among which pairs are looked for."""

    source: Sequence[Candidate]
    target: Sequence[Candidate]
    unpaired: frozenset[int]  # ids of those without a translation in the other language; the rest are distractors


def candidate_pools(groups: Sequence[Group]) -> Mapping[tuple[str, str], CandidatePool]:
    """Return a pool for each pair of languages with an unpaired document that may find its translation there.

    Documents paired by their content are included as distractors: without them, a document whose translation does not
    exist would have a large margin to its next best.
    """
    groups = [group for group in groups if len(group.members) > 1 or _is_comparable(group.members[0])]
    alone = {group.members[0].language for group in groups if len(group.members) == 1}
    having: dict[str, list[tuple[Group, frozenset[str]]]] = defaultdict(list)
    for group in groups:
        languages = frozenset(member.language for member in group.members)
        for language in languages:
            having[language].append((group, languages))
    distractors = [group for group in groups if len(group.members) > 1 and _is_paired_by_content(group)]
    pools = {}
    for left, right in combinations(sorted(having), 2):
        if (left in alone or right in alone) and primary_of(left) != primary_of(right):
            source = [group for group, languages in having[left] if right not in languages]
            target = [group for group, languages in having[right] if left not in languages]
            if source and target and any(len(group.members) == 1 for group in (*source, *target)):
                pools[left, right] = CandidatePool(
                    _members([*source, *distractors], left),
                    _members([*target, *distractors], right),
                    frozenset(c.id for c in (*_members(source, left), *_members(target, right))),
                )
    return pools


def _is_paired_by_content(group: Group) -> bool:
    return group.paired_by in ("structure", "meaning") or not any(member.is_placed for member in group.members)


def _is_comparable(candidate: Candidate) -> bool:
    """Return whether a document has its own text in one language."""
    return candidate.state != UNTRANSLATED and not candidate.traits.is_multilingual


def _members(groups: Iterable[Group], language: str) -> list[Candidate]:
    members = {c.id: c for group in groups for c in group.members if c.language == language and _is_comparable(c)}
    return list(members.values())


def find_translation_pairs(
    pools: Mapping[tuple[str, str], CandidatePool], contents: Mapping[int, Content]
) -> list[ScoredPair]:
    """Return the documents that are translations of each other; `contents` are by id of the document."""
    possible = [
        pair
        for pool in pools.values()
        for pair in _mutual_best(_with_content(pool.source, contents), _with_content(pool.target, contents), contents)
        if pair.likelihood >= _MIN_LIKELIHOOD_SUPPORTED and {pair.left, pair.right} <= pool.unpaired
    ]
    partners: dict[int, set[int]] = defaultdict(set)
    for pair in possible:
        partners[pair.left].add(pair.right)
        partners[pair.right].add(pair.left)
    placed = {c.id for pool in pools.values() for c in (*pool.source, *pool.target) if c.is_placed}
    found = []
    for pair in possible:
        if pair.left in placed and pair.right in placed:
            is_pair = pair.likelihood >= _MIN_LIKELIHOOD_PLACED
        else:
            is_pair = pair.likelihood >= _MIN_LIKELIHOOD or bool(partners[pair.left].intersection(partners[pair.right]))
        if is_pair:
            found.append(pair)
    return found


def _with_content(candidates: Sequence[Candidate], contents: Mapping[int, Content]) -> list[Candidate]:
    """Return the documents with enough text to be compared, in a known language."""
    return [
        candidate
        for candidate in candidates
        if candidate.words >= _MIN_WORDS
        and candidate.language != UNKNOWN_LANGUAGE
        and len(contents[candidate.id].vectors if candidate.id in contents else ())
    ]


def _mutual_best(
    source: Sequence[Candidate], target: Sequence[Candidate], contents: Mapping[int, Content]
) -> Iterator[ScoredPair]:
    """Yield the pairs of documents that are each other's best, with their likelihood."""
    if not source or not target:
        return
    vectors = {candidate.id: contents[candidate.id].vectors for candidate in (*source, *target)}
    shared = _SharedWords([contents[c.id].words for c in source], [contents[c.id].words for c in target])
    similarities: dict[tuple[int, int], float] = {}
    best: dict[tuple[str, int], list[tuple[float, int]]] = defaultdict(list)
    for row, column in _nearest(source, target, vectors):
        similarity = _mean_max_cosine(vectors[source[row].id], vectors[target[column].id])
        score = similarity + _SHARED_WORDS_WEIGHT * shared.cosine(row, column)
        similarities[row, column] = similarity
        best["row", row].append((score, column))
        best["column", column].append((score, row))
    for (row, column), similarity in similarities.items():
        by_row, by_column = sorted(best["row", row])[::-1], sorted(best["column", column])[::-1]
        if by_row[0][1] == column and by_column[0][1] == row:
            margin = min(_margin(by_row), _margin(by_column))
            lengths = sorted([source[row].words, target[column].words])
            ratio = lengths[0] / max(lengths[1], 1)
            power = _SIMILARITY_WEIGHT * similarity + _LENGTH_WEIGHT * ratio + _MARGIN_WEIGHT * margin + _BIAS
            yield ScoredPair(source[row].id, target[column].id, 1 / (1 + exp(-power)))


class _SharedWords:
    """The words that documents of two languages have in common, weighted by inverse document frequency."""

    def __init__(self, source: Sequence[frozenset[str]], target: Sequence[frozenset[str]]) -> None:
        in_source, in_target = Counter(chain(*source)), Counter(chain(*target))
        total = len(source) + len(target)
        common = in_source.keys() & in_target.keys()
        self._weights = {word: log(total / (in_source[word] + in_target[word])) ** 2 for word in common}
        self._source = [words & common for words in source]
        self._target = [words & common for words in target]

    def cosine(self, row: int, column: int) -> float:
        """Return the cosine of a source and a target document; 0 if they have nothing in common."""
        left, right = self._source[row], self._target[column]
        lengths = self._weight(left) * self._weight(right)
        return self._weight(left & right) / sqrt(lengths) if lengths else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights[word] for word in words)


def _margin(ranking: Sequence[tuple[float, int]]) -> float:
    return ranking[0][0] - ranking[1][0] if len(ranking) > 1 else _MARGIN_WITHOUT_RIVAL


def _nearest(
    source: Sequence[Candidate], target: Sequence[Candidate], vectors: Mapping[int, "Matrix"]
) -> set[tuple[int, int]]:
    """Return the index pairs of nearest neighbours under CSLS, of the source and of the target documents."""
    import numpy as np

    cosines = _means(source, vectors) @ _means(target, vectors).T
    k_row, k_column = min(_NEIGHBOURS, cosines.shape[1]), min(_NEIGHBOURS, cosines.shape[0])
    by_row = np.partition(cosines, -k_row, axis=1)[:, -k_row:].mean(axis=1)
    by_column = np.partition(cosines, -k_column, axis=0)[-k_column:, :].mean(axis=0)
    csls = 2 * cosines - by_row[:, None] - by_column[None, :]
    rows = np.argsort(-csls, axis=1)[:, :_CANDIDATES]
    columns = np.argsort(-csls, axis=0)[:_CANDIDATES, :]
    pairs = {(row, int(column)) for row in range(len(source)) for column in rows[row]}
    return pairs | {(int(row), column) for column in range(len(target)) for row in columns[:, column]}


def _means(candidates: Sequence[Candidate], vectors: Mapping[int, "Matrix"]) -> "Matrix":
    import numpy as np

    means: Matrix = np.stack([vectors[candidate.id].mean(axis=0) for candidate in candidates])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return means


def _mean_max_cosine(left: "Matrix", right: "Matrix") -> float:
    """Return the mean cosine of each passage of either document with the most similar one of the other."""
    cosines = left @ right.T
    return float(cosines.max(axis=1).mean() + cosines.max(axis=0).mean()) / 2
