"""Finding in the article: what was looked for last, which of the matches one is at, and the marks on the page."""

from collections.abc import Callable

from relmgr_cli.reader.model.decorations import SearchMatches, sort_by_page_order
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.widgets.page import Page

_THIRD = 3  # what is gone to stands this part of the screen below its top


class ArticleSearch:
    """A search in the article at hand."""

    def __init__(self, session: ReadingSession, page: Page, say: Callable[[str], None]) -> None:
        self._session = session
        self._page = page
        self._say = say
        self._matches: SearchMatches | None = None
        self._at = 0

    @property
    def query(self) -> str:
        """What was found last, "" for nothing."""
        return self._matches.query if self._matches else ""

    async def find(self, query: str, row: int) -> None:
        """Find a text and go to the first match from a row on."""
        if not query.strip():
            self.end()
            return
        await self._look_for(query, row)
        if self._matches is None:
            self._page.mark({})
            self._say(await self._session.not_found(f"nothing found: {query}"))
        else:
            self.show()

    async def open_at(self, query: str, row: int) -> None:
        """Go to a row and mark what answers a query; where nothing does, it is just gone to."""
        await self._look_for(query, row)
        self._page.go(row, at=self._page.viewport.height // _THIRD)
        self.show()

    async def again(self) -> None:
        """Mark the matches in what is on the page now, without moving."""
        if self._matches is None:
            return
        await self._look_for(self._matches.query, self._page.viewport.current)
        found = self._matches
        if found:
            self._page.mark(found.by_row(), found.ranges[self._at])
        else:
            self._page.mark({})

    async def _look_for(self, query: str, row: int) -> None:
        matches = await self._session.matches(query)
        found = sort_by_page_order(query, matches, self._page.sheet)
        self._matches = found if found.ranges else None
        self._at = found.from_row(row)

    def step(self, step: int) -> None:
        """Go to the next match or the one before."""
        if self._matches is None:
            self._say("no search yet; / searches")
            return
        self._at = (self._at + step) % len(self._matches.ranges)
        self.show()

    def show(self) -> None:
        """Show the match one is at."""
        found = self._matches
        if found is None:
            return
        self._page.mark(found.by_row(), found.ranges[self._at])
        self._page.reveal(found.ranges[self._at])
        languages = found.languages()
        is_hidden = set(languages).isdisjoint(self._page.sheet.layout.languages)
        where = f" (only in {', '.join(languages)})" if is_hidden else ""
        self._say(f"/{found.query}   {self._at + 1} of {len(found.ranges)}{where}")

    def end(self) -> None:
        """Take the marks away."""
        self._matches = None
        self._page.mark({})
