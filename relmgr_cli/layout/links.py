"""The links of a document and where they lead, as a list and as JSON."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from rich.cells import cell_len

from relmgr_cli import file_messages, messages
from relmgr_cli.corpus.links.result import LinkStatus
from relmgr_cli.languages.names import language_name
from relmgr_cli.layout.columns import join_columns, shorten_start
from relmgr_cli.layout.inline import safe_target, wrap
from relmgr_cli.layout.line import Fragment, Line, hang, line_of, plain_text, width_of
from relmgr_cli.store.links import DocumentLinks, ResolvedLink
from relmgr_cli.terminal.sanitize import sanitize_line
from relmgr_cli.terminal.target import OutputTarget
from relmgr_cli.ui_language import localized

_MAX_WIDTH = 120  # cells; longer rows are hard to follow
_MIN_WIDTH_FOR_COLUMNS = 60  # cells; on a narrower screen the text is above where it leads
_MAX_KIND_WIDTH = 20  # cells; a longer kind is wrapped
_GAP = 2
_INDENT = "  "
_LEADS = {status: status.value for status in LinkStatus} | {LinkStatus.UNTRANSLATED: "untranslated"}


def link_list(located: DocumentLinks, target: OutputTarget) -> Iterator[Line]:
    """Yield the path of a document, then its links in reading order: line, kind, text, where it leads."""
    links = located.links
    width = min(target.columns, _MAX_WIDTH)
    if links:
        path = messages.shown_path(located.root, located.path)
        yield line_of((shorten_start(sanitize_line(path), width), "dim"))
    digits = max((len(str(link.line)) for link in links), default=0)
    if width < _MIN_WIDTH_FOR_COLUMNS:
        for link in links:
            label = line_of((f"{link.line:>{digits}}", "number"), " " * _GAP)
            yield from hang(label, _stacked_link(link, width - digits - _GAP))
        return
    kind_width = min(_MAX_KIND_WIDTH, max((width_of(_kind(link)) for link in links), default=0))
    room = width - digits - kind_width - 3 * _GAP
    text_width = min(room * 2 // 5, max((cell_len(_text(link)) for link in links), default=0))
    widths = (digits, kind_width, text_width, room - text_width)
    for link in links:
        cells = (line_of((str(link.line), "number")), _kind(link), line_of(_text(link)), _destination(link))
        wrapped = [wrap(cell, max(size, 1)) for cell, size in zip(cells, widths, strict=True)]
        yield from join_columns(wrapped, widths, _GAP, alignment="rlll")


def _kind(link: ResolvedLink) -> Line:
    """Return the kind of a link, as a person reads it."""
    status, _, language, _, note = link.resolved
    if status == LinkStatus.UNTRANSLATED:
        return line_of((messages.LINK_UNTRANSLATED.fill(language=sanitize_line(language_name(language or ""))), "note"))
    if status == LinkStatus.INTERNAL:
        kind = messages.LINK_TO_TRANSLATION if note == "translation-link" else messages.LINK_TO_ARTICLE
        return line_of(messages.LINK_TO_SECTION if link.href.startswith("#") else kind)
    broken, external = (messages.LINK_BROKEN, "warning"), (messages.LINK_EXTERNAL, "dim")
    return line_of(broken if status == LinkStatus.BROKEN else external)


def _text(link: ResolvedLink) -> str:
    """Return the text on one line; "" where it is only the target."""
    text = " ".join(link.text.split())
    return "" if text == link.href and link.resolved.article is None else sanitize_line(text)


def _destination(link: ResolvedLink, *, before_section: str = " › ") -> Line:
    """Return where a link leads: article and section, or the target as written."""
    resolved = link.resolved
    if resolved.article is None:
        href = safe_target(link.href)
        destination = [Fragment(sanitize_line(link.href), "link" if href else "", href)]
    else:
        destination = line_of((f"{resolved.article} ", "number"), sanitize_line(link.title))
        if resolved.section is not None:
            destination += line_of((before_section, "dim"), sanitize_line(resolved.section))
    if note := file_messages.LINK_NOTES.get(resolved.note):
        destination += line_of((f" ({localized(note)})", "warning" if resolved.note == "anchor-missing" else "dim"))
    return destination


def _stacked_link(link: ResolvedLink, width: int) -> Iterator[Line]:
    yield from wrap(line_of(_text(link)), width)
    below = [*_kind(link), Fragment(" " * _GAP), *_destination(link)]
    yield from ([Fragment(_INDENT), *line] for line in wrap(below, width - len(_INDENT)))


def located_links(documents: Iterable[DocumentLinks]) -> Iterator[Line]:
    """Yield a line for each link, however long: where it is, its kind, its text, where it leads."""
    for path, link in _located(documents):
        destination = plain_text(_destination(link, before_section=messages.LINK_SECTION_PLAIN))
        kind = plain_text(_kind(link))
        facts = {"path": path, "line": link.line, "kind": kind, "text": _text_and_arrow(link)}
        yield line_of(messages.LINK_AT.fill(destination=destination, **facts))


def numbered_links(links: Iterable[ResolvedLink]) -> Iterator[Line]:
    """Yield a line for each link: its number, from 1, its kind, its text, where it leads."""
    for number, link in enumerate(links, 1):
        destination = plain_text(_destination(link, before_section=messages.LINK_SECTION_PLAIN))
        facts = {"number": number, "kind": plain_text(_kind(link)), "text": _text_and_arrow(link)}
        yield line_of(messages.LINK_NUMBERED.fill(destination=destination, **facts))


def broken_links(documents: Iterable[DocumentLinks]) -> Iterator[Line]:
    """Yield a line for each broken link, however long: where it is, its text, the target as written, the reason."""
    for path, link in _located(documents):
        note = link.resolved.note
        reason = localized(file_messages.LINK_NOTES[note]) if note in file_messages.LINK_NOTES else messages.LINK_BROKEN
        facts = {"path": path, "line": link.line, "text": _text_and_arrow(link), "href": sanitize_line(link.href)}
        yield line_of(messages.BROKEN_LINK_AT.fill(reason=reason, **facts))


def _located(documents: Iterable[DocumentLinks]) -> Iterator[tuple[str, ResolvedLink]]:
    """Yield each link with the path of its file, relative to the current folder."""
    for document in documents:
        path = os.path.join(document.root, document.path)
        with suppress(OSError, ValueError):  # the current folder was deleted, or is on another drive
            path = os.path.relpath(path)
        for link in document.links:
            yield sanitize_line(path), link


def _text_and_arrow(link: ResolvedLink) -> str:
    text = "" if link.text == link.href else _text(link)
    return f"{text} -> " if text else ""


def links_payload(documents: Iterable[DocumentLinks]) -> dict[str, Any]:
    """Return links as JSON: the id of its article and the file of each, and in `target` the article it leads to."""
    return {
        "links": [
            {
                "article": document.article,
                "lang": document.language,
                "root": document.root,
                "path": document.path,
                "line": link.line,
                "text": link.text,
                "href": link.href,
                "leads": _LEADS[link.resolved.status],
                "kind": link.resolved.status,
                "target": link.target or None,
                "target_lang": link.resolved.language,
                "section": link.resolved.section,
                "note": link.resolved.note,
                "title": link.title,
            }
            for document in documents
            for link in document.links
        ]
    }
