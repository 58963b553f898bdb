"""Which article of a library was read last, and where. It is the user's: the state folder keeps it, not the cache.

What was read last is a file of its own, because every command looks at it. Where the full-screen reader was in each
article is one JSON file for each library.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.filesystem import atomic_write

_MOST_PLACES = 500  # articles of one library; those read longest ago are forgotten


class ReadingPlace(NamedTuple):
    """Where a reader was in an article, in terms that outlive changes of its files."""

    language: str
    section: str  # its number
    row: int  # of the article
    offset: int  # rows since the first one of the section
    fraction: float = 0.0  # of the row that was above the line `at` of the screen
    at: int = 0
    prints: tuple[tuple[int, ...], ...] = ()  # check sums of the texts of the row, the one before, the one after
    paths: tuple[str, ...] = ()  # of the article's files
    read: int = 0  # seconds since 1970


def place_of(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the article of this library read last; "" without a state folder."""
    return os.path.join(state_folder, "last-read", library) if state_folder else ""


def read_place(place: str) -> str | None:
    """Return the id of the article that was read last; None when nothing is known."""
    try:
        with open(place, encoding="utf-8") as file:
            return file.read(200).strip() or None
    except (OSError, ValueError):
        return None


def write_place(place: str, article: str) -> None:
    """Keep the id of the article that is being read; where nothing can be kept, nothing is."""
    if not place or read_place(place) == article:
        return
    _write(place, article)


def _write(path: str, text: str) -> None:
    with suppress(OSError):
        atomic_write(path, text.encode())


class ReadingPlaces(NamedTuple):
    """Where the reader was in the articles of one library."""

    language: str  # the last one read; "" when nothing is known
    articles: Mapping[str, ReadingPlace]  # by their ids, the last one read last

    def of(self, article: str, paths: tuple[str, ...]) -> ReadingPlace | None:
        """Return the place in an article, which may have got another id with another title; None without one."""
        if article in self.articles:
            return self.articles[article]
        return next((place for place in self.articles.values() if not set(paths).isdisjoint(place.paths)), None)


def reading_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the reading places of a library; "" without a state folder."""
    return os.path.join(state_folder, "reading", f"{library}.json") if state_folder else ""


def read_places(path: str) -> ReadingPlaces:
    """Return the reading places that a file holds; none where it is damaged or not there."""
    import json

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            data = json.load(file)
        return ReadingPlaces(str(data["language"]), {name: _place(value) for name, value in data["articles"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ReadingPlaces("", {})


def _place(value: Mapping[str, Any]) -> ReadingPlace:
    place = ReadingPlace(**value)
    for field, default in zip(place, ReadingPlace("", "", 0, 0), strict=True):
        if not isinstance(
            field, (int, float) if isinstance(default, float) else list if default == () else type(default)
        ):
            raise TypeError(field)
    prints = tuple(tuple(map(int, row)) for row in place.prints)
    return place._replace(prints=prints, paths=tuple(map(str, place.paths)))


def keep_place(path: str, article: str, place: ReadingPlace) -> None:
    """Keep where a reader is in an article, beside the other places; where nothing can be kept, nothing is."""
    import json

    if not path:
        return
    known = {
        name: other
        for name, other in read_places(path).articles.items()
        if name != article and set(other.paths).isdisjoint(place.paths)
    }
    articles = [*known.items(), (article, place)][-_MOST_PLACES:]
    data = {"language": place.language, "articles": {name: each._asdict() for name, each in articles}}
    _write(path, json.dumps(data))
