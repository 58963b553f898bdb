from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.search import semantic as module
from relmgr_cli.search.ranking import SectionSimilarity
from relmgr_cli.search.semantic import similar_sections
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.vector_cache import encode_texts


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.open()
        encode_passages(library.database)
        yield library


def document(library: Library, name: str) -> int:
    ((id_,),) = library.database.rows("SELECT id FROM documents WHERE path = ?", (name.encode(),))
    return int(id_)


def like(
    library: Library, question: str, limit: int = 5, documents: list[int] | None = None
) -> list[SectionSimilarity]:
    (vector,) = encode_texts(library.database, [question])
    return similar_sections(library.database, vector, documents, limit)


def test_the_section_that_says_it_comes_first_whatever_its_language(library: Library) -> None:
    best = like(library, "Łopata i grabie są w szopie")
    assert best[0][:1] + best[0][2:3] == (document(library, "garden.en.md"), 2)
    assert [similar.score for similar in best] == sorted((similar.score for similar in best), reverse=True)


def test_the_block_is_the_most_similar_one(library: Library) -> None:
    best = like(library, "new gloves", documents=[document(library, "garden.en.md")])
    found = next(similar for similar in best if similar.section == 2)
    garden = parse_document(GARDEN["garden.en.md"], str(library.root), "garden.en.md")
    assert garden.blocks[found.block].text == "new gloves"
    assert found.text > 0.8


def test_only_the_requested_documents_are_compared(library: Library) -> None:
    only = document(library, "kitchen.en.md")
    assert {similar.document for similar in like(library, "garden", documents=[only])} == {only}
    assert like(library, "garden", documents=[]) == []
    assert len(like(library, "garden", limit=2)) == 2
    assert len(like(library, "garden", limit=1000)) == 3 + 2


def test_a_missing_heading_or_text_has_no_similarity(library: Library) -> None:
    library.write("odd.md", "Only text, and no heading.\n\n# Only a heading\n\n# Another heading\n\n```\ncode\n```\n")
    library.open()
    encode_passages(library.database)
    found = {item.section: item for item in like(library, "heading", 50, [document(library, "odd.md")])}
    assert all(np.isfinite(item.score) for item in found.values())
    assert {item.block for section, item in found.items() if section > 0} == {-1}
    assert {item.text for section, item in found.items() if section > 0} == {0.0}


@pytest.mark.parametrize("documents", [None, "some", "none"])
def test_by_their_signs_the_same_sections_are_found(
    library: Library, monkeypatch: pytest.MonkeyPatch, documents: str | None
) -> None:
    wanted = None if documents is None else [document(library, "garden.en.md")] if documents == "some" else []
    before = like(library, "water the roses", 3, wanted)
    monkeypatch.setattr(module, "_MAX_COMPARED", 0)
    monkeypatch.setattr(module, "_NEAREST_SHARE", 1)
    after = like(library, "water the roses", 3, wanted)
    assert [found[:3] for found in after] == [found[:3] for found in before]
    assert np.allclose([found.score for found in after], [found.score for found in before], atol=0.02)


@pytest.mark.parametrize("most", [50_000, 0], ids=["all", "nearest"])
def test_vectors_of_outdated_texts_are_ignored(library: Library, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(module, "_MAX_COMPARED", most)
    old = document(library, "garden.en.md")
    library.write("garden.en.md", "# The garden\n\nNothing grows here any more.\n")
    (library.root / "garden.ru.md").unlink()
    library.open()
    encode_passages(library.database)
    every = like(library, "The rake and the spade are kept in the shed", limit=1000)
    stamps = dict(library.database.rows("SELECT id, revision FROM documents"))
    assert all(stamps.get(similar.document) == similar.revision for similar in every)
    assert [similar.section for similar in every if similar.document == old] == [0]
    assert len(every) == 1 + 2 + 2  # of the garden, of the Polish garden, which has two more, and of the kitchen
