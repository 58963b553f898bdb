"""The commands about one article: `show`, `sections`, `links`, `highlights`."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli.cli.completion import complete_article, complete_section
from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.session import Session, open_session, pick_article, pick_languages
from relmgr_cli.errors import Exit
from relmgr_cli.index.grouping import waits_for_meaning
from relmgr_cli.index.lookup import problems_of
from relmgr_cli.index.queries import load_article
from relmgr_cli.render.output import say, write

if TYPE_CHECKING:
    from relmgr_cli.library.articles import Article, ArticleSection
    from relmgr_cli.render.arrangement import Layout
    from relmgr_cli.render.lines import Line
    from relmgr_cli.render.screen import Screen

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

Draw = Callable[[Session, "Article", tuple[str, ...], "Screen"], "Iterator[Line]"]


@command
def show(  # noqa: PLR0913 (one parameter for each option)
    call: Call,
    article: ArticleName = None,
    *,
    section: SectionName = None,
    highlights: Annotated[bool, typer.Option("--highlights", help="Only the list of key points.")] = False,
    side_by_side: Annotated[
        bool | None, typer.Option("--side-by-side/--interleaved", help="How several languages stand.")
    ] = None,
    hit: Annotated[
        int | None, typer.Option("--hit", min=1, metavar="N", help="The Nth hit of the last search.")
    ] = None,
) -> int:
    """Show an article, one of its sections or its highlights, or what a search found."""
    if hit is not None:
        if article or section or highlights:
            raise typer.BadParameter("--hit goes without an article, --section and --highlights")
        from relmgr_cli.cli.hits import show_hit

        return show_hit(call, hit)
    if highlights:
        return _show_highlights(call, article, side_by_side=side_by_side)
    name, section = _split(article, section)

    def draw(session: Session, found: "Article", languages: tuple[str, ...], screen: "Screen") -> "Iterator[Line]":
        from relmgr_cli.render.page import article_page, section_page

        chosen = None if section is None else _chosen(found, section)
        if len(languages) > 1:
            from relmgr_cli.render.parallel import parallel_page

            return parallel_page(found, _layout(session, found, languages, screen, side_by_side), screen, chosen)
        if side_by_side is not None and len(found.documents) > 1:
            session.say(f"one language has nothing beside it; name several: --lang {','.join(found.documents)}")
        leads = _leads(session, found, languages[0])
        if chosen is None:
            return article_page(found, languages[0], screen, leads)
        return section_page(found, chosen, languages[0], screen, leads)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import show_answer

        return show_answer(found, languages, found.sections if section is None else _chosen(found, section))

    return _present(call, name, draw, answer)


@command
def sections(call: Call, article: ArticleName = None) -> int:
    """Show the outline of an article: numbers, headings in two languages, words, minutes."""

    def draw(session: Session, found: "Article", languages: tuple[str, ...], screen: "Screen") -> "Iterator[Line]":
        if len(languages) > 2 and not screen.plain:  # noqa: PLR2004 (the outline has two columns)
            from relmgr_cli.render.parallel import parallel_outline

            return parallel_outline(found, _layout(session, found, languages, screen))
        from relmgr_cli.render.lists import outline

        if len(languages) > 1:  # the heading beside that of the first language is that of the second
            documents = {key: found.documents[key] for key in languages}
            found = found._replace(documents={**documents, **found.documents})
        return outline(found, languages[0], screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import sections_answer

        return sections_answer(found, languages[0])

    return _present(call, _split(article, None)[0], draw, answer)


@command
def links(call: Call, article: ArticleName = None) -> int:
    """List the links of an article and where they lead."""
    from relmgr_cli.index.leads import find_leads

    name, _ = _split(article, None)
    session = open_session(call, name)
    picked = pick_article(session, name)
    language = pick_languages(session, picked)[0]
    found = load_article(session.catalogue, picked.number)
    leads = find_leads(session.catalogue, found, language)
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump
        from relmgr_cli.render.links import links_answer

        return session.answer(dump(links_answer(found.id, language, leads)), picked.id, by_place=picked.by_place)
    if not leads:
        say(f'"{found.documents[language].title}" has no links')
        return Exit.NOTHING_FOUND
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.links import link_list
    from relmgr_cli.render.screen import measure_screen

    screen = measure_screen(call.settings, sys.stdout)
    return session.answer(compose(link_list(leads, screen), screen), picked.id, by_place=picked.by_place)


@command
def highlights(call: Call, article: ArticleName = None) -> int:
    """Show the key points of an article."""
    return _show_highlights(call, article)


def _show_highlights(call: Call, article: str | None, *, side_by_side: bool | None = None) -> int:
    def draw(session: Session, found: "Article", languages: tuple[str, ...], screen: "Screen") -> "Iterator[Line]":
        if len(languages) > 1:
            from relmgr_cli.render.parallel import parallel_highlights

            return parallel_highlights(found, _layout(session, found, languages, screen, side_by_side))
        from relmgr_cli.render.page import highlights_page

        return highlights_page(found, languages[0], screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import highlights_answer
        from relmgr_cli.render.page import highlight_blocks

        points = [block.text for block in highlight_blocks(found, languages[0])]
        beside = {} if len(languages) == 1 else _highlight_rows(found, languages)
        return beside | highlights_answer(found, languages[0], points)

    def lacks(found: "Article") -> bool:
        return found.highlights is None

    return _present(call, _split(article, None)[0], draw, answer, lacks)


def _highlight_rows(article: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer of `show` for the key points in several languages."""
    from relmgr_cli.render.contracts import show_answer

    shown = show_answer(article, languages, [s for s in article.sections if s.number == article.highlights])
    return shown | {"rows": [row for row in shown["rows"] if row["kind"] == "item"]}


