"""Code blocks: as written, with colours where that is safe.

The language of a fence is chosen by whoever wrote the file, and some lexers of Pygments take exponential time
on a few dozen bytes. So only lexers that were probed are used, and only on blocks of a size they can take.
"""

from rich.text import Text

from relmgr_cli.render.clean import clean
from relmgr_cli.render.flow import Setting, cut_lines
from relmgr_cli.render.wrap import cut_line

_LEXERS = frozenset(
    "awk bash c c++ console cpp cs csharp css diff docker dockerfile elixir ex go haskell html ini java javascript "
    "js json kotlin latex lua make makefile nginx perl php postgresql powershell ps1 py pycon python r rb rs ruby "
    "rust sh shell sql swift toml ts tsx typescript vim xml yaml yml zig".split()
)
_MOST_CHARACTERS = 5000
_MOST_LINES = 200
_TAB = 4

# The first of these that a token's type lies in gives its style.
_STYLES = (
    ("Comment", "relmgr.code.comment"),
    ("Keyword", "relmgr.code.keyword"),
    ("Literal.String", "relmgr.code.string"),
    ("Literal.Number", "relmgr.code.number"),
    ("Name.Function", "relmgr.code.name"),
    ("Name.Class", "relmgr.code.name"),
    ("Name.Tag", "relmgr.code.name"),
    ("Name.Builtin", "relmgr.code.name"),
    ("Generic.Deleted", "relmgr.code.deleted"),
    ("Generic.Inserted", "relmgr.code.inserted"),
)


def code_lines(source: str, language: str, setting: Setting, width: int) -> list[Text]:
    """Return the lines of a code block; a line that is too long is cut, not lost."""
    text = _colored(source, language.lower()) if setting.color else Text(clean(source))
    text.expand_tabs(_TAB)
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        plain = line.plain
        if not plain or len(plain) * 2 <= width:  # no character is wider than two cells
            lines.append(line)
            continue
        lines += cut_lines(line, cut_line(plain, width))
    return lines


def _colored(source: str, language: str) -> Text:
    small = len(source) <= _MOST_CHARACTERS and source.count("\n") < _MOST_LINES
    if language not in _LEXERS or not small:
        return Text(clean(source))
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return Text(clean(source))
    text = Text()
    for token, value in lexer.get_tokens(clean(source)):
        kind = str(token)[6:]
        text.append(value, next((style for name, style in _STYLES if kind.startswith(name)), None))
    return text
