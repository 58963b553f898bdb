"""An article in several languages at once: rows of counterparts, laid out one by one.

`rows_of` tells which blocks stand in a row and costs next to nothing, `lay_out_row` lays out one of them; so a
page of any length can be shown from any row on. Both take one language as well as several. Every row holds the
next blocks of each language in the order of its document, so that nothing is lost or reordered in any of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.layout.arrangement import Area, Layout, areas_of, arrange, arrange_shared, name_of
from relmgr_cli.layout.blocks import blank_between, render_block
from relmgr_cli.layout.inline import TextStyle, layout_inline, wrap
from relmgr_cli.layout.line import Fragment, Line, shift_sources, width_of
from relmgr_cli.layout.page import (
    description_lines,
    fact_lines,
    heading_lines,
    heading_style,
    missing_lines,
    title_beside,
    title_lines,
)
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_MISSING: Line = [Fragment("—", "dim")]

Places = Mapping[str, tuple[int, ...]]  # language of the article -> indexes of blocks; none where it lacks them
Cells = dict[str, list[Line]]  # by language, in the order of the layout


class Row(NamedTuple):
    """Blocks that are each other's counterparts, and so stand on the same line."""

    section: ArticleSection
    blocks: Places  # language of the article -> indexes of blocks; none where it lacks them
    is_heading: bool  # of its section


class RowLines(NamedTuple):
    """The lines of a row, and where on them each language stands."""

    lines: list[Line]
    areas: Sequence[Area] = ()  # none where no language has text
    leading_blank: int = 0  # blank lines before the text


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


def parallel_page(
    article: Article, layout: Layout, screen: OutputTarget, sections: Sequence[ArticleSection] | None = None
) -> Iterator[Line]:
    """Yield the lines of a whole article, or of some of its sections without the title."""
    rows = rows_of(article, layout.languages, sections)
    if sections is None:
        yield from head_lines(article, layout, screen)
        yield from [[]] if rows else []
    for before, row in zip((None, *rows), rows, strict=False):
        yield from lay_out_row(article, row, layout, before).lines


