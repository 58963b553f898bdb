"""The parser: CommonMark with the extensions and dialects that documentation is written in.

markdown-it-py with its tables, strikethrough and task lists, footnotes and definition lists, and the rules of this
package. One rule for each of the parser's two levels looks at the first character and calls those that may apply, so
that text without any of the dialects costs next to nothing.
"""

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from relmgr_cli.markdown import mdx
from relmgr_cli.markdown.api_objects import object_line
from relmgr_cli.markdown.cjk import CjkInlineParser
from relmgr_cli.markdown.directives import colons, html_block, indented, slashes, tab_line
from relmgr_cli.markdown.events import paragraph_tokens, term_tokens
from relmgr_cli.markdown.includes import include_line
from relmgr_cli.markdown.inline_syntax import inline_dialects
from relmgr_cli.markdown.lines import last_of, line_at, skip_to
from relmgr_cli.markdown.structure import after_inline, before_inline
from relmgr_cli.markdown.tables import table
from relmgr_cli.markdown.templates import definition_line, template_line

MAX_DEPTH = 100
_MAX_LINES = 500  # of a comment or a formula
_EVERYWHERE = ["paragraph", "reference", "blockquote", "list"]  # tried at each line that may continue these
_CONTENTS = frozenset(["[toc]", "[[toc]]", "[[_toc_]]", "${toc}", "@[toc]", "{{toc}}", "{{ toc }}"])
_ABBREVIATION = re.compile(r"\*\[([^\[\]]{1,200})\]:[ \t]*(\S.*)")
_SNIPPET = re.compile(r""";?-{1,9}8<-{1,9}(?:[ \t]{1,9}["'].*)?""")

Rule = Callable[..., bool]


