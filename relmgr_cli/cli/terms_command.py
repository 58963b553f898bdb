"""The command `terms`: what is translated in more than one way."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from relmgr_cli import messages
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blank
from relmgr_cli.core.selection import choose_library_languages
from relmgr_cli.errors import Exit
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.health.terms import Term

_DEFAULT_TERMS = 20


@command(
    ("relmgr terms", "the terms whose translations differ most"),
    ("relmgr terms --lang pl", "of the Polish translations"),
    ("relmgr terms --term relacja", "all translations of one term"),
    ("relmgr terms --json", "all terms, for programs"),
    without="links",
)
def terms(
    invocation: Invocation,
    *,
    term: Annotated[
        str | None, typer.Option("--term", metavar="WORD", help="Only this term.", callback=refuse_blank)
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Maximum number of terms.")] = None,
) -> int:
    """List terms that are translated in more than one way.

    The usual translation comes first, then the rarer ones and where they are. A glossary in relmgr.toml says which are
    right.
    """
    from relmgr_cli.core.terms import find_terms

    library = invocation.open_library()
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    languages = choose_library_languages(library, invocation.settings)
    found = find_terms(library, languages, wanted=term)
    as_json = invocation.settings.as_json
    count = limit or (len(found) if as_json else _DEFAULT_TERMS)
    if not found and not as_json:
        warn(messages.NO_TERMS.fill() if term is None else messages.TERM_UNKNOWN.fill(term=term))
    elif len(found) > count and not as_json:
        shown = messages.TERMS_SHOWN.fill(shown=count, terms=messages.TERMS.fill(len(found)), count=len(found))
        invocation.note(shown)
    text = _render(invocation, found[:count], with_usual=term is not None)
    if not found and term is not None:
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.finish(library, text)


def _render(invocation: Invocation, found: "Sequence[Term]", *, with_usual: bool) -> str:
    """Return the terms: in groups on a terminal, else a place a line."""
    from relmgr_cli.layout.json_output import dump
    from relmgr_cli.layout.terms import located_terms, term_list, terms_payload

    if invocation.settings.as_json:
        return dump(terms_payload(found))
    from relmgr_cli.layout.ansi import to_ansi

    screen = invocation.screen()
    is_list = sys.stdout.isatty() and not screen.plain
    shown = term_list(found, screen, with_usual=with_usual) if is_list else located_terms(found, with_usual=with_usual)
    return to_ansi(shown, screen)
