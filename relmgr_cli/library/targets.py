"""What links need to know of a document: the anchors in it, its addresses, the links themselves."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.library.documents import Document
from relmgr_cli.markdown.blocks import Block, Span


class Target(NamedTuple):
    """What the resolver knows of one document."""

    article: int  # number of its article
    language: str
    root: str
    path: str  # below root, with "/"
    permalinks: tuple[str, ...]  # permalink, slug, url, aliases from its header
    anchors: tuple[str, ...]  # explicit anchors and slugs of its headings, in order; parallel to sections
    sections: tuple[str, ...]  # number of the section each anchor opens


def target_of(document: Document, article: int) -> Target:
    """Return what the resolver needs to know of a document."""
    opened = list(_anchors_in(document))
    return Target(
        article=article,
        language=document.language,
        root=document.root,
        path=document.path,
        permalinks=document.permalinks,
        anchors=tuple(anchor for anchor, _ in opened),
        sections=tuple(number for _, number in opened),
    )


def _anchors_in(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every anchor with the number of its section; the title's leads to the first section."""
    times: dict[str, int] = {}
    for section in document.sections:
        for anchor in section.anchors:
            yield anchor, section.number
        for block in document.blocks[section.start : section.end]:
            if block.kind != "heading":
                continue
            slug = slug_of_heading(block.text)
            count = times[slug] = times.get(slug, -1) + 1
            yield f"{slug}-{count}" if count else slug, section.number
    if document.sections:
        yield slug_of_heading(document.title), document.sections[0].number


def slug_of_heading(heading: str) -> str:
    """Return the anchor that GitHub gives a heading (github-slugger): letters of every script stay."""
    return heading.strip().lower().translate(_SLUG)


class _Slug(dict[int, int | str]):
    """What `str.translate` makes of a character in a slug; filled as characters are met."""

    def __missing__(self, code: int) -> int | str:
        category = unicodedata.category(chr(code))
        is_kept = category[0] in "LM" or category in ("Nd", "Nl", "Pc") or code == ord("-")
        self[code] = replacement = "-" if code == ord(" ") else code if is_kept else ""
        return replacement


_SLUG = _Slug()

# A link whose target is a shortcode has spaces in it, and is text to a Markdown parser; so is a wiki's.
_LINK_IN_TEXT = re.compile(
    r"""(?<!!)\[([^\[\]]{0,500})\]
        \([ ]?((?:[^\s(){}]|\{\{(?:(?!\}\}).){1,300}\}\}|\{%(?:(?!%\}).){1,300}%\}){1,500})[ ]?\)
      | (?<!!)\[\[(?![\s"'])([^\[\]\n]{1,300})(?<!\s)\]\]""",
    re.VERBOSE,
)


def links_of(document: Document) -> Iterator[tuple[str, str, int]]:
    """Yield text, target and line of every link in reading order, images left out.

    The line is that of the block, or of the row of a table. Shortcodes and wiki links are among them.
    """
    for block in document.blocks:
        if block.kind == "code":
            continue
        for spans, line in _lines_of_spans(block):
            for text, href in _links_in(spans):
                yield text, href, line


def _lines_of_spans(block: Block) -> Iterator[tuple[Sequence[Span], int]]:
    yield block.spans, block.line
    for index, row in enumerate(block.rows):
        for cell in row:
            yield cell, block.line + index + bool(index)  # below the header stands the row of dashes


def _links_in(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    text, href = "", ""
    for span in spans:
        if "image" in span.marks:
            continue
        if href and span.href != href:
            yield text, href
            text, href = "", ""
        if span.href:
            text, href = text + span.text, span.href
        elif "[" in span.text and "code" not in span.marks:
            yield from _links_in_text(span.text)
    if href:
        yield text, href


def _links_in_text(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINK_IN_TEXT.finditer(text):
        if match[3]:
            name, _, shown = match[3].partition("|")
            yield (shown or name).strip(), f"[[{match[3]}]]"
        elif "{" in match[2]:
            yield match[1], match[2]
