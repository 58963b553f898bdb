"""Converts HTML inside Markdown to spans.

Terminal renderers usually print nothing for an HTML block; here its text becomes paragraphs, its images their
alternative text, and its anchors become link targets.
"""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

from relmgr_cli.markdown.blocks import Span, strip

_ANY_TAG = re.compile(r"</?[A-Za-z!?][^<>]{0,999}>?")
_TEMPLATE_TAG = re.compile(r"\{\{[<%][^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}|\{/\*[^{}]{0,500}\*/\}")
_EXPRESSION = re.compile(r"\{\{\s{0,9}([^{}]{0,500}?)\s{0,9}\}\}")
_JSX_TEXT = re.compile(r"\{\s{0,9}(?:`([^`]{0,4000})`|\"\s{0,9}\"|'\s{0,9}')\s{0,9}\}")
_JSX_VALUE = re.compile(r"=\{[^{}\n]{0,300}(?:\{[^{}\n]{0,300}\}[^{}\n]{0,300}){0,3}\}")
_PARAMETER = re.compile(r"&(?=[A-Za-z]\w{0,99}=)")  # of an address, not a character reference without its end
_HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"))

# Python's HTML parser is quadratic on some malformed input; beyond this size a bounded pattern drops the tags.
_MAX_CHARACTERS = 5_000

