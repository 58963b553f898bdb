r"""Sanitizes text from files, so that nothing in it can control the terminal.

Control characters, escape sequences, bidi overrides, invisible characters, tags and undecodable bytes are made visible,
never deleted: deletion can join two halves into a new sequence, and hides the attack. Sanitize after parsing: `&#27;`
and `"\e"` are harmless until a parser turns them into characters.

Characters that scripts and emoji need are unchanged: joiners, direction marks, soft hyphens, variation selectors 1 to
16 and those of Mongolian, the Arabic signs that enclose a number. So is the private use area, which has only glyphs.
Characters that are unknown to this Python's Unicode version are made visible, among them the newest emoji.
"""

from collections.abc import Iterator

ALLOWED_FORMAT_CHARS = frozenset(
    "\u200c\u200d\u200e\u200f\u061c\u00ad"  # ZWNJ ZWJ LRM RLM ALM SHY
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # signs before numbers
)
# Letters and marks without a glyph: the grapheme joiner, fillers, unused Khmer vowels, selectors that can encode a
# hidden text.
INVISIBLE_CHARS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | frozenset(map(chr, range(0xE0100, 0xE01F0)))
_SHOWN_CATEGORIES = frozenset(["Cc", "Cf", "Cn", "Cs", "Zl", "Zp"])
_CONTROL_PICTURES = 0x2400
_TAB = 4  # cells
_MAX_PIECES = 10_000  # of one text, to limit memory


class _Replacements(dict[int, int | str]):
    """The replacement of each character for `str.translate`; filled as needed."""

    def __missing__(self, code: int) -> int | str:
        self[code] = replacement = _visible(code) if _is_unsafe(chr(code)) else code
        return replacement


def _is_unsafe(character: str) -> bool:
    import unicodedata

    if character in "\n\t" or character in ALLOWED_FORMAT_CHARS:
        return False
    return unicodedata.category(character) in _SHOWN_CATEGORIES or character in INVISIBLE_CHARS


def _visible(code: int) -> str:
    if code < 0x20:  # noqa: PLR2004 (the C0 controls)
        return chr(_CONTROL_PICTURES + code)  # one cell wide, and not mistaken for a typed ^[
    if code == 0x7F:  # noqa: PLR2004 (DEL)
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 (a byte that surrogateescape kept)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{{{code:x}}}"  # noqa: PLR2004 (the C1 controls)


_replacements = _Replacements()


def sanitize(text: str) -> str:
    """Return the text with everything unsafe made visible; newlines and tabs are unchanged."""
    # Fast path: only unprintable and invisible characters are unsafe.
    if (text.isprintable() or text.replace("\n", "").isprintable()) and (
        text.isascii() or INVISIBLE_CHARS.isdisjoint(text)
    ):
        return text
    return text.translate(_replacements)


def clean_pieces(text: str, *, tab_stops: bool = False) -> list[tuple[str, int]]:
    r"""Return the sanitized text in pieces, tabs expanded, each with the offset of its first character in `text`.

    Each character of a piece is one character of the text; other pieces have offset -1: the escape of a character
    ("\u{202e}") or the spaces of a tab. With `tab_stops` a tab reaches the next multiple of four
    characters, as in code, else it is four spaces. A text of more than 10,000 pieces is one piece without an offset.
    """
    shown = sanitize(text)
    if len(shown) == len(text) and "\t" not in text:
        return [(shown, 0)]
    pieces: list[tuple[list[str], int]] = []
    following = -2  # the offset that continues the last piece
    for piece, offset in _cleaned(text, tab_stops=tab_stops):
        if offset != following:
            pieces.append(([], offset))
            if len(pieces) > _MAX_PIECES:
                return [(sanitize(text.expandtabs(_TAB) if tab_stops else text.replace("\t", " " * _TAB)), -1)]
        pieces[-1][0].append(piece)
        following = offset + len(piece) if offset >= 0 else -1
    return [("".join(parts), offset) for parts, offset in pieces]


def _cleaned(text: str, *, tab_stops: bool) -> Iterator[tuple[str, int]]:
    offset = column = 0
    for index, chunk in enumerate(text.split("\t")):
        if index:
            spaces = _TAB - column % _TAB if tab_stops else _TAB
            yield " " * spaces, -1
            offset += 1
            column += spaces
        shown = sanitize(chunk)
        if len(shown) == len(chunk):
            yield shown, offset
        else:
            each = map(sanitize, chunk)
            yield from ((one, at if len(one) == 1 else -1) for at, one in enumerate(each, offset))
        offset += len(chunk)
        line_end = max(chunk.rfind("\n"), chunk.rfind("\r"))
        column = len(chunk) - line_end - 1 if line_end >= 0 else column + len(chunk)


def sanitize_line(text: str) -> str:
    """Return the text sanitized and on one line, with newlines made visible too."""
    return sanitize(text).replace("\t", " ").replace("\n", "\u2424")
