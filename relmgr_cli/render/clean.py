r"""The gate for text from outside: after it nothing can act on a terminal.

Controls, escape sequences, bidi overrides, invisible characters, tags and undecodable bytes are shown, never
deleted: deleting one can join two halves into a new sequence, and hides the attack. It must come after
parsing, because `&#27;` and `"\e"` are harmless until a parser has turned them into characters. Joiners,
direction marks and soft hyphens stay: Arabic, Indic scripts and emoji need them.
"""

import unicodedata

_NEEDED = frozenset(map(ord, "\u200c\u200d\u200e\u200f\u061c\u00ad"))  # ZWNJ ZWJ LRM RLM ALM SHY
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # fillers, which count as letters
_INVISIBLE_BLOCKS = ((0xE0000, 0xE0FFF), (0xFFF0, 0xFFF8))  # tags; specials
_SHOWN_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
_NEWLINE, _TAB, _DELETE = 0x0A, 0x09, 0x7F
_CONTROL_PICTURES = 0x2400


class _Replacements(dict[int, int | str]):
    """What `str.translate` puts in the place of a character; filled as characters are met."""

    def __missing__(self, code: int) -> int | str:
        self[code] = replacement = _visible(code) if _is_unsafe(code) else code
        return replacement


def _is_unsafe(code: int) -> bool:
    if code in (_NEWLINE, _TAB) or code in _NEEDED:
        return False
    invisible = chr(code) in _INVISIBLE_LETTERS or any(first <= code <= last for first, last in _INVISIBLE_BLOCKS)
    return invisible or unicodedata.category(chr(code)) in _SHOWN_CATEGORIES


def _visible(code: int) -> str:
    if code < 0x20:  # noqa: PLR2004 (the C0 controls)
        return chr(_CONTROL_PICTURES + code)  # one cell wide, and nobody takes it for a typed ^[
    if code == _DELETE:
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 (a byte that surrogateescape kept)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{{{code:x}}}"  # noqa: PLR2004 (the C1 controls)


_replacements = _Replacements()


def clean(text: str) -> str:
    """Return the text with everything that could act on a terminal made visible; newlines and tabs stay."""
    if text.isprintable() and _INVISIBLE_LETTERS.isdisjoint(text):  # no Cc, Cf, Cs, Zl, Zp among them
        return text
    return text.translate(_replacements)


def clean_line(text: str) -> str:
    """Return the text cleaned and on one line, newlines made visible too."""
    return clean(text).replace("\t", " ").replace("\n", "\u2424")
