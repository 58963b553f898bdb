"""Markdown as a list of its blocks, for tests of the parser."""

from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import Heading, parse_markdown

Outline = list[tuple[str, str, str]]


def parts(text: str, path: str = "a.md") -> tuple[Heading | Block, ...]:
    """Return the headings and blocks of a text that has no problems."""
    parsed = parse_markdown(text, path)
    assert parsed.problems == ()
    return parsed.parts


def outline(text: str, path: str = "a.md") -> Outline:
    """Return kind, containers and text of every heading and block."""
    found = []
    for part in parts(text, path):
        if isinstance(part, Heading):
            found.append((f"h{part.level}", "", "".join(span.text for span in part.spans)))
        else:
            containers = " ".join(f"{c.kind}({c.marker})" for c in part.containers)
            found.append((part.kind, containers, part.text))
    return found


def spans(text: str, path: str = "a.md") -> tuple[Span, ...]:
    """Return the spans of a text that is one block."""
    (block,) = parts(text, path)
    return block.spans
