r"""Inline syntax beyond CommonMark: wiki links, marked text, maths, comments, template tags and JSX.

Each function is a rule for one first character; `inline_dialects` chooses. Like every rule of markdown-it, a rule moves
`state.pos` and adds tokens, unless it is silent, or returns False.
"""

import re
from collections.abc import Callable

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

from relmgr_cli.markdown.containers import container_named
from relmgr_cli.markdown.pymdown import caret, plus, tilde
from relmgr_cli.markdown.roles import directive, role
from relmgr_cli.markdown.tags import end_of_braces, literal_in, scan_tag
from relmgr_cli.markdown.templates import Template, is_escaped, scan_attributes, scan_template, shown_inline

_WIKI = re.compile(r"\[\[(?![\s\"'])([^\[\]\n]{1,300})(?<!\s)\]\]")
_NOT_WIKI = re.compile(r"(?!\d{4}-\d\d-\d\d$|\d{6,}$)[\d\s,.;+*-]+|_?toc_?", re.IGNORECASE)  # a note of a day is a link
_TABLE_OF_CONTENTS = re.compile(r"_?toc_?", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")
_IMAGE = re.compile(r"\.(?:avif|bmp|gif|heic|ico|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
_TEMPLATE_LINK = re.compile(
    r"(!?)\[((?:[^\[\]\\]|\\.){0,500})\]"
    r"\([ ]{0,3}<?((?:[^\s(){}<>]|\{\{(?:(?!\}\}).){1,300}\}\}|\{%(?:(?!%\}).){1,300}%\}){1,500})>?"
    r"""(?:\s{1,9}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?[ ]{0,3}\)"""
)
_WORDS = re.compile(r"[^\W\d_]{3}[\w ]{0,99}")
_SPACE_OR_CODE = re.compile(r"[\s`]")
_CODE = re.compile(r"`[^`]+`")
_IMAGE_REFERENCE = re.compile(r"!\[([^\[\]\n]{1,300})\]\[([^\[\]\n]{1,200})\]")
# `package.Class.method`, `name-of-a-page`, `#anchor`, `_name`; not `a-z`.
_IDENTIFIER = re.compile(
    r"[#_][\w-]{1,99}|@?(?=.{0,99}[^\W\d_]{3})[^\W\d]\w{0,99}(?:[.:/-]{1,2}\w{1,99}){1,20}(?:\(\))?"
)
_MAX_REFERENCE = 600  # characters of the text of a link, and of its label
_MARK = re.compile(r"==(?![\s=])((?:[^=\n]|=(?!=)|\n(?!\n)){1,1000}?)(?<!\s)==(?![=0-9A-Za-z])")
_COMMENT = re.compile(r"%%((?:[^%]|%(?!%)){0,5000})%%")
_ID_IN_PERCENT = re.compile(r"%\{\s{0,9}#([^\s{}%]{1,300})\s{0,9}\}%")
_MATH = re.compile(r"\$(\$?)(?![\s$])((?:[^$\\]|\\.){1,2000}?)(?<!\s)\1\$(?![0-9A-Za-z$])", re.DOTALL)
_TEX = re.compile(r"\\\((?=\S)((?:[^\\]|\\[^)\n]){1,1000})\\\)|\\\[(?=\S|\n)((?:[^\\]|\\[^\]\n]){1,1000})\\\]")
_FORMULA = re.compile(r"(?=[\W_]{0,99}[^\W_])(?:.{0,999}[\\^_=+<>{}/*]|\s*\w\s*$)", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]|[\w)}|]\^")  # of TeX
_PROSE = re.compile(r"\\[^\sA-Za-z]|[^\W\d_]{4}|[^\W\d_]{2}[,.]?\s[^\W\d_]{2}")  # an escape, or words
_BEHIND_WORD = re.compile(r"[\\^_][^\s$]{1,60}")  # `M87$^*$`; not a price
_DASH = re.compile(r"\$(-{1,3})\$(?=\w)")  # `core$-$shell`
_ACTION = re.compile(r"\$\{\{[^{}\n]{1,300}\}\}")
_RAW = re.compile(r"\{%-?\s{0,9}raw\s{0,9}-?%\}")
_END_RAW = re.compile(r"\{%-?\s{0,9}endraw\s{0,9}-?%\}")
_ANCHOR_COMMENT = re.compile(r"\{\s*/\*\s*#?([\w.:-]{1,200})\s*\*/\s*\}(?=\s*$)")
_DOC_LINK = re.compile(r"\{@(?:link|linkcode|linkplain|inheritDoc|see)\s{1,9}([^{}\n]{1,200})\}")  # of TSDoc
_EMBEDDED = re.compile(r"<%[-_=*+~]?\s{0,9}((?:[^%\n]|%(?!>)){1,500}?)\s{0,9}[-_]?%>")
_JSX_COMMENT = re.compile(r"\{\s*/\*(?:[^*]|\*(?!/)){0,1000}\*/\s*\}")
_DOTTED = re.compile(r"[A-Z]\w*\.")
_NOT_HTML = re.compile(r"\{|\s[@#:][A-Za-z]")  # expressions, directives of Vue
_AUTOREF = re.compile(r"\]\[[^\W\d]\w{0,99}\.\w[\w.]{0,200}\]|\]\[_\w{2,99}\]|^[ \t]{0,9}-{1,9}8<-{1,9}", re.MULTILINE)
_LABEL = re.compile(r"\w[\w .:/-]{1,99}")
RESOLVED = "references are resolved"  # in the parser's state: the site knows references that are not in the page
_MAX_EXPRESSION = 1000  # characters


