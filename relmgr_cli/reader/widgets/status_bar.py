"""The status bar: article, section, languages, progress and minutes left, or a message."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from relmgr_cli import messages
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Viewport
from relmgr_cli.reader.strips import StripRenderer, StripWidget
from relmgr_cli.terminal.sanitize import sanitize_line

_GAP = "   "
_WORDS_PER_MINUTE = 200
_MIN_TITLE = 8  # cells


class StatusInfo(NamedTuple):
    """What the status bar shows, sanitized."""

    title: str = ""
    section: str = ""  # its number; "" for the title
    languages: tuple[str, ...] = ()  # of the article
    shown: tuple[str, ...] = ()  # on the page
    percent: int = 0
    minutes: int = 0  # left


def status_info(rows: ArticleRows, viewport: Viewport, languages: tuple[str, ...]) -> StatusInfo:
    """Return what the status bar shows of a position in an article with these languages."""
    shown = rows.layout.languages
    section = rows.section(viewport.current)
    before, total = rows.words_before(viewport.current)
    if viewport.is_at_end:
        before = total
    return StatusInfo(
        title=sanitize_line(rows.article.documents[shown[0]].title),
        section=section.number if section and section.level else "",
        languages=tuple(map(sanitize_line, languages)),
        shown=tuple(map(sanitize_line, shown)),
        percent=int(100 * before / total) if total else 100,
        minutes=-(-int(total - before) // _WORDS_PER_MINUTE),
    )


class StatusBar(StripWidget):
    """The line at the bottom of the screen."""

    DEFAULT_CSS = "StatusBar { dock: bottom; height: 1; width: 1fr; }"

    def __init__(self, renderer: StripRenderer) -> None:
        super().__init__(renderer)
        self._info = StatusInfo()
        self.message = ""
        self._height = 1

    def update_info(self, info: StatusInfo, *, keeps_height: bool = False) -> None:
        """Show another position, on one line unless the height is kept."""
        if info != self._info:
            self._info = info
            self.refresh()
        if not keeps_height:
            self._set_height(1)

    def show_message(self, message: str, *, max_lines: int = 1) -> None:
        """Show a sanitized message instead of the position; "" shows the position again.

        A long one makes the bar higher, which then stays so, because every change of its height moves the page.
        """
        if message != self.message:
            self.message = message
            self.refresh()
        if max_lines > 1:
            self._set_height(max(self._height, len(message_lines(message, self.size.width - 2, max_lines))))

    def _set_height(self, height: int) -> None:
        if height != self._height:
            self._height = height
            self.styles.height = height

    def render_line(self, y: int) -> Strip:
        """Render a line; the lines above the text are blank."""
        width = self.size.width
        room = width - 2
        shown = message_lines(self.message, room, self.size.height) if self.message else [""]
        number = y - self.size.height + len(shown)
        line: Line = []
        if number >= 0:
            line = [Fragment(shown[number], "note")] if self.message else status_line(self._info, room)
        return self.renderer.strip(line, width, left=1)


def message_lines(message: str, width: int, max_lines: int) -> list[str]:
    """Return a message on as many lines as it needs, its end cut off if these are too many."""
    if max_lines <= 1 or width <= 0:
        return [shorten(message, width)]
    text = message[: width * max_lines * 2]
    starts = [start for start, _ in break_lines(text, width)]
    ends = [*starts[1:max_lines], len(text)]
    return [shorten(text[start:end].rstrip(), width) for start, end in zip(starts, ends, strict=False)]


def status_line(info: StatusInfo, width: int) -> Line:
    """Return the position as a line of at most `width` cells.

    Without room for all, languages that are not shown are counted, then the last parts are dropped.
    """
    languages = _languages(info, info.languages)
    minutes, hint = messages.MINUTES.fill(minutes=info.minutes), messages.HELP_HINT
    parts = [languages, [Fragment(f"{info.percent:>3} %")], [Fragment(minutes, "dim")], [Fragment(hint, "dim")]]
    section = f" › {info.section}" if info.section else ""
    least = min(cell_len(info.title), _MIN_TITLE) + len(section)

    def is_too_wide() -> bool:
        return sum(width_of(part) + len(_GAP) for part in parts) + least > width

    if is_too_wide() and len(info.languages) > len(info.shown) + 1:
        hidden = Fragment(f" +{len(info.languages) - len(info.shown)} ", "dim")
        parts[0] = [*_languages(info, info.shown), hidden]
    while parts and is_too_wide():
        parts.pop()
    right = [run for part in parts for run in (Fragment(_GAP), *part)]
    room = width - width_of(right) - len(section)
    return [Fragment(shorten(info.title, room)), Fragment(section, "number"), *right]


def _languages(info: StatusInfo, languages: Sequence[str]) -> Line:
    return [
        Fragment(f"[{language}]", "current") if language in info.shown else Fragment(f" {language} ", "dim")
        for language in languages
    ]
