"""Lays out blocks, each with the margin of its containers: quotes, list items, footnotes."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.layout.inline import TextStyle, layout_inline, to_fragments, wrap
from relmgr_cli.layout.line import Fragment, Line, width_of
from relmgr_cli.layout.symbols import formula
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block, Container
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

Lines = list[Line]

_BULLETS = ("•", "◦", "▪")
_TASKS = {"x": "☑ ", " ": "☐ "}
_PLAIN_TASKS = {"x": "[x] ", " ": "[ ] "}
_CODE_INDENT = 2
_STYLES = {"heading": "subheading", "title": "subheading", "term": "term"}  # by kind of block
_BARRED = ("quote", "alert", "tab")  # containers with a bar in the margin
_URGENT = frozenset("attention caution critical danger error important warning".split())
_MAX_FOOTNOTE_LABEL = 12  # characters


def render_blocks(blocks: Iterable[Block], setting: TextStyle) -> Iterator[Line]:
    """Yield the lines of consecutive blocks, with blank lines between them."""
    before: Block | None = None
    for block in blocks:
        if before and block.gap:
            yield blank_between(before, block, setting)
        yield from render_block(block, setting, before)
        before = block


def render_block(block: Block, setting: TextStyle, before: Block | None = None) -> Lines:
    """Return the lines of one block with the margin of its containers.

    `before` is the block before it on the page: only a container that does not contain both gets its marker.
    """
    if setting.in_words:
        from relmgr_cli.layout.plain_blocks import block_in_words

        return block_in_words(block, setting, before)
    if not block.containers:
        return _draw_block(block, setting, setting.width)
    opened = {container.number for container in before.containers} if before else set()
    title: Lines = []
    if opens_untitled_alert(block, before):
        kinds = [container.kind for container in block.containers]
        outer = block.containers[: len(kinds) - kinds[::-1].index("alert")]
        title = [_margins(outer, opened, setting)[0] + _alert_title(block)]
        opened |= {container.number for container in outer}
    first, rest = _margins(block.containers, opened, setting)
    lines = _draw_block(block, setting, setting.width - width_of(rest)) or [[]]
    return [*title, first + lines[0], *(rest + line for line in lines[1:])]


def opens_untitled_alert(block: Block, before: Block | None) -> bool:
    """Return True if a block opens an alert without a title: its kind is written in the place of one."""
    alert = next((each for each in reversed(block.containers) if each.kind == "alert"), None)
    is_open = alert is not None and before is not None and alert.number in {each.number for each in before.containers}
    return alert is not None and not is_open and block.kind != "title"


def blank_between(before: Block, block: Block, setting: TextStyle) -> Line:
    """Return the blank line between two blocks, with the bars of the quotes that contain both."""
    if setting.in_words:
        return []
    shared = [one for one, other in zip(before.containers, block.containers, strict=False) if one == other]
    bars = [container for container in shared if container.kind in _BARRED]
    return _margins(shared, {container.number for container in shared}, setting)[1] if bars else []


def _margins(containers: Sequence[Container], opened: set[int], setting: TextStyle) -> tuple[Line, Line]:
    """Return the margins of a block's first line and of its other lines, equally wide."""
    parts = []
    bullets = 0
    for container in containers:
        bullets += container.kind == "bullet"
        marker, style = _marker(container, bullets, setting)
        rest = marker if container.kind in _BARRED else " " * cell_len(marker)
        parts.append((Fragment(rest if container.number in opened else marker, style), Fragment(rest, style)))
    # Deeply nested text loses its outer margins, so that half of the width is left for it.
    while sum(cell_len(rest.text) for _, rest in parts) > setting.width // 2:
        del parts[0]
    return [first for first, _ in parts], [rest for _, rest in parts]


def _marker(container: Container, depth: int, setting: TextStyle) -> tuple[str, str]:
    """Return the text before the first line of a container, and its style."""
    marker = sanitize_line(container.marker)
    if container.kind in _BARRED:
        return ("> " if setting.plain else "▎ "), "marker"
    if container.kind == "bullet":
        bullet = "- " if setting.plain else _BULLETS[min(depth, len(_BULLETS)) - 1] + " "
        return (_PLAIN_TASKS if setting.plain else _TASKS).get(marker, bullet), "marker"
    if container.kind == "ordered":
        return f"{marker} ", "marker"
    if container.kind == "footnote":
        return f"[{marker[:_MAX_FOOTNOTE_LABEL]}] ", "footnote"
    return "    ", ""


def _alert_title(block: Block) -> Line:
    alert = next(each for each in reversed(block.containers) if each.kind == "alert")
    return [Fragment(_alert_name(alert), _alert_style(alert))]


def _alert_name(container: Container) -> str:
    name = sanitize_line(container.marker)
    return messages.ALERTS.get(name, name).capitalize()


def _alert_style(container: Container) -> str:
    return "warning" if container.marker in _URGENT else "note"


def _draw_block(block: Block, setting: TextStyle, width: int) -> Lines:
    """Return the lines of a block without its containers; an unknown kind is a paragraph."""
    if block.kind == "math" and not setting.plain and (shown := formula(block.text)) != block.text:
        indent = [Fragment(" " * _CODE_INDENT)]
        text = wrap([Fragment(sanitize(shown))], width - _CODE_INDENT)
        return [indent + line for line in text]
    if block.kind in VERBATIM_KINDS:
        from relmgr_cli.layout.code import code_lines

        lines = code_lines(block.text, block.info, setting, width - _CODE_INDENT)
        return [[Fragment(" " * _CODE_INDENT), *line] if line else line for line in lines]
    if block.kind == "table":
        from relmgr_cli.layout.table import table_lines

        return table_lines(block, setting, width)
    if block.kind == "rule":
        return [[Fragment("---" if setting.plain else "─" * min(8, width), "dim")]]
    if block.kind == "title" and block.containers and block.containers[-1].kind == "alert":
        return _title_lines(block, setting, width)
    lines = layout_inline(block.spans, setting, width, _STYLES.get(block.kind, ""))
    return setting.add_images(block, lines, width) if setting.add_images else lines


def _title_lines(block: Block, setting: TextStyle, width: int) -> Lines:
    """Return the title of an alert; in plain output, where nothing else tells it, with the kind of the alert."""
    alert = block.containers[-1]
    style = _alert_style(alert)
    fragments = to_fragments(block.spans, setting, style)
    if setting.plain and alert.marker != "details":
        fragments.insert(0, Fragment(f"{_alert_name(alert)}: ", style))
    return wrap(fragments, width, setting.language)
