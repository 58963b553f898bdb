"""Writes consecutive blocks as Markdown again, with the lists, quotes and other containers that they are in.

What is read from it are the same blocks. Whatever dialect a container was written in, it is written in one: quotes that
begin with `[!note]`, `<details>`, `::: tab`. Markup that was HTML comes out as the elements that its text was in.
"""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from relmgr_cli.export.escapes import html_value
from relmgr_cli.export.html_blocks import html_markdown
from relmgr_cli.export.inline import block_text, footnote_labels, fully_escaped, inline_markdown, tagged
from relmgr_cli.export.leaf_blocks import code_markdown, info_with_title
from relmgr_cli.export.list_splitting import LISTS, List, has_tight_text, split_lists
from relmgr_cli.markdown.blocks import Block, Container, plain
from relmgr_cli.markdown.mdx import is_mdx

_SEPARATOR = "<!-- -->"  # between two lists, and where a text may not follow another without a blank line
_NOTHING = f": {_SEPARATOR}"  # the definition of a term that has none
_ATTRIBUTE = re.compile(r"[\w:.-]{1,100}")
_BLOCK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,99}")
_ALERTS_OF_GITHUB = frozenset("note tip important warning caution".split())
_TEXTS = frozenset("paragraph item quote definition footnote term".split())
_MAX_DEPTH = 60  # of containers; what is in more of them is in the last


class _Piece(NamedTuple):
    """Some lines, and how they stand to those around them."""

    lines: list[str]
    kind: str  # that of a block or container
    is_open: bool = False  # a text on the next line would go on with it


class _Context(NamedTuple):
    """Where blocks are written."""

    depth: int
    is_tight: bool  # without blank lines
    path: str
    begins: Block | None = None  # what begins the outermost list that they are in

    def inside(self, *, is_tight: bool = False) -> "_Context":
        """Return the context of what is in a container here."""
        return self._replace(depth=self.depth + 1, is_tight=is_tight)


def blocks_markdown(blocks: Sequence[Block], path: str = "") -> str:
    """Return consecutive blocks as Markdown, without an end of line; `path` is that of the file it will be in."""
    text = _document(blocks, path)
    if not path.lower().endswith(".mdx") and is_mdx(text, path):
        return _document(blocks, f"{path}.mdx")  # will be read as MDX, whatever it is called
    return text


def _document(blocks: Sequence[Block], path: str) -> str:
    pieces = _pieces([_hoisted(block) for block in blocks], _Context(0, is_tight=False, path=path))
    pieces += [_Piece([f"[^{label}]: {_SEPARATOR}"], "footnote") for label in _undefined(blocks)]
    return "\n".join(_joined(pieces, is_tight=False))


def _hoisted(block: Block) -> Block:
    """Return a block of a footnote without the containers that the footnote is in: it has been moved out of them."""
    at = next((at for at, container in enumerate(block.containers) if container.kind == "footnote"), 0)
    return block._replace(containers=block.containers[at:]) if at else block


def _undefined(blocks: Sequence[Block]) -> list[str]:
    """Return the labels of footnotes that are referred to and have no text."""
    cells = (span for block in blocks for row in block.rows for cell in row for span in cell)
    spans = (*(span for block in blocks for span in block.spans), *cells)
    labels = [label for span in spans if "footnote" in span.styles for label in footnote_labels(span.text)]
    defined = {c.marker for block in blocks for c in block.containers if c.kind == "footnote"}
    return [label for label in dict.fromkeys(labels) if label not in defined]


def _joined(pieces: Sequence[_Piece], *, is_tight: bool) -> list[str]:
    lines: list[str] = []
    before: _Piece | None = None
    for piece in pieces:
        if before:
            needs_mark = _needs_mark(before, piece) if not is_tight else _needs_mark_if_tight(before, piece)
            lines += [] if is_tight else [""]
            lines += [_SEPARATOR] if needs_mark else []
            lines += [""] if needs_mark and not is_tight else []
        lines += piece.lines
        before = piece
    return lines


def _needs_mark(before: _Piece, piece: _Piece) -> bool:
    """Return True if a blank line is not enough to separate two pieces."""
    kinds = {before.kind, piece.kind}
    return (before.kind == piece.kind and piece.kind in LISTS) or kinds == {"tight definition", "loose definition"}


def _needs_mark_if_tight(before: _Piece, piece: _Piece) -> bool:
    """Return True if the end of a line is not enough to separate two pieces."""
    if _needs_mark(before, piece) or (before.kind == piece.kind == "quote"):
        return True
    if before.kind == "table":
        return piece.kind not in ("quote", "code", "heading", *LISTS)
    can_interrupt = piece.kind in ("heading", "code", "quote", "html", "rule", "bullet", "math", "tab", "table")
    can_interrupt = can_interrupt or (piece.kind == "ordered" and piece.lines[0].startswith(("1. ", "1) ")))
    return before.is_open and not can_interrupt


