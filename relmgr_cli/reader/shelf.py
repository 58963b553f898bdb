"""The library as the reader sees it: whatever touches the catalogue happens beside the interface.

SQLite's connections belong to the thread that made them, and reading, aligning and encoding must not hold up the
interface. So one thread opens the catalogue, asks it and keeps it up to date with the files, in turn. A second one,
with a connection of its own, searches and finds counterparts without waiting for what the first is aligning; before a
search it brings the full text and, where few are missing, the vectors in step. When both write, SQLite lets one wait.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from relmgr_cli.errors import RelmgrError
from relmgr_cli.index.catalogue import Catalogue, CatalogueDamagedError
from relmgr_cli.index.grouping import meaning_costs, meaning_is_pending, pair_by_meaning
from relmgr_cli.index.lookup import languages_of
from relmgr_cli.index.queries import ArticleSummary, list_articles, load_article
from relmgr_cli.index.rows import DOCUMENT_COLUMNS, read_document
from relmgr_cli.index.sync import sync
from relmgr_cli.library.article import Article, ArticleSection, TranslationUnit
from relmgr_cli.library.document import Document
from relmgr_cli.library.files import status_of
from relmgr_cli.reader.sheet import all_rows
from relmgr_cli.render.parallel import Row

P = ParamSpec("P")
T = TypeVar("T")

_QUICK = 300  # blocks; an article with fewer is aligned before it is shown
_PATIENCE_SECONDS = 10  # to wait for another process that is writing
_PATIENCE = 1000  # passages that may be encoded unasked, some seconds' work


class LibraryLostError(RelmgrError):
    """The index cannot be used any more."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot use the index: {reason}; what was read stays")


class Opened(NamedTuple):
    """An article that is being read."""

    number: int
    article: Article
    rows: tuple[Row, ...]
    languages: tuple[str, ...]  # it exists in
    is_final: bool  # False while it waits to be aligned


