"""The Textual app of the reader: signals, type-ahead, themes and preferences."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from relmgr_cli import messages
from relmgr_cli.config import (
    READER_THEMES,
    ChosenBy,
    ReaderSettings,
    Settings,
    bundled_seeds,
    save_reader_settings,
)
from relmgr_cli.reader.editor import Editor
from relmgr_cli.reader.keyboard_layouts import LATIN_KEYS
from relmgr_cli.reader.model.session import ReadingSession, Start
from relmgr_cli.reader.screens.article import ArticleScreen
from relmgr_cli.reader.strips import SANITIZE_FILTER, StripRenderer
from relmgr_cli.reader.terminal_images import GraphicsFound, query_for
from relmgr_cli.reader.themes import base_of, styles_of, textual_name, textual_themes
from relmgr_cli.reader.typeahead import TypeAhead, TypedEvent
from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.reader.user_keys import UserKeys

_URGENT_KEYS = frozenset({"ctrl+c", "ctrl+q"})  # not queued


class ReaderApp(App[None]):
    """The full-screen reader."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "relmgr"
    # Textual's own cursor has two colours there: it is not seen with NO_COLOR, and hardly on a light terminal.
    CSS = "Input:ansi > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }"
    BINDINGS = [Binding("ctrl+c", "interrupt", show=False, priority=True)]  # noqa: RUF012 (as Textual has it)

    def __init__(self, session: ReadingSession, settings: Settings, start: Start, umask: int = -1) -> None:
        # With NO_COLOR, Textual would turn its own colours into shades of grey; ANSI colours are dropped.
        super().__init__(ansi_color=True if "NO_COLOR" in settings.environ else None)
        self.session = session
        self.settings = settings
        self.preferences = settings.reader
        self._translation = self.keys.translation if settings.keys else {}
        self._start = start
        self._editor = Editor(settings.environ, umask, is_read_only=self._is_bundled)
        self._background = settings.environ.get("COLORFGBG", "")
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = self._theme_name
        self.type_ahead = TypeAhead(self, self._deliver, self._ready, self._cancel_key)

    @cached_property
    def keys(self) -> "UserKeys":
        """The keys of all actions; raises SettingError if the user's are not valid."""
        from relmgr_cli.reader.user_keys import read_user_keys

        return read_user_keys(self.settings.keys, str(self.settings.config_file))

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        screen = ArticleScreen(self.session, self._start, self.preferences, self._renderer(), self._editor)
        screen.status.library = self._library_name
        screen.status.shown_key = self._shown_key
        if self.settings.keys:
            screen.status.keys = {action: self.keys.shown(action) for action in screen.status.keys}
        return screen

    def _shown_key(self, action: str) -> str:
        return self.keys.shown(action)  # not read before a message needs them

    @property
    def _is_bundled(self) -> bool:
        # A file elsewhere is a library of its own; a work tree without Markdown has the bundled articles instead.
        is_named = self.settings.choice.by in {ChosenBy.LIBRARY_OPTION, ChosenBy.ENVIRONMENT, ChosenBy.PROJECT}
        return not is_named and self.session.worker.library.roots == (bundled_seeds(),)

    @property
    def _library_name(self) -> str:
        """The name of the library's folder; "" for the bundled articles and for a file elsewhere."""
        is_chosen = self.session.worker.library.roots == self.settings.roots and not self._is_bundled
        return sanitize_line(self.settings.roots[0].resolve().name) if is_chosen else ""

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for this platform."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from relmgr_cli.reader.driver import TerminalDriver

        return TerminalDriver

    def on_load(self) -> None:
        """On signals that end the program, restore the terminal first."""
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
            number = getattr(signal, name, signal.SIGINT)
            with suppress(NotImplementedError):  # not on Windows
                loop.add_signal_handler(number, self.action_stop, number)

        self.run_worker(self.type_ahead.run(), group="type-ahead")

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes; Textual calls this again for a key that no widget has handled."""
        is_urgent = isinstance(event, events.Key) and event.key in _URGENT_KEYS
        if isinstance(event, TypedEvent) and not event.is_forwarded and not is_urgent:
            self.type_ahead.put(event)
        else:
            await super().on_event(event)

    async def _deliver(self, event: TypedEvent) -> None:
        """Handle a key as the default key of its action: the user's key, or the key at the position of a letter.

        An input takes it as it is.
        """
        if isinstance(event, events.Key) and not getattr(self.focused, "takes_text", False):
            key = self._translation.get(event.key, event.key)
            if latin := LATIN_KEYS.get(key):
                key = self._translation.get(latin, latin)
            if not key:
                return
            if key != event.key:
                event = events.Key(key, key if len(key) == 1 else None)
        await super().on_event(event)

    async def _ready(self) -> None:
        if isinstance(self.screen, ArticleScreen):
            await self.screen.ready()

    def _cancel_key(self) -> bool:
        return isinstance(self.screen, ArticleScreen) and self.screen.cancel_key()

    async def action_interrupt(self) -> None:
        """Close the screen or the prompt above the page; without one, exit as on SIGINT."""
        if not isinstance(self.screen, ArticleScreen):
            await self.run_action("leave", self.screen)
        elif prompts := self.screen.query("FindBar"):
            await self.run_action("cancel", prompts.first())
        else:
            self.action_stop()

    @property
    def image_query(self) -> str:
        """What the driver asks the terminal for images; "" for nothing."""
        return query_for(self.settings)

    def on_graphics_found(self, event: GraphicsFound) -> None:
        """Show images."""
        from relmgr_cli.reader.model.images import ImageLayout

        for screen in self.screen_stack:
            if isinstance(screen, ArticleScreen):
                screen.page.set_images(ImageLayout(event.graphics, self.send_to_terminal, event.measure))

    def send_to_terminal(self, escapes: str) -> None:
        """Write escapes to the terminal, between two paints."""
        if self._driver:
            self._driver.write(escapes)

    def action_stop(self, signal_number: int = signal.SIGINT) -> None:
        """Exit with the code of a program that a signal has ended."""
        self.exit(return_code=128 + signal_number)

    def action_help(self) -> None:
        """Show the keys."""
        from relmgr_cli.reader.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.keys))

    @property
    def fault(self) -> Exception | None:
        """The error that ended the app."""
        return getattr(self._exception, "error", self._exception)  # the cause, if a worker failed

    def _fatal_error(self) -> None:
        self.panic()  # Textual would print a traceback with local variables, and so text of files

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters for all lines."""
        return (*super().get_line_filters(), SANITIZE_FILTER)

    def on_article_screen_preferences_changed(self, event: ArticleScreen.PreferencesChanged) -> None:
        """Save the settings in the config file."""
        self._save_preferences(event.preferences._replace(theme=self.preferences.theme))

    def _save_preferences(self, preferences: ReaderSettings) -> None:
        self.preferences = preferences
        save_reader_settings(self.settings.config_file, preferences)

    def action_next_theme(self) -> None:
        """Switch to the next theme."""
        if self.no_color:
            message = messages.NO_COLOR_IS_SET
        else:
            name = READER_THEMES[(READER_THEMES.index(self.preferences.theme) + 1) % len(READER_THEMES)]
            self._save_preferences(self.preferences._replace(theme=name))
            self.theme = self._theme_name
            message = messages.THEME.fill(theme=name)
        for screen in self.screen_stack:
            if isinstance(screen, ArticleScreen):
                screen.set_renderer(self._renderer())
                screen.show_message(message)

    @property
    def _visible_theme(self) -> str:
        return "none" if self.no_color else self.preferences.theme

    @property
    def _theme_name(self) -> str:
        return textual_name(self._visible_theme, self._background)

    def _renderer(self) -> StripRenderer:
        theme = self._visible_theme
        return StripRenderer(styles_of(theme, self._background), base_of(theme))
