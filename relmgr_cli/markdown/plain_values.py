"""Takes the marks of Markdown and HTML off the values of front matter, which a page shows as plain text."""

import re
from html import unescape

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_MARKED = re.compile(
    r"!?\[([^\[\]]{1,300})\]\([^()\s]{0,1000}\)|(?<![`\w])`([^`]{1,300})`(?![`\w])|\*\*(?!\s)([^*]{1,300})(?<!\s)\*\*"
)


def plain_value(text: str) -> str:
    """Return a line of text without links, code spans, strong emphasis and character references."""
    if "&" in text:
        text = _REFERENCE.sub(lambda match: unescape(match[0]), text)
    return _MARKED.sub(lambda match: match[1] or match[2] or match[3], text) if set("[`*").intersection(text) else text
