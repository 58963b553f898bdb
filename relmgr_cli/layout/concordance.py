"""A concordance: a line for each occurrence, the keyword in the middle, the sentence that says the same beside it."""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells

from relmgr_cli.layout.line import Fragment, Line, line_of, restyle, width_of
from relmgr_cli.search.concordance import Occurrence
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_WIDEST = 200  # cells
_BESIDE = 110  # cells from which the other language has room beside
_GAP = 3
_SHARE = 0.45  # of the room before the keyword
_REACH = 8  # characters looked at for each cell of room; more than one only where some take no cell


def concordance(occurrences: Iterable[Occurrence], screen: OutputTarget) -> Iterator[Line]:
    """Yield the lines of a concordance, a line with the title before those of each article."""
    width = min(screen.columns, _WIDEST)
    title = ""
    for occurrence in occurrences:
        if occurrence.title != title:
            if title:
                yield []
            title = occurrence.title
            yield line_of((sanitize_line(title) if screen.plain else _head(sanitize_line(title), width), "title"))
        yield from _plain(occurrence) if screen.plain else _rows(occurrence, width)


def _rows(occurrence: Occurrence, width: int) -> Iterator[Line]:
    """Yield an occurrence: its section, its language, its text; then that of the other language, beside or below."""
    other = occurrence.parallel
    label = line_of((f"{occurrence.section:<5} ", "number"), (f"{sanitize_line(occurrence.language)}  ", "dim"))
    if other is None or width < _BESIDE:
        room = width - width_of(label)
        yield label + _centred(occurrence.text, occurrence.start, occurrence.end, room)
        if other is not None:
            below = line_of(" " * 6, (f"{sanitize_line(other.language)}  ", "dim"))
            yield below + restyle(_centred(other.text, other.start, other.end, width - width_of(below)), "dim")
        return
    beside = line_of((f"{sanitize_line(other.language)}  ", "dim"))
    room = (width - width_of(label) - width_of(beside) - _GAP) // 2
    left = _centred(occurrence.text, occurrence.start, occurrence.end, room)
    gap = Fragment(" " * (room - width_of(left) + _GAP))
    yield [*label, *left, gap, *beside, *restyle(_centred(other.text, other.start, other.end, room), "dim")]


def _plain(occurrence: Occurrence) -> Iterator[Line]:
    yield line_of(f"{occurrence.section} {sanitize_line(occurrence.language)}: {sanitize_line(occurrence.text)}")
    if other := occurrence.parallel:
        yield line_of(f"{occurrence.section} {sanitize_line(other.language)}: {sanitize_line(other.text)}")


def _centred(text: str, start: int, end: int, width: int) -> Line:
    """Return a keyword at the middle of `width` cells, with what stands around it as far as there is room."""
    word = _head(sanitize_line(text[start:end]), width)
    side = max(0, int((width - cell_len(word)) * _SHARE))
    reach = _REACH * width
    before = _tail(sanitize_line(text[max(0, start - reach) : start]), side)
    after = _head(sanitize_line(text[end : end + reach]), width - side - cell_len(word))
    margin = Fragment(" " * (side - cell_len(before)))
    return [
        fragment for fragment in (margin, Fragment(before), Fragment(word, "match"), Fragment(after)) if fragment.text
    ]


def _head(text: str, width: int) -> str:
    """Return the beginning of a text, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return text
    return chop_cells(text, width - 1)[0].rstrip() + "…" if width > 1 else ""


def _tail(text: str, width: int) -> str:
    """Return the end of a text, with an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return text
    return "…" + chop_cells(text[::-1], width - 1)[0].rstrip()[::-1] if width > 1 else ""
