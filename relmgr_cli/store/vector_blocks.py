"""Vectors in bulk: database rows that hold thousands each, quantized to eight bits.

A unit vector of 512 floats becomes 512 bytes and a scale; the cosine of two changes by less than 0.001. The row also
has the binary codes of the vectors (the signs of their components), which take a sixteenth of the space. A vector is
numbered within its kind, in the order in which the vectors were added.

Cosines are sums of products of whole numbers, which are exact in every order, so they do not depend on how the vectors
are divided into blocks.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_INT8 = 127
_SCALES = 64  # different scales between a number and its double
_LOW = 128  # a number of 15 bits is _LOW times a high part plus a low one
_INSERT = "INSERT INTO vector_blocks (kind, first, rows, keys, codes, vectors) VALUES (?, ?, ?, ?, ?, ?)"


def add_vector_block(connection: Any, kind: str, keys: bytes, vectors: "NDArray[np.float32]") -> int:
    """Store vectors, (n, 512) float32, with the keys that identify them, inside the caller's transaction.

    Returns the number of the first one.
    """
    import numpy as np

    query = "SELECT coalesce(max(first + rows), 0) FROM vector_blocks WHERE kind = ?"
    first = int(connection.execute(query, (kind,)).fetchone()[0])
    store_vector_block(connection, kind, quantize(first, keys, vectors), np.packbits(vectors > 0, axis=1).tobytes())
    return first


def store_vector_block(connection: Any, kind: str, block: "VectorBlock", codes: bytes = b"") -> None:
    """Store a block of new vectors, inside the caller's transaction; binary codes only where some are compared."""
    data = block.scales.tobytes() + block.quantized.tobytes()
    connection.execute(_INSERT, (kind, block.first, len(block.quantized), block.keys, codes, data))


def quantize(first: int, keys: bytes, vectors: "NDArray[np.float32]") -> "VectorBlock":
    """Return vectors, (n, 512) float32, as a block."""
    import numpy as np

    # Rounded up to powers of 2 ** (1 / 64): the encoder's last bits depend on the other texts of its batch.
    exact = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float64) / _MAX_INT8 + 1e-12
    scales = np.exp2(np.ceil(np.log2(exact) * _SCALES) / _SCALES).astype(np.float32)
    return VectorBlock(first, keys, np.rint(vectors / scales).astype(np.int8), scales)


