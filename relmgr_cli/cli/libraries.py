"""The commands about a whole library: `list`, `index`, and `relmgr` alone."""

import sys
from typing import TYPE_CHECKING

from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.session import Session, complete_by_meaning, open_session
from relmgr_cli.errors import Exit, LibraryEmptyError
from relmgr_cli.library.files import SUFFIXES
from relmgr_cli.render.output import say, write

if TYPE_CHECKING:
    from relmgr_cli.index.queries import ArticleSummary

_WELCOME = """\
relmgr reads articles that exist in several languages.

  relmgr show [ARTICLE] --lang ru    read an article in Russian
  relmgr sections [ARTICLE]          its outline, in two languages
  relmgr highlights [ARTICLE]        its key points
  relmgr list                        all articles
  relmgr -C FOLDER list              the articles of another folder
  relmgr --help                      all commands and options

"""
_MOST_LISTED = 10


@command
def list_command(call: Call) -> int:
    """List the articles of the library and the languages they exist in."""
    from relmgr_cli.index.queries import list_articles, list_problems

    session = open_session(call)
    complete_by_meaning(session)
    articles = list_articles(session.catalogue)
    problems = (*session.report.problems, *list_problems(session.catalogue))
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump, list_answer

        return session.answer(dump(list_answer([str(root) for root in session.roots], articles, problems)))
    for problem in problems[:_MOST_LISTED]:
        session.say(str(problem))
    if len(problems) > _MOST_LISTED:
        session.say(f"{len(problems) - _MOST_LISTED} more problems; see relmgr list --json")
    _require_articles(session, articles)
    return session.answer(_list(session, articles))


@command
def index(call: Call) -> int:
    """Read everything that has changed now, instead of when it is next needed."""
    from relmgr_cli.index.queries import list_articles, list_problems

    session = open_session(call)
    complete_by_meaning(session, patience=None)
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
        write(f"{len(articles)} articles, {documents} documents; {read} read, {removed} removed\n")
    return Exit.SHOWN


def welcome(call: Call) -> int:
    """Say what can be done, and with which articles."""
    from relmgr_cli.index.queries import list_articles

    session = open_session(call)
    articles = list_articles(session.catalogue)
    if not articles:
        write(_WELCOME)
    _require_articles(session, articles)
    left = len(articles) - _MOST_LISTED
    more = f"... and {left} more\n" if left > 0 else ""
    return session.answer(_WELCOME + _list(session, articles[:_MOST_LISTED]) + more)


def _require_articles(session: Session, articles: "tuple[ArticleSummary, ...]") -> None:
    if not articles:
        raise LibraryEmptyError([str(root) for root in session.roots], SUFFIXES)


def _list(session: Session, articles: "tuple[ArticleSummary, ...]") -> str:
    from relmgr_cli.languages.tags import choose, preferred_languages, read_names
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.lists import article_list
    from relmgr_cli.render.screen import measure_screen

    settings = session.settings
    wanted = (
        *read_names(settings.asked_language),
        *preferred_languages(settings.environ, settings.configured_language),
    )
    shown = [choose(wanted, article.languages) for article in articles]
    screen = measure_screen(settings, sys.stdout)
    return compose(article_list(articles, shown, screen), screen)
