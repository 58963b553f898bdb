"""Code blocks: as written, with colours where that is safe.

The language of a fence is chosen by whoever wrote the file, and some lexers of Pygments take exponential time
on a few dozen bytes. So only lexers that were probed are used, and only on blocks of a size they can take.
"""

from relmgr_cli.render.clean import clean
from relmgr_cli.render.flow import Setting
from relmgr_cli.render.lines import Line, Run, cut, plain_text, split_lines
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


def code_lines(source: str, language: str, setting: Setting, width: int) -> list[Line]:
    """Return the lines of a code block; a line that is too long is cut, not lost."""
    source = clean(source.expandtabs(_TAB))
    lines: list[Line] = []
    for line in split_lines(_colored(source, language.lower()) if setting.color else [Run(source)]):
        plain = plain_text(line)
        if not plain or len(plain) * 2 <= width:  # no character is wider than two cells
            lines.append(line)
        else:
            lines += cut(line, cut_line(plain, width))
    return lines


def _colored(source: str, language: str) -> list[Run]:
    small = len(source) <= _MOST_CHARACTERS and source.count("\n") < _MOST_LINES
    if language not in _LEXERS or not small:
        return [Run(source)]
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return [Run(source)]
    return [Run(value, _style_of(str(token)[6:])) for token, value in lexer.get_tokens(source)]


def _style_of(kind: str) -> str:
    return next((style for name, style in _STYLES if kind.startswith(name)), "")
