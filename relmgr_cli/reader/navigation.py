"""To another place: a heading, a key point, a link's target, a hit of the search, another article; and back."""

from collections.abc import Callable

from textual.app import App

from relmgr_cli.reader.model.anchors import resolve_anchor
from relmgr_cli.reader.model.article_search import ArticleSearch
from relmgr_cli.reader.model.positions import Link
from relmgr_cli.reader.model.session import ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.reader.screens.pickers import choose_article, choose_heading, choose_highlight, choose_link
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.terminal.sanitize import sanitize_line


class Navigator:
    """Takes the reader elsewhere; `arrive` shows the article that is open then."""

    def __init__(
        self,
        app: App[object],
        session: ReadingSession,
        page: Page,
        arrive: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self._app = app
        self._session = session
        self._page = page
        self._arrive = arrive
        self._say = say

    async def search(self, finder: ArticleSearch) -> None:
        """Search the library and go to a hit: to the block that answers, with what was found marked."""
        from relmgr_cli.reader.screens.search import SearchScreen

        search = SearchScreen(self._session, self._page.brush)
        if hit := await self._app.push_screen_wait(search):
            match = hit.matches[0]
            await self._go(hit.number, hit.section.number, match.language)
            row = self._page.sheet.row_of_block(match.language, match.block)
            if row is not None:
                await finder.open_at(search.question, row)

    async def jump(self) -> None:
        """Jump to a heading by typing a part of it."""
        page, session = self._page, self._session
        section = page.sheet.section(page.viewport.current)
        here = section.number if section else ""
        if chosen := await choose_heading(self._app, session.article, session.document.language, here):
            page.go(page.sheet.row_of_section(chosen))

    async def highlights(self) -> None:
        """Show the key points; choosing one leads to it."""
        sheet, language = self._page.sheet, self._session.document.language
        rows = sheet.highlights(language)
        if not rows:
            self._say("no list of key points")
        elif chosen := await choose_highlight(self._app, sheet, rows, language):
            self._page.go(chosen)

    async def choose(self) -> None:
        """Choose another article of the library."""
        chosen = await choose_article(self._app, self._session)
        if chosen and chosen != self._session.opened.number:
            await self._go(chosen)

    async def follow_one(self) -> None:
        """Follow the link on the screen; where there are several, ask which."""
        links = self._page.visible_links()
        if not links:
            self._say("no link on the screen")
        elif chosen := await choose_link(self._app, links):
            await self.follow(*chosen)

    async def follow(self, link: Link, language: str) -> None:
        """Go where a link leads; a target outside the library is copied, because relmgr never uses the network."""
        lead = next((lead for lead in await self._session.links(language) if lead.href == link.href), None)
        if lead is None or lead.resolved.status == "nowhere":
            self._say(f"leads nowhere: {link.href}")
        elif lead.resolved.article is None:
            self._app.copy_to_clipboard(sanitize_line(link.href))
            self._say(f"outside, copied: {link.href}")
        else:
            await self._go(lead.resolved.article, lead.resolved.section, lead.resolved.language)

    async def back(self) -> None:
        """Go back to where the reader came from."""
        session = self._session
        if not session.history:
            self._say("nowhere to go back to")
            return
        stop = session.history.pop()
        self._keep()
        number = await session.article_of(stop.document)
        if number is None:
            self._say(f"gone: {stop.document.path}")
            return
        await session.open(number, stop.language)
        self._arrive()
        self._page.go_back(stop.anchor._replace(row=resolve_anchor(self._page.sheet.row_index, stop.bearing)))

    async def _go(self, number: int, section: str | None = None, language: str | None = None) -> None:
        """Go to a section of an article, or where the reader left it."""
        self._keep()
        stop = self._session.history_entry(self._page.sheet, self._page.viewport.anchor)
        await self._session.open(number, language)
        self._session.history.append(stop)
        self._arrive()
        place = self._session.position()
        if section:
            self._page.go(self._page.sheet.row_of_section(section))
        elif place:
            self._page.go_back(anchor_of(place, self._page.sheet.row_index))
        else:
            self._page.go_back(Anchor(0))

    def _keep(self) -> None:
        self._session.save_position(self._page.sheet, self._page.viewport.anchor)
