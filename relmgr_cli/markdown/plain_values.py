"""Takes the marks of Markdown and HTML off the values of front matter, which a page shows as plain text."""

import re
from html import unescape

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_MARKED = re.compile(
    r"!?\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,200})\]\]|!?\[([^\[\]]{1,300})\]\([^()\s]{0,1000}\)|"
    r"(?<![`\w])`([^`]{1,300})`(?![`\w])|\*\*(?!\s)([^*]{1,300})(?<!\s)\*\*|"
    r"(?<![\w*])\*(?![\s*])([^*]{1,300})(?<!\s)\*(?![\w*])|(?<!\w)_(?![\s_])([^_]{1,300})(?<!\s)_(?!\w)|"
    r"<br\s{0,3}/?>()|</?(?:a|b|code|em|i|kbd|mark|p|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?>",
    re.IGNORECASE,
)
_CODE, _BREAK = 3, 7  # groups of it
_MARKS = frozenset("[`*_<")


def plain_value(text: str) -> str:
    """Return a line of text without links, code spans, emphasis, inline tags and character references."""
    if _MARKS.intersection(text):
        text = _MARKED.sub(_without_marks, text)
    return _REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text


def _without_marks(match: re.Match[str]) -> str:
    """Return what is between marks; a space for a line break."""
    group = match.lastindex or 0
    if group in (_CODE, _BREAK):
        return match[group] or " "
    return plain_value(match[group]) if group else ""
