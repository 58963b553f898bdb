"""Reads what gives a part of a line a role: text directives, `:badge[New]{.red}`, and the roles of MyST, `{ref}`a``.

Each function is a rule for one first character, as in `inline_syntax`. What the role draws is not known: its text is
shown.
"""

import re

from markdown_it.rules_inline import StateInline

from relmgr_cli.markdown.directives import attributes_in

_NAME = re.compile(r":[A-Za-z][\w-]{0,60}(?=\[[^\[\]\s])")
_KEY = re.compile(r"[ \t]{0,9}[*_]{0,3}[^\W\d_](?:[\w -]{0,60}\w)?[*_]{0,3}")
_MAX_KEY = 70  # characters
_BRACES = re.compile(r"\{([^{}\n]{0,300})\}")
_MAX_LABEL = 1000  # characters
_LINE = re.compile(r"^[ \t]{0,40}:{3,20}[ \t]{0,9}[A-Za-z]", re.MULTILINE)
HAS_DIRECTIVES = "directives"  # in the parser's state
_ROLE = re.compile(r"\{[A-Za-z][\w:.+-]{0,60}\}(?=`[^`])")
_ROLE_TARGET = re.compile(r"(`{1,2})([^`<>]{1,300}?)[ ]{0,3}<([^`<>\s]{1,300})>\1(?!`)")


def directive(state: StateInline, *, silent: bool) -> bool:
    """Read a text directive; without attributes only where the page has other directives."""
    if state.src.startswith("::", state.pos):
        return _field(state, silent=silent)
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    name = _NAME.match(state.src, state.pos, state.posMax)
    if not name or before.isalnum() or before in (":", "_", "/", "\\", "`"):
        return False
    start = name.end()
    if state.src.find("]", start, min(state.posMax, start + _MAX_LABEL)) < 0:
        return False
    before_end, state.posMax = state.posMax, min(state.posMax, start + _MAX_LABEL)
    end = state.md.helpers.parseLinkLabel(state, start, True)  # noqa: FBT003 (by position, as in its own rules)
    state.posMax = before_end
    if end < 0 or state.src[end + 1 : end + 2] in ("(", "["):
        return False
    braces = _BRACES.match(state.src, end + 1, state.posMax)
    if not braces and not state.env.get(HAS_DIRECTIVES):
        return False
    if not silent:
        href = attributes_in(braces[1]).get("href", "") if braces else ""
        _push(state, (start + 1, end), href)
    state.pos = braces.end() if braces else end + 1
    return True


def _field(state: StateInline, *, silent: bool) -> bool:
    """Read the colons of a field of Dataview, `key:: value`, as a colon."""
    first = max(0, state.pos - _MAX_KEY)
    start = max(state.src.rfind(mark, first, state.pos) for mark in "\n[(")
    is_whole = start >= 0 or not first
    if (
        not is_whole
        or not _KEY.fullmatch(state.src, start + 1, state.pos)
        or state.src[state.pos + 2 : state.pos + 3] not in (" ", "\n", "")
    ):
        return False
    if not silent:
        state.push("text", "", 0).content = ":"
    state.pos += 2
    return True


def role(state: StateInline, *, silent: bool) -> bool:
    """Skip the name of a role; read the text and the target of one, `{doc}`text <target>``, as a link."""
    name = _ROLE.match(state.src, state.pos, state.posMax)
    if not name:
        return False
    link = _ROLE_TARGET.match(state.src, name.end(), state.posMax)
    if not silent and link:
        _push(state, link.span(2), link[3])
    state.pos = link.end() if link else name.end()
    return True


def has_directives(text: str) -> bool:
    """Return True if a page has directives of lines."""
    return ":::" in text and bool(_LINE.search(text))


def _push(state: StateInline, part: tuple[int, int], href: str) -> None:
    """Add a part of the source, as a link if it has a target and is in none."""
    is_link = bool(href) and not state.linkLevel
    if is_link:
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.linkLevel += 1
    at, end, state.pos, state.posMax = state.pos, state.posMax, *part
    state.md.inline.tokenize(state)
    state.pos, state.posMax = at, end
    if is_link:
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
