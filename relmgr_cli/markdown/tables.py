"""Reads tables without dropping cells.

By GitHub's rules each `|` separates cells, also in code, and the cells that a row has more than the header are dropped.
Here such a row is split at the bars outside code and wiki links, and what is still too much stays in the last cell.
"""

import re
from collections.abc import Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as github_table
from markdown_it.token import Token

from relmgr_cli.markdown.lines import line_at

_BAR_OF_CELLS = re.compile(r"\\.|`[^`]{1,500}`|\[\[[^\[\]|]{1,200}\|[^\[\]|]{1,200}\]\]|(\|)")
_UNDER_HEADER = frozenset("|-:")  # the first character of the line
_BAR = re.compile(r"\\.|(\|)")


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (a rule's signature)
    """Read a table, as a block rule."""
    below = state.bMarks[start + 1] + state.tShift[start + 1]
    if state.src[below : below + 1] not in _UNDER_HEADER:
        return False
    first = len(state.tokens)
    if not github_table(state, start, end, silent):
        return False
    tokens = state.tokens[first:]
    columns = sum(token.type == "th_open" for token in tokens)
    for at, token in enumerate(tokens):
        if token.type == "tr_open" and token.map:
            _add_dropped(line_at(state, token.map[0]).strip(), tokens[at + 2 : at + 1 + 3 * columns : 3])
    return True


def _add_dropped(line: str, texts: Sequence[Token]) -> None:
    """Add what was dropped of a line to the texts of its cells."""
    outer = line.startswith("|") + line.endswith("|")
    if line.count("|") + 1 - outer <= len(texts):
        return
    cells = _cells(line, _BAR_OF_CELLS)
    if len(cells) < len(texts):
        cells = _cells(line, _BAR)
    if len(cells) >= len(texts):
        cells[len(texts) - 1 :] = [" | ".join(filter(None, cells[len(texts) - 1 :]))]
        for token, cell in zip(texts, cells, strict=True):
            token.content = cell


def _cells(line: str, bar: re.Pattern[str]) -> list[str]:
    """Return the cells of a line."""
    bars = [match.start() for match in bar.finditer(line) if match[1]]
    cells = [line[one + 1 : other].strip() for one, other in zip([-1, *bars], [*bars, len(line)], strict=True)]
    first, last = not cells[0], len(cells) > 1 and not cells[-1]
    return [cell.replace("\\|", "|") for cell in cells[first : len(cells) - last]]
