"""The page: the widget that shows the rows of an article and scrolls."""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from relmgr_cli.layout.page import LinkTitles
from relmgr_cli.reader.keymap import default_keys
from relmgr_cli.reader.model import positions
from relmgr_cli.reader.model.anchors import anchor_row, resolve_anchor
from relmgr_cli.reader.model.decorations import Decorations, MatchRanges, links_on
from relmgr_cli.reader.model.margin import Margin
from relmgr_cli.reader.model.positions import Link, TextRange, first_word, next_word, word_below
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Anchor, Position, Viewport
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.reader.widgets.counts import CountedWidget

if TYPE_CHECKING:
    from relmgr_cli.reader.model.images import ImageLayout

_OVERLAP = 2  # lines of the last screen that stay when a page is turned


class Page(CountedWidget, can_focus=True):
    """An article, in one language or several."""

    DEFAULT_CSS = "Page { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(default_keys("line_down"), "move(1)", show=False),
        Binding(default_keys("line_up"), "move(-1)", show=False),
        Binding("down", "arrow(0, 1)", show=False),
        Binding("up", "arrow(0, -1)", show=False),
        Binding("right", "arrow(1, 0)", show=False),
        Binding("left", "arrow(-1, 0)", show=False),
        Binding(default_keys("page_down"), "turn(1)", show=False),
        Binding(default_keys("page_up"), "turn(-1)", show=False),
        Binding("d,ctrl+d", "turn(1, True)", show=False),
        Binding("u,ctrl+u", "turn(-1, True)", show=False),
        Binding(default_keys("start"), "edge(-1)", show=False),
        Binding(default_keys("end"), "edge(1)", show=False),
        Binding("percent_sign", "percent", show=False),
        Binding("right_square_bracket", "heading(1)", show=False),
        Binding("left_square_bracket", "heading(-1)", show=False),
    ]

    class Moved(Message):
        """The page shows something else, or another part."""

    @dataclass
    class WordSelected(Message):
        """The word cursor has moved to a word."""

        word: TextRange

    @dataclass
    class LinkClicked(Message):
        """A link was clicked."""

        link: Link
        language: str

    def __init__(self, rows: ArticleRows, renderer: StripRenderer) -> None:
        super().__init__(renderer)
        self.rows = rows
        self.viewport = Viewport(len(self.rows), self.rows.size, 24)
        self.is_centred = True
        self._images: ImageLayout | None = None  # None to show their alternative texts only
        self.decorations = Decorations()
        self.margin = Margin()
        self._positions: list[Position] | None = []  # None to find them; none until the page has its size
        self.jumps = 0  # to the start, the end or a line, also where the page is too short to move
        self._held: list[Position] | None = None  # the lines of all columns but the first, if they do not scroll

    # Content.

    def show(self, rows: ArticleRows, *, anchor: Anchor | None = None) -> None:
        """Show another article at an anchor; without one, the same article after a change, at the same position."""
        old, word = self.rows, self.word
        if self._images:
            rows.set_images(self._images)
        if self.margin.has_numbers:
            rows.set_view(rows.view._replace(width=self._text_width(rows)))
        self.rows = rows
        self._held = None
        self.decorations = Decorations()
        if anchor is not None:
            self.margin.bookmarks = frozenset()
        else:
            row = resolve_anchor(rows.row_index, anchor_row(old.row_index, self.viewport.anchor.row))
            anchor = self.viewport.anchor._replace(row=row)
            self.decorations = Decorations(word=self._same_word(old, word) if word else None)
        self.margin.mark(rows)
        self.viewport = Viewport(len(rows), rows.size, self.size.height or 24)
        self.restore(anchor)
        self._select_again()

    def _same_word(self, old: ArticleRows, word: TextRange) -> TextRange | None:
        """Return a word of the old rows in the new ones; None if its row has changed."""
        row = resolve_anchor(self.rows.row_index, anchor_row(old.row_index, word.row))
        is_same = self.rows.text(row, word.language) == old.text(word.row, word.language)
        return word._replace(row=row) if is_same and word.language in self.rows.layout.languages else None

    def set_view(self, **changes: Any) -> None:
        """Change the view: languages, mode, measure, width."""
        view = self.rows.view._replace(**changes)
        old = self.rows.view
        if view != old:
            self._held = None
        self.rows.set_view(view)
        if self.word and self.word.language not in self.rows.layout.languages:
            word = first_word(self.rows, self.word.row, self.rows.layout.languages[0])
            self.decorations = self.decorations._replace(word=word, translation=None)
        self.redraw()
        if view.languages != old.languages:
            self._select_again()

    def _select_again(self) -> None:
        """Ask for the translation of the word again, after a change of what it is looked up in or shown in."""
        if self.word:
            self.post_message(self.WordSelected(self.word))

    def set_link_titles(self, titles: Mapping[str, LinkTitles]) -> None:
        """Style links by the titles of their targets, by language."""
        if self.rows.set_link_titles(titles):
            self._held = None
            self.redraw()

    def set_images(self, images: "ImageLayout") -> None:
        """Show images from now on."""
        self._images = images
        self._held = None
        images.resize(self.size.height)
        self.rows.set_images(images)
        self.redraw()

    def set_matches(self, matches: MatchRanges, current: TextRange | None = None) -> None:
        """Highlight the matches of a search."""
        self.decorations = self.decorations._replace(matches=matches, current=current)
        self.redraw()

    def set_bookmarks(self, blocks: Collection[tuple[str, int]]) -> None:
        """Mark the blocks with a bookmark, by language and index."""
        if blocks != self.margin.bookmarks:
            self.margin.bookmarks = blocks
            self.margin.mark(self.rows)
            self.refresh()

    def toggle_numbers(self) -> bool:
        """Show the lines of the file where blocks begin, or hide them; return True if they are shown."""
        self.margin.has_numbers = not self.margin.has_numbers
        self.set_view(width=self._text_width(self.rows))
        return self.margin.has_numbers

    def _text_width(self, rows: ArticleRows) -> int:
        at_sides = 2 if self.size.width > 2 else 0  # noqa: PLR2004 (a cell at each side)
        return max(1, self.size.width - at_sides - self.margin.width(rows.article))

    def redraw(self) -> None:
        """Render the page again, and report that it has changed."""
        self._positions = None
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self, event: events.Resize) -> None:
        """Lay the page out for its new size, at the same position."""
        self.viewport.resize(event.size.height)
        if self._images:
            self._images.resize(event.size.height)
        self.set_view(width=self._text_width(self.rows))
        if self.word:
            self.reveal(self.word)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return the height of the container."""
        return container.height

    @property
    def word(self) -> TextRange | None:
        """The word under the word cursor; None if there is no cursor."""
        return self.decorations.word

    @property
    def positions(self) -> list[Position]:
        """The lines on the screen."""
        if self._positions is None:
            self._positions = self.viewport.visible()
        return self._positions

    @property
    def left(self) -> int:
        """The cells to the left of the text."""
        spare = self.size.width - self.rows.width
        least = (1 if self.size.width > 2 else 0) + self.margin.width(self.rows.article)  # noqa: PLR2004
        return max(least, spare // 2 if self.is_centred else least)

    def render_line(self, y: int) -> Strip:
        """Render a line of the screen."""
        strip = self._strip(self.positions, y)
        if self._held is None:
            return strip
        return Strip.join([strip.crop(0, self._held_from), self._strip(self._held, y).crop(self._held_from)])

    def _strip(self, shown: list[Position], y: int) -> Strip:
        if y >= len(shown):
            return Strip.blank(self.size.width, self.renderer.base)
        row, number = shown[y]
        line = self.rows.lines(row)[number]
        decorations = self.decorations.on_line(self.rows, row, number)
        margin = self.margin.on_line(self.rows, row, number)
        return self.renderer.strip(line, self.size.width, left=self.left, margin=margin, decorations=decorations)

    @property
    def _held_from(self) -> int:
        """The first cell after the first column."""
        layout = self.rows.layout
        return self.left + layout.margin + layout.settings[layout.languages[0]].width

    @property
    def is_held(self) -> bool:
        """Whether all columns but the first do not scroll."""
        return self._held is not None

    def toggle_hold(self) -> bool:
        """Hold all columns but the first where they are, or put them in step with it again; return True if held."""
        self._held = [*self.positions] if self._held is None else None
        self.redraw()
        return self.is_held

    # Moving.

    def restore(self, anchor: Anchor) -> None:
        """Go to an anchor."""
        self.viewport.anchor = anchor
        self.redraw()

    def go_to(self, row: int, *, line: int = 0, at: int = 0) -> None:
        """Put a line of a row's text at line `at` of the screen."""
        self.viewport.go_to(row, line=line, at=at)
        self.redraw()

    @property
    def jump_line(self) -> int:
        """The line of the screen where jumps put their target, with some context above."""
        return self.viewport.height // 3

    def reveal(self, word: TextRange) -> None:
        """Scroll a range of text into view, if it is not."""
        position = positions.position_of(self.rows, word)
        line = position.line if position else self.rows.size(word.row).leading_blank
        if Position(word.row, line) not in (*self.positions, *(self._held or ())):
            blank = self.rows.size(word.row).leading_blank
            self.viewport.go_to(word.row, line=line - blank, at=self.jump_line)
        self.redraw()

    def scroll_lines(self, lines: int) -> None:
        """Move by lines."""
        self.viewport.scroll(lines)
        self.redraw()

    def action_move(self, lines: int) -> None:
        """Move by lines, as many times as the count says."""
        self.scroll_lines(lines * (self.count or 1))

    def action_turn(self, screens: int, half: bool = False) -> None:  # noqa: FBT001 (an action's parameters are positional)
        """Move by screens, or half ones."""
        height = self.viewport.height
        self.action_move(screens * (max(1, height // 2) if half else max(1, height - _OVERLAP)))

    def action_edge(self, which: int) -> None:
        """Move to the line that the count names, else to the start or the end."""
        self.jumps += 1
        if self.count or which < 0:
            self.viewport.to_start()
            self.viewport.scroll(max(0, self.count - 1))
        else:
            self.viewport.to_end()
        self.redraw()

    def action_percent(self) -> None:
        """Move to the row with as many percent of the words before it as the count says."""
        words = self.rows.words_before(0)[1] * min(self.count, 100) / 100
        self.viewport.go_to(bisect_left(range(len(self.rows)), words, key=lambda row: self.rows.words_before(row)[0]))
        if self.viewport.is_at_end:
            self.viewport.to_end()
        self.redraw()

    def action_heading(self, step: int) -> None:
        """Move to the next or previous heading, as many times as the count says."""
        for _ in range(min(self.count or 1, len(self.rows))):
            if (target := self._heading_from_here(step)) is None:
                break
            self.viewport.go_to(target)
        self.redraw()

    def _heading_from_here(self, step: int) -> int | None:
        here = self.viewport.current
        headings = self.rows.headings()
        if step > 0:
            return next((row for row in headings if row > here), None)
        at_top = self.viewport.line_of(here) == 0
        return next((row for row in reversed(headings) if row < here or (row == here and not at_top)), None)

    # Words and links.

    def action_arrow(self, across: int, down: int) -> None:
        """Move the word cursor if there is one, else the page."""
        if self.word is None:
            self.action_move(down)
        else:
            self.point(word_below(self.rows, self.word, down) if down else next_word(self.rows, self.word, across))

    def toggle_word_cursor(self) -> bool:
        """Show the word cursor on the first visible word, or hide it; return True if it is shown."""
        if self.word is not None:
            self.decorations = self.decorations._replace(word=None, translation=None)
            self.redraw()
            return False
        word = first_word(self.rows, max(1, self.viewport.current), self.rows.layout.languages[0])
        if word:
            self.point(word)
        return word is not None

    def point(self, word: TextRange) -> None:
        """Put the word cursor on a word."""
        self.decorations = self.decorations._replace(word=word, translation=None)
        self.reveal(word)
        self.post_message(self.WordSelected(word))

    def show_translation(self, translation: TextRange | None) -> None:
        """Highlight the translation of the word under the cursor, or of its sentence."""
        self.decorations = self.decorations._replace(translation=translation)
        self.refresh()

    def visible_links(self) -> list[tuple[Link, str]]:
        """Return the links on the screen with their languages."""
        return links_on(self.rows, self.positions)

    @property
    def current_row(self) -> int:
        """The row of the word cursor, else of the viewport."""
        return self.word.row if self.word else self.viewport.current

    @property
    def current_text(self) -> str:
        """The text of the current row in each language on the page."""
        texts = (self.rows.text(self.current_row, language) for language in self.rows.layout.languages)
        return "\n\n".join(filter(None, texts))

    async def on_click(self, event: events.Click) -> None:
        """Follow a link, move the word cursor, or report a language that is named next to the title.

        A double click shows the word cursor.
        """
        if (found := self._text_at(event.x, event.y)) is None:
            position = self.positions[event.y] if event.y < len(self.positions) else Position(1, 0)
            language = "" if position.row else positions.language_at(self.rows, position.line, event.x - self.left)
            if language:
                self.post_message(self.LanguageClicked(language))
            return
        row, language, offset = found
        for link in positions.links_of(self.rows, row, language):
            if link.start <= offset < link.end:
                self.post_message(self.LinkClicked(link, language))
                return
        if self.word is None and event.chain > 1:
            await self.run_action("screen.word_cursor")
        self._point_at(*found)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the word cursor with the mouse."""
        if self.word is not None and (found := self._text_at(event.x, event.y)):
            self._point_at(*found)

    def _point_at(self, row: int, language: str, offset: int) -> None:
        for word in positions.words_of(self.rows, row, language):
            if self.word is not None and word.start <= offset < word.end and word != self.word:
                self.point(word)

    def _text_at(self, x: int, y: int) -> tuple[int, str, int] | None:
        """Return row, language and offset of the character in a cell of the screen; None if it shows no text."""
        shown = self.positions if self._held is None or x < self._held_from else self._held
        if y >= len(shown):
            return None
        row, line = shown[y]
        found = positions.hit_test(self.rows, row, line, x - self.left)
        return (row, *found) if found else None
