"""Escapes text so that Markdown does not read it as markup: a family of marks, all of them, or every sign."""

import re
from collections.abc import Iterable
from html import escape

_PUNCTUATION = r"!-/:-@\[-`{-~"  # of ASCII: what a backslash may escape
_BACKSLASH = re.compile(rf"\\(?=[{_PUNCTUATION}\n]|$)")
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_SIGN = re.compile(f"[{_PUNCTUATION}]")

# Where each family may be markup; a character is escaped where one of its patterns begins.
_FAMILIES = {
    "starts": re.compile(
        rf"^[{_PUNCTUATION}]|(?<=^\d)[.)]|(?:(?<=^\d\d)|(?<=^\d\d\d)|(?<=^\d\d\d\d))[.)]", re.MULTILINE
    ),
    "html": re.compile(r"<(?=[A-Za-z/!?>])|&(?=#?\w{1,40};)"),
    "code": re.compile(r"`"),
    "emphasis": re.compile(r"\*(?=\S)|(?<=\S)\*|(?<![^\W_])_|_(?![^\W_])|~(?=\S)|(?<=\S)~|=(?==)|(?<==)="),
    "brackets": re.compile(r"\["),  # of their ends see `escape_label`: `\[a\]` may be a formula
    "braces": re.compile(r"[{}$]|%(?=[%{])|(?<=%)%"),
    "pipes": re.compile(r"\|"),
}
MARKS = tuple(_FAMILIES)

# What reading the text alone does not tell: what is markup by what is around it (references to footnotes; a task, an
# alert, a definition at the start of a line), and targets that this parser refuses and others may not.
_ALWAYS = re.compile(
    r"\[(?=\^)|(?<=\])\(|<(?=[A-Za-z/!?])|^\[(?=[xX ]\]|!|[^\[\]\n]{1,999}\]:)|^[:~](?=\s)", re.MULTILINE
)
_AT_START = re.compile(r"\[(?!\^)|[:~]")


def escape_marks(text: str, families: Iterable[str] = (), *, is_start: bool = False) -> str:
    """Return the text with a backslash before what may be markup; `is_start` of the text that begins a line."""
    positions = {match.start() for match in _BACKSLASH.finditer(text)}
    for pattern in (_ALWAYS, *(_FAMILIES[name] for name in families)):
        positions.update(match.start() for match in pattern.finditer(text) if is_start or not _is_first(pattern, match))
    if not positions:
        return text
    return "".join(f"\\{character}" if at in positions else character for at, character in enumerate(text))


def _is_first(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Return True if a match is special only where a line begins, and is at the start of the text."""
    if pattern is _FAMILIES["starts"]:
        return "\n" not in match.string[: match.start()]
    return pattern is _ALWAYS and not match.start() and bool(_AT_START.match(match.string))


def escape_label(text: str) -> str:
    """Return an escaped text for the label of a link, whose brackets must be balanced."""
    depth = lowest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket == "[" else -1
        lowest = min(lowest, depth)
    return _BRACKET.sub(r"\\\g<0>", text) if depth or lowest else text


def escape_all(text: str, *, is_start: bool = False) -> str:
    """Return the text with all signs as character references."""
    escaped = _SIGN.sub(lambda match: f"&#{ord(match[0])};", text)
    return f"&#{ord(escaped[0])};{escaped[1:]}" if is_start and escaped[:1].isalnum() else escaped


def html_content(text: str) -> str:
    """Return a text as the content of HTML in which no template is read."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def html_value(text: str) -> str:
    """Return a text as the value of an attribute."""
    return html_content(text).replace("\n", "&#10;")
