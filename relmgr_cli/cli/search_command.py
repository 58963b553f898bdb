"""The command `search`."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_library_languages, reader_languages
from relmgr_cli.errors import Exit
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.name_lookup import find_article
from relmgr_cli.terminal.stream import pluralize, warn, write

if TYPE_CHECKING:
    from relmgr_cli.search.results import Results
    from relmgr_cli.search.retrieval import Scope

_WORD = "\0"  # before an argument that begins with a minus and is no option; in no argument of a process
_LINES = 50  # hits that a concordance is made of
_HITS = 10
_TRIES = 5  # to search a library that another process changes
_LONGEST = 80  # characters of a question that are said again


class SearchCommand(TyperCommand):
    """A command that takes `-word` for an excluded word, not for options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; `-word` whose first letter is not that of an option is part of the query."""
        options = "".join(name[1] for option in self.params for name in option.opts if name[1:2].isupper())
        end = args.index("--") if "--" in args else len(args)
        marked = [_WORD + arg if _is_word(arg, options) else arg for arg in args[:end]]
        return super().parse_args(ctx, marked + args[end:])


def _is_word(argument: str, options: str) -> bool:
    return argument[:1] == "-" and argument[1:2] not in ("-", "", *options) and len(argument) > 2  # noqa: PLR2004


def search(  # noqa: PLR0913
    invocation: Invocation,
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
    library = invocation.open_library()
    if library.is_small:
        library.pair_semantically()
    for left in reversed(range(_TRIES)):
        generation = library.database.get("articles_version")
        try:
            scope = _scope(invocation, library, within, limit or (_LINES if lines else _HITS), exact=exact)
            preferred = scope.languages or reader_languages(invocation.settings)
            results = library.search(question, scope, preferred)
        except (LibraryChangedError, LookupError, ValueError):
            if not left or library.database.get("articles_version") == generation:
                raise  # else another process has changed what was searched
        else:
            break
    if results.answer.query.is_cut:
        invocation.note("long query: only its first words were used")
    return _answer(invocation, library, results, scope, within=within, lines=lines)


command(search, SearchCommand)


def _scope(invocation: Invocation, library: Library, within: str | None, limit: int, *, exact: bool) -> "Scope":
    """Return where to search. Raises LanguageAbsentError, ArticleNotFoundError, ArticleAmbiguousError."""
    from relmgr_cli.search.retrieval import Scope

    languages = choose_library_languages(library, invocation.settings)
    article = find_article(library.database, within, None)[0] if within else None
    return Scope(languages, article, exact, limit)


def _answer(  # noqa: PLR0913
    invocation: Invocation, library: Library, results: "Results", scope: "Scope", *, within: str | None, lines: bool
) -> int:
    from relmgr_cli.search.last_search import last_search_file, pack_search

    settings = invocation.settings
    state = (last_search_file(settings.state_folder, library.key), pack_search(results, exact=scope.exact))
    if settings.as_json:
        from relmgr_cli.layout.json_output import dump, search_payload

        text = dump(search_payload(results))
    else:
        text = _page(invocation, results, scope, lines=lines)
    if not results.hits:
        write(text if settings.as_json else "")
        _report_nothing_found(library, results)
        return Exit.NOTHING_FOUND
    if not settings.as_json:
        articles = len({hit.number for hit in results.hits})
        invocation.note(f"{pluralize(len(results.hits), 'section')} in {pluralize(articles, 'article')}")
    return invocation.answer(library, text, state=state, dependencies=[os.path.abspath(within)] if within else [])


def _page(invocation: Invocation, results: "Results", scope: "Scope", *, lines: bool) -> str:
    from relmgr_cli.layout.ansi import to_ansi

    screen = invocation.screen()
    if lines:
        from relmgr_cli.layout.hits import concordance
        from relmgr_cli.search.concordance import occurrences

        return to_ansi(concordance(occurrences(results, exact=scope.exact), screen), screen)
    from relmgr_cli.layout.hits import hit_list

    return to_ansi(hit_list(results, screen, show_hit_command(invocation)), screen)


def show_hit_command(invocation: Invocation) -> str:
    """Return the command that shows a hit of this library, without the hit's number."""
    import shlex

    folders = invocation.settings.asked_library
    return " ".join(["relmgr", *(f"-C {shlex.quote(folder)}" for folder in folders), "show --hit"])


def _report_nothing_found(library: Library, results: "Results") -> None:
    from relmgr_cli.search.suggest import suggest

    answer = results.answer
    if not answer.groups:
        warn("nothing to search for: the query needs a word without a minus")
        return
    near: Sequence[tuple[str, str]] = suggest(library.database, answer)
    hints = "; ".join(f"did you mean '{better}' for '{word}'?" for word, better in near)
    asked = answer.query.text if len(answer.query.text) <= _LONGEST else f"{answer.query.text[:_LONGEST]}…"
    warn(f"nothing found for '{asked}'" + (f"; {hints}" if hints else ""))
