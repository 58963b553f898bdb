"""Reads the comments in a file by which its author ignores findings.

`<!-- relmgr: ignore number-differs, anchor -->` is about the next block, and about what is missing where it stands;
`<!-- relmgr: ignore-file untranslated -->` about the whole file. Without codes all are meant. MDX has `{/* ... */}`.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.markdown.blocks import VERBATIM_KINDS

_COMMENT = re.compile(
    r"""(?:<!--|\{/\*|\{\{/\*|\[//\]:[ ]\#[ ][("'])[ \t]{0,9}  # how a comment begins in Markdown, MDX and Hugo
        relmgr:[ \t]{0,9}ignore(-file)?\b[ \t:]{0,9}([\w, \t-]{0,500}?)[ \t]{0,9}
        (?:-->|\*/|[)"'])""",
    re.VERBOSE,
)
ALL = ""  # stands for every code
BEFORE = "before "  # of a code that is ignored at a block only where something is missing behind it
REPORTED_BEFORE = frozenset(["missing-section", "missing-block", "list-length"])


class IgnoreComments(NamedTuple):
    """The codes that are ignored."""

    everywhere: frozenset[str] = frozenset()
    at_lines: Mapping[int, frozenset[str]] = {}  # by the lines that findings are reported at

    def ignores(self, code: str, line: int) -> bool:
        """Return whether findings with a code are ignored at a line."""
        here = self.everywhere | self.at_lines.get(line, frozenset())
        wanted = {code, ALL}
        if code in REPORTED_BEFORE:
            wanted |= {BEFORE + each for each in wanted}
        return bool(wanted & here)


def read_ignore_comments(text: str, document: Document) -> IgnoreComments:
    """Return what the comments of a file ignore; those in code are no comments."""
    if "relmgr:" not in text:
        return IgnoreComments()
    starts = sorted({block.line for block in document.blocks})
    everywhere: set[str] = set()
    at_lines: dict[int, set[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for is_file, codes in _COMMENT.findall(line) if "relmgr:" in line else ():
            if _is_in_code(document, number):
                continue
            named = set(codes.replace(",", " ").split()) or {ALL}
            if is_file:
                everywhere |= named
            else:
                at = bisect_left(starts, number)
                near = starts[max(at - 1, 0) : at + 1]  # what is missing is reported at the block before the comment
                missing = {BEFORE + code for code in named}
                for start in near:
                    _lines_of_block(at_lines, start, _end(starts, start), named if start >= number else missing)
    lines = {line: frozenset(codes) for line, codes in at_lines.items()}
    return IgnoreComments(frozenset(everywhere), lines)


def _end(starts: list[int], start: int) -> int:
    at = starts.index(start)
    return starts[at + 1] if at + 1 < len(starts) else start + 1000


def _lines_of_block(at_lines: dict[int, set[str]], start: int, end: int, codes: set[str]) -> None:
    for line in range(start, min(end, start + 1000)):
        at_lines.setdefault(line, set()).update(codes)


def _is_in_code(document: Document, line: int) -> bool:
    """Return whether a line is in a code block."""
    return any(
        block.kind in VERBATIM_KINDS and block.line <= line <= block.line + block.text.count("\n") + 1
        for block in document.blocks
    )
