"""One article of documents that are in no library: in memory, aligned and loaded as any other article."""

import json
import os
from collections.abc import Sequence

from relmgr_cli.corpus.document import Document
from relmgr_cli.store.database import Database
from relmgr_cli.store.file_reader import to_row

NUMBER = 1  # of the article


def store_article(database: Database, name: str, documents: Sequence[Document]) -> None:
    """Write the only article of a database, in place of what is there: documents in languages, the source first."""
    ids = range(1, len(documents) + 1)
    revision = 1 + (database.value("SELECT max(revision) FROM documents") or 0)
    rows = []
    for id_, document in zip(ids, documents, strict=True):
        read_ns, *values = to_row(document, document.problems, 0)
        rows.append((id_, os.fsencode(document.root), os.fsencode(document.path), read_ns, revision, NUMBER, *values))
    members, paired_by = json.dumps([*ids]), "metadata" if len(documents) > 1 else "alone"
    with database.writing() as connection:
        connection.execute("DELETE FROM documents")
        connection.execute("DELETE FROM articles")
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")
        connection.executemany(
            "INSERT INTO documents (id, root, path, status, read_ns, revision, article, language, summary, content,"
            " targets, traits, problems) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        connection.execute(
            "INSERT INTO articles (number, id, members, paired_by, source) VALUES (?, ?, ?, ?, ?)",
            (NUMBER, name, members, paired_by, documents[0].language),
        )
