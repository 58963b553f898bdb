"""The status line: article, section, languages, progress, minutes left; or what has just happened."""

from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.reader.strips import StripRenderer

_GAP = "   "
_NARROWEST_TITLE = 8  # cells


class Standing(NamedTuple):
    """Where the reader is, in clean words."""

    title: str = ""
    section: str = ""  # its number; "" in the title
    languages: tuple[str, ...] = ()  # of the article
    shown: tuple[str, ...] = ()  # those on the page
    percent: int = 0
    minutes: int = 0  # left


class StatusBar(Widget):
    """One line at the bottom."""

    DEFAULT_CSS = """
    StatusBar { dock: bottom; height: 1; width: 1fr; }
    """
    ALLOW_SELECT = False

    def __init__(self, brush: StripRenderer) -> None:
        super().__init__()
        self.brush = brush
        self._standing = Standing()
        self.message = ""

    def set_theme(self, brush: StripRenderer) -> None:
        """Use the styles of another theme."""
        self.brush = brush
        self.refresh()

    def update_info(self, standing: Standing) -> None:
        """Show where the reader is."""
        if standing != self._standing:
            self._standing = standing
            self.refresh()

    def say(self, message: str) -> None:
        """Show a message until the next one, "" for none; it must be clean."""
        if message != self.message:
            self.message = message
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (there is but one)
        """Draw the line."""
        width = self.size.width
        room = width - 2
        line = [Fragment(shorten(self.message, room), "note")] if self.message else status_line(self._standing, room)
        return self.brush.strip(line, width, left=1)


def status_line(standing: Standing, width: int) -> Line:
    """Return what the line says in a width; what matters least goes first where there is no room."""
    languages: Line = []
    for language in standing.languages:
        is_shown = language in standing.shown
        languages.append(Fragment(f"[{language}]" if is_shown else f" {language} ", "current" if is_shown else "dim"))
    percent = [Fragment(f"{standing.percent:>3} %")]
    minutes = [Fragment(f"{standing.minutes} min", "dim")]
    hint = [Fragment("? help", "dim")]
    parts = [languages, percent, minutes, hint]
    section = f" › {standing.section}" if standing.section else ""
    least = min(cell_len(standing.title), _NARROWEST_TITLE) + len(section)
    while parts and sum(width_of(part) + len(_GAP) for part in parts) + least > width:
        parts.pop()
    right = [run for part in parts for run in (Fragment(_GAP), *part)]
    room = width - width_of(right) - len(section)
    return [Fragment(shorten(standing.title, room)), Fragment(section, "number"), *right]
