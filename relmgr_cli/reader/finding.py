"""What the reader asks the search: matches in an article, hits in the library, the counterpart of a word.

The three functions are all that the reader knows of it. They run beside the interface, in a thread with a connection
to the catalogue of its own, and may take their time.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from relmgr_cli.index.catalogue import Catalogue
from relmgr_cli.index.queries import list_articles, load_article, section_headings
from relmgr_cli.languages.folding import fold
from relmgr_cli.library.articles import Article, ArticleSection

_MOST_HITS = 50
_LONGEST_TEXT = 400  # characters of a hit


class Match(NamedTuple):
    """A stretch of a block's text that answers a query."""

    language: str
    block: int
    start: int  # characters of the block's text
    end: int


class Hit(NamedTuple):
    """A section that answers a query."""

    article: int  # its number
    section: str  # its number
    title: str
    heading: str
    language: str
    text: str  # a piece of what it says


def find_matches(catalogue: Catalogue, article: Article, query: str) -> tuple[Match, ...]:
    """Return where a query is answered in an article, in all languages, in the order of each document."""
    del catalogue  # whoever finds forms and counterparts needs it
    wanted = [re.escape(fold(word)) for word in query.split()]
    if not wanted:
        return ()
    pattern = re.compile(r"\s+".join(wanted))
    return tuple(
        Match(language, index, start, end)
        for language, document in article.documents.items()
        for index, block in enumerate(document.blocks)
        for start, end in _matches(pattern, block.text)
    )


def search_library(catalogue: Catalogue, query: str, languages: Sequence[str]) -> tuple[Hit, ...]:
    """Return the sections of the library that answer a query, best first; `languages` are the reader's, best first."""
    wanted = fold(query).split()
    found: list[Hit] = []
    if not wanted:
        return ()
    for summary in list_articles(catalogue):
        article = load_article(catalogue, summary.number)
        language = next((each for each in languages if each in article.documents), summary.languages[0])
        for section in article.sections:
            headings = section_headings(article, section)
            texts = [*headings.values(), *(summary.title(each) for each in summary.languages)]
            if headings and all(any(word in fold(text) for text in texts) for word in wanted):
                heading = headings.get(language) or next(iter(headings.values()))
                text = _beginning(article, section, language)
                found.append(Hit(summary.number, section.number, summary.title(language), heading, language, text))
            if len(found) >= _MOST_HITS:
                return tuple(found)
    return tuple(found)


def counterpart_of(catalogue: Catalogue, text: str, word: tuple[int, int], others: str) -> tuple[int, int] | None:
    """Return where the counterpart of a word of `text` stands in `others`, the same block in another language."""
    del catalogue, text, word, others  # whoever plugs the word lens in needs them
    return None


def _beginning(article: Article, section: ArticleSection, language: str) -> str:
    document = article.documents[language]
    if language not in section.places:
        return ""
    place = document.sections[section.places[language]]
    return " ".join(block.text for block in document.blocks[place.start + 1 : place.end])[:_LONGEST_TEXT]


class _Folds(dict[int, str]):
    """What `str.translate` makes of each character; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold(chr(code))
        return folded


@cache
def _folds() -> _Folds:
    return _Folds()


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where the folded text matches, in characters of the text itself."""
    folded = text.translate(_folds())
    if len(folded) == len(text):
        yield from (match.span() for match in pattern.finditer(folded))
        return
    origins = [index for index, character in enumerate(text) for _ in _folds()[ord(character)]]
    origins.append(len(text))
    for match in pattern.finditer(folded):
        yield origins[match.start()], origins[match.end() - 1] + 1
