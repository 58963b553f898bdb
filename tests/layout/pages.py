"""A page of any Markdown, in one language or several, for the tests of this folder."""

from collections.abc import Mapping, Sequence
from typing import Any

from conftest import articles_of

from relmgr_cli.config import Arrangement
from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.key_points import find_key_points
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.arrangement import lay_out
from relmgr_cli.layout.page import article_page
from relmgr_cli.layout.parallel import parallel_page
from relmgr_cli.terminal.target import OutputTarget

PIPE = OutputTarget(
    columns=80,
    max_text_width=80,
    ansi=False,
    color=False,
    theme="auto",
    background="",
    show_urls=False,
    plain=False,
)


def screen(width: int, **changes: Any) -> OutputTarget:
    """Return a pipe of this width, with some changes."""
    return PIPE._replace(columns=width, max_text_width=width, **changes)


def page(text: str, width: int, **changes: Any) -> str:
    """Return the page of a document that holds this text."""
    (article,) = articles_of([parse_document(text, "/library", "example.md")])
    (language,) = article.documents
    target = screen(width, **changes)
    return to_ansi(article_page(article, language, target), target)


def article_of(texts: Mapping[str, str]) -> Article:
    """Return the article whose translations hold these texts, by language."""
    parsed = {language: parse_document(text, "/library", f"{language}.md") for language, text in texts.items()}
    documents = {language: document._replace(language=language) for language, document in parsed.items()}
    sections, units = align(documents)
    return Article("example", documents, sections, units, find_key_points(documents, sections), "layout")


def parallel(
    article: Article,
    languages: Sequence[str],
    width: int,
    *,
    arrangement: Arrangement | None = None,
    plain: bool = False,
    show_urls: bool = False,
) -> str:
    """Return the page of an article in several languages."""
    target = screen(width, plain=plain, show_urls=show_urls)
    return to_ansi(parallel_page(article, lay_out(article, languages, target, arrangement=arrangement), target), target)
