"""What stands inside a block: text with marks, links, images, footnote references and inline HTML -> spans."""

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from relmgr_cli.markdown.blocks import Span, plain
from relmgr_cli.markdown.html import MARK_OF_TAG, parse_tag

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60]")
_MARK_OF_TOKEN = {"strong_open": "strong", "em_open": "emphasis", "s_open": "deleted"}


def spans_of(token: Token) -> tuple[list[Span], list[str]]:
    """Return the spans of an inline token and the anchors in it."""
    return read_inline(token.children or ())


def read_inline(tokens: Sequence[Token]) -> tuple[list[Span], list[str]]:
    """Return the spans of the children of an inline token and the anchors in it."""
    reader = _Inline()
    for token in tokens:
        reader.add(token)
    return list(_joined(reader.spans)), reader.anchors


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Join neighbours of one appearance."""
    held: Span | None = None
    for span in spans:
        if held and held.marks == span.marks and held.href == span.href:
            held = Span(held.text + span.text, held.marks, held.href)
        else:
            if held:
                yield held
            held = span
    if held:
        yield held


class _Inline:
    """Reads the children of one inline token."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.anchors: list[str] = []
        self._marks: list[str] = []
        self._links: list[str] = []
        self._steps: dict[str, Callable[[Token], None]] = {
            "softbreak": self._softbreak,
            "hardbreak": self._hardbreak,
            "code_inline": self._code,
            "strong_close": self._close_mark,
            "em_close": self._close_mark,
            "s_close": self._close_mark,
            "link_open": self._open_link,
            "link_close": self._close_link,
            "image": self._image,
            "footnote_ref": self._footnote,
            "html_inline": self._html,
        }

    def add(self, token: Token) -> None:
        """Take in one child."""
        kind = token.type
        if step := self._steps.get(kind):
            step(token)
        elif kind in _MARK_OF_TOKEN:
            self._marks.append(_MARK_OF_TOKEN[kind])
        elif token.content:
            self._text(token.content)

    def _hardbreak(self, _: Token) -> None:
        self._text("\n")

    def _code(self, token: Token) -> None:
        self._text(token.content, "code")

    def _close_mark(self, _: Token) -> None:
        self._close(self._marks)

    def _open_link(self, token: Token) -> None:
        self._links.append(str(token.attrs.get("href", "")))

    def _close_link(self, _: Token) -> None:
        self._close(self._links)

    def _image(self, token: Token) -> None:
        source = str(token.attrs.get("src", ""))
        alternative = plain(spans_of(token)[0]) or token.content or source.rpartition("/")[2]
        self._text(alternative, "image", source)

    def _text(self, text: str, mark: str = "", href: str = "") -> None:
        marks = tuple(dict.fromkeys([*self._marks, *([mark] if mark else [])]))
        self.spans.append(Span(text, marks, href or (self._links[-1] if self._links else "")))

    @staticmethod
    def _close(stack: list[str]) -> None:
        if stack:  # HTML tags and Markdown marks that cross may have closed it already
            stack.pop()

    def _softbreak(self, _: Token) -> None:
        before = self.spans[-1].text[-1:] if self.spans else ""
        self._text("" if _WIDE.match(before) else " ")  # Chinese and Japanese put no space between words

    def _footnote(self, token: Token) -> None:
        self._text(f"[{token.meta['id'] + 1}]", "footnote")

    def _html(self, token: Token) -> None:
        tag = parse_tag(token.content)
        if not tag:
            return
        name, closing, attributes = tag
        if anchor := attributes.get("id") or (attributes.get("name") if name == "a" else ""):
            self.anchors.append(anchor)
        mark = MARK_OF_TAG.get(name)
        if name == "br":
            self._text("\n")
        elif name == "img" and not closing:
            self._text(attributes.get("alt", ""), "image", attributes.get("src", ""))
        elif name == "a" and closing:
            self._close(self._links)
        elif name == "a":
            self._links.append(attributes.get("href", ""))
        elif mark and closing and mark in self._marks:
            self._marks.remove(mark)
        elif mark and not closing:
            self._marks.append(mark)
