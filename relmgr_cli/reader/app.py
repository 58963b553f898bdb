"""The application: themes, what is remembered of them, and the screen that one reads on."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.filter import LineFilter
from textual.screen import Screen

from relmgr_cli.config import ReaderSettings, Settings
from relmgr_cli.reader.editor import Editor
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.screens.article import ArticleScreen, Start
from relmgr_cli.reader.strips import SANITIZE_FILTER, StripRenderer
from relmgr_cli.reader.themes import THEMES, base_of, styles_of, textual_name, textual_themes
from relmgr_cli.reader.typeahead import TypeAhead, TypedEvent

_AT_ONCE = frozenset({"ctrl+c", "ctrl+q"})  # keys that wait for no other


class ReaderApp(App[None]):
    """The full-screen reader."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "relmgr"
    BINDINGS = [Binding("ctrl+c", "stop", show=False, priority=True)]  # noqa: RUF012 (as Textual has it)

    def __init__(self, session: ReadingSession, settings: Settings, start: Start, umask: int = -1) -> None:
        # Without colours Textual must not think in its own: it would make grey of them.
        super().__init__(ansi_color=True if "NO_COLOR" in settings.environ else None)
        self.session = session
        self.settings = settings
        self.preferences = settings.reader
        self._start = start
        self._editor = Editor(settings.environ, umask)
        self._background = settings.environ.get("COLORFGBG", "")
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = self._theme_name
        self.type_ahead = TypeAhead(self, super().on_event, self._ready)

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
        return ArticleScreen(self.session, self._start, self.preferences, self._brush(), self._editor)

    def on_load(self) -> None:
        """Answer every signal that asks the program to end by giving the terminal back first."""
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
            number = getattr(signal, name, signal.SIGINT)
            with suppress(NotImplementedError):  # not on Windows
                loop.add_signal_handler(number, self.action_stop, number)

        self.run_worker(self.type_ahead.run(), group="type-ahead")

    async def on_event(self, event: events.Event) -> None:
        """Queue what is typed and pasted; Textual calls this again for a key that no widget has handled."""
        is_urgent = isinstance(event, events.Key) and event.key in _AT_ONCE
        if isinstance(event, TypedEvent) and not event.is_forwarded and not is_urgent:
            self.type_ahead.put(event)
        else:
            await super().on_event(event)

    async def _ready(self) -> None:
        if isinstance(self.screen, ArticleScreen):
            await self.screen.ready()

    def action_stop(self, signal_number: int = signal.SIGINT) -> None:
        """End as a signal ends a program."""
        self.exit(return_code=128 + signal_number)

    @property
    def fault(self) -> Exception | None:
        """The error that ended the application."""
        return getattr(self._exception, "error", self._exception)  # what a worker failed of

    def _fatal_error(self) -> None:
        self.panic()  # Textual would print the error here, with what local variables hold of files

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line of the screen passes."""
        return (*super().get_line_filters(), SANITIZE_FILTER)

    def on_article_screen_preferences_changed(self, event: ArticleScreen.PreferencesChanged) -> None:
        """Remember settings in the config file."""
        self._prefer(event.preferences._replace(theme=self.preferences.theme))

    def _prefer(self, preferences: ReaderSettings) -> None:
        from relmgr_cli.reader.preferences import remember

        self.preferences = preferences
        remember(self.settings.config_file, preferences)

    def action_next_theme(self) -> None:
        """Put on the next theme."""
        if self.no_color:
            message = "no colours: NO_COLOR is set"
        else:
            name = THEMES[(THEMES.index(self.preferences.theme) + 1) % len(THEMES)]
            self._prefer(self.preferences._replace(theme=name))
            self.theme = self._theme_name
            message = f"theme: {name}"
        for screen in self.screen_stack:
            if isinstance(screen, ArticleScreen):
                screen.paint(self._brush())
                screen.say(message)

    @property
    def _shown_theme(self) -> str:
        return "none" if self.no_color else self.preferences.theme

    @property
    def _theme_name(self) -> str:
        return textual_name(self._shown_theme, self._background)

    def _brush(self) -> StripRenderer:
        theme = self._shown_theme
        return StripRenderer(styles_of(theme, self._background), base_of(theme))
