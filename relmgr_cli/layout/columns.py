"""Joins cells to columns, for tables, lists and pages in several languages."""

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

from relmgr_cli.layout.line import Fragment, Line, plain_text

_FIRST_RIGHT_TO_LEFT = "\u0590"
_LEFT_TO_RIGHT_MARK = "\u200e"


def join_columns(
    cells: Sequence[Sequence[Line]], widths: Sequence[int], gap: int, *, alignment: str = "", keep_order: bool = False
) -> list[Line]:
    """Return the lines of cells next to each other, `gap` spaces between columns and no spaces at the end of a line.

    `alignment` has a letter l, c or r for each column. `keep_order` inserts marks so that terminals do not reverse
    the columns of right-to-left text.
    """
    return [
        _join(parts, widths, gap, alignment=alignment, keep_order=keep_order)
        for parts in zip_longest(*cells, fillvalue=[])
    ]


def _join(parts: Sequence[Line], widths: Sequence[int], gap: int, *, alignment: str, keep_order: bool) -> Line:
    line: Line = []
    pending = 0  # spaces before the next text
    last = ""
    for column, (part, width) in enumerate(zip(parts, widths, strict=True)):
        if not (text := plain_text(part)):
            pending += width + gap
            continue
        spare = width - cell_len(text)
        before = {"r": spare, "c": spare // 2}.get(alignment[column : column + 1], 0)
        if pending + before:
            line.append(Fragment(_space(pending + before, last, text) if keep_order else " " * (pending + before)))
        line += part
        pending, last = spare - before + gap, text
    return line


def _space(cells: int, before: str, after: str) -> str:
    """Return the space between two texts, with a left-to-right mark between right-to-left ones (UAX #9, rule L2)."""
    if _is_right_to_left(before) and _is_right_to_left(after):
        return f"{' ' * (cells - 1)}{_LEFT_TO_RIGHT_MARK} "
    return " " * cells


def _is_right_to_left(text: str) -> bool:
    may_be = max(text, default="") >= _FIRST_RIGHT_TO_LEFT
    return may_be and any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def shorten(text: str, width: int) -> str:
    """Return a text of at most `width` cells, with an ellipsis at the end if it is cut."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def shorten_start(text: str, width: int) -> str:
    """Return a text of at most `width` cells, with an ellipsis at the start if it is cut."""
    return text if cell_len(text) <= width else shorten(text[::-1], width)[::-1]