def inline_dialects(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the signature of a rule)
    """Try the rule for the character at the current position."""
    rule = _RULES.get(state.src[state.pos])
    return rule(state, silent=silent) if rule else False


def _closes(state: StateInline, mark: str, characters: int) -> bool:
    """Return True if a mark follows soon; patterns for what never ends would take long to find that out."""
    return state.src.find(mark, state.pos + 2, min(state.posMax, state.pos + characters)) >= 0


def _push(state: StateInline, kind: str, content: str, *, silent: bool, end: int) -> bool:
    """Add a token for the source up to `end`."""
    if not silent and (content or kind == "anchor"):
        state.push(kind, "", 0).content = content
    state.pos = end
    return True


def _push_link(state: StateInline, href: str, label: tuple[int, int] | str, *, silent: bool, end: int) -> bool:
    """Add a link; its label is a range of the source, which is parsed, or a text."""
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": href}
        if isinstance(label, str):
            state.push("text", "", 0).content = label
        else:
            state.linkLevel += 1
            _tokenize(state, label)
            state.linkLevel -= 1
        state.push("link_close", "a", -1)
    state.pos = end
    return True


def _push_image(state: StateInline, source: str, label: str, *, silent: bool, end: int) -> bool:
    if not silent:
        token = state.push("image", "img", 0)
        token.attrs, token.content, token.children = {"src": source, "alt": ""}, label, []
    state.pos = end
    return True


def _bracket(state: StateInline, *, silent: bool) -> bool:
    src, pos = state.src, state.pos
    if src.startswith("[[", pos):
        return _wiki(state, silent=silent)
    return _template_link(state, silent=silent) or _reference(state, silent=silent)


def _wiki(state: StateInline, *, silent: bool) -> bool:
    """Read `[[target#heading|text]]`. The target of the link is the whole, as written."""
    match = _WIKI.match(state.src, state.pos, state.posMax)
    if not match or state.linkLevel or state.src.startswith("[", state.pos - 1) or _follows_link(state, match.end()):
        return False
    if _NOT_WIKI.fullmatch(match[1]):
        is_contents = bool(_TABLE_OF_CONTENTS.fullmatch(match[1]))
        return _push(state, "text", "", silent=silent, end=match.end()) if is_contents else False
    if normalizeReference(match[1]) in state.env.get("references", {}):
        return False
    target, _, text = match[1].replace("\\|", "|").partition("|")
    return _push_link(
        state, match[0].replace("\\|", "|"), text.strip() or _shown(target), silent=silent, end=match.end()
    )


