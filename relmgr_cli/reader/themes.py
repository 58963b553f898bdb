"""The themes of the reader, for Textual and for the styles of the page.

terminal/theme.py defines the styles in the sixteen colours of a terminal. The theme "terminal" uses them unchanged; the
others replace each colour name by a shade that suits their background.
"""

from rich.style import Style
from textual.theme import Theme

from relmgr_cli.terminal.theme import theme_for

_COLORS = ("cyan", "blue", "magenta", "green", "yellow", "red", "dim")
_SHADES = {  # of these colors, by theme
    "dark": ("#7fb4ca", "#7fb4ca", "#c8a0d8", "#98bb6c", "#e6c384", "#e46876", "#868b98"),
    "light": ("#1f5f99", "#1f5f99", "#8a3f8f", "#4a7020", "#8a5d00", "#b3261e", "#70747d"),
    "contrast": ("#ffff00", "#ffff00", "#ff9cff", "#7dff7d", "#ffd000", "#ff8080", "#e0e0e0"),
}
_DECORATIONS = {  # the styles of matches, of the current match and of the translation of a word
    "dark": ("on #4d4526", "#16181d on #e6c384", "on #2d4f67"),
    "light": ("on #fbe7a1", "#ffffff on #8a5d00", "on #cfe2f3"),
    "contrast": ("#000000 on #ffff00", "#000000 on #ffffff bold", "#000000 on #7dffff"),
    "terminal": ("black on yellow", "reverse bold", "black on cyan"),
    "none": ("underline bold", "reverse", "reverse"),
}
# The colors of text and background.
_BASES = {"dark": "#d8dbe2 on #16181d", "light": "#24262b on #fbfaf7", "contrast": "#ffffff on #000000"}
_BARS = {"dark": "on #262a33", "light": "on #e4e1d8", "contrast": "on #303030"}  # the status bar; else in reverse video
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
    """Return Textual's name of a theme, or of "none", which has no colors. `background` is the terminal's COLORFGBG."""
    if theme not in {"terminal", "none"}:
        return f"relmgr-{theme}"
    return "ansi-light" if background.rpartition(";")[2] in {"7", "15"} else "ansi-dark"


def styles_of(theme: str, background: str) -> dict[str, Style]:
    """Return the styles of a theme by name."""
    base = {"contrast": "dark", "terminal": "auto", "none": "auto"}.get(theme, theme)
    shades = dict(zip(_COLORS, _SHADES.get(theme, _COLORS), strict=True))
    styles = {
        name: " ".join(shades.get(word, word) for word in definition.split())
        for name, definition in theme_for(base, background).items()
    }
    match, current, translation = _DECORATIONS[theme]
    styles |= {"match": match, "match.current": current, "cursor": "reverse", "translation": translation}
    styles["bar"] = _BARS.get(theme, "reverse")
    return {name: Style.parse(definition) for name, definition in styles.items()}


def base_of(theme: str) -> Style:
    """Return the style of text without any."""
    return Style.parse(_BASES.get(theme, ""))
