"""Parses Markdown into headings and blocks.

The parser is that of `grammar`; this module walks its tokens. No text is dropped: HTML keeps its text, an unreferenced
footnote stays where it is, and exceeding a limit is reported as a problem.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from relmgr_cli import file_messages
from relmgr_cli.errors import Problem
from relmgr_cli.markdown.blocks import Block, Container, Span, strip
from relmgr_cli.markdown.grammar import MAX_DEPTH, make_parser
from relmgr_cli.markdown.html import HtmlTable, text_of_html, without_tags
from relmgr_cli.markdown.inline import read_inline, spans_of
from relmgr_cli.markdown.mdx import is_mdx
from relmgr_cli.markdown.templates import unescaped_shortcodes

_MAX_CHARACTERS = 1 << 20
_MAX_LINES = 100_000
_CHUNK = 1 << 14
_MAX_SECONDS = 1.0  # of processor time for the parser; later stages take at most as long
_SECONDS_A_CHARACTER = 5e-6  # more than that; ordinary Markdown takes less than half of it
_MAX_TOKENS = 75_000  # 25,000 paragraphs or table cells; later stages take 40 us for each

_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9][A-Za-z0-9-]{1,99})$")
_CODE_TITLE = re.compile(
    r"""(?<![\w'"-])(?:title|filename|file|label|caption|tab|header)\s?=\s?\{?(?:"([^"]{1,300})"|'([^']{1,300})')|(?<!\[)\[([^\[\]",]{1,99})\](?!\])"""
)
_DIAGRAM_TITLE = re.compile(r"^[ \t]{0,20}(?:pie )?(?:title|accTitle):?[ \t]+(\S[^\n]{0,200})$", re.MULTILINE)
# Of a paragraph, where it is not the container's.
_KIND_IN = {"alert": "quote", "tab": "paragraph", "bullet": "item", "ordered": "item"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that opens a section; one inside a quote or a list is a block instead."""

    level: int  # 1 to 6
    line: int
    spans: tuple[Span, ...]
    anchors: tuple[str, ...] = ()  # explicit ones: {#id}, <a name="id">


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parsed text of a file."""

    parts: tuple[Heading | Block, ...]  # in reading order
    footnotes: dict[str, tuple[Block, ...]]  # by number
    problems: tuple[Problem, ...] = ()


class _TooMuchError(Exception):
    """Parsing exceeds a limit."""


def parse_markdown(text: str, path: str, skip: int = 0) -> Parsed:
    """Parse `text`, whose first `skip` lines are front matter; line numbers are those in the file.

    Text that is too large, or that takes too long to parse, is returned as plain text with a problem. Never raises.
    """
    body = "\n" * skip + text[_start_of_line(text, skip) :]
    start = body[: _start_of_line(body[:_MAX_CHARACTERS], _MAX_LINES)]
    if len(start) < len(body):
        return _as_plain_text(start, path, file_messages.LARGE_FILE_CUT.fill(shown=len(start), total=len(body)))
    limits = _Limits(len(body))
    mdx = is_mdx(body, path)
    env: dict[str, Any] = {"limits": limits, "mdx": mdx}
    try:
        tokens = _parser(is_mdx=mdx).parse(body, env)
        walk = _Walk(path, env.get("footnotes", {}), limits)
        walk.blocks(tokens)
    except _TooMuchError as limit:
        return _as_plain_text(body, path, file_messages.LARGE_FILE.fill(limit=limit))
    except (RuntimeError, AssertionError, IndexError, KeyError, ValueError) as error:
        # Bugs of the parser on malicious text (there have been several): the text is still shown.
        return _as_plain_text(body, path, file_messages.PARSER_FAILED.fill(error=type(error).__name__))
    return Parsed(tuple(walk.parts), {k: tuple(v) for k, v in walk.footnotes.items()}, tuple(walk.problems))


def parse_inline(text: str, path: str = "", notes: Sequence[str] = ()) -> tuple[Span, ...]:
    """Return the spans of a text within a block, as `parse_markdown` reads it; none if that fails.

    `notes` are the labels of footnotes that the text may refer to.
    """
    is_mdx = path.lower().endswith(".mdx")
    footnotes = {"refs": {f":{label}": -1 for label in notes}, "list": {}}
    env: dict[str, Any] = {"limits": _Limits(len(text)), "mdx": is_mdx, "footnotes": footnotes}
    parser, tokens = _parser(is_mdx=is_mdx), list[Token]()
    try:
        parser.inline.parse(text, parser, env, tokens)
        return _take_block_id(strip(read_inline(tokens)[0]))[0]
    except (_TooMuchError, RuntimeError, AssertionError, IndexError, KeyError, ValueError):
        return ()


@cache
def _parser(*, is_mdx: bool) -> MarkdownIt:
    return make_parser(is_mdx=is_mdx, limits_rule=limits_rule)


class _Limits:
    """Limits the time that parsing takes, and the number of tokens.

    Processor time is limited, so that the result does not depend on the load of the machine; reading it takes ten times
    as long as reading the clock.
    """

    def __init__(self, characters: int) -> None:
        self._seconds = _MAX_SECONDS + characters * _SECONDS_A_CHARACTER
        self._clock, self._processor = time.monotonic() + self._seconds, time.thread_time() + self._seconds

    def check(self, tokens: int = 0) -> None:
        """Raise _TooMuchError if a limit is exceeded."""
        if time.monotonic() > self._clock and time.thread_time() > self._processor:
            raise _TooMuchError(file_messages.PARSING_TOO_LONG.fill(seconds=round(self._seconds, 1)))
        if tokens > _MAX_TOKENS:
            raise _TooMuchError(file_messages.TOO_MANY_ELEMENTS)


def limits_rule(state: Any, *_: object) -> bool:
    """Check the limits, as a markdown-it rule that is tried everywhere and never matches."""
    state.env["limits"].check(len(state.tokens))
    return False


def _start_of_line(text: str, number: int) -> int:
    """Return the offset of a line, counted from 0; the end of the text if there are fewer lines."""
    at = 0
    for _ in range(number):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _as_plain_text(text: str, path: str, reason: str) -> Parsed:
    """Return the text as blocks that are shown verbatim; in chunks, so that search and alignment can cope."""
    parts: list[Heading | Block] = []
    line, start, end = 1, 0, len(text)
    while start < end:
        stop = min(start + _CHUNK, end)
        if stop < end:
            stop = text.rfind("\n", start, stop) + 1 or text.rfind(" ", start, stop) + 1 or stop
        chunk = text[start:stop]
        if chunk.strip():
            parts.append(Block("code", line, (Span(chunk.strip("\n")),), gap=not parts))
        line += chunk.count("\n")
        start = stop
    return Parsed(tuple(parts), {}, (Problem(path, 0, "large", reason),))


class _Walk:
    """Turns the token stream into parts, keeping track of the containers that are open."""

    def __init__(self, path: str, notes: Mapping[str, Any], limits: _Limits) -> None:
        self.parts: list[Heading | Block] = []
        self.footnotes: dict[str, list[Block]] = {}
        self.problems: list[Problem] = []
        self._path = path
        self._notes = notes
        self._limits = limits
        self._open: list[Container] = []
        self._containers = 0  # number of the last one
        self._ordinals: list[int | None] = []  # for each open list the number of its next item
        self._list_begins = False  # the outermost open list has no blocks yet
        self._contents: Container | None = None  # the item that stood for a table of contents
        self._anchors: list[str] = []  # of the next heading
        self._footnote: str | None = None
        self._containers_of: dict[int, Container] = {}  # by the identity of the token that opens them
        # Other tokens are skipped: those within these.
        self._leaves: dict[str, Callable[[Token, Sequence[Token], int], None]] = {
            "heading_open": self._heading,
            "paragraph_open": self._paragraph,
            "title_open": self._title,
            "dt_open": self._term,
            "table_open": self._table,
        }
        self._steps: dict[str, Callable[[Token], None]] = {
            "fence": self._code,
            "code_block": self._code,
            "html_block": self._html,
            "math_block": self._math,
            "hr": lambda token: self._add(Block("rule", _line(token))),
            "bullet_list_open": self._open_list,
            "bullet_list_close": self._close_list,
            "ordered_list_open": self._open_list,
            "ordered_list_close": self._close_list,
            "list_item_open": self._open_item,
            "list_item_close": self._close_item,
            "blockquote_open": lambda _: self._enter("quote"),
            "blockquote_close": self._leave,
            "container_open": self._open_container,
            "container_close": self._close_container,
            "contents": self._drop_item,
            "dd_open": lambda _: self._enter("definition"),
            "dd_close": self._leave,
            "footnote_reference_open": self._open_footnote,
            "footnote_reference_close": lambda _: self._end_footnote(),
        }

    def blocks(self, tokens: Sequence[Token]) -> None:
        """Walk the block tokens."""
        if any(token.level >= MAX_DEPTH - 2 for token in tokens):
            self.problems.append(
                Problem(self._path, 0, "nesting", file_messages.NESTED_TOO_DEEP.fill(levels=MAX_DEPTH))
            )
        for at, token in enumerate(tokens):
            if leaf := self._leaves.get(token.type):
                self._limits.check()
                leaf(token, tokens, at)
            elif step := self._steps.get(token.type):
                self._limits.check()
                step(token)
        notes = self._notes.get("list", {})
        lines = _footnote_lines(tokens) if notes else {}
        for number, note in enumerate(notes.values(), 1):
            if inline := note.get("tokens"):
                self._begin_footnote(str(number))
                self._add(Block("paragraph", lines.get(number, 1), strip(read_inline(inline)[0])))
                self._end_footnote()

    def _open_list(self, token: Token) -> None:
        self._list_begins = self._list_begins or not self._ordinals
        self._ordinals.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)

    def _close_list(self, _: Token) -> None:
        self._ordinals.pop()

    def _open_container(self, token: Token) -> None:
        meta = token.meta
        if meta.get("closed") and meta["kind"]:
            self._enter(meta["kind"], meta["marker"])
            self._containers_of[id(token)] = self._open[-1]

    def _close_container(self, token: Token) -> None:
        container = self._containers_of.get(id(token.meta.get("opener")))
        if container in self._open:
            del self._open[self._open.index(container) :]

    def _drop_item(self, token: Token) -> None:
        """Drop the list item on the line before the mark of a table of contents: the mark replaces it."""
        parts = self._target()
        self._contents = self._open[-1] if self._open else None
        if parts and isinstance(parts[-1], Block) and parts[-1].kind == "item" and parts[-1].line == _line(token) - 1:
            parts.pop()

    def _leave(self, _: Token) -> None:
        self._open.pop()

    def _open_footnote(self, token: Token) -> None:
        label = str(token.meta["label"])
        number = self._notes.get("refs", {}).get(f":{label}", -1) + 1
        # An unreferenced one keeps its label, distinct from the numbers.
        self._begin_footnote(str(number) if number else f"^{label}")

    def _begin_footnote(self, number: str) -> None:
        self._footnote = number
        self._enter("footnote", number.removeprefix("^"))

    def _end_footnote(self) -> None:
        self._open.pop()
        self._footnote = None

    def _enter(self, kind: str, marker: str = "") -> None:
        self._containers += 1
        self._open.append(Container(self._containers, kind, marker))

    def _open_item(self, token: Token) -> None:
        ordinal = self._ordinals[-1]
        if ordinal is not None:
            self._enter("ordered", f"{ordinal}{token.markup or '.'}")
            self._ordinals[-1] = ordinal + 1
        else:
            task = token.meta.get("checked")
            self._enter("bullet", "" if task is None else "x" if task else " ")

    def _close_item(self, token: Token) -> None:
        item = self._open[-1]
        last = self._target()[-1] if self._target() else None
        if not (isinstance(last, Block) and item in last.containers) and item != self._contents:
            line = _line(token, self.parts[-1].line if self.parts else 1)
            self._add(Block("item", line, gap=self._list_begins))  # an empty item is shown by its marker
        self._open.pop()

    def _target(self) -> list[Heading | Block]:
        if self._footnote is None:
            return self.parts
        return self.footnotes.setdefault(self._footnote, [])  # type: ignore[return-value]

    def _add(self, block: Block) -> None:
        kind = block.kind
        before = self._target()[-1] if self._target() else None
        if kind == "paragraph" and self._open:
            inner = self._open[-1]
            continues = isinstance(before, Block) and inner in before.containers
            is_first = not (continues and inner.kind in ("bullet", "ordered"))
            kind = _KIND_IN.get(inner.kind, inner.kind) if is_first else "paragraph"
        gap = block.gap and not (isinstance(before, Block) and before.kind == "title")
        self._target().append(block._replace(kind=kind, gap=gap, containers=tuple(self._open)))
        self._list_begins = False

    def _heading(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        written, anchors = spans_of(tokens[at + 1])
        level = int(token.tag[1:])
        line = _line(token)
        if self._open:
            self._add(Block("heading", line, strip(written), info=str(level)))
        else:
            spans, ids = _take_block_id(strip(written))
            self.parts.append(Heading(level, line, spans, (*ids, *anchors, *self._anchors)))
            self._anchors = []

    def _paragraph(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        written, anchors = spans_of(tokens[at + 1])
        spans, ids = _take_block_id(strip(written))
        if spans:
            block = Block("paragraph", _line(token), spans, gap=not token.hidden or self._list_begins)
            self._add(block._replace(anchors=(*ids, *anchors)))
        elif ids and self._target() and isinstance(last := self._target()[-1], Block):
            self._target()[-1] = last._replace(anchors=(*last.anchors, *ids))  # on a line of its own, behind a table
        self._anchors = anchors if not spans else []

    def _title(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        if spans := strip(spans_of(tokens[at + 1])[0]):
            self._add(Block("title", _line(token), spans))

    def _math(self, token: Token) -> None:
        self._add(Block("math", _line(token), (Span(token.content.strip("\n")),)))

    def _term(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        self._add(Block("term", _line(token), strip(spans_of(tokens[at + 1])[0])))

    def _code(self, token: Token) -> None:
        language = token.info.split()[0].strip("{}.,") if token.info.strip() else ""
        if language == "math":
            self._math(token)
            return
        if title := _CODE_TITLE.search(token.info[:500]):
            self._add(Block("title", _line(token), (Span(without_tags(title[1] or title[2] or title[3])),)))
        elif language == "mermaid" and (title := _DIAGRAM_TITLE.search(token.content[:1000])):
            self._add(Block("title", _line(token), (Span(title[1]),)))
        text = unescaped_shortcodes(token.content).rstrip("\n")
        self._add(Block("code", _line(token), (Span(text),), info=language[:40]))

    def _html(self, token: Token) -> None:
        parts, anchors = text_of_html(token.content)
        for part in parts:
            if isinstance(part, HtmlTable):
                self._add(Block("table", _line(token), rows=part.rows, info="l" * len(part.rows[0])))
            elif isinstance(part, str):
                self._add(Block("code", _line(token), (Span(part),)))
            else:
                self._add(Block("html", _line(token), part))
        self._anchors = [] if parts else self._anchors + anchors

    def _table(self, token: Token, tokens: Sequence[Token], at: int) -> None:
        rows: list[list[tuple[Span, ...]]] = []
        alignment = ""
        while (cell := tokens[at]).type != "table_close":
            at += 1
            if cell.type == "tr_open":
                rows.append([])
            elif cell.type in ("th_open", "td_open"):
                rows[-1].append(strip(spans_of(tokens[at])[0]))
                if cell.type == "th_open":
                    alignment += {"center": "c", "right": "r"}.get(str(cell.attrs.get("style", ""))[11:], "l")
        self._add(Block("table", _line(token), rows=tuple(map(tuple, rows)), info=alignment))


def _footnote_lines(tokens: Sequence[Token]) -> dict[int, int]:
    """Return the line of the block that refers to each footnote first."""
    lines: dict[int, int] = {}
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                lines.setdefault(child.meta["id"] + 1, _line(token))
    return lines


def _line(token: Token, default: int = 1) -> int:
    return token.map[0] + 1 if token.map else default


def _take_block_id(spans: tuple[Span, ...]) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Return the spans without the id of a block at their end (`^id`), and the id."""
    if not spans or spans[-1].styles or spans[-1].href:
        return spans, ()
    text = spans[-1].text
    match = _BLOCK_ID.search(text, max(0, len(text) - 110)) if "^" in text else None
    if not match:
        return spans, ()
    return strip([*spans[:-1], spans[-1]._replace(text=text[: match.start()])]), (match[1],)