def _reference(state: StateInline, *, silent: bool) -> bool:
    """Read what CommonMark takes for text: a link before a footnote, and a reference that only the site resolves.

    Of the latter the text is shown: it names a page or a program's object, `[text][package.Class]`, or is code.
    """
    src, start = state.src, state.pos
    stop = min(state.posMax, start + _MAX_REFERENCE)
    if state.linkLevel or (src.find("][", start, stop) < 0 and src.find("]{", start, stop) < 0):
        return False
    end = state.md.helpers.parseLinkLabel(state, start, True)  # noqa: FBT003 (by position, as in its own rules)
    if end >= 0 and (attributes := scan_attributes(src, end + 1, state.posMax)):
        return _span(state, (start + 1, end), attributes.end, silent=silent)
    closing = src.find("]", end + 2, min(state.posMax, end + _MAX_REFERENCE))
    if end < 0 or closing < 0 or src[end + 1] != "[":
        return False
    text, label = src[start + 1 : end], src[end + 2 : closing]
    references = state.env.get("references", {})
    if label.startswith("^") and (target := references.get(normalizeReference(text))):
        return _push_link(state, target["href"], (start + 1, end), silent=silent, end=end + 1)
    before = src[start - 1 : start] if start else ""
    is_index = before == "]" or (before.isalnum() and not _SPACE_OR_CODE.search(text))  # `list[0][1]`
    is_name = _is_name(label, text, is_resolved=bool(state.env.get(RESOLVED)))
    if is_index or not is_name or normalizeReference(label or text) in references:
        return False
    if not silent:
        _tokenize(state, (start + 1, end))
    state.pos = closing + 1
    return True


def _span(state: StateInline, text: tuple[int, int], after: int, *, silent: bool) -> bool:
    """Read a text with attributes, `[text]{.class}`; one that is the name of a reference is a link."""
    name = state.src[slice(*text)]
    if not name.strip() or normalizeReference(name) in state.env.get("references", {}):
        return False
    if not silent:
        _tokenize(state, text)
    state.pos = after
    return True


def has_other_references(text: str) -> bool:
    """Return True if a page includes a file, or refers to a program's object as mkdocstrings does: `[a][b.Class]`."""
    return bool(_AUTOREF.search(text))


def _is_name(label: str, text: str, *, is_resolved: bool) -> bool:
    """Return True if a label is no text: it is empty, names something, or says nothing that the text does not.

    `is_resolved` says that the site knows references that are not in the page.
    """
    if not label:
        return bool(_CODE.fullmatch(text)) or (text[:1].isalpha() and "," not in text)
    if _IDENTIFIER.fullmatch(label) or _CODE.fullmatch(label):
        return True
    if is_resolved:
        return bool(_LABEL.fullmatch(label))
    said = _SPACE_OR_CODE.sub("", text).casefold()
    return bool(_WORDS.fullmatch(label)) and _SPACE_OR_CODE.sub("", label).casefold() in said


def _image_reference(state: StateInline, *, silent: bool) -> bool:
    """Read an image whose reference is not in the file, `![text][name]`: its text is shown."""
    match = _IMAGE_REFERENCE.match(state.src, state.pos, state.posMax)
    if not match or normalizeReference(match[2]) in state.env.get("references", {}):
        return False
    return _push_image(state, "", match[1], silent=silent, end=match.end())


def _tokenize(state: StateInline, part: tuple[int, int]) -> None:
    """Parse a part of the source."""
    before, state.pos, state.posMax = state.posMax, *part
    state.md.inline.tokenize(state)
    state.posMax = before


