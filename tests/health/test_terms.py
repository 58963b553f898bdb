"""Which terms are found to be translated in several ways, and which differences are none."""

import random

import pytest

from relmgr_cli.corpus.article import Article, TranslationUnit
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.health.terms import Term, TermFinder, _is_same_word
from relmgr_cli.health.word_links import tokens_of
from relmgr_cli.languages.tokens import stem

WORDS = {
    "container": {"kontener": 0.9, "pojemnik": 0.7},
    "server": {"serwer": 0.9},
    "image": {"obraz": 0.9},
    "service": {"usługa": 0.9, "serwis": 0.8},
    "account": {"konto": 0.9},
    "install": {"instalacja": 0.8, "instalować": 0.8, "wdrożyć": 0.8},
    "widget": {"widget": 0.5, "kontrolka": 0.8},
    "starts": {"uruchamia": 0.9, "startuje": 0.8},
    "needs": {"potrzebuje": 0.9},
    "way": {"sposób": 0.9, "metoda": 0.8},
}
LEXICON = {
    stem(word, "en"): {stem(other, "pl"): weight for other, weight in others.items()} for word, others in WORDS.items()
}


def article(*pairs: tuple[str, str], name: str = "a") -> Article:
    """Return an article with these paragraphs, English and Polish."""
    documents = {
        tag: parse_document("\n\n".join(pair[side] for pair in pairs) + "\n", "/library", f"{tag}/{name}.md")
        for side, tag in enumerate(("en", "pl"))
    }
    units = tuple(TranslationUnit("0", {"en": (at,), "pl": (at,)}) for at in range(len(pairs)))
    assert all(len(document.blocks) == len(pairs) for document in documents.values())
    return Article(name, documents, (), units, None, "layout", "en")


def finder(*pairs: tuple[str, str]) -> TermFinder:
    found = TermFinder("en", {"pl": LEXICON})
    found.add(article(*pairs))
    return found


