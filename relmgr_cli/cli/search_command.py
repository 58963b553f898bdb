"""The command `search`."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import Command, command, refuse_blank
from relmgr_cli.cli.records import path_record
from relmgr_cli.cli.search_export import WORD_FORMATS, export_occurrences, parse_word_format
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_library_languages, reader_languages
from relmgr_cli.errors import Exit
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.name_lookup import find_article
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.search.results import Results
    from relmgr_cli.search.retrieval import Scope

_EXCLUDED_WORD = "\0"  # a prefix of `-word` that hides its minus from the parser; no argument contains it
_CONCORDANCE_HITS = 50  # by default
_DEFAULT_HITS = 10
_GREP_HITS = 200
_MAX_HITS = 100_000
_MAX_ATTEMPTS = 5  # while another process changes the library
_MAX_QUERY = 80  # characters of a query in a message


class _Form(NamedTuple):
    """What is printed of the hits; by default the sections."""

    lines: bool  # the occurrences, with their translations
    grep: bool  # the lines of the files
    vimgrep: bool  # the same, for each match, with its column
    null: bool  # NUL after paths; with neither of the two, only paths
    to: str | None  # the format in which the occurrences are written; None for lines

    @property
    def is_for_programs(self) -> bool:
        return self.grep or self.vimgrep or self.null

    @property
    def limit(self) -> int:
        """How many hits are shown by default."""
        return _GREP_HITS if self.is_for_programs else _CONCORDANCE_HITS if self.lines else _DEFAULT_HITS

    def check(self, *, as_json: bool) -> None:
        """Refuse options that contradict each other."""
        given = {"--grep": self.grep, "--vimgrep": self.vimgrep, "--null": self.null}
        others = {"--json": as_json, "--to": self.to is not None, "--lines": self.lines}
        for one in (name for name, is_given in given.items() if is_given):
            for other in (name for name, is_given in others.items() if is_given):
                raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one=one, other=other))
        if self.to and as_json:
            raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one="--to", other="--json"))


class SearchCommand(Command):
    """A command that takes `-word` as an excluded word, not as options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; `-word` is part of the query unless its first letter is an upper-case option."""
        options = "".join(name[1] for option in self.params for name in option.opts if name[1:2].isupper())
        end = args.index("--") if "--" in args else len(args)
        marked = [_EXCLUDED_WORD + arg if _is_word(arg, options) else arg for arg in args[:end]]
        return super().parse_args(ctx, marked + args[end:])


def _is_word(argument: str, options: str) -> bool:
    return argument[:1] == "-" and argument[1:2] not in ("-", "", *options) and len(argument) > 2  # noqa: PLR2004


@command(
    ("relmgr search conflict", "finds konfliktami and конфликтами"),
    ("relmgr search trust price", "sections with both words, or one"),
    ("relmgr search '\"price alone\" OR zaufanie'", "a phrase, or a word"),
    ("relmgr search 'konk*' -cenę", "a prefix, without another word"),
    without="links",
    cls=SearchCommand,
)
def search(  # noqa: PLR0913
    invocation: Invocation,
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY...", help='Words, "a phrase", -excluded, this OR that, prefix*.')
    ],
    *,
    within: Annotated[
        str | None,
        typer.Option(
            "--in",
            metavar="ARTICLE",
            help="Search only this article.",
            autocompletion=complete_article,
            callback=refuse_blank,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Maximum number of hits.")] = None,
    exact: Annotated[bool, typer.Option("--exact", help="No other word forms, no translations.")] = False,
    regex: Annotated[
        bool, typer.Option("--regex", help="The query is a regular expression; lower case matches any case.")
    ] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Print a line for each occurrence.")] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help=f"The format of --lines: {' or '.join(WORD_FORMATS)}.",
            autocompletion=lambda: [*WORD_FORMATS],
            callback=parse_word_format,
        ),
    ] = None,
    grep: Annotated[bool, typer.Option("--grep", help="Print matching lines as path:line:text.")] = False,
    vimgrep: Annotated[bool, typer.Option("--vimgrep", help="Print each match as path:line:column:text.")] = False,
    null: Annotated[
        bool, typer.Option("--null", "-0", help="Print a NUL after each path; alone, only the paths of files.")
    ] = False,
) -> int:
    """Search in all languages, with words of any language."""
    from relmgr_cli.layout.hits import MAX_LANGUAGES
    from relmgr_cli.search.retrieval import Scope

    form = _Form(lines or to is not None, grep, vimgrep, null, to)
    form.check(as_json=invocation.settings.as_json)
    if regex and exact:
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one="--regex", other="--exact"))
    question = " ".join(query).replace(_EXCLUDED_WORD, "")
    library = invocation.open_library()
    if library.is_small and not regex:
        library.pair_semantically()
    limit = limit or form.limit
    shows_all_languages = form.lines or form.is_for_programs or invocation.settings.as_json
    for attempts_left in reversed(range(_MAX_ATTEMPTS)):
        generation = library.database.get("articles_version")
        try:
            languages = choose_library_languages(library, invocation.settings)
            article = find_article(library.database, within, None).number if within else None
            scope = Scope(languages, article, exact or regex, min(limit, _MAX_HITS))
            max_languages = None if languages or shows_all_languages else MAX_LANGUAGES
            preferred = languages or reader_languages(invocation.settings)
            if regex:
                results = library.search_pattern(question, scope, preferred)
            else:
                results = library.search(question, scope, preferred, max_languages)
        except (LibraryChangedError, LookupError, ValueError):
            if not attempts_left or library.database.get("articles_version") == generation:
                raise  # otherwise another process has changed the library
        else:
            break
    if results.answer.query.is_cut:
        invocation.note(messages.SEARCH_CUT.fill())
    code = _show_results(invocation, library, results, scope, within=within, form=form)
    if not scope.exact and sys.stdout.isatty() and sys.stderr.isatty():  # in a pipe the next program would wait
        with suppress(KeyboardInterrupt):  # the answer has been given
            library.learn_more()
    return code


def _show_results(  # noqa: PLR0913
    invocation: Invocation, library: Library, results: "Results", scope: "Scope", *, within: str | None, form: _Form
) -> int:
    from relmgr_cli.search.last_search import last_search_file, pack_search

    settings = invocation.settings
    state = (last_search_file(settings.state_folder, library.key), pack_search(results, exact=scope.exact))
    if not results.hits:
        write(_json(results) if settings.as_json else "")
        _report_nothing_found(library, results)
        return Exit.NOTHING_FOUND
    is_cut = results.total > len(results.hits)
    if not settings.as_json and (is_cut or not form.is_for_programs):
        sections = messages.SECTIONS.fill(results.total)
        articles = messages.ARTICLES.fill(len({hit.number for hit in results.hits}))
        template = messages.FOUND_CUT if is_cut else messages.FOUND
        invocation.note(template.fill(count=len(results.hits), sections=sections, articles=articles))
    if form.null:
        return invocation.finish_records(_records(invocation, results, form, exact=scope.exact), state=state)
    text = _json(results) if settings.as_json else _page(invocation, results, scope, form)
    return invocation.finish(library, text, state=state, dependencies=[os.path.abspath(within)] if within else [])


def _json(results: "Results") -> str:
    from relmgr_cli.layout.json_output import dump, search_payload

    return dump(search_payload(results))


def _page(invocation: Invocation, results: "Results", scope: "Scope", form: _Form) -> str:
    if form.to:
        return export_occurrences(results, form.to, exact=scope.exact)
    from relmgr_cli.layout.ansi import to_ansi

    screen = invocation.screen()
    if form.grep or form.vimgrep:
        from relmgr_cli.layout.hits import grep_lines
        from relmgr_cli.search.source_lines import source_lines

        found = grep_lines(source_lines(results, exact=scope.exact), has_columns=form.vimgrep)
        return to_ansi((line for _, line in found), screen)
    if form.lines:
        from relmgr_cli.layout.hits import concordance
        from relmgr_cli.search.concordance import occurrences

        return to_ansi(concordance(occurrences(results, exact=scope.exact), screen), screen)
    from relmgr_cli.layout.hits import hit_list

    shown = hit_list(results, screen, messages.SHOW_HIT.fill(), has_all_languages=bool(scope.languages))
    return to_ansi(shown, screen)


def _records(invocation: Invocation, results: "Results", form: _Form, *, exact: bool) -> str:
    """Return the matching lines, each after the exact path of its file and a NUL, or only the paths."""
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.hits import grep_lines
    from relmgr_cli.search.source_lines import source_lines

    screen = invocation.screen()
    found = source_lines(results, exact=exact)
    if not (form.grep or form.vimgrep):
        return "".join(dict.fromkeys(path_record(line.root, line.path) for line in found))
    rows = grep_lines(found, has_columns=form.vimgrep, has_paths=False)
    return "".join(path_record(at.root, at.path) + to_ansi([line], screen) for at, line in rows)


def _report_nothing_found(library: Library, results: "Results") -> None:
    from relmgr_cli.embedding.encoder import knows_language
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.search.suggest import suggest

    answer = results.answer
    if not answer.groups:
        warn(messages.QUERY_EMPTY.fill())
        return
    query = answer.query.text if len(answer.query.text) <= _MAX_QUERY else f"{answer.query.text[:_MAX_QUERY]}…"
    if answer.groups[0][0].item.kind == "regex":
        warn(messages.NOTHING_FOUND.fill(query=query))
        return
    near = [
        messages.WORD_SUGGESTED.fill(word=word, better=better) for word, better in suggest(library.database, answer)
    ]
    language = answer.language
    if near or answer.is_understood:
        template = messages.NOTHING_FOUND_NEAR if near else messages.NOTHING_FOUND
        warn(template.fill(query=query, suggestions="; ".join(near)))
    elif language and language not in answer.languages and not knows_language(language):
        warn(messages.QUERY_LANGUAGE_UNKNOWN.fill(query=query, language=language_name(language)))
    else:
        warn(messages.QUERY_UNKNOWN.fill(query=query))
