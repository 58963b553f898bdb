"""Finds where a word of a block is in the file.

The text of a block has no markup and no line breaks of the source. A word of it is where the same word is in the source
of the block; where there are several, as when a link's target repeats it, the words around it decide.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.tokens import Word, words
from relmgr_cli.search.snippets import text_of

_MAX_FACTOR, _MAX_MORE = 20, 2000  # the source of a text is at most 20 times as long, and 2000 characters more
_MAX_FRONT_MATTER = 50_000  # characters
_MAX_CANDIDATES = 16  # occurrences of a word that are compared
_MAX_MARKUP = 200  # characters of it between a word and what follows the word
_CONTEXT = 3  # words to either side that are compared


class SourceRange(NamedTuple):
    """A part of a line of a file."""

    line: int  # 1-based
    start: int  # in the line
    end: int


class BlockSource:
    """The text of a block and its source."""

    def __init__(self, text: str, lines: Sequence[str], first: int, more: int = _MAX_MORE) -> None:
        """`lines` are those of the block, `first` is the number of the first of them in the file."""
        source = "\n".join(lines)[: _MAX_FACTOR * len(text) + more]
        self._first = first
        self._text, self._source = text, source
        self._ends = [*_line_ends(source)]
        self._text_words, self._source_words = list(words(text)), list(words(source))
        self._starts = [word.start for word in self._text_words]
        self._in_text, self._in_source = _positions(self._text_words), _positions(self._source_words)

    def find(self, start: int, end: int) -> SourceRange:
        """Return where the range of the text that begins with a word is, as far as it is on one line.

        If no such word is in the source, the range is empty, and on the line of a word near it.
        """
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = self._find_word(first)
        if found is None:
            near = (self._find_word(first + step) for step in (-1, 1, -2, 2, -3, 3))
            place = next((self._source_words[index].start for index in near if index is not None), 0)
            return self._range(place, place)
        last = found
        for index in range(first + 1, bisect_left(self._starts, end)):
            if self._folded(self._source_words, found + index - first) != self._text_words[index].folded:
                break
            last = found + index - first
        return self._range(self._source_words[found].start, self._source_words[last].end)

    def find_exact(self, start: int, end: int) -> SourceRange:
        """Return where any range of the text is; what `find` returns if its source has markup or is on two lines."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = self._find_word(first)
        if found is not None:
            wanted = self._text[start:end]
            near = self._source_words[found].start + start - self._starts[first]
            low = max(0, near if start < self._starts[first] else self._source_words[found].start)
            for place in (near, self._source.find(wanted, low, near + len(wanted) + _MAX_MARKUP)):
                if place >= 0 and self._source.startswith(wanted, place):
                    return self._range(place, place + len(wanted))
        return self.find(start, end)

    def _find_word(self, index: int) -> int | None:
        """Return the index in the source of a word of the text; None if the source does not have it."""
        if not 0 <= index < len(self._text_words):
            return None
        folded = self._text_words[index].folded
        places, occurrences = self._in_source.get(folded, ()), self._in_text[folded]
        if not places:
            return None
        number = bisect_left(occurrences, index)
        surplus = len(places) - len(occurrences)
        low, high = sorted((number, number + surplus))
        low = max(0, min(low, len(places) - 1))
        candidates = places[low : max(high, low) + 1][:_MAX_CANDIDATES]
        return max(candidates, key=lambda place: self._similarity(index, place))

    def _similarity(self, index: int, place: int) -> int:
        """Return how many of the words around one of the text are also around one of the source."""
        steps = (step for step in range(-_CONTEXT, _CONTEXT + 1) if 0 <= index + step < len(self._text_words))
        return sum(
            self._folded(self._source_words, place + step) == self._text_words[index + step].folded for step in steps
        )

    @staticmethod
    def _folded(found: Sequence[Word], index: int) -> str:
        return found[index].folded if 0 <= index < len(found) else ""

    def _range(self, start: int, end: int) -> SourceRange:
        line = bisect_left(self._ends, start)
        begin = self._ends[line - 1] + 1 if line else 0
        return SourceRange(self._first + line, start - begin, min(end, self._ends[line]) - begin)


def _positions(found: Sequence[Word]) -> Mapping[str, Sequence[int]]:
    """Return the indexes of each word by its folded form, in order."""
    positions: dict[str, list[int]] = defaultdict(list)
    for index, word in enumerate(found):
        positions[word.folded].append(index)
    return positions


def _line_ends(source: str) -> Iterator[int]:
    """Yield the offset at which each line ends."""
    offset = -1
    for line in source.split("\n"):
        offset += len(line) + 1
        yield offset


class DocumentSource:
    """A document and the lines of its file."""

    def __init__(self, document: Document, lines: Sequence[str]) -> None:
        self._document = document
        self._lines = lines
        self._starts = sorted({block.line for block in document.blocks})
        headings = (document.blocks[section.start].line for section in document.sections if section.level)
        self._first_heading = next(headings, len(lines) + 1)

    def source_of(self, block: int) -> BlockSource:
        """Return the source of a block, or of a field of the front matter, see `snippets.text_of`.

        The title is in the front matter or in a heading of its own, before the first section.
        """
        text = text_of(self._document, block)
        if block < 0:
            return BlockSource(text, self._lines[: self._first_heading - 1], 1, _MAX_FRONT_MATTER)
        first, end = self._lines_of(block)
        return BlockSource(text, self._lines[first - 1 : end], first)

    def lines_of(self, block: int) -> Iterator[tuple[int, str]]:
        """Yield number and text of the lines that a block is on, and of the empty ones after it."""
        first, end = self._lines_of(block)
        return enumerate(self._lines[first - 1 : end], first)

    def _lines_of(self, block: int) -> tuple[int, int]:
        """Return the numbers of the first and the last line of a block, and the empty lines after it."""
        first = self._document.blocks[block].line
        following = bisect_right(self._starts, first)
        return first, self._starts[following] - 1 if following < len(self._starts) else len(self._lines)
