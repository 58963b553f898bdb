"""The history of a library's files in git: commits, what they changed, and the fingerprints of all versions."""

import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from relmgr_cli.store.codec import MAX_PARAMETERS, pack, unpack
from relmgr_cli.store.database import Database

_MAX_RENAMES = 50  # of one file


class StoredChange(NamedTuple):
    """What one commit did to one file, see `health.git.Change`."""

    number: int  # of the commit
    kind: str
    path: bytes
    old_path: bytes
    blob: str


class FileVersion(NamedTuple):
    """One version of a file."""

    number: int  # of the commit that made it
    blob: str
    path: bytes  # at that time


class DocumentRow(NamedTuple):
    """A document of the library, to look up its history."""

    id: int
    revision: int
    article: int
    language: str
    root: str
    path: str

    @property
    def file(self) -> str:
        """Its absolute path."""
        return os.path.join(self.root, self.path)


def library_documents(database: Database) -> list[DocumentRow]:
    """Return the documents of all articles, those of an article together."""
    query = (
        "SELECT id, revision, article, language, root, path FROM documents WHERE article IS NOT NULL"
        " ORDER BY article, language"
    )
    return [
        DocumentRow(id_, revision, article, language, os.fsdecode(root), os.fsdecode(path))
        for id_, revision, article, language, root, path in database.rows(query)
    ]


def repository_head(database: Database, top: str) -> tuple[int, str]:
    """Return the id of a repository in the index and the commit up to which it is there; 0 and "" for none."""
    rows = database.rows("SELECT id, head FROM repositories WHERE top = ?", (os.fsencode(top),))
    return rows[0] if rows else (0, "")


def store_commits(
    database: Database, top: str, heads: tuple[str, str], commits: Iterable[Any], *, replaces: bool
) -> None:
    """Store commits, which come newest first; with `replaces` instead of those that are stored.

    `heads` are the commit up to which they were stored before, and are now. If another process has stored some
    meanwhile, nothing is stored.
    """
    known_head, head = heads
    newest_last = list(commits)[::-1]
    with database.writing() as connection:
        id_, stored = repository_head(database, top)
        if stored != known_head:
            return
        connection.execute("INSERT OR IGNORE INTO repositories (top, head) VALUES (?, '')", (os.fsencode(top),))
        id_, _ = repository_head(database, top)
        if replaces:
            connection.execute("DELETE FROM commits WHERE repository = ?", (id_,))
            connection.execute("DELETE FROM file_changes WHERE repository = ?", (id_,))
            connection.execute("DELETE FROM document_histories")
        last = database.value("SELECT max(number) FROM commits WHERE repository = ?", (id_,)) or 0
        numbered = list(enumerate(newest_last, last + 1))
        rows = [(id_, number, commit.id, commit.time) for number, commit in numbered]
        connection.executemany("INSERT INTO commits VALUES (?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO file_changes VALUES (?, ?, ?, ?, ?, ?)",
            [(id_, number, *change) for number, commit in numbered for change in commit.changes],
        )
        connection.execute("UPDATE repositories SET head = ? WHERE id = ?", (head, id_))


def load_versions(database: Database, repository: int, paths: Iterable[bytes]) -> dict[bytes, list[FileVersion]]:
    """Return the versions of files by path, newest first; those before a rename are among them."""
    changes: dict[bytes, list[StoredChange]] = defaultdict(list)
    query = "SELECT number, kind, path, old_path, blob FROM file_changes WHERE repository = ? ORDER BY rowid DESC"
    for row in database.rows(query, (repository,)):
        changes[row[2]].append(StoredChange(*row))
    return {path: _versions(path, changes) for path in paths}


def _versions(path: bytes, changes: Mapping[bytes, Sequence[StoredChange]]) -> list[FileVersion]:
    found: list[FileVersion] = []
    before = None
    for _ in range(_MAX_RENAMES):
        renamed = None
        for change in changes.get(path, ()):
            if before is not None and change.number >= before:
                continue
            if change.kind == "D":
                if found:
                    return found
                continue  # it is in the work tree again, and not committed
            found.append(FileVersion(change.number, change.blob, path))
            if change.kind == "A":
                return found
            if change.kind in "RC":
                renamed = change
                break
        if renamed is None:
            return found
        path, before = renamed.old_path, renamed.number
    return found


def load_fingerprints(database: Database, blobs: Sequence[str]) -> "dict[str, array[int]]":
    """Return the fingerprints of the sections of those blobs that are known."""
    found: dict[str, array[int]] = {}
    for start in range(0, len(blobs), MAX_PARAMETERS):
        some = blobs[start : start + MAX_PARAMETERS]
        marks = ", ".join("?" * len(some))
        query = f"SELECT blob, fingerprints FROM blob_sections WHERE blob IN ({marks})"  # noqa: S608 (marks)
        for blob, data in database.rows(query, some):
            found[blob] = array("q", data)
    return found


def store_fingerprints(database: Database, found: Mapping[str, Sequence[int]]) -> None:
    """Store the fingerprints of the sections of blobs."""
    rows = [(blob, array("q", fingerprints).tobytes()) for blob, fingerprints in found.items()]
    with database.writing() as connection:
        connection.executemany("INSERT OR IGNORE INTO blob_sections VALUES (?, ?)", rows)


def load_histories(database: Database) -> dict[int, tuple[int, str, Any]]:
    """Return revision, commit and history of each document that has one, by id."""
    rows = database.rows("SELECT document, revision, head, history FROM document_histories")
    values = unpack(b"[" + b",".join([row[-1] for row in rows]) + b"]")
    return {id_: (revision, head, value) for (id_, revision, head, _), value in zip(rows, values, strict=True)}


def store_histories(database: Database, head: str, found: Mapping[int, tuple[int, Any]]) -> None:
    """Store the histories of documents by id, each with the revision of the document."""
    rows = [(id_, revision, head, pack(history)) for id_, (revision, history) in found.items()]
    with database.writing() as connection:
        connection.executemany("INSERT OR REPLACE INTO document_histories VALUES (?, ?, ?, ?)", rows)
        connection.execute("DELETE FROM document_histories WHERE document NOT IN (SELECT id FROM documents)")


def load_commits(database: Database, repository: int) -> dict[int, tuple[str, int]]:
    """Return id and time of the commits of a repository by number."""
    query = "SELECT number, id, time FROM commits WHERE repository = ?"
    return {number: (id_, time) for number, id_, time in database.rows(query, (repository,))}
