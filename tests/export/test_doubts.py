from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.export.doubts import Evidence, find_doubts
from relmgr_cli.export.sentences import sentence_units
from relmgr_cli.export.units import ExportUnit, article_units

Matrix = NDArray[np.float32]

TEXTS = {
    "en": "# T\n\n## One\n\nSet `a` to 11. Set `b` to 22.\n\n## Two\n\n- First item. Ends.\n\n```\nx. Y\n```\n",
    "pl": "# T\n\n## Jeden\n\nUstaw `a` na 11 i `b` na 22.\n\n## Dwa\n\n- Punkt pierwszy. Koniec.\n\n```\nx. Y\n```\n",
    "ru": "# T\n\n## Один\n\nЗадай `a` 11. Задай `b` 22. Ещё кое-что.\n\n## Два\n\n- Первый пункт.\n\n```\nx. Y\n```\n",
}


def no_lexicon(_: str) -> Mapping[str, float]:
    return {}


def no_encoder(texts: Sequence[str]) -> Matrix:
    raise AssertionError(texts)


EVIDENCE = Evidence(lambda _, __: no_lexicon, lambda _: False, no_encoder, no_encoder)


def article(*languages: str, states: Mapping[str, Mapping[str, str]] | None = None) -> Article:
    documents = {tag: parse_document(TEXTS[tag], "/library", f"{tag}.md")._replace(language=tag) for tag in languages}
    sections, units = align(documents)
    return Article("a", documents, sections, units, None, "layout", languages[0], states or {})


def plain(unit: ExportUnit, language: str) -> str:
    """Return the text of a unit without the marks of code."""
    return unit.segments[language].text.replace("`", "").strip() if language in unit.segments else ""


def rows(found: Article, languages: Sequence[str]) -> list[tuple[str, ...]]:
    units = sentence_units(found, languages, {}, EVIDENCE)
    return [tuple(plain(each, tag) for tag in languages) for each in units]


def test_translations_of_a_stale_section_are_in_doubt() -> None:
    found = article("en", "pl", states={"pl": {"1": "stale", "2": "extra"}})
    doubts = find_doubts(found, ("en", "pl"), EVIDENCE)
    units = list(article_units(found, ("en", "pl"), doubts))
    assert {each.section for each in units if each.doubtful} == {"1"}
    assert all(each.doubtful == {"pl"} for each in units if each.section == "1")


def test_a_stale_translation_as_the_source_leaves_all_others_in_doubt() -> None:
    found = article("en", "pl", "ru", states={"pl": {"1": "stale"}})
    assert set(find_doubts(found, ("pl", "ru"), EVIDENCE).values()) == {frozenset(["ru"])}
    assert find_doubts(found, ("en", "ru"), EVIDENCE) == {}


def test_a_language_that_an_article_lacks_is_in_no_doubt() -> None:
    found = article("en", "pl")
    assert find_doubts(found, ("ru", "pl"), EVIDENCE) == find_doubts(found, ("en", "ru"), EVIDENCE) == {}


def test_only_languages_that_a_unit_has_are_marked() -> None:
    found = article("en", "pl")
    every = dict.fromkeys(range(len(found.units)), frozenset(["ru", "pl"]))
    assert {each.doubtful for each in article_units(found, ("en", "pl"), every)} == {frozenset(["pl"])}


def test_sentences_of_two_languages_are_paired() -> None:
    assert rows(article("en", "ru"), ("en", "ru")) == [
        ("One", "Один"),
        ("Set a to 11.", "Задай a 11."),
        ("Set b to 22.", "Задай b 22."),
        ("", "Ещё кое-что."),
        ("Two", "Два"),
        ("First item.", "Первый пункт."),
        ("Ends.", ""),
        ("x. Y", "x. Y"),
    ]


def test_sentences_that_one_of_three_languages_joins_are_in_one_unit() -> None:
    assert rows(article("en", "pl", "ru"), ("en", "pl", "ru"))[1] == (
        "Set a to 11. Set b to 22.",
        "Ustaw a na 11 i b na 22.",
        "Задай a 11. Задай b 22.",
    )


def test_without_a_translation_each_sentence_of_the_source_is_a_unit() -> None:
    assert rows(article("en"), ("en", "pl"))[1:3] == [("Set a to 11.", ""), ("Set b to 22.", "")]


def test_an_article_without_the_source_language_is_not_split() -> None:
    found = article("en", "pl")
    assert len(rows(found, ("ru", "pl"))) == len(list(article_units(found, ("ru", "pl"))))


def test_the_sentences_of_a_unit_in_doubt_are_in_doubt() -> None:
    found = article("en", "ru")
    doubts = {1: frozenset(["ru"])}
    units = [each for each in sentence_units(found, ("en", "ru"), doubts, EVIDENCE) if each.section == "1"]
    marked = [plain(each, "ru") for each in units if each.doubtful]
    assert marked == ["Задай a 11.", "Задай b 22.", "Ещё кое-что."]


def test_the_encoder_is_asked_once_about_unclear_sentences() -> None:
    asked: list[Sequence[str]] = []

    def encoder(texts: Sequence[str]) -> Matrix:
        asked.append(texts)
        return np.eye(len(texts), 512, dtype=np.float32)

    evidence = EVIDENCE._replace(knows_language=lambda _: True, encode_sentences=encoder)
    assert list(sentence_units(article("en", "pl", "ru"), ("en", "ru"), {}, evidence))
    assert len(asked) == 1
    assert {"First item.", "Ends.", "Первый пункт."} <= {*asked[0]}
