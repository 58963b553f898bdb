"""Sync the database with the files.

Every command gets the status of every file, which takes microseconds each. Only changed files are read, in batches that
survive an interruption. Until the last batch is paired, the database is marked `unpaired`, and the next command
continues the work first. Folders are walked only if one of them has changed.
"""

import os
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.config import bundled_seeds
from relmgr_cli.corpus.files import FoundFile, scan
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules
from relmgr_cli.errors import Problem, SettingError
from relmgr_cli.filesystem import file_status, is_as_read, is_markdown, is_settled
from relmgr_cli.store.codec import pack, pack_rules, unpack_problems
from relmgr_cli.store.database import Database, DatabaseCorruptError, Progress
from relmgr_cli.store.file_reader import FileReader, FileRow

if TYPE_CHECKING:
    from relmgr_cli.corpus.library_rules import RootRules

_BATCH = 200  # files of one transaction
# What meta.markdown says of the last walk: that there was Markdown; that there was none, and whether it was read.
_MARKDOWN_READ, _OTHER_TEXT_READ, _NOTHING_READ = "read", "none", "none read"

Key = tuple[bytes, bytes]  # root and path


class SyncReport(NamedTuple):
    """The result of a sync."""

    read: int  # new and changed files
    removed: int  # deleted files
    problems: tuple[Problem, ...]  # of the walk; those of files are in the database
    watched: tuple[str, ...]  # the folders and files on which the result depends
    has_markdown: bool = True  # False: no file was read, because none is Markdown


class _Walked(NamedTuple):
    """What is in the folders of a library."""

    files: Mapping[Key, FoundFile]
    problems: Sequence[Problem]
    watched: Sequence[str]  # the folders and files that decide which these are; they need not exist
    rules: LibraryRules

    @property
    def has_markdown(self) -> bool:
        return any(is_markdown(file.path) for file in self.files.values())


def sync(
    database: Database,
    roots: Sequence[Path],
    progress: Progress | None = None,
    only: Collection[str] | None = None,
    *,
    needs_markdown: bool = False,
) -> SyncReport:
    """Sync the database with the files below `roots`, or with those among them whose paths are in `only`.

    `progress` is called with the number of files read and to read. With `needs_markdown`, nothing is read unless a
    file is Markdown. Raises LibraryMissingError for a folder that cannot be read, SettingError for a relmgr.toml,
    sqlite3.Error if the database cannot be written.
    """
    try:
        watched = _unchanged(database, roots)
        markdown = database.get("markdown") or _MARKDOWN_READ
    except (ValueError, TypeError) as error:
        raise DatabaseCorruptError from error
    if watched is not None and (needs_markdown or markdown != _NOTHING_READ):
        has_markdown = markdown == _MARKDOWN_READ or not needs_markdown
        return SyncReport(0, 0, unpack_problems(database.get("problems")), watched, has_markdown)
    walked = _walk(roots, is_strict=only is None)
    if only is not None:
        files = {key: file for key, file in walked.files.items() if file.path in only}
        walked = walked._replace(files=files, problems=())
    markdown = _MARKDOWN_READ if walked.has_markdown else _NOTHING_READ if needs_markdown else _OTHER_TEXT_READ
    if markdown == _NOTHING_READ:
        walked = walked._replace(files={}, problems=())
    watched = (*walked.watched, *(os.path.join(file.root, file.path) for file in walked.files.values()))
    read, removed = _update(database, walked, progress)
    with database.writing() as connection:
        _watch(database, walked.watched, roots)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'problems'", (pack(walked.problems),))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('markdown', ?)", (markdown,))
    if read or removed:
        database.checkpoint()
    return SyncReport(read, removed, tuple(walked.problems), watched, markdown != _NOTHING_READ)


def _update(database: Database, walked: _Walked, progress: Progress | None) -> tuple[int, int]:
    """Read changed files and remove deleted ones; return how many there were of each.

    Each batch is a transaction, so that finished batches survive an interruption and several processes share the work.
    Only the last batch is followed by pairing, which also follows a change of the rules.
    """
    files, rules = walked.files, pack_rules(walked.rules)
    done: set[Key] = set()
    updated: set[int] = set()
    with FileReader() as reader:
        while True:
            with database.writing() as connection:
                changed, deleted = _differences(database, files, walked.problems)
                if todo := [key for key in changed if key not in done]:
                    reader.prepare(len(todo))
                    batch = todo[:_BATCH]
                    rows = zip(batch, reader.read([files[key] for key in batch]), strict=True)
                    for number, (key, row) in enumerate(rows, len(done)):
                        if progress:
                            progress(number, len(done) + len(todo))
                        updated |= _store(database, key, files[key].status, row)
                    done.update(batch)
                    if updated:
                        connection.execute("UPDATE meta SET value = 1 WHERE key = 'unpaired'")
                    continue
                connection.executemany("DELETE FROM documents WHERE root = ? AND path = ?", deleted)
                if updated or deleted or database.get("unpaired") or database.get("rules") != rules:
                    from relmgr_cli.store.article_builder import update_articles

                    connection.execute("UPDATE meta SET value = ? WHERE key = 'rules'", (rules,))
                    update_articles(database, updated)
                return len(done), len(deleted)


