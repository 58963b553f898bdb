"""Shell completion of articles, sections and languages.

Completion must be fast and never print or fail: on any error it offers nothing.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import typer

from relmgr_cli.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.store.database import Database

Choices = list[tuple[str, str]]
_SHELL_SYNTAX = str.maketrans(dict.fromkeys("\\$`\"'!;&|<>", " ") | {"[": "(", "]": ")"})  # [tags]: Typer
_COMPLETABLE = re.compile(r"\w[\w.-]*")


def _quietly(offer: Callable[[dict[str, Any], str], Iterator[tuple[str, str]]]) -> Callable[..., Choices]:
    def complete(ctx: typer.Context, incomplete: str) -> Choices:
        params = {key: value for level in (ctx.parent, ctx) if level for key, value in level.params.items() if value}
        try:
            offered = list(offer(params, incomplete))
        except Exception:  # noqa: BLE001 (anything printed here would land in the user's command line)
            return []
        # Shells evaluate completions: remove everything that has a meaning to them.
        words = [(value, note) for value, note in offered if _COMPLETABLE.fullmatch(sanitize_line(value))]
        return [(value, sanitize_line(note).translate(_SHELL_SYNTAX)) for value, note in words]

    return complete


@contextmanager
def _open(params: dict[str, Any]) -> "Iterator[Database]":
    from relmgr_cli.config import ChosenBy, bundled_seeds, read_settings
    from relmgr_cli.store.database import open_database
    from relmgr_cli.store.sync import holds_nothing, sync

    library, is_bundled = params.get("library") or (), bool(params.get("bundled"))
    settings = read_settings(os.environ, library=library, bundled=is_bundled)
    with ExitStack() as stack:
        database = stack.enter_context(closing(open_database(settings.cache_folder, settings.roots)))
        roots = settings.roots
        if settings.choice.by is ChosenBy.WORK_TREE and holds_nothing(database):
            roots = (bundled_seeds(),)
            database = stack.enter_context(closing(open_database(settings.cache_folder, roots)))
        if list(map(os.path.realpath, roots)) == [os.path.realpath(bundled_seeds())]:
            sync(database, roots)  # two files; a large library is not synced
        yield database


@_quietly
def complete_article(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the ids of articles, with their titles."""
    from relmgr_cli.store.articles import list_articles

    with _open(params) as database:
        articles = list_articles(database)
    for article in articles:
        if article.id.startswith(incomplete.casefold()):
            yield article.id, article.title(None)


@_quietly
def complete_section(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the section numbers of the article, with their headings."""
    from relmgr_cli.store.articles import load_article, section_headings
    from relmgr_cli.store.name_lookup import find_article

    with _open(params) as database:
        number, _ = find_article(database, params.get("article"), None)
        article = load_article(database, number)
    for section in article.sections:
        if section.number.startswith(incomplete):
            yield section.number, " · ".join(section_headings(article, section).values())


@_quietly
def complete_language(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the languages of the library, with their names."""
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.store.name_lookup import library_languages

    with _open(params) as database:
        tags = library_languages(database)
    for language in tags:
        if language.startswith(incomplete):
            yield language, language_name(language)
