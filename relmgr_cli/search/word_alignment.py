"""Finds which word of a translated text translates a given word.

The likelihood of a pair of words is the cosine of their vectors, raised where the lexicon has the pair. Two words are
linked when it is high, and clearly higher than that of any other pair that either is in. A rival counts less if it has
a better partner that it would lose; two words next to each other may be the translation of one, if nothing else in the
text is like either. Linked words no longer compete with others, so further pairs may become clear in a second round;
where none is clear, there is no link. Words at the same relative position are slightly preferred. (Intersection of the
best matches of both directions: Och and Ney, 2003; the clearest links first: competitive linking, Melamed, 2000.)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from relmgr_cli.languages.names import function_words, languages
from relmgr_cli.languages.tokens import Word, stem, words
from relmgr_cli.store.database import Database
from relmgr_cli.store.lexicon import lexicon_translations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Tuned on other words than those of benchmarks/lens.tsv; other values near these do as well.
_MIN_SIMILARITY = (0.45, 0.55)  # of a pair, in the first round and in the second
_MIN_MARGIN = 0.09  # to the next best pair
_LOSS = 0.5  # how much it counts what a rival would lose
_MAX_DIFFERENCE = 0.3  # of the similarities of two words to the one that translates both
_DISTANCE_PENALTY = 0.1  # for a word at the other end of the text
_IMPOSSIBLE = -1.0  # similarity of what cannot be a pair
_MAX_WORDS = 300  # of a text
_MAX_CACHED = 5000  # word vectors, 10 MB
_FIRST_IDEOGRAPH = "\u3000"  # single letters from here on are words

Links = dict[int, int]  # index of a word -> index of its translation

_CACHED: "dict[str, NDArray[np.float32]]" = {}  # spelling -> vector


def find_counterpart(
    database: Database, text: str, at: tuple[int, int], translation: str, tags: tuple[str, str]
) -> tuple[int, int] | None:
    """Return where in `translation` the translation is of the word of `text` at these characters; None when unclear.

    `tags` are the languages of the two texts.
    """
    source, target = (tuple(words(each))[:_MAX_WORDS] for each in (text, translation))
    here = next((index for index, word in enumerate(source) if word.start <= at[0] < word.end), None)
    if here is None or not target or not _is_content_word(source[here], tags[0]):
        return None
    there = _links(database, source, target, tags).get(here)
    return None if there is None else (target[there].start, target[there].end)


def _is_content_word(word: Word, tag: str) -> bool:
    known = languages().get(tag.partition("-")[0])
    is_letter = len(word.spelling) == 1 and word.spelling < _FIRST_IDEOGRAPH
    return not is_letter and word.spelling not in (known.words if known else function_words(("en",)))


@lru_cache(32)
def _links(database: Database, source: tuple[Word, ...], target: tuple[Word, ...], tags: tuple[str, str]) -> Links:
    """Return the words of two texts that clearly translate each other."""
    similarity = _similarity(database, source, target, tags)
    sides = [_Side(found, tag) for found, tag in zip((source, target), tags, strict=True)]
    for side, other in (sides, sides[::-1]):
        side.has_more = side.content_words > other.content_words
    links: Links = {}
    for minimum in _MIN_SIMILARITY:
        found = dict(_clear_pairs(similarity, *sides, minimum=minimum))
        links |= found
        similarity[list(found), :] = _IMPOSSIBLE
        similarity[:, list(found.values())] = _IMPOSSIBLE
    return links


class _Side:
    """The words of one of the texts.

    Several of them can be the translation of one word only if the text has more content words than the other.
    """

    has_more = False

    def __init__(self, found: Sequence[Word], tag: str) -> None:
        import numpy as np

        stems = np.array([stem(word.spelling, tag) for word in found])
        self.same: NDArray[np.bool_] = stems[:, None] == stems  # which of them are forms of one word, (words, words)
        self.content_words = sum(_is_content_word(word, tag) for word in found)
        # Which of them the next one follows after no more than a space or a hyphen.
        self._is_joined = [after.start <= word.end + 1 for word, after in pairwise(found)]

    def beside(self, index: int) -> list[int]:
        """Return the words next to one that may be a part of the same translation."""
        if not self.has_more:
            return []
        return [index - 1] * any(self._is_joined[index - 1 : index]) + [index + 1] * any(self._is_joined[index:][:1])


def _clear_pairs(
    similarity: "NDArray[np.float32]", source: _Side, target: _Side, *, minimum: float
) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are clearly more similar than all others that one of the two is in.

    Another form of the same word does not compete, nor does the next word if it is a part of the same translation.
    """
    rival_columns = similarity - _LOSS * _losses(similarity)
    rival_rows = similarity - _LOSS * _losses(similarity.T).T
    for here, there in enumerate(similarity.argmax(axis=1).tolist()):
        best = similarity[here, there]
        if best < minimum:
            continue
        rivals, other_rivals = ~target.same[there], ~source.same[here]
        for part in _only_like(similarity, source, here, target.beside(there), minimum):
            rivals[part] = abs(similarity[here, part] - best) > _MAX_DIFFERENCE
        for part in _only_like(similarity.T, target, there, source.beside(here), minimum):
            other_rivals[part] = abs(similarity[part, there] - best) > _MAX_DIFFERENCE
        is_mutual = best >= _highest(similarity[other_rivals, there])
        if is_mutual and best - _highest(rival_columns[here, rivals], rival_rows[other_rivals, there]) >= _MIN_MARGIN:
            yield here, there


