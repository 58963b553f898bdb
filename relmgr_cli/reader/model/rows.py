"""An article as a column of rows that are laid out when they are looked at.

A row is a unit: the blocks that say the same in all languages of the article. So the number of a row means the same
in every language and every mode; one that a language lacks has no lines there. Row 0 is the title.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.layout.arrangement import Layout, lay_out
from relmgr_cli.layout.line import Line
from relmgr_cli.layout.page import LinkTitles
from relmgr_cli.layout.parallel import Row, RowLines, head_lines, lay_out_row, rows_of
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.reader.model.anchors import RowIndex
from relmgr_cli.reader.model.viewport import RowSize
from relmgr_cli.terminal.target import OutputTarget

_MOST_KEPT = 400  # rows whose lines are kept
_GUTTER = 3  # cells; what two columns have between them
_FEWEST_BESIDE = 2  # columns, however narrow they get


class View(NamedTuple):
    """How an article is looked at."""

    languages: tuple[str, ...]  # one, or those to set beside each other, the reader's own first
    mode: Arrangement
    width: int  # cells there are
    measure: int  # cells that a line of text may have
    plain: bool = False
    asked: int = 0  # of the languages that were asked for; of others, columns show as many as fit


def all_rows(article: Article) -> tuple[Row, ...]:
    """Return the rows of an article in all its languages."""
    return rows_of(article, tuple(article.documents))


class ArticleRows:
    """The rows of an article, and their lines in one view."""

    def __init__(self, article: Article, view: View, rows: Sequence[Row] | None = None) -> None:
        self.article = article
        self.rows = all_rows(article) if rows is None else rows
        self._leads: Mapping[str, LinkTitles] = {}
        self.set_view(view)

    def set_link_titles(self, leads: Mapping[str, LinkTitles]) -> bool:
        """Show which links of each language lead to an article; return whether that changes what is laid out."""
        known, self._leads = self._leads, leads
        is_changed = any(leads.get(each, {}) != known.get(each, {}) for each in self.layout.languages)
        if is_changed:
            self.set_view(self.view)
        return is_changed

    def __len__(self) -> int:
        """Return the number of rows, the title among them."""
        return len(self.rows) + 1

    def set_view(self, view: View) -> None:
        """Lay the rows out anew for another view."""
        self.view = view
        fewest = max(_FEWEST_BESIDE, view.asked)
        count = len(view.languages)
        self._lay(count)
        while (
            view.mode is Arrangement.COLUMNS and count > fewest and self.layout.arrangement is not Arrangement.COLUMNS
        ):
            count -= 1
            self._lay(count)
        self._kept: dict[int, RowLines] = {}

    def _lay(self, count: int) -> None:
        """Set the first languages of the view; side by side only where there is room for columns."""
        view = self.view
        columns = min(view.width, count * view.measure + (count - 1) * _GUTTER + 8) if count > 1 else view.width
        self._screen = OutputTarget(
            columns=columns,
            max_text_width=min(view.width, view.measure),
            ansi=True,
            color=not view.plain,
            theme="",
            background="",
            show_urls=False,
            plain=view.plain,
        )
        asked = view.mode if view.mode is Arrangement.INTERLEAVED else None
        languages = view.languages[:count]
        self.layout: Layout = lay_out(self.article, languages, self._screen, arrangement=asked, link_titles=self._leads)

    @property
    def width(self) -> int:
        """The cells that the widest line may take."""
        return self.layout.margin + self.layout.spanning.width

    def lines(self, number: int) -> list[Line]:
        """Return the lines of a row; a blank one first where it stands apart from the one above."""
        return self.row_lines(number).lines

    def row_lines(self, number: int) -> RowLines:
        """Return the lines of a row, and where on them each language stands."""
        lines = self._kept.get(number)
        if lines is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            lines = self._kept[number] = self._lay_out(number)
        return lines

    def shape(self, number: int) -> RowSize:
        """Return how high a row is."""
        row = self.row_lines(number)
        return RowSize(len(row.lines), row.leading_blank)

    def _lay_out(self, number: int) -> RowLines:
        if number == 0:
            return RowLines(head_lines(self.article, self.layout, self._screen))
        row = self.rows[number - 1]
        if not self._is_shown(row):
            return RowLines([])
        above = (self.rows[index] for index in range(number - 2, -1, -1))
        before = next(filter(self._is_shown, above), None)
        shown = lay_out_row(self.article, row, self.layout, before)
        return shown if before else RowLines([[], *shown.lines], shown.areas, int(bool(shown.lines)))

    def _is_shown(self, row: Row) -> bool:
        return row.is_heading or any(row.blocks.get(language) for language in self.layout.languages)

    def blocks(self, number: int, language: str) -> Sequence[Block]:
        """Return the blocks of a row in a language; none for the title."""
        if number == 0:
            return ()
        blocks = self.article.documents[language].blocks
        return [blocks[index] for index in self.rows[number - 1].blocks.get(language, ())]

    def text(self, number: int, language: str) -> str:
        """Return the plain text of a row in a language."""
        return "\n".join(block.text for block in self.blocks(number, language))

    def line_in_file(self, number: int, language: str) -> int:
        """Return the line of the file where a row stands; that of the last one above which the language has."""
        for row in range(number, 0, -1):
            if blocks := self.blocks(row, language):
                return blocks[0].line
        return 1

    def highlights(self, language: str) -> list[int]:
        """Return the rows of the key points that a language has."""
        return [
            number
            for number, row in enumerate(self.rows, 1)
            if row.section.number == self.article.highlights
            and any(block.kind == "item" for block in self.blocks(number, language))
        ]

    def section(self, number: int) -> ArticleSection | None:
        """Return the section that a row is in; None for the title."""
        return self.rows[number - 1].section if number else None

    def row_of_section(self, section: str) -> int:
        """Return the first row of the section with this number; 0 where there is none."""
        return self._first_rows.get(section, 0)

    def row_of_block(self, language: str, block: int) -> int | None:
        """Return the row that holds a block."""
        return self._rows_of_blocks.get((language, block))

    @cached_property
    def _first_rows(self) -> Mapping[str, int]:
        first: dict[str, int] = {}
        for number, row in enumerate(self.rows, 1):
            first.setdefault(row.section.number, number)
        return first

    @cached_property
    def _rows_of_blocks(self) -> Mapping[tuple[str, int], int]:
        return {
            (language, block): number
            for number, row in enumerate(self.rows, 1)
            for language, blocks in row.blocks.items()
            for block in blocks
        }

    @cached_property
    def row_index(self) -> RowIndex:
        """What a row is found again by."""
        languages = tuple(self.article.documents)
        sections = ["", *(row.section.number for row in self.rows)]
        return RowIndex(sections, lambda number: [self.text(number, language) for language in languages])

    def words_before(self, number: int) -> tuple[float, int]:
        """Return about how many words stand before a row in the reader's language, and how many there are."""
        language = self.view.languages[0]
        starts = self._words[language]
        section = self.section(number)
        if section is None:
            return 0, starts[-1][1]
        index = self._order[section.number]
        before, after = starts[index]
        inside = (number - self._first_rows[section.number]) / self._sizes[section.number]
        return before + (after - before) * inside, starts[-1][1]

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {section.number: index for index, section in enumerate(self.article.sections)}

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        """The number of rows in each section."""
        sizes: dict[str, int] = {}
        for row in self.rows:
            sizes[row.section.number] = sizes.get(row.section.number, 0) + 1
        return sizes

    @cached_property
    def _words(self) -> Mapping[str, list[tuple[int, int]]]:
        """The words before and after each section, by language."""
        found = {}
        for language, document in self.article.documents.items():
            words = [
                document.sections[section.indexes[language]].words if language in section.indexes else 0
                for section in self.article.sections
            ]
            ends = list(accumulate(words))
            found[language] = list(zip([0, *ends], ends, strict=False)) or [(0, 0)]
        return found
