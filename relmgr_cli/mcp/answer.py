"""An answer of a tool: text in pages of a limited size, in which the text of documents is marked.

The files of a library may come from strangers, and an agent reads them. What is after the first "> " of a line is
quoted from a document; no text of a document can begin a line without it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.errors import RelmgrError
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

MAX_CHARACTERS = 8000  # of a page
QUOTE = "> "
_MAX_HEAD = 1500  # characters
_MAX_NOTES, _MAX_NOTE = 4, 300  # notes, and characters of one
_MAX_FOOTER = 100  # characters


class PageMissingError(RelmgrError):
    """The answer does not have so many pages."""

    def __init__(self, page: int, pages: int) -> None:
        super().__init__(messages.MCP_PAGE_MISSING.fill(page=page, pages=messages.MCP_PAGES.fill(pages)))


class Answer(NamedTuple):
    """An answer before it is cut into pages."""

    entries: Sequence[str]  # of one or more lines; a page ends between two of them
    head: str = ""  # at the top of every page


def quote(text: str, label: str = "") -> str:
    """Return the text of a document with the mark of a quotation before each line, the label before the first mark."""
    lines = sanitize(text).split("\n")
    return "\n".join(
        f"{label} {QUOTE}{line}" if label and not at else f"{QUOTE}{line}" for at, line in enumerate(lines)
    )


def quote_line(text: str) -> str:
    """Return a title or heading as the end of a line, marked as a quotation; "" for no text."""
    return f" {QUOTE}{sanitize_line(text)}" if text else ""


def to_page(answer: Answer, notes: Sequence[str] = (), page: int = 1) -> str:
    """Return one page of an answer, the first is 1; the last line says how to get the rest. Raises PageMissingError."""
    head = _shorten(sanitize(answer.head), _MAX_HEAD)
    shown = [messages.MCP_NOTE.fill(note=_shorten(sanitize_line(note), _MAX_NOTE)) for note in notes[:_MAX_NOTES]]
    fixed = [head] * bool(head), shown
    room = MAX_CHARACTERS - _MAX_FOOTER - sum(len(text) + 1 for part in fixed for text in part)
    pages = list(_pages(answer.entries, room)) or [[]]
    if page > len(pages):
        raise PageMissingError(page, len(pages))
    footer = [messages.MCP_PAGE.fill(page=page, pages=len(pages), next=page + 1)] if page < len(pages) else []
    return "\n".join([*fixed[0], *pages[page - 1], *footer, *fixed[1]])


def _pages(entries: Sequence[str], room: int) -> Iterator[list[str]]:
    """Yield the entries of each page, which with a newline after each have at most `room` characters."""
    page: list[str] = []
    left = room
    for entry in entries:
        for piece in _pieces(sanitize(entry), room - 1):
            if page and len(piece) + 1 > left:
                yield page
                page, left = [], room
            page.append(piece)
            left -= len(piece) + 1
    if page:
        yield page


def _pieces(entry: str, size: int) -> Iterator[str]:
    """Yield an entry, in pieces if it does not fit on a page: between lines, and within lines that are longer."""
    if len(entry) <= size:
        yield entry
        return
    piece = ""
    for line in entry.split("\n"):
        for part in _parts(line, size):
            if piece and len(piece) + 1 + len(part) > size:
                yield piece
                piece = part
            else:
                piece = f"{piece}\n{part}" if piece else part
    yield piece


def _parts(line: str, size: int) -> Iterator[str]:
    """Yield a line, in parts if it is longer than a page; all but the first begin with the mark of a quotation."""
    yield line[:size]
    step = size - len(QUOTE)
    for start in range(size, len(line), step):
        yield QUOTE + line[start : start + step]


def _shorten(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 1]}…"
