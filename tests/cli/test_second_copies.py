"""A second copy of the unmarked originals, in the folder of their language among those of the translations."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr

TEXTS = {
    "en": "# {0}\n\nThis is a text about {0} that people who live in the country like to read in the evening.\n",
    "pl": "# {0} po polsku\n\nTo jest tekst, który ludzie w kraju lubią czytać wieczorem, gdy jest już ciemno: {0}.\n",
    "de": "# {0} auf Deutsch\n\nDas ist ein Text, den die Leute auf dem Land am Abend gerne lesen: {0}.\n",
}
REWRITTEN = "# {0}\n\nWhat you have here is about {0}, and those who are at home in the country enjoy it at night.\n"
NAMES = ("hill", "sea", "wood")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Create three articles in three languages, with another English text for each of them."""
    for name in NAMES:
        for language, text in {**TEXTS, "": TEXTS["en"], "en": REWRITTEN}.items():
            path = tmp_path / "translations" / language / f"{name}.md" if language else tmp_path / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(name.title()))
    return tmp_path


def listing(relmgr: Relmgr, folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(relmgr("-C", folder, "list", "--json").out)
    return found


def test_an_article_has_one_original_and_names_the_second_copy(relmgr: Relmgr, library: Path) -> None:
    found = listing(relmgr, library)
    assert [(each["id"], each["source"], each["languages"]) for each in found["articles"]] == [
        (name, "en", ["en", "de", "pl"]) for name in NAMES
    ]
    assert [each["documents"][0]["path"] for each in found["articles"]] == [f"{name}.md" for name in NAMES]
    assert [each["copies"] for each in found["articles"]] == [
        [{"lang": "en", "root": str(library), "path": f"translations/en/{name}.md"}] for name in NAMES
    ]
    assert found["problems"] == []


def test_a_list_counts_the_copies_in_one_line(relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    note = "relmgr: 3 second copies of originals are not listed, such as translations/en/hill.md\n"
    assert relmgr("-C", ".", "list").err == note
    assert relmgr("-C", ".", "show", "sea").err == ""
    missing = relmgr("-C", ".", "list", "--missing", "pl")
    assert (missing.code, missing.out) == (1, "")


def test_the_path_of_a_copy_shows_the_original_and_says_so(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library)
    shown = relmgr("-C", ".", "show", "translations/en/sea.md")
    assert "people who live in the country" in shown.out
    assert shown.err == "relmgr: translations/en/sea.md is a second copy of sea.md, which is shown\n"


def test_a_copy_is_not_searched(relmgr: Relmgr, library: Path) -> None:
    hits = json.loads(relmgr("-C", library, "search", '"those who are at home"', "--json").out)["hits"]
    assert hits == []


def test_links_to_and_in_a_copy_are_followed(relmgr: Relmgr, library: Path) -> None:
    with (library / "translations/en/sea.md").open("a") as file:
        file.write("\n[up](../../hill.md) [beside](wood.md) [gone](gone.md)\n")
    with (library / "hill.md").open("a") as file:
        file.write("\n[copy](translations/en/wood.md)\n")
    links = json.loads(relmgr("-C", library, "links", "--all", "--json").out)["links"]
    assert [(each["path"], each["article"], each["href"], each["leads"], each["target"]) for each in links] == [
        ("hill.md", "hill", "translations/en/wood.md", "here", "wood"),
        ("translations/en/sea.md", "sea", "../../hill.md", "here", "hill"),
        ("translations/en/sea.md", "sea", "wood.md", "here", "wood"),
        ("translations/en/sea.md", "sea", "gone.md", "nowhere", None),
    ]
    one = json.loads(relmgr("-C", library, "links", "hill", "--json").out)["links"]
    assert [(each["leads"], each["target"]) for each in one] == [("here", "wood")]


@pytest.mark.slow
def test_a_copy_becomes_an_article_when_its_original_is_gone(relmgr: Relmgr, library: Path) -> None:
    listing(relmgr, library)
    (library / "sea.md").unlink()
    sea = next(each for each in listing(relmgr, library)["articles"] if each["id"] == "sea")
    assert (sea["documents"][0]["path"], sea["copies"]) == ("translations/en/sea.md", [])
    hits = json.loads(relmgr("-C", library, "search", '"those who are at home"', "--json").out)["hits"]
    assert [hit["article"] for hit in hits] == ["sea"]
    (library / "sea.md").write_text(TEXTS["en"].format("Sea"))
    sea = next(each for each in listing(relmgr, library)["articles"] if each["id"] == "sea")
    assert (sea["documents"][0]["path"], len(sea["copies"])) == ("sea.md", 1)
    assert json.loads(relmgr("-C", library, "search", '"those who are at home"', "--json").out)["hits"] == []


def test_a_copy_of_a_page_without_translations_is_none_either(relmgr: Relmgr, library: Path) -> None:
    for language in ("pl", "de"):
        (library / f"translations/{language}/sea.md").unlink()
    sea = next(each for each in listing(relmgr, library)["articles"] if each["id"] == "sea")
    assert (sea["languages"], len(sea["copies"])) == (["en"], 1)


def test_a_copy_may_be_cut_off_or_have_a_notice(relmgr: Relmgr, library: Path) -> None:
    for language, text in {**TEXTS, "": TEXTS["en"]}.items():
        if language != "en":
            path = library / "translations" / language / "sea.md" if language else library / "sea.md"
            path.write_text(text.format("Sea") + text.format("Ship")[2:] * 9)
    with (library / "translations/en/hill.md").open("a") as file:
        file.write("\n---\n\n**Disclaimer**\n\nThis text was written by a machine.\n\nThe original is what counts.\n")
    assert [len(each["copies"]) for each in listing(relmgr, library)["articles"]] == [1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXTS["pl"].format("Morze") * 2, id="in another language"),
        pytest.param("\n\n".join(REWRITTEN.format(f"Sea {number}") for number in range(9)), id="much longer"),
    ],
)
def test_what_differs_from_the_original_stays_an_article_with_a_note(relmgr: Relmgr, library: Path, text: str) -> None:
    (library / "translations/en/sea.md").write_text(text)
    found = listing(relmgr, library)
    assert [each["id"] for each in found["articles"] if not each["copies"]] == ["sea", "translations/en/sea"]
    assert [problem["path"] for problem in found["problems"]] == ["translations/en/sea.md"]


