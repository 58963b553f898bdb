"""Vectors in bulk, for comparing one with all: rows of the database that hold hundreds each, in eight bits.

A unit vector of 512 numbers becomes 512 bytes and a scale; the cosine of two moves by less than 0.001. Beside them
stand their signs, a sixteenth of that.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LARGEST = 127


def add_shard(connection: Any, kind: str, keys: bytes, vectors: "NDArray[np.float32]") -> None:
    """Keep vectors, (n, 512) float32, with whatever names them, inside the caller's transaction."""
    import numpy as np

    scales = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float32) / _LARGEST + 1e-12
    small = np.rint(vectors / scales).astype(np.int8)
    signs = np.packbits(vectors > 0, axis=1).tobytes()
    row = (kind, len(vectors), keys, signs, scales.tobytes() + small.tobytes())
    connection.execute("INSERT INTO vector_blocks (kind, rows, keys, signs, vectors) VALUES (?, ?, ?, ?, ?)", row)


class Shard(NamedTuple):
    """Some of the vectors of one kind."""

    keys: bytes  # what names them
    small: "NDArray[np.int8]"  # (n, 512)
    scales: "NDArray[np.float32]"  # (n, 1): small * scales are the vectors

    def likeness(self, vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return the cosines of its vectors with (m, 512) others: (n, m)."""
        import numpy as np

        likeness: NDArray[np.float32] = (self.small.astype(np.float32) @ vectors.T) * self.scales
        return likeness


class BinaryCodes(NamedTuple):
    """Which numbers of some vectors are positive."""

    bits: "NDArray[np.uint64]"  # (n, 8)

    def hamming(self, vector: "NDArray[np.float32]") -> "NDArray[np.int64]":
        """Return in how many of the 512 signs each vector differs from another, (n,)."""
        import numpy as np

        ours = np.packbits(vector > 0).view(np.uint64)
        differing: NDArray[np.int64] = np.bitwise_count(self.bits ^ ours).sum(axis=1, dtype=np.int64)
        return differing


def load_signs(database: Database, kind: str) -> Iterator[tuple[bytes, BinaryCodes]]:
    """Yield the names and the signs of all shards of one kind."""
    import numpy as np

    for keys, data in database.rows("SELECT keys, signs FROM vector_blocks WHERE kind = ? ORDER BY number", (kind,)):
        yield keys, BinaryCodes(np.frombuffer(data, np.uint64).reshape(-1, 8))


def load_shards(database: Database, kind: str) -> Iterator[Shard]:
    """Yield all shards of one kind."""
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    for (number,) in database.rows("SELECT number FROM vector_blocks WHERE kind = ? ORDER BY number", (kind,)):
        for rows, keys, data in database.rows(
            "SELECT rows, keys, vectors FROM vector_blocks WHERE number = ?", (number,)
        ):
            scales = np.frombuffer(data, np.float32, rows)
            small = np.frombuffer(data, np.int8, offset=scales.nbytes).reshape(rows, DIMENSIONS)
            yield Shard(keys, small, scales[:, None])


def has_vectors(database: Database, kind: str = "") -> bool:
    """Return whether any vectors are stored, of one kind ("words", "passages") or of any."""
    if kind:
        return bool(database.rows("SELECT 1 FROM vector_blocks WHERE kind = ? LIMIT 1", (kind,)))
    return bool(database.rows("SELECT 1 FROM vector_blocks LIMIT 1"))
