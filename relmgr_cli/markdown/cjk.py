"""Emphasis next to Chinese, Japanese and Korean text.

Deviates from CommonMark, whose rules for delimiters (0.31, 6.2) expect spaces around words and punctuation. By them the
second mark of `**词（Word）**字` cannot close: it follows punctuation and precedes a letter. Here CJK punctuation
counts as a letter, and a mark next to a CJK letter stands as freely as one next to a space, as in the amendment that
several parsers have adopted. Text without CJK characters is read as CommonMark says.
"""

from bisect import bisect_right
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

# First and last character of each range, ascending. A regular expression of them takes 15 ms to compile.
_CJK = (
    *((0x1100, 0x11FF), (0x2E80, 0x303F), (0x3040, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F)),
    *((0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1F200, 0x1F2FF), (0x20000, 0x3FFFF)),
)
_FIRST = [first for first, _ in _CJK]
_SHARED = frozenset("\u2018\u2019\u201a\u201b\u201c\u201d\u2026")  # punctuation of all scripts


def is_cjk(character: str) -> bool:
    """Return True for letters and punctuation of Chinese, Japanese and Korean."""
    code = ord(character)
    return code >= _FIRST[0] and code <= _CJK[bisect_right(_FIRST, code) - 1][1]


def is_korean(character: str) -> bool:
    """Return True for a syllable of Hangul; words of Korean are separated by spaces."""
    return "\uac00" <= character <= "\ud7ff" or "\ua960" <= character <= "\ua97f" or "\u1100" <= character <= "\u11ff"


class _State(StateInline):
    """The state of the inline parser, with delimiters that know of CJK characters."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803 (markdown-it's names)
        """Return whether a run of marks can open and close emphasis, and its length."""
        src = self.src
        marker, end = src[start], start
        while end < self.posMax and src[end] == marker:
            end += 1
        before = src[start - 1] if start else " "
        after = src[end] if end < self.posMax else " "
        if not (before in _SHARED or after in _SHARED or is_cjk(before) or is_cjk(after)):
            return super().scanDelims(start, canSplitWord)
        is_before_space, is_after_space = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        is_before_cjk, is_after_cjk = _is_cjk(src, start - 1, -1), _is_cjk(src, end, 1)
        is_before_mark = not is_before_cjk and _is_punctuation(before)
        is_after_mark = not is_after_cjk and _is_punctuation(after)
        left = not is_after_space and (not is_after_mark or is_before_space or is_before_mark or is_before_cjk)
        right = not is_before_space and (not is_before_mark or is_after_space or is_after_mark or is_after_cjk)
        can_open = left and (canSplitWord or not right or is_before_mark)
        can_close = right and (canSplitWord or not left or is_after_mark)
        if not canSplitWord:  # `_`, which CommonMark closes before punctuation
            other = super().scanDelims(start, canSplitWord)
            can_open, can_close = can_open or other.can_open, can_close or other.can_close
        return Scanned(can_open, can_close, end - start)


def _is_cjk(text: str, at: int, step: int) -> bool:
    """Return True if a character is CJK; a quotation mark of all scripts is if the one behind it is."""
    if not 0 <= at < len(text):
        return False
    if text[at] in _SHARED:
        at += step
    return 0 <= at < len(text) and is_cjk(text[at])


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


class CjkInlineParser(ParserInline):
    """The inline parser of markdown-it with these delimiters."""

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """Add the tokens of an inline text."""
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
