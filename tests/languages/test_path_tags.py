import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.languages.names import names
from relmgr_cli.languages.path_tags import COUNTRY_LANGUAGES, parse_path_tag
from relmgr_cli.languages.tags import parse_tag


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        ("pl", "pl"),
        ("PL", "pl"),
        ("pt_br", "pt-BR"),
        ("pt-BR", "pt-BR"),
        ("zh_tw", "zh-TW"),
        ("zh-hans-cn", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("enUS", "en"),
        ("zhCN", "zh"),
        ("ptBR", "pt-BR"),
        ("zhHant", "zh-Hant"),
        ("ptbr", "pt-BR"),
        ("ZHTW", "zh-TW"),
        ("zh-rTW", "zh-TW"),
        ("en-rUS", "en"),
        ("es-419", "es-419"),
        ("sr_Latn", "sr-Latn"),
        ("fil", "tl"),
        ("pcm", "pcm"),
        ("deu", "de"),
        ("JPN", "ja"),
        ("cht", "zh-Hant"),
        ("zh-CHS", "zh-Hans"),
        ("polish", "pl"),
        ("Basque", "eu"),
        ("Español", "es"),
        ("espanol", "es"),
        ("Espan\u0303ol", "es"),
        ("chinese-traditional", "zh-Hant"),
        ("Brazilian Portuguese", "pt-BR"),
        ("portuguese_br", "pt-BR"),
        ("中文", "zh"),
        ("हिन्दी", "hi"),
    ],
)
def test_what_repositories_call_a_language_is_read(part: str, tag: str) -> None:
    assert parse_path_tag(part) == tag


@pytest.mark.parametrize(
    "part",
    [
        "",
        "p",
        "qq",
        "docs",
        "pl-docs",
        "pl-blog",
        "pl-copy",
        "en-101",
        "en-001",
        "in-line",
        "in-rdoc",
        "in-java",
        "in-it",
        "as-is",
        "or-us",
        "be-my",
        "en-rus",
        "best",
        "main",
        "arch",
        "node",
        "nodE",
        "deus",
        "log",
        "pl.",
        "-pl",
        "x" * 100_000,
    ],
)
def test_words_are_no_languages(part: str) -> None:
    assert parse_path_tag(part) is None


def test_a_country_stands_for_a_language_with_a_valid_tag() -> None:
    assert [COUNTRY_LANGUAGES[code] for code in ("cn", "jp", "kr", "ua", "cz", "tw", "hk", "br", "mo")] == [
        "zh", "ja", "ko", "uk", "cs", "zh-TW", "zh-HK", "pt-BR", "zh-MO",
    ]  # fmt: skip
    assert [COUNTRY_LANGUAGES[name] for name in ("korea", "brazil", "taiwan")] == ["ko", "pt-BR", "zh-TW"]
    for code, tag in COUNTRY_LANGUAGES.items():
        assert parse_tag(f"en-{code}") or len(code) > len("cn") or code == "sp", code
        assert parse_tag(tag) == tag
        assert tag.partition("-")[0] in names()


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[A-Za-z]{2,8}([-_ (][A-Za-z0-9]{1,4}){0,3}", fullmatch=True))
def test_any_part_is_a_tag_or_none(part: str) -> None:
    tag = parse_path_tag(part)
    assert tag is None or parse_tag(tag) == tag
