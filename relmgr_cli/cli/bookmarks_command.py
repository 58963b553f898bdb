"""The command `bookmarks`: lists the bookmarks that were set in the reader, and removes one."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.core.selection import choose_library_languages
from relmgr_cli.errors import BookmarkError, Exit
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.core.bookmarks import FoundBookmark


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
    from relmgr_cli.store.bookmarks import bookmarks_file, load_bookmarks

    library = invocation.open_library()
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    languages = choose_library_languages(library, invocation.settings)
    file = bookmarks_file(invocation.settings.state_folder, library.key)
    if remove is not None:
        return _remove(invocation, file, remove)
    found = find_bookmarks(library.database, load_bookmarks(file), languages)
    if not found and not invocation.settings.as_json:
        warn(messages.NO_BOOKMARKS.fill())
        return Exit.SHOWN
    return invocation.finish(library, _render(invocation, found), dependencies=[file] if file else [])


def _remove(invocation: Invocation, file: str, number: int) -> int:
    from relmgr_cli.core.bookmarks import remove_bookmark

    try:
        removed = remove_bookmark(file, number) if file else None
    except OSError as error:
        raise BookmarkError(messages.BOOKMARKS_NOT_SAVED.fill(reason=error.strerror or error)) from error
    if removed is None:
        raise BookmarkError(messages.BOOKMARK_UNKNOWN.fill(number=number))
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        write(dump({"removed": number}))
    else:
        from relmgr_cli.terminal.sanitize import sanitize_line

        write(sanitize_line(messages.BOOKMARK_REMOVED.fill(text=removed.text)) + "\n")
    return Exit.SHOWN


def _render(invocation: Invocation, found: "Sequence[FoundBookmark]") -> str:
    """Return the bookmarks: as a list on a terminal, else one a line."""
    from relmgr_cli.layout.bookmarks import bookmark_list, bookmarks_payload, located_bookmarks
    from relmgr_cli.layout.json_output import dump

    if invocation.settings.as_json:
        return dump(bookmarks_payload(found))
    from relmgr_cli.layout.ansi import to_ansi

    screen = invocation.screen()
    is_list = sys.stdout.isatty() and not screen.plain
    return to_ansi(bookmark_list(found, screen) if is_list else located_bookmarks(found), screen)
