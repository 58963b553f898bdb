"""The links of a document and where they lead, as a list and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from relmgr_cli.languages.names import language_name
from relmgr_cli.layout.columns import join_columns
from relmgr_cli.layout.inline import safe_target
from relmgr_cli.layout.line import Fragment, Line, line_of, plain_text, slice_fragments, width_of
from relmgr_cli.layout.linebreak import break_lines
from relmgr_cli.store.articles import ResolvedLink
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget

_WIDEST = 120  # cells; beyond that the eye loses the row
_ROOM_FOR_COLUMNS = 60  # cells; on a narrower screen the text stands above where it leads
_WIDEST_KIND = 20  # cells; a longer kind goes on below
_GAP = 2
_INDENT = "  "

_NOTES = {
    "anchor-missing": "no such section",
    "anchor-of-other-language": "by the heading of another language",
    "untranslated-section": "the section is not translated",
    "wrong-language-link": "names another language",
    "folder": "a folder",
    "template": "filled in by the site",
}


def link_list(rows: Sequence[ResolvedLink], screen: OutputTarget) -> Iterator[Line]:
    """Yield the links in reading order: what kind each is, its text, where it leads."""
    if screen.plain:
        yield from map(_plain_row, rows)
        return
    width = min(screen.columns, _WIDEST)
    if width < _ROOM_FOR_COLUMNS:
        for row in rows:
            yield from _stacked_row(row, width)
        return
    kind_width = min(_WIDEST_KIND, max((width_of(_kind(row)) for row in rows), default=0))
    room = width - kind_width - 2 * _GAP
    text_width = min(room * 2 // 5, max((cell_len(_text(row)) for row in rows), default=0))
    widths = (kind_width, text_width, room - text_width)
    for row in rows:
        cells = (_kind(row), line_of(_text(row)), _goal(row))
        yield from join_columns([_wrap(cell, size) for cell, size in zip(cells, widths, strict=True)], widths, _GAP)


def _kind(row: ResolvedLink) -> Line:
    """Return what kind of link it is, in words."""
    resolved = row.resolved
    if resolved.status == "other language only":
        return line_of((f"only {sanitize_line(language_name(resolved.language or ''))}", "note"))
    if resolved.status == "here":
        is_below = row.href.startswith("#")
        return line_of("section" if is_below else "translation" if resolved.note == "translation-link" else "article")
    return line_of((sanitize_line(resolved.status), "warning" if resolved.status == "nowhere" else "dim"))


def _text(row: ResolvedLink) -> str:
    """Return the text on one line; "" where it is nothing but the target."""
    text = " ".join(row.text.split())
    return "" if text == row.href and row.resolved.article is None else sanitize_line(text)


def _goal(row: ResolvedLink, *, before_section: str = " › ") -> Line:
    """Return where the link leads: article and section, or the target as it is written."""
    resolved = row.resolved
    if resolved.article is None:
        target = safe_target(row.href)
        goal = [Fragment(sanitize_line(row.href), "link" if target else "", target or "")]
    else:
        goal = line_of((f"{resolved.article} ", "number"), sanitize_line(row.title))
        if resolved.section is not None:
            goal += line_of((before_section, "dim"), sanitize_line(resolved.section))
    if note := _NOTES.get(resolved.note):
        goal += line_of((f" ({note})", "warning" if resolved.note == "anchor-missing" else "dim"))
    return goal


def _stacked_row(row: ResolvedLink, width: int) -> Iterator[Line]:
    yield from _wrap(line_of(_text(row)), width)
    below = [*_kind(row), Fragment(" " * _GAP), *_goal(row)]
    for line in _wrap(below, width - len(_INDENT)):
        yield [Fragment(_INDENT), *line]


def _wrap(fragments: Line, width: int) -> list[Line]:
    return slice_fragments(fragments, break_lines(plain_text(fragments), max(width, 1)))


def _plain_row(row: ResolvedLink) -> Line:
    text = f"{_text(row)} -> " if _text(row) else ""
    goal = plain_text(_goal(row, before_section=", section "))
    return line_of(f"{row.line} {plain_text(_kind(row))}: {text}{goal}")


def links_payload(article: str, language: str, rows: Sequence[ResolvedLink]) -> dict[str, Any]:
    """Return the answer of `links`: `article` is the id of the one that holds a link, `target` of that it leads to."""
    return {
        "article": article,
        "lang": language,
        "links": [
            {
                "text": row.text,
                "href": row.href,
                "line": row.line,
                "kind": row.resolved.status,
                "article": article,
                "target": row.target or None,
                "target_lang": row.resolved.language,
                "section": row.resolved.section,
                "note": row.resolved.note,
                "title": row.title,
            }
            for row in rows
        ],
    }
