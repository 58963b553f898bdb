"""The page: the widget that shows the rows of an article and moves over them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from relmgr_cli.layout.page import LinkTitles
from relmgr_cli.reader.model.anchors import anchor_row, resolve_anchor
from relmgr_cli.reader.model.decorations import Decorations, MatchRanges, links_on
from relmgr_cli.reader.model.positions import (
    Link,
    TextRange,
    first_word,
    hit_test,
    links_of,
    next_word,
    position_of,
    word_below,
    words_of,
)
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Anchor, Position, Viewport
from relmgr_cli.reader.strips import StripRenderer

_WHEEL = 3  # lines
_KEPT_LINES = 2  # of the last screen, when a page is turned
_THIRD = 3  # what is jumped to stands this part of the screen below its top


class Page(Widget, can_focus=True):
    """An article, in one language or several."""

    DEFAULT_CSS = """
    Page { width: 1fr; height: 1fr; }
    """
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("down", "arrow(0, 1)", show=False),
        Binding("up", "arrow(0, -1)", show=False),
        Binding("right", "arrow(1, 0)", show=False),
        Binding("left", "arrow(-1, 0)", show=False),
        Binding("space,pagedown", "turn(1)", show=False),
        Binding("b,pageup", "turn(-1)", show=False),
        Binding("d", "turn(1, True)", show=False),
        Binding("u", "turn(-1, True)", show=False),
        Binding("g,home", "edge(-1)", show=False),
        Binding("G,end", "edge(1)", show=False),
        Binding("right_square_bracket", "heading(1)", show=False),
        Binding("left_square_bracket", "heading(-1)", show=False),
    ]

    class Moved(Message):
        """Something else is on the page now, or it stands elsewhere."""

    class WordSelected(Message):
        """The word cursor is on a word."""

        def __init__(self, word: TextRange) -> None:
            super().__init__()
            self.word = word

    class LinkClicked(Message):
        """A link was clicked."""

        def __init__(self, link: Link, language: str) -> None:
            super().__init__()
            self.link = link
            self.language = language

    def __init__(self, sheet: ArticleRows, brush: StripRenderer) -> None:
        super().__init__()
        self.sheet = sheet
        self.viewport = Viewport(len(self.sheet), self.sheet.shape, 24)
        self.brush = brush
        self.is_centred = True
        self.decorations = Decorations()
        self._positions: list[Position] | None = None

    # What is shown, and how.

    def show(self, sheet: ArticleRows, *, anchor: Anchor | None = None) -> None:
        """Show another article at an anchor; without one the same article as its files are now, at the same place."""
        old, word = self.sheet, self.word
        self.sheet = sheet
        self.decorations = Decorations()
        if anchor is None:
            row = resolve_anchor(sheet.row_index, anchor_row(old.row_index, self.viewport.anchor.row))
            anchor = self.viewport.anchor._replace(row=row)
            self.decorations = Decorations(word=self._same_word(old, word) if word else None)
        self.viewport = Viewport(len(sheet), sheet.shape, self.size.height or 24)
        self.go_back(anchor)

    def _same_word(self, old: ArticleRows, word: TextRange) -> TextRange | None:
        """Return the word of the new sheet that a word of the old one has become; None when it is gone."""
        row = resolve_anchor(self.sheet.row_index, anchor_row(old.row_index, word.row))
        is_same = self.sheet.text(row, word.language) == old.text(word.row, word.language)
        return word._replace(row=row) if is_same and word.language in self.sheet.layout.languages else None

    def set_view(self, **changes: Any) -> None:
        """Change the view: languages, mode, measure, width."""
        self.sheet.set_view(self.sheet.view._replace(**changes))
        if self.word and self.word.language not in self.sheet.layout.languages:
            word = first_word(self.sheet, self.word.row, self.sheet.layout.languages[0])
            self.decorations = self.decorations._replace(word=word, translation=None)
        self.redraw()

    def set_link_titles(self, leads: Mapping[str, LinkTitles]) -> None:
        """Show which links lead to articles."""
        if self.sheet.set_link_titles(leads):
            self.redraw()

    def set_theme(self, brush: StripRenderer) -> None:
        """Use the styles of another theme."""
        self.brush = brush
        self.refresh()

    def mark(self, matches: MatchRanges, current: TextRange | None = None) -> None:
        """Mark the matches of a search, one of them as the current one."""
        self.decorations = self.decorations._replace(matches=matches, current=current)
        self.redraw()

    def redraw(self) -> None:
        """Draw the page anew and tell that it has changed."""
        self._positions = None
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        """Lay the page out for its new size; the place stays."""
        self.viewport.resize(event.size.height)
        self.set_view(width=max(1, event.size.width - (2 if event.size.width > 2 else 0)))  # noqa: PLR2004 (a cell at each side)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return the height there is: the page is as high as it may be."""
        return container.height

    @property
    def word(self) -> TextRange | None:
        """The word under the word cursor; None where there is no cursor."""
        return self.decorations.word

    @property
    def positions(self) -> list[Position]:
        """The lines on the screen."""
        if self._positions is None:
            self._positions = self.viewport.visible()
        return self._positions

    @property
    def left(self) -> int:
        """The cells left of the text."""
        spare = self.size.width - self.sheet.width
        return max(1 if self.size.width > 2 else 0, spare // 2 if self.is_centred else 1)  # noqa: PLR2004

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        if y >= len(self.positions):
            return Strip.blank(self.size.width, self.brush.base)
        row, number = self.positions[y]
        line = self.sheet.lines(row)[number]
        decorations = self.decorations.on_line(self.sheet, row, number)
        return self.brush.strip(line, self.size.width, left=self.left, decorations=decorations)

    # Moving.

    def go_back(self, anchor: Anchor) -> None:
        """Go to an anchor."""
        self.viewport.anchor = anchor
        self.redraw()

    def go(self, row: int, *, line: int = 0, at: int = 0) -> None:
        """Bring a line of a row's text to a line of the screen."""
        self.viewport.to(row, line=line, at=at)
        self.redraw()

    def reveal(self, word: TextRange) -> None:
        """Make sure that a stretch of text is on the screen."""
        position = position_of(self.sheet, word)
        line = position.line if position else self.sheet.shape(word.row).leading_blank
        if Position(word.row, line) not in self.positions:
            lead = self.sheet.shape(word.row).leading_blank
            self.viewport.to(word.row, line=line - lead, at=self.viewport.height // _THIRD)
        self.redraw()

    def action_move(self, lines: int) -> None:
        """Move by lines."""
        self.viewport.scroll(lines)
        self.redraw()

    def action_turn(self, screens: int, half: bool = False) -> None:  # noqa: FBT001 (an action's parameters are positional)
        """Move by screens, or half ones."""
        height = self.viewport.height
        self.action_move(screens * (max(1, height // 2) if half else max(1, height - _KEPT_LINES)))

    def action_edge(self, which: int) -> None:
        """Move to the start or the end."""
        if which < 0:
            self.viewport.to_start()
        else:
            self.viewport.to_end()
        self.redraw()

    def action_heading(self, step: int) -> None:
        """Move to the next heading or the one before."""
        here = self.viewport.current
        rows = [0, *(number for number, row in enumerate(self.sheet.rows, 1) if row.is_heading)]
        if step > 0:
            target = next((row for row in rows if row > here), None)
        else:
            at_top = self.viewport.line_of(here) == 0
            target = next((row for row in reversed(rows) if row < here or (row == here and not at_top)), None)
        if target is not None:
            self.go(target)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down with the wheel."""
        event.stop()
        self.action_move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up with the wheel."""
        event.stop()
        self.action_move(-_WHEEL)

    # Words and links.

    def action_arrow(self, across: int, down: int) -> None:
        """Move the word cursor where there is one, else the page."""
        if self.word is None:
            self.action_move(down)
        else:
            self.point(word_below(self.sheet, self.word, down) if down else next_word(self.sheet, self.word, across))

    def toggle_lens(self) -> bool:
        """Put the word cursor on the first word of the screen, or take it away; return whether it is there."""
        if self.word is not None:
            self.decorations = self.decorations._replace(word=None, translation=None)
            self.redraw()
            return False
        word = first_word(self.sheet, max(1, self.viewport.current), self.sheet.layout.languages[0])
        if word:
            self.point(word)
        return word is not None

    def point(self, word: TextRange) -> None:
        """Put the word cursor on a word."""
        self.decorations = self.decorations._replace(word=word, translation=None)
        self.reveal(word)
        self.post_message(self.WordSelected(word))

    def show_twin(self, twin: TextRange | None) -> None:
        """Mark the counterpart of the word under the cursor."""
        self.decorations = self.decorations._replace(translation=twin)
        self.refresh()

    def visible_links(self) -> list[tuple[Link, str]]:
        """Return the links on the screen with the language each is in, that under the word cursor alone."""
        return links_on(self.sheet, self.positions, self.word)

    @property
    def row_at_hand(self) -> int:
        """The row of the word cursor, else the one that is being read."""
        return self.word.row if self.word else self.viewport.current

    @property
    def text_at_hand(self) -> str:
        """The text of that row in each language on the page."""
        texts = (self.sheet.text(self.row_at_hand, language) for language in self.sheet.layout.languages)
        return "\n\n".join(filter(None, texts))

    def on_click(self, event: events.Click) -> None:
        """Follow the link that was clicked, or put the word cursor there."""
        if (place := self._place_at(event.x, event.y)) is None:
            return
        row, language, offset = place
        for link in links_of(self.sheet, row, language):
            if link.start <= offset < link.end:
                self.post_message(self.LinkClicked(link, language))
                return
        self._point_at(*place)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the word cursor go with the mouse."""
        if self.word is not None and (place := self._place_at(event.x, event.y)):
            self._point_at(*place)

    def _point_at(self, row: int, language: str, offset: int) -> None:
        for word in words_of(self.sheet, row, language):
            if self.word is not None and word.start <= offset < word.end and word != self.word:
                self.point(word)

    def _place_at(self, x: int, y: int) -> tuple[int, str, int] | None:
        """Return row, language and character of what a cell of the screen shows."""
        if y >= len(self.positions):
            return None
        row, line = self.positions[y]
        found = hit_test(self.sheet, row, line, x - self.left)
        return (row, *found) if found else None
