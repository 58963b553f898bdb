"""Reads MDX: Markdown with components, and with JavaScript that is no text.

MDX has no indented code and no HTML blocks, so whatever is between two tags is Markdown, however far it is indented. A
tag at the start of a line is taken alone; the parser goes on behind it.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from relmgr_cli.markdown.containers import (
    Opening,
    container_named,
    is_container,
    is_tab_group,
    readable_attributes,
    tab_labels,
)
from relmgr_cli.markdown.directives import ends_html
from relmgr_cli.markdown.events import close_token, group_tokens, open_tokens, paragraph_tokens, title_tokens
from relmgr_cli.markdown.lines import add_tokens, line_at, line_of, parse_rest, skip_blank
from relmgr_cli.markdown.tags import (
    CODE_ATTRIBUTES,
    INLINE_TAGS,
    Tag,
    end_of_braces,
    literal_in,
    plain_template,
    scan_tag,
    template_in,
)

_STATEMENT = re.compile(
    r"""import\s+(?:["'{*]|type\s|[\w$]{1,99}\s*(?:,|from\b))|import\s*$|"""
    r"""export\s+(?:default|const|let|var|function|async|class|type|interface|[{*])"""
)
_EVIDENCE = re.compile(
    r"""import\s+(?:(?:type\s+)?(?:[\w$]{1,99}|(?:[\w$]{1,99}\s{0,9},\s{0,9})?(?:\{[^{}'"\n]{0,500}\}|"""
    r"""\*\s{1,9}as\s{1,9}[\w$]{1,99}))\s{0,9}from\s{1,9})?["'][^"'\n]{1,300}["']\s*(?:;.{0,1000})?|"""
    r"""import\s+\{[^{}'"\n]{0,500}|"""
    r"""export\s+(?:const|let|default|function)\s.{0,500}|"""
    r"""\{/\*.{0,500}|#{1,6}\s.{0,500}\{/\*.{1,300}\*/\}\s*|</?[A-Z][\w.]{0,99}\s[^<>\n]{0,300}=\{.{0,300}"""
)
_COMPONENT_END = re.compile(r"\s{0,20}</[A-Z][\w.]{0,99}>\s*")
_VUE = re.compile(r"<(?:script setup|template)\b")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_STRING_OR_COMMENT = re.compile(r"""//.*|"[^"\n]*"|'[^'\n]*'""")
_MAX_LINES = 300  # of a statement
_MARKDOWN = "#<`-*|>:!"  # a line that begins with one of these is no JavaScript
# Elements that the HTML reader takes as a whole.
_HTML_ONLY = frozenset("pre script style textarea table thead tbody tfoot tr td th svg iframe object".split())
_CODE = frozenset("code codeblock codesnippet prism highlight syntaxhighlighter highlighter".split())  # components
_CONSTANT = re.compile(r"export\s+const\s+([\w$]{1,99})\s{0,9}(?::[^=\n]{1,99})?=\s{0,9}`")
_TEMPLATE_END = re.compile(r"((?:[^`\\]|\\.)*)`", re.DOTALL)
_MAX_CODE = 8000  # characters
_MAX_SUMMARY = 2000  # characters
_MAX_SPREAD = 3000  # characters of a tag over several lines, in Markdown
_SPREAD = re.compile(r"<[A-Za-z][\w.-]{0,99}(?:\s[^<>]{0,500})?$")  # the first line of one
_QUOTE = re.compile(r"\n[ \t]{0,3}>")
_MDX_FENCE = re.compile(r"(`{3,9})mdx-code-block[ \t]{0,9}")
_TEXT = re.compile(r"""</|/>|["'`][^"'`\n]{0,300}\s[^"'`\n]{0,300}["'`]""")
_COMMENT = re.compile(r"\{\s*/\*")


def is_mdx(text: str, path: str) -> bool:
    """Return True if a text is MDX: by its extension, or by what is outside its code.

    That is an import or export, a JavaScript comment or expression, or more than one component that ends on a line of
    its own. A single one is HTML, as CommonMark says.
    """
    if path.lower().endswith(".mdx"):
        return True
    if not any(sign in text for sign in ("import ", "export ", "{/*", "={", "</", "mdx-code-block")):
        return False
    fence, ends = "", 0
    for line in text.split("\n"):
        if not fence and _MDX_FENCE.fullmatch(line):
            return True
        if marks := _FENCE.match(line):
            fence = marks[1] if not fence else "" if marks[1].startswith(fence) else fence
        elif not fence:
            if line[:1] in ("i", "e", "{", "<", "#") and _EVIDENCE.fullmatch(line):
                return True
            ends += "</" in line and bool(_COMPONENT_END.fullmatch(line))
    return ends > 1 and not _VUE.search(text)


def statement(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Skip an import or export: up to a blank line at which its brackets are balanced."""
    if state.sCount[start] or not _STATEMENT.match(line_at(state, start)):
        return False
    if silent:
        return False
    if constant := _constant(state, start, end):
        state.line = constant
        return True
    depth, line, first_blank = 0, start, 0
    is_simple = "unbalanced" in state.env  # an earlier one never ended: not to be looked for again
    while line < min(end, start + _MAX_LINES):
        text = line_at(state, line)
        if is_simple and not text:
            break
        first_blank = first_blank or (0 if text else line)
        if depth <= 0 and line > start and text[:1] in _MARKDOWN:  # "" is in it too
            break
        code = _STRING_OR_COMMENT.sub("", text)
        depth += sum(map(code.count, "{[(")) - sum(map(code.count, "}])"))
        line += 1
    if depth > 0 and not is_simple:
        state.env["unbalanced"] = True
    state.line = line if depth <= 0 else first_blank or line
    return True


def _constant(state: StateBlock, start: int, end: int) -> int:
    """Keep a template literal that is exported, for `<Code code={name} />`; return the line behind it, 0 if none is."""
    match = _CONSTANT.match(state.src, state.bMarks[start], state.eMarks[start])
    closing = match and _TEMPLATE_END.match(state.src, match.end(), min(state.eMarks[end - 1], match.end() + _MAX_CODE))
    if not match or not closing:
        return 0
    state.env.setdefault("constants", {})[match[1]] = plain_template(closing[1])
    return line_of(state, closing.end(), start, end) + 1


def expression(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Skip an expression that is alone on its lines; one with text in it is shown as code."""
    first = state.bMarks[start] + state.tShift[start]
    stop = state.eMarks[end - 1]
    after = end_of_braces(state.src, first, stop)
    if not after:
        return False
    line = line_of(state, after, start, end)
    if state.src[after : state.eMarks[line]].strip():
        return False
    source = state.src[first:after]
    if silent:
        return True
    state.line = line + 1
    literal = literal_in(source)
    if literal is not None:
        add_tokens(state, paragraph_tokens(literal, start))
    elif not _COMMENT.match(source) and _TEXT.search(source):
        token = state.push("fence", "code", 0)
        token.info, token.content, token.map = "jsx", source, [start, state.line]
    return True


def component(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read the tags at the start of a line; the rest of the line is parsed as if they were absent."""
    at = state.bMarks[start] + state.tShift[start]
    tag = scan_tag(state.src, at, state.eMarks[end - 1])
    if tag and tag.is_component and tag.name.lower() in _CODE and (code := _code_element(state, tag, start, end)):
        return silent or _add_code(state, tag, code, start)
    if tag and tag.name.lower() in INLINE_TAGS:
        # to CommonMark it may begin an HTML block
        return not silent and _paragraph(state, start, line_of(state, tag.end, start, end) + 1)
    if not tag or not _is_block(tag):
        return False
    if silent:
        line = line_of(state, tag.end, start, end)
        return not state.src[tag.end : state.eMarks[line]].strip() or is_container(tag.name) or tag.name == "summary"
    line = start
    while tag and _is_block(tag):
        tokens, at = read_tag(state.src, tag, line, state.eMarks[end - 1])
        add_tokens(state, tokens)
        line = line_of(state, at, line, end)
        at = skip_blank(state.src, at, state.eMarks[line])
        if at == state.eMarks[line]:
            state.line = line + 1
            return True
        tag = scan_tag(state.src, at, state.eMarks[end - 1])
    parse_rest(state, line, at, end)
    return True


def _code_element(state: StateBlock, tag: Tag, start: int, end: int) -> tuple[str, int] | None:
    """Return the code of a component that shows code, and the line behind it; None for any other.

    The code is empty if it is in another file, and only its title is known.
    """
    stop = min(state.eMarks[end - 1], tag.end + _MAX_CODE)
    after = tag.end
    if tag.is_empty:
        known = state.env.get("constants", {})
        code = plain_template(tag.attributes.get("code", "")) or known.get(tag.variables.get("code", ""), "")
    else:
        closing = state.src.find(f"</{tag.name}", tag.end, stop)
        content = state.src[tag.end : closing] if closing >= 0 else "```"
        if "```" in content:
            return None  # Markdown
        after = state.src.find(">", closing) + 1
        literal = template_in(content.strip())
        code = plain_template(content if literal is None else literal)
    line = line_of(state, after, start, end)
    is_alone = not state.src[after : state.eMarks[line]].strip()
    is_known = bool(code.strip()) or (tag.is_empty and bool(_title_of(tag)))
    return (code, line + 1) if after and is_known and is_alone else None


def _add_code(state: StateBlock, tag: Tag, code: tuple[str, int], start: int) -> bool:
    add_tokens(state, title_tokens(_title_of(tag), start))
    text, state.line = code
    if text.strip():
        token = state.push("fence", "code", 0)
        token.info = tag.attributes.get("lang") or tag.attributes.get("language") or ""
        token.content, token.map = text, [start, state.line]
    return True


def _title_of(code: Tag) -> str:
    return code.attributes.get("title") or code.attributes.get("filename") or ""


def _is_block(tag: Tag) -> bool:
    return tag.name.lower() not in INLINE_TAGS and tag.name.lower() not in _HTML_ONLY


def read_tag(source: str, tag: Tag, line: int, end: int) -> tuple[list[Token], int]:
    """Return the tokens of a tag, and the offset behind it, or behind the whole element if it is a summary."""
    if tag.name.lower() == "summary" and not tag.is_closing:
        closing = source.find("</summary>", tag.end, min(end, tag.end + _MAX_SUMMARY))
        if closing >= 0:
            return title_tokens(source[tag.end : closing], line), closing + len("</summary>")
    if html := tag.attributes.get("set:html", ""):  # of Astro
        return [Token("html_block", "", 0, content=html, map=[line, line + 1], block=True)], tag.end
    return _tokens_of_tag(tag, line), tag.end


def _tokens_of_tag(tag: Tag, line: int) -> list[Token]:
    """Return the tokens of a tag: those of a container, or what a component shows of its attributes."""
    name = tag.name.lower()
    if name == "summary":
        return []  # without an end, or the end of one that has been read
    opening = container_named(tag.name, tag.attributes)
    if opening.kind or is_container(tag.name):
        return _container_tokens(tag, opening, line)
    group = []
    if is_tab_group(name) and not tag.is_empty:
        group = group_tokens(None if tag.is_closing else tab_labels(tag.attributes), line)
    if tag.is_closing:
        return group
    if "alt" in tag.attributes or name == "image":
        return _image_tokens(tag, line)
    if not tag.is_component:
        return []
    return [
        *group,
        *(token for text in _shown(tag) for token in paragraph_tokens(text, line)),
        *(
            Token("fence", "code", 0, content=plain_template(text), map=[line, line + 1], block=True)
            for name, text in tag.attributes.items()
            if name in CODE_ATTRIBUTES and "\n" in text
        ),
    ]


def _container_tokens(tag: Tag, opening: Opening, line: int) -> list[Token]:
    key = ("<", tag.name.lower())
    if tag.is_closing:
        return [close_token(key, line)]
    tokens = open_tokens(opening, key, line)
    rest = [text for text in readable_attributes(tag.attributes) if text != opening.title]
    tokens += [token for text in rest for token in paragraph_tokens(text, line)]
    return [*tokens, close_token(key, line)] if tag.is_empty else tokens


def _shown(tag: Tag) -> list[str]:
    """Return the readable attributes as Markdown: the first is the link, where there is one."""
    texts = readable_attributes(tag.attributes)
    href = tag.attributes.get("href") or tag.attributes.get("to") or tag.attributes.get("link") or ""
    if not texts and tag.is_empty:
        texts = [href]  # a card that shows the title of another page
    if texts and href and not set("<>[]()\n").intersection(href + texts[0]):
        texts[0] = f"[{texts[0]}](<{href}>)"
    return texts


def _image_tokens(tag: Tag, line: int) -> list[Token]:
    source, alt = tag.attributes.get("src", ""), tag.attributes.get("alt", "")
    shown = alt or source.rpartition("/")[2]
    tokens = paragraph_tokens(f'<img alt="{_escaped(shown)}" src="{_escaped(source)}">' if shown else "", line)
    rest = [text for text in readable_attributes(tag.attributes) if text != alt]
    return [*tokens, *(token for text in rest for token in paragraph_tokens(text, line))]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


def paragraph(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: ARG001, FBT001 (a rule's signature)
    """Read a paragraph, which ends at what begins another block, however far that is indented."""
    return _paragraph(state, start, start + 1)


def _paragraph(state: StateBlock, start: int, line: int) -> bool:
    """Read a paragraph that goes on at least to a line."""
    before = state.parentType
    state.parentType = "paragraph"
    rules, is_tried = state.md.block.ruler.getRules("paragraph"), True
    while line < state.lineMax and not state.isEmpty(line):
        if state.sCount[line] >= 0 and any(rule(state, line, state.lineMax, is_tried) for rule in rules):
            break
        line += 1
    content = state.getLines(start, line, state.blkIndent, keepLastLF=False).strip()
    state.line, state.parentType = line, before
    lines = [start, line]
    state.push("paragraph_open", "p", 1).map = lines
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content, lines, []
    state.push("paragraph_close", "p", -1)
    return True


def unwrapped_fence(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read what is between the fences of a block `mdx-code-block` as MDX: Docusaurus takes the fences away."""
    fence = _MDX_FENCE.fullmatch(line_at(state, start))
    unclosed: set[str] = state.env.setdefault("unclosed fences", set())  # not to be looked for again
    if not fence or fence[1] in unclosed:
        return False
    closing = next((line for line in range(start + 1, end) if line_at(state, line).rstrip() == fence[1]), None)
    if closing is None:
        unclosed.add(fence[1])
        return False
    if not silent:
        before, state.lineMax = state.lineMax, closing
        state.md.block.tokenize(state, start + 1, closing)
        state.lineMax, state.line = before, closing + 1
    return True


def spread_tag(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read a tag that is spread over several lines, as HTML up to a blank line.

    To CommonMark only some elements of HTML may begin so. The others are text, and a `>` on a line of its own a quote.
    """
    at, stop = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if silent or not _SPREAD.match(state.src, at, stop):
        return False
    tag = scan_tag(state.src, at, min(state.eMarks[end - 1], at + _MAX_SPREAD))
    if not tag or tag.end <= stop or "\n\n" in state.src[at : tag.end]:
        return False
    if not tag.is_component and not _QUOTE.search(state.src, stop, tag.end):
        return False  # it is read within the line
    line = line_of(state, tag.end, start, end) + 1
    while line < end and not ends_html(state, line, end):
        line += 1
    token = state.push("html_block", "", 0)
    token.content, token.map = state.getLines(start, line, state.blkIndent, keepLastLF=True), [start, line]
    state.line = line
    return True


def markdown_element(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Read the tags of an HTML element whose attribute `markdown` says that its content is Markdown."""
    at = state.bMarks[start] + state.tShift[start]
    opened: list[str] = state.env.setdefault("markdown elements", [])
    tag = scan_tag(state.src, at, state.eMarks[end - 1])
    if not tag or (not _is_block(tag) and not opened):
        return False
    name = tag.name.lower()
    if not tag.is_closing and "markdown" in tag.attributes and tag.attributes["markdown"] != "0":
        if not silent and not tag.is_empty:
            opened.append(name)
    elif tag.is_closing and name in opened:
        if not silent:
            opened.remove(name)
    elif not opened:
        return False
    return component(state, start, end, silent=silent)
