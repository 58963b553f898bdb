"""Finished answers, kept so that the same command on the same files costs no more than reading a file.

Everything that decides an answer is either in its key (the command, the folder it was given in, the
environment, the terminal) or watched (every folder and file it was made from, by status). So a kept answer
is never an old one: whatever has changed since, it is made anew. What changes without a file (pairing by meaning,
realigning) drops them all. This module runs before the command line
machinery is loaded, and loads nothing itself that takes time.
"""

import os
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping

from relmgr_cli import __version__

_ENVIRONMENT = (
    "RELMGR_LIBRARY RELMGR_LANG RELMGR_PAGER PAGER LANGUAGE LC_ALL LC_MESSAGES LANG COLUMNS TERM COLORTERM COLORFGBG "
    "NO_COLOR FORCE_COLOR HOME XDG_CONFIG_HOME XDG_STATE_HOME"
).split()
_SEPARATOR = "\0"  # in no path, and in no text that has been cleaned
_MAX_ENTRIES = 400
_MAX_DEPENDENCIES = 500  # beyond it a look into the catalogue is quicker
_MAX_CHARACTERS = 1 << 20  # characters
_CHECKSUM_BYTES = 4  # bytes of the check sum before an answer
_TICK_NS = 2_000_000_000  # what was written within one tick of the clock may change without showing it


class OutputCache:
    """The kept answers of one user, and the one that is being made."""

    def __init__(self, argv: Iterable[str], environ: Mapping[str, str]) -> None:
        self._folder = _folder(environ)
        surroundings = [environ.get(name, "") for name in _ENVIRONMENT]
        self._key = repr((__version__, [*argv], surroundings, _current_folder(), _terminal_size()))
        self._notes: list[str] = []

    def get(self, emit: Callable[[str, str], None], say: Callable[[str], None]) -> bool:
        """Give the kept answer again, notes and all; return False when there is none that still holds.

        `emit` is given the text and the pager's command line, `say` each note.
        """
        kept = self._read()
        if kept is None:
            return False
        dependencies, notes, (pager, remember, article, text) = kept
        if any(_status(entry.split(" ", 1)[1]) != entry for entry in dependencies):
            return False
        if remember:
            from relmgr_cli.index.places import write_place

            write_place(remember, article)
        for note in notes:
            say(note)
        emit(text, pager)
        return True

    def add_note(self, message: str) -> None:
        """Keep a note that was said on the way to the answer."""
        self._notes.append(message.replace(_SEPARATOR, " "))

    def put(self, text: str, dependencies: Iterable[str], *, pager: str, place: tuple[str, str], now_ns: int) -> None:
        """Keep the answer to the command at hand; where it cannot be kept, it is not.

        `dependencies` are the paths whose status decides the answer, `place` the file that holds the article read last
        and its new content. What changed within the last tick may change again unseen: then nothing is kept.
        """
        # Installing relmgr anew changes its folder.
        paths = [os.path.dirname(os.path.dirname(__file__)), *dependencies]
        if self._folder is None or len(paths) > _MAX_DEPENDENCIES or len(text) > _MAX_CHARACTERS:
            return
        entries = [_status(path) for path in paths]
        if any(int(entry.split(":", 1)[0]) > now_ns - _TICK_NS for entry in entries):
            return
        fields = [self._key, str(len(entries)), *entries, str(len(self._notes)), *self._notes]
        data = _SEPARATOR.join([*fields, pager, *place, text]).encode("utf-8", "surrogatepass")
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            self._make_room()
            draft = f"{self._path()}.{os.getpid()}"
            with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_checksum(data) + data)
            os.replace(draft, self._path())
        except OSError:
            return

    def clear(self) -> None:
        """Drop all kept answers: something that no file shows has changed."""
        try:
            for name in os.listdir(self._folder or ""):
                os.unlink(os.path.join(self._folder or "", name))
        except OSError:  # none kept yet, or another process is doing the same
            return

    def _path(self) -> str:
        data = self._key.encode("utf-8", "surrogatepass")
        return f"{self._folder}/{zlib.crc32(data):08x}{zlib.adler32(data):08x}"

    def _read(self) -> tuple[list[str], list[str], list[str]] | None:
        try:
            with open(self._path(), "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_uid != os.geteuid() or status.st_mode & 0o022:  # it names a pager, which would be run
                    return None
                data = file.read()
            if data[:_CHECKSUM_BYTES] != _checksum(data[_CHECKSUM_BYTES:]):  # cut off or damaged
                return None
            fields = data[_CHECKSUM_BYTES:].decode("utf-8", "surrogatepass").split(_SEPARATOR)
            if fields[0] != self._key:
                return None
            notes_at = 2 + int(fields[1])
            rest_at = notes_at + 1 + int(fields[notes_at])
            dependencies, notes, rest = fields[2:notes_at], fields[notes_at + 1 : rest_at], fields[rest_at:]
        except (OSError, ValueError, IndexError):
            return None
        return (dependencies, notes, rest) if len(rest) == 4 else None  # noqa: PLR2004 (pager, remember, article, text)

    def _make_room(self) -> None:
        with os.scandir(self._folder) as found:
            entries = sorted((entry.stat().st_mtime_ns, entry.path) for entry in found)
        for _, path in entries[: len(entries) // 2] if len(entries) >= _MAX_ENTRIES else ():
            os.unlink(path)


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big")


def _folder(environ: Mapping[str, str]) -> str | None:
    """Return the folder of the answers; None where the cache folder cannot be told without platformdirs."""
    if os.name != "posix" or sys.platform == "darwin":
        return None
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(environ.get("HOME", ""), ".cache")
    return os.path.join(base, "relmgr", "replies") if os.path.isabs(base) else None


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _terminal_size() -> tuple[int, ...]:
    """Return the size of the terminal, nothing for a pipe."""
    try:
        return tuple(os.get_terminal_size(sys.stdout.fileno())) if sys.stdout.isatty() else ()
    except (OSError, ValueError, AttributeError):
        return ()


def _status(path: str) -> str:
    """Return "changed:status changed:size:inode path", zeros for a path where there is nothing."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return f"0:0:0:0 {path}"
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}:{status.st_ino} {path}"
