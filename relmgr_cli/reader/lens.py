"""Moving from word to word, as the eye sees them: along the text, and up and down its lines."""

from collections.abc import Iterator
from itertools import pairwise

from relmgr_cli.reader.glyphs import Glyph, Word, cell_of, glyphs_of, words_of
from relmgr_cli.reader.sheet import Sheet


def first_word(sheet: Sheet, row: int, language: str, step: int = 1) -> Word | None:
    """Return the first word from a row on; going up (`step` is -1) the last one."""
    while 0 <= row < len(sheet):
        if words := words_of(sheet, row, language):
            return words[0 if step > 0 else -1]
        row += step
    return None


def next_word(sheet: Sheet, word: Word, step: int) -> Word:
    """Return the word after (or before) a word; the word itself where there is none."""
    words = words_of(sheet, word.row, word.language)
    order = words if step > 0 else words[::-1]
    for one, other in pairwise(order):
        if one == word:
            return other
    return first_word(sheet, word.row + step, word.language, step) or word


def word_below(sheet: Sheet, word: Word, step: int) -> Word:
    """Return the word under (or over) a word, in the next line that has any; the word itself where there is none."""
    spot = glyph_of(sheet, word)
    if spot is None:
        return next_word(sheet, word, step)
    wanted = cell_of(sheet.lines(word.row)[spot.line], spot.at)
    for row in _rows(sheet, word.row, step):
        lines: dict[int, list[tuple[int, Word]]] = {}
        for other, glyph in words_with_glyphs(sheet, row, word.language):
            if row != word.row or (glyph.line - spot.line) * step > 0:
                cell = cell_of(sheet.lines(row)[glyph.line], glyph.at)
                lines.setdefault(glyph.line, []).append((abs(cell - wanted), other))
        if lines:
            return min(lines[min(lines) if step > 0 else max(lines)])[1]
    return word


def glyph_of(sheet: Sheet, word: Word) -> Glyph | None:
    """Return where a word begins on the page."""
    glyphs = glyphs_of(sheet, word.row, word.language)
    return glyphs[word.start] if word.start < len(glyphs) else None


def words_with_glyphs(sheet: Sheet, row: int, language: str) -> Iterator[tuple[Word, Glyph]]:
    """Yield the words of a row that are shown, and where each begins."""
    glyphs = glyphs_of(sheet, row, language)
    for word in words_of(sheet, row, language):
        if glyph := glyphs[word.start]:
            yield word, glyph


def _rows(sheet: Sheet, row: int, step: int) -> range:
    return range(row, len(sheet)) if step > 0 else range(row, 0, -1)
