"""A cache of the vectors of texts, by content: no text is encoded twice, and an interrupted run can be continued."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmgr_cli.store.codec import MAX_PARAMETERS, pack, unpack
from relmgr_cli.store.database import Database, Progress, with_memory_fallback

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def vectors_of(database: Database, texts: Sequence[str], progress: Progress | None = None) -> "NDArray[np.float32]":
    """Return the vectors of the texts, (n, 512) float32 of unit length; new texts are encoded and cached.

    `progress` is called with the number of new texts encoded and to encode.
    """
    import numpy as np

    from relmgr_cli.embedding.encoder import encode

    keys = [key_of(text) for text in texts]
    known = _load(database, list(dict.fromkeys(keys)))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    # Sorted by length, so that the texts of a batch need about the same time.
    order = sorted(missing, key=lambda key: len(missing[key]))
    done = 0
    for batch in encode([missing[key] for key in order], _folder(database)):
        fresh = {key: row.astype(np.float16).tobytes() for key, row in zip(order[done:], batch, strict=False)}
        with database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", fresh.items())
        known |= fresh
        done += len(fresh)
        if progress:
            progress(done, len(order))
    return _to_array(keys, known)


def key_of(text: str) -> bytes:
    """Return the key of the vector of a text, 16 bytes."""
    import hashlib  # not for a search whose query is cached: OpenSSL takes 4 MB

    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def load_vectors(database: Database, keys: Sequence[bytes]) -> "NDArray[np.float32]":
    """Return the cached vectors with these keys, (n, 512) float32; zeros for unknown keys."""
    return _to_array(keys, _load(database, list(dict.fromkeys(keys))))


def _to_array(keys: Sequence[bytes], known: dict[bytes, bytes]) -> "NDArray[np.float32]":
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    vectors = np.zeros((len(keys), DIMENSIONS), np.float32)
    for row, key in enumerate(keys):
        if key in known:
            vectors[row] = np.frombuffer(known[key], np.float16)
    return vectors


def _load(database: Database, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    known: dict[bytes, bytes] = {}
    for start in range(0, len(keys), MAX_PARAMETERS):
        part = keys[start : start + MAX_PARAMETERS]
        placeholders = ", ".join("?" * len(part))
        known.update(database.rows(f"SELECT text, vector FROM vectors WHERE text IN ({placeholders})", part))  # noqa: S608
    return known


def encode_texts(database: Database, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Return the vectors of texts without caching them, (n, 512) float32 of unit length."""
    import numpy as np

    from relmgr_cli.embedding.encoder import encode

    return np.concatenate(list(encode(texts, _folder(database))))


def _folder(database: Database) -> Path | None:
    """Return the cache folder, in which the encoder caches its model; None if there is none."""
    return database.path.parent.parent if database.path else None


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
