"""Reads the tags of template languages: Hugo's shortcodes, Liquid, Jinja, Vue, and the attributes of kramdown.

A tag is never text. What it contains is shown, and so are its arguments that people read. Of a value that only the site
knows, such as `{{ site.version }}`, the expression is shown as code.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from relmgr_cli.markdown.containers import container_named, is_tab_group, readable_attributes, tab_labels
from relmgr_cli.markdown.events import close_token, group_tokens, open_tokens, paragraph_tokens, title_tokens
from relmgr_cli.markdown.lines import add_tokens, last_of, line_at, line_of, parse_rest, skip_blank, skip_to

_MAX_LENGTH = 2000  # characters of a tag
_MAX_PAIRED = 5000  # characters between a tag and its end
_MAX_LINES = 2000  # of an element whose content is not Markdown
_ENDS = {"{{<": ">}}", "{{%": "%}}", "{{!": "}}", "{{": "}}", "{%": "%}"}
_NAME = re.compile(r"[-~]?\s{0,9}(?:(/)\s{0,9})?([^\W\d][\w./-]{0,99})?\s{0,9}")
_ARGUMENT = re.compile(
    r"""([\w-]{1,60})\s{0,9}[=:]\s{0,9}(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"',]+))|"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s"']+)"""
)
_DIAGRAMS = frozenset("mermaid plantuml graphviz goat".split())
_VERBATIM = frozenset("highlight codeblock prism sourcecode code code-block code-toggle".split()) | _DIAGRAMS
_GROUP = "tabpane"  # the tabs of Docsy, which have code unless it says that they have text
_TAB_CODE = "tab code"  # in the parser's state: the language of this code
_TARGETS = ("page", "href", "url", "link", "to")  # arguments
_HIDDEN = frozenset(["comment"])
_CONTROL = frozenset(
    "if elsif else elif unless for endif endfor endunless case when endcase assign capture endcapture raw endraw "
    "set endset block endblock extends import from macro endmacro with endwith include include_relative toc".split()
)
_END_OF = re.compile(r"\{\{[<%]\s{0,9}/\s{0,9}([\w-]{1,99})[^{}]{0,99}\}\}|\{%-?\s{0,9}end([\w-]{1,99})[^{}]{0,99}%\}")
_ESCAPED = re.compile(r"\{\{([<%])/\*([^\n]{0,500}?)\*/([>%])\}\}")
_REFERENCES = frozenset(["link", "post_url", "ref", "relref", "doc_url"])
_FLOW = re.compile(r"\{\{\s*(?:[#/>!^&*]|else\b)")
_MACRO = re.compile(r"[^\W\d]\w{0,99}(?:\([^()]{0,500}\))?")
_COMMENT_LINE = re.compile(r"""\[(?://|comment)\]:[ \t]{0,9}(?:\#|<>)[ \t]{1,9}["'(].{0,1000}["')]""")
_DEFINITION = re.compile(
    r"\[([^\[\]\n^][^\[\]\n]{0,300})\]:[ \t]{0,9}"
    r"((?:[^\s{}]|\{\{(?:(?!\}\}).){1,300}\}\}|\{%(?:(?!%\}).){1,300}%\}){1,1000})"
    r"""(?:[ \t]{1,9}(?:"[^"]{0,300}"|'[^']{0,300}'))?"""
)
_STRING = re.compile(r"""\"([^\"]{0,300})\"|'([^']{0,300})'""")
_SAID = re.compile(r"[^\W\d_]\s+[^\W\d_]|[^\W\d_a-zA-Z]")  # words, or letters that no path or id has
_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')""")

ITEM = (
    r"""(?:#[^\s#{}"'<>]{1,300}|\.[\w:.-]{1,300}|"""
    r"""[\w:-]{1,60}=(?:"[^"\n{}]{0,300}"|'[^'\n{}]{0,300}'|[^\s"'{}]{1,300}))"""
)
_ATTRIBUTES = re.compile(rf"\{{(:?)[ ]?({ITEM}(?:[ ]{{1,3}}{ITEM}){{0,20}})[ ]{{0,3}}/?\}}")
_KRAMDOWN = re.compile(
    r"""\{:(?::|:?/)?[ ]?(?:no_toc|toc|notoc|nomarkdown|comment|options)\b[^{}\n]{0,300}\}|\{:/?\}"""
)
_CONTENTS = re.compile(r"\{:?:?[ ]{0,3}toc\b")
_REFERENCE = re.compile(r"\{:[ ]{0,3}[\w-]{1,60}(?::[^{}\n]{0,300}|(?:[ ]{1,3}[^\s{}]{1,99}){0,9})[ ]{0,3}\}")
_ID = re.compile(r"(?:^|[ ])#(\S{1,100})|(?:^|[ ])id=[\"']?([\w:.-]{1,100})")
_LINE_END = re.compile(r"[ \t]{0,9}(?:\n|$)")
_AFTER = ')]`*_>":'  # attributes without an id belong to what ends with one of these


