r"""Writes the text of a block as Markdown again.

From the spans, not from the lines of the file: these may have changed since it was read, are wrapped, and carry the
marks of quotes and lists. What is written is read back: if it does not say the same, more of it is escaped, up to HTML
tags and character references for everything. So `snake_case`, `2 * 3` and `C#` stay as they are, and whatever any
dialect would take for markup is escaped, without a list of all their rules.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markdown_it.common.normalize_url import normalizeLink

from relmgr_cli.export.escapes import MARKS, escape_all, escape_label, escape_marks, html_content, html_value
from relmgr_cli.export.span_tree import Node, span_tree
from relmgr_cli.export.targets import safe_target
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import parse_inline, parse_markdown

_MAX_TRIED = 2_000  # characters of a text of which each piece is tried alone

# A text of such characters is written as it is, whatever is around it.
_HARMLESS = re.compile(r"(?!import|export)[^\W\d_](?:[^\W_]|[ ,.;'()?–—«»„“”’:/-](?! ))*", re.IGNORECASE)
_SAFE_START = re.compile(
    r"[^\W\d_]|\*{1,2}[^\W_]|`[^`]|!?\[[^\[\]\n]{2,300}\]\([^)]|\d{1,9}[^\d.)]|[\"'(«„“”’‘¿¡…–—]|[^\x00-\x7f]"
)
_FOOTNOTE = re.compile(r"\[([^\[\]]+)\]")
_STATEMENT = re.compile(r"(?:import|export)\b")
_TAGS = {"strong": "strong", "emphasis": "em", "deleted": "del", "inserted": "ins", "mark": "mark", "code": "code"}
_MARKS = {  # before and after a text
    "strong": ("**", "**"),
    "emphasis": ("*", "*"),
    "deleted": ("~~", "~~"),
    "inserted": ("<ins>", "</ins>"),  # which CommonMark has no mark for
    "mark": ("==", "=="),
}
_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_PLAIN_TARGET = re.compile(r"[^\s<>()\\\x00-\x1f\x7f]*(?:\([^\s<>()\\\x00-\x1f\x7f]*\)[^\s<>()\\\x00-\x1f\x7f]*)*")
_ANGLE = re.compile(r"[<>\\]")
_BACKSLASHED = r"\\\g<0>"
_AUTOLINK = re.compile(r"(?:https?://|mailto:)[^\s<>\\]+")


class _Manner(NamedTuple):
    """A way to write a text: each is tried if the one before does not read back."""

    escape: Callable[["_Place"], "_Escape"]
    has_tags: bool = False  # HTML for styles and links
    formula: tuple[str, str] = ("$", "$")


class _Place(NamedTuple):
    """Where a text is written."""

    is_line: bool  # in a heading, a title or a cell, which have no line breaks; behind something that begins the line
    path: str  # of the file; MDX has other rules


_Escape = Callable[[str, bool], str]  # of a text, and whether it begins a line


def block_text(block: Block, path: str = "") -> str:
    """Return the Markdown of a block without the markers of its containers and its heading; "" for a rule.

    `path` is that of the file it will be in: MDX has other rules.
    """
    from relmgr_cli.export.leaf_blocks import code_markdown, math_markdown, table_markdown

    if block.kind == "code":
        return code_markdown(block)
    if block.kind == "math":
        return math_markdown(block)
    if block.kind == "table":
        return table_markdown(block, path)
    return inline_markdown(block.spans, is_line=block.kind in ("heading", "title"), path=path)


def inline_markdown(spans: Sequence[Span], *, is_line: bool = False, path: str = "") -> str:
    """Return spans as Markdown that is read as the same spans.

    `is_line` of a text on one line that does not begin it, as in a heading. Targets that `safe_target` refuses are left
    out.
    """
    spans = with_safe_targets(spans)
    if all(not span.styles and not span.href for span in spans):
        text = "".join(span.text for span in spans)
        if _HARMLESS.fullmatch(text):
            return text
    place = _Place(is_line, path)
    is_long = sum(len(span.text) for span in spans) > _MAX_TRIED
    written = ""
    for manner in _MANNERS:
        if is_long and manner.escape is _piecewise:
            continue
        written = _write(spans, manner, place)
        if _reads_back(written, spans, place):
            break
    return written


def tagged(spans: Sequence[Span]) -> str:
    """Return spans on one line with HTML tags for their styles, for where others than relmgr read no Markdown."""
    spans, place = with_safe_targets(spans), _Place(is_line=True, path="")
    written = _write(spans, _Manner(lambda _: lambda text, _: html_content(text), has_tags=True), place)
    return written if _reads_back(written, spans, place) else fully_escaped(spans)


def fully_escaped(spans: Sequence[Span]) -> str:
    """Return spans on one line with a character reference for each sign."""
    return _write(with_safe_targets(spans), _MANNERS[-1], _Place(is_line=True, path=""))


def footnote_labels(text: str) -> list[str]:
    """Return the labels in the text of a span that refers to footnotes, `[1][2]`."""
    return _FOOTNOTE.findall(text)


def with_safe_targets(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans without the links and images that no document may lead to."""
    found: list[Span] = []
    for span in spans:
        if span.href and not safe_target(span.href) and not span.href.startswith("[["):
            styles = tuple(style for style in span.styles if style != "image")
            span = Span(span.text, styles, span.link)  # noqa: PLW2901
        if span.link and not safe_target(span.link):
            span = span._replace(link="")  # noqa: PLW2901
        if found and found[-1][1:] == span[1:]:
            span = span._replace(text=found.pop().text + span.text)  # noqa: PLW2901
        found.append(span)
    return tuple(found)