def parallel_highlights(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the key points of an article in several languages; it must have some."""
    yield from arrange(title_cells(article, layout), layout)
    for row in highlight_rows(article, layout.languages):
        yield []
        yield from lay_out_row(article, row, layout).lines


def parallel_outline(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the headings of an article in several languages."""
    yield from arrange(title_cells(article, layout), layout)
    yield []
    for row in rows_of(article, layout.languages):
        if row.is_heading:
            yield from lay_out_row(article, row, layout).lines


def head_lines(article: Article, layout: Layout, screen: OutputTarget) -> list[Line]:
    """Return the lines above the first row: titles, descriptions, keywords and how long reading takes."""
    if layout.arrangement is Arrangement.SINGLE:
        ((language, setting),) = layout.settings.items()
        document = article.documents[language]
        title = title_lines(article, document, screen, setting.width)
        return [*title, *description_lines(document, setting), *fact_lines(document, setting)]
    parts = (title_cells, description_cells, fact_cells)
    return [line for cells_of in parts for line in arrange(cells_of(article, layout), layout)]


def lay_out_row(article: Article, row: Row, layout: Layout, before: Row | None = None) -> RowLines:
    """Return the lines of a row, with a blank line first where it stands apart from the row `before` it.

    `before` is None for the first row of a page. The layout may have fewer languages than the rows were made for.
    The sources of the lines are offsets in the text of the row in a language: its blocks, a newline between them.
    """
    blank = _blank_lines(article, row, layout, before) if before else []
    lines, areas = _arranged(article, row, layout)
    return RowLines([*blank, *lines], areas, len(blank) if lines else 0)


def _arranged(article: Article, row: Row, layout: Layout) -> tuple[list[Line], Sequence[Area]]:
    number = row.section.number
    if not any(row.blocks.get(language) for language in layout.languages):
        return _missing_row(article, row, layout), ()
    if row.is_heading:
        cells = heading_cells(article, row.blocks, number, layout)
        return arrange(cells, layout, number), areas_of(cells, layout)
    if layout.arrangement is not Arrangement.SINGLE and (shared := shared_code(article, row.blocks, layout)):
        return arrange_shared(shared, layout), [Area(language, range(len(shared))) for language in layout.languages]
    cells = block_cells(article, row.blocks, layout)
    return arrange(cells, layout), areas_of(cells, layout)


def _missing_row(article: Article, row: Row, layout: Layout) -> list[Line]:
    """Return the lines of a section that all languages shown lack."""
    number = row.section.number
    with_number = not layout.has_margin_for(number)
    lines = missing_lines(article, row.section, layout.spanning, with_number=with_number)
    return arrange_shared(lines, layout, number)


def _blank_lines(article: Article, row: Row, layout: Layout, before: Row) -> list[Line]:
    if row.is_heading or layout.arrangement is Arrangement.INTERLEAVED:
        return [[]]
    return arrange(blank_cells(article, before.blocks, row.blocks, layout), layout)


def title_cells(article: Article, layout: Layout) -> Cells:
    """Return the titles; a column has the name of its language at the right."""
    return _of_each(article, layout, _title_and_name if layout.arrangement is Arrangement.COLUMNS else _title)


def description_cells(article: Article, layout: Layout) -> Cells:
    """Return what the headers say of the documents; no lines where none says anything."""
    cells = _of_each(article, layout, description_lines)
    return {language: lines or [_MISSING] for language, lines in cells.items()} if any(cells.values()) else cells


def fact_cells(article: Article, layout: Layout) -> Cells:
    """Return the keywords, the words, and how long they take to read."""
    return _of_each(article, layout, fact_lines)


def _of_each(article: Article, layout: Layout, lines_of: Callable[[Document, TextStyle], list[Line]]) -> Cells:
    return {language: lines_of(article.documents[language], setting) for language, setting in layout.settings.items()}


def _title(document: Document, setting: TextStyle) -> list[Line]:
    return wrap([Fragment(sanitize_line(document.title), "title")], setting, setting.width)


def _title_and_name(document: Document, setting: TextStyle) -> list[Line]:
    return title_beside(document, [Fragment(name_of(document.language)[: setting.width], "dim")], setting)


def heading_cells(article: Article, places: Places, number: str, layout: Layout) -> Cells:
    """Return the headings of a section, its number before the first of them where no margin has it."""
    cells: Cells = {}
    is_numbered = layout.has_margin_for(number)
    for language, setting in layout.settings.items():
        blocks = blocks_at(article, places, language)
        if not blocks:
            cells[language] = [_MISSING]
        elif is_numbered and layout.arrangement is Arrangement.COLUMNS:
            cells[language] = layout_inline(blocks[0].spans, setting, setting.width, heading_style(number)) or [[]]
        else:
            cells[language] = lines = heading_lines(blocks[0], number, setting)
            if is_numbered and not setting.plain:
                lines[0][0] = Fragment(" " * width_of(lines[0][:1]))
            is_numbered = True
    return cells


def block_cells(article: Article, places: Places, layout: Layout) -> Cells:
    """Return the blocks, with a mark for what a language lacks.

    Beside a longer cell the bar of a quote goes on to what stands below in it.
    """
    cells = {
        language: block_lines(article, places, language, setting) or [_MISSING] * (not places.get(language))
        for language, setting in layout.settings.items()
    }
    if layout.arrangement is Arrangement.COLUMNS:
        height = max(map(len, cells.values()))
        for language, lines in cells.items():
            lines.extend([_bars_below(article, places, language, layout)] * (height - len(lines)))
    return cells


def block_lines(article: Article, places: Places, language: str, setting: TextStyle) -> list[Line]:
    """Return the lines of what a language has in a row."""
    blocks = article.documents[language].blocks
    lines: list[Line] = []
    offset = 0  # of a block in the text of the row
    for nth, index in enumerate(places.get(language, ())):
        before = blocks[index - 1] if index else None
        if nth and before:
            offset += len(before.text) + 1
            if blocks[index].gap:
                lines.append(blank_between(before, blocks[index], setting))
        shown = render_block(blocks[index], setting, before)
        lines += shift_sources(shown, offset) if nth else shown
    return lines


def _bars_below(article: Article, places: Places, language: str, layout: Layout) -> Line:
    """Return the bars that the last block of a row and the block below it have in common."""
    blocks = article.documents[language].blocks
    last = places[language][-1] if places.get(language) else len(blocks)
    return blank_between(blocks[last], blocks[last + 1], layout.settings[language]) if last + 1 < len(blocks) else []


def shared_code(article: Article, places: Places, layout: Layout) -> list[Line]:
    """Return the lines of a row that is one block of code, the same in all languages; none for any other."""
    shown = [blocks_at(article, places, language) for language in layout.languages]
    if any([block.kind for block in blocks] != ["code"] for blocks in shown):
        return []
    looks = [(block.text, [(c.kind, c.marker) for c in block.containers]) for (block,) in shown]
    if any(look != looks[0] for look in looks):
        return []
    return block_lines(article, places, layout.languages[0], layout.spanning)


def blank_cells(article: Article, above: Places, below: Places, layout: Layout) -> Cells:
    """Return what stands between two rows: the bars of quotes that both stand in; no cells in a tight list."""
    cells: Cells = {}
    gaps, is_tight = False, False
    for language, setting in layout.settings.items():
        upper, lower = blocks_at(article, above, language)[-1:], blocks_at(article, below, language)[:1]
        cells[language] = [blank_between(upper[0], lower[0], setting) if upper and lower else []]
        gaps = gaps or any(block.gap for block in lower)
        is_tight = is_tight or any(not block.gap for block in lower if upper)
    return {} if is_tight and not gaps else cells


def blocks_at(article: Article, places: Places, language: str) -> list[Block]:
    """Return the blocks that a language has in a row."""
    return [article.documents[language].blocks[index] for index in places.get(language, ())]
