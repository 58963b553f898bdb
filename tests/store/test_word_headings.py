"""The headings similar to a word of the library: found without the encoder, and never those of an earlier text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.search_library import Library, library_in

from relmgr_cli.languages.tokens import stem
from relmgr_cli.search import retrieval
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.word_headings import headings_like
from relmgr_cli.store.word_translations import encode_words

CAR = "# Auto\n\nNaprawa pojazdu.\n\n## Samochód\n\nMa cztery koła i silnik.\n"
NOTES = "# Notatki\n\nW garażu stoi auto, obok rower.\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, {"car.pl.md": CAR, "notes.pl.md": NOTES}) as library:
        library.encode()
        yield library


def similar(library: Library, word: str, language: str = "pl") -> set[tuple[str, int]]:
    """Return path and section of the headings similar to a word."""
    paths = dict(library.database.rows("SELECT id, path FROM documents"))
    found = headings_like(library.database, language, stem(word, language))
    assert all(0.6 <= heading.cosine <= 1.01 for heading in found)
    return {(paths[heading.document].decode(), heading.section) for heading in found}


def test_a_heading_is_similar_to_its_words_and_their_synonyms(library: Library) -> None:
    assert similar(library, "auto") == {("car.pl.md", 0), ("car.pl.md", 1)}
    assert similar(library, "rower") == set()
    assert similar(library, "absent") == set()


def test_a_search_for_a_word_finds_them_without_the_encoder(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(retrieval, "encode_query")
    assert "car 1" in library.section_ids("auto")
    assert library.section_ids("auto", languages=("en",)) == []


def test_a_new_word_gets_the_known_headings(library: Library) -> None:
    library.write("more.en.md", "# Notes\n\nThe automobile is outside.\n")
    library.open()
    assert encode_words(library.database) > 0
    assert ("car.pl.md", 1) in similar(library, "automobile", "en")
    assert ("car.pl.md", 1) in similar(library, "auto")


def test_a_changed_heading_is_forgotten(library: Library) -> None:
    library.write("car.pl.md", CAR.replace("Samochód", "Pogoda"))
    library.open()
    assert similar(library, "auto") == set()  # not even before the new text has its vectors
    encode_words(library.database)
    encode_passages(library.database)
    assert similar(library, "auto") == {("car.pl.md", 0)}


def test_those_of_a_removed_file_are_removed(library: Library) -> None:
    (library.root / "car.pl.md").unlink()
    library.write("new.pl.md", "# Samochód\n\nNowy.\n")
    library.open()
    encode_passages(library.database)
    assert {
        path for (path,) in library.database.rows("SELECT path FROM word_headings LEFT JOIN documents ON id = document")
    } == {b"new.pl.md"}