def _unescaped(_: _Place) -> _Escape:
    return lambda text, is_start: escape_marks(text, is_start=is_start)


def _piecewise(place: _Place) -> _Escape:
    """Return an escape of the pieces that do not read back alone, with as few families of marks as may do."""
    families: dict[tuple[str, bool], Sequence[str]] = {}

    def escape_piece(text: str, is_start: bool) -> str:  # noqa: FBT001
        key = (text, is_start)
        if key not in families:
            families[key] = _families_of(text, place, is_start=is_start)
        return escape_marks(text, families[key], is_start=is_start)

    return escape_piece


def _families_of(text: str, place: _Place, *, is_start: bool) -> Sequence[str]:
    before, after = ("", "x") if is_start else ("x", "x")
    whole = (Span(f"{before}{text}{after}"),)
    for families in ((), *((name,) for name in MARKS)):
        written = escape_marks(text, families, is_start=is_start).replace("\n", _line_break(place))
        if _reads_back(f"{before}{written}{after}", whole, place):
            return families
    return MARKS


def _marks(_: _Place) -> _Escape:
    return lambda text, is_start: escape_marks(text, MARKS, is_start=is_start)


def _all_signs(_: _Place) -> _Escape:
    return lambda text, is_start: escape_all(text, is_start=is_start)


_MANNERS = (
    _Manner(_unescaped),
    _Manner(_piecewise),
    _Manner(_marks),
    _Manner(_piecewise, has_tags=True, formula=("\\(", "\\)")),
    _Manner(_marks, has_tags=True, formula=("$$", "$$")),
    _Manner(_all_signs, has_tags=True, formula=("\\(", "\\)")),
)


def _reads_back(written: str, spans: Sequence[Span], place: _Place) -> bool:
    """Return True if a text is read as these spans, as part of a document."""
    labels = [label for span in spans if "footnote" in span.styles for label in footnote_labels(span.text)]
    notes = list(dict.fromkeys(labels))
    numbers = {label: f"[{number}]" for number, label in enumerate(notes, 1)}
    wanted = tuple(
        span._replace(text="".join(map(numbers.__getitem__, footnote_labels(span.text))))
        if "footnote" in span.styles
        else span
        for span in spans
    )
    if place.is_line or _starts_safely(written):
        return parse_inline(written, place.path, notes) == wanted
    definitions = "".join(f"\n\n[^{label}]: x" for label in notes)
    parts = parse_markdown(written + definitions, place.path).parts
    if len(parts) != 1 or not isinstance(parts[0], Block):
        return False
    return parts[0].kind == "paragraph" and parts[0].spans == wanted and not parts[0].containers


def _starts_safely(written: str) -> bool:
    """Return True if no line of a text can begin another block than a paragraph."""
    return all(_SAFE_START.match(line) and not _STATEMENT.match(line) for line in written.split("\n"))


def _write(spans: Sequence[Span], manner: _Manner, place: _Place) -> str:
    writer = _Writer(manner, manner.escape(place), place)
    writer.add_all(span_tree(spans)) if not manner.has_tags else writer.add_tagged(spans)
    text = "".join(writer.parts)
    if place.is_line and text.endswith("#") and (len(text) == 1 or text.rstrip("#")[-1:] in ("", " ", "\t")):
        text = f"{text[:-1]}\\#"  # at the end of a heading it is no text
    return text


