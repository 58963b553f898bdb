"""Finds the matches of a query in one article, in all its languages, with the expansion of a library search."""

from collections.abc import Iterator
from typing import NamedTuple

from relmgr_cli.index.catalogue import Catalogue
from relmgr_cli.index.vocabulary import library_languages
from relmgr_cli.library.article import Article
from relmgr_cli.search.expansion import Term, expand_term, out_of_vocabulary, translate_words
from relmgr_cli.search.matching import find_matches
from relmgr_cli.search.query import Query


class BlockMatch(NamedTuple):
    """A range of a block that matches a query."""

    language: str
    block: int  # index in the document
    start: int  # characters of the block's text
    end: int


def find_in_article(catalogue: Catalogue, article: Article, query: Query) -> Iterator[BlockMatch]:
    """Yield where the words of a query are in an article: themselves, their other forms and their translations."""
    groups = tuple((term,) for term in _terms(catalogue, article, query))
    for language, document in article.documents.items():
        for index, block in enumerate(document.blocks):
            for match in find_matches(block.text, language, groups):
                yield BlockMatch(language, index, match.start, match.end)


def _terms(catalogue: Catalogue, article: Article, query: Query) -> Iterator[Term]:
    known = library_languages(catalogue)
    items = [item for index in query.decisive(known) for item in query.groups[index]]
    nearest = translate_words(catalogue, out_of_vocabulary(catalogue, items, known))
    for item in items:
        yield expand_term(catalogue, item, tuple(article.documents), known=known, nearest=nearest)
