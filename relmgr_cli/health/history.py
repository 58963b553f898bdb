"""Since when the sections of each document stand as they do, by the history of its file in git.

The prose of a section is compared by a fingerprint (`prose.py`). A section stands as it does since the commit after
which every version of the file has a section with the same fingerprint. Commits have numbers that increase with time.
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.health.git import GitError, Repository, open_repository
from relmgr_cli.health.prose import prose_sections
from relmgr_cli.health.source_version import find_versions, source_version
from relmgr_cli.processes import ProcessPool, usable_cores
from relmgr_cli.store.database import Database, Progress
from relmgr_cli.store.history import (
    DocumentRow,
    FileVersion,
    load_commits,
    load_fingerprints,
    load_histories,
    load_versions,
    numbered,
    repository_head,
    store_changes,
    store_commits,
    store_fingerprints,
    store_histories,
)

UNCOMMITTED = 1 << 60  # the number of what has not been committed
_MAX_BYTES = 8 << 20
_BATCH = 200  # blobs
_SHORTEST_HASH = 40  # characters of the id of a commit


class DocumentHistory(NamedTuple):
    """Since when the sections of a document stand as they do."""

    lines: Sequence[int]  # on which each section begins, ascending; found without parsing
    since: Sequence[int]  # number of the commit, UNCOMMITTED for what is not committed
    counts: Sequence[tuple[int, int]]  # of each version, newest first: its commit, how many sections it has
    source_commit: str  # the commit of the source that it names, or that made the version it names; "" for none
    earlier: Sequence[Sequence[tuple[int, int]]] = ()  # of each section, when it also stood so: numbers of commits

    def since_at(self, line: int) -> int:
        """Return the number of the commit since which the text at a line stands as it does."""
        index = bisect_right(self.lines, line) - 1
        return self.since[max(index, 0)] if self.since else UNCOMMITTED

    def stood_at(self, line: int, number: int) -> bool:
        """Return True if the text at a line also stood so after an earlier commit: a change was taken back."""
        index = max(bisect_right(self.lines, line) - 1, 0)
        return index < len(self.earlier) and any(first <= number < end for first, end in self.earlier[index])

    def sections_at(self, number: int) -> int:
        """Return how many sections it had after a commit; 0 before it existed."""
        return next((count for commit, count in self.counts if commit <= number), 0)


class LibraryHistory(NamedTuple):
    """The history of a library's documents."""

    documents: Mapping[int, DocumentHistory] = MappingProxyType({})  # by id; those outside git are absent
    commits: Mapping[int, tuple[str, int]] = MappingProxyType({})  # id and time in seconds, by number
    numbers: Mapping[str, int] = MappingProxyType({})  # of commits by id
    reason: str = ""  # why there is no history; "" if there is one
    repository: Repository | None = None

    @property
    def is_shallow(self) -> bool:
        """Whether the oldest commits are absent: then no document has a history."""
        return self.repository is not None and self.repository.is_shallow

    @property
    def watched(self) -> tuple[str, ...]:
        """The files that change with the history; they need not exist."""
        return self.repository.watched if self.repository else ()

    def date_of(self, number: int | None) -> str:
        """Return the date of a commit as "2026-03-04", in words for what is not committed; "" for None.

        A commit with a time that no calendar has is named by the start of its id.
        """
        if number == UNCOMMITTED:
            return messages.NOT_COMMITTED
        if number is None or number not in self.commits:
            return ""
        id_, time = self.commits[number]
        return (format_time(time) or id_)[:10]

    def number_of(self, commit: str) -> int | None:
        """Return the number of the commit with this id, or whose id begins with it; None if there is none."""
        number = self.numbers.get(commit)
        if number is None and len(commit) < _SHORTEST_HASH:
            number = next((each for id_, each in self.numbers.items() if id_.startswith(commit)), None)
        return number


def format_time(seconds: float) -> str:
    """Return a time as "2026-03-04T05:06:07Z"; "" for one that no calendar has."""
    try:
        return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, OSError, ValueError):
        return ""


