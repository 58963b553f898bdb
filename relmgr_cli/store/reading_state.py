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

_MAX_POSITIONS = 500  # articles of one library; those read longest ago are forgotten


class ReadingPosition(NamedTuple):
    """Where a reader was in an article, in terms that outlive changes of its files."""

    language: str
    section: str  # its number
    row: int  # of the article
    offset: int  # rows since the first one of the section
    fraction: float = 0.0  # of the row that was above the line `at` of the screen
    screen_line: int = 0
    fingerprints: tuple[tuple[int, ...], ...] = ()  # check sums of the texts of the row, the one before, the one after
    paths: tuple[str, ...] = ()  # of the article's files
    read: int = 0  # seconds since 1970


def last_read_path(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the article of this library read last; "" without a state folder."""
    return os.path.join(state_folder, "last-read", library) if state_folder else ""


def read_last_read(place: str) -> str | None:
    """Return the id of the article that was read last; None when nothing is known."""
    try:
        with open(place, encoding="utf-8") as file:
            return file.read(200).strip() or None
    except (OSError, ValueError):
        return None


def write_last_read(place: str, article: str) -> None:
    """Keep the id of the article that is being read; where nothing can be kept, nothing is."""
    if not place or read_last_read(place) == article:
        return
    _write(place, article)


def _write(path: str, text: str) -> None:
    with suppress(OSError):
        atomic_write(path, text.encode())


class ReadingPositions(NamedTuple):
    """Where the reader was in the articles of one library."""

    language: str  # the last one read; "" when nothing is known
    articles: Mapping[str, ReadingPosition]  # by their ids, the last one read last

    def of(self, article: str, paths: tuple[str, ...]) -> ReadingPosition | None:
        """Return the place in an article, which may have got another id with another title; None without one."""
        if article in self.articles:
            return self.articles[article]
        return next((place for place in self.articles.values() if not set(paths).isdisjoint(place.paths)), None)


def reading_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the reading places of a library; "" without a state folder."""
    return os.path.join(state_folder, "reading", f"{library}.json") if state_folder else ""


def read_positions(path: str) -> ReadingPositions:
    """Return the reading places that a file holds; none where it is damaged or not there."""
    import json

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            data = json.load(file)
        return ReadingPositions(
            str(data["language"]), {name: _place(value) for name, value in data["articles"].items()}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ReadingPositions("", {})


def _place(value: Mapping[str, Any]) -> ReadingPosition:
    place = ReadingPosition(**value)
    for field, default in zip(place, ReadingPosition("", "", 0, 0), strict=True):
        if not isinstance(
            field, (int, float) if isinstance(default, float) else list if default == () else type(default)
        ):
            raise TypeError(field)
    prints = tuple(tuple(map(int, row)) for row in place.fingerprints)
    return place._replace(fingerprints=prints, paths=tuple(map(str, place.paths)))


def write_position(path: str, article: str, place: ReadingPosition) -> None:
    """Keep where a reader is in an article, beside the other places; where nothing can be kept, nothing is."""
    import json

    if not path:
        return
    known = {
        name: other
        for name, other in read_positions(path).articles.items()
        if name != article and set(other.paths).isdisjoint(place.paths)
    }
    articles = [*known.items(), (article, place)][-_MAX_POSITIONS:]
    data = {"language": place.language, "articles": {name: each._asdict() for name, each in articles}}
    _write(path, json.dumps(data))
