"""Values as JSON in bytes."""

import pytest

from relmgr_cli.store.codec import pack_items, pack_row, unpack_items, unpack_row
from relmgr_cli.store.database import DatabaseCorruptError


@pytest.mark.parametrize("length", [0, 1, 500, 501, 1500])
def test_a_list_packed_in_parts_is_the_list_packed_at_once(length: int) -> None:
    items = [["§ \udcff ],[", {"pl": [number, number]}] for number in range(length)]
    data = pack_items(items)
    assert data == pack_row(items)
    assert unpack_row(data) == items
    assert list(unpack_items(data)) == items


@pytest.mark.parametrize("data", [b"", b"1", b"{}", b"[", b"[1", b"[1,", b"[1,]", b"[1 2]", b"[1}", b"[,1]", b"[\xff]"])
def test_what_is_no_packed_list_is_a_corrupt_index(data: bytes) -> None:
    with pytest.raises(DatabaseCorruptError):
        list(unpack_items(data))
