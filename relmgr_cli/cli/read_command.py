"""The command `read`: the full-screen reader."""

import gc
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.cli.article_commands import ArticleName
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library, QuietReporter
from relmgr_cli.core.selection import ArticleChoice, choose_article, choose_languages, choose_section, split_address
from relmgr_cli.errors import ArticleAmbiguousError, Exit, RelmgrError

if TYPE_CHECKING:
    from relmgr_cli.cli.output_cache import OutputCache
    from relmgr_cli.reader.app import ReaderApp
    from relmgr_cli.reader.model.library_worker import LibraryWorker, OpenArticle
    from relmgr_cli.reader.model.session import ReadingSession


# The interface must not wait for a thread that aligns: threads switch five times as often as by default. Garbage
# collection stops all threads, and a full one takes 50 to 150 ms with a long article open, so only young objects are
# collected; the little garbage that survives stays until the end.
_SWITCH_SECONDS = 0.001
_COLLECTIONS = (1000, 10, 1_000_000)


class TerminalMissingError(RelmgrError):
    """The full-screen reader needs a terminal for input and output."""

    def __init__(self) -> None:
        super().__init__("relmgr read needs a terminal; relmgr show prints")


class StartState(NamedTuple):
    """What the reader begins with."""

    opened: "OpenArticle"
    languages: tuple[str, ...]
    section: str | None  # its number
    choose: bool  # begin with the list of articles


class ReaderReporter(QuietReporter):
    """Writes nothing, because the reader has the screen; clears the output cache where its content is out of date."""

    def __init__(self, cache: "OutputCache") -> None:
        self._cache = cache

    def on_articles_changed(self) -> None:
        """Clear the output cache: articles may have other numbers now, and no file shows it."""
        self._cache.clear()


@command
def read(invocation: Invocation, article: ArticleName = None) -> int:
    """Read in full screen; ? shows the keys."""
    if invocation.settings.plain:
        return run_line_reader(invocation, article)
    _require_terminal(invocation.settings.environ)
    reader = open_reader(invocation, article)
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(*_COLLECTIONS)
    try:
        reader.run()
    finally:
        reader.session.worker.close()
        invocation.cache.clear()  # articles were paired and aligned meanwhile, and no file shows it
    if reader.fault:
        raise reader.fault
    return reader.return_code or Exit.SHOWN


def run_line_reader(invocation: Invocation, article: str | None) -> int:
    """Read section by section, with a prompt instead of a screen."""
    from relmgr_cli.reader.line_reader import LineReader, run
    from relmgr_cli.reader.model.library_worker import LibraryWorker
    from relmgr_cli.terminal.stream import write

    worker = LibraryWorker()
    try:
        library, start = _prepare(invocation, worker, article)
        if start.choose:  # raises the error that names the articles
            worker.run_sync(choose_article, library, None, invocation.last_read_file(library))
        opened = worker.run_sync(worker.open_aligned, start.opened.number)
        session = _reading_session(invocation, worker, start._replace(opened=opened))
        run(LineReader(session, invocation.screen(), write), start.section)
    finally:
        worker.close()
    return Exit.SHOWN


def _require_terminal(environ: Mapping[str, str]) -> None:
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on standard error
    if environ.get("TERM") == "dumb" or not all(stream is not None and stream.isatty() for stream in streams):
        raise TerminalMissingError


def open_reader(invocation: Invocation, article: str | None) -> "ReaderApp":
    """Return the reader, ready to run, with the article that is meant."""
    from relmgr_cli.reader.model.library_worker import LibraryWorker

    worker = LibraryWorker()
    try:
        _, start = _prepare(invocation, worker, article)
        from relmgr_cli.reader.app import ReaderApp
        from relmgr_cli.reader.screens.article import Start

        export_no_color(invocation.settings)
        session = _reading_session(invocation, worker, start)
        screen = Start(start.languages, start.section, start.choose)
        return ReaderApp(session, invocation.settings, screen, invocation.umask)
    except BaseException:
        worker.close()
        raise


def _prepare(invocation: Invocation, worker: "LibraryWorker", address: str | None) -> tuple[Library, StartState]:
    """Open the library in the worker's thread and find what to read; from then on the library reports nothing."""
    article, section = split_address(address)
    library = worker.run_sync(invocation.open_library, article)
    worker.attach(library._replace(reporter=ReaderReporter(invocation.cache)))
    return library, worker.run_sync(resolve_start, invocation, worker, library, article, section)


def _reading_session(invocation: Invocation, worker: "LibraryWorker", start: StartState) -> "ReadingSession":
    from relmgr_cli.reader.model.session import ReadingSession

    library = worker.library
    has_state = library.database.path is not None  # a single file leaves no traces
    return ReadingSession(
        worker,
        start.opened,
        start.languages[0],
        reading_file=_positions_file(invocation, library) if has_state else "",
        last_file=invocation.last_read_file(library) if has_state else "",
    )


def resolve_start(
    invocation: Invocation, worker: "LibraryWorker", library: Library, name: str | None, section: str | None
) -> StartState:
    """Return the article, languages and section to begin with; runs in the library's thread."""
    choice, choose = _choose_article(invocation, library, name)
    last_read = _last_read_languages(invocation, library, choice)
    languages = choose_languages(library, choice, invocation.settings, last_read=last_read)
    opened = worker.open(choice.number, languages[0])
    if section is not None:
        section = choose_section(opened.article, section).number
    return StartState(opened, languages, section, choose)


def _choose_article(invocation: Invocation, library: Library, name: str | None) -> tuple[ArticleChoice, bool]:
    """Return the article that is meant, and whether the reader has to choose one first.

    It is not paired by content here: the reader does that once its first page is shown.
    """
    from relmgr_cli.store.name_lookup import find_article

    try:
        return choose_article(library, name, invocation.last_read_file(library), may_pair=False), False
    except ArticleAmbiguousError:
        if name is not None:
            raise
    return ArticleChoice(*find_article(library.database, "1", None)), True


def _last_read_languages(invocation: Invocation, library: Library, choice: ArticleChoice) -> list[str]:
    """Return the language that this article was last read in, and then the one that any article was."""
    from relmgr_cli.store.name_lookup import article_files
    from relmgr_cli.store.reading_state import read_positions

    if library.database.path is None:
        return []
    places = read_positions(_positions_file(invocation, library))
    place = places.of(choice.id, article_files(library.database, choice.number))
    return [language for language in (place.language if place else "", places.language) if language]


def _positions_file(invocation: Invocation, library: Library) -> str:
    from relmgr_cli.store.reading_state import reading_file

    return reading_file(invocation.settings.state_folder, library.key)


def export_no_color(settings: Settings) -> None:
    """Set or unset NO_COLOR as the settings say: Textual reads it, and takes an empty one for a set one."""
    if settings.color == "never" or (settings.environ.get("NO_COLOR") and settings.color != "always"):
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)
