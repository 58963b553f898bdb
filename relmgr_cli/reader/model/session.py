"""The reading session: the open article with its files and links, the history, and the reading positions.

Methods that use the library are coroutines, because they run in the library's threads.
"""

import asyncio
import errno
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library, titles_of
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.reader.model.anchors import RowAnchor, RowIndex, anchor_row, resolve_anchor
from relmgr_cli.reader.model.library_worker import LibraryWorker, OpenArticle, file_paths, files_status
from relmgr_cli.reader.model.positions import TextRange
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.store.name_lookup import article_of_file
from relmgr_cli.store.reading_state import (
    Columns,
    ReadingPosition,
    ReadingPositions,
    read_positions,
    write_last_read,
    write_position,
)

if TYPE_CHECKING:
    from relmgr_cli.core.bookmarks import FoundBookmark
    from relmgr_cli.search.in_article import BlockMatch
    from relmgr_cli.search.results import Hit
    from relmgr_cli.store.kept_words import WordInContext
    from relmgr_cli.store.links import ResolvedLink

_MAX_HITS = 30


class Start(NamedTuple):
    """How the reader starts."""

    opened: OpenArticle
    languages: tuple[str, ...]  # the first one is opened
    section: str | None  # its number; None starts at the last position
    choose: bool  # start with the list of articles
    columns: Columns = Columns()
    block: tuple[str, int] | None = None  # of the section: language and index of the one to start at


class HistoryEntry(NamedTuple):
    """A position to go back or forward to."""

    document: Document
    language: str
    anchor: Anchor
    row_anchor: RowAnchor


