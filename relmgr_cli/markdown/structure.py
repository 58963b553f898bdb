"""Steps between the block parser and the inline parser, and after both: callouts, containers in HTML, stray ends.

A step gets all tokens of a text and returns them changed.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from relmgr_cli.markdown.containers import is_container
from relmgr_cli.markdown.events import CLOSE, OPEN, close_token, pair_containers, title_tokens, with_labels
from relmgr_cli.markdown.inline_syntax import RESOLVED, has_other_references
from relmgr_cli.markdown.mdx import read_tag
from relmgr_cli.markdown.roles import HAS_DIRECTIVES, has_directives
from relmgr_cli.markdown.tags import Tag, scan_tag

_CALLOUT = re.compile(
    r"\\?\[!([\w-]{1,60}(?: [\w-]{1,60}){0,2})(?:\|[^\[\]\n]{0,100})?\\?\]([+-]?)(?:[ \t]+(.*)|[ \t]*\\?)(?:\n|$)"
)
_SKIPPED = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"), ("<pre", "</pre>"), ("<svg", "</svg>"))
_SNIPPET = re.compile(r"^[ \t]{0,40}-{1,9}8<-{1,9}(?:[ \t].*)?$", re.MULTILINE)  # a file that is included
_POINT = re.compile(r"<(?:!--|/?[A-Za-z][\w.-]{0,99})")


def before_inline(state: StateCore) -> None:
    """Make containers of callouts, and of the elements of HTML blocks that stand for some."""
    state.env[RESOLVED] = has_other_references(state.src)
    state.env[HAS_DIRECTIVES] = has_directives(state.src)
    state.tokens = list(with_labels(_with_html_split(_with_callouts(state.tokens))))


def after_inline(state: StateCore) -> None:
    """Move the ends of containers out of paragraphs, and pair all ends with their beginnings."""
    state.tokens = list(_with_ends_outside(state.tokens))
    pair_containers(state.tokens)


def _with_callouts(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with quotes that begin with `[!note] Title` as containers."""
    openers: list[Token | None] = []
    skipped = 0
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            callout = _callout_at(tokens, index)
            openers.append(token if callout else None)
            if callout:
                token.type = OPEN
                token.meta = {"kind": "alert", "marker": callout[1].lower(), "closed": True}
                yield token
                yield from title_tokens(callout[3] or "", _line(token))
                skipped = _take_callout_line(tokens[index + 1 : index + 4], callout.end())
                continue
        elif token.type == "blockquote_close" and (opener := openers.pop()):
            token.type, token.meta = CLOSE, {"opener": opener}
        if skipped:
            skipped -= 1
        else:
            yield token


def _callout_at(tokens: Sequence[Token], index: int) -> re.Match[str] | None:
    if index + 2 >= len(tokens) or tokens[index + 1].type != "paragraph_open":
        return None
    return _CALLOUT.match(tokens[index + 2].content)


def _take_callout_line(paragraph: Sequence[Token], end: int) -> int:
    """Take the first line off a paragraph; return how many of its tokens are then to be skipped."""
    opening, inline, _ = paragraph
    inline.content = inline.content[end:]
    if not inline.content.strip():
        return len(paragraph)
    for token in (opening, inline):
        if token.map:
            token.map = [token.map[0] + 1, token.map[1]]
    return 0


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _with_html_split(tokens: Iterator[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "html_block":
            yield from _split_html(token)
        else:
            yield token


def _split_html(block: Token) -> Iterator[Token]:
    """Yield an HTML block in pieces: the containers and components in it, and the HTML between them."""
    source, line, at = block.content, _line(block), 0
    for start, tag in _structural_tags(source):
        if start < at:
            continue  # in a summary
        tag_line = line + source.count("\n", at, start)
        tokens, end = read_tag(source, tag, tag_line, len(source))
        yield from _html_piece(block, source[at:start], line)
        yield from tokens
        line = tag_line + source.count("\n", start, end)
        at = end
    yield from _html_piece(block, source[at:], line)


def _html_piece(block: Token, source: str, line: int) -> Iterator[Token]:
    if "8<" in source:
        source = _SNIPPET.sub("", source)
    if source.strip():
        line += source.count("\n", 0, len(source) - len(source.lstrip()))
        yield Token("html_block", "", 0, content=source, map=[line, line + 1], block=True, level=block.level)


def _structural_tags(source: str) -> Iterator[tuple[int, Tag]]:
    """Yield offset and tag of what is more than HTML, outside comments, scripts and code."""
    at = 0
    while match := _POINT.search(source, at):
        at = match.end()
        found = match[0].lower()
        closing = next((end for start, end in _SKIPPED if found == start), "")
        if closing:
            at = source.find(closing, at)
            if at < 0:
                return
            continue
        name = match[0].lstrip("</")
        if not (name[0].isupper() or "-" in name or "." in name or name == "summary" or is_container(name)):
            continue
        if (tag := scan_tag(source, match.start())) and (tag.is_component or is_container(name) or name == "summary"):
            at = tag.end
            yield match.start(), tag


def _with_ends_outside(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with the ends of containers at the end of a paragraph behind it."""
    ends: list[Token] = []
    for token in tokens:
        if token.type == "inline" and token.children:
            ends = _take_ends(token)
        yield token
        if token.type == "paragraph_close" and ends:
            yield from ends
            ends = []


def _take_ends(inline: Token) -> list[Token]:
    """Remove the ends of containers from the end of a text and return them in their order."""
    ends: list[Token] = []
    children = inline.children or []
    while children:
        last = children[-1]
        if last.type == "closing":
            ends.append(close_token(last.meta["key"], _line(inline)))
        elif last.type == "html_inline" and last.content.startswith("</") and (tag := scan_tag(last.content, 0)):
            if is_container(tag.name):
                ends.append(close_token(("<", tag.name.lower()), _line(inline)))
            elif not tag.is_component:  # the end of a component shows nothing
                break
        elif last.type == "softbreak" or (last.type == "text" and not last.content.strip()):
            pass
        else:
            break
        children.pop()
    return ends[::-1]
