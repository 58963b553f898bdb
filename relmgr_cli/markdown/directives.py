"""Reads containers that are written as lines of marks: `:::note`, `/// tip`, `!!! note`, `=== "Tab"`, `@tab Title`.

Docusaurus, VitePress, remark, Pandoc, MyST (colons), PyMdown (slashes), Python-Markdown and Material (indented).
"""

import re
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import html_block as html

from relmgr_cli.markdown.containers import Opening, container_named, is_container, readable_attributes
from relmgr_cli.markdown.events import CLOSE, OPEN, TAB, close_token, open_tokens, paragraph_tokens, title_tokens
from relmgr_cli.markdown.lines import add_tokens, line_at, skip_to

_COLONS = re.compile(r"(:{3,20})[ \t]*(.*)")
_NAME = re.compile(r"(?:\{([^{}]{0,300})\}|([^\W\d][\w-]{0,60}(?:#[\w-]{1,60})?))[ \t]*")
_LABEL = re.compile(r"\[([^\[\]]{0,300}(?:\[[^\[\]]{0,300}\][^\[\]]{0,300}){0,5})\][ \t]*")
_BRACES = re.compile(r"\{([^{}]{0,500})\}[ \t]*$")
_PAIR = re.compile(r"""([\w-]{1,60})=(?:"([^"]{0,300})"|'([^']{0,300})'|([^\s"']{1,300}))""")
_CLASS = re.compile(r"\.?([\w-]+)")
_LEAF = re.compile(r"::[a-zA-Z][\w-]{0,60}(?=[\[{])")
_SLASHES = re.compile(r"(/{3,20})[ \t]*(?:([\w-]{1,60})[ \t]*(?:\|[ \t]*(.*))?)?[ \t]*")
_OPTION = re.compile(r"[\w-]{1,60}:(?:[ \t]|$)")
_ADMONITION = re.compile(
    r"""(?:!!!|\?\?\?\+?)[ \t]+([^\W\d][\w-]{0,60})((?:[ \t]+[\w-]{1,60}){0,20})(?:[ \t]+(?:"(.*)"|'(.*)'))?[ \t]*"""
)
_PLACES = frozenset("inline end left right".split())  # where an admonition is; other words without quotes are its title
_UNBROKEN = re.compile(r"<(?:script|style|pre|textarea|[!?])", re.IGNORECASE)  # HTML that has an end of its own
_GROUPS = ("tabs", "code-tabs", "code-group")  # what follows these names is for the site
_TAB_LINE = re.compile(r"(?:@tab(?::active)?|==)[ \t]+(\S.*)")
_TAB_VALUE = re.compile(r"(?<=\S)#[^\s#]{1,100}$")  # `@tab Title#value`
_TAB = re.compile(r"""===[!+]{0,2}[ \t]+(?:"(.*)"|'(.*)')[ \t]*""")
_INDENT = 4


