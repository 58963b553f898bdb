from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.search.expansion import Term, Translations, expand_term, out_of_vocabulary
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.suggest import suggest
from relmgr_cli.store.word_translations import WordTranslation

ALL = ("en", "pl", "ru")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("terms"), GARDEN, KITCHEN) as library:
        library.encode()
        yield library


def term(
    library: Library, text: str, *, languages: tuple[str, ...] = ALL, nearest: Mapping[str, Translations] | None = None
) -> Term:
    ((item,),) = parse_query(text).groups
    return expand_term(library.database, item, languages, known=ALL, nearest=nearest or {})


@pytest.mark.parametrize("typed", ["konflikt", "KONFLIKT", "konfliktami", "konflikt\u0301"[:8]])
def test_a_word_is_expanded_to_itself_and_its_translations(library: Library, typed: str) -> None:
    found = term(library, typed)
    assert found.stems["pl"] == {"konflikt": 1.0}
    assert set(found.stems) == set(ALL)
    (english,) = found.translations["en"]
    assert (english.stem, english.spelling) == ("conflict", "conflict")
    assert found.stems["en"] == {"conflict": pytest.approx(english.cosine**2)}


def test_only_the_languages_searched_have_terms(library: Library) -> None:
    assert set(term(library, "konflikt", languages=("ru",)).stems) == {"ru"}
    assert [c.spelling for c in term(library, "konflikt", languages=("ru",)).translations["ru"]] == ["конфликт"]


def test_phrases_and_joined_words_have_no_other_forms(library: Library) -> None:
    for text in ('"roses"', "long-hose", "default_value"):
        found = term(library, text)
        assert (found.stems, found.translations, found.forms) == ({}, {}, {})
        assert found.is_sequence


def test_a_prefix_is_expanded_to_the_forms_that_begin_with_it(library: Library) -> None:
    found = term(library, "wa*")
    assert "water" in found.forms["en"]
    assert "waz" in found.forms["pl"]
    assert found.forms["ru"] == frozenset()


def test_an_unknown_word_is_translated_by_the_encoder(library: Library) -> None:
    near = {
        "en": [
            WordTranslation("dog", "dog", 0.9),
            WordTranslation("rose", "roses", 0.7),
            WordTranslation("hose", "hose", 0.6),
        ]
    }
    found = term(library, "hund", nearest={"hund": near})
    assert found.stems["en"] == {"dog": pytest.approx(0.81)}
    assert term(library, "hund", nearest={"hund": {"en": [WordTranslation("dog", "dog", 0.6)]}}).stems["en"] == {}


def test_a_word_is_no_counterpart_of_itself(library: Library) -> None:
    near = {
        "konflikt": {
            "pl": [WordTranslation("konflikt", "konflikt", 1.0)],
            "en": [WordTranslation("conflict", "x", 0.7)],
        }
    }
    found = term(library, "konflikt", nearest=near)
    assert found.translations["pl"] == ()
    assert [c.spelling for c in found.translations["en"]] == ["conflict"]


def test_only_single_words_without_counterparts_are_new(library: Library) -> None:
    items = [item for group in parse_query('konflikt Hund "ein Hund" hun* x-y konfliktom').groups for item in group]
    assert out_of_vocabulary(library.database, items, ALL) == ["hund"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("konfliktt", [("konfliktt", "konflikt")]),
        ("gardne", [("gardne", "garden")]),
        ("garden", []),
        ("roze", []),
        ("xyzzyx", []),
        ('"log hose"', [("log", "long")]),
        ("lopaat", [("lopaat", "łopata")]),
        ("шлнаг", [("шлнаг", "шланг")]),
        ("ж", []),
        ("1234567", []),
    ],
)
def test_a_near_word_is_suggested(library: Library, question: str, expected: list[tuple[str, str]]) -> None:
    answer = library.search(question, exact=True).answer
    assert suggest(library.database, answer) == expected


def test_a_suggestion_is_of_the_languages_searched(library: Library) -> None:
    answer = library.search("konfliktt", exact=True, languages=("ru",)).answer
    assert suggest(library.database, answer) == []
    assert suggest(library.database, answer._replace(languages=())) == []


def test_a_suggestion_finds_something(tmp_path: Path) -> None:
    """A word that no text has any longer is not suggested."""
    with library_in(tmp_path) as library:
        library.write("a.md", "# One\n\nThe walrus is in the water, and it is cold.\n")
        library.open()
        library.write("a.md", "# One\n\nThe seal is in the water, and it is cold.\n")
        answer = library.search("walris", exact=True).answer
        assert suggest(library.database, answer) == []


def test_a_function_word_has_no_counterparts(tmp_path: Path) -> None:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        library.encode()
        ((term,),) = library.search("the").answer.groups
        assert not any(term.translations.values())
        assert not any(term.related.values())
