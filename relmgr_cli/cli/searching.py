"""The command `search`."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.session import Session, complete_by_meaning, is_small, open_session, prepare_search
from relmgr_cli.errors import Exit, LanguageAbsentError
from relmgr_cli.index.grouping import LibraryChangedError
from relmgr_cli.render.output import counted, say, write

if TYPE_CHECKING:
    from relmgr_cli.index.fulltext import FullText
    from relmgr_cli.search.results import Results
    from relmgr_cli.search.retrieval import Scope

_WORD = "\0"  # before an argument that begins with a minus and is no option; in no argument of a process
_LINES = 50  # hits that a concordance is made of
_HITS = 10
_TRIES = 5  # to search a library that another process changes
_LONGEST = 80  # characters of a question that are said again


class SearchCommand(TyperCommand):
    """A command in whose arguments `-word` is a word that is not wanted, and not six options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the arguments apart; one minus and several letters, the first one not that of an option, is a word."""
        options = "".join(name[1] for option in self.params for name in option.opts if name[1:2].isupper())
        end = args.index("--") if "--" in args else len(args)
        marked = [_WORD + arg if _is_word(arg, options) else arg for arg in args[:end]]
        return super().parse_args(ctx, marked + args[end:])


def _is_word(argument: str, options: str) -> bool:
    return argument[:1] == "-" and argument[1:2] not in ("-", "", *options) and len(argument) > 2  # noqa: PLR2004


def search(  # noqa: PLR0913
    call: Call,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help='Words, "a phrase", -without, this OR that, prefix*.')
    ],
    *,
    within: Annotated[
        str | None,
        typer.Option("--in", metavar="ARTICLE", help="Only in this article.", autocompletion=complete_article),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="At most N hits.")] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Only the letters typed: no other form, no translation.")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="A line for each occurrence, keyword in the middle.")] = False,
) -> int:
    """Search all languages for words, whatever language they are in."""
    question = " ".join(query).replace(_WORD, "")
    session = open_session(call)
    if is_small(session):
        complete_by_meaning(session)
    for left in reversed(range(_TRIES)):
        generation = session.catalogue.get("generation")
        try:
            text = prepare_search(session, exact=exact)
            scope = _scope(session, within, limit or (_LINES if lines else _HITS), exact=exact)
            results = _find(session, text, question, scope)
        except (LibraryChangedError, LookupError, ValueError):
            if not left or session.catalogue.get("generation") == generation:
                raise  # else another process has changed what was searched
        else:
            break
    if results.answer.query.is_cut:
        session.say("a long question: only its first words were looked for")
    return _answer(session, results, scope, lines=lines)


command(search, SearchCommand)


def _find(session: Session, text: "FullText", question: str, scope: "Scope") -> "Results":
    from relmgr_cli.languages.tags import parse_languages, preferred_languages
    from relmgr_cli.search.results import search as find

    settings = session.settings
    asked = parse_languages(settings.asked_language)
    preferred = asked or preferred_languages(settings.environ, settings.configured_language)
    return find(session.catalogue, text, question, scope, preferred)


def _scope(session: Session, within: str | None, limit: int, *, exact: bool) -> "Scope":
    """Return where to search. Raises LanguageAbsentError, ArticleNotFoundError, ArticleAmbiguousError."""
    from relmgr_cli.index.lookup import find_article
    from relmgr_cli.index.vocabulary import library_languages
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.languages.tags import match_language, parse_languages
    from relmgr_cli.search.retrieval import Scope

    available = library_languages(session.catalogue)
    languages = []
    for wanted in parse_languages(session.settings.asked_language):
        tag = match_language([wanted], available)
        if tag is None:
            raise LanguageAbsentError(language_name(wanted), available)
        languages.append(tag)
    article = find_article(session.catalogue, within, None)[0] if within else None
    return Scope(tuple(languages), article, exact, limit)


def _answer(session: Session, results: "Results", scope: "Scope", *, lines: bool) -> int:
    from relmgr_cli.search.last_search import last_search_file, pack_search

    settings = session.settings
    state = (last_search_file(settings.state_folder, session.library), pack_search(results, exact=scope.exact))
    if settings.as_json:
        from relmgr_cli.render.contracts import dump, search_answer

        text = dump(search_answer(results))
    else:
        text = _page(session, results, scope, lines=lines)
    if not results.hits:
        write(text if settings.as_json else "")
        _say_nothing_found(session, results)
        return Exit.NOTHING_FOUND
    if not settings.as_json:
        articles = len({hit.number for hit in results.hits})
        session.say(f"{counted(len(results.hits), 'section')} in {counted(articles, 'article')}")
    return session.answer(text, state=state)


def _page(session: Session, results: "Results", scope: "Scope", *, lines: bool) -> str:
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.screen import measure_screen

    screen = measure_screen(session.settings, sys.stdout)
    if lines:
        from relmgr_cli.render.concordance import concordance
        from relmgr_cli.search.concordance import occurrences

        return compose(concordance(occurrences(results, exact=scope.exact), screen), screen)
    from relmgr_cli.render.hits import hit_list

    return compose(hit_list(results, screen, _opening(session)), screen)


def _opening(session: Session) -> str:
    """Return the command that shows a hit of this library, without the hit's number."""
    import shlex

    folders = session.settings.asked_library
    return " ".join(["relmgr", *(f"-C {shlex.quote(folder)}" for folder in folders), "show --hit"])


def _say_nothing_found(session: Session, results: "Results") -> None:
    from relmgr_cli.search.suggest import suggest

    answer = results.answer
    if not answer.groups:
        say("nothing to search for: a query needs a word that is wanted")
        return
    near: Sequence[tuple[str, str]] = suggest(session.catalogue, answer)
    hints = "; ".join(f"did you mean '{better}' for '{word}'?" for word, better in near)
    asked = answer.query.text if len(answer.query.text) <= _LONGEST else f"{answer.query.text[:_LONGEST]}…"
    say(f"nothing found for '{asked}'" + (f"; {hints}" if hints else ""))
