"""What is known about the health of each article: computed once, and again when its documents or alignment change."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database

Column = Literal["comparison", "findings"]


def load_health(database: Database, column: Column) -> dict[int, Any]:
    """Return what `save_health` stored, by article number; articles without it are absent."""
    rows = database.rows(f"SELECT number, {column} FROM articles WHERE {column} IS NOT NULL")  # noqa: S608 (constants)
    return {number: unpack(data) for number, data in rows}


def save_health(database: Database, column: Column, values: dict[int, Any], articles_version: int) -> None:
    """Store a JSON value for each article by number, unless articles have changed since `articles_version`."""
    query = f"UPDATE articles SET {column} = ? WHERE number = ?"  # noqa: S608 (constants)
    with database.writing() as connection:
        if database.get("articles_version") == articles_version:
            connection.executemany(query, [(pack(value), number) for number, value in values.items()])


class DocumentFile(NamedTuple):
    """The file of a document."""

    root: str
    path: str  # below it


class ArticleFiles(NamedTuple):
    """An article, without the content of its documents."""

    number: int
    id: str
    source: str  # the language that the others are translated from; the first one where that is missing
    documents: Mapping[str, DocumentFile]  # by language, the source first


def article_files(database: Database) -> Iterator[ArticleFiles]:
    """Yield all articles by number."""
    query = (
        "SELECT number, articles.id, source, language, root, path FROM articles JOIN documents ON article = number"
        " ORDER BY number, language != source, language"
    )
    found: dict[int, ArticleFiles] = {}
    documents: dict[str, DocumentFile] = {}
    for number, name, source, language, root, path in database.rows(query):
        if number not in found:
            documents = {}
            found[number] = ArticleFiles(number, name, source if source == language else language, documents)
        documents[language] = DocumentFile(os.fsdecode(root), os.fsdecode(path))
    yield from found.values()
