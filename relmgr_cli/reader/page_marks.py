"""Marks on the page: links by what they lead to, and blocks with a bookmark."""

from collections.abc import Mapping

from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.widgets.page import Page


async def load_link_titles(session: ReadingSession, page: Page) -> None:
    """Show which links lead to an article and which are broken."""
    article = session.article
    shown = page.rows.layout.languages
    titles: dict[str, Mapping[str, str]] = {}
    # Hidden languages are loaded too, so that switching to one needs no second layout.
    for language in dict.fromkeys((*shown, *article.documents)):
        titles[language] = await session.link_titles(language)
        if article is not session.article:
            return
        if len(titles) >= len(shown):
            page.set_link_titles(dict(titles))


async def mark_bookmarks(session: ReadingSession, page: Page) -> None:
    """Show which blocks have a bookmark."""
    article = session.article
    blocks = await session.bookmarked_blocks()
    if article is session.article:
        page.set_bookmarks(blocks)
