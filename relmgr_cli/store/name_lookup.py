"""Find the article that a name means, and queries about one article.

Every command imports this module; what only some names need is in `article_search`.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from relmgr_cli import file_messages, messages
from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.errors import ArticleAmbiguousError, FileRefusedError, Problem
from relmgr_cli.store.codec import NO_PROBLEMS, as_utf8, unpack_problems, unpack_summary
from relmgr_cli.store.database import Database
from relmgr_cli.store.schema import ARTICLE_OF_DOCUMENT, HAS_ARTICLE


def languages_of(database: Database, number: int) -> tuple[str, ...]:
    """Return the languages of an article, its source first, then sorted."""
    source = "(SELECT source FROM articles WHERE number = article)"
    query = f"SELECT language FROM documents WHERE article = ? ORDER BY language != {source}, language"  # noqa: S608
    return tuple(language for (language,) in database.rows(query, (number,)))


def library_languages(database: Database) -> tuple[str, ...]:
    """Return the languages of all documents, sorted."""
    rows = database.rows(  # one look into the index per language, in a library of any size
        "WITH RECURSIVE found(tag) AS (SELECT min(language) FROM documents UNION ALL SELECT"
        " (SELECT min(language) FROM documents WHERE language > tag) FROM found WHERE tag IS NOT NULL)"
        " SELECT tag FROM found WHERE tag IS NOT NULL"
    )
    return tuple(tag for (tag,) in rows)


def count_articles(database: Database) -> int:
    """Return the number of articles."""
    return int(database.value("SELECT count(*) FROM articles"))


def count_documents(database: Database, *, in_articles: bool = False) -> int:
    """Return the number of files in the index, or of those that belong to an article."""
    return int(database.value(f"SELECT count({'article' if in_articles else '*'}) FROM documents"))  # noqa: S608


def article_number(database: Database, article: str) -> int | None:
    """Return the number of the article with this id; None if there is none."""
    number: int | None = database.value("SELECT number FROM articles WHERE id = ?", (article,))
    return number


def article_id(database: Database, number: int) -> str:
    """Return the id of an article; "" for an unknown number."""
    return str(database.value("SELECT id FROM articles WHERE number = ?", (number,), ""))


def article_of_file(database: Database, root: str, path: str) -> int | None:
    """Return the number of the article that a file belongs to; None for a file that was deleted or has no text."""
    key = (os.fsencode(root), os.fsencode(path))
    query = f"SELECT {ARTICLE_OF_DOCUMENT} FROM documents WHERE root = ? AND path = ?"  # noqa: S608 (constants)
    number: int | None = database.value(query, key)
    return number


def article_files(database: Database, number: int) -> tuple[str, ...]:
    """Return the paths of an article's files."""
    rows = database.rows("SELECT root, path FROM documents WHERE article = ?", (number,))
    return tuple(os.path.join(os.fsdecode(root), os.fsdecode(path)) for root, path in rows)


def document_files(database: Database) -> dict[tuple[str, str], int]:
    """Return the number of its article for every document, by root and path."""
    rows = database.rows(f"SELECT root, path, {ARTICLE_OF_DOCUMENT} FROM documents")  # noqa: S608 (constants)
    return {(os.fsdecode(root), os.fsdecode(path)): article for root, path, article in rows if article is not None}


def languages_by_file(database: Database) -> dict[tuple[str, str], str]:
    """Return the language of every document of an article, by root and path."""
    rows = database.rows("SELECT root, path, language FROM documents WHERE article IS NOT NULL")
    return {(os.fsdecode(root), os.fsdecode(path)): language for root, path, language in rows}


class ArticleMatch(NamedTuple):
    """The article that a name means."""

    number: int
    id: str
    language: str | None = None  # of the file, if it was named and not only its article
    original: str = ""  # the path of the file that is shown, if a second copy of it was named


def find_article(database: Database, name: str | None, last_read: str | None) -> ArticleMatch:
    """Return the article that `name` means; without a name, the only or the last read one.

    Raises ArticleNotFoundError, ArticleAmbiguousError, FileMissingError or FileRefusedError.
    """
    if name is None:
        return _article_without_name(database, last_read)
    if exact := database.rows("SELECT number, id FROM articles WHERE id = ?", (_composed(name),)):
        return ArticleMatch(*exact[0])
    if exact := database.rows("SELECT number, id FROM articles WHERE number = ?", (_ordinal(name),)):
        return ArticleMatch(*exact[0])
    if found := _find_file(database, name):
        return found
    from relmgr_cli.store.article_search import search_article

    return search_article(database, name)


def _find_file(database: Database, name: str) -> ArticleMatch | None:
    """Return the article of a file by its path, from the current folder or below a library folder.

    Raises FileRefusedError for a file of the library without text.
    """
    for location in _locations(database, name):
        query = "SELECT article, language, path, problems, copy_of FROM documents WHERE root = ? AND path = ?"
        for number, language, path, data, copy_of in database.rows(query, location):
            if number is None:
                if original := _original(database, copy_of):
                    return original
                problems = unpack_problems(data)
                reason = problems[0].message if problems else file_messages.NO_TEXT
                raise refused_file(os.fsdecode(location[0]), os.fsdecode(path), reason, name)
            return ArticleMatch(number, article_id(database, number), language)
    return None


