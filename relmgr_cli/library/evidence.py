"""What speaks for and against blocks of two documents being translations of each other.

Apart from how the best alignment is found, because these are the figures to argue about. All evidence is a
log-likelihood ratio in nats: how much more probable it is to see the blocks as a pair than each by itself.
So kinds, lengths, shared tokens and meaning add up, and what tells nothing is worth 0.

Lengths follow W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora" (1993),
on a logarithmic scale and with the ratio of the two texts estimated for every pair of documents.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from math import exp, fsum, log
from statistics import fmean, pstdev
from typing import NamedTuple

from relmgr_cli.library.traits import PROSE, Look, Traits

NEVER = float("-inf")  # of what cannot be a pair

_MOST_SHARERS = 400  # pairs of blocks with a token in common: a commoner token tells little and costs time
_MOST_COMPARED = 1_000_000  # pairs of blocks in all, for the sake of time and memory

_VARIANCE = 4.0  # of a length in characters, for each of them
_LOOSENESS = 0.02  # of the logarithm of a length, whatever the length
_LEAST_FOR_LENGTH, _MOST_FOR_LENGTH = -6.0, 3.0
_FEWEST_LENGTHS = 8  # blocks; fewer do not tell the ratio of two languages
_MOST_RATIO = 0.3  # of two languages, as a logarithm

_TOKEN_WEIGHT = 0.7  # tokens of one block are not independent of each other
_MOST_FOR_SHARED, _MOST_AGAINST_UNSHARED = 40.0, 12.0
_LEAST_KEPT, _MOST_KEPT = 0.02, 0.95  # chance that a translation keeps a token

_KIND_KEPT = 0.95
_OTHER_KIND, _OTHER_LEVEL, _OTHER_NESTING = -1.5, -1.5, -1.0


class Bundle(NamedTuple):
    """Neighbouring blocks of prose taken as one."""

    places: range
    length: float  # logarithm
    tokens: frozenset[str]  # those that the other document has too
    unshared: float  # what speaks against a block that has none of them


class Evidence:
    """What speaks for pairing blocks of one document with blocks of the other."""

    def __init__(self, ones: Sequence[Traits], others: Sequence[Traits]) -> None:
        self.ones, self.others = ones, others
        self.lengths, self.other_lengths = _fitted_lengths(ones, others)
        self._surprise = _surprise(others, self.other_lengths)
        self._shift = _level_shift(ones, others)
        self._counts = Counter(other.look.group for other in others)
        self._other_looks = [other.look for other in others]
        self._kinds: dict[Look, _Kinds] = {}
        self.shared: list[dict[int, float]] = [{} for _ in ones]  # for each block the others that share tokens
        self._unshared, self._other_unshared = [0.0] * len(ones), [0.0] * len(others)
        self._worth: dict[str, float] = {}  # of a token that both blocks have
        self._loss: dict[str, float] = {}  # of a token that only one has
        self._compare_tokens()

    def row(self, i: int, low: int, high: int) -> list[float]:
        """Return what speaks for pairing block `i` with each of the other document's blocks `low` to `high`."""
        kinds = map(self._kinds_of(i).__getitem__, self._other_looks[low:high])
        length, unshared = self.lengths[i], self._unshared[i]
        precision, constant = _spread(length)
        found = [
            kind
            + min(max(constant - (length - other) ** 2 * precision + surprise, _LEAST_FOR_LENGTH), _MOST_FOR_LENGTH)
            - min(unshared + other_unshared, _MOST_AGAINST_UNSHARED)
            if kind > NEVER
            else NEVER
            for kind, other, surprise, other_unshared in zip(
                kinds,
                self.other_lengths[low:high],
                self._surprise[low:high],
                self._other_unshared[low:high],
                strict=True,
            )
        ]
        for j, shared in self.shared[i].items():
            if low <= j < high:
                found[j - low] += min(shared, _MOST_FOR_SHARED)
        return found

    def merged(self, ones: Bundle, others: Bundle) -> float:
        """Return what speaks for blocks that were split or joined in translation; all of them are prose."""
        precision, constant = _spread(ones.length)
        length = constant - (ones.length - others.length) ** 2 * precision + self._surprise[others.places[0]]
        shared = fsum(self._worth[token] for token in ones.tokens & others.tokens)
        return (
            min(self._kinds_of(i)[self._other_looks[j]] for i in ones.places for j in others.places)
            + min(max(length, _LEAST_FOR_LENGTH), _MOST_FOR_LENGTH)
            + min(shared, _MOST_FOR_SHARED)
            - min(ones.unshared + others.unshared, _MOST_AGAINST_UNSHARED)
        )

    def bundles(self, size: int) -> list[Bundle | None]:
        """Return for each block of the first document the bundle that ends with it; None where there is none."""
        return self._bundles(self.ones, self.lengths, size)

    def other_bundles(self, size: int) -> list[Bundle | None]:
        """Return the same for the other document."""
        return self._bundles(self.others, self.other_lengths, size)

    def _bundles(self, blocks: Sequence[Traits], lengths: Sequence[float], size: int) -> list[Bundle | None]:
        found: list[Bundle | None] = [None] * (size - 1)
        for start in range(len(blocks) - size + 1):
            places = range(start, start + size)
            if any(blocks[place].look.group != PROSE for place in places):
                found.append(None)
                continue
            length = log(sum(exp(lengths[place]) for place in places))
            tokens = frozenset(token for place in places for token in blocks[place].tokens if token in self._worth)
            found.append(Bundle(places, length, tokens, fsum(self._loss[token] for token in tokens)))
        return found[: len(blocks)]

    def _kinds_of(self, i: int) -> "_Kinds":
        """Return what the kinds say of a block and others, by their looks."""
        look = self.ones[i].look
        if look not in self._kinds:
            self._kinds[look] = _Kinds(lambda other: self._kind(look, other))
        return self._kinds[look]

    def _kind(self, one: Look, other: Look) -> float:
        if one.group != other.group:
            return NEVER
        found = log(_KIND_KEPT * len(self.others) / self._counts[other.group])
        found += _OTHER_LEVEL * (one.level > 0 and one.level + self._shift != other.level)
        found += _OTHER_KIND * (one.kind != other.kind)
        return found + _OTHER_NESTING * (one.nesting != other.nesting)

    def _compare_tokens(self) -> None:
        """Compare the blocks by the tokens that both documents have, the rarest first, as many as time allows."""
        places, others = _places(self.ones), _places(self.others)
        common = [token for token in places if token in others]
        compared = 0
        for token in sorted(common, key=lambda token: len(places[token]) * len(others[token])):
            pairs = len(places[token]) * len(others[token])
            compared += pairs
            if pairs > _MOST_SHARERS or compared > _MOST_COMPARED:
                break
            self._compare_token(token, places[token], others[token])

    def _compare_token(self, token: str, places: Sequence[int], others: Sequence[int]) -> None:
        """Weigh a token by how rare it is and by how evenly it occurs in the two documents."""
        one, other = len(places), len(others)
        kept = self.ones[places[0]].tokens[token]
        kept = min(max(kept * min(one, other) / max(one, other), _LEAST_KEPT), _MOST_KEPT)
        chance = other / len(self.others)
        unshared = _TOKEN_WEIGHT * max(log((1 - min(chance, _MOST_KEPT)) / (1 - kept)), 0.0)
        shared = _TOKEN_WEIGHT * max(log(kept / chance), 0.0) + 2 * unshared
        self._worth[token], self._loss[token] = shared, unshared
        for i in places:
            self._unshared[i] += unshared
            row = self.shared[i]
            for j in others:
                row[j] = row.get(j, 0.0) + shared
        for j in others:
            self._other_unshared[j] += unshared


