"""Turns lines into the text that is written: with escape sequences or without."""

from collections.abc import Iterable
from functools import lru_cache

from relmgr_cli.layout.line import Line, plain_text
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line
from relmgr_cli.terminal.target import OutputTarget


def to_ansi(lines: Iterable[Line], target: OutputTarget) -> str:
    """Return the lines as text for this output, each with a newline.

    Adjacent fragments of the same style share their escapes, as an image and its brackets.
    """
    safe = [_checked(line) for line in lines]
    if not target.ansi:
        return "".join([f"{plain_text(line).rstrip()}\n" for line in safe])
    escapes = _escapes_for(target)
    parts: list[str] = []
    for line in safe:
        current, end = ("", ""), ""
        for text, style, href, _ in line:
            if (style, href) != current and text:
                current = (style, href)
                start, following_end = escapes[current]
                parts += (end, start)
                end = following_end
            parts.append(text)
        parts += (end, "\n")
    return "".join(parts)


class _Escapes(dict[tuple[str, str], tuple[str, str]]):
    """The escape sequences before and after a text, by style and href; filled as they are needed."""

    def __init__(self, target: OutputTarget) -> None:
        from relmgr_cli.terminal.theme import theme_for

        super().__init__({("", ""): ("", "")})
        self._theme = theme_for(target.theme, target.background)
        self._has_color = target.color

    def __missing__(self, key: tuple[str, str]) -> tuple[str, str]:
        from rich.color import ColorSystem
        from rich.style import Style

        names, href = key
        style = Style.combine([Style.null(), *(Style.parse(self._theme[name]) for name in names.split())])
        style = style if self._has_color else style.without_color
        style = style + Style(link=href) if href else style
        start, end = style.render("\0", color_system=ColorSystem.STANDARD).split("\0")
        self[key] = start, end
        return start, end


@lru_cache(4)
def _escapes_for(target: OutputTarget) -> _Escapes:
    return _Escapes(target)


def _checked(line: Line) -> Line:
    """Return the line sanitized again, in case a layout has missed something."""
    plain = plain_text(line)
    if sanitize(plain) == plain and "\n" not in plain:
        return line
    return [fragment._replace(text=sanitize_line(fragment.text)) for fragment in line]
