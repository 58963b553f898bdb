"""The search in the article: the current query, its matches on the page, and which of them is the current one."""

from asyncio import to_thread
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.errors import PatternInvalidError, PatternSlowError
from relmgr_cli.reader.model.decorations import SearchMatches, sort_by_page_order
from relmgr_cli.reader.model.positions import TextRange, position_of
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.model.viewport import Position
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.workers import ScreenWorkers

_GROUP = "find"  # of workers
_PATIENCE_SECONDS = 0.5  # before a search that takes long is announced
_MAX_PAST = 100  # queries


class PastQuery(NamedTuple):
    """A query that the user has entered."""

    text: str
    is_pattern: bool


class _Shown(NamedTuple):
    """Where the current match was when it was shown."""

    match: TextRange
    top: Position  # of the page
    y: int  # line of the screen; 0 if it was not on the screen
    jumps: int  # see `Page.jumps`


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
        self._shown: _Shown | None = None
        self.past: list[PastQuery] = []  # the last one last

    @property
    def query(self) -> str:
        """The query that has matches, "" without any."""
        return self._matches.query if self._matches else ""

    @property
    def visible_match(self) -> TextRange | None:
        """The current match; None if it is not on the screen."""
        match = self._matches.ranges[self._index] if self._matches else None
        is_shown = match and match.language in self._page.rows.layout.languages and self._y(match) is not None
        return match if is_shown else None

    def find(self, query: str, row: int) -> None:
        """Start to search; goes to the first match from a row on."""
        self._workers.run(_GROUP, self._find, query, row, self.takes_patterns, is_exclusive=True)

    def enter(self, query: str, row: int) -> None:
        """Show the current match of a query, or search for it as `find` does; an empty one repeats the last query."""
        if not query.strip():
            self._workers.run(_GROUP, self._repeat, 1, is_exclusive=True)
            return
        entered = PastQuery(query, self.takes_patterns)
        self.past = [*(each for each in self.past if each != entered), entered][-_MAX_PAST:]
        if query == self.query:
            self.show()
        else:
            self.find(query, row)

    async def _find(self, query: str, row: int, is_pattern: bool) -> None:  # noqa: FBT001 (positional for the worker)
        if not query.strip():
            self._clear()
        elif await self._has_found(query, row, is_pattern=is_pattern):
            self.show()

    async def _repeat(self, step: int) -> None:
        """Search for the last query again, and go to a following or preceding match."""
        if not self.past:
            self._show_message(messages.NO_SEARCH_YET, hint="find")
            return
        text, is_pattern = self.past[-1]
        if await self._has_found(text, self._page.viewport.current, is_pattern=is_pattern):
            self._step(step)

    async def _has_found(self, query: str, row: int, *, is_pattern: bool) -> bool:
        """Search, and report a failure."""
        self._failure = messages.NO_MATCHES.fill(query=query)
        try:
            with self._announced():
                await self._search(query, row, is_pattern=is_pattern)
        except PatternInvalidError as error:
            self._matches, self._failure = None, messages.NO_PATTERN.fill(reason=error.reason)
        except PatternSlowError:
            self._matches, self._failure = None, messages.SLOW_PATTERN
        if self._matches is None:
            self._page.set_matches({})
            self._show_message(self._failure if is_pattern else await self._session.not_found(self._failure))
        return self._matches is not None

    @contextmanager
    def _announced(self) -> Iterator[None]:
        """Say that the search is running if it takes long."""
        timer = self._page.set_timer(_PATIENCE_SECONDS, lambda: self._show_message(messages.SEARCHING))
        try:
            yield
        finally:
            timer.stop()

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
            self._page.set_matches(found.by_row, found.ranges[self._index])
        else:
            self._page.set_matches({})

    async def _search(self, query: str, row: int, *, is_pattern: bool = False) -> None:
        search = self._session.pattern_matches if is_pattern else self._session.matches
        found = await to_thread(sort_by_page_order, query, await search(query), self._page.rows)
        self._matches, self._is_pattern = (found if found.ranges else None), is_pattern
        self._index = found.from_row(row)

    async def step(self, step: int) -> None:
        """Go to a following or preceding match, once the search has finished; repeat the last query without one."""
        has_waited = self._workers.is_running(_GROUP)
        if has_waited:
            self._show_message(messages.SEARCHING)
        await self._workers.until(lambda: not self._workers.is_running(_GROUP))
        if self._matches is not None:
            self._step(step)
        elif self._failure:
            self._show_message(self._failure)
        elif not has_waited:  # else the search was cancelled
            self._workers.run(_GROUP, self._repeat, step, is_exclusive=True)

    def _step(self, step: int) -> None:
        if self._matches is not None:
            self._index = self._next(self._matches.ranges, step)
            self.show()

    def _next(self, matches: Sequence[TextRange], step: int) -> int:
        """Return the index of the match that follows or precedes the one that was shown.

        After the page has been moved, of that which does so from the line of the screen where the last one was.
        """
        shown, page = self._shown, self._page
        index = matches.index(shown.match) if shown and shown.match in matches else -1
        if shown and index >= 0 and (page.viewport.top, page.jumps) == (shown.top, shown.jumps):
            return (index + step) % len(matches)
        is_visible = shown is not None and self._y(shown.match) is not None and page.jumps == shown.jumps
        start = self._start(shown.y if shown else 0, 0 if is_visible else step)
        after = next((number for number, match in enumerate(matches) if self._is_from(match, start)), len(matches))
        found = (after if step > 0 else after - 1) % len(matches)
        return (found + step) % len(matches) if is_visible and found == index else found

    def _is_from(self, match: TextRange, start: Position) -> bool:
        return match.row > start.row or (match.row == start.row and self._line(match) >= start.line)

    def _start(self, y: int, step: int) -> Position:
        """Return a line of the screen; for a step from outside it, the start or end of the article if that is shown."""
        lines = self._page.positions
        if not lines or (step > 0 and lines[0] == (0, 0)):
            return Position(0, 0)
        if step < 0 and self._page.viewport.is_at_end:
            return Position(len(self._page.rows), 0)
        return lines[min(y, len(lines) - 1)]

    def _line(self, match: TextRange) -> int:
        """Return the line of its row where a match is shown, or would be."""
        position = position_of(self._page.rows, match)
        return position.line if position else self._page.rows.size(match.row).leading_blank

    def _y(self, match: TextRange) -> int | None:
        """Return the line of the screen where a match is; None if it is not there."""
        position = Position(match.row, self._line(match))
        return self._page.positions.index(position) if position in self._page.positions else None

    def show(self) -> None:
        """Show the current match."""
        found = self._matches
        if found is None:
            return
        current, page = found.ranges[self._index], self._page
        page.set_matches(found.by_row, current)
        page.reveal(current)
        self._shown = _Shown(current, page.viewport.top, self._y(current) or 0, page.jumps)
        is_hidden = set(found.languages).isdisjoint(self._page.rows.layout.languages)
        template = messages.MATCH_IN_OTHER_LANGUAGES if is_hidden else messages.MATCH
        position = {"query": found.query, "index": self._index + 1, "count": len(found.ranges)}
        self._show_message(template.fill(**position, languages=", ".join(found.languages)))

    def cancel(self) -> None:
        """End the search."""
        self._workers.cancel(_GROUP)
        self._clear()

    def _clear(self) -> None:
        self._matches, self._failure = None, ""
        self._page.set_matches({})
