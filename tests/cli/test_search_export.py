"""`relmgr search --to`: the occurrences as a table and for Anki."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.search_library import GARDEN, KITCHEN

FIELDS = [
    "word",
    "language",
    "translation",
    "translation_language",
    "sentence",
    "sentence_translation",
    "article",
    "path",
    "line",
]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (GARDEN | KITCHEN).items():
        path = tmp_path / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), dialect="excel-tab"))


def test_occurrences_are_a_table_with_their_sentences_and_places(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):  # the second time from the output cache
        result = relmgr("-C", library, "search", "conflict", "--lines", "--to", "tsv", "--lang", "en,pl")
        assert result.code == 0
        header, *found = rows(result.out)
        assert header == FIELDS
        assert [
            "conflict",
            "en",
            "Konflikt",
            "pl",
            "The conflict between roses and weeds never ends.",
            "Konflikt między różami a chwastami nigdy się nie kończy.",
            "The garden",
            "lib/garden.en.md",
            "13",
        ] in found


def test_the_file_is_that_of_the_sentence(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "search", '"różami"', "--to", "tsv")
    assert {(row[1], row[7], row[8]) for row in rows(result.out)[1:]} == {("pl", "lib/garden.pl.md", "9")}


def test_occurrences_are_notes_for_anki(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "search", "conflict", "--lines", "--to", "Anki", "--lang", "en,pl")
    assert result.out.startswith("#separator:tab\n#html:false\n")
    notes = rows(result.out.split("\n", 5)[5])
    assert [
        "conflict",
        "Konflikt",
        "The conflict between roses and weeds never ends.",
        "Konflikt między różami a chwastami nigdy się nie kończy.",
        "The garden (lib/garden.en.md:13)",
        "relmgr en pl",
    ] in [note[1:] for note in notes]


def test_nothing_found_is_no_file(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "search", "xylophone", "--exact", "--to", "tsv")
    assert (result.code, result.out) == (1, "")


@pytest.mark.parametrize("options", [("--to", "doc"), ("--to", "tsv", "--json")])
def test_another_format_and_json_are_refused(relmgr: Relmgr, library: Path, options: tuple[str, ...]) -> None:
    result = relmgr("-C", library, "search", "conflict", "--lines", *options)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


def test_a_table_that_is_not_whole_says_so(relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.cli.search_command._CONCORDANCE_HITS", 1)
    (library / "more.en.md").write_text("# More\n\n## One\n\nThe yeast.\n\n## Two\n\nThe yeast again.\n")
    result = relmgr("-C", library, "search", "yeast", "--exact", "--to", "tsv")
    assert re.fullmatch(r"relmgr: 1 of \d sections; --limit for more\n", result.err)
    assert relmgr("-C", library, "search", "yeast", "--exact", "--to", "tsv", "--limit", "2").err == ""
