"""Cached outputs: running a command again on unchanged files only takes reading one file.

Everything that changes the bytes of an output is here:

- in the key (`_key`): the command line, relmgr, the folder, the environment, the encodings, the terminal;
- among its dependencies (`put`): the code, and the files and folders it was made from, also those that do not exist.
  Their status must be the same;
- what changes the output but no file (pairing and alignment with embeddings) calls `clear`.

The umask and the user change no output, and an entry of another user is not read. Notes are stored as text and encoded
when they are written.

This module runs before Typer is imported, and imports nothing that takes time.
"""

import os
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from relmgr_cli import __version__
from relmgr_cli.filesystem import atomic_write, file_status, is_settled

ENVIRONMENT = (
    "RELMGR_LIBRARY RELMGR_LANG RELMGR_UI_LANG RELMGR_PAGER RELMGR_PLAIN "
    "PAGER LANGUAGE LC_ALL LC_MESSAGES LANG COLUMNS TERM COLORTERM COLORFGBG "
    "NO_COLOR FORCE_COLOR HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME "
    "UNICODE_VERSION "  # how wide Rich takes characters to be
    "_RELMGR_COMPLETE"  # the shell asks for completions; the command line is empty then
).split()
_SEPARATOR = "\0"  # no path contains it, and no sanitized text
_MAX_ENTRIES = 400
_MAX_DEPENDENCIES = 500  # with more it is quicker to query the database
_MAX_CHARACTERS = 1 << 20
_CHECKSUM_BYTES = 4


class CachedOutput(NamedTuple):
    """An output and what the command writes with it."""

    notes: tuple[str, ...]  # for standard error, in order
    text: str
    pager: str  # a command line; "" for none
    state: tuple[str, str]  # a state file and its content


