"""Lays out tables: in columns where they fit, else one "header: cell" on each line."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from relmgr_cli.layout.columns import join_columns
from relmgr_cli.layout.inline import TextStyle, to_fragments, wrap
from relmgr_cli.layout.line import Fragment, Line, plain_text, restyle
from relmgr_cli.layout.linebreak import is_url
from relmgr_cli.markdown.blocks import Block, plain

_GAP = 2  # cells between columns
_MIN_COLUMN_WIDTH = 6  # cells
_MAX_WHOLE_WORD = 16  # cells; longer words may be cut to fit a column

Row = Sequence[Line]


def table_lines(block: Block, setting: TextStyle, width: int) -> list[Line]:
    """Return a table as lines of at most `width` cells."""
    rows = _styled_rows(block, setting)
    count = max(map(len, rows), default=0)
    filled = [[*row, *([] for _ in range(count - len(row)))] for row in rows]
    widths = _column_widths(filled, width, keeps_urls=setting.keeps_urls)
    if widths is None:
        return _stacked(rows, setting, width)
    filled[0] = [restyle(cell, "strong") for cell in filled[0]]
    lines: list[Line] = []
    for row in filled:
        cells = [wrap(cell, size, setting.language) for cell, size in zip(row, widths, strict=True)]
        lines += join_columns(cells, widths, _GAP, alignment=block.info) or [[]]
        if row is filled[0]:
            lines.append([Fragment("─" * (sum(widths) + _GAP * (count - 1)), "dim")])
    return lines


def _styled_rows(block: Block, setting: TextStyle) -> list[Row]:
    rows: list[Row] = []
    offset = 0  # of a cell in the text of the block
    for row in block.rows:
        cells = []
        for cell in row:
            cells.append(to_fragments(cell, setting, source=offset))
            offset += len(plain(cell)) + 1
        offset += not row
        rows.append(cells)
    return rows


def _column_widths(rows: Sequence[Row], width: int, *, keeps_urls: bool) -> list[int] | None:
    """Return the width of each column; None if they do not fit."""
    columns = [[plain_text(cell) for cell in column] for column in zip(*rows, strict=True)]
    wanted = [max(1, *(cell_len(line) for text in column for line in text.split("\n"))) for column in columns]
    longest = [max([_MIN_COLUMN_WIDTH, *_least_widths(column, keeps_urls=keeps_urls)]) for column in columns]
    least = list(map(min, wanted, longest))
    room = width - _GAP * (len(columns) - 1)
    if sum(wanted) <= room:
        return wanted
    if sum(least) > room:
        return None
    # Distribute the rest in proportion to what each column lacks.
    spare = room - sum(least)
    missing = [want - have for want, have in zip(wanted, least, strict=True)]
    return [have + spare * more // sum(missing) for have, more in zip(least, missing, strict=True)]


def _least_widths(texts: Sequence[str], *, keeps_urls: bool) -> Iterator[int]:
    """Yield the width that each word of a column needs at least."""
    for word in (word for text in texts for word in text.split()):
        is_kept = keeps_urls and is_url(word)
        yield cell_len(word) if is_kept else min(cell_len(word), _MAX_WHOLE_WORD)


def _stacked(rows: Sequence[Row], setting: TextStyle, width: int) -> list[Line]:
    """Return every row as "header: cell" lines, the rows separated by blank lines."""
    lines: list[Line] = []
    header = rows[0] if len(rows) > 1 else ()
    for row in rows[1:] or rows:
        if lines:
            lines.append([])
        for index, cell in enumerate(row):
            name = restyle(header[index], "strong") if index < len(header) else []
            label = [*name, Fragment(": ")] if plain_text(name) else []
            lines += wrap([*label, *cell], width, setting.language, keeps_urls=setting.keeps_urls)
    return lines
