"""The passages of the library, headings and blocks, by what they say."""

from array import array
from collections.abc import Callable, Sequence

from relmgr_cli.corpus.document import Document
from relmgr_cli.store.codec import DOCUMENT_COLUMNS, read_document, unpack_summary
from relmgr_cli.store.database import Database

_BATCH = 40  # documents encoded and kept at a time
_MAX_TEXT = 400  # characters of a block that the encoder is given
_NOT_PROSE = ("code", "rule", "html")
KEY_FIELDS = 7  # document, revision, section, block, whether it is a heading, and two for the key of its vector
_TITLE = -1  # the block of a title, which is none

_MIN_STALE = 2000  # passages that are not worth tidying up after

Progress = Callable[[int, int], None]


def passages_of(document: Document) -> list[tuple[int, int, bool, str]]:
    """Return section, block, whether it is a heading, and text of each passage; the title heads the first section."""
    found = [
        (number, place, document.blocks[place].kind == "heading", text[:_MAX_TEXT])
        for number, section in enumerate(document.sections)
        for place in range(section.start, section.end)
        if document.blocks[place].kind not in _NOT_PROSE and (text := document.blocks[place].text.strip())
    ]
    return [(0, _TITLE, True, document.title), *found] if document.sections and document.title else found


def documents_to_encode(database: Database) -> list[int]:
    """Return the ids of the documents whose passages have no vectors yet."""
    return [id_ for (id_,) in database.rows("SELECT document FROM indexed WHERE encoded = 0 ORDER BY document")]


def passages_to_encode(database: Database, most: int | None = None) -> int:
    """Return about how many passages have no vectors yet; a number above `most` may be too small."""
    query = "SELECT summary FROM documents JOIN indexed ON document = id WHERE encoded = 0 LIMIT ?"
    rows = database.rows(query, (-1 if most is None else most + 1,))  # each has one at least
    return sum(1 + unpack_summary(about).blocks for (about,) in rows)


def encode_passages(database: Database, progress: Progress | None = None) -> int:
    """Give the passages of new and changed documents their vectors; return how many documents that were."""
    todo = documents_to_encode(database)
    for start in range(0, len(todo), _BATCH):
        _encode(database, todo[start : start + _BATCH])
        if progress:
            progress(min(start + _BATCH, len(todo)), len(todo))
    if todo:
        _tidy(database)
    return len(todo)


def _encode(database: Database, ids: Sequence[int]) -> None:
    from relmgr_cli.store.vector_blocks import add_vector_block
    from relmgr_cli.store.vector_cache import key_of, vectors_of

    marks = ", ".join("?" * len(ids))
    query = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE id IN ({marks}) AND content IS NOT NULL"  # noqa: S608
    keys = array("q")
    texts: list[str] = []
    revisions = []
    counts = {}
    for row in database.rows(query, ids):
        revisions.append((row[0], row[-1]))
        passages = passages_of(read_document(row[:-1]))
        counts[row[0]] = len(passages)
        for section, block, is_heading, text in passages:
            keys.extend((row[0], row[-1], section, block, is_heading))
            keys.frombytes(key_of(text))
            texts.append(text)
    vectors = vectors_of(database, texts)
    with database.writing() as connection:
        if texts:
            add_vector_block(connection, "passages", keys.tobytes(), vectors)
        # How many passages a document has is kept, so that it is known how many of those in the shards are dead.
        connection.executemany(
            "UPDATE indexed SET encoded = ? WHERE document = ? AND revision = ?",
            [(1 + counts[document], document, revision) for document, revision in revisions],
        )
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")


def _tidy(database: Database) -> None:
    """Make the shards anew when half of what they hold is of texts that are no longer there."""
    ((held,),) = database.rows("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = 'passages'")
    ((alive,),) = database.rows("SELECT coalesce(sum(encoded - 1), 0) FROM indexed WHERE encoded > 0")
    if held < 2 * alive + _MIN_STALE:
        return
    with database.writing() as connection:
        connection.execute("DELETE FROM vector_blocks WHERE kind = 'passages'")
        connection.execute("UPDATE indexed SET encoded = 0")
    encode_passages(database)


def has_embeddings(database: Database) -> bool:
    """Return True if every word and passage had its vector when the index last changed."""
    return bool(database.get("embeddings_version") == database.get("content_version"))


def set_all_encoded(database: Database) -> None:
    """Record that the words and passages of the library as it is now have vectors."""
    with database.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('embeddings_version', ?)", (database.get("content_version"),)
        )


def count_stored_passages(database: Database) -> int:
    """Return how many passages have vectors, those of texts that have changed since among them."""
    ((count,),) = database.rows("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = 'passages'")
    return int(count)


def current_revisions(database: Database) -> list[tuple[int, int]]:
    """Return id and revision of every document as it is now, by ascending ids."""
    return database.rows("SELECT id, revision FROM documents WHERE content IS NOT NULL ORDER BY id")
