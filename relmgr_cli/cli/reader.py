"""The command `read`: the full-screen reader."""

import gc
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.reading import ArticleName
from relmgr_cli.cli.session import Picked, Session, open_session, pick_article, pick_languages
from relmgr_cli.errors import ArticleAmbiguousError, Exit, RelmgrError
from relmgr_cli.settings import Settings

if TYPE_CHECKING:
    from relmgr_cli.reader.app import Reader
    from relmgr_cli.reader.desk import Desk
    from relmgr_cli.reader.shelf import Opened, Shelf


# The interface must not wait for a thread that aligns. Threads take turns five times as often as they do by default,
# and garbage is collected in small pieces: a collection stops all threads, and one of all objects that a long article
# has takes 50 to 150 ms. So there is none of all; what little garbage gets that old stays until the end.
_SWITCH_SECONDS = 0.001
_COLLECTIONS = (1000, 10, 1_000_000)


class TerminalMissingError(RelmgrError):
    """The reader needs a whole screen and somebody who types."""

    def __init__(self) -> None:
        super().__init__("relmgr read needs a terminal; relmgr show prints")


class _Beginning(NamedTuple):
    """What the reader begins with."""

    opened: "Opened"
    languages: tuple[str, ...]
    section: str | None
    choose: bool


@command
def read(call: Call, article: ArticleName = None) -> int:
    """Read in full screen; ? shows the keys."""
    if call.settings.plain:
        return _read_plainly(call, article)
    _require_terminal(call.settings.environ)
    reader = open_reader(call, article)
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(*_COLLECTIONS)
    try:
        reader.run()
    finally:
        reader.desk.shelf.close()
    if reader.fault:
        raise reader.fault
    return reader.return_code or Exit.SHOWN


def _read_plainly(call: Call, article: str | None) -> int:
    """Read section by section, on a line to type on."""
    from relmgr_cli.reader.plain import PlainReader, run
    from relmgr_cli.reader.shelf import Shelf
    from relmgr_cli.render.output import write
    from relmgr_cli.render.screen import measure_screen

    shelf = Shelf()
    try:
        session, beginning = _prepare(call, shelf, article)
        if beginning.choose:
            shelf.wait(pick_article, session, None)  # which says that one must be named, and which there are
        opened = shelf.wait(shelf.open_aligned, beginning.opened.number)
        desk = _desk(session, shelf, beginning._replace(opened=opened))
        run(PlainReader(desk, measure_screen(call.settings, sys.stdout), write), beginning.section)
    finally:
        shelf.close()
    return Exit.SHOWN


def _require_terminal(environ: Mapping[str, str]) -> None:
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on standard error
    if environ.get("TERM") == "dumb" or not all(stream is not None and stream.isatty() for stream in streams):
        raise TerminalMissingError


def open_reader(call: Call, article: str | None) -> "Reader":
    """Return the reader, ready to run, with the article that is meant."""
    from relmgr_cli.reader.shelf import Shelf

    shelf = Shelf()
    try:
        session, beginning = _prepare(call, shelf, article)
        from relmgr_cli.reader.app import Reader
        from relmgr_cli.reader.reading import Start

        _tell_about_colors(call.settings)
        start = Start(beginning.languages, beginning.section, beginning.choose)
        return Reader(_desk(session, shelf, beginning), call.settings, start, call.umask)
    except BaseException:
        shelf.close()
        raise


def _prepare(call: Call, shelf: "Shelf", article: str | None) -> tuple[Session, _Beginning]:
    """Open the library in its thread and find what is to be read."""
    name, _, section = (article or "").partition("#")
    session = shelf.wait(open_session, call, name or None)
    shelf.wait(shelf.attach, session.catalogue, session.roots, is_single=session.roots != call.settings.roots)
    return session, shelf.wait(_begin, shelf, session, name or None, section or None)


def _desk(session: Session, shelf: "Shelf", beginning: _Beginning) -> "Desk":
    from relmgr_cli.index.catalogue import catalogue_key
    from relmgr_cli.index.places import reading_file
    from relmgr_cli.reader.desk import Desk

    settings = session.settings
    kept = session.catalogue.path is not None
    return Desk(
        shelf,
        beginning.opened,
        beginning.languages[0],
        reading_file=reading_file(settings.state_folder, catalogue_key(session.roots)) if kept else "",
        last_file=session.place if kept else "",
    )


def _begin(shelf: "Shelf", session: Session, name: str | None, section: str | None) -> _Beginning:
    """Find article, languages and section, in the library's thread."""
    from relmgr_cli.index.queries import find_section

    picked, choose = _pick(session, name)
    languages = _languages(session, picked)
    opened = shelf.open(picked.number, languages[0])
    if section is not None:
        section = find_section(opened.article, section).number
    return _Beginning(opened, languages, section, choose)


def _pick(session: Session, name: str | None) -> tuple[Picked, bool]:
    """Return the article that is meant, and whether the reader is still to choose one.

    The encoder is not asked here about what stands alone: the reader does that when its first page is there.
    """
    from relmgr_cli.index.lookup import find_article, language_of_file
    from relmgr_cli.index.places import read_place, write_place

    catalogue = session.catalogue
    if catalogue.rows("SELECT count(*) FROM articles") == [(0,)]:
        return pick_article(session, name), False  # which says what is wrong
    choose = False
    try:
        number, article = find_article(catalogue, name, read_place(session.place))
    except ArticleAmbiguousError:
        if name is not None:
            raise
        choose = True
        number, article = find_article(catalogue, "1", None)
    if catalogue.path is not None and not choose:
        write_place(session.place, article)
    language = language_of_file(catalogue, name) if name and os.path.lexists(name) else None
    return Picked(number, article, by_place=False, language=language), choose


def _languages(session: Session, picked: Picked) -> tuple[str, ...]:
    """Return the languages asked for, else the one this article was last read in, else the last one of all."""
    from relmgr_cli.index.catalogue import catalogue_key
    from relmgr_cli.index.lookup import languages_of
    from relmgr_cli.index.places import read_places, reading_file
    from relmgr_cli.languages.tags import match_language

    settings = session.settings
    if not settings.asked_language and not picked.language and session.catalogue.path is not None:
        places = read_places(reading_file(settings.state_folder, catalogue_key(session.roots)))
        place = places.of(picked.id, _files(session, picked.number))
        last = [place.language] if place else []
        found = match_language(
            [*last, *filter(None, [places.language])], languages_of(session.catalogue, picked.number)
        )
        if found:
            return (found,)
    return pick_languages(session, picked)


def _files(session: Session, number: int) -> tuple[str, ...]:
    rows = session.catalogue.rows("SELECT root, path FROM documents WHERE article = ?", (number,))
    return tuple(os.path.join(os.fsdecode(root), os.fsdecode(path)) for root, path in rows)


def _tell_about_colors(settings: Settings) -> None:
    """Let Textual know what was said about colours: it reads NO_COLOR, and takes an empty one for a set one."""
    if settings.color == "never" or (settings.environ.get("NO_COLOR") and settings.color != "always"):
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)
