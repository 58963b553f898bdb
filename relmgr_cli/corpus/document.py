"""Defines a document, the content of one file: metadata, numbered sections, blocks, a language.

Documents are built in document_builder.py: most commands load them from the database and need none of the parsers.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from relmgr_cli.errors import Problem
from relmgr_cli.markdown.blocks import Block, block_from_json, block_to_json

UNKNOWN_LANGUAGE = "und"


class Section(NamedTuple):
    """A heading and the blocks under it up to the next heading."""

    number: str  # "2", "3.1"; "0" for the text before the first heading
    level: int  # of the heading, 1 to 6; 0 for section 0
    start: int  # blocks[start:end] of the document, its heading first
    end: int
    words: int
    anchors: tuple[str, ...] = ()  # explicit ones


class Document(NamedTuple):
    """One file of the library."""

    root: str  # the library folder
    path: str  # below it
    language: str  # BCP 47, or "und"
    declared: str | None  # the language that its front matter names
    title: str
    description: str
    keywords: tuple[str, ...]
    words: int
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]  # in reading order, headings among them; the title is not
    problems: tuple[Problem, ...] = ()
    key: str = ""  # translation key of its front matter, equal in all translations; "" for none
    permalinks: tuple[str, ...] = ()  # addresses from its front matter
    shared_keys: tuple[str, ...] = ()  # front matter that its translations may have too: permalink, slug, id
    share: float = 1.0  # of its prose that may be in a language that its path names
    credits: tuple[tuple[str, str], ...] = ()  # of its front matter: author, date, translator, source
    languages: tuple[str, ...] = ()  # of its sections, if it has the same text in several languages

    def heading(self, section: Section) -> str:
        """Return the text of the section's heading; "" for section 0."""
        return self.blocks[section.start].text if section.level else ""

    def line_of(self, section: int) -> int:
        """Return the line in the file on which a section begins, by its index."""
        start = self.sections[section].start
        return self.blocks[start].line if start < len(self.blocks) else 1

    def blocks_of(self, section: Section) -> tuple[Block, ...]:
        """Return the blocks of a section, its heading first."""
        return self.blocks[section.start : section.end]

    def sections_by_block(self) -> list[int]:
        """Return the index of the section that each block is in."""
        found = [0] * len(self.blocks)
        for index, section in enumerate(self.sections):
            found[section.start : section.end] = [index] * (section.end - section.start)
        return found

    def to_json(self) -> list[Any]:
        """Return the sections and blocks as JSON lists; the other fields have database columns."""
        sections = [[s.number, s.level, s.start, s.end, s.words, list(s.anchors)] for s in self.sections]
        return [sections, [block_to_json(block) for block in self.blocks]]


def sections_from_json(data: Sequence[Any]) -> tuple[Section, ...]:
    """Return the sections that `Document.to_json` stored."""
    return tuple(Section(*row)._replace(anchors=tuple(row[-1])) for row in data)


def blocks_from_json(data: Iterable[Any]) -> tuple[Block, ...]:
    """Return the blocks that `Document.to_json` stored."""
    return tuple([block_from_json(row) for row in data])
