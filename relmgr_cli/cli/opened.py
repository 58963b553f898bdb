"""Opens the article that a command is about: one of the library, or files that are named one by one."""

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from relmgr_cli.cli.context import Invocation
from relmgr_cli.core.library import Library
from relmgr_cli.core.named_files import is_stream, open_named_files
from relmgr_cli.core.selection import ArticleChoice, choose_article, choose_languages, split_address


class Opened(NamedTuple):
    """An article of an open library."""

    library: Library
    choice: ArticleChoice
    languages: tuple[str, ...]  # to show it in
    read: str  # the id of the article that counts as read now; "" for files that are named one by one


def split_names(names: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """Return what a command line names without a section, and that section; None where it names none."""
    if len(names) == 1:
        name, section = split_address(names[0])
        return [name] if name else [], section
    found, section = [], None
    for name in names:
        if "#" in name and not os.path.lexists(name):
            file, of_file = split_address(name)
            found.append(file or name)
            section = section or of_file
        else:
            found.append(name)
    return found, section


def names_files(names: Sequence[str]) -> bool:
    """Return True if what a command line names is not an article of the library: several files, or a stream."""
    return len(names) > 1 or any(map(is_stream, names))


def open_article(invocation: Invocation, names: Sequence[str]) -> Opened:
    """Return the article with a name, the one last read without a name, or an article of several files."""
    if names_files(names):
        return _open_files(invocation, names)
    name = names[0] if names else None
    library = invocation.open_library(name)
    choice = choose_article(library, name, invocation.last_read_file(library))
    return Opened(library, choice, choose_languages(library, choice, invocation.settings), choice.id)


def _open_files(invocation: Invocation, names: Sequence[str]) -> Opened:
    """Return files as an article, in the languages of `--lang`, else in all."""
    from relmgr_cli.store.database import in_memory
    from relmgr_cli.store.name_lookup import article_id
    from relmgr_cli.store.named_files import NUMBER

    if any(map(is_stream, names)):
        invocation.cache.disable()
    settings = invocation.settings
    asked = settings.asked_language or ""
    stdin = getattr(sys.stdin, "buffer", None)
    database = in_memory(cache_folder=settings.cache_folder)
    invocation.databases.append(database)
    library, languages = open_named_files(database, names, settings.roots, asked, invocation, stdin=stdin)
    choice = ArticleChoice(NUMBER, article_id(library.database, NUMBER))
    if asked:
        languages = choose_languages(library, choice, settings)
    return Opened(library, choice, languages, "")
