"""An article as rows, which are laid out when they are needed.

A row is a translation unit, so it has the same number in every language and mode; it has no lines in a language that
lacks it. Row 0 is the title.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

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

if TYPE_CHECKING:
    from relmgr_cli.reader.model.images import ImageLayout

_MAX_CACHED_ROWS = 400
_GUTTER = 3  # cells between columns
_MIN_COLUMNS = 2


class View(NamedTuple):
    """What of an article is shown, and how."""

    languages: tuple[str, ...]  # one, or those of the columns; the reader's language first
    mode: Arrangement
    width: int  # of the page, cells
    measure: int  # of a line of text, cells
    plain: bool = False
    requested: int = 0  # number of languages that get a column in any case; others only if there is room


def visible_languages(article: Article, language: str, mode: Arrangement, requested: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that a mode shows, `language` first; prefers the requested ones for the others."""
    if mode is Arrangement.SINGLE:
        return (language,)
    others = [each for each in article.documents if each != language]
    chosen = [each for each in requested if each in others]
    return (language, *(chosen or others[: None if mode is Arrangement.COLUMNS else 1]))


def all_rows(article: Article) -> tuple[Row, ...]:
    """Return the rows of an article in all its languages."""
    return rows_of(article, tuple(article.documents))


class ArticleRows:
    """The rows of an article, and their lines in the current view."""

    def __init__(self, article: Article, view: View, rows: Sequence[Row] | None = None) -> None:
        self.article = article
        self._images: ImageLayout | None = None  # None to show their alternative texts only
        self._rows = all_rows(article) if rows is None else rows
        self._link_titles: Mapping[str, LinkTitles] = {}
        self._words: dict[str, list[float]] = {}  # by language, see `_words_before_sections`
        self.set_view(view)

    def set_link_titles(self, titles: Mapping[str, LinkTitles]) -> bool:
        """Set the titles of linked articles by language; return True if that changes the layout."""
        old, self._link_titles = self._link_titles, titles
        is_changed = any(titles.get(each, {}) != old.get(each, {}) for each in self.layout.languages)
        if is_changed:
            self.set_view(self.view)
        return is_changed

    def set_images(self, images: "ImageLayout | None") -> None:
        """Show images, or their alternative texts only."""
        self._images = images
        self.set_view(self.view)

    def __len__(self) -> int:
        """Return the number of rows, with the title."""
        return len(self._rows) + 1

    def set_view(self, view: View) -> None:
        """Use another view; drops all lines."""
        self.view = view
        count = len(view.languages)
        min_columns = max(_MIN_COLUMNS, view.requested) if view.mode is Arrangement.COLUMNS else count
        self._arrange(count)
        while count > min_columns and self.layout.arrangement is not Arrangement.COLUMNS:
            count -= 1
            self._arrange(count)
        self._cache: dict[int, RowLines] = {}

    def _arrange(self, count: int) -> None:
        """Use the first languages of the view; the layout is interleaved if columns would be too narrow."""
        view = self.view
        columns = min(view.width, count * view.measure + (count - 1) * _GUTTER + 8) if count > 1 else view.width
        text_width = min(view.width, view.measure)
        self._screen = OutputTarget(columns, text_width, ansi=True, color=not view.plain, plain=view.plain)
        arrangement = view.mode if view.mode is Arrangement.INTERLEAVED else None
        languages = view.languages[:count]
        self.layout: Layout = lay_out(
            self.article, languages, self._screen, arrangement=arrangement, link_titles=self._link_titles
        )
        if self._images:
            self.layout = self._with_images(self._images)

    def _with_images(self, images: "ImageLayout") -> Layout:
        """Return the layout with images; those of a translation may be the files of the source."""
        documents = self.article.documents
        source = [documents[self.article.source]] if self.article.source in documents else []
        settings = {
            language: style._replace(add_images=partial(images.add, documents=[documents[language], *source]))
            for language, style in self.layout.settings.items()
        }
        return self.layout._replace(settings=settings)

    @property
    def width(self) -> int:
        """The maximum width of a line, in cells."""
        return self.layout.margin + self.layout.spanning.width

    def lines(self, number: int) -> list[Line]:
        """Return the lines of a row, with the blank lines above it."""
        return self.row_lines(number).lines

    def row_lines(self, number: int) -> RowLines:
        """Return the lines of a row, with the area of each language."""
        lines = self._cache.get(number)
        if lines is None:
            if self._images and self._images.is_full:
                self._images.forget()
                self._cache.clear()
            if len(self._cache) > _MAX_CACHED_ROWS:
                self._cache.clear()
            lines = self._cache[number] = self._lay_out(number)
        return lines

    def size(self, number: int) -> RowSize:
        """Return the size of a row."""
        row = self.row_lines(number)
        return RowSize(len(row.lines), row.leading_blank)

    def _lay_out(self, number: int) -> RowLines:
        if number == 0:
            return RowLines(head_lines(self.article, self.layout, self._screen))
        row = self._rows[number - 1]
        if not self._is_shown(row):
            return RowLines([])
        above = (self._rows[index] for index in range(number - 2, -1, -1))
        before = next(filter(self._is_shown, above), None)
        after = next(filter(self._is_shown, self._rows[number : number + 1]), None)
        shown = lay_out_row(self.article, row, self.layout, before, after)
        return shown if before else RowLines([[], *shown.lines], shown.areas, int(bool(shown.lines)))

    def _is_shown(self, row: Row) -> bool:
        return row.is_heading or any(row.blocks.get(language) for language in self.layout.languages)

    def blocks(self, number: int, language: str) -> Sequence[Block]:
        """Return the blocks of a row in a language; () for the title."""
        blocks = self.article.documents[language].blocks
        return [blocks[index] for index in self.block_indices(number, language)]

    def block_indices(self, number: int, language: str) -> Sequence[int]:
        """Return the indices of these blocks in their document."""
        return self._rows[number - 1].blocks.get(language, ()) if number else ()

    def headings(self) -> list[int]:
        """Return the rows of the title and of the headings."""
        return [0, *(number for number, row in enumerate(self._rows, 1) if row.is_heading)]

    def text(self, number: int, language: str) -> str:
        """Return the plain text of a row in a language."""
        return "\n".join(block.text for block in self.blocks(number, language))

    def line_in_file(self, number: int, language: str) -> int:
        """Return the line of a row in the file; that of the last row above if the language lacks it."""
        for row in range(number, 0, -1):
            if blocks := self.blocks(row, language):
                return blocks[0].line
        return 1

    def highlights(self, language: str) -> list[int]:
        """Return the rows of the key points in a language."""
        return [
            number
            for number, row in enumerate(self._rows, 1)
            if row.section.number == self.article.highlights
            and any(block.kind == "item" for block in self.blocks(number, language))
        ]

    def section(self, number: int) -> ArticleSection | None:
        """Return the section of a row; None for the title."""
        return self._rows[number - 1].section if number else None

    def row_of_section(self, section: str) -> int:
        """Return the first row of a section by its number; 0 for an unknown one."""
        return self._first_rows.get(section, 0)

    def row_of_block(self, language: str, block: int) -> int | None:
        """Return the row with a block."""
        return self._rows_of_blocks.get((language, block))

    @cached_property
    def _first_rows(self) -> Mapping[str, int]:
        return {row.section.number: number for number, row in reversed([*enumerate(self._rows, 1)])}

    @cached_property
    def _rows_of_blocks(self) -> Mapping[tuple[str, int], int]:
        return {
            (language, block): number
            for number, row in enumerate(self._rows, 1)
            for language, blocks in row.blocks.items()
            for block in blocks
        }

    @cached_property
    def row_index(self) -> RowIndex:
        """What anchors find rows by."""
        languages = tuple(self.article.documents)
        sections = ["", *(row.section.number for row in self._rows)]
        return RowIndex(sections, lambda number: [self.text(number, language) for language in languages])

    def words_before(self, number: int) -> tuple[float, float]:
        """Return the approximate number of words before a row in the reader's language, and the total."""
        words = self._words_before_sections(self.view.languages[0])
        at = bisect_right(self._section_starts, number) - 1
        if at < 0:  # the title
            return 0.0, words[-1]
        start, end = self._section_starts[at : at + 2]
        return round(words[at] + (words[at + 1] - words[at]) * (number - start) / (end - start), 6), words[-1]

    @cached_property
    def _section_starts(self) -> list[int]:
        """The first row of each section, in order, and the number of rows."""
        numbers = ["", *(row.section.number for row in self._rows)]
        changes = (number for number, (one, other) in enumerate(pairwise(numbers), 1) if one != other)
        return [*changes, len(self)]

    def _words_before_sections(self, language: str) -> list[float]:
        """Return the words before each section and after the last; those of a section are spread over its rows."""
        if (found := self._words.get(language)) is None:
            document = self.article.documents[language]
            sections = [self._rows[start - 1].section for start in self._section_starts[:-1]]
            indexes = (section.indexes.get(language) for section in sections)
            words = (0 if index is None else document.sections[index].words for index in indexes)
            found = self._words[language] = [*accumulate(words, initial=0.0)]
        return found
