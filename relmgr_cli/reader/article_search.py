"""The search in the article: the current query, its matches on the page, and which of them is the current one."""

from collections.abc import Callable

from relmgr_cli import messages
from relmgr_cli.errors import PatternInvalidError, PatternSlowError
from relmgr_cli.reader.model.decorations import SearchMatches, sort_by_page_order
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.workers import ScreenWorkers

_GROUP = "find"  # of workers


class ArticleSearch:
    """A search in the open article."""

    def __init__(
        self, session: ReadingSession, page: Page, workers: ScreenWorkers, show_message: Callable[..., None]
    ) -> None:
        self._session = session
        self._page = page
        self._workers = workers
        self._show_message = show_message
        self.takes_patterns = False  # the find bar, until it is switched
        self._is_pattern = False  # the query of the matches
        self._matches: SearchMatches | None = None
        self._index = 0  # of the current match
        self._failure = ""  # why the last query has no matches

    @property
    def query(self) -> str:
        """The query that has matches, "" without any."""
        return self._matches.query if self._matches else ""

    def find(self, query: str, row: int) -> None:
        """Start to search; goes to the first match from a row on."""
        self._workers.run(_GROUP, self._find, query, row, self.takes_patterns, is_exclusive=True)

    async def _find(self, query: str, row: int, is_pattern: bool) -> None:  # noqa: FBT001 (positional for the worker)
        if not query.strip():
            self._clear()
            return
        self._failure = messages.NO_MATCHES.fill(query=query)
        try:
            await self._search(query, row, is_pattern=is_pattern)
        except PatternInvalidError as error:
            self._matches, self._failure = None, messages.NO_PATTERN.fill(reason=error.reason)
        except PatternSlowError:
            self._matches, self._failure = None, messages.SLOW_PATTERN
        if self._matches is None:
            self._page.set_matches({})
            self._show_message(self._failure if is_pattern else await self._session.not_found(self._failure))
        else:
            self.show()

    async def open_at(self, query: str, row: int) -> None:
        """Go to a row and highlight the matches of a query, if it has any."""
        await self._search(query, row)
        self._page.go_to(row, at=self._page.jump_line)
        self.show()

    def refresh(self) -> None:
        """Start to search again, for another page; does not move."""
        self._workers.run(_GROUP, self._refresh, is_exclusive=True)

    async def _refresh(self) -> None:
        if self._matches is None:
            return
        await self._search(self._matches.query, self._page.viewport.current, is_pattern=self._is_pattern)
        found = self._matches
        if found:
            self._page.set_matches(found.by_row(), found.ranges[self._index])
        else:
            self._page.set_matches({})

    async def _search(self, query: str, row: int, *, is_pattern: bool = False) -> None:
        search = self._session.pattern_matches if is_pattern else self._session.matches
        found = sort_by_page_order(query, await search(query), self._page.rows)
        self._matches, self._is_pattern = (found if found.ranges else None), is_pattern
        self._index = found.from_row(row)

    async def step(self, step: int) -> None:
        """Go to a following or preceding match, once the search has finished."""
        await self._workers.until(lambda: not self._workers.is_running(_GROUP))
        if self._matches is None:
            self._show_message(self._failure or messages.NO_SEARCH_YET, hint="" if self._failure else "find")
            return
        self._index = (self._index + step) % len(self._matches.ranges)
        self.show()

    def show(self) -> None:
        """Show the current match."""
        found = self._matches
        if found is None:
            return
        self._page.set_matches(found.by_row(), found.ranges[self._index])
        self._page.reveal(found.ranges[self._index])
        languages = found.languages()
        is_hidden = set(languages).isdisjoint(self._page.rows.layout.languages)
        template = messages.MATCH_IN_OTHER_LANGUAGES if is_hidden else messages.MATCH
        position = {"query": found.query, "index": self._index + 1, "count": len(found.ranges)}
        self._show_message(template.fill(**position, languages=", ".join(languages)))

    def cancel(self) -> None:
        """End the search."""
        self._workers.cancel(_GROUP)
        self._clear()

    def _clear(self) -> None:
        self._matches, self._failure = None, ""
        self._page.set_matches({})
