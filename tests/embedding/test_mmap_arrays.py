"""Every byte of a small file is corrupted in turn: reading returns what was written or fails."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from relmgr_cli.embedding.mmap_arrays import CorruptError, read, write

TABLE = np.arange(6 * 16, dtype=np.uint8).reshape(6, 16)
ARRAYS: dict[str, NDArray[Any]] = {
    "odd": np.arange(5, dtype=np.float32) / 3,
    "empty": np.zeros(0, np.uint8),
    "deep": np.ones((2, 3), np.uint32),
}
NUMBERS = {"least": 9.999999960041972e-13, "nested": {"yes": True}}


@pytest.fixture(scope="module")
def written() -> bytes:
    file = io.BytesIO()
    write(file, TABLE, ARRAYS, NUMBERS)
    return file.getvalue()


def is_whole(path: Path, content: bytes) -> bool:
    """Return True if the whole file can be read; check that what can be read is as written."""
    path.write_bytes(content)
    try:
        table, arrays, numbers = read(str(path))
        rows = table[np.arange(len(TABLE))]
    except ValueError:
        return False
    assert np.array_equal(rows, TABLE)
    assert numbers == NUMBERS
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
    return True


def test_what_is_written_is_read(tmp_path: Path, written: bytes) -> None:
    assert is_whole(tmp_path / "file", written)


def test_no_end_can_be_missing_or_added(tmp_path: Path, written: bytes) -> None:
    for size in {*range(0, len(written), 61), *range(len(written) - 200, len(written))}:
        assert not is_whole(tmp_path / "file", written[:size])
    assert not is_whole(tmp_path / "file", written + b"\0")


def test_no_byte_can_be_another(tmp_path: Path, written: bytes) -> None:
    header = 8192  # its CRC is taken at its word: not every byte of it is tried
    for place in {*range(8), *range(8, header, 97), *range(header, len(written))}:
        changed = bytearray(written)
        changed[place] ^= 1 << place % 8
        harmless = changed[:8].lower() == written[:8] and changed[8:] == written[8:]
        assert is_whole(tmp_path / "file", bytes(changed)) == harmless, place


def test_no_block_can_be_zeros(tmp_path: Path, written: bytes) -> None:
    for start in range(0, len(written), 512):
        block = written[start : start + 512]
        emptied = written[:start] + bytes(len(block)) + written[start + 512 :]
        assert is_whole(tmp_path / "file", emptied) == (emptied == written)


def test_a_corrupt_row_does_no_harm_to_others(tmp_path: Path, written: bytes) -> None:
    changed = bytearray(written)
    changed[-1] ^= 128
    (tmp_path / "file").write_bytes(changed)
    table = read(str(tmp_path / "file"))[0]
    assert np.array_equal(table[np.array([0, 4, 0])], TABLE[[0, 4, 0]])
    with pytest.raises(CorruptError):
        table[np.array([0, 5])]


def test_a_row_that_cannot_be_added_up_is_not_written() -> None:
    with pytest.raises(ValueError, match="axis"):
        write(io.BytesIO(), TABLE[:, :15], {}, {})


def test_a_header_that_is_too_long_is_not_written() -> None:
    file = io.BytesIO()
    with pytest.raises(ValueError, match="header"):
        write(file, TABLE, {}, {"long": "x" * 9000})
    assert not file.getvalue()
