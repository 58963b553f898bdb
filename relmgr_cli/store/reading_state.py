"""The last read article of a library, and the reading positions in its articles. Both are in the user's state folder.

The last read article has a file to itself, because every command reads it. The positions of the full-screen reader are
one JSON file per library.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.filesystem import atomic_write

_MAX_ID = 5000  # characters; an id is as long as a path at most
_MAX_COLUMNS = 100
_MAX_POSITIONS = 500  # of one library; the oldest are dropped


class ReadingPosition(NamedTuple):
    """A position in an article that survives changes of its files."""

    language: str
    section: str  # its number
    row: int  # of the article
    offset: int  # rows since the first one of the section
    fraction: float = 0.0  # of the row that was above `screen_line`
    screen_line: int = 0
    fingerprints: tuple[tuple[int, ...], ...] = ()  # of the texts of the row, the previous and the next one
    paths: tuple[str, ...] = ()  # of the article's files
    read: int = 0  # seconds since 1970


def last_read_path(state_folder: Path | None, library: str) -> str:
    """Return the path of the file with the last read article of a library; "" without a state folder."""
    return os.path.join(state_folder, "last-read", library) if state_folder else ""


def read_last_read(path: str) -> str | None:
    """Return the id of the last read article; None if unknown."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(_MAX_ID).strip() or None
    except (OSError, ValueError):
        return None


def write_last_read(path: str, article: str) -> None:
    """Save the id of the article that is being read, if the file can be written."""
    if path and read_last_read(path) != article:
        _write(path, article)


def _write(path: str, text: str) -> None:
    with suppress(OSError):
        atomic_write(path, text.encode())


class Columns(NamedTuple):
    """The languages that the user has chosen for columns in a library."""

    languages: tuple[str, ...] = ()  # none: all are shown
    are_shown: bool = False


class ReadingPositions(NamedTuple):
    """The reading positions in the articles of one library."""

    language: str  # the last one read; "" if unknown
    articles: Mapping[str, ReadingPosition]  # by id, the last read one last
    columns: Columns = Columns()

    def of(self, article: str, paths: tuple[str, ...]) -> ReadingPosition | None:
        """Return the position in an article, also if its id has changed but a file has not; None if unknown."""
        if article in self.articles:
            return self.articles[article]
        return next((each for each in self.articles.values() if not set(paths).isdisjoint(each.paths)), None)


def reading_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that holds the reading positions in a library; "" without a state folder."""
    return os.path.join(state_folder, "reading", f"{library}.json") if state_folder else ""


def read_positions(path: str) -> ReadingPositions:
    """Return the reading positions in a file; none if it is corrupt or missing."""
    import json

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            data = json.load(file)
        articles = {name: _position(value) for name, value in data["articles"].items()}
        return ReadingPositions(str(data["language"]), articles, _columns(data.get("columns")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ReadingPositions("", {})


def _columns(value: object) -> Columns:
    if not isinstance(value, dict) or not isinstance(value.get("languages"), list):
        return Columns()
    return Columns(tuple(map(str, value["languages"][:_MAX_COLUMNS])), value.get("are_shown") is True)


def _position(value: Mapping[str, Any]) -> ReadingPosition:
    position = ReadingPosition(**value)
    for field, default in zip(position, ReadingPosition("", "", 0, 0), strict=True):
        wanted = (int, float) if isinstance(default, float) else list if default == () else type(default)
        if not isinstance(field, wanted):
            raise TypeError(field)
    prints = tuple(tuple(map(int, row)) for row in position.fingerprints)
    return position._replace(fingerprints=prints, paths=tuple(map(str, position.paths)))


def write_position(path: str, article: str, position: ReadingPosition, *, columns: Columns | None = None) -> None:
    """Save the position in an article next to the others, if the file can be written; None keeps the columns."""
    import json

    if not path:
        return
    known = read_positions(path)
    columns = known.columns if columns is None else columns
    others = [
        (n, other)
        for n, other in known.articles.items()
        if n != article and set(other.paths).isdisjoint(position.paths)
    ]
    articles = {name: each._asdict() for name, each in [*others, (article, position)][-_MAX_POSITIONS:]}
    _write(path, json.dumps({"language": position.language, "columns": columns._asdict(), "articles": articles}))
