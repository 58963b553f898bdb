"""The full-text index (tantivy): every section of every document, by the stems and the folded forms of its words.

It is derived from the database, which records its id, its last commit, and which revision of which documents is in it;
the id names its folder and a field of its schema. Hits of another revision are ignored. If anything does not match
(another commit, another id, corrupt or missing files), the index is rebuilt.

A term carries its language (`pl:konflikt`), so that each language is searched with its own terms. Headings have a field
of their own, in which short ones rank higher; title and keywords are part of the first section's headings. A whole
heading is one more term, for a query that equals it.
"""

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.processes import ProcessPool, usable_cores
from relmgr_cli.store.codec import NO_PROBLEMS, pack, rows_by_id, unpack
from relmgr_cli.store.database import Database, IndexCorruptError, IndexWriteError, Progress
from relmgr_cli.store.indexer import FIELDS, IndexedDocuments, SectionIndexer, to_tantivy
from relmgr_cli.store.vocabulary import WordFormCounts, add_word_forms, merge_counts

if TYPE_CHECKING:
    import tantivy

_BATCH = 500  # documents of one transaction, for each core
_MIN_PARALLEL_DOCUMENTS = 400  # fewer are indexed before other processes have started
_CHUNK = 1 << 19  # bytes of documents that are indexed at once
_WRITER_MEMORY = 64_000_000  # bytes
_TIMEOUT = 10  # seconds to wait for another process that is writing
_MAX_TRIES, _RETRY_SECONDS = 4, 0.02  # opening files that another process is changing


class FulltextCorruptError(IndexCorruptError):
    """The full-text index is corrupt; it is rebuilt when it is next opened."""


class FullText(NamedTuple):
    """An open full-text index."""

    engine: "tantivy.Index"
    sections: int  # in it, according to the database
    tokens: Mapping[str, int]  # in all of them, by field
    was_corrupt: bool = False  # and has been rebuilt


class TextHit(NamedTuple):
    """A section of a document that matches a query."""

    document: int
    section: int  # index in the document
    revision: int
    score: float


def open_fulltext(database: Database, progress: Progress | None = None) -> FullText:
    """Return the full-text index, updated to the database; `progress` is called with documents done and to do.

    If another process holds the writer for long, the index may be out of date. Raises IndexWriteError.
    """
    id_ = str(database.get("fulltext_id"))
    index = _open(database, id_) if id_ else None
    if index is not None and is_intact(database, index):
        if database.get("fulltext_version") == database.get("articles_version"):
            return _full_text(database, index)
        if database.folder or not database.path or id_ in database.fulltexts_in_memory:
            with suppress(FulltextCorruptError):
                return _update(database, index, progress)
    index, is_new = _create(database, id_)
    return _update(database, index, progress)._replace(was_corrupt=bool(is_new and id_ and database.folder))


def is_intact(database: Database, index: "tantivy.Index") -> bool:
    """Return True if an open index has the last commit and the number of sections that the database records."""
    if _is_as_committed(database, index):
        return True
    with database.writing():  # they differ between the two commits of another process
        _reload(index)
        return _is_as_committed(database, index)


def _is_as_committed(database: Database, index: "tantivy.Index") -> bool:
    is_last_commit = _last_commit(database) == database.get("fulltext_commit")
    return is_last_commit and bool(index.searcher().num_docs == _size(database)[0])


