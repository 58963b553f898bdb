"""Normalizes text for comparison: case folding, and removal of accents that a keyboard may not have."""

import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import TypeVar

Named = TypeVar("Named")

_MAX_LENGTH = 100  # characters of a name
_MAX_NAMES = 5000  # compared
_MAX_CLUSTER = 32  # characters: a letter and its marks

_ENDS = " ?!.,:;…¿¡؟،。！，？：；、"  # of a question

# Letters without a decomposition, which removing marks after NFD would miss, and ё, which is often written as е.
# Combining marks that remain after composition (stress, Hebrew points, Arabic vowels) are removed.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
_MARKS = dict.fromkeys([*range(0x300, 0x370), *range(0x591, 0x5BD), *range(0x640, 0x641), *range(0x64B, 0x660)])


class _Folded(dict[int, str | None]):
    """A table for `str.translate`, filled as letters are met, so that a text is folded in one pass."""

    def __missing__(self, code: int) -> str | None:
        base = unicodedata.normalize("NFD", chr(code))[0]
        letter = base if base < "\u0250" or "\u0370" <= base <= "\u03ff" else chr(code)
        return self.setdefault(code, letter.translate(_LETTERS))


_FOLDED = _Folded({**_LETTERS, **_MARKS})


def encoded_form(text: str) -> str:
    """Return a text as the encoder gets it: in lower case, without punctuation and spaces at its ends.

    So the case and the final question mark of a query change nothing. Accents stay: without them its words mean less.
    """
    return " ".join(text.casefold().split()).strip(_ENDS)


def fold(text: str) -> str:
    """Return the text case-folded, Latin and Greek letters without accents, ё as е; й stays."""
    return fold_accents(unicodedata.normalize("NFC", text.casefold()))


def fold_accents(text: str) -> str:
    """Return a text that is case-folded and composed as `fold` does."""
    return text if text.isascii() else text.translate(_FOLDED)


def compose(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text in NFC, and the range of the text that each of its characters comes from."""
    clusters: list[str] = []
    for character in text:
        if clusters and len(clusters[-1]) < _MAX_CLUSTER and _joins(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    parts, ranges, start = [], [], 0
    for cluster in clusters:
        parts.append(unicodedata.normalize("NFC", cluster))
        ranges += [(start, start + len(cluster))] * len(parts[-1])
        start += len(cluster)
    return "".join(parts), ranges


def _joins(character: str) -> bool:
    """Return True if a character may be composed with the one before it: a mark, or a vowel or final of Hangul."""
    return character >= "\u0300" and (unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff")


def nearest(wanted: str, named: Mapping[str, Named], *, similarity: float = 0.6) -> Named | None:
    """Return the value whose name is most similar to `wanted`; None if none is, by a ratio from 0 to 1, similar.

    Only the first 100 characters and 5,000 names are compared, which is enough to find a typing error.
    """
    import difflib

    close = difflib.get_close_matches(wanted[:_MAX_LENGTH], islice(named, _MAX_NAMES), 1, similarity)
    return named[close[0]] if close else None
