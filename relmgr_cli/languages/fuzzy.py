"""Fuzzy matching of names, as in fzf: a name matches if it has the letters of a pattern in order.

Patterns and names are folded, see `normalization.fold`. The cost of a match says how good it is: least where the name
begins with the pattern, more for letters inside words and for each gap. Unlike fzf's, the search for the cheapest match
tries only few places, so that thousands of names are matched between two keys.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from relmgr_cli.languages.normalization import fold

_MAX_LENGTH = 200  # characters of a name
_MAX_LETTERS = 30  # of a pattern whose letters may be scattered
_MAX_CACHED = 10_000  # names, of which the first letters of words are kept
_MAX_STARTS = 8  # words of a name at which a match may begin
_BEFORE_WORD = r"(?<![^\W_])"
_WORD_START = re.compile(rf"{_BEFORE_WORD}[^\W_]")
_NO_LETTER = "\0"
_WHOLE, _AT_START, _AT_WORD, _INSIDE = 0, 1, 2, 6  # the cost of a pattern that a name has as it is
_SCATTERED, _GAP, _GAP_IN_WORD, _MAX_SKIPPED = 2, 1, 2, 8  # of other matches, and of each gap in them
_GOOD = 7  # the cost of a match at which no other one is looked for


class FuzzyPattern:
    """The letters that a name should have."""

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self._at_word = re.compile(_BEFORE_WORD + re.escape(letters))

    def cost(self, name: str) -> int | None:
        """Return the cost of the best match found, the least for the best name; None if there is none."""
        letters, name = self.letters, name[:_MAX_LENGTH]
        if letters not in name:
            found = self._scattered(name)
            return min(found)[0] if found else None
        if name.startswith(letters):
            return _WHOLE if letters == name else _AT_START
        return _AT_WORD if self._at_word.search(name) else _INSIDE

    def positions(self, name: str) -> Sequence[int]:
        """Return the positions of the letters in the best match found, ascending; none if there is none."""
        letters, name = self.letters, name[:_MAX_LENGTH]
        if letters not in name:
            found = self._scattered(name)
            return min(found)[1] if found else ()
        word = self._at_word.search(name)
        at = word.start() if word else name.index(letters)
        return range(at, at + len(letters))

    def _scattered(self, name: str) -> list[tuple[int, list[int]]]:
        """Return the costs and positions of matches whose letters are not all adjacent."""
        letters, end = self.letters, -1
        for letter in letters:
            end = name.find(letter, end + 1)
            if end < 0:
                return []
        if len(letters) > _MAX_LETTERS:
            return []
        words = _first_letters(name)
        found = [(_cost(positions, words), positions) for positions in _from_words(letters, name, words)]
        if not found or min(found)[0] > _GOOD:
            positions = _up_to(letters, name, end)
            found.append((_cost(positions, words), positions))
        return found


def _up_to(letters: str, name: str, end: int) -> list[int]:
    """Return the positions of letters in a name whose last one is at `end`, each as far to the end as possible."""
    positions = []
    end += 1
    for letter in reversed(letters):
        end = name.rfind(letter, 0, end)
        positions.append(end)
    positions.reverse()
    return positions


@lru_cache(_MAX_CACHED)
def _first_letters(name: str) -> str:
    """Return a name with NUL for all characters but the first letters of words."""
    letters = [_NO_LETTER] * len(name)
    for match in _WORD_START.finditer(name):
        letters[match.start()] = match[0]
    return "".join(letters)


def _from_words(letters: str, name: str, words: str) -> list[list[int]]:
    """Return the positions of matches that begin with a word and whose gaps, if possible, end where a word begins."""
    found = []
    start = -1
    for _ in range(_MAX_STARTS):
        start = words.find(letters[0], start + 1)
        if start < 0:
            break
        positions = [at := start]
        for letter in letters[1:]:
            at += 1
            if name[at : at + 1] != letter:
                word = words.find(letter, at)
                at = word if word >= 0 else name.find(letter, at)
                if at < 0:
                    break
            positions.append(at)
        else:
            found.append(positions)
    return found


def _cost(positions: Sequence[int], words: str) -> int:
    """Return the cost of scattered letters; `words` has the first letters of words."""
    last = positions[0]
    cost = _SCATTERED if words[last] != _NO_LETTER else _INSIDE
    for at in positions[1:]:
        if at != last + 1:
            cost += _GAP if words[at] != _NO_LETTER else _GAP_IN_WORD + min(at - last - 1, _MAX_SKIPPED)
        last = at
    return cost


def matched_ranges(patterns: Iterable[FuzzyPattern], text: str) -> list[tuple[int, int]]:
    """Return the ranges of a text, which is not folded, that have the letters of patterns, in order.

    A pattern that the text does not match has none.
    """
    folded = [*text.lower()] if text.isascii() else [fold(character) for character in text[:_MAX_LENGTH]]
    origins = [index for index, letters in enumerate(folded) for _ in letters]
    name = "".join(folded)
    ranges: list[tuple[int, int]] = []
    for start in sorted({origins[at] for pattern in patterns for at in pattern.positions(name)}):
        end = start + 1
        while end < len(folded) and not folded[end]:  # marks of this letter
            end += 1
        if ranges and ranges[-1][1] == start:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges
