import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.search.last_search import LastSearch, last_search_file, pack_search, read_search
from relmgr_cli.search.matching import find_matches


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("last"), GARDEN, KITCHEN) as library:
        library.encode()
        yield library


@pytest.mark.parametrize(
    "question", ["conflict", '"long hose"', "ros* dog", "default_value", "лопата OR dog", "\udcffdog"]
)
@pytest.mark.parametrize("exact", [False, True])
def test_the_terms_of_the_last_search_match_again(library: Library, tmp_path: Path, question: str, exact: bool) -> None:
    results = library.search(question, exact=exact)
    path = tmp_path / "last"
    path.write_text(pack_search(results, exact=exact), encoding="utf-8")
    last = read_search(str(path))
    assert [(hit.article, hit.section) for hit in last.hits] == [(h.article.id, h.section.number) for h in results.hits]
    assert last.exact is exact
    for text, language in ((GARDEN["garden.en.md"], "en"), (GARDEN["garden.pl.md"], "pl")):
        before = find_matches(text, language, results.answer.groups, exact=exact)
        assert find_matches(text, language, last.groups, exact=exact) == before


def test_a_hit_is_stored_with_the_language_of_its_match(library: Library, tmp_path: Path) -> None:
    (tmp_path / "last").write_text(pack_search(library.search('"łopata"'), exact=False))
    (hit,) = read_search(str(tmp_path / "last")).hits
    assert hit.language == "pl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[]",
        "{}",
        "null",
        '{"hits": 1, "groups": [], "exact": 0}',
        '{"hits": [[1]], "groups": [], "exact": 0}',
        "\x00",
    ],
)
def test_an_unreadable_file_is_an_empty_search(tmp_path: Path, text: str) -> None:
    nothing = LastSearch((), (), exact=False)
    (tmp_path / "last").write_text(text)
    assert read_search(str(tmp_path / "last")) == nothing
    assert read_search(str(tmp_path / "nowhere")) == read_search("") == read_search(str(tmp_path)) == nothing


def test_without_a_state_folder_there_is_no_file() -> None:
    assert last_search_file(None, "library") == ""
    assert last_search_file(Path("/state"), "library") == "/state/last-search/library"


def test_the_file_is_json(library: Library) -> None:
    assert set(json.loads(pack_search(library.search("dog"), exact=False))) >= {"hits", "groups", "exact"}
