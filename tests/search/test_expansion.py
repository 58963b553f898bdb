from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.languages.tokens import stem
from relmgr_cli.search import expansion
from relmgr_cli.search.expansion import Term, Translations, expand_term, out_of_vocabulary
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.suggest import suggest
from relmgr_cli.store.codec import pack
from relmgr_cli.store.word_translations import NearestWords, WordTranslation

ALL = ("en", "pl", "ru")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("terms"), GARDEN, KITCHEN) as library:
        library.encode()
        yield library


def term(
    library: Library,
    text: str,
    *,
    languages: tuple[str, ...] = ALL,
    nearest: Translations | None = None,
    related: Translations | None = None,
) -> Term:
    ((item,),) = parse_query(text).groups
    near = {item.words[0].spelling: NearestWords(nearest or {}, related or {})}
    return expand_term(library.database, item, languages, known=ALL, nearest=near)


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
    found = term(library, "hund", nearest=near)
    assert found.stems["en"] == {"dog": pytest.approx(0.81)}
    assert term(library, "hund", nearest={"en": [WordTranslation("dog", "dog", 0.6)]}).stems["en"] == {}


def test_a_word_is_no_counterpart_of_itself(library: Library) -> None:
    near = {
        "pl": [WordTranslation("konflikt", "konflikt", 1.0)],
        "en": [WordTranslation("conflict", "x", 0.7)],
    }
    found = term(library, "konflikt", nearest=near)
    assert found.translations["pl"] == ()
    assert [c.spelling for c in found.translations["en"]] == ["conflict"]


def test_related_words_only_raise_the_score_and_confirm_each_other(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexicon = {("fr", "jardin"): {"en": {"garden": 0.9}}}
    monkeypatch.setattr(expansion, "lexicon_translations", lambda _, *key: lexicon.get(key[:2], {}))
    weak = 0.2**0.5
    related = {
        "en": [WordTranslation("garden", "garden", weak), WordTranslation("dog", "dog", weak)],
        "fr": [WordTranslation("jardin", "jardin", weak)],
    }
    found = term(library, "sodu", related=related)
    assert not any(found.stems.values())
    assert found.related["en"]["dog"] == pytest.approx(0.2)
    assert found.related["en"]["garden"] == pytest.approx(1 - 0.8 * (1 - 0.2 * 0.9))
    likely = term(library, "sodu", nearest={"en": [WordTranslation("dog", "dog", 0.9)]}, related=related)
    assert "dog" not in likely.related["en"]


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
        ('"gardne hose"', [("gardne", "garden")]),
        ("log", []),  # short words are like too many others
        ("hotter", []),
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


def with_lexicon(library: Library, language: str, word: str, translations: Mapping[str, Mapping[str, float]]) -> None:
    rows = {tag: list(words.items()) for tag, words in translations.items()}
    with library.database.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO lexicon VALUES (?, ?, ?)", (language, word, pack(rows)))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('lexicon_source', 'en')")


def written(**texts: str) -> dict[str, str]:
    """Return files with a text each, in the language with which its name ends."""
    tags = {name: name.rpartition("_")[2] for name in texts}
    return {f"{name}.md": f"---\nlang: {tags[name]}\n---\n# {name}\n\n{text}\n" for name, text in texts.items()}


def test_a_related_word_adds_to_a_score_but_finds_nothing_by_itself(tmp_path: Path) -> None:
    texts = written(
        a_en="The kettle boils.",
        b_pl="Czajnik stoi w kuchni.",
        c_pl="Para jest w kuchni.",
        d_pl="Czajnik daje dużo pary w kuchni.",
    )
    with library_in(tmp_path, texts) as library:
        library.open()
        kettle, jar, steam = (stem(word, tag) for word, tag in (("kettle", "en"), ("czajnik", "pl"), ("para", "pl")))
        with_lexicon(library, "en", kettle, {"pl": {jar: 0.9, steam: 0.4}})
        ((term,),) = library.search("kettle").answer.groups
        assert (set(term.stems["pl"]), set(term.related["pl"])) == ({jar}, {steam})
        assert "c 0" not in library.section_ids("kettle", languages=("pl",))
        assert {"b 0", "d 0"} == set(library.section_ids("kettle", languages=("pl",)))
        with_lexicon(library, "en", kettle, {"pl": {steam: 0.4}})
        assert "c 0" in library.section_ids("kettle", languages=("pl",))  # there is nothing better


def test_a_loan_word_is_translated_as_in_the_source_language(tmp_path: Path) -> None:
    texts = written(
        a_en="The kettle boils.",
        b_de="Der Kettle kocht schnell und steht in der Küche auf dem Herd.",
        c_pl="Czajnik i woda.",
    )
    with library_in(tmp_path, texts) as library:
        library.open()
        with_lexicon(library, "en", stem("kettle", "en"), {"pl": {stem("czajnik", "pl"): 0.9}})
        with_lexicon(library, "de", stem("kettle", "de"), {"pl": {stem("woda", "pl"): 0.9}})
        ((term,),) = library.search("kettle").answer.groups
        assert [each.spelling for each in term.translations["pl"]] == ["czajnik"]


def test_where_vectors_name_a_translation_the_lexicon_must_be_surer_of_another(tmp_path: Path) -> None:
    texts = written(a_en="The kettle boils.", c_pl="Czajnik i woda.")
    with library_in(tmp_path, texts) as library:
        library.open()
        kettle, water = stem("kettle", "en"), stem("woda", "pl")
        found = {"pl": [[stem("czajnik", "pl"), "czajnik", 0.9]]}
        with library.database.writing() as connection:
            connection.execute("INSERT INTO word_translations VALUES ('en', ?, '', ?, 0)", (kettle, pack(found)))
        for weight, is_likely in ((0.6, False), (0.8, True)):
            with_lexicon(library, "en", kettle, {"pl": {water: weight}})
            ((term,),) = library.search("kettle").answer.groups
            assert (water in term.stems["pl"], water in term.related["pl"]) == (is_likely, not is_likely)


def test_a_function_word_has_no_counterparts(tmp_path: Path) -> None:
    with library_in(tmp_path, written(a_en="The kettle boils.", c_pl="Czajnik i woda.")) as library:
        library.open()
        for word in ("the", "kettle"):
            with_lexicon(library, "en", stem(word, "en"), {"pl": {stem("woda", "pl"): 0.9}})
        found = {word: library.search(word).answer.groups[0][0].translations["pl"] for word in ("the", "kettle")}
        assert {word: len(translations) for word, translations in found.items()} == {"the": 0, "kettle": 1}
