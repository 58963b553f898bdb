"""Which sections and blocks of an article's translations say the same.

Documents with the same outline are aligned one to one.
"""

from collections.abc import Mapping

from relmgr_cli.library.articles import ArticleSection, Bead
from relmgr_cli.library.documents import Document


def outline_of(document: Document) -> tuple[tuple[str, ...], ...]:
    """Return what an alignment one to one needs to be equal: each block's kind, level and containers."""
    return tuple(
        (block.kind, block.info if block.kind == "heading" else "", *(c.kind for c in block.containers))
        for block in document.blocks
    )


def align(documents: Mapping[str, Document]) -> tuple[tuple[ArticleSection, ...], tuple[Bead, ...]]:
    """Return the sections and beads of documents that have the same outline, in reading order.

    Raises ValueError when their outlines differ.
    """
    outlines = {outline_of(document) for document in documents.values()}
    if len(outlines) > 1:
        raise ValueError("documents with different outlines cannot be aligned one to one")
    first = next(iter(documents.values()))
    sections = tuple(
        ArticleSection(section.number, section.level, dict.fromkeys(documents, index))
        for index, section in enumerate(first.sections)
    )
    beads = tuple(
        Bead(section.number, dict.fromkeys(documents, (index,)))
        for section in first.sections
        for index in range(section.start, section.end)
    )
    return sections, beads
