"""The commands about a whole library: `list`, `index`, and `relmgr` alone."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.session import Session, align_by_meaning, complete_by_meaning, open_session, prepare_search
from relmgr_cli.errors import Exit, LanguageUnknownError, LibraryEmptyError
from relmgr_cli.library.files import SUFFIXES
from relmgr_cli.render.output import counted, emit, say, write

if TYPE_CHECKING:
    from relmgr_cli.index.queries import ArticleSummary

_WELCOME = (
    ("relmgr show [ARTICLE] --lang ru", "read an article in Russian"),
    ("relmgr read [ARTICLE]", "read in full screen"),
    ("relmgr sections [ARTICLE]", "its outline, in two languages"),
    ("relmgr highlights [ARTICLE]", "its key points"),
    ("relmgr search WORD", "find it in all languages"),
    ("relmgr links [ARTICLE]", "where its links lead"),
    ("relmgr list", "all articles"),
    ("relmgr -C FOLDER list", "the articles of another folder"),
    ("relmgr --help", "all commands and options"),
)
_MOST_LISTED = 10
_MOST_PROBLEMS = 3


@command
def list_command(
    call: Call,
    title: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="Only articles with this in a title.", show_default=False)
    ] = None,
    *,
    missing: Annotated[
        str | None, typer.Option("--missing", metavar="LANGUAGE", help="Only articles that lack this language.")
    ] = None,
) -> int:
    """List the articles of the library; with --lang those that exist in a language."""
    from relmgr_cli.index.queries import list_articles, list_problems

    session = open_session(call)
    complete_by_meaning(session)
    everything = list_articles(session.catalogue)
    articles = tuple(_chosen(everything, call.settings.asked_language, title or "", missing or ""))
    problems = (*session.report.problems, *list_problems(session.catalogue))
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump, list_answer

        text = dump(list_answer([os.path.abspath(root) for root in session.roots], articles, problems))
        if everything and not articles:
            write(text)
            return Exit.NOTHING_FOUND
        return session.answer(text)
    for problem in problems[:_MOST_PROBLEMS]:
        session.say(str(problem))
    if len(problems) > _MOST_PROBLEMS:
        session.say(f"{len(problems) - _MOST_PROBLEMS} more problems; see relmgr index")
    _require_articles(session, everything)
    if not articles:
        say("no article fits")
        return Exit.NOTHING_FOUND
    return session.answer(_list(session, articles))


def _chosen(articles: "Iterable[ArticleSummary]", asked: str, title: str, missing: str) -> "Iterator[ArticleSummary]":
    """Yield the articles that have the languages asked for, the text in a title, and lack the missing language."""
    from relmgr_cli.languages.names import languages
    from relmgr_cli.languages.normalization import fold
    from relmgr_cli.languages.tags import match_language, parse_languages

    wanted, lacked, text = parse_languages(asked), parse_languages(missing), fold(title)
    for tag in lacked:
        if tag.partition("-")[0] not in languages() and not any(tag in article.languages for article in articles):
            raise LanguageUnknownError(tag)
    for article in articles:
        has_wanted = all(match_language([tag], article.languages) for tag in wanted)
        has_lacked = any(match_language([tag], article.languages) for tag in lacked)
        if has_wanted and not has_lacked and any(text in fold(document.title) for document in article.documents):
            yield article


@command
def index(
    call: Call,
    *,
    status: Annotated[bool, typer.Option("--status", help="Only say how things stand.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Look for damage in all that is kept, and mend it.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Forget what was read and read it again.")] = False,
) -> int:
    """Read now all that has changed, and pair what stands alone."""
    from relmgr_cli.index.queries import list_articles, list_problems

    if status:
        return _show_status(call)
    if rebuild:
        _forget(call)
    if check:
        _check(call)
    session = open_session(call)
    complete_by_meaning(session, patience=None)
    known = session.catalogue.get("state")
    is_realigned = align_by_meaning(session)
    prepare_search(session, patience=None)
    if is_realigned or session.catalogue.get("state") != known:
        call.replies.forget_all()  # they may hold the numbers that sections had before, or hits without meaning
    articles = list_articles(session.catalogue)
    problems = (*session.report.problems, *list_problems(session.catalogue))
    for problem in problems:
        say(str(problem))
    documents = sum(len(article.documents) for article in articles)
    read, removed = session.report.read, session.report.removed
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump

        write(dump({"articles": len(articles), "documents": documents, "read": read, "removed": removed}))
    else:
        facts = f"{counted(len(articles), 'article')}, {counted(documents, 'document')}"
        write(f"{facts}; {read} read, {removed} removed\n")
    return Exit.SHOWN if session.catalogue.folder else Exit.ERROR  # there was nowhere to keep it, as has been said


def _forget(call: Call) -> None:
    from relmgr_cli.index.catalogue import discard, open_catalogue

    catalogue = open_catalogue(call.settings.cache_folder, call.settings.roots)
    catalogue.close()
    if catalogue.path is not None:
        discard(catalogue.path)


def _check(call: Call) -> None:
    """Drop what is damaged, and say so; what reads next makes it anew."""
    from relmgr_cli.index.catalogue import discard, open_catalogue
    from relmgr_cli.index.checking import is_sound, is_text_sound
    from relmgr_cli.index.fulltext import forget_text

    catalogue = open_catalogue(call.settings.cache_folder, call.settings.roots)
    if catalogue.notice:
        say(catalogue.notice)
    elif catalogue.path is not None and not is_sound(catalogue):
        say("the index was damaged and is built anew")
        discard(catalogue.path)
    elif not is_text_sound(catalogue):
        say("the full text was damaged and is built anew")
        forget_text(catalogue)
    catalogue.close()
    call.replies.forget_all()


def _show_status(call: Call) -> int:
    """Say where the index is, how large, and how much of it is out of date."""
    from relmgr_cli.index.catalogue import open_catalogue
    from relmgr_cli.index.grouping import meaning_is_pending
    from relmgr_cli.index.sync import compare

    catalogue = open_catalogue(call.settings.cache_folder, call.settings.roots)
    changed, gone = compare(catalogue, call.settings.roots)
    ((articles,),) = catalogue.rows("SELECT count(*) FROM articles")
    ((documents,),) = catalogue.rows("SELECT count(*) FROM documents WHERE article IS NOT NULL")
    facts = {
        "index": str(catalogue.path or ""),
        "bytes": catalogue.path.stat().st_size if catalogue.path else 0,
        "articles": articles,
        "documents": documents,
        "changed": changed,
        "removed": gone,
        "pairing_by_meaning": "pending" if meaning_is_pending(catalogue) else "done",
    }
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump

        write(dump(facts))
    else:
        write("".join(f"{key.replace('_', ' ')}: {value}\n" for key, value in facts.items()))
    return Exit.SHOWN


def welcome(call: Call) -> int:
    """Say what can be done, and with which articles."""
    from relmgr_cli.index.queries import list_articles
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.lists import command_list
    from relmgr_cli.render.screen import measure_screen

    screen = measure_screen(call.settings, sys.stdout)
    greeting = compose(command_list(_WELCOME, screen), screen) + "\n"
    session = open_session(call)
    articles = list_articles(session.catalogue)
    if not articles:
        emit(greeting, "", call.settings.environ)
    _require_articles(session, articles)
    left = len(articles) - _MOST_LISTED
    more = f"... and {left} more\n" if left > 0 else ""
    return session.answer(greeting + _list(session, articles[:_MOST_LISTED]) + more)


def _require_articles(session: Session, articles: "tuple[ArticleSummary, ...]") -> None:
    if not articles:
        raise LibraryEmptyError([str(root) for root in session.roots], SUFFIXES)


def _list(session: Session, articles: "tuple[ArticleSummary, ...]") -> str:
    from relmgr_cli.languages.tags import match_language, parse_languages, preferred_languages
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.lists import article_list
    from relmgr_cli.render.screen import measure_screen

    settings = session.settings
    wanted = (
        *parse_languages(settings.asked_language),
        *preferred_languages(settings.environ, settings.configured_language),
    )
    shown = [match_language(wanted, article.languages) for article in articles]
    screen = measure_screen(settings, sys.stdout)
    return compose(article_list(articles, shown, screen), screen)
