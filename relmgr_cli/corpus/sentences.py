"""Splits the blocks of a document into sentences, each of which can be written as Markdown by itself.

No sentence ends inside of code, a formula, an image or a link.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.languages.sentences import sentences
from relmgr_cli.markdown.blocks import VERBATIM_STYLES, Block, Span

# Blocks of running text; others are not split.
RUNNING_TEXT = frozenset(["paragraph", "item", "quote", "definition", "footnote"])
_WHOLE = VERBATIM_STYLES | {"image", "footnote"}  # styles of spans that are not split
_STAND_IN = "X"  # for each of their letters: no punctuation, and may begin a sentence


class Sentence(NamedTuple):
    """A sentence of a block: block.text[start:end]."""

    block: int  # its index among the blocks that are split together
    start: int
    end: int


def split_blocks(blocks: Sequence[Block], language: str) -> list[Sentence]:
    """Return the sentences of blocks in order; the whole block where it is no running text."""
    return [
        Sentence(index, start, end)
        for index, block in enumerate(blocks)
        for start, end in (_split(block, language) if block.kind in RUNNING_TEXT else _whole(block.text))
    ]


def _whole(text: str) -> list[tuple[int, int]]:
    return [(0, len(text))] if text.strip() else []


def _split(block: Block, language: str) -> list[tuple[int, int]]:
    text = "".join(
        _STAND_IN * len(span.text) if _WHOLE.intersection(span.styles) else span.text for span in block.spans
    )
    found = sentences(text, language)
    links = list(_links(block.spans))
    if not links or len(found) == 1:
        return found
    joined: list[tuple[int, int]] = []
    at = 0
    for start, end in found:
        while at < len(links) and links[at][1] <= start:
            at += 1
        if joined and at < len(links) and links[at][0] < start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _links(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each link in a text; one of several styles has several spans."""
    position = start = 0
    href = ""
    for span in spans:
        if span.href != href:
            if href:
                yield start, position
            start, href = position, span.href
        position += len(span.text)
    if href:
        yield start, position


def slice_spans(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the spans of a part of a text."""
    found = []
    position = 0
    for span in spans:
        part = span.text[max(start - position, 0) : max(end - position, 0)]
        if part:
            found.append(span._replace(text=part))
        position += len(span.text)
    return tuple(found)
