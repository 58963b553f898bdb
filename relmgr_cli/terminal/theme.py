"""The theme: one accent colour, normal text for content, dim text for everything else.

Only the sixteen colours of the terminal are used, so that a page looks right in the user's palette, dark or light, and
in any colour depth.
"""

# In some palettes cyan is too pale on white, and blue too dark on black.
_ACCENT = {"dark": "cyan", "light": "blue"}
_URGENT = {"dark": "yellow", "light": "red"}


def theme_for(name: str, background: str) -> dict[str, str]:
    """Return the Rich style definitions, by style name, of the theme "dark", "light" or "auto".

    "auto" decides by `background`, the terminal's COLORFGBG.
    """
    if name == "auto":
        name = "light" if background.rpartition(";")[2] in ("7", "15") else "dark"
    accent = _ACCENT[name]
    return {
        "title": "bold",
        "heading": f"bold {accent}",
        "subheading": "bold",
        "number": accent,
        "dim": "dim",
        "current": "bold",
        "marker": accent,
        "strong": "bold",
        "emphasis": "italic",
        "code": "magenta",
        "deleted": "strike",
        "inserted": "underline",
        "mark": "reverse",
        "math": "italic",
        "image": "italic dim",
        "footnote": accent,
        "link": "underline",
        "article": accent,
        "deadlink": "dim underline",
        "term": "bold",
        "match": f"bold {_URGENT[name]}",
        "note": f"bold {accent}",
        "warning": f"bold {_URGENT[name]}",
        "code.keyword": "bold",
        "code.comment": "dim italic",
        "code.string": "green",
        "code.number": "magenta",
        "code.name": accent,
        "code.deleted": "red",
        "code.inserted": "green",
    }
