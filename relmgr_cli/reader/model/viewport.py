"""Where the reader is: a block and a fraction of it, pinned to a line of the screen.

The place is never a number of lines from the beginning: rows are as high as the language, the width and the mode
make them, and in a long article nobody knows how high the rows are that were never near the screen. So heights are
asked for only around the anchor, and what changes them (another language, another width, two columns) leaves the
anchor alone: the same block stays at the same place of the screen, and the way back leads to the very same line.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple


class RowSize(NamedTuple):
    """How high a row is."""

    height: int  # lines, 0 for a row with nothing to show
    leading_blank: int = 0  # blank ones among them before its text begins


class Anchor(NamedTuple):
    """A row, a fraction of its text, and the line of the screen where that is."""

    row: int
    fraction: float = 0.0  # of the text above the anchor, 0 to below 1
    screen_line: int = 0


class Position(NamedTuple):
    """One line of one row."""

    row: int
    line: int


class Viewport:
    """A window of some lines on a long column of rows."""

    def __init__(self, rows: int, shape_of: Callable[[int], RowSize], height: int) -> None:
        self.rows = rows
        self.height = max(1, height)
        self.anchor = Anchor(0)
        self._shape_of = shape_of

    def resize(self, height: int) -> None:
        """Give the window another height."""
        self.height = max(1, height)

    def replace(self, rows: int, row: int) -> None:
        """Look at other rows; `row` is the one among them that the anchor's row has become."""
        self.rows = rows
        self.anchor = self.anchor._replace(row=max(0, min(row, rows - 1)))

    @property
    def top(self) -> Position:
        """The first line of the window."""
        row, fraction, at = self.anchor
        if not self.rows:
            return Position(0, 0)
        height, lead = self._shape_of(row)
        if not height:
            near = self._next(row, 1)
            return self._move(self._end() if near is None else Position(near, 0), -min(at, self.height - 1))
        line = lead + int(fraction * (height - lead) + 1e-9)
        return self._move(Position(row, line), -min(at, max(self.height - 1, lead)))

    def visible(self) -> list[Position]:
        """Return the lines in the window from its top; fewer than its height where the rows end."""
        return list(islice(self._below(self.top), self.height))

    @property
    def is_at_end(self) -> bool:
        """Whether the last line of all is in the window."""
        return next(islice(self._below(self.top), self.height, None), None) is None

    @property
    def current(self) -> int:
        """The row that is being read: the first one whose text began in the window, or the one that filled it."""
        return self.anchor.row

    def scroll(self, lines: int) -> None:
        """Move by some lines, but not so far that the end leaves the bottom of the window."""
        if not self.rows:
            return
        top = self.top
        position = self._move(top, lines)
        if lines > 0:
            position = max(top, min(position, self._end()))
        if position != top:
            self.anchor = self._anchor_at(position)

    def to(self, row: int, *, line: int = 0, at: int = 0) -> None:
        """Bring a line of a row's text to a line of the window."""
        row = max(0, min(row, self.rows - 1))
        height, lead = self._shape_of(row) if self.rows else RowSize(0)
        text = height - lead
        self.anchor = Anchor(row, max(0, min(line, text - 1)) / text if text > 0 else 0.0, at)

    def to_start(self) -> None:
        """Go to the first line."""
        self.anchor = self._anchor_at(Position(0, 0))

    def to_end(self) -> None:
        """Go where the last line is at the bottom of the window."""
        self.anchor = self._anchor_at(self._end())

    def line_of(self, row: int) -> int | None:
        """Return the line of the window where the text of a row begins; None when that is elsewhere."""
        lead = self._shape_of(row).leading_blank
        return next((y for y, position in enumerate(self.visible()) if position == (row, lead)), None)

    def _anchor_at(self, top: Position) -> Anchor:
        """Return the anchor that gives this top: the first text that begins in the window, else what fills it."""
        for at, (row, line) in enumerate(islice(self._below(top), self.height)):
            if line == self._shape_of(row).leading_blank:
                return Anchor(row, 0.0, at)
        height, lead = self._shape_of(top.row) if self.rows else RowSize(0)
        if top.line < lead:  # a window of nothing but the blank lines before it
            return Anchor(top.row, 0.0, lead - top.line)
        return Anchor(top.row, (top.line - lead) / (height - lead) if height else 0.0)

    def _end(self) -> Position:
        """Return the top at which the last line of all is at the bottom."""
        end = self._move(Position(self.rows, 0), -self.height)
        return end if end.row < self.rows else Position(0, 0)

    def _move(self, start: Position, lines: int) -> Position:
        """Return the position some lines away, or where the rows end."""
        return self._down(start, lines) if lines > 0 else self._up(start, -lines)

    def _down(self, start: Position, lines: int) -> Position:
        row, line = start
        while True:
            step = min(lines, self._shape_of(row).height - 1 - line)
            line, lines = line + step, lines - step
            below = self._next(row, 1) if lines else None
            if below is None:
                return Position(row, line)
            row, line, lines = below, 0, lines - 1

    def _up(self, start: Position, lines: int) -> Position:
        row, line = start
        while True:
            step = min(lines, line)
            line, lines = line - step, lines - step
            above = self._next(row, -1) if lines else None
            if above is None:
                return Position(row, line)
            row, line, lines = above, self._shape_of(above).height - 1, lines - 1

    def _next(self, row: int, step: int) -> int | None:
        """Return the nearest row in a direction that has lines."""
        row += step
        while 0 <= row < self.rows:
            if self._shape_of(row).height:
                return row
            row += step
        return None

    def _below(self, start: Position) -> Iterator[Position]:
        """Yield the lines from a position on."""
        row, line = start
        while row < self.rows:
            for each in range(line, self._shape_of(row).height):
                yield Position(row, each)
            row, line = row + 1, 0
