"""Decides what the sections of an article are, how they are numbered, and which blocks translate each other.

Documents with the same structure are aligned one to one, and nothing else is loaded if all of an article are. For
others, features.py and scoring.py compare two blocks, gale_church.py aligns two documents, and multiway.py one document
of each structure. doubt.py finds the blocks for which vectors are worth their cost.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from relmgr_cli.corpus.article import ArticleSection, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.outline import SectionNumbers
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES

if TYPE_CHECKING:
    from relmgr_cli.corpus.alignment.multiway import AlignmentRow, Vectors

_MAX_MOVED = 0.05  # of the code and links of two documents that are aligned one to one

Alignment = tuple[tuple[ArticleSection, ...], tuple[TranslationUnit, ...]]  # each in reading order


def outline_of(document: Document) -> tuple[tuple[str, ...], ...]:
    """Return the structure of a document, equal for documents that are aligned one to one.

    That is for each block its kind, the level of a heading, and the kinds of its containers.
    """
    return tuple(
        (block.kind, block.info if block.kind == "heading" else "", *[c.kind for c in block.containers])
        for block in document.blocks
    )


def align(documents: Mapping[str, Document], vectors: "Vectors | None" = None) -> Alignment:
    """Return the sections and translation units of an article's translations.

    `vectors` have a row for each block, zero where it is unknown. Of documents with the same outline only one needs
    vectors, see `group_by_outline`.

    Every block of every document is in exactly one unit. A heading is paired with headings only, so a section that some
    language lacks has a number of its own, and all others keep theirs in every translation.
    """
    if len({outline_of(document) for document in documents.values()}) <= 1:
        return _align_one_to_one(documents)
    from relmgr_cli.corpus.alignment.features import extract_features
    from relmgr_cli.corpus.alignment.multiway import merge_alignments

    known = {language: rows for language, rows in (vectors or {}).items() if rows is not None}
    like = group_by_outline(documents, known)
    features = {language: extract_features(documents[language]) for language in dict.fromkeys(like.values())}
    rows = merge_alignments(features, known)
    every = [{language: row[first] for language, first in like.items() if first in row} for row in rows]
    return _number_sections(documents, every)


def group_by_outline(documents: Mapping[str, Document], preferred: Collection[str] = ()) -> dict[str, str]:
    """Return for each language the one that is aligned in its place: the first whose document is like its own.

    Such documents have the same outline, and the same code and links in the same blocks: two lists that each lack
    another item have the same outline too. `preferred` languages come first.
    """
    found: dict[str, str] = {}
    firsts: dict[tuple[tuple[str, ...], ...], list[tuple[str, dict[str, int]]]] = defaultdict(list)
    for language in sorted(documents, key=lambda tag: tag not in preferred):
        places = _places(documents[language])
        known = firsts[outline_of(documents[language])]
        like = next((first for first, other in known if _are_parallel(places, other)), language)
        if like == language:
            known.append((language, places))
        found[language] = like
    return {language: found[language] for language in documents}


def _places(document: Document) -> dict[str, int]:
    """Return the lines of code and the targets of links that are in one block only -> the index of the block."""
    found: dict[str, int] = {}
    for index, block in enumerate(document.blocks):
        spans = (*block.spans, *(span for row in block.rows for cell in row for span in cell))
        texts = {f">{span.href}" for span in spans if span.href}
        texts.update(f"`{span.text}" for span in spans if VERBATIM_STYLES.intersection(span.styles))
        if block.kind in VERBATIM_KINDS:
            texts.update(f"`{line}" for line in block.text.split("\n"))
        found.update((text, -1 if text in found else index) for text in texts)
    return {text: index for text, index in found.items() if index >= 0}


def _are_parallel(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Return whether hardly any code or link of two documents is in another block, or in the place of another one."""
    common = one.keys() & other.keys()
    same = {one[text] for text in common if one[text] == other[text]}
    moved = sum(one[text] != other[text] for text in common)
    codes, other_codes = ({at for text, at in found.items() if text[0] == "`"} for found in (one, other))
    replaced = len((codes & other_codes) - same)
    return moved + replaced <= _MAX_MOVED * (len(common) + replaced)