def _follows_link(state: StateInline, at: int) -> bool:
    """Return True if brackets that end at an offset are those of a Markdown link; it has no text behind a bar."""
    is_plain = state.src.find("|", state.pos, at) < 0
    return state.src.startswith("]", at) or (is_plain and state.src.startswith("(", at))


def _shown(target: str) -> str:
    """Return what a wiki shows of a link without a text: the note and the headings in it."""
    parts = [part.strip() for part in target.split("#") if part.strip() and not part.startswith("^")]
    return " > ".join(parts) or target.strip()


def _exclamation(state: StateInline, *, silent: bool) -> bool:
    if not state.src.startswith("![[", state.pos):
        is_image = state.src.startswith("![", state.pos)
        return is_image and (_template_link(state, silent=silent) or _image_reference(state, silent=silent))
    match = _WIKI.match(state.src, state.pos + 1, state.posMax)
    if not match or state.linkLevel:
        return False
    target, *options = (part.strip() for part in match[1].replace("\\|", "|").split("|"))
    label = next((text for text in options if not _SIZE.fullmatch(text)), "")
    if not _IMAGE.search(target.partition("#")[0]):
        href = match[0].replace("\\|", "|")
        return _push_link(state, href, label or _shown(target), silent=silent, end=match.end())
    return _push_image(state, target, label or target.rpartition("/")[2], silent=silent, end=match.end())


def _template_link(state: StateInline, *, silent: bool) -> bool:
    """Read a link or an image whose target is a template tag, with the spaces that Markdown does not allow."""
    match = _TEMPLATE_LINK.match(state.src, state.pos, state.posMax)
    if not match or "{" not in match[3] or state.linkLevel:
        return False
    if match[1]:
        return _push_image(state, match[3], match[2], silent=silent, end=match.end())
    return _push_link(state, match[3], match.span(2), silent=silent, end=match.end())


def _equals(state: StateInline, *, silent: bool) -> bool:
    """Read `==marked==` text; comparisons have spaces or words at both sides."""
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    match = _MARK.match(state.src, state.pos, state.posMax) if _closes(state, "==", 1010) else None
    if not match or before == "=" or (before.isascii() and before.isalnum()):
        return False
    if not silent:
        state.push("mark_open", "mark", 1)
        end, state.pos, state.posMax = state.posMax, *match.span(1)
        state.md.inline.tokenize(state)
        state.posMax = end
        state.push("mark_close", "mark", -1)
    state.pos = match.end()
    return True


def _percent(state: StateInline, *, silent: bool) -> bool:
    """Skip a comment of Obsidian; read an id between percent signs, as translations of Vue's documentation have it."""
    if anchor := _ID_IN_PERCENT.match(state.src, state.pos, state.posMax):
        return _push(state, "anchor", anchor[1], silent=silent, end=anchor.end())
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    match = _COMMENT.match(state.src, state.pos, state.posMax) if _closes(state, "%%", 5010) else None
    if not match or before == "%" or before.isalnum():
        return False
    return _push(state, "text", "", silent=silent, end=match.end())


def _dollar(state: StateInline, *, silent: bool) -> bool:
    """Read `$x^2$`, by Pandoc's rule: no space inside, no digit behind; prices are text."""
    if action := _ACTION.match(state.src, state.pos, state.posMax):
        return _push(state, "code_inline", action[0], silent=silent, end=action.end())
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    if before.isalnum() and (dash := _DASH.match(state.src, state.pos, state.posMax)):
        return _push(state, "text", dash[1], silent=silent, end=dash.end())
    match = _MATH.match(state.src, state.pos, state.posMax)
    if not match or before == "$":
        return False
    if before.isascii() and before.isalnum() and not _BEHIND_WORD.fullmatch(match[2]):
        return False
    return _push(state, "math_inline", match[2].strip(), silent=silent, end=match.end())