def _pieces(blocks: Sequence[Block], context: _Context) -> list[_Piece]:
    """Return blocks that are in the same containers down to the depth."""
    depth = context.depth
    if depth >= _MAX_DEPTH:
        return _leaves(blocks, context)
    found: list[_Piece] = []
    for family, group in groupby(blocks, lambda block: _family(block, depth)):
        members = list(group)
        if family == "list":
            found += [_list(each, context) for each in split_lists(members, depth, begins=context.begins)]
        elif family == "definition":
            found += _definitions(members, context)
        elif family:
            for container, inner in groupby(members, lambda block: block.containers[depth]):
                found.append(_CONTAINERS[container.kind](container, list(inner), context))
        else:
            found += _leaves(members, context)
    return found


def _family(block: Block, depth: int) -> str:
    if len(block.containers) > depth:
        kind = block.containers[depth].kind
        return "list" if kind in LISTS else kind if kind in (*_CONTAINERS, "definition") else "quote"
    return "definition" if block.kind == "term" else ""


def _leaves(blocks: Sequence[Block], context: _Context) -> list[_Piece]:
    found = []
    title = ""
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind == "title" and following and _is_title_of(block, following):
            title = plain(block.spans)
            continue
        found.append(_leaf(block, context, title))
        title = ""
    return found


def _is_title_of(title: Block, block: Block) -> bool:
    """Return True if a title can be written as that of a block of code."""
    is_plain = len(title.spans) == 1 and not title.spans[0].styles and not title.spans[0].href
    return block.kind == "code" and is_plain and bool(info_with_title(block, plain(title.spans)))


def _leaf(block: Block, context: _Context, title: str) -> _Piece:
    kind, path = block.kind, context.path
    if kind == "heading":
        text = f"{'#' * int(block.info or 1)} {block_text(block, path)}".rstrip(" ")
        return _Piece([text + _anchors(block)], kind)
    if kind == "title":
        return _Piece([f"<summary>{tagged(block.spans)}</summary>"], "html", is_open=True)
    if kind == "comment":  # made by an export; the text of a document has none
        return _Piece([f"<!-- {plain(block.spans)} -->"], "html")
    if kind == "code":
        text = code_markdown(block, title)
    elif kind == "rule":
        text = "***"
    elif kind == "html":
        text = html_markdown(block, is_tight=context.is_tight, is_mdx=path.lower().endswith(".mdx"))
    else:
        text = block_text(block, path)
    if kind in ("code", "rule", "html", "math", "table"):
        return _Piece([*text.split("\n"), *_ids(block)], kind, is_open=kind == "html" and not context.is_tight)
    return _Piece((text + _anchors(block)).split("\n"), "paragraph", is_open=True)


def _anchors(block: Block) -> str:
    """Return the anchors of a text, as they are at its end."""
    return "".join(
        f" {{#{anchor}}}" if _ATTRIBUTE.fullmatch(anchor) else f' <a id="{html_value(anchor)}"></a>'
        for anchor in block.anchors
    )


def _ids(block: Block) -> list[str]:
    """Return the lines with the ids of what has no text: a table, code."""
    return [line for anchor in block.anchors if _BLOCK_ID.fullmatch(anchor) for line in ("", f"^{anchor}")]


def _list(each: List, context: _Context) -> _Piece:
    inner = context.inside(is_tight=each.is_tight)
    if not context.begins:
        inner = inner._replace(begins=each.items[0].blocks[0])
    lines: list[str] = []
    is_open = False
    for item in each.items:
        pieces = _pieces(_without_empty(item.blocks, inner.depth), inner)
        content = _joined(pieces, is_tight=each.is_tight)
        marker = _marker(item.container)
        indent = " " * (len(marker.split(" ")[0]) + 1)
        lines += [""] if lines and not each.is_tight else []
        lines += _indented(content, indent, marker)
        is_open = bool(pieces) and pieces[-1].is_open
    return _Piece(lines, each.items[0].container.kind, is_open)


def _without_empty(blocks: Sequence[Block], depth: int) -> Sequence[Block]:
    """Return the blocks of an item, none if it is empty."""
    return [b for b in blocks if not (b.kind == "item" and not b.spans and len(b.containers) == depth)]


def _marker(container: Container) -> str:
    if container.kind == "ordered":
        return f"{container.marker or '1.'} "
    return f"- [{container.marker}] " if container.marker else "- "


def _indented(lines: Sequence[str], indent: str, first: str) -> list[str]:
    """Return lines behind an indent, or nothing if they are blank; the first behind something else."""
    if not lines:
        return [first.rstrip()]
    return [first + lines[0], *(indent + line if line else "" for line in lines[1:])]


