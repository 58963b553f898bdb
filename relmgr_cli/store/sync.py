"""Keeps the database in step with the files.

Every command looks at the status of every file, which costs microseconds each; only what has changed is
read again, in batches that survive an interruption. Until the last batch has been paired the database is marked as
ungrouped, and every command that finds it so goes on with the work first. Folders are walked only when one of them
has changed.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.errors import FileRefusedError, Problem
from relmgr_cli.filesystem import file_status, is_settled
from relmgr_cli.store.codec import pack, pack_problems, pack_summary, pack_targets, unpack_problems
from relmgr_cli.store.database import Database, DatabaseCorruptError

_BATCH = 200  # files

Key = tuple[bytes, bytes]  # root and path
Progress = Callable[[int, int], None]


class SyncReport(NamedTuple):
    """What a look at the files brought."""

    read: int  # files read because they are new or changed
    removed: int  # files that are gone
    problems: tuple[Problem, ...]  # of the walk itself; those of files are in the database
    watched: tuple[str, ...]  # the folders and files whose status was looked at


def sync(
    database: Database,
    roots: Sequence[Path],
    progress: Progress | None = None,
    only: Collection[str] | None = None,
) -> SyncReport:
    """Bring the database up to date with the files below `roots`, or with those among them whose paths are in `only`.

    `progress` is called with the number of files read and of all that have to be. Raises LibraryMissingError for a
    folder that cannot be read, sqlite3.Error when the database cannot be written.
    """
    watched = _unchanged(database, roots)
    if watched is not None:
        return SyncReport(0, 0, unpack_problems(database.get("problems")), watched)
    files, problems, folders = _walk(roots)
    if only is not None:
        files = {key: file for key, file in files.items() if file.path in only}
        problems = []
    places = (*folders, *(os.path.join(file.root, file.path) for file in files.values()))
    read, removed = _bring_up_to_date(database, files, problems, progress)
    with database.writing() as connection:
        _watch(database, folders, roots)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'problems'", (pack_problems(problems),))
    if read or removed:
        database.checkpoint()
    return SyncReport(read, removed, tuple(problems), places)


def _bring_up_to_date(
    database: Database, files: Mapping[Key, FoundFile], problems: Sequence[Problem], progress: Progress | None
) -> tuple[int, int]:
    """Read what has changed and drop what is gone; return how many files each.

    Files are read in batches, each a transaction of its own: what is done stays done when the program is stopped,
    and several processes share the work. Only the last one pairs.
    """
    done: set[Key] = set()
    updated: set[int] = set()
    while True:
        with database.writing() as connection:
            changed, gone = _differences(database, files, problems)
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
            connection.executemany("DELETE FROM documents WHERE root = ? AND path = ?", gone)
            if updated or gone or database.get("unpaired"):
                from relmgr_cli.store.article_builder import update_articles

                update_articles(database, updated)
            return len(done), len(gone)


def compare(database: Database, roots: Sequence[Path]) -> tuple[int, int]:
    """Return how many files are new or changed and how many are gone since the database was brought up to date."""
    files, problems, _ = _walk(roots)
    known = {(root, path): status for root, path, status in database.rows("SELECT root, path, status FROM documents")}
    _, gone = _differences(database, files, problems)
    return sum(known.get(key) != file.status for key, file in files.items()), len(gone)


def _unchanged(database: Database, roots: Sequence[Path]) -> tuple[str, ...] | None:
    """Return the folders and files of the library when none of them has changed, else None."""
    if database.get("unpaired"):
        return None
    try:
        return _places_if_unchanged(database, roots)
    except (ValueError, TypeError) as error:
        raise DatabaseCorruptError from error


def _places_if_unchanged(database: Database, roots: Sequence[Path]) -> tuple[str, ...] | None:
    folders = database.rows("SELECT path, status FROM watched")
    if not folders or not all(file_status(path) == status for path, status in folders):
        return None
    files = database.rows("SELECT root, path, status, read_ns FROM documents")
    places = []
    for root, path, status, read_ns in files:
        place = os.path.join(root, path)
        if not is_settled(status, read_ns) or file_status(place) != status:
            return None
        places.append(os.fsdecode(place))
    if not {os.fsencode(os.path.abspath(root)) for root in roots}.issubset(path for path, _ in folders):
        return None
    return (*(os.fsdecode(path) for path, _ in folders), *places)


def _walk(roots: Sequence[Path]) -> tuple[Mapping[Key, FoundFile], list[Problem], list[str]]:
    files: dict[Key, FoundFile] = {}
    problems: list[Problem] = []
    folders: list[str] = []
    seen: set[str] = set()  # a folder may be given together with one above it; the one given first has its files
    for root in roots:
        base, real = os.path.abspath(root), os.path.realpath(root)
        for found in scan(root, folders):
            if isinstance(found, Problem):
                problems.append(found)
            elif (place := os.path.join(real, found.path) if found.root == base else real) not in seen:
                seen.add(place)
                files[os.fsencode(found.root), os.fsencode(found.path)] = found
    return files, problems, folders


def _differences(
    database: Database, files: Mapping[Key, FoundFile], problems: Sequence[Problem]
) -> tuple[list[Key], list[Key]]:
    """Return the keys of the files to read and of those that are gone."""
    known: dict[Key, str] = {}
    for root, path, status, read_ns in database.rows("SELECT root, path, status, read_ns FROM documents"):
        known[root, path] = status if is_settled(status, read_ns) else ""
    changed = [key for key, file in files.items() if known.get(key) != file.status]
    # What lies in a folder that cannot be read just now is kept: the disk may come back.
    hidden = tuple(os.fsencode(problem.path) + b"/" for problem in problems)
    gone = [key for key in known if key not in files and not (hidden and key[1].startswith(hidden))]
    return changed, gone


def _watch(database: Database, folders: Iterable[str], roots: Sequence[Path]) -> None:
    """Keep the status of the folders; one that has just changed may change again unseen, so it counts as changed."""
    now = time.time_ns()
    rows = []
    for folder in {*map(os.fsencode, folders), *(os.fsencode(os.path.abspath(root)) for root in roots)}:
        status = file_status(folder)
        rows.append((folder, status if is_settled(status, now) else "just changed"))
    database.connection.execute("DELETE FROM watched")
    database.connection.executemany("INSERT OR REPLACE INTO watched VALUES (?, ?)", rows)


def _store(database: Database, key: Key, file: FoundFile) -> set[int]:
    """Read a file and write its row; return its id if the row says something new, else nothing."""
    read_ns = time.time_ns()
    row, problems = read_row(file)
    query = "SELECT language, summary, content, targets, problems FROM documents WHERE root = ? AND path = ?"
    old = database.rows(query, key)
    ((id_,),) = database.connection.execute(
        "INSERT INTO documents (root, path, status, read_ns, revision, language, summary, content, targets, problems)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (root, path) DO UPDATE SET revision = CASE WHEN"
        " (language, summary, content) IS (excluded.language, excluded.summary, excluded.content) THEN revision"
        " ELSE excluded.revision END, article = CASE WHEN excluded.content IS NULL THEN NULL ELSE article END,"
        " status = excluded.status, read_ns = excluded.read_ns, language = excluded.language,"
        " summary = excluded.summary, content = excluded.content, targets = excluded.targets,"
        " problems = excluded.problems RETURNING id",
        (*key, file.status, read_ns, read_ns, *row, problems),
    ).fetchall()
    if old == [(*row, problems)]:
        return set()
    # Until all is paired anew, what is known of its article's blocks would be of other blocks.
    database.connection.execute(
        "UPDATE articles SET sections = NULL, units = NULL, with_embeddings = NULL WHERE number ="
        " (SELECT article FROM documents WHERE id = ?)",
        (id_,),
    )
    database.connection.execute("DELETE FROM similar_documents WHERE ? IN (one, other)", (id_,))
    return {id_}


def read_row(file: FoundFile) -> tuple[tuple[str | bytes | None, ...], bytes]:
    """Return language, about, content and targets of a file as they are stored, and its problems."""
    from relmgr_cli.corpus.alignment.align import outline_of
    from relmgr_cli.corpus.document_builder import parse_document
    from relmgr_cli.corpus.files import read_text

    try:
        text, problems = read_text(file.root, file.path)
    except FileRefusedError as refusal:
        return (None, None, None, None), pack_problems([Problem(file.path, 0, "unreadable", refusal.reason)])
    document = parse_document(text, file.root, file.path)
    about = pack_summary(document, outline_of(document))
    row = (document.language, about, pack(document.to_json()), pack_targets(document))
    return row, pack_problems([*problems, *document.problems])
