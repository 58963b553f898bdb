"""The commands about one article: `show` (also of a search hit), `sections`, `links`, `highlights`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli.cli.completion import complete_article, complete_section
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import (
    ArticleChoice,
    choose_article,
    choose_languages,
    choose_section,
    split_address,
)
from relmgr_cli.errors import Exit, HitGoneError, HitMissingError
from relmgr_cli.store.article_builder import awaits_semantic_alignment
from relmgr_cli.store.articles import load_article, subsections
from relmgr_cli.store.name_lookup import article_number, problems_of
from relmgr_cli.terminal.stream import warn, write

if TYPE_CHECKING:
    from relmgr_cli.corpus.article import Article, ArticleSection
    from relmgr_cli.layout.arrangement import Layout
    from relmgr_cli.layout.line import Line
    from relmgr_cli.search.last_search import LastHit, LastSearch
    from relmgr_cli.terminal.target import OutputTarget

ArticleName = Annotated[
    str | None,
    typer.Argument(
        metavar="[ARTICLE[#SECTION]]",
        help="Id, number, part of a title, or path of a file.",
        show_default=False,
        autocompletion=complete_article,
    ),
]
SectionName = Annotated[
    str | None,
    typer.Option(
        "--section", "-s", metavar="SECTION", help="Number or part of a heading.", autocompletion=complete_section
    ),
]

Draw = Callable[[Library, "Article", tuple[str, ...], "OutputTarget"], "Iterator[Line]"]


@command
def show(  # noqa: PLR0913 (one parameter for each option)
    invocation: Invocation,
    article: ArticleName = None,
    *,
    section: SectionName = None,
    highlights: Annotated[bool, typer.Option("--highlights", help="Only the list of key points.")] = False,
    side_by_side: Annotated[
        bool | None,
        typer.Option("--side-by-side/--interleaved", help="Lay out several languages in columns or interleaved."),
    ] = None,
    hit: Annotated[
        int | None, typer.Option("--hit", min=1, metavar="N", help="The Nth hit of the last search.")
    ] = None,
) -> int:
    """Show an article, one of its sections or its highlights, or what a search found."""
    if hit is not None:
        if article or section or highlights:
            raise typer.BadParameter("--hit goes without an article, --section and --highlights")
        return _show_hit(invocation, hit)
    if highlights:
        return _show_highlights(invocation, article, section, side_by_side=side_by_side)
    name, below = split_address(article)
    section = section or below

    def draw(
        library: Library, found: "Article", languages: tuple[str, ...], screen: "OutputTarget"
    ) -> "Iterator[Line]":
        from relmgr_cli.layout.page import article_page, section_page

        chosen = None if section is None else resolve_section(found, section)
        if len(languages) > 1:
            from relmgr_cli.layout.parallel import parallel_page

            return parallel_page(found, _layout(library, found, languages, screen, side_by_side), screen, chosen)
        if side_by_side is not None and len(found.documents) > 1:
            library.reporter.note(f"only one language to show; name several: --lang {','.join(found.documents)}")
        leads = library.link_titles(found, languages[0])
        if chosen is None:
            return article_page(found, languages[0], screen, leads)
        return section_page(found, chosen, languages[0], screen, leads)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import show_payload

        return show_payload(found, languages, found.sections if section is None else resolve_section(found, section))

    return _present(invocation, name, draw, answer)


@command
def sections(invocation: Invocation, article: ArticleName = None) -> int:
    """Show the outline of an article: numbers, headings in two languages, words, minutes."""
    name, section = split_address(article)

    def draw(
        library: Library, found: "Article", languages: tuple[str, ...], screen: "OutputTarget"
    ) -> "Iterator[Line]":
        found = _narrow(found, section)
        if len(languages) > 2 and not screen.plain:  # noqa: PLR2004 (the outline has two columns)
            from relmgr_cli.layout.parallel import parallel_outline

            return parallel_outline(found, _layout(library, found, languages, screen))
        from relmgr_cli.layout.lists import outline

        if len(languages) > 1:  # the heading beside that of the first language is that of the second
            documents = {key: found.documents[key] for key in languages}
            found = found._replace(documents={**documents, **found.documents})
        return outline(found, languages[0], screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import sections_payload

        return sections_payload(_narrow(found, section), languages[0])

    return _present(invocation, name, draw, answer)


@command
def links(invocation: Invocation, article: ArticleName = None) -> int:
    """List the links of an article and where they lead."""
    from relmgr_cli.store.articles import article_links

    name, section = split_address(article)
    library = invocation.open_library(name)
    choice = choose_article(library, name, invocation.last_read_file(library))
    language = choose_languages(library, choice, invocation.settings)[0]
    found = _with_text_of(load_article(library.database, choice.number), section, language)
    leads = article_links(library.database, found, language)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump
        from relmgr_cli.layout.links import links_payload

        text = dump(links_payload(found.id, language, leads))
        return invocation.answer(library, text, choice.id, is_implicit=choice.is_implicit)
    if not leads:
        warn(f'"{found.documents[language].title}" has no links')
        return Exit.NOTHING_FOUND
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.links import link_list

    screen = invocation.screen()
    text = to_ansi(link_list(leads, screen), screen)
    return invocation.answer(library, text, choice.id, is_implicit=choice.is_implicit)


@command
def highlights(invocation: Invocation, article: ArticleName = None) -> int:
    """Show the key points of an article."""
    return _show_highlights(invocation, article)


def _show_highlights(
    invocation: Invocation, article: str | None, section: str | None = None, *, side_by_side: bool | None = None
) -> int:
    name, below = split_address(article)
    section = section or below

    def draw(
        library: Library, found: "Article", languages: tuple[str, ...], screen: "OutputTarget"
    ) -> "Iterator[Line]":
        if len(languages) > 1:
            from relmgr_cli.layout.parallel import parallel_highlights

            return parallel_highlights(found, _layout(library, found, languages, screen, side_by_side))
        from relmgr_cli.layout.page import highlights_page

        return highlights_page(found, languages[0], screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.layout.json_output import highlights_payload
        from relmgr_cli.layout.page import highlight_blocks

        found = _narrow(found, section)
        points = [block.text for block in highlight_blocks(found, languages[0])]
        beside = {} if len(languages) == 1 else _highlight_rows(found, languages)
        return beside | highlights_payload(found, languages[0], points)

    def lacks(found: "Article") -> bool:
        return _narrow(found, section).highlights is None

    return _present(invocation, name, draw, answer, lacks)


def _highlight_rows(article: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer of `show` for the key points in several languages."""
    from relmgr_cli.layout.json_output import show_payload

    shown = show_payload(article, languages, [s for s in article.sections if s.number == article.highlights])
    return shown | {"rows": [row for row in shown["rows"] if row["kind"] == "item"]}


