"""Writes a text that was HTML as a simple element of HTML again, in which no Markdown is read."""

import re
from collections.abc import Sequence

from relmgr_cli.export.escapes import html_content, html_value
from relmgr_cli.export.inline import with_safe_targets
from relmgr_cli.export.span_tree import Node, span_tree
from relmgr_cli.markdown.blocks import Block, Span

_TAGS = {"strong": "strong", "emphasis": "em", "deleted": "del", "inserted": "ins", "mark": "mark", "code": "code"}


def html_markdown(block: Block, *, is_tight: bool, is_mdx: bool) -> str:
    """Return a paragraph of HTML. In a tight list it ends with its line, not with the next blank one."""
    inner = _inner(block.spans)
    if is_mdx:
        return f"<pre>{inner}</pre>"  # elements of other names contain Markdown there
    return f"<!-- --><p>{inner}</p>" if is_tight else f"<p>{inner}</p>"


def _inner(spans: Sequence[Span]) -> str:
    return "".join(map(_node, span_tree(with_safe_targets(spans))))


def _node(node: Node) -> str:
    if node.span:
        if "image" in node.span.styles:
            return f'<img alt="{html_value(node.span.text)}" src="{html_value(node.span.href)}">'
        # HTML joins spaces in one text; those of two texts stay.
        return re.sub(" (?= )", " <wbr>", html_content(node.span.text)).replace("\n", "<br>")
    inner = "".join(map(_node, node.children))
    if node.style == "link":
        return f'<a href="{html_value(node.href)}">{inner}</a>'
    tag = _TAGS[node.style]
    return f"<{tag}>{inner}</{tag}>"
