"""What is known about the health of each article: computed once, and again when its documents or alignment change."""

from typing import Any, Literal

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
