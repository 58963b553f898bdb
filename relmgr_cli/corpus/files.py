"""Finds and reads the files of a library folder.

The folder may come from anywhere: links out of it are not followed, only regular files are opened, and what cannot be
read becomes a `Problem` while the rest is read.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from relmgr_cli import file_messages
from relmgr_cli.errors import FileRefusedError, LibraryMissingError, Problem
from relmgr_cli.filesystem import MARKDOWN_SUFFIXES, format_status, read_regular_file

SUFFIXES = (*MARKDOWN_SUFFIXES, ".txt")
_SKIPPED_FOLDERS = frozenset("node_modules vendor __pycache__ _site _build".split())
_SKIPPED_AT_TOP = frozenset("build dist out target public".split())  # deeper down they are often chapters
_TEMPLATE_FOLDERS = frozenset(["archetypes", "scaffolds"])  # skipped where a site generator makes pages from them
# Text files that programs read. They can still be shown by their path.
_SKIPPED_FILES = frozenset("cmakelists.txt constraints.txt requirements.txt robots.txt".split())
_IGNORE_FILE = ".gitignore"
_MAX_BYTES = 8 << 20


Ignored = Callable[[str], bool]  # whether a path is ignored; a folder ends in "/"


class FoundFile(NamedTuple):
    """A file of a library."""

    root: str  # the library folder, absolute
    path: str  # below it, with "/"; bytes that are not UTF-8 as surrogate escapes
    status: str  # changes when the file does


def scan(
    root: Path, watched: list[str], *, excluded: Ignored | None = None, site_files: list[str] | None = None
) -> Iterator[FoundFile | Problem]:
    """Yield the files of a library folder in the order of their paths; `root` may also be a single file.

    The folders and ignore files that decide which these are get added to `watched`, the configuration files of sites
    to `site_files`. Links are not followed. Raises LibraryMissingError if the folder itself cannot be read.
    """
    folder = os.path.abspath(root)
    try:
        status = os.stat(folder)
        if not stat.S_ISDIR(status.st_mode):
            parent, name = os.path.split(folder)
            yield FoundFile(parent, name, format_status(status))
            return
        entries = _entries(folder)
    except OSError as error:
        raise LibraryMissingError(folder, error.strerror or file_messages.UNREADABLE) from None
    yield from _Walk(folder, watched, site_files).files("", entries, (excluded,) if excluded else ())


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


class _Walk:
    """A walk through one library folder."""

    def __init__(self, root: str, watched: list[str], site_files: list[str] | None) -> None:
        self._root = root
        self._watched = watched
        self._site_files = site_files

    def files(
        self, prefix: str, entries: list[os.DirEntry[str]], ignored: tuple[Ignored, ...]
    ) -> Iterator[FoundFile | Problem]:
        self._note(os.path.join(self._root, prefix).rstrip("/") or "/", entries)
        if any(entry.name == _IGNORE_FILE for entry in entries):
            ignored = (*ignored, self._rules(prefix))
        skipped_here = self._skipped_folders(prefix, [entry.name for entry in entries])
        for entry in entries:
            path = prefix + entry.name
            try:
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    yield from self._link(path, entry)
                elif entry.is_dir():
                    if entry.name not in skipped_here and not any(is_ignored(f"{path}/") for is_ignored in ignored):
                        yield from self.files(f"{path}/", _entries(entry.path), ignored)
                elif _is_document(entry.name) and not any(rule(path) for rule in ignored):
                    yield self._file(path, entry)
            except RecursionError:
                yield Problem(path, 0, "unreadable", file_messages.FOLDERS_TOO_DEEP)
            except OSError as error:
                yield Problem(path, 0, "unreadable", error.strerror or file_messages.UNREADABLE)

    def _note(self, folder: str, entries: list[os.DirEntry[str]]) -> None:
        self._watched.append(folder)
        if self._site_files is not None:
            from relmgr_cli.corpus.site_config import find_site_files

            self._site_files += find_site_files(folder, [entry.name for entry in entries])

    def _skipped_folders(self, prefix: str, names: Sequence[str]) -> frozenset[str]:
        """Return the names of folders that are not read, of those in a folder."""
        skipped = _SKIPPED_FOLDERS if prefix else _SKIPPED_FOLDERS | _SKIPPED_AT_TOP
        if _TEMPLATE_FOLDERS.isdisjoint(names):
            return skipped
        from relmgr_cli.corpus.site_config import find_template_folders

        return skipped | find_template_folders(os.path.join(self._root, prefix), names)

    def _link(self, path: str, entry: os.DirEntry[str]) -> Iterator[Problem]:
        """Yield a problem for a link to a folder above it, or for a broken link; others are skipped silently."""
        if entry.path.startswith(os.path.join(os.path.realpath(entry.path), "")):
            yield Problem(path, 0, "link", file_messages.LINK_TO_PARENT)
        elif entry.name.lower().endswith(SUFFIXES) and not os.path.exists(entry.path):
            yield Problem(path, 0, "link", file_messages.BROKEN_SYMLINK)

    def _file(self, path: str, entry: os.DirEntry[str]) -> FoundFile | Problem:
        status = entry.stat()
        if not stat.S_ISREG(status.st_mode):
            return Problem(path, 0, "unreadable", file_messages.NOT_REGULAR_FILE)
        return FoundFile(self._root, path, format_status(status))

    def _rules(self, prefix: str) -> Ignored:
        """Return the rules of the ignore file in a folder; none for one that cannot be read."""
        from relmgr_cli.corpus.ignore_rules import parse_ignore_rules

        path = os.path.join(self._root, prefix, _IGNORE_FILE)
        self._watched.append(path)
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                rules = parse_ignore_rules(file.read(_MAX_BYTES).split("\n"))
        except (OSError, ValueError):
            return lambda path: False  # noqa: ARG005
        return lambda path: rules.is_ignored(path[len(prefix) :])


def _is_document(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and name.lower() not in _SKIPPED_FILES


def read_text(root: str, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file with Unix line ends, and what was wrong with its encoding.

    Raises FileRefusedError for a file that is binary, not regular, too large or cannot be opened.
    """
    return _decode(_read_bytes(os.path.join(root, path), path), path)


def read_stream(file: BinaryIO, name: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of an open file as `read_text` does, until its end or until it is too large."""
    try:
        data = file.read(_MAX_BYTES + 1) or b""
    except OSError as error:
        raise FileRefusedError(name, error.strerror or file_messages.UNREADABLE) from None
    if len(data) > _MAX_BYTES:
        raise FileRefusedError(name, file_messages.TOO_LARGE.fill(mib=_MAX_BYTES >> 20))
    return _decode(data, name)


def _decode(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    from relmgr_cli.corpus.encoding import decode

    text, notice = decode(data, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, (Problem(path, 0, "encoding", notice),) if notice else ()


def _read_bytes(location: str, path: str) -> bytes:
    try:
        data = read_regular_file(location, _MAX_BYTES)
    except (OSError, ValueError) as error:
        raise FileRefusedError(path, getattr(error, "strerror", None) or file_messages.UNREADABLE) from None
    if len(data) > _MAX_BYTES:
        raise FileRefusedError(path, file_messages.TOO_LARGE.fill(mib=_MAX_BYTES >> 20))
    return data
