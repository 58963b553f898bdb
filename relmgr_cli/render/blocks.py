"""Blocks -> lines: a table from the kind of a block to a small function, and the margin of what it stands in."""

from collections.abc import Callable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from relmgr_cli.markdown.blocks import Block, Container
from relmgr_cli.render.clean import clean_line
from relmgr_cli.render.code import code_lines
from relmgr_cli.render.flow import Setting, flow
from relmgr_cli.render.table import table_lines

Lines = list[Text]

_BULLETS = ("•", "◦", "▪")
_TASKS = {"x": "☑ ", " ": "☐ "}
_PLAIN_TASKS = {"x": "[x] ", " ": "[ ] "}
_CODE_INDENT = 2


def render_blocks(blocks: Sequence[Block], setting: Setting) -> Iterator[Text]:
    """Yield the lines of blocks that follow each other, with blank lines between them."""
    before: Block | None = None
    for block in blocks:
        if before and block.gap:
            yield _blank(before, block, setting)
        yield from render_block(block, setting, before)
        before = block


def render_block(block: Block, setting: Setting, before: Block | None = None) -> Lines:
    """Return the lines of one block in the margin of its containers.

    `before` is the block that stands before it on the page: a container that both stand in is not marked anew.
    """
    opened = {container.number for container in before.containers} if before else set()
    first, rest = _margins(block.containers, opened, setting)
    lines = _KINDS.get(block.kind, _paragraph)(block, setting, setting.width - rest.cell_len)
    title = [container for container in block.containers if container.kind == "alert"][-1:]
    if title and title[0].number not in opened:
        lines = [_alert_title(title[0]), *lines]
    if not first.cell_len:
        return lines
    margins = [first, *[rest] * (len(lines) - 1)]
    return [margin.copy().append_text(line) for margin, line in zip(margins, lines or [Text()], strict=False)]


def _blank(before: Block, block: Block, setting: Setting) -> Text:
    """Return the blank line between two blocks: the bar of a quote that both stand in goes on."""
    shared = [one for one, other in zip(before.containers, block.containers, strict=False) if one == other]
    line = _margins(shared, {container.number for container in shared}, setting)[1]
    line.rstrip()
    return line


def _margins(containers: Sequence[Container], opened: set[int], setting: Setting) -> tuple[Text, Text]:
    """Return the margins of a block's first line and of its other lines; both are equally wide."""
    parts = []
    depth = 0
    for container in containers:
        depth += container.kind == "bullet"
        mark, style = _mark(container, depth, setting)
        bar = container.kind in ("quote", "alert")
        again = mark if bar else " " * cell_len(mark)
        parts.append((mark if bar or container.number not in opened else again, again, style))
    # Text nested so deep that no room is left for it gives up its outer margins.
    while sum(cell_len(mark) for mark, _, _ in parts) > setting.width // 2:
        del parts[0]
    first, rest = Text(), Text()
    for mark, again, style in parts:
        first.append(mark, style)
        rest.append(again, style)
    return first, rest


def _mark(container: Container, depth: int, setting: Setting) -> tuple[str, str]:
    """Return what marks the first line of a container, and its style."""
    marker = clean_line(container.marker)
    if container.kind in ("quote", "alert"):
        return ("> " if setting.plain else "▎ "), "relmgr.marker"
    if container.kind == "bullet":
        if marker:
            return (_PLAIN_TASKS if setting.plain else _TASKS)[marker], "relmgr.marker"
        return ("- " if setting.plain else _BULLETS[min(depth, len(_BULLETS)) - 1] + " "), "relmgr.marker"
    if container.kind == "ordered":
        return f"{marker} ", "relmgr.marker"
    if container.kind == "footnote":
        return f"[{marker[:12]}] ", "relmgr.footnote"
    return "    ", ""


def _alert_title(container: Container) -> Text:
    urgent = container.marker in ("warning", "caution", "important")
    return Text(clean_line(container.marker).capitalize(), "relmgr.warning" if urgent else "relmgr.note")


def _paragraph(block: Block, setting: Setting, width: int) -> Lines:
    return flow(block.spans, setting, width)


def _heading(block: Block, setting: Setting, width: int) -> Lines:
    return flow(block.spans, setting, width, "relmgr.subheading")


def _term(block: Block, setting: Setting, width: int) -> Lines:
    return flow(block.spans, setting, width, "relmgr.term")


def _code(block: Block, setting: Setting, width: int) -> Lines:
    indent = " " * _CODE_INDENT
    lines = code_lines(block.text, block.info, setting, width - _CODE_INDENT)
    return [Text(indent).append_text(line) if line else line for line in lines]


def _rule(block: Block, setting: Setting, width: int) -> Lines:  # noqa: ARG001
    return [Text("---" if setting.plain else "─" * min(8, width), "relmgr.dim")]


_KINDS: dict[str, Callable[[Block, Setting, int], Lines]] = {
    "heading": _heading,
    "term": _term,
    "code": _code,
    "table": table_lines,
    "rule": _rule,
}
