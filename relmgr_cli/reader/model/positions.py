"""Text positions: where each character of a row is on the page, and the words and links of a row.

Every fragment of a line has the offset of the text that it shows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from relmgr_cli.layout.line import Line, plain_text
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.reader.model.rows import ArticleRows

_NAME = re.compile(r"[^\s·]+")  # of a language
_WORD = re.compile(r"[^\W_]+(?:['’‐-][^\W_]+)*")


class TextRange(NamedTuple):
    """A range of a row's text in one language."""

    row: int
    language: str
    start: int  # characters
    end: int


class ScreenPosition(NamedTuple):
    """The position of a character on the page."""

    line: int  # of its row
    character: int  # of the line's text


class ShownText(NamedTuple):
    """A part of a line that shows text of a row character by character."""

    line: int
    character: int  # where it starts in the line's text
    length: int
    language: str
    source: int  # where it starts in the row's text


class Link(NamedTuple):
    """A link of a row in one language."""

    start: int
    end: int
    text: str
    href: str  # as written


def shown_text(rows: ArticleRows, row: int, lines: Iterable[int] | None = None) -> Iterator[ShownText]:
    """Yield the text that lines of a row show, all lines by default; shared code once for each language."""
    found = rows.row_lines(row)
    for number in range(len(found.lines)) if lines is None else lines:
        areas = [area for area in found.areas if number - found.leading_blank in area.lines]
        character = cell = 0
        for fragment in found.lines[number] if areas else ():
            if fragment.source >= 0:
                for area in areas:
                    if cell in area.cells:
                        yield ShownText(number, character, len(fragment.text), area.language, fragment.source)
            character += len(fragment.text)
            cell += cell_len(fragment.text)


def hit_test(rows: ArticleRows, row: int, line: int, cell: int) -> tuple[str, int] | None:
    """Return the language and the offset of the character in a cell of a line; None if the cell shows no text."""
    character = next((start for start, first, end in _graphemes(rows.lines(row)[line]) if first <= cell < end), -1)
    for shown in shown_text(rows, row, [line]):
        if shown.character <= character < shown.character + shown.length:
            return shown.language, shown.source + character - shown.character
    return None


def screen_positions(rows: ArticleRows, row: int, language: str) -> list[ScreenPosition | None]:
    """Return the first position of each character of a row's text; None for those not shown."""
    positions: list[ScreenPosition | None] = [None] * len(rows.text(row, language))
    for shown in shown_text(rows, row):
        if shown.language == language:
            for nth in range(shown.length):
                if positions[shown.source + nth] is None:
                    positions[shown.source + nth] = ScreenPosition(shown.line, shown.character + nth)
    return positions


def position_of(rows: ArticleRows, text: TextRange) -> ScreenPosition | None:
    """Return the position of the start of a range of text; None if it is not shown."""
    for shown in shown_text(rows, text.row):
        if shown.language == text.language and 0 <= text.start - shown.source < shown.length:
            return ScreenPosition(shown.line, shown.character + text.start - shown.source)
    return None


def ranges_on_screen(shown: Iterable[ShownText], text: TextRange) -> list[tuple[int, int, int]]:
    """Return the parts of lines that show a range of text, as (line, start, end) in characters of the line."""
    ranges: list[tuple[int, int, int]] = []
    for each in shown:
        if each.language != text.language or each.source >= text.end or each.source + each.length <= text.start:
            continue
        start = each.character + max(0, text.start - each.source)
        end = each.character + min(each.length, text.end - each.source)
        if ranges and ranges[-1][0] == each.line and ranges[-1][2] == start:
            start = ranges.pop()[1]
        ranges.append((each.line, start, end))
    return ranges


def cell_of(line: Line, character: int) -> int:
    """Return the first cell of a character of a line."""
    return max((first for start, first, _ in _graphemes(line) if start <= character), default=0)