def _layout(
    library: Library,
    article: "Article",
    languages: tuple[str, ...],
    screen: "OutputTarget",
    side_by_side: bool | None = None,  # noqa: FBT001 (None for what fits)
) -> "Layout":
    """Return the layout of several languages; note it where they cannot be laid out as requested."""
    from relmgr_cli.config import Arrangement
    from relmgr_cli.layout.arrangement import lay_out

    asked = Arrangement.COLUMNS if side_by_side else None if side_by_side is None else Arrangement.INTERLEAVED
    leads = {language: library.link_titles(article, language) for language in languages}
    layout = lay_out(article, languages, screen, arrangement=asked, link_titles=leads)
    if side_by_side and layout.arrangement is Arrangement.INTERLEAVED and not screen.plain:
        library.reporter.note(f"too narrow for {len(languages)} languages side by side; interleaved")
    return layout


def resolve_section(article: "Article", name: str) -> "tuple[ArticleSection, ...]":
    """Return the section that `name` means with its subsections. Raises SectionNotFoundError, SectionAmbiguousError."""
    return subsections(article, choose_section(article, name))


def _narrow(article: "Article", section: str | None) -> "Article":
    """Return the article with only the section named and its subsections; unchanged if none is named."""
    if section is None:
        return article
    chosen = resolve_section(article, section)
    has_highlights = any(each.number == article.highlights for each in chosen)
    return article._replace(sections=chosen, highlights=article.highlights if has_highlights else None)


