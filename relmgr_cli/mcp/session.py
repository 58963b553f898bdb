"""A library that stays open: kept in sync with its files, opened again when its index was lost.

A SQLite connection belongs to the thread that opened it. So everything is done in one thread, one call after the other.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple, TypeVar

from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library, QuietReporter
from relmgr_cli.errors import RelmgrError
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.database import Database, DatabaseCorruptError, DatabaseError, IndexCorruptError, discard
from relmgr_cli.store.row_cache import RowCache

T = TypeVar("T")
_CACHE_SIZE = 3 << 20  # bytes as stored; about twelve times as many in memory
_MAX_ATTEMPTS = 5  # while another process changes the library or its index


class EngineError(Exception):
    """The full-text engine has failed with an error that is no Exception; the cause is that error."""


class NoteCollector(QuietReporter):
    """Collects the notes that belong to one answer."""

    def __init__(self, on_articles_changed: Callable[[], None]) -> None:
        self.notes: list[str] = []
        self._on_articles_changed = on_articles_changed

    def note(self, message: str) -> None:
        """Add a note, once."""
        if message not in self.notes:
            self.notes.append(message)

    def on_articles_changed(self) -> None:
        """Invalidate what other commands have cached."""
        self._on_articles_changed()


class _Index(NamedTuple):
    """An open library, and the file of its index when it was opened."""

    library: Library
    file: tuple[int, int] | None  # device and inode; None in memory

    @property
    def is_current(self) -> bool:
        """Whether no other process has deleted or replaced the file since."""
        return self.library.database.is_copy or self.file == _file_of(self.library)


class LibrarySession:
    """An open library and the thread that uses it.

    `open_library` opens and syncs it; it is called in that thread, with the first call, and again when the index was
    lost. It adds the database to `databases` before it reads from it.
    """

    def __init__(
        self,
        open_library: Callable[[], Library],
        databases: list[Database],
        settings: Settings,
        on_articles_changed: Callable[[], None],
    ) -> None:
        self.settings = settings
        self._open_library = open_library
        self._databases = databases
        self._on_articles_changed = on_articles_changed
        self._thread = ThreadPoolExecutor(1, "library")
        self._index: _Index | None = None

    async def run(self, function: Callable[[Library], T]) -> tuple[T, list[str]]:
        """Return what a function makes of the library, and the notes about it.

        Raises RelmgrError, DatabaseError, IndexCorruptError, EngineError, and what the function raises besides.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, function)

    def open_early(self) -> None:
        """Begin to open the library, so that the first call finds it open; an error is reported by that call."""
        self._thread.submit(self._open_quietly)

    def close(self) -> None:
        """Close the library when the thread has finished; does not wait for it."""
        with suppress(RuntimeError):  # closed before
            self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    # These run in the library's thread.

    def _open_quietly(self) -> None:
        with suppress(RelmgrError, DatabaseError, IndexCorruptError, OSError):
            self._synced()

    def _call(self, function: Callable[[Library], T]) -> tuple[T, list[str]]:
        try:
            return self._attempt(function)
        except Exception:
            raise
        except BaseException as error:  # a panic would end the event loop
            raise EngineError from error

    def _attempt(self, function: Callable[[Library], T]) -> tuple[T, list[str]]:
        for attempts_left in reversed(range(_MAX_ATTEMPTS)):
            generation = None
            try:
                library = self._synced()
                reporter = NoteCollector(self._on_articles_changed)
                generation = library.database.get("articles_version")
                return function(library._replace(reporter=reporter)), reporter.notes
            except IndexCorruptError as error:
                if not attempts_left:
                    raise
                self._discard(is_database_corrupt=isinstance(error, DatabaseCorruptError))
            except (LibraryChangedError, LookupError, ValueError):
                if not attempts_left or not self._has_changed(generation):
                    raise
        raise AssertionError  # the last attempt returns or raises

    def _has_changed(self, generation: object) -> bool:
        """Return True if another process has updated the articles since."""
        return self._index is not None and self._index.library.database.get("articles_version") != generation

    def _synced(self) -> Library:
        """Return the library in sync with its files; opened again if the file of its index is another one now."""
        if self._index is not None and self._index.is_current:
            self._index.library.refresh()
            return self._index.library
        self._close()
        library = self._open_library()
        library.database.row_cache = RowCache(_CACHE_SIZE)
        self._index = _Index(library, _file_of(library))
        return library

    def _discard(self, *, is_database_corrupt: bool) -> None:
        """Close the library, to open it again with a new index."""
        paths = {database.path for database in self._databases if database.path is not None}
        self._close()
        for path in paths if is_database_corrupt else ():
            discard(path)

    def _close(self) -> None:
        for database in self._databases:
            database.close()
        self._databases.clear()
        self._index = None


def _file_of(library: Library) -> tuple[int, int] | None:
    """Return what identifies the file of the index; None if it is in memory or does not exist."""
    if library.database.path is None:
        return None
    try:
        status = os.stat(library.database.path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