def colons(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Read a line of a directive; as a block rule, without looking for its other end."""
    text = line_at(state, start)
    match = _COLONS.fullmatch(text)
    if not match:
        return _leaf(state, start, text, silent=silent)
    rest = match[2].strip().rstrip(":").rstrip() if match[2].startswith(("{", ".")) else match[2].strip()
    key = (":", len(match[1]))
    if not rest:
        tokens = [close_token(key, start)]
    elif opening := _directive(rest):
        tokens = open_tokens(opening, key, start)
    else:
        return False
    if not silent:
        _note_group(state, key[1], rest)
    return skip_to(state, start + 1, tokens, silent=silent)


def html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (a rule's signature)
    """Read a block of HTML, which a directive ends: CommonMark goes on until a blank line."""
    if not silent and line_at(state, start).startswith("<") and not _UNBROKEN.match(line_at(state, start)):
        end = next((line for line in range(start + 1, end) if ends_html(state, line, end)), end)
    return html(state, start, end, silent)


def ends_html(state: StateBlock, line: int, end: int) -> bool:
    """Return True if a line ends a block of HTML: a blank one, a directive, or the title of a tab."""
    text = line_at(state, line)
    is_directive = text[:1] == ":" and colons(state, line, end, silent=True)
    return not text or is_directive or (text[:1] in ("@", "=") and tab_line(state, line, end, silent=True))


def _note_group(state: StateBlock, length: int, rest: str) -> None:
    """Keep in mind which groups of tabs are open, by the number of their colons."""
    groups: list[int] = state.env.setdefault("tab_groups", [])
    while not rest and groups and groups[-1] <= length:
        groups.pop()
    if rest.lower().startswith(_GROUPS):
        groups.append(length)


def tab_line(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Read the title of a tab in a group of tabs: `@tab Title` of VuePress, `== Title` of VitePress."""
    groups = state.env.get("tab_groups")
    match = _TAB_LINE.fullmatch(line_at(state, start).rstrip()) if groups else None
    if not groups or not match:
        return False
    key = (TAB, len(groups))
    opening = Opening("tab", "", _TAB_VALUE.sub("", match[1]))
    return skip_to(state, start + 1, [close_token(key, start), *open_tokens(opening, key, start)], silent=silent)


def _directive(text: str) -> Opening | None:
    name = _NAME.match(text)
    if not name:
        return None
    attributes = {}
    rest = text[name.end() :].strip()
    if braces := _BRACES.search(rest):
        attributes = attributes_in(braces[1])
        rest = rest[: braces.start()].strip()
    word = name[2] or ""
    if name[1] is not None:  # Pandoc's class or the name of a MyST directive
        attributes |= attributes_in(name[1])
        words = _CLASS.findall(_PAIR.sub("", name[1]))
        word = next((part.removeprefix("callout-") for part in words), "div")
    word = word.partition("#")[0]
    label = _LABEL.match(rest)
    title = f"{label[1]} {rest[label.end() :]}".rstrip() if label else rest
    opening = container_named(word, attributes)
    title = title or opening.title or attributes.get("title", "")
    if word.lower() in _GROUPS:
        title = label[1] if label else ""
    elif not opening.kind and title and name[1] is None:
        return Opening("alert", word.lower(), title)  # of a site's own making
    return opening._replace(title=title)


def attributes_in(text: str) -> dict[str, str]:
    """Return the attributes in the braces of a directive that have a value."""
    return {name.lower(): double or single or bare for name, double, single, bare in _PAIR.findall(text)}


def _leaf(state: StateBlock, start: int, text: str, *, silent: bool) -> bool:
    """Read a directive of one line: `::video[label]{title="x"}`."""
    match = _LEAF.match(text)
    if not match or text.startswith(":::"):
        return False
    rest = text[match.end() :].strip()
    label = _LABEL.match(rest)
    rest = rest[label.end() :] if label else rest
    braces = _BRACES.fullmatch(rest) if rest else None
    if rest and not braces:
        return False
    attributes = attributes_in(braces[1]) if braces else {}
    texts = dict.fromkeys([label[1] if label else "", *readable_attributes(attributes)])
    tokens = [token for shown in texts for token in paragraph_tokens(shown, start)]
    return skip_to(state, start + 1, tokens, silent=silent)


def slashes(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read a line of a PyMdown block, and the options that follow it."""
    match = _SLASHES.fullmatch(line_at(state, start))
    if not match:
        return False
    key = ("/", len(match[1]))
    if not match[2]:
        return skip_to(state, start + 1, [close_token(key, start)], silent=silent)
    line, options = start + 1, {}
    while line < end and state.sCount[line] - state.sCount[start] >= _INDENT and _OPTION.match(line_at(state, line)):
        name, _, value = line_at(state, line).partition(":")
        options[name.strip().lower()] = value.strip().strip("\"'")
        line += 1
    opening = container_named(match[2], options)
    if match[2] != "html":  # for that, what follows is a selector of CSS
        opening = opening._replace(title=match[3] or opening.title)
    return skip_to(state, line, open_tokens(opening, key, start), silent=silent)


def indented(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read an admonition or a tab of Python-Markdown: what is indented below its first line is in it."""
    text, words = line_at(state, start), ""
    if match := _ADMONITION.fullmatch(text):
        words = " ".join(word for word in match[2].split() if word not in _PLACES)
        title = match[3] or match[4] or ""
        opening = container_named(match[1])
        kind = "details" if text.startswith("???") and not is_container(match[1]) else match[1].lower()
        opening = Opening("alert", opening.marker or kind, title)
    elif match := _TAB.fullmatch(text):
        opening = Opening("tab", "", match[1] or match[2] or "")
    else:
        return False
    base = state.sCount[start] + _INDENT
    line = after = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= base):
        line += 1
        if not state.isEmpty(line - 1):
            after = line
    if after == start + 1 and not opening.title:
        return False  # a sentence
    if silent:
        return True
    _nest(state, opening._replace(title=opening.title or words), (start, after), base)
    return True


def _nest(state: StateBlock, opening: Opening, lines: tuple[int, int], indent: int) -> None:
    """Parse lines as the content of a container."""
    start, after = lines
    before = (state.parentType, state.lineMax, state.blkIndent)
    token = state.push(OPEN, "div", 1)
    token.map = [start, after]
    token.meta = {"kind": opening.kind, "marker": opening.marker, "closed": True}
    add_tokens(state, title_tokens(opening.title, start))
    state.parentType, state.lineMax, state.blkIndent = "admonition", after, indent
    state.md.block.tokenize(state, start + 1, after)
    state.parentType, state.lineMax, state.blkIndent = before
    closing: Any = state.push(CLOSE, "div", -1)
    closing.meta = {"opener": token}
    state.line = after
