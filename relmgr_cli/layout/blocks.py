"""Blocks -> lines: a table from the kind of a block to a small function, and the margin of what it stands in."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.cells import cell_len

from relmgr_cli.layout.inline import TextStyle, layout_inline
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.markdown.blocks import Block, Container
from relmgr_cli.terminal.sanitize import sanitize_line

Lines = list[Line]

_BULLETS = ("•", "◦", "▪")
_TASKS = {"x": "☑ ", " ": "☐ "}
_PLAIN_TASKS = {"x": "[x] ", " ": "[ ] "}
_CODE_INDENT = 2


def render_blocks(blocks: Iterable[Block], setting: TextStyle) -> Iterator[Line]:
    """Yield the lines of blocks that follow each other, with blank lines between them."""
    before: Block | None = None
    for block in blocks:
        if before and block.gap:
            yield blank_between(before, block, setting)
        yield from render_block(block, setting, before)
        before = block


def render_block(block: Block, setting: TextStyle, before: Block | None = None) -> Lines:
    """Return the lines of one block in the margin of its containers.

    `before` is the block that stands before it on the page: a container that both stand in is not marked anew.
    """
    draw = _KINDS.get(block.kind, _paragraph)
    if not block.containers:
        return draw(block, setting, setting.width)
    opened = {container.number for container in before.containers} if before else set()
    first, rest = _margins(block.containers, opened, setting)
    lines = draw(block, setting, setting.width - width_of(rest)) or [[]]
    title = [container for container in block.containers if container.kind == "alert"][-1:]
    if title and title[0].number not in opened:
        lines = [_alert_title(title[0]), *lines]
    return [first + lines[0], *(rest + line for line in lines[1:])]


def blank_between(before: Block, block: Block, setting: TextStyle) -> Line:
    """Return the blank line between two blocks: the bar of a quote that both stand in goes on."""
    shared = [one for one, other in zip(before.containers, block.containers, strict=False) if one == other]
    bars = [container for container in shared if container.kind in ("quote", "alert")]
    return _margins(shared, {container.number for container in shared}, setting)[1] if bars else []


def _margins(containers: Sequence[Container], opened: set[int], setting: TextStyle) -> tuple[Line, Line]:
    """Return the margins of a block's first line and of its other lines; both are equally wide."""
    parts = []
    bullets = 0
    for container in containers:
        bullets += container.kind == "bullet"
        mark, style = _mark(container, bullets, setting)
        again = mark if container.kind in ("quote", "alert") else " " * cell_len(mark)
        parts.append((Fragment(again if container.number in opened else mark, style), Fragment(again, style)))
    # Text nested so deep that no room is left for it gives up its outer margins.
    while sum(cell_len(again.text) for _, again in parts) > setting.width // 2:
        del parts[0]
    return [first for first, _ in parts], [again for _, again in parts]


def _mark(container: Container, depth: int, setting: TextStyle) -> tuple[str, str]:
    """Return what marks the first line of a container, and its style."""
    marker = sanitize_line(container.marker)
    if container.kind in ("quote", "alert"):
        return ("> " if setting.plain else "▎ "), "marker"
    if container.kind == "bullet":
        if marker:
            return (_PLAIN_TASKS if setting.plain else _TASKS)[marker], "marker"
        return ("- " if setting.plain else _BULLETS[min(depth, len(_BULLETS)) - 1] + " "), "marker"
    if container.kind == "ordered":
        return f"{marker} ", "marker"
    if container.kind == "footnote":
        return f"[{marker[:12]}] ", "footnote"
    return "    ", ""


def _alert_title(container: Container) -> Line:
    urgent = container.marker in ("warning", "caution", "important")
    return [Fragment(sanitize_line(container.marker).capitalize(), "warning" if urgent else "note")]


def _paragraph(block: Block, setting: TextStyle, width: int) -> Lines:
    return layout_inline(block.spans, setting, width)


def _heading(block: Block, setting: TextStyle, width: int) -> Lines:
    return layout_inline(block.spans, setting, width, "subheading")


def _term(block: Block, setting: TextStyle, width: int) -> Lines:
    return layout_inline(block.spans, setting, width, "term")


def _code(block: Block, setting: TextStyle, width: int) -> Lines:
    from relmgr_cli.layout.code import code_lines

    lines = code_lines(block.text, block.info, setting, width - _CODE_INDENT)
    return [[Fragment(" " * _CODE_INDENT), *line] if line else line for line in lines]


def _table(block: Block, setting: TextStyle, width: int) -> Lines:
    from relmgr_cli.layout.table import table_lines

    return table_lines(block, setting, width)


def _rule(block: Block, setting: TextStyle, width: int) -> Lines:  # noqa: ARG001
    return [[Fragment("---" if setting.plain else "─" * min(8, width), "dim")]]


_KINDS: dict[str, Callable[[Block, TextStyle, int], Lines]] = {
    "heading": _heading,
    "term": _term,
    "code": _code,
    "table": _table,
    "rule": _rule,
}