def _losses(similarity: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return for each pair how much worse another row would do without the column, the row that needs it most.

    A row that is not surely similar to the column, as unknown words are to any, loses nothing.
    """
    losses = (similarity - _highest_others(similarity)).clip(0) * (similarity >= max(_MIN_SIMILARITY))
    return _highest_others(losses.T).T


def _highest_others(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return for each value the highest of the others in its row, at least 0."""
    import numpy as np

    padded = np.pad(values, ((0, 0), (1, 0)))
    second, highest = np.partition(padded, -2, axis=1)[:, -2:, None].swapaxes(0, 1)
    found: NDArray[np.float32] = np.where(values == highest, second, highest)
    return found


def _only_like(
    similarity: "NDArray[np.float32]", side: _Side, row: int, columns: Sequence[int], minimum: float
) -> list[int]:
    """Return those of the columns that are clearly similar to a row alone; the rows are the words of `side`."""
    others = ~side.same[row]
    return [
        column
        for column in columns
        if similarity[row, column] >= max(minimum, _highest(similarity[others, column]) + _MIN_MARGIN)
    ]


def _highest(*parts: "NDArray[np.float32]") -> float:
    return max(float(part.max(initial=_IMPOSSIBLE)) for part in parts)


def _similarity(
    database: Database, source: Sequence[Word], target: Sequence[Word], tags: tuple[str, str]
) -> "NDArray[np.float32]":
    """Return the similarity of each pair of words, (source, target), minus the penalty for distance.

    It is the cosine of their vectors and their weight in the lexicon, together as likely as if either were right; only
    the weight if the lexicon knows a language that the encoder does not. Words with the same letters are the same word.
    """
    import numpy as np

    from relmgr_cli.embedding.encoder import knows_language

    similarity: NDArray[np.float32] = np.zeros((len(source), len(target)), np.float32)
    weights = _lexicon_weights(database, source, target, tags)
    if all(map(knows_language, tags)) or not weights.any():
        vectors = _vectors(database, {word.spelling for word in (*source, *target)})
        left, right = (np.stack([vectors[word.spelling] for word in found]) for found in (source, target))
        similarity = left @ right.T
    similarity = np.where(weights > 0, 1 - (1 - similarity.clip(0)) * (1 - weights), similarity)
    forms = [np.array([word.folded for word in found]) for found in (source, target)]
    positions = [np.linspace(0, 1, len(found)) for found in (source, target)]
    similarity[forms[0][:, None] == forms[1][None, :]] = 1
    similarity -= _DISTANCE_PENALTY * np.abs(positions[0][:, None] - positions[1][None, :])
    similarity[[not _is_content_word(word, tags[0]) for word in source], :] = _IMPOSSIBLE
    similarity[:, [not _is_content_word(word, tags[1]) for word in target]] = _IMPOSSIBLE
    return similarity


def _lexicon_weights(
    database: Database, source: Sequence[Word], target: Sequence[Word], tags: tuple[str, str]
) -> "NDArray[np.float32]":
    """Return the weight in the lexicon of each pair of words, (source, target); 0 for none."""
    import numpy as np

    weights = np.zeros((len(source), len(target)), np.float32)
    columns = [stem(word.spelling, tags[1]) for word in target]
    for row, word in enumerate(source):
        known = lexicon_translations(database, tags[0], stem(word.spelling, tags[0]), tags[1:]).get(tags[1])
        if known:
            weights[row] = [known.get(other, 0.0) for other in columns]
    return weights


def _vectors(database: Database, spellings: Collection[str]) -> "Mapping[str, NDArray[np.float32]]":
    """Return the vectors of words, and those of texts asked for before."""
    from relmgr_cli.store.vector_cache import encode_texts

    if len(_CACHED) > _MAX_CACHED:
        _CACHED.clear()
    if new := sorted({*spellings} - {*_CACHED}):
        _CACHED.update(zip(new, encode_texts(database, new), strict=True))
    return _CACHED
