"""Which sections and blocks of an article's translations say the same.

Documents with the same outline are aligned one to one, and nothing else is loaded for them. This module
decides what the article's sections are and how they are numbered; which blocks belong together is told by
traits and evidence (two blocks), beads (two documents) and weaving (all of them).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from relmgr_cli.library.articles import ArticleSection, Bead
from relmgr_cli.library.documents import Document

if TYPE_CHECKING:
    import numpy as np

# language -> (blocks, 512) float32, a row for each block, of unit length or zero for one without text;
# None when not known
Vectors = Mapping[str, "np.ndarray[Any, Any] | None"]
Row = Mapping[str, range]  # language -> blocks that say the same; absent where it lacks them


def outline_of(document: Document) -> tuple[tuple[str, ...], ...]:
    """Return what an alignment one to one needs to be equal: each block's kind, level and containers."""
    return tuple(
        (block.kind, block.info if block.kind == "heading" else "", *(c.kind for c in block.containers))
        for block in document.blocks
    )


def align(
    documents: Mapping[str, Document], vectors: Vectors | None = None
) -> tuple[tuple[ArticleSection, ...], tuple[Bead, ...]]:
    """Return the sections and beads of an article's translations, in reading order.

    Every block of every document is in exactly one bead. A heading is paired with headings only, so a section
    that some language lacks has a number of its own, and all others keep theirs in every translation.
    """
    if len({outline_of(document) for document in documents.values()}) <= 1:
        return _align_one_to_one(documents)
    from relmgr_cli.library.traits import traits_of
    from relmgr_cli.library.weaving import weave

    rows = weave({language: traits_of(document) for language, document in documents.items()}, vectors or {})
    return _outline(documents, rows)


def _align_one_to_one(documents: Mapping[str, Document]) -> tuple[tuple[ArticleSection, ...], tuple[Bead, ...]]:
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


def _outline(
    documents: Mapping[str, Document], rows: Sequence[Row]
) -> tuple[tuple[ArticleSection, ...], tuple[Bead, ...]]:
    """Return the sections that the rows make up, numbered, and the rows as beads that stand in them."""
    opened = {language: _sections_by_heading(document) for language, document in documents.items()}
    openings = {language: 0 for language, document in documents.items() if _has_opening(document)}
    levels = _Levels(documents, rows, opened)
    title = rows[0] if _begins_with_title(documents, rows, opened) else {}
    openings |= dict.fromkeys(title, 0)
    sections = [ArticleSection("0", 0, openings)] if openings else []
    beads = []
    numbers = _Numbers()
    number = "0"
    for row in rows:
        places = {language: opened[language][row[language].start] for language in _heading_languages(row, opened)}
        if places and row is not title:
            level = levels.of(row)
            number = numbers.next(level)
            sections.append(ArticleSection(number, level, places))
        beads.append(Bead(number, {language: tuple(row.get(language, ())) for language in documents}))
    return tuple(sections), tuple(beads)


def _sections_by_heading(document: Document) -> dict[int, int]:
    """Return for each block that is a section's heading the index of the section."""
    return {section.start: index for index, section in enumerate(document.sections) if section.level}


def _has_opening(document: Document) -> bool:
    return bool(document.sections) and not document.sections[0].level


def _heading_languages(row: Row, opened: Mapping[str, Mapping[int, int]]) -> list[str]:
    """Return the languages whose blocks in a row are headings: all or none."""
    return [language for language, blocks in row.items() if blocks.start in opened[language]]


def _begins_with_title(
    documents: Mapping[str, Document], rows: Sequence[Row], opened: Mapping[str, Mapping[int, int]]
) -> bool:
    """Tell whether the first row is a heading that other documents have as their title or not at all.

    What follows it is the opening text of those.
    """
    if not rows or not _heading_languages(rows[0], opened) or len(rows[0]) == len(documents):
        return False
    if all(documents[language].title == documents[language].blocks[0].text for language in rows[0]):
        return True
    text = takewhile(lambda row: not _heading_languages(row, opened), rows[1:])
    return any(language not in rows[0] for row in text for language in row)


class _Numbers:
    """Counts sections by depth: a level that the author left out does not show in the number."""

    def __init__(self) -> None:
        self._levels: list[int] = []  # of the sections that the last one is nested in, and its own
        self._counts: list[int] = []

    def next(self, level: int) -> str:
        """Return the number of the next section."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        depth = len(self._levels)
        self._counts = [*self._counts[:depth], *[0] * (depth - len(self._counts))]
        self._counts[-1] += 1
        return ".".join(map(str, self._counts))


class _Levels:
    """The levels of headings as the document with the most blocks would have them."""

    def __init__(
        self, documents: Mapping[str, Document], rows: Sequence[Row], opened: Mapping[str, Mapping[int, int]]
    ) -> None:
        self._documents, self._opened = documents, opened
        self._pivot = max(documents, key=lambda language: len(documents[language].blocks))
        self._common: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        for row in rows:
            languages = _heading_languages(row, opened)
            if self._pivot in languages:
                for language in languages:
                    self._common[language, self._own(row, language)][self._own(row, self._pivot)] += 1

    def of(self, row: Row) -> int:
        """Return the level of a row of headings."""
        language = self._pivot if self._pivot in row else next(iter(row))
        own = self._own(row, language)
        common = self._common.get((language, own))
        return common.most_common(1)[0][0] if common and language != self._pivot else own

    def _own(self, row: Row, language: str) -> int:
        section = self._opened[language][row[language].start]
        return self._documents[language].sections[section].level
