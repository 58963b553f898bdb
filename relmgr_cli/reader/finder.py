"""Finding in the article: what was looked for last, which of the matches one is at, and the marks on the page."""

from collections.abc import Callable

from relmgr_cli.reader.findings import Findings, arrange
from relmgr_cli.reader.page import Page
from relmgr_cli.reader.session import ReadingSession

_THIRD = 3  # what is gone to stands this part of the screen below its top


class Finder:
    """A search in the article at hand."""

    def __init__(self, session: ReadingSession, page: Page, say: Callable[[str], None]) -> None:
        self._session = session
        self._page = page
        self._say = say
        self._findings: Findings | None = None
        self._at = 0

    @property
    def query(self) -> str:
        """What was found last, "" for nothing."""
        return self._findings.query if self._findings else ""

    async def find(self, query: str, row: int) -> None:
        """Find a text and go to the first match from a row on."""
        if not query.strip():
            self.end()
            return
        await self._look_for(query, row)
        if self._findings is None:
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
        if self._findings is None:
            return
        await self._look_for(self._findings.query, self._page.viewport.current)
        findings = self._findings
        self._page.mark(findings.marks() if findings else {}, findings.spot(self._at) if findings else None)

    async def _look_for(self, query: str, row: int) -> None:
        matches = await self._session.matches(query)
        findings = arrange(query, matches, self._page.sheet)
        self._findings = findings if findings.words else None
        self._at = findings.from_row(row)

    def step(self, step: int) -> None:
        """Go to the next match or the one before."""
        if self._findings is None:
            self._say("no search yet; / searches")
            return
        self._at = (self._at + step) % len(self._findings.words)
        self.show()

    def show(self) -> None:
        """Show the match one is at."""
        findings = self._findings
        if findings is None:
            return
        self._page.mark(findings.marks(), findings.spot(self._at))
        self._page.reveal(findings.words[self._at])
        languages = findings.languages()
        is_hidden = set(languages).isdisjoint(self._page.sheet.layout.languages)
        where = f" (only in {', '.join(languages)})" if is_hidden else ""
        self._say(f"/{findings.query}   {self._at + 1} of {len(findings.words)}{where}")

    def end(self) -> None:
        """Take the marks away."""
        self._findings = None
        self._page.mark({})
