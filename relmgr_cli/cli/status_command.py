"""The command `status`: which translations are up to date, stale, missing or not translated."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blank
from relmgr_cli.core.selection import choose_library_languages, no_articles_error
from relmgr_cli.errors import Exit
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.core.translation_status import LibraryStatus
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
    ("relmgr status docs/guide", "only the articles in a folder"),
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
    from relmgr_cli.core.translation_status import library_status, select
    from relmgr_cli.layout.status import rows_of, status_payload
    from relmgr_cli.store.name_lookup import count_documents

    library = invocation.open_library()
    library.pair_semantically()
    if not count_documents(library.database, in_articles=True):
        raise no_articles_error(library)
    languages = choose_library_languages(library, invocation.settings)
    selected = select(library, names) if names else None
    languages = languages or (selected.languages if selected else ())
    found = library_status(library, languages, selected and selected.articles)
    _note_history(invocation, found)
    rows = rows_of(found)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        text = dump(status_payload(found, found.articles))
    elif not found.languages:
        warn(messages.NO_TRANSLATIONS.fill())
        return Exit.NOTHING_FOUND
    else:
        invocation.note_library(library)
        text = _draw(invocation, found, rows, is_detailed=bool(languages or names), everything=everything)
    failing = {state.strip() for state in (fail_on or "").split(",")}
    if any(row.translation.state in failing for row in rows):
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.finish(library, text, dependencies=found.history.watched)


def _note_history(invocation: Invocation, status: "LibraryStatus") -> None:
    """Say why nothing can be called stale."""
    history = status.history
    if history.is_shallow:
        invocation.note(messages.SHALLOW_CLONE.fill())
    elif history.reason:
        invocation.note(messages.NO_GIT_HISTORY.fill(reason=history.reason))


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
