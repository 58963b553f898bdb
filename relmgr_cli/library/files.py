"""Finding, reading and decoding the files of a library.

A library is a folder that may come from anywhere: nothing outside it is followed to, nothing that is not a
plain file is opened, and what cannot be read is a `Problem` while the rest is read as ever.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relmgr_cli.errors import FileRefusedError, LibraryMissingError, Problem

SUFFIXES = (".md", ".markdown", ".mdown", ".mdx", ".txt")
_SKIPPED_FOLDERS = frozenset(["node_modules", "vendor", "__pycache__"])
_MOST_BYTES = 8 << 20
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_STRAY_SIGN = re.compile("[^\\w\\s\\x00-\\x7f«»„”“‘’–—…№§°]")
_FREQUENT = frozenset("оеаинтсрвлкмдпуяыьżółęąśćńź")
_LEGACY = ("cp1250", "cp1251", "iso-8859-2", "koi8-r", "cp866", "cp1252")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a library, and what tells whether it has changed since it was read."""

    root: str  # the library folder, absolute
    path: str  # below it, with "/"; bytes that are no UTF-8 are kept by surrogateescape
    size: int  # bytes
    mtime_ns: int
    inode: int


def scan(root: Path) -> Iterator[FoundFile | Problem]:
    """Yield the files of a library folder in the order of their paths; `root` may also be a single file.

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
    yield from _scan_folder(place, "", entries)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def _scan_folder(root: str, prefix: str, entries: list[os.DirEntry[str]]) -> Iterator[FoundFile | Problem]:
    pending = [(prefix, iter(entries))]
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
            elif entry.name.lower().endswith(SUFFIXES):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode):
                    yield FoundFile(root, path, status.st_size, status.st_mtime_ns, status.st_ino)
                else:
                    yield Problem(path, 0, "unreadable", "not a regular file")
        except OSError as error:
            yield Problem(path, 0, "unreadable", error.strerror or "cannot be read")


def read_text(root: str, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file with "\\n" at the end of its lines, and what was wrong with its encoding.

    Raises FileRefusedError for what is no text, is no plain file, is too large or cannot be opened.
    """
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


def decode(data: bytes, path: str) -> tuple[str, str]:
    """Return the text of a file's bytes and a notice when its encoding is not plain UTF-8 ("" when it is).

    Raises FileRefusedError for what is no text. Bytes that fit no encoding become surrogate escapes.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), ""
    if b"\0" in data[:8192]:
        return _decode_with_nul(data, path)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error)


def _decode_with_nul(data: bytes, path: str) -> tuple[str, str]:
    sample = data[:8192]
    for half, encoding in ((sample[::2], "utf-16-be"), (sample[1::2], "utf-16-le")):
        other = sample[1::2] if encoding == "utf-16-be" else sample[::2]
        if half.count(0) > len(sample) // 4 > other.count(0) * 4:
            return data.decode(encoding, "replace"), f"read as {encoding.upper()}: it has no byte order mark"
    if data.count(0) * 10 > len(data):
        raise FileRefusedError(path, "binary, not text")
    try:
        return data.decode("utf-8"), "holds NUL bytes"
    except UnicodeDecodeError:
        raise FileRefusedError(path, "binary, not text") from None


def _decode_legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """Choose between damaged UTF-8 and the encodings of old, by what reads as a language."""
    escaped = data.decode("utf-8", "surrogateescape")
    broken = len(_ESCAPED_BYTE.findall(escaped))
    whole = sum(1 for character in escaped if character > "\x7f") - broken
    if whole * 3 >= broken or error.start >= len(data) - 3:
        return escaped, f"not valid UTF-8: {broken} bytes are shown as \\xNN"
    best = max(_LEGACY, key=lambda encoding: _readability(data.decode(encoding, "replace")))
    return data.decode(best, "replace"), f"not UTF-8: read as {best}"


def _readability(text: str) -> float:
    """Score how much a text looks like prose: words of a language, frequent letters, no stray signs or capitals."""
    from relmgr_cli.languages.detection import confidence

    foreign = [character for character in text if character > "\x7f"]
    frequent = sum(1 for character in foreign if character in _FREQUENT)
    faults = len(_STRAY_SIGN.findall(text)) + sum(1 for character in foreign if character.isupper()) / 2
    return confidence(text) + (frequent - faults) / max(len(foreign), 1)
