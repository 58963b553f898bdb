"""Code blocks: as written, with colours where that is safe.

The language of a fence is chosen by whoever wrote the file, and some lexers of Pygments take exponential time
on a few dozen bytes. So only lexers that were probed are used, and only on blocks of a size they can take.
"""

import time
from functools import cache
from itertools import accumulate
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
_MOST_CHARACTERS = 5000
_MOST_LINES = 200
_MOST_SECONDS = 0.4  # of colours at once
_SECONDS_A_SECOND = 0.2  # that come back

# The first of these that a token's type lies in gives its style.
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
    """Return the lines of a code block; a line that is too long is cut, not lost."""
    fragments = [Fragment(text, source=offset) for text, offset in clean_pieces(source, tab_stops=True)]
    if setting.color:
        fragments = _colored(fragments, language.lower())
    lines: list[Line] = []
    for line in split_lines(fragments):
        plain = plain_text(line)
        if not plain or len(plain) * 2 <= width:  # no character is wider than two cells
            lines.append(line)
        else:
            lines += slice_fragments(line, cut_line(plain, width))
    return lines


def _colored(fragments: list[Fragment], language: str) -> list[Fragment]:
    """Return the fragments with the styles of a language's tokens; unchanged where it has none."""
    source = plain_text(fragments)
    small = len(source) <= _MOST_CHARACTERS and source.count("\n") < _MOST_LINES
    lexer = _lexer(language) if language in LEXERS and small and _patience.is_left() else None
    if lexer is None:
        return fragments
    tokens: list[tuple[str, str]] = []  # style and text
    start, worked = time.monotonic(), time.thread_time()
    for token, value in lexer.get_tokens(source):
        tokens.append((_style_of(str(token)[6:]), value))
        if time.monotonic() > start + _MOST_SECONDS:
            break
    _patience.charge(time.thread_time() - worked)
    colored = "".join([value for _, value in tokens])
    if not source.startswith(colored):
        return fragments
    # Some lexers leave out what they don't know, those of sessions all that follows no prompt.
    tokens.append(("", source[len(colored) :]))
    ends = list(accumulate(len(value) for _, value in tokens))
    parts = slice_fragments(fragments, list(zip([0, *ends], ends, strict=False)))
    styled = zip(tokens, parts, strict=True)
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
    """How long colours may take: 0.4 s of the processor, and a fifth of the time that passes after that.

    So a page of a thousand fences is shown soon, most of them plain, and the reader has colours as it scrolls.
    """

    def __init__(self) -> None:
        self._left, self._asked = _MOST_SECONDS, time.monotonic()

    def is_left(self) -> bool:
        """Tell whether there is any time left."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._asked) * _SECONDS_A_SECOND, _MOST_SECONDS)
        self._asked = now
        return self._left > 0

    def charge(self, seconds: float) -> None:
        """Take note that colours took this long."""
        self._left -= seconds


_patience = HighlightBudget()


def _style_of(kind: str) -> str:
    return next((style for name, style in _STYLES if kind.startswith(name)), "")
