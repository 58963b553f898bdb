"""What every command begins with: the library opened and up to date, an article and a language chosen."""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from relmgr_cli.errors import LibraryEmptyError, Problem, TranslationMissingError
from relmgr_cli.index.catalogue import Catalogue, catalogue_key, in_memory, open_catalogue
from relmgr_cli.index.lookup import find_article, languages_of, title_of
from relmgr_cli.index.places import last_read, remember_read
from relmgr_cli.index.sync import sync
from relmgr_cli.languages.tags import choose, preferred_languages, read_names
from relmgr_cli.library.files import SUFFIXES
from relmgr_cli.render.output import say
from relmgr_cli.settings import Settings


@dataclass(frozen=True, slots=True)
class Session:
    """An open library, in step with its files."""

    settings: Settings
    catalogue: Catalogue
    roots: tuple[Path, ...]
    problems: tuple[Problem, ...]  # of the walk through the folders
    read: int  # files read because they were new or changed
    removed: int  # files that were gone


def open_session(settings: Settings, article: str | None = None) -> Session:
    """Open the library; when `article` is the path of a file elsewhere, that file is the library.

    Raises LibraryMissingError or LibraryEmptyError.
    """
    roots = settings.roots
    single = _file_elsewhere(article, roots)
    if single:
        roots = (single,)
    catalogue = in_memory() if single else open_catalogue(settings.cache_folder, roots)
    try:
        report = sync(catalogue, roots)
    except sqlite3.Error as error:
        catalogue = in_memory(f"cannot update the index in {settings.cache_folder}: {error}")
        report = sync(catalogue, roots)
    if catalogue.notice:
        say(catalogue.notice)
    return Session(settings, catalogue, roots, report.problems, report.read, report.removed)


def _file_elsewhere(article: str | None, roots: Sequence[Path]) -> Path | None:
    """Return the file that `article` names when it lies outside the library."""
    if article is None or os.sep not in article and not os.path.splitext(article)[1]:
        return None
    place = os.path.abspath(article)
    inside = any(place.startswith(os.path.join(os.path.abspath(root), "")) for root in roots)
    return Path(place) if not inside and os.path.lexists(place) and not os.path.isdir(place) else None


def pick_article(session: Session, name: str | None) -> tuple[int, str]:
    """Return number and id of the article that is meant, and keep it as the one last read.

    Raises ArticleNotFoundError, ArticleAmbiguousError, LibraryEmptyError.
    """
    catalogue, settings = session.catalogue, session.settings
    library = catalogue_key(session.roots)
    if not catalogue.rows("SELECT 1 FROM articles LIMIT 1"):
        raise LibraryEmptyError([str(root) for root in session.roots], SUFFIXES)
    number, article = find_article(catalogue, name, last_read(settings.state_folder, library))
    if catalogue.path is not None:
        remember_read(settings.state_folder, library, article)
    return number, article


def pick_languages(session: Session, number: int) -> tuple[str, ...]:
    """Return the languages to show an article in: those asked for, or the one that suits the reader best.

    Says so when the reader's languages are all missing. Raises TranslationMissingError, LanguageUnknownError.
    """
    settings = session.settings
    available = languages_of(session.catalogue, number)
    if settings.asked_language:
        asked = read_names(settings.asked_language)
        found = [choose([wanted], available) for wanted in asked]
        for wanted, tag in zip(asked, found, strict=True):
            if tag is None:
                from relmgr_cli.languages.table import language_name

                title = title_of(session.catalogue, number, available[0])
                raise TranslationMissingError(language_name(wanted), title, available)
        return tuple(dict.fromkeys(tag for tag in found if tag))
    preferred = preferred_languages(settings.environ, settings.configured_language)
    chosen = choose(preferred, available)
    if chosen is None and preferred:
        _say_fallback(preferred[0], available)
    return (chosen or available[0],)


def _say_fallback(wanted: str, available: Sequence[str]) -> None:
    from relmgr_cli.languages.table import language_name

    shown, *others = map(language_name, available)
    also = f" (also: {', '.join(others)})" if others else ""
    say(f"no {language_name(wanted)} text; showing {shown}{also}")
