"""Finding and reading the files of a library.

A library is a folder that may come from anywhere: nothing outside it is followed to, nothing that is not a
plain file is opened, and what cannot be read is a `Problem` while the rest is read as ever.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.errors import FileRefusedError, LibraryMissingError, Problem

SUFFIXES = (".md", ".markdown", ".mdown", ".mdx", ".txt")
_SKIPPED_FOLDERS = frozenset(["node_modules", "vendor", "__pycache__"])
_MOST_BYTES = 8 << 20


class FoundFile(NamedTuple):
    """A file of a library, and what tells whether it has changed since it was read."""

    root: str  # the library folder, absolute
    path: str  # below it, with "/"; bytes that are no UTF-8 are kept by surrogateescape
    size: int  # bytes
    mtime_ns: int
    inode: int


def scan(root: Path, visited: list[str]) -> Iterator[FoundFile | Problem]:
    """Yield the files of a library folder in the order of their paths; `root` may also be a single file.

    The folders that were looked into are added to `visited`.

    Raises LibraryMissingError when the folder itself cannot be read. Links are not followed.
    """
    place = os.path.abspath(root)
    try:
        status = os.stat(place)
    except OSError as error:
        raise LibraryMissingError(place, error.strerror or "cannot be read") from None
    if not stat.S_ISDIR(status.st_mode):
        folder, name = os.path.split(place)
        yield FoundFile(folder, name, status.st_size, status.st_mtime_ns, status.st_ino)
        return
    try:
        entries = _entries(place)
    except OSError as error:
        raise LibraryMissingError(place, error.strerror or "cannot be read") from None
    visited.append(place)
    yield from _scan_folder(place, entries, visited)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _scan_folder(root: str, entries: list[os.DirEntry[str]], visited: list[str]) -> Iterator[FoundFile | Problem]:
    pending = [("", iter(entries))]
    while pending:
        prefix, remaining = pending[-1]
        entry = next(remaining, None)
        if entry is None:
            pending.pop()
            continue
        path = prefix + entry.name
        try:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir():
                if entry.name not in _SKIPPED_FOLDERS:
                    pending.append((path + "/", iter(_entries(entry.path))))
                    visited.append(entry.path)
            elif entry.name.lower().endswith(SUFFIXES):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode):
                    yield FoundFile(root, path, status.st_size, status.st_mtime_ns, status.st_ino)
                else:
                    yield Problem(path, 0, "unreadable", "not a regular file")
        except OSError as error:
            yield Problem(path, 0, "unreadable", error.strerror or "cannot be read")


def read_text(root: str, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file with newlines at the end of its lines, and what was wrong with its encoding.

    Raises FileRefusedError for what is no text, is no plain file, is too large or cannot be opened.
    """
    from relmgr_cli.library.decoding import decode

    text, notice = decode(_read_bytes(os.path.join(root, path), path), path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, (Problem(path, 0, "encoding", notice),) if notice else ()


def _read_bytes(place: str, path: str) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(place, flags)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise FileRefusedError(path, "not a regular file")
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileRefusedError(path, getattr(error, "strerror", None) or "cannot be opened") from None
    if len(data) > _MOST_BYTES:
        raise FileRefusedError(path, f"larger than {_MOST_BYTES >> 20} MiB")
    return data
