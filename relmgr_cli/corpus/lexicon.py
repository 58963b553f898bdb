"""Learns which words translate each other from texts that translate each other.

Two words are translations if each explains the other (IBM Model 1 in both directions: P. F. Brown et al., "The
Mathematics of Statistical Machine Translation", 1993) and if they occur together more often than by chance (the
log-likelihood ratio of T. Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", 1993). The first
tells a translation from a word that is only often beside it; the second does not trust a single occurrence.

The measure and its constants were chosen on headings of one repository in 28 languages, left out article by article:
other ones near these do about as well, the ratio or the model alone clearly worse.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.integer[Any]]
    Numbers = NDArray[np.float64]

_MAX_WORDS = 80  # different ones of a text; the others are ignored
_ENOUGH = 60  # texts with a word; further ones teach nothing new about it
_MAX_PAIRS = 6_000_000  # pairs of words of one text, of all texts; about 250 MB
_ITERATIONS = 5
_NO_TRANSLATION = 0.01  # the probability, before the texts are known, that a word translates none
_SIGNIFICANCE = 10.0  # log-likelihood ratio that counts half
_ONCE = 0.75  # how much of the evidence is not believed of words that occur together once; of twice, half of that
_MIN_WEIGHT = 0.25
MAX_TRANSLATIONS = 8  # of one word in one language


class Translation(NamedTuple):
    """A word that translates another one."""

    source: int
    target: int
    weight: float  # 0 to 1


class Bitext:
    """Pairs of texts that translate each other; their words are numbers, each language having its own."""

    def __init__(self) -> None:
        self._sides = (_Side(), _Side())
        self._pairs = 0

    @property
    def texts(self) -> int:
        """The number of pairs of texts."""
        return len(self._sides[0].lengths)

    def add(self, source: Iterable[int], target: Iterable[int]) -> None:
        """Add a pair of texts, if it teaches anything new."""
        texts = [list(dict.fromkeys(words))[:_MAX_WORDS] for words in (source, target)]
        if not all(texts) or self._pairs > _MAX_PAIRS:
            return
        if any(side.needs(words) for side, words in zip(self._sides, texts, strict=True)):
            for side, words in zip(self._sides, texts, strict=True):
                side.add(words)
            self._pairs += len(texts[0]) * len(texts[1])

    def learn(self) -> tuple[list[Translation], list[Translation]]:
        """Return the translations of the words of the first language, and of those of the second.

        Those of a word are together, the best first.
        """
        import numpy as np

        if not self.texts:
            return [], []
        source, target = self._sides
        pairs = _Pairs(source, target)
        together = pairs.counts
        sources, targets = np.bincount(source.numbers())[pairs.source], np.bincount(target.numbers())[pairs.target]
        significance = _significance(together, sources, targets, self.texts)
        dice = 2 * together / (sources + targets)
        forward = pairs.probabilities(pairs.source, pairs.target_places, dice)
        backward = pairs.probabilities(pairs.target, pairs.source_places, dice)
        weights = (significance * np.sqrt(forward * backward)) ** 0.25
        return (
            _best(pairs.source, pairs.target, weights),
            _best(pairs.target, pairs.source, weights),
        )


class _Side:
    """The texts of one language."""

    def __init__(self) -> None:
        self.words = array("i")  # of all texts
        self.lengths = array("i")  # of each text
        self._counts: Counter[int] = Counter()

    def needs(self, words: Sequence[int]) -> bool:
        return any(self._counts[word] < _ENOUGH for word in words)

    def add(self, words: Sequence[int]) -> None:
        self.words.extend(words)
        self.lengths.append(len(words))
        self._counts.update(words)

    def numbers(self) -> "Counts":
        import numpy as np

        return np.frombuffer(self.words, np.int32).astype(np.int64)


class _Pairs:
    """All pairs of words that occur together, and where they do."""

    def __init__(self, source: _Side, target: _Side) -> None:
        import numpy as np

        lengths = [np.frombuffer(side.lengths, np.int32).astype(np.int64) for side in (source, target)]
        text_of = np.repeat(np.arange(len(lengths[0])), lengths[0])  # of each word of the source
        targets = lengths[1][text_of]  # beside it
        starts = (np.cumsum(lengths[1]) - lengths[1])[text_of]
        within = np.arange(targets.sum()) - np.repeat(np.cumsum(targets) - targets, targets)
        # For each pair of words in a text, where they are among the words of all texts.
        self.source_places = np.repeat(np.arange(len(text_of), dtype=np.int32), targets)
        self.target_places = (np.repeat(starts, targets) + within).astype(np.int32)
        words = source.numbers()[self.source_places], target.numbers()[self.target_places]
        size = int(words[1].max()) + 1
        pairs, self._index, self.counts = np.unique(words[0] * size + words[1], return_inverse=True, return_counts=True)
        self.source, self.target = np.divmod(pairs, size)

    def probabilities(self, given: "Counts", places: "Counts", start: "Numbers") -> "Numbers":
        """Return for each pair the probability of one word given the other, `given`, by IBM Model 1.

        `places` are those of the word that is explained; each of its occurrences is explained by one given word.
        """
        import numpy as np

        found = start
        for _ in range(_ITERATIONS):
            found = found / np.bincount(given, found)[given]
            likely = found[self._index]
            likely /= (np.bincount(places, likely) + _NO_TRANSLATION)[places]
            found = np.bincount(self._index, likely, len(given)).astype(np.float64)
        return found / np.bincount(given, found)[given]


def _significance(together: "Counts", source: "Counts", target: "Counts", texts: int) -> "Numbers":
    """Return how far the words of each pair occur together more often than by chance, 0 to 1."""
    import numpy as np

    def entropy(*counts: "Counts") -> "Numbers":
        found: Numbers = np.sum([count * np.log(np.maximum(count, 1)) for count in counts], axis=0)
        return found

    neither = np.maximum(texts - source - target + together, 0)
    cells = entropy(together, source - together, target - together, neither)
    ratio = 2 * (cells + texts * np.log(texts) - entropy(source, texts - source, target, texts - target))
    ratio = np.where(together * texts > source * target, np.maximum(ratio, 0.0), 0.0)
    found: Numbers = ratio / (ratio + _SIGNIFICANCE) * (1 - _ONCE / together)
    return found


def _best(source: "Counts", target: "Counts", weights: "Numbers") -> list[Translation]:
    """Return the best translations of each source word."""
    import numpy as np

    kept = np.flatnonzero(weights >= _MIN_WEIGHT)
    order = kept[np.lexsort((target[kept], -weights[kept], source[kept]))]
    if not len(order):
        return []
    starts = np.flatnonzero(np.r_[True, np.diff(source[order]) > 0])
    ranks = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    order = order[ranks < MAX_TRANSLATIONS]
    columns = (source[order].tolist(), target[order].tolist(), np.round(weights[order], 3).tolist())
    return [Translation(*row) for row in zip(*columns, strict=True)]