class _Kinds(dict[Look, float]):
    """What the kinds say of one look and others; filled as others are met, most pairs never are."""

    def __init__(self, kind: Callable[[Look], float]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, other: Look) -> float:
        self[other] = found = self._kind(other)
        return found


def _places(blocks: Sequence[Traits]) -> dict[str, list[int]]:
    """Return for each token the indexes of the blocks that hold it."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, traits in enumerate(blocks):
        for token in traits.tokens:
            places[token].append(index)
    return places


def _fitted_lengths(ones: Sequence[Traits], others: Sequence[Traits]) -> tuple[list[float], list[float]]:
    """Return the logarithms of the lengths, the first document's as if written in the other language."""
    lengths, other_lengths = [log(one.length) for one in ones], [log(other.length) for other in others]
    prose = [length for one, length in zip(ones, lengths, strict=True) if one.look.group == PROSE]
    other_prose = [length for other, length in zip(others, other_lengths, strict=True) if other.look.group == PROSE]
    if min(len(prose), len(other_prose)) < _FEWEST_LENGTHS:
        return lengths, other_lengths
    ratio = min(max(fmean(other_prose) - fmean(prose), -_MOST_RATIO), _MOST_RATIO)
    return [length + ratio for length in lengths], other_lengths


def _spread(length: float) -> tuple[float, float]:
    """Return the factor of the squared difference from a length and the constant of the normal distribution."""
    variance = _VARIANCE * exp(-length) + _LOOSENESS
    return 1 / (2 * variance), -log(variance) / 2


def _surprise(blocks: Sequence[Traits], lengths: Sequence[float]) -> list[float]:
    """Return how improbable each block's length is among the blocks of its group, up to a constant."""
    groups: dict[str, list[float]] = defaultdict(list)
    for traits, length in zip(blocks, lengths, strict=True):
        groups[traits.look.group].append(length)
    normal = {group: (fmean(found), max(pstdev(found), 0.5)) for group, found in groups.items()}
    surprise = []
    for traits, length in zip(blocks, lengths, strict=True):
        mean, deviation = normal[traits.look.group]
        surprise.append((length - mean) ** 2 / (2 * deviation**2) + log(deviation))
    return surprise


def _level_shift(ones: Sequence[Traits], others: Sequence[Traits]) -> int:
    """Return by how much the other document's heading levels are deeper."""
    levels = [one.look.level for one in ones if one.look.level]
    other_levels = [other.look.level for other in others if other.look.level]
    return min(other_levels) - min(levels) if levels and other_levels else 0
