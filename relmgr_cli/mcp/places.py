"""How tools name what is in a library: paths, articles, sections and their languages."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from relmgr_cli import messages
from relmgr_cli.config import Settings
from relmgr_cli.core.library import Library
from relmgr_cli.core.selection import ArticleChoice, choose_article
from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.errors import ArticleNotFoundError, Exit, FileMissingError, FileRefusedError
from relmgr_cli.mcp.answer import quote_line
from relmgr_cli.store.article_search import is_path
from relmgr_cli.store.articles import section_headings
from relmgr_cli.terminal.sanitize import sanitize_line

_MAX_TAGS = 12  # in a list of languages


def path_in(library: Library, root: str, path: str) -> str:
    """Return the path of a file below the library's folder; absolute if the library has several."""
    return sanitize_line(path if len(library.roots) == 1 else os.path.join(root, path))


def with_languages(settings: Settings, languages: Sequence[str]) -> Settings:
    """Return the settings of a call that asks for some languages, or for none."""
    return settings._replace(asked_language=",".join(languages))


def find(library: Library, name: str) -> ArticleChoice:
    """Return the article with a name. Raises the errors of `choose_article`."""
    with only_inside(library, [name]):
        return choose_article(library, name, "")


@contextmanager
def only_inside(library: Library, names: Sequence[str]) -> Iterator[None]:
    """Look up names of articles and paths: a file or folder that is not in the library is as one that does not exist.

    Paths that leave the library are not even looked up. Raises ArticleNotFoundError.
    """
    for name in names:
        if _leaves(library, name):
            raise _not_found(name)
    try:
        yield
    except FileRefusedError as error:
        if error.exit_code == Exit.NOTHING_FOUND:  # a document of the library
            raise
        raise _not_found(", ".join(names)) from None


def _not_found(name: str) -> ArticleNotFoundError:
    return (FileMissingError if is_path(name) else ArticleNotFoundError)(name, None)


def _leaves(library: Library, name: str) -> bool:
    """Return True if a name is a path that is not below a folder of the library."""
    if not os.path.isabs(name) and ".." not in name.split("/"):
        return False
    path = os.path.normpath(name)
    folders = {folder(root) for root in library.roots for folder in (os.path.abspath, os.path.realpath)}
    candidates = [path] if os.path.isabs(path) else [os.path.join(root, path) for root in folders]
    return not any(
        f"{os.path.normpath(each)}/".startswith(os.path.join(root, "")) for each in candidates for root in folders
    )


def tags(languages: Iterable[str]) -> str:
    """Return tags of languages as a list; of many, only the first ones and how many there are."""
    shown = [sanitize_line(tag) for tag in languages]
    more = [messages.MCP_MORE.fill(count=len(shown) - _MAX_TAGS)] if len(shown) > _MAX_TAGS else []
    return " ".join([*shown[:_MAX_TAGS], *more])


def heading_of(article: Article, section: ArticleSection, language: str) -> str:
    """Return the heading of a section as the end of a line, marked as a quotation."""
    heading = section_headings(article, section).get(language, "")
    return quote_line(heading) or f" {messages.BEFORE_FIRST_HEADING.fill()}"


def state_of(article: Article, section: ArticleSection, language: str) -> str:
    """Return the state of a section, if it is not up to date, with a space before it."""
    state = article.state_of(section.number, language)
    return f" {messages.STATES[state]}" if state else ""
