"""The screen with the article: the page, the outline, the status bar, and the actions of the keys."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from relmgr_cli import messages
from relmgr_cli.config import Arrangement, ReaderSettings
from relmgr_cli.reader.editor import Editor
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.reader.model.rows import ArticleRows, View, visible_languages
from relmgr_cli.reader.model.session import ReadingSession, Start, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.reader.page_marks import load_link_titles, mark_bookmarks
from relmgr_cli.reader.strips import StripRenderer, StripWidget
from relmgr_cli.reader.widgets.outline import Outline, Panes
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.widgets.status_bar import StatusBar, status_info
from relmgr_cli.reader.workers import ScreenWorkers
from relmgr_cli.store.reading_state import Columns
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.reader.article_search import ArticleSearch
    from relmgr_cli.reader.navigation import Navigator

_MEASURE = 76  # cells, the default
_MIN_MEASURE, _MAX_MEASURE = 24, 160
_INITIAL_WIDTH = 80  # cells, until the screen has a size
_POLL_SECONDS = 1.0  # between checks of the files

# Groups of workers.
_KEY = "key"  # started by a key; the next key waits for it
_STEP = "step"  # waits for the search, which may take long; the next key does not wait for it
_WATCH = "watch"


class ArticleScreen(Screen[None]):
    """The screen with the open article."""

    DEFAULT_CSS = "ArticleScreen { layout: horizontal; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding(key.keys, key.action, show=False) for key in KEYS if key.action]

    @dataclass
    class PreferencesChanged(Message):
        """Settings have changed that the config file stores."""

        preferences: ReaderSettings

    def __init__(
        self,
        session: ReadingSession,
        start: Start,
        preferences: ReaderSettings,
        renderer: StripRenderer,
        editor: Editor,
    ) -> None:
        super().__init__()
        self.session = session
        self.session.saves_position = not start.choose
        self._start = start
        self._requested = session.columns.languages  # see `visible_languages`
        self._preferences = preferences
        self._editor = editor
        self._workers = ScreenWorkers(self, self.show_message)
        self._is_painted = False
        self._mode = Arrangement.COLUMNS if session.columns.are_shown else preferences.mode
        measure = preferences.measure or _MEASURE
        view = View(self._languages(), self._mode, _INITIAL_WIDTH, measure, requested=len(self._requested))
        self.page = Page(self._rows(view), renderer)
        self.page.is_centred = preferences.centred
        self.page.margin.has_numbers = preferences.numbers
        self._shown_languages = self.page.rows.layout.languages  # as of the last move
        self.outline = Outline(renderer)
        self._panes = Panes(self.page, self.outline, is_preferred=preferences.outline)
        self.status = StatusBar(renderer)
        if start.section is not None:
            row = self.page.rows.row_of_block(*start.block) if start.block else None
            self.page.viewport.go_to(self.page.rows.row_of_section(start.section) if row is None else row)
        elif position := session.position():
            self.page.viewport.anchor = anchor_of(position, self.page.rows.row_index)

    def compose(self) -> ComposeResult:
        """Put the outline next to the page, and the status bar below."""
        yield self.outline
        yield self.page
        yield self.status

    def on_mount(self) -> None:
        """Focus the page, and start to watch the files."""
        self.page.focus()
        self._show_outline()
        self.set_interval(_POLL_SECONDS, self._watch)
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        if self._start.choose:
            self.action_navigate("articles")
        self._is_painted = True
        self._workers.notify()
        self._complete()

    async def ready(self) -> None:
        """Wait until the next key can be handled: the worker of the last one has finished or has pushed a screen."""
        await self._workers.until(
            lambda: not self.is_active or (self._is_painted and not self._workers.is_running(_KEY))
        )

    def cancel_key(self) -> bool:
        """Cancel the worker that the last key has started; return False if there is none."""
        is_running = self.is_active and self._workers.is_running(_KEY)
        if is_running:
            self._workers.cancel(_KEY)
        return is_running

    @on(events.ScreenSuspend)
    @on(Worker.StateChanged)
    def _notify_workers(self) -> None:
        self._workers.notify()

    def on_unmount(self) -> None:
        """Save the position."""
        self._save_position()

    def on_resize(self, event: events.Resize) -> None:
        """Show the outline if the screen is wide enough."""
        self._panes.fit(event.size.width)

    def on_key(self, event: events.Key) -> None:
        """Show the count that is being typed in the status bar, or that a key does nothing, or no message."""
        prefix = getattr(self.focused, "prefix", "")
        if prefix or event.key in self.active_bindings or self.query("FindBar"):
            self.status.show_message(prefix)
        else:
            self.status.show_unknown_key(event.key)

    def show_message(self, message: str, *, max_lines: int = 1, hint: str = "") -> None:
        """Show a message in the status bar until the next key; `hint` is the action whose key it names."""
        self.status.show_message(sanitize_line(message), max_lines=max_lines, hint=hint)

    def set_renderer(self, renderer: StripRenderer) -> None:
        """Use another theme."""
        for widget in (self.page, self.outline, self.status):
            widget.set_renderer(renderer)

    def _update_preferences(self, **changes: object) -> None:
        self._preferences = self._preferences._replace(**changes)  # type: ignore[arg-type]
        self.post_message(self.PreferencesChanged(self._preferences))

    def _save_position(self) -> None:
        self.session.save_position(self.page.rows, self.page.viewport.anchor)

    # The page.

    def _languages(self) -> tuple[str, ...]:
        return visible_languages(self.session.article, self.session.document.language, self._mode, self._requested)

    def _rows(self, view: View) -> ArticleRows:
        return ArticleRows(self.session.article, view, self.session.opened.rows)

    def refresh_view(self) -> None:
        """Show the article in the current language and mode."""
        self.page.set_view(languages=self._languages(), mode=self._mode, requested=len(self.session.columns.languages))
        self._update_outline()

    def _show_article(self, anchor: Anchor | None = None) -> None:
        """Show the open article at an anchor; without one, show the same article again after it has changed."""
        view = self.page.rows.view._replace(languages=self._languages(), mode=self._mode)
        self.page.show(self._rows(view), anchor=anchor)
        self._update_outline()
        if anchor is None:
            self._article_search.refresh()
        else:
            self._article_search.cancel()
        self._style_links()

    def _show_opened(self) -> None:
        self._show_article(Anchor(0))
        self.call_after_refresh(self._complete)

    def _update_outline(self) -> None:
        self._show_outline()
        self.on_page_moved()

    def _show_outline(self) -> None:
        self.outline.show(self.session.article, self.session.document.language)
        self._panes.fit(self.size.width)

    def on_page_moved(self) -> None:
        """Show the position in the status bar and in the outline."""
        page, languages = self.page, self.session.opened.languages
        info = status_info(page.rows, page.viewport, languages, is_held=page.is_held)
        self.status.update_info(info, keeps_height=self.page.word is not None)
        self.outline.set_current(info.section)
        if self._shown_languages != self.page.rows.layout.languages:
            self._shown_languages = self.page.rows.layout.languages
            self._article_search.refresh()
            self._style_links()

    # Background work.

    def _complete(self) -> None:
        self._workers.run("complete", self._run_deferred, is_exclusive=True)

    async def _run_deferred(self) -> None:
        """Do what was deferred to show the page sooner: alignment, pairing by content, titles of links."""
        if not self.session.opened.is_final and await self.session.align_pending():
            self._show_article()
        needs_embeddings = self._mode is not Arrangement.SINGLE or self.page.word
        if needs_embeddings and await self.session.align_pending(by_meaning=True):
            self._show_article()
        if await self.session.pair_pending():
            self._show_article()
            self.show_message(messages.PAIRED.fill(languages=", ".join(self.session.opened.languages)))
        self._style_links()
        await mark_bookmarks(self.session, self.page)
        if await self.session.judge_pending():
            self._show_article()

    def _style_links(self) -> None:
        self._workers.run("links", load_link_titles, self.session, self.page, is_exclusive=True)

    def _watch(self) -> None:
        if not self._workers.is_running(_WATCH):  # a running one is not cancelled: it would lose the change it has seen
            self._workers.run(_WATCH, self._reload)

    async def _reload(self) -> None:
        self._save_position()
        if await self.session.reload_if_changed():
            self._show_article()
            self.show_message(messages.FILE_CHANGED)
            self._complete()

    # Languages and modes.

    def action_language(self) -> None:
        """Switch to the next language."""
        languages = self.session.opened.languages
        self._switch_language(languages[(languages.index(self.session.document.language) + 1) % len(languages)])

    def _switch_language(self, language: str) -> None:
        if len(self.session.opened.languages) == 1:
            self.show_message(messages.ONLY_LANGUAGE.fill(language=language))
        elif language not in self.session.article.documents:
            self.show_message(messages.STILL_ALIGNING)
        else:
            self.session.language = language
            self.refresh_view()

    def action_choose_language(self) -> None:
        """Choose one of the languages of the article, or several for columns."""
        self._workers.run(_KEY, self._choose_language)

    async def _choose_language(self) -> None:
        from relmgr_cli.reader.screens.picker import choose_languages

        languages = self.session.sorted_languages()
        chosen = await choose_languages(self.app, languages, self.session.document.language)
        if len(chosen) == 1:
            self._switch_language(chosen[0])
        elif not self.session.article.documents.keys() >= set(chosen):
            self.show_message(messages.STILL_ALIGNING)
        elif chosen:
            self.session.language = chosen[0]
            self.session.columns = Columns(chosen)
            self._set_mode(Arrangement.COLUMNS)

    def action_mode(self, mode: str) -> None:
        """Turn columns or the interleaved mode on or off."""
        if len(self.session.opened.languages) == 1:
            self.show_message(messages.ONLY_LANGUAGE.fill(language=self.session.document.language))
            return
        self._set_mode(Arrangement.SINGLE if self._mode is Arrangement(mode) else Arrangement(mode))
        self._update_preferences(mode=self._mode)

    def _set_mode(self, mode: Arrangement) -> None:
        self._mode, self._requested = mode, self.session.columns.languages
        is_chosen = mode is Arrangement.COLUMNS and bool(self._requested)
        self.session.columns = self.session.columns._replace(are_shown=is_chosen)
        self.refresh_view()
        if self._mode is Arrangement.COLUMNS and self.page.rows.layout.arrangement is Arrangement.INTERLEAVED:
            self.show_message(messages.NO_ROOM_FOR_COLUMNS)
        self.call_after_refresh(self._complete)

    def action_outdated(self) -> None:
        """Show the next section that is not up to date beside its source."""
        self._workers.run(_KEY, self._show_outdated)

    async def _show_outdated(self) -> None:
        if section := await self._navigator.outdated():
            self._requested = (self.session.article.source,)
            if self._mode is Arrangement.SINGLE:
                self._mode = Arrangement.COLUMNS
            self._show_article()
            self.page.go_to(self.page.rows.row_of_section(section))
            self.call_after_refresh(self._complete)

    # The outline.

    def on_outline_chosen(self, event: Outline.Chosen) -> None:
        """Go to the chosen section."""
        self._panes.close_outline()
        self._panes.fit(self.size.width)
        self.page.go_to(self.page.rows.row_of_section(event.section))
        self.page.focus()

    def action_outline(self) -> None:
        """Show or hide the outline."""
        is_wanted = self._panes.toggle(self.size.width)
        if is_wanted is not None:
            self._update_preferences(outline=is_wanted)

    def on_strip_widget_language_clicked(self, event: StripWidget.LanguageClicked) -> None:
        """Switch to a language that was clicked."""
        self._switch_language(event.language)

    # Search and navigation.

    @cached_property
    def _article_search(self) -> "ArticleSearch":
        from relmgr_cli.reader.article_search import ArticleSearch

        return ArticleSearch(self.session, self.page, self._workers, self.show_message)

    async def action_find(self) -> None:
        """Open the find bar."""
        from relmgr_cli.reader.widgets.find_bar import FindBar

        if not self.query(FindBar):
            bar = FindBar(self.page, self._article_search)
            await self.mount(bar)
            self.set_focus(bar.input)

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        self._workers.run(_STEP, self._article_search.step, step)

    @cached_property
    def _navigator(self) -> "Navigator":
        from relmgr_cli.reader.navigation import Navigator

        return Navigator(self.session, self.page, self._article_search, self._show_opened, self.show_message)

    def action_navigate(self, what: str) -> None:
        """Run a coroutine of the navigator."""
        self._workers.run(_KEY, getattr(self._navigator, what))

    def on_page_link_clicked(self, event: Page.LinkClicked) -> None:
        """Follow the link."""
        self._workers.run(_KEY, self._navigator.follow, event.link, event.language)

    # The current block.

    def action_word_cursor(self) -> None:
        """Show or hide the word cursor."""
        if self.page.toggle_word_cursor():
            self.call_after_refresh(self._complete)

    def on_page_word_selected(self, event: Page.WordSelected) -> None:
        """Show the translations of the word."""
        self._workers.run("translate", self._navigator.translate, event.word, is_exclusive=True)

    def action_edit(self) -> None:
        """Open the user's editor, and reload the file afterwards."""
        self.show_message(self._editor.edit(self.app, *self._navigator.place_to_edit()))
        self._watch()

    # Appearance.

    def action_measure(self, cells: int) -> None:
        """Make lines longer or shorter."""
        measure = max(_MIN_MEASURE, min(self.page.rows.view.measure + cells, _MAX_MEASURE))
        self.page.set_view(measure=measure)
        self._update_preferences(measure=measure)
        self.show_message(messages.LINE_LENGTH.fill(cells=measure))

    def action_centre(self) -> None:
        """Centre the text or align it to the left."""
        self.page.is_centred = not self.page.is_centred
        self._update_preferences(centred=self.page.is_centred)
        self.page.redraw()

    def action_line_numbers(self) -> None:
        """Show the lines of the file where blocks begin, or hide them."""
        self._update_preferences(numbers=self.page.toggle_numbers())

    def action_leave(self) -> None:
        """Hide the word cursor, or end the search."""
        if self.page.word is not None:
            self.page.toggle_word_cursor()
        else:
            self._article_search.cancel()
