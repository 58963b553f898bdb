"""Looking for something inside one article, in all its languages, as a search of the library would."""

from collections.abc import Iterator
from typing import NamedTuple

from relmgr_cli.index.database import Database
from relmgr_cli.index.vocabulary import library_languages
from relmgr_cli.library.articles import Article
from relmgr_cli.search.asking import ask_words
from relmgr_cli.search.marking import find_marks
from relmgr_cli.search.query import Query
from relmgr_cli.search.terms import Term, new_words, understand


class Place(NamedTuple):
    """A stretch of a block that was found."""

    language: str
    block: int  # index in the document
    start: int  # characters of the block's text
    end: int


def find_inside(catalogue: Database, article: Article, query: Query) -> Iterator[Place]:
    """Yield where the words of a query are in an article: themselves, their forms and their counterparts."""
    groups = tuple((term,) for term in _terms(catalogue, article, query))
    for language, document in article.documents.items():
        for index, block in enumerate(document.blocks):
            for mark in find_marks(block.text, language, groups):
                yield Place(language, index, mark.start, mark.end)


def _terms(catalogue: Database, article: Article, query: Query) -> Iterator[Term]:
    known = library_languages(catalogue)
    items = [item for place in query.decisive(known) for item in query.groups[place]]
    nearest = ask_words(catalogue, new_words(catalogue, items, known))
    for item in items:
        yield understand(catalogue, item, tuple(article.documents), known=known, nearest=nearest)
