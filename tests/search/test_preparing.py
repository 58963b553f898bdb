from collections.abc import Iterator
from pathlib import Path

import pytest
from support.search_library import GARDEN, Library, library_in

from relmgr_cli.index.catalogue import one_at_a_time
from relmgr_cli.search.preparing import encode_library, texts_to_encode


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN) as library:
        library.look()
        yield library


def test_while_another_process_encodes_nothing_is_encoded_twice(library: Library) -> None:
    assert library.catalogue.folder
    with one_at_a_time(library.catalogue.folder / "encoding", 0):
        assert not encode_library(library.catalogue, patience=0)
        assert library.catalogue.rows("SELECT count(*) FROM vectors") == [(0,)]
    assert encode_library(library.catalogue, patience=0)
    assert texts_to_encode(library.catalogue) == 0
    assert encode_library(library.catalogue, patience=0)
