"""Numbers and arrays in one file that is mapped into memory, with checksums of all that is used.

    file     header, padded to `_HEADER` bytes; small arrays, each at a multiple of 64 bytes; the table
    header   CRC-32 of the rest as 8 hex digits, JSON: offsets of the arrays, their checksum, numbers
    table    any size: only the requested rows are read

Every byte is verified before use: the header by its CRC, the small arrays when the file is opened, a row of the table
when it is read. So the file needs no fsync before it is renamed. The checksums are sums of 64-bit words, which are as
fast as memory; they detect accidents (a truncated file, blocks of zeros or of another file, flipped bits), not forgery.
A file that is truncated while it is mapped, or a failing disk, ends the process (SIGBUS).
"""

import json
import mmap
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

_HEADER = 8192  # bytes
_ALIGNMENT = 64  # bytes
_SUMS = "sums of the table's rows"


class CorruptError(ValueError):
    """The file is not as it was written."""


class Table:
    """The rows of a large array, (n, m) uint8; raises CorruptError when a corrupt row is read."""

    def __init__(self, rows: "NDArray[np.uint8]", sums: "NDArray[np.uint64]") -> None:
        self._rows = rows
        self._sums = sums

    def __getitem__(self, indexes: "NDArray[np.int64]") -> "NDArray[np.uint8]":
        """Return a copy of the rows, each verified."""
        found = self._rows[indexes]
        if (_row_sums(found) != self._sums[indexes]).any():
            raise CorruptError
        return found


def write(file: BinaryIO, table: "NDArray[np.uint8]", arrays: "Arrays", numbers: Mapping[str, Any]) -> None:
    """Write the file; the rows of the table are a multiple of 8 bytes long, the numbers are JSON values."""
    import numpy as np

    table = np.ascontiguousarray(table)
    layout, size = {}, 0
    for name, array in (arrays := {**arrays, _SUMS: _row_sums(table)}).items():
        layout[name] = (array.dtype.str, array.shape, size)
        size += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    small = np.zeros(size, np.uint8)
    for name, array in arrays.items():
        start = layout[name][2]
        small[start : start + array.nbytes] = np.frombuffer(array.tobytes(), np.uint8)
    header = {"layout": layout, "size": size, "sum": _sum(small), "table": table.shape, "numbers": numbers}
    text = json.dumps(header).encode().ljust(_HEADER - 8)
    if len(text) != _HEADER - 8:
        raise ValueError("header too long")
    file.write(b"%08x" % zlib.crc32(text) + text)
    file.write(small.data)
    file.write(table.data)


def read(path: str) -> tuple[Table, "dict[str, NDArray[Any]]", dict[str, Any]]:
    """Map a file; raise OSError if it cannot be read, ValueError if it is corrupt."""
    import numpy as np

    with open(path, "rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    head = data[:_HEADER]
    if int(head[:8], 16) != zlib.crc32(head[8:]):
        raise CorruptError
    header = json.loads(head[8:])
    shape, end = header["table"], _HEADER + header["size"]
    if len(data) != end + shape[0] * shape[1]:
        raise CorruptError
    if _sum(np.ndarray(header["size"], np.uint8, data, _HEADER)) != header["sum"]:
        raise CorruptError
    layout = header["layout"].items()
    arrays = {name: np.ndarray(shape, dtype, data, _HEADER + start) for name, (dtype, shape, start) in layout}
    return Table(np.ndarray(shape, np.uint8, data, end), arrays.pop(_SUMS)), arrays, header["numbers"]


def _sum(data: "NDArray[np.uint8]") -> int:
    return int(data.view("u8").sum())


def _row_sums(table: "NDArray[np.uint8]") -> "NDArray[np.uint64]":
    sums: NDArray[np.uint64] = table.view("u8").sum(axis=1)
    return sums
