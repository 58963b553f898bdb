"""Collects what link resolution needs of a document: its anchors, its addresses, and the links in it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block, Span


class Target(NamedTuple):
    """What the resolver needs of one document."""

    article: int  # number of its article
    language: str
    root: str
    path: str  # below root, with "/"
    permalinks: tuple[str, ...]  # permalink, slug, url, aliases from its front matter
    anchors: tuple[str, ...]  # explicit anchors and slugs of its headings, in order; parallel to sections
    sections: tuple[str, ...]  # number of the section that each anchor leads to


def target_of(document: Document, article: int) -> Target:
    """Return what the resolver needs of a document."""
    found = list(_anchors_in(document))
    anchors, sections = tuple(anchor for anchor, _ in found), tuple(number for _, number in found)
    return Target(article, document.language, document.root, document.path, document.permalinks, anchors, sections)


def _anchors_in(document: Document) -> Iterator[tuple[str, str]]:
    """Yield every anchor with the number of its section; the title leads to the first section."""
    counts: dict[str, int] = {}
    for section in document.sections:
        for anchor in section.anchors:
            yield anchor, section.number
        for block in document.blocks_of(section):
            for anchor in block.anchors:
                yield anchor, section.number
            if block.kind != "heading":
                continue
            slug = slug_of_heading(block.text)
            count = counts[slug] = counts.get(slug, -1) + 1
            yield f"{slug}-{count}" if count else slug, section.number
    if document.sections:
        yield slug_of_heading(document.title), document.sections[0].number


def slug_of_heading(heading: str) -> str:
    """Return the anchor that GitHub gives a heading (github-slugger): letters of every script stay."""
    return heading.strip().lower().translate(_SLUG)


class _Slug(dict[int, int | str]):
    """A table for `str.translate` that makes slugs, filled as characters are met."""

    def __missing__(self, code: int) -> int | str:
        category = unicodedata.category(chr(code))
        is_kept = category[0] in "LM" or category in ("Nd", "Nl", "Pc") or code == ord("-")
        self[code] = replacement = "-" if code == ord(" ") else code if is_kept else ""
        return replacement


_SLUG = _Slug()

# A link whose target is a shortcode has spaces in it and is text to a Markdown parser, and so is a wiki link.
_LINK_IN_TEXT = re.compile(
    r"""(?<!!)\[([^\[\]]{0,500})\]
        \([ ]?((?:[^\s(){}]|\{\{(?:(?!\}\}).){1,300}\}\}|\{%(?:(?!%\}).){1,300}%\}){1,500})[ ]?\)
      | (?<!!)\[\[(?![\s"'])([^\[\]\n]{1,300})(?<!\s)\]\]""",
    re.VERBOSE,
)

_CONTENTS = frozenset(
    ("toc", "outline", "pageoutline", "tableofcontents")
)  # in brackets: where the table of contents goes


def links_of(document: Document) -> Iterator[tuple[str, str, int]]:
    """Yield text, target and line of every link in reading order, without images that are in no link.

    The line is that of the block, or of the row of a table. Shortcodes and wiki links are among them.
    """
    for block in document.blocks:
        if block.kind in VERBATIM_KINDS:
            continue
        for spans, line in _lines_of_spans(block):
            for text, href in _links_in(spans):
                if href.strip("[]_ ").lower() not in _CONTENTS or not href.startswith("[["):
                    yield text, href, line


def _lines_of_spans(block: Block) -> Iterator[tuple[Sequence[Span], int]]:
    yield block.spans, block.line
    for index, row in enumerate(block.rows):
        for cell in row:
            yield cell, block.line + index + bool(index)  # the line of dashes is below the header


def _links_in(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    text, href = "", ""
    for span in spans:
        if "image" in span.styles and not span.link:
            continue
        if href and span.target != href:
            yield text, href
            text, href = "", ""
        if span.target:
            text, href = text + span.text, span.target
        elif "[" in span.text and not VERBATIM_STYLES.intersection(span.styles):
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