class Template(NamedTuple):
    """One template tag."""

    name: str  # the first word; "" for an expression
    inner: str  # what is between the braces
    mark: str  # the opening braces
    end: int  # offset behind it
    is_closing: bool = False
    arguments: Mapping[str, str] = MappingProxyType({})
    positional: tuple[str, ...] = ()


class Attributes(NamedTuple):
    """A list of attributes: `{#id .class}`."""

    anchor: str
    end: int  # offset behind it


def scan_template(text: str, start: int, end: int | None = None) -> Template | None:
    """Return the template tag at an offset; None if there is none."""
    end = len(text) if end is None else end
    mark = next((mark for mark in _ENDS if text.startswith(mark, start)), "")
    if not mark:
        return None
    closing = text.find(_ENDS[mark], start + len(mark), min(end, start + _MAX_LENGTH))
    if closing < 0:
        return None
    inner = text[start + len(mark) : closing].strip()
    after = closing + len(_ENDS[mark])
    if mark == "{{" and "{{" in inner:
        return None
    inner = inner.strip("-~").strip()
    if mark in ("{{", "{{!"):
        return Template("", inner=inner.strip("{}").strip(), mark=mark, end=after)
    name = _NAME.match(inner)
    word = (name[2] or "") if name else ""
    is_closing = bool(name and name[1]) or (mark == "{%" and word.startswith("end") and word != "end")
    rest = inner[name.end() :] if name else ""
    arguments: dict[str, str] = {}
    positional = []
    for match in _ARGUMENT.finditer(rest.rstrip("/")):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        if match[1]:
            arguments.setdefault(match[1].lower(), value)
        else:
            positional.append(value)
    if mark == "{%" and is_closing:
        word = word.removeprefix("end")
    return Template(word, inner, mark, after, is_closing, arguments, tuple(positional))


def is_escaped(tag: Template) -> bool:
    """Return True for a shortcode that is written to be shown: `{{</* x */>}}`."""
    return tag.mark in ("{{<", "{{%") and tag.inner.startswith("/*")


def unescaped_shortcodes(code: str) -> str:
    """Return code with the shortcodes that are written to be shown, as they are shown."""
    return _ESCAPED.sub(r"{{\1\2\3}}", code) if "*/" in code else code


def scan_attributes(text: str, start: int, end: int | None = None) -> Attributes | None:
    """Return the list of attributes at an offset; None if it is text."""
    end = len(text) if end is None else end
    match = _ATTRIBUTES.match(text, start, end)
    if not match:
        other = _KRAMDOWN.match(text, start, end)
        return Attributes("", other.end()) if other else None
    has_mark = bool(match[1]) or match[2].startswith("#")  # no text looks like it
    follows = text[start - 1 : start] in _AFTER if start else False
    ends_line = match[2].startswith(".") and bool(_LINE_END.match(text, match.end(), end))
    if not (has_mark or follows or ends_line):
        return None
    found = _ID.search(match[2])
    return Attributes((found[1] or found[2]) if found else "", match.end())


