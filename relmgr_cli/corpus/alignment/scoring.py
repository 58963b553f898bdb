"""Scores how likely blocks of two documents are translations of each other.

All scores are log-likelihood ratios in nats: how much more probable it is to see the blocks as a pair than each by
itself. So the scores of kinds, lengths, shared tokens and vectors add up, and what says nothing scores 0. How the best
alignment is found is in gale_church.py.

Lengths follow W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993),
on a logarithmic scale and with the ratio of the two texts estimated for every pair of documents.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import product
from math import exp, fsum, log
from statistics import fmean, pstdev
from typing import NamedTuple

from relmgr_cli.corpus.alignment.features import PROSE, BlockClass, BlockFeatures

IMPOSSIBLE = float("-inf")  # score of what cannot be a pair

_MAX_SHARERS = 400  # pairs of blocks with a token in common; a commoner token is weak evidence and costs time
_MAX_COMPARED = 1_000_000  # pairs of blocks in all; limits time and memory

_VARIANCE = 4.0  # of a length in characters, for each of them
_LOOSENESS = 0.02  # of the logarithm of a length, whatever the length
_MIN_LENGTH_SCORE, _MAX_LENGTH_SCORE = -6.0, 3.0
_MIN_LENGTHS = 8  # blocks needed to estimate the length ratio of two languages
_MAX_RATIO = 0.3  # of two languages, as a logarithm

_TOKEN_WEIGHT = 0.7  # tokens of one block are not independent of each other
_MAX_SHARED_SCORE, _MAX_UNSHARED_PENALTY = 40.0, 12.0
_MIN_SHARED, _MAX_SHARED = 0.02, 0.95  # probability that a token is also in the translation

_SAME_KIND = 0.95  # probability that a translation has the same kind of block
_OTHER_KIND, _OTHER_LEVEL, _OTHER_NESTING = -1.5, -1.5, -1.0


class MergedBlocks(NamedTuple):
    """Adjacent blocks of prose taken as one."""

    indexes: range
    classes: tuple[BlockClass, ...]  # one if they are all the same
    length: float  # logarithm
    spread: tuple[float, float]  # of the length, see `_spread`
    tokens: frozenset[str]  # those that the other document has too
    unshared: float  # penalty for a block that has none of them


class AlignmentScorer:
    """Scores pairs of a block of one document, the source, and one of the other, the target."""

    def __init__(self, source: Sequence[BlockFeatures], target: Sequence[BlockFeatures]) -> None:
        self.source, self.target = source, target
        self.source_lengths, self.target_lengths = _fit_lengths(source, target)
        self._surprisal = length_surprisal(target, self.target_lengths)
        self._shift = _level_shift(source, target)
        self._counts = Counter(block.block_class.group for block in target)
        self._target_classes = [block.block_class for block in target]
        self._class_scores: dict[BlockClass, _ClassScores] = {}
        # For each source block the targets that share tokens.
        self.shared: list[dict[int, float]] = [{} for _ in source]
        self._source_unshared, self._target_unshared = [0.0] * len(source), [0.0] * len(target)
        self._shared_score: dict[str, float] = {}  # of a token that both blocks have
        self._penalty: dict[str, float] = {}  # of a token that only one has
        self._compare_tokens()

    def row(self, i: int, low: int, high: int) -> list[float]:
        """Return the scores of source block `i` with each of the target blocks `low` to `high`."""
        kinds = map(self._class_scores_of(self.source[i].block_class).__getitem__, self._target_classes[low:high])
        length, unshared = self.source_lengths[i], self._source_unshared[i]
        precision, constant = _spread(length)
        found = [
            kind
            + min(max(constant - (length - other) ** 2 * precision + surprisal, _MIN_LENGTH_SCORE), _MAX_LENGTH_SCORE)
            - min(unshared + other_unshared, _MAX_UNSHARED_PENALTY)
            if kind > IMPOSSIBLE
            else IMPOSSIBLE
            for kind, other, surprisal, other_unshared in zip(
                kinds,
                self.target_lengths[low:high],
                self._surprisal[low:high],
                self._target_unshared[low:high],
                strict=True,
            )
        ]
        for j, shared in self.shared[i].items():
            if low <= j < high:
                found[j - low] += min(shared, _MAX_SHARED_SCORE)
        return found

    def merged(self, source: MergedBlocks, target: MergedBlocks) -> float:
        """Return the score of blocks that were split or joined in translation; all of them are prose."""
        precision, constant = source.spread
        length = constant - (source.length - target.length) ** 2 * precision + self._surprisal[target.indexes[0]]
        pairs = product(source.classes, target.classes)
        kind = min([self._class_scores_of(one)[other] for one, other in pairs])
        score = (
            kind
            + min(max(length, _MIN_LENGTH_SCORE), _MAX_LENGTH_SCORE)
            - min(source.unshared + target.unshared, _MAX_UNSHARED_PENALTY)
        )
        if source.tokens.isdisjoint(target.tokens):
            return score
        return score + min(
            fsum(self._shared_score[token] for token in source.tokens & target.tokens), _MAX_SHARED_SCORE
        )

    def merge_source(self, size: int) -> list[MergedBlocks | None]:
        """Return for each source block the merge of `size` blocks that ends with it; None where not all are prose."""
        return self._merge(self.source, self.source_lengths, size)

    def merge_target(self, size: int) -> list[MergedBlocks | None]:
        """Return the same for the target."""
        return self._merge(self.target, self.target_lengths, size)

    def _merge(self, blocks: Sequence[BlockFeatures], lengths: Sequence[float], size: int) -> list[MergedBlocks | None]:
        found: list[MergedBlocks | None] = [None] * (size - 1)
        known = [self._shared_score.keys() & block.tokens.keys() for block in blocks]
        for start in range(len(blocks) - size + 1):
            indexes = range(start, start + size)
            if any(blocks[index].block_class.group != PROSE for index in indexes):
                found.append(None)
                continue
            classes = tuple(dict.fromkeys(blocks[index].block_class for index in indexes))
            length = log(sum(exp(lengths[index]) for index in indexes))
            tokens = frozenset().union(*(known[index] for index in indexes))
            unshared = fsum(self._penalty[token] for token in tokens)
            found.append(MergedBlocks(indexes, classes, length, _spread(length), tokens, unshared))
        return found[: len(blocks)]

    def _class_scores_of(self, source: BlockClass) -> "_ClassScores":
        """Return the scores of a source block's class with those of targets."""
        if source not in self._class_scores:
            self._class_scores[source] = _ClassScores(lambda target: self._score_classes(source, target))
        return self._class_scores[source]

    def _score_classes(self, source: BlockClass, target: BlockClass) -> float:
        if source.group != target.group:
            return IMPOSSIBLE
        found = log(_SAME_KIND * len(self.target) / self._counts[target.group])
        found += _OTHER_LEVEL * (source.level > 0 and source.level + self._shift != target.level)
        found += _OTHER_KIND * (source.kind != target.kind)
        return found + _OTHER_NESTING * (source.nesting != target.nesting)

    def _compare_tokens(self) -> None:
        """Compare the blocks by the tokens that both documents have, the rarest first, up to the limit."""
        sources, targets = _blocks_by_token(self.source), _blocks_by_token(self.target)
        common = [token for token in sources if token in targets]
        compared = 0
        for token in sorted(common, key=lambda token: len(sources[token]) * len(targets[token])):
            pairs = len(sources[token]) * len(targets[token])
            compared += pairs
            if pairs > _MAX_SHARERS or compared > _MAX_COMPARED:
                break
            self._compare_token(token, sources[token], targets[token])

    def _compare_token(self, token: str, sources: Sequence[int], targets: Sequence[int]) -> None:
        """Weigh a token by how rare it is and by how evenly it occurs in the two documents."""
        source_count, target_count = len(sources), len(targets)
        kept = self.source[sources[0]].tokens[token]
        kept = kept * min(source_count, target_count) / max(source_count, target_count)
        kept = min(max(kept, _MIN_SHARED), _MAX_SHARED)
        chance = target_count / len(self.target)
        unshared = _TOKEN_WEIGHT * max(log((1 - min(chance, _MAX_SHARED)) / (1 - kept)), 0.0)
        shared = _TOKEN_WEIGHT * max(log(kept / chance), 0.0) + 2 * unshared
        self._shared_score[token], self._penalty[token] = shared, unshared
        for i in sources:
            self._source_unshared[i] += unshared
            row = self.shared[i]
            for j in targets:
                row[j] = row.get(j, 0.0) + shared
        for j in targets:
            self._target_unshared[j] += unshared


