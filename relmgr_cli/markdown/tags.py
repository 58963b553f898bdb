"""Scans single tags of HTML and JSX, and expressions in braces.

Both JSX and the templates of component frameworks allow what HTML does not: expressions in braces as values, names with
dots, attributes such as `@click`. Every scan is bounded.
"""

import re
from collections.abc import Mapping
from html import unescape
from textwrap import dedent
from types import MappingProxyType
from typing import NamedTuple

_MAX_LENGTH = 40_000  # characters of a tag or an expression; longer ones are text
_MAX_DEPTH = 20  # of braces: of many that are never closed, each is looked for its end

_NAME = re.compile(r"<(/?)(?:([A-Za-z][\w.-]{0,99})(?=[\s/>{])|(?=>))")
_SPACE = re.compile(r"\s*")
_END = re.compile(r"(/?)\s{0,9}>")
_ATTRIBUTE = re.compile(r"[^\s\"'<>/={}`]+")
_EQUALS = re.compile(r"\s{0,99}=\s{0,99}")
_VALUE = re.compile(r""""([^"]*)"|'([^']*)'|([^\s"'=<>`{]+)""")
_BRACE_OR_QUOTE = re.compile(r"""[{}"'`]|/\*|//""")
_VARIABLE = re.compile(r"\{\s*([A-Za-z_$][\w$]{0,99})\s*\}")
_LITERAL = re.compile(r"""\{\s*(?:"((?:[^"\n\\]|\\.)*)"|'((?:[^'\n\\]|\\.)*)'|`([^`$]*)`)\s*\}""")

_TEMPLATE = re.compile(r"\{\s*`((?:[^`\\]|\\.)*)`\s*\}", re.DOTALL)
_ESCAPE = re.compile(r"\\([nt\"'`\\])")
_ESCAPED = re.compile(r"\\([`$\\])")
CODE_ATTRIBUTES = frozenset(
    "code source snippet example content children template markdown query settings imports prompt".split()
)

_LABEL_IN_OBJECT = re.compile(
    r"""\b(?:label|title|text|description)["']?\s{0,9}:\s{0,9}(?:"([^"\n]{1,300})"|'([^'\n]{1,300})')"""
)
_AMPERSAND = re.compile(r"&(?=[A-Za-z]\w{0,99}(?![\w;]))")
_STRING = re.compile(r"""\"([^"\n]{0,300})\"|'([^'\n]{0,300})'""")
_STRINGS = re.compile(r"""\{\s*\[\s*(?:(?:"[^"\n]{0,300}"|'[^'\n]{0,300}')\s*(?:,\s*|(?=\]))){1,50}\]\s*\}""")
_TEXT_IN_OBJECT = re.compile(r""":\s{0,9}(?:"([^"\n]{1,300})"|'([^'\n]{1,300})')""")

# Tags within a line of text; a line that begins with one of them is a paragraph.
INLINE_TAGS = frozenset(
    "a abbr acronym audio b bdi bdo big br button cite code data del dfn em font i img input ins kbd label mark math "
    "meter q ruby s samp select small span strike strong sub sup svg time tt u var wbr".split()
)


class Tag(NamedTuple):
    """One tag."""

    name: str  # as written; "" for a fragment
    is_closing: bool
    is_empty: bool  # closes itself
    attributes: Mapping[str, str]  # by name, in lower case; of an expression that is no text, only `labels`
    end: int  # offset behind it
    variables: Mapping[str, str] = MappingProxyType({})  # attribute -> name of the variable that is its value

    @property
    def is_component(self) -> bool:
        """Return True if it is none of HTML: a component, or a custom element."""
        return self.name[:1].isupper() or "-" in self.name or "." in self.name


def scan_tag(text: str, start: int, end: int | None = None) -> Tag | None:
    """Return the tag that begins at `start`; None if there is no complete one."""
    end = min(len(text) if end is None else end, start + _MAX_LENGTH)
    match = _NAME.match(text, start, end)
    if not match:
        return None
    name, at = match[2] or "", match.end()
    attributes: dict[str, str] = {}
    variables: dict[str, str] = {}
    while True:
        at = _SPACE.match(text, at, end).end()  # type: ignore[union-attr]
        if closing := _END.match(text, at, end):
            return Tag(name, bool(match[1]), bool(closing[1]), attributes, closing.end(), variables)
        is_braces = text[at : at + 1] == "{"  # {...properties}, {/* comment */}
        at = end_of_braces(text, at, end) if is_braces else _scan_attribute(text, at, end, attributes, variables)
        if not at:
            return None


