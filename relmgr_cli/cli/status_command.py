"""The commands `status` and `diff`: which translations are up to date, and what has changed in their sources."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.article_commands import ArticleName, resolve_section
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blank, refuse_blanks
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import choose_article, choose_library_languages, no_articles_error, split_address
from relmgr_cli.errors import Exit, TranslationMissingError
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.core.selection import ArticleChoice
    from relmgr_cli.core.translation_diff import LibraryDiff
    from relmgr_cli.core.translation_status import LibraryStatus
    from relmgr_cli.health.history import LibraryHistory
    from relmgr_cli.layout.status import Row

_FAIL_ON = ("stale", "missing", "untranslated")


def _split_states(value: str | None) -> str | None:
    """Refuse states that do not exist."""
    refuse_blank(value)
    for state in (value or "").split(","):
        if value and state.strip() not in _FAIL_ON:
            raise typer.BadParameter(messages.UNKNOWN_STATE.fill(state=state.strip(), choices=", ".join(_FAIL_ON)))
    return value


@command(
    ("relmgr status", "all languages of the library"),
    ("relmgr status --lang pl", "what there is to do in Polish"),
    ("relmgr status docs", "only the articles in a folder"),
    ("relmgr status --fail-on stale", "exit with 1 if a translation is stale"),
    without="links",
)
def status(
    invocation: Invocation,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH|ARTICLE]...",
            help="Files and folders of the library, or articles.",
            show_default=False,
            autocompletion=complete_article,
            callback=refuse_blanks,
        ),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="List translations that are up to date, too.")] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="STATES",
            help="Exit with 1 if a translation is in one of these states: stale, missing, untranslated.",
            callback=_split_states,
        ),
    ] = None,
) -> int:
    """Show which translations are up to date.

    A section is stale if its source has changed since it was translated, by the history of both in git.
    """
    from relmgr_cli.core.translation_status import library_status, select, status_settings, unavailable_history
    from relmgr_cli.layout.status import rows_of, status_payload

    library = invocation.open_library()
    library.pair_semantically()
    if not count_documents(library.database, in_articles=True):
        raise no_articles_error(library)
    languages = choose_library_languages(library, invocation.settings, status_settings(library).languages)
    selected = select(library, names) if names else None
    languages = languages or (selected.languages if selected else ())
    found = library_status(library, languages, selected and selected.articles)
    invocation.note_settings(library)
    _note_history(invocation, found.history)
    rows = rows_of(found)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        text = dump(status_payload(found, found.articles))
    elif not rows:
        warn(messages.NO_TRANSLATIONS.fill())
        return Exit.NOTHING_FOUND
    else:
        invocation.note_library(library)
        text = _draw(invocation, found, rows, is_detailed=bool(languages or names), everything=everything)
    failing = {state.strip() for state in (fail_on or "").split(",")}
    if any(row.translation.state in failing for row in rows):
        write(text)
        return Exit.NOTHING_FOUND
    if "stale" in failing and unavailable_history(found.history):
        write(text)
        return Exit.ERROR  # a check that cannot be made has not passed
    return invocation.finish(library, text, dependencies=found.history.watched)


def _note_history(invocation: Invocation, history: "LibraryHistory") -> None:
    from relmgr_cli.core.translation_status import unavailable_history

    if reason := unavailable_history(history):
        invocation.note(reason)
    if history.repository is None:  # no file says when there will be one
        invocation.cache.disable()


def _draw(
    invocation: Invocation, status: "LibraryStatus", rows: "Sequence[Row]", *, is_detailed: bool, everything: bool
) -> str:
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.status import article_list, language_table

    screen = invocation.screen()
    text = to_ansi(language_table(status, screen), screen)
    shown = [row for row in rows if everything or row.translation.state != "current"]
    if is_detailed and shown:
        text += "\n" + to_ansi(article_list(status, shown, screen), screen)
    return text


@command(
    ("relmgr diff guide --lang pl", "what a translation lacks"),
    ("relmgr diff --lang pl", "the same for all articles"),
    ("relmgr diff docs/pl/guide.md", "a translation by its path"),
    ("relmgr diff guide -L pl --since v1.0", "compare with a commit or tag"),
    without="links",
)
def diff(
    invocation: Invocation,
    article: ArticleName = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="REV",
            help="Compare the source with this commit, branch or tag instead.",
            callback=refuse_blank,
        ),
    ] = None,
    side_by_side: Annotated[
        bool | None,
        typer.Option("--side-by-side/--interleaved", help="Show source and translation in columns or interleaved."),
    ] = None,
) -> int:
    """Show what has changed in the source since it was translated.

    Each block of the source that has changed is shown beside the block of the translation that is made from it.
    """
    from relmgr_cli.core.translation_diff import library_diff

    name, section = split_address(article)
    library = invocation.open_library(name)
    if not count_documents(library.database, in_articles=True):
        raise no_articles_error(library, name)
    choice = choose_article(library, name, invocation.last_read_file(library)) if name else None
    language = _translation_of(library, choice, invocation)
    articles = {each.id: each.number for each in list_articles(library.database)}
    sections: tuple[str, ...] = ()
    if choice:
        articles = {choice.id: choice.number}
        if section:
            found = resolve_section(load_article(library.database, choice.number), section, name)
            sections = tuple(each.number for each in found)
    found_diff = library_diff(library, language, articles, sections, since or "")
    _note_history(invocation, found_diff.history)
    if since:  # a branch or tag may be moved
        invocation.cache.disable()
    if invocation.settings.as_json:
        from relmgr_cli.layout.diff import diff_payload
        from relmgr_cli.layout.json_output import dump

        changes = diff_payload(found_diff.articles, found_diff.history)
        text = dump({"article": choice.id if choice else None, "lang": language, "changes": changes})
    elif not found_diff.articles:
        from relmgr_cli.core.translation_status import unavailable_history
        from relmgr_cli.languages.names import language_name

        text = ""
        if not unavailable_history(found_diff.history):
            invocation.note(messages.NO_CHANGES.fill(language=language_name(language)))
    else:
        text = _draw_diff(invocation, found_diff, side_by_side=side_by_side)
    return invocation.finish(library, text, dependencies=found_diff.history.watched)


def _translation_of(library: Library, choice: "ArticleChoice | None", invocation: Invocation) -> str:
    """Return the language of the translation to compare; the only one if none is named."""
    from relmgr_cli.core.translation_status import translated_languages
    from relmgr_cli.languages.names import language_name

    summaries = [each for each in list_articles(library.database) if choice is None or each.number == choice.number]
    available = translated_languages(summaries)
    sources = {each.source for each in summaries}
    if choice and choice.language and choice.language not in sources:
        return choice.language
    if invocation.settings.asked_language:
        language = choose_library_languages(library, invocation.settings)[0]
        if language in available:
            return language
        if language not in sources:
            raise TranslationMissingError(language_name(language), choice.id if choice else "", available)
        if available:
            message = messages.SOURCE_IS_NO_TRANSLATION
            raise typer.BadParameter(message.fill(language=language_name(language), languages=", ".join(available)))
    if len(available) == 1:
        return available[0]
    if not available:
        raise typer.BadParameter(messages.NO_TRANSLATIONS.fill())
    raise typer.BadParameter(messages.CHOOSE_TRANSLATION.fill(languages=", ".join(available)))


def _draw_diff(invocation: Invocation, found: "LibraryDiff", *, side_by_side: bool | None) -> str:
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.diff import diff_lines, setting_for

    screen = invocation.screen()
    setting = setting_for(screen, side_by_side=side_by_side)
    return "\n".join(to_ansi(diff_lines(each, found.history, setting), screen) for each in found.articles)