def _align_one_to_one(documents: Mapping[str, Document]) -> Alignment:
    first = max(documents.values(), key=lambda document: len(document.sections))  # only an empty file has fewer
    sections = tuple(
        ArticleSection(
            section.number, section.level, {tag: index for tag, each in documents.items() if index < len(each.sections)}
        )
        for index, section in enumerate(first.sections)
    )
    units = tuple(
        TranslationUnit(section.number, dict.fromkeys(documents, (index,)))
        for section in first.sections
        for index in range(section.start, section.end)
    )
    return sections, units


def _number_sections(documents: Mapping[str, Document], rows: "Sequence[AlignmentRow]") -> Alignment:
    """Return the sections that the rows make up, numbered, and the rows as units of these sections."""
    opened = {language: _sections_by_heading(document) for language, document in documents.items()}
    # The documents with text before their first heading.
    openings = {tag: 0 for tag, document in documents.items() if document.sections and not document.sections[0].level}
    levels = _Levels(documents, rows, opened)
    title = rows[0] if _begins_with_title(documents, rows, opened) else {}
    openings |= dict.fromkeys(title, 0)
    sections = [ArticleSection("0", 0, openings)] if openings else []
    units = []
    numbers = SectionNumbers()
    number = "0"
    for row in rows:
        indexes = {language: opened[language][row[language].start] for language in _heading_languages(row, opened)}
        if indexes and row is not title:
            level = levels.of(row)
            number = numbers.next(level)
            sections.append(ArticleSection(number, level, indexes))
        units.append(TranslationUnit(number, {language: tuple(row.get(language, ())) for language in documents}))
    return tuple(sections), tuple(units)


def _sections_by_heading(document: Document) -> dict[int, int]:
    """Return for each block that is a section's heading the index of the section."""
    return {section.start: index for index, section in enumerate(document.sections) if section.level}


def _heading_languages(row: "AlignmentRow", opened: Mapping[str, Mapping[int, int]]) -> list[str]:
    """Return the languages whose blocks in a row are headings: all or none."""
    return [language for language, blocks in row.items() if blocks.start in opened[language]]


def _begins_with_title(
    documents: Mapping[str, Document], rows: "Sequence[AlignmentRow]", opened: Mapping[str, Mapping[int, int]]
) -> bool:
    """Return whether the first row is a heading that the other documents have as their title, or not at all.

    What follows it is the opening text of those.
    """
    if not rows or not _heading_languages(rows[0], opened) or len(rows[0]) == len(documents):
        return False
    if all(documents[language].title == documents[language].blocks[0].text for language in rows[0]):
        return True
    text = takewhile(lambda row: not _heading_languages(row, opened), rows[1:])
    return any(language not in rows[0] for row in text for language in row)


class _Levels:
    """The levels of headings, as the document with the most blocks would have them."""

    def __init__(
        self, documents: Mapping[str, Document], rows: "Sequence[AlignmentRow]", opened: Mapping[str, Mapping[int, int]]
    ) -> None:
        self._documents, self._opened = documents, opened
        self._pivot = max(documents, key=lambda language: len(documents[language].blocks))
        self._pivot_levels: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        for row in rows:
            languages = _heading_languages(row, opened)
            if self._pivot in languages:
                for language in languages:
                    self._pivot_levels[language, self._level(row, language)][self._level(row, self._pivot)] += 1

    def of(self, row: "AlignmentRow") -> int:
        """Return the level of a row of headings: for one that the pivot lacks, the most common one there."""
        language = self._pivot if self._pivot in row else next(iter(row))
        level = self._level(row, language)
        common = self._pivot_levels.get((language, level))
        return common.most_common(1)[0][0] if common and language != self._pivot else level

    def _level(self, row: "AlignmentRow", language: str) -> int:
        return self._documents[language].sections[self._opened[language][row[language].start]].level