def varied(*pairs: tuple[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Return the terms found, each with its Polish translations and how often each occurs."""
    terms = finder(*pairs).terms()
    return {term.text: [(each.text, each.uses) for each in term.translations["pl"]] for term in terms}


USUAL = ("The server needs a container.", "Serwer potrzebuje kontenera.")
RARER = ("The server needs a container.", "Serwer potrzebuje pojemnika.")


def test_a_term_with_two_translations_is_found_with_where_the_rarer_one_is() -> None:
    (term,) = finder(*[USUAL] * 4, *[RARER] * 2).terms()
    assert (term.text, term.language) == ("container", "en")
    usual, rarer = term.translations["pl"]
    assert (usual.text, usual.uses, rarer.text, rarer.uses) == ("kontenera", 4, "pojemnika", 2)
    assert [(place.root, place.path, place.line) for place in rarer.places] == [
        ("/library", "pl/a.md", 9),
        ("/library", "pl/a.md", 11),
    ]


def test_forms_of_a_word_are_one_translation() -> None:
    forms = [("The server needs a container.", f"Serwer potrzebuje {form}.") for form in ("kontenera", "kontenerów")]
    assert varied(*forms * 3) == {}


def test_derived_words_are_one_translation() -> None:
    nouns = [("The server needs an install.", "Serwer potrzebuje instalacji.")] * 4
    verbs = [("The server needs an install.", "Serwer potrzebuje instalować.")] * 3
    assert varied(*nouns, *verbs) == {}


def test_a_rarer_translation_does_not_count_beside_the_usual_one() -> None:
    both = ("The server needs a container.", "Serwer potrzebuje pojemnika, czyli kontenera lub kontenerów.")
    assert varied(*[USUAL] * 4, *[both] * 2) == {}


def test_verbs_are_no_terms() -> None:
    first = ("The server starts.", "Serwer uruchamia.")
    second = ("The server starts.", "Serwer startuje.")
    assert "starts" not in varied(*[first] * 4, *[second] * 3)
    third = ("To install, wait.", "Aby instalować, czekaj."), ("To install, wait.", "Aby wdrożyć, czekaj.")
    assert varied(*[third[0]] * 4, *[third[1]] * 3) == {}


def test_idioms_are_no_terms() -> None:
    first = ("The server needs a way.", "Serwer potrzebuje sposobu.")
    second = ("The server needs a way.", "Serwer potrzebuje metody.")
    assert varied(*[first] * 4, *[second] * 3) == {}


def test_code_is_no_text() -> None:
    first = ("The server needs a `container`.", "Serwer potrzebuje `kontener`.")
    second = ("The server needs a `container`.", "Serwer potrzebuje `pojemnik`.")
    assert varied(*[first] * 4, *[second] * 3) == {}


def test_what_is_not_translated_teaches_nothing() -> None:
    copied = ("The server needs a widget.", "The server needs a widget.")
    translated = ("The server needs a widget.", "Serwer potrzebuje kontrolki.")
    assert varied(*[translated] * 4, *[copied] * 3) == {}
    kept = ("The server needs a widget.", "Serwer potrzebuje widget.")
    assert varied(*[translated] * 4, *[kept] * 3) == {"widget": [("kontrolki", 4), ("widget", 3)]}


def test_a_phrase_is_found_as_a_whole() -> None:
    first = ("It has a service account.", "Ma konto usługi.")
    second = ("It has a service account.", "Ma konto serwisu.")
    assert varied(*[first] * 4, *[second] * 2) == {"service account": [("konto usługi", 4), ("konto serwisu", 2)]}


def test_singular_and_plural_are_one_term() -> None:
    plural = ("The server needs the containers.", "Serwer potrzebuje pojemników.")
    assert varied(*[USUAL] * 4, *[plural] * 2) == {"container": [("kontenera", 4), ("pojemników", 2)]}


def test_a_frequent_rival_in_several_documents_comes_first() -> None:
    found = TermFinder("en", {"pl": LEXICON})
    account = ("It has a service.", "Ma usługę."), ("It has a service.", "Ma serwis.")
    for name in ("a", "b", "c"):
        found.add(article(*[account[0]] * 4, *[account[1]] * 3, name=name))
    found.add(article(*[USUAL] * 4, *[RARER] * 2, name="d"))
    assert [term.text for term in found.terms()] == ["service", "container"]


def test_a_term_that_is_asked_for_has_all_translations() -> None:
    found = finder(USUAL, RARER)
    assert found.terms() == []
    (term,) = found.translations_of("Containers")
    assert isinstance(term, Term)
    assert {each.text for each in term.translations["pl"]} == {"kontenera", "pojemnika"}
    assert found.translations_of("nonesuch") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open the index.html page", ["Open", "page"]),
        ("Use camelCase names", ["names"]),
        ("Read docs/guide now", ["Read", "now"]),
        ("The end. Next one", ["Next", "one"]),
        ("Version 2 of it", ["Version"]),
    ],
)
def test_parts_of_names_and_addresses_are_no_words(text: str, expected: list[str]) -> None:
    found = [text[token.start : token.end] for token in tokens_of(text, "en") if token.is_content]
    assert [word for word in found if word not in {"Use", "end", "one", "now"}] == [
        word for word in expected if word not in {"one", "now"}
    ]


@pytest.mark.parametrize(
    ("language", "usual", "rarer", "expected"),
    [
        ("ja", "検証", "バリデーション", [("検証", 4), ("バリデーション", 3)]),
        ("ja", "コード", "ステータスコード", []),
        ("ja", "認証", "認証情報", []),
        ("zh", "模式", "架构", [("模式", 4), ("架构", 3)]),
    ],
)
def test_scripts_without_spaces_have_terms_too(
    language: str, usual: str, rarer: str, expected: list[tuple[str, int]]
) -> None:
    pairs = {text[at : at + 2]: 0.9 for text in (usual, rarer) for at in range(len(text) - 1)}
    found = TermFinder("en", {language: {stem("schema", "en"): pairs}})
    texts = [("It needs a schema.", f"それには{usual}が。" if language == "ja" else f"{usual}。")] * 4
    texts += [("It needs a schema.", f"それには{rarer}が。" if language == "ja" else f"{rarer}。")] * 3
    documents = {
        tag: parse_document("\n\n".join(pair[side] for pair in texts), "/library", f"{tag}/a.md")
        for side, tag in enumerate(("en", language))
    }
    units = tuple(TranslationUnit("0", {"en": (at,), language: (at,)}) for at in range(len(texts)))
    found.add(Article("a", documents, (), units, None, "layout", "en"))
    listed = [(each.text, each.uses) for term in found.terms() for each in term.translations[language]]
    assert listed == expected


def test_a_compound_is_the_same_translation() -> None:
    lexicon = {"de": {"model": {"modell": 0.9, "antwortmodell": 0.7}}}
    found = TermFinder("en", lexicon)
    pairs = [("It needs a model.", "Es braucht ein Modell.")] * 4 + [
        ("It needs a model.", "Es braucht das Antwortmodell.")
    ] * 3
    documents = {
        tag: parse_document("\n\n".join(pair[side] for pair in pairs), "/library", f"{tag}/a.md")
        for side, tag in enumerate(("en", "de"))
    }
    units = tuple(TranslationUnit("0", {"en": (at,), "de": (at,)}) for at in range(len(pairs)))
    found.add(Article("a", documents, (), units, None, "layout", "en"))
    assert found.terms() == []


@pytest.mark.slow
def test_of_very_many_translations_only_some_are_compared() -> None:
    letters = random.Random(1)  # noqa: S311 (the same words in every run)
    many = ["".join(letters.choices("bcdfghjklmnpqrstvwxz", k=9)) for _ in range(600)]
    found = TermFinder("en", {"pl": {"schema": {stem(word, "pl"): 0.9 for word in many}}})
    found.add(article(*[("It needs a schema.", f"{word}.") for word in many]))
    before = _is_same_word.cache_info().misses
    (term,) = found.translations_of("schema")
    assert 10 < len(term.translations["pl"]) <= 100
    assert _is_same_word.cache_info().misses - before <= 100 * 100
