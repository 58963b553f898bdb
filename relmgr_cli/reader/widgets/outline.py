"""The outline pane: the numbers and headings of an article, and where the reader is among them."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line

_WHEEL = 3  # lines
_WIDTHS = (30, 50)  # cells


class Entry(NamedTuple):
    """A section in the outline."""

    number: str
    heading: str  # in the reader's language, else in another
    is_missing: bool  # the reader's language lacks it
    is_highlights: bool


def entries_of(article: Article, language: str) -> tuple[Entry, ...]:
    """Return the sections of an article that have a heading."""
    found = []
    for section in article.sections:
        headings = section_headings(article, section)
        if headings:
            heading = headings.get(language) or next(iter(headings.values()))
            is_missing = language not in section.indexes
            found.append(
                Entry(section.number, sanitize_line(heading), is_missing, section.number == article.highlights)
            )
    return tuple(found)


class Outline(Widget, can_focus=True):
    """The sections of an article; one of them is where the reader is."""

    DEFAULT_CSS = """
    Outline { height: 1fr; display: none; }
    Outline.-shown { display: block; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("space,pagedown,d", "turn(1)", show=False),
        Binding("b,pageup,u", "turn(-1)", show=False),
        Binding("g,home", "edge(0)", show=False),
        Binding("G,end", "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """A section was chosen."""

        def __init__(self, section: str) -> None:
            super().__init__()
            self.section = section

    def __init__(self, brush: StripRenderer) -> None:
        super().__init__()
        self.brush = brush
        self._entries: Sequence[Entry] = ()
        self._current = 0
        self._cursor = 0
        self._top = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """List other sections, or the same in another language."""
        self._entries = entries
        self.refresh()

    def fit(self, width: int, spare: int | None) -> None:
        """Take as much of the screen's width as the headings need and the page can spare; all of it for None."""
        if spare is None:
            self.styles.width = width
            return
        natural = max((width_of(_line(entry, width, "", is_current=False)) for entry in self._entries), default=0)
        most = min(width // 3, max(_WIDTHS[0], spare - 2))
        self.styles.width = max(min(natural + 2, most, _WIDTHS[1]), min(_WIDTHS[0], most))

    def set_theme(self, brush: StripRenderer) -> None:
        """Use the styles of another theme."""
        self.brush = brush
        self.refresh()

    def locate(self, section: str) -> None:
        """Mark the section where the reader is."""
        index = next((index for index, entry in enumerate(self._entries) if entry.number == section), 0)
        if index != self._current:
            self._current = index
            self._go(index)

    def _go(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self._entries) - 1))
        height = max(1, self.size.height)
        self._top = max(min(self._top, self._cursor), self._cursor - height + 1, 0)
        self.refresh()

    def on_focus(self) -> None:
        """Begin where the reader is."""
        self._go(self._current)

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._go(self._cursor)

    def render_line(self, y: int) -> Strip:
        """Draw one section."""
        index = self._top + y
        width = self.size.width
        if index >= len(self._entries):
            return Strip.blank(width, self.brush.base)
        style = "current" if index == self._current else ""
        if self.has_focus and index == self._cursor:
            style = "cursor"
        line = _line(self._entries[index], width - 2, style, is_current=index == self._current)
        return self.brush.strip(line, width, left=1)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._go(self._cursor + step)

    def action_turn(self, step: int) -> None:
        """Move the cursor by a screen."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Move the cursor to the first or the last section."""
        self._go(index % max(1, len(self._entries)))

    def action_choose(self) -> None:
        """Go to the section under the cursor."""
        if self._entries:
            self.post_message(self.Chosen(self._entries[self._cursor].number))

    def on_click(self, event: events.Click) -> None:
        """Go to the section that was clicked."""
        if self._top + event.y < len(self._entries):
            self._go(self._top + event.y)
            self.action_choose()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move on with the wheel."""
        event.stop()
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move back with the wheel."""
        event.stop()
        self.action_move(-_WHEEL)


def _line(entry: Entry, width: int, style: str, *, is_current: bool) -> Line:
    depth = entry.number.count(".")
    label = f"{'▸' if is_current else ' '}{'  ' * depth}{entry.number} {'★ ' if entry.is_highlights else ''}"
    heading = f"— {entry.heading}" if entry.is_missing else entry.heading
    return [
        Fragment(label, style or "number"),
        Fragment(shorten(heading, width - cell_len(label)), style or ("dim" if entry.is_missing else "")),
    ]
