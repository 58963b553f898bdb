import re

import pytest

from relmgr_cli.errors import LanguageUnknownError
from relmgr_cli.languages.names import language_name, languages, names
from relmgr_cli.languages.tags import (
    DEPRECATED_SUBTAGS,
    match_language,
    parse_languages,
    parse_tag,
    preferred_languages,
)


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("pl", "pl"),
        ("PL", "pl"),
        (" pl ", "pl"),
        ("pl-PL", "pl"),
        ("pl_PL.UTF-8", "pl"),
        ("ru_RU@euro", "ru"),
        ("uk-UA", "uk"),
        ("en_US", "en"),
        ("en-GB", "en-GB"),
        ("pt-br", "pt-BR"),
        ("pt_PT", "pt-PT"),
        ("zh_TW.Big5", "zh-TW"),
        ("zh-hans", "zh-Hans"),
        ("sr_latn_rs", "sr-Latn"),
        ("es-419", "es-419"),
        ("kab-DZ", "kab"),
        ("iw", "he"),
        ("in_ID", "id"),
        ("nb_NO", "no"),
        ("C", None),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("", None),
        ("polski", None),
        ("ckb-IQ", "ckb"),
        ("fil-PH", "tl"),
        ("mo", "ro"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("sr-XK", "sr-XK"),
        ("pl-docs", None),
        ("pl-copy", None),
        ("in-line", None),
        ("in-rdoc", None),
        ("en-101", None),
        ("en-102", None),
        ("en-ZZ", None),
        ("p", None),
        ("pl-", None),
        ("../pl", None),
    ],
)
def test_a_locale_name_becomes_its_shortest_tag(name: str, tag: str | None) -> None:
    assert parse_tag(name) == tag


@pytest.mark.parametrize(
    ("asked", "tags"),
    [
        ("pl", ("pl",)),
        ("PL,ru", ("pl", "ru")),
        ("ru, pl ,ru", ("ru", "pl")),
        ("polish", ("pl",)),
        ("Polski", ("pl",)),
        ("РУССКИЙ", ("ru",)),
        ("pt-br", ("pt-BR",)),
        ("qq", ("qq",)),
        ("Khmer", ("km",)),
        ("română", ("ro",)),
        ("romana", ("ro",)),
        ("Farsi,Filipino", ("fa", "tl")),
        ("Portuguese (BR)", ("pt-BR",)),
        ("Portuguese (Brazil)", ("pt-BR",)),
        ("spanish-mx", ("es-MX",)),
        ("Traditional Chinese", ("zh-Hant",)),
        ("chinese_simplified", ("zh-Hans",)),
        ("Serbian (Latn)", ("sr-Latn",)),
        ("Faroese", ("fo",)),
        ("", ()),
    ],
)
def test_a_language_is_asked_for_by_code_or_by_name(asked: str, tags: tuple[str, ...]) -> None:
    assert parse_languages(asked) == tags


@pytest.mark.parametrize(
    "asked", ["klingon", "pol", "x", "pl,elvish", "C", "polish-copy", "en-101", "Polish (Java)", "a" * 9000]
)
def test_a_name_that_no_language_has_is_refused_by_name(asked: str) -> None:
    with pytest.raises(LanguageUnknownError, match=re.escape(f"no language '{asked.rpartition(',')[2]}'")):
        parse_languages(asked)


@pytest.mark.parametrize(
    ("environ", "configured", "expected"),
    [
        ({}, "", ()),
        ({"LANG": "ru_RU.UTF-8"}, "", ("ru",)),
        ({"LANG": "C.UTF-8"}, "", ()),
        ({"LANG": "en_US", "LC_MESSAGES": "ru_RU", "LC_ALL": "pl_PL"}, "", ("pl", "ru", "en")),
        ({"LANG": "en_US", "LANGUAGE": "pl:ru"}, "", ("pl", "ru", "en")),
        ({"LANG": "en_US"}, "ru", ("ru", "en")),
        ({"LANG": "pl_PL", "RELMGR_LANG": "uk"}, "ru", ("uk", "ru", "pl")),
        ({"LANG": "pl_PL", "RELMGR_LANG": "polish"}, "pl", ("pl",)),
    ],
)
def test_relmgr_lang_overrides_the_system_locale(
    environ: dict[str, str], configured: str, expected: tuple[str, ...]
) -> None:
    assert preferred_languages(environ, configured) == expected


@pytest.mark.parametrize(
    ("preferred", "available", "chosen"),
    [
        (["ru", "pl"], ["pl", "ru"], "ru"),
        (["uk", "pl"], ["pl", "ru"], "pl"),
        (["pt"], ["en", "pt-BR"], "pt-BR"),
        (["pt-PT"], ["pt-BR", "pt-PT"], "pt-PT"),
        (["en-GB"], ["en", "pl"], "en"),
        (["uk"], ["pl", "ru"], None),
        ([], ["pl"], None),
        (["pl"], [], None),
    ],
)
def test_the_best_language_that_exists_is_chosen(
    preferred: list[str], available: list[str], chosen: str | None
) -> None:
    assert match_language(preferred, available) == chosen


def test_a_language_has_an_english_name() -> None:
    assert [language_name(tag) for tag in ("pl", "pt-BR", "fo", "qq")] == ["Polish", "Portuguese (BR)", "Faroese", "qq"]


def test_every_language_of_the_table_is_found_by_each_of_its_names() -> None:
    for tag, (name, native_name, others) in names().items():
        for spelling in (tag, name, native_name, *others):
            assert parse_languages(spelling) == (tag,), spelling


def test_every_language_that_can_be_detected_has_names() -> None:
    assert set(languages()) <= set(names())
    assert not set(languages()) & set(DEPRECATED_SUBTAGS)


@pytest.mark.parametrize("asked", [",", " ", " , "])
def test_a_list_of_languages_without_one_is_refused(asked: str) -> None:
    with pytest.raises(LanguageUnknownError):
        parse_languages(asked)
