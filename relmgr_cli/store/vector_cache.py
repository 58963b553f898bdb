"""The vectors of texts, kept by content: nothing is encoded twice, and an interrupted run goes on where it stopped."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relmgr_cli.store.codec import pack, unpack
from relmgr_cli.store.database import Database, with_memory_fallback

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_PARAMETERS = 900  # of one SQLite statement

Progress = Callable[[int, int], None]


def vectors_of(database: Database, texts: Sequence[str], progress: Progress | None = None) -> "NDArray[np.float32]":
    """Return the vectors of the texts, (n, 512) float32 of unit length; what is new is encoded and kept.

    `progress` is called with how many of the new texts are encoded and how many there are.
    """
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS, encode

    keys = [key_of(text) for text in texts]
    known = _load(database, list(dict.fromkeys(keys)))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    # Texts of like length together: the encoder's batches are then of like size.
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
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    for row, key in enumerate(keys):
        vectors[row] = np.frombuffer(known[key], np.float16)
    return vectors


def key_of(text: str) -> bytes:
    """Return what the vector of a text is kept under, 16 bytes."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def load_vectors(database: Database, keys: Sequence[bytes]) -> "NDArray[np.float32]":
    """Return the vectors that are kept under these keys, (n, 512) float32; zeros for one that is not."""
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    known = _load(database, list(dict.fromkeys(keys)))
    vectors = np.zeros((len(keys), DIMENSIONS), np.float32)
    for row, key in enumerate(keys):
        if key in known:
            vectors[row] = np.frombuffer(known[key], np.float16)
    return vectors


def _load(database: Database, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    known: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _MAX_PARAMETERS):
        part = keys[start : start + _MAX_PARAMETERS]
        marks = ", ".join("?" * len(part))
        known.update(database.rows(f"SELECT text, vector FROM vectors WHERE text IN ({marks})", part))  # noqa: S608
    return known


def encode_texts(database: Database, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Return the vectors of texts that are not kept, (n, 512) float32 of unit length."""
    import numpy as np

    from relmgr_cli.embedding.encoder import encode

    return np.concatenate(list(encode(texts, _folder(database))))


def _folder(database: Database) -> Path | None:
    """Return the cache folder, where the encoder keeps what makes it start sooner; None where nothing is kept."""
    return database.path.parent.parent if database.path else None


def load_query(database: Database, key: str, state: int) -> Any:
    """Return what `save_query` stored for a query, as JSON data; None if the library has another state since."""
    rows = database.rows("SELECT answer FROM query_cache WHERE text = ? AND state = ?", (key, state))
    return unpack(rows[0][0]) if rows else None


def save_query(database: Database, key: str, state: int, answer: Any) -> None:
    """Store what the encoder found for a query; answers for other states of the library are deleted."""
    with_memory_fallback(database, lambda: _write_query(database, (key, state, pack(answer))))


def _write_query(database: Database, row: tuple[str, int, bytes]) -> None:
    with database.writing() as connection:
        connection.execute("DELETE FROM query_cache WHERE state != ?", (row[1],))
        connection.execute("INSERT OR REPLACE INTO query_cache VALUES (?, ?, ?)", row)
