"""The matches of a search in an article, as rows of the page, and the way from one to the next."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.reader.glyphs import Word
from relmgr_cli.reader.sheet import Sheet
from relmgr_cli.search.in_article import BlockMatch

Spot = tuple[int, int]  # a row, and the number of the match in it


class Findings(NamedTuple):
    """What a search has found, in the order of the page."""

    query: str
    words: Sequence[Word]

    def marks(self) -> Mapping[int, Sequence[tuple[str, int, int]]]:
        """Return the stretches to mark in each row."""
        found: dict[int, list[tuple[str, int, int]]] = {}
        for word in self.words:
            found.setdefault(word.row, []).append((word.language, word.start, word.end))
        return found

    def spot(self, index: int) -> Spot:
        """Return the row of a match, and which of the row's matches it is."""
        row = self.words[index].row
        return row, sum(word.row == row for word in self.words[:index])

    def languages(self) -> tuple[str, ...]:
        """Return the languages of the matches."""
        return tuple(dict.fromkeys(word.language for word in self.words))

    def from_row(self, row: int) -> int:
        """Return the first match from a row on, else the very first."""
        return next((index for index, word in enumerate(self.words) if word.row >= row), 0)


def arrange(query: str, matches: Sequence[BlockMatch], sheet: Sheet) -> Findings:
    """Return matches in the order of the page: those in the languages on it, or all of them where it has none."""
    shown = sheet.layout.languages
    order = {language: index for index, language in enumerate([*shown, *sheet.article.documents][::-1])}
    words = [word for match in matches if (word := _word(match, sheet))]
    words.sort(key=lambda word: (word.row, -order[word.language], word.start))
    return Findings(query, [word for word in words if word.language in shown] or words)


def _word(match: BlockMatch, sheet: Sheet) -> Word | None:
    row = sheet.row_of_block(match.language, match.block)
    if row is None:
        return None
    blocks = sheet.article.documents[match.language].blocks
    before = [block for block in sheet.rows[row - 1].blocks[match.language] if block < match.block]
    offset = sum(len(blocks[block].text) + 1 for block in before)
    return Word(row, match.language, match.start + offset, match.end + offset)
