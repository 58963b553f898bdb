"""Find the article that a name means where it is not an id, a number or the path of a file.

It may be the end of an id or of a path, or a title in any language, or a part of a title or id. The first of these that
fits an article decides. The table `names` answers most of that without reading all articles.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from relmgr_cli import messages
from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.corpus.naming import FOLDER_PAGES, name_key, shortest_tail, without_document_suffix
from relmgr_cli.errors import (
    MAX_CANDIDATES,
    ArticleAmbiguousError,
    ArticleNotFoundError,
    FileMissingError,
    FileRefusedError,
)
from relmgr_cli.store.codec import as_utf8
from relmgr_cli.store.database import Database
from relmgr_cli.store.name_lookup import ArticleMatch

_MAX_FILES = 500  # articles with a file of one name, whose paths are compared
_MAX_COMPLETIONS = 200
_MAX_NAMES_OF_WORDS = 10_000  # whose words are compared with a misspelled one
_MIN_WORD = 4  # characters
_MIN_LETTERS, _MAX_LETTERS = 3, 30  # of an abbreviation
_WORD_SIMILARITY = 0.8  # one letter in five is wrong
_LENGTH_TOLERANCE = 3  # characters that a misspelled name may be longer or shorter


def search_article(database: Database, name: str) -> ArticleMatch:
    """Return the article that a name means.

    Raises ArticleNotFoundError, ArticleAmbiguousError, FileMissingError or FileRefusedError.
    """
    wanted = name_key(_without_dots(as_utf8(name)))
    for found in _matches(database, name, wanted) if wanted else ():
        if len(found) == 1:
            return found[0]
        if found:
            candidates = [describe(database, match.number, match.id) for match in found[:MAX_CANDIDATES]]
            raise ArticleAmbiguousError(name, candidates, len(found))
    _refuse_other_file(name)
    near = _nearest(database, wanted)
    raise (FileMissingError if is_path(name) else ArticleNotFoundError)(name, near)


def _matches(database: Database, name: str, wanted: str) -> Iterator[Sequence[ArticleMatch]]:
    """Yield the articles that a name may mean, those of the best meaning first."""
    same_leaf = _with_last_part(database, wanted, "id")
    yield [match for match in same_leaf if name_key(match.id) == wanted]
    yield [match for match in same_leaf if _ends_with(match.id, wanted)]
    yield _by_file(database, name)
    pages = [f"{wanted}/{page}" for page in FOLDER_PAGES]
    yield [match for page in pages for match in _with_last_part(database, page, "id") if _ends_with(match.id, page)]
    yield _unique(database.rows(f"{_BY_NAME} WHERE kind = 'title' AND name = ? ORDER BY number", (wanted,)))
    for kind in ("title", "id"):
        query = f"{_BY_NAME} WHERE kind = ? AND instr(name, ?) ORDER BY number"
        yield _unique(database.rows(query, (kind, wanted)))


_BY_NAME = "SELECT DISTINCT number, id FROM names JOIN articles ON number = article"


def _unique(rows: Iterable[Sequence[object]]) -> list[ArticleMatch]:
    return [ArticleMatch(*row) for row in rows]  # type: ignore[arg-type]


def _with_last_part(database: Database, wanted: str, kind: str) -> list[ArticleMatch]:
    """Return the articles whose id, or the name of a file, has the same last part."""
    query = f"{_BY_NAME} WHERE name = ? AND kind = ? ORDER BY number"
    return _unique(database.rows(query, (wanted.rpartition("/")[2], kind)))


def _ends_with(path: str, wanted: str) -> bool:
    """Return True if a path ends with these parts."""
    return f"/{name_key(path)}".endswith(f"/{wanted}")


def _by_file(database: Database, name: str) -> list[ArticleMatch]:
    """Return the articles that have a file whose path ends with a name, with or without extension."""
    path = _without_dots(as_utf8(name))
    stem = without_document_suffix(path)
    wanted, suffix = name_key(stem), path[len(stem) :].casefold()
    named = [*_with_last_part(database, wanted, "id"), *_with_last_part(database, wanted, "file")]
    found = []
    for match in dict.fromkeys(named[:_MAX_FILES]):
        rows = database.rows("SELECT path, language FROM documents WHERE article = ?", (match.number,))
        paths = [(as_utf8(os.fsdecode(data)), language) for data, language in rows]
        languages = [
            language
            for path, language in paths
            if _ends_with(without_document_suffix(path), wanted) and path.casefold().endswith(suffix)
        ]
        if languages:
            found.append(match._replace(language=languages[0] if len(languages) == 1 else None))
    return found


def _without_dots(name: str) -> str:
    """Return a path without the parts that lead out of the current folder or to it; any other name as it is."""
    if "/" not in name and os.sep not in name:
        return name
    path = os.path.normpath(name).replace(os.sep, "/").lstrip("/")
    while path.startswith("../"):
        path = path[3:]
    return path


def is_path(name: str) -> bool:
    """Return True if a name can only be meant as the path of a file."""
    is_placed = name in (".", "..") or name.startswith(("/", "./", "../", "~")) or os.path.isabs(name)
    return is_placed or name.casefold().endswith(SUFFIXES)


def _refuse_other_file(name: str) -> None:
    """Raise FileRefusedError if a name is the path of a folder, or of a file that is not part of the library."""
    if "\0" in name:
        return
    if os.path.isdir(name):
        raise FileRefusedError(name, messages.IS_FOLDER.fill(folder=messages.quote(name)), is_document=False)
    if os.path.isfile(name):
        raise FileRefusedError(name, messages.NOT_IN_LIBRARY, is_document=False)


def _nearest(database: Database, wanted: str) -> str | None:
    """Return the article with the name that is most similar, as a message names it; None if none is similar."""
    from relmgr_cli.languages.normalization import nearest

    tolerance = max(_LENGTH_TOLERANCE, len(wanted) // 3)
    names: dict[str, int] = {}
    if "/" in wanted:
        parts = wanted.count("/") + 1
        for number, name in database.rows("SELECT number, id FROM articles ORDER BY number"):
            for end in (name, "/".join(name.split("/")[-parts:])):
                if abs(len(end) - len(wanted)) <= tolerance:
                    names.setdefault(name_key(end), number)
    query = "SELECT name, article FROM names WHERE length(name) BETWEEN ? AND ? ORDER BY kind, name, article"
    last = wanted.rpartition("/")[2]
    by_part: dict[str, int] = {}
    for name, number in database.rows(query, (len(last) - tolerance, len(last) + tolerance)):
        by_part.setdefault(name, number)
    number = nearest(wanted, names) if names else None
    if number is None:
        number = nearest(without_document_suffix(last), by_part)
    if number is None:
        number = nearest(wanted, _by_word(database, len(wanted)), similarity=_WORD_SIMILARITY)
    if number is None:
        number = _by_letters(database, wanted)
    if number is None:
        return None
    return describe(database, number, str(database.value("SELECT id FROM articles WHERE number = ?", (number,))))


def _by_word(database: Database, length: int) -> dict[str, int]:
    """Return the articles by the words of their names that are about as long, those of ids first."""
    if length < _MIN_WORD:
        return {}
    query = "SELECT name, article FROM names WHERE instr(name, ' ') ORDER BY kind = 'title', name LIMIT ?"
    words: dict[str, int] = {}
    for name, number in database.rows(query, (_MAX_NAMES_OF_WORDS,)):
        for word in name.split():
            if abs(len(word) - length) <= 1:
                words.setdefault(word, number)
    return words


def _by_letters(database: Database, wanted: str) -> int | None:
    """Return the article whose name has all letters of an abbreviation in order, best: wnd for window.

    Its first letter is that of the name. Of equally good names, the shortest is taken.
    """
    from relmgr_cli.languages.fuzzy import FuzzyPattern

    letters = wanted.replace(" ", "")
    if not _MIN_LETTERS <= len(letters) <= _MAX_LETTERS:
        return None
    pattern = FuzzyPattern(letters)
    order = "length(name), kind, name, article"
    query = f"SELECT name, article FROM names WHERE name >= ? AND name < ? ORDER BY {order} LIMIT ?"  # noqa: S608
    rows = database.rows(query, (letters[0], f"{letters[0]}\U0010ffff", _MAX_NAMES_OF_WORDS))
    costs = ((pattern.cost(name), number) for name, number in rows)
    found = [(cost, index, number) for index, (cost, number) in enumerate(costs) if cost is not None]
    return int(min(found)[2]) if found else None


def complete_names(database: Database, incomplete: str) -> Iterator[tuple[int, str]]:
    """Yield numbers and names of the articles whose id, or the last part of it, begins with a text."""
    start = name_key(incomplete)
    if "/" not in incomplete:
        query = f"{_BY_NAME} WHERE kind = 'id' AND name >= ? AND name < ? ORDER BY number LIMIT ?"
        for number, name in database.rows(query, (start, f"{start}\U0010ffff", _MAX_COMPLETIONS)):
            if name_key(short := _short_name(database, name)).startswith(start):
                yield number, short
    if start:
        rows = database.rows("SELECT number, id FROM articles ORDER BY number")
        found = ((number, name) for number, name in rows if "/" in name and name_key(name).startswith(start))
        yield from islice(found, _MAX_COMPLETIONS)


def first_articles(database: Database) -> list[str]:
    """Return the first articles as messages name them, one more than are shown."""
    rows = database.rows("SELECT number, id FROM articles ORDER BY number LIMIT ?", (MAX_CANDIDATES,))
    return [describe(database, number, name) for number, name in rows]


def describe(database: Database, number: int, name: str) -> str:
    """Return an article as a message names it: its number, the shortest name that means it, the path of its source."""
    query = (
        "SELECT root, path FROM documents JOIN articles ON number = article"
        " WHERE number = ? ORDER BY language != source, language LIMIT 1"
    )
    rows = database.rows(query, (number,))
    path = f" ({messages.shown_path(*map(os.fsdecode, rows[0]))})" if rows else ""
    return f"{number} {_short_name(database, name)}{path}"


def _short_name(database: Database, name: str) -> str:
    """Return the shortest name that means the article with this id."""
    return shortest_tail(name, [match.id for match in _with_last_part(database, name_key(name), "id")])
