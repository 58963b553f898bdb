"""Finds what is in a folder and above it: the nearest `relmgr.toml`, the git work tree, Markdown files.

It takes a few calls of `stat` for each folder. As git does, it stops at the edge of the file system; it also stops at
the home folder, and files of other users are ignored, because anyone may create one in a folder such as /tmp.
"""

import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

from relmgr_cli.filesystem import is_markdown
from relmgr_cli.project import FILE_NAME, Project, read_project

_GIT_FILE = b"gitdir:"  # how the file `.git` of a submodule or of a second work tree begins


class Surroundings(NamedTuple):
    """What is in a folder or above it."""

    project: Project | None = None  # the nearest relmgr.toml
    work_tree: str = ""  # the top folder of the git work tree; "" for none
    looked_at: tuple[str, ...] = ()  # the files on which this depends; they need not exist


class _Level(NamedTuple):
    """A folder on the way up."""

    folder: str
    owner: int  # of the folder where the search began
    is_last: bool  # the home folder or the root: no library unless a file says so


def look_around(start: str, accepts: Callable[[Project], bool] = lambda _: True) -> Surroundings:
    """Return what is above an absolute path; a relmgr.toml that is not accepted is passed over.

    Raises SettingError for a relmgr.toml that cannot be used.
    """
    looked_at: list[str] = []
    project: Project | None = None
    work_tree: str | None = None
    for level in _levels(start):
        if project is None:
            project = _project_at(level, accepts, looked_at)
        if work_tree is None:
            work_tree = _work_tree_at(level, looked_at)
        if project is not None and work_tree is not None:
            break
    return Surroundings(project, work_tree or "", tuple(looked_at))


def project_of(folder: str) -> Project | None:
    """Return the relmgr.toml in a folder that was named; None if there is none. Raises SettingError."""
    level = next(_levels(folder), None)
    return _project_at(level, lambda _: True, []) if level else None


def work_tree_of(folder: str) -> str:
    """Return the top folder of the git work tree that an absolute path is in; "" for none."""
    found = (_work_tree_at(level, []) for level in _levels(folder))
    return next((top for top in found if top is not None), "")


def is_folder_of_articles(folder: str) -> bool:
    """Return True if a Markdown file is in a folder itself.

    False for the home folder, the root and a folder that all users share, such as /tmp: to read all below takes long.
    """
    level = next(_levels(folder), None)
    if level is None or level.is_last:
        return False
    try:
        if os.stat(folder).st_mode & stat.S_ISVTX:
            return False
        with os.scandir(folder) as entries:
            return any(is_markdown(entry.name) for entry in entries)
    except OSError:
        return False


def _levels(start: str) -> Iterator[_Level]:
    home = _status(_home())
    first = status = _status(start)
    folder = start
    while first is not None and status is not None and status.st_dev == first.st_dev:
        parent = os.path.dirname(folder)
        is_last = parent == folder or (home is not None and os.path.samestat(status, home))
        yield _Level(folder, first.st_uid, is_last)
        if is_last:
            return
        folder = parent
        status = _status(folder)


def _home() -> str:
    folder = os.path.expanduser("~")
    return folder if os.path.isabs(folder) else ""


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def _is_trusted(status: os.stat_result, level: _Level) -> bool:
    """Return True for a file of the user, of the administrator, or of whoever owns the folder of the search."""
    return os.name != "posix" or status.st_uid in (os.geteuid(), 0, level.owner)


def _project_at(level: _Level, accepts: Callable[[Project], bool], looked_at: list[str]) -> Project | None:
    path = os.path.join(level.folder, FILE_NAME)
    looked_at.append(path)
    status = _status(path)
    if status is None or not _is_trusted(status, level):
        return None
    project = read_project(path)
    return project if accepts(project) and (project.library or not level.is_last) else None


def _work_tree_at(level: _Level, looked_at: list[str]) -> str | None:
    """Return the folder if it is the top of a git work tree, "" if there is none, None if there may be one above.

    The folder `.git` itself changes with many git commands; its file HEAD only with those that change the branch.
    """
    if level.is_last:
        return ""
    path = os.path.join(level.folder, ".git")
    status = _status(path)
    looked_at.append(path)
    if status is not None and stat.S_ISDIR(status.st_mode):
        head = looked_at[-1] = os.path.join(path, "HEAD")
        is_repository = _status(head) is not None
    else:
        is_repository = status is not None and stat.S_ISREG(status.st_mode) and _is_git_file(path)
    if is_repository and status is not None:
        return level.folder if _is_trusted(status, level) else ""
    head = os.path.join(level.folder, "HEAD")
    looked_at.append(head)
    is_bare = _status(head) is not None and os.path.isdir(os.path.join(level.folder, "objects"))
    return "" if is_bare else None


def _is_git_file(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_GIT_FILE)) == _GIT_FILE
    except OSError:
        return False
