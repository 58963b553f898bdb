"""A file that was named by its path, and the files that lie in its place for other languages."""

import os
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.errors import LibraryMissingError
from relmgr_cli.library.files import FoundFile, scan
from relmgr_cli.library.layouts import marks_in, place_of

_MOST_LEVELS = 20


class Siblings(NamedTuple):
    """Some files of a folder."""

    root: Path
    paths: frozenset[str]  # below it
    looked_at: tuple[str, ...] = ()  # the folders and files that decided which these are


def find_siblings(file: Path) -> Siblings:
    """Return the file together with its translations, as far as their paths tell."""
    looked_at = [os.path.join(folder, ".git") for folder in [*file.parents][:_MOST_LEVELS]]
    root = _repository_of(file)
    alone = Siblings(file, frozenset([file.name]), tuple(looked_at))
    if root is None:
        return alone
    own = os.path.relpath(file, root)
    try:
        paths = [found.path for found in scan(root, looked_at) if isinstance(found, FoundFile)]
    except LibraryMissingError:
        return alone
    place = _certain_place(own)
    together = frozenset(path for path in paths if _certain_place(path) == place)
    if own not in together:
        return alone._replace(looked_at=tuple(looked_at))
    return Siblings(root, together, tuple(looked_at))


def _certain_place(path: str) -> str:
    return place_of(path, tuple(mark for mark in marks_in(path) if mark.is_certain))


def _repository_of(file: Path) -> Path | None:
    """Return the folder in which translations of a file are sought; None to look nowhere.

    That is the checkout it is in; else the folder that holds its language's folder; else its own.
    """
    folders = [*file.parents][:_MOST_LEVELS]
    checkout = next((folder for folder in folders if os.path.lexists(folder / ".git")), None)
    if checkout and str(checkout) != os.path.expanduser("~"):
        return _if_not_too_high(checkout)
    marked = [mark.part for mark in marks_in(file.as_posix().lstrip("/")) if mark.part < len(file.parents) - 1]
    is_marked = marked and os.name == "posix"
    return _if_not_too_high(Path("/", *file.parts[1 : 1 + marked[-1]]) if is_marked else file.parent)


def _if_not_too_high(folder: Path) -> Path | None:
    """Return the folder unless it is a whole disk, all homes, or the like."""
    return folder if len(folder.parts) > 2 else None  # noqa: PLR2004 ("/" and one more)
