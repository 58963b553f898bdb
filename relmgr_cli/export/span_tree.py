"""Nests the spans of a text: what styles and links begin and end, as HTML and Markdown write it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.markdown.blocks import Span

LEAVES = frozenset(["image", "footnote", "math"])  # styles of a span that stands for itself
_LINK = "link"


class Node(NamedTuple):
    """A style or a link with what is in it, or a text."""

    style: str  # "link", a style, or "" for a text
    href: str  # of a link
    span: Span | None  # of a text, with the styles of `LEAVES`
    children: "tuple[Node, ...]" = ()


def span_tree(spans: Sequence[Span]) -> tuple[Node, ...]:
    """Return the spans as trees; of two styles the one that goes on longer is outside."""
    return tuple(_nodes([(span, _wrappers(span)) for span in spans]))


def _wrappers(span: Span) -> tuple[str, ...]:
    """Return what a span is in, outermost first: its styles, then its link."""
    styles = tuple(style for style in span.styles if style not in LEAVES and style != "code")
    link = (_LINK,) if span.target else ()
    code = ("code",) if "code" in span.styles else ()
    return (*styles, *link, *code)


def _nodes(items: Sequence[tuple[Span, tuple[str, ...]]]) -> Iterator[Node]:
    at = 0
    while at < len(items):
        span, wrappers = items[at]
        if not wrappers:
            yield Node("", "", span)
            at += 1
            continue
        runs = [(_run(items, at, wrapper), -index) for index, wrapper in enumerate(wrappers)]
        end, index = max(runs)
        outer = wrappers[-index]
        inner = [(each, tuple(one for one in others if one != outer)) for each, others in items[at:end]]
        yield Node(outer, span.target if outer == _LINK else "", None, tuple(_nodes(inner)))
        at = end


def _run(items: Sequence[tuple[Span, tuple[str, ...]]], start: int, wrapper: str) -> int:
    """Return the index behind the items that go on in what an item is in."""
    href = items[start][0].target
    at = start
    while at < len(items) and wrapper in items[at][1] and (wrapper != _LINK or items[at][0].target == href):
        at += 1
    return at
