"""What is known about the health of each article: computed once, and again when its documents or alignment change."""

from collections.abc import Iterable, Mapping
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


class TranslationStates(NamedTuple):
    """The sections of a translation that are not up to date, for certain versions of it and of its source."""

    document: int
    revision: int
    source: int
    source_revision: int
    states: Mapping[str, str]  # by number of the section


def save_states(database: Database, found: Iterable[TranslationStates]) -> bool:
    """Store the states of translations; return True if any of them is another than before."""
    known = {tuple(row[:4]): row[4] for row in database.rows("SELECT * FROM translation_states")}
    rows = [(*each[:4], pack(each.states)) for each in found]
    changed = [row for row in rows if known.get(row[:4]) != row[4]]
    if changed:
        with database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO translation_states VALUES (?, ?, ?, ?, ?)", changed)
            connection.execute("DELETE FROM translation_states WHERE document NOT IN (SELECT id FROM documents)")
    return bool(changed)


def load_states(database: Database, article: int) -> dict[str, Mapping[str, str]]:
    """Return the states of an article's sections by language and number; nothing for documents that have changed."""
    query = (
        "SELECT own.language, states FROM documents AS own JOIN translation_states ON document = own.id"
        " JOIN documents AS other ON other.id = source WHERE own.article = ? AND other.article = own.article"
        " AND own.revision = translation_states.revision AND other.revision = source_revision"
    )
    return {language: unpack(states) for language, states in database.rows(query, (article,))}
