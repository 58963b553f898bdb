"""The vectors of texts, by content: no text is encoded twice, and an interrupted run can be continued."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database, Progress, with_memory_fallback

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEY_BYTES = 16
_BLOCK = 2048  # texts of one vector block


def vectors_of(database: Database, texts: Sequence[str], progress: Progress | None = None) -> "NDArray[np.float32]":
    """Return the vectors of the texts, (n, 512) float32, of about unit length; new texts are encoded and stored.

    `progress` is called with the number of new texts encoded and to encode.
    """
    from relmgr_cli.store.vector_blocks import load_vectors

    return load_vectors(database, "texts", text_numbers(database, texts, progress))


def text_numbers(database: Database, texts: Sequence[str], progress: Progress | None = None) -> "NDArray[np.int64]":
    """Return the numbers of the vectors of the texts, (n,); new texts are encoded and stored as by `vectors_of`."""
    import numpy as np

    keys = [_key_of(text) for text in texts]
    known = _known_numbers(database)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    # Sorted by length, so that the texts of a batch need about the same time.
    order = sorted(missing, key=lambda key: len(missing[key]))
    for start in range(0, len(order), _BLOCK):
        part = order[start : start + _BLOCK]
        first = _encode(database, [missing[key] for key in part], b"".join(part), progress, (start, len(order)))
        known.update(zip(part, range(first, first + len(part)), strict=True))
    return np.array([known[key] for key in keys], np.int64)


def _encode(
    database: Database, texts: Sequence[str], keys: bytes, progress: Progress | None, done: tuple[int, int]
) -> int:
    """Store the vectors of texts as one block; return the number of the first."""
    import numpy as np

    from relmgr_cli.embedding.encoder import encode
    from relmgr_cli.store.vector_blocks import add_vector_block

    vectors = []
    count, total = done
    for batch in encode(texts, database.cache_folder):
        vectors.append(batch)
        count += len(batch)
        if progress:
            progress(count, total)
    with database.writing() as connection:
        return add_vector_block(connection, "texts", keys, np.concatenate(vectors))


def _key_of(text: str) -> bytes:
    import hashlib  # not for a search whose query is cached: OpenSSL takes 4 MB

    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _known_numbers(database: Database) -> dict[bytes, int]:
    """Return the numbers of the stored texts by their keys."""
    known: dict[bytes, int] = {}
    for first, keys in database.rows("SELECT first, keys FROM vector_blocks WHERE kind = 'texts'"):
        parts = (keys[at : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES))
        known.update(zip(parts, range(first, first + len(keys) // _KEY_BYTES), strict=True))
    return known


def encode_texts(database: Database, texts: Sequence[str], progress: Progress | None = None) -> "NDArray[np.float32]":
    """Return the vectors of texts without storing them, (n, 512) float32 of unit length.

    `progress` is called with the number of texts encoded and to encode.
    """
    import numpy as np

    from relmgr_cli.embedding.encoder import encode

    vectors: list[NDArray[np.float32]] = []
    for batch in encode(texts, database.cache_folder):
        vectors.append(batch)
        if progress:
            progress(sum(map(len, vectors)), len(texts))
    return np.concatenate(vectors)


def load_query(database: Database, key: str, version: int) -> Any:
    """Return what `save_query` stored for a query, as JSON data; None if content_version has changed since."""
    rows = database.rows("SELECT answer FROM query_cache WHERE text = ? AND version = ?", (key, version))
    return unpack(rows[0][0]) if rows else None


def save_query(database: Database, key: str, version: int, answer: Any) -> None:
    """Store the answer to a query for a content_version; those for other versions are deleted."""

    def write() -> None:
        with database.writing() as connection:
            connection.execute("DELETE FROM query_cache WHERE version != ?", (version,))
            connection.execute("INSERT OR REPLACE INTO query_cache VALUES (?, ?, ?)", (key, version, pack(answer)))

    with_memory_fallback(database, write)
