"""Looks up files that are on disk but not in the library: in hidden or ignored folders, or of another kind.

A library may be hostile, and a link must not reveal what exists elsewhere. So a path is looked up part by part below
the git work tree of the library, else below the library, and never through a symbolic link. A look-up costs one status
for each folder, and one listing of the last one; all are remembered.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from relmgr_cli.corpus.ignore_rules import IgnoreRules, parse_ignore_rules
from relmgr_cli.corpus.links.address import page_key
from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.surroundings import work_tree_of

_MAX_ENTRIES = 5000  # of a folder that are read; names in a larger one are not known
_MAX_CONFIG_FILES = 60
_MAX_CONFIG_BYTES = 1 << 18
_CONFIG_FOLDERS = ("", "config", "config/_default", "static", "public", "docs", "website", ".vitepress")
_CONFIG_FILE = re.compile(r"_redirects|\.gitmodules|[\w.-]+\.(?:ya?ml|toml|json|[cm]?[jt]s|conf)", re.IGNORECASE)
_SITE_FILE = re.compile(
    r"_?redirects|(?:hugo|mkdocs|_?config|docusaurus|astro|netlify|vercel|firebase)[\w.-]*", re.IGNORECASE
)
_MAX_CONFIGURED = 50_000  # paths
_PATH_IN_CONFIG = re.compile(r"(?<![\w.~@/-])[\w.~@-]{0,100}/[\w./~@-]{1,300}")
_IGNORE_FILE = ".gitignore"


class _Folder(NamedTuple):
    """What is known of a folder."""

    is_readable: bool  # False for what is absent, no folder, or a symbolic link
    is_complete: bool  # False where it has more entries than are read
    names: frozenset[str] = frozenset()  # as `_name_key` gives them
    stems: frozenset[str] = frozenset()  # the same up to the first dot


_ABSENT = _Folder(is_readable=False, is_complete=True)
_UNKNOWN = _Folder(is_readable=False, is_complete=False)


class WorkTree:
    """The files on disk around one library folder."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._top = work_tree_of(root) or root
        self._folders: dict[str, _Folder] = {}
        self._configured: dict[str, frozenset[str]] = {}  # by folder
        self._read_files: set[str] = set()
        self._rules: dict[str, IgnoreRules | None] = {}
        self.consulted: dict[str, None] = {}  # the folders and files on which the answers depend, in order

    def has(self, path: str, *, by_stem: bool) -> bool | None:
        """Return whether a path below the library folder exists; None where that is not known.

        With `by_stem` the extension makes no difference. `..` may lead up to the work tree, not out of it.
        """
        absolute = self._absolute(path)
        if absolute is None:
            return None
        parent, name = os.path.split(absolute)
        if absolute == self._top or not name:
            return True
        folder = self._folder(parent)
        key = _name_key(name)
        if key in folder.names or (by_stem and key.partition(".")[0] in folder.stems):
            return True
        return False if folder.is_complete else None

    def is_ignored(self, path: str) -> bool:
        """Return whether git ignores a path below the library folder: such a file is made by a tool."""
        absolute = self._absolute(path)
        if absolute is None or absolute == self._top:
            return False
        parts = absolute[len(self._top) :].strip("/").split("/")
        ends = range(1, len(parts) + 1)
        return any(
            rules.is_ignored("/".join(parts[start:end]) + ("/" if end < len(parts) else ""))
            for start in range(len(parts))
            if (rules := self._rules_of("/".join(parts[:start])))
            for end in ends[start:]
        )

    def is_configured(self, paths: Sequence[str], folder: str) -> bool:
        """Return whether the configuration of the site names one of these paths: it is redirected or made by the site.

        The configuration is in the work tree, or in a folder above `folder`, which is that of the document.
        """
        above = self._absolute(folder)
        while above:
            if above not in self._configured:
                self._configured[above] = frozenset(islice(self._paths_in_configuration(above), _MAX_CONFIGURED))
            if not self._configured[above].isdisjoint(paths):
                return True
            above = "" if above == self._top else os.path.dirname(above)
        return False

    def _absolute(self, path: str) -> str | None:
        if "\0" in path:
            return None
        absolute = os.path.normpath(f"{self._root}/{path}")
        return absolute if absolute == self._top or absolute.startswith(self._top.rstrip("/") + "/") else None

    def _folder(self, path: str) -> _Folder:
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._read_folder(path)
        return known

    def _read_folder(self, path: str) -> _Folder:
        if path != self._top:
            parent, name = os.path.split(path)
            above = self._folder(parent)
            if not above.is_readable or (above.is_complete and _name_key(name) not in above.names):
                return above if not above.is_readable else _ABSENT
        self.consulted[path] = None
        try:
            names = [] if stat.S_ISLNK(os.lstat(path).st_mode) else _names_in(path)
        except (FileNotFoundError, NotADirectoryError):
            return _ABSENT
        except (OSError, ValueError):
            names = []
        if not names:  # a symbolic link, or a submodule that is not checked out
            return _UNKNOWN
        stems = frozenset(name.partition(".")[0] or name for name in names)
        return _Folder(is_readable=True, is_complete=len(names) <= _MAX_ENTRIES, names=frozenset(names), stems=stems)

    def _rules_of(self, folder: str) -> IgnoreRules | None:
        """Return the rules of the ignore file in a folder below the work tree; None without one."""
        if folder not in self._rules:
            self._rules[folder] = self._read_rules(os.path.join(self._top, folder).rstrip("/"))
        return self._rules[folder]

    def _read_rules(self, folder: str) -> IgnoreRules | None:
        if _IGNORE_FILE not in self._folder(folder).names:
            return None
        return parse_ignore_rules(self._read(os.path.join(folder, _IGNORE_FILE)).splitlines())

    def _paths_in_configuration(self, base: str) -> Iterator[str]:
        """Yield the paths in the configuration files in and directly below a folder."""
        is_site = base in (self._top, self._root)
        for folder in (os.path.normpath(f"{base}/{name}") for name in _CONFIG_FOLDERS):
            pattern = _CONFIG_FILE if is_site or folder != base else _SITE_FILE
            for name in sorted(filter(pattern.fullmatch, self._folder(folder).names)):
                if len(self._read_files) < _MAX_CONFIG_FILES:
                    yield from _paths_in(self._read(os.path.join(folder, name)))

    def _read(self, path: str) -> str:
        """Return the text of a small file in a folder that was listed; "" for any other."""
        self.consulted[path] = None
        self._read_files.add(path)
        try:
            data = read_regular_file(path, _MAX_CONFIG_BYTES)
        except OSError:
            return ""
        return data.decode("utf-8", "replace") if len(data) <= _MAX_CONFIG_BYTES else ""


def _paths_in(text: str) -> Iterator[str]:
    for match in _PATH_IN_CONFIG.finditer(text):
        path = page_key(match[0]).strip("/")
        yield path
        if path.startswith("content/"):
            yield path.removeprefix("content/")


def _names_in(folder: str) -> list[str]:
    """Return the names in a folder, one more than are read if there are as many."""
    with os.scandir(folder) as found:
        return [_name_key(entry.name) for entry in islice(found, _MAX_ENTRIES + 1)]


def _name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
