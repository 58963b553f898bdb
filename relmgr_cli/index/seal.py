"""The seal on the files of an index: sizes and times that tell whether anybody else has changed them.

Neither SQLite nor tantivy looks at every byte it reads: a flipped bit or an older copy may answer wrongly without a
word. What writes breaks the seal first and puts it on again when it is done. Files that are not as they were sealed
are not believed. A broken seal says that somebody writes or was killed; what that leaves behind is sound, for both
engines promise that. Only what keeps size and time, a disk that rots, is left for `relmgr index --check`.
"""

import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

try:
    import fcntl
except ImportError:  # no such locks on this system, and so no seals
    fcntl = None  # type: ignore[assignment]

_NAME = "seal"
_LOCKS = ".lock"  # tantivy's, empty; readers touch them
DATABASE, TEXT = 0, 1  # the parts of an index, each with a mark on the seal
_BROKEN = "-" * 8  # as long as any mark
_TRIES = 5
_PATIENCE, _PAUSE = 2.0, 0.005  # seconds


class SealBusyError(Exception):
    """Another process, or this thread before it was interrupted, is putting the seal on."""


class Seal(NamedTuple):
    """The seal on a database and the full text beside it."""

    database: Path

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self.database.with_name(_NAME)

    def holds(self, part: int) -> bool:
        """Tell whether a part is as it was sealed; one that is not sealed is taken for that."""
        for _ in range(_TRIES):
            mark = self._read()[part]
            if mark in (_BROKEN, self._mark(part)):
                return True
            if self._read()[part] == mark:
                return False
        return True

    @contextmanager
    def broken(self, *parts: int, anew: bool = False, waits: bool = True) -> Iterator[None]:
        """Let parts be changed inside. Of several processes that do so the last one seals what any has changed.

        A part that is not as it was sealed stays so, unless it is made `anew`. After an exception it stays broken.
        Raises SealBusyError where somebody is putting it on and the caller `waits` for nobody.
        """
        descriptor = self._open(waits=waits)
        try:
            if descriptor is not None:
                for part in parts:
                    if anew or self.holds(part):
                        self._write(descriptor, part, _BROKEN)
            yield
            if descriptor is not None:
                self._put_on(descriptor)
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def settle(self) -> None:
        """Put the seal on where it is broken and nobody writes."""
        if _BROKEN in self._read():
            with self.broken():
                pass

    def forget(self) -> None:
        """Break it for good, as what it was put on goes away; its file stays, others may hold its lock."""
        with suppress(OSError):
            os.truncate(self.path, 0)

    def _open(self, *, waits: bool) -> int | None:
        """Open it as one that writes; None where there can be no seal."""
        if fcntl is None:
            return None
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return None
        give_up = time.monotonic() + (_PATIENCE if waits else 0)
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError as error:
                if isinstance(error, BlockingIOError) and time.monotonic() < give_up:
                    time.sleep(_PAUSE)
                    continue
                os.close(descriptor)
                if not waits:
                    raise SealBusyError from None
                self.forget()  # who puts it on was stopped while at it
                return None
            return descriptor

    def _put_on(self, descriptor: int) -> None:
        with suppress(OSError):  # another process writes and will do it
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for part, mark in enumerate(self._read()):
                if mark == _BROKEN:
                    self._write(descriptor, part, self._mark(part))

    def _write(self, descriptor: int, part: int, mark: str) -> None:
        try:
            os.pwrite(descriptor, mark.encode(), part * len(_BROKEN))
        except OSError:  # no room: none is better than a wrong one
            self.forget()

    def _read(self) -> list[str]:
        """Return the mark of each part."""
        try:
            text = self.path.read_bytes().decode("ascii", "replace")
        except OSError:
            text = ""
        marks = [text[start : start + len(_BROKEN)] for start in (0, len(_BROKEN))]
        return [mark if len(mark) == len(_BROKEN) and "\0" not in mark else _BROKEN for mark in marks]

    def _mark(self, part: int) -> str:
        """Return what the seal says of a part as it is."""
        if part == DATABASE:
            return _sum([_status(self.database), _status(f"{self.database}-wal")])
        found = []
        with suppress(OSError), os.scandir(self.database.parent) as beside:
            for folder in sorted(entry.path for entry in beside if entry.name.startswith("text-")):
                with os.scandir(folder) as files:
                    names = sorted(entry.name for entry in files if not entry.name.endswith(_LOCKS))
                found += [(name, _status(os.path.join(folder, name))) for name in names]
        return _sum(found)


def _status(path: str | Path) -> tuple[int, int]:
    """Return size and time of a file; an empty log of SQLite is as good as none."""
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return (status.st_size, status.st_mtime_ns) if status.st_size else (0, 0)


def _sum(found: object) -> str:
    return f"{zlib.crc32(repr(found).encode()):08x}"
