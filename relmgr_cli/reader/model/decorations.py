"""What is highlighted on the page: the matches of a search, the word under the cursor and its translation."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.reader.model.positions import Link, TextRange, links_of, ranges_on_screen, shown_text
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Position
from relmgr_cli.search.in_article import BlockMatch

MatchRanges = Mapping[int, Sequence[TextRange]]  # by row
Decoration = tuple[int, int, str]  # a range of a line's characters and its style


class Decorations(NamedTuple):
    """All that is highlighted on a page."""

    matches: MatchRanges = MappingProxyType({})
    current: TextRange | None = None  # of the matches
    word: TextRange | None = None  # under the word cursor
    translation: TextRange | None = None  # of that word

    def on_line(self, sheet: ArticleRows, row: int, line: int) -> list[Decoration]:
        """Return the decorations of a line of a row."""
        ranges = [(match, "match.current" if match == self.current else "match") for match in self.matches.get(row, ())]
        for word, style in ((self.translation, "twin"), (self.word, "cursor")):
            if word and word.row == row:
                ranges.append((word, style))
        shown = list(shown_text(sheet, row, [line])) if ranges else []
        return [(start, end, style) for text, style in ranges for _, start, end in ranges_on_screen(shown, text)]


class SearchMatches(NamedTuple):
    """What a search has found in an article, in the order of the page."""

    query: str
    ranges: Sequence[TextRange]

    def by_row(self) -> MatchRanges:
        """Return the matches of each row that has any."""
        found: dict[int, list[TextRange]] = {}
        for match in self.ranges:
            found.setdefault(match.row, []).append(match)
        return found

    def languages(self) -> tuple[str, ...]:
        """Return the languages of the matches."""
        return tuple(dict.fromkeys(match.language for match in self.ranges))

    def from_row(self, row: int) -> int:
        """Return the index of the first match from a row on, else of the very first."""
        return next((index for index, match in enumerate(self.ranges) if match.row >= row), 0)


def sort_by_page_order(query: str, matches: Sequence[BlockMatch], sheet: ArticleRows) -> SearchMatches:
    """Return matches in the order of the page: those in the languages on it, or all of them where it has none."""
    shown = sheet.layout.languages
    order = {language: index for index, language in enumerate([*shown, *sheet.article.documents][::-1])}
    ranges = [found for match in matches if (found := _range_of(match, sheet))]
    ranges.sort(key=lambda match: (match.row, -order[match.language], match.start))
    return SearchMatches(query, [match for match in ranges if match.language in shown] or ranges)


def _range_of(match: BlockMatch, sheet: ArticleRows) -> TextRange | None:
    row = sheet.row_of_block(match.language, match.block)
    if row is None:
        return None
    blocks = sheet.article.documents[match.language].blocks
    before = [block for block in sheet.rows[row - 1].blocks[match.language] if block < match.block]
    offset = sum(len(blocks[block].text) + 1 for block in before)
    return TextRange(row, match.language, match.start + offset, match.end + offset)


def links_on(sheet: ArticleRows, positions: Sequence[Position], word: TextRange | None) -> list[tuple[Link, str]]:
    """Return the links in some lines with the language each is in; of one under the word cursor that alone."""
    lines: dict[int, list[int]] = {}
    for position in positions:
        lines.setdefault(position.row, []).append(position.line)
    found = []
    for row, numbers in lines.items():
        links = [(link, language) for language in sheet.layout.languages for link in links_of(sheet, row, language)]
        shown = list(shown_text(sheet, row, numbers)) if links else []
        for link, language in links:
            if word and (word.row, word.language) == (row, language) and link.start <= word.start < link.end:
                return [(link, language)]
            if ranges_on_screen(shown, TextRange(row, language, link.start, link.end)):
                found.append((link, language))
    return found
