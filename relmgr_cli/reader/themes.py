"""What the reader looks like: four themes of Textual, and the styles of the page in each.

The page's own style names (terminal/theme.py) are defined in the sixteen colours of a terminal. The theme "terminal"
leaves them so; the others replace each colour's name by a shade that goes with their background.
"""

from collections.abc import Mapping
from types import MappingProxyType

from rich.style import Style
from textual.theme import Theme

from relmgr_cli.terminal.theme import theme_for

_PALETTES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "dark": {
            "cyan": "#7fb4ca",
            "magenta": "#c8a0d8",
            "green": "#98bb6c",
            "yellow": "#e6c384",
            "red": "#e46876",
            "dim": "#868b98",
        },
        "light": {
            "blue": "#1f5f99",
            "magenta": "#8a3f8f",
            "green": "#4a7020",
            "yellow": "#8a5d00",
            "red": "#b3261e",
            "dim": "#70747d",
        },
        "contrast": {
            "cyan": "#ffff00",
            "magenta": "#ff9cff",
            "green": "#7dff7d",
            "yellow": "#ffd000",
            "red": "#ff8080",
            "dim": "#e0e0e0",
        },
        "terminal": {},
    }
)

# What only the reader shows.
_MARKS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "dark": {
            "match": "on #4d4526",
            "match.current": "#16181d on #e6c384",
            "cursor": "reverse",
            "twin": "on #2d4f67",
        },
        "light": {
            "match": "on #fbe7a1",
            "match.current": "#ffffff on #8a5d00",
            "cursor": "reverse",
            "twin": "on #cfe2f3",
        },
        "contrast": {
            "match": "#000000 on #ffff00",
            "match.current": "#000000 on #ffffff bold",
            "cursor": "reverse",
            "twin": "#000000 on #7dffff",
        },
        "terminal": {
            "match": "black on yellow",
            "match.current": "reverse bold",
            "cursor": "reverse",
            "twin": "black on cyan",
        },
        "none": {"match": "underline bold", "match.current": "reverse", "cursor": "reverse", "twin": "reverse"},
    }
)

THEMES = tuple(_PALETTES)
_BASES = {"dark": "#d8dbe2 on #16181d", "light": "#24262b on #fbfaf7", "contrast": "#ffffff on #000000"}


def textual_themes() -> tuple[Theme, ...]:
    """Return the themes as Textual wants them registered."""
    return (
        Theme(
            name="relmgr-dark",
            primary="#7fb4ca",
            accent="#7fb4ca",
            foreground="#d8dbe2",
            background="#16181d",
            surface="#1d2027",
            panel="#262a33",
            dark=True,
        ),
        Theme(
            name="relmgr-light",
            primary="#1f5f99",
            accent="#1f5f99",
            foreground="#24262b",
            background="#fbfaf7",
            surface="#f1efe9",
            panel="#e4e1d8",
            dark=False,
        ),
        Theme(
            name="relmgr-contrast",
            primary="#ffff00",
            accent="#ffff00",
            foreground="#ffffff",
            background="#000000",
            surface="#000000",
            panel="#303030",
            dark=True,
            text_alpha=1.0,
        ),
    )


def textual_name(theme: str, background: str) -> str:
    """Return Textual's name for a theme, or for "none", which has no colours.

    `background` is the terminal's COLORFGBG.
    """
    if theme not in {"terminal", "none"}:
        return f"relmgr-{theme}"
    return "ansi-light" if background.rpartition(";")[2] in {"7", "15"} else "ansi-dark"


def styles_of(theme: str, background: str) -> dict[str, Style]:
    """Return the style for each name that a run of a page may have."""
    base = {"contrast": "dark", "terminal": "auto", "none": "auto"}.get(theme, theme)
    palette = _PALETTES.get(theme, {})
    definitions = {
        name: " ".join(palette.get(word, word) for word in definition.split())
        for name, definition in theme_for(base, background).items()
    }
    return {name: Style.parse(definition) for name, definition in {**definitions, **_MARKS[theme]}.items()}


def base_of(theme: str) -> Style:
    """Return what text looks like that has no style of its own."""
    return Style.parse(_BASES.get(theme, ""))
