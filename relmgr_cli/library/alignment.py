"""Which sections and blocks of an article's translations say the same.

A bead is a set of blocks, some in each language, that are each other's counterparts: one block in each as a
rule, several where a paragraph was split, none where a translation lacks it. Documents with the same outline
are aligned one to one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from relmgr_cli.library.documents import Document


@dataclass(frozen=True, slots=True)
class ArticleSection:
    """A section of an article: the same number in every translation."""

    number: str  # "2", "3.1"; "0" for the text before the first heading
    level: int  # of the heading, 1 to 6; 0 for section 0
    places: Mapping[str, int]  # language -> index of the section in that document; absent where it lacks it


@dataclass(frozen=True, slots=True)
class Bead:
    """Blocks that are each other's counterparts."""

    section: str  # the number of their section
    blocks: Mapping[str, tuple[int, ...]]  # language -> indexes of blocks; empty where it has no counterpart


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
