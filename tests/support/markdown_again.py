"""What a text says, as Markdown reads it, and what of that must be the same when it has been written again."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from relmgr_cli.export.targets import safe_target
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import parse_markdown


def blocks_of(text: str, path: str = "a.md") -> tuple[Block, ...]:
    """Return the blocks of a text, headings among them, its footnotes last."""
    parsed = parse_markdown(text, path)
    blocks = [
        part
        if isinstance(part, Block)
        else Block("heading", part.line, part.spans, info=str(part.level), anchors=part.anchors)
        for part in parsed.parts
    ]
    return (*blocks, *(block for note in parsed.footnotes.values() for block in note))


def content(blocks: Sequence[Block]) -> list[Any]:
    """Return what blocks say: all of them except their lines.

    Containers are numbered by their order, spans that differ in nothing are one, and targets that no document may lead
    to are text.
    """
    numbers: dict[int, int] = {}
    return [
        (
            block.kind,
            _joined(block.spans),
            [(numbers.setdefault(each.number, len(numbers)), each.kind, each.marker) for each in block.containers],
            [[_joined(cell) for cell in row] for row in block.rows],
            block.info,
            block.gap,
            block.anchors,
        )
        for block in blocks
    ]


def _joined(spans: Sequence[Span]) -> list[Span]:
    groups = groupby(map(_safe, spans), lambda span: span[1:])
    return [Span("".join(span.text for span in group), *rest) for rest, group in groups]


def _safe(span: Span) -> Span:
    if not span.href or span.href.startswith("[[") or safe_target(span.href):
        return span
    return Span(span.text, tuple(style for style in span.styles if style != "image"))