def _layout(
    session: Session,
    article: "Article",
    languages: tuple[str, ...],
    screen: "Screen",
    side_by_side: bool | None = None,  # noqa: FBT001 (None for what fits)
) -> "Layout":
    """Return how several languages stand; say so where they cannot stand as asked."""
    from relmgr_cli.render.arrangement import lay_out
    from relmgr_cli.settings import Arrangement

    asked = Arrangement.COLUMNS if side_by_side else None if side_by_side is None else Arrangement.INTERLEAVED
    leads = {language: _leads(session, article, language) for language in languages}
    layout = lay_out(article, languages, screen, arrangement=asked, leads=leads)
    if side_by_side and layout.arrangement is Arrangement.INTERLEAVED and not screen.plain:
        session.say(f"too narrow for {len(languages)} languages side by side; interleaved")
    return layout


def _leads(session: Session, article: "Article", language: str) -> Mapping[str, str]:
    """Return for each link target inside the library the title of the article it leads to, "" for nowhere.

    A library of one article has nowhere to lead to, so nothing is looked up.
    """
    if session.catalogue.rows("SELECT count(*) FROM articles") == [(1,)]:
        return {}
    from relmgr_cli.index.leads import find_leads

    leads = find_leads(session.catalogue, article, language, with_sections=False)
    inside = [lead for lead in leads if lead.resolved.kind != "outside" and not lead.href.startswith("#")]
    return {lead.href: lead.title for lead in inside}


def _split(article: str | None, section: str | None) -> tuple[str | None, str | None]:
    """Return article and section of `ARTICLE#SECTION`; --section wins."""
    name, mark, below = (article or "").partition("#")
    return name or None, section or (below if mark and below else None)


def _chosen(article: "Article", name: str) -> "tuple[ArticleSection, ...]":
    from relmgr_cli.index.queries import find_section, subsections

    return subsections(article, find_section(article, name))


def _present(
    call: Call,
    name: str | None,
    draw: Draw,
    answer: "Callable[[Article, tuple[str, ...]], dict[str, Any]]",
    lacks: "Callable[[Article], bool] | None" = None,
) -> int:
    """Answer a request about one article, as JSON or as a page."""
    session = open_session(call, name)
    picked = pick_article(session, name)
    languages = pick_languages(session, picked)
    for problem in problems_of(session.catalogue, picked.number, languages):
        session.say(str(problem))
    article = load_article(session.catalogue, picked.number, by_meaning=len(languages) > 1)
    if len(languages) > 1 and waits_for_meaning(session.catalogue, picked.number, article.documents):
        session.say("a long article, aligned by form and words only; relmgr index aligns it by what it says")
    missing = lacks is not None and lacks(article)
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump

        text = dump(answer(article, languages))
    elif missing:
        say(f'"{article.documents[languages[0]].title}" has no list of highlights')
        return Exit.NOTHING_FOUND
    else:
        from relmgr_cli.render.compose import compose
        from relmgr_cli.render.screen import measure_screen

        screen = measure_screen(call.settings, sys.stdout)
        text = compose(draw(session, article, languages, screen), screen)
    if missing:
        write(text)
        return Exit.NOTHING_FOUND
    return session.answer(text, picked.id, by_place=picked.by_place)
