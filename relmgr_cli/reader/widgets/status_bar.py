"""The status bar: article, section, languages, progress and minutes left, or a message."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip

from relmgr_cli import messages
from relmgr_cli.layout.columns import shorten
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.reader.keymap import action_of
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Viewport
from relmgr_cli.reader.strips import StripRenderer, StripWidget
from relmgr_cli.terminal.sanitize import sanitize_line

_GAP = "   "
_WORDS_PER_MINUTE = 200
_MIN_TITLE = 6  # cells
_MAX_NAMED = 6  # languages; more are counted, unless there is room for everything
_SECTION = 6  # cells, for the number of a section
_TITLE = 20  # cells, before keys are shown
_KEYS = {
    "outline": "o",
    "next_language": "l",
    "search_library": "s",
    "quit": "q",
    "help": "?",
}  # by action, the least important first


class StatusInfo(NamedTuple):
    """What the status bar shows, sanitized."""

    title: str = ""
    section: str = ""  # its number; "" for the title
    languages: tuple[str, ...] = ()  # of the article
    shown: tuple[str, ...] = ()  # on the page
    is_held: bool = False  # only the first of these scrolls
    percent: int = 0
    minutes: int = 0  # left


class Part(NamedTuple):
    """A part of the status bar, and what a click on it does."""

    line: Line
    action: str = ""  # its name in the keymap
    language: str = ""  # to switch to


def status_info(
    rows: ArticleRows, viewport: Viewport, languages: tuple[str, ...] = (), *, is_held: bool = False
) -> StatusInfo:
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
        is_held=is_held,
        percent=int(100 * before / total) if total else 100,
        minutes=-(-int(total - before) // _WORDS_PER_MINUTE),
    )


class StatusBar(StripWidget):
    """The line at the bottom of the screen."""

    DEFAULT_CSS = "StatusBar { dock: bottom; height: 1; width: 1fr; }"

    def __init__(self, renderer: StripRenderer) -> None:
        super().__init__(renderer.on("bar"))
        self.keys: Mapping[str, str] = _KEYS  # by action, as the help shows them
        self.shown_key: Callable[[str], str] = lambda _: ""  # of an action, as the help shows it; "" if it has none
        self.library = ""  # its name, sanitized
        self._info = StatusInfo()
        self.message = ""
        self._height = 1

    def set_renderer(self, renderer: StripRenderer) -> None:
        """Use another theme."""
        super().set_renderer(renderer.on("bar"))

    def update_info(self, info: StatusInfo, *, keeps_height: bool = False) -> None:
        """Show another position, on one line unless the height is kept."""
        if info != self._info:
            self._info = info
            self.refresh()
        if not keeps_height:
            self._set_height(1)

    def show_message(self, message: str, *, max_lines: int = 1, hint: str = "") -> None:
        """Show a sanitized message instead of the position, with the key of the action `hint`; "" ends it.

        A long one makes the bar higher, which then stays so, because every change of its height moves the page.
        """
        if hint and (key := self.shown_key(hint)):
            message = messages.WITH_KEY.fill(message=message, key=key, action=messages.ACTION_HINTS[hint])
        if message != self.message:
            self.message = message
            self.refresh()
        if max_lines > 1:
            self._set_height(max(self._height, len(message_lines(message, self.size.width - 2, max_lines))))

    def show_unknown_key(self, key: str) -> None:
        """Say that a key, by Textual's name, does nothing."""
        from relmgr_cli.reader.user_keys import shown_key

        self.show_message(messages.KEY_DOES_NOTHING.fill(key=sanitize_line(shown_key(key))), hint="help")

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
            line = [Fragment(shown[number], "note")] if self.message else self._position(room)
        return self.renderer.strip(line, width, left=1)

    def _position(self, width: int) -> Line:
        return [run for part in self._parts(width) for run in part.line]

    def _parts(self, width: int) -> list[Part]:
        return status_parts(self._info, width, keys=self.keys, library=self.library)

    async def on_click(self, event: events.Click) -> None:
        """Switch to the language that was clicked, or do what a key does; a message gives way to the position."""
        end = 1
        parts = [] if self.message else self._parts(self.size.width - 2)
        self.show_message("")
        for part in parts:
            end += width_of(part.line)
            if event.x < end:
                if part.language:
                    self.post_message(self.LanguageClicked(part.language))
                elif part.action:
                    await self.app.run_action(action_of(part.action), self.screen)
                return