def lacks_markdown(database: Database) -> bool:
    """Return True if the last walk found no Markdown."""
    return database.get("markdown") in (_OTHER_TEXT_READ, _NOTHING_READ)


def has_file(database: Database, root: str, path: str) -> bool:
    """Return True if a file is one of those of the library."""
    key = (os.fsencode(root), os.fsencode(path.replace(os.sep, "/")))
    return bool(database.rows("SELECT 1 FROM documents WHERE root = ? AND path = ?", key))


def holds_markdown(roots: Sequence[Path]) -> bool:
    """Return True if there is a Markdown file. Raises LibraryMissingError, SettingError."""
    return _walk(roots).has_markdown


class Comparison(NamedTuple):
    """The files and rules of a library, compared with its database."""

    changed: int  # files that are new or have changed since the last sync
    removed: int  # deleted files
    rules: LibraryRules  # as they are now


def compare(database: Database, roots: Sequence[Path]) -> Comparison:
    """Return what the next sync would find."""
    files, problems, _, rules = _walk(roots)
    known = {(root, path): status for root, path, status in database.rows("SELECT root, path, status FROM documents")}
    _, deleted = _differences(database, files, problems)
    changed = sum(known.get(key) != file.status for key, file in files.items())
    return Comparison(changed, len(deleted), rules)


def _unchanged(database: Database, roots: Sequence[Path]) -> tuple[str, ...] | None:
    """Return the folders and files of the library; None if any has changed."""
    folders = database.rows("SELECT path, status FROM watched")
    if database.get("unpaired") or not folders or any(file_status(path) != status for path, status in folders):
        return None
    paths = [path for path, _ in folders]
    if not {os.fsencode(os.path.abspath(root)) for root in roots}.issubset(paths):
        return None
    prefixes: dict[bytes, bytes] = {}
    for root, path, status, read_ns in database.rows("SELECT root, path, status, read_ns FROM documents"):
        full_path = (prefixes.get(root) or prefixes.setdefault(root, os.path.join(root, b""))) + path
        if not is_as_read(full_path, status, read_ns):
            return None
        paths.append(full_path)
    encoding, errors = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()  # what os.fsdecode asks each time
    return tuple([path.decode(encoding, errors) for path in paths])


def _walk(roots: Sequence[Path], *, is_strict: bool = True) -> _Walked:
    """Walk through the folders; a relmgr.toml that cannot be used raises SettingError if `is_strict`."""
    files: dict[Key, FoundFile] = {}
    problems: list[Problem] = []
    watched: list[str] = []
    site_files: list[str] = []
    rules_of = _root_rules(roots, is_strict=is_strict)
    seen: set[str] = set()  # a folder may be given together with its parent; the first one gets its files
    for root in roots:
        base, real = os.path.abspath(root), os.path.realpath(root)
        configured = rules_of.get(root)
        excluded = configured.exclusion() if configured else None
        for found in scan(root, watched, excluded=excluded, site_files=site_files if configured else None):
            if isinstance(found, Problem):
                problems.append(found._replace(root=base))
            elif (path := os.path.join(real, found.path) if found.root == base else real) not in seen:
                seen.add(path)
                files[os.fsencode(found.root), os.fsencode(found.path)] = found
    rules = NO_RULES
    if rules_of:
        from relmgr_cli.corpus.library_rules import library_rules, project_problems

        rules = library_rules([*rules_of.values()], site_files)
        paths = {os.path.join(file.root, file.path) for file in files.values()}
        problems += project_problems([*rules_of.values()], rules, paths)
        watched += [*site_files, *(path for each in rules_of.values() for path in each.watched)]
    return _Walked(files, problems, sorted(set(watched), key=os.fsencode), rules)


def _root_rules(roots: Sequence[Path], *, is_strict: bool) -> "dict[Path, RootRules]":
    """Return what is configured for each folder of the library; there is nothing for the bundled articles."""
    bundled = os.path.realpath(bundled_seeds())
    found = {}
    for root in roots:
        if os.path.realpath(root) != bundled:
            from relmgr_cli.corpus.library_rules import find_root_rules

            try:
                found[root] = find_root_rules(root)
            except SettingError:
                if is_strict:
                    raise
    return found


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


def _store(database: Database, key: Key, status: str, row: FileRow) -> set[int]:
    """Write the row of a file; return its id if it has changed, else nothing."""
    read_ns, *values = row
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
        (*key, status, read_ns, read_ns, row.language, *values),
    ).fetchall()
    if old == [tuple(values)]:
        return set()
    # Until articles are updated, the alignment of this one refers to other blocks.
    article = "(SELECT article FROM documents WHERE id = ?)"
    unaligned = "sections = NULL, units = NULL, with_embeddings = NULL"
    database.connection.execute(f"UPDATE articles SET {unaligned} WHERE number = {article}", (id_,))  # noqa: S608
    database.connection.execute("DELETE FROM similar_documents WHERE ? IN (one, other)", (id_,))
    return {id_}
