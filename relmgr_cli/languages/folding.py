"""Text as people type it: without case, and without the accents that a keyboard may not have."""

import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import TypeVar

Named = TypeVar("Named")

_LONGEST = 100  # characters of a name
_MOST = 5000  # names that are compared

# Letters that have no decomposition, so that stripping marks after NFD would miss them, and ё, which is written е
# as often as not. Marks that stand alone even when composed (stress, Hebrew points, Arabic vowels) are left out.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
_MARKS = dict.fromkeys([*range(0x300, 0x370), *range(0x591, 0x5BD), *range(0x640, 0x641), *range(0x64B, 0x660)])


class _Folded(dict[int, str | None]):
    """What becomes of each letter; filled as letters are met, so that a text is folded in one pass."""

    def __missing__(self, code: int) -> str | None:
        base = unicodedata.normalize("NFD", chr(code))[0]
        letter = base if base < "\u0250" or "\u0370" <= base <= "\u03ff" else chr(code)
        self[code] = folded = letter.translate(_LETTERS)
        return folded


_FOLDED = _Folded({**_LETTERS, **_MARKS})


def fold(text: str) -> str:
    """Return the text in lower case; Latin and Greek letters lose their accents, ё its dots; й stays."""
    composed = unicodedata.normalize("NFC", text.casefold())
    if composed.isascii():
        return composed
    return composed.translate(_FOLDED)


def nearest(wanted: str, named: Mapping[str, Named]) -> Named | None:
    """Return what bears the name that looks most like `wanted`; None when none comes near.

    Nothing is looked for beyond what a typing error can be told from: names are short, and so many.
    """
    import difflib

    close = difflib.get_close_matches(wanted[:_LONGEST], islice(named, _MOST), 1)
    return named[close[0]] if close else None