_TAGS_OF_STYLE = {
    "strong": "b strong",
    "emphasis": "i em",
    "code": "code kbd samp tt",
    "deleted": "del s strike",
    "inserted": "ins",
    "mark": "mark",
}
STYLE_OF_TAG = {tag: style for style, tags in _TAGS_OF_STYLE.items() for tag in tags.split()}
BREAKING_TAGS = frozenset(
    "address article aside blockquote center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_MIN_ROWS, _MIN_COLUMNS = 2, 2  # of a table
_SILENT = frozenset(["script", "style"])


class OpenStyles(dict[str, int]):
    """The inline styles that are open, each with its number of openings, in the order of their first opening.

    Not a list of openings: text may be in a hundred thousand of them, and is checked for every piece of text.
    """

    def open(self, style: str) -> None:
        """Open a style."""
        self[style] = self.get(style, 0) + 1

    def close(self, style: str) -> None:
        """Close a style; ignored if it is not open."""
        if self.get(style, 0) > 1:
            self[style] -= 1
        else:
            self.pop(style, None)


class HtmlTable(NamedTuple):
    """The cells of an HTML table."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]  # equally long


Part = tuple[Span, ...] | HtmlTable | str  # the text of `<pre>` as it is


def text_of_html(source: str) -> tuple[list[Part], list[str]]:
    """Return the paragraphs and tables of an HTML block and the anchors it defines.

    A table without an end, or with a single column or row, is no table but paragraphs: it arranges a page, or Markdown
    comes between its cells.
    """
    if len(source) > _MAX_CHARACTERS:
        text = " ".join(unescape(_ANY_TAG.sub(" ", _without_hidden(source))).split())
        return ([(Span(text),)] if text else []), []
    reader = _Reader()
    source = _PARAMETER.sub("&amp;", source)
    reader.feed(_without_templates(_JSX_VALUE.sub('=""', source)) if "{" in source else source)
    reader.close()
    reader.end_paragraph()
    return reader.parts, reader.anchors


def without_tags(text: str) -> str:
    """Return a line of text without the tags of HTML elements that end in it."""
    return unescape(_ANY_TAG.sub("", text)) if "</" in text else text


def _without_templates(text: str) -> str:
    """Return text without template tags; of an expression, what is in the braces."""
    return _JSX_TEXT.sub(r"\1", _EXPRESSION.sub(r" \1 ", _TEMPLATE_TAG.sub("", text)))


def _without_hidden(source: str) -> str:
    """Return HTML without comments, scripts and styles, in one pass for each."""
    for opening, closing in _HIDDEN:
        before, *others = re.split(re.escape(opening), source, flags=re.IGNORECASE)
        rests = [re.split(re.escape(closing), other, maxsplit=1, flags=re.IGNORECASE)[1:] for other in others]
        source = before + "".join(rest[0] for rest in rests if rest)
    return source


def _joined(parts: Sequence[Part]) -> tuple[Span, ...]:
    """Return the paragraphs of a cell as one, a line each."""
    spans: list[Span] = []
    for part in parts:
        if not isinstance(part, HtmlTable):
            text = (Span(part),) if isinstance(part, str) else part
            spans += [Span("\n"), *text] if spans else text
    return tuple(spans)


class _Reader(HTMLParser):
    """Collects paragraphs of spans, one for each block-level element, and tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self._tables = 0  # that are open
        self._cells: list[list[int]] = []  # of the outermost table: of each row, the part that each cell begins with
        self.anchors: list[str] = []
        self._spans: list[Span] = []
        self._styles = OpenStyles()
        self._links: list[str] = []
        self._silent = 0
        self._pre: list[str] | None = None  # the text of a `<pre>` that is open and has no links

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if anchor := values.get("id") or (values.get("name") if tag == "a" else ""):
            self.anchors.append(anchor)
        if tag in _SILENT:
            self._silent += 1
        elif tag in BREAKING_TAGS:
            self.end_paragraph()
            self._open_cell(tag)
            if tag == "pre":
                self._pre = []
        elif tag == "br":
            if self._pre is not None:
                self._pre.append("\n")
            self._spans.append(Span("\n"))
        elif tag == "img":
            self._add(values.get("alt", "").strip(), ("image",), values.get("src", ""))
        elif tag == "a":
            self._links.append(values.get("href", ""))
        elif style := STYLE_OF_TAG.get(tag):
            self._styles.open(style)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in BREAKING_TAGS:
            self.end_paragraph()
            if tag == "table":
                self._close_table()
        elif tag == "a" and self._links:
            self._links.pop()
        elif style := STYLE_OF_TAG.get(tag):
            self._styles.close(style)

    def handle_data(self, data: str) -> None:
        if self._pre is not None:
            self._pre.append(data)
        if not self._silent:
            self._add(re.sub(r"\s+", " ", data), tuple(self._styles), "")

    def end_paragraph(self) -> None:
        """Close the paragraph that is being collected, if it is not empty."""
        if spans := strip(self._spans):
            is_plain = not any(span.href for span in spans)
            self.parts.append("".join(self._pre).strip("\n").rstrip() if self._pre and is_plain else spans)
        self._spans, self._pre = [], None

    def _open_cell(self, tag: str) -> None:
        if tag == "table":
            self._tables += 1
        if self._tables == 1 and tag == "table":
            self._cells = []
        elif self._tables == 1 and tag == "tr":
            self._cells.append([])
        elif self._tables == 1 and tag in ("td", "th") and self._cells:
            self._cells[-1].append(len(self.parts))

    def _close_table(self) -> None:
        """Make a table of the parts in its cells, unless it only arranges them."""
        self._tables = max(0, self._tables - 1)
        rows = [row for row in self._cells if row]
        columns = max(map(len, rows), default=0)
        if self._tables or len(rows) < _MIN_ROWS or columns < _MIN_COLUMNS:
            return
        starts = [start for row in rows for start in row]
        ends = iter([*starts[1:], len(self.parts)])
        filled = []
        for row in rows:
            cells = [_joined(self.parts[start : next(ends)]) for start in row]
            filled.append((*cells, *[()] * (columns - len(cells))))
        self.parts[starts[0] :] = [HtmlTable(tuple(filled))]
        self._cells = []

    def _add(self, text: str, styles: tuple[str, ...], href: str) -> None:
        link = self._links[-1] if self._links else ""
        self._spans.append(Span(text, styles, href or link, link if href else ""))
