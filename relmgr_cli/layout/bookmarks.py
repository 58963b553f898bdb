"""Bookmarks, as lines and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from relmgr_cli import messages
from relmgr_cli.core.bookmarks import FoundBookmark
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.inline import wrap
from relmgr_cli.layout.line import Line, hang, line_of
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MAX_WIDTH = 120  # cells
_WORDS = 60  # cells of the first words of a block
_GAP = "  "


def bookmark_list(bookmarks: Sequence[FoundBookmark], target: OutputTarget) -> Iterator[Line]:
    """Yield each bookmark: its number and the first words of the block, below them its title and where it is."""
    width = min(target.columns, _MAX_WIDTH)
    digits = len(str(len(bookmarks)))
    for each in bookmarks:
        label = line_of((f"{each.number:>{digits}}", "number"), _GAP)
        rest = max(1, width - digits - len(_GAP))
        place = [sanitize_line(each.title), _address(each), _file_and_line(each), *_state(each)]
        lines = [*wrap(line_of(first_words(each)), rest), *wrap(line_of((_GAP.join(place), "dim")), rest)]
        yield from hang(label, lines)


def located_bookmarks(bookmarks: Sequence[FoundBookmark]) -> Iterator[Line]:
    """Yield each bookmark as a line: its number, article and section, title, first words, file and line."""
    for each in bookmarks:
        facts = [_address(each), sanitize_line(each.title), first_words(each), _file_and_line(each), *_state(each)]
        yield line_of(_GAP.join([str(each.number), *facts]))


def first_words(bookmark: FoundBookmark) -> str:
    """Return the first words of a bookmarked block, to be shown."""
    return shorten(sanitize_line(bookmark.text), _WORDS)


def _address(bookmark: FoundBookmark) -> str:
    return sanitize_line(f"{bookmark.article}#{bookmark.section}")


def _file_and_line(bookmark: FoundBookmark) -> str:
    return sanitize_line(f"{messages.shown_path(bookmark.root, bookmark.path)}:{bookmark.line}")


def _state(bookmark: FoundBookmark) -> list[str]:
    return [] if bookmark.article_number else [messages.BOOKMARK_STATE.fill(state=messages.BOOKMARK_GONE)]


def bookmarks_payload(bookmarks: Sequence[FoundBookmark]) -> dict[str, Any]:
    """Return the answer of `bookmarks`."""
    return {
        "bookmarks": [
            {
                "number": each.number,
                "article": each.article,
                "section": each.section,
                "lang": each.language,
                "title": each.title,
                "text": each.text,
                "root": each.root,
                "path": each.path,
                "line": each.line,
                "state": "found" if each.article_number else "gone",
            }
            for each in bookmarks
        ]
    }
