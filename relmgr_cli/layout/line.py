"""Lines of styled text, the output of the layout.

A line is a list of fragments. A style is a name of the theme ("heading", "link strong"), never a colour. A fragment
has the offset of its text in the source, so that a position on the screen maps to the text and back. Rich has a text
class, but importing it takes as long as laying out a page.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len


class Fragment(NamedTuple):
    """A piece of a line with one style.

    Where `source` is not -1, every character shows exactly one character of the source text, from that offset on.
    """

    text: str
    style: str = ""  # names of the theme, separated by spaces
    href: str = ""  # a URL that the terminal may open; "" for none
    source: int = -1  # offset of the first character in the text of the block; -1 for text that the layout adds


Line = list[Fragment]
Range = tuple[int, int]  # start and end in a text


def line_of(*parts: str | tuple[str, str]) -> Line:
    """Return a line of texts, each alone or with its style."""
    return [Fragment(part) if isinstance(part, str) else Fragment(*part) for part in parts]


def plain_text(line: Iterable[Fragment]) -> str:
    """Return the text of a line without styles."""
    return "".join([fragment.text for fragment in line])


def width_of(line: Iterable[Fragment]) -> int:
    """Return the width of a line in cells."""
    return cell_len(plain_text(line))


def hang(label: Line, lines: Iterable[Line]) -> list[Line]:
    """Return the lines with a label before the first of them and blanks of its width before the others."""
    blank = [Fragment(" " * width_of(label))]
    return [[*(blank if index else label), *line] for index, line in enumerate(lines)]


def restyle(line: Iterable[Fragment], style: str) -> Line:
    """Return the line with one more style on all of it."""
    return [fragment._replace(style=f"{style} {fragment.style}".strip()) for fragment in line]


def shift_sources(lines: Iterable[Line], distance: int) -> list[Line]:
    """Return the lines with every source offset moved by `distance`, for a text that is part of a longer one."""
    return [[one if one.source < 0 else one._replace(source=one.source + distance) for one in line] for line in lines]


def slice_fragments(fragments: Sequence[Fragment], ranges: Sequence[Range]) -> list[Line]:
    """Return the parts of the fragments in each range of characters; the ranges must be in order."""
    lines = []
    index = offset = 0  # the first fragment that may be in the range, and the offset of its text
    for start, end in ranges:
        line: Line = []
        while index < len(fragments) and offset + len(fragments[index].text) <= start:
            offset += len(fragments[index].text)
            index += 1
        current, begin = index, offset
        while current < len(fragments) and begin < end:
            fragment = fragments[current]
            skipped = max(0, start - begin)
            piece = fragment.text[skipped : end - begin]
            if piece:
                line.append(fragment if len(piece) == len(fragment.text) else _part(fragment, piece, skipped))
            begin += len(fragment.text)
            current += 1
        lines.append(line)
    return lines


def split_lines(fragments: Sequence[Fragment]) -> list[Line]:
    """Return the fragments as one line for each newline in them and one more."""
    text = plain_text(fragments)
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
    return slice_fragments(fragments, [(start, following - 1) for start, following in pairwise(starts)])


def _part(fragment: Fragment, text: str, skipped: int) -> Fragment:
    """Return a fragment for `text`, the part of a fragment's text after the `skipped` first characters."""
    source = fragment.source + skipped if fragment.source >= 0 else -1
    return Fragment(text, fragment.style, fragment.href, source)
