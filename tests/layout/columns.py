"""What must hold for a page in several languages, whatever is in it; for the tests and benchmarks/parallel.py."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, split_graphemes

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.article import Article
from relmgr_cli.layout.arrangement import Layout, lay_out
from relmgr_cli.layout.blocks import render_block
from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import Line, plain_text
from relmgr_cli.layout.parallel import Row, head_lines, lay_out_row, parallel_page, rows_of
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.sanitize import sanitize
from relmgr_cli.terminal.target import OutputTarget

GUTTER = 3


def faults_in(
    article: Article, languages: Sequence[str], screen: OutputTarget, arrangement: Arrangement | None = None
) -> list[str]:
    """Return what is wrong with a page in several languages, nothing for a page as it should be."""
    layout = lay_out(article, languages, screen, arrangement=arrangement)
    rows = rows_of(article, languages)
    faults = [*_disorder(article, rows, languages)]
    page = [plain_text(line) for line in parallel_page(article, layout, screen)]
    faults += [f"{cell_len(line)} cells wide: {line!r}" for line in page if cell_len(line) > screen.columns]
    drawn = [plain_text(line) for line in head_lines(article, layout, screen)] + [""] * bool(rows)
    for before, row, after in zip((None, *rows), rows, (*rows[1:], None), strict=False):
        own = [plain_text(line) for line in lay_out_row(article, row, layout, None, after).lines]
        with_blank = [plain_text(line) for line in lay_out_row(article, row, layout, before, after).lines]
        is_same = with_blank[-len(own) or len(with_blank) :] == own and len(with_blank) - len(own) <= 1
        if not is_same and not (before and _has_titles(article, before)):
            faults.append(f"row {row} is not the same below another row")
        drawn += with_blank
        faults += _faults_in_row(article, row, own, layout)
    if drawn != page:
        faults.append("the page is not its rows")
    return faults


def _has_titles(article: Article, row: Row) -> bool:
    """Tell whether a row has titles of alerts: the kind of an alert without one is beside them."""
    blocks = [article.documents[language].blocks[index] for language in row.blocks for index in row.blocks[language]]
    return {block.kind for block in blocks} == {"title"}


def _disorder(article: Article, rows: Sequence[Row], languages: Sequence[str]) -> Iterator[str]:
    for language in languages:
        shown = [index for row in rows for index in row.blocks.get(language, ())]
        if shown != list(range(len(article.documents[language].blocks))):
            yield f"{language}: blocks lost, twice or out of order"


def _faults_in_row(article: Article, row: Row, lines: Sequence[str], layout: Layout) -> Iterator[str]:
    blocks = {
        language: [article.documents[language].blocks[index] for index in row.blocks.get(language, ())]
        for language in layout.languages
    }
    shown = [found for found in blocks.values() if found]
    if not shown:
        if "—" not in lines[0]:
            yield f"no mark for section {row.section.number}"
        return
    texts = {(found[0].kind, found[0].text) for found in shown}
    is_shared = len(shown) == len(blocks) and len(texts) == 1 and shown[0][0].kind == "code"
    if is_shared and max(map(len, shown)) == 1 and holds("".join(lines), [(shown[0][0], layout.spanning)]):
        return
    if layout.arrangement == Arrangement.INTERLEAVED:
        everything = [(block, layout.settings[language]) for language, found in blocks.items() for block in found]
        if not holds("".join(lines), everything):
            yield f"words lost in {lines}"
        if sum("—" in line for line in lines) < len(blocks) - len(shown):
            yield f"no mark for what is missing in {lines}"
    elif layout.arrangement == Arrangement.COLUMNS:
        yield from _faults_in_columns(blocks, lines, layout)


def _faults_in_columns(blocks: dict[str, list[Block]], lines: Sequence[str], layout: Layout) -> Iterator[str]:
    for index, (language, found) in enumerate(blocks.items()):
        width = layout.settings[language].width
        start = layout.margin + index * (width + GUTTER)
        column = [cut_cells(line, start, start + width) for line in lines]
        has_titles = {block.kind for others in blocks.values() for block in others} == {"title"}
        if not found and not has_titles and [line.strip() for line in column if line.strip()] != ["—"]:
            yield f"no mark in the empty cell of {language}: {column}"
        if not holds("".join(column), [(block, layout.settings[language]) for block in found]):
            yield f"words of {language} lost: {column}"
        if found and letters(found[0].text.partition("\n")[0]) and not column[0].strip():
            yield f"{language} does not start on the row: {column}"
        beyond = [cut_cells(line, start + width, start + width + GUTTER) for line in lines]
        if "".join(beyond).strip(" \u200e"):
            yield f"{language} writes into the gutter: {beyond}"


def holds(text: str, blocks: Sequence[tuple[Block, TextStyle]]) -> bool:
    """Tell whether the text has every word of the blocks, in order."""
    found = letters(text)
    at = 0
    for block, setting in blocks:
        # The words of a table come in another order where its cells are wrapped: as they do when it stands alone.
        wanted = letters(_text_of(render_block(block, setting)) if block.rows else block.text)
        at = found.find(wanted, at)
        if at < 0:
            return False
        at += len(wanted)
    return True


def _text_of(lines: Sequence[Line]) -> str:
    return "".join(map(plain_text, lines))


def letters(text: str) -> str:
    """Return the letters and digits of a text as the page shows it."""
    return "".join(character for character in sanitize(text) if character.isalnum())


def cut_cells(text: str, start: int, end: int) -> str:
    """Return what stands between two cells of a line."""
    found, at = "", 0
    for first, last, width in split_graphemes(text)[0]:
        if start <= at < end:
            found += text[first:last]
        at += width
    return found
