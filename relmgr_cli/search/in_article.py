"""Search inside one article, in all its languages.

The query matches as typed, even inside a word, and each of its words as in a search of the library.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.languages.normalization import fold
from relmgr_cli.search.expansion import Term, expand_term, out_of_vocabulary, translate_words
from relmgr_cli.search.matching import find_matches, joined
from relmgr_cli.search.query import Query, parse_query
from relmgr_cli.store.database import Database
from relmgr_cli.store.name_lookup import library_languages

if TYPE_CHECKING:
    from relmgr_cli.search.regex_matching import RegexMatcher


class BlockMatch(NamedTuple):
    """A span of a block's text that matches a query."""

    language: str
    block: int  # index in the document
    start: int  # characters of the block's text
    end: int


def find_in_article(database: Database, article: Article, query: str) -> tuple[BlockMatch, ...]:
    """Return where a query matches in an article, in all languages, in the order of each document.

    It matches where its letters are, ignoring case and accents, even inside a word, and where its words, their forms or
    translations are.
    """
    typed = [re.escape(fold(word)) for word in query.split()]
    if not typed:
        return ()
    pattern = re.compile(r"\s+".join(typed))
    letters = (
        BlockMatch(language, index, start, end)
        for language, document in article.documents.items()
        for index, block in enumerate(document.blocks)
        for start, end in find_folded(pattern, block.text)
    )
    return _without_overlaps([*letters, *_find_words(database, article, parse_query(query))])


def find_pattern_in_article(article: Article, matcher: "RegexMatcher") -> tuple[BlockMatch, ...]:
    """Return where a regular expression matches in an article, in all languages; closes the matcher.

    Raises PatternInvalidError or PatternSlowError.
    """
    found: list[BlockMatch] = []
    try:
        matcher.compile()
        for language, document in article.documents.items():
            for index, ranges in enumerate(matcher.find([block.text for block in document.blocks])):
                found += (BlockMatch(language, index, start, end) for start, end in ranges)
    finally:
        matcher.close()
    return tuple(found)


def _without_overlaps(matches: Iterable[BlockMatch]) -> tuple[BlockMatch, ...]:
    """Return the matches in order, of those that overlap the first and longest."""
    found: list[BlockMatch] = []
    for match in sorted(matches, key=lambda match: (match.language, match.block, match.start, -match.end)):
        last = found[-1] if found else None
        if last and (last.language, last.block) == (match.language, match.block) and match.start < last.end:
            continue
        found.append(match)
    return tuple(found)


def _find_words(database: Database, article: Article, query: Query) -> Iterator[BlockMatch]:
    """Yield where the words of a query are in an article: themselves, their forms and their translations."""
    groups = tuple((term,) for term in _terms(database, article, query))
    for language, document in article.documents.items():
        for index, block in enumerate(document.blocks):
            for match in joined(find_matches(block.text, language, groups)):
                yield BlockMatch(language, index, match.start, match.end)


def _terms(database: Database, article: Article, query: Query) -> Iterator[Term]:
    known = library_languages(database)
    items = [item for index in query.decisive(known) for item in query.groups[index]]
    nearest = translate_words(database, out_of_vocabulary(database, items, known))
    for item in items:
        yield expand_term(database, item, tuple(article.documents), known=known, nearest=nearest)


class _Folds(dict[int, str]):
    """The folded form of each character for `str.translate`; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, fold(chr(code)))


_FOLDS = _Folds()


def find_folded(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a pattern matches the folded text, as spans of the text itself."""
    folded = text.translate(_FOLDS)
    if len(folded) == len(text):
        yield from (match.span() for match in pattern.finditer(folded))
        return
    origins = [index for index, character in enumerate(text) for _ in _FOLDS[ord(character)]]
    origins.append(len(text))
    for match in pattern.finditer(folded):
        yield origins[match.start()], origins[match.end() - 1] + 1
