"""A page of any Markdown, for the tests of this folder."""

from typing import Any

from conftest import articles_of

from relmgr_cli.library.reading import parse_document
from relmgr_cli.render.compose import compose
from relmgr_cli.render.page import article_page
from relmgr_cli.render.screen import Screen

_PIPE = Screen(
    columns=80,
    measure=80,
    escapes=False,
    color=False,
    depth="",
    theme="auto",
    background="",
    targets=False,
    plain=False,
)


def screen(width: int, **changes: Any) -> Screen:
    """Return a pipe of this width, with some changes."""
    return _PIPE._replace(columns=width, measure=width, **changes)


def page(text: str, width: int, **changes: Any) -> str:
    """Return the page of a document that holds this text."""
    (article,) = articles_of([parse_document(text, "/library", "example.md")])
    (language,) = article.documents
    target = screen(width, **changes)
    return compose(article_page(article, language, target), target)
