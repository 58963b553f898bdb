"""Tables: columns where they fit, one "header: cell" a line where they do not. No cell is ever lost."""

from collections.abc import Sequence

from rich.cells import cell_len

from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.render.flow import Setting, styled, wrap
from relmgr_cli.render.lines import Line, Run, plain_text, restyle, width_of

_GAP = 2  # cells between columns
_NARROWEST = 6  # cells; columns that would have to be narrower are stacked
_LONG_WORD = 16  # cells; a longer word may be cut before the table is given up

Row = Sequence[Line]


def table_lines(block: Block, setting: Setting, width: int) -> list[Line]:
    """Return a table as lines of at most `width` cells."""
    rows = [[styled(cell, setting) for cell in row] for row in block.rows]
    count = max(map(len, rows), default=0)
    rows = [[*row, *([] for _ in range(count - len(row)))] for row in rows]
    widths = None if setting.plain else _column_widths(rows, width)
    if widths is None:
        return _stacked(block.rows, setting, width)
    lines = _row_lines([restyle(cell, "strong") for cell in rows[0]], widths, block.info, setting)
    lines.append([Run("─" * (sum(widths) + _GAP * (count - 1)), "dim")])
    for row in rows[1:]:
        lines += _row_lines(row, widths, block.info, setting)
    return lines


def _column_widths(rows: Sequence[Row], width: int) -> list[int] | None:
    """Return a width for each column, None when they cannot all be wide enough."""
    columns = [[plain_text(cell) for cell in column] for column in zip(*rows, strict=True)]
    wanted = [max(1, *map(_widest_line, column)) for column in columns]
    least = [
        min(want, max(_NARROWEST, *map(_longest_word, column))) for want, column in zip(wanted, columns, strict=True)
    ]
    room = width - _GAP * (len(columns) - 1)
    if sum(wanted) <= room:
        return wanted
    if sum(least) > room:
        return None
    # What is left goes to the columns that want it, in proportion to how much.
    spare = room - sum(least)
    missing = [want - have for want, have in zip(wanted, least, strict=True)]
    return [have + spare * more // sum(missing) for have, more in zip(least, missing, strict=True)]


def _widest_line(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _longest_word(text: str) -> int:
    return min(_LONG_WORD, max(map(cell_len, text.split()), default=0))


def _row_lines(row: Row, widths: Sequence[int], alignment: str, setting: Setting) -> list[Line]:
    cells = [wrap(cell, setting, width) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for index in range(max(1, *map(len, cells))):
        line: Line = []
        owed = 0  # cells of space before the next text
        for column, (width, parts) in enumerate(zip(widths, cells, strict=True)):
            part = parts[index] if index < len(parts) else []
            spare = width - width_of(part)
            before = {"r": spare, "c": spare // 2}.get(alignment[column : column + 1], 0)
            if part:
                line += [Run(" " * (owed + before)), *part]
                owed = 0
            owed += spare - before + _GAP if part else width + _GAP
        lines.append(line)
    return lines


def _stacked(rows: Sequence[Sequence[Sequence[Span]]], setting: Setting, width: int) -> list[Line]:
    """Return every row as "header: cell" lines, the rows apart."""
    lines: list[Line] = []
    header = rows[0] if rows else ()
    for row in rows[1:] or rows:
        if lines and not setting.plain:
            lines.append([])
        for index, cell in enumerate(row):
            name = styled(header[index], setting, "strong") if index < len(header) and len(rows) > 1 else []
            label = [*name, Run(": ")] if plain_text(name) else []
            lines += wrap([*label, *styled(cell, setting)], setting, width)
    return lines