def _original(database: Database, document: int | None) -> ArticleMatch | None:
    """Return the article of the original that a second copy repeats; None for a document that is no copy."""
    query = "SELECT article, language, root, path FROM documents WHERE id = ? AND article IS NOT NULL"
    for number, language, root, path in database.rows(query, (document,)):
        shown = messages.shown_path(os.fsdecode(root), os.fsdecode(path))
        return ArticleMatch(number, article_id(database, number), language, shown)
    return None


def refused_file(root: str, path: str, reason: str, name: str) -> FileRefusedError:
    """Return the error for a file of the library without text; `name` is how the user named it."""
    return FileRefusedError(messages.shown_path(root, path), reason, is_document=name.casefold().endswith(SUFFIXES))


def _locations(database: Database, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield library folders and the paths below them that a name may mean, best first."""
    if "\0" in name or not name:
        return
    roots = library_roots(database)
    for path in dict.fromkeys((os.path.abspath(name), os.path.realpath(name))):
        for root in roots:
            for folder in dict.fromkeys((root, os.path.realpath(root))):
                if path.startswith(os.path.join(folder, "")):
                    yield os.fsencode(root), os.fsencode(os.path.relpath(path, folder).replace(os.sep, "/"))
    for root in roots:
        yield os.fsencode(root), os.fsencode(os.path.normpath(name).replace(os.sep, "/"))


def library_roots(database: Database) -> tuple[str, ...]:
    """Return the folders that the library's files are below, sorted."""
    rows = database.rows(  # one look into the index per folder
        "WITH RECURSIVE found(root) AS (SELECT min(root) FROM documents UNION ALL SELECT"
        " (SELECT min(root) FROM documents WHERE root > found.root) FROM found WHERE root IS NOT NULL)"
        " SELECT root FROM found WHERE root IS NOT NULL"
    )
    return tuple(os.fsdecode(root) for (root,) in rows)


def _composed(name: str) -> str:
    """Return a name that SQLite accepts, composed as ids are: no id has bytes that are not UTF-8."""
    from unicodedata import normalize

    return normalize("NFC", as_utf8(name))


def _ordinal(name: str) -> int:
    """Return a name as an article number; 0, which no article has, if it is none."""
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0  # noqa: PLR2004


def _article_without_name(database: Database, last_read: str | None) -> ArticleMatch:
    rows = database.rows("SELECT number, id FROM articles ORDER BY number LIMIT 2")
    if len(rows) == 1:
        return ArticleMatch(*rows[0])
    if last_read and (read := database.rows("SELECT number, id FROM articles WHERE id = ?", (last_read,))):
        return ArticleMatch(*read[0])
    from relmgr_cli.store.article_search import first_articles

    raise ArticleAmbiguousError(None, first_articles(database), count_articles(database))


def title_of(database: Database, number: int, language: str) -> str:
    """Return the title of an article in one of its languages."""
    query = "SELECT summary FROM documents WHERE article = ? AND language = ?"
    return unpack_summary(database.value(query, (number, language))).title


def problems_of(database: Database, number: int, languages: tuple[str, ...]) -> list[Problem]:
    """Return the problems of an article's files in these languages."""
    query = "SELECT language, root, problems FROM documents WHERE article = ? AND problems != ?"
    return [
        problem._replace(root=os.fsdecode(root))
        for language, root, data in database.rows(query, (number, NO_PROBLEMS))
        if language in languages
        for problem in unpack_problems(data)
    ]


def problems_without_article(database: Database) -> list[Problem]:
    """Return the problems of files without text."""
    rows = database.rows(f"SELECT root, problems FROM documents WHERE NOT {HAS_ARTICLE} ORDER BY root, path")  # noqa: S608
    return [problem._replace(root=os.fsdecode(root)) for root, data in rows for problem in unpack_problems(data)]


def is_untranslated(database: Database, number: int) -> bool:
    """Return True if an article has only one language."""
    return bool(database.rows("SELECT 1 FROM articles WHERE number = ? AND paired_by = 'alone'", (number,)))


class UntranslatedFile(NamedTuple):
    """A file in the place of a translation, with text in the source language."""

    language: str  # that the translation would be in
    source: str
    is_partly: bool  # some of it is translated


def untranslated_files(database: Database, number: int) -> tuple[UntranslatedFile, ...]:
    """Return the files of an article that are not or only partly translated."""
    query = (
        "SELECT language, source, state FROM documents JOIN articles ON article = number"
        " WHERE article = ? AND state != 'translated' ORDER BY language"
    )
    rows = database.rows(query, (number,))
    return tuple(UntranslatedFile(language, source, state == "partly") for language, source, state in rows)
