"""The command `search`."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import Command, command, refuse_blank
from relmgr_cli.cli.records import path_record
from relmgr_cli.cli.search_export import WORD_FORMATS, export_occurrences, parse_word_format
from relmgr_cli.core.library import Library
from relmgr_cli.core.paths import files_at
from relmgr_cli.core.selection import choose_library_languages, reader_languages
from relmgr_cli.errors import Exit
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.name_lookup import find_article, languages_by_file
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relmgr_cli.search.file_lines import FoundLines
    from relmgr_cli.search.results import Results
    from relmgr_cli.search.retrieval import Scope, SearchAnswer

Found = TypeVar("Found")

_EXCLUDED_WORD = "\0"  # a prefix of `-word` that hides its minus from the parser; no argument contains it
_LITERAL = "\0\0"  # a prefix of a word after `--`
_CONCORDANCE_HITS = 50  # by default
_DEFAULT_HITS = 10
_MAX_HITS = 100_000
_MAX_ATTEMPTS = 5  # while another process changes the library
_CLEAR_WORDS = 4  # of a query, from which its language can be told
_MAX_QUERY = 80  # characters of a query in a message


_LIMIT_HELP = (
    f"Maximum number of hits; by default {_DEFAULT_HITS}, {_CONCORDANCE_HITS} with --lines and --to,"
    " all with --grep, --vimgrep and -0."
)


_REGEX_HELP = (
    "The query is a regular expression; lower case matches any case. With --grep, --vimgrep and -0 it matches the lines"
    " of the files, markup included."
)


class _Form(NamedTuple):
    """What is printed of the hits; by default the sections."""

    lines: bool  # the occurrences, with their translations
    grep: bool  # the lines of the files
    vimgrep: bool  # the same, for each match, with its column
    null: bool  # NUL after paths; with neither of the two, only paths
    to: str | None  # the format in which the occurrences are written; None for lines

    @property
    def has_file_lines(self) -> bool:
        return self.grep or self.vimgrep or self.null

    @property
    def limit(self) -> int:
        """How many sections are shown by default."""
        return _CONCORDANCE_HITS if self.lines else _DEFAULT_HITS

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
        """Parse the arguments; `-word` is part of the query unless its first letter is an upper-case option.

        What comes after `--` is marked as literal.
        """
        options = "".join(name[1] for option in self.params for name in option.opts if name[1:2].isupper())
        end = args.index("--") if "--" in args else len(args)
        marked = [_EXCLUDED_WORD + arg if _is_word(arg, options) else arg for arg in args[:end]]
        literal = [_LITERAL + arg for arg in args[end + 1 :]]
        return super().parse_args(ctx, [*marked, *args[end : end + 1], *literal])


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
            metavar="PATH|ARTICLE",
            help="Search only this file, below this folder, or in this article.",
            autocompletion=complete_article,
            callback=refuse_blank,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help=_LIMIT_HELP)] = None,
    exact: Annotated[bool, typer.Option("--exact", help="No other word forms, no translations.")] = False,
    regex: Annotated[bool, typer.Option("--regex", help=_REGEX_HELP)] = False,
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
    from relmgr_cli.search.results import Results

    form = _Form(lines or to is not None, grep, vimgrep, null, to)
    form.check(as_json=invocation.settings.as_json)
    if regex and exact:
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one="--regex", other="--exact"))
    is_for_program = form.has_file_lines or to is not None or invocation.settings.as_json
    invocation = invocation._replace(is_for_program=is_for_program)
    question = " ".join(_typed(word, regex=regex) for word in query)
    library = invocation.open_library()
    if library.is_small and not regex:
        library.pair_semantically()

    def find() -> "tuple[Scope, Results | FoundLines]":
        scope = _scope(invocation, library, within, limit or form.limit, exact=exact or regex)
        preferred = scope.languages or reader_languages(invocation.settings)
        if form.has_file_lines:
            return scope, library.find_lines(question, scope, preferred, limit, is_regex=regex)
        if regex:
            return scope, library.search_pattern(question, scope, preferred)
        has_all_languages = bool(scope.languages) or form.lines or invocation.settings.as_json
        return scope, library.search(question, scope, preferred, None if has_all_languages else MAX_LANGUAGES)

    scope, found = _until_unchanged(library, find)
    if found.answer.query.is_cut:
        (invocation.warn if is_for_program else invocation.note)(messages.SEARCH_CUT.fill())
    if isinstance(found, Results):
        code = _show_results(invocation, library, found, scope, within=within, form=form)
    else:
        code = _show_lines(invocation, library, found, within=within, form=form)
    if code == Exit.NOTHING_FOUND:
        _report_nothing_found(library, found.answer, query)
    if not scope.exact and sys.stdout.isatty() and sys.stderr.isatty():  # in a pipe the next program would wait
        with suppress(KeyboardInterrupt):  # the answer has been given
            library.learn_more()
    return code


def _typed(word: str, *, regex: bool) -> str:
    """Return a word of the query as typed; a minus before one after `--` is text, which only a pattern can match."""
    if word.startswith(_LITERAL) and not regex:
        word = word.removeprefix(_LITERAL).lstrip("-")
    return word.replace(_EXCLUDED_WORD, "")


def _until_unchanged(library: Library, find: "Callable[[], Found]") -> "Found":
    """Return what `find` returns, called again while another process changes the library."""
    for attempts_left in reversed(range(_MAX_ATTEMPTS)):
        generation = library.database.get("articles_version")
        try:
            return find()
        except (LibraryChangedError, LookupError, ValueError):
            if not attempts_left or library.database.get("articles_version") == generation:
                raise  # otherwise another process has changed the library
    raise AssertionError


def _scope(invocation: Invocation, library: Library, within: str | None, limit: int, *, exact: bool) -> "Scope":
    from relmgr_cli.search.retrieval import Scope

    languages = choose_library_languages(library, invocation.settings)
    files, article = None, None
    if within and (found := files_at(library, within)):
        tags = {file: tag for file, tag in languages_by_file(library.database).items() if file in found}
        files = frozenset(file for file, tag in tags.items() if not languages or tag in languages)
        languages = tuple(sorted({tags[file] for file in files}))
    elif within:
        article = find_article(library.database, within, None).number
    return Scope(languages, article, files, exact, min(limit, _MAX_HITS))


def _show_lines(
    invocation: Invocation, library: Library, found: "FoundLines", *, within: str | None, form: _Form
) -> int:
    """Write the lines of files that match, or only the paths."""
    from relmgr_cli.layout.hits import grep_records

    if not found.lines:
        return Exit.NOTHING_FOUND
    if not (form.grep or form.vimgrep):
        paths = dict.fromkeys((line.root, line.path) for line in found.lines)
        return invocation.finish_records("".join(path_record(*path) for path in paths))
    screen = invocation.screen()
    records = grep_records(found.lines, screen, has_columns=form.vimgrep, has_paths=not form.null)
    if form.null:
        return invocation.finish_records("".join(path_record(at.root, at.path) + text for at, text in records))
    return invocation.finish(library, "".join(text for _, text in records), dependencies=_dependencies(within))


def _dependencies(within: str | None) -> list[str]:
    return [os.path.abspath(within)] if within else []


def _show_results(  # noqa: PLR0913
    invocation: Invocation, library: Library, results: "Results", scope: "Scope", *, within: str | None, form: _Form
) -> int:
    from relmgr_cli.search.last_search import last_search_file, pack_search

    settings = invocation.settings
    state = (last_search_file(settings.state_folder, library.key), pack_search(results, exact=scope.exact))
    if not results.hits:
        write(_json(results) if settings.as_json else "")
        return Exit.NOTHING_FOUND
    sections = messages.SECTIONS.fill(results.total)
    articles = messages.ARTICLES.fill(len({hit.number for hit in results.hits}))
    is_cut = results.total > len(results.hits)
    if is_cut and form.to and scope.limit == form.limit:  # the user has not chosen it: who keeps a part has to know
        invocation = invocation._replace(is_for_program=False)
    template = messages.FOUND_CUT if is_cut else messages.FOUND
    invocation.note(template.fill(count=len(results.hits), sections=sections, articles=articles))
    text = _json(results) if settings.as_json else _page(invocation, results, scope, form)
    return invocation.finish(library, text, state=state, dependencies=_dependencies(within))


def _json(results: "Results") -> str:
    from relmgr_cli.layout.json_output import dump, search_payload

    return dump(search_payload(results))


def _page(invocation: Invocation, results: "Results", scope: "Scope", form: _Form) -> str:
    if form.to:
        return export_occurrences(results, form.to, exact=scope.exact)
    from relmgr_cli.layout.ansi import to_ansi

    screen = invocation.screen()
    if form.lines:
        from relmgr_cli.layout.hits import concordance
        from relmgr_cli.search.concordance import occurrences

        return to_ansi(concordance(occurrences(results, exact=scope.exact), screen), screen)
    from relmgr_cli.layout.hits import hit_list

    shown = hit_list(results, screen, messages.SHOW_HIT.fill(), has_all_languages=bool(scope.languages))
    return to_ansi(shown, screen)


def _is_clear(language: str, answer: "SearchAnswer") -> bool:
    """Return True if a query is surely in a language that the library does not have.

    A few words are that only in a script that no text has.
    """
    from relmgr_cli.languages.names import languages

    if language in answer.languages or len(answer.query.words.split()) >= _CLEAR_WORDS:
        return language not in answer.languages
    table = languages()
    known = [table[tag.partition("-")[0]] for tag in answer.languages if tag.partition("-")[0] in table]
    return all(table[language].letters.keys().isdisjoint(each.letters) for each in known)


def _report_nothing_found(library: Library, answer: "SearchAnswer", words: "Sequence[str]") -> None:
    from relmgr_cli.embedding.encoder import knows_language
    from relmgr_cli.languages.names import language_name
    from relmgr_cli.search.suggest import suggest

    if not answer.groups:
        warn(messages.QUERY_EMPTY.fill())
        return
    query = answer.query.text if len(answer.query.text) <= _MAX_QUERY else f"{answer.query.text[:_MAX_QUERY]}…"
    path = words[-1].replace(_EXCLUDED_WORD, "")
    if len(words) > 1 and files_at(library, path):
        warn(messages.NOTHING_FOUND_PATH.fill(query=query, path=messages.quote(path)))
        return
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
    elif language and not knows_language(language) and _is_clear(language, answer):
        warn(messages.QUERY_LANGUAGE_UNKNOWN.fill(query=query, language=language_name(language)))
    else:
        warn(messages.QUERY_UNKNOWN.fill(query=query))
