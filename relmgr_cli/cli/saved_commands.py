"""The commands `bookmarks` and `words`: list what was saved in the reader, and remove one of it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli import messages
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_library_languages
from relmgr_cli.errors import Exit, SavedListError
from relmgr_cli.languages.tags import parse_languages
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.layout.line import Line
    from relmgr_cli.terminal.target import OutputTarget

    Drawn = Callable[[OutputTarget], Iterable[Line]]


@command(
    ("relmgr bookmarks", "the bookmarks that were set in the reader"),
    ("relmgr bookmarks --lang ru", "where they are in Russian"),
    ("relmgr bookmarks --json", "for programs"),
    without="links",
)
def bookmarks(
    invocation: Invocation,
    *,
    remove: Annotated[int | None, typer.Option("--remove", min=1, metavar="N", help="Remove bookmark N.")] = None,
) -> int:
    """List bookmarks.

    A bookmark stays at its paragraph when the files are edited. One whose text is gone is listed as such.
    """
    from relmgr_cli.core.bookmarks import find_bookmarks
    from relmgr_cli.store.bookmarks import bookmarks_file, load_bookmarks, remove_bookmark

    library = _open(invocation)
    languages = choose_library_languages(library, invocation.settings)
    file = bookmarks_file(invocation.settings.state_folder, library.key)
    if remove is not None:
        with _saving(messages.BOOKMARKS_NOT_SAVED):
            removed = remove_bookmark(file, remove) if file else None
        if removed is None:
            raise SavedListError(messages.BOOKMARK_UNKNOWN.fill(number=remove))
        return _report_removed(invocation, remove, messages.BOOKMARK_REMOVED.fill(text=removed.text))
    found = find_bookmarks(library.database, load_bookmarks(file), languages)
    if not found and not invocation.settings.as_json:
        warn(messages.NO_BOOKMARKS.fill())
        return Exit.SHOWN
    from relmgr_cli.layout.bookmarks import bookmark_list, bookmarks_payload, located_bookmarks

    text = _render(
        invocation,
        lambda: bookmarks_payload(found),
        as_list=lambda target: bookmark_list(found, target),
        as_lines=lambda _: located_bookmarks(found),
    )
    return invocation.finish(library, text, dependencies=[file] if file else [])


@command(
    ("relmgr words", "the words that were kept in the reader"),
    ("relmgr words --lang ru", "the Russian ones"),
    ("relmgr words --json", "for programs"),
    without="links",
)
def words(
    invocation: Invocation,
    *,
    remove: Annotated[int | None, typer.Option("--remove", min=1, metavar="N", help="Remove word N.")] = None,
) -> int:
    """List kept words.

    Each with its translation, and the sentence that it was kept with. `relmgr export --to anki` writes notes for them.
    """
    from relmgr_cli.core.kept_words import find_kept_words
    from relmgr_cli.store.kept_words import kept_words_file, load_words, remove_word

    library = _open(invocation)
    file = kept_words_file(invocation.settings.state_folder, library.key)
    if remove is not None:
        with _saving(messages.WORDS_NOT_SAVED):
            removed = remove_word(file, remove) if file else None
        if removed is None:
            raise SavedListError(messages.WORD_UNKNOWN.fill(number=remove))
        return _report_removed(invocation, remove, messages.WORD_REMOVED.fill(word=removed.word))
    found = find_kept_words(library, load_words(file), parse_languages(invocation.settings.asked_language))
    if not found and not invocation.settings.as_json:
        warn(messages.NO_KEPT_WORDS.fill())
        return Exit.SHOWN
    from relmgr_cli.layout.kept_words import located_words, word_list, words_payload

    text = _render(
        invocation,
        lambda: words_payload(found),
        as_list=lambda target: word_list(found, target),
        as_lines=lambda target: located_words(found, target),
    )
    return invocation.finish(library, text, dependencies=[file] if file else [])


def _open(invocation: Invocation) -> Library:
    library = invocation.open_library()
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    return library


@contextmanager
def _saving(not_saved: messages.Message) -> Iterator[None]:
    """Raise SavedListError with this message if a list cannot be saved."""
    try:
        yield
    except OSError as error:
        raise SavedListError(not_saved.fill(reason=error.strerror or error)) from error


def _report_removed(invocation: Invocation, number: int, message: str) -> int:
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        write(dump({"removed": number}))
    else:
        from relmgr_cli.terminal.sanitize import sanitize_line

        write(sanitize_line(message) + "\n")
    return Exit.SHOWN


def _render(
    invocation: Invocation, payload: Callable[[], Mapping[str, Any]], *, as_list: "Drawn", as_lines: "Drawn"
) -> str:
    """Return what was found: as a list on a terminal, else one a line."""
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        return dump(payload())
    from relmgr_cli.layout.ansi import to_ansi

    target = invocation.screen()
    is_list = sys.stdout.isatty() and not target.plain
    return to_ansi((as_list if is_list else as_lines)(target), target)
