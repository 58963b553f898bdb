"""Lays out code blocks, with syntax highlighting where that is safe.

The author of a file chooses the language of a fence, and some lexers of Pygments take exponential time on a few dozen
bytes. So only lexers that benchmarks/patterns.py has tested are used, on blocks of a limited size.
"""

import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from relmgr_cli.layout.inline import TextStyle
from relmgr_cli.layout.line import Fragment, Line, plain_text, slice_fragments, split_lines
from relmgr_cli.layout.linebreak import cut_line
from relmgr_cli.terminal.sanitize import clean_pieces

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LEXERS = frozenset(
    "awk bash c c++ console cpp cs csharp css diff docker dockerfile elixir ex go haskell html ini java javascript "
    "js json kotlin latex lua make makefile nginx perl php postgresql powershell ps1 py pycon python r rb rs ruby "
    "rust sh shell sql swift toml ts tsx typescript vim xml yaml yml zig".split()
)
_NOTATION = re.compile(
    r"[ \t]{0,20}(?://|#|--|;|%|/\*|<!--|\{/\*)[ \t]{0,9}(?:\[!code [^\[\]\n]{1,60}\][ \t]{0,9}){1,3}(?:\*/\}?|-->)?$",
    re.MULTILINE,
)
_MAX_CHARACTERS = 5000
_MAX_LINES = 200
_MAX_SECONDS = 0.4  # of highlighting at once
_REFILL_RATE = 0.2  # seconds of highlighting for each second that passes

# The style of a token is that of the first name its type starts with.
_STYLES = (
    ("Comment", "code.comment"),
    ("Keyword", "code.keyword"),
    ("Literal.String", "code.string"),
    ("Literal.Number", "code.number"),
    ("Name.Function", "code.name"),
    ("Name.Class", "code.name"),
    ("Name.Tag", "code.name"),
    ("Name.Builtin", "code.name"),
    ("Generic.Deleted", "code.deleted"),
    ("Generic.Inserted", "code.inserted"),
)


def code_lines(source: str, language: str, setting: TextStyle, width: int) -> list[Line]:
    """Return the lines of a code block, each at most `width` cells: longer ones are cut into several."""
    pieces: Iterable[tuple[str, int]] = clean_pieces(source, tab_stops=True)
    if "[!code" in source:
        pieces = (kept for text, offset in pieces for kept in _without_notation(text, offset))
    fragments = [Fragment(text, source=offset) for text, offset in pieces]
    if setting.color:
        fragments = _highlighted(fragments, language.lower())
    lines: list[Line] = []
    for line in split_lines(fragments):
        plain = plain_text(line)
        if not plain or len(plain) * 2 <= width:  # no character is wider than two cells
            lines.append(line)
        else:
            lines += slice_fragments(line, cut_line(plain, width))
    return lines


def _without_notation(text: str, offset: int) -> Iterator[tuple[str, int]]:
    """Yield the pieces of code without the comments that only tell VitePress how to show a line."""
    at = 0
    for match in _NOTATION.finditer(text):
        yield text[at : match.start()], offset + at if offset >= 0 else offset
        at = match.end()
    yield text[at:], offset + at if offset >= 0 else offset


def _highlighted(fragments: list[Fragment], language: str) -> list[Fragment]:
    """Return the fragments with the styles of a language's tokens; unchanged if it cannot be highlighted."""
    source = plain_text(fragments)
    small = len(source) <= _MAX_CHARACTERS and source.count("\n") < _MAX_LINES
    lexer = _lexer(language) if language in LEXERS and small and _budget.is_left() else None
    if lexer is None:
        return fragments
    tokens: list[tuple[str, str]] = []  # style and text
    start, worked = time.monotonic(), time.thread_time()
    for token, value in lexer.get_tokens(source):
        tokens.append((_style_of(str(token)[6:]), value))
        if time.monotonic() > start + _MAX_SECONDS:
            break
    _budget.charge(time.thread_time() - worked)
    lexed = "".join([value for _, value in tokens])
    if not source.startswith(lexed):
        return fragments
    # Some lexers leave out text that they don't know, those of shell sessions all text without a prompt.
    tokens.append(("", source[len(lexed) :]))
    ends = accumulate((len(value) for _, value in tokens), initial=0)
    styled = zip(tokens, slice_fragments(fragments, list(pairwise(ends))), strict=True)
    return [Fragment(one.text, style, one.href, one.source) for (style, _), part in styled for one in part]


@cache
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


class HighlightBudget:
    """The time that highlighting may take: 0.4 s of processor time, and a fifth of the time that passes.

    So a page of a thousand fences is shown at once, most of them plain, and the reader highlights as it scrolls.
    """

    def __init__(self) -> None:
        self._left, self._updated = _MAX_SECONDS, time.monotonic()

    def is_left(self) -> bool:
        """Return True if there is any time left."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._updated) * _REFILL_RATE, _MAX_SECONDS)
        self._updated = now
        return self._left > 0

    def charge(self, seconds: float) -> None:
        """Subtract the time that highlighting took."""
        self._left -= seconds


_budget = HighlightBudget()


def _style_of(kind: str) -> str:
    return next((style for name, style in _STYLES if kind.startswith(name)), "")
