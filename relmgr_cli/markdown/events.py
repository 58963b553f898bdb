"""Tokens for the containers of all dialects, and which of them belong together.

The beginning and the end of a container are tokens of their own, wherever the parser meets them; what is between them
is parsed as if they were absent, so that Markdown under a tag is Markdown. Afterwards `pair_containers` decides which
end closes which beginning: both are in the same list item, quote or other parent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markdown_it.token import Token

from relmgr_cli.markdown.containers import Opening

OPEN, CLOSE, TITLE, GROUP = "container_open", "container_close", "title_open", "tab_group"
_COLONS = ":"  # the family of directives: the length of the mark says what is closed
TAB = "@"  # a tab that the next one of its group ends, or the end of the group


def open_tokens(opening: Opening, key: tuple[str, Any], line: int) -> list[Token]:
    """Return the tokens of the beginning of a container. Only an end with the same key closes it."""
    token = Token(OPEN, "", 0, map=[line, line + 1], block=True)
    token.meta = {"kind": opening.kind, "marker": opening.marker, "key": key}
    return [token, *title_tokens(opening.title, line)]


def group_tokens(labels: Sequence[str] | None, line: int) -> list[Token]:
    """Return the token of the beginning of a group of tabs, with labels for those without a title, or of its end."""
    return [
        Token(GROUP, "", 0, map=[line, line + 1], block=True, meta={"labels": None if labels is None else [*labels]})
    ]


def with_labels(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens without those of groups of tabs, and the titles of tabs that only their group names."""
    groups: list[list[str]] = []
    label = ""
    for token in tokens:
        if label and token.type != TITLE:
            yield from title_tokens(label, token.map[0] if token.map else 0)
        label = ""
        if token.type == GROUP:
            if token.meta["labels"] is not None:
                groups.append(token.meta["labels"])
            elif groups:
                groups.pop()
            continue
        yield token
        if token.type == OPEN and token.meta["kind"] == "tab" and groups and groups[-1]:
            label = groups[-1].pop(0)


def close_token(key: tuple[str, Any], line: int) -> Token:
    """Return the token of the end of a container."""
    return Token(CLOSE, "", 0, map=[line, line + 1], block=True, meta={"key": key})


def title_tokens(title: str, line: int) -> list[Token]:
    """Return the tokens of a title, which is Markdown; none if it is empty."""
    return _text_tokens("title", title, line)


def paragraph_tokens(text: str, line: int) -> list[Token]:
    """Return the tokens of a paragraph."""
    return _text_tokens("paragraph", text, line)


def term_tokens(text: str, line: int) -> list[Token]:
    """Return the tokens of a term that is defined."""
    return _text_tokens("dt", text, line)


def _text_tokens(name: str, text: str, line: int) -> list[Token]:
    text = " ".join(text.split())
    if not text:
        return []
    lines = [line, line + 1]
    return [
        Token(f"{name}_open", "p", 1, map=lines, block=True),
        Token("inline", "", 0, map=lines, content=text, children=[], block=True),
        Token(f"{name}_close", "p", -1, block=True),
    ]


def pair_containers(tokens: Sequence[Token]) -> None:
    """Mark the beginnings that are closed, and link each end to the beginning it closes, within one parent."""
    scopes = [_Scope()]
    for token in tokens:
        if token.type == OPEN and not token.nesting:
            scopes[-1].open(token)
        elif token.type == CLOSE and not token.nesting:
            scopes[-1].close(token)
        elif token.nesting > 0:
            scopes.append(_Scope())
        elif token.nesting < 0 and len(scopes) > 1:
            scopes.pop()


class _Scope:
    """The containers that are open within one list item, quote or other parent."""

    def __init__(self) -> None:
        self._open: list[Token] = []
        self._counts: Counter[tuple[str, Any]] = Counter()

    def open(self, token: Token) -> None:
        self._open.append(token)
        self._counts[token.meta["key"]] += 1

    def close(self, token: Token) -> None:
        closed = _closed_by(token.meta["key"])
        if not any(self._counts[other] for other in closed):
            return
        outermost = None  # of those that are seen
        while True:
            opened = self._open.pop()
            other = opened.meta["key"]
            self._counts[other] -= 1
            is_last = other in closed
            opened.meta["closed"] = is_last or other[0] in (_COLONS, TAB)  # a tag without an end contains nothing
            if opened.meta["closed"] and opened.meta["kind"]:
                outermost = opened
            if is_last:
                break
        token.meta["opener"] = outermost


def _closed_by(key: tuple[str, Any]) -> Sequence[tuple[str, Any]]:
    """Return the keys of what an end closes: `::::` also closes what `:::` opened."""
    return [(_COLONS, length) for length in range(3, key[1] + 1)] if key[0] == _COLONS else [key]
