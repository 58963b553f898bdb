"""Writes code, formulas and tables as Markdown again."""

import re

from relmgr_cli.export.inline import inline_markdown
from relmgr_cli.markdown.blocks import Block, Span

_FENCE = {"`": re.compile(r"`{3,}"), "~": re.compile(r"~{3,}")}
_RULES = {"c": ":-:", "r": "--:"}
_MIN_FENCE = 3


def code_markdown(block: Block, title: str = "") -> str:
    """Return a block of code between fences that are longer than those in it; its title is a part of its info."""
    info = block.info
    if title:
        quote = "'" if '"' in title else '"'
        info += f" title={quote}{title}{quote}"
    return fenced(block.text, info)


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