def _scan_attribute(text: str, at: int, end: int, attributes: dict[str, str], variables: dict[str, str]) -> int:
    """Add the attribute at an offset; return the offset behind it, 0 if there is none."""
    name = _ATTRIBUTE.match(text, at, end)
    if not name:
        return 0
    equals = _EQUALS.match(text, name.end(), end)
    if not equals:
        attributes.setdefault(name[0].lower(), "")
        return name.end()
    at = equals.end()
    if text[at : at + 1] == "{":
        after = end_of_braces(text, at, end)
        value = template_in(text[at:after]) if name[0].lower() in CODE_ATTRIBUTES else literal_in(text[at:after])
        if variable := _VARIABLE.fullmatch(text, at, after):
            variables.setdefault(name[0].lower(), variable[1])
        texts = _TEXT_IN_OBJECT if name[0].lower() == "labels" else _LABEL_IN_OBJECT
        if value is None and (items := _STRINGS.fullmatch(text, at, after)):
            value = "\n".join(double or single for double, single in _STRING.findall(items[0]))
        if value is None and (labels := texts.findall(text, at, after)):
            attributes.setdefault("labels", ", ".join(dict.fromkeys(double or single for double, single in labels)))
    elif match := _VALUE.match(text, at, end):
        after, value = match.end(), attribute_text(match[1] or match[2] or match[3] or "")
    else:
        return 0
    if value is not None:
        attributes.setdefault(name[0].lower(), value)
    return after


def attribute_text(value: str) -> str:
    """Return the text of an attribute as written: in `?a=1&center=2` is no reference to the character of `&cent;`."""
    return unescape(_AMPERSAND.sub("&amp;", value)) if "&" in value else value


def end_of_braces(text: str, start: int, end: int | None = None) -> int:
    """Return the offset behind the brace that closes the one at `start`; 0 if none does.

    Braces in strings and comments do not count. Those that are nested too deeply are text.
    """
    end = min(len(text) if end is None else end, start + _MAX_LENGTH)
    if text.find("}", start, end) < 0:
        return 0  # what never ends must not be scanned again and again
    depth, at = 0, start
    while match := _BRACE_OR_QUOTE.search(text, at, end):
        at = match.end()
        found = match[0]
        if found == "{":
            depth += 1
            if depth > _MAX_DEPTH:
                return 0
        elif found == "}":
            depth -= 1
            if not depth:
                return at
        elif found == "/*":
            at = text.find("*/", at, end) + 2 if text.find("*/", at, end) >= 0 else end
        elif found != "//":
            at = _end_of_string(text, at, end, found)
    return 0


def _end_of_string(text: str, at: int, end: int, quote: str) -> int:
    """Return the offset behind a string; `at` itself if the quote is an apostrophe."""
    closing = text.find(quote, at, end)
    while closing > at and text[closing - 1] == "\\" and text[closing - 2] != "\\":
        closing = text.find(quote, closing + 1, end)  # it is escaped
    if quote != "`" and closing >= 0 and "\n" in text[at:closing]:
        closing = -1
    return closing + 1 if closing >= 0 else at


def template_in(expression: str) -> str | None:
    """Return the source of an expression in braces that is only a string, with what a template puts in; else None."""
    match = _TEMPLATE.fullmatch(expression)
    return match[1] if match else literal_in(expression)


def plain_template(text: str) -> str:
    """Return what is between the quotes of a template literal as text: without escapes and the common indentation."""
    return dedent(_ESCAPED.sub(r"\1", text)).strip("\n").rstrip()


def literal_in(expression: str) -> str | None:
    """Return the text of an expression in braces that is only a string; None for any other."""
    match = _LITERAL.fullmatch(expression)
    return _ESCAPE.sub(_unescaped, next((text for text in match.groups() if text is not None), "")) if match else None


def _unescaped(escape: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(escape[1], escape[1])
