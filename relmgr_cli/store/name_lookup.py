"""Which article a name means: its id, its number, a part of a title in any language, or the path of a file.

Apart from the other queries because every command comes through here, and most names are answered by one
look into the catalogue.
"""

import os

from relmgr_cli.errors import ArticleAmbiguousError, ArticleNotFoundError, FileRefusedError, Problem
from relmgr_cli.store.codec import NO_PROBLEMS, unpack_problems, unpack_summary
from relmgr_cli.store.database import Database


def languages_of(catalogue: Database, number: int) -> tuple[str, ...]:
    """Return the languages an article exists in."""
    rows = catalogue.rows("SELECT language FROM documents WHERE article = ? ORDER BY language", (number,))
    return tuple(language for (language,) in rows)


def count_articles(catalogue: Database) -> int:
    """Return how many articles the library has."""
    ((articles,),) = catalogue.rows("SELECT count(*) FROM articles")
    return int(articles)


def count_documents(catalogue: Database, *, in_articles: bool = False) -> int:
    """Return how many files were read, or how many of them hold text that belongs to an article."""
    condition = " WHERE article IS NOT NULL" if in_articles else ""
    ((documents,),) = catalogue.rows(f"SELECT count(*) FROM documents{condition}")  # noqa: S608 (constants)
    return int(documents)


def article_number(catalogue: Database, article: str) -> int | None:
    """Return the number of the article with this id; None when there is none."""
    rows = catalogue.rows("SELECT number FROM articles WHERE id = ?", (article,))
    return rows[0][0] if rows else None


def article_id(catalogue: Database, number: int) -> str:
    """Return the id of an article; "" when there is none with this number."""
    rows = catalogue.rows("SELECT id FROM articles WHERE number = ?", (number,))
    return str(rows[0][0]) if rows else ""


def article_of_file(catalogue: Database, root: str, path: str) -> int | None:
    """Return the number of the article that a file belongs to; None when the file is gone or holds no text."""
    key = (os.fsencode(root), os.fsencode(path))
    rows = catalogue.rows("SELECT article FROM documents WHERE root = ? AND path = ?", key)
    return rows[0][0] if rows else None


def article_files(catalogue: Database, number: int) -> tuple[str, ...]:
    """Return the paths of an article's files."""
    rows = catalogue.rows("SELECT root, path FROM documents WHERE article = ?", (number,))
    return tuple(os.path.join(os.fsdecode(root), os.fsdecode(path)) for root, path in rows)


def find_article(catalogue: Database, name: str | None, last_read: str | None) -> tuple[int, str]:
    """Return number and id of the article that `name` means; without a name the only one or the last read.

    Raises ArticleNotFoundError or ArticleAmbiguousError.
    """
    if name is None:
        return _article_without_name(catalogue, last_read)
    if exact := catalogue.rows(
        "SELECT number, id FROM articles WHERE id = ? OR number = ?", (_as_utf8(name), _ordinal(name))
    ):
        return exact[0]  # type: ignore[no-any-return]
    return _search_article(catalogue, name)


def _search_article(catalogue: Database, name: str) -> tuple[int, str]:
    from relmgr_cli.languages.normalization import fold, nearest
    from relmgr_cli.store.articles import list_articles

    articles = list_articles(catalogue)
    places = _places(name)
    wanted = fold(name)
    by_path = [
        article
        for article in articles
        if any(os.path.join(d.root, d.path) in places or name == d.path for d in article.documents)
    ]
    if not by_path:
        _refuse_unreadable(catalogue, places)
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


def _refuse_unreadable(catalogue: Database, places: set[str]) -> None:
    """Raise FileRefusedError when one of these paths is a file of the library that holds no text."""
    for root, path, problems in catalogue.rows("SELECT root, path, problems FROM documents WHERE article IS NULL"):
        if os.path.join(os.fsdecode(root), os.fsdecode(path)) in places:
            found = unpack_problems(problems)
            raise FileRefusedError(os.fsdecode(path), found[0].message if found else "no text")


def _places(name: str) -> set[str]:
    """Return where a name leads when it is taken for a path, links followed and not."""
    return set() if "\0" in name else {os.path.abspath(name), os.path.realpath(name)}


def _as_utf8(name: str) -> str:
    """Return a name that SQLite can take: bytes that are no UTF-8 are in no id."""
    return name.encode("utf-8", "replace").decode()


def _ordinal(name: str) -> int:
    """Return the number that `name` is; 0, which no article has, for anything else."""
    return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0  # noqa: PLR2004 (fits any list)


def _article_without_name(catalogue: Database, last_read: str | None) -> tuple[int, str]:
    rows = catalogue.rows("SELECT number, id FROM articles ORDER BY number LIMIT 9")
    if len(rows) == 1:
        return rows[0]  # type: ignore[no-any-return]
    if last_read and (read := catalogue.rows("SELECT number, id FROM articles WHERE id = ?", (last_read,))):
        return read[0]  # type: ignore[no-any-return]
    raise ArticleAmbiguousError(None, [f"{number} {name}" for number, name in rows], count_articles(catalogue))


def title_of(catalogue: Database, number: int, language: str) -> str:
    """Return the title of an article in a language it exists in."""
    ((about,),) = catalogue.rows("SELECT summary FROM documents WHERE article = ? AND language = ?", (number, language))
    return unpack_summary(about).title


def problems_of(catalogue: Database, number: int, languages: tuple[str, ...]) -> list[Problem]:
    """Return the problems of an article's files in these languages."""
    rows = catalogue.rows(
        "SELECT language, problems FROM documents WHERE article = ? AND problems != ?", (number, NO_PROBLEMS)
    )
    return [problem for language, data in rows if language in languages for problem in unpack_problems(data)]


def problems_without_article(catalogue: Database) -> list[Problem]:
    """Return the problems of files that hold no text that could be shown."""
    rows = catalogue.rows("SELECT problems FROM documents WHERE article IS NULL ORDER BY root, path")
    return [problem for (data,) in rows for problem in unpack_problems(data)]


def language_of_file(catalogue: Database, name: str | None) -> str | None:
    """Return the language of the document whose path was given as a name; None when it was no path."""
    if name is None:
        return None
    places = {os.fsencode(place) for place in _places(name)}
    for root, path, language in catalogue.rows("SELECT root, path, language FROM documents WHERE article IS NOT NULL"):
        if os.path.join(root, path) in places:
            return str(language)
    return None


def is_alone(catalogue: Database, number: int) -> bool:
    """Tell whether an article exists in one language only."""
    return bool(catalogue.rows("SELECT 1 FROM articles WHERE number = ? AND paired_by = 'alone'", (number,)))
