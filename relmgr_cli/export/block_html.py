"""Writes blocks as HTML that is XHTML too, for web pages and books.

The markup is made here and every text in it is escaped: what was HTML in a document comes out as its text. Targets of
links pass `safe_target`; where an image is, the caller decides.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from relmgr_cli.export.span_tree import Node, span_tree
from relmgr_cli.export.targets import safe_target
from relmgr_cli.markdown.blocks import Block, Container, Span
from relmgr_cli.terminal.sanitize import sanitize

_TAGS = {"strong": "strong", "emphasis": "em", "code": "code", "deleted": "del", "inserted": "ins", "mark": "mark"}
_ALIGNMENTS = {"c": ' class="center"', "r": ' class="right"'}
_LISTS = ("bullet", "ordered")
_CONTINUED = ' class="continued"'
_NAME = re.compile(r"[^a-z0-9]+")
_LANGUAGE = re.compile(r"[^\w+#.-]+")
_NUMBER = re.compile(r"\d{1,9}")
_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/=]*")
_MAX_LEVEL = 6
_MAX_DEPTH = 60  # of containers; what is in more of them is in the last


class _Writer(NamedTuple):
    """How the targets in a text are written."""

    link: Callable[[str], str]
    image: Callable[[str], str]
    level: int
    opened: frozenset[int] = frozenset()
    attributes: Callable[[Block], str] | None = None

    def of(self, block: Block) -> str:
        """Return the attributes of the element of a block, with a space before them."""
        found = self.attributes(block) if self.attributes else ""
        return f" {found}" if found else ""


def block_html(block: Block, *, link: Callable[[str], str], image: Callable[[str], str], level: int = 0) -> str:
    """Return a block as an element, without the containers it is in.

    `link` returns the target to write for one as written in the document, "" for none: then the text alone is shown.
    `image` returns the address of an image, "" for one that is not shown: then its text is shown, as a link if it may
    be one. `level` is that of a heading, 0 for as written.
    """
    return _block(block, _Writer(link, image, level))


def blocks_html(
    blocks: Sequence[Block],
    *,
    link: Callable[[str], str],
    image: Callable[[str], str],
    level: int = 0,
    opened: frozenset[int] = frozenset(),
) -> str:
    """Return consecutive blocks with the lists, quotes and other containers that they are in, see `block_html`.

    `opened` are the numbers of containers that began before the first block: their markers are not repeated.
    """
    return _group(blocks, 0, _Writer(link, image, level, opened))


def blocks_html_with(
    attributes: Callable[[Block], str],
    blocks: Sequence[Block],
    *,
    link: Callable[[str], str],
    image: Callable[[str], str],
    level: int,
) -> str:
    """Return blocks as `blocks_html` does, each as an element with attributes of its own, in tight lists too."""
    return _group(blocks, 0, _Writer(link, image, level, attributes=attributes))


def html_text(text: str) -> str:
    """Return a text escaped for content and for values in double quotes; controls are made visible."""
    return escape(sanitize(text))


def _block(block: Block, writer: _Writer) -> str:
    return _BLOCKS.get(block.kind, _paragraph)(block, writer)


def _paragraph(block: Block, writer: _Writer) -> str:
    text = _inline(block.spans, writer)
    return f"<p{writer.of(block)}>{text}</p>" if text else ""


def _title(block: Block, writer: _Writer) -> str:
    return f'<p class="title"{writer.of(block)}>{_inline(block.spans, writer)}</p>'


def _term(block: Block, writer: _Writer) -> str:
    return f'<p class="term"{writer.of(block)}>{_inline(block.spans, writer)}</p>'


def _heading(block: Block, writer: _Writer) -> str:
    level = writer.level or (int(block.info) if block.info.isdecimal() else _MAX_LEVEL)
    level = min(max(level, 1), _MAX_LEVEL)
    return f"<h{level}{writer.of(block)}>{_inline(block.spans, writer)}</h{level}>"


def _code(block: Block, _: _Writer) -> str:
    language = _LANGUAGE.sub("-", block.info).strip("-")
    name = f' class="language-{escape(language)}"' if language else ""
    return f'<pre dir="ltr" translate="no"><code{name}>{html_text(block.text)}</code></pre>'


def _math(block: Block, _: _Writer) -> str:
    return f'<pre class="math" dir="ltr" translate="no"><code>{html_text(block.text)}</code></pre>'


def _table(block: Block, writer: _Writer) -> str:
    if not block.rows:
        return ""
    head, *rows = block.rows
    body = "".join(f"<tr>{_cells('td', row, block.info, writer)}</tr>" for row in rows)
    head_row = f"<thead><tr>{_cells('th', head, block.info, writer)}</tr></thead>"
    return f"<table{writer.of(block)}>{head_row}{f'<tbody>{body}</tbody>' if body else ''}</table>"


def _cells(tag: str, cells: Sequence[Sequence[Span]], alignment: str, writer: _Writer) -> str:
    columns = alignment.ljust(len(cells))
    return "".join(
        f"<{tag}{_ALIGNMENTS.get(column, '')}>{_inline(cell, writer)}</{tag}>"
        for cell, column in zip(cells, columns, strict=False)
    )


_BLOCKS: dict[str, Callable[[Block, _Writer], str]] = {
    "heading": _heading,
    "title": _title,
    "term": _term,
    "code": _code,
    "math": _math,
    "table": _table,
    "rule": lambda *_: "<hr/>",
}


def _inline(spans: Sequence[Span], writer: _Writer) -> str:
    return "".join(_node(node, writer, in_link=False) for node in span_tree(spans))


def _node(node: Node, writer: _Writer, *, in_link: bool) -> str:
    if node.span:
        return _text(node.span, writer, in_link=in_link)
    target = safe_target(writer.link(node.href)) if node.style == "link" else ""
    inner = "".join(_node(child, writer, in_link=in_link or bool(target)) for child in node.children)
    if target and not in_link:
        return f'<a href="{html_text(target)}">{inner}</a>'
    tag = _TAGS.get(node.style)
    return f"<{tag}>{inner}</{tag}>" if tag and inner else inner


def _text(span: Span, writer: _Writer, *, in_link: bool) -> str:
    text = html_text(span.text).replace("\n", "<br/>")
    if "image" in span.styles:
        return _image(span, writer, in_link=in_link)
    if "math" in span.styles:
        return f'<code class="math">{text}</code>'
    if "footnote" in span.styles:
        return f'<sup class="footnote">{text}</sup>'
    return text


def _image(span: Span, writer: _Writer, *, in_link: bool) -> str:
    alt = html_text(span.text)
    source = writer.image(span.href) if span.href else ""
    if source and (_IMAGE.fullmatch(source) or safe_target(source) == source):
        return f'<img src="{html_text(source)}" alt="{alt}"/>'
    target = safe_target(writer.link(span.href)) if span.href and not in_link else ""
    return f'<a class="image" href="{html_text(target)}">{alt}</a>' if target else f'<span class="image">{alt}</span>'


def _group(blocks: Sequence[Block], depth: int, writer: _Writer) -> str:
    """Return blocks that are in the same containers down to a depth."""
    if depth >= _MAX_DEPTH:
        return "".join(_block(block, writer) for block in blocks)
    found = []
    for family, group in groupby(blocks, lambda block: _family(block, depth)):
        members = list(group)
        found.append(_FAMILIES[family](members, depth, writer))
    return "".join(found)


def _family(block: Block, depth: int) -> str:
    """Return what a block is in at a depth: a kind of list, `definition` of terms too, another container, nothing."""
    if len(block.containers) > depth:
        kind = block.containers[depth].kind
        return kind if kind in (*_LISTS, "definition") else "container"
    return "definition" if block.kind == "term" else ""


def _by_container(blocks: Sequence[Block], depth: int) -> list[tuple[Container | None, list[Block]]]:
    """Return blocks by the container that they are in at a depth, None for terms."""
    key = lambda block: block.containers[depth] if len(block.containers) > depth else None  # noqa: E731
    return [(container, list(group)) for container, group in groupby(blocks, key)]


def _plain_blocks(blocks: Sequence[Block], _depth: int, writer: _Writer) -> str:
    return "".join(_block(block, writer) for block in blocks)


def _bullets(blocks: Sequence[Block], depth: int, writer: _Writer) -> str:
    loose = _is_loose(blocks, depth)
    items = []
    for container, members in _by_container(blocks, depth):
        marker = container.marker if container else ""
        box = {"x": "\u2611 ", " ": "\u2610 "}.get(marker, "")
        name = _item_class(container, writer) or (' class="task"' if box else "")
        box = "" if name == _CONTINUED else box
        items.append(f"<li{name}>{box}{_item(members, depth, writer, is_loose=loose)}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _ordered(blocks: Sequence[Block], depth: int, writer: _Writer) -> str:
    loose = _is_loose(blocks, depth)
    items, start, following = [], 1, None
    for container, members in _by_container(blocks, depth):
        found = _NUMBER.match(container.marker if container else "")
        number = int(found[0]) if found else 1
        start = number if following is None else start
        value = f' value="{number}"' if following not in (None, number) else ""
        following = number + 1
        value += _item_class(container, writer)
        items.append(f"<li{value}>{_item(members, depth, writer, is_loose=loose)}</li>")
    first = f' start="{start}"' if start != 1 else ""
    return f"<ol{first}>{''.join(items)}</ol>"


def _item_class(container: Container | None, writer: _Writer) -> str:
    return _CONTINUED if container and container.number in writer.opened else ""


def _is_loose(blocks: Sequence[Block], depth: int) -> bool:
    """Return True if blank lines separate the paragraphs of a list's items."""
    direct = [block for block in blocks[1:] if len(block.containers) == depth + 1 and block.spans]
    return any(block.gap for block in direct if block.kind in ("item", "paragraph"))


