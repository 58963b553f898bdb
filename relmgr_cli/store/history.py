"""The history of a library's files in git: commits, what they changed, and the fingerprints of all versions.

What a commit changed is stored under its id and stays: it is the same on all branches. The commits that lead to the one
that is checked out, with their numbers, are replaced when that changes.
"""

import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from relmgr_cli.store.codec import MAX_PARAMETERS, pack, unpack
from relmgr_cli.store.database import Database

_MAX_RENAMES = 50  # of one file
_MAX_VERSIONS = 2000  # of one file, the newest
_BATCH = 1000  # commits that are stored at a time


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
    blob: str  # id of its content; "" where it was deleted
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


def store_changes(database: Database, top: str, commits: Iterable[Any]) -> None:
    """Store what commits changed, see `health.git.Commit`."""
    with database.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO repositories (top, head) VALUES (?, '')", (os.fsencode(top),))
    id_, _ = repository_head(database, top)
    rest = iter(commits)
    while some := list(islice(rest, _BATCH)):
        rows = [(id_, bytes.fromhex(commit.id), *_packed(change)) for commit in some for change in commit.changes]
        with database.writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO file_changes VALUES (?, ?, ?, ?, ?, ?)", rows)


def _packed(change: Any) -> tuple[str, bytes, bytes, bytes]:
    """Return the columns of a change; the path before it only if that was another one."""
    old_path = change.old_path if change.old_path != change.path else b""
    return change.kind, change.path, old_path, bytes.fromhex(change.blob)


def store_commits(database: Database, top: str, head: str, commits: Sequence[tuple[str, int]]) -> None:
    """Store the ids and times of the commits that lead to `head`, newest first, whose changes are stored."""
    with database.writing() as connection:
        id_, _ = repository_head(database, top)
        connection.execute("DELETE FROM commits WHERE repository = ?", (id_,))
        rows = [(id_, number, bytes.fromhex(commit), time) for number, (commit, time) in numbered(commits).items()]
        connection.executemany("INSERT INTO commits VALUES (?, ?, ?, ?)", rows)
        connection.execute("UPDATE repositories SET head = ? WHERE id = ?", (head, id_))


def numbered(commits: Sequence[tuple[str, int]]) -> dict[int, tuple[str, int]]:
    """Return commits that come newest first by number: the oldest has the number 1."""
    return dict(enumerate(reversed(commits), 1))


def load_commits(database: Database, top: str, head: str) -> dict[int, tuple[str, int]]:
    """Return id and time of the commits that lead to `head` by number; none if another commit was stored last."""
    query = (
        "SELECT number, commits.id, time FROM commits JOIN repositories ON repositories.id = repository"
        " WHERE top = ? AND head = ?"
    )
    return {number: (id_.hex(), time) for number, id_, time in database.rows(query, (os.fsencode(top), head))}


def load_versions(
    database: Database, top: str, numbers: Mapping[str, int], paths: Iterable[bytes]
) -> dict[bytes, list[FileVersion]]:
    """Return the versions of files by path, newest first; those before a rename are among them.

    `numbers` are those of the commits by id; others do not count.
    """
    changes: dict[bytes, list[StoredChange]] = defaultdict(list)
    query = (
        'SELECT "commit", kind, path, old_path, blob FROM file_changes'
        " WHERE repository = (SELECT id FROM repositories WHERE top = ?)"
    )
    for commit, kind, path, old_path, blob in database.rows(query, (os.fsencode(top),)):
        if number := numbers.get(commit.hex()):
            change = StoredChange(number, kind, path, old_path or path, blob.hex())
            changes[change.path].append(change)
    for found in changes.values():
        found.sort(reverse=True)
    return {path: _versions(path, changes) for path in paths}


def _versions(path: bytes, changes: Mapping[bytes, Sequence[StoredChange]]) -> list[FileVersion]:
    found: list[FileVersion] = []
    before = None
    for _ in range(_MAX_RENAMES):
        renamed = None
        for change in changes.get(path, ()):
            if before is not None and change.number >= before:
                continue
            found.append(FileVersion(change.number, "" if change.kind == "D" else change.blob, path))
            if change.kind == "R":
                renamed = change
                break
        if renamed is None:
            break
        path, before = renamed.old_path, renamed.number
    return found[:_MAX_VERSIONS]


def load_fingerprints(database: Database, blobs: Sequence[str]) -> "dict[str, array[int]]":
    """Return the fingerprints of the sections of those blobs that are known."""
    found: dict[str, array[int]] = {}
    for start in range(0, len(blobs), MAX_PARAMETERS):
        some = list(map(bytes.fromhex, blobs[start : start + MAX_PARAMETERS]))
        marks = ", ".join("?" * len(some))
        query = f"SELECT blob, fingerprints FROM blob_sections WHERE blob IN ({marks})"  # noqa: S608 (marks)
        for blob, data in database.rows(query, some):
            found[blob.hex()] = array("q", data)
    return found


def store_fingerprints(database: Database, found: Mapping[str, Sequence[int]]) -> None:
    """Store the fingerprints of the sections of blobs."""
    rows = [(bytes.fromhex(blob), array("q", fingerprints).tobytes()) for blob, fingerprints in found.items()]
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
