"""Splits Markdown into sections quickly, and gives each a fingerprint of its prose.

A history has many versions of each file, so they are not parsed: headings are found by their first characters, and
what does not change the meaning of a text is left out of its fingerprint: front matter, white space, punctuation,
letter case, link targets, anchors, HTML tags, the marks of templates and alerts, and the date in a last line that says
when the file was written or generated.
"""

import re
from bisect import bisect_right
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

# No pattern takes more than linear time: what is repeated cannot contain what it begins with, or is short.
_MARK = re.compile(
    rb"^ {0,12}(?:(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)|(?P<level>#{1,6})(?:[ \t][^\n]*)?)$", re.MULTILINE
)
_UNDERLINE = re.compile(rb"^[^\s>#|`~<*+:-][^\n|]{0,300}\n {0,3}(?P<underline>={2,}|-{2,})[ \t]*$", re.MULTILINE)
_UNDERLINES = [b"\n" + b" " * spaces + mark for spaces in range(4) for mark in (b"==", b"--")]
_FRONT_MATTER = re.compile(
    rb"\s{0,99}(---|\+\+\+)[ \t]{0,9}\n\s{0,99}(?:#[^\n]*\n\s{0,99}){0,99}[^\s:=][^\n:=]{0,99}[:=]"
)
# As old site generators write it: without the line before. A field is a title, for "Note: text" may be a heading.
_UNOPENED = re.compile(rb"(?:[a-z_]{1,40}:[^\n]{0,500}\n){1,40}---[ \t]*(?:\n|\Z)")
_TARGET = re.compile(rb"\]\([^)\]\n]{0,2000}\)|\]\[[^\]\n]{0,300}\]")
_DEFINITION = re.compile(rb"^ {0,3}\[[^\]\n]{1,300}\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(rb"<[!/a-zA-Z][^<>\n]{0,1000}>")
_TEMPLATE = re.compile(rb"\{[{#%:][^{}\n]{0,1000}\}")
_ALERT = re.compile(rb"\[![A-Za-z]{1,20}\]")
_ADDRESS = re.compile(rb"https?://[^\s<>)\]]{1,2000}")
# 2026-06-12, 12.06.2026, 12-Jun-2026, June 12, 2026, and the same in other languages.
_DATE = re.compile(
    rb"\b(?:(?:19|20)\d\d[^\w\n]{1,2}\d{1,2}[^\w\n]{1,2}\d{1,2}"
    rb"|\d{1,2}[^\w\n]{1,2}(?:\d{1,2}|[^\s\d,.-]{3,20})[^\w\n]{1,2}(?:19|20)\d\d"
    rb"|[^\s\d,.-]{3,20} \d{1,2},? (?:19|20)\d\d)\b(?!\.\d)"
    rb"|(?:19|20)\d\d\xe5\xb9\xb4 ?\d{1,2}\xe6\x9c\x88 ?\d{1,2}\xe6\x97\xa5"  # in Chinese and Japanese
)
# Punctuation in UTF-8: Latin-1, General Punctuation, CJK Symbols, fullwidth forms of ASCII.
_PUNCTUATION = re.compile(
    rb"\xc2[\xa0-\xbf]|\xe2\x80.|\xe3\x80.|\xef\xbc[\x80-\x8f\x9a-\xa0]|\xef\xbd[\x9b-\xa5]", re.DOTALL
)
_NO_PROSE = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"))  # comments, HTML elements
_BOM = b"\xef\xbb\xbf"
_MAX_FRONT_MATTER = 64 * 1024  # bytes
_MAX_UNOPENED = 8_000  # bytes of front matter
_MAX_DATE_LINE = 100  # bytes of a last line in which a date is left out
_IGNORED = bytes(range(0x30)) + b":;<=>?@[\\]^_`{|}~\x7f"  # white space and punctuation


class ProseSection(NamedTuple):
    """A heading and the text below it up to the next heading."""

    line: int  # 1-based, of its heading; of the first line of the text before the first heading
    level: int  # of the heading; 0 for the text before the first heading
    fingerprint: int  # 63 bits


def prose_sections(data: bytes) -> list[ProseSection]:
    """Return the sections of a file; the text before the first heading only if there is any."""
    data = with_unix_lines(data)
    data = _without_last_date(data)
    start = _end_of_front_matter(data)
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


def front_matter(data: bytes) -> bytes:
    """Return what is before the text of a file: its front matter, and a comment before that."""
    data = with_unix_lines(data)
    return data[: _end_of_front_matter(data)]


def with_unix_lines(data: bytes) -> bytes:
    """Return a file without byte order mark, its lines ended by one character."""
    return data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _end_of_front_matter(data: bytes) -> int:
    begin = 0
    if data[:100].lstrip().startswith(b"<!--"):
        begin = data.find(b"-->", 0, _MAX_FRONT_MATTER) + 3
    match = _FRONT_MATTER.match(data, begin)
    if not match:
        unopened = _UNOPENED.match(data, 0, _MAX_UNOPENED)
        return unopened.end() if unopened and b"title:" in unopened[0] else 0
    closing = re.compile(rb"^%s[ \t]{0,9}$" % re.escape(match[1]), re.MULTILINE)
    end = closing.search(data, match.end(1) + 1, match.end() + _MAX_FRONT_MATTER)
    return min(end.end() + 1, len(data)) if end else 0


def _headings(data: bytes, start: int) -> list[tuple[int, int]]:
    """Return where each heading begins, and its level; not those in fenced code."""
    found: list[tuple[int, int]] = []
    fence = b""
    fences: list[int] = []  # where they begin and end, in turn
    for match in _MARK.finditer(data, start):
        if mark := match["fence"]:
            if not fence and not (mark.startswith(b"`") and b"`" in match["info"]):  # else it is code in a line
                fence = mark
                fences.append(match.start())
            elif fence and mark.startswith(fence) and not match["info"].strip():
                fence = b""
                fences.append(match.end())
        elif not fence and match.start("level") - match.start() <= 3:  # noqa: PLR2004 (more is code)
            found.append((match.start(), len(match["level"])))
    if any(data.find(mark, start) >= 0 for mark in _UNDERLINES):
        found += [
            (match.start(), 1 if match["underline"].startswith(b"=") else 2)
            for match in _UNDERLINE.finditer(data, start)
            if bisect_right(fences, match.start()) % 2 == 0  # not in code
        ]
        found.sort()
    return found


def _prose(text: bytes) -> bytes:
    """Return the letters and digits of a text, without what only links, marks up or includes."""
    if b"]" in text:
        if b"]:" in text:
            text = _DEFINITION.sub(b"", text)
        text = _ALERT.sub(b"", _TARGET.sub(b"]", text))
    if b"<" in text:
        for opening, closing in _NO_PROSE:
            text = _without(text, opening, closing)
        text = _TAG.sub(b"", text)
    if b"{" in text:
        text = _TEMPLATE.sub(b"", text)
    if b"http" in text:
        text = _ADDRESS.sub(b"", text)
    if not text.isascii():
        text = _PUNCTUATION.sub(b"", text)
    return text.translate(None, _IGNORED).lower()


def without_date(line: bytes) -> bytes:
    """Return the last line of a file without a date in it, if it is short."""
    return _DATE.sub(b"", line, 1) if len(line) <= _MAX_DATE_LINE else line


def _without_last_date(data: bytes) -> bytes:
    data = data.rstrip()
    start = data.rfind(b"\n") + 1
    return data[:start] + without_date(data[start:]) if start else data


def _without(text: bytes, opening: bytes, closing: bytes) -> bytes:
    """Return a text without what is between an opening and the next closing."""
    kept, position = [], 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[position:start])
        position = end + len(closing)
    return b"".join([*kept, text[position:]]) if kept else text


def _fingerprint(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest()) >> 1
