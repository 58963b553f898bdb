"""Decorations of the page: the matches of a search, the word under the word cursor and its translation."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.reader.model.positions import Link, TextRange, links_of, range_of_block, ranges_on_screen, shown_text
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Position

if TYPE_CHECKING:
    from relmgr_cli.search.in_article import BlockMatch

MatchRanges = Mapping[int, Sequence[TextRange]]  # by row
Decoration = tuple[int, int, str]  # a range of a line's characters and its style


class Decorations(NamedTuple):
    """The decorations of a page."""

    matches: MatchRanges = MappingProxyType({})
    current: TextRange | None = None  # of the matches
    word: TextRange | None = None  # under the word cursor
    translation: TextRange | None = None  # of that word

    def on_line(self, rows: ArticleRows, row: int, line: int) -> list[Decoration]:
        """Return the decorations of a line of a row."""
        ranges = [(match, "match.current" if match == self.current else "match") for match in self.matches.get(row, ())]
        for word, style in ((self.translation, "translation"), (self.word, "cursor")):
            if word and word.row == row:
                ranges.append((word, style))
        shown = list(shown_text(rows, row, [line])) if ranges else []
        return [(start, end, style) for text, style in ranges for _, start, end in ranges_on_screen(shown, text)]


class SearchMatches(NamedTuple):
    """The matches of a query in an article, in page order."""

    query: str
    ranges: Sequence[TextRange]
    by_row: MatchRanges
    languages: tuple[str, ...]  # those with matches

    def from_row(self, row: int) -> int:
        """Return the index of the first match from a row on, else 0."""
        return next((index for index, match in enumerate(self.ranges) if match.row >= row), 0)


def sort_by_page_order(query: str, matches: "Sequence[BlockMatch]", rows: ArticleRows) -> SearchMatches:
    """Return the matches in the languages on the page, or all if there are none, in page order.

    There may be so many that this takes too long for the interface's thread.
    """
    shown = rows.layout.languages
    order = {language: index for index, language in enumerate([*shown, *rows.article.documents][::-1])}
    ranges = [found for match in matches if (found := _range_of(match, rows))]
    ranges.sort(key=lambda match: (match.row, -order[match.language], match.start))
    ranges = [match for match in ranges if match.language in shown] or ranges
    by_row: dict[int, list[TextRange]] = {}
    for match in ranges:
        by_row.setdefault(match.row, []).append(match)
    return SearchMatches(query, ranges, by_row, tuple(dict.fromkeys(match.language for match in ranges)))


def _range_of(match: "BlockMatch", rows: ArticleRows) -> TextRange | None:
    row = rows.row_of_block(match.language, match.block)
    return None if row is None else range_of_block(rows, row, match.language, match.block, (match.start, match.end))


def links_on(rows: ArticleRows, positions: Sequence[Position]) -> list[tuple[Link, str]]:
    """Return the links on some lines with their languages."""
    lines: dict[int, list[int]] = {}
    for position in positions:
        lines.setdefault(position.row, []).append(position.line)
    found = []
    for row, numbers in lines.items():
        links = [(link, language) for language in rows.layout.languages for link in links_of(rows, row, language)]
        shown = list(shown_text(rows, row, numbers)) if links else []
        for link, language in links:
            if ranges_on_screen(shown, TextRange(row, language, link.start, link.end)):
                found.append((link, language))
    return found
