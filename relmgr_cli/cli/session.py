"""What every command begins with: the library opened and up to date, an article and a language chosen."""

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.cli.options import Call
from relmgr_cli.errors import Exit, FileRefusedError, LibraryEmptyError, TranslationMissingError
from relmgr_cli.index.catalogue import Catalogue, catalogue_key, in_memory, open_catalogue, persist
from relmgr_cli.index.grouping import align_all, meaning_costs, meaning_is_pending, pair_by_meaning
from relmgr_cli.index.lookup import (
    find_article,
    is_alone,
    language_of_file,
    languages_of,
    problems_without_article,
    title_of,
)
from relmgr_cli.index.places import place_of, read_place, write_place
from relmgr_cli.index.sync import SyncReport, sync
from relmgr_cli.languages.tags import match_language, parse_languages, preferred_languages
from relmgr_cli.library.files import SUFFIXES
from relmgr_cli.render.output import emit, say
from relmgr_cli.render.progress import ProgressBar
from relmgr_cli.settings import Settings

if TYPE_CHECKING:
    from relmgr_cli.index.fulltext import FullText

_SHORT = 1000  # passages, some seconds
_FEW = 400  # documents


class Session(NamedTuple):
    """An open library, in step with its files, and the way to answer."""

    call: Call
    catalogue: Catalogue
    roots: tuple[Path, ...]
    report: SyncReport

    @property
    def settings(self) -> Settings:
        """The settings of the call."""
        return self.call.settings

    @property
    def library(self) -> str:
        """What tells this library from others, for a file of its own."""
        return catalogue_key(self.roots)

    @property
    def place(self) -> str:
        """The file that holds the article of this library read last."""
        return place_of(self.settings.state_folder, self.library)

    def say(self, message: str) -> None:
        """Write a note to standard error; it belongs to the answer."""
        self.call.replies.note(message)
        say(message)

    def answer(
        self,
        text: str,
        article: str = "",
        *,
        by_place: bool = False,
        state: tuple[str, str] = ("", ""),
        watched: Sequence[str] = (),
    ) -> int:
        """Give the answer and keep it; return the exit code.

        `article` is the one that it is about, `by_place` whether that was chosen for being the last read. `state` is a
        file of the user's state that the answer writes, and its content; `watched` are further files that decide it.
        """
        settings = self.settings
        pager = "" if settings.as_json else settings.pager
        places = [*self.report.watched, *watched, str(settings.config_file or ""), *([self.place] if by_place else [])]
        write_place(*state)
        if not self.catalogue.notice:
            kept = (self.place, article) if article else state
            self.call.replies.keep(text, places, pager=pager, place=kept, now_ns=time.time_ns())
        emit(text, pager, settings.environ)
        return Exit.SHOWN


def open_session(call: Call, article: str | None = None) -> Session:
    """Open the library; when `article` is the path of a file elsewhere, that file is the library.

    Raises LibraryMissingError, LibraryEmptyError or FileRefusedError.
    """
    settings = call.settings
    roots = settings.roots
    only: frozenset[str] | None = None
    looked_at: tuple[str, ...] = ()
    single = _file_elsewhere(article, roots)
    if single:
        from relmgr_cli.library.translation_paths import find_translations

        root, only, looked_at = find_translations(single)
        roots = (root,)
    catalogue = in_memory() if single else open_catalogue(settings.cache_folder, roots)
    with ProgressBar("reading files") as progress:
        report = persist(catalogue, lambda: sync(catalogue, roots, progress, only), say)
    if catalogue.notice:
        say(catalogue.notice)
    return Session(call, catalogue, roots, report._replace(watched=(*report.watched, *looked_at)))


def complete_by_meaning(session: Session, *, patience: int | None = _SHORT) -> bool:
    """Ask the encoder about the documents that stand alone; return whether anything was looked at.

    `patience` is how many passages may be encoded for it; None for any number. Beyond it, a note says what to do. In
    a heap of files, where nothing else tells what belongs together, patience has no end.
    """
    catalogue = session.catalogue
    if not meaning_is_pending(catalogue):
        return False
    if patience is not None and meaning_costs(catalogue) > patience:
        session.say("some documents stand alone; relmgr index looks for their translations by what they say")
        return False
    with ProgressBar("reading what they say") as progress:
        persist(catalogue, lambda: pair_by_meaning(catalogue, progress), session.say)
    session.call.replies.forget_all()  # articles may have other numbers now, and no file shows it
    return True


def is_small(session: Session) -> bool:
    """Tell whether the library has so few documents that what to do with them is found out in no time."""
    return bool(session.catalogue.rows("SELECT count(*) FROM documents")[0][0] <= _FEW)


