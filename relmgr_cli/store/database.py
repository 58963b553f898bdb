"""The SQLite database of one library's index, with everything that was read from the files.

It is a cache. A file of another version or of another program, or a corrupt one, is replaced. If no file can be
created, the database is in memory and serves one command; if the file cannot be written, a copy in memory does.
"""

import os
import sqlite3
import zlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from relmgr_cli import messages
from relmgr_cli.filesystem import file_lock
from relmgr_cli.store.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    import tantivy

    from relmgr_cli.store.row_cache import RowCache

_TIMEOUT = 10  # seconds to wait for another process that is writing
_MAX_COPIED = 1 << 29  # bytes of a database that is copied into memory

T = TypeVar("T")
Progress = Callable[[int, int], None]  # steps done, steps in all

# What callers outside this package may catch: only relmgr_cli.store imports sqlite3.
DatabaseError = sqlite3.Error
DatabaseUnavailableError = sqlite3.OperationalError  # a full disk, or a writing process that takes too long
DatabaseMisusedError = sqlite3.ProgrammingError  # a connection that belongs to another thread


class IndexCorruptError(Exception):
    """A file of the index is corrupt; rebuilding it helps."""


class DatabaseCorruptError(IndexCorruptError):
    """The database is corrupt; the caller discards it."""


class IndexWriteError(sqlite3.OperationalError):
    """A file that belongs to the index cannot be written; the message says why."""


class Database:
    """A connection to a library's database, for one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None, notice: str = "") -> None:
        self.connection = connection
        self.path = path  # None when there is no file
        self.notice = notice  # why there is no file, or that it was rebuilt; "" normally
        self.may_copy = True  # to memory, where the file cannot be written
        self.is_copy = False  # in memory, because the file cannot be written
        self.cache_folder = path.parent.parent if path else None  # of the user; None if nothing can be written
        self.fulltexts_in_memory: dict[str, tantivy.Index] = {}  # by id, where they cannot be on disk
        self.row_cache: RowCache | None = None  # of a process that answers many requests

    @property
    def folder(self) -> Path | None:
        """Where the other files of the index are; None if nothing can be written."""
        return self.path.parent if self.path and not self.is_copy else None

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        with _detect_corruption():
            return self.connection.execute(query, parameters).fetchall()

    def value(self, query: str, parameters: Sequence[Any] = (), default: Any = None) -> Any:
        """Return the first value of the first row of a query; `default` if there is no row."""
        rows = self.rows(query, parameters)
        return rows[0][0] if rows else default

    def made_of(self, make: Callable[..., T], *stored: Hashable) -> T:
        """Return what a function makes of stored values, or has made before if that is kept; nobody may change it."""
        return make(*stored) if self.row_cache is None else self.row_cache.get(make, *stored)

    def get(self, key: str) -> Any:
        """Return a value of the table `meta`; None if it has no such key."""
        return self.value("SELECT value FROM meta WHERE key = ?", (key,))

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def reconnect(self) -> "Database":
        """Return a second connection to the same file, for another thread."""
        if self.path is None:
            raise ValueError
        return Database(_connect(self.path), self.path)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read from one snapshot of the database, whatever other processes write."""
        if self.connection.in_transaction:
            yield
            return
        with _detect_corruption():
            self.connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                self.connection.execute("COMMIT")

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database, except what other processes still need."""
        if self.folder:
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the body as one transaction, the only one that writes; roll it back on any exception."""
        with _detect_corruption():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def copy_to_memory(self) -> None:
        """Continue on a copy in memory. Raises sqlite3.OperationalError if the file cannot be read either."""
        if self.connection.in_transaction:
            self.connection.rollback()
        copy = _connect(":memory:")
        try:
            self.connection.backup(copy, progress=_refuse_to_wait)
        except BaseException:
            copy.close()
            raise
        self.connection.close()
        self.connection = copy
        self.is_copy = True