def message_lines(message: str, width: int, max_lines: int) -> list[str]:
    """Return a message on as many lines as it needs, its end cut off if these are too many."""
    if max_lines <= 1 or width <= 0:
        return [shorten(message, width)]
    text = message[: width * max_lines * 2]
    starts = [start for start, _ in break_lines(text, width)]
    ends = [*starts[1:max_lines], len(text)]
    return [shorten(text[start:end].rstrip(), width) for start, end in zip(starts, ends, strict=False)]


def status_parts(info: StatusInfo, width: int, *, keys: Mapping[str, str] = _KEYS, library: str = "") -> list[Part]:
    """Return the position and some keys, in at most `width` cells.

    Without room for all, many languages are counted but for those on the page. Then all keys but the last two are left
    out, then the library, the next key and the end of the title; then few languages are counted, then minutes, what the
    key does, the key, percentage and languages are dropped.
    """
    names = [name for name in keys if keys[name] and (name != "next_language" or len(info.languages) > 1)]
    percent = Part([Fragment(f"{_GAP}{info.percent:>3} %")])
    minutes = Part([Fragment(_GAP + messages.MINUTES.fill(minutes=info.minutes))])
    hints = [[*_hints(names[first:], keys)] for first in range(len(names))] or [[]]
    shown = _shown_languages(info)
    every = _all_languages(info)
    sets = [every, shown] if len(info.languages) <= _MAX_NAMED else [shown]
    choices = [[*each, percent, minutes, *some] for each in sets for some in hints]
    left = cell_len(info.title + _where(library)) + _section_width(info)
    for right in ([*every, percent, minutes, *hints[0]], *choices):
        if _keys_of(right) > 1 and left + _width(right) <= width:
            return [*_left(info, width - _width(right), library), *right]
    key = [Part(part.line[:-1], part.action) for part in hints[-1]]
    choices += [[*shown, percent, *hints[-1]], [*shown, percent, *key], [*shown, percent], shown, []]
    right = next(right for right in choices if not right or _fits(info, right, width))
    return [*_left(info, width - _width(right), library), *right]


def _fits(info: StatusInfo, right: Sequence[Part], width: int) -> bool:
    least = _TITLE if _keys_of(right) > 1 else _MIN_TITLE
    return min(cell_len(info.title), least) + _section_width(info) + _width(right) <= width


def _keys_of(parts: Sequence[Part]) -> int:
    return sum(part.action in _KEYS for part in parts)


def _width(parts: Sequence[Part]) -> int:
    return sum(width_of(part.line) for part in parts)


def _section(info: StatusInfo) -> str:
    return f" › {info.section}" if info.section else ""


def _section_width(info: StatusInfo) -> int:
    """Return the room for the number of a section, also where there is none, so that no key goes when one comes."""
    return max(cell_len(_section(info)), _SECTION)


def _where(library: str) -> str:
    return f" · {library}" if library else ""


def _left(info: StatusInfo, room: int, library: str) -> Iterator[Part]:
    """Yield the position in the article, with the name of the library if there is room."""
    section, where = _section(info), _where(library)
    title = shorten(info.title, room - cell_len(section))
    yield Part([Fragment(title)], "articles")
    yield Part([Fragment(section)], "choose_heading")
    if cell_len(title + section + where) <= room:
        yield Part([Fragment(where)], "articles")


def _all_languages(info: StatusInfo) -> list[Part]:
    return [
        Part([Fragment("" if index else _GAP), _language(info, language)], language=language)
        for index, language in enumerate(info.languages)
    ]


def _shown_languages(info: StatusInfo) -> list[Part]:
    """Return the languages on the page, and how many others there are."""
    others = len(info.languages) - len(info.shown)
    if others <= 1:
        return _all_languages(info)
    shown = [Fragment(_GAP), *(_language(info, language) for language in info.shown), Fragment(f" +{others} ")]
    return [Part(shown, "choose_language")]


def _language(info: StatusInfo, language: str) -> Fragment:
    """Return a language in brackets if it is on the page, in parentheses if it does not scroll there."""
    if language not in info.shown:
        return Fragment(f" {language} ")
    is_still = info.is_held and language != info.shown[0]
    return Fragment(f"({language})" if is_still else f"[{language}]", "current")


def _hints(names: Sequence[str], keys: Mapping[str, str]) -> Iterator[Part]:
    for index, name in enumerate(names):
        gap = "  " if index else _GAP
        yield Part([Fragment(gap), Fragment(keys[name], "current"), Fragment(f" {messages.KEY_HINTS[name]}")], name)
