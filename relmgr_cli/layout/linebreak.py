"""Breaks running text and code into lines.

Rich breaks at no-break spaces and knows no typographic rules. In Polish, Czech, Russian and their
neighbours no line ends with a one-letter word (i w z o u a, в и с к о у я), and no line starts with a dash. Chinese
and Japanese break between any two characters, but not before closing punctuation.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rich.cells import cell_len

from relmgr_cli.layout.line import Range

_GLUING_LANGUAGES = frozenset("be bg bs cs hr mk pl ru sk sl sr uk".split())
_OPENING = "([{«„“‚‘\"'*_"
_DASHES = ("—", "–")
_URL = "://"  # what makes a word a URL

# Words and line ends. The spaces that allow a break are listed: not U+00A0, U+2007 and U+202F.
_WORD_OR_NEWLINE = re.compile(r"[^ \t\n\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+|\n")
# UAX #14 allows a break after a hyphen or a dash, but not before a digit. relmgr has none after a single letter.
_HYPHEN = re.compile(r"(?<=\S\S)[-\u2010\u2013\u2014](?=[^\W\d_])")
# Characters that are one cell wide each whatever is next to them: the length of such a text is its width.
_NARROW = re.compile(r"[\n -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027]*")
_FIRST_WIDE = "\u1100"
_WIDE = r"[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
_NO_START = "、。，．！？：；）］｝」』】》〉〕…ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々％"
_NO_END = "（［｛「『【《〈〔"


def break_lines(text: str, width: int, language: str = "", *, keeps_urls: bool = False) -> list[Range]:
    """Return the range of each line of `text` at a width of `width` cells, without the spaces at its ends.

    A word wider than a line breaks after its hyphens, unless it is a URL; a part that is still too wide is cut between
    graphemes. With `keeps_urls` a URL is not cut: its line is wider. An empty text has no lines.
    """
    is_narrow = _NARROW.fullmatch(text) is not None
    lines: list[Range] = []
    start = end = -1  # of the current line; start is -1 if there is none
    used = 0
    for first, last in _atoms(text, width, language):
        if text[first:last] == "\n":
            lines.append((start, end) if start >= 0 else (first, first))
            start = -1
            continue
        size = last - first if is_narrow else cell_len(text[first:last])
        gap = 0 if start < 0 else first - end if is_narrow else cell_len(text[end:first])
        if start >= 0 and used + gap + size <= width:
            end, used = last, used + gap + size
            continue
        if start >= 0:
            lines.append((start, end))
        start, end, used = first, last, size
        if size > width and not (keeps_urls and text.find(_URL, first, last) >= 0):
            *full, (start, end) = _cut(text, first, last, width, is_narrow=is_narrow)
            lines += full
            used = cell_len(text[start:end])
    if start >= 0:
        lines.append((start, end))
    return lines


def is_url(word: str) -> bool:
    """Return True if a word is a URL, or ends with one."""
    return _URL in word


def cut_line(line: str, width: int) -> list[Range]:
    """Return the ranges of a line of code cut to `width` cells, after a space where one is near."""
    return _cut(line, 0, len(line), width, is_narrow=_NARROW.fullmatch(line) is not None, after_spaces=True)


def _atoms(text: str, width: int, language: str) -> Iterator[Range]:
    """Yield what must not be broken, in order: words, glued words, the parts of words that are too wide."""
    words = [match.span() for match in _WORD_OR_NEWLINE.finditer(text)]
    if max(text, default="") >= _FIRST_WIDE:
        words = [part for word in words for part in _split_wide(text, *word)]
    glues = language.partition("-")[0] in _GLUING_LANGUAGES
    glued = -1  # the start of words that are glued to the next one
    for index, (first, last) in enumerate(words):
        start = first if glued < 0 else glued
        glued = -1
        following = words[index + 1] if index + 1 < len(words) else None
        if following and text[following[0]] != "\n" and text[first] != "\n":
            is_one_letter = glues and _is_one_letter(text[first:last])
            is_before_dash = text[following[0] : following[1]] in _DASHES
            if is_one_letter or (is_before_dash and cell_len(text[start : following[1]]) <= width // 2):
                glued = start
                continue
        if last - start <= width // 2:  # it fits, even if every character is two cells wide
            yield start, last
        else:
            yield from _split_atom(text, start, last, width)


def _split_atom(text: str, first: int, last: int, width: int) -> Iterator[Range]:
    """Yield an atom as it is if it fits on a line, else its parts between hyphens, and of those the words.

    A hyphen in a URL is a part of it.
    """
    if cell_len(text[first:last]) <= width:
        yield first, last
        return
    url = text.find(_URL, first, last)
    hyphens = _HYPHEN.finditer(text, first, last if url < 0 else url)
    for start, end in pairwise([first, *(hyphen.end() for hyphen in hyphens), last]):
        if cell_len(text[start:end]) <= width:
            yield start, end
        else:
            yield from (word.span() for word in _WORD_OR_NEWLINE.finditer(text, start, end))


def _is_one_letter(word: str) -> bool:
    letters = word.lstrip(_OPENING)
    return len(letters) == 1 and letters.isalpha()


def _split_wide(text: str, first: int, last: int) -> Iterator[Range]:
    """Return the parts of a word between which a line may break because a character next to them is wide."""
    breaks = [match.start() for match in _next_to_wide().finditer(text, first + 1, last)]
    return pairwise([first, *(index for index in breaks if index < last), last])


@cache
def _next_to_wide() -> re.Pattern[str]:
    """Return a pattern for where a line may break next to a wide character; compiling it takes 8 ms."""
    return re.compile(rf"(?:(?<={_WIDE})|(?={_WIDE}))(?<![{_NO_END}\s])(?![{_NO_START}\s])")


def _cut(  # noqa: PLR0913
    text: str, first: int, last: int, width: int, *, is_narrow: bool, after_spaces: bool = False
) -> list[Range]:
    """Return the ranges of the pieces of text[first:last], each at most `width` cells.

    `after_spaces` cuts after the last space in the second half of a piece, else a piece has as many cells as fit.
    """
    pieces: list[Range] = []
    start = first
    if is_narrow:
        while last - start > width:
            space = text.rfind(" ", start + width // 2, start + width) + 1 if after_spaces else 0
            pieces.append((start, space or start + width))
            start = pieces[-1][1]
        return [*pieces, (start, last)]
    from rich.cells import split_graphemes

    used, space = 0, -1
    for begin, end, size in split_graphemes(text[first:last])[0]:
        offset = first + begin
        if used + size > width and offset > start:
            cut = space if space > start + (offset - start) // 2 else offset
            pieces.append((start, cut))
            start, used = cut, cell_len(text[cut:offset])
        used += size
        if after_spaces and text[offset] == " ":
            space = first + end
    return [*pieces, (start, last)]