def test_a_text_with_another_title_is_no_copy(relmgr: Relmgr, tmp_path: Path) -> None:
    for path, title, language in (
        ("README.md", "Project", ""),
        ("en/README.md", "Guides", "en"),
        ("de/README.md", "", "de"),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(TEXTS[language or "en"].format(title or "Anleitungen"))
    found = listing(relmgr, tmp_path)
    assert sorted(doc["path"] for each in found["articles"] for doc in each["documents"]) == [
        "README.md",
        "de/README.md",
        "en/README.md",
    ]


def test_a_text_beside_the_folders_of_languages_has_no_note(relmgr: Relmgr, tmp_path: Path) -> None:
    for name in ("README", *NAMES):
        for language in ("en", "de"):
            (tmp_path / language).mkdir(exist_ok=True)
            (tmp_path / language / f"{name}.md").write_text(TEXTS[language].format(name.title()))
    (tmp_path / "README.md").write_text(TEXTS["en"].format("Project"))
    found = listing(relmgr, tmp_path)
    languages = {each["documents"][0]["path"]: each["languages"] for each in found["articles"]}
    assert (languages["README.md"], languages["en/README.md"]) == (["en"], ["en", "de"])
    assert found["problems"] == []


def test_what_is_parted_in_the_settings_is_no_copy(relmgr: Relmgr, library: Path) -> None:
    (library / "relmgr.toml").write_text("[[pairs]]\npart = 'translations/en/sea.md'\n")
    assert "translations/en/sea" in [each["id"] for each in listing(relmgr, library)["articles"]]


def test_an_original_whose_few_words_do_not_tell_its_language_stays_the_original(relmgr: Relmgr, library: Path) -> None:
    for number in range(10):  # so many that originals are in English as a rule
        for language, text in {**TEXTS, "": TEXTS["en"]}.items():
            folder = library / "translations" / language if language else library
            (folder / f"page{number}.md").write_text(text.format(number))
    (library / "sea.md").write_text("# 1\n\n| 1 | 2 |\n| - | - |\n|   |   |\n")
    sea = next(each for each in listing(relmgr, library)["articles"] if each["id"] == "sea")
    assert (sea["languages"], sea["documents"][0]["path"], len(sea["copies"])) == (["en", "de", "pl"], "sea.md", 1)
