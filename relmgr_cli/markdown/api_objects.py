"""Reads lines for which mkdocstrings writes the documentation of a program's object.

`::: package.Class`, also as a heading, `## ::: package.Class`, and indented options below it. The documentation is in
the program's source, which is not read: the name of the object is shown as code.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from relmgr_cli.markdown.events import paragraph_tokens
from relmgr_cli.markdown.lines import line_at, skip_to

_LINE = re.compile(r"(?:(#{1,6})[ \t]{1,9})?:::[ \t]{1,9}([^\W\d]\w{0,99}(?:[.:/]\w{1,99}){0,20})[ \t]{0,9}")
_OPTION = re.compile(r"(?:options|handler|selection|rendering|inventories|locale)[ \t]{0,9}:")
_INDENT = 4


def object_line(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read such a line and its options, as a block rule."""
    match = _LINE.fullmatch(line_at(state, start))
    if not match:
        return False
    after = _end_of_options(state, start, end)
    if not match[1] and after == start + 1 and "." not in match[2]:
        return False  # a directive
    tokens = paragraph_tokens(f"`{match[2]}`", start)
    if match[1]:
        tokens = [
            _heading("heading_open", match[1], 1, start),
            tokens[1],
            _heading("heading_close", match[1], -1, start),
        ]
    return skip_to(state, after, tokens, silent=silent)


def _end_of_options(state: StateBlock, start: int, end: int) -> int:
    """Return the line behind the options of a line."""
    indent, line = state.sCount[start] + _INDENT, start + 1
    if line >= end or state.sCount[line] < indent or not _OPTION.match(line_at(state, line)):
        return line
    while line < end and not state.isEmpty(line) and state.sCount[line] >= indent:
        line += 1
    return line


def _heading(kind: str, marks: str, nesting: int, line: int) -> Token:
    return Token(kind, f"h{len(marks)}", nesting, map=[line, line + 1], markup=marks, block=True)  # type: ignore[arg-type]
