"""The full text (tantivy): every section of every document, by the stems and by the forms of its words.

It is derived from the database and belongs to it: a folder beside the database, named by a token that the database
holds, and that its own schema has too. The database says which documents are in it and in which state (`revision`); what
a search finds in another state is not believed. It also says which commit was the last one: another one is of another
generation. Lost, damaged, foreign, older or newer, it is made anew.

A word is stored with its language (`pl:konflikt`), so that a search in one language asks for other terms. Headings
have a field of their own, where a short one counts more than a long one that has the word too; title and keywords head
the first section. A heading as a whole is one more term, for a question that is that heading.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.codec import DOCUMENT_COLUMNS, read_document
from relmgr_cli.store.database import Database, IndexCorruptError, IndexWriteError
from relmgr_cli.store.indexer import SectionIndexer
from relmgr_cli.store.vocabulary import add_word_forms

if TYPE_CHECKING:
    import tantivy

_BATCH = 500  # documents of one transaction
_MEMORY = 64_000_000  # bytes for the writer
_TIMEOUT = 10  # seconds to wait for another process that is writing
_MAX_TRIES, _RETRY_SECONDS = 4, 0.02  # to open files that another process changes, and seconds between them

Progress = Callable[[int, int], None]


class FulltextCorruptError(IndexCorruptError):
    """The full text is corrupt; it is rebuilt when it is next opened."""


class FullText(NamedTuple):
    """An open full text."""

    engine: "tantivy.Index"
    sections: int  # how many it must hold
    was_corrupt: bool = False  # and has been made anew


class TextHit(NamedTuple):
    """A section of a document that a query found."""

    document: int
    revision: int
    section: int  # index in the document
    score: float


def open_fulltext(database: Database, progress: Progress | None = None) -> FullText:
    """Return the full text in step with the database; `progress` is called with documents done and to do.

    Where another process keeps writing it, what there is by now is returned. Raises IndexWriteError.
    """
    token = str(database.get("fulltext_id"))
    index = _open(database, token) if token else None
    if index is not None and is_whole(database, index):
        if _is_current(database):
            return FullText(index, _sections(database))
        if database.folder or not database.path or token in database.fulltexts_in_memory:
            with suppress(FulltextCorruptError):
                return _update(database, index, progress)
    index, is_new = _create(database, token)
    return _update(database, index, progress)._replace(was_corrupt=bool(is_new and token and database.folder))


def is_whole(database: Database, index: "tantivy.Index") -> bool:
    """Tell whether an opened full text is what the database says: of its last commit, with as many sections."""
    if _is_as_committed(database, index):
        return True
    with database.writing():  # between the two commits of another process they differ
        _reload(index)
        return _is_as_committed(database, index)


def _is_as_committed(database: Database, index: "tantivy.Index") -> bool:
    token = str(database.get("fulltext_id"))
    return _last_commit(database, token) == database.get("fulltext_commit") and bool(
        index.searcher().num_docs == _sections(database)
    )


def _last_commit(database: Database, token: str) -> int:
    """Return the number of the last commit as the full text itself knows it; -1 where it does not."""
    place = _place(database, token)
    if place is None:
        return int(database.get("fulltext_commit"))
    try:
        with open(os.path.join(place, "meta.json"), encoding="utf-8") as file:
            return int(json.load(file)["opstamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def invalidate_fulltext(database: Database) -> None:
    """Let the full text be made anew when it is next asked for."""
    with database.writing() as connection:
        _forget(connection)


@contextmanager
def engine_errors_as_corruption(database: Database) -> Iterator[None]:
    """Raise FulltextCorruptError for whatever the engine raises inside; its panics are no Exceptions."""
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


def _forget(connection: Any) -> None:
    connection.execute("DELETE FROM indexed")
    connection.execute("DELETE FROM vector_blocks WHERE kind = 'passages'")  # else these would be there twice
    connection.execute("DELETE FROM word_forms")
    connection.execute("UPDATE meta SET value = '' WHERE key = 'fulltext_id'")


def _is_current(database: Database) -> bool:
    return bool(database.get("fulltext_version") == database.get("articles_version"))


def _sections(database: Database) -> int:
    return int(database.get("indexed_sections") or 0)


def _place(database: Database, token: str) -> str | None:
    """Return the folder of the full text with this token; None for one in memory."""
    return (
        None
        if database.path is None or token in database.fulltexts_in_memory
        else f"{database.path.parent}/text-{token}"
    )


def _open(database: Database, token: str) -> "tantivy.Index | None":
    import tantivy

    place = _place(database, token)
    if place is None:
        return database.fulltexts_in_memory.get(token)
    for _ in range(_MAX_TRIES):
        with suppress(ValueError, OSError):  # not there, damaged, or another process removes files; see `_reload`
            index = tantivy.Index.open(place)
            return index if index.schema == _schema(token) else None
        time.sleep(_RETRY_SECONDS)
    return None


def _schema(token: str) -> "tantivy.Schema":
    """Return the schema of the full text with this token, which is a field of its own: no other one is like it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("document", "revision", "section"):
        builder.add_unsigned_field(name, stored=True, indexed=name == "document")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("headings", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("forms", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(token)
    return builder.build()


def _create(database: Database, old_token: str) -> "tuple[tantivy.Index, bool]":
    """Return a full text in place of the one with the old token, and whether it is new."""
    import tantivy

    with _writing_files(database), database.writing() as connection:
        if database.get("fulltext_id") != old_token and (other := _open(database, str(database.get("fulltext_id")))):
            return other, False  # another process was quicker
        token = f"t{os.urandom(8).hex()}"
        if database.folder:
            place = database.folder / f"text-{token}"
            place.mkdir(mode=0o700)
            index = tantivy.Index(_schema(token), str(place), reuse=False)
            _remove_all(database.folder, but=place.name)
        else:
            index = database.fulltexts_in_memory[token] = tantivy.Index(_schema(token))
        _forget(connection)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'fulltext_id'", (token,))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('fulltext_commit', 0)")
    return index, True


@contextmanager
def _writing_files(database: Database) -> Iterator[None]:
    """Raise IndexWriteError where the files of the full text cannot be written, FulltextCorruptError for the rest."""
    try:
        yield
    except OSError as error:
        raise IndexWriteError(error.strerror or str(error)) from error
    except (ValueError, RuntimeError) as error:  # the engine's
        if "os error" in str(error):
            raise IndexWriteError(str(error)) from error
        raise _corrupt(database) from error


def _remove_all(folder: Path, *, but: str) -> None:
    """Remove every full text beside the database but one: those of databases that are no more too."""
    import shutil

    for name in os.listdir(folder):
        if name.startswith("text-") and name != but:
            place = os.path.join(folder, name)
            if os.path.isdir(place) and not os.path.islink(place):
                shutil.rmtree(place, ignore_errors=True)
            else:
                os.unlink(place)


def _update(database: Database, index: "tantivy.Index", progress: Progress | None) -> FullText:
    """Bring the full text up to date in batches, each a transaction of the database around one of the index.

    The index commits just before the database does. Killed between the two, it is of a newer generation than the
    database, and made anew.
    """
    with _writing_files(database):
        writer = _writer(index)
        if writer is not None:
            _apply_batches(database, index, writer, progress)
            writer.wait_merging_threads()
    _reload(index)
    return FullText(index, _sections(database))


def _reload(index: "tantivy.Index") -> None:
    """Look at the last commit; another process may put parts together, and remove files, while this one opens them."""
    for _ in range(_MAX_TRIES):
        with suppress(ValueError):
            index.reload()
            return
        time.sleep(_RETRY_SECONDS)
    raise FulltextCorruptError


def _apply_batches(
    database: Database, index: "tantivy.Index", writer: "tantivy.IndexWriter", progress: Progress | None
) -> None:
    done = 0
    entries = SectionIndexer()
    while True:
        with database.writing() as connection:
            articles_version = database.get("articles_version")
            gone, todo = _differences(database)
            rows = []
            for (id_,) in gone:
                writer.delete_documents_by_query(_entries_of(index, id_))
            for row in _rows(database, todo[:_BATCH]):
                document, revision = read_document(row[:-1]), row[-1]
                writer.delete_documents_by_query(_entries_of(index, row[0]))
                for number in range(len(document.sections)):
                    writer.add_document(entries.to_document(row[0], revision, document, number))
                rows.append((row[0], revision, len(document.sections)))
                if progress:
                    progress(done + len(rows), done + len(todo))
            connection.executemany("DELETE FROM indexed WHERE document = ?", gone)
            connection.executemany("INSERT OR REPLACE INTO indexed VALUES (?, ?, ?, 0)", rows)
            add_word_forms(connection, entries.spellings())
            done += len(rows)
            is_done = len(todo) <= _BATCH
            ((sections,),) = database.rows("SELECT coalesce(sum(sections), 0) FROM indexed")
            facts = {"indexed_sections": sections, **({"fulltext_version": articles_version} if is_done else {})}
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
            facts["fulltext_commit"] = writer.commit()
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
        if is_done:
            return


def _entries_of(index: "tantivy.Index", document: int) -> "tantivy.Query":
    """Return the query for the sections of a document; deleting by a term takes its number for another type."""
    from tantivy import Query

    return Query.term_query(index.schema, "document", document)


def _writer(index: "tantivy.Index") -> "tantivy.IndexWriter | None":
    """Return the writer, which one process at a time can have; None when another one keeps it for long."""
    give_up = time.monotonic() + _TIMEOUT
    while True:
        try:
            return index.writer(_MEMORY, 1)
        except ValueError:
            if time.monotonic() > give_up:
                return None
            time.sleep(0.05)


def _differences(database: Database) -> tuple[list[tuple[int]], list[int]]:
    """Return the ids of the documents to take out and of those to put in."""
    gone = database.rows(
        "SELECT document FROM indexed LEFT JOIN documents ON id = document WHERE content IS NULL ORDER BY document"
    )
    todo = database.rows(
        "SELECT id FROM documents LEFT JOIN indexed ON id = document"
        " WHERE content IS NOT NULL AND indexed.revision IS NOT documents.revision ORDER BY id"
    )
    return gone, [id_ for (id_,) in todo]


def _rows(database: Database, ids: Sequence[int]) -> Iterator[Any]:
    marks = ", ".join("?" * len(ids))
    query = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE id IN ({marks})"  # noqa: S608 (constants)
    yield from database.rows(query, ids)
