"""Which character on the page is which of a block's text: for matches, words and links.

Lines are made for the eye: broken, cut, with marks, numbers and columns. Here the way back is found, by walking
along both and skipping what only one of them has.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.reader.sheet import Sheet
from relmgr_cli.render.clean import clean
from relmgr_cli.render.lines import Line, plain_text
from relmgr_cli.render.parallel_layout import INTERLEAVED, SIDE_BY_SIDE

_MARGINS = frozenset(["marker", "number"])
_WORD = re.compile(r"[^\W_]+(?:['’‐-][^\W_]+)*")
_TOKEN = re.compile(r"\S+")


class Glyph(NamedTuple):
    """A character on the page."""

    line: int  # of its row
    at: int  # characters of the line's text


class Word(NamedTuple):
    """A word of a row in one language."""

    row: int
    language: str
    start: int  # characters of the row's text
    end: int


class Link(NamedTuple):
    """A link of a row in one language."""

    start: int
    end: int
    text: str
    href: str  # as written


Piece = tuple[int, int, int]  # a line, and the range of its characters


def glyphs_of(sheet: Sheet, row: int, language: str) -> list[Glyph | None]:
    """Return for each character of a row's text where it stands on the page; None where it is not shown."""
    lines = sheet.lines(row)
    shown = [
        (Glyph(line, index), character)
        for line, start, end in _pieces(sheet, row, language)
        for index, character in _characters(lines[line], start, end)
    ]
    text = sheet.text(row, language)
    if any(block.kind == "table" for block in sheet.blocks(row, language)):
        return _match_words(shown, text)
    return _match(shown, text)


def places_of(glyphs: Sequence[Glyph | None], start: int, end: int) -> list[Piece]:
    """Return the stretches of lines where a stretch of text is shown."""
    found: list[Piece] = []
    for glyph in filter(None, glyphs[start:end]):
        if found and found[-1][0] == glyph.line and found[-1][2] == glyph.at:
            found[-1] = (glyph.line, found[-1][1], glyph.at + 1)
        else:
            found.append((glyph.line, glyph.at, glyph.at + 1))
    return found


def words_of(sheet: Sheet, row: int, language: str) -> list[Word]:
    """Return the words of a row in reading order."""
    return [Word(row, language, *match.span()) for match in _WORD.finditer(sheet.text(row, language))]


def links_of(sheet: Sheet, row: int, language: str) -> list[Link]:
    """Return the links of a row in reading order."""
    found: list[Link] = []
    offset = 0
    for block in sheet.blocks(row, language):
        for at, span in _spans(block):
            start, end = offset + at, offset + at + len(span.text)
            if not span.href or "image" in span.marks:
                continue
            if found and (found[-1].end, found[-1].href) == (start, span.href):
                found[-1] = found[-1]._replace(end=end, text=found[-1].text + span.text)
            else:
                found.append(Link(start, end, span.text, span.href))
        offset += len(block.text) + 1
    return found


def offset_at(sheet: Sheet, row: int, line: int, cell: int) -> tuple[str, int] | None:
    """Return the language and the character of a row's text that a cell of one of its lines shows."""
    if row == 0:
        return None
    index = _index_at(plain_text(sheet.lines(row)[line]), cell)
    for language in sheet.layout.languages:
        for offset, glyph in enumerate(glyphs_of(sheet, row, language)):
            if glyph == (line, index):
                return language, offset
    return None


def cell_of(line: Line, index: int) -> int:
    """Return the cell where a character of a line begins."""
    return cell_len(plain_text(line)[:index])


def _index_at(text: str, cell: int) -> int:
    """Return the character of a line that a cell shows; behind its end the length of the line."""
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > cell:
            return index
    return len(text)