class VectorBlock(NamedTuple):
    """Some of the vectors of one kind."""

    first: int  # number of its first vector
    keys: bytes  # identify the vectors
    quantized: "NDArray[np.int8]"  # (n, 512)
    scales: "NDArray[np.float32]"  # (n, 1): quantized * scales are the vectors

    def cosines(self, vectors: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return the cosines of its vectors with (m, 512) others, which are rounded to 15 bits: (n, m).

        Every product is below 2 ** 24 and so is exact in float32.
        """
        import numpy as np

        own = self.quantized.astype(np.float32)
        scales = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float32) / (_LOW * _MAX_INT8) + 1e-12
        numbers = np.rint(vectors / scales)
        high = np.rint(numbers / _LOW)
        low = (numbers - _LOW * high).astype(np.float32)
        products = own @ high.astype(np.float32).T
        if low.any():  # not of stored vectors
            products = products + (own @ low.T).astype(np.float64) / _LOW
        cosines: NDArray[np.float32] = (products * (_LOW * scales.T) * self.scales).astype(np.float32)
        return cosines

    def vectors(self) -> "NDArray[np.float32]":
        """Return its vectors, (n, 512)."""
        found: NDArray[np.float32] = self.quantized * self.scales
        return found


def hamming_distances(database: Database, kind: str, vector: "NDArray[np.float32]") -> "NDArray[np.int64]":
    """Return the Hamming distances of the binary codes of one kind to that of a vector, (vectors,), by number."""
    import numpy as np

    code = np.packbits(vector > 0).view(np.uint64)
    distances = np.zeros(count_vectors(database, kind), np.int64)
    for first, rows, data in database.rows("SELECT first, rows, codes FROM vector_blocks WHERE kind = ?", (kind,)):
        bits = np.frombuffer(data, np.uint64).reshape(-1, len(code))
        distances[first : first + rows] = np.bitwise_count(bits ^ code).sum(axis=1, dtype=np.int64)
    return distances


def load_vector_blocks(database: Database, kind: str) -> Iterator[VectorBlock]:
    """Yield all blocks of one kind, in the order of their vectors' numbers."""
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    for (number,) in database.rows("SELECT number FROM vector_blocks WHERE kind = ? ORDER BY first", (kind,)):
        query = "SELECT first, rows, keys, vectors FROM vector_blocks WHERE number = ?"
        for first, rows, keys, data in database.rows(query, (number,)):
            scales = np.frombuffer(data, np.float32, rows)
            quantized = np.frombuffer(data, np.int8, offset=scales.nbytes).reshape(rows, DIMENSIONS)
            yield VectorBlock(first, keys, quantized, scales[:, None])


def load_vectors(database: Database, kind: str, numbers: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """Return the vectors with these numbers, (n, 512) float32; zeros for unknown numbers."""
    return load_some(database, kind, numbers).vectors()


def load_some(database: Database, kind: str, numbers: "NDArray[np.int64]") -> VectorBlock:
    """Return a block, without keys, of the vectors with these numbers; zeros for unknown numbers.

    Only their bytes are read, not whole blocks.
    """
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS

    found = VectorBlock(0, b"", np.zeros((len(numbers), DIMENSIONS), np.int8), np.zeros((len(numbers), 1), np.float32))
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    query = "SELECT number, first, rows FROM vector_blocks WHERE kind = ? ORDER BY first"
    for number, first, rows in database.rows(query, (kind,)):
        start, end = np.searchsorted(ordered, (first, first + rows))
        if start == end:
            continue
        with database.connection.blobopen("vector_blocks", "vectors", number, readonly=True) as blob:
            scales = np.frombuffer(blob.read(4 * rows), np.float32)
            for at in range(start, end):
                row = int(ordered[at]) - first
                blob.seek(4 * rows + DIMENSIONS * row)
                found.quantized[order[at]] = np.frombuffer(blob.read(DIMENSIONS), np.int8)
                found.scales[order[at]] = scales[row]
    return found


def keep_vectors(database: Database, kind: str, numbers: "NDArray[np.int64]") -> None:
    """Remove all vectors of a kind but those with these ascending numbers, inside the caller's transaction.

    These are numbered from 0 afterwards. `kind` is one whose keys have the same number of bytes.
    """
    import numpy as np

    query = "SELECT number, first, rows, keys, codes, vectors FROM vector_blocks WHERE kind = ? ORDER BY first"
    count = 0
    for number, first, rows, *blobs in database.rows(query, (kind,)):
        start, end = np.searchsorted(numbers, (first, first + rows))
        kept = numbers[start:end] - first
        keys, codes, scales, quantized = (
            np.frombuffer(data, np.uint8).reshape(rows, -1)[kept].tobytes()
            for data in (*blobs[:2], blobs[2][: 4 * rows], blobs[2][4 * rows :])
        )
        database.connection.execute("DELETE FROM vector_blocks WHERE number = ?", (number,))
        if len(kept):
            row = (kind, count, len(kept), keys, codes, scales + quantized)
            database.connection.execute(_INSERT, row)
        count += len(kept)


def count_vectors(database: Database, kind: str) -> int:
    """Return how many vectors of a kind are stored."""
    return int(database.value("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = ?", (kind,)))


def has_vectors(database: Database, kind: str = "") -> bool:
    """Return True if any vectors are stored, of one kind ("words", "texts") or of any."""
    return bool(database.rows("SELECT 1 FROM vector_blocks WHERE ? IN (kind, '') LIMIT 1", (kind,)))
