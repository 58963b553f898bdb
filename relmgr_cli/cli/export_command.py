"""The command `export`: articles in the formats of other programs."""

import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blank
from relmgr_cli.core.export import choose_articles, default_languages, exported_articles
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_library_languages
from relmgr_cli.errors import Exit, ExportError
from relmgr_cli.export.formats import FORMATS, Format
from relmgr_cli.export.units import ExportFile, Request, Tally
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write, write_data

if TYPE_CHECKING:
    from relmgr_cli.store.articles import ArticleSummary


def _format(name: str) -> Format:
    """Return the format with a name; refuse another one."""
    if name.lower() not in FORMATS:
        raise typer.BadParameter(messages.FORMAT_UNKNOWN.fill(name=name, choices=", ".join(FORMATS)))
    return FORMATS[name.lower()]


@command(
    ("relmgr export --to tsv --lang pl,ru", "a table of all translations"),
    without="as_json plain width links color pager",
)
def export(
    invocation: Invocation,
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ARTICLE]...",
            help="Files, folders or articles.",
            show_default=False,
            autocompletion=complete_article,
        ),
    ] = None,
    *,
    to: Annotated[
        str,
        typer.Option("--to", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.", autocompletion=lambda: [*FORMATS]),
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder for several.", callback=refuse_blank),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
) -> int:
    """Write articles in the format of another program.

    The first language of --lang is the source. A unit whose translation is in doubt is marked where the format can do
    so, else left out, and counted.
    """
    chosen = _format(to)
    library = invocation.open_library(articles[0] if articles and len(articles) == 1 else None)
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    invocation.note_library(library)
    library.pair_semantically(is_noted=True)
    found = choose_articles(library, articles or [])
    request = _request(invocation, library, found)
    found = tuple(each for each in found if request.languages[0] in each.languages)
    if not found:
        warn(messages.NOTHING_TO_EXPORT.fill(language=request.languages[0]))
        return Exit.NOTHING_FOUND
    tally = Tally()
    files = chosen.files(exported_articles(library, found, request), request, tally)
    names = _write_files(files, output, is_binary=chosen.is_binary, force=force)
    for note in tally.notes:
        warn(note)
    warn(_summary(tally, len(found), names))
    return Exit.SHOWN


def _request(invocation: Invocation, library: Library, articles: "Sequence[ArticleSummary]") -> Request:
    languages = choose_library_languages(library, invocation.settings) or default_languages(articles)
    title = os.path.basename(os.path.abspath(library.roots[0])) if library.roots else ""
    return Request(languages, title, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _write_files(files: Iterable[ExportFile], output: str | None, *, is_binary: bool, force: bool) -> list[str]:
    """Write an export to standard output, a file or a folder; return the paths written.

    A folder is what exists as one, or ends in a slash, or is needed for several files. Raises ExportError.
    """
    found = list(files)
    if output is None:
        if len(found) > 1:
            raise ExportError(messages.EXPORT_NEEDS_FOLDER.fill(count=len(found)))
        if is_binary and sys.stdout.isatty():
            raise ExportError(messages.EXPORT_BINARY.fill())
        content = found[0].content
        if isinstance(content, str) and sys.stdout.isatty():
            write(content)
        else:
            write_data(_encoded(found[0]))
        return []
    is_folder = len(found) > 1 or output.endswith(os.sep) or os.path.isdir(output)
    paths = [os.path.join(output, *file.name.split("/")) if is_folder else output for file in found]
    existing = next((path for path in paths if os.path.lexists(path)), None)
    if existing and not force:
        raise ExportError(messages.EXPORT_EXISTS.fill(path=existing))
    for path, file in zip(paths, found, strict=True):
        _write_file(path, _encoded(file))
    return paths


def _encoded(file: ExportFile) -> bytes:
    return file.content if isinstance(file.content, bytes) else file.content.encode("utf-8", "replace")


def _write_file(path: str, content: bytes) -> None:
    from relmgr_cli.filesystem import atomic_write

    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        atomic_write(os.path.abspath(path), content, mode=0o644)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(messages.EXPORT_FAILED.fill(path=path, reason=reason)) from None


def _summary(tally: Tally, articles: int, names: Sequence[str]) -> str:
    """Return what was written, marked and left out."""
    parts = [
        words.fill(count)
        for count, words in (
            (tally.doubtful, messages.EXPORT_DOUBTFUL),
            (tally.left_out, messages.EXPORT_LEFT_OUT),
            (tally.untranslated, messages.EXPORT_UNTRANSLATED),
        )
        if count
    ]
    where = f"; {names[0]}" if len(names) == 1 else ""
    if len(names) > 1:
        where = f"; {messages.EXPORT_FILES.fill(len(names))}"
    units = messages.UNITS.fill(tally.written)
    text = messages.EXPORTED.fill(units=units, articles=messages.ARTICLES.fill(articles))
    return text + "".join(f"; {part}" for part in parts) + where
