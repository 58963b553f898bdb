"""Navigation: to a heading, a key point, a link's target, a hit of a search or another article, back and forward."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.config import Arrangement
from relmgr_cli.layout.columns import shorten_start
from relmgr_cli.reader.article_search import ArticleSearch
from relmgr_cli.reader.model.anchors import resolve_anchor
from relmgr_cli.reader.model.library_worker import file_path
from relmgr_cli.reader.model.positions import Link, TextRange
from relmgr_cli.reader.model.session import HistoryEntry, ReadingSession, anchor_of
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.reader.page_marks import mark_bookmarks
from relmgr_cli.reader.screens import picker
from relmgr_cli.reader.screens.article_picker import choose_article
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.reader.widgets.status_bar import status_info
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from relmgr_cli.reader.word_lens import WordLens


class Navigator:
    """Moves in the article and between articles; the names of its public coroutines are in the keymap."""

    def __init__(
        self,
        session: ReadingSession,
        page: Page,
        article_search: ArticleSearch,
        on_opened: Callable[[], None],
        show_message: Callable[..., None],
    ) -> None:
        self._app = page.app
        self._session = session
        self._page = page
        self._article_search = article_search
        self._on_opened = on_opened  # shows the article that the session has opened
        self._show_message = show_message
        self._is_choosing = False

    async def search(self) -> None:
        """Search the library; go to the best block of the chosen hit and highlight its matches."""
        from relmgr_cli.reader.screens.search import SearchScreen

        screen = SearchScreen(self._session, self._page.renderer)
        if hit := await self._app.push_screen_wait(screen):
            match = hit.matches[0]
            await self._open(hit.number, hit.section.number, match.language)
            row = self._page.rows.row_of_block(match.language, match.block)
            if row is not None:
                await self._article_search.open_at(screen.query_text, row)

    async def heading(self) -> None:
        """Choose a heading and go there."""
        from relmgr_cli.reader.screens.heading_picker import choose_heading

        page, session = self._page, self._session
        section = page.rows.section(page.viewport.current)
        current = section.number if section else ""
        if chosen := await choose_heading(self._app, session.article, session.document.language, current):
            page.go_to(page.rows.row_of_section(chosen))

    async def place(self) -> None:
        """Show the line at the top, the percentage, and file and line of the current block."""
        page, document = self._page, self._session.document
        line = page.rows.line_in_file(page.current_row, document.language)
        file = f"{messages.shown_path(document.root, document.path)}:{line}"
        percent = status_info(page.rows, page.viewport).percent
        place: dict[str, object] = {"percent": percent, "file": ""}
        template = messages.PLACE_IN_FILE
        if lines := page.viewport.line_numbers():
            template, place = messages.PLACE, {**place, "line": lines[0], "count": lines[1]}
        room = self._app.size.width - 2 - cell_len(template.fill(**place))  # the bar has a blank at each end
        self._show_message(template.fill(**{**place, "file": shorten_start(sanitize_line(file), room)}))

    async def outdated(self) -> str | None:
        """Return the number of the next section that is not up to date; None if there is none, and say why."""
        page, session = self._page, self._session
        await session.judge_pending()
        article, language = session.article, session.document.language
        numbers = [section.number for section in article.sections]
        found = [number for number in numbers if article.state_of(number, language)]
        if language == article.source and len(article.documents) > 1:
            self._show_message(messages.SOURCE_IS_OPEN.fill(language=language), hint="next_language")
        elif not found:
            self._show_message(session.unknown_because or messages.ALL_UP_TO_DATE.fill(language=language))
        else:
            section = page.rows.section(page.viewport.current)
            current = numbers.index(section.number) if section and section.number in numbers else -1
            return next((number for number in found if numbers.index(number) > current), found[0])
        return None

    async def highlights(self) -> None:
        """Choose a key point and go there."""
        rows, language = self._page.rows, self._session.document.language
        highlights = rows.highlights(language)
        if not highlights:
            self._show_message(messages.NO_KEY_POINTS)
        elif chosen := await picker.choose_highlight(self._app, rows, highlights, language):
            self._page.go_to(chosen)

    async def articles(self) -> None:
        """Choose another article of the library; at the start, quit without one."""
        if self._is_choosing:
            return
        self._is_choosing = True
        self._save_position()
        try:
            chosen = await choose_article(self._app, self._session)
            if chosen is None and not self._session.saves_position:
                self._app.exit()
                return
            self._session.saves_position = True
            if chosen and chosen != self._session.opened.number:
                await self._open(chosen)
        finally:
            self._is_choosing = False

    async def bookmark(self) -> None:
        """Set a bookmark at the current block, or remove it; at the title, at the first block of the article."""
        rows, languages = self._page.rows, self._session.article.documents
        row = max(1, self._page.current_row)
        blocks = {tag: rows.block_indices(row, tag) for tag in languages} if row < len(rows) else {}
        if not any(blocks.values()):
            self._show_message(messages.NOTHING_TO_BOOKMARK)
            return
        tags = (self._session.document.language, *languages)
        text = next(" ".join(rows.text(row, tag).split()) for tag in tags if blocks[tag])
        try:
            is_set = await self._session.toggle_bookmark(blocks)
        except OSError as error:
            self._show_message(messages.BOOKMARKS_NOT_SAVED.fill(reason=error.strerror or error))
        else:
            self._show_message((messages.BOOKMARK_SET if is_set else messages.BOOKMARK_REMOVED).fill(text=text))
            await mark_bookmarks(self._session, self._page)

    async def bookmarks(self) -> None:
        """Choose a bookmark of the library and go to its block, in the current language."""
        bookmarks = await self._session.bookmarks()
        if not bookmarks:
            self._show_message(messages.NO_BOOKMARKS_IN_READER, hint="bookmark")
            return
        chosen = await picker.choose_bookmark(self._app, bookmarks)
        if chosen is None:
            return
        if chosen.article_number is None:
            self._show_message(messages.BOOKMARK_GONE_IN_READER.fill(number=chosen.number))
            return
        await self._open(chosen.article_number)
        row = self._page.rows.row_of_block(chosen.language, chosen.block)
        self._page.go_to(self._page.rows.row_of_section(chosen.section) if row is None else row)

    async def copy(self) -> None:
        """Copy the current block."""
        text = self._page.current_text or self._session.document.title
        self._app.copy_to_clipboard(sanitize(text))
        self._show_message(messages.COPIED.fill(text=" ".join(text.split())))

    def place_to_edit(self) -> tuple[str, int]:
        """Return file and line of the word in the word lens, of the match on the screen, else of the current block."""
        rows, document = self._page.rows, self._session.document
        if text := self._page.word or self._article_search.visible_match:
            from relmgr_cli.reader.model.word_lens import line_of

            return file_path(rows.article.documents[text.language]), line_of(rows, text)
        return file_path(document), rows.line_in_file(self._page.current_row, document.language)

    async def visible_link(self) -> None:
        """Follow a link on the screen; let the user choose if there are several. In the word lens, keep the word."""
        if self._page.word:
            await self._lens.keep(self._page.word)
            return
        links = self._page.visible_links()
        if not links:
            self._show_message(messages.NO_VISIBLE_LINKS)
        elif chosen := await picker.choose_link(self._app, links):
            await self.follow(*chosen)

    async def follow(self, link: Link, language: str) -> None:
        """Open the target of a link. Copies one outside the library, because relmgr never uses the network."""
        found = next((each for each in await self._session.links(language) if each.href == link.href), None)
        if found is None or found.resolved.status == "nowhere":
            self._show_message(messages.LINK_IS_BROKEN.fill(href=link.href))
        elif found.resolved.article is None:
            self._app.copy_to_clipboard(sanitize_line(link.href))
            self._show_message(messages.LINK_COPIED.fill(href=link.href))
        else:
            await self._open(found.resolved.article, found.resolved.section, found.resolved.language)

    async def back(self) -> None:
        """Go back to the position before the last link, hit or chosen article."""
        await self._travel(self._session.history, self._session.future, messages.NO_HISTORY)

    async def forward(self) -> None:
        """Go forward again to the position that the last step back has left."""
        await self._travel(self._session.future, self._session.history, messages.NO_FUTURE)

    async def _travel(self, entries: list[HistoryEntry], others: list[HistoryEntry], nothing: str) -> None:
        """Go to the last of some positions, and add the current one to the others."""
        session = self._session
        if not entries:
            self._show_message(nothing)
            return
        entry = entries.pop()
        self._save_position()
        number = await session.article_of(entry.document)
        if number is None:
            self._show_message(messages.ARTICLE_GONE.fill(path=entry.document.path))
            return
        current = session.history_entry(self._page.rows, self._page.viewport.anchor)
        await session.open(number, entry.language)
        others.append(current)
        self._on_opened()
        self._page.restore(entry.anchor._replace(row=resolve_anchor(self._page.rows.row_index, entry.row_anchor)))

    async def _open(self, number: int, section: str | None = None, language: str | None = None) -> None:
        """Open an article at a section, else at its last position."""
        self._save_position()
        entry = self._session.history_entry(self._page.rows, self._page.viewport.anchor)
        await self._session.open(number, language)
        self._session.history.append(entry)
        self._session.future.clear()
        self._on_opened()
        position = self._session.position()
        if section:
            self._page.go_to(self._page.rows.row_of_section(section))
        else:
            self._page.restore(anchor_of(position, self._page.rows.row_index) if position else Anchor(0))

    def _save_position(self) -> None:
        self._session.save_position(self._page.rows, self._page.viewport.anchor)

    async def hold(self) -> None:
        """Scroll the first column alone, or all in step again."""
        layout = self._page.rows.layout
        if layout.arrangement is not Arrangement.COLUMNS:
            is_too_narrow = self._page.rows.view.mode is Arrangement.COLUMNS
            self._show_message(messages.NO_COLUMNS, hint="" if is_too_narrow else "columns")
        elif self._page.toggle_hold():
            self._show_message(messages.SCROLLS_ALONE.fill(language=layout.languages[0]))
        else:
            self._show_message(messages.COLUMNS_IN_STEP)

    async def translate(self, word: TextRange) -> None:
        """Show the translations of the word under the word cursor."""
        await self._lens.translate(word)

    @cached_property
    def _lens(self) -> "WordLens":
        from relmgr_cli.reader.word_lens import WordLens

        return WordLens(self._session, self._page, self._show_message)
