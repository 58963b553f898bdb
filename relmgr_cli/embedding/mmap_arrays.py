"""Numbers and arrays in one file that is mapped into memory, checked as far as they are used.

    file     header, padded to `_HEADER` bytes; small arrays, each at a multiple of 64 bytes; the table
    header   CRC-32 of what follows as 8 hex digits, JSON: where the arrays are, what they add up to, numbers
    table    as large as one likes: of its rows only those are read that are asked for

No byte is used unchecked: the header has its CRC, the small arrays are added up when the file is opened, a row of the
table when it is read. So nothing has to reach the disk before the file gets its name. Sums of 64-bit words are as fast
as memory; they find what happens to files (an end that is missing, blocks of zeros or of another file, flipped bits),
not forgery. Only a file that shrinks, or a disk that fails, while a process reads ends that process (SIGBUS).
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
    """The file is not what was written."""


class Table:
    """The rows of a large array, (n, m) uint8; raises CorruptError when a damaged one is read."""

    def __init__(self, rows: "NDArray[np.uint8]", sums: "NDArray[np.uint64]") -> None:
        self._rows = rows
        self._sums = sums

    def __getitem__(self, places: "NDArray[np.int64]") -> "NDArray[np.uint8]":
        """Return a copy of the rows, each found to be as written."""
        found = self._rows[places]
        if (_row_sums(found) != self._sums[places]).any():
            raise CorruptError
        return found


def write(file: BinaryIO, table: "NDArray[np.uint8]", arrays: "Arrays", numbers: Mapping[str, Any]) -> None:
    """Write the file; the rows of the table are a multiple of 8 bytes long, the numbers are what JSON can hold."""
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
    """Map what was written; raise OSError where there is no such file, ValueError where it is damaged."""
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
