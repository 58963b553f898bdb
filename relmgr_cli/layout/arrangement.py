"""Where the languages of a page stand: side by side in columns, or interleaved with their names before them.

Geometry alone: it is given the lines of each language and sets them beside or under each other. Columns that
would be too narrow to read are given up for interleaved lines. Languages are told apart by their column or by
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
from relmgr_cli.layout.line import Fragment, Line
from relmgr_cli.layout.page import NO_LINK_TITLES, LinkTitles, text_style_for
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_WIDEST = 88  # cells of a column, as of a page
_NARROWEST = 28  # cells of a column; where they would be narrower the languages are interleaved
_TIGHTEST = 12  # cells of a column that was asked for
_GUTTER = 3  # cells between columns
_GAP = 2  # cells between a number or a name and the text
_LONGEST_NUMBER = 12  # cells; a longer one stands before its heading
_ALL_CELLS = range(sys.maxsize)

Cell = Sequence[Line]  # what one language has in a row


class Area(NamedTuple):
    """A part of a row's lines, and the language whose text stands there."""

    language: str
    lines: range  # from the first line of the text on, blank lines before it not counted
    cells: range = _ALL_CELLS


class Layout(NamedTuple):
    """How the languages of a page are set; the same for all of its rows."""

    arrangement: Arrangement
    settings: Mapping[str, TextStyle]  # by language, in the order asked for; the width is that of its text
    margin: int = 0  # cells left of the text: for numbers of sections side by side, for names interleaved

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages shown, in their order."""
        return tuple(self.settings)

    @property
    def spanning(self) -> TextStyle:
        """How text is set that is the same in all languages: over the width of all columns."""
        first = next(iter(self.settings.values()))
        count = len(self.settings) if self.arrangement is Arrangement.COLUMNS else 1
        return first._replace(width=first.width * count + _GUTTER * (count - 1))

    def has_margin_for(self, number: str) -> bool:
        """Tell whether the number of a section stands in the margin; if not, it stands before the heading."""
        return self.arrangement is Arrangement.COLUMNS and len(number) + _GAP <= self.margin


def lay_out(
    article: Article,
    languages: Sequence[str],
    screen: OutputTarget,
    *,
    arrangement: Arrangement | None = None,
    leads: Mapping[str, LinkTitles] = MappingProxyType({}),
) -> Layout:
    """Return how an article is set in these languages.

    `arrangement` is that of several languages, None for what suits the screen. Even when asked for, there are no
    columns of less than 12 cells and none where the screen is plain. `leads` are those of each language.
    """
    settings = {
        language: text_style_for(screen, language, leads.get(language, NO_LINK_TITLES)) for language in languages
    }
    if len(settings) == 1:
        return Layout(Arrangement.SINGLE, settings)
    if arrangement is not Arrangement.INTERLEAVED and not screen.plain:
        margin = _margin_for_numbers(article)
        width = _column_width(screen.columns - margin, len(settings))
        if arrangement is Arrangement.COLUMNS and width < _NARROWEST:
            margin, width = 0, _column_width(screen.columns, len(settings))
        if width >= (_TIGHTEST if arrangement is Arrangement.COLUMNS else _NARROWEST):
            return Layout(Arrangement.COLUMNS, _with_width(settings, width), margin)
    names = max(len(name_of(language)) for language in settings)
    margin = min(names, screen.max_text_width // 3) + _GAP
    return Layout(Arrangement.INTERLEAVED, _with_width(settings, screen.max_text_width - margin), margin)


def _margin_for_numbers(article: Article) -> int:
    numbers = [len(section.number) for section in article.sections if section.level]
    return min(max(numbers), _LONGEST_NUMBER) + _GAP if numbers else 0


def _column_width(cells: int, count: int) -> int:
    return min(_WIDEST, (cells - _GUTTER * (count - 1)) // count)


def _with_width(settings: Mapping[str, TextStyle], width: int) -> dict[str, TextStyle]:
    return {language: setting._replace(width=width) for language, setting in settings.items()}


def name_of(language: str) -> str:
    """Return what a language is called on the page: its tag."""
    return sanitize_line(language)


def arrange(cells: Mapping[str, Cell], layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row: each language's cell in its place, the number of a section in the margin."""
    if layout.arrangement is Arrangement.SINGLE:
        return [line for cell in cells.values() for line in cell]
    if layout.arrangement is Arrangement.INTERLEAVED:
        return [line for language, cell in cells.items() for line in _named(cell, name_of(language), layout)]
    width = layout.settings[layout.languages[0]].width
    lines = join_columns(list(cells.values()), [width] * len(cells), _GUTTER, with_marks=True)
    margin = Fragment(" " * layout.margin)
    label = Fragment(number.ljust(layout.margin), "number") if layout.has_margin_for(number) else margin
    return [[margin if index else label, *line] if line else [] for index, line in enumerate(lines)]


def arrange_shared(cell: Cell, layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row that says the same in all languages: once, over the whole width."""
    if layout.arrangement is Arrangement.INTERLEAVED:
        return _named(cell, ", ".join(map(name_of, layout.languages)) if layout.spanning.plain else "", layout)
    return arrange({"": cell}, layout, number)


def areas_of(cells: Mapping[str, Cell], layout: Layout) -> tuple[Area, ...]:
    """Return where each language stands in the lines that `arrange` gives for these cells."""
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
    """Return lines with a language's name before the first, and before each where each must stand by itself."""
    if layout.spanning.plain:
        return [[Fragment(f"{name}: "), *line] for line in cell]
    first = Fragment(name[: layout.margin - _GAP].ljust(layout.margin), "dim")
    rest = Fragment(" " * layout.margin)
    return [[rest if index else first, *line] for index, line in enumerate(cell)]
