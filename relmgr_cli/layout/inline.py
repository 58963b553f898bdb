"""Lays out inline text: spans into lines of a width."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.layout.line import Fragment, Line, plain_text, slice_fragments
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.layout.symbols import formula, with_emoji
from relmgr_cli.markdown.blocks import Block, Span, plain
from relmgr_cli.terminal.sanitize import clean_pieces, sanitize_line

_LANGUAGE = re.compile(r"#!([a-z][a-z0-9+]{0,20}) (?=\S)")
_MORE_LANGUAGES = ("jinja", "markdown", "md", "py3", "pycon3", "python3", "text")
_SCHEMES = ("http://", "https://", "mailto:")
_TEMPLATE_SYNTAX = re.compile(r"\{\{[<%]?|[>%]?\}\}|\{%|%\}|[\"']|(?<=[<%{ ])(?:(?:rel)?ref|link|post_url)(?=[ \"'])")
_MAX_TARGET = 2083  # characters
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # not percent-encoded, besides letters, digits and -._ (RFC 3986)
_HOST = re.compile(r"[a-z0-9_.-]+(?::[0-9]*)?|\[[0-9a-f:.]+\](?::[0-9]*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:[a-z]+://(?:[^\s/?#@]*@)?|[^\s/?#@]+@|(?=www\.))([\w.-]+)", re.IGNORECASE)

ImageAdder = Callable[[Block, list[Line], int], list[Line]]  # from a block, its lines and their width in cells


class TextStyle(NamedTuple):
    """How the text of a document is laid out."""

    width: int  # cells
    language: str
    show_urls: bool = False  # the targets of links are written out
    color: bool = True
    plain: bool = False  # ASCII only, no columns
    has_styles: bool = True  # a strikethrough can be seen
    in_words: bool = False  # what a block is, is said in words: for screen readers
    link_titles: Mapping[str, str] = MappingProxyType({})  # link target -> title of its article; "" if broken
    add_images: ImageAdder | None = None  # draws the images of a block next to its lines, in the reader
    keeps_urls: bool = False  # a URL is never broken, however wide its line is


def layout_inline(spans: Sequence[Span], setting: TextStyle, width: int, style: str = "") -> list[Line]:
    """Return the spans as lines of at most `width` cells; no line for no text."""
    return wrap(to_fragments(spans, setting, style), width, setting.language, keeps_urls=setting.keeps_urls)


def wrap(fragments: Sequence[Fragment], width: int, language: str = "", *, keeps_urls: bool = False) -> list[Line]:
    """Return the fragments as lines of at most `width` cells, with `keeps_urls` but for a URL; no line for no text."""
    ranges = break_lines(plain_text(fragments), width, language, keeps_urls=keeps_urls)
    return slice_fragments(fragments, ranges)


def to_fragments(spans: Iterable[Span], setting: TextStyle, style: str = "", *, source: int = 0) -> list[Fragment]:
    """Return the spans as sanitized fragments; `source` is the offset of the first one."""
    fragments: list[Fragment] = []
    change = ""  # what has happened to the text so far
    marks = _change_marks(setting)
    groups = [(key, tuple(linked)) for key, linked in groupby(spans, lambda span: span[2:])]
    following = [*(parts[0].target for _, parts in groups[1:]), ""]  # the target of the next group
    for ((href, image_link), parts), next_target in zip(groups, following, strict=False):
        label = plain(parts)
        target = _hyperlink(label, image_link or href) if href else ""
        for span in parts:
            link = _link_style(span.target, setting) if span.target else ""
            styles = " ".join(filter(None, (style, *span.styles, link)))
            before, change = change, next((one for one in marks if one in span.styles), "")
            if before != change:
                signs = (marks[before][1] if before else "", marks[change][0] if change else "")
                fragments += [Fragment(sign, style) for sign in signs if sign]
            before, after = _delimiters(span, setting) if span.styles else ("", "")
            if before:
                fragments.append(Fragment(before, styles, target))
            shown_span, hidden = _without_language(span) if "code" in span.styles else (span, 0)
            for text, offset in _shown_pieces(shown_span, with_formulas=not setting.plain):
                fragments.append(Fragment(text, styles, target, source + hidden + offset if offset >= 0 else -1))
            if after:
                fragments.append(Fragment(after, styles, target))
            source += len(span.text)
        written = dict.fromkeys((href, image_link) if setting.show_urls else ())
        if next_target == parts[0].target:  # the link goes on
            written.pop(next_target, None)
        urls = [_written_target(each, label, setting, is_of_image=each == image_link) for each in written]
        fragments += [Fragment(f" ({sanitize_line(url)})", f"{style} dim".strip()) for url in urls if url]
    return [*fragments, Fragment(marks[change][1], style)] if change else fragments


def _change_marks(setting: TextStyle) -> Mapping[str, tuple[str, str]]:
    """Return what is written before and after a text that was deleted or inserted, where no style shows it."""
    if setting.plain:
        return {"deleted": (f"({messages.PLAIN_DELETED}: ", ")"), "inserted": (f"({messages.PLAIN_INSERTED}: ", ")")}
    return {} if setting.has_styles else {"deleted": ("~~", "~~"), "inserted": ("++", "++")}


def _written_target(href: str, label: str, setting: TextStyle, *, is_of_image: bool) -> str:
    """Return what is written of the target of a link after its label; "" if the label says it."""
    shown = _shown_target(href) if href else ""
    if not shown or shown.removeprefix("mailto:") == label:
        return ""
    title = setting.link_titles.get(href)
    if setting.in_words and (title or is_of_image):
        return messages.PLAIN_LINK_TO.fill(title=title or shown)
    return f"→ {title}" if title else shown


def _without_language(span: Span) -> tuple[Span, int]:
    """Return code within a line without the language that it is highlighted in, and the length of that.

    `#!python print()`, of PyMdown's InlineHilite.
    """
    found = _LANGUAGE.match(span.text)
    if found:
        from relmgr_cli.layout.code import LEXERS

        if found[1] in LEXERS or found[1] in _MORE_LANGUAGES:
            return span._replace(text=span.text[found.end() :]), found.end()
    return span, 0


def _shown_pieces(span: Span, *, with_formulas: bool) -> Iterator[tuple[str, int]]:
    """Yield the sanitized text of a span in pieces, each with its offset in the span; -1 for what stands for others."""
    if with_formulas and "math" in span.styles and (shown := formula(span.text)) != span.text:
        yield sanitize_line(shown.replace("\n", "; ")), -1
        return
    for text, offset in [(span.text, 0)] if "code" in span.styles else with_emoji(span.text):
        if offset < 0:
            yield text, offset
            continue
        for piece, at in clean_pieces(text):
            yield piece, offset + at if at >= 0 else -1


def _link_style(href: str, setting: TextStyle) -> str:
    """Return the style of a link: to an article, broken, or any other."""
    if href not in setting.link_titles:
        return "link"
    return "link article" if setting.link_titles[href] else "deadlink"


def _shown_target(href: str) -> str:
    """Return the target of a link without the syntax of a wiki or of a template language around it."""
    if href.startswith("[["):
        return href[2:-2].partition("|")[0].strip()
    if "{{" in href or "{%" in href:
        return " ".join(_TEMPLATE_SYNTAX.sub(" ", href).split())
    return href


def _delimiters(span: Span, setting: TextStyle) -> tuple[str, str]:
    """Return the text before and after a span."""
    if "image" in span.styles:
        return f"[{_image_word(span)}: " if setting.in_words else "[", "]"
    return ("`", "`") if "code" in span.styles and setting.plain else ("", "")


def _image_word(span: Span) -> str:
    """Return what an image is called; the parser has given one without a description the name of its file."""
    is_named = span.text.strip() and span.text != span.href.rpartition("/")[2]
    return messages.PLAIN_IMAGE if is_named else messages.PLAIN_IMAGE_UNNAMED


def _hyperlink(label: str, href: str) -> str:
    """Return the URL that a link opens; "" if it is unsafe, or if the label is an address at another host."""
    target = safe_target(href)
    if not target or not (named := _ADDRESS.match(label)):
        return target
    host = re.split(r"[/?#:]", re.sub(r"(?i)^[a-z]+://|^mailto:[^@]*@", "", target))[0]
    return target if _bare(named[1]) == _bare(host) else ""


def _bare(host: str) -> str:
    """Return a host in the form in which hosts are compared; "" for an invalid one."""
    try:
        return host.encode("idna").decode().casefold().strip(".").removeprefix("www.")
    except UnicodeError:
        return ""


def safe_target(href: str) -> str:
    """Return the target of a link, percent-encoded, if a terminal may open it (the web and mail), else "".

    The host is ASCII or converted to it (RFC 3490). Only the reader follows links to files of the library.
    """
    if len(href) > _MAX_TARGET or not href.lower().startswith(_SCHEMES) or not href.isprintable():
        return ""
    from urllib.parse import quote, urlsplit

    try:
        parts = urlsplit(href)
        host = parts.netloc.encode("idna").decode()  # _HOST rejects a user name before it, which only deceives
        target = quote(href.replace(parts.netloc, host, 1), safe=_SAFE)
    except ValueError:
        return ""
    is_valid = _HOST.fullmatch(host) if parts.scheme != "mailto" else parts.path
    return target if is_valid and len(target) <= _MAX_TARGET else ""
