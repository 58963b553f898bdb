"""The bookmarks of a library, in a file in the user's state folder."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.corpus.places import Place
from relmgr_cli.store.saved_lines import SavedList, load_saved, remove_saved, update_saved

MAX_PLACES = 6  # of a bookmark
_MAX_BOOKMARKS = 500  # of one library; the oldest are dropped
_MAX_TEXT = 5000  # characters of a value; paths are as long at most
_MAX_BYTES = 16 << 20


class BookmarkPlace(NamedTuple):
    """The bookmarked block in one language."""

    language: str
    root: str  # the library folder
    path: str  # of the document, below it
    place: Place


class Bookmark(NamedTuple):
    """A block of an article with its translations, as it was when it was bookmarked."""

    article: str  # its id
    section: str  # its number
    title: str  # of the article
    text: str  # the first words of the block
    line: int  # in the file of the first place
    places: tuple[BookmarkPlace, ...]  # that of the reader's language first; at least one


def bookmarks_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that has the bookmarks of a library; "" without a state folder."""
    return os.path.join(state_folder, "bookmarks", f"{library}.jsonl") if state_folder else ""


def load_bookmarks(path: str) -> tuple[Bookmark, ...]:
    """Return the bookmarks in a file, the oldest first; lines that are no bookmarks are ignored."""
    return load_saved(_saved(path))


def update_bookmarks(path: str, change: Callable[[tuple[Bookmark, ...]], Sequence[Bookmark]]) -> None:
    """Replace the bookmarks in a file by what `change` returns for them; no other process writes meanwhile.

    Raises OSError if the file cannot be written.
    """
    update_saved(_saved(path), change)


def remove_bookmark(path: str, number: int) -> Bookmark | None:
    """Remove the bookmark with a number, from 1, and return it; None if there is none.

    Raises OSError if the file cannot be written.
    """
    return remove_saved(_saved(path), number)


def _saved(path: str) -> SavedList[Bookmark]:
    return SavedList(path, _bookmark, _to_json, _MAX_BOOKMARKS, _MAX_BYTES)


def _to_json(bookmark: Bookmark) -> dict[str, object]:
    places = [{**each._asdict(), "place": each.place._asdict()} for each in bookmark.places]
    return {**bookmark._asdict(), "places": places}


def _bookmark(value: dict[str, object]) -> Bookmark:
    """Return the bookmark that a JSON object is.

    Raises TypeError, KeyError or ValueError for another value, also for a path or an id that cannot be one.
    """
    bookmark = Bookmark(**value)  # type: ignore[arg-type]
    if not isinstance(bookmark.places, list) or not bookmark.places:
        raise TypeError(bookmark.places)
    places = [BookmarkPlace(**{**each, "place": Place(**each["place"])}) for each in bookmark.places[:MAX_PLACES]]
    for each in (bookmark[:4], *(place[:3] for place in places)):
        _check(each, str)
    for place in places:
        os.fsencode(os.path.join(place.root, place.path))
        _check((place.place.section, place.place.heading, place.place.kind, place.place.words), str)
    bookmark.article.encode()
    _check((bookmark.line, *(place.place.offset for place in places)), int)
    return bookmark._replace(places=tuple(places))


def _check(values: Sequence[object], wanted: type) -> None:
    """Raise TypeError for a value of another type, or for a text that is too long."""
    for value in values:
        if type(value) is not wanted or (isinstance(value, str) and len(value) > _MAX_TEXT):
            raise TypeError(value)
