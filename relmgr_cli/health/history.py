"""Since when the sections of each document stand as they do, by the history of its file in git.

The prose of a section is compared by a fingerprint (`prose.py`). A section stands as it does since the commit after
which every version of the file has a section with the same fingerprint. Commits have numbers that increase with time.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.health.git import GitError, Repository, open_repository
from relmgr_cli.health.prose import end_of_front_matter, prose_sections
from relmgr_cli.store.database import Database, Progress
from relmgr_cli.store.history import (
    DocumentRow,
    FileVersion,
    load_commits,
    load_fingerprints,
    load_histories,
    load_versions,
    repository_head,
    store_commits,
    store_fingerprints,
    store_histories,
)

UNCOMMITTED = 1 << 60  # the number of what has not been committed
_MAX_BYTES = 8 << 20
_BATCH = 500  # blobs
_SHORTEST_HASH = 40  # characters of the id of a commit
# Fields of front matter that name the commit of the source that a translation was made from.
_SOURCE_COMMIT = re.compile(
    rb"^[ \t]*['\"]?(?:default_lang_commit|sourceCommit|source_commit|source-commit|original_commit|en_commit|"
    rb"translated_from_commit|upstream_commit|commit_hash)['\"]?[ \t]*[:=][ \t]*['\"]?([0-9a-f]{7,64})\b",
    re.MULTILINE,
)


class DocumentHistory(NamedTuple):
    """Since when the sections of a document stand as they do."""

    lines: Sequence[int]  # on which each section begins, ascending; found without parsing
    since: Sequence[int]  # number of the commit, UNCOMMITTED for what is not committed
    counts: Sequence[tuple[int, int]]  # of each version, newest first: its commit, how many sections it has
    source_commit: str  # the commit of the source that its front matter names; "" for none

    def since_at(self, line: int) -> int:
        """Return the number of the commit since which the text at a line stands as it does."""
        index = bisect_right(self.lines, line) - 1
        return self.since[max(index, 0)] if self.since else UNCOMMITTED

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
        """Return the date of a commit as "2026-03-04", in words for what is not committed; "" for None."""
        if number == UNCOMMITTED:
            return messages.NOT_COMMITTED
        if number is None or number not in self.commits:
            return ""
        return datetime.fromtimestamp(self.commits[number][1], UTC).date().isoformat()

    def number_of(self, commit: str) -> int | None:
        """Return the number of the commit with this id, or whose id begins with it; None if there is none."""
        number = self.numbers.get(commit)
        if number is None and len(commit) < _SHORTEST_HASH:
            number = next((each for id_, each in self.numbers.items() if id_.startswith(commit)), None)
        return number


def library_history(
    database: Database, documents: Sequence[DocumentRow], progress: Progress | None = None
) -> LibraryHistory:
    """Return the history of documents, brought up to date in the database.

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
            commits, found = _histories(database, repository, documents, progress)
        except GitError as error:
            reason = reason or str(error)
            continue
        numbers = {id_: number for number, (id_, _) in commits.items()}
        return LibraryHistory(found, commits, numbers, repository=repository)
    return LibraryHistory(reason=reason)


def _histories(
    database: Database, repository: Repository, documents: Sequence[DocumentRow], progress: Progress | None
) -> tuple[dict[int, tuple[str, int]], dict[int, DocumentHistory]]:
    id_, known = repository_head(database, repository.top)
    if known != repository.head:
        is_continued = repository.is_ancestor(known)
        new = repository.commits(known if is_continued else "")
        store_commits(database, repository.top, (known, repository.head), new, replaces=not is_continued)
        id_, _ = repository_head(database, repository.top)
    stored = load_histories(database)
    paths = _paths_in(repository.top, documents)
    due = [
        each
        for each in documents
        if each.id in paths and stored.get(each.id, (0, ""))[:2] != (each.revision, repository.head)
    ]
    if due:
        versions = load_versions(database, id_, {paths[each.id] for each in due})
        fresh = dict(_fresh(database, repository, due, {each.id: versions[paths[each.id]] for each in due}, progress))
        store_histories(database, repository.head, {each.id: (each.revision, fresh[each.id]) for each in due})
        stored |= {key: (0, "", value) for key, value in fresh.items()}
    found = {each.id: DocumentHistory(*stored[each.id][2]) for each in documents if each.id in paths}
    return load_commits(database, id_), found


def _paths_in(top: str, documents: Sequence[DocumentRow]) -> dict[int, bytes]:
    """Return the paths of documents in the work tree by id; those outside are absent."""
    prefixes: dict[str, bytes | None] = {}
    found = {}
    for each in documents:
        if each.root not in prefixes:
            real = os.path.realpath(each.root)
            relative = os.path.relpath(real, top)
            is_inside = relative == os.curdir or not relative.startswith(os.pardir)
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
    blobs = list(dict.fromkeys(version.blob for each in documents for version in versions[each.id]))
    fingerprints = {blob: list(found) for blob, found in load_fingerprints(database, blobs).items()}
    missing = [blob for blob in blobs if blob not in fingerprints]
    for start in range(0, len(missing), _BATCH):
        if progress:
            progress(start, len(missing))
        contents = repository.blobs(missing[start : start + _BATCH])
        read = {blob: [section.fingerprint for section in prose_sections(data)] for blob, data in contents}
        store_fingerprints(database, read)
        fingerprints.update(read)
    for each in documents:
        yield each.id, _history(each.file, [v for v in versions[each.id] if v.blob in fingerprints], fingerprints)


def _history(file: str, versions: Sequence[FileVersion], fingerprints: Mapping[str, Sequence[int]]) -> DocumentHistory:
    try:
        data = read_regular_file(file, _MAX_BYTES)
    except (OSError, ValueError):
        data = b""
    sections = prose_sections(data)
    contents = [frozenset(fingerprints[version.blob]) for version in versions]
    since = []
    for section in sections:
        commit = UNCOMMITTED
        for version, content in zip(versions, contents, strict=True):
            if section.fingerprint not in content:
                break
            commit = version.number
        since.append(commit)
    counts = [(version.number, len(fingerprints[version.blob])) for version in versions]
    found = _SOURCE_COMMIT.search(data, 0, end_of_front_matter(data))
    lines = [section.line for section in sections]
    return DocumentHistory(lines, since, counts, found[1].decode() if found else "")
