"""Images in a terminal: asks which protocol it has, and draws an image line by line.

Both protocols can draw the part of an image that is on one line of the page, so images scroll with the text: sixels,
and the Unicode placeholders of kitty's graphics protocol. A terminal that has both is sent sixels, because many that
have kitty's protocol lack its placeholders.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KITTY_QUERY = "\x1b_Gi=1,s=1,v=1,a=q,t=d,f=24,U=1;AAAA\x1b\\"  # kitty before 0.28 lacks U=1, and gives no answer
_CELL_QUERY = "\x1b[16t"
_ATTRIBUTES_QUERY = "\x1b[c"  # DA1; every terminal answers, so it is the last
_SIXEL = "4"  # of the attributes
_REPLY = re.compile(r"\x1b_G([^\x1b]{0,200})\x1b\\|\x1b\[\?([\d;]{0,100})c|\x1b\[6;(\d{1,5});(\d{1,5})t")
_PARTIAL_REPLY = re.compile(r"\x1b(?:_(?:G[^\x1b]{0,200}\x1b?)?|\[(?:\?[\d;]{0,100}|6(?:;[\d;]{0,11})?)?)?\Z")

_CHUNK = 4096  # characters of a payload in one escape, by the protocol
_PLACEHOLDER = "\U0010eeee"
# The marks for the first lines of an image, from rowcolumn-diacritics.txt of the protocol.
_LINE_MARKS = "".join(
    chr(int(code, 16))
    for code in """
    305 30D 30E 310 312 33D 33E 33F 346 34A 34B 34C 350 351 352 357 35B 363 364 365 366 367 368 369 36A 36B 36C 36D 36E
    36F 483 484 485 486 487 592 593 594 595 597 598 599 59C 59D 59E 59F 5A0 5A1 5A8 5A9 5AB 5AC 5AF 5C4 610 611 612 613
    """.split()
)
MAX_LINES = len(_LINE_MARKS)  # of an image
_BAND = 6  # pixels: the height of a sixel
TRANSPARENT = 255  # the colour of pixels that are not drawn as sixels
_LONG_RUN = re.compile(r"\?{4,}|(.)\1{3,}")


class Graphics(NamedTuple):
    """How a terminal draws images."""

    has_sixels: bool  # else kitty's protocol
    cell_width: int  # pixels
    cell_height: int


class ImageCells(str):
    """The blank cells of one line of an image; `draw` returns the escapes that fill them, from the cell after them."""

    __slots__ = ("draw",)
    draw: Callable[[], str]

    def __new__(cls, cells: int, draw: Callable[[], str]) -> Self:
        """Return that many blanks."""
        made = super().__new__(cls, " " * cells)
        made.draw = draw
        return made


def graphics_query(environ: Mapping[str, str]) -> str:
    """Return what asks a terminal for its protocol and the size of its cells; "" if it would show the question."""
    terminal = environ.get("TERM", "")
    if terminal in ("", "dumb", "linux") or environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return ""
    is_multiplexer = "TMUX" in environ or terminal.startswith(("tmux", "screen"))  # they take the query for a title
    return ("" if is_multiplexer else _KITTY_QUERY) + _CELL_QUERY + _ATTRIBUTES_QUERY


class Replies:
    """Takes the replies to `graphics_query` out of what the terminal sends, however late they are."""

    def __init__(self) -> None:
        self.is_complete = False
        self._held = ""  # the start of a reply, or of a key
        self._has_kitty = self._has_sixels = False
        self._cell = (0, 0)  # width and height, pixels

    def take(self, text: str) -> str:
        """Return the text without replies; until they are complete, keeps the start of one back."""
        typed = _REPLY.sub(self._read, self._held + text)
        partial = None if self.is_complete else _PARTIAL_REPLY.search(typed)
        self._held = partial[0] if partial else ""
        return typed.removesuffix(self._held)

    def release(self) -> str:
        """Return what was kept back, when nothing has followed it."""
        held, self._held = self._held, ""
        return held

    def _read(self, reply: re.Match[str]) -> str:
        kitty, attributes, height, width = reply.groups()
        if kitty is not None:
            self._has_kitty = kitty.endswith(";OK")
        elif attributes is not None:
            self._has_sixels = _SIXEL in attributes.split(";")
            self.is_complete = True
        else:
            self._cell = int(width), int(height)
        return ""

    def graphics(self, cell: tuple[int, int]) -> Graphics | None:
        """Return how the terminal draws images; None if it cannot, or if the size of its cells is unknown.

        `cell` is what the system says of their size, (0, 0) if it says nothing.
        """
        width, height = cell if all(cell) else self._cell
        has_any = self._has_sixels or self._has_kitty
        return Graphics(self._has_sixels, width, height) if has_any and width and height else None


def cell_size(terminal: int) -> tuple[int, int]:
    """Return the width and height of a cell in pixels, by a file descriptor; (0, 0) if the system does not know."""
    import fcntl
    import struct
    import termios

    try:
        packed = fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8))
    except OSError:
        return 0, 0
    lines, columns, width, height = struct.unpack("HHHH", packed)
    return (width // columns, height // lines) if lines and columns else (0, 0)


def send_kitty_image(number: int, png: bytes, columns: int, lines: int) -> str:
    """Return the escapes that give an image to a terminal with kitty's protocol, without showing it yet."""
    from base64 import b64encode

    payload = b64encode(png).decode()
    chunks = [payload[start : start + _CHUNK] for start in range(0, len(payload), _CHUNK)]
    keys = f"a=T,U=1,q=2,f=100,t=d,i={number},c={columns},r={lines},"
    escapes = []
    for chunk in chunks:
        escapes.append(f"\x1b_G{keys}m={int(chunk is not chunks[-1])};{chunk}\x1b\\")
        keys = "q=2,"
    return "".join(escapes)