class ReadingSession:
    """The open article, its links, and the history of positions."""

    def __init__(  # noqa: PLR0913
        self,
        worker: LibraryWorker,
        opened: OpenArticle,
        language: str,
        *,
        reading_file: str = "",
        last_file: str = "",
        settings: Settings | None = None,
    ) -> None:
        self.worker = worker
        self.opened = opened
        self.language = language
        self.history: list[HistoryEntry] = []  # the last one last
        self.future: list[HistoryEntry] = []  # positions left by going back; the next one last
        self._reading_file = reading_file
        self._last_file = last_file
        self._settings = settings
        self.columns = Columns()
        self._status = files_status(file_paths(opened.article))
        self._links: dict[str, tuple[ResolvedLink, ...]] = {}
        self._saved: tuple[ReadingPosition, Columns] | None = None
        self.saves_position = True  # False until the user has chosen an article
        self._is_aligned_by_meaning = False
        self._is_judged = False
        self.unknown_because = ""  # why it is not known which sections are up to date

    @property
    def article(self) -> Article:
        """The open article."""
        return self.opened.article

    @property
    def document(self) -> Document:
        """The document in the reader's language, else the first one."""
        documents = self.article.documents
        return documents[self.language] if self.language in documents else next(iter(documents.values()))

    def sorted_languages(self) -> tuple[str, ...]:
        """Return the languages of the article: those of the user, of the columns and of the page first."""
        from relmgr_cli.core.selection import reader_languages
        from relmgr_cli.languages.tags import match_language

        languages = self.opened.languages
        users = reader_languages(self._settings) if self._settings else ()
        found = [match_language((language,), languages) for language in (*users, *self.columns.languages)]
        return tuple(dict.fromkeys([*filter(None, found), self.document.language, *languages]))

    def wanted_languages(self) -> tuple[str, ...]:
        """Return the reader's languages, best first: the current one, those of the columns, those of the settings."""
        from relmgr_cli.core.selection import reader_languages

        users = reader_languages(self._settings) if self._settings else ()
        return tuple(dict.fromkeys([self.language, *self.columns.languages, *users]))

    # Articles.

    async def open(self, number: int, language: str | None = None) -> OpenArticle:
        """Open another article in a language, by default the reader's. Raises LibraryChangedError, and is unchanged."""
        language = language or self.language
        if number == self.opened.number:
            self.language = language
            return self.opened
        opened = await self.worker.run(self.worker.open, number, language)
        if self._last_file:
            await self.worker.run(write_last_read, self._last_file, opened.article.id)
        self.language = language
        self._set(opened)  # the caller shows it at once: until then the page has the rows of the article before
        return self.opened

    async def align_pending(self, *, by_meaning: bool = False) -> bool:
        """Align the article if that was deferred, or with embeddings; return True if it changed."""
        before = self.opened
        if by_meaning and (self._is_aligned_by_meaning or len(before.languages) == 1):
            return False
        opened = await self.worker.run(partial(self.worker.open_aligned, before.number, by_meaning=by_meaning))
        if self.opened is not before:
            return False
        is_new = not before.is_final or opened.article.units != before.article.units
        if is_new:
            self._set(opened)
        self._is_aligned_by_meaning = by_meaning
        return is_new

    async def pair_pending(self) -> bool:
        """Find translations by content for an article without any; return True if there are some."""
        before = self.opened
        if not await self.worker.run(self.worker.pair_article, before.number):
            return False
        return self.opened is before and await self._reopen() and len(self.opened.languages) > 1

    async def judge_pending(self) -> bool:
        """Find out which sections are not up to date; return True if that is another answer than before."""
        before = self.opened
        if self._is_judged or len(before.languages) == 1:
            return False
        states, reason = await self.worker.judge(before.number)
        if self.opened is not before:
            return False
        self._is_judged, self.unknown_because = True, reason
        if states == before.article.states:
            return False
        self.opened = before._replace(article=before.article._replace(states=states))
        return True

    async def reload_if_changed(self) -> bool:
        """Load the article again if its files have changed; return True if it differs."""
        before, old = self.opened, self._status
        status = await self.worker.run(files_status, file_paths(before.article))
        if status == old or self.opened is not before:
            return False
        self._status = status
        await self.worker.run(self.worker.library.refresh)
        return self.opened is before and await self._reopen()

    async def _reopen(self) -> bool:
        before = self.opened
        for document in (self.document, *before.article.documents.values()):
            number = await self.article_of(document)
            if number is not None:
                opened = await self.worker.run(self.worker.open, number, self.language)
                if self.opened is not before:
                    return False
                self._set(opened)
                return opened.article != before.article or opened.languages != before.languages
        return False

    def _set(self, opened: OpenArticle) -> None:
        self.opened = opened
        self._links.clear()
        self._is_aligned_by_meaning = False
        self._is_judged = False
        self._status = files_status(file_paths(opened.article))

    # Links and history.

    async def links(self, language: str) -> "tuple[ResolvedLink, ...]":
        """Return the links of the article with their targets; () if another article has been opened meanwhile."""
        from relmgr_cli.store.links import article_links

        article = self.article
        if language not in self._links and language in article.documents:
            found = await self.worker.run(article_links, self.worker.library.database, article, language)
            if article is not self.article:
                return ()
            self._links[language] = found
        return self._links.get(language, ())

    async def link_titles(self, language: str) -> Mapping[str, str]:
        """Return the titles of the linked articles, see `titles_of`."""
        if await self.worker.run(lambda: self.worker.library.has_single_article):
            return {}
        return titles_of(await self.links(language))

    def history_entry(self, rows: ArticleRows, anchor: Anchor) -> HistoryEntry:
        """Return the current position as a history entry."""
        return HistoryEntry(self.document, self.document.language, anchor, anchor_row(rows.row_index, anchor.row))

    async def article_of(self, document: Document) -> int | None:
        """Return the number of the article that a file belongs to; None if the file is gone."""
        return await self.worker.run(article_of_file, self.worker.library.database, document.root, document.path)

    # The search.

    async def matches(self, query: str) -> "tuple[BlockMatch, ...]":
        """Return the matches of a query in the article."""
        return await self.worker.run_query(Library.find_in_article, self.article, query)

    async def pattern_matches(self, pattern: str) -> "tuple[BlockMatch, ...]":
        """Return the matches of a regular expression in the article; when cancelled, its process is ended.

        Raises PatternInvalidError or PatternSlowError.
        """
        from relmgr_cli.search.in_article import find_pattern_in_article
        from relmgr_cli.search.regex_matching import RegexMatcher

        matcher = RegexMatcher(pattern)
        found = asyncio.get_running_loop().run_in_executor(None, find_pattern_in_article, self.article, matcher)
        found.add_done_callback(lambda future: future.cancelled() or future.exception())  # marks its error as seen
        try:
            return await asyncio.shield(found)  # it has to close the matcher
        finally:
            matcher.stop()

    async def hits(self, query: str) -> "tuple[Hit, ...]":
        """Return the sections of the library that match a query, best first."""
        return await self.worker.run_query(_search, query, self.language)

    async def not_found(self, message: str) -> str:
        """Return the message for a search without results; adds that embeddings are missing if they are."""
        is_complete = await self.worker.run_query(Library.is_learnt)
        return message if is_complete else messages.KEYWORD_SEARCH_ONLY_SUFFIX.fill(message=message)

    async def word_translation(self, rows: ArticleRows, word: TextRange, language: str) -> TextRange | None:
        """Return the translation of a word in another language; None if it is uncertain."""
        text, other = rows.text(word.row, word.language), rows.text(word.row, language)
        span, languages = (word.start, word.end), (word.language, language)
        found = await self.worker.run_query(Library.translate_word, text, span, other, languages)
        return TextRange(word.row, language, *found) if found else None

    async def sentence_translation(self, rows: ArticleRows, word: TextRange, language: str) -> TextRange | None:
        """Return the translation of the sentence of a word; None if it is not known."""
        from relmgr_cli.reader.model.word_lens import translate_sentence

        return await self.worker.run_query(translate_sentence, rows, word, language)

    async def keep_word(self, word: "WordInContext") -> bool:
        """Keep a word of this library; return False if it was kept already. Raises OSError."""
        from relmgr_cli.store.kept_words import keep_word, kept_words_file

        path = kept_words_file(self._settings and self._settings.state_folder, self.worker.library.key)
        if not path:
            raise FileNotFoundError(errno.ENOENT, messages.NO_STATE_FOLDER)
        return await asyncio.to_thread(keep_word, path, word)

    # Bookmarks.

    async def toggle_bookmark(self, blocks: Mapping[str, Sequence[int]]) -> bool:
        """Set a bookmark at a block of the article, or remove it; return True if it is set now. Raises OSError.

        `blocks` are the indexes of the block and its translations by language.
        """
        from relmgr_cli.core.bookmarks import toggle_bookmark

        file = self._bookmarks_file()
        if not file:
            raise FileNotFoundError(errno.ENOENT, messages.NO_STATE_FOLDER)
        return await asyncio.to_thread(toggle_bookmark, file, self.article, blocks, self.document.language)

    async def bookmarked_blocks(self) -> frozenset[tuple[str, int]]:
        """Return language and index of the blocks of the article that have a bookmark."""
        return await asyncio.to_thread(_bookmarked_blocks, self._bookmarks_file(), self.article)

    async def bookmarks(self) -> "list[FoundBookmark]":
        """Return the bookmarks of the library, after an update from its files; in the reader's language if possible."""
        return await self.worker.run(_bookmarks, self.worker.library, self._bookmarks_file(), self.language)

    def _bookmarks_file(self) -> str:
        from relmgr_cli.store.bookmarks import bookmarks_file

        return bookmarks_file(self._settings and self._settings.state_folder, self.worker.library.key)

    # Reading positions.

    def positions(self) -> ReadingPositions:
        """Return the last position in each article of the library."""
        return read_positions(self._reading_file)

    def position(self) -> ReadingPosition | None:
        """Return the last position in this article."""
        return self.positions().of(self.article.id, file_paths(self.article))

    def save_position(self, rows: ArticleRows, anchor: Anchor, *, now: Callable[[], float] = time.time) -> None:
        """Save the position in the article that is shown, and the columns, if they have changed."""
        if not self.saves_position:
            return
        position = ReadingPosition(
            language=self.language,
            fraction=float(anchor.fraction),
            screen_line=anchor.screen_line,
            paths=file_paths(rows.article),
            **anchor_row(rows.row_index, anchor.row)._asdict(),
        )
        if (position, self.columns) != self._saved:
            self._saved = position, self.columns
            position = position._replace(read=int(now()))
            write_position(self._reading_file, rows.article.id, position, columns=self.columns)


