"""The articles of a library as the rows of a list, in columns that fit the screen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from relmgr_cli import messages
from relmgr_cli.layout.columns import shorten, shorten_start
from relmgr_cli.layout.language_summary import LibraryLanguages, summarize_languages
from relmgr_cli.store.articles import ArticleSummary, DocumentSummary
from relmgr_cli.terminal.sanitize import sanitize_line

GAP = 2  # cells between columns
_MAX_WIDTH = 120  # cells; longer rows are hard to follow
_MIN_WIDTH_FOR_PATHS = 60
_PATHS_SHARE = 0.4  # of the width of titles and paths, if both are long
_MIN_PATH = 8  # cells, of a path after a note
_LANGUAGES_SHARE, _MIN_LANGUAGES = 4, 12  # of the width; cells


class ArticleRow(NamedTuple):
    """An article in a list; its texts are sanitized."""

    number: str
    title: str
    languages: str
    path: str
    is_complete: bool = True  # it has all languages of the library
    note: str = ""  # before the path


class ArticleColumns(NamedTuple):
    """The widths of the columns of a list, in cells."""

    number: int
    title: int
    languages: int
    path: int  # 0 for a list without paths


def article_rows(
    articles: Sequence[ArticleSummary], preferred: Sequence[str | None], library: LibraryLanguages, width: int
) -> list[ArticleRow]:
    """Return a row for each article, for a screen of `width` cells; `preferred` has the languages of the titles."""
    room = max(min(width, _MAX_WIDTH) // _LANGUAGES_SHARE, _MIN_LANGUAGES)
    summaries = summarize_languages(articles, library, room)
    return [
        ArticleRow(
            str(article.number),
            sanitize_line(document.title),
            sanitize_line(summary.text),
            sanitize_line(messages.shown_path(document.root, document.path)),
            summary.is_complete,
        )
        for article, language, summary in zip(articles, preferred, summaries, strict=True)
        for document in [preferred_document(article, language)]
    ]


def preferred_document(article: ArticleSummary, language: str | None) -> DocumentSummary:
    """Return the document of an article in a language, or its source."""
    return next((each for each in article.documents if each.language == language), article.documents[0])


def fit_rows(rows: Sequence[ArticleRow], width: int) -> tuple[Sequence[ArticleRow], ArticleColumns]:
    """Return the rows for a screen of `width` cells, and the widths of their columns.

    On a screen without room for paths, a path replaces a title that several articles have.
    """
    width = min(width, _MAX_WIDTH)
    number, languages = _widest(row.number for row in rows), _widest(row.languages for row in rows)
    room = max(width - number - languages - 2 * GAP, 1)
    if width < _MIN_WIDTH_FOR_PATHS:
        rows = _with_distinct_titles(rows, room)
        return rows, ArticleColumns(number, min(_widest(row.title for row in rows), room), languages, 0)
    title = min(_widest(row.title for row in rows), room)
    path = max((cell_len(row.path) + (cell_len(row.note) + GAP if row.note else 0) for row in rows), default=0)
    path = min(path, max(room - title, int(room * _PATHS_SHARE)) - GAP)
    return rows, ArticleColumns(number, min(title, room - path - GAP), languages, path)


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _with_distinct_titles(rows: Sequence[ArticleRow], width: int) -> list[ArticleRow]:
    """Return the rows, with the end of the path for a title that several of them have."""
    titles = Counter(row.title for row in rows)
    return [row._replace(title=shorten_start(row.path, width)) if titles[row.title] > 1 else row for row in rows]


class ArticleCells(NamedTuple):
    """The texts of a row, each with spaces up to the next column."""

    number: str
    title: str
    languages: str
    note: str
    path: str


def article_cells(row: ArticleRow, columns: ArticleColumns) -> ArticleCells:
    """Return the cells of a row, cut to their columns."""
    note = pad(row.note, 0) if row.note and columns.path else ""
    room = columns.path - cell_len(note)
    if note and room < _MIN_PATH:
        note, room = shorten(row.note, columns.path), 0
    return ArticleCells(
        f"{row.number:>{columns.number}}" + " " * GAP,
        pad(shorten(row.title, columns.title), columns.title),
        pad(row.languages, columns.languages) if columns.path else row.languages,
        note,
        shorten_start(row.path, room) if room > 0 else "",
    )


def pad(text: str, width: int) -> str:
    """Return a text with spaces up to the next column."""
    return text + " " * (max(width - cell_len(text), 0) + GAP)
