"""An article in several languages at once: rows of counterparts, laid out one by one.

`rows_of` tells which blocks stand in a row and costs next to nothing, `row_lines` lays out one of them; so a
page of any length can be shown from any row on. Both take one language as well as several. Every row holds the
next blocks of each language in the order of its document, so that nothing is lost or reordered in any of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.library.article import Article, ArticleSection
from relmgr_cli.render.lines import Line
from relmgr_cli.render.page import description_lines, fact_lines, missing_lines, title_lines
from relmgr_cli.render.parallel_cells import (
    Cells,
    Places,
    blank_cells,
    block_cells,
    blocks_at,
    description_cells,
    fact_cells,
    heading_cells,
    shared_code,
    title_cells,
)
from relmgr_cli.render.parallel_layout import ALONE, INTERLEAVED, Layout, arrange, arrange_shared
from relmgr_cli.render.screen import Screen


class Row(NamedTuple):
    """Blocks that are each other's counterparts, and so stand on the same line."""

    section: ArticleSection
    blocks: Places  # language of the article -> indexes of blocks; none where it lacks them
    is_heading: bool  # of its section


def rows_of(
    article: Article, languages: Sequence[str], sections: Sequence[ArticleSection] | None = None
) -> tuple[Row, ...]:
    """Return the rows of an article, or of some of its sections, in reading order.

    Every block of these languages is in exactly one row, and every section has a row for its heading even where
    all of them lack it. In one language alone every block is a row of its own, and stands in the section that its
    own document has it in.
    """
    chosen = article.sections if sections is None else sections
    if len(languages) == 1:
        return tuple(_rows_of_document(article, languages[0], chosen))
    return tuple(_rows_of_units(article, languages, chosen))


def _rows_of_units(article: Article, languages: Sequence[str], sections: Sequence[ArticleSection]) -> Iterator[Row]:
    by_number = {section.number: section for section in sections}
    last = None
    for unit in article.units:
        section = by_number.get(unit.section)
        if section is None:
            continue
        is_heading = section.level > 0 and section is not last
        last = section
        if is_heading or any(unit.blocks.get(language) for language in languages):
            yield Row(section, unit.blocks, is_heading)


def _rows_of_document(article: Article, language: str, sections: Sequence[ArticleSection]) -> Iterator[Row]:
    document = article.documents[language]
    counterparts = {index: unit.blocks for unit in article.units for index in unit.blocks.get(language, ())}
    for section in sections:
        if language not in section.places:
            starts = {key: (article.documents[key].sections[at].start,) for key, at in section.places.items()}
            yield Row(section, starts, is_heading=True)
            continue
        place = document.sections[section.places[language]]
        for index in range(place.start, place.end):
            is_heading = section.level > 0 and index == place.start
            yield Row(section, {**counterparts[index], language: (index,)}, is_heading)


def highlight_rows(article: Article, languages: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of the article's key points: of the items of the list alone."""
    sections = [section for section in article.sections if section.number == article.highlights]
    return tuple(
        row
        for row in rows_of(article, languages, sections)
        if any(block.kind == "item" for language in languages for block in blocks_at(article, row.blocks, language))
    )


def find_row(rows: Sequence[Row], language: str, block: int) -> int | None:
    """Return the index of the row that holds a block; None when none does."""
    return next((index for index, row in enumerate(rows) if block in row.blocks.get(language, ())), None)


def parallel_page(
    article: Article, layout: Layout, screen: Screen, sections: Sequence[ArticleSection] | None = None
) -> Iterator[Line]:
    """Yield the lines of a whole article, or of some of its sections without the title."""
    rows = rows_of(article, layout.languages, sections)
    if sections is None:
        yield from head_lines(article, layout, screen)
        yield from [[]] if rows else []
    for before, row in zip((None, *rows), rows, strict=False):
        yield from row_lines(article, row, layout, before)


def parallel_highlights(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the key points of an article in several languages; it must have some."""
    yield from arrange(title_cells(article, layout), layout)
    for row in highlight_rows(article, layout.languages):
        yield []
        yield from row_lines(article, row, layout)


def parallel_outline(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the headings of an article in several languages."""
    yield from arrange(title_cells(article, layout), layout)
    yield []
    for row in rows_of(article, layout.languages):
        if row.is_heading:
            yield from row_lines(article, row, layout)


def head_lines(article: Article, layout: Layout, screen: Screen) -> list[Line]:
    """Return the lines above the first row: titles, descriptions, keywords and how long reading takes."""
    if layout.shape == ALONE:
        ((language, setting),) = layout.settings.items()
        document = article.documents[language]
        title = title_lines(article, document, screen, setting.width)
        return [*title, *description_lines(document, setting), *fact_lines(document, setting)]
    parts = (title_cells, description_cells, fact_cells)
    return [line for cells_of in parts for line in arrange(cells_of(article, layout), layout)]


def row_lines(article: Article, row: Row, layout: Layout, before: Row | None = None) -> list[Line]:
    """Return the lines of a row; the first is a blank one where the row stands apart from the one before it.

    `before` is None for the first row of a page. The layout may have fewer languages than the rows were made for.
    """
    blank = _blank_lines(article, row, layout, before) if before else []
    number = row.section.number
    if not any(row.blocks.get(language) for language in layout.languages):
        return blank + _missing_row(article, row, layout)
    if row.is_heading:
        return blank + _arrange(heading_cells(article, row.blocks, number, layout), layout, number)
    if layout.shape != ALONE and (shared := shared_code(article, row.blocks, layout)):
        return blank + arrange_shared(shared, layout)
    return blank + _arrange(block_cells(article, row.blocks, layout), layout)


def _missing_row(article: Article, row: Row, layout: Layout) -> list[Line]:
    """Return the place of a section that all languages shown lack."""
    number = row.section.number
    with_number = not layout.has_margin_for(number)
    lines = missing_lines(article, row.section, layout.spanning, with_number=with_number)
    return lines if layout.shape == ALONE else arrange_shared(lines, layout, number)


def _blank_lines(article: Article, row: Row, layout: Layout, before: Row) -> list[Line]:
    if row.is_heading or layout.shape == INTERLEAVED:
        return [[]]
    return _arrange(blank_cells(article, before.blocks, row.blocks, layout), layout)


def _arrange(cells: Cells, layout: Layout, number: str = "") -> list[Line]:
    """Return the lines of a row; one language alone fills the page."""
    if layout.shape == ALONE:
        return [line for cell in cells.values() for line in cell]
    return arrange(cells, layout, number)
