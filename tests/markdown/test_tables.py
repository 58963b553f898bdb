"""Tables: nothing that is in a row is dropped."""

import pytest
from support.outline import parts

from relmgr_cli.markdown.blocks import Block, plain


def cells_of(row: str) -> list[str]:
    (block,) = parts(f"| a | b |\n| --- | --- |\n{row}")
    assert isinstance(block, Block)
    return [plain(cell) for cell in block.rows[1]]


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| 1 | 2 | 3 | 4 |", ["1", "2 | 3 | 4"]),
        ("| 1 | 2 | 3", ["1", "2 | 3"]),
        ("| `a | b` | c |", ["a | b", "c"]),
        ("| x | as `| [ ] task`, for one |", ["x", "as | [ ] task, for one"]),
        ("| [[note|text]] | c |", ["text", "c"]),
        (r"| a \| b | c |", ["a | b", "c"]),
        ("| 1 |", ["1", ""]),
        ("| 1 | 2 | |", ["1", "2"]),
        ("| ` | x | y ` |", ["`", "x | y `"]),
    ],
)
def test_a_row_with_too_many_cells_keeps_them(row: str, cells: list[str]) -> None:
    assert cells_of(row) == cells
