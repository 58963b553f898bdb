"""Rendering of lines as Textual strips, with decorations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import set_cell_size
from rich.segment import ControlType, Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.filter import LineFilter
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from relmgr_cli.layout.line import Fragment, Line
from relmgr_cli.reader.model.decorations import Decoration
from relmgr_cli.terminal.graphics import ImageCells
from relmgr_cli.terminal.sanitize import sanitize_line

_WHEEL_LINES = 3
_NO_CELLS = ((ControlType.CURSOR_FORWARD, 0),)  # marks a segment that takes up no cells


class StripRenderer:
    """Renders lines in the styles of a theme."""

    def __init__(self, styles: Mapping[str, Style], base: Style) -> None:
        self.base = base
        self._named = styles
        self._cache: dict[str, Style] = {}

    def style(self, names: str) -> Style:
        """Return the combined style for names of the theme, separated by spaces."""
        known = self._cache.get(names)
        if known is None:
            null = Style.null()
            parts = [self._named.get(name, null) for name in names.split()]
            known = self._cache[names] = Style.combine([self.base, *parts])
        return known

    def on(self, name: str) -> "StripRenderer":
        """Return a renderer for which a style is below all others."""
        return StripRenderer(self._named, self.style(name))

    def strip(
        self,
        line: Line,
        width: int,
        *,
        left: int = 0,
        margin: Sequence[Fragment] = (),
        decorations: Sequence[Decoration] = (),
    ) -> Strip:
        """Return a line as a strip of `width` cells, indented by `left` cells; the margin is at the end of these."""
        marks = [Segment(fragment.text, self.style(fragment.style)) for fragment in margin]
        blank = left - sum(len(mark.text) for mark in marks)
        segments = [Segment(" " * blank, self.base)] if blank > 0 else []
        segments += Segment.adjust_line_length(marks, left) if blank < 0 else marks
        offset = 0
        for fragment in line:
            if isinstance(fragment.text, ImageCells):
                segments.append(Segment(fragment.text, self.base))
            else:
                segments += self._segments(fragment.text, fragment.style, offset, decorations)
            offset += len(fragment.text)
        return Strip(segments).adjust_cell_length(width, self.base)

    def _segments(self, text: str, style: str, offset: int, decorations: Sequence[Decoration]) -> list[Segment]:
        cuts = {0, len(text)}
        for start, end, _ in decorations:
            cuts |= {cut - offset for cut in (start, end) if 0 < cut - offset < len(text)}
        segments = []
        for start, end in pairwise(sorted(cuts)):
            names = [name for first, last, name in decorations if first <= offset + start < last]
            segments.append(Segment(text[start:end], self.style(" ".join([style, *names]))))
        return segments


class StripWidget(Widget):
    """A widget whose lines a `StripRenderer` renders; the wheel scrolls it."""

    ALLOW_SELECT = False

    @dataclass
    class LanguageClicked(Message):
        """The name of a language was clicked."""

        language: str

    def __init__(self, renderer: StripRenderer) -> None:
        super().__init__()
        self.renderer = renderer

    def set_renderer(self, renderer: StripRenderer) -> None:
        """Use another theme."""
        self.renderer = renderer
        self.refresh()

    def scroll_lines(self, lines: int) -> None:
        """Move by lines."""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down with the wheel."""
        event.stop()
        self.scroll_lines(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up with the wheel."""
        event.stop()
        self.scroll_lines(-_WHEEL_LINES)


class SanitizeFilter(LineFilter):
    """The last filter for all lines of all widgets: no control character reaches the terminal, but to draw images."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (as Textual calls it)
        """Return the segments with control characters made visible, each in its width; images are drawn."""
        return [safe for segment in segments for safe in _sanitized(segment)]


def _sanitized(segment: Segment) -> list[Segment]:
    if isinstance(segment.text, ImageCells):  # not cut by another widget
        return [segment, Segment(segment.text.draw(), segment.style, _NO_CELLS)]
    text = sanitize_line(segment.text)
    if text == segment.text:
        return [segment]
    return [Segment(set_cell_size(text, segment.cell_length), segment.style)]


SANITIZE_FILTER = SanitizeFilter()  # shared, because Textual caches the results of a filter