def _backslash(state: StateInline, *, silent: bool) -> bool:
    r"""Read `\(x^2\)`; escaped brackets around anything but a formula are text."""
    closing = "\\)" if state.src.startswith("\\(", state.pos) else "\\]"
    match = _TEX.match(state.src, state.pos, state.posMax) if _closes(state, closing, 1010) else None
    text = (match[1] or match[2] or "") if match else ""
    if not match or not _FORMULA.match(text) or (_PROSE.search(text) and not _COMMAND.search(text)):
        return False
    return _push(state, "math_inline", text.strip(), silent=silent, end=match.end())


def _brace(state: StateInline, *, silent: bool) -> bool:
    src, pos, end = state.src, state.pos, state.posMax
    if raw := _RAW.match(src, pos, end):
        closing = _END_RAW.search(src, raw.end(), end)
        if closing:
            return _push(state, "code_inline", src[raw.end() : closing.start()], silent=silent, end=closing.end())
    if attributes := scan_attributes(src, pos, end):
        return _push(state, "anchor", attributes.anchor, silent=silent, end=attributes.end)
    if tag := scan_template(src, pos, end):
        return _template(state, tag, silent=silent)
    for kind, pattern in (("anchor", _ANCHOR_COMMENT), ("code_inline", _DOC_LINK)):
        if match := pattern.match(src, pos, end):
            return _push(state, kind, match[1].strip(), silent=silent, end=match.end())
    if _closes(state, "*/", 1010) and (comment := _JSX_COMMENT.match(src, pos, end)):
        return _push(state, "text", "", silent=silent, end=comment.end())
    return role(state, silent=silent) or (bool(state.env.get("mdx")) and _expression(state, silent=silent))


def _template(state: StateInline, tag: Template, *, silent: bool) -> bool:
    if is_escaped(tag):
        shown = state.src[state.pos : tag.end].replace("/*", "", 1).replace("*/", "", 1)
        return _push(state, "code_inline", shown, silent=silent, end=tag.end)
    if tag.is_closing and not silent and container_named(tag.name).kind:
        state.push("closing", "", 0).meta = {"key": ("{", tag.name)}
    text, code = shown_inline(tag)
    return _push(state, "code_inline" if code else "text", text or code, silent=silent, end=tag.end)


def _expression(state: StateInline, *, silent: bool) -> bool:
    """Read an expression of MDX: a string is text, a comment nothing, and anything else code."""
    end = end_of_braces(state.src, state.pos, min(state.posMax, state.pos + _MAX_EXPRESSION))
    if not end:
        return False
    source = state.src[state.pos : end]
    literal = literal_in(source)
    if literal is not None:
        return _push(state, "text", literal, silent=silent, end=end)
    inner = source[1:-1].strip()
    return _push(state, "code_inline", "" if inner.startswith("/*") else inner, silent=silent, end=end)


def _less(state: StateInline, *, silent: bool) -> bool:
    """Read a tag of JSX, with expressions as values, which HTML does not allow, or one of a template: `<% code %>`."""
    if code := _EMBEDDED.match(state.src, state.pos, state.posMax):
        return _push(state, "code_inline", code[1], silent=silent, end=code.end())
    tag = scan_tag(state.src, state.pos, state.posMax)
    if not tag:
        return False
    is_html = tag.name and not _DOTTED.match(tag.name) and not _NOT_HTML.search(state.src, state.pos, tag.end)
    if is_html and tag.name.lower() != "img":  # CommonMark reads HTML, but no image without spaces in it
        return False
    if not tag.name and not state.env.get("mdx"):
        return False
    return _push(state, "html_inline", state.src[state.pos : tag.end], silent=silent, end=tag.end)


_RULES: dict[str, Callable[..., bool]] = {
    "[": _bracket,
    "!": _exclamation,
    "=": _equals,
    "%": _percent,
    "$": _dollar,
    "\\": _backslash,
    "{": _brace,
    "<": _less,
    "+": plus,
    "^": caret,
    "~": tilde,
    ":": directive,
}
