"""Lays out an article in several languages: rows of blocks that translate each other.

`rows_of` returns which blocks are in each row and is cheap; `lay_out_row` lays out one of them. So the reader can show
a page of any length from any row on. Both also accept a single language. A row holds the next blocks of each language
in the order of its document, so that nothing is lost or reordered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.layout.arrangement import Area, Layout, areas_of, arrange, arrange_shared, name_of
from relmgr_cli.layout.blocks import blank_between, opens_untitled_alert, render_block
from relmgr_cli.layout.inline import TextStyle, layout_inline, wrap
from relmgr_cli.layout.line import Fragment, Line, line_of, shift_sources, width_of
from relmgr_cli.layout.page import (
    description_lines,
    fact_lines,
    heading_lines,
    heading_style,
    missing_lines,
    title_lines,
    title_with_languages,
    with_state,
)
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

BlockIndexes = Mapping[str, tuple[int, ...]]  # by language; empty or absent where it lacks the blocks
Cells = dict[str, list[Line]]  # by language, in the order of the layout


class Row(NamedTuple):
    """Blocks that translate each other and are shown next to each other."""

    section: ArticleSection
    blocks: BlockIndexes
    is_heading: bool  # of its section


class RowLines(NamedTuple):
    """The lines of a row, and the area of each language in them."""

    lines: list[Line]
    areas: Sequence[Area] = ()  # none where no language has text
    leading_blank: int = 0  # blank lines before the text


def rows_of(
    article: Article, languages: Sequence[str], sections: Sequence[ArticleSection] | None = None
) -> tuple[Row, ...]:
    """Return the rows of an article, or of some of its sections, in reading order.

    Every block of these languages is in exactly one row. Every section has a row for its heading, even where all of the
    languages lack it. In a single language every block is a row, in the section that it has in its document.
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
        if is_heading or any(map(unit.blocks.get, languages)):
            yield Row(section, unit.blocks, is_heading)


def _rows_of_document(article: Article, language: str, sections: Sequence[ArticleSection]) -> Iterator[Row]:
    document = article.documents[language]
    counterparts = {index: unit.blocks for unit in article.units for index in unit.blocks.get(language, ())}
    for section in sections:
        if language not in section.indexes:
            starts = {key: (article.documents[key].sections[at].start,) for key, at in section.indexes.items()}
            yield Row(section, starts, is_heading=True)
            continue
        part = document.sections[section.indexes[language]]
        for index in range(part.start, part.end):
            is_heading = section.level > 0 and index == part.start
            yield Row(section, {**counterparts[index], language: (index,)}, is_heading)


