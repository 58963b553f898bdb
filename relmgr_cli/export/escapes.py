"""Escapes text so that Markdown does not read it as markup: a family of marks, all of them, or every sign."""

import re
from collections.abc import Iterable
from html import escape

_PUNCTUATION = r"!-/:-@\[-`{-~"  # of ASCII: what a backslash may escape
_BACKSLASH = re.compile(rf"\\(?=[{_PUNCTUATION}\n]|$)")
_SIGN = re.compile(f"[{_PUNCTUATION}]")
_LOOSE_SPACE = re.compile(r"(?<![^\s]) | (?![^\s])")

# Where each family may be markup; a character is escaped where one of its patterns begins.
_FAMILIES = {
    "starts": re.compile(
        rf"^[{_PUNCTUATION}]|(?<=^\d)[.)]|(?:(?<=^\d\d)|(?<=^\d\d\d)|(?<=^\d\d\d\d))[.)]", re.MULTILINE
    ),
    "html": re.compile(r"<(?=[A-Za-z/!?>])|&(?=#?\w{1,40};)"),
    "code": re.compile(r"`"),
    "emphasis": re.compile(r"\*(?=\S)|(?<=\S)\*|(?<![^\W_])_|_(?![^\W_])|~(?=\S)|(?<=\S)~|=(?==)|(?<==)="),
    "brackets": re.compile(r"[\[\]]"),
    "braces": re.compile(r"[{}$]|%(?=[%{])|(?<=%)%"),
    "pipes": re.compile(r"\|"),
}
FAMILIES = tuple(_FAMILIES)

# What is markup by what is around the text, so that reading it alone does not tell: references to footnotes, a task, an
# alert, and a definition, at the start of a line.
_ALWAYS = re.compile(r"\[(?=\^)|^\[(?=[xX ]\]|!)|^[:~](?=\s)", re.MULTILINE)


def escape_marks(text: str, families: Iterable[str] = (), *, is_start: bool = False) -> str:
    """Return the text with a backslash before what may be markup; `is_start` of the text that begins a line."""
    positions = {match.start() for match in _BACKSLASH.finditer(text)}
    for pattern in (_ALWAYS, *(_FAMILIES[name] for name in families)):
        positions.update(match.start() for match in pattern.finditer(text) if is_start or not _is_first(pattern, match))
    if not positions:
        return text
    return "".join(f"\\{character}" if at in positions else character for at, character in enumerate(text))


def _is_first(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Return True if a match is at the start of the text, of which only a line's is special."""
    if pattern is _FAMILIES["starts"]:
        return "\n" not in match.string[: match.start()]
    return pattern is _ALWAYS and not match.start() and not match.string.startswith("[^")


def escape_all(text: str, *, is_start: bool = False) -> str:
    """Return the text with all signs, and spaces that would be lost, as character references."""
    escaped = _SIGN.sub(lambda match: f"&#{ord(match[0])};", text)
    escaped = _LOOSE_SPACE.sub("&#32;", escaped)
    return f"&#{ord(escaped[0])};{escaped[1:]}" if is_start and escaped[:1].isalnum() else escaped


def html_content(text: str) -> str:
    """Return a text as the content of HTML in which no template is read."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def html_value(text: str) -> str:
    """Return a text as the value of an attribute."""
    return html_content(text).replace("\n", "&#10;")
