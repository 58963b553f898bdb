"""Passages: the headings and blocks of the library, which are embedded for semantic search."""

from array import array
from collections.abc import Sequence

from relmgr_cli.corpus.document import Document
from relmgr_cli.store.codec import documents_by_id, unpack_summary
from relmgr_cli.store.database import Database, Progress

_BATCH = 40  # documents of one vector block
_MAX_TEXT = 400  # characters of a block that are embedded
_NOT_PROSE = ("code", "math", "rule", "html")
KEY_FIELDS = 7  # document, revision, section, block, whether it is a heading, and two for the key of its vector
_TITLE = -1  # instead of a block index
_MIN_STALE = 2000  # passages; fewer are not worth a cleanup


def passages_of(document: Document) -> list[tuple[int, int, bool, str]]:
    """Return section, block, whether it is a heading, and text of each passage; the title is one of section 0."""
    found = [
        (number, index, block.kind == "heading", text[:_MAX_TEXT])
        for number, section in enumerate(document.sections)
        for index, block in enumerate(document.blocks[section.start : section.end], section.start)
        if block.kind not in _NOT_PROSE and (text := block.text.strip())
    ]
    return [(0, _TITLE, True, document.title), *found] if document.sections and document.title else found


def documents_to_encode(database: Database) -> list[int]:
    """Return the ids of the documents whose passages have no vectors yet."""
    return [id_ for (id_,) in database.rows("SELECT document FROM indexed WHERE encoded = 0 ORDER BY document")]


def passages_to_encode(database: Database, most: int | None = None) -> int:
    """Return about how many passages have no vectors yet; a number above `most` may be too small."""
    query = "SELECT summary FROM documents JOIN indexed ON document = id WHERE encoded = 0 LIMIT ?"
    rows = database.rows(query, (-1 if most is None else most + 1,))  # a document has at least one
    return sum(1 + unpack_summary(data).blocks for (data,) in rows)


def encode_passages(database: Database, progress: Progress | None = None) -> int:
    """Embed the passages of new and changed documents; return how many documents that were."""
    todo = documents_to_encode(database)
    for start in range(0, len(todo), _BATCH):
        _encode(database, todo[start : start + _BATCH])
        if progress:
            progress(min(start + _BATCH, len(todo)), len(todo))
    if todo:
        _drop_stale(database)
    return len(todo)


def _encode(database: Database, ids: Sequence[int]) -> None:
    from relmgr_cli.store.vector_blocks import add_vector_block
    from relmgr_cli.store.vector_cache import key_of, vectors_of

    keys = array("q")
    texts: list[str] = []
    counts = []
    for id_, revision, document in documents_by_id(database, ids):
        passages = passages_of(document)
        counts.append((1 + len(passages), id_, revision))
        for section, block, is_heading, text in passages:
            keys.extend((id_, revision, section, block, is_heading))
            keys.frombytes(key_of(text))
            texts.append(text)
    vectors = vectors_of(database, texts)
    with database.writing() as connection:
        if texts:
            add_vector_block(connection, "passages", keys.tobytes(), vectors)
        # The number of passages tells how many of those in the vector blocks are stale.
        connection.executemany("UPDATE indexed SET encoded = ? WHERE document = ? AND revision = ?", counts)
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")


def _drop_stale(database: Database) -> None:
    """Embed everything again if half of the stored passages are of texts that no longer exist."""
    current = database.value("SELECT coalesce(sum(encoded - 1), 0) FROM indexed WHERE encoded > 0")
    if count_stored_passages(database) < 2 * current + _MIN_STALE:
        return
    with database.writing() as connection:
        connection.execute("DELETE FROM vector_blocks WHERE kind = 'passages'")
        connection.execute("UPDATE indexed SET encoded = 0")
    encode_passages(database)


def has_embeddings(database: Database) -> bool:
    """Return True if every word and passage has had a vector since the index last changed."""
    return bool(database.get("embeddings_version") == database.get("content_version"))


def set_all_encoded(database: Database) -> None:
    """Record that all words and passages have vectors."""
    with database.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO meta SELECT 'embeddings_version', value FROM meta WHERE key = 'content_version'"
        )


def count_stored_passages(database: Database) -> int:
    """Return how many passages have vectors, including stale ones."""
    return int(database.value("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = 'passages'"))


def current_revisions(database: Database) -> list[tuple[int, int]]:
    """Return id and current revision of every document, by ascending ids."""
    return database.rows("SELECT id, revision FROM documents WHERE content IS NOT NULL ORDER BY id")
