"""Shell completion of articles, sections and languages.

Completion must be fast and never print or fail: on any error it offers nothing.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any
from unicodedata import category

import typer

from relmgr_cli.terminal.sanitize import INVISIBLE_CHARS, sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.store.database import Database

Choices = list[tuple[str, str]]
_SHELL_SYNTAX = str.maketrans(dict.fromkeys("\\$`\"'!;&|<>", " ") | {"[": "(", "]": ")"})  # [tags]: Typer
_COMPLETABLE = frozenset("._-+/,")  # besides letters, digits and marks


def _quietly(offer: Callable[[dict[str, Any], str], Iterator[tuple[str, str]]]) -> Callable[..., Choices]:
    def complete(ctx: typer.Context, incomplete: str) -> Choices:
        params = {key: value for level in (ctx.parent, ctx) if level for key, value in level.params.items() if value}
        try:
            offered = list(offer(params, incomplete))
        except Exception:  # noqa: BLE001 (anything printed here would land in the user's command line)
            return []
        # Shells evaluate completions: remove everything that has a meaning to them.
        words = [(value, note) for value, note in offered if _is_completable(value)]
        return [(value, sanitize_line(note).translate(_SHELL_SYNTAX)) for value, note in words]

    return complete


def _is_completable(value: str) -> bool:
    """Return True if all characters of a value are visible and mean nothing to a shell, and it is no option."""
    is_visible = INVISIBLE_CHARS.isdisjoint(value)
    return is_visible and value[:1] != "-" and all(c in _COMPLETABLE or category(c)[0] in "LMN" for c in value)


@contextmanager
def _open(params: dict[str, Any]) -> "Iterator[Database]":
    from relmgr_cli.config import bundled_seeds, read_settings
    from relmgr_cli.store.database import open_database
    from relmgr_cli.store.sync import lacks_markdown, sync

    library, is_bundled = params.get("library") or (), bool(params.get("bundled"))
    settings = read_settings(os.environ, library=library, bundled=is_bundled)
    with ExitStack() as stack:
        database = stack.enter_context(closing(open_database(settings.cache_folder, settings.roots)))
        roots = settings.roots
        if settings.choice.is_local and lacks_markdown(database):
            roots = (bundled_seeds(),)
            database = stack.enter_context(closing(open_database(settings.cache_folder, roots)))
        if list(map(os.path.realpath, roots)) == [os.path.realpath(bundled_seeds())]:
            sync(database, roots)  # two files; a large library is not synced
        yield database


@_quietly
def complete_article(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the names of articles, with their titles: whole ids, or the shortest ends of them that are unique."""
    from relmgr_cli.store.article_search import complete_names
    from relmgr_cli.store.name_lookup import languages_of, title_of

    with _open(params) as database:
        for number, name in complete_names(database, incomplete):
            # Typer drops what does not begin with just what was typed; case makes no difference in a name.
            yield (
                incomplete + name.replace(" ", "-")[len(incomplete) :],
                title_of(database, number, languages_of(database, number)[0]),
            )


@_quietly
def complete_section(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the section numbers of the article, or the anchors of its headings, with the headings."""
    from relmgr_cli.corpus.links.targets import slug_of_heading
    from relmgr_cli.store.articles import load_article, section_headings
    from relmgr_cli.store.name_lookup import find_article

    with _open(params) as database:
        number = find_article(database, next(iter(params.get("articles") or ()), None), None).number
        article = load_article(database, number)
    for section in article.sections:
        headings = section_headings(article, section).values()
        slugs = dict.fromkeys(map(slug_of_heading, headings)) if incomplete else ()
        for name in (section.number, *slugs):
            if name.startswith(incomplete):
                yield name, " · ".join(headings)


@_quietly
def complete_language(params: dict[str, Any], incomplete: str) -> Iterator[tuple[str, str]]:
    """Offer the languages of the library, with their names, for the last of a list."""
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.store.name_lookup import library_languages

    before, comma, last = incomplete.rpartition(",")
    with _open(params) as database:
        tags = library_languages(database)
    for language in tags:
        if language.startswith(last) and language not in before.split(","):
            yield f"{before}{comma}{language}", language_name(language)