def _with_text_of(article: "Article", section: str | None, language: str) -> "Article":
    """Return the article with only the text of the section named and its subsections in this language."""
    if section is None:
        return article
    document = article.documents[language]
    chosen = resolve_section(article, section)
    parts = [document.sections[each.indexes[language]] for each in chosen if language in each.indexes]
    blocks = tuple(block for part in parts for block in document.blocks[part.start : part.end])
    return article._replace(documents={**article.documents, language: document._replace(blocks=blocks)})


def _present(
    invocation: Invocation,
    name: str | None,
    draw: Draw,
    answer: "Callable[[Article, tuple[str, ...]], dict[str, Any]]",
    lacks: "Callable[[Article], bool] | None" = None,
) -> int:
    """Answer a request about one article, as JSON or as a page."""
    library = invocation.open_library(name)
    choice = choose_article(library, name, invocation.last_read_file(library))
    languages = choose_languages(library, choice, invocation.settings)
    for problem in problems_of(library.database, choice.number, languages):
        invocation.note(str(problem))
    article = load_article(library.database, choice.number, with_embeddings=len(languages) > 1)
    if len(languages) > 1 and awaits_semantic_alignment(library.database, choice.number, article.documents):
        invocation.note("long article, aligned by structure and words only; run relmgr index to align it by content")
    missing = lacks is not None and lacks(article)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump

        text = dump(answer(article, languages))
    elif missing:
        warn(f'"{article.documents[languages[0]].title}" has no list of highlights')
        return Exit.NOTHING_FOUND
    else:
        from relmgr_cli.layout.ansi import to_ansi

        screen = invocation.screen()
        text = to_ansi(draw(library, article, languages, screen), screen)
    if missing:
        write(text)
        return Exit.NOTHING_FOUND
    return invocation.answer(library, text, choice.id, is_implicit=choice.is_implicit)


def _show_hit(invocation: Invocation, rank: int) -> int:
    """Show the section that a hit of the last search in this library is in. Raises HitMissingError or HitGoneError."""
    from relmgr_cli.search.last_search import last_search_file, read_search

    library = invocation.open_library()
    file = last_search_file(invocation.settings.state_folder, library.key)
    found = read_search(file)
    if not 1 <= rank <= len(found.hits):
        raise HitMissingError(rank, len(found.hits))
    hit = found.hits[rank - 1]
    number = article_number(library.database, hit.article)
    article = None if number is None else load_article(library.database, number)
    section = next((s for s in article.sections if s.number == hit.section), None) if article else None
    if number is None or article is None or section is None:
        raise HitGoneError(rank)
    choice = ArticleChoice(number, article.id, language=_hit_language(hit, article))
    languages = choose_languages(library, choice, invocation.settings)
    if invocation.settings.as_json:
        from relmgr_cli.layout.json_output import dump, show_payload

        text = dump(show_payload(article, languages, [section]))
    else:
        text = _hit_page(invocation, found, article, section, languages)
    return invocation.answer(library, text, article.id, dependencies=[file])


def _hit_language(hit: "LastHit", article: "Article") -> str:
    """Return the language that the hit was shown in, else the first one of the article."""
    return hit.language if hit.language in article.documents else next(iter(article.documents))


def _hit_page(
    invocation: Invocation,
    found: "LastSearch",
    article: "Article",
    section: "ArticleSection",
    languages: tuple[str, ...],
) -> str:
    from relmgr_cli.layout.ansi import to_ansi
    from relmgr_cli.layout.page import section_page, title_lines
    from relmgr_cli.search.matching import highlight_matches

    screen = invocation.screen()
    if screen.ansi:
        documents = {
            tag: highlight_matches(document, found.groups, exact=found.exact)
            for tag, document in article.documents.items()
        }
        article = article._replace(documents=documents)
    if len(languages) > 1:
        from relmgr_cli.layout.arrangement import lay_out
        from relmgr_cli.layout.parallel import parallel_page

        return to_ansi(parallel_page(article, lay_out(article, languages, screen), screen, [section]), screen)
    title = title_lines(article, article.documents[languages[0]], screen, screen.max_text_width)
    lines = [*title, [], *section_page(article, [section], languages[0], screen)]
    return to_ansi(lines, screen)
