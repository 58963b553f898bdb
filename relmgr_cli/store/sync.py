"""Sync the database with the files.

Every command gets the status of every file, which takes microseconds each. Only changed files are read, in batches that
survive an interruption. Until the last batch is paired, the database is marked `unpaired`, and the next command
continues the work first. Folders are walked only if one of them has changed.
"""

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.errors import FileRefusedError, Problem
from relmgr_cli.filesystem import file_status, is_settled
from relmgr_cli.store.codec import pack, pack_summary, pack_targets, pack_traits, unpack_problems
from relmgr_cli.store.database import Database, DatabaseCorruptError, Progress

_BATCH = 200  # files

Key = tuple[bytes, bytes]  # root and path


class SyncReport(NamedTuple):
    """The result of a sync."""

    read: int  # new and changed files
    removed: int  # deleted files
    problems: tuple[Problem, ...]  # of the walk; those of files are in the database
    watched: tuple[str, ...]  # the folders and files on which the result depends


def sync(
    database: Database, roots: Sequence[Path], progress: Progress | None = None, only: Collection[str] | None = None
) -> SyncReport:
    """Sync the database with the files below `roots`, or with those among them whose paths are in `only`.

    `progress` is called with the number of files read and to read. Raises LibraryMissingError for a folder that cannot
    be read, sqlite3.Error if the database cannot be written.
    """
    try:
        watched = _unchanged(database, roots)
    except (ValueError, TypeError) as error:
        raise DatabaseCorruptError from error
    if watched is not None:
        return SyncReport(0, 0, unpack_problems(database.get("problems")), watched)
    files, problems, folders = _walk(roots)
    if only is not None:
        files = {key: file for key, file in files.items() if file.path in only}
        problems = []
    watched = (*folders, *(os.path.join(file.root, file.path) for file in files.values()))
    read, removed = _update(database, files, problems, progress)
    with database.writing() as connection:
        _watch(database, folders, roots)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'problems'", (pack(problems),))
    if read or removed:
        database.checkpoint()
    return SyncReport(read, removed, tuple(problems), watched)


def _update(
    database: Database, files: Mapping[Key, FoundFile], problems: Sequence[Problem], progress: Progress | None
) -> tuple[int, int]:
    """Read changed files and remove deleted ones; return how many there were of each.

    Each batch is a transaction, so that finished batches survive an interruption and several processes share the work.
    Only the last batch is followed by pairing.
    """
    done: set[Key] = set()
    updated: set[int] = set()
    while True:
        with database.writing() as connection:
            changed, deleted = _differences(database, files, problems)
            batch = [key for key in changed if key not in done][:_BATCH]
            for number, key in enumerate(batch):
                if progress:
                    progress(len(done) + number, len({*changed, *done}))
                updated |= _store(database, key, files[key])
            done.update(batch)
            if updated:
                connection.execute("UPDATE meta SET value = 1 WHERE key = 'unpaired'")
            if batch:
                continue
            connection.executemany("DELETE FROM documents WHERE root = ? AND path = ?", deleted)
            if updated or deleted or database.get("unpaired"):
                from relmgr_cli.store.article_builder import update_articles

                update_articles(database, updated)
            return len(done), len(deleted)


def compare(database: Database, roots: Sequence[Path]) -> tuple[int, int]:
    """Return how many files are new or changed, and how many were deleted, since the last sync."""
    files, problems, _ = _walk(roots)
    known = {(root, path): status for root, path, status in database.rows("SELECT root, path, status FROM documents")}
    _, deleted = _differences(database, files, problems)
    return sum(known.get(key) != file.status for key, file in files.items()), len(deleted)


def _unchanged(database: Database, roots: Sequence[Path]) -> tuple[str, ...] | None:
    """Return the folders and files of the library; None if any has changed."""
    folders = database.rows("SELECT path, status FROM watched")
    if database.get("unpaired") or not folders or any(file_status(path) != status for path, status in folders):
        return None
    files = database.rows("SELECT root, path, status, read_ns FROM documents")
    paths = []
    for root, path, status, read_ns in files:
        full_path = os.path.join(root, path)
        if not is_settled(status, read_ns) or file_status(full_path) != status:
            return None
        paths.append(os.fsdecode(full_path))
    if not {os.fsencode(os.path.abspath(root)) for root in roots}.issubset(path for path, _ in folders):
        return None
    return (*(os.fsdecode(path) for path, _ in folders), *paths)