class _ClassScores(dict[BlockClass, float]):
    """The scores of one block class with others, computed when asked for; most pairs never are."""

    def __init__(self, score: Callable[[BlockClass], float]) -> None:
        super().__init__()
        self._score = score

    def __missing__(self, target: BlockClass) -> float:
        self[target] = found = self._score(target)
        return found


def _blocks_by_token(blocks: Sequence[BlockFeatures]) -> dict[str, list[int]]:
    """Return for each token the indexes of the blocks that hold it."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        for token in block.tokens:
            found[token].append(index)
    return found


def _fit_lengths(source: Sequence[BlockFeatures], target: Sequence[BlockFeatures]) -> tuple[list[float], list[float]]:
    """Return the logarithms of the lengths, the source's as if it were written in the language of the target."""
    lengths, target_lengths = [log(block.length) for block in source], [log(block.length) for block in target]
    prose = [length for block, length in zip(source, lengths, strict=True) if block.block_class.group == PROSE]
    target_prose = [
        length for block, length in zip(target, target_lengths, strict=True) if block.block_class.group == PROSE
    ]
    if min(len(prose), len(target_prose)) < _MIN_LENGTHS:
        return lengths, target_lengths
    ratio = min(max(fmean(target_prose) - fmean(prose), -_MAX_RATIO), _MAX_RATIO)
    return [length + ratio for length in lengths], target_lengths


def _spread(length: float) -> tuple[float, float]:
    """Return the factor of the squared difference from a length and the constant of the normal distribution."""
    variance = _VARIANCE * exp(-length) + _LOOSENESS
    return 1 / (2 * variance), -log(variance) / 2


def length_surprisal(blocks: Sequence[BlockFeatures], lengths: Sequence[float]) -> list[float]:
    """Return the surprisal of each block's length among the blocks of its group, up to a constant."""
    groups: dict[str, list[float]] = defaultdict(list)
    for block, length in zip(blocks, lengths, strict=True):
        groups[block.block_class.group].append(length)
    normal = {group: (fmean(found), max(pstdev(found), 0.5)) for group, found in groups.items()}
    surprisal = []
    for block, length in zip(blocks, lengths, strict=True):
        mean, deviation = normal[block.block_class.group]
        surprisal.append((length - mean) ** 2 / (2 * deviation**2) + log(deviation))
    return surprisal


def _level_shift(source: Sequence[BlockFeatures], target: Sequence[BlockFeatures]) -> int:
    """Return by how much the heading levels of the target are deeper."""
    levels = [block.block_class.level for block in source if block.block_class.level]
    target_levels = [block.block_class.level for block in target if block.block_class.level]
    return min(target_levels) - min(levels) if levels and target_levels else 0
