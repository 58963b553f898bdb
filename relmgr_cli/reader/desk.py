"""What is being read: the article at hand, its files, its links and the place in it. Knows no terminal.

Everything that asks the library is a coroutine: the answer is made in the library's thread.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.index.places import ReadingPlace, ReadingPlaces, keep_place, read_places, write_place
from relmgr_cli.library.articles import Article
from relmgr_cli.library.documents import Document
from relmgr_cli.reader.bearings import Bearing, Chart, find, take
from relmgr_cli.reader.finding import Hit, Match, counterpart_of, find_matches, is_learned, search_library
from relmgr_cli.reader.positions import TextRange
from relmgr_cli.reader.sheet import Sheet
from relmgr_cli.reader.shelf import Opened, Shelf, files_of, state_of
from relmgr_cli.reader.viewport import Anchor

if TYPE_CHECKING:
    from relmgr_cli.index.leads import Lead


class Stop(NamedTuple):
    """A place on the way back."""

    document: Document
    language: str
    anchor: Anchor
    bearing: Bearing


class Desk:
    """One article at a time, and where the others lie."""

    def __init__(
        self, shelf: Shelf, opened: Opened, language: str, *, reading_file: str = "", last_file: str = ""
    ) -> None:
        self.shelf = shelf
        self.opened = opened
        self.language = language
        self.way_back: list[Stop] = []
        self._reading_file = reading_file
        self._last_file = last_file
        self._state = state_of(files_of(opened.article))
        self._leads: dict[str, tuple[Lead, ...]] = {}
        self._kept: ReadingPlace | None = None
        self._is_aided = False

    @property
    def article(self) -> Article:
        """The article being read."""
        return self.opened.article

    @property
    def document(self) -> Document:
        """The translation being read."""
        documents = self.article.documents
        return documents[self.language] if self.language in documents else next(iter(documents.values()))

    # Articles.

    async def open(self, number: int, language: str | None = None) -> Opened:
        """Take another article; in the language asked for, else the reader's, else the first it has."""
        self.language = language or self.language
        if number == self.opened.number:
            return self.opened
        self._take(await self.shelf.ask(self.shelf.open, number, self.language))
        if self._last_file:
            await self.shelf.ask(write_place, self._last_file, self.article.id)
        return self.opened

    async def complete(self, *, by_meaning: bool = False) -> bool:
        """Align what is shown so far in one language, with the encoder's help if wanted; tell whether it changed."""
        before = self.opened
        if by_meaning and (self._is_aided or len(before.languages) == 1):
            return False
        opened = await self.shelf.ask(_align, self.shelf, before.number, by_meaning)
        if self.opened is not before:
            return False
        is_new = not before.is_final or opened.article.beads != before.article.beads
        if is_new:
            self._take(opened)
        self._is_aided = by_meaning
        return is_new

    async def pair(self) -> bool:
        """Look by meaning for translations of an article that stands alone; tell whether some were found."""
        before = self.opened
        if not await self.shelf.ask(self.shelf.pair_alone, before.number):
            return False
        return self.opened is before and await self._reopen() and len(self.opened.languages) > 1

    async def changed(self) -> bool:
        """Tell whether the files have changed, and take the article as they are now."""
        before, old = self.opened, self._state
        state = await self.shelf.ask(state_of, files_of(before.article))
        if state == old or self.opened is not before:
            return False
        self._state = state
        await self.shelf.ask(self.shelf.refresh)
        return self.opened is before and await self._reopen()

    async def _reopen(self) -> bool:
        before = self.opened
        for document in (self.document, *before.article.documents.values()):
            number = await self.shelf.ask(self.shelf.number_of, document)
            if number is not None:
                opened = await self.shelf.ask(self.shelf.open, number, self.language)
                if self.opened is not before:
                    return False
                self._take(opened)
                return opened.article != before.article or opened.languages != before.languages
        return False

    def _take(self, opened: Opened) -> None:
        self.opened = opened
        self._leads.clear()
        self._is_aided = False
        self._state = state_of(files_of(opened.article))

    # Links and the way back.

    async def leads(self, language: str) -> "tuple[Lead, ...]":
        """Return where the links of the article lead."""
        from relmgr_cli.index.leads import find_leads

        article = self.article
        if language not in self._leads and language in article.documents:
            found = await self.shelf.ask(find_leads, self.shelf.catalogue, article, language)
            if article is not self.article:
                return ()
            self._leads[language] = found
        return self._leads.get(language, ())

    async def titles(self, language: str) -> Mapping[str, str]:
        """Return for each link that is inside the library the title of what it leads to, "" for nowhere.

        A library of one article has nowhere to lead to, so nothing is looked up.
        """
        if await self.shelf.ask(self.shelf.is_small):
            return {}
        leads = await self.leads(language)
        inside = [lead for lead in leads if lead.resolved.kind != "outside" and not lead.href.startswith("#")]
        return {lead.href: lead.title for lead in inside}

    def stop(self, sheet: Sheet, anchor: Anchor) -> Stop:
        """Return the place as one to go back to."""
        return Stop(self.document, self.document.language, anchor, take(sheet.chart, anchor.row))

    async def number_of(self, document: Document) -> int | None:
        """Return the number of the article that a file is part of; None when it is gone."""
        return await self.shelf.ask(self.shelf.number_of, document)

    # The search.

    async def matches(self, query: str) -> tuple[Match, ...]:
        """Return where a query is answered in the article."""
        return await self.shelf.look_up(find_matches, self.article, query)

    async def hits(self, query: str) -> tuple[Hit, ...]:
        """Return the sections of the library that answer a query."""
        return await self.shelf.look_up(search_library, query, (self.language,))

    async def not_found(self, message: str) -> str:
        """Return what is to be said when nothing was found: nothing more than is known."""
        is_sure = await self.shelf.look_up(is_learned)
        return message if is_sure else f"{message}; until relmgr index has run, only letters and forms are searched"

    async def twin(self, sheet: Sheet, word: TextRange, language: str) -> TextRange | None:
        """Return the counterpart of a word in another language's text of its row."""
        text, others = sheet.text(word.row, word.language), sheet.text(word.row, language)
        spot = (word.start, word.end)
        found = await self.shelf.look_up(counterpart_of, text, spot, others, (word.language, language))
        return TextRange(word.row, language, *found) if found else None

    # Places.

    def places(self) -> ReadingPlaces:
        """Return where the reader was in each article of the library."""
        return read_places(self._reading_file)

    def place(self) -> ReadingPlace | None:
        """Return where the reader was in this article."""
        return self.places().of(self.article.id, files_of(self.article))

    def keep(self, sheet: Sheet, anchor: Anchor, *, now: Callable[[], float] = time.time) -> None:
        """Keep where the reader is, if that is somewhere else than at the last time."""
        bearing = take(sheet.chart, anchor.row)
        place = ReadingPlace(
            language=self.language,
            section=bearing.section,
            row=bearing.row,
            offset=bearing.offset,
            fraction=float(anchor.fraction),
            at=anchor.at,
            prints=bearing.prints,
            paths=files_of(self.article),
        )
        if place != self._kept:
            self._kept = place
            keep_place(self._reading_file, self.article.id, place._replace(read=int(now())))


def anchor_of(place: ReadingPlace, chart: Chart) -> Anchor:
    """Return the anchor that a kept place means in an article as it is now."""
    bearing = Bearing(place.section, place.row, place.offset, place.prints)
    return Anchor(find(chart, bearing), max(0.0, min(place.fraction, 0.999)), max(0, place.at))


def _align(shelf: Shelf, number: int, by_meaning: bool) -> Opened:  # noqa: FBT001 (asked through an executor)
    return shelf.open_aligned(number, by_meaning=by_meaning)


def name_of(document: Document) -> str:
    """Return the path of a document's file."""
    return os.path.join(document.root, document.path)
