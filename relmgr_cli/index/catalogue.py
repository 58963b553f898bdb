"""The catalogue: a SQLite database with everything that was read from the files of one library.

It is a cache. Whatever is wrong with it (another version, another program's file, damage) means a new one,
never a wrong answer; and where none can be kept on disk, one in memory serves the same command.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.errors import Problem

_APPLICATION_ID = 0x52454C4D  # "RELM"
_SCHEMA_VERSION = 1

# Paths are bytes: a file name need not be valid UTF-8, and SQLite's text must be. Texts that come from
# files are JSON in bytes for the same reason.
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    root BLOB NOT NULL, path BLOB NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
    read_ns INTEGER NOT NULL,  -- when it was read: a change in the same instant would go unseen
    article INTEGER,           -- NULL when the file could not be read as text
    language TEXT,
    about BLOB, content BLOB, problems BLOB NOT NULL,
    UNIQUE (root, path)
);
CREATE INDEX documents_of_article ON documents (article);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,  -- in `relmgr list`
    id TEXT NOT NULL UNIQUE,
    paired_by TEXT NOT NULL, highlights TEXT,
    sections BLOB NOT NULL, beads BLOB NOT NULL
);
INSERT INTO meta VALUES ('generation', 0);
"""


class Catalogue(NamedTuple):
    """An open catalogue."""

    connection: sqlite3.Connection
    path: Path | None  # None for one in memory
    notice: str = ""  # why it is not on disk, or that it was rebuilt; "" when all is as usual

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        return self.connection.execute(query, parameters).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Do everything inside as one transaction that no other process writes in."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def catalogue_folder(cache_folder: Path, roots: Sequence[Path]) -> Path:
    """Return the folder for the index of one library."""
    return cache_folder / catalogue_key(roots)


def catalogue_key(roots: Sequence[Path]) -> str:
    """Return what tells one library from another: a readable name and a check sum of its folders."""
    places = [os.path.abspath(root) for root in roots]
    key = zlib.crc32(os.fsencode(os.pathsep.join(places)))
    name = "".join(c if c.isalnum() else "-" for c in os.path.basename(places[0]))[:40] or "root"
    return f"{name}-{key:08x}"


def open_catalogue(cache_folder: Path | None, roots: Sequence[Path]) -> Catalogue:
    """Return the catalogue of a library, new where there is none yet or the old one cannot be used.

    Never raises: when the cache folder cannot be written to, the catalogue is in memory.
    """
    if cache_folder is None:
        return in_memory("there is no home folder to keep an index in")
    folder = catalogue_folder(cache_folder, roots)
    path = folder / f"catalogue-v{_SCHEMA_VERSION}.db"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return _open_on_disk(path)
    except OSError as error:
        return in_memory(f"cannot keep an index in {folder}: {error.strerror}")
    except sqlite3.DatabaseError as error:
        return in_memory(f"cannot keep an index in {folder}: {error}")


def in_memory(notice: str = "") -> Catalogue:
    """Return an empty catalogue that lives as long as the process."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(_SCHEMA)
    return Catalogue(connection, None, notice)


def _open_on_disk(path: Path) -> Catalogue:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        state = _state(connection)
    except sqlite3.DatabaseError as error:
        if _is_environment(error):
            connection.close()
            raise
        state = "damaged"
    if state == "ours":
        return Catalogue(connection, path)
    if state == "empty":
        _create(connection)
        return Catalogue(connection, path)
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")
    fresh = sqlite3.connect(path, timeout=10, isolation_level=None)
    _create(fresh)
    return Catalogue(fresh, path, f"the index was {state} and is built anew")


def _is_environment(error: sqlite3.DatabaseError) -> bool:
    """Tell a fault of the surroundings (busy, read-only, full) from a damaged file."""
    damaged = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
    return (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_CORRUPT) & 0xFF not in damaged


def _state(connection: sqlite3.Connection) -> str:
    """Return "ours", "empty", or what is wrong with the file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if (application, version) == (_APPLICATION_ID, _SCHEMA_VERSION):
        return "ours"
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return "another program's" if tables or application else "empty"


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    if _state(connection) != "ours":  # another process may have been faster
        for statement in _SCHEMA.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
    connection.execute("COMMIT")


def pack(value: Any) -> bytes:
    """Return a JSON value as bytes; lone surrogates, which stand for undecodable bytes, are kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpack(data: bytes) -> Any:
    """Return what `pack` was given."""
    return json.loads(data.decode("utf-8", "surrogatepass"))


def pack_problems(problems: Sequence[Problem]) -> bytes:
    """Return problems as bytes for the catalogue."""
    return pack([[p.path, p.line, p.code, p.message] for p in problems])


def unpack_problems(data: bytes) -> tuple[Problem, ...]:
    """Return what `pack_problems` was given."""
    return tuple(Problem(*row) for row in unpack(data))


def generation(catalogue: Catalogue) -> int:
    """Return the number that grows with every change of the catalogue."""
    return int(catalogue.rows("SELECT value FROM meta WHERE key = 'generation'")[0][0])
