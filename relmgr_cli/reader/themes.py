"""The themes of the reader, for Textual and for the styles of the page.

terminal/theme.py defines the styles in the sixteen colours of a terminal. The theme "terminal" uses them unchanged; the
others replace each colour name by a shade that suits their background.
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

# The styles of decorations.
_DECORATIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "dark": {
            "match": "on #4d4526",
            "match.current": "#16181d on #e6c384",
            "cursor": "reverse",
            "translation": "on #2d4f67",
        },
        "light": {
            "match": "on #fbe7a1",
            "match.current": "#ffffff on #8a5d00",
            "cursor": "reverse",
            "translation": "on #cfe2f3",
        },
        "contrast": {
            "match": "#000000 on #ffff00",
            "match.current": "#000000 on #ffffff bold",
            "cursor": "reverse",
            "translation": "#000000 on #7dffff",
        },
        "terminal": {
            "match": "black on yellow",
            "match.current": "reverse bold",
            "cursor": "reverse",
            "translation": "black on cyan",
        },
        "none": {"match": "underline bold", "match.current": "reverse", "cursor": "reverse", "translation": "reverse"},
    }
)

THEMES = tuple(_PALETTES)
# The colours of text and background.
_BASES = {"dark": "#d8dbe2 on #16181d", "light": "#24262b on #fbfaf7", "contrast": "#ffffff on #000000"}
# Other colours of Textual's widgets: primary, surface, panel.
_WIDGETS = {
    "dark": ("#7fb4ca", "#1d2027", "#262a33"),
    "light": ("#1f5f99", "#f1efe9", "#e4e1d8"),
    "contrast": ("#ffff00", "#000000", "#303030"),
}


def textual_themes() -> tuple[Theme, ...]:
    """Return the themes to register with Textual."""
    themes = []
    for name, (primary, surface, panel) in _WIDGETS.items():
        foreground, background = _BASES[name].split(" on ")
        themes.append(
            Theme(
                name=f"relmgr-{name}",
                primary=primary,
                accent=primary,
                foreground=foreground,
                background=background,
                surface=surface,
                panel=panel,
                dark=name != "light",
                text_alpha=1.0 if name == "contrast" else 0.95,
            )
        )
    return tuple(themes)


def textual_name(theme: str, background: str) -> str:
    """Return Textual's name of a theme, or of "none", which has no colours.

    `background` is the terminal's COLORFGBG.
    """
    if theme not in {"terminal", "none"}:
        return f"relmgr-{theme}"
    return "ansi-light" if background.rpartition(";")[2] in {"7", "15"} else "ansi-dark"


def styles_of(theme: str, background: str) -> dict[str, Style]:
    """Return the styles of a theme by name."""
    base = {"contrast": "dark", "terminal": "auto", "none": "auto"}.get(theme, theme)
    palette = _PALETTES.get(theme, {})
    definitions = {
        name: " ".join(palette.get(word, word) for word in definition.split())
        for name, definition in theme_for(base, background).items()
    }
    return {name: Style.parse(definition) for name, definition in {**definitions, **_DECORATIONS[theme]}.items()}


def base_of(theme: str) -> Style:
    """Return the style of text without any."""
    return Style.parse(_BASES.get(theme, ""))
