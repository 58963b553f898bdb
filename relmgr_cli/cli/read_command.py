"""The command `read`: the full-screen reader."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from relmgr_cli import messages
from relmgr_cli.cli.article_commands import ReadNames
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.opened import Opened, names_files, open_article, split_names
from relmgr_cli.cli.options import command
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library, QuietReporter
from relmgr_cli.core.named_files import STANDARD_INPUT
from relmgr_cli.core.selection import (
    ArticleChoice,
    block_at_line,
    choose_article,
    choose_languages,
    choose_section,
)
from relmgr_cli.errors import ArticleAmbiguousError, Exit, RelmgrError

if TYPE_CHECKING:
    from relmgr_cli.cli.output_cache import OutputCache
    from relmgr_cli.reader.app import ReaderApp
    from relmgr_cli.reader.model.library_worker import LibraryWorker
    from relmgr_cli.reader.model.session import ReadingSession, Start
    from relmgr_cli.store.reading_state import ReadingPositions


# Threads switch five times as often as by default, so that the interface does not wait for alignment. A full garbage
# collection stops all threads for 50 to 150 ms with a long article open, so only young objects are collected. What was
# made until the reader runs is not collected at all, because to go through it takes longer than to open the library.
_SWITCH_INTERVAL = 0.001
_GC_THRESHOLDS = (1000, 10, 1_000_000)
_GC_THRESHOLD_TO_OPEN = 300_000  # more than the objects of an article of 10,000 blocks in two languages


class TerminalMissingError(RelmgrError):
    """The full-screen reader needs a terminal for input and output."""

    def __init__(self, names: Sequence[str]) -> None:
        show = messages.SHOW_ARTICLE if names else messages.SHOW
        read = messages.READ_PLAIN_ARTICLE if names else messages.READ_PLAIN
        article = " ".join(map(messages.quote, names))
        fields = {"show": show.fill(article=article), "read": read.fill(article=article)}
        super().__init__(messages.TERMINAL_MISSING.fill(**fields))


class ReaderReporter(QuietReporter):
    """Clears the output cache when articles change; writes nothing, because the reader uses the screen."""

    def __init__(self, cache: "OutputCache") -> None:
        self._cache = cache

    def on_articles_changed(self) -> None:
        """Clear the output cache: articles may have other numbers now, although no file has changed."""
        self._cache.clear()


@command(
    ("relmgr read", "the article last read, or the only one"),
    ("relmgr read relacji#3.1 --lang ru", "at a section, in Russian"),
    ("relmgr read --plain", "line by line, for screen readers"),
    without="as_json width links pager",
)
def read(invocation: Invocation, articles: ReadNames = None) -> int:
    """Read in full screen.

    Press ? for the keys. Several files are paired, whatever their names.
    """
    names = articles or []
    if STANDARD_INPUT in names:
        raise typer.BadParameter(messages.READS_NO_INPUT.fill(files=" ".join(map(messages.quote, names))))
    if invocation.settings.plain:
        return run_line_reader(invocation, names)
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on standard error
    is_terminal = all(stream is not None and stream.isatty() for stream in streams)
    if not is_terminal or invocation.settings.is_dumb_terminal:
        raise TerminalMissingError(names)
    gc.freeze()  # resets the count of new objects: else the imports would end in a collection
    gc.set_threshold(_GC_THRESHOLD_TO_OPEN)
    reader = open_reader(invocation, names)
    sys.setswitchinterval(_SWITCH_INTERVAL)
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        reader.run()
    finally:
        reader.session.worker.close()
        invocation.cache.clear()  # pairing and alignment may have changed its content
    if reader.fault:
        raise reader.fault
    return reader.return_code or Exit.SHOWN


def run_line_reader(invocation: Invocation, names: Sequence[str]) -> int:
    """Read section by section at a prompt."""
    from relmgr_cli.reader.line_reader import LineReader, run
    from relmgr_cli.reader.model.library_worker import LibraryWorker
    from relmgr_cli.terminal.stream import write

    worker = LibraryWorker()
    try:
        library, start = worker.run_sync(_prepare, invocation, worker, names)
        if start.choose:  # raises the error that names the articles
            worker.run_sync(choose_article, library, None, invocation.last_read_file(library))
        opened = worker.run_sync(worker.open_aligned, start.opened.number)
        session = _reading_session(invocation, worker, start._replace(opened=opened))
        run(LineReader(session, invocation.screen(), write, start.languages), start.section)
    finally:
        worker.close()
    return Exit.SHOWN


def open_reader(invocation: Invocation, names: Sequence[str]) -> "ReaderApp":
    """Return the reader, ready to run, with the article open that the names mean."""
    from relmgr_cli.reader.model.library_worker import LibraryWorker

    worker = LibraryWorker()
    try:
        _, start = worker.run_sync(_prepare, invocation, worker, names)
        from relmgr_cli.reader.app import ReaderApp

        export_no_color(invocation.settings)
        session = _reading_session(invocation, worker, start)
        return ReaderApp(session, invocation.settings, start, invocation.umask)
    except BaseException:
        worker.close()
        raise


def _prepare(invocation: Invocation, worker: "LibraryWorker", addresses: Sequence[str]) -> "tuple[Library, Start]":
    """Open the library and the article; the library reports nothing after that. Runs in the library's thread."""
    names, section = split_names(addresses)
    name = names[0] if names else None
    files = open_article(invocation, names) if names_files(names) else None
    library = files.library if files else invocation.open_library(name)
    worker.library = library._replace(reporter=ReaderReporter(invocation.cache))
    saved = _saved_positions(invocation, library)
    if files:
        return library, _start(invocation, worker, files, saved, (name, section))
    choice, choose = _choose_article(invocation, library, name)
    last_read = _last_read_languages(saved, library, choice)
    languages = choose_languages(library, choice, invocation.settings, last_read=last_read)
    opened = Opened(library, choice, languages, choice.id)
    return library, _start(invocation, worker, opened, saved, (name, section))._replace(choose=choose)


