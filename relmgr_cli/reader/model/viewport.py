"""The viewport: a window on a column of rows, with a position that survives changes of the layout.

The position is an anchor, a fraction of a row at a line of the screen, and not a number of lines from the start: the
height of a row depends on language, width and mode, and is unknown for rows that have not been laid out. Heights are
needed only around the anchor. When they change, the anchor does not, so the same text stays at the same line.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

_MAX_COUNTED_ROWS = 1000


class RowSize(NamedTuple):
    """The size of a row."""

    height: int  # lines; 0 for a hidden row
    leading_blank: int = 0  # lines of these above its text


class Anchor(NamedTuple):
    """A point in a row and the line of the screen where it is."""

    row: int
    fraction: float = 0.0  # of its text above the point, in [0, 1)
    screen_line: int = 0


class Position(NamedTuple):
    """A line of a row."""

    row: int
    line: int


class Viewport:
    """A window on a column of rows."""

    def __init__(self, rows: int, shape_of: Callable[[int], RowSize], height: int) -> None:
        self.rows = rows
        self.height = max(1, height)
        self.anchor = Anchor(0)
        self._size_of = shape_of

    def resize(self, height: int) -> None:
        """Set the height of the window."""
        self.height = max(1, height)

    def line_numbers(self) -> tuple[int, int] | None:
        """Return the number of the line at the top, as a count before `G` takes it, and of all lines.

        None for a long article: its rows are laid out only when they are shown.
        """
        if self.rows > _MAX_COUNTED_ROWS:
            return None
        heights = [self._size_of(row).height for row in range(self.rows)]
        top = self.top
        return sum(heights[: top.row]) + top.line + 1, sum(heights)

    @property
    def top(self) -> Position:
        """The first line of the window."""
        row, fraction, screen_line = self.anchor
        if not self.rows:
            return Position(0, 0)
        height, blank = self._size_of(row)
        if not height:
            near = self._next(row, 1)
            return self._move(self._end() if near is None else Position(near, 0), -min(screen_line, self.height - 1))
        line = blank + int(fraction * (height - blank) + 1e-9)
        return self._move(Position(row, line), -min(screen_line, max(self.height - 1, blank)))

    def visible(self) -> list[Position]:
        """Return the lines in the window; fewer than its height at the end of the rows."""
        return list(islice(self._below(self.top), self.height))

    @property
    def is_at_end(self) -> bool:
        """Whether the last line is in the window."""
        return next(islice(self._below(self.top), self.height, None), None) is None

    @property
    def current(self) -> int:
        """The row that is being read: the first whose text starts in the window, or the one that fills it."""
        return self.anchor.row

    def scroll(self, lines: int) -> None:
        """Move by lines, down to where the last line is at the bottom."""
        if not self.rows:
            return
        top = self.top
        position = self._move(top, lines)
        if lines > 0:
            position = max(top, min(position, self._end()))
        if position != top:
            self.anchor = self._anchor_at(position)

    def go_to(self, row: int, *, line: int = 0, at: int = 0) -> None:
        """Put a line of a row's text at line `at` of the window."""
        row = max(0, min(row, self.rows - 1))
        height, blank = self._size_of(row) if self.rows else RowSize(0)
        text = height - blank
        self.anchor = Anchor(row, max(0, min(line, text - 1)) / text if text > 0 else 0.0, at)

    def to_start(self) -> None:
        """Go to the start."""
        self.anchor = self._anchor_at(Position(0, 0))

    def to_end(self) -> None:
        """Go to where the last line is at the bottom."""
        self.anchor = self._anchor_at(self._end())

    def line_of(self, row: int) -> int | None:
        """Return the line of the window where the text of a row starts; None if it is outside."""
        blank = self._size_of(row).leading_blank
        return next((y for y, position in enumerate(self.visible()) if position == (row, blank)), None)

    def _anchor_at(self, top: Position) -> Anchor:
        """Return the anchor for a top line: the first text that starts in the window, else the one that fills it."""
        for y, (row, line) in enumerate(islice(self._below(top), self.height)):
            if line == self._size_of(row).leading_blank:
                return Anchor(row, 0.0, y)
        height, blank = self._size_of(top.row) if self.rows else RowSize(0)
        if top.line < blank:  # only blank lines are in the window
            return Anchor(top.row, 0.0, blank - top.line)
        return Anchor(top.row, (top.line - blank) / (height - blank) if height else 0.0)

    def _end(self) -> Position:
        """Return the top line for which the last line is at the bottom."""
        end = self._move(Position(self.rows, 0), -self.height)
        return end if end.row < self.rows else Position(0, 0)

    def _move(self, start: Position, lines: int) -> Position:
        """Return the position some lines away, or the first or last one."""
        row, line = start
        while lines > 0:
            rest = self._size_of(row).height - 1 - line
            below = self._next(row, 1) if lines > rest else None
            if below is None:
                return Position(row, line + min(lines, rest))
            row, line, lines = below, 0, lines - rest - 1
        while lines < 0:
            above = self._next(row, -1) if lines < -line else None
            if above is None:
                return Position(row, max(0, line + lines))
            row, line, lines = above, self._size_of(above).height - 1, lines + line + 1
        return Position(row, line)

    def _next(self, row: int, step: int) -> int | None:
        """Return the nearest row with lines in a direction."""
        rows = range(row + 1, self.rows) if step > 0 else range(min(row, self.rows) - 1, -1, -1)
        return next((each for each in rows if self._size_of(each).height), None)

    def _below(self, start: Position) -> Iterator[Position]:
        """Yield the positions from one on."""
        row, line = start
        while row < self.rows:
            for each in range(line, self._size_of(row).height):
                yield Position(row, each)
            row, line = row + 1, 0
