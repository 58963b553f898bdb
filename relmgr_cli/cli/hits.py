"""`relmgr show --hit N`: the section that the last search found, with what was found in it."""

import sys
from typing import TYPE_CHECKING

from relmgr_cli.cli.options import Call
from relmgr_cli.cli.session import Session, open_session
from relmgr_cli.errors import HitGoneError, HitMissingError
from relmgr_cli.search.last import LastHit, LastSearch, last_search_file, read_search

if TYPE_CHECKING:
    from relmgr_cli.library.articles import Article, ArticleSection


def show_hit(call: Call, rank: int) -> int:
    """Show a hit of the last search in this library. Raises HitMissingError or HitGoneError."""
    session = open_session(call)
    file = last_search_file(call.settings.state_folder, session.library)
    found = read_search(file)
    if not 1 <= rank <= len(found.hits):
        raise HitMissingError(rank, len(found.hits))
    hit = found.hits[rank - 1]
    article, section = _find(session, hit, rank)
    languages = _languages(session, article, hit)
    if call.settings.as_json:
        from relmgr_cli.render.contracts import dump, show_answer

        text = dump(show_answer(article, languages, [section]))
    else:
        text = _page(session, found, article, section, languages)
    return session.answer(text, article.id, watched=[file])


def _find(session: Session, hit: LastHit, rank: int) -> "tuple[Article, ArticleSection]":
    from relmgr_cli.index.queries import load_article

    rows = session.catalogue.rows("SELECT number FROM articles WHERE id = ?", (hit.article,))
    article = load_article(session.catalogue, rows[0][0]) if rows else None
    section = next((s for s in article.sections if s.number == hit.section), None) if article else None
    if article is None or section is None:
        raise HitGoneError(rank)
    return article, section


def _languages(session: Session, article: "Article", hit: LastHit) -> tuple[str, ...]:
    """Return the languages asked for, else the one in which the hit was shown. Raises TranslationMissingError."""
    if session.settings.asked_language:
        from relmgr_cli.cli.session import Picked, pick_languages

        ((number,),) = session.catalogue.rows("SELECT number FROM articles WHERE id = ?", (article.id,))
        return pick_languages(session, Picked(number, article.id, by_place=False))
    return (hit.language if hit.language in article.documents else next(iter(article.documents)),)


def _page(
    session: Session, found: LastSearch, article: "Article", section: "ArticleSection", languages: tuple[str, ...]
) -> str:
    from relmgr_cli.render.compose import compose
    from relmgr_cli.render.page import section_page, title_lines
    from relmgr_cli.render.screen import measure_screen
    from relmgr_cli.search.marking import mark_document

    screen = measure_screen(session.settings, sys.stdout)
    if screen.escapes:
        documents = {
            tag: mark_document(document, found.groups, exact=found.exact) for tag, document in article.documents.items()
        }
        article = article._replace(documents=documents)
    if len(languages) > 1:
        from relmgr_cli.render.arrangement import lay_out
        from relmgr_cli.render.parallel import parallel_page

        return compose(parallel_page(article, lay_out(article, languages, screen), screen, [section]), screen)
    title = title_lines(article, article.documents[languages[0]], screen, screen.measure)
    lines = [*title, [], *section_page(article, [section], languages[0], screen)]
    return compose(lines, screen)
