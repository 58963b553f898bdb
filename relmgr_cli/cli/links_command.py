"""The command `links`: the links of an article, or of the whole library, and which of them are broken."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from relmgr_cli import messages
from relmgr_cli.cli.article_commands import resolve_section
from relmgr_cli.cli.completion import complete_article
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command, refuse_blanks
from relmgr_cli.core.library import Library
from relmgr_cli.core.paths import Files, choose_files
from relmgr_cli.core.selection import choose_article, choose_languages, choose_library_languages, split_address
from relmgr_cli.errors import Exit
from relmgr_cli.store.articles import load_article, text_of_sections
from relmgr_cli.store.name_lookup import count_documents
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.store.links import DocumentLinks, ResolvedLink


@command(
    ("relmgr links", "the article last read, or the only one"),
    ("relmgr links relacji#3.1 --lang ru", "of one section, in Russian"),
    ("relmgr links --all --json", "of all articles, for programs"),
    ("relmgr links --check", "only the broken links of all articles"),
    without="links",
)
def links(
    invocation: Invocation,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ARTICLE[#SECTION]|FOLDER]...",
            help="Articles, or folders of the library.",
            show_default=False,
            autocompletion=complete_article,
            callback=refuse_blanks,
        ),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="List the links of all articles.")] = False,
    check: Annotated[bool, typer.Option("--check", help="List only broken links; exit code 1 if any.")] = False,
    anchors: Annotated[bool, typer.Option("--anchors", help="With --check: missing sections, too.")] = False,
) -> int:
    """List links and their targets.

    A link is broken if its target would be a document of the library and there is none.
    """
    names = names or []
    if everything or check or len(names) > 1 or any(map(os.path.isdir, names)):
        return _list_library(invocation, names, _Check(check, anchors))
    return _list_article(invocation, names[0] if names else None)


def _list_article(invocation: Invocation, address: str | None) -> int:
    from relmgr_cli.store.links import DocumentLinks, article_links

    name, section = split_address(address)
    library = invocation.open_library(name)
    choice = choose_article(library, name, invocation.last_read_file(library))
    language = choose_languages(library, choice, invocation.settings)[0]
    found = load_article(library.database, choice.number)
    if section is not None:
        found = text_of_sections(found, resolve_section(found, section, name), language)
    watched: list[str] = []
    found_links = article_links(library.database, found, language, watched=watched)
    document = found.documents[language]
    located = DocumentLinks(found.id, language, document.root, document.path, found_links)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump
        from relmgr_cli.layout.links import links_payload

        text = dump({"article": found.id, "lang": language, **links_payload([located])})
    else:
        text = _draw(invocation, located) if found_links else ""
    if not found_links:
        if not invocation.settings.as_json:
            warn(messages.NO_LINKS.fill(title=document.title))
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.finish(library, text, choice.id, is_implicit=choice.is_implicit, dependencies=watched)


def _draw(invocation: Invocation, located: "DocumentLinks") -> str:
    """Return the links of one document: a table on a terminal, else a link a line."""
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.links import link_list, located_links

    screen = invocation.screen()
    is_table = sys.stdout.isatty() and not screen.plain
    return to_ansi(link_list(located, screen) if is_table else located_links([located]), screen)


class _Check(NamedTuple):
    """Which links to list."""

    only_broken: bool
    with_anchors: bool

    def includes(self, link: "ResolvedLink") -> bool:
        if not self.only_broken:
            return True
        resolved = link.resolved
        return resolved.status == "nowhere" or (self.with_anchors and resolved.note == "anchor-missing")


def _list_library(invocation: Invocation, names: Sequence[str], check: _Check) -> int:
    from relmgr_cli.store.links import library_links

    library = invocation.open_library(names[0] if len(names) == 1 else None)
    if not count_documents(library.database, in_articles=True):
        raise library.empty_error()
    languages = choose_library_languages(library, invocation.settings)
    watched: list[str] = []
    documents = list(library_links(library.database, languages, _files_of(library, names), watched=watched))
    total = sum(len(document.links) for document in documents)
    shown = [each._replace(links=tuple(filter(check.includes, each.links))) for each in documents]
    shown = [document for document in shown if document.links]
    count = sum(len(document.links) for document in shown)
    if check.only_broken:
        counts = {"total": messages.LINKS_CHECKED.fill(total), "files": messages.DOCUMENTS.fill(len(documents))}
        invocation.note((messages.LINKS_BROKEN if count else messages.LINKS_WORK).fill(count=count, **counts))
    elif not count and not invocation.settings.as_json:
        warn(messages.NO_LINKS_AT_ALL.fill())
    text = _render(invocation, shown, only_broken=check.only_broken)
    if bool(count) == check.only_broken:  # there are broken ones, or none at all
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.finish(library, text, dependencies=watched)


def _render(invocation: Invocation, documents: "Sequence[DocumentLinks]", *, only_broken: bool) -> str:
    from relmgr_cli.layout.json_output import dump
    from relmgr_cli.layout.links import broken_links, links_payload, located_links

    if invocation.settings.as_json:
        return dump(links_payload(documents))
    from relmgr_cli.layout.ansi import to_ansi

    return to_ansi((broken_links if only_broken else located_links)(documents), invocation.screen())


def _files_of(library: Library, names: Sequence[str]) -> Files | None:
    """Return the files of the articles and folders with these names; None for all without a name.

    The path of a file means only that file. Raises ArticleNotFoundError or ArticleAmbiguousError.
    """
    if not names:
        return None
    if any(split_address(name)[1] is not None and not os.path.lexists(name) for name in names):
        raise typer.BadParameter(messages.LINKS_OF_SECTION.fill())
    return choose_files(library, names)
