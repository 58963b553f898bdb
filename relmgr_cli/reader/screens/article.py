"""The screen one reads on: the page, the outline, the status line, and what the keys do with them."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from relmgr_cli.config import Arrangement, ReaderSettings
from relmgr_cli.reader.editor import Editor
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.reader.model.library_worker import file_path
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.session import ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.reader.strips import StripRenderer
from relmgr_cli.reader.widgets.outline import Outline, entries_of
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.widgets.panes import Panes
from relmgr_cli.reader.widgets.status_bar import StatusBar
from relmgr_cli.reader.widgets.status_info import standing_at
from relmgr_cli.reader.workers import report_errors
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.reader.model.article_search import ArticleSearch
    from relmgr_cli.reader.navigation import Navigator
    from relmgr_cli.reader.widgets.find_bar import FindBar

_MEASURE = 76  # cells, where none is set
_MEASURES = (24, 160)
_WATCH = 1.0  # seconds between looks at the files

# Groups of workers.
_KEY = "key"  # what a key began; the next key waits for it
_FIND = "find"  # the search in the article


class Start(NamedTuple):
    """What to begin with."""

    languages: tuple[str, ...] = ()  # two or more begin side by side
    section: str | None = None  # its number
    choose: bool = False  # begin with the list of articles


class ArticleScreen(Screen[None]):
    """An article being read."""

    DEFAULT_CSS = """
    ArticleScreen { layout: horizontal; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key.keys, key.action, key.meaning, show=False) for key in KEYS if key.keys
    ]

    class PreferencesChanged(Message):
        """Settings were changed that are to be remembered."""

        def __init__(self, preferences: ReaderSettings) -> None:
            super().__init__()
            self.preferences = preferences

    def __init__(
        self, session: ReadingSession, start: Start, preferences: ReaderSettings, brush: StripRenderer, editor: Editor
    ) -> None:
        super().__init__()
        self.session = session
        self._start = start
        self._is_painted = False
        self._watching = asyncio.Lock()
        self._progress = asyncio.Event()  # set when a worker or the top screen has changed
        self._has_begun = not start.choose  # until an article was chosen, none has been read
        self._is_choosing = False
        self._preferences = preferences
        self._editor = editor
        self._mode = Arrangement.COLUMNS if len(start.languages) > 1 else preferences.mode
        self.page = Page(self._sheet(80, preferences.measure or _MEASURE), brush)
        self.page.is_centred = preferences.centred
        self._shown = self.page.sheet.layout.languages  # whose links and matches are on the page
        self.outline = Outline(brush)
        self._panes = Panes(self.page, self.outline)
        self.status = StatusBar(brush)
        if start.section is not None:
            self.page.viewport.to(self.page.sheet.row_of_section(start.section))
        elif place := session.position():
            self.page.viewport.anchor = anchor_of(place, self.page.sheet.row_index)

    def compose(self) -> ComposeResult:
        """Put the outline beside the page, the status line below."""
        yield self.outline
        yield self.page
        yield self.status

    def on_mount(self) -> None:
        """Begin on the page; look after the files from now on."""
        self.page.focus()
        self._list_sections()
        self.set_interval(_WATCH, self._tick)
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        if self._start.choose:
            self.action_articles()
        self._is_painted = True
        self._progress.set()
        self._complete()

    async def ready(self) -> None:
        """Wait until the next key can be handled: what the last one began has ended, or has opened a screen."""
        await self._until(lambda: not self.is_active or (self._is_painted and not self._is_working(_KEY)))

    def on_screen_suspend(self) -> None:
        """Let go of the keys that waited for another screen."""
        self._progress.set()

    def on_worker_state_changed(self) -> None:
        """Let go of the keys that waited for a worker."""
        self._progress.set()

    async def _until(self, is_reached: Callable[[], bool]) -> None:
        while not is_reached():
            self._progress.clear()
            await self._progress.wait()

    def _is_working(self, group: str) -> bool:
        return any(each.node is self and each.group == group and not each.is_finished for each in self.workers)

    def on_unmount(self) -> None:
        """Keep the place."""
        self._keep_place()

    def on_resize(self, event: events.Resize) -> None:
        """Give the outline a place where there is room for it."""
        self._show_outline(event.size.width)

    def on_key(self) -> None:
        """Take a message away when something is done."""
        self.status.say("")

    def say(self, message: str) -> None:
        """Say something in the status line, until the next key."""
        self.status.say(sanitize_line(message))

    def paint(self, brush: StripRenderer) -> None:
        """Use the styles of another theme."""
        for widget in (self.page, self.outline, self.status):
            widget.set_theme(brush)

    def _prefer(self, **changes: object) -> None:
        self._preferences = self._preferences._replace(**changes)  # type: ignore[arg-type]
        self.post_message(self.PreferencesChanged(self._preferences))

    def _keep_place(self) -> None:
        if self._has_begun:
            self.session.save_position(self.page.sheet, self.page.viewport.anchor)

    # What is on the page.

    @property
    def _languages(self) -> tuple[str, ...]:
        """The languages on the page, the reader's own first."""
        own = self.session.document.language
        if self._mode is Arrangement.SINGLE:
            return (own,)
        others = [language for language in self.session.article.documents if language != own]
        wanted = [language for language in self._start.languages if language in others]
        return (own, *(wanted or others[: None if self._mode is Arrangement.COLUMNS else 1]))

    def _sheet(self, width: int, measure: int) -> ArticleRows:
        view = View(self._languages, self._mode, width, measure, asked=len(self._start.languages))
        return ArticleRows(self.session.article, view, self.session.opened.rows)

    def _look(self) -> None:
        """Show the same article in other languages, or in another mode."""
        self.page.set_view(languages=self._languages, mode=self._mode)
        self._list_sections()

    def _show(self, anchor: Anchor | None = None) -> None:
        """Show the article at hand: at an anchor, or the same one as before as its files are now."""
        view = self.page.sheet.view
        self.page.show(self._sheet(view.width, view.measure), anchor=anchor)
        self._list_sections()
        if anchor is None:
            self._find_again()
        else:
            self._finder.end()
        self._style_links()

    def _list_sections(self) -> None:
        self.outline.show(entries_of(self.session.article, self.session.document.language))
        self._show_outline(self.size.width)
        self.on_page_moved()

    def on_page_moved(self) -> None:
        """Tell where the reader is."""
        standing = standing_at(self.page.sheet, self.page.viewport, self.session.opened.languages)
        self.status.update_info(standing)
        self.outline.locate(standing.section)
        if self._shown != self.page.sheet.layout.languages:
            self._shown = self.page.sheet.layout.languages
            self._find_again()
            self._style_links()

    # Work beside the interface.

    @work(group="complete", exclusive=True)
    @report_errors
    async def _complete(self) -> None:
        """Bring in what takes time: alignment, translations found by what they say, where links lead."""
        if not self.session.opened.is_final and await self.session.align_pending():
            self._show()
        is_parallel = self._mode is not Arrangement.SINGLE
        if (is_parallel or self.page.word) and await self.session.align_pending(by_meaning=True):
            self._show()
        if await self.session.pair_pending():
            self._show()
            self.say(f"also in {', '.join(self.session.opened.languages)}")
        self._style_links()

    @work(group="links", exclusive=True)
    @report_errors
    async def _style_links(self) -> None:
        """Show which links lead to an article and which lead nowhere."""
        article = self.session.article
        shown = len(self.page.sheet.layout.languages)
        leads = {}
        # The other languages follow, so that a switch to one of them needs no second layout.
        for language in dict.fromkeys((*self.page.sheet.layout.languages, *article.documents)):
            leads[language] = await self.session.link_titles(language)
            if article is not self.session.article:
                return
            if len(leads) >= shown:
                self.page.set_link_titles(dict(leads))

    def _tick(self) -> None:
        if not self._is_working("watch"):
            self._watch()

    @work(group="watch")
    @report_errors
    async def _watch(self) -> None:
        """Keep the place, and take the files as they are now."""
        async with self._watching:  # never cancelled: a change that was noticed and not taken would be lost
            self._keep_place()
            if await self.session.reload_if_changed():
                self._show()
                self.say("the file has changed")
                self._complete()

    # Languages and modes.

    def action_language(self) -> None:
        """Switch to the next language."""
        languages = self.session.opened.languages
        self._switch(languages[(languages.index(self.session.document.language) + 1) % len(languages)])

    def _switch(self, language: str) -> None:
        if len(self.session.opened.languages) == 1:
            self.say(f"only in {language}")
        elif language not in self.session.article.documents:
            self.say("being aligned; one moment")
        else:
            self.session.language = language
            self._look()

    @work(group=_KEY)
    @report_errors
    async def action_choose_language(self) -> None:
        """Choose one of the languages of the article."""
        from relmgr_cli.reader.screens.pickers import choose_language

        languages = self.session.opened.languages
        if chosen := await choose_language(self.app, languages, self.session.document.language):
            self._switch(chosen)

    def action_mode(self, mode: str) -> None:
        """Show several languages, or one again."""
        if len(self.session.opened.languages) == 1:
            self.say(f"only in {self.session.document.language}")
            return
        asked = Arrangement(mode)
        self._mode = Arrangement.SINGLE if self._mode is asked else asked
        self._prefer(mode=self._mode)
        self._look()
        if self._mode is Arrangement.COLUMNS and self.page.sheet.layout.arrangement is Arrangement.INTERLEAVED:
            self.say("no room for columns")
        self.call_after_refresh(self._complete)

    # Moving.

    @work(group=_KEY)
    @report_errors
    async def action_jump(self) -> None:
        """Jump to a heading by typing a part of it."""
        await self._traveller.jump()

    @work(group=_KEY)
    @report_errors
    async def action_highlights(self) -> None:
        """Show the key points; choosing one leads to it."""
        await self._traveller.highlights()

    def on_outline_chosen(self, event: Outline.Chosen) -> None:
        """Go to the section that was chosen."""
        self._panes.leave_outline()
        self._show_outline(self.size.width)
        self.page.go(self.page.sheet.row_of_section(event.section))
        self.page.focus()

    def action_outline(self) -> None:
        """Show or hide the outline."""
        wanted = self._panes.toggle(self.size.width)
        self._show_outline(self.size.width)
        if wanted is not None:
            self._prefer(outline=wanted)

    def _show_outline(self, width: int) -> None:
        self._panes.fit(width, prefers_outline=self._preferences.outline)

    # Finding.

    @cached_property
    def _finder(self) -> "ArticleSearch":
        from relmgr_cli.reader.model.article_search import ArticleSearch

        return ArticleSearch(self.session, self.page, self.say)

    async def action_find(self) -> None:
        """Search in the article."""
        from relmgr_cli.reader.widgets.find_bar import FindBar

        if not self.query(FindBar):
            bar = FindBar(self.page.viewport.anchor)
            await self.mount(bar)
            self.set_focus(bar)

    def on_find_bar_query_changed(self, event: "FindBar.QueryChanged") -> None:
        """Show what is found so far."""
        if self.focused is not self.page:  # else the line was closed in the meantime
            self._find(event.query, event.anchor.row)

    def action_close_find(self, accept: bool) -> None:  # noqa: FBT001 (an action's parameters are positional)
        """Stay where the match is, or go back to where the search began."""
        from relmgr_cli.reader.widgets.find_bar import FindBar

        bar = self.query_one(FindBar)
        self.set_focus(self.page)
        bar.remove()
        if not accept:
            self._end_search()
            self.page.go_back(bar.start)
        elif bar.value and bar.value == self._finder.query:
            self._finder.show()
        else:
            self._find(bar.value, bar.start.row)

    @work(group=_FIND, exclusive=True)
    @report_errors
    async def _find(self, query: str, row: int) -> None:
        await self._finder.find(query, row)

    @work(group=_FIND, exclusive=True)
    @report_errors
    async def _find_again(self) -> None:
        await self._finder.again()

    def _end_search(self) -> None:
        self.workers.cancel_group(self, _FIND)
        self._finder.end()

    @work(group=_KEY)
    @report_errors
    async def action_match(self, step: int) -> None:
        """Go to the next match or the one before, of a search that has ended."""
        await self._until(lambda: not self._is_working(_FIND))
        self._finder.step(step)

    # Other articles.

    @cached_property
    def _traveller(self) -> "Navigator":
        from relmgr_cli.reader.navigation import Navigator

        return Navigator(self.app, self.session, self.page, self._arrive, self.say)

    def _arrive(self) -> None:
        self._show(Anchor(0))
        self.call_after_refresh(self._complete)

    @work(group=_KEY)
    @report_errors
    async def action_search(self) -> None:
        """Search the library and open a hit."""
        await self._traveller.search(self._finder)

    @work(group=_KEY)
    @report_errors
    async def action_articles(self) -> None:
        """Choose another article of the library."""
        if self._is_choosing:
            return
        self._is_choosing = True
        self._keep_place()
        try:
            await self._traveller.choose()
        finally:
            self._is_choosing = False
            self._has_begun = True

    @work(group=_KEY)
    @report_errors
    async def action_follow(self) -> None:
        """Follow a link on the screen."""
        await self._traveller.follow_one()

    @work(group=_KEY)
    @report_errors
    async def on_page_link_clicked(self, event: Page.LinkClicked) -> None:
        """Follow a link that was clicked."""
        await self._traveller.follow(event.link, event.language)

    @work(group=_KEY)
    @report_errors
    async def action_back(self) -> None:
        """Go back to where a link was followed."""
        await self._traveller.back()

    # The block at hand.

    def action_lens(self) -> None:
        """Put the word cursor on the page, or take it away."""
        if self.page.toggle_lens():
            self.call_after_refresh(self._complete)

    @work(group="lens", exclusive=True)
    @report_errors
    async def on_page_word_selected(self, event: Page.WordSelected) -> None:
        """Name the counterpart of the word under the cursor, and mark it where it is on the page."""
        from relmgr_cli.reader.word_translations import show_twins

        await show_twins(self.session, self.page, event.word, self.say)

    def action_copy(self) -> None:
        """Copy the block at hand."""
        text = self.page.text_at_hand or self.session.document.title
        self.app.copy_to_clipboard(sanitize(text))
        self.say(f"copied: {' '.join(text.split())}")

    @work(group=_KEY)
    @report_errors
    async def action_edit(self) -> None:
        """Open the editor at the block at hand; the page follows the change."""
        document = self.session.document
        line = self.page.sheet.line_in_file(self.page.row_at_hand, document.language)
        self.say(self._editor.edit(self.app, file_path(document), line))
        self._watch()

    # Comfort.

    def action_measure(self, cells: int) -> None:
        """Make lines longer or shorter."""
        least, most = _MEASURES
        measure = max(least, min(self.page.sheet.view.measure + cells, most))
        self.page.set_view(measure=measure)
        self._prefer(measure=measure)
        self.say(f"{measure} cells a line")

    def action_centre(self) -> None:
        """Put the text in the middle or at the left."""
        self.page.is_centred = not self.page.is_centred
        self._prefer(centred=self.page.is_centred)
        self.page.redraw()

    def action_leave(self) -> None:
        """End what is going on: the word lens, the search."""
        if self.page.word is not None:
            self.page.toggle_lens()
        else:
            self._end_search()

    def action_help(self) -> None:
        """Show the keys."""
        from relmgr_cli.reader.screens.help import Help

        self.app.push_screen(Help())

    def action_quit(self) -> None:
        """Leave."""
        self._keep_place()
        self.app.exit()
