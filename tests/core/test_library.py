from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from searched import GARDEN, Library, library_in

from relmgr_cli.core.library import count_unembedded, embed
from relmgr_cli.index.locks import file_lock


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN) as library:
        library.look()
        yield library


def show_progress(_: str) -> nullcontext[None]:
    return nullcontext()


def test_while_another_process_encodes_nothing_is_encoded_twice(library: Library) -> None:
    assert library.catalogue.folder
    with file_lock(library.catalogue.folder / "encoding", 0):
        assert not embed(library.catalogue, show_progress, timeout=0)
        assert library.catalogue.rows("SELECT count(*) FROM vectors") == [(0,)]
    assert embed(library.catalogue, show_progress, timeout=0)
    assert count_unembedded(library.catalogue) == 0
    assert embed(library.catalogue, show_progress, timeout=0)
