"""Arranges the lines of several languages: in columns, or interleaved with the name of each language before its lines.

Where columns would be too narrow to read, the lines are interleaved. Languages are distinguished by their column or
their name, never by colour.
"""

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.columns import join_columns
from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import Fragment, Line, hang
from relmgr_cli.layout.page import NO_LINK_TITLES, LinkTitles, text_style_for
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MAX_COLUMN_WIDTH = 88  # cells, as of a page
_MIN_COLUMN_WIDTH = 28  # cells; in narrower columns the languages are interleaved
_MIN_REQUESTED_WIDTH = 12  # cells, for columns that the user asked for
_GUTTER = 3  # cells between columns
_GAP = 2  # cells between a number or a name and the text
_MAX_NUMBER_WIDTH = 12  # cells; a longer number is before its heading
_ALL_CELLS = range(sys.maxsize)

Cell = Sequence[Line]  # the lines of one language in a row


class Area(NamedTuple):
    """The part of a row's lines where the text of a language is."""

    language: str
    lines: range  # counted from the first line of text, after leading blank lines
    cells: range = _ALL_CELLS


class Layout(NamedTuple):
    """The arrangement of a page; the same for all of its rows."""

    arrangement: Arrangement
    settings: Mapping[str, TextStyle]  # by language, in the order of the request; the width is that of its text
    margin: int = 0  # cells left of the text: for section numbers in columns, for names interleaved

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages shown, in their order."""
        return tuple(self.settings)

    @property
    def spanning(self) -> TextStyle:
        """How text that is the same in all languages is laid out: over the width of all columns."""
        first = next(iter(self.settings.values()))
        count = len(self.settings) if self.arrangement is Arrangement.COLUMNS else 1
        return first._replace(width=first.width * count + _GUTTER * (count - 1))

    def has_margin_for(self, number: str) -> bool:
        """Return True if the number of a section is in the margin; if not, it is before the heading."""
        return self.arrangement is Arrangement.COLUMNS and len(number) + _GAP <= self.margin


def lay_out(
    article: Article,
    languages: Sequence[str],
    target: OutputTarget,
    *,
    arrangement: Arrangement | None = None,
    link_titles: Mapping[str, LinkTitles] = MappingProxyType({}),
) -> Layout:
    """Return how an article is laid out in these languages.

    `arrangement` is for several languages, None to choose by the width. Even if requested, there are no columns of less
    than 12 cells, and none in plain output. `link_titles` are by language.
    """
    settings = {
        language: text_style_for(target, language, link_titles.get(language, NO_LINK_TITLES)) for language in languages
    }
    if len(settings) == 1:
        return Layout(Arrangement.SINGLE, settings)
    if arrangement is not Arrangement.INTERLEAVED and not target.plain:
        margin = _margin_for_numbers(article)
        width = _column_width(target.columns - margin, len(settings))
        if arrangement is Arrangement.COLUMNS and width < _MIN_COLUMN_WIDTH:
            margin, width = 0, _column_width(target.columns, len(settings))
        if width >= (_MIN_REQUESTED_WIDTH if arrangement is Arrangement.COLUMNS else _MIN_COLUMN_WIDTH):
            columns = {tag: each._replace(keeps_urls=False) for tag, each in _with_width(settings, width).items()}
            return Layout(Arrangement.COLUMNS, columns, margin)
    names = max(len(name_of(language)) for language in settings)
    margin = min(names, target.max_text_width // 3) + _GAP
    return Layout(Arrangement.INTERLEAVED, _with_width(settings, target.max_text_width - margin), margin)


def _margin_for_numbers(article: Article) -> int:
    numbers = [len(section.number) for section in article.sections if section.level]
    return min(max(numbers), _MAX_NUMBER_WIDTH) + _GAP if numbers else 0


def _column_width(cells: int, count: int) -> int:
    return min(_MAX_COLUMN_WIDTH, (cells - _GUTTER * (count - 1)) // count)


def _with_width(settings: Mapping[str, TextStyle], width: int) -> dict[str, TextStyle]:
    return {language: setting._replace(width=width) for language, setting in settings.items()}


def name_of(language: str) -> str:
    """Return the name of a language on the page: its tag."""
    return sanitize_line(language)


def arrange(cells: Mapping[str, Cell], layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row with the cell of each language, and the number of a section in the margin."""
    if layout.arrangement is Arrangement.SINGLE:
        return [line for cell in cells.values() for line in cell]
    if layout.arrangement is Arrangement.INTERLEAVED:
        return [line for language, cell in cells.items() for line in _named(cell, name_of(language), layout)]
    width = layout.settings[layout.languages[0]].width
    lines = join_columns(list(cells.values()), [width] * len(cells), _GUTTER, keep_order=True)
    margin = Fragment(" " * layout.margin)
    label = Fragment(number.ljust(layout.margin), "number") if layout.has_margin_for(number) else margin
    return [[margin if index else label, *line] if line else [] for index, line in enumerate(lines)]


def arrange_shared(cell: Cell, layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row that is the same in all languages: once, over the whole width."""
    if layout.arrangement is Arrangement.INTERLEAVED:
        return _named(cell, ", ".join(map(name_of, layout.languages)) if layout.spanning.plain else "", layout)
    return arrange({"": cell}, layout, number)


def areas_of(cells: Mapping[str, Cell], layout: Layout) -> tuple[Area, ...]:
    """Return where the text of each language is in the lines that `arrange` returns for these cells."""
    areas: list[Area] = []
    line, cell = 0, layout.margin
    for language, setting in layout.settings.items():
        height = len(cells[language])
        if layout.arrangement is Arrangement.COLUMNS:
            step = setting.width + _GUTTER
            areas.append(Area(language, range(height), range(cell, cell + step)))
            cell += step
        else:
            areas.append(Area(language, range(line, line + height)))
            line += height
    return tuple(areas)


def _named(cell: Cell, name: str, layout: Layout) -> list[Line]:
    """Return lines with the name of a language before the first, in plain output before each of them."""
    if layout.spanning.plain:
        return [[Fragment(f"{name}: "), *line] for line in cell]
    first = Fragment(name[: layout.margin - _GAP].ljust(layout.margin), "dim")
    return hang([first], cell)
