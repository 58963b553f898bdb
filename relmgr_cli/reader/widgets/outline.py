"""The outline of an article, and which of page and outline are visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.layout.page import state_mark
from relmgr_cli.reader.keymap import default_keys
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.reader.widgets.counts import CountedWidget
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line

_MIN_WIDTH, _MAX_WIDTH = 30, 50  # cells
_MIN_SCREEN = 92  # cells; on a narrower screen the outline is hidden unless the user opens it
_MIN_SPLIT = 60  # cells; on a narrower screen the outline hides the page


_EDGES = 3  # cells beside the text: left, right, and the line between outline and page


class Entry(NamedTuple):
    """A section in the outline."""

    number: str
    heading: str  # in the reader's language, else in another
    is_missing: bool  # in the reader's language
    is_highlights: bool
    state: str = ""  # in the reader's language, as a mark after the heading; "" if it is up to date or missing


def outline_entries(article: Article, language: str) -> tuple[Entry, ...]:
    """Return the sections with a heading."""
    found = []
    for section in article.sections:
        if headings := section_headings(article, section):
            heading = sanitize_line(headings.get(language) or next(iter(headings.values())))
            is_highlights = section.number == article.highlights
            is_missing = language not in section.indexes
            mark = "" if is_missing else state_mark(article.state_of(section.number, language))
            found.append(Entry(section.number, heading, is_missing, is_highlights, mark))
    return tuple(found)


class Outline(CountedWidget, can_focus=True):
    """A list of the sections; marks the current one."""

    DEFAULT_CSS = """
    Outline { height: 1fr; display: none; }
    Outline.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{default_keys('line_down')},down", "move(1)", show=False),
        Binding(f"{default_keys('line_up')},up", "move(-1)", show=False),
        Binding(f"{default_keys('page_down')},d,ctrl+d", "turn(1)", show=False),
        Binding(f"{default_keys('page_up')},u,ctrl+u", "turn(-1)", show=False),
        Binding(default_keys("start"), "edge(0)", show=False),
        Binding(default_keys("end"), "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
        Binding("q,escape", "close", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A section was chosen."""

        section: str

    def __init__(self, renderer: StripRenderer) -> None:
        super().__init__(renderer)
        self._shown: tuple[Article, str] | None = None  # with the language
        self._entries: Sequence[Entry] = ()
        self._natural_width = 0  # cells that the entries need, at most `_MAX_WIDTH`
        self._current = 0
        self._cursor = 0
        self._top = 0
        self._is_alone = False  # on the screen

    def show(self, article: Article, language: str) -> None:
        """Show the sections of an article; does nothing if they are shown already."""
        if self._shown and self._shown[0] is article and self._shown[1] == language:
            return
        self._shown = article, language
        self._entries = outline_entries(article, language)
        lines = (_line(entry, _MAX_WIDTH, "", is_current=False) for entry in self._entries)
        self._natural_width = max(map(width_of, lines), default=0)
        self.refresh()

    def fit(self, width: int, spare: int | None) -> None:
        """Set the width to what the headings need and the page can spare; to the whole screen if `spare` is None."""
        self._is_alone = spare is None
        if spare is None:
            self.styles.width = width
            return
        limit = min(width // 3, max(_MIN_WIDTH, spare - 2))
        self.styles.width = max(min(self._natural_width + _EDGES, limit, _MAX_WIDTH), min(_MIN_WIDTH, limit))

    def set_current(self, section: str) -> None:
        """Mark the section with this number as the current one."""
        index = next((index for index, entry in enumerate(self._entries) if entry.number == section), 0)
        if index != self._current:
            self._current = index
            self._set_cursor(index)

    def _set_cursor(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self._entries) - 1))
        if self.size.height:  # 0 until it is laid out: then it begins with the first section if there is room
            self._top = max(min(self._top, self._cursor), self._cursor - self.size.height + 1, 0)
        self.refresh()

    def on_focus(self) -> None:
        """Start at the current section."""
        self._set_cursor(self._current)

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self._set_cursor(self._cursor)

    def render_line(self, y: int) -> Strip:
        """Render a section."""
        index, width = self._top + y, self.size.width
        divider = self.renderer.strip([Fragment("" if self._is_alone else "│", "dim")], 1)
        if index >= len(self._entries):
            return Strip.join([Strip.blank(width - 1, self.renderer.base), divider])
        style = "current" if index == self._current else ""
        if self.has_focus and index == self._cursor:
            style = "cursor"
        line = _line(self._entries[index], width - _EDGES, style, is_current=index == self._current)
        return Strip.join([self.renderer.strip(line, width - 1, left=1), divider])

    def action_move(self, step: int) -> None:
        """Move the cursor, as many times as the count says."""
        self.scroll_lines(step * (self.count or 1))

    def scroll_lines(self, lines: int) -> None:
        """Move the cursor."""
        self._set_cursor(self._cursor + lines)

    def action_turn(self, step: int) -> None:
        """Move the cursor by a screen."""
        self.action_move(step * max(1, self.size.height - 1))

    def action_edge(self, index: int) -> None:
        """Move the cursor to the first or the last section."""
        self._set_cursor(index % max(1, len(self._entries)))

    def action_choose(self) -> None:
        """Go to the section under the cursor."""
        if self._entries:
            self.post_message(self.Chosen(self._entries[self._cursor].number))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let q and Esc go to the screen if the page is visible too."""
        if action == "close" and not self._is_alone:
            return False
        return super().check_action(action, parameters)

    async def action_close(self) -> None:
        """Go back to the page that the outline hides."""
        await self.run_action("screen.outline")

    def on_click(self, event: events.Click) -> None:
        """Go to the section that was clicked."""
        if self._top + event.y < len(self._entries):
            self._set_cursor(self._top + event.y)
            self.action_choose()


def _line(entry: Entry, width: int, style: str, *, is_current: bool) -> Line:
    indent = "  " * entry.number.count(".")
    label = f"{'▸' if is_current else ' '}{indent}{entry.number} {'★ ' if entry.is_highlights else ''}"
    room = width - cell_len(label) - cell_len(entry.state)
    heading = shorten(f"— {entry.heading}" if entry.is_missing else entry.heading, room)
    text = Fragment(heading, style or ("dim" if entry.is_missing else ""))
    return [Fragment(label, style or "number"), text, Fragment(entry.state, style or "dim")]


class Panes:
    """The page and the outline, and how they share the screen."""

    def __init__(self, page: Page, outline: Outline, *, is_preferred: bool) -> None:
        self._page = page
        self._outline = outline
        self._is_preferred = is_preferred  # the outline, on a screen that is wide enough
        self._is_wanted: bool | None = None  # by the user; None until it was shown or hidden

    def fit(self, width: int) -> None:
        """Show the outline if it is wanted, or preferred and the screen is wide enough."""
        wanted = self._is_wanted
        is_shown = self._is_preferred and width >= _MIN_SCREEN if wanted is None else wanted
        is_alone = is_shown and width < _MIN_SPLIT
        view = self._page.rows.view
        spare = width - view.measure if view.mode is Arrangement.SINGLE else 0
        self._outline.fit(width, None if is_alone else spare)
        self._outline.set_class(is_shown, "-shown")
        self._page.display = not is_alone
        if is_alone:
            self._outline.focus()
        elif not is_shown and self._outline.has_focus:
            self._page.focus()

    def toggle(self, width: int) -> bool | None:
        """Show or hide the outline; return True or False to remember that, None on a narrow screen."""
        self._is_wanted = not self._outline.has_class("-shown")
        self.fit(width)
        return self._is_wanted if width >= _MIN_SCREEN else None

    def close_outline(self) -> None:
        """Hide the outline if it hides the page."""
        if not self._page.display:
            self._is_wanted = False
