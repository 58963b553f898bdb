import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.languages.tokens import stem
from relmgr_cli.store import word_translations
from relmgr_cli.store.database import Database
from relmgr_cli.store.name_lookup import library_languages
from relmgr_cli.store.vector_cache import encode_texts
from relmgr_cli.store.vocabulary import add_word_forms, forms_with_prefix, is_prose, spelling_of, stems_of
from relmgr_cli.store.word_translations import (
    WordTranslation,
    encode_words,
    nearest_words,
    translations_of,
    words_to_encode,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.open()
        yield library


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library whose words have vectors; no test changes it."""
    with library_in(tmp_path_factory.mktemp("learnt"), GARDEN, KITCHEN) as library:
        library.open()
        encode_words(library.database)
        yield library


def spellings(counterparts: Sequence[WordTranslation]) -> list[str]:
    return [counterpart.spelling for counterpart in counterparts]


def test_the_languages_are_those_of_the_words(library: Library) -> None:
    assert library_languages(library.database) == ("en", "pl", "ru")


def test_an_empty_library_has_no_languages_and_no_words(tmp_path: Path) -> None:
    with library_in(tmp_path) as library:
        library.open()
        assert library_languages(library.database) == ()
        assert encode_words(library.database) == 0
        assert words_to_encode(library.database) == []


@pytest.mark.parametrize(
    ("language", "spelling", "form", "expected"),
    [
        ("pl", "konflikty", "konflikty", ["konflikt"]),  # a form that no text has, by its stem
        ("pl", "roze", "roze", ["roz"]),  # without its accents, by its form
        ("en", "roses", "roses", ["rose"]),
        ("en", "zebra", "zebra", []),
        ("ru", "roses", "roses", []),
        ("en", "", "", []),
    ],
)
def test_the_stems_of_a_word_are_those_of_its_form_and_its_own(
    library: Library, language: str, spelling: str, form: str, expected: list[str]
) -> None:
    assert list(stems_of(library.database, language, spelling, form)) == expected


def test_a_stem_is_shown_as_it_is_most_often_written(library: Library) -> None:
    assert spelling_of(library.database, "en", "conflict") == "conflict"
    assert spelling_of(library.database, "en", "zebra") == "zebra"
    library.write("more.md", "# Roses\n\nThe rose is a rose and it is a rose in the garden.\n")
    library.open()
    assert spelling_of(library.database, "en", "rose") == "rose"


def steps(database: Database, function: Callable[..., object], *arguments: str) -> int:
    """Return how many instructions SQLite's virtual machine runs while a function is called."""
    count = itertools.count()
    database.connection.set_progress_handler(lambda: bool(next(count) < 0), 1)
    function(database, *arguments)
    database.connection.set_progress_handler(None, 1)
    return next(count)


def test_looking_up_a_word_does_not_read_the_other_words_of_its_language(library: Library) -> None:
    numbers = {("en", f"rose{number}", f"rose{number}", f"rose{number % 9}"): (1, 1) for number in range(2000)}
    with library.database.writing() as connection:
        add_word_forms(connection, numbers)
    assert steps(library.database, stems_of, "en", "roses", "roses") < 200
    assert steps(library.database, spelling_of, "en", "rose") < 200
    assert steps(library.database, is_prose, "en", "roses") < 200


def test_a_spelling_or_stem_that_is_the_form_is_not_stored_again(library: Library) -> None:
    columns = "language, form, nullif(spelling, ''), stem"
    rows = library.database.rows(f"SELECT {columns} FROM stored_word_forms")  # noqa: S608
    assert ("en", "water", None, None) in rows
    assert ("pl", "roze", "róże", "roz") in rows
    assert not [row for row in rows if row[1] in row[2:]]
    words = library.database.rows("SELECT language, form, spelling, stem FROM word_forms")
    assert {("en", "water", "water", "water"), ("pl", "roze", "róże", "roz")} <= set(words)


def test_words_of_code_are_distinguished_from_prose(library: Library) -> None:
    assert is_prose(library.database, "en", "default")
    assert not is_prose(library.database, "pl", "default")
    assert is_prose(library.database, "pl", "noze")
    assert not is_prose(library.database, "en", "nonsense")


def test_the_forms_of_a_prefix_come_the_most_frequent_first(library: Library) -> None:
    assert forms_with_prefix(library.database, "en", "ro", 10) == ("roses",)
    assert forms_with_prefix(library.database, "en", "w", 10)[0] == "water"
    assert len(forms_with_prefix(library.database, "en", "", 3)) == 3
    assert forms_with_prefix(library.database, "pl", "roses", 3) == ()
    for odd in ("%", "_", "'", "\U0010ffff"):
        assert forms_with_prefix(library.database, "en", odd, 3) == ()


def test_a_word_finds_its_translations(learnt: Library) -> None:
    found = translations_of(learnt.database, "en", "conflict")
    assert spellings(list(found["pl"]))[0] == "konflikt"
    assert spellings(list(found["ru"]))[0] == "конфликт"
    assert all(0.55 <= c.cosine <= 1.01 for counterparts in found.values() for c in counterparts)
    assert translations_of(learnt.database, "xx", "conflict") == {}


def test_translations_go_both_ways(learnt: Library) -> None:
    rows = learnt.database.rows("SELECT language, stem FROM word_translations")
    known = {key: translations_of(learnt.database, *key) for key in rows}
    assert len(known) > 100
    for (language, root), found in known.items():
        assert all(c.stem != root for c in found.get(language, ()))
        for other, counterparts in found.items():
            for counterpart in counterparts:
                back = known[other, counterpart.stem].get(language, ())
                assert root in [c.stem for c in back] or len(back) == 8


def test_function_words_numbers_and_code_have_no_vectors(learnt: Library) -> None:
    encoded = {root for (root,) in learnt.database.rows("SELECT stem FROM word_translations WHERE language = 'en'")}
    assert encoded.isdisjoint({"the", "is", "a"})
    assert "conflict" in encoded


def test_words_that_come_later_know_those_that_were_there(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_translations, "_BATCH", 20)
    assert encode_words(library.database) > 100
    assert encode_words(library.database) == 0
    library.write("more.md", "# Le jardin\n\nUn chien est dans le jardin, et le conflit est avec nous.\n")
    library.open()
    reports: list[tuple[int, int]] = []
    assert encode_words(library.database, lambda done, todo: reports.append((done, todo))) in range(1, 10)
    assert reports[-1][0] == reports[-1][1]
    known = translations_of(library.database, "pl", stem("konflikt", "pl"))
    assert spellings(list(known["fr"])) == ["conflit"]
    new = translations_of(library.database, "fr", stem("conflit", "fr"))
    assert spellings(list(new["pl"]))[0] == "konflikt"


def test_batches_find_the_same_translations(learnt: Library, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_translations, "_BATCH", 7)
    encode_words(library.database)
    for row in learnt.database.rows("SELECT language, stem FROM word_translations"):
        one, other = (translations_of(each.database, *row) for each in (learnt, library))
        assert {tag: {c.stem for c in found} for tag, found in one.items()} == {
            tag: {c.stem for c in found} for tag, found in other.items()
        }


def test_a_word_that_the_library_never_had_finds_its_words(learnt: Library) -> None:
    vectors = encode_texts(learnt.database, ["conflit", "Hund"])
    conflit, hund = nearest_words(learnt.database, ["conflit", "hund"], vectors)
    assert spellings(conflit.likely["pl"])[0] == "konflikt"
    assert spellings(conflit.likely["ru"])[0] == "конфликт"
    assert spellings(hund.likely["en"])[0] == "dog"
    assert nearest_words(learnt.database, [], vectors[:0]) == []


def test_words_that_are_not_near_enough_for_a_translation_are_related(learnt: Library) -> None:
    vectors = encode_texts(learnt.database, ["plant"])
    (plant,) = nearest_words(learnt.database, ["plant"], vectors)
    for tag, related in plant.related.items():
        likely = spellings(plant.likely.get(tag, ()))
        assert set(likely) <= set(spellings(related))
        assert all(0 < each.weight <= 0.6 for each in related)
    assert sum(map(len, plant.related.values())) > sum(map(len, plant.likely.values()))


def test_words_that_are_only_spelled_alike_are_no_translations(learnt: Library) -> None:
    for language, root in learnt.database.rows("SELECT language, stem FROM word_translations"):
        spelling = spelling_of(learnt.database, language, root)
        for found in translations_of(learnt.database, language, root).values():
            assert all(c.cosine >= 0.77 for c in found if c.spelling[:4] == spelling[:4])
