"""`relmgr terms`: learnt from the library, listed, located, as JSON."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.sample_texts import text_of
from support.terminal import run_in_terminal

Write = Callable[[str, str], Path]

TOPICS = {
    "river": ("rzeka", "rzekę"),
    "mountain": ("góra", "górę"),
    "forest": ("las", "las"),
    "desert": ("pustynia", "pustynię"),
    "island": ("wyspa", "wyspę"),
    "valley": ("dolina", "dolinę"),
}
RARER = ["lib/pl/island.md:7: map: atlas (4), usually mapa (8)", "lib/pl/island.md:9: map: atlas (4), usually mapa (8)"]


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library in which a map is an atlas in two articles of six; the current folder is its parent."""
    for word, (polish, object_) in TOPICS.items():
        map_ = "atlas" if word in {"island", "valley"} else "mapa"
        write(
            f"lib/en/{word}.md",
            f"# The {word}\n\nThe {word} is long.\n\nYou see the {word} in every picture.\n\n"
            "Open the map.\n\nThe map has a page.\n",
        )
        write(
            f"lib/pl/{word}.md",
            f"# {polish}\n\n{polish} jest taka.\n\nWidzisz {object_} na zdjęciu.\n\n"
            f"Otwórz: {map_}.\n\nTen {map_} ma stronę.\n",
        )
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


def test_every_place_of_a_rarer_translation_is_on_a_line(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):  # learnt, then from the output cache
        result = relmgr("-C", library, "terms")
        assert (result.code, result.err) == (0, "")
        assert [line for line in result.out.splitlines() if "island" in line] == RARER
        assert {line.partition(": ")[2] for line in result.out.splitlines()} == {RARER[0].partition(": ")[2]}


def test_json_has_the_keys_of_the_contract(relmgr: Relmgr, library: Path) -> None:
    answer = json.loads(relmgr("-C", library, "terms", "--json").out)
    assert answer["version"] == 1
    (term,) = answer["terms"]
    assert (term["term"], term["lang"], list(term["translations"])) == ("map", "en", ["pl"])
    usual, rarer = term["translations"]["pl"]
    assert (usual["text"], usual["count"], rarer["text"], rarer["count"]) == ("mapa", 8, "atlas", 4)
    assert len(usual["places"]) == 8
    assert rarer["places"][0] == {"root": str(library), "path": "pl/island.md", "line": 7}


@pytest.mark.slow
def test_a_terminal_shows_the_translations_below_the_term(library: Path) -> None:
    screen = run_in_terminal("-C", str(library), "terms", "--no-pager", "--plain")
    assert RARER[0] in screen
    screen = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", run_in_terminal("-C", str(library), "terms", "--no-pager"))
    assert "map (English to Polish)" in screen
    assert "8  mapa" in screen
    assert "4  atlas  pl/island.md:7" in screen
    assert "and 1 more" in screen


def test_a_term_that_is_asked_for_is_shown_with_its_usual_translation(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "terms", "--term", "Maps")
    assert "lib/pl/desert.md:7: map: mapa (8)" in result.out.splitlines()
    assert RARER[0] in result.out.splitlines()
    assert len(result.out.splitlines()) == 12


def test_an_unknown_term_is_not_found(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "terms", "--term", "nonesuch")
    assert result == (1, "", "relmgr: no term 'nonesuch' with known translations\n")
    result = relmgr("-C", library, "terms", "--term", "nonesuch", "--json")
    assert (result.code, json.loads(result.out)["terms"]) == (1, [])
    assert json.loads(relmgr("-C", library, "terms", "--term", "nonesuch", "--json").out) == {"version": 1, "terms": []}


def test_a_language_limits_the_translations(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "terms", "--lang", "pl").out == relmgr("-C", library, "terms").out
    result = relmgr("-C", library, "terms", "--lang", "ru")
    assert (result.code, result.out) == (2, "")


def test_a_limit_says_how_many_there_are(relmgr: Relmgr, library: Path, write: Write) -> None:
    for word, (polish, _) in TOPICS.items():
        chart = "wykres" if word in {"forest", "desert"} else "diagram"
        write(f"lib/en/more-{word}.md", f"# More {word}\n\nHere is the chart.\n\nThe chart of the {word} is old.\n")
        write(f"lib/pl/more-{word}.md", f"# Więcej: {polish}\n\nOto {chart}.\n\nTen {chart} to {polish} dawniej.\n")
    age(library)
    assert len(json.loads(relmgr("-C", library, "terms", "--json").out)["terms"]) == 2
    result = relmgr("-C", library, "terms", "--limit", "1")
    assert result.err == f"relmgr: 1 of 2 terms; `relmgr -C {library} terms --limit 2` lists all\n"
    assert len({line.split(": ")[1] for line in result.out.splitlines()}) == 1


def test_a_library_without_differences_is_clean(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    for language in ("en", "pl"):
        write(f"lib/{language}/bread.md", text_of("bread", language))
    result = relmgr("-C", tmp_path / "lib", "terms")
    assert result == (0, "", "relmgr: no term is translated in more than one way\n")


def test_an_empty_library_is_an_error(relmgr: Relmgr, tmp_path: Path) -> None:
    result = relmgr("-C", tmp_path, "terms")
    assert (result.code, result.out) == (2, "")
