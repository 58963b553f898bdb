"""The picker for the articles of the library, in the columns of `relmgr list`."""

import time
from collections.abc import Callable, Mapping, Sequence

from textual.app import App
from textual.content import Content
from textual.widgets.option_list import Option

from relmgr_cli import messages
from relmgr_cli.languages.tags import match_language
from relmgr_cli.layout.article_rows import ArticleRow, article_cells, article_rows, fit_rows
from relmgr_cli.layout.language_summary import library_languages
from relmgr_cli.layout.line import Range
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.screens.picker import Choice, FilterPicker, mark
from relmgr_cli.store.articles import ArticleSummary
from relmgr_cli.store.reading_state import ReadingPosition

_SECONDS_PER_DAY = 86_400
_MARGIN = 3  # cells: one before and after a row, one for the scroll bar


async def choose_article(app: App[object], session: ReadingSession) -> int | None:
    """Let the user choose an article of the library; return its number."""
    articles = await session.worker.run(session.worker.articles)
    wanted = session.wanted_languages()
    picker = ArticlePicker(articles, wanted, session.positions().articles, session.opened.number, app.size.width)
    return await app.push_screen_wait(picker)


class ArticlePicker(FilterPicker[int]):
    """A picker for articles; `read` has when they were read, by id."""

    def __init__(  # noqa: PLR0913
        self,
        articles: Sequence[ArticleSummary],
        wanted: Sequence[str],
        read: Mapping[str, ReadingPosition],
        current: int,
        columns: int,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._articles = articles
        self._wanted = wanted
        self._last_read = {name: _last_read(int(now()) - position.read) for name, position in read.items()}
        choices = [
            Choice(article.number, row.number, row.title, row.path, _names(article))
            for article, row in zip(articles, self._lay_out(columns), strict=True)
        ]
        index = next((index for index, article in enumerate(articles) if article.number == current), 0)
        super().__init__(messages.ARTICLES_TITLE, choices, index)

    def _lay_out(self, columns: int) -> Sequence[ArticleRow]:
        """Return a row for each article, and fit them to a screen of this width."""
        width = columns - _MARGIN
        languages = library_languages(self._articles, self._wanted)
        preferred = [match_language(self._wanted, article.languages) for article in self._articles]
        rows = article_rows(self._articles, preferred, languages, width)
        notes = [self._last_read.get(article.id, "") for article in self._articles]
        rows = [row._replace(note=note) if note else row for row, note in zip(rows, notes, strict=True)]
        fitted, self._row_columns = fit_rows(rows, width)
        self._row_of = dict(zip((article.number for article in self._articles), fitted, strict=True))
        self._laid_out_for = columns
        return rows

    def fit(self, columns: int) -> None:
        """Lay out the rows for another width, and list them."""
        if columns != self._laid_out_for:
            self._lay_out(columns)
            self.list_found(self.options.highlighted or 0)

    def option(self, choice: Choice[int]) -> Option:
        """Return an article as `relmgr list` shows it, with the letters that the filter matches."""
        row = self._row_of[choice.value]
        cells = article_cells(row, self._row_columns)
        languages = (cells.languages, "dim" if row.is_complete else "")
        content = Content.assemble(
            (cells.number, "dim"), cells.title, languages, (cells.note, "dim"), (cells.path, "dim")
        )
        titles, paths = self.matches(choice)
        if row.title == choice.text:
            content = mark(content, _visible(titles, choice.text, cells.title.rstrip()), len(cells.number))
            return Option(mark(content, _visible(paths, choice.note, cells.path), len(content) - len(cells.path)))
        return Option(mark(content, _visible(paths, choice.note, cells.title.rstrip()), len(cells.number)))


def _names(article: ArticleSummary) -> str:
    """Return the id of an article and its titles in all languages."""
    return " ".join([article.id, *(document.title for document in article.documents)])


def _visible(ranges: Sequence[Range], text: str, shown: str) -> list[Range]:
    """Return the ranges of a text in what is shown of it, which has an ellipsis where it is cut."""
    if shown == text:
        return [*ranges]
    first, last = (1, len(shown)) if shown.startswith("…") else (0, len(shown) - 1)
    moved = len(shown) - len(text) if first else 0
    clipped = [(max(start + moved, first), min(end + moved, last)) for start, end in ranges]
    return [(start, end) for start, end in clipped if start < end]


def _last_read(seconds: int) -> str:
    days = seconds // _SECONDS_PER_DAY
    return messages.READ_TODAY if days < 1 else messages.READ_DAYS_AGO.fill(days)