def _quoted(lines: Sequence[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def _quote(_: Container, blocks: Sequence[Block], context: _Context) -> _Piece:
    pieces = _pieces(blocks, context.inside())
    return _Piece(_quoted(_joined(pieces, is_tight=False)), "quote", pieces[-1].is_open)


def _alert(container: Container, blocks: Sequence[Block], context: _Context) -> _Piece:
    title, others = _take_title(blocks, context.depth + 1)
    if context.is_tight and has_tight_text(others, context.depth + 1):
        return _directive(container.marker, blocks, context)
    inner = context.inside()
    pieces = _pieces(others, inner)
    content = _joined(pieces, is_tight=False)
    if container.marker == "details" and not context.is_tight:
        summary = [f"<summary>{tagged(title.spans)}</summary>"] if title else []
        body = ["", *content, ""] if content else [""]
        return _Piece(["<details>", *summary, *body, "</details>"], "html")
    marker = container.marker.upper() if container.marker in _ALERTS_OF_GITHUB else container.marker
    head = f"[!{marker}]"
    if title:
        head += f" {inline_markdown(title.spans, is_line=True, path=context.path)}"
    is_text = bool(pieces) and pieces[0].kind == "paragraph"
    lines = _quoted([head, *([] if is_text or not content else [""]), *content])
    return _Piece(lines, "quote", pieces[-1].is_open if pieces else True)


def _take_title(blocks: Sequence[Block], depth: int) -> tuple[Block | None, Sequence[Block]]:
    first = blocks[0]
    if first.kind == "title" and len(first.containers) == depth:
        return first, blocks[1:]
    return None, blocks


def _tab(_: Container, blocks: Sequence[Block], context: _Context) -> _Piece:
    return _directive("tab", blocks, context)


def _directive(name: str, blocks: Sequence[Block], context: _Context) -> _Piece:
    """Return a container between lines of colons, of which an outer one has more."""
    title, others = _take_title(blocks, context.depth + 1)
    deepest = max(sum(c.kind in ("tab", "alert") for c in block.containers[context.depth :]) for block in blocks)
    colons = ":" * (2 + deepest)
    head = f"{colons} {name}"
    if title:
        text = inline_markdown(title.spans, is_line=True, path=context.path)
        is_plain = not text.startswith("[") and not text.endswith(("}", ":"))
        head += f" {text if is_plain else fully_escaped(title.spans)}"
    inner = context.inside(is_tight=context.is_tight)
    content = _joined(_pieces(others, inner), is_tight=context.is_tight)
    gap = [] if context.is_tight else [""]
    return _Piece([head, *([*gap, *content] if content else []), *gap, colons], "tab")


def _definitions(blocks: Sequence[Block], context: _Context) -> list[_Piece]:
    """Return the pieces of terms, each with its definitions."""
    depth = context.depth
    found: list[_Piece] = []
    for container, group in groupby(
        blocks, lambda block: block.containers[depth] if len(block.containers) > depth else None
    ):
        members = list(group)
        if container is None:
            found += [_Piece([block_text(term, context.path), _NOTHING], "definition") for term in members]
            continue
        kind = _kind_of_definition(members, depth + 1)
        is_tight = kind != "loose definition"
        pieces = _pieces(members, context.inside(is_tight=is_tight))
        lines = _indented(_joined(pieces, is_tight=is_tight), "  ", ": ")
        if found:
            before = found.pop()
            is_first = before.lines[-1] == _NOTHING
            kept = before.lines[:-1] if is_first else before.lines
            lines = [*kept, *([] if is_first or is_tight else [""]), *lines]
        found.append(_Piece(lines, kind, bool(pieces) and pieces[-1].is_open))
    return found


def _kind_of_definition(blocks: Sequence[Block], depth: int) -> str:
    """Return the kind of piece that a definition is: a list of definitions is tight or loose as a whole."""
    gaps = [block.gap for block in blocks if len(block.containers) == depth and block.kind == "definition"]
    return "definition" if not gaps else "loose definition" if any(gaps) else "tight definition"


def _footnote(container: Container, blocks: Sequence[Block], context: _Context) -> _Piece:
    pieces = _pieces(blocks, context.inside())
    content = _joined(pieces, is_tight=False)
    label = f"[^{container.marker}]:"
    if pieces[0].kind == "paragraph":
        return _Piece(_indented(content, "    ", f"{label} "), "footnote", pieces[-1].is_open)
    return _Piece(_indented(["", *content], "    ", label), "footnote", pieces[-1].is_open)


_CONTAINERS: dict[str, Callable[[Container, Sequence[Block], _Context], _Piece]] = {
    "quote": _quote,
    "alert": _alert,
    "tab": _tab,
    "footnote": _footnote,
}
