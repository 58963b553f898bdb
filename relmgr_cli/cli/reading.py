"""The commands about one article: `show`, `sections`, `links`, `highlights`."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli.cli.completion import complete_article, complete_section
from relmgr_cli.cli.options import Call, command
from relmgr_cli.cli.session import Session, open_session, pick_article, pick_languages
from relmgr_cli.errors import Exit
from relmgr_cli.index.lookup import problems_of
from relmgr_cli.index.queries import load_article
from relmgr_cli.render.output import say, write

if TYPE_CHECKING:
    from relmgr_cli.library.articles import Article, ArticleSection
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

Draw = Callable[[Session, "Article", str, "Screen"], "Iterator[Line]"]


@command
def show(
    call: Call,
    article: ArticleName = None,
    *,
    section: SectionName = None,
    highlights: Annotated[bool, typer.Option("--highlights", help="Only the list of key points.")] = False,
) -> int:
    """Show an article, one of its sections or its highlights."""
    if highlights:
        return _show_highlights(call, article)
    name, section = _split(article, section)

    def draw(session: Session, found: "Article", language: str, screen: "Screen") -> "Iterator[Line]":
        from relmgr_cli.render.page import article_page, section_page

        leads = _leads(session, found, language)
        if section is None:
            return article_page(found, language, screen, leads)
        return section_page(found, _chosen(found, section), language, screen, leads)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import show_answer

        return show_answer(found, languages, found.sections if section is None else _chosen(found, section))

    return _present(call, name, draw, answer)


@command
def sections(call: Call, article: ArticleName = None) -> int:
    """Show the outline of an article: numbers, headings in two languages, words, minutes."""

    def draw(_: Session, found: "Article", language: str, screen: "Screen") -> "Iterator[Line]":
        from relmgr_cli.render.lists import outline

        return outline(found, language, screen)

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


def _show_highlights(call: Call, article: str | None) -> int:
    def draw(_: Session, found: "Article", language: str, screen: "Screen") -> "Iterator[Line]":
        from relmgr_cli.render.page import highlights_page

        return highlights_page(found, language, screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import highlights_answer
        from relmgr_cli.render.page import highlight_blocks

        points = [block.text for block in highlight_blocks(found, languages[0])]
        return highlights_answer(found, languages[0], points)

    def lacks(found: "Article") -> bool:
        return found.highlights is None

    return _present(call, _split(article, None)[0], draw, answer, lacks)


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
        text = "\n".join([compose(draw(session, article, language, screen), screen) for language in languages])
    if missing:
        write(text)
        return Exit.NOTHING_FOUND
    return session.answer(text, picked.id, by_place=picked.by_place)
