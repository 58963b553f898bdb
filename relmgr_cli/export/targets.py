"""Decides which targets of links may leave the library: of the web, of mail, or relative ones.

A target is read as a browser reads it, and once more with its entities and percent signs resolved, so that no spelling
of `javascript:` passes.
"""

import re
from html import unescape
from urllib.parse import unquote

_MAX_LENGTH = 2000  # characters; browsers and readers refuse longer ones
_PASSES = 3  # of entities in entities
_SCHEMES = frozenset(["http", "https", "mailto"])
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_BEFORE_COLON = re.compile(r"[^:/?#]*(?=:)")


def safe_target(target: str) -> str:
    """Return a link target that does nothing but lead somewhere; "" for any other."""
    found = _without_controls(target)
    if not found or len(found) > _MAX_LENGTH or not _is_safe(found):
        return ""
    resolved = found
    for _ in range(_PASSES):
        resolved = unquote(unescape(resolved))
        if not _is_safe(resolved):
            return ""
    return f"https:{found}" if found.startswith("//") else found


def _without_controls(target: str) -> str:
    """Return a target without what no address contains, spaces within it percent-encoded."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", target).strip()
    return text.replace(" ", "%20")


def _is_safe(target: str) -> bool:
    found = _IGNORED.sub("", target).replace("\\", "/")
    scheme = _BEFORE_COLON.match(found)
    return not scheme or scheme[0].lower() in _SCHEMES