def _last_commit(database: Database) -> int:
    """Return the number of the last commit according to the index itself; -1 if that is unreadable."""
    folder = _folder(database, str(database.get("fulltext_id")))
    if folder is None:
        return int(database.get("fulltext_commit"))
    try:
        with open(os.path.join(folder, "meta.json"), encoding="utf-8") as file:
            return int(json.load(file)["opstamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def invalidate_fulltext(database: Database) -> None:
    """Have the full-text index rebuilt when it is next opened."""
    with database.writing() as connection:
        _invalidate(connection)


@contextmanager
def engine_errors_as_corruption(database: Database) -> Iterator[None]:
    """Raise FulltextCorruptError for every error of the engine; its panics derive from BaseException only."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException":
            raise _corrupt(database) from error
        raise


def _corrupt(database: Database) -> FulltextCorruptError:
    with suppress(sqlite3.Error):
        invalidate_fulltext(database)
    return FulltextCorruptError()


def _invalidate(connection: Any) -> None:
    connection.execute("DELETE FROM indexed")
    connection.execute("DELETE FROM stored_word_forms")
    connection.execute("DELETE FROM replaced_documents")
    connection.execute("UPDATE meta SET value = '' WHERE key = 'fulltext_id'")


def _size(database: Database) -> list[int]:
    """Return how many sections the index has according to the database, and how many terms in each of the `FIELDS`."""
    found: list[int] = unpack(database.get("indexed_size") or pack([0] * (1 + len(FIELDS))))
    return found


def _folder(database: Database, id_: str) -> str | None:
    """Return the folder of the full-text index with this id; None for one in memory."""
    if database.path is None or id_ in database.fulltexts_in_memory:
        return None
    return f"{database.path.parent}/text-{id_}"


def _open(database: Database, id_: str) -> "tantivy.Index | None":
    import tantivy

    folder = _folder(database, id_)
    if folder is None:
        return database.fulltexts_in_memory.get(id_)
    for _ in range(_MAX_TRIES):
        with suppress(ValueError, OSError):  # missing, corrupt, or another process is deleting files; see `_reload`
            index = tantivy.Index.open(folder)
            return index if index.schema == _schema(id_) else None
        time.sleep(_RETRY_SECONDS)
    return None


def _schema(id_: str) -> "tantivy.Schema":
    """Return the schema of the full-text index with this id, which is unique because it has a field of that name."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("document", indexed=True)
    for name in ("place", "revision", *(f"{field}_length" for field in FIELDS)):
        builder.add_unsigned_field(name, fast=True)
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("headings", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("forms", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(id_)
    return builder.build()


def _create(database: Database, old_id: str) -> "tuple[tantivy.Index, bool]":
    """Replace the full-text index with the old id; return the current one and whether it is new."""
    import tantivy

    with _writing_files(database), database.writing() as connection:
        if database.get("fulltext_id") != old_id and (other := _open(database, str(database.get("fulltext_id")))):
            return other, False  # another process was faster
        id_ = f"t{os.urandom(8).hex()}"
        if database.folder:
            folder = database.folder / f"text-{id_}"
            folder.mkdir(mode=0o700)
            index = tantivy.Index(_schema(id_), str(folder), reuse=False)
            _remove_all(database.folder, but=folder.name)
        else:
            index = database.fulltexts_in_memory[id_] = tantivy.Index(_schema(id_))
        _invalidate(connection)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'fulltext_id'", (id_,))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext_commit', 0)")
    return index, True


@contextmanager
def _writing_files(database: Database) -> Iterator[None]:
    """Raise IndexWriteError if files cannot be written, FulltextCorruptError for other errors of the engine."""
    try:
        yield
    except OSError as error:
        raise IndexWriteError(error.strerror or str(error)) from error
    except (ValueError, RuntimeError) as error:  # of the engine
        if "os error" in str(error):
            raise IndexWriteError(str(error)) from error
        raise _corrupt(database) from error


def _remove_all(folder: Path, *, but: str) -> None:
    """Delete all full-text indexes in a folder except one."""
    import shutil

    for name in os.listdir(folder):
        if name.startswith("text-") and name != but:
            path = os.path.join(folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)


def _update(database: Database, index: "tantivy.Index", progress: Progress | None) -> FullText:
    """Update the index in batches, each a transaction of the database around one of the index.

    The index commits just before the database. If the process is killed between the two, the commits differ and the
    index is rebuilt.
    """
    cores = usable_cores() if len(_differences(database)[1]) >= _MIN_PARALLEL_DOCUMENTS else 1
    with (
        _writing_files(database),
        ProcessPool(SectionIndexer().index, cores) as pool,
    ):  # forks before the writer's threads
        writer = _writer(index)
        if writer is not None:
            _apply_batches(database, index, writer, pool, progress)
            writer.wait_merging_threads()
    _reload(index)
    return _full_text(database, index)


def _full_text(database: Database, index: "tantivy.Index") -> FullText:
    sections, *tokens = _size(database)
    return FullText(index, sections, dict(zip(FIELDS, tokens, strict=True)))


def _reload(index: "tantivy.Index") -> None:
    """Read the last commit; while the files are opened, another process may merge segments and delete files."""
    for _ in range(_MAX_TRIES):
        with suppress(ValueError):
            index.reload()
            return
        time.sleep(_RETRY_SECONDS)
    raise FulltextCorruptError


def _apply_batches(
    database: Database,
    index: "tantivy.Index",
    writer: "tantivy.IndexWriter",
    pool: "ProcessPool[Iterable[Any], IndexedDocuments]",
    progress: Progress | None,
) -> None:
    done = 0
    size = _BATCH * max(1, pool.size)
    while True:
        with database.writing() as connection:
            articles_version = database.get("articles_version")
            deleted, todo = _differences(database)
            rows = []
            for (id_,) in deleted:
                writer.delete_documents_by_query(_query_for(index, id_))
            counts: WordFormCounts = {}
            for found in pool.map(_chunks(rows_by_id(database, todo[:size]))):
                for document in found.documents:
                    writer.delete_documents_by_query(_query_for(index, document.id))
                    for number in range(len(document.sections)):
                        writer.add_document(to_tantivy(document, number))
                    rows.append((document.id, document.revision, *document.counts()))
                    if progress:
                        progress(done + len(rows), done + len(todo))
                merge_counts(counts, found.word_forms)
            for found in pool.map(_chunks(_take_replaced(database, [*(id_ for (id_,) in deleted), *todo[:size]]))):
                merge_counts(counts, found.word_forms, -1)
            connection.executemany("DELETE FROM indexed WHERE document = ?", deleted)
            connection.executemany("INSERT OR REPLACE INTO indexed VALUES (?, ?, ?, ?, ?, ?)", rows)
            add_word_forms(connection, counts)
            done += len(rows)
            is_done = len(todo) <= size
            (sums,) = database.rows("SELECT total(sections), total(stems), total(headings), total(forms) FROM indexed")
            values: dict[str, bytes | int] = {"indexed_size": pack([*map(int, sums)])}
            if is_done:
                values["fulltext_version"] = articles_version
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
            values["fulltext_commit"] = writer.commit()
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        if is_done:
            return


def _take_replaced(database: Database, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the documents with these ids as the index had them, as rows like those of `rows_by_id`, and forget them."""
    query = "DELETE FROM replaced_documents WHERE document = ? RETURNING document, language, summary, content"
    for id_ in ids:
        for document, language, summary, content in database.rows(query, (id_,)):
            yield document, b"", b"", language, summary, content, NO_PROBLEMS, 0


def _chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Yield the rows of documents in lists that are about equally long."""
    chunk: list[Any] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(len(value) for value in row if isinstance(value, bytes))
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _query_for(index: "tantivy.Index", document: int) -> "tantivy.Query":
    """Return the query for the sections of a document; deleting by a term would take its number for another type."""
    from tantivy import Query

    return Query.term_query(index.schema, "document", document)


def _writer(index: "tantivy.Index") -> "tantivy.IndexWriter | None":
    """Return the writer, which one process at a time can have; None if another one has it for too long."""
    deadline = time.monotonic() + _TIMEOUT
    while True:
        try:
            return index.writer(_WRITER_MEMORY, 1)
        except ValueError:
            if time.monotonic() > deadline:
                return None
            time.sleep(0.05)


def _differences(database: Database) -> tuple[list[tuple[int]], list[int]]:
    """Return the ids of the documents to delete from the index, and of those to add or replace.

    An untranslated copy is not in it: what it says is found in the source.
    """
    deleted = database.rows(
        "SELECT document FROM indexed LEFT JOIN documents ON id = document"
        " WHERE content IS NULL OR state = 'untranslated' ORDER BY document"
    )
    todo = database.rows(
        "SELECT id FROM documents LEFT JOIN indexed ON id = document"
        " WHERE content IS NOT NULL AND state != 'untranslated' AND indexed.revision IS NOT documents.revision"
        " ORDER BY id"
    )
    return deleted, [id_ for (id_,) in todo]