def library_history(
    database: Database,
    documents: Sequence[DocumentRow],
    progress: Progress | None = None,
    *,
    sources: Mapping[int, str] | None = None,
) -> LibraryHistory:
    """Return the history of documents, brought up to date in the database.

    `sources` is the source language of each article; without it, hashes of a source that a document names say nothing.
    Of the repositories that they are in, only the first is read: that of the first document. Where that is shallow, no
    document has a history.
    """
    folders = dict.fromkeys(document.root for document in documents)
    reason = ""
    for folder in folders:
        try:
            repository = open_repository(folder)
            if repository.is_shallow:
                return LibraryHistory(repository=repository)
            commits, found = _histories(database, repository, documents, sources or {}, progress)
        except GitError as error:
            reason = reason or str(error)
            continue
        if not any(each.counts for each in found.values()):
            reason = reason or messages.FILES_NOT_COMMITTED
            continue
        numbers = {id_: number for number, (id_, _) in commits.items()}
        return LibraryHistory(found, commits, numbers, repository=repository)
    return LibraryHistory(reason=reason)


def _histories(
    database: Database,
    repository: Repository,
    documents: Sequence[DocumentRow],
    sources: Mapping[int, str],
    progress: Progress | None,
) -> tuple[dict[int, tuple[str, int]], dict[int, DocumentHistory]]:
    commits = _commits(database, repository)
    numbers = {id_: number for number, (id_, _) in commits.items()}
    stored = load_histories(database)
    paths = _paths_in(repository.top, documents)
    due = [
        each
        for each in documents
        if each.id in paths and stored.get(each.id, (0, ""))[:2] != (each.revision, repository.head)
    ]
    if due:
        originals = {each.article: each for each in documents if sources.get(each.article) == each.language}
        needed = {paths[each.id] for each in (*due, *originals.values()) if each.id in paths}
        versions = load_versions(database, repository.top, numbers, needed)
        fresh = dict(_fresh(database, repository, due, {each.id: versions[paths[each.id]] for each in due}, progress))
        source_versions = {article: versions[paths[each.id]] for article, each in originals.items() if each.id in paths}
        fresh |= _with_source_commits(repository, due, fresh, source_versions, commits)
        store_histories(database, repository.head, {each.id: (each.revision, fresh[each.id]) for each in due})
        stored |= {key: (0, "", value) for key, value in fresh.items()}
    found = {each.id: DocumentHistory(*stored[each.id][2]) for each in documents if each.id in paths}
    return commits, found


def _commits(database: Database, repository: Repository) -> dict[int, tuple[str, int]]:
    """Return id and time of all commits by number; what they changed is in the database."""
    commits = load_commits(database, repository.top, repository.head)
    if not commits:
        _, known = repository_head(database, repository.top)
        since = known if known and repository.has(known) else ""
        try:
            store_changes(database, repository.top, repository.changes(since))
        except GitError:  # a content is absent
            store_changes(database, repository.top, repository.changes(since, compares_contents=False))
        order = repository.commits()
        store_commits(database, repository.top, repository.head, order)
        commits = numbered(order)
    return commits


def _paths_in(top: str, documents: Sequence[DocumentRow]) -> dict[int, bytes]:
    """Return the paths of documents in the work tree by id; those outside are absent."""
    prefixes: dict[str, bytes | None] = {}
    found = {}
    for each in documents:
        if each.root not in prefixes:
            real = os.path.realpath(each.root)
            relative = os.path.relpath(real, top)
            is_inside = relative.split(os.sep)[0] != os.pardir
            prefixes[each.root] = os.fsencode("" if relative == os.curdir else f"{relative}/") if is_inside else None
        prefix = prefixes[each.root]
        if prefix is not None:
            found[each.id] = prefix + os.fsencode(each.path)
    return found