def make_parser(*, is_mdx: bool, limits_rule: Callable[..., bool]) -> MarkdownIt:
    """Return a parser; `limits_rule` is tried everywhere and may raise."""
    options = {"maxNesting": MAX_DEPTH, "tasklists": True}
    parser = MarkdownIt("commonmark", options)
    inline = CjkInlineParser()
    for ruler, before in ((inline.ruler, parser.inline.ruler), (inline.ruler2, parser.inline.ruler2)):
        ruler.enableOnly(before.get_active_rules())
    parser.inline = inline
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("html_block", html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("table", table, {"alt": ["paragraph", "reference"]})
    parser.use(footnote_plugin).use(deflist_plugin)
    # Its tail rule drops unreferenced footnotes; the walk adds them instead.
    parser.disable("footnote_tail")
    if is_mdx:
        parser.disable("code")
        parser.block.ruler.at("paragraph", mdx.paragraph)
    parser.block.ruler.before("table", "dialects", _block_dialects(is_mdx=is_mdx), {"alt": _EVERYWHERE})
    parser.block.ruler.before("dialects", "limits", limits_rule, {"alt": _EVERYWHERE})
    parser.inline.ruler.before("escape", "dialects", inline_dialects)
    parser.inline.ruler.before("text", "limits", limits_rule)
    parser.core.ruler.after("block", "before_inline", before_inline)
    parser.core.ruler.after("inline", "after_inline", after_inline)
    return parser


def _block_dialects(*, is_mdx: bool) -> Callable[[StateBlock, int, int, bool], bool]:
    """Return the block rule that tries those for the first character of a line."""
    rules: dict[str, tuple[Rule, ...]] = {
        ":": (object_line, colons),
        "#": (object_line,),
        "/": (slashes,),
        "!": (include_line, indented),
        "?": (indented,),
        "=": (indented, tab_line),
        "{": (_contents, include_line, template_line),
        "<": (include_line, mdx.markdown_element, mdx.spread_tag),
        "%": (_comment,),
        "*": (_abbreviation,),
        "[": (_contents, definition_line),
        "@": (_contents, tab_line, include_line),
        "-": (_snippet,),
        ";": (_snippet,),
        "$": (_contents, _formula),
        "\\": (_formula,),
    }
    if is_mdx:
        more: dict[str, tuple[Rule, ...]] = {
            "<": (include_line, mdx.component),
            "i": (mdx.statement,),
            "e": (mdx.statement,),
            "`": (mdx.unwrapped_fence,),
        }
        rules |= more | {"{": (*rules["{"], mdx.expression)}

    def dialects(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (a rule's signature)
        at = state.bMarks[start] + state.tShift[start]
        if at >= state.eMarks[start]:
            return False
        tried = rules.get(state.src[at])
        if not tried or state.is_code_block(start):
            return False
        return any(rule(state, start, end, silent=silent) for rule in tried)

    return dialects


def _contents(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Skip a line that stands for the table of contents."""
    return line_at(state, start).strip().lower() in _CONTENTS and skip_to(state, start + 1, silent=silent)


def _abbreviation(state: StateBlock, start: int, _end: int, *, silent: bool) -> bool:
    """Read what an abbreviation means, `*[HTML]: HyperText Markup Language`, as a definition."""
    match = _ABBREVIATION.match(line_at(state, start))
    if not match:
        return False
    tokens = [
        *term_tokens(match[1], start),
        Token("dd_open", "dd", 1, map=[start, start + 1], block=True),
        *paragraph_tokens(match[2], start),
        Token("dd_close", "dd", -1, block=True),
    ]
    return skip_to(state, start + 1, tokens, silent=silent)


def _snippet(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Skip the inclusion of a file, in one line or between two."""
    text = line_at(state, start).strip()
    if not _SNIPPET.fullmatch(text):
        return False
    after = (
        None
        if text.endswith(('"', "'"))
        else _find_line(state, (start + 1, end), text, lambda line: line.strip() == text)
    )
    return skip_to(state, (after or start) + 1, silent=silent)


def _comment(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    """Skip a comment of Obsidian, `%% comment %%`, that begins a line and ends one."""
    text = line_at(state, start)
    if not text.startswith("%%"):
        return False
    if (closing := text.find("%%", 2)) >= 0:
        return not text[closing + 2 :].strip() and skip_to(state, start + 1, silent=silent)
    after = _find_line(state, (start + 1, end), "%%", lambda line: "%%" in line)
    if after is None or not line_at(state, after).rstrip().endswith("%%"):
        return False
    return skip_to(state, after + 1, silent=silent)


def _formula(state: StateBlock, start: int, end: int, *, silent: bool) -> bool:
    r"""Read a formula between two `$$`, or between `\[` and `\]` on lines of their own."""
    text = line_at(state, start).rstrip()
    opening, closing = ("$$", "$$") if text.startswith("$$") else ("\\[", "\\]")
    if not text.startswith(opening) or (closing == "\\]" and text != opening):
        return False
    if closing in text[2:]:
        last = start if text.endswith(closing) and text.count(closing) == (2 if opening == closing else 1) else None
    else:
        last = _find_line(
            state, (start + 1, end), closing, lambda line: line.rstrip().endswith(closing), stop_at_blank=True
        )
    if last is None:
        return False
    if not silent:
        content = state.getLines(start, last + 1, state.sCount[start], keepLastLF=False).strip()
        token = state.push("math_block", "math", 0)
        token.content, token.map = content[2:-2].strip("\n").rstrip(), [start, last + 1]
    return skip_to(state, last + 1, silent=silent)


def _find_line(
    state: StateBlock, lines: tuple[int, int], mark: str, matches: Callable[[str], Any], *, stop_at_blank: bool = False
) -> int | None:
    """Return the first line that matches, of a limited number; None if there is none.

    `mark` is in every line that matches. Where a search ended without a match, the next one begins.
    """
    start, end = lines
    searched: dict[tuple[str, bool], int] = state.env.setdefault("searched", {})
    line = max(start, searched.get((mark, stop_at_blank), 0))
    while line < min(end, start + _MAX_LINES) and last_of(state, mark) >= state.bMarks[line]:
        text = line_at(state, line)
        if (stop_at_blank and not text) or (text and state.sCount[line] < state.blkIndent):
            break
        if matches(text):
            return line
        line += 1
    searched[mark, stop_at_blank] = line
    return None
