"""Vectors in bulk, for comparing one with all: database rows that hold hundreds each, quantized to eight bits.

A unit vector of 512 floats becomes 512 bytes and a scale; the cosine of two changes by less than 0.001. The row also
has the binary codes of the vectors (the signs of their components), which take a sixteenth of the space.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_INT8 = 127


def add_vector_block(connection: Any, kind: str, keys: bytes, vectors: "NDArray[np.float32]") -> None:
    """Store vectors, (n, 512) float32, with the keys that identify them, inside the caller's transaction."""
    import numpy as np

    scales = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float32) / _MAX_INT8 + 1e-12
    quantized = np.rint(vectors / scales).astype(np.int8)
    codes = np.packbits(vectors > 0, axis=1).tobytes()
    row = (kind, len(vectors), keys, codes, scales.tobytes() + quantized.tobytes())
    connection.execute("INSERT INTO vector_blocks (kind, rows, keys, codes, vectors) VALUES (?, ?, ?, ?, ?)", row)


class VectorBlock(NamedTuple):
    """Some of the vectors of one kind."""

    keys: bytes  # identify the vectors
    quantized: "NDArray[np.int8]"  # (n, 512)
    scales: "NDArray[np.float32]"  # (n, 1): quantized * scales are the vectors

    def cosines(self, vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return the cosines of its vectors with (m, 512) others: (n, m)."""
        import numpy as np

        cosines: NDArray[np.float32] = (self.quantized.astype(np.float32) @ vectors.T) * self.scales
        return cosines


class BinaryCodes(NamedTuple):
    """The signs of the components of some vectors."""

    bits: "NDArray[np.uint64]"  # (n, 8)

    def hamming(self, vector: "NDArray[np.float32]") -> "NDArray[np.int64]":
        """Return the Hamming distance of each code to that of a vector, (n,)."""
        import numpy as np

        code = np.packbits(vector > 0).view(np.uint64)
        distances: NDArray[np.int64] = np.bitwise_count(self.bits ^ code).sum(axis=1, dtype=np.int64)
        return distances


def load_binary_codes(database: Database, kind: str) -> Iterator[tuple[bytes, BinaryCodes]]:
    """Yield the keys and the binary codes of all blocks of one kind."""
    import numpy as np

    for keys, data in database.rows("SELECT keys, codes FROM vector_blocks WHERE kind = ? ORDER BY number", (kind,)):
        yield keys, BinaryCodes(np.frombuffer(data, np.uint64).reshape(-1, 8))


def load_vector_blocks(database: Database, kind: str) -> Iterator[VectorBlock]:
    """Yield all blocks of one kind."""
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    for (number,) in database.rows("SELECT number FROM vector_blocks WHERE kind = ? ORDER BY number", (kind,)):
        query = "SELECT rows, keys, vectors FROM vector_blocks WHERE number = ?"
        for rows, keys, data in database.rows(query, (number,)):
            scales = np.frombuffer(data, np.float32, rows)
            quantized = np.frombuffer(data, np.int8, offset=scales.nbytes).reshape(rows, DIMENSIONS)
            yield VectorBlock(keys, quantized, scales[:, None])


def has_vectors(database: Database, kind: str = "") -> bool:
    """Return True if any vectors are stored, of one kind ("words", "passages") or of any."""
    return bool(database.rows("SELECT 1 FROM vector_blocks WHERE ? IN (kind, '') LIMIT 1", (kind,)))
