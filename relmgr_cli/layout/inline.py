"""Lays out inline text: spans into lines of a width."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.layout.line import Fragment, Line, plain_text, slice_fragments
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.layout.symbols import formula, with_emoji
from relmgr_cli.markdown.blocks import Span, plain
from relmgr_cli.terminal.sanitize import clean_pieces, sanitize_line

_LANGUAGE = re.compile(r"#!([a-z][a-z0-9+]{0,20}) (?=\S)")
_MORE_LANGUAGES = ("jinja", "markdown", "md", "py3", "pycon3", "python3", "text")
_SCHEMES = ("http://", "https://", "mailto:")
_TEMPLATE_SYNTAX = re.compile(r"\{\{[<%]?|[>%]?\}\}|\{%|%\}|[\"']|(?<=[<%{ ])(?:(?:rel)?ref|link|post_url)(?=[ \"'])")
_MAX_TARGET = 2083  # characters
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # not percent-encoded, besides letters, digits and -._ (RFC 3986)
_HOST = re.compile(r"[a-z0-9_.-]+(?::[0-9]*)?|\[[0-9a-f:.]+\](?::[0-9]*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*(?:[a-z]+://(?:[^\s/?#@]*@)?|[^\s/?#@]+@|(?=www\.))([\w.-]+)", re.IGNORECASE)


class TextStyle(NamedTuple):
    """How the text of a document is laid out."""

    width: int  # cells
    language: str
    show_urls: bool = False  # the targets of links are written out
    color: bool = True
    plain: bool = False  # ASCII only, no columns
    link_titles: Mapping[str, str] = MappingProxyType({})  # link target -> title of its article; "" if broken


def layout_inline(spans: Sequence[Span], setting: TextStyle, width: int, style: str = "") -> list[Line]:
    """Return the spans as lines of at most `width` cells; no line for no text."""
    return wrap(to_fragments(spans, setting, style), width, setting.language)


def wrap(fragments: Sequence[Fragment], width: int, language: str = "") -> list[Line]:
    """Return the fragments as lines of at most `width` cells; no line for no text."""
    return slice_fragments(fragments, break_lines(plain_text(fragments), width, language))


def to_fragments(spans: Iterable[Span], setting: TextStyle, style: str = "", *, source: int = 0) -> list[Fragment]:
    """Return the spans as sanitized fragments; `source` is the offset of the first one."""
    fragments = []
    for href, linked in groupby(spans, lambda span: span.href):
        parts = tuple(linked)
        label = plain(parts)
        target = _hyperlink(label, href) if href else ""
        for span in parts:
            link = _link_style(href, setting) if href and "image" not in span.styles else ""
            styles = " ".join(filter(None, (style, *span.styles, link)))
            before, after = _delimiters(span, setting) if span.styles else ("", "")
            if before:
                fragments.append(Fragment(before, styles, target))
            shown_span, hidden = _without_language(span) if "code" in span.styles else (span, 0)
            for text, offset in _shown_pieces(shown_span, with_formulas=not setting.plain):
                fragments.append(Fragment(text, styles, target, source + hidden + offset if offset >= 0 else -1))
            if after:
                fragments.append(Fragment(after, styles, target))
            source += len(span.text)
        shown = _shown_target(href) if setting.show_urls and href else ""
        if shown and shown.removeprefix("mailto:") != label:
            title = setting.link_titles.get(href)
            url = sanitize_line(f"→ {title}" if title else shown)
            fragments.append(Fragment(f" ({url})", f"{style} dim".strip()))
    return fragments


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
        return "[", "]"
    return ("`", "`") if "code" in span.styles and setting.plain else ("", "")


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
