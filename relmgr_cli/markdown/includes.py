"""Reads lines that include another file: of MkDocs plug-ins, VitePress and VuePress.

`{* ../src/a.py hl[2] *}`, `{! ../a.md !}`, `<<< @/snippets/a.js{2}`, `@[code](../a.ts)`, `@include(a.md)`,
`!!!include(a.md)!!!`. The file itself is not read; its path is shown as code.
"""

import re

from markdown_it.rules_block import StateBlock

from relmgr_cli.markdown.events import paragraph_tokens, title_tokens
from relmgr_cli.markdown.lines import line_at, skip_to

_MAX_LENGTH = 1000  # characters of a line
_MARKS = ("{*", "{!", "<<<", "@", "!!!")  # with which such a line begins
_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\{\*[ \t]{1,9}(?P<path>\S{1,300})(?:[ \t].{0,600})?\*\}",
        r"\{![ \t]{0,9}(?P<path>[^\s!{}]{1,300})[ \t]{0,9}!\}",
        r"<<<[ \t]{0,9}(?P<path>[^\s<{}\[\]]{1,300})(?:[ \t]{0,9}\{.{0,300})?(?:[ \t]{0,9}\[.{0,300})?",
        r"@\[code[^\]]{0,300}\]\((?P<path>[^\s()]{1,300})\)",
        r"@include\((?P<path>[^\s()]{1,300})\)",
        r"!!![ \t]{0,9}include[ \t]{0,9}\((?P<path>[^\s()]{1,300})\)[ \t]{0,9}!!!",
    )
)
_LABEL = re.compile(r"\[([^\[\]]{1,300})\][ \t]*$")  # of a tab in a group
_PATH = re.compile(r"[^`]{0,299}(?:/|\.\w)[^`]{0,299}")


def include_line(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Read a line that includes a file, as a block rule."""
    text = line_at(state, start).rstrip()
    if not text.startswith(_MARKS) or len(text) > _MAX_LENGTH:
        return False
    found = next((match for pattern in _LINES if (match := pattern.fullmatch(text))), None)
    if not found or not _PATH.fullmatch(found["path"]):
        return False
    label = _LABEL.search(text)
    tokens = [*title_tokens(label[1] if label else "", start), *paragraph_tokens(f"`{found['path']}`", start)]
    return skip_to(state, start + 1, tokens, silent=silent)
