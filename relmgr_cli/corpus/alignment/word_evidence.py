"""Finds the words that sentences have in common with their translations.

Words are linked by the lexicon, or because they are the same, or begin with the same sounds, as names and loan words
do. The most certain links first; linked words compete no more (competitive linking: Melamed, 2000).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.alignment.features import sound_stem
from relmgr_cli.languages.names import function_words
from relmgr_cli.languages.tokens import stem, words
from relmgr_cli.markdown.blocks import Span

# The translations of a stem and their weights, 0 to 1. A lexicon is of one direction.
Lexicon = Callable[[str], Mapping[str, float]]

_SAME, _SAME_SOUND = 0.9, 0.45  # weights of words without the lexicon
_MIN_SOUND = 4  # letters of a word whose sounds are compared
_DISTANCE_PENALTY = 0.3  # for a word at the other end of the text
_MAX_WORDS = 1500  # of the sentences of one text together
_MAX_CANDIDATES = 24  # places of a translation that are tried for one word
_FIRST_IDEOGRAPH = "\u3000"  # single letters from here on are words
_QUESTION = frozenset("?？؟")


class Token(NamedTuple):
    """A word of a sentence, by the keys under which its translation is looked up."""

    stem: str  # "" of what is no word: an address, a question mark
    same: str  # equal to that of the same word in another language
    sound: str  # likewise for a word that sounds the same; "" for a short one


def tokens_of(text: str, spans: Sequence[Span], language: str) -> list[Token]:
    """Return the tokens of a sentence: its words without function words, the targets of its links."""
    ignored = function_words((language,))
    found = [Token("", f">{href}", "") for href in dict.fromkeys(span.href for span in spans) if href]
    for word in words(text):
        spelling = word.spelling
        if spelling in ignored or (len(spelling) == 1 and spelling < _FIRST_IDEOGRAPH and not spelling.isdecimal()):
            continue
        sound = sound_stem(word.folded) if len(spelling) >= _MIN_SOUND and spelling < _FIRST_IDEOGRAPH else ""
        found.append(Token(stem(spelling, language), word.folded, sound))
    if text.rstrip("\"'»”’)")[-1:] in _QUESTION:
        found.append(Token("", "?", ""))
    return found


class WordEvidence(NamedTuple):
    """The links between the words of the sentences of two texts."""

    links: Mapping[tuple[int, int], float]  # source sentence, target sentence -> sum of the weights
    source: Sequence[int]  # the number of tokens of each sentence
    target: Sequence[int]


def link_sentences(
    source: Sequence[Sequence[Token]], target: Sequence[Sequence[Token]], lexicon: Lexicon
) -> WordEvidence:
    """Return the links between the sentences of two texts; each word is in one link at most."""
    places, other_places = (
        [at for at, found in enumerate(side) for _ in found][:_MAX_WORDS] for side in (source, target)
    )
    tokens, other_tokens = ([token for found in side for token in found][:_MAX_WORDS] for side in (source, target))
    index: dict[str, list[int]] = defaultdict(list)
    for there, token in enumerate(other_tokens):
        for key in {
            f"={token.same}",
            *([f"~{token.sound}"] if token.sound else []),
            *([token.stem] if token.stem else []),
        }:
            index[key].append(there)
    candidates = []
    for here, token in enumerate(tokens):
        position = here / len(tokens)
        for there, weight in _candidates(token, index, lexicon).items():
            distance = abs(position - there / len(other_tokens))
            candidates.append((weight - _DISTANCE_PENALTY * distance, -here, -there, weight))
    candidates.sort(reverse=True)
    taken: set[int] = set()
    other_taken: set[int] = set()
    links: dict[tuple[int, int], float] = defaultdict(float)
    for _, here, there, weight in candidates:
        if -here not in taken and -there not in other_taken:
            taken.add(-here)
            other_taken.add(-there)
            links[places[-here], other_places[-there]] += weight
    return WordEvidence(links, [*map(len, source)], [*map(len, target)])


def _candidates(token: Token, index: Mapping[str, Sequence[int]], lexicon: Lexicon) -> dict[int, float]:
    """Return the places of the words that may translate a word, with their weights."""
    found: dict[int, float] = {}
    for key, weight in _keys(token, lexicon):
        for there in index.get(key, ())[:_MAX_CANDIDATES]:
            found[there] = max(found.get(there, 0.0), weight)
    return found


def _keys(token: Token, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    yield f"={token.same}", _SAME
    if token.sound:
        yield f"~{token.sound}", _SAME_SOUND
    if token.stem:
        yield from lexicon(token.stem).items()
