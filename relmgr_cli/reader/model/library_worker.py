"""The reader's access to its library, in three threads.

A SQLite connection belongs to the thread that opened it, and reading, aligning and embedding must not block the
interface. So one thread opens the library, loads articles and keeps the library in sync with its files, one task after
the other. A second one, with its own connection, searches and translates words without waiting for articles that the
first one aligns. A third one reads the history in git, which may take seconds. When two write, SQLite makes one wait.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple, ParamSpec, TypeVar

from relmgr_cli import messages
from relmgr_cli.core.library import Library
from relmgr_cli.corpus.article import Article, ArticleSection, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import RelmgrError
from relmgr_cli.filesystem import file_status
from relmgr_cli.layout.parallel import Row
from relmgr_cli.reader.model.rows import all_rows
from relmgr_cli.store.article_builder import align_article
from relmgr_cli.store.articles import ArticleRows as LoadedRows
from relmgr_cli.store.articles import (
    ArticleSummary,
    article_from_rows,
    is_aligned,
    list_articles,
    load_article_rows,
    load_document,
)
from relmgr_cli.store.database import DatabaseError, IndexCorruptError
from relmgr_cli.store.health import load_states
from relmgr_cli.store.name_lookup import article_id, languages_of
from relmgr_cli.store.row_cache import RowCache

P = ParamSpec("P")
T = TypeVar("T")
States = Mapping[str, Mapping[str, str]]  # see `Article.states`

_CACHE_SIZE = 16 << 20  # bytes of documents as stored
_MAX_SYNC_BLOCKS = 300  # an article with more is shown before it is aligned


class IndexUnavailableError(RelmgrError):
    """The index has become unusable while the reader runs."""

    def __init__(self, reason: str) -> None:
        super().__init__(messages.INDEX_LOST.fill(reason=reason))


class OpenArticle(NamedTuple):
    """The open article."""

    number: int
    article: Article
    rows: tuple[Row, ...]
    languages: tuple[str, ...]  # of all its translations, also those that are not loaded yet
    is_final: bool  # False until it is aligned


class LibraryWorker:
    """An open library and the threads that use it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "library")
        self._query_thread = ThreadPoolExecutor(1, "queries")
        self._history_thread = ThreadPoolExecutor(1, "history")
        self._loaded: tuple[LoadedRows, OpenArticle] | None = None  # the article that was aligned last
        self._query_library: Library | None = None  # the same library through the connection of the second thread
        self.library: Library  # set when it has been opened in the library's thread

    def run_sync(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in the library's thread and wait for it; only before the interface starts."""
        return self._thread.submit(function, *args, **kwargs).result()

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Run a function in the library's thread without blocking the interface. Raises RelmgrError."""
        return await _run(self._thread, function, *args)

    async def run_query(self, function: Callable[..., T], *args: object) -> T:
        """Run a function on the library without waiting for the library's thread.

        A library in memory has only one connection, so it does wait there. Raises RelmgrError.
        """
        if self.library.database.path is None:
            return await _run(self._thread, function, self.library, *args)
        return await _run(self._query_thread, self._query, function, *args)

    def _query(self, function: Callable[..., T], *args: object) -> T:
        if self._query_library is None:
            self._query_library = self.library._replace(database=self.library.database.reconnect())
        return function(self._query_library, *args)

    async def judge(self, number: int) -> tuple[States, str]:
        """Return which sections of an article are not up to date, and why that is not known or ""; see `update_states`.

        Raises RelmgrError.
        """
        if self.library.database.path is None:  # it has only one connection
            return {}, messages.NO_GIT_HISTORY.fill(reason=messages.NOT_IN_GIT)
        return await _run(self._history_thread, self._judge, number)

    def _judge(self, number: int) -> tuple[States, str]:
        from relmgr_cli.core.translation_status import unavailable_history, update_states

        with closing(self.library.database.reconnect()) as database:
            history = update_states(self.library._replace(database=database), frozenset([number]))
            reason = messages.NO_GIT_HISTORY.fill(reason=messages.NOT_IN_GIT)
            return load_states(database, number), unavailable_history(history) if history else reason

    def close(self) -> None:
        """Close the connections when the threads have finished; does not wait for them."""
        self._history_thread.shutdown(wait=False)
        for thread, name in ((self._thread, "library"), (self._query_thread, "_query_library")):
            thread.submit(self._disconnect, name)
            thread.shutdown(wait=False)

    def _disconnect(self, name: str) -> None:
        library = getattr(self, name, None)
        if library is not None:
            library.database.close()

    # These run in the library's thread.

    def open(self, number: int, language: str) -> OpenArticle:
        """Return an article; a long one that has never been aligned in one language only.

        Raises LibraryChangedError.
        """
        database = self.library.database
        # Its documents are needed to show it, to align it and to show it again.
        database.row_cache = RowCache(_CACHE_SIZE)
        languages = languages_of(database, number)
        if len(languages) > 1 and not is_aligned(database, number):
            document = load_document(database, number, language)
            if document is not None and len(document.blocks) > _MAX_SYNC_BLOCKS:
                article = single_language_article(document, article_id(database, number))
                return OpenArticle(number, article, all_rows(article), languages, is_final=False)
        return self.open_aligned(number)

    def open_aligned(self, number: int, *, by_meaning: bool = False) -> OpenArticle:
        """Return an article with its sections and blocks aligned; `by_meaning` uses embeddings.

        If nothing in the database has changed since the last time, that costs next to nothing: keys that are pressed
        during the alignment ask for it again. Raises LibraryChangedError.
        """
        database = self.library.database
        align_article(database, number, with_embeddings=by_meaning)
        rows = load_article_rows(database, number)
        if self._loaded is None or self._loaded[0] != rows:
            article = article_from_rows(rows, database.made_of)
            opened = OpenArticle(number, article, all_rows(article), tuple(article.documents), is_final=True)
            self._loaded = rows, opened
        opened = self._loaded[1]
        return opened._replace(number=number, article=opened.article._replace(states=load_states(database, number)))

    def pair_article(self, number: int) -> bool:
        """Look for translations of an article without any, by content; return True if it looked."""
        return len(languages_of(self.library.database, number)) == 1 and self.library.pair_semantically()

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return all articles of the library, after an update from its files."""
        self.library.refresh()
        return list_articles(self.library.database)


async def _run(thread: ThreadPoolExecutor, function: Callable[..., T], *args: object) -> T:
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, function, *args)
    except (DatabaseError, IndexCorruptError) as error:
        raise IndexUnavailableError(str(error)) from error


def single_language_article(document: Document, name: str) -> Article:
    """Return a document as an article in one language, with `name` as its id."""
    language = document.language
    sections = tuple(ArticleSection(s.number, s.level, {language: index}) for index, s in enumerate(document.sections))
    units = tuple(
        TranslationUnit(section.number, {language: (block,)})
        for section in document.sections
        for block in range(section.start, section.end)
    )
    return Article(name, {language: document}, sections, units, None, "alone")


def file_path(document: Document) -> str:
    """Return the path of a document's file."""
    return os.path.join(document.root, document.path)


def file_paths(article: Article) -> tuple[str, ...]:
    """Return the paths of an article's files."""
    return tuple(map(file_path, article.documents.values()))


def files_status(paths: Sequence[str]) -> tuple[str, ...]:
    """Return a value that changes when the files or their folders change."""
    folders = {os.path.dirname(path) for path in paths}
    return tuple(file_status(path) for path in (*paths, *sorted(folders)))
