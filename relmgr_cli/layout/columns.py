"""Cells side by side: the columns of tables, lists and pages in several languages."""

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

from relmgr_cli.layout.line import Fragment, Line, plain_text

_FIRST_RIGHT_TO_LEFT = "\u0590"
_LEFT_TO_RIGHT_MARK = "\u200e"


def join_columns(
    cells: Sequence[Sequence[Line]], widths: Sequence[int], gap: int, *, alignment: str = "", with_marks: bool = False
) -> list[Line]:
    """Return the lines of cells next to each other, `gap` spaces between columns and no spaces at the end of a line.

    `alignment` has a letter l, c or r for each column. `with_marks` keeps the order of columns of right-to-left text.
    """
    return [
        _join(parts, widths, gap, alignment=alignment, with_marks=with_marks)
        for parts in zip_longest(*cells, fillvalue=[])
    ]


def _join(parts: Sequence[Line], widths: Sequence[int], gap: int, *, alignment: str, with_marks: bool) -> Line:
    line: Line = []
    owed = 0  # spaces before the next text
    last = ""
    for column, (part, width) in enumerate(zip(parts, widths, strict=True)):
        if not (text := plain_text(part)):
            owed += width + gap
            continue
        spare = width - cell_len(text)
        before = {"r": spare, "c": spare // 2}.get(alignment[column : column + 1], 0)
        if owed + before:
            line.append(Fragment(_space(owed + before, last, text) if with_marks else " " * (owed + before)))
        line += part
        owed, last = spare - before + gap, text
    return line


def _space(cells: int, before: str, after: str) -> str:
    """Return the space between two texts.

    A mark between two right-to-left texts keeps their columns in order (Unicode Standard Annex 9, L2).
    """
    if _is_right_to_left(before) and _is_right_to_left(after):
        return f"{' ' * (cells - 1)}{_LEFT_TO_RIGHT_MARK} "
    return " " * cells


def _is_right_to_left(text: str) -> bool:
    if max(text, default="") < _FIRST_RIGHT_TO_LEFT:
        return False
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def shorten(text: str, width: int) -> str:
    """Return a text cut to a width, with an ellipsis where something is lost."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
