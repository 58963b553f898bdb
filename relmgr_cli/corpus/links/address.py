"""Parses link targets as they are written: in Markdown, in wiki syntax, in the shortcodes of any site generator.

Knows nothing of which documents exist.
"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from relmgr_cli.corpus.translation_paths import comparison_key
from relmgr_cli.languages.tags import parse_tag

_MAX_LENGTH = 4096  # characters of a target that are parsed
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|www\.", re.IGNORECASE)
_WIKI = re.compile(r"!?\[\[([^\[\]|]*)(?:\|[^\[\]]*)?\]\]")
_TEMPLATE_TAG = re.compile(r"\{\{[<%]?(.{0,500}?)[%>]?\}\}|\{%(.{0,500}?)%\}")
_TAG_LANGUAGE = re.compile(r"""\blang\s*=\s*["']?([\w-]+)["']?""")
_NAMING_TAG = re.compile(r"(?:(?:rel)?ref|link|post_url|post_link|url_for)\b(?!\s*[=.])")
_ARGUMENT = re.compile(r"""(["'`])(.*?)\1|()([\w/~@-][^\s"'`|)=]*)(?![^\s"'`|)]*=)""")
_SITE_PREFIX = re.compile(r"(?:@site|@|~)/")
_FILE_EXTENSION = re.compile(r"\.(?:mdx?|markdown|mdown|txt)$", re.IGNORECASE)
_PAGE_EXTENSION = re.compile(r"\.(?:html?|php|aspx)$", re.IGNORECASE)


class Address(NamedTuple):
    """A parsed link target."""

    path: str  # decoded; "" for the document itself
    key: str  # the path in the form of `comparison_key`
    anchor: str  # decoded
    language: str | None  # asked for by a shortcode
    is_name: bool  # may be a bare name, as in a wiki
    has_extension: bool  # that of a source file
    has_unknown_tag: bool  # a template tag that only the site itself can expand


def read_address(href: str) -> Address | None:
    """Return the parts of a link target; None for an external one, such as a web address."""
    text = href[:_MAX_LENGTH].strip()
    language, is_name, has_unknown_tag = None, False, False
    if "{" in text or "%7b" in text.lower():
        text, language, is_name, has_unknown_tag = _expand_tags(unquote(text))
    if wiki := _WIKI.fullmatch(unquote(text) if "%5b" in text.lower() else text):
        text, is_name = wiki[1].strip(), True
    else:
        text = _without_title(text)
        if _SCHEME.match(text):
            return None
    path, _, anchor = text.partition("#")
    if not path and anchor.startswith("/"):  # Docsify: the page is in the anchor
        path, _, anchor = anchor.partition("?id=")
    path = unicodedata.normalize("NFC", unquote(path.partition("?")[0])).replace("\\", "/").strip()
    anchor = unicodedata.normalize("NFC", unquote(anchor.partition(":~:")[0]))
    path = _SITE_PREFIX.sub("/", path) if path[:1] in ("@", "~") else path
    key = page_key(path)
    if path.startswith("/"):
        key = key.lstrip("/")
    return Address(path, key, anchor, language, is_name, bool(_FILE_EXTENSION.search(path)), has_unknown_tag)


def is_wiki_link(href: str) -> bool:
    """Return whether a link target is in the syntax of a wiki."""
    return href.startswith(("[[", "![["))


def _without_title(text: str) -> str:
    if text.startswith("<"):
        return text[1:].partition(">")[0]
    for opening in (' "', " '", " ("):
        text = text.partition(opening)[0]
    return text.strip()


def _expand_tags(text: str) -> tuple[str, str | None, bool, bool]:
    """Return the text with template tags replaced by the path they name, or by nothing.

    Also return the language asked for, whether a path was named, and whether a tag is unknown: such a tag becomes a
    character that no path has.
    """
    language: str | None = None
    names = is_unknown = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal language, names, is_unknown
        inner = (match[1] or match[2] or "").strip(" -")
        if asked := _TAG_LANGUAGE.search(inner):
            language = parse_tag(asked[1])
        naming = _NAMING_TAG.match(inner)
        if naming or inner[:1] in ("'", '"'):
            names = names or bool(naming)
            argument = _ARGUMENT.search(_TAG_LANGUAGE.sub("", inner), naming.end() if naming else 0)
            return (argument[2] or argument[4] or "") if argument else ""
        if inner.lower().startswith(("site.", "base")):
            return ""
        is_unknown = True
        return "\0" if match.start() else ""  # at the start it is probably the address of the site

    return _TEMPLATE_TAG.sub(replaced, text), language, names, is_unknown


def permalink_key(permalink: str) -> str:
    """Return an address from front matter in the form of `comparison_key`, without host and slashes around it."""
    path = re.sub(r"^(?:[a-z]+:)?//[^/]*", "", permalink.strip(), flags=re.IGNORECASE)
    return page_key(path.partition("#")[0].partition("?")[0]).strip("/")


def page_key(path: str) -> str:
    """Return the path of a page without its extension; an index page is its folder."""
    key = comparison_key(path)
    if not _PAGE_EXTENSION.search(key):
        return _FILE_EXTENSION.sub("", key)
    key = _PAGE_EXTENSION.sub("", key)
    return key.removesuffix("index").rstrip("/") or "." if key.rpartition("/")[2] == "index" else key


def join(base: str, path: str) -> str:
    """Return the path that a relative one means below `base`; `..` never leaves the first part."""
    is_plain = "./" not in path and "//" not in path and not path.startswith("/")
    if is_plain and path.rpartition("/")[2] not in ("", ".", ".."):
        return f"{base}/{path}"
    segments = base.split("/")
    for segment in path.split("/"):
        if segment == "..":
            segments[1:] = segments[1:-1]
        elif segment not in ("", "."):
            segments.append(segment)
    return "/".join(segments)


def without_extension(path: str) -> str:
    """Return a path without the extension of a source file."""
    return _FILE_EXTENSION.sub("", path)
