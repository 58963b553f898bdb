"""Search by a regular expression."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.errors import PatternInvalidError, PatternSlowError
from relmgr_cli.search.concordance import occurrences
from relmgr_cli.search.regex_matching import ignores_case, open_matcher
from relmgr_cli.search.regex_search import search_pattern
from relmgr_cli.search.results import Results
from relmgr_cli.search.retrieval import Scope
from relmgr_cli.search.source_lines import source_lines


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("regex"), GARDEN, KITCHEN) as library:
        library.open()
        yield library


def find(library: Library, pattern: str, **scope: object) -> Results:
    return search_pattern(library.database, pattern, Scope(exact=True, **scope))  # type: ignore[arg-type]


def places(results: Results) -> list[str]:
    return [f"{hit.article.id} {hit.section.number}" for hit in results.hits]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("r[oó][sż]", ["garden 1"]),
        ("conflict|конфликт", ["garden 1", "kitchen 1"]),  # in the order of the library
        (r"^\w+ = \w+$", ["kitchen 1"]),
        (r"old\.$", ["garden 0"]),
        (r"weeds never ends\.\n?$", ["garden 1"]),
        (r"\. A hose", ["garden 1"]),  # in two sentences
        ("Dog", []),
        (r"\w+\Shog", ["garden 0"]),
        ("hedgehog", ["garden 0"]),  # in the front matter
        (r"\s+", []),
        ("", []),
    ],
)
def test_sections_are_found_in_all_languages(library: Library, pattern: str, expected: list[str]) -> None:
    results = find(library, pattern)
    assert places(results) == expected
    assert results.total == len(expected)
    for hit in results.hits:
        assert {match.match_type for match in hit.matches} <= {"regex", ""}
        assert any(match.spans for match in hit.matches)


def test_a_search_can_be_restricted(library: Library) -> None:
    number = find(library, "gwoździe").hits[0].number
    assert places(find(library, "conflict", article=number)) == ["garden 1"]
    assert places(find(library, "conflict", languages=("pl",))) == ["kitchen 1"]
    limited = find(library, "o", limit=2)
    assert (places(limited), limited.total) == (["garden 0", "garden 1"], 5)


def test_matches_are_found_in_the_lines_of_files(library: Library) -> None:
    results = find(library, r"[fl]lict = d|usty n")
    assert [(each.path, each.line, each.spans) for each in source_lines(results, exact=True)] == [
        ("garden.en.md", 19, ((3, 9),)),
        ("kitchen.en.md", 10, ((3, 12),)),
        ("kitchen.pl.md", 10, ((3, 12),)),
    ]


def test_occurrences_have_their_translations(library: Library) -> None:
    found = [*occurrences(find(library, "g[lr]o[vw]es$"), exact=True)]
    assert [(each.text, each.text[each.start : each.end]) for each in found] == [("new gloves", "gloves")]
    assert found[0].parallel
    assert found[0].parallel.sentence == "nowe rękawice"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("abc", True), (r"\S\W", True), ("(?P<name>a)", True), ("Abc", False), (r"\\S", False), ("ż", True), ("Ж", False)],
)
def test_an_upper_case_letter_makes_case_matter(pattern: str, *, expected: bool) -> None:
    assert ignores_case(pattern) == expected


@pytest.mark.parametrize("pattern", ["(a", "*", "[z-a]", "(?P<1>a)", "a{2,1}", "(" * 5000 + ")" * 5000, r"\N{NOTHING}"])
def test_an_invalid_pattern_is_an_error(pattern: str) -> None:
    with pytest.raises(PatternInvalidError), open_matcher(pattern):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(?:(?:a?){60000}){60000}b", r"(?:(\w+)\s?)+\1!$"])
def test_a_pattern_that_takes_too_long_is_ended(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.search.regex_matching._SECONDS", 0.5)
    with pytest.raises(PatternSlowError), open_matcher(pattern) as matcher:
        matcher.find(["a" * 50_000 + "!b"])


def test_all_texts_share_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.search.regex_matching._SECONDS", 60.0)
    with open_matcher("a+") as matcher:
        assert matcher.find(["baa a", "", "x"]) == [[(1, 3), (4, 5)], [], []]
        matcher._seconds = -1.0  # noqa: SLF001
        with pytest.raises(PatternSlowError):
            matcher.find(["a"])


@pytest.mark.slow
def test_a_text_with_very_many_matches_has_the_first_ones() -> None:
    with open_matcher(".") as matcher:
        assert [len(ranges) for ranges in matcher.find(["a" * 5000, "ab\ud800"])] == [1000, 3]
        assert [len(ranges) for ranges in matcher.find(["a" * 5000] * 100 + [" ab"])] == [1000] * 99 + [1, 1]


def test_nothing_is_read_of_a_library_for_a_pattern_of_another_size(tmp_path: Path) -> None:
    with library_in(tmp_path, KITCHEN) as library, pytest.raises(PatternSlowError):
        find(library, "a" * 20_000)


def test_a_letter_and_its_accent_are_one_character_however_they_are_encoded() -> None:
    texts = ["zażo\u0301łc\u0301 \u1112\u1161\u11ab й", "a\u0301\u0301b"]
    with open_matcher("ó.c\u0301|한|й$|a\u0301.") as matcher:
        assert matcher.find(texts) == [[(3, 8), (9, 12), (13, 14)], [(0, 3)]]
