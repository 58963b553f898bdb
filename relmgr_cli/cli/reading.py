"""The commands that show an article: `show`, `sections`, `highlights`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relmgr_cli import __version__
from relmgr_cli.cli.completion import complete_article, complete_section
from relmgr_cli.cli.options import command
from relmgr_cli.cli.session import Session, open_session, pick_article, pick_languages
from relmgr_cli.errors import Exit
from relmgr_cli.index.lookup import problems_of
from relmgr_cli.index.pages import load_page, store_page
from relmgr_cli.render.output import compose, emit, say, write
from relmgr_cli.render.screen import Screen, measure_screen
from relmgr_cli.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

    from relmgr_cli.library.articles import Article, ArticleSection

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

Draw = Callable[["Article", str, Screen], "Iterator[Text]"]


@command
def show(
    settings: Settings,
    article: ArticleName = None,
    *,
    section: SectionName = None,
    highlights: Annotated[bool, typer.Option("--highlights", help="Only the list of key points.")] = False,
) -> int:
    """Show an article, one of its sections or its highlights."""
    if highlights:
        return _show_highlights(settings, article)
    name, section = _split(article, section)

    def draw(found: "Article", language: str, screen: Screen) -> "Iterator[Text]":
        from relmgr_cli.render.page import article_page, section_page

        if section is None:
            return article_page(found, language, screen)
        return section_page(found, _chosen(found, section), language, screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import show_answer

        return show_answer(found, languages, found.sections if section is None else _chosen(found, section))

    return _present(settings, name, f"show {section}", draw, answer)


@command
def sections(settings: Settings, article: ArticleName = None) -> int:
    """Show the outline of an article: numbers, headings in two languages, words, minutes."""

    def draw(found: "Article", language: str, screen: Screen) -> "Iterator[Text]":
        from relmgr_cli.render.lists import outline

        return outline(found, language, screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import sections_answer

        return sections_answer(found, languages[0])

    return _present(settings, _split(article, None)[0], "sections", draw, answer)


@command
def highlights(settings: Settings, article: ArticleName = None) -> int:
    """Show the key points of an article."""
    return _show_highlights(settings, article)


def _show_highlights(settings: Settings, article: str | None) -> int:
    def draw(found: "Article", language: str, screen: Screen) -> "Iterator[Text]":
        from relmgr_cli.render.page import highlights_page

        return highlights_page(found, language, screen)

    def answer(found: "Article", languages: tuple[str, ...]) -> dict[str, Any]:
        from relmgr_cli.render.contracts import highlights_answer
        from relmgr_cli.render.page import highlight_blocks

        points = [block.text for block in highlight_blocks(found, languages[0])]
        return highlights_answer(found, languages[0], points)

    def lacks(found: "Article") -> bool:
        return found.highlights is None

    return _present(settings, _split(article, None)[0], "highlights", draw, answer, lacks)


def _split(article: str | None, section: str | None) -> tuple[str | None, str | None]:
    """Return article and section of `ARTICLE#SECTION`; --section wins."""
    name, mark, below = (article or "").partition("#")
    return name or None, section or (below if mark and below else None)


def _chosen(article: "Article", name: str) -> "tuple[ArticleSection, ...]":
    from relmgr_cli.index.queries import find_section, subsections

    return subsections(article, find_section(article, name))


def _present(
    settings: Settings,
    name: str | None,
    what: str,
    draw: Draw,
    answer: "Callable[[Article, tuple[str, ...]], dict[str, Any]]",
    lacks: "Callable[[Article], bool] | None" = None,
) -> int:
    """Answer a request about one article as JSON or as a page, from the kept pages where there is one."""
    session = open_session(settings, name)
    number, _ = pick_article(session, name)
    languages = pick_languages(session, number)
    for problem in problems_of(session.catalogue, number, languages):
        say(str(problem))
    if settings.as_json:
        from relmgr_cli.index.queries import load_article
        from relmgr_cli.render.contracts import dump

        article = load_article(session.catalogue, number)
        write(dump(answer(article, languages)))
        return Exit.NOTHING_FOUND if lacks and lacks(article) else Exit.SHOWN
    import sys

    screen = measure_screen(settings, sys.stdout)
    key = repr((__version__, what, number, languages, screen.columns, screen.measure, screen))
    page = load_page(session.catalogue, key)
    if page is None:
        page = _draw_page(session, number, languages, screen, draw, lacks)
        if page is None:
            return Exit.NOTHING_FOUND
        store_page(session.catalogue, key, page)
    emit(page, screen, settings)
    return Exit.SHOWN


def _draw_page(
    session: Session,
    number: int,
    languages: tuple[str, ...],
    screen: Screen,
    draw: Draw,
    lacks: "Callable[[Article], bool] | None",
) -> str | None:
    """Return the finished page; None when the article lacks what was asked for."""
    from relmgr_cli.index.queries import load_article

    article = load_article(session.catalogue, number)
    if lacks and lacks(article):
        say(f'"{article.documents[languages[0]].title}" has no list of highlights')
        return None
    pages = [compose(draw(article, language, screen), screen, session.settings.environ) for language in languages]
    return "\n".join(pages)
