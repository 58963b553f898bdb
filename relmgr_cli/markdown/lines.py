"""What the block rules of the dialects have in common: reading lines, adding tokens."""

from bisect import bisect_left
from collections.abc import Iterable

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token


def line_at(state: StateBlock, line: int) -> str:
    """Return a line without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def line_of(state: StateBlock, offset: int, start: int, end: int) -> int:
    """Return the line, of those from `start` to `end`, that an offset is in or just behind."""
    return min(bisect_left(state.eMarks, offset, start, end), end - 1)


def last_of(state: StateBlock, text: str) -> int:
    """Return the offset at which a text is last in the source, -1 if it is nowhere; each text is looked for once."""
    found: dict[str, int] = state.env.setdefault("last", {})
    if text not in found:
        found[text] = state.src.rfind(text)
    return found[text]


def skip_blank(text: str, start: int, end: int) -> int:
    """Return the offset of the first character that is no blank."""
    while start < end and text[start] in " \t":
        start += 1
    return start


def add_tokens(state: StateBlock, tokens: Iterable[Token]) -> None:
    """Add tokens that the parser did not make."""
    for token in tokens:
        token.level = state.level
        state.tokens.append(token)


def skip_to(state: StateBlock, line: int, tokens: Iterable[Token] = (), *, silent: bool) -> bool:
    """Add tokens and go on at a line, unless a rule is only tried."""
    if not silent:
        add_tokens(state, tokens)
        state.line = line
    return True


def parse_rest(state: StateBlock, line: int, offset: int, end: int) -> None:
    """Parse a line from an offset in it as if it began there."""
    state.bMarks[line], state.tShift[line], state.sCount[line] = offset, 0, state.blkIndent
    state.line = line
    for rule in state.md.block.ruler.getRules(""):
        if rule(state, line, end, False):  # noqa: FBT003 (rules are called by position)
            break
