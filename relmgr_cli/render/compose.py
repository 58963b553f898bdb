"""Lines -> the text that this screen gets: with escapes or without."""

from collections.abc import Iterable

from relmgr_cli.render.clean import clean, clean_line
from relmgr_cli.render.lines import Line, Run, plain_text
from relmgr_cli.render.screen import Screen


def compose(lines: Iterable[Line], screen: Screen) -> str:
    """Return the lines as text for this screen, each with a newline."""
    safe = [_checked(line) for line in lines]
    if not screen.escapes:
        return "".join([f"{plain_text(line).rstrip()}\n" for line in safe])
    from rich.color import ColorSystem
    from rich.style import Style

    from relmgr_cli.render.theme import theme_for

    theme = theme_for(screen.theme, screen.background)
    known: dict[tuple[str, str], Style] = {}

    def style_of(run: Run) -> Style:
        key = (run.style, run.href)
        if key not in known:
            style = Style.combine([Style.null(), *(Style.parse(theme[name]) for name in run.style.split())])
            style = style if screen.color else style.without_color
            known[key] = style + Style(link=run.href) if run.href else style
        return known[key]

    def escaped(run: Run) -> str:
        if not run.style and not run.href:
            return run.text
        return style_of(run).render(run.text, color_system=ColorSystem.STANDARD)

    return "".join(["".join(map(escaped, line)) + "\n" for line in safe])


def _checked(line: Line) -> Line:
    """Return a line that holds nothing unsafe, whatever the renderers let through."""
    plain = plain_text(line)
    if clean(plain) == plain and "\n" not in plain:
        return line
    return [run._replace(text=clean_line(run.text)) for run in line]