class OutputCache:
    """The cached outputs of one user, for one call of the program."""

    def __init__(self, argv: Iterable[str], environ: Mapping[str, str]) -> None:
        self.started_ns = time.time_ns()
        self._folder = _folder(environ)
        self._key = _key(argv, environ)
        self._notes: list[str] = []
        self._dependencies: list[str] = []
        self._is_disabled = self._folder is None

    def get(self) -> CachedOutput | None:
        """Return the output of this command; None if none is cached or a dependency has changed."""
        entry = self._read()
        if entry is None:
            return None
        dependencies, output = entry
        is_current = all(_status(dependency.split(" ", 1)[1]) == dependency for dependency in dependencies)
        return output if is_current else None

    def add_note(self, message: str) -> None:
        """Add a note to the output."""
        self._notes.append(message.replace(_SEPARATOR, " "))

    def add_dependencies(self, paths: Iterable[str]) -> None:
        """Add files that the output depends on, besides those that `put` gets."""
        self._dependencies.extend(paths)

    def disable(self) -> None:
        """Do not cache the output of this command: it may change although no file does."""
        self._is_disabled = True

    def put(self, text: str, dependencies: Iterable[str], *, pager: str, state: tuple[str, str]) -> None:
        """Store the output of this command; do nothing if that fails.

        `dependencies` are the paths that the output depends on; they need not exist. Nothing is stored if one of them
        has changed since the command began, or so shortly before that another change could not be detected.
        """
        paths = [path for path in (*dependencies, *self._dependencies) if _SEPARATOR not in path]
        if self._is_disabled or len(paths) > _MAX_DEPENDENCIES or len(text) > _MAX_CHARACTERS:
            return
        entries = [_status(path) for path in (*_code_paths(), *paths)]
        if any(self._is_recent(entry) for entry in entries):
            return
        fields = [self._key, str(len(entries)), *entries, str(len(self._notes)), *self._notes]
        data = _SEPARATOR.join([*fields, pager, *state, text]).encode("utf-8", "surrogatepass")
        try:
            os.makedirs(self._folder or "", mode=0o700, exist_ok=True)
            self._make_room()
            atomic_write(self._path(), _checksum(data) + data)
        except OSError:
            return

    def clear(self) -> None:
        """Remove all cached outputs."""
        try:
            names = os.listdir(self._folder or "")
        except OSError:  # nothing cached yet
            return
        for name in names:
            try:
                os.unlink(os.path.join(self._folder or "", name))
            except OSError:  # another process has removed it
                continue

    def _is_recent(self, entry: str) -> bool:
        """Return True if the file may have changed after it was read. Only its mtime can be set back."""
        changed = int(entry.split(":", 2)[1])
        return changed > self.started_ns or not is_settled(entry, self.started_ns)

    def _path(self) -> str:
        data = self._key.encode("utf-8", "surrogatepass")
        return f"{self._folder}/{zlib.crc32(data):08x}{zlib.adler32(data):08x}"

    def _read(self) -> tuple[list[str], CachedOutput] | None:
        try:
            with open(self._path(), "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_uid != os.geteuid() or status.st_mode & 0o022:  # others could make relmgr run their pager
                    return None
                data = file.read()
            if data[:_CHECKSUM_BYTES] != _checksum(data[_CHECKSUM_BYTES:]):  # incomplete or corrupt
                return None
            fields = data[_CHECKSUM_BYTES:].decode("utf-8", "surrogatepass").split(_SEPARATOR)
            if fields[0] != self._key:
                return None
            notes_at = 2 + int(fields[1])
            rest_at = notes_at + 1 + int(fields[notes_at])
            pager, state_file, content, text = fields[rest_at:]
        except (OSError, ValueError, IndexError):
            return None
        output = CachedOutput(tuple(fields[notes_at + 1 : rest_at]), text, pager, (state_file, content))
        return fields[2:notes_at], output

    def _make_room(self) -> None:
        with os.scandir(self._folder) as found:
            entries = sorted((entry.stat().st_mtime_ns, entry.path) for entry in found)
        for _, path in entries[: len(entries) // 2] if len(entries) >= _MAX_ENTRIES else ():
            os.unlink(path)


def _key(argv: Iterable[str], environ: Mapping[str, str]) -> str:
    """Return everything but files that changes the bytes of an output."""
    return repr(
        (
            [*argv],
            [environ.get(name) for name in ENVIRONMENT],  # an empty value is not an absent one
            _current_folder(),
            (__version__, __file__),  # two installations can have the same version
            (sys.version, *_package_folders()),  # Unicode tables; Rich and Pygments
            sys.getfilesystemencoding(),  # what paths and arguments look like
            [getattr(sys.stdout, name, None) for name in ("encoding", "errors")],  # JSON escapes what it cannot write
            _terminal_size(),
        )
    )


def _code_paths() -> Iterator[str]:
    """Yield the modules that made an output, and the folders whose status changes with an updated dependency."""
    yield os.path.dirname(os.path.dirname(__file__))  # changes when relmgr is installed again
    for name, module in tuple(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path and name.startswith("relmgr_cli."):  # changes in a checkout
            yield path
    yield from _package_folders()


def _package_folders() -> list[str]:
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big")


def _folder(environ: Mapping[str, str]) -> str | None:
    """Return the folder of the cached outputs; None where finding the cache folder takes platformdirs."""
    if os.name != "posix" or sys.platform == "darwin":
        return None
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(environ.get("HOME", ""), ".cache")
    return os.path.join(base, "relmgr", "output") if os.path.isabs(base) else None


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _terminal_size() -> tuple[int, ...] | None:
    """Return the size of the terminal that standard output is; None for anything else, () for an unknown size."""
    try:
        if not sys.stdout.isatty():
            return None
    except (ValueError, AttributeError):  # closed, or not there at all
        return None
    try:
        return tuple(os.get_terminal_size(sys.stdout.fileno()))
    except (OSError, ValueError):
        return ()


def _status(path: str) -> str:
    """Return "status path"."""
    return f"{file_status(path)} {path}"
