"""Finished pages, kept so that showing one again costs no layout.

A page belongs to one generation of the catalogue: after any change of any file none of the old ones counts.
"""

import sqlite3
from contextlib import suppress

from relmgr_cli.index.catalogue import Catalogue, generation

_MOST_PAGES = 400
_LONGEST_PAGE = 1 << 19  # bytes


def load_page(catalogue: Catalogue, key: str) -> str | None:
    """Return the finished page for this key, None when there is none of this generation."""
    rows = catalogue.rows(
        "SELECT page FROM pages WHERE key = ? AND generation = (SELECT value FROM meta WHERE key = 'generation')",
        (key,),
    )
    return rows[0][0].decode("utf-8", "surrogatepass") if rows else None


def store_page(catalogue: Catalogue, key: str, page: str) -> None:
    """Keep a finished page. A catalogue that cannot be written just now is no reason to fail."""
    data = page.encode("utf-8", "surrogatepass")
    if catalogue.path is None or len(data) > _LONGEST_PAGE:
        return
    with suppress(sqlite3.Error), catalogue.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (key, generation(catalogue), data)
        )
        connection.execute(
            "DELETE FROM pages WHERE rowid <= (SELECT max(rowid) FROM pages) - ?", (_MOST_PAGES,)
        )