def prepare_search(session: Session, *, exact: bool = False, patience: int | None = _SHORT) -> "FullText":
    """Return the full text in step with the library, and give words and passages their vectors.

    `patience` is how many texts may be encoded for it; beyond it, a note says what to do. None for any number;
    an `exact` search needs no vectors at all.
    """
    from relmgr_cli.index.fulltext import open_fulltext

    def prepare() -> "tuple[FullText, bool]":
        with ProgressBar("indexing words") as progress:
            text = open_fulltext(session.catalogue, progress)
        return text, exact or learn_texts(session, patience)

    text, has_learnt = persist(session.catalogue, prepare, say)
    if text.was_damaged:
        say("the full text was damaged and is built anew")
    if not has_learnt:
        session.say("texts are searched by their words only until relmgr index has learnt what they say")
    return text


def learn_texts(session: Session, patience: int | None) -> bool:
    """Give words and passages their vectors, unless there are more than `patience`; return whether all have theirs."""
    from relmgr_cli.search.preparing import encode_library, texts_to_encode

    missing = texts_to_encode(session.catalogue, patience)
    if patience is not None and missing > patience:
        return False
    if not missing:
        return True
    return encode_library(session.catalogue, ProgressBar, **({"patience": math.inf} if patience is None else {}))


def align_by_meaning(session: Session) -> bool:
    """Align with the encoder's help what has not had it; return whether there was anything."""
    with ProgressBar("aligning translations") as progress:
        return persist(session.catalogue, lambda: align_all(session.catalogue, progress), say) > 0


def _file_elsewhere(article: str | None, roots: Sequence[Path]) -> Path | None:
    """Return the file that `article` names when it lies outside the library."""
    if article is None or "\0" in article or not (os.sep in article or os.path.splitext(article)[1]):
        return None
    place = os.path.realpath(article)
    if os.path.lexists(article) and not os.path.exists(place):
        raise FileRefusedError(article, "a link that leads nowhere")
    inside = any(place.startswith(os.path.join(os.path.abspath(root), "")) for root in roots)
    return Path(place) if not inside and os.path.lexists(place) and not os.path.isdir(place) else None


class Picked(NamedTuple):
    """The article that a command is about."""

    number: int
    id: str
    by_place: bool  # chosen because it was the last one read
    language: str | None = None  # of the file whose path was given


def pick_article(session: Session, name: str | None) -> Picked:
    """Return the article that is meant, and keep it as the one last read.

    Raises ArticleNotFoundError, ArticleAmbiguousError, LibraryEmptyError, FileRefusedError.
    """
    catalogue = session.catalogue
    ((articles,),) = catalogue.rows("SELECT count(*) FROM articles")
    if not articles:
        refused = problems_without_article(catalogue)
        if refused and catalogue.path is None:  # the one file that was named
            raise FileRefusedError(refused[0].path, refused[0].message)
        raise LibraryEmptyError([str(root) for root in session.roots], SUFFIXES)
    number, article = find_article(catalogue, name, read_place(session.place))
    if is_alone(catalogue, number) and complete_by_meaning(session):
        number, article = find_article(catalogue, name, read_place(session.place))
    if catalogue.path is not None:
        write_place(session.place, article)
    language = language_of_file(catalogue, name) if name and os.path.lexists(name) else None
    return Picked(number, article, name is None and articles > 1, language)


def pick_languages(session: Session, picked: Picked) -> tuple[str, ...]:
    """Return the languages to show an article in: those asked for, that of the file named, or what suits the reader.

    Says so when the reader's languages are all missing. Raises TranslationMissingError, LanguageUnknownError.
    """
    settings = session.settings
    number = picked.number
    available = languages_of(session.catalogue, number)
    if settings.asked_language:
        asked = parse_languages(settings.asked_language)
        found = [match_language([wanted], available) for wanted in asked]
        for wanted, tag in zip(asked, found, strict=True):
            if tag is None:
                from relmgr_cli.languages.names import language_name

                title = title_of(session.catalogue, number, available[0])
                raise TranslationMissingError(language_name(wanted), title, available)
        return tuple(dict.fromkeys(tag for tag in found if tag))
    if picked.language:
        return (picked.language,)
    preferred = preferred_languages(settings.environ, settings.configured_language)
    chosen = match_language(preferred, available)
    if chosen is None and preferred:
        _say_fallback(session, preferred[0], available)
    return (chosen or available[0],)


def _say_fallback(session: Session, wanted: str, available: Sequence[str]) -> None:
    from relmgr_cli.languages.names import language_name

    shown, *others = map(language_name, available)
    also = f" (also: {', '.join(others)})" if others else ""
    session.say(f"no {language_name(wanted)} text; showing {shown}{also}")