def _item(blocks: Sequence[Block], depth: int, writer: _Writer, *, is_loose: bool) -> str:
    """Return the content of a list item; in a tight list its text is in no paragraph."""
    first = blocks[0]
    if first.kind != "item" or len(first.containers) > depth + 1 or is_loose or writer.attributes:
        return _group(blocks, depth + 1, writer)
    return _inline(first.spans, writer) + _group(blocks[1:], depth + 1, writer)


def _definitions(blocks: Sequence[Block], depth: int, writer: _Writer) -> str:
    """Return terms and definitions as a list; as other elements where one of them has nothing of the other."""
    groups = _by_container(blocks, depth)
    is_list = groups[0][0] is None and groups[-1][0] is not None
    parts = []
    for container, members in groups:
        if container is None:
            parts += [
                f"<dt{writer.of(term)}>{_inline(term.spans, writer)}</dt>" if is_list else _term(term, writer)
                for term in members
            ]
        else:
            inner = _group(members, depth + 1, writer)
            parts.append(f"<dd>{inner}</dd>" if is_list else f'<div class="definition">{inner}</div>')
    return f"<dl>{''.join(parts)}</dl>" if is_list else "".join(parts)


def _containers(blocks: Sequence[Block], depth: int, writer: _Writer) -> str:
    return "".join(
        _container(container, _group(members, depth + 1, writer), members, writer)
        for container, members in _by_container(blocks, depth)
        if container
    )


def _container(container: Container, inner: str, members: Sequence[Block], writer: _Writer) -> str:
    marker = html_text(container.marker)
    is_first = container.number not in writer.opened
    if container.kind == "alert":
        name = _NAME.sub("-", container.marker.lower()).strip("-")
        has_title = members[0].kind == "title" or not is_first
        title = "" if has_title else f'<p class="title">{marker[:1].upper()}{marker[1:]}</p>'
        return f'<aside class="alert{f" alert-{name}" if name else ""}">{title}{inner}</aside>'
    if container.kind == "tab":
        return f'<div class="tab">{inner}</div>'
    if container.kind == "footnote":
        label = f'<p class="label">[{marker}]</p>' if is_first else ""
        return f'<aside class="footnote">{label}{inner}</aside>'
    return f"<blockquote>{inner}</blockquote>"


_FAMILIES: dict[str, Callable[[Sequence[Block], int, _Writer], str]] = {
    "": _plain_blocks,
    "bullet": _bullets,
    "ordered": _ordered,
    "definition": _definitions,
    "container": _containers,
}
