"""Finds out when each text of an export was last changed: by the history in git, else by the time of its file."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from relmgr_cli import messages
from relmgr_cli.core.library import Library
from relmgr_cli.export.units import ExportArticle, ExportUnit
from relmgr_cli.health.history import UNCOMMITTED, LibraryHistory, format_time, library_history
from relmgr_cli.store.articles import ArticleSummary
from relmgr_cli.store.database import with_memory_fallback
from relmgr_cli.store.history import DocumentRow, library_documents

Dates = Callable[[int], str]  # of the text on a line of a document


def with_change_dates(
    library: Library, chosen: Sequence[ArticleSummary], languages: Collection[str], articles: Iterable[ExportArticle]
) -> Iterator[ExportArticle]:
    """Yield articles with the date at which the section of each text was last changed.

    What is in no commit was changed when its file was. In a shallow clone nothing is known.
    """
    database = library.database
    sources = {each.number: each.source for each in chosen}
    rows = [
        each
        for each in library_documents(database)
        if each.article in sources and each.language in (*languages, sources[each.article])
    ]
    with library.reporter.progress(messages.READING_HISTORY) as progress:
        read = partial(library_history, database, rows, progress, sources=sources)
        history = with_memory_fallback(database, read, library.reporter.warn)
    by_file = {(each.root, each.path): each for each in rows}
    for article in articles:
        files = {tag: (document.root, document.path) for tag, document in article.article.documents.items()}
        dates = {tag: _dates(by_file[file], history) for tag, file in files.items() if file in by_file}
        yield article._replace(units=tuple(_dated(unit, dates) for unit in article.units))


def _dates(row: DocumentRow, history: LibraryHistory) -> Dates:
    """Return a function that gives the date of the text on a line, ISO 8601; "" if it is not known."""
    if history.is_shallow:
        return lambda _: ""
    own = history.documents.get(row.id)

    def date_at(line: int) -> str:
        number = own.since_at(line) if own else UNCOMMITTED
        return format_time(history.commits[number][1]) if number in history.commits else _file_time(row.file)

    return date_at


def _file_time(path: str) -> str:
    try:
        return format_time(os.stat(path).st_mtime)
    except (OSError, ValueError):
        return ""


def _dated(unit: ExportUnit, dates: Mapping[str, Dates]) -> ExportUnit:
    segments = {
        tag: segment._replace(changed=dates[tag](segment.line)) if tag in dates else segment
        for tag, segment in unit.segments.items()
    }
    return unit._replace(segments=segments)
