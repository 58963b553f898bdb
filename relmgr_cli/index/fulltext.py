"""The full text (tantivy): every section of every document, by the stems and by the forms of its words.

It is derived from the catalogue and belongs to it: a folder beside the database, named by a token that the database
holds. The database says which documents are in it and in which state (`stamp`); what a search finds in another
state is not believed. Lost, damaged or foreign, it is made anew.

A word is stored with its language (`pl:konflikt`), so that a search in one language asks for other terms. Headings
have a field of their own, where a short one counts more than a long one that has the word too; title and keywords head
the first section. A heading as a whole is one more term, for a question that is that heading.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.index.catalogue import Catalogue
from relmgr_cli.index.entries import Entries
from relmgr_cli.index.rows import DOCUMENT_COLUMNS, read_document
from relmgr_cli.index.vocabulary import add_spellings

if TYPE_CHECKING:
    import tantivy

_BATCH = 500  # documents of one transaction
_MEMORY = 64_000_000  # bytes for the writer
_PATIENCE = 10  # seconds to wait for another process that is writing

Progress = Callable[[int, int], None]


class FullText(NamedTuple):
    """An open full text."""

    engine: "tantivy.Index"
    sections: int  # how many it must hold


class TextHit(NamedTuple):
    """A section of a document that a query found."""

    document: int
    stamp: int
    section: int  # index in the document
    score: float


def open_fulltext(catalogue: Catalogue, progress: Progress | None = None) -> FullText:
    """Return the full text in step with the catalogue; `progress` is called with documents done and to do.

    Where another process keeps writing it, what there is by now is returned.
    """
    token = str(catalogue.get("text"))
    index = _open(catalogue, token) if token else None
    if index is not None and _is_current(catalogue):
        return FullText(index, _sections(catalogue))
    if index is None:
        index = _create(catalogue, token)
    _update(catalogue, index, progress)
    index.reload()
    return FullText(index, _sections(catalogue))


def is_whole(catalogue: Catalogue, text: FullText) -> bool:
    """Tell whether the full text holds as many sections as the catalogue says."""
    if text.engine.searcher().num_docs == text.sections:
        return True
    with catalogue.writing():  # between the two transactions of another process they differ
        text.engine.reload()
        return bool(text.engine.searcher().num_docs == _sections(catalogue))


def make_anew(catalogue: Catalogue, progress: Progress | None = None) -> FullText:
    """Forget the full text and make it from the catalogue."""
    with catalogue.writing() as connection:
        _forget(connection)
    return open_fulltext(catalogue, progress)


def _forget(connection: Any) -> None:
    connection.execute("DELETE FROM indexed")
    connection.execute("DELETE FROM spellings")
    connection.execute("UPDATE meta SET value = '' WHERE key = 'text'")


def _is_current(catalogue: Catalogue) -> bool:
    return bool(catalogue.get("indexed_generation") == catalogue.get("generation"))


def _sections(catalogue: Catalogue) -> int:
    return int(catalogue.get("indexed_sections") or 0)


def _place(catalogue: Catalogue, token: str) -> str | None:
    return f"{catalogue.path.parent}/text-{token}" if catalogue.path else None


_in_memory: "dict[str, tantivy.Index]" = {}


def _open(catalogue: Catalogue, token: str) -> "tantivy.Index | None":
    import tantivy

    place = _place(catalogue, token)
    if place is None:
        return _in_memory.get(token)
    try:
        return tantivy.Index.open(place)
    except (ValueError, OSError):  # not there, or damaged
        return None


def _create(catalogue: Catalogue, old_token: str) -> "tantivy.Index":
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("document", "stamp", "section"):
        builder.add_unsigned_field(name, stored=True, indexed=name == "document")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("headings", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("forms", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    with catalogue.writing() as connection:
        if catalogue.get("text") != old_token and (other := _open(catalogue, str(catalogue.get("text")))):
            return other  # another process was quicker
        token = os.urandom(8).hex()
        place = _place(catalogue, token)
        if place:
            _remove_all(os.path.dirname(place))
            os.makedirs(place, mode=0o700)
            index = tantivy.Index(builder.build(), place, reuse=False)
        else:
            index = _in_memory[token] = tantivy.Index(builder.build())
        _forget(connection)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'text'", (token,))
    return index


def _remove_all(folder: str) -> None:
    """Remove every full text beside the catalogue: those of catalogues that are no more too."""
    import shutil

    for name in os.listdir(folder):
        if name.startswith("text-"):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _update(catalogue: Catalogue, index: "tantivy.Index", progress: Progress | None) -> None:
    """Bring the full text up to date in batches, each a transaction of the catalogue around one of the index.

    Killed between the two, the catalogue does not know of the batch, and it is done once more.
    """
    writer = _writer(index)
    if writer is None:
        return
    done = 0
    entries = Entries()
    while True:
        with catalogue.writing() as connection:
            generation = catalogue.get("generation")
            gone, todo = _differences(catalogue)
            rows = []
            for (id_,) in gone:
                writer.delete_documents_by_query(_entries_of(index, id_))
            for row in _rows(catalogue, todo[:_BATCH]):
                document, stamp = read_document(row[:-1]), row[-1]
                writer.delete_documents_by_query(_entries_of(index, row[0]))
                for number in range(len(document.sections)):
                    writer.add_document(entries.make(row[0], stamp, document, number))
                rows.append((row[0], stamp, len(document.sections)))
                if progress:
                    progress(done + len(rows), done + len(todo))
            writer.commit()
            connection.executemany("DELETE FROM indexed WHERE document = ?", gone)
            connection.executemany("INSERT OR REPLACE INTO indexed VALUES (?, ?, ?, 0)", rows)
            add_spellings(connection, entries.spellings())
            done += len(rows)
            is_done = len(todo) <= _BATCH
            ((sections,),) = catalogue.rows("SELECT coalesce(sum(sections), 0) FROM indexed")
            facts = {"indexed_sections": sections, **({"indexed_generation": generation} if is_done else {})}
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'state'")
        if is_done:
            return


def _entries_of(index: "tantivy.Index", document: int) -> "tantivy.Query":
    """Return the query for the sections of a document; deleting by a term takes its number for another type."""
    from tantivy import Query

    return Query.term_query(index.schema, "document", document)


def _writer(index: "tantivy.Index") -> "tantivy.IndexWriter | None":
    """Return the writer, which one process at a time can have; None when another one keeps it for long."""
    give_up = time.monotonic() + _PATIENCE
    while True:
        try:
            return index.writer(_MEMORY, 1)
        except ValueError:
            if time.monotonic() > give_up:
                return None
            time.sleep(0.05)


def _differences(catalogue: Catalogue) -> tuple[list[tuple[int]], list[int]]:
    """Return the ids of the documents to take out and of those to put in."""
    gone = catalogue.rows(
        "SELECT document FROM indexed LEFT JOIN documents ON id = document WHERE content IS NULL ORDER BY document"
    )
    todo = catalogue.rows(
        "SELECT id FROM documents LEFT JOIN indexed ON id = document"
        " WHERE content IS NOT NULL AND indexed.stamp IS NOT documents.stamp ORDER BY id"
    )
    return gone, [id_ for (id_,) in todo]


def _rows(catalogue: Catalogue, ids: Sequence[int]) -> Iterator[Any]:
    marks = ", ".join("?" * len(ids))
    query = f"SELECT {DOCUMENT_COLUMNS}, stamp FROM documents WHERE id IN ({marks})"  # noqa: S608 (constants)
    yield from catalogue.rows(query, ids)
