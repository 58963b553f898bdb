"""Find the article that a name means: its id, number, a part of a title in any language, or the path of a file.

Every command imports this module, so it imports the queries of `articles` only where a name needs more than one query.
"""

import os
from typing import NamedTuple

from relmgr_cli.errors import ArticleAmbiguousError, ArticleNotFoundError, FileRefusedError, Problem
from relmgr_cli.messages import NO_TEXT
from relmgr_cli.store.codec import NO_PROBLEMS, unpack_problems, unpack_summary
from relmgr_cli.store.database import Database


def languages_of(database: Database, number: int) -> tuple[str, ...]:
    """Return the languages of an article, sorted."""
    rows = database.rows("SELECT language FROM documents WHERE article = ? ORDER BY language", (number,))
    return tuple(language for (language,) in rows)


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
    number: int | None = database.value("SELECT article FROM documents WHERE root = ? AND path = ?", key)
    return number


def article_files(database: Database, number: int) -> tuple[str, ...]:
    """Return the paths of an article's files."""
    rows = database.rows("SELECT root, path FROM documents WHERE article = ?", (number,))
    return tuple(os.path.join(os.fsdecode(root), os.fsdecode(path)) for root, path in rows)


def document_files(database: Database) -> dict[tuple[str, str], int]:
    """Return the number of its article for every document, by root and path."""
    rows = database.rows("SELECT root, path, article FROM documents WHERE article IS NOT NULL")
    return {(os.fsdecode(root), os.fsdecode(path)): article for root, path, article in rows}


def find_article(database: Database, name: str | None, last_read: str | None) -> tuple[int, str]:
    """Return number and id of the article that `name` means; without a name, the only or the last read one.

    Raises ArticleNotFoundError or ArticleAmbiguousError.
    """
    if name is None:
        return _article_without_name(database, last_read)
    query = "SELECT number, id FROM articles WHERE id = ? OR number = ?"
    if exact := database.rows(query, (_as_utf8(name), _ordinal(name))):
        return exact[0]  # type: ignore[no-any-return]
    return _search_article(database, name)


def _search_article(database: Database, name: str) -> tuple[int, str]:
    from relmgr_cli.languages.normalization import fold, nearest
    from relmgr_cli.store.articles import list_articles

    articles = list_articles(database)
    paths = _paths(name)
    wanted = fold(name)
    by_path = [a for a in articles if any(os.path.join(d.root, d.path) in paths or name == d.path for d in a.documents)]
    if not by_path:
        _refuse_unreadable(database, paths)
    by_title = [a for a in articles if any(wanted == fold(d.title) for d in a.documents)]
    by_part = [a for a in articles if any(wanted in fold(d.title) for d in a.documents)]
    for found in (by_path, by_title, by_part):
        if len(found) == 1:
            return found[0].number, found[0].id
        if found:
            raise ArticleAmbiguousError(name, [f"{a.number} {a.id}" for a in found])
    titles = {text: a for a in articles for text in (a.id, *(fold(d.title) for d in a.documents))}
    near = nearest(wanted, titles)
    raise ArticleNotFoundError(name, f"{near.number} '{near.title(None)}'" if near else None)


def _refuse_unreadable(database: Database, paths: set[str]) -> None:
    """Raise FileRefusedError if one of these paths is a file of the library without text."""
    for root, path, problems in database.rows("SELECT root, path, problems FROM documents WHERE article IS NULL"):
        if os.path.join(os.fsdecode(root), os.fsdecode(path)) in paths:
            found = unpack_problems(problems)
            raise FileRefusedError(os.fsdecode(path), found[0].message if found else NO_TEXT)


def _paths(name: str) -> set[str]:
    """Return the absolute paths of a name that may be a path, with links resolved and not."""
    return set() if "\0" in name else {os.path.abspath(name), os.path.realpath(name)}


def _as_utf8(name: str) -> str:
    """Return a name that SQLite accepts: no id has bytes that are not UTF-8."""
    return name.encode("utf-8", "replace").decode()


def _ordinal(name: str) -> int:
    """Return a name as an article number; 0, which no article has, if it is none."""
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0  # noqa: PLR2004


def _article_without_name(database: Database, last_read: str | None) -> tuple[int, str]:
    rows = database.rows("SELECT number, id FROM articles ORDER BY number LIMIT 9")
    if len(rows) == 1:
        return rows[0]  # type: ignore[no-any-return]
    if last_read and (read := database.rows("SELECT number, id FROM articles WHERE id = ?", (last_read,))):
        return read[0]  # type: ignore[no-any-return]
    raise ArticleAmbiguousError(None, [f"{number} {name}" for number, name in rows], count_articles(database))


def title_of(database: Database, number: int, language: str) -> str:
    """Return the title of an article in one of its languages."""
    query = "SELECT summary FROM documents WHERE article = ? AND language = ?"
    return unpack_summary(database.value(query, (number, language))).title


def problems_of(database: Database, number: int, languages: tuple[str, ...]) -> list[Problem]:
    """Return the problems of an article's files in these languages."""
    query = "SELECT language, problems FROM documents WHERE article = ? AND problems != ?"
    rows = database.rows(query, (number, NO_PROBLEMS))
    return [problem for language, data in rows if language in languages for problem in unpack_problems(data)]


def problems_without_article(database: Database) -> list[Problem]:
    """Return the problems of files without text."""
    rows = database.rows("SELECT problems FROM documents WHERE article IS NULL ORDER BY root, path")
    return [problem for (data,) in rows for problem in unpack_problems(data)]


def language_of_file(database: Database, name: str) -> str | None:
    """Return the language of the document whose path is the name; None if it is not a path."""
    paths = {os.fsencode(path) for path in _paths(name)}
    for root, path, language in database.rows("SELECT root, path, language FROM documents WHERE article IS NOT NULL"):
        if os.path.join(root, path) in paths:
            return str(language)
    return None


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