def highlight_rows(article: Article, languages: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of the article's highlights: the items of the list without the text around it."""
    rows = rows_of(article, languages, [found for found in article.sections if found.number == article.highlights])
    shown = ([block.kind for tag in languages for block in _blocks_at(article, row.blocks, tag)] for row in rows)
    return tuple(row for row, kinds in zip(rows, shown, strict=True) if "item" in kinds)


def parallel_page(
    article: Article, layout: Layout, target: OutputTarget, sections: Sequence[ArticleSection] | None = None
) -> Iterator[Line]:
    """Yield the lines of a whole article, or of some of its sections without the title."""
    rows = rows_of(article, layout.languages, sections)
    if sections is None:
        yield from head_lines(article, layout, target)
        yield from [[]] if rows else []
    for before, row, after in zip((None, *rows), rows, (*rows[1:], None), strict=False):
        yield from lay_out_row(article, row, layout, before, after).lines


def parallel_highlights(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the highlights of an article in several languages; it must have some."""
    yield from arrange(_title_cells(article, layout), layout)
    for row in highlight_rows(article, layout.languages):
        yield []
        yield from lay_out_row(article, row, layout).lines


def parallel_outline(article: Article, layout: Layout) -> Iterator[Line]:
    """Yield the titles and the headings of an article in several languages."""
    yield from arrange(_title_cells(article, layout), layout)
    yield []
    for row in rows_of(article, layout.languages):
        if row.is_heading:
            yield from lay_out_row(article, row, layout).lines


def head_lines(article: Article, layout: Layout, target: OutputTarget) -> list[Line]:
    """Return the lines above the first row: titles, descriptions, keywords, words and minutes."""
    if layout.arrangement is Arrangement.SINGLE:
        ((language, setting),) = layout.settings.items()
        document = article.documents[language]
        title = title_lines(article, document, target, setting.width)
        return [*title, *description_lines(document, setting), *fact_lines(document, setting)]
    descriptions = _cells(article, layout, description_lines)
    if any(descriptions.values()):
        missing = _missing(layout.spanning)
        descriptions = {language: lines or [missing] for language, lines in descriptions.items()}
    parts = (_title_cells(article, layout), descriptions, _cells(article, layout, fact_lines))
    return [line for cells in parts for line in arrange(cells, layout)]


def lay_out_row(
    article: Article, row: Row, layout: Layout, before: Row | None = None, after: Row | None = None
) -> RowLines:
    """Return the lines of a row, with a blank line first where one separates it from the row `before` it.

    `before` is None for the first row of a page, `after` for the last one. The layout may have fewer languages than the
    rows were made for. The sources of the fragments are offsets in the text of the row in a language: its blocks,
    separated by newlines.
    """
    blank = _blank_lines(article, row, layout, before) if before else []
    lines, areas = _arranged(article, row, layout, (before, after))
    return RowLines([*blank, *lines], areas, len(blank) if lines else 0)


def _arranged(
    article: Article, row: Row, layout: Layout, neighbours: tuple[Row | None, Row | None]
) -> tuple[list[Line], Sequence[Area]]:
    number = row.section.number
    if not any(row.blocks.get(language) for language in layout.languages):
        lines = missing_lines(article, row.section, layout.spanning, with_number=not layout.has_margin_for(number))
        return arrange_shared(lines, layout, number), ()
    if row.is_heading:
        cells = _heading_cells(article, row, layout)
        return arrange(cells, layout, number), areas_of(cells, layout)
    if layout.arrangement is not Arrangement.SINGLE and (shared := _shared_code(article, row.blocks, layout)):
        return arrange_shared(shared, layout), [Area(language, range(len(shared))) for language in layout.languages]
    cells = _block_cells(article, row, layout, neighbours)
    if neighbours[0] is None and not row.section.level:  # it has no heading for the mark
        for language, lines in cells.items():
            cells[language] = (
                with_state([], article.state_of(number, language), layout.settings[language].width) + lines
            )
    return arrange(cells, layout), areas_of(cells, layout)


def _blank_lines(article: Article, row: Row, layout: Layout, before: Row) -> list[Line]:
    """Return the lines between two rows: bars of the quotes that contain both; no lines in a tight list."""
    if row.is_heading or layout.arrangement is Arrangement.INTERLEAVED:
        return [[]]
    cells: Cells = {}
    has_gap, is_tight = False, False
    named = _named_above(article, before, row, layout)
    for language, setting in layout.settings.items():
        below = _blocks_at(article, row.blocks, language)[:1]
        above = below if language in named else _blocks_at(article, before.blocks, language)[-1:]
        cells[language] = [blank_between(above[0], below[0], setting) if above and below else []]
        has_gap = has_gap or any(block.gap for block in below)
        is_tight = is_tight or any(not block.gap for block in below if above)
    return [] if is_tight and not has_gap else arrange(cells, layout)


def _cells(article: Article, layout: Layout, lines_of: Callable[[Document, TextStyle], list[Line]]) -> Cells:
    return {language: lines_of(article.documents[language], setting) for language, setting in layout.settings.items()}


def _title_cells(article: Article, layout: Layout) -> Cells:
    """Return the titles; in columns each has the name of its language at the right."""

    def lines_of(document: Document, setting: TextStyle) -> list[Line]:
        if layout.arrangement is Arrangement.COLUMNS:
            name = name_of(document.language)[: setting.width]
            return title_with_languages(document, line_of((name, "dim")), setting)
        return wrap([Fragment(sanitize_line(document.title), "title")], setting.width, setting.language)

    return _cells(article, layout, lines_of)


def _heading_cells(article: Article, row: Row, layout: Layout) -> Cells:
    """Return the headings of a section, its number before the first of them if it is not in the margin."""
    cells: Cells = {}
    number = row.section.number
    is_numbered = layout.has_margin_for(number)
    for language, setting in layout.settings.items():
        blocks = _blocks_at(article, row.blocks, language)
        state = article.state_of(number, language)
        if not blocks:
            cells[language] = [_missing(setting)]
        elif is_numbered and layout.arrangement is Arrangement.COLUMNS:
            heading = layout_inline(blocks[0].spans, setting, setting.width, heading_style(number)) or [[]]
            cells[language] = with_state(heading, state, setting.width)
        else:
            cells[language] = lines = heading_lines(blocks[0], row.section, setting, state)
            if is_numbered and not setting.plain:
                lines[0][0] = Fragment(" " * width_of(lines[0][:1]))
            is_numbered = True
    return cells


def _missing(setting: TextStyle) -> Line:
    """Return what stands where a language has no text."""
    return [Fragment(messages.PLAIN_NO_TRANSLATION if setting.in_words else "—", "dim")]


def _named_above(article: Article, row: Row | None, after: Row | None, layout: Layout) -> list[str]:
    """Return the languages in which `after` opens an alert without a title where others have the title in `row`.

    In columns its kind is written in `row`, so that the text of the alert begins in the same row in all languages.
    """
    if row is None or after is None or layout.arrangement is not Arrangement.COLUMNS:
        return []
    shown = [block for language in layout.languages for block in _blocks_at(article, row.blocks, language)]
    if not shown or any(block.kind != "title" for block in shown):
        return []
    return [
        language
        for language in layout.languages
        if not row.blocks.get(language) and _opens_untitled_alert(article, after, language)
    ]


def _opens_untitled_alert(article: Article, row: Row, language: str) -> bool:
    blocks = article.documents[language].blocks
    first = next(iter(row.blocks.get(language, ())), None)
    if first is None or blocks[first].kind in VERBATIM_KINDS:  # code may be shown once for all languages
        return False
    return opens_untitled_alert(blocks[first], blocks[first - 1] if first else None)


def _block_cells(article: Article, row: Row, layout: Layout, neighbours: tuple[Row | None, Row | None]) -> Cells:
    """Return the blocks, with a dash where a language lacks them.

    The title of an alert is not lacking: an alert without one has a name.

    In columns, the bar of a quote continues to the end of the row if the next block is in the quote too.
    """
    indexes, (before, after) = row.blocks, neighbours
    kinds = {block.kind for language in indexes for block in _blocks_at(article, indexes, language)}
    is_lacking = {language: kinds != {"title"} and not indexes.get(language) for language in layout.settings}
    cells = {
        language: _block_lines(article, indexes, language, setting) or [_missing(setting)] * is_lacking[language]
        for language, setting in layout.settings.items()
    }
    for language in _named_above(article, row, after, layout):
        following = after.blocks if after else {}
        cells[language] = _block_lines(article, following, language, layout.settings[language])[:1]
    for language in _named_above(article, before, row, layout):
        cells[language] = cells[language][1:]
    if layout.arrangement is Arrangement.COLUMNS:
        height = max(map(len, cells.values()))
        for language, lines in cells.items():
            lines.extend([_bars_below(article, indexes, language, layout)] * (height - len(lines)))
    return cells


def _block_lines(article: Article, indexes: BlockIndexes, language: str, setting: TextStyle) -> list[Line]:
    """Return the lines of the blocks that a language has in a row."""
    blocks = article.documents[language].blocks
    lines: list[Line] = []
    offset = 0  # of a block in the text of the row
    for nth, index in enumerate(indexes.get(language, ())):
        before = blocks[index - 1] if index else None
        if nth and before:
            offset += len(before.text) + 1
            if blocks[index].gap:
                lines.append(blank_between(before, blocks[index], setting))
        shown = render_block(blocks[index], setting, before)
        lines += shift_sources(shown, offset) if nth else shown
    return lines


def _bars_below(article: Article, indexes: BlockIndexes, language: str, layout: Layout) -> Line:
    """Return the bars that the last block of a row and the next block have in common."""
    blocks = article.documents[language].blocks
    last = indexes[language][-1] if indexes.get(language) else len(blocks)
    return blank_between(blocks[last], blocks[last + 1], layout.settings[language]) if last + 1 < len(blocks) else []


def _shared_code(article: Article, indexes: BlockIndexes, layout: Layout) -> list[Line]:
    """Return the lines of a row that is one block of code or a formula, the same in all languages; else none."""
    shown = [_blocks_at(article, indexes, language) for language in layout.languages]
    if any(len(blocks) != 1 or blocks[0].kind not in VERBATIM_KINDS for blocks in shown):
        return []
    contents = {(block.text, *((c.kind, c.marker) for c in block.containers)) for (block,) in shown}
    return _block_lines(article, indexes, layout.languages[0], layout.spanning) if len(contents) == 1 else []


def _blocks_at(article: Article, indexes: BlockIndexes, language: str) -> list[Block]:
    """Return the blocks that a language has in a row."""
    return [article.documents[language].blocks[index] for index in indexes.get(language, ())]