def _line_break(place: _Place) -> str:
    return "<br>" if place.is_line else "\\\n"


class _Writer:
    """Collects the pieces of a text."""

    def __init__(self, manner: _Manner, escape_piece: _Escape, place: _Place) -> None:
        self.parts: list[str] = []
        self._manner = manner
        self._escape = escape_piece
        self._place = place
        self._is_in_label = False

    def add_all(self, nodes: Sequence[Node]) -> None:
        """Add trees of spans with the marks of Markdown."""
        for node in nodes:
            if node.span:
                self._leaf(node.span)
            elif node.style == "code":
                self.parts.append(_code("".join(child.span.text for child in node.children if child.span)))
            elif node.style == "link":
                self._link(node)
            else:
                opening, closing = _MARKS[node.style]
                self.parts.append(opening)
                self.add_all(node.children)
                self.parts.append(closing)

    def add_tagged(self, spans: Sequence[Span]) -> None:
        """Add spans with the tags of HTML, which may overlap as styles do."""
        opened: list[str] = []
        href = ""
        for span in spans:
            styles = [style for style in span.styles if style in _TAGS]
            target = span.target
            if href and target != href:
                self.parts.append("</a>")
            kept = [style for style in opened if style in styles]
            while kept != styles[: len(kept)]:
                kept.pop()
            self.parts += [f"</{_TAGS[style]}>" for style in reversed(opened) if style not in kept]
            self.parts += [f"<{_TAGS[style]}>" for style in styles[len(kept) :]]
            if target and target != href:
                self.parts.append(f'<a href="{html_value(target)}">')
            opened, href = styles, target
            self._leaf(span)
        self.parts += ["</a>"] if href else []
        self.parts += [f"</{_TAGS[style]}>" for style in reversed(opened)]

    def _leaf(self, span: Span) -> None:
        if "image" in span.styles:
            self._image(span)
        elif "footnote" in span.styles:
            self.parts += [f"[^{label}]" for label in footnote_labels(span.text)]
        elif "math" in span.styles:
            opening, closing = self._manner.formula
            self.parts.append(f"{opening}{span.text}{closing}")
        else:
            is_start = not self.parts and not self._place.is_line
            escaped = self._escape(span.text, is_start)
            escaped = escape_label(escaped) if self._is_in_label else escaped
            self.parts.append(escaped.replace("\n", "<br>" if self._manner.has_tags else _line_break(self._place)))

    def _link(self, node: Node) -> None:
        label = node.children[0].span if len(node.children) == 1 else None
        target = _shown_target(node.href)
        if node.href.startswith("[["):
            self.parts.append(node.href)
        elif label and label.text in (node.href, target) and not label.styles and _AUTOLINK.fullmatch(target):
            is_mdx = self._place.path.lower().endswith(".mdx")
            self.parts.append(f"[{label.text}]({target})" if is_mdx else f"<{target}>")
        else:
            self.parts.append("[")
            self._is_in_label = True
            self.add_all(node.children)
            self._is_in_label = False
            self.parts.append(f"]({_destination(target)})")

    def _image(self, span: Span) -> None:
        if self._manner.has_tags:
            self.parts.append(f'<img alt="{html_value(span.text)}" src="{html_value(span.href)}">')
            return
        alt = escape_label(self._escape(span.text, False)).replace("\n", _line_break(self._place))  # noqa: FBT003
        self.parts.append(f"![{alt}]({_destination(_shown_target(span.href))})")


def _code(text: str) -> str:
    """Return a code span, with more backticks than are in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * next(count for count in range(1, longest + 2) if not re.search(rf"(?<!`)`{{{count}}}(?!`)", text))
    is_padded = text.startswith("`") or text.endswith("`") or (text[:1] == " " == text[-1:] and text.strip())
    space = " " if is_padded else ""
    return f"{fence}{space}{text}{space}{fence}"


def _shown_target(href: str) -> str:
    """Return a target with its letters as letters, where the parser encodes them in the same way again."""
    decoded = _ENCODED.sub(_decoded, href)
    return decoded if decoded != href and normalizeLink(decoded) == href else href


def _decoded(match: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return text if all(character.isalnum() or character.isprintable() for character in text) else match[0]


def _destination(target: str) -> str:
    """Return a target as the destination of a link, in angle brackets if necessary."""
    if _PLAIN_TARGET.fullmatch(target):
        return target
    return f"<{_ANGLE.sub(_BACKSLASHED, target)}>" if "\n" not in target else target
