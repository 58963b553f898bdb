"""What relmgr knows of an article: its translations, and which of their sections and blocks say the same."""

from collections.abc import Mapping
from typing import NamedTuple

from relmgr_cli.library.documents import Document


class ArticleSection(NamedTuple):
    """A section of an article: the same number in every translation."""

    number: str  # "2", "3.1"; "0" for the text before the first heading
    level: int  # of the heading, 1 to 6; 0 for section 0
    places: Mapping[str, int]  # language -> index of the section in that document; absent where it lacks it


class Bead(NamedTuple):
    """Blocks that are each other's counterparts.

    One block in each language as a rule, several where a paragraph was split, none where one lacks it.
    """

    section: str  # the number of their section
    blocks: Mapping[str, tuple[int, ...]]  # language -> indexes of blocks; empty where it has no counterpart


class Article(NamedTuple):
    """All documents that say the same thing in different languages."""

    id: str  # a slug of the title
    documents: Mapping[str, Document]  # by language, in the order of their tags
    sections: tuple[ArticleSection, ...]
    beads: tuple[Bead, ...]  # in reading order
    highlights: str | None  # the number of the section that lists the key points; None without one
    paired_by: str  # layout, metadata, structure, meaning, or alone
