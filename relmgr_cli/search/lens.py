"""Which word of a sentence says the same as a word of its translation.

Two words are each other's counterparts when their vectors are like each other, and clearly more so than those of any
other pair that either is in. What is linked then stands in nobody's way any more, so others may become clear; where
nothing is, nothing is said. What stands at the same place of the sentence is a little likelier. (Intersection of the
best matches of both directions: Och and Ney, 2003; the clearest links first: Melamed's competitive linking, 2000.)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from relmgr_cli.index.database import Database
from relmgr_cli.languages.analysis import Word, stem, words
from relmgr_cli.languages.table import function_words, languages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Found by trying on other words than those of benchmarks/lens.tsv; others near these do as well.
_LIKE = (0.45, 0.55)  # likeness that counterparts must have: at first, and among the words that are left then
_CLEAR = 0.09  # how far above the next best pair
_FAR = 0.1  # what standing at the other end of the text costs
_NONE = -1.0  # the likeness of what is no pair
_MOST = 300  # words of a text that are looked at
_MOST_KNOWN = 5000  # words whose vectors are kept, 10 MB
_IDEOGRAPHS = "\u3000"  # letters from here on are words

Links = dict[int, int]  # a word's index -> that of its counterpart


def find_counterpart(
    catalogue: Database, text: str, at: tuple[int, int], other: str, tags: tuple[str, str]
) -> tuple[int, int] | None:
    """Return where in `other` the counterpart stands of the word of `text` at these characters; None when unclear.

    `tags` are the languages of the two texts.
    """
    ours, theirs = (tuple(words(each))[:_MOST] for each in (text, other))
    here = next((index for index, word in enumerate(ours) if word.start <= at[0] < word.end), None)
    if here is None or not theirs or not _means_something(ours[here], tags[0]):
        return None
    there = _links(catalogue, ours, theirs, tags).get(here)
    return None if there is None else (theirs[there].start, theirs[there].end)


def _means_something(word: Word, tag: str) -> bool:
    known = languages().get(tag.partition("-")[0])
    is_letter = len(word.spelling) == 1 and word.spelling < _IDEOGRAPHS
    return not is_letter and word.spelling not in (known.words if known else function_words(("en",)))


@lru_cache(32)
def _links(catalogue: Database, ours: tuple[Word, ...], theirs: tuple[Word, ...], tags: tuple[str, str]) -> Links:
    """Return the words of two texts that are clearly each other's counterparts."""
    likeness = _likeness(catalogue, ours, theirs, tags)
    roots = [[stem(word.spelling, tag) for word in found] for found, tag in zip((ours, theirs), tags, strict=True)]
    links: Links = {}
    for like in _LIKE:
        found = dict(_clear_pairs(likeness, roots, like))
        links |= found
        likeness[list(found), :] = _NONE
        likeness[:, list(found.values())] = _NONE
    return links


def _clear_pairs(
    likeness: "NDArray[np.float32]", roots: Sequence[Sequence[str]], like: float
) -> Iterator[tuple[int, int]]:
    """Yield the pairs that are clearly more alike than all others that one of the two is in.

    Another form of the same word is no rival.
    """
    import numpy as np

    left, right = map(np.array, roots)
    for here, there in enumerate(likeness.argmax(axis=1)):
        best = likeness[here, there]
        rivals = (likeness[here, right != right[there]], likeness[left != left[here], there])
        if best >= like and best - max(each.max(initial=_NONE) for each in rivals) >= _CLEAR:
            yield here, int(there)


def _likeness(
    catalogue: Database, ours: Sequence[Word], theirs: Sequence[Word], tags: tuple[str, str]
) -> "NDArray[np.float32]":
    """Return how likely each pair of words is, (ours, theirs): their cosine, less for what stands elsewhere.

    The same letters are the same word.
    """
    import numpy as np

    vectors = _vectors(catalogue, {word.spelling for word in (*ours, *theirs)})
    left, right = (np.stack([vectors[word.spelling] for word in found]) for found in (ours, theirs))
    forms = [np.array([word.form for word in found]) for found in (ours, theirs)]
    places = [np.linspace(0, 1, len(found)) for found in (ours, theirs)]
    likeness: NDArray[np.float32] = left @ right.T
    likeness[forms[0][:, None] == forms[1][None, :]] = 1
    likeness -= _FAR * np.abs(places[0][:, None] - places[1][None, :])
    likeness[[not _means_something(word, tags[0]) for word in ours], :] = _NONE
    likeness[:, [not _means_something(word, tags[1]) for word in theirs]] = _NONE
    return likeness


def _vectors(catalogue: Database, spellings: Collection[str]) -> "Mapping[str, NDArray[np.float32]]":
    """Return the vectors of words; those of the texts asked for before are still known."""
    from relmgr_cli.index.vectors import encode_texts

    known = _known()
    if len(known) > _MOST_KNOWN:
        known.clear()
    new = sorted({*spellings} - {*known})
    if new:
        known.update(zip(new, encode_texts(catalogue, new), strict=True))
    return known


@cache
def _known() -> "dict[str, NDArray[np.float32]]":
    return {}
