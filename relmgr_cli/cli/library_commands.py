"""The commands about a whole library: `list`, `index`, and `relmgr` alone."""

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli import __version__, file_messages, messages
from relmgr_cli.cli.completion import complete_language
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, invocation_from, refuse_blank, root
from relmgr_cli.cli.records import ARTICLE_FIELDS, DOCUMENT_FIELDS, Template, format_articles, parse_template
from relmgr_cli.config import ChosenBy
from relmgr_cli.core.listing import filter_articles
from relmgr_cli.core.selection import choose_library_languages, no_articles_error, reader_languages
from relmgr_cli.errors import Exit, FileRefusedError, Problem
from relmgr_cli.terminal.stream import page_or_write, warn, write

if TYPE_CHECKING:
    from relmgr_cli.core.library import Library
    from relmgr_cli.store.articles import ArticleSummary
    from relmgr_cli.store.sources import Source

_MAX_ARTICLES = 10
_MAX_PROBLEMS = 3
_LONG = 20  # seconds


def _fields(names: Sequence[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names)


def _print_version(is_requested: bool) -> None:  # noqa: FBT001 (the signature that Typer calls)
    if is_requested:
        write(f"relmgr {__version__}\n")
        raise typer.Exit


@command(
    ("relmgr list", "all articles"),
    ("relmgr list relacji", "those with this in a title or path"),
    ("relmgr list --lang ru", "those that exist in Russian"),
    (r"relmgr list --format '{lang}\t{path}'", "for scripts: a line for each file"),
    without="links",
)
def list_command(
    invocation: Invocation,
    title: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="Show only articles with this text in a title or path.",
            show_default=False,
            callback=refuse_blank,
        ),
    ] = None,
    *,
    missing: Annotated[
        str | None,
        typer.Option(
            "--missing",
            metavar="LANGUAGE",
            help="Show only articles without this language.",
            autocompletion=complete_language,
            callback=refuse_blank,
        ),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="TEMPLATE",
            help=f"A line in this form: {_fields(ARTICLE_FIELDS)} for each article, with {_fields(DOCUMENT_FIELDS)} "
            r"for each file. \t, \n and \0 are characters.",
            callback=refuse_blank,
        ),
    ] = None,
    null: Annotated[
        bool, typer.Option("--null", "-0", help="Print the paths of files, each with a NUL; or so with --format.")
    ] = False,
) -> int:
    """List the articles of the library."""
    if template is None and not null:
        return _list_library(invocation, title or "", missing or "")
    if invocation.settings.as_json:
        name = "--format" if template else "--null"
        raise typer.BadParameter(messages.OPTIONS_EXCLUSIVE.fill(one=name, other="--json"))
    form = parse_template(template or "{path}", null=null)
    return _list_library(invocation, title or "", missing or "", form)


def _list_library(invocation: Invocation, title: str = "", missing: str = "", form: Template | None = None) -> int:
    from relmgr_cli.store.articles import list_articles, list_problems

    library = invocation.open_library()
    library.pair_semantically(is_noted=True)
    everything = list_articles(library.database)
    wanted = choose_library_languages(library, invocation.settings) if everything else ()
    articles = tuple(filter_articles(everything, wanted, title, missing))
    problems = (*library.report.problems, *list_problems(library.database))
    if not invocation.settings.as_json:
        invocation.note_library(library)
    else:
        from relmgr_cli.layout.json_output import dump, list_payload

        text = dump(list_payload([os.path.abspath(root) for root in library.roots], articles, problems))
        if everything and not articles:
            write(text)
            return Exit.NOTHING_FOUND
        return invocation.finish(library, text)
    if not everything and isinstance(error := no_articles_error(library), FileRefusedError):
        raise error
    if 0 < len(articles) < len(everything):
        problems = _problems_of(articles, problems)
    for problem in problems[:_MAX_PROBLEMS]:
        invocation.note(str(problem))
    if len(problems) > _MAX_PROBLEMS:
        invocation.note(messages.PROBLEMS_CUT.fill(count=_MAX_PROBLEMS, total=len(problems)))
    _note_copies(invocation, articles)
    if not everything:
        raise error
    if not articles:
        warn(messages.NO_ARTICLES.fill())
        return Exit.NOTHING_FOUND
    if form:
        return _write_records(invocation, library, articles, form, wanted)
    return invocation.finish(library, _list(invocation, articles, everything))