def anchor_of(position: ReadingPosition, index: RowIndex) -> Anchor:
    """Return the anchor of a saved position in the current article."""
    row_anchor = RowAnchor(position.section, position.row, position.offset, position.fingerprints)
    return Anchor(
        resolve_anchor(index, row_anchor), max(0.0, min(position.fraction, 0.999)), max(0, position.screen_line)
    )


def _bookmarked_blocks(file: str, article: Article) -> frozenset[tuple[str, int]]:
    if not os.path.exists(file):  # as for most libraries
        return frozenset()
    from relmgr_cli.core.bookmarks import bookmarked_blocks

    return bookmarked_blocks(file, article)


def _bookmarks(library: Library, file: str, language: str) -> "list[FoundBookmark]":
    from relmgr_cli.core.bookmarks import find_bookmarks
    from relmgr_cli.store.bookmarks import load_bookmarks

    library.refresh()
    return find_bookmarks(library.database, load_bookmarks(file), (language,))


def _search(library: Library, query: str, language: str) -> "tuple[Hit, ...]":
    from relmgr_cli.layout.hits import MAX_LANGUAGES
    from relmgr_cli.search.retrieval import Scope

    return library.search(query, Scope(limit=_MAX_HITS), (language,), MAX_LANGUAGES).hits