def definition_line(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Read the definition of a link whose target is a template tag, with the spaces that Markdown does not allow.

    And a comment in the form of a definition, `[//]: # (comment)`, which CommonMark shows behind a paragraph.
    """
    text = line_at(state, start).rstrip()
    if _COMMENT_LINE.fullmatch(text):
        return skip_to(state, start + 1, silent=silent)
    match = _DEFINITION.fullmatch(text)
    if not match or "{" not in match[2]:
        return False
    if not silent:
        references = state.env.setdefault("references", {})
        references.setdefault(normalizeReference(match[1]), {"href": match[2], "title": ""})
    return skip_to(state, start + 1, silent=silent)


def template_line(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read template tags that begin a line, as a block rule: those of containers, or all if nothing else is in it."""
    at = state.bMarks[start] + state.tShift[start]
    if _is_attribute_line(state.src, at, state.eMarks[start]):
        is_contents = _CONTENTS.match(state.src, at)
        tokens = [Token("contents", "", 0, map=[start, start + 1], block=True)] if is_contents else []
        return skip_to(state, start + 1, tokens, silent=silent)
    tag = scan_template(state.src, at, state.eMarks[end - 1])
    if not tag or is_escaped(tag):
        return False
    if not tag.is_closing and (tag.name in _HIDDEN or _is_code(tag, state.env.get(_TAB_CODE))):
        return _verbatim(state, tag, (start, end), silent=silent)
    if tag.name == "raw":
        return _skip_alone(state, tag, (start, end), silent=silent)
    return _tags(state, tag, (start, end), silent=silent)


def _tags(state: StateBlock, first: Template, lines: tuple[int, int], *, silent: bool) -> bool:
    """Read the tags of a line, and if the last of them is that of a container, the rest of the line."""
    line, end = lines
    if state.tokens and state.tokens[-1].type == "list_item_open" and _is_word(first, state):
        is_last = line + 1 >= end or state.isEmpty(line + 1) or state.sCount[line + 1] < state.blkIndent
        if is_last:
            return False  # the text of the item
    tag: Template | None = first
    tokens: list[Token] = []
    while tag and not is_escaped(tag) and _is_markup(tag):
        if tag.name == _GROUP and tag.mark == "{{<" and not silent:
            is_text = tag.is_closing or tag.arguments.get("text") == "true"
            state.env[_TAB_CODE] = None if is_text else tag.arguments.get("lang", "")
        line = line_of(state, tag.end, line, end)
        tokens += _tokens_of(tag, line, is_paired=_is_paired(tag, state.src))
        at = skip_blank(state.src, tag.end, state.eMarks[line])
        if at == state.eMarks[line]:
            return skip_to(state, line + 1, tokens, silent=silent)
        last, tag = tag, scan_template(state.src, at, state.eMarks[line])
        if not tag and (container_named(last.name).kind or _is_paired(last, state.src)):
            return _go_on(state, tokens, (line, at, end), silent=silent)
    return False


def _is_word(tag: Template, state: StateBlock) -> bool:
    """Return True for a shortcode with an argument without a name, that contains nothing."""
    is_plain = tag.mark in ("{{<", "{{%") and bool(tag.positional) and not tag.is_closing and not tag.arguments
    return is_plain and not container_named(tag.name).kind and last_of(state, f"/{tag.name}") < tag.end


def _is_code(tag: Template, tab_code: str | None) -> bool:
    """Return True if what is between a tag and its end is code, not Markdown."""
    if tag.name == "tab" and tag.mark == "{{<" and tab_code is not None and "text" not in tag.arguments:
        return not tag.inner.endswith("/")
    return tag.name in _VERBATIM or tag.arguments.get("code") == "true"


def _is_markup(tag: Template) -> bool:
    """Return True for a tag that is no text where it stands alone: any but an expression with a value."""
    return tag.mark != "{{" or bool(_FLOW.match("{{" + tag.inner) or _MACRO.fullmatch(tag.inner))


def _is_paired(tag: Template, text: str) -> bool:
    """Return True if a tag with a name has an end; only such tags are looked for."""
    return "name" in tag.arguments and text.find(f"/{tag.name}", tag.end, tag.end + _MAX_PAIRED) >= 0


def _is_attribute_line(src: str, at: int, end: int) -> bool:
    found = scan_attributes(src, at, end)
    after = found.end if found else 0
    if not found and (match := _REFERENCE.match(src, at, end)):
        after = match.end()
    return bool(after) and not src[after:end].strip()


def _tokens_of(tag: Template, line: int, *, is_paired: bool) -> list[Token]:
    key = ("{", tag.name)
    opening = container_named(tag.name, tag.arguments, tag.positional)
    if tag.name == _GROUP:
        return []
    if is_tab_group(tag.name):
        return group_tokens(None if tag.is_closing else tab_labels(tag.arguments, tag.positional), line)
    if opening.kind:
        opened = open_tokens(opening, key, line)
        closed = [close_token(key, line)] if tag.is_closing or tag.inner.endswith("/") else []
        return closed if tag.is_closing else opened + closed
    if tag.is_closing or tag.name in _CONTROL:
        return []
    tokens = [token for text in readable_attributes(tag.arguments) for token in paragraph_tokens(text, line)]
    if not tokens and tag.mark != "{%":
        tokens = [token for text in tag.positional if _SAID.search(text) for token in paragraph_tokens(text, line)]
    if not tokens and (source := tag.arguments.get("src", "")):
        tokens = paragraph_tokens(_link("!", "", source), line)
    elif not tokens and (target := next(filter(None, map(tag.arguments.get, _TARGETS)), "")):
        tokens = paragraph_tokens(_link("", target, target), line)
    if not tokens and is_paired and (name := tag.arguments.get("name", "")):
        tokens = paragraph_tokens(f"`{name}`", line)  # of what the content describes
    return tokens


def _link(mark: str, text: str, target: str) -> str:
    """Return a link or an image as Markdown; "" if the target cannot be written so."""
    return "" if set("<>[]\\\n").intersection(target) else f"{mark}[{text}](<{target}>)"


def _go_on(state: StateBlock, tokens: list[Token], where: tuple[int, int, int], *, silent: bool) -> bool:
    """Add the tokens of a tag, and parse the rest of its line."""
    if silent:
        return True
    line, at, end = where
    add_tokens(state, tokens)
    parse_rest(state, line, at, end)
    return True


def _verbatim(state: StateBlock, tag: Template, lines: tuple[int, int], *, silent: bool) -> bool:
    """Read an element whose content is code, or a comment."""
    start, end = lines
    first = line_of(state, tag.end, start, end)
    has_end = max(last_of(state, f"/{tag.name}"), last_of(state, f"end{tag.name}")) >= tag.end
    found = _find_end(state, tag, first, min(end, first + _MAX_LINES)) if has_end else None
    if not found:
        return _skip_alone(state, tag, lines, silent=silent)
    if silent:
        return True
    line, closing = found
    content = state.src[tag.end : min(state.eMarks[first], closing[0])]
    if line > first:
        last = state.src[state.bMarks[line] : closing[0]]
        content += "\n" + state.getLines(first + 1, line, state.blkIndent, keepLastLF=True) + last
    if tag.name not in _HIDDEN and content.strip():
        _add_code(state, tag, content.strip("\n").rstrip(), (first, line + 1))
    state.line = line + 1
    after = skip_blank(state.src, closing[1], state.eMarks[line])
    if after < state.eMarks[line]:
        parse_rest(state, line, after, end)
    return True


def _add_code(state: StateBlock, tag: Template, content: str, lines: tuple[int, int]) -> None:
    """Add the code in an element, and its title; both in a tab if the element is one."""
    key = ("{", tag.name)
    opening = container_named(tag.name, tag.arguments, tag.positional)
    title = next((tag.arguments[name] for name in ("title", "header", "file", "filename") if name in tag.arguments), "")
    add_tokens(state, open_tokens(opening, key, lines[0]) if opening.kind else title_tokens(title, lines[0]))
    token = state.push("fence", "code", 0)
    named = tag.name if tag.name in _DIAGRAMS else tag.arguments.get("lang", state.env.get(_TAB_CODE) or "")
    token.info = tag.positional[0] if tag.positional and not opening.kind else named
    token.content, token.map = content, list(lines)
    if opening.kind:
        add_tokens(state, [close_token(key, lines[1] - 1)])


def _find_end(state: StateBlock, tag: Template, start: int, end: int) -> tuple[int, tuple[int, int]] | None:
    """Return the line of the tag that ends an element, and the offsets of that tag."""
    for line in range(start, end):
        at = max(state.bMarks[line], tag.end if line == start else 0)
        for match in _END_OF.finditer(state.src, at, state.eMarks[line]):
            if tag.name in match.groups():
                return line, match.span()
    return None


def _skip_alone(state: StateBlock, tag: Template, lines: tuple[int, int], *, silent: bool) -> bool:
    """Skip a tag that is alone on its lines."""
    line = line_of(state, tag.end, *lines)
    if state.src[tag.end : state.eMarks[line]].strip():
        return False
    return skip_to(state, line + 1, silent=silent)


def shown_inline(tag: Template) -> tuple[str, str]:
    """Return what a tag within a line shows, as text and as code; one of them is empty."""
    if tag.mark in ("{{", "{{!"):
        return _shown_expression(tag)
    if tag.is_closing or tag.name in _CONTROL or tag.name in _HIDDEN:
        return "", ""
    if texts := readable_attributes(tag.arguments):
        return " ".join(text.strip("*_`") for text in texts), ""
    if container_named(tag.name).kind and tag.positional:
        return tag.positional[-1], ""
    if tag.positional and not (tag.mark == "{%" and tag.name not in _REFERENCES):
        return "", tag.positional[0] if tag.name in _REFERENCES else " ".join(tag.positional).strip()
    return "", ""


def _shown_expression(tag: Template) -> tuple[str, str]:
    if tag.mark == "{{!" or _FLOW.match("{{" + tag.inner) or tag.inner.lower() == "toc":
        return "", ""
    if _MACRO.fullmatch(tag.inner) and (words := ["".join(found) for found in _STRING.findall(tag.inner)]):
        return next((word for word in words[1:2] if word), words[0]), ""  # a name, and what is shown for it
    quoted = _QUOTED.match(tag.inner)
    if quoted and " " in (text := quoted[1] or quoted[2] or ""):
        return text, ""
    return "", tag.inner
