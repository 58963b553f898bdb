"""Lines of styled text: the one form that pages, lists and the reader are drawn in.

A line is a list of runs; a style is a name of the theme ("heading", "link strong"), never a colour. Rich's
own text class would do, but loading it takes as long as laying out a page.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len


class Run(NamedTuple):
    """A stretch of a line with one appearance."""

    text: str
    style: str = ""  # names of the theme, separated by spaces
    href: str = ""  # a target that the terminal may open; "" for none


Line = list[Run]
Range = tuple[int, int]  # start and end of a stretch of characters


def line_of(*parts: str | tuple[str, str]) -> Line:
    """Return a line of texts, each alone or with its style."""
    return [Run(part) if isinstance(part, str) else Run(*part) for part in parts]


def plain_text(line: Iterable[Run]) -> str:
    """Return the text of a line without styles."""
    return "".join([run.text for run in line])


def width_of(line: Iterable[Run]) -> int:
    """Return the width of a line in cells."""
    return cell_len(plain_text(line))


def restyle(line: Iterable[Run], style: str) -> Line:
    """Return the line with one more style on all of it."""
    return [run._replace(style=f"{style} {run.style}".strip()) for run in line]


def cut(runs: Sequence[Run], ranges: Sequence[Range]) -> list[Line]:
    """Return the stretches of some runs that the ranges name; the ranges must be in order."""
    lines = []
    index = offset = 0  # of the run being looked at, and where it begins
    for start, end in ranges:
        line: Line = []
        while index < len(runs) and offset + len(runs[index].text) <= start:
            offset += len(runs[index].text)
            index += 1
        at, begin = index, offset
        while at < len(runs) and begin < end:
            run = runs[at]
            piece = run.text[max(0, start - begin) : end - begin]
            if piece:
                line.append(run if len(piece) == len(run.text) else run._replace(text=piece))
            begin += len(run.text)
            at += 1
        lines.append(line)
    return lines


def split_lines(runs: Iterable[Run]) -> list[Line]:
    """Return the runs as one line for each newline in them and one more."""
    lines: list[Line] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        if first:
            lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=text)] if text else [] for text in others]
    return lines
