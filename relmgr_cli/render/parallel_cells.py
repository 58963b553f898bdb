"""What each language has in a row, as lines of its column's width, before they are set beside or under each other."""

from collections.abc import Callable, Mapping

from relmgr_cli.library.article import Article
from relmgr_cli.library.document import Document
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.render.blocks import blank_between, render_block
from relmgr_cli.render.clean import clean_line
from relmgr_cli.render.flow import Setting, flow, wrap
from relmgr_cli.render.lines import Line, Run, width_of
from relmgr_cli.render.page import description_lines, fact_lines, heading_lines, heading_style, title_beside
from relmgr_cli.render.parallel_layout import SIDE_BY_SIDE, Layout, name_of

_MISSING: Line = [Run("—", "dim")]

Places = Mapping[str, tuple[int, ...]]  # language of the article -> indexes of blocks; none where it lacks them
Cells = dict[str, list[Line]]  # by language, in the order of the layout


def title_cells(article: Article, layout: Layout) -> Cells:
    """Return the titles; a column has the name of its language at the right."""
    return _of_each(article, layout, _title_and_name if layout.shape == SIDE_BY_SIDE else _title)


def description_cells(article: Article, layout: Layout) -> Cells:
    """Return what the headers say of the documents; no lines where none says anything."""
    cells = _of_each(article, layout, description_lines)
    return {language: lines or [_MISSING] for language, lines in cells.items()} if any(cells.values()) else cells


def fact_cells(article: Article, layout: Layout) -> Cells:
    """Return the keywords, the words, and how long they take to read."""
    return _of_each(article, layout, fact_lines)


def _of_each(article: Article, layout: Layout, lines_of: Callable[[Document, Setting], list[Line]]) -> Cells:
    return {language: lines_of(article.documents[language], setting) for language, setting in layout.settings.items()}


def _title(document: Document, setting: Setting) -> list[Line]:
    return wrap([Run(clean_line(document.title), "title")], setting, setting.width)


def _title_and_name(document: Document, setting: Setting) -> list[Line]:
    return title_beside(document, [Run(name_of(document.language)[: setting.width], "dim")], setting)


def heading_cells(article: Article, places: Places, number: str, layout: Layout) -> Cells:
    """Return the headings of a section, its number before the first of them where no margin has it."""
    cells: Cells = {}
    is_numbered = layout.has_margin_for(number)
    for language, setting in layout.settings.items():
        blocks = blocks_at(article, places, language)
        if not blocks:
            cells[language] = [_MISSING]
        elif is_numbered and layout.shape == SIDE_BY_SIDE:
            cells[language] = flow(blocks[0].spans, setting, setting.width, heading_style(number)) or [[]]
        else:
            cells[language] = lines = heading_lines(blocks[0], number, setting)
            if is_numbered and not setting.plain:
                lines[0][0] = Run(" " * width_of(lines[0][:1]))
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
    if layout.shape == SIDE_BY_SIDE:
        height = max(map(len, cells.values()))
        for language, lines in cells.items():
            lines.extend([_bars_below(article, places, language, layout)] * (height - len(lines)))
    return cells


def block_lines(article: Article, places: Places, language: str, setting: Setting) -> list[Line]:
    """Return the lines of what a language has in a row."""
    blocks = article.documents[language].blocks
    lines: list[Line] = []
    for nth, index in enumerate(places.get(language, ())):
        before = blocks[index - 1] if index else None
        if nth and before and blocks[index].gap:
            lines.append(blank_between(before, blocks[index], setting))
        lines += render_block(blocks[index], setting, before)
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