def _reading_session(invocation: Invocation, worker: "LibraryWorker", start: "Start") -> "ReadingSession":
    from relmgr_cli.reader.model.session import ReadingSession
    from relmgr_cli.store.reading_state import reading_file

    library = worker.library
    has_state = library.database.path is not None  # none for a single file
    session = ReadingSession(
        worker,
        start.opened,
        start.languages[0],
        reading_file=reading_file(invocation.settings.state_folder, library.key) if has_state else "",
        last_file=invocation.last_read_file(library) if has_state else "",
        settings=invocation.settings,
    )
    session.columns = start.columns
    return session


def _start(
    invocation: Invocation,
    worker: "LibraryWorker",
    opened: Opened,
    saved: "ReadingPositions",
    address: tuple[str | None, str | None],
) -> "Start":
    """Return the state to start in; `address` is what the user calls the article and the section."""
    from relmgr_cli.reader.model.session import Start
    from relmgr_cli.store.reading_state import Columns

    name, section = address
    columns = saved.columns
    if len(opened.languages) > 1:
        columns = Columns(opened.languages, are_shown=True)
    elif invocation.settings.asked_language:
        columns = columns._replace(are_shown=False)
    article = worker.open(opened.choice.number, opened.languages[0])
    block = None
    if section is not None:
        block = block_at_line(article.article, section, name)
        section = choose_section(article.article, section, name).number
    return Start(article, opened.languages, section, choose=False, columns=columns, block=block)


def _choose_article(invocation: Invocation, library: Library, name: str | None) -> tuple[ArticleChoice, bool]:
    """Return the article, and True if the reader has to show the list of articles first.

    The article is not matched by content here: the reader does that after it has shown the first page.
    """
    from relmgr_cli.store.name_lookup import article_id

    try:
        return choose_article(library, name, invocation.last_read_file(library), may_pair=False), False
    except ArticleAmbiguousError:
        if name is not None:
            raise
    return ArticleChoice(1, article_id(library.database, 1)), True


def _saved_positions(invocation: Invocation, library: Library) -> "ReadingPositions":
    from relmgr_cli.store.reading_state import read_positions, reading_file

    has_state = library.database.path is not None
    return read_positions(reading_file(invocation.settings.state_folder, library.key) if has_state else "")


def _last_read_languages(positions: "ReadingPositions", library: Library, choice: ArticleChoice) -> list[str]:
    """Return the language that this article was last read in, then that of the article last read."""
    from relmgr_cli.store.name_lookup import article_files

    if library.database.path is None:
        return []
    last = positions.of(choice.id, article_files(library.database, choice.number))
    return [language for language in (last.language if last else "", positions.language) if language]


def export_no_color(settings: Settings) -> None:
    """Set or unset NO_COLOR by the settings: Textual reads it, and treats an empty value as set."""
    if settings.color == "never" or (settings.environ.get("NO_COLOR") and settings.color != "always"):
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)
