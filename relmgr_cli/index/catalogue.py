"""The catalogue: a SQLite database with everything that was read from the files of one library.

It is a cache. Whatever is wrong with it (another version, another program's file, damage) means a new one,
never a wrong answer. Where none can be kept on disk, one in memory serves the same command; where one is there but
cannot be written, a copy in memory does.
"""

import json
import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from relmgr_cli.errors import Problem
from relmgr_cli.index.seal import DATABASE, Seal, SealBusyError

_APPLICATION_ID = 0x52454C4D  # "RELM"
_SCHEMA_VERSION = 6
_PATIENCE = 10  # seconds to wait for another process that is writing
_MOST_COPIED = 1 << 29  # bytes of a catalogue that is copied into memory

T = TypeVar("T")

# Paths are bytes: a file name need not be valid UTF-8, and SQLite's text must be. Texts that come from
# files are JSON in bytes for the same reason.
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE watched (path BLOB PRIMARY KEY, status TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    root BLOB NOT NULL, path BLOB NOT NULL,
    status TEXT NOT NULL, read_ns INTEGER NOT NULL,
    stamp INTEGER NOT NULL,       -- when what it says was last read to be new: another text, another stamp
    article INTEGER,              -- NULL when the file could not be read as text
    language TEXT,
    about BLOB, content BLOB, targets BLOB,  -- see index/rows.py
    problems BLOB NOT NULL,       -- of the file
    remark TEXT NOT NULL DEFAULT '',  -- why it is not in the article one would expect it in
    UNIQUE (root, path)
);
CREATE INDEX documents_of_article ON documents (article);
CREATE INDEX documents_of_language ON documents (language);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,   -- in `relmgr list`
    id TEXT NOT NULL UNIQUE,
    members TEXT NOT NULL UNIQUE, -- ids of the documents, ascending
    paired_by TEXT NOT NULL,
    highlights TEXT,
    sections BLOB, beads BLOB,    -- NULL until the article is aligned
    by_meaning INTEGER            -- whether the encoder helped with that
);
CREATE TABLE kin (one INTEGER NOT NULL, other INTEGER NOT NULL, likelihood REAL NOT NULL, PRIMARY KEY (one, other));
CREATE TABLE vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE indexed (                -- what the full text holds, see index/fulltext.py
    document INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, sections INTEGER NOT NULL,
    encoded INTEGER NOT NULL DEFAULT 0  -- 1 and the number of its passages once these have vectors
);
CREATE TABLE spellings (              -- how the words of the library are written, see index/vocabulary.py
    language TEXT, form TEXT, spelling TEXT, stem TEXT NOT NULL,
    count INTEGER NOT NULL, prose INTEGER NOT NULL, -- how often in all, and how often outside code
    PRIMARY KEY (language, form, spelling)
) WITHOUT ROWID;
CREATE INDEX spellings_of_stem ON spellings (language, stem);
CREATE TABLE counterparts (           -- of one stem in all languages
    language TEXT, stem TEXT, spelling TEXT NOT NULL, counterparts BLOB NOT NULL,
    crowd REAL NOT NULL,                -- how near its neighbours are, whatever their language
    PRIMARY KEY (language, stem)
) WITHOUT ROWID;
CREATE TABLE shards (                 -- vectors in bulk, see index/shards.py
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, rows INTEGER NOT NULL,
    keys BLOB NOT NULL, signs BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE TABLE questions (text TEXT PRIMARY KEY, state INTEGER NOT NULL, answer BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', 0), ('meaning', 'done'), ('ungrouped', 0), ('state', 0), ('text', '');
"""


_STATEMENTS = [statement.strip() for statement in _SCHEMA.split(";\n") if statement.strip()]

# What callers outside this package may catch: only relmgr_cli.index imports sqlite3.
DatabaseError = sqlite3.Error
DatabaseUnavailableError = sqlite3.OperationalError  # a full disk, or another process that keeps writing

_opened: list[Path] = []  # the catalogues on disk that this process has opened, the last one last


class CatalogueDamagedError(Exception):
    """The database file cannot be read; a bug to nobody, and cured by building it anew."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(f"the index is damaged: {path}")
        self.path = path


class UnwritableError(sqlite3.OperationalError):
    """Something beside the catalogue that belongs to it cannot be written; the message says why."""


class Connection(sqlite3.Connection):
    """A connection to a catalogue on disk; closing the last one changes its files."""

    seal: Seal | None = None
    is_detached = False  # it writes to a copy in memory

    def close(self, *, waits: bool = True) -> None:
        """Close it, and put the seal on again."""
        with self.seal.broken(DATABASE, waits=waits) if self.seal else nullcontext():
            self.seal = None
            super().close()

    def __del__(self) -> None:
        """Close it; where another thread has let go of it, SQLite does that.

        The garbage collector may come here while this very thread puts the seal on: then it stays open.
        """
        try:
            self.close(waits=False)
        except SealBusyError:
            _left_open.append(self)
        except sqlite3.ProgrammingError:
            pass


_left_open: list[Connection] = []


class Catalogue(NamedTuple):
    """An open catalogue."""

    connection: sqlite3.Connection
    path: Path | None  # None for one in memory
    notice: str = ""  # why it is not on disk, or that it was rebuilt; "" when all is as usual

    @property
    def folder(self) -> Path | None:
        """Where the rest of the index is kept; None where nothing can be."""
        is_detached = getattr(self.connection, "is_detached", False)
        return self.path.parent if self.path and not is_detached else None

    @property
    def seal(self) -> Seal | None:
        """The seal on its files."""
        return Seal(self.path) if self.path and self.folder else None

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        with self._guarded():
            return self.connection.execute(query, parameters).fetchall()

    def get(self, key: str) -> Any:
        """Return a value of the table of single values."""
        ((value,),) = self.rows("SELECT value FROM meta WHERE key = ?", (key,)) or [(None,)]
        return value

    def close(self) -> None:
        """Close the connection."""
        with self._sealed():
            self.connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the catalogue in everything that is asked inside, whatever others write meanwhile."""
        if self.connection.in_transaction:
            yield
            return
        with self._guarded():
            self.connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                self.connection.execute("COMMIT")

    def checkpoint(self) -> None:
        """Move what was written from the log into the database, as far as nobody else needs it there."""
        if self.folder:
            with self._sealed():
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Do everything inside as one transaction that no other process writes in."""
        with self._guarded(), self._sealed():
            self.connection.execute("BEGIN IMMEDIATE" if self.folder else "BEGIN")
            try:
                yield self.connection
            except BaseException:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def _sealed(self) -> AbstractContextManager[None]:
        return self.seal.broken(DATABASE) if self.seal else nullcontext()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                raise CatalogueDamagedError(self.path) from error
            raise
        except UnicodeDecodeError as error:  # a text column with bytes that are none
            raise CatalogueDamagedError(self.path) from error


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
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _open_ours(path) or _create(path)
    except OSError as error:
        return in_memory(f"cannot keep an index in {folder}: {error.strerror}")
    except sqlite3.DatabaseError as error:
        return in_memory(f"cannot keep an index in {folder}: {error}")


def reopen(catalogue: Catalogue) -> Catalogue:
    """Return the same catalogue through a connection of its own, for another thread.

    Raises DatabaseError. One in memory has only one connection: do not pass it.
    """
    return Catalogue(_connect(catalogue.path or Path()), catalogue.path)


def in_memory(notice: str = "") -> Catalogue:
    """Return an empty catalogue that lives as long as the process."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(_SCHEMA)
    connection.execute("INSERT INTO meta VALUES ('problems', ?)", (pack([]),))
    return Catalogue(connection, None, notice)


def persist(catalogue: Catalogue, work: Callable[[], T], tell: Callable[[str], None] | None = None) -> T:
    """Return what some work gives that writes to the catalogue; where it cannot, it is done on a copy in memory.

    `tell` is then called with the reason. Raises sqlite3.OperationalError where there is no copy to be had either.
    """
    try:
        return work()
    except sqlite3.OperationalError as error:
        if not catalogue.folder or catalogue.path is None or os.path.getsize(catalogue.path) > _MOST_COPIED:
            raise
        reason = f"cannot write the index in {catalogue.folder}: {error}"
    _detach(catalogue.connection)
    if tell:
        tell(reason)
    return work()


def _detach(connection: sqlite3.Connection) -> None:
    """Put a copy of every table, in memory, before those on disk."""
    connection.execute("PRAGMA temp_store = MEMORY")
    for statement in _STATEMENTS:
        verb, kind, name, rest = statement.split(" ", 3)
        if verb == "CREATE":
            connection.execute(f"{verb} {kind} temp.{name} {rest}")
        if kind == "TABLE":
            connection.execute(f"INSERT INTO temp.{name} SELECT * FROM main.{name}")  # noqa: S608 (our own names)
    connection.is_detached = True  # type: ignore[attr-defined]


def discard(path: Path) -> None:
    """Remove a catalogue that cannot be used, while no other process makes or removes one."""
    with _only_one(path.parent):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        os.rename(path, f"{path}.{os.getpid()}")  # not ours to delete
    Seal(path).forget()
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")


def _open_ours(path: Path) -> Catalogue | None:
    """Return the catalogue in a file, None when there is no usable one."""
    if not path.exists() or not (seal := Seal(path)).holds(DATABASE):
        return None
    connection = _connect(path)
    if _state(connection) == "ours":
        connection.seal = seal
        seal.settle()
        _opened.append(path)
        return Catalogue(connection, path)
    connection.close()
    return None


def _connect(path: Path) -> Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, factory=Connection)


def _create(path: Path) -> Catalogue:
    """Make a new catalogue in the place of what is there; look again first, another process may have made it."""
    with _only_one(path.parent):
        if ours := _open_ours(path):
            return ours
        notice = ""
        if path.exists() and path.stat().st_size:
            notice = "the index could not be read and is built anew"
        _remove(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = _connect(path)
        try:
            _fill(connection, path)
        except sqlite3.Error:  # no room: what there is of it would be taken for damage
            connection.close()
            _remove(path)
            raise
        connection.seal = Seal(path)
        _opened.append(path)
        return Catalogue(connection, path, notice)


def _fill(connection: Connection, path: Path) -> None:
    """Make the tables of a new catalogue."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    marks = [f"PRAGMA application_id = {_APPLICATION_ID}", f"PRAGMA user_version = {_SCHEMA_VERSION}"]
    with Seal(path).broken(DATABASE, anew=True):
        for statement in ("BEGIN IMMEDIATE", *_STATEMENTS, *marks):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('problems', ?)", (pack([]),))
        connection.execute("COMMIT")


def _only_one(folder: Path) -> AbstractContextManager[None]:
    """Let one process at a time make or remove a catalogue in this folder."""
    return one_at_a_time(folder / "lock", _PATIENCE)


@contextmanager
def one_at_a_time(lock: Path, patience: float) -> Iterator[None]:
    """Wait until no other process is inside with the same file. Raises BlockingIOError after so many seconds."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system: SQLite's own must do
        yield
        return
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except (IsADirectoryError, PermissionError):
        if not os.path.lexists(lock):
            raise
        os.rename(lock, f"{lock}.{os.getpid()}")
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        give_up = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell a damaged file or one without our tables from a fault of the surroundings (busy, read-only, full)."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return str(error).startswith("Could not decode")
    missing = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such ")
    unreadable = code in (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
    return missing or unreadable or code & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _state(connection: sqlite3.Connection) -> str:
    """Return "ours" or what is wrong with the file."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            return "damaged"
        raise
    return "ours" if (application, version) == (_APPLICATION_ID, _SCHEMA_VERSION) else "foreign"


def pack(value: Any) -> bytes:
    """Return a JSON value as bytes behind its check sum; lone surrogates, which stand for damaged bytes, are kept."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return zlib.crc32(data).to_bytes(4, "big") + data


def unpack(data: bytes) -> Any:
    """Return what `pack` was given. Raises CatalogueDamagedError for anything else."""
    try:
        if zlib.crc32(data[4:]).to_bytes(4, "big") == data[:4]:
            return json.loads(data[4:].decode("utf-8", "surrogatepass"))
    except (ValueError, TypeError):
        pass
    raise CatalogueDamagedError(_opened[-1] if _opened else None)


def pack_problems(problems: Sequence[Problem]) -> bytes:
    """Return problems as bytes for the catalogue."""
    return pack([list(problem) for problem in problems])


NO_PROBLEMS = pack([])


def unpack_problems(data: bytes) -> tuple[Problem, ...]:
    """Return what `pack_problems` was given."""
    return tuple(Problem(*row) for row in unpack(data))
