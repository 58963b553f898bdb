"""Where the languages of a page stand: side by side in columns, or interleaved with their names before them.

Geometry alone: it is given the lines of each language and sets them beside or under each other. Columns that
would be too narrow to read are given up for interleaved lines. Languages are told apart by their column or by
their name, never by colour.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.library.article import Article
from relmgr_cli.render.clean import clean_line
from relmgr_cli.render.flow import Setting
from relmgr_cli.render.lines import Line, Run, plain_text, width_of
from relmgr_cli.render.page import NO_LEADS, Leads, setting_for
from relmgr_cli.render.screen import Screen

ALONE, SIDE_BY_SIDE, INTERLEAVED = "alone", "side by side", "interleaved"

_WIDEST = 88  # cells of a column, as of a page
_NARROWEST = 28  # cells of a column; where they would be narrower the languages are interleaved
_TIGHTEST = 12  # cells of a column that was asked for
_GUTTER = 3  # cells between columns
_GAP = 2  # cells between a number or a name and the text
_LONGEST_NUMBER = 12  # cells; a longer one stands before its heading
_FIRST_RIGHT_TO_LEFT = "\u0590"
_LEFT_TO_RIGHT_MARK = "\u200e"

Cell = Sequence[Line]  # what one language has in a row


class Layout(NamedTuple):
    """How the languages of a page are set; the same for all of its rows."""

    shape: str  # ALONE for one language, SIDE_BY_SIDE, INTERLEAVED
    settings: Mapping[str, Setting]  # by language, in the order asked for; the width is that of its text
    margin: int = 0  # cells left of the text: for numbers of sections side by side, for names interleaved

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages shown, in their order."""
        return tuple(self.settings)

    @property
    def spanning(self) -> Setting:
        """How text is set that is the same in all languages: over the width of all columns."""
        first = next(iter(self.settings.values()))
        count = len(self.settings) if self.shape == SIDE_BY_SIDE else 1
        return first._replace(width=first.width * count + _GUTTER * (count - 1))

    def has_margin_for(self, number: str) -> bool:
        """Tell whether the number of a section stands in the margin; if not, it stands before the heading."""
        return self.shape == SIDE_BY_SIDE and len(number) + _GAP <= self.margin


def lay_out(
    article: Article,
    languages: Sequence[str],
    screen: Screen,
    *,
    shape: str = "",
    leads: Mapping[str, Leads] = MappingProxyType({}),
) -> Layout:
    """Return how an article is set in these languages.

    `shape` is SIDE_BY_SIDE or INTERLEAVED; "" for what suits the screen. Even when asked for, there are no columns
    of less than 12 cells and none where the screen is plain. `leads` are those of each language.
    """
    settings = {language: setting_for(screen, language, leads.get(language, NO_LEADS)) for language in languages}
    if len(settings) == 1:
        return Layout(ALONE, settings)
    if shape != INTERLEAVED and not screen.plain:
        margin = _margin_for_numbers(article)
        width = _column_width(screen.columns - margin, len(settings))
        if shape == SIDE_BY_SIDE and width < _NARROWEST:
            margin, width = 0, _column_width(screen.columns, len(settings))
        if width >= (_TIGHTEST if shape == SIDE_BY_SIDE else _NARROWEST):
            return Layout(SIDE_BY_SIDE, _with_width(settings, width), margin)
    names = max(len(name_of(language)) for language in settings)
    margin = min(names, screen.measure // 3) + _GAP
    return Layout(INTERLEAVED, _with_width(settings, screen.measure - margin), margin)


def _margin_for_numbers(article: Article) -> int:
    numbers = [len(section.number) for section in article.sections if section.level]
    return min(max(numbers), _LONGEST_NUMBER) + _GAP if numbers else 0


def _column_width(cells: int, count: int) -> int:
    return min(_WIDEST, (cells - _GUTTER * (count - 1)) // count)


def _with_width(settings: Mapping[str, Setting], width: int) -> dict[str, Setting]:
    return {language: setting._replace(width=width) for language, setting in settings.items()}


def name_of(language: str) -> str:
    """Return what a language is called on the page: its tag."""
    return clean_line(language)


def arrange(cells: Mapping[str, Cell], layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row: each language's cell in its place, the number of a section in the margin."""
    if layout.shape == INTERLEAVED:
        return [line for language, cell in cells.items() for line in _named(cell, name_of(language), layout)]
    width = layout.settings[layout.languages[0]].width
    lines = [_beside(parts, width) for parts in zip_longest(*cells.values(), fillvalue=())]
    margin = Run(" " * layout.margin)
    label = Run(number.ljust(layout.margin), "number") if layout.has_margin_for(number) else margin
    return [[margin if index else label, *line] if line else [] for index, line in enumerate(lines)]


def arrange_shared(cell: Cell, layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row that says the same in all languages: once, over the whole width."""
    if layout.shape == SIDE_BY_SIDE:
        return arrange({"": cell}, layout, number)
    return _named(cell, ", ".join(map(name_of, layout.languages)) if layout.spanning.plain else "", layout)


def _named(cell: Cell, name: str, layout: Layout) -> list[Line]:
    """Return lines with a language's name before the first, and before each where each must stand by itself."""
    if layout.spanning.plain:
        return [[Run(f"{name}: "), *line] for line in cell]
    first = Run(name[: layout.margin - _GAP].ljust(layout.margin), "dim")
    rest = Run(" " * layout.margin)
    return [[rest if index else first, *line] for index, line in enumerate(cell)]


def _beside(parts: Sequence[Sequence[Run]], width: int) -> Line:
    """Return one line of all columns, each `width` cells wide, without spaces at its end."""
    line: Line = []
    owed = 0  # cells of space before the next text
    last = ""
    for part in parts:
        text = plain_text(part)
        if text:
            line += [Run(_space(owed, last, text)), *part] if owed else part
            owed, last = 0, text
        owed += width - width_of(part) + _GUTTER
    return line


def _space(cells: int, before: str, after: str) -> str:
    """Return the space between two texts.

    Between two that run from right to left a mark keeps their columns in order (Unicode Standard Annex 9, L2).
    """
    if _runs_to_the_left(before) and _runs_to_the_left(after):
        return f"{' ' * (cells - 1)}{_LEFT_TO_RIGHT_MARK} "
    return " " * cells


def _runs_to_the_left(text: str) -> bool:
    if max(text, default="") < _FIRST_RIGHT_TO_LEFT:
        return False
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)
