"""Reads the comments in a file by which its author ignores findings.

`<!-- relmgr: ignore number-differs, anchor -->` is about the next block, and about what is missing where it stands;
`<!-- relmgr: ignore-file untranslated -->` about the whole file. Without codes all are meant. MDX has `{/* ... */}`.
"""

import re
from bisect import bisect_left, bisect_right
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
_MAX_LINES = 1000  # of a block in which findings are ignored
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
    codes_at = _code_lines(document)
    everywhere: set[str] = set()
    at_lines: dict[int, set[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for is_file, codes in _COMMENT.findall(line) if "relmgr:" in line else ():
            if number in codes_at:
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
    at = bisect_right(starts, start)
    return starts[at] if at < len(starts) else start + _MAX_LINES


def _lines_of_block(at_lines: dict[int, set[str]], start: int, end: int, codes: set[str]) -> None:
    for line in range(start, min(end, start + _MAX_LINES)):
        at_lines.setdefault(line, set()).update(codes)


def _code_lines(document: Document) -> set[int]:
    """Return the lines of code blocks."""
    found: set[int] = set()
    for block in document.blocks:
        if block.kind in VERBATIM_KINDS:
            found.update(range(block.line, block.line + block.text.count("\n") + 2))
    return found