def _write_records(
    invocation: Invocation,
    library: "Library",
    articles: "Sequence[ArticleSummary]",
    form: Template,
    wanted: Sequence[str],
) -> int:
    """Write the articles, or their files in the wanted languages, as a program has asked for them."""
    text = "".join(format_articles(articles, form, wanted))
    return invocation.finish_records(text) if form.is_exact else invocation.finish(library, text)


def _note_copies(invocation: Invocation, articles: "Sequence[ArticleSummary]") -> None:
    """Say how many second copies of originals are in no article."""
    if copies := [copy for article in articles for copy in article.copies]:
        path = messages.shown_path(copies[0].root, copies[0].path)
        invocation.note(messages.SECOND_COPIES.fill(len(copies), path=path))


def _problems_of(articles: "Sequence[ArticleSummary]", problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems of the files of some articles, and those of settings."""
    files = {(document.root, document.path) for article in articles for document in article.documents}
    return tuple(each for each in problems if each.code == "setting" or (each.root, each.path) in files)


@command(
    ("relmgr index", "read changed files, prepare semantic search"),
    ("relmgr -C docs index", "the same for the folder docs"),
    ("relmgr index --status", "show whether the index is up to date"),
    without="lang width links color pager",
)
def index(
    invocation: Invocation,
    *,
    status: Annotated[bool, typer.Option("--status", help="Show only the state of the index.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Discard the index and build it again.")] = False,
) -> int:
    """Update the index.

    Reads changed files, matches translations by content, prepares semantic search, and finds out which sections are not
    up to date.
    """
    from relmgr_cli.core.translation_status import update_states
    from relmgr_cli.store.articles import list_articles, list_problems
    from relmgr_cli.store.database import discard, open_database

    if status and rebuild:
        raise typer.BadParameter(messages.STATUS_OR_REBUILD.fill())
    if status:
        return _show_status(invocation)
    if rebuild:
        with closing(open_database(invocation.settings.cache_folder, invocation.roots())) as database:
            path = database.path
        if path is not None:
            discard(path)
    library = invocation.open_library(is_limited=False)
    library.pair_semantically()
    before = library.database.get("content_version")
    _warn_of_duration(library)
    is_realigned = library.realign_with_embeddings()
    library.prepare_search()
    update_states(library)
    if is_realigned or library.database.get("content_version") != before:
        invocation.on_articles_changed()  # sections may have other numbers, and searches other hits
    articles = list_articles(library.database)
    problems = (*library.report.problems, *list_problems(library.database))
    for problem in problems:
        warn(str(problem))
    documents = sum(len(article.documents) for article in articles)
    read, removed = library.report.read, library.report.removed
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        write(dump({"articles": len(articles), "documents": documents, "read": read, "removed": removed}))
    else:
        counts = {"articles": messages.ARTICLES.fill(len(articles)), "documents": messages.DOCUMENTS.fill(documents)}
        write(messages.INDEXED.fill(**counts, read=read, removed=removed) + "\n")
    return Exit.SHOWN if library.database.folder else Exit.ERROR  # a warning has said why it was not saved


def _warn_of_duration(library: "Library") -> None:
    """Say how much there is to learn, if that takes long."""
    from relmgr_cli.core.learning import learning_state, seconds_to_learn

    seconds = seconds_to_learn(library.database)
    if seconds >= _LONG:
        passages = messages.PASSAGES.fill(learning_state(library.database).missing)
        warn(
            messages.TO_LEARN.fill(
                passages=passages, minutes=messages.MINUTES.fill(minutes=max(1, round(seconds / 60)))
            )
        )


def _show_status(invocation: Invocation) -> int:
    """Show which library this is and why, its index, and how many files have changed since."""
    from relmgr_cli.core.learning import learning_state
    from relmgr_cli.store.article_builder import semantic_pairing_pending
    from relmgr_cli.store.database import open_database
    from relmgr_cli.store.name_lookup import count_articles, count_documents
    from relmgr_cli.store.sources import source_languages
    from relmgr_cli.store.sync import compare

    roots = invocation.roots()
    database = open_database(invocation.settings.cache_folder, roots)
    invocation.databases.append(database)
    comparison = compare(database, roots)
    learnt = learning_state(database)
    sources = source_languages(database, comparison.rules)
    facts: dict[str, Any] = {
        "library": [os.path.abspath(root) for root in roots],
        "chosen_by": invocation.settings.choice.reason if roots == invocation.settings.roots else ChosenBy.DEFAULT,
        "source": [rule.language for rule in sources],
        "source_chosen_by": [rule.reason or file_messages.SOURCE_BY_DOCUMENTS for rule in sources],
        "index": str(database.path or ""),
        "bytes": _folder_size(database.folder) if database.folder else 0,
        "articles": count_articles(database),
        "documents": count_documents(database, in_articles=True),
        "changed": comparison.changed,
        "removed": comparison.removed,
        "pairing_by_meaning": "pending" if semantic_pairing_pending(database) else "done",
        "passages_learnt": learnt.passages,
        "passages_to_learn": learnt.missing,
        "lexicon": "due" if learnt.lexicon_is_due else "done",
    }
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        write(dump(facts))
    else:
        for key, value in (facts | _source_facts(sources)).items():
            shown = ", ".join(value) if isinstance(value, list) else messages.DONE.get(value, value)
            write(f"{messages.STATUS_FACT.fill(name=messages.STATUS_NAMES[key], value=shown)}\n")
    return Exit.SHOWN


def _folder_size(folder: Path) -> int:
    """Return the size of all files of an index in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _source_facts(sources: "Sequence[Source]") -> dict[str, list[str]]:
    """Return what a person reads about the source languages: of several, how many articles have which, and where."""
    reasons = (source.reason or messages.SOURCE_CHOSEN_BY_DOCUMENTS for source in sources)
    languages = [
        messages.SOURCE_OF_ARTICLES.fill(
            language=source.language,
            articles=messages.ARTICLES.fill(source.articles),
            folder=messages.shown_path(source.folder, "").rstrip(os.sep) or os.curdir,
        )
        for source in sources
    ]
    shown = languages if len(sources) > 1 else [source.language for source in sources]
    return {"source": shown, "source_chosen_by": list(dict.fromkeys(reasons))}


@root(
    ("relmgr show", "read an article in your language"),
    ("relmgr show --lang pl,ru", "in two languages side by side"),
    ("relmgr search conflict", "search in all languages"),
    ("relmgr -C docs list", "list the articles in the folder docs"),
)
def relmgr(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 (see its callback)
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> int | None:
    """Read articles that exist in several languages."""
    return welcome(invocation_from(context)) if context.invoked_subcommand is None else None


def welcome(invocation: Invocation) -> int:
    """Show the commands and the first articles of the library; as JSON what `list` shows."""
    if invocation.settings.as_json:
        return _list_library(invocation)
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.lists import command_list
    from relmgr_cli.store.articles import list_articles

    screen = invocation.screen()
    greeting = to_ansi(command_list(messages.WELCOME, screen), screen) + "\n"
    library = invocation.open_library()
    invocation.note_library(library)
    articles = list_articles(library.database)
    if not articles:
        page_or_write(greeting, "", invocation.settings.environ)
        raise library.empty_error()
    listed = articles[:_MAX_ARTICLES]
    cut = messages.ARTICLES_CUT.fill(count=len(listed), total=len(articles)) + "\n"
    text = greeting + _list(invocation, listed, articles) + (cut if len(listed) < len(articles) else "")
    return invocation.finish(library, text)


def _list(invocation: Invocation, articles: "Sequence[ArticleSummary]", everything: "Sequence[ArticleSummary]") -> str:
    """Return the list of some articles of a library."""
    from relmgr_cli.languages.tags import match_language
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.language_summary import library_languages
    from relmgr_cli.layout.lists import article_list

    wanted = reader_languages(invocation.settings)
    shown = [match_language(wanted, article.languages) for article in articles]
    screen = invocation.screen()
    languages = library_languages(everything, wanted)
    return to_ansi(article_list(articles, shown, languages, screen), screen)
