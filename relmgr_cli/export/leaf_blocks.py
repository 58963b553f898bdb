"""Writes code, formulas and tables as Markdown again."""

import re

from relmgr_cli.export.inline import inline_markdown
from relmgr_cli.markdown.blocks import Block, Span
from relmgr_cli.markdown.parser import parse_markdown

_FENCE = {"`": re.compile(r"`{3,}"), "~": re.compile(r"~{3,}")}
_RULES = {"c": ":-:", "r": "--:"}
_MIN_FENCE = 3


def code_markdown(block: Block, title: str = "") -> str:
    """Return a block of code between fences that are longer than those in it; see `info_with_title`."""
    return fenced(block.text, info_with_title(block, title) or block.info)


def info_with_title(block: Block, title: str) -> str:
    """Return what stands behind the fence of code with a title; "" if no way to write it is read as this."""
    if not title or not block.info or "\n" in title:
        return ""
    key, equals, rest = block.info.partition("=")
    ways = [block.info, f'{block.info} title="{title}"', f"{block.info} title='{title}'"]
    ways += [f"{key}={rest[0]}{title}{rest[0]}"] if equals and rest[:1] in ("'", '"') else []
    for info in ways:
        parts = parse_markdown(fenced(block.text, info), "").parts  # a diagram has its title in it
        found = [(part.kind, part.text, part.info) for part in parts if isinstance(part, Block)]
        if found == [("title", title, ""), ("code", block.text, block.info)]:
            return info
    return ""


def fenced(text: str, info: str) -> str:
    """Return a text between fences."""
    mark = "~" if "`" in info else "`"
    longest = max((len(run) for run in _FENCE[mark].findall(text)), default=_MIN_FENCE - 1)
    fence = mark * (longest + 1)
    return f"{fence}{info}\n{text}\n{fence}" if text else f"{fence}{info}\n{fence}"


def math_markdown(block: Block) -> str:
    """Return a formula between dollars, or as code of the language `math` where that would end too early."""
    text = block.text
    is_simple = text and text == text.rstrip() and "$$" not in text and all(line.strip() for line in text.split("\n"))
    return f"$$\n{text}\n$$" if is_simple else fenced(text, "math")


def table_markdown(block: Block, path: str = "") -> str:
    """Return a table with the alignment of its columns."""
    if not block.rows:
        return ""
    head, *rows = [" | ".join(_cell(cell, path) for cell in row) for row in block.rows]
    columns = len(block.rows[0])
    rules = " | ".join(_RULES.get(letter, "---") for letter in block.info.ljust(columns)[:columns])
    return "\n".join(f"| {row} |" for row in (head, rules, *rows))


def _cell(spans: tuple[Span, ...], path: str) -> str:
    return inline_markdown(spans, is_line=True, path=path).replace("|", "\\|")