class Shelf:
    """An open library and the thread that it belongs to."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "library")
        self._questions = ThreadPoolExecutor(1, "questions")
        self._second: Catalogue | None = None  # the connection of the second thread
        self.catalogue: Catalogue
        self.roots: tuple[Path, ...] = ()
        self._only: frozenset[str] | None = None

    def wait(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in the library's thread and wait for it; for what comes before the interface."""
        return self._thread.submit(function, *args, **kwargs).result()

    async def ask(self, function: Callable[..., T], *args: object) -> T:
        """Run a function in the library's thread; the interface goes on. Raises RelmgrError."""
        return await _run(self._thread, function, *args)

    async def look_up(self, function: Callable[..., T], *args: object) -> T:
        """Run a function that searches a catalogue, its first argument, without waiting for what is being aligned.

        That is in the second thread; but a catalogue in memory has only one connection. Raises RelmgrError.
        """
        if self.catalogue.path is None:
            return await _run(self._thread, function, self.catalogue, *args)
        return await _run(self._questions, self._with_second, function, *args)

    def _with_second(self, function: Callable[..., T], *args: object) -> T:
        if self._second is None:
            connection = sqlite3.connect(self.catalogue.path or "", timeout=_PATIENCE_SECONDS, isolation_level=None)
            self._second = Catalogue(connection, self.catalogue.path)
        return function(self._second, *args)

    def close(self) -> None:
        """Let the threads end when they have done what they are at."""
        for thread, catalogue in ((self._thread, "catalogue"), (self._questions, "_second")):
            thread.submit(self._disconnect, catalogue)
            thread.shutdown(wait=False)

    def _disconnect(self, name: str) -> None:
        catalogue = getattr(self, name, None)
        if catalogue is not None:
            catalogue.close()

    def attach(self, catalogue: Catalogue, roots: Sequence[Path], *, is_single: bool) -> None:
        """Take over a catalogue that was opened in the library's thread.

        `is_single` says that it holds only the files that were named, whatever else lies beside them.
        """
        self.catalogue = catalogue
        self.roots = tuple(roots)
        if is_single:
            rows = catalogue.rows("SELECT path FROM documents")
            self._only = frozenset(os.fsdecode(path) for (path,) in rows)

    # What runs in the library's thread.

    def open(self, number: int, language: str) -> Opened:
        """Return an article; a long one that was never aligned comes in one language first."""
        ((name, known),) = self.catalogue.rows("SELECT id, sections FROM articles WHERE number = ?", (number,))
        languages = languages_of(self.catalogue, number)
        if known is None and len(languages) > 1:
            document = self._document(number, language)
            if document is not None and len(document.blocks) > _QUICK:
                article = article_of(document)._replace(id=name)
                return Opened(number, article, all_rows(article), languages, is_final=False)
        return self.open_aligned(number)

    def open_aligned(self, number: int, *, by_meaning: bool = False) -> Opened:
        """Return an article with its sections and blocks aligned, with the encoder's help if that is wanted."""
        article = load_article(self.catalogue, number, by_meaning=by_meaning)
        return Opened(number, article, all_rows(article), tuple(article.documents), is_final=True)

    def refresh(self) -> None:
        """Bring the catalogue up to date with the files."""
        try:
            sync(self.catalogue, self.roots, None, self._only)
        except (RelmgrError, sqlite3.Error, OSError):
            return  # a library that is not there just now: what was read stays

    def number_of(self, document: Document) -> int | None:
        """Return the number of the article that a file is part of; None when it is gone."""
        key = (os.fsencode(document.root), os.fsencode(document.path))
        rows = self.catalogue.rows("SELECT article FROM documents WHERE root = ? AND path = ?", key)
        return rows[0][0] if rows else None

    def is_small(self) -> bool:
        """Tell whether there is but one article."""
        return bool(self.catalogue.rows("SELECT count(*) FROM articles") == [(1,)])

    def pair_alone(self, number: int) -> bool:
        """Ask the encoder about documents that stand alone, this article's among them; tell whether it was asked."""
        if len(languages_of(self.catalogue, number)) > 1 or not meaning_is_pending(self.catalogue):
            return False
        if meaning_costs(self.catalogue) > _PATIENCE:
            return False
        pair_by_meaning(self.catalogue)
        return True

    def articles(self) -> tuple[ArticleSummary, ...]:
        """Return all articles of the library as its files are now."""
        self.refresh()
        return list_articles(self.catalogue)

    def _document(self, number: int, language: str) -> Document | None:
        query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE article = ? AND language = ?"  # noqa: S608 (constants)
        rows = self.catalogue.rows(query, (number, language))
        return read_document(rows[0]) if rows else None


async def _run(thread: ThreadPoolExecutor, function: Callable[..., T], *args: object) -> T:
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, function, *args)
    except (sqlite3.Error, CatalogueDamagedError) as error:
        raise LibraryLostError(str(error)) from error


def article_of(document: Document) -> Article:
    """Return a document as an article of one language, which needs no aligning."""
    language = document.language
    sections = tuple(
        ArticleSection(section.number, section.level, {language: index})
        for index, section in enumerate(document.sections)
    )
    units = tuple(
        TranslationUnit(section.number, {language: (block,)})
        for section in document.sections
        for block in range(section.start, section.end)
    )
    return Article("", {language: document}, sections, units, None, "alone")


def files_of(article: Article) -> tuple[str, ...]:
    """Return the paths of an article's files."""
    return tuple(os.path.join(document.root, document.path) for document in article.documents.values())


def state_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return what tells whether files, or the folders they lie in, have changed."""
    folders = {os.path.dirname(path) for path in paths}
    return tuple(_status(path) for path in (*paths, *sorted(folders)))


def _status(path: str) -> str:
    try:
        return status_of(os.stat(path))
    except OSError:
        return ""