def _fresh(
    database: Database,
    repository: Repository,
    documents: Sequence[DocumentRow],
    versions: Mapping[int, Sequence[FileVersion]],
    progress: Progress | None,
) -> Iterator[tuple[int, DocumentHistory]]:
    blobs = list(dict.fromkeys(version.blob for each in documents for version in versions[each.id] if version.blob))
    fingerprints = {blob: list(found) for blob, found in load_fingerprints(database, blobs).items()}
    missing = [blob for blob in blobs if blob not in fingerprints]
    tasks = [(repository, missing[start : start + _BATCH]) for start in range(0, len(missing), _BATCH)]
    with ProcessPool(_read_fingerprints, usable_cores() if len(tasks) > 1 else 1) as pool:
        for done, read in enumerate(pool.map(tasks)):
            if progress:
                progress(done, len(tasks))
            store_fingerprints(database, read)
            fingerprints.update(read)
    for each in documents:
        known = [version for version in versions[each.id] if not version.blob or version.blob in fingerprints]
        yield each.id, _history(each.file, known, fingerprints)


def _read_fingerprints(task: tuple[Repository, Sequence[str]]) -> dict[str, list[int]]:
    """Return the fingerprints of the sections of blobs, as far as they can be read."""
    repository, blobs = task
    return {blob: [section.fingerprint for section in prose_sections(data)] for blob, data in repository.blobs(blobs)}


def _history(file: str, versions: Sequence[FileVersion], fingerprints: Mapping[str, Sequence[int]]) -> DocumentHistory:
    sections = prose_sections(_content(file))
    contents = [frozenset(fingerprints.get(version.blob, ())) for version in versions]
    numbers = [version.number for version in versions]
    runs = [_runs([section.fingerprint in content for content in contents], numbers) for section in sections]
    return DocumentHistory(
        [section.line for section in sections],
        [since for since, _ in runs],
        [(version.number, len(fingerprints.get(version.blob, ()))) for version in versions],
        "",
        [earlier for _, earlier in runs],
    )


def _content(file: str) -> bytes:
    try:
        return read_regular_file(file, _MAX_BYTES)
    except (OSError, ValueError):
        return b""


def _with_source_commits(
    repository: Repository,
    documents: Sequence[DocumentRow],
    histories: Mapping[int, DocumentHistory],
    source_versions: Mapping[int, Sequence[FileVersion]],
    commits: Mapping[int, tuple[str, int]],
) -> dict[int, DocumentHistory]:
    """Return the histories of the documents that name a version of their source, with its commit.

    `source_versions` are those of the source of each article, newest first.
    """
    found: dict[int, DocumentHistory] = {}
    hashes: dict[int, dict[int, str]] = {}  # by article and document
    for each in documents:
        commit, digest = source_version(_content(each.file))
        if commit:
            found[each.id] = histories[each.id]._replace(source_commit=commit)
        elif digest and source_versions.get(each.article):
            hashes.setdefault(each.article, {})[each.id] = digest
    for article, named in hashes.items():
        versions = source_versions[article]
        blobs = find_versions(named.values(), [version.blob for version in versions if version.blob], repository.blobs)
        for id_, digest in named.items():
            if blob := blobs.get(digest):
                number = next(version.number for version in versions if version.blob == blob)
                found[id_] = histories[id_]._replace(source_commit=commits[number][0])
    return found


def _runs(is_there: Sequence[bool], numbers: Sequence[int]) -> tuple[int, list[tuple[int, int]]]:
    """Return since when a section stands as it does, and when it did before: from a commit up to another.

    `is_there` says for each version, newest first, whether it has the section; `numbers` are those of their commits.
    """
    since = UNCOMMITTED
    earlier: list[tuple[int, int]] = []
    position = 0
    for value, group in groupby(is_there):
        end = numbers[position - 1] if position else UNCOMMITTED
        position += sum(1 for _ in group)
        if value and end == UNCOMMITTED:
            since = numbers[position - 1]
        elif value:
            earlier.append((numbers[position - 1], end))
    return since, earlier
