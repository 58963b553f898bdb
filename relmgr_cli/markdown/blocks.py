"""Defines blocks, the smallest units of a document that are aligned and displayed.

Nesting is flattened: a block is a leaf (a paragraph, a table, ...) with the chain of containers it is in. So a block
can be shown, aligned or searched by itself, and two languages can be set side by side whatever their blocks are nested
in. Everything here can be converted to plain JSON lists and back, the form in which the database stores it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

VERBATIM_KINDS = frozenset(["code", "math"])  # of blocks whose text is in no natural language
VERBATIM_STYLES = frozenset(["code", "math"])  # of such spans


class Span(NamedTuple):
    """A run of text with the same inline styles."""

    text: str  # a line break the author asked for is "\n"
    styles: tuple[str, ...] = ()  # inline styles: strong emphasis code deleted inserted mark math image footnote
    href: str = ""  # the link target as written, percent-encoded; for an image its source
    link: str = ""  # of an image: the target of the link that it is in

    @property
    def target(self) -> str:
        """The target of the link that the span is, or that an image is in; "" for none."""
        return self.link if "image" in self.styles else self.href


class Container(NamedTuple):
    """A quote, list item, alert, tab, definition or footnote that a block is in.

    An alert is whatever stands out of the text in any dialect: `> [!note]`, `:::note`, `!!! note`, `<Aside>`,
    `{{< note >}}`, `<details>`. Its title and the label of a tab are a block of kind title, the first in the container;
    without it an alert is named by its marker.
    """

    number: int  # unique in the document
    kind: str  # quote, alert, tab, bullet, ordered, definition, footnote
    marker: str = (
        ""  # "3." of an ordered item, "x" or " " of a task, "1" of a footnote, "note" or "details" of an alert
    )


class Block(NamedTuple):
    """One leaf of a document."""

    kind: str  # heading title paragraph item quote term definition footnote code math table html rule
    line: int  # 1-based, in the file
    spans: tuple[Span, ...] = ()  # the text; empty for a table and a rule
    containers: tuple[Container, ...] = ()  # outermost first
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()  # of a table, the header row first
    info: str = ""  # of code: its language; of a table: a letter l, c or r for each column
    gap: bool = True  # preceded by a blank line (not between the items of a tight list)
    anchors: tuple[str, ...] = ()  # explicit ones: ^id, {#id}; those of a section's heading are the section's

    @property
    def text(self) -> str:
        """The plain text; the cells of a table are separated by tabs, its rows by newlines."""
        if self.rows:
            return "\n".join("\t".join(plain(cell) for cell in row) for row in self.rows)
        return plain(self.spans)


def plain(spans: Sequence[Span]) -> str:
    """Return the text of the spans without styles."""
    return "".join(span.text for span in spans)


def strip(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans without white space at either end."""
    result = [span for span in spans if span.text]
    while result and not result[0].text.lstrip():
        del result[0]
    while result and not result[-1].text.rstrip():
        del result[-1]
    if result:
        result[0] = result[0]._replace(text=result[0].text.lstrip())
        result[-1] = result[-1]._replace(text=result[-1].text.rstrip())
    return tuple(result)


def spans_to_json(spans: Sequence[Span]) -> list[Any]:
    """Return the spans as JSON: a string for a span of plain text."""
    return [_span_to_json(span) if any(span[1:]) else span.text for span in spans]


def _span_to_json(span: Span) -> list[str]:
    return [span.text, " ".join(span.styles), span.href, *([span.link] if span.link else [])]


def spans_from_json(data: Sequence[Any]) -> tuple[Span, ...]:
    """Return the spans that `spans_to_json` converted."""
    return tuple(
        [Span(item) if isinstance(item, str) else Span(item[0], tuple(item[1].split()), *item[2:]) for item in data]
    )


def block_to_json(block: Block) -> list[Any]:
    """Return the block as a JSON list."""
    return [
        block.kind,
        block.line,
        spans_to_json(block.spans),
        [[c.number, c.kind, c.marker] for c in block.containers],
        [[spans_to_json(cell) for cell in row] for row in block.rows],
        block.info,
        int(block.gap),
        list(block.anchors),
    ]


def block_from_json(data: Sequence[Any]) -> Block:
    """Return the block that `block_to_json` converted; quick for one in no container, as most are."""
    kind, line, spans, containers, rows, info, gap, anchors = data
    return Block(
        kind,
        line,
        spans_from_json(spans),
        tuple([Container(*container) for container in containers]) if containers else (),
        tuple([tuple([spans_from_json(cell) for cell in row]) for row in rows]) if rows else (),
        info,
        bool(gap),
        tuple(anchors),
    )
