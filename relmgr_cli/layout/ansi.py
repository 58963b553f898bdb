"""Lines -> the text that this screen gets: with escapes or without."""

from collections.abc import Iterable
from itertools import pairwise

from relmgr_cli.layout.line import Fragment, Line, plain_text
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line
from relmgr_cli.terminal.target import OutputTarget


def to_ansi(lines: Iterable[Line], screen: OutputTarget) -> str:
    """Return the lines as text for this screen, each with a newline."""
    safe = [_checked(line) for line in lines]
    if not screen.ansi:
        return "".join([f"{plain_text(line).rstrip()}\n" for line in safe])
    from rich.color import ColorSystem
    from rich.style import Style

    from relmgr_cli.terminal.theme import theme_for

    theme = theme_for(screen.theme, screen.background)
    known: dict[tuple[str, str], Style] = {}

    def style_of(fragment: Fragment) -> Style:
        key = (fragment.style, fragment.href)
        if key not in known:
            style = Style.combine([Style.null(), *(Style.parse(theme[name]) for name in fragment.style.split())])
            style = style if screen.color else style.without_color
            known[key] = style + Style(link=fragment.href) if fragment.href else style
        return known[key]

    def escaped(fragment: Fragment) -> str:
        if not fragment.style and not fragment.href:
            return fragment.text
        return style_of(fragment).render(fragment.text, color_system=ColorSystem.STANDARD)

    return "".join(["".join(map(escaped, _joined(line) if len(line) > 1 else line)) + "\n" for line in safe])


def _joined(line: Line) -> Line:
    """Return a line in which a text and what the layout adds to it share their escapes: an image and its brackets."""
    if not any(_is_addition(one, other) for one, other in pairwise(line)):
        return line
    joined = line[:1]
    for one, other in pairwise(line):
        if _is_addition(one, other):
            joined[-1] = joined[-1]._replace(text=joined[-1].text + other.text)
        else:
            joined.append(other)
    return joined


def _is_addition(one: Fragment, other: Fragment) -> bool:
    """Return True for two fragments of the same style, one of them without a source."""
    is_alike = one.style and one.style == other.style and one.href == other.href
    return bool(is_alike) and (one.source < 0) != (other.source < 0)


def _checked(line: Line) -> Line:
    """Return a line that holds nothing unsafe, whatever the renderers let through."""
    plain = plain_text(line)
    if sanitize(plain) == plain and "\n" not in plain:
        return line
    return [fragment._replace(text=sanitize_line(fragment.text)) for fragment in line]
