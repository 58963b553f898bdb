"""Links the words of a sentence with those that translate them, by the lexicon of the library alone.

The most certain links first; linked words compete no more (competitive linking: Melamed, 2000). Code is no text here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.languages.names import function_words, languages
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.sentences import sentences
from relmgr_cli.languages.tokens import Word, is_unspaced, stem, words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block

Weights = Mapping[str, Mapping[str, float]]  # stem -> the stems that translate it, with their weights, 0 to 1

_CODE = " | "  # stands for code in a text
_NO_WORD = frozenset("_/\\@#$=&<>{}[]|~^*")  # next to a word: it is part of a name or an address
_JOINS = frozenset(".:")  # likewise, if a letter follows
_MAX_WORDS = 80  # of a sentence; longer ones are left out
SAME_WORD = 0.9  # the weight of a word that is the same in both languages
_DISTANCE_PENALTY = 0.1  # for a word at the other end of the sentence
_MAX_COMMON = 0.5  # of the words; more of them in both texts: it is not translated
_PAIR = 2  # letters
_JAPANESE_RUN = re.compile("[\u30a1-\u30ff]{2,30}|[\u3005\u3400-\u4dbf\u4e00-\u9fff]{2,30}")
_FIRST_IDEOGRAPH = "\u3000"  # single letters from here on are words


class Token(NamedTuple):
    """A word of a sentence."""

    start: int  # in the text of the sentence
    end: int
    spelling: str  # in lower case
    stem: str
    is_content: bool  # neither a function word nor part of a name
    parts: tuple[str, ...]  # as the lexicon has it: the stem; of a run of letters without spaces, all pairs


class Sentence(NamedTuple):
    """A sentence and its words, with the block that it is in."""

    text: str
    tokens: tuple[Token, ...]
    block: int  # index in the document


class Link(NamedTuple):
    """Two words that translate each other, by their index in each sentence."""

    source: int
    target: int
    weight: float  # 0 to 1


def sentence_pairs(article: Article, source: str, target: str) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield the sentences of an article that translate each other in two languages."""
    documents = article.documents[source], article.documents[target]
    for unit in article.units:
        sides = [
            [each for index in unit.blocks.get(tag, ()) for each in _sentences(document.blocks[index], index, tag)]
            for document, tag in zip(documents, (source, target), strict=True)
        ]
        if not all(sides):
            continue
        if len(sides[0]) != len(sides[1]):
            sides = [[_joined(side)] for side in sides]
        for first, second in zip(*sides, strict=True):
            is_short = max(len(first.tokens), len(second.tokens)) <= _MAX_WORDS
            if is_short and not _is_copied(first.tokens, second.tokens):
                yield first, second


def _sentences(block: Block, index: int, tag: str) -> Iterator[Sentence]:
    if block.kind in VERBATIM_KINDS or block.kind == "html":
        return
    cells = [cell for row in block.rows for cell in row] or [block.spans]
    for cell in cells:
        text = "".join(_CODE if VERBATIM_STYLES & {*span.styles} else span.text for span in cell)
        for start, end in sentences(text, tag):
            if tokens := tokens_of(text[start:end], tag):
                yield Sentence(text[start:end], tokens, index)


def _joined(parts: Sequence[Sentence]) -> Sentence:
    tokens: list[Token] = []
    texts: list[str] = []
    offset = 0
    for part in parts:
        tokens += (each._replace(start=each.start + offset, end=each.end + offset) for each in part.tokens)
        texts.append(part.text)
        offset += len(part.text) + len(_CODE)
    return Sentence(_CODE.join(texts), tuple(tokens), parts[0].block)


def _is_copied(source: Sequence[Token], target: Sequence[Token]) -> bool:
    """Return True if a text is not translated."""
    first, second = ({token.spelling for token in tokens if token.is_content} for tokens in (source, target))
    return len(first & second) > _MAX_COMMON * min(len(first), len(second)) and len(first) > 1


@lru_cache(4096)  # the sentences of a source are asked for again for each language
def tokens_of(text: str, tag: str) -> tuple[Token, ...]:
    """Return the words of a sentence."""
    ignored = _function_words(tag)
    found = []
    for word in _words_of(text, tag):
        is_letter = len(word.spelling) == 1 and word.spelling < _FIRST_IDEOGRAPH
        is_content = (
            not is_letter
            and word.spelling not in ignored
            and not any(map(str.isdigit, word.spelling))
            and not _is_in_name(text, word.start, word.end)
        )
        root = stem(word.spelling, tag)
        is_run = is_unspaced(word) and len(root) > _PAIR
        parts = tuple(map("".join, pairwise(root))) if is_run else (root,)
        found.append(Token(word.start, word.end, word.spelling, root, is_content, parts))
    return tuple(found)


def _words_of(text: str, tag: str) -> Iterator[Word]:
    """Yield the words of a text; in Japanese, of which only pairs of letters are known, the runs of one script.

    What is written in hiragana is left out: few terms are.
    """
    if tag.partition("-")[0] != "ja":
        yield from words(text)
        return
    yield from (word for word in words(text) if not is_unspaced(word))
    for run in _JAPANESE_RUN.finditer(text):
        yield Word(*run.span(), run[0], fold(run[0]))


def _is_in_name(text: str, start: int, end: int) -> bool:
    """Return True if a word is part of a name or an address, such as `index.html` or `camelCase`."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before in _NO_WORD and before) or (after in _NO_WORD and after):
        return True
    if (after in _JOINS and text[end + 1 : end + 2].isalnum()) or (
        before in _JOINS and text[max(start - 2, 0)].isalnum()
    ):
        return bool(before or after)
    inner = text[start + 1 : end]
    return inner != inner.lower() and not inner.isupper()


@lru_cache(64)
def _function_words(tag: str) -> frozenset[str]:
    primary = tag.partition("-")[0]
    known = languages().get(primary)
    return frozenset(known.words if known else ()) | frozenset(function_words((primary,)))


def common_start(first: str, second: str) -> int:
    """Return how many letters are the same at the start of two words."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))


def link_words(source: Sequence[Token], target: Sequence[Token], weights: Weights) -> list[Link]:
    """Return the words that translate each other, each in one link, the most certain first."""
    candidates = []
    for here, word in enumerate(source):
        if not word.is_content:
            continue
        known = weights.get(word.stem, {})
        for there, other in enumerate(target):
            weight = max(known.get(part, 0.0) for part in other.parts)
            if word.spelling == other.spelling:
                weight = max(weight, SAME_WORD)
            if weight and other.is_content:
                distance = abs(here / len(source) - there / len(target))
                candidates.append((weight - _DISTANCE_PENALTY * distance, -here, -there, weight))
    candidates.sort(reverse=True)
    taken: tuple[set[int], set[int]] = (set(), set())
    links = []
    for _, here, there, weight in candidates:
        if -here not in taken[0] and -there not in taken[1]:
            taken[0].add(-here)
            taken[1].add(-there)
            links.append(Link(-here, -there, weight))
    return links
