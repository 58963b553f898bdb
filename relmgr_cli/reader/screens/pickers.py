"""What the reader asks: which language, heading, key point, article, link. Each shows a list and gives the choice."""

from collections.abc import Sequence

from textual.app import App

from relmgr_cli.corpus.article import Article
from relmgr_cli.languages.names import language_name
from relmgr_cli.reader.model.positions import Link
from relmgr_cli.reader.model.rows import ArticleRows
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.reader.screens.article_choices import article_choices
from relmgr_cli.reader.screens.filter_picker import Choice, FilterPicker
from relmgr_cli.reader.widgets.outline import entries_of
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line

_Any = App[object]


async def choose_language(app: _Any, languages: Sequence[str], current: str) -> str | None:
    """Return one of the languages of an article."""
    choices = [Choice(tag, sanitize_line(tag), sanitize_line(language_name(tag))) for tag in languages]
    return await app.push_screen_wait(FilterPicker("language", choices, languages.index(current)))


async def choose_heading(app: _Any, article: Article, language: str, current: str) -> str | None:
    """Return the number of a section, found by a part of its heading in any language."""
    entries = entries_of(article, language)
    sections = {section.number: section for section in article.sections}
    choices = [
        Choice(
            entry.number,
            f"{'  ' * entry.number.count('.')}{entry.number}",
            entry.heading,
            also=" ".join(section_headings(article, sections[entry.number]).values()),
        )
        for entry in entries
    ]
    here = next((at for at, entry in enumerate(entries) if entry.number == current), 0)
    return await app.push_screen_wait(FilterPicker("heading", choices, here))


async def choose_highlight(app: _Any, sheet: ArticleRows, rows: Sequence[int], language: str) -> int | None:
    """Return the row of a key point."""
    choices = [Choice(row, "•", sanitize_line(" ".join(sheet.text(row, language).split()))) for row in rows]
    return await app.push_screen_wait(FilterPicker("key points", choices))


async def choose_article(app: _Any, session: ReadingSession) -> int | None:
    """Return the number of an article of the library."""
    articles = await session.worker.run(session.worker.articles)
    choices = article_choices(articles, session.language, session.positions())
    here = next((at for at, choice in enumerate(choices) if choice.value == session.opened.number), 0)
    return await app.push_screen_wait(FilterPicker("article", choices, here))


async def choose_link(app: _Any, links: Sequence[tuple[Link, str]]) -> tuple[Link, str] | None:
    """Return one of the links on the screen; the only one without asking."""
    if len(links) == 1:
        return links[0]
    choices = [
        Choice(
            (link, language),
            sanitize_line(language),
            sanitize_line(link.text),
            sanitize_line(link.href),
            also=link.href,
        )
        for link, language in links
    ]
    return await app.push_screen_wait(FilterPicker("follow a link", choices))
