"""The command `export`: articles in the formats of other programs."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.export_output import check_output, write_files
from relmgr_cli.cli.options import command, refuse_blank, refuse_blanks
from relmgr_cli.core.change_dates import with_change_dates
from relmgr_cli.core.export import choose_articles, default_languages, exported_articles
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_library_languages
from relmgr_cli.corpus.candidate import UNTRANSLATED
from relmgr_cli.errors import Exit, ExportError
from relmgr_cli.export.copies import without_copies
from relmgr_cli.export.formats import FORMATS
from relmgr_cli.export.metadata import with_metadata
from relmgr_cli.export.units import ExportFile, Request, Tally
from relmgr_cli.languages.tags import parse_languages
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn

if TYPE_CHECKING:
    from relmgr_cli.store.articles import ArticleSummary


class UnitSize(StrEnum):
    """How texts are divided."""

    BLOCK = "block"
    SENTENCE = "sentence"


def _parse_format(name: str) -> str:
    """Return the name of a format; refuse another one."""
    if name.lower() not in FORMATS:
        raise typer.BadParameter(messages.FORMAT_UNKNOWN.fill(name=name, choices=", ".join(FORMATS)))
    return name.lower()


@command(
    ("relmgr export --to tsv --lang pl,ru", "a table of all translations"),
    ("relmgr export --to po --lang pl,ru -o ru.po", "a gettext catalog"),
    without="as_json plain width links color pager",
)
def export(  # noqa: PLR0913
    invocation: Invocation,
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ARTICLE]...",
            help="Files, folders or articles.",
            show_default=False,
            autocompletion=complete_article,
            callback=refuse_blanks,
        ),
    ] = None,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help=f"One of {', '.join(FORMATS)}.",
            autocompletion=lambda: [*FORMATS],
            callback=_parse_format,
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder for several.", callback=refuse_blank),
    ] = None,
    by: Annotated[UnitSize, typer.Option("--by", help="Units of one block or one sentence.")] = UnitSize.BLOCK,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
) -> int:
    """Write articles in the format of another program.

    The first language of --lang is the source. A unit whose translation is in doubt is marked where the format can do
    so, else left out, and counted.
    """
    chosen = FORMATS[to]
    if by is UnitSize.SENTENCE and not chosen.is_parallel:
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one="--by sentence", other=f"--to {to}"))
    check_output(output, 1, is_binary=chosen.is_binary, force=force)  # before any work
    library = invocation.open_library(articles[0] if articles and len(articles) == 1 else None)
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    invocation.note_library(library)
    if chosen.has_kept_words:
        return _export_words(invocation, library, articles or [], output, force=force)
    library.pair_semantically(is_noted=True)
    found = choose_articles(library, articles or [])
    request = _request(invocation, library, found)._replace(by_sentence=by is UnitSize.SENTENCE)
    _check_request(request, to, output, force=force)
    with_source = tuple(each for each in found if request.languages[0] in each.languages)
    if not with_source:
        warn(messages.NOTHING_TO_EXPORT.fill(language=request.languages[0]))
        return Exit.NOTHING_FOUND
    tally = Tally()
    contents = exported_articles(library, with_source, request)
    if chosen.is_parallel:
        copies = {(d.root, d.path) for each in with_source for d in each.documents if d.state == UNTRANSLATED}
        contents = without_copies(with_metadata(contents, request.languages), copies)
    if chosen.has_dates:
        contents = with_change_dates(library, with_source, request.languages, contents)
    files = list(chosen.files(contents, request, tally))
    names = write_files(files, output, is_binary=chosen.is_binary, force=force, umask=invocation.umask)
    if len(with_source) < len(found):
        count = messages.ARTICLES.fill(len(found) - len(with_source))
        warn(messages.EXPORT_WITHOUT_SOURCE.fill(articles=count, language=request.languages[0]))
    for note in tally.notes:
        warn(note)
    warn(_summary(tally, len(with_source), names))
    return Exit.SHOWN


def _export_words(
    invocation: Invocation, library: Library, articles: Sequence[str], output: str | None, *, force: bool
) -> int:
    """Write the kept words of articles, in the languages that `--lang` names; all if there are none."""
    from relmgr_cli.export.anki import anki_notes
    from relmgr_cli.store.kept_words import kept_words_file, load_words

    languages = parse_languages(invocation.settings.asked_language)
    names = {each.id for each in choose_articles(library, articles)} if articles else None
    words = [
        word
        for word in load_words(kept_words_file(invocation.settings.state_folder, library.key))
        if (names is None or word.article in names) and (not languages or word.language in languages)
    ]
    if not words:
        warn(messages.NO_KEPT_WORDS.fill())
        return Exit.NOTHING_FOUND
    files = [ExportFile("words.txt", anki_notes(words))]
    names_written = write_files(files, output, is_binary=False, force=force, umask=invocation.umask)
    where = [_written_to(names_written)] if names_written else []
    warn("; ".join([messages.EXPORTED_WORDS.fill(len(words)), *where]))
    return Exit.SHOWN


def _request(invocation: Invocation, library: Library, articles: "Sequence[ArticleSummary]") -> Request:
    languages = choose_library_languages(library, invocation.settings) or default_languages(articles)
    title = os.path.basename(os.path.abspath(library.roots[0])) if library.roots else ""
    return Request(languages, title, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _check_request(request: Request, to: str, output: str | None, *, force: bool) -> None:
    """Refuse before the work what would fail after it. Raises ExportError."""
    chosen = FORMATS[to]
    if len(request.languages) < chosen.min_languages:
        raise ExportError(messages.EXPORT_NEEDS_LANGUAGES.fill(name=to, language=request.languages[0]))
    count = len(request.languages) - 1 if chosen.is_per_language else 1
    check_output(output, count, is_binary=chosen.is_binary, force=force)


def _summary(tally: Tally, articles: int, names: Sequence[str]) -> str:
    """Return what was written, marked and left out."""
    parts = [
        words.fill(count)
        for count, words in (
            (tally.doubtful, messages.EXPORT_DOUBTFUL),
            (tally.left_out, messages.EXPORT_LEFT_OUT),
            (tally.untranslated, messages.EXPORT_UNTRANSLATED),
            (tally.sourceless, messages.EXPORT_SOURCELESS),
            (tally.merged, messages.EXPORT_MERGED),
        )
        if count
    ]
    where = f"; {_written_to(names)}" if names else ""
    units = messages.UNITS.fill(tally.written)
    text = messages.EXPORTED.fill(units=units, articles=messages.ARTICLES.fill(articles))
    return text + "".join(f"; {part}" for part in parts) + where


def _written_to(names: Sequence[str]) -> str:
    """Return where an export was written to: the file, or how many there are."""
    place = names[0] if len(names) == 1 else messages.EXPORT_FILES.fill(len(names))
    return messages.EXPORT_WRITTEN.fill(place=place)
