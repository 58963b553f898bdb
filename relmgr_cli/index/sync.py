"""Keeps the catalogue in step with the files.

Every command looks at the status of every file, which costs microseconds each; only what has changed is
read again, and what is paired or aligned follows in the same transaction, so that a reader sees the old
state or the new one and nothing between.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.errors import FileRefusedError, Problem
from relmgr_cli.index.catalogue import Catalogue, pack, pack_problems
from relmgr_cli.library.files import FoundFile, read_text, scan

# A file written in the same tick of the clock as it was read could change without its status showing it.
_TICK_NS = 2_000_000_000

Key = tuple[bytes, bytes]  # root and path
Progress = Callable[[int, int], None]


class SyncReport(NamedTuple):
    """What a look at the files brought."""

    read: int  # files read because they are new or changed
    removed: int  # files that are gone
    problems: tuple[Problem, ...]  # of the walk itself; those of files are in the catalogue
    watched: tuple[str, ...]  # the folders and files whose status was looked at


def sync(catalogue: Catalogue, roots: Sequence[Path], progress: Progress | None = None) -> SyncReport:
    """Bring the catalogue up to date with the files below `roots`.

    `progress` is called with the number of files read and of all that have to be.

    Raises LibraryMissingError for a folder that cannot be read, sqlite3.Error when the catalogue cannot be written.
    """
    files: dict[Key, FoundFile] = {}
    problems: list[Problem] = []
    watched: list[str] = []
    for root in roots:
        for found in scan(root, watched):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                files[os.fsencode(found.root), os.fsencode(found.path)] = found
    watched += [os.path.join(file.root, file.path) for file in files.values()]
    if not any(_differences(catalogue, files, problems)):
        return SyncReport(0, 0, tuple(problems), tuple(watched))
    with catalogue.writing():
        changed, gone = _differences(catalogue, files, problems)  # once more: another process may have been here
        updated = 0
        for done, key in enumerate(changed):
            if progress:
                progress(done, len(changed))
            updated += _store(catalogue, key, files[key])
        for key in gone:
            catalogue.connection.execute("DELETE FROM documents WHERE root = ? AND path = ?", key)
        if updated or gone:
            _gather(catalogue)
    return SyncReport(len(changed), len(gone), tuple(problems), tuple(watched))


def _differences(
    catalogue: Catalogue, files: Mapping[Key, FoundFile], problems: Sequence[Problem]
) -> tuple[list[Key], list[Key]]:
    """Return the keys of the files to read and of those that are gone."""
    known = {}
    unsure = set()
    for root, path, size, mtime_ns, inode, read_ns in catalogue.rows(
        "SELECT root, path, size, mtime_ns, inode, read_ns FROM documents"
    ):
        known[root, path] = (size, mtime_ns, inode)
        if mtime_ns > read_ns - _TICK_NS:
            unsure.add((root, path))
    changed = [
        key for key, file in files.items() if key in unsure or known.get(key) != (file.size, file.mtime_ns, file.inode)
    ]
    # What lies in a folder that cannot be read just now is kept: the disk may come back.
    hidden = tuple(os.fsencode(problem.path) + b"/" for problem in problems)
    gone = [key for key in known if key not in files and not (hidden and key[1].startswith(hidden))]
    return changed, gone


def _store(catalogue: Catalogue, key: Key, file: FoundFile) -> bool:
    """Read a file and write its row; return whether the row says something new."""
    from relmgr_cli.library.reading import parse_document

    read_ns = time.time_ns()
    about = content = language = None
    try:
        text, problems = read_text(file.root, file.path)
    except FileRefusedError as refusal:
        problems = (Problem(file.path, 0, "unreadable", refusal.reason),)
    else:
        document = parse_document(text, file.root, file.path)
        problems += document.problems
        language = document.language
        content = pack(document.to_json())
        about = pack([document.declared, document.title, document.description, list(document.keywords), document.words])
    row = (language, about, content, pack_problems(problems))
    old = catalogue.rows("SELECT language, about, content, problems FROM documents WHERE root = ? AND path = ?", key)
    catalogue.connection.execute(
        "INSERT INTO documents (root, path, size, mtime_ns, inode, read_ns, language, about, content, problems)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (root, path) DO UPDATE SET"
        " size = excluded.size, mtime_ns = excluded.mtime_ns, inode = excluded.inode, read_ns = excluded.read_ns,"
        " language = excluded.language, about = excluded.about, content = excluded.content,"
        " problems = excluded.problems",
        (*key, file.size, file.mtime_ns, file.inode, read_ns, *row),
    )
    return old != [row]


def _gather(catalogue: Catalogue) -> None:
    """Pair and align anew, and start a new generation."""
    from relmgr_cli.index.queries import load_documents
    from relmgr_cli.library.pairing import gather

    connection = catalogue.connection
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
    connection.execute("DELETE FROM articles")
    connection.execute("UPDATE documents SET article = NULL")
    documents = load_documents(catalogue)
    number_of = {id(document): row for row, document in documents.items()}
    for number, article in enumerate(gather(tuple(documents.values())), 1):
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            (
                number,
                article.id,
                article.paired_by,
                article.highlights,
                pack([[s.number, s.level, dict(s.places)] for s in article.sections]),
                pack([[bead.section, {k: list(v) for k, v in bead.blocks.items()}] for bead in article.beads]),
            ),
        )
        for document in article.documents.values():
            connection.execute("UPDATE documents SET article = ? WHERE id = ?", (number, number_of[id(document)]))
