"""Lays out blocks in words, for screen readers: what a block is stands before its text, not in its position.

Each block names the containers that it is in, so it can be understood by itself, in whatever language it is read.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from relmgr_cli import messages
from relmgr_cli.layout.inline import TextStyle, to_fragments, wrap
from relmgr_cli.layout.line import Fragment, Line
from relmgr_cli.markdown.blocks import Block, Container, plain
from relmgr_cli.terminal.sanitize import sanitize_line

Lines = list[Line]

_LISTS = ("bullet", "ordered")
_NAMED_BY_TITLE = ("alert", "tab")  # containers
_MAX_NAMED = 4  # containers of a block, the innermost ones
_MAX_FOOTNOTE_LABEL = 12  # characters


def block_in_words(block: Block, setting: TextStyle, before: Block | None = None) -> Lines:
    """Return the lines of one block; `before` is the block before it, as for `render_block`."""
    opened = {container.number for container in before.containers} if before else set()
    names = list(_container_names(block.containers, opened))[-_MAX_NAMED:]
    label = [Fragment(f"{name}: ", "marker") for name in names]
    if block.kind == "code":
        return _code_lines(block, setting, label)
    if block.kind == "math":
        return _formula_lines(block, setting, label)
    if block.kind == "table":
        return _table_lines(block, setting, label)
    if block.kind == "rule":
        return [[*label, Fragment(messages.PLAIN_SEPARATOR, "dim")]]
    is_named = block.kind == "title" and block.containers and block.containers[-1].kind in _NAMED_BY_TITLE
    if block.kind in messages.PLAIN_BLOCKS and not is_named:
        label.append(Fragment(f"{messages.PLAIN_BLOCKS[block.kind]}: ", "marker"))
    return wrap([*label, *to_fragments(block.spans, setting)], setting.width, setting.language)


def _container_names(containers: Sequence[Container], opened: set[int]) -> Iterator[str]:
    """Yield what the containers of a block are, outermost first; of lists in each other only the innermost."""
    level = 0
    for container, inner in zip_longest(containers, containers[1:]):
        is_list = container.kind in _LISTS
        level += is_list
        if is_list and inner and inner.kind in _LISTS:
            continue
        name = _container_name(container)
        if is_list and level > 1:
            name = messages.PLAIN_LEVEL.fill(text=name, level=level)
        yield messages.PLAIN_CONTINUED.fill(text=name) if container.number in opened else name


def _container_name(container: Container) -> str:
    marker = sanitize_line(container.marker)
    if container.kind == "alert":
        return messages.ALERTS.get(marker, marker)
    if container.kind == "footnote":
        return messages.PLAIN_FOOTNOTE.fill(label=marker[:_MAX_FOOTNOTE_LABEL])
    if container.kind == "ordered":
        return messages.PLAIN_ITEM_NUMBER.fill(number=marker.rstrip(".)"))
    if container.kind == "bullet" and marker in messages.PLAIN_TASKS:
        return messages.PLAIN_TASKS[marker]
    return messages.PLAIN_CONTAINERS.get(container.kind, container.kind)


def _code_lines(block: Block, setting: TextStyle, label: Line) -> Lines:
    from relmgr_cli.layout.code import code_lines

    language = sanitize_line(block.info)
    name = messages.PLAIN_CODE_IN.fill(language=language) if language else messages.PLAIN_CODE
    code = code_lines(block.text, "", setting, setting.width)
    return [*_opening([*label, Fragment(f"{name}:", "marker")], setting), *code, _end(messages.PLAIN_CODE_END)]


def _formula_lines(block: Block, setting: TextStyle, label: Line) -> Lines:
    from relmgr_cli.layout.code import code_lines

    formula = code_lines(block.text.strip("\n"), "", setting, setting.width)
    if len(formula) == 1:
        label = [*label, Fragment(f"{messages.PLAIN_FORMULA}: ", "marker")]
        return wrap([*label, *formula[0]], setting.width)
    label = [*label, Fragment(f"{messages.PLAIN_FORMULA}:", "marker")]
    return [*_opening(label, setting), *formula, _end(messages.PLAIN_FORMULA_END)]


def _table_lines(block: Block, setting: TextStyle, label: Line) -> Lines:
    """Return the number of rows, then a line for each cell: its row, the header of its column, its text."""
    offsets = []  # of the rows in the text of the block
    offset = 0
    for row in block.rows:
        offsets.append(offset)
        offset += sum(len(plain(cell)) + 1 for cell in row) or 1
    has_header = len(block.rows) > 1
    names = column_names(block)
    count = len(block.rows) - has_header
    title = Fragment(f"{messages.PLAIN_TABLE.fill(count)}:", "marker")
    lines = _opening([*label, title], setting)
    for number in range(count):
        offset = offsets[number + has_header]
        for column, cell in enumerate(block.rows[number + has_header]):
            place = messages.PLAIN_CELL.fill(row=number + 1, column=names[column])
            text = to_fragments(cell, setting, source=offset) or [Fragment(messages.PLAIN_EMPTY, "dim")]
            lines += wrap([Fragment(f"{place}: ", "marker"), *text], setting.width, setting.language)
            offset += len(plain(cell)) + 1
    return [*lines, _end(messages.PLAIN_TABLE_END)]


def column_names(block: Block) -> list[str]:
    """Return the name of each column of a table: its header, or its number where there is none."""
    header = block.rows[0] if len(block.rows) > 1 else ()
    texts = [sanitize_line(plain(cell)).strip() for cell in header]
    texts += [""] * (max(map(len, block.rows), default=0) - len(texts))
    return [text or messages.PLAIN_COLUMN.fill(column=column) for column, text in enumerate(texts, 1)]


def _opening(line: Line, setting: TextStyle) -> Lines:
    return wrap(line, setting.width, setting.language)


def _end(text: str) -> Line:
    return [Fragment(text, "marker")]
