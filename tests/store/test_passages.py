from collections.abc import Iterator
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.store import passages
from relmgr_cli.store.fulltext import invalidate_fulltext
from relmgr_cli.store.passages import documents_to_encode, encode_passages, passages_of, passages_to_encode


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.open()
        encode_passages(library.database)
        yield library


def document(library: Library, name: str) -> int:
    ((id_,),) = library.database.rows("SELECT id FROM documents WHERE path = ?", (name.encode(),))
    return int(id_)


def held(library: Library) -> int:
    ((rows,),) = library.database.rows("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = 'passages'")
    return int(rows)


def test_passages_are_the_title_headings_and_blocks_but_no_code() -> None:
    text = "# Head\n\nText\nof a block.\n\n```\ncode\n```\n\n---\n\n## Second\n\n- item\n"
    assert passages_of(parse_document(text, "/", "a.md")) == [
        (0, -1, True, "Head"),
        (0, 0, False, "Text of a block."),
        (1, 3, True, "Second"),
        (1, 4, False, "item"),
    ]


def test_a_document_without_text_has_no_passages() -> None:
    assert [p for p in passages_of(parse_document("", "/", "a.md")) if p[1] != -1] == []


def test_nothing_is_encoded_twice(library: Library) -> None:
    assert documents_to_encode(library.database) == []
    assert passages_to_encode(library.database) == 0
    before = held(library)
    assert encode_passages(library.database) == 0
    library.write("kitchen.en.md", KITCHEN["kitchen.en.md"].replace("sleeps", "barks"))
    library.open()
    assert documents_to_encode(library.database) == [document(library, "kitchen.en.md")]
    assert encode_passages(library.database) == 1
    assert before < held(library) <= before + 6


def test_what_a_changed_document_said_finds_it_no_more(library: Library) -> None:
    """Its old passages are still stored, but of another revision."""
    question = "A helicopter flies over the volcano"
    library.write("new.md", f"# Travel\n\n{question}, and the crater smokes.\n")
    library.encode()
    assert library.section_ids("helicopters above volcanoes") == ["new 0"]
    library.write("new.md", "# Cooking\n\nBoil the eggs for seven minutes.\n")
    library.open()
    for _ in range(2):
        assert "new 0" not in library.section_ids("volcanic helicopter flights")
        library.encode()
    assert library.section_ids("boiling an egg", limit=1) == ["new 0"]


def test_what_a_removed_document_said_finds_nothing(library: Library) -> None:
    library.write("new.md", "# Travel\n\nA helicopter flies over the volcano.\n")
    library.encode()
    (library.root / "new.md").unlink()
    library.encode()
    assert "new 0" not in library.section_ids("helicopters above volcanoes")


def test_when_half_of_the_passages_are_of_old_texts_all_are_embedded_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = held(library)
    for round_ in range(4):
        library.write("kitchen.en.md", KITCHEN["kitchen.en.md"] + f"\nOne more line, number {round_}.\n")
        library.open()
        encode_passages(library.database)
    assert held(library) >= alive + 4 * 5
    monkeypatch.setattr(passages, "_MIN_STALE", 1 - alive)
    library.write("kitchen.en.md", KITCHEN["kitchen.en.md"])
    library.open()
    encode_passages(library.database)
    assert held(library) == alive
    assert documents_to_encode(library.database) == []


def test_a_rebuilt_full_text_has_no_passage_twice(library: Library) -> None:
    before = held(library)
    invalidate_fulltext(library.database)
    library.open()
    encode_passages(library.database)
    assert held(library) == before