def delete_kitty_image(number: int) -> str:
    """Return the escape with which the terminal forgets an image."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def draw_kitty_line(number: int, columns: int, line: int) -> str:
    """Return the escapes that show a line of an image of `columns` cells: placeholders in the colour of its number."""
    color = f"\x1b[38;2;{number >> 16 & 255};{number >> 8 & 255};{number & 255}m"
    first = _PLACEHOLDER + _LINE_MARKS[line] + _LINE_MARKS[0]
    return f"\x1b[{columns}D{color}{first}{_PLACEHOLDER * (columns - 1)}\x1b[39m"  # each continues the last


def draw_sixel_line(pixels: "NDArray[np.uint8]", palette: bytes, columns: int) -> str:
    """Return the escapes that show a line of an image of `columns` cells, as sixels.

    `pixels` has the colours of the line's pixels as numbers in the palette, which has three bytes for each. The cursor
    is put back, so that it does not matter where a terminal leaves it after an image.
    """
    height, width = pixels.shape
    bands, used = [], set()
    for top in range(0, height, _BAND):
        colors, sixels = _sixels(pixels[top : top + _BAND])
        passes = zip(colors, sixels, strict=True)
        bands.append("$".join(f"#{color}{_shorten(text)}" for color, text in passes if color != TRANSPARENT))
        used.update(colors)
    defined = "".join(f"#{color};2;{_percents(palette, color)}" for color in sorted(used - {TRANSPARENT}))
    image = f'\x1bP0;1q"1;1;{width};{height}{defined}{"-".join(bands)}\x1b\\'
    return f"\x1b7\x1b[{columns}D{image}\x1b8"


def _sixels(pixels: "NDArray[np.uint8]") -> tuple[list[int], list[str]]:
    """Return the colours in up to six rows of pixels, and where each is: a character a column, a bit a row."""
    import numpy as np

    colors, indexes = np.unique(pixels, return_inverse=True)
    width = pixels.shape[1]
    found = np.zeros((len(colors), width), np.uint8)
    for row, colors_in_row in enumerate(indexes.reshape(pixels.shape)):
        found[colors_in_row, np.arange(width)] |= 1 << row
    text = (found + ord("?")).tobytes().decode()
    return colors.tolist(), [text[start : start + width] for start in range(0, len(text), width)]


def _percents(palette: bytes, color: int) -> str:
    return ";".join(str(value * 100 // 255) for value in palette[3 * color : 3 * color + 3])


def _shorten(sixels: str) -> str:
    return _LONG_RUN.sub(lambda run: f"!{len(run[0])}{run[0][0]}", sixels.rstrip("?"))