def _pieces(sheet: Sheet, row: int, language: str) -> Iterator[Piece]:
    """Yield the stretches of lines that a language has in a row."""
    layout, lines = sheet.layout, sheet.lines(row)
    lead = sheet.shape(row).lead
    if _is_shared(sheet, row):
        for number in range(lead, len(lines)):
            yield number, layout.margin, len(plain_text(lines[number]))
        return
    if layout.shape == SIDE_BY_SIDE:
        width = layout.settings[language].width
        count = len(layout.languages)
        gutter = (layout.spanning.width - width * count) // (count - 1)
        left = layout.margin + layout.languages.index(language) * (width + gutter)
        for number in range(lead, len(lines)):
            text = plain_text(lines[number])
            yield number, _index_at(text, left), _index_at(text, left + width)
        return
    own = 0
    for number in range(lead, len(lines)):
        line = lines[number]
        if layout.shape == INTERLEAVED:
            own += bool(line) and line[0].style == "dim" and bool(line[0].text.strip())
            if layout.languages[max(0, own - 1)] != language:
                continue
            skipped = len(line[0].text) if line else 0
            yield number, skipped, len(plain_text(line))
        else:
            yield number, 0, len(plain_text(line))


def _is_shared(sheet: Sheet, row: int) -> bool:
    """Tell whether a row is one block of code for all languages on the page, which is shown but once."""
    languages = sheet.layout.languages
    blocks = [sheet.blocks(row, language) for language in languages]
    is_code = all([block.kind for block in each] == ["code"] for each in blocks)
    return len(languages) > 1 and is_code and len({sheet.text(row, language) for language in languages}) == 1


def _characters(line: Line, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the characters of a stretch of a line with their places, without marks in the margin."""
    at = 0
    for run in line:
        if run.style not in _MARGINS:
            for index in range(max(start, at), min(end, at + len(run.text))):
                yield index, run.text[index - at]
        at += len(run.text)


def _match(shown: Sequence[tuple[Glyph, str]], text: str) -> list[Glyph | None]:
    """Walk along what is shown and the text; what is not in both is skipped."""
    found: list[Glyph | None] = [None] * len(text)
    at = 0
    for glyph, character in shown:
        while at < len(text) and text[at] != character and _is_skipped(text[at], character):
            at += 1
        if at < len(text) and (text[at] == character or (text[at].isspace() and character == " ")):
            found[at] = glyph
            at += 1
    return found


def _is_skipped(character: str, shown: str) -> bool:
    """Tell whether a character of the text is not shown as it is: the space at a line's end, what was cleaned."""
    if character.isspace():
        return shown != " "
    return clean(character) != character


def _match_words(shown: Sequence[tuple[Glyph, str]], text: str) -> list[Glyph | None]:
    """Find each word of a table where it is shown: cells stand beside each other, so the order is another."""
    tokens: dict[str, list[int]] = {}
    for match in _TOKEN.finditer(text):
        tokens.setdefault(match[0], []).append(match.start())
    found: list[Glyph | None] = [None] * len(text)
    for word in _shown_words(shown):
        starts = tokens.get("".join(character for _, character in word))
        if starts:
            start = starts.pop(0)
            found[start : start + len(word)] = [glyph for glyph, _ in word]
    return found


def _shown_words(shown: Sequence[tuple[Glyph, str]]) -> Iterator[list[tuple[Glyph, str]]]:
    word: list[tuple[Glyph, str]] = []
    for glyph, character in shown:
        if word and (character.isspace() or glyph.line != word[-1][0].line):
            yield word
            word = []
        if not character.isspace():
            word.append((glyph, character))
    if word:
        yield word


def _spans(block: Block) -> Iterator[tuple[int, Span]]:
    """Yield the spans of a block with their places in its text."""
    at = 0
    rows: Sequence[Sequence[Sequence[Span]]] = block.rows or ((block.spans,),)
    for row in rows:
        for cell in row:
            for span in cell:
                yield at, span
                at += len(span.text)
            at += 1  # the tab or newline behind a cell
