"""Splits Markdown into sections quickly, and gives each a fingerprint of its prose.

A history has many versions of each file, so they are not parsed: headings are found by their first characters, and
what does not change the meaning of a text is left out of its fingerprint: front matter, white space, punctuation,
letter case, link targets, anchors, HTML tags, and the marks of templates and alerts.
"""

import re
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

# Every pattern is bounded by its line or by a count, so that none takes more than linear time.
_MARK = re.compile(rb"^ {0,12}(?:(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)|(?P<level>#{1,6})[ \t][^\n]*)$", re.MULTILINE)
_UNDERLINE = re.compile(rb"^[^\s>#|`~<*+:-][^\n|]{0,300}\n {0,3}(?P<underline>={2,}|-{2,})[ \t]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?(---|\+\+\+)[ \t]*\n")
# As old site generators write it: without the line before. A field is a title, for "Note: text" may be a heading.
_UNOPENED = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[a-z_]{1,40}:[^\n]{0,500}\n){1,40}---[ \t]*(?:\n|\Z)")
_TARGET = re.compile(rb"\]\([^)\n]{0,2000}\)|\]\[[^\]\n]{0,300}\]")
_DEFINITION = re.compile(rb"^ {0,3}\[[^\]\n]{1,300}\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(rb"<[!/a-zA-Z][^<>\n]{0,1000}>")
_TEMPLATE = re.compile(rb"\{[{#%:][^}\n]{0,1000}\}")
_ALERT = re.compile(rb"\[![A-Za-z]{1,20}\]")
_ADDRESS = re.compile(rb"https?://[^\s<>)\]]{1,2000}")
# Punctuation in UTF-8: Latin-1, General Punctuation, CJK Symbols, fullwidth forms of ASCII.
_PUNCTUATION = re.compile(
    rb"\xc2[\xa0-\xbf]|\xe2\x80.|\xe3\x80.|\xef\xbc[\x80-\x8f\x9a-\xa0]|\xef\xbd[\x9b-\xa5]", re.DOTALL
)
_MAX_UNOPENED = 8_000  # bytes of front matter
_NO_PROSE = (b"script", b"style")  # HTML elements
_IGNORED = bytes(range(0x30)) + b":;<=>?@[\\]^_`{|}~\x7f"  # white space and punctuation


class ProseSection(NamedTuple):
    """A heading and the text below it up to the next heading."""

    line: int  # 1-based, of its heading; of the first line of the text before the first heading
    level: int  # of the heading; 0 for the text before the first heading
    fingerprint: int  # 63 bits


def prose_sections(data: bytes) -> list[ProseSection]:
    """Return the sections of a file; the text before the first heading only if there is any."""
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = end_of_front_matter(data)
    bounds = [(start, 0), *_headings(data, start), (len(data), 0)]
    found = []
    line = data.count(b"\n", 0, start) + 1
    for (begin, level), (end, _) in pairwise(bounds):
        text = _prose(data[begin:end])
        if text or level:
            found.append(ProseSection(line, level, _fingerprint(text)))
        line += data.count(b"\n", begin, end)
    return found


def prose(text: str) -> str:
    """Return the letters and digits of a text, see `prose_sections`."""
    return _prose(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")


def end_of_front_matter(data: bytes) -> int:
    """Return where the text of a file begins after its front matter; 0 without one."""
    match = _FRONT_MATTER.match(data)
    if not match:
        unopened = _UNOPENED.match(data, 0, _MAX_UNOPENED)
        return unopened.end() if unopened and b"title:" in unopened[0] else 0
    end = data.find(b"\n" + match[1], match.end() - 1)
    if end < 0:
        return 0
    newline = data.find(b"\n", end + 1)
    return len(data) if newline < 0 else newline + 1


def _headings(data: bytes, start: int) -> list[tuple[int, int]]:
    """Return where each heading begins, and its level; not those in fenced code."""
    found: list[tuple[int, int]] = []
    fence = b""
    fenced: list[tuple[int, int]] = []
    opened = 0
    for match in _MARK.finditer(data, start):
        if mark := match["fence"]:
            if not fence:
                fence, opened = mark, match.start()
            elif mark.startswith(fence) and not match["info"].strip():
                fenced.append((opened, match.end()))
                fence = b""
        elif not fence and match.start("level") - match.start() <= 3:  # noqa: PLR2004 (more is code)
            found.append((match.start(), len(match["level"])))
    if b"\n==" in data or b"\n--" in data:
        underlined = [
            (m.start(), 1 if m["underline"].startswith(b"=") else 2) for m in _UNDERLINE.finditer(data, start)
        ]
        fenced += [(opened, len(data))] if fence else []
        found += [(at, level) for at, level in underlined if not any(begin < at < end for begin, end in fenced)]
        found.sort()
    return found


def _prose(text: bytes) -> bytes:
    """Return the letters and digits of a text, without what only links, marks up or includes."""
    if b"]" in text:
        text = _ALERT.sub(b"", _DEFINITION.sub(b"", _TARGET.sub(b"]", text)))
    if b"<" in text:
        for element in _NO_PROSE:
            text = _without_element(text, element)
        text = _TAG.sub(b"", text)
    if b"{" in text:
        text = _TEMPLATE.sub(b"", text)
    if b"http" in text:
        text = _ADDRESS.sub(b"", text)
    if not text.isascii():
        text = _PUNCTUATION.sub(b"", text)
    return text.translate(None, _IGNORED).lower()


def _without_element(text: bytes, name: bytes) -> bytes:
    """Return a text without the HTML elements of this name."""
    kept, position = [], 0
    while (start := text.find(b"<" + name, position)) >= 0 and (end := text.find(b"</" + name, start)) >= 0:
        kept.append(text[position:start])
        position = end
    return b"".join([*kept, text[position:]]) if kept else text


def _fingerprint(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1