def library_key(roots: Sequence[Path]) -> str:
    """Return a file name that identifies a library: a readable part and a checksum of its folders."""
    folders = [os.path.abspath(root) for root in roots]
    checksum = zlib.crc32(os.fsencode(os.pathsep.join(folders)))
    name = "".join(c if c.isalnum() else "-" for c in os.path.basename(folders[0]))[:40] or "root"
    return f"{name}-{checksum:08x}"


def open_database(cache_folder: Path | None, roots: Sequence[Path]) -> Database:
    """Open the database of a library; create it if there is no file or one that cannot be used.

    Never raises: if the cache folder cannot be written, the database is in memory.
    """
    if cache_folder is None:
        return in_memory(messages.NO_HOME_FOLDER)
    folder = cache_folder / library_key(roots)
    path = folder / f"index-v{SCHEMA_VERSION}.db"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _open(path) or _create(path)
    except (OSError, sqlite3.DatabaseError) as error:
        return in_memory(messages.INDEX_IN_MEMORY.fill(folder=folder, reason=getattr(error, "strerror", None) or error))


def in_memory(notice: str = "", *, cache_folder: Path | None = None) -> Database:
    """Return an empty database that lives as long as its connection; `cache_folder` is for other caches."""
    connection = _connect(":memory:")
    connection.executescript(TABLES)
    database = Database(connection, notice=notice)
    database.cache_folder = cache_folder
    return database


def with_memory_fallback(database: Database, work: Callable[[], T], warn: Callable[[str], None] | None = None) -> T:
    """Return the result of work that writes to the database; if it fails, repeat it on a copy in memory.

    `warn` is then called with the reason. Raises sqlite3.OperationalError if the copy fails too.
    """
    try:
        return work()
    except sqlite3.OperationalError as error:
        if (
            not (database.folder and database.may_copy)
            or database.path is None
            or os.path.getsize(database.path) > _MAX_COPIED
        ):
            raise
        reason = messages.INDEX_NOT_WRITTEN.fill(folder=database.folder, reason=error)
    database.copy_to_memory()
    if warn:
        warn(reason)
    return work()


def discard(path: Path) -> None:
    """Delete a database that cannot be used, while no other process creates or deletes one."""
    with file_lock(path.parent / "lock", _TIMEOUT):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        os.rename(path, f"{path}.{os.getpid()}")  # not created by relmgr
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")


def _connect(path: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)


def _open(path: Path) -> Database | None:
    """Open a database; return None if there is no file that can be used."""
    if not path.is_file():
        return None
    connection = _connect(path)
    try:
        if _is_ours(connection):
            return Database(connection, path)
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _create(path: Path) -> Database:
    """Replace what is there by a new database, unless another process has just done that."""
    with file_lock(path.parent / "lock", _TIMEOUT):
        if existing := _open(path):
            return existing
        notice = messages.INDEX_REBUILT if path.exists() and path.stat().st_size else ""
        _remove(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = _connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(
                f"BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION_ID};"
                f" PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        except BaseException:  # a full disk: an incomplete database would count as corrupt
            connection.close()
            _remove(path)
            raise
        return Database(connection, path, notice)


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Return True for a database that this version of relmgr created; False for others and for corrupt files."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if is_corruption(error):
            return False
        raise
    return bool((application, version) == (APPLICATION_ID, SCHEMA_VERSION))


def _refuse_to_wait(status: int, _remaining: int, _total: int) -> None:
    """Raise if another process locks the database; Python's backup would wait forever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")


@contextmanager
def _detect_corruption() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_corruption(error):
            raise DatabaseCorruptError from error
        raise
    except UnicodeDecodeError as error:  # bytes in a text column
        raise DatabaseCorruptError from error


def is_corruption(error: sqlite3.DatabaseError) -> bool:
    """Return True if the file is corrupt or lacks our tables, False if it is busy or the disk is full."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return str(error).startswith("Could not decode")
    missing = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such ")
    unreadable = code in (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
    return missing or unreadable or code & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
