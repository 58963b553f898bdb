"""What things look like: one accent colour, dim for what helps, normal for what is read.

Only the terminal's own colours are used, so that a page looks right in the user's palette, dark or light.
"""

from collections.abc import Mapping

from rich.theme import Theme

# Some palettes show cyan too pale on white and blue too dark on black.
_ACCENT = {"dark": "cyan", "light": "blue"}


def theme_for(name: str, environ: Mapping[str, str]) -> Theme:
    """Return the theme: "dark", "light", or "auto" for what the terminal says of its background."""
    background = _background(environ) if name == "auto" else name
    accent = _ACCENT[background]
    return Theme(
        {
            "relmgr.title": "bold",
            "relmgr.heading": f"bold {accent}",
            "relmgr.subheading": "bold",
            "relmgr.number": accent,
            "relmgr.dim": "dim",
            "relmgr.current": "bold",
            "relmgr.marker": accent,
            "relmgr.strong": "bold",
            "relmgr.emphasis": "italic",
            "relmgr.code": "magenta",
            "relmgr.deleted": "strike",
            "relmgr.image": "italic dim",
            "relmgr.footnote": accent,
            "relmgr.link": "underline",
            "relmgr.term": "bold",
            "relmgr.note": f"bold {accent}",
            "relmgr.warning": "bold yellow" if background == "dark" else "bold red",
            "relmgr.code.keyword": "bold",
            "relmgr.code.comment": "dim italic",
            "relmgr.code.string": "green",
            "relmgr.code.number": "magenta",
            "relmgr.code.name": accent,
            "relmgr.code.deleted": "red",
            "relmgr.code.inserted": "green",
        },
        inherit=False,
    )


def _background(environ: Mapping[str, str]) -> str:
    """Return "light" where the terminal says so in COLORFGBG, else "dark"."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in ("7", "15") else "dark"
