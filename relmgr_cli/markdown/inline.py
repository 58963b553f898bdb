"""Converts the inline content of a block to spans: text, links, images, footnotes, formulas and inline HTML."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from markdown_it.token import Token

from relmgr_cli.markdown.blocks import Span, plain
from relmgr_cli.markdown.cjk import is_cjk, is_korean
from relmgr_cli.markdown.containers import readable_attributes
from relmgr_cli.markdown.html import BREAKING_TAGS, STYLE_OF_TAG, OpenStyles
from relmgr_cli.markdown.tags import Tag, scan_tag

_BEHIND_NAME = re.compile(r"[?#\"'}|]")  # a query, or what a template tag ends with
_STYLE_OF_TOKEN = {"strong": "strong", "em": "emphasis", "s": "deleted", "ins": "inserted", "mark": "mark"}
_OPENED_BY = {f"{token}_open": style for token, style in _STYLE_OF_TOKEN.items()}
_CLOSED_BY = {f"{token}_close": style for token, style in _STYLE_OF_TOKEN.items()}


def spans_of(token: Token) -> tuple[list[Span], list[str]]:
    """Return the spans of an inline token and the anchors in it."""
    return read_inline(token.children or ())


def read_inline(tokens: Sequence[Token]) -> tuple[list[Span], list[str]]:
    """Return the spans of the children of an inline token and the anchors in it."""
    reader = _Inline()
    for token in tokens:
        reader.add(token)
    return list(_joined(reader.spans)), reader.anchors


def file_name(source: str) -> str:
    """Return the name of the file that an image is in, for one without another text."""
    from urllib.parse import unquote

    name = source.rpartition("/")[2]
    return unquote(_BEHIND_NAME.split(name, maxsplit=1)[0]).strip() or name


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Join adjacent spans with the same styles and link."""
    for (marks, href, link), alike in groupby(spans, lambda span: span[1:]):
        yield Span("".join([span.text for span in alike]), marks, href, link)


_KEYS = ("windows", "linux", "mac", "text", "keys", "key")  # attributes of `<Kbd />`, for each system


class _Inline:
    """Reads the children of one inline token."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.anchors: list[str] = []
        self._styles = OpenStyles()
        self._links: list[str] = []

    def add(self, token: Token) -> None:
        """Add one child."""
        kind = token.type
        if step := _STEPS.get(kind):
            step(self, token)
        elif style := _OPENED_BY.get(kind):
            self._styles.open(style)
        elif style := _CLOSED_BY.get(kind):
            self._styles.close(style)
        elif token.content:
            self._text(token.content)

    def softbreak(self, _: Token) -> None:
        before = self.spans[-1].text[-1:] if self.spans else ""
        is_wide = before and is_cjk(before) and not is_korean(before)
        self._text("" if is_wide else " ")  # Chinese and Japanese put no space between words

    def hardbreak(self, _: Token) -> None:
        self._text("\n")

    def code(self, token: Token) -> None:
        self._text(token.content, "code")

    def open_link(self, token: Token) -> None:
        self._links.append(str(token.attrs.get("href", "")))

    def close_link(self, _: Token | None = None) -> None:
        if self._links:  # crossing HTML tags and Markdown links may have closed it already
            self._links.pop()

    def image(self, token: Token) -> None:
        source = str(token.attrs.get("src", ""))
        self._text(plain(spans_of(token)[0]) or token.content or file_name(source), "image", source)

    def _text(self, text: str, style: str = "", href: str = "") -> None:
        marks = tuple(dict.fromkeys([*self._styles, *([style] if style else [])]))
        link = self._links[-1] if self._links else ""
        self.spans.append(Span(text, marks, href or link, link if style == "image" and href else ""))

    def footnote(self, token: Token) -> None:
        self._text(f"[{token.meta['id'] + 1}]", "footnote")

    def html(self, token: Token) -> None:
        tag = scan_tag(token.content, 0)
        if not tag:
            return
        name, attributes = tag.name.lower(), tag.attributes
        if anchor := attributes.get("id") or (attributes.get("name") if name == "a" else ""):
            self.anchors.append(anchor)
        if "children" in attributes and not tag.is_component:
            self._text(attributes["children"])
        if name == "br":
            self._text("\n")
        elif name == "img" and not tag.is_closing:
            self._text(attributes.get("alt", ""), "image", attributes.get("src", ""))
        elif name == "a":
            self._anchor_tag(tag)
        elif style := STYLE_OF_TAG.get(name):
            self._style_tag(tag, style)
        elif tag.is_component and not tag.is_closing:
            self._text(" ".join(readable_attributes(attributes)), "image" if "src" in attributes else "")
            self._text(" " if self.spans[-1].text and not tag.is_empty else "")
        elif name in BREAKING_TAGS and self.spans and not self.spans[-1].text.endswith((" ", "\n")):
            self._text(" ")

    def _style_tag(self, tag: Tag, style: str) -> None:
        if tag.is_closing:
            self._styles.close(style)
        elif not tag.is_empty:
            self._styles.open(style)
        elif texts := dict.fromkeys(filter(None, map(tag.attributes.get, _KEYS))):
            self._text(" / ".join(texts), style)

    def _anchor_tag(self, tag: Tag) -> None:
        if tag.is_closing:
            self.close_link()
        else:
            self._links.append(tag.attributes.get("href", ""))

    def math(self, token: Token) -> None:
        self._text(token.content, "math")

    def anchor(self, token: Token) -> None:
        self.anchors += [token.content] if token.content else []


_STEPS: dict[str, Callable[[_Inline, Token], None]] = {
    "softbreak": _Inline.softbreak,
    "hardbreak": _Inline.hardbreak,
    "code_inline": _Inline.code,
    "link_open": _Inline.open_link,
    "link_close": _Inline.close_link,
    "image": _Inline.image,
    "footnote_ref": _Inline.footnote,
    "html_inline": _Inline.html,
    "math_inline": _Inline.math,
    "anchor": _Inline.anchor,
}
