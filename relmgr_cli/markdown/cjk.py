"""Emphasis next to Chinese, Japanese and Korean text.

Deviates from CommonMark, whose rules for delimiters (0.31, 6.2) expect spaces around words and punctuation: there the
second mark of `**词（Word）**字` cannot close, as it follows punctuation and precedes a letter. Here, as in the amendment
that several parsers have adopted for these scripts, CJK punctuation counts as a letter, and a mark next to a CJK
character stands as freely as one next to a space. Text without CJK characters is read as CommonMark says.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

CJK = re.compile(
    r"[\u1100-\u11ff\u2018-\u201d\u2026\u2e80-\u303f\u3040-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    r"\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001f200-\U0001f2ff\U00020000-\U0003ffff]"
)
_SHARED = re.compile(r"[\u2018-\u201d\u2026]")  # punctuation of all scripts, CJK only next to a CJK letter


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
        if not (CJK.match(before) or CJK.match(after)):
            return super().scanDelims(start, canSplitWord)
        is_before_space, is_after_space = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        is_before_cjk, is_after_cjk = _is_cjk(src, start - 1, -1), _is_cjk(src, end, 1)
        is_before_mark = not is_before_cjk and _is_punctuation(before)
        is_after_mark = not is_after_cjk and _is_punctuation(after)
        left = not is_after_space and (not is_after_mark or is_before_space or is_before_mark or is_before_cjk)
        right = not is_before_space and (not is_before_mark or is_after_space or is_after_mark or is_after_cjk)
        can_open = left and (canSplitWord or not right or is_before_mark)
        can_close = right and (canSplitWord or not left or is_after_mark)
        return Scanned(can_open, can_close, end - start)


def _is_cjk(text: str, at: int, step: int) -> bool:
    """Return True if a character is CJK; a quotation mark is if the one behind it is."""
    if not 0 <= at < len(text) or not CJK.match(text[at]):
        return False
    if not _SHARED.match(text[at]):
        return True
    other = at + step
    return 0 <= other < len(text) and bool(CJK.match(text[other]))


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
