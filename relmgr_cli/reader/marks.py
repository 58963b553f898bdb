"""What is marked on the page: the matches of a search, the word under the cursor and its counterpart."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.reader.glyphs import Link, Word, glyphs_of, links_of, places_of
from relmgr_cli.reader.sheet import Sheet
from relmgr_cli.reader.viewport import Position

Found = Mapping[int, Sequence[tuple[str, int, int]]]  # row -> language and stretch of the row's text
Mark = tuple[int, int, str]  # a stretch of a line's characters and its style


class Marks(NamedTuple):
    """All that is marked."""

    found: Found = MappingProxyType({})
    current: tuple[int, int] | None = None  # of the matches: row and number in it
    word: Word | None = None  # under the word cursor
    twin: Word | None = None  # its counterpart

    def on_line(self, sheet: Sheet, row: int, line: int) -> list[Mark]:
        """Return the marks on a line of a row."""
        marks = []
        for index, (language, start, end) in enumerate(self.found.get(row, ())):
            style = "match.current" if self.current == (row, index) else "match"
            marks += _stretch(sheet, Word(row, language, start, end), line, style)
        for word, style in ((self.twin, "twin"), (self.word, "cursor")):
            if word and word.row == row:
                marks += _stretch(sheet, word, line, style)
        return marks


def _stretch(sheet: Sheet, word: Word, line: int, style: str) -> list[Mark]:
    if word.language not in sheet.layout.languages:
        return []
    pieces = places_of(glyphs_of(sheet, word.row, word.language), word.start, word.end)
    return [(start, end, style) for number, start, end in pieces if number == line]


def links_on(sheet: Sheet, positions: Sequence[Position], word: Word | None) -> list[tuple[Link, str]]:
    """Return the links in some lines with the language each is in; of one under the word cursor that alone."""
    found = []
    for row in dict.fromkeys(position.row for position in positions if position.row):
        for language in sheet.layout.languages:
            links = links_of(sheet, row, language)
            glyphs = glyphs_of(sheet, row, language) if links else []
            for link in links:
                if word and (word.row, word.language) == (row, language) and link.start <= word.start < link.end:
                    return [(link, language)]
                lines = {line for line, _, _ in places_of(glyphs, link.start, link.end)}
                if any(Position(row, line) in positions for line in lines):
                    found.append((link, language))
    return found