def _graphemes(line: Line) -> Iterator[tuple[int, int, int]]:
    """Yield the first character, the first cell and the cell after each grapheme of a line.

    Fragments are measured one by one, as they are rendered: no grapheme crosses their borders.
    """
    character = cell = 0
    for fragment in line:
        for start, _, size in split_graphemes(fragment.text)[0]:
            yield character + start, cell, cell + size
            cell += size
        character += len(fragment.text)


def range_of_block(rows: ArticleRows, row: int, language: str, block: int, span: tuple[int, int]) -> TextRange:
    """Return a part of the text of a row's block as a range of the row's text."""
    blocks = rows.article.documents[language].blocks
    before = [each for each in rows.block_indices(row, language) if each < block]
    offset = sum(len(blocks[each].text) + 1 for each in before)
    return TextRange(row, language, span[0] + offset, span[1] + offset)


def words_of(rows: ArticleRows, row: int, language: str) -> list[TextRange]:
    """Return the words of a row in reading order."""
    return [TextRange(row, language, *match.span()) for match in _WORD.finditer(rows.text(row, language))]


def first_word(rows: ArticleRows, row: int, language: str, step: int = 1) -> TextRange | None:
    """Return the first word from a row on, or with step -1 the last word up to it."""
    while 0 <= row < len(rows):
        if words := words_of(rows, row, language):
            return words[0 if step > 0 else -1]
        row += step
    return None


def next_word(rows: ArticleRows, word: TextRange, step: int) -> TextRange:
    """Return the next word, or with step -1 the previous one; the word itself at the ends."""
    words = words_of(rows, word.row, word.language)
    index = words.index(word) + step if word in words else -1
    if 0 <= index < len(words):
        return words[index]
    return first_word(rows, word.row + step, word.language, step) or word


def word_below(rows: ArticleRows, word: TextRange, step: int) -> TextRange:
    """Return the word below, or with step -1 the word above; the word itself at the ends.

    Of the words in the next line with words, it is the one that starts nearest to the cell where the word starts.
    """
    origin = position_of(rows, word)
    if origin is None:
        return next_word(rows, word, step)
    wanted = cell_of(rows.lines(word.row)[origin.line], origin.character)
    for row in range(word.row, len(rows)) if step > 0 else range(word.row, 0, -1):
        lines: dict[int, list[tuple[int, TextRange]]] = {}
        positions = screen_positions(rows, row, word.language)
        for other in words_of(rows, row, word.language):
            position = positions[other.start]
            if position and (row != word.row or (position.line - origin.line) * step > 0):
                cell = cell_of(rows.lines(row)[position.line], position.character)
                lines.setdefault(position.line, []).append((abs(cell - wanted), other))
        if lines:
            return min(lines[min(lines) if step > 0 else max(lines)])[1]
    return word


def language_at(rows: ArticleRows, line: int, cell: int) -> str:
    """Return the language that is named in a cell of a line of the first row; "" for none."""
    text = plain_text(rows.lines(0)[line])
    words = [(match.group(), cell_len(text[: match.end()])) for match in _NAME.finditer(text)]
    word = next((word for word, end in words if end - cell_len(word) <= cell < end), "")
    return word if word in rows.article.documents else ""


def links_of(rows: ArticleRows, row: int, language: str) -> list[Link]:
    """Return the links of a row in reading order."""
    found: list[Link] = []
    offset = 0
    for block in rows.blocks(row, language):
        for span_offset, span in _spans(block):
            start = offset + span_offset
            end = start + len(span.text)
            if not span.target:
                continue
            if found and (found[-1].end, found[-1].href) == (start, span.target):
                found[-1] = found[-1]._replace(end=end, text=found[-1].text + span.text)
            else:
                found.append(Link(start, end, span.text, span.target))
        offset += len(block.text) + 1
    return found


def _spans(block: Block) -> Iterator[tuple[int, Span]]:
    """Yield the spans of a block with their offsets in its text."""
    offset = 0
    rows: Sequence[Sequence[Sequence[Span]]] = block.rows or ((block.spans,),)
    for row in rows:
        for cell in row:
            for span in cell:
                yield offset, span
                offset += len(span.text)
            offset += 1  # the tab or newline after a cell
        offset += not row