def _walk(roots: Sequence[Path]) -> tuple[Mapping[Key, FoundFile], list[Problem], list[str]]:
    files: dict[Key, FoundFile] = {}
    problems: list[Problem] = []
    folders: list[str] = []
    seen: set[str] = set()  # a folder may be given together with its parent; the first one gets its files
    for root in roots:
        base, real = os.path.abspath(root), os.path.realpath(root)
        for found in scan(root, folders):
            if isinstance(found, Problem):
                problems.append(found._replace(root=base))
            elif (path := os.path.join(real, found.path) if found.root == base else real) not in seen:
                seen.add(path)
                files[os.fsencode(found.root), os.fsencode(found.path)] = found
    return files, problems, folders


def _differences(
    database: Database, files: Mapping[Key, FoundFile], problems: Sequence[Problem]
) -> tuple[list[Key], list[Key]]:
    """Return the keys of the files to read and of those that were deleted."""
    known: dict[Key, str] = {}
    for root, path, status, read_ns in database.rows("SELECT root, path, status, read_ns FROM documents"):
        known[root, path] = status if is_settled(status, read_ns) else ""
    changed = [key for key, file in files.items() if known.get(key) != file.status]
    # Files in a folder that cannot be read stay in the index: the disk may be mounted again.
    hidden = tuple(os.fsencode(problem.path) + b"/" for problem in problems)
    deleted = [key for key in known if key not in files and not (hidden and key[1].startswith(hidden))]
    return changed, deleted


def _watch(database: Database, folders: Iterable[str], roots: Sequence[Path]) -> None:
    """Save the status of the folders; one that has just changed could change again unnoticed and counts as changed."""
    now = time.time_ns()
    rows = []
    for folder in {*map(os.fsencode, folders), *(os.fsencode(os.path.abspath(root)) for root in roots)}:
        status = file_status(folder)
        rows.append((folder, status if is_settled(status, now) else "just changed"))
    database.connection.execute("DELETE FROM watched")
    database.connection.executemany("INSERT OR REPLACE INTO watched VALUES (?, ?)", rows)


def _store(database: Database, key: Key, file: FoundFile) -> set[int]:
    """Read a file and write its row; return its id if the row has changed, else nothing."""
    read_ns = time.time_ns()
    row, problems = read_row(file)
    query = "SELECT detected, summary, content, targets, traits, problems FROM documents WHERE root = ? AND path = ?"
    old = database.rows(query, key)
    ((id_,),) = database.connection.execute(
        "INSERT INTO documents (root, path, status, read_ns, revision, language, detected, summary, content, targets,"
        " traits, problems) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (root, path) DO UPDATE SET"
        " revision = CASE WHEN (detected, summary, content) IS (excluded.detected, excluded.summary, excluded.content)"
        " THEN revision ELSE excluded.revision END,"
        " article = CASE WHEN excluded.content IS NULL THEN NULL ELSE article END,"
        " status = excluded.status, read_ns = excluded.read_ns,"
        " language = CASE WHEN detected IS excluded.detected THEN language ELSE excluded.language END,"
        " detected = excluded.detected, summary = excluded.summary, content = excluded.content,"
        " targets = excluded.targets, traits = excluded.traits, problems = excluded.problems RETURNING id",
        (*key, file.status, read_ns, read_ns, row[0], *row, problems),
    ).fetchall()
    if old == [(*row, problems)]:
        return set()
    # Until articles are updated, the alignment of this one refers to other blocks.
    article = "(SELECT article FROM documents WHERE id = ?)"
    unaligned = "sections = NULL, units = NULL, with_embeddings = NULL"
    database.connection.execute(f"UPDATE articles SET {unaligned} WHERE number = {article}", (id_,))  # noqa: S608
    database.connection.execute("DELETE FROM similar_documents WHERE ? IN (one, other)", (id_,))
    return {id_}


def read_row(file: FoundFile) -> tuple[tuple[str | bytes | None, ...], bytes]:
    """Return language, summary, content, targets and traits of a file as they are stored, and its problems."""
    from relmgr_cli.corpus.alignment.align import outline_of
    from relmgr_cli.corpus.document_builder import parse_document
    from relmgr_cli.corpus.files import read_text

    try:
        text, problems = read_text(file.root, file.path)
    except FileRefusedError as refusal:
        return (None, None, None, None, None), pack([Problem(file.path, 0, "unreadable", refusal.reason)])
    document = parse_document(text, file.root, file.path)
    summary = pack_summary(document, outline_of(document))
    row = (document.language, summary, pack(document.to_json()), pack_targets(document), pack_traits(document))
    return row, pack([*problems, *document.problems])
