"""The keys of the JSON output."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.translated_repository import translated_repository

pytestmark = pytest.mark.usefixtures("indexed_seeds")

SEEDS = {"pl": "000_31e1317d9bed26b2.txt", "ru": "001_236035bbc5b3e329.txt"}


def json_output(relmgr: Relmgr, *arguments: object) -> dict[str, Any]:
    result = relmgr(*arguments, "--json")
    assert result.code == 0
    assert result.out.endswith("\n")
    parsed: dict[str, Any] = json.loads(result.out)
    assert parsed["version"] == 1
    return parsed


def test_list_names_every_document_of_every_article(relmgr: Relmgr) -> None:
    listed = json_output(relmgr, "list")
    (article,) = listed["articles"]
    assert [Path(root).name for root in listed["roots"]] == ["seeds"]
    assert listed["problems"] == []
    assert {
        key: article[key] for key in ("number", "id", "languages", "source", "titles", "sections", "paired_by")
    } == {
        "number": 1,
        "id": "menedzer-relacji",
        "languages": ["pl", "ru"],
        "source": "pl",
        "titles": {"pl": "Menedżer relacji", "ru": "Менеджер по связям с"},
        "sections": 6,
        "paired_by": "structure",
    }
    assert article["copies"] == []
    for document in article["documents"]:
        assert document["path"] == SEEDS[document["lang"]]
        assert (Path(document["root"]) / document["path"]).is_file()
        assert document["declared"] is None
        assert document["state"] == "translated"
        assert 600 < document["words"] < 700


def test_without_a_command_json_is_that_of_list(relmgr: Relmgr, tmp_path: Path) -> None:
    assert json_output(relmgr) == json_output(relmgr, "list")
    assert relmgr("--json", "-L", "pl").out == relmgr("list", "--json", "-L", "pl").out
    empty = relmgr("-C", tmp_path, "--json")
    assert (empty.code, json.loads(empty.out)["articles"]) == (0, [])


def test_list_names_the_problems(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A: b\n---\ntext\n")
    (problem,) = json_output(relmgr, "-C", tmp_path, "list")["problems"]
    assert problem == {
        "path": "a.md",
        "line": 2,
        "code": "front-matter",
        "message": 'invalid front matter: quote the value after "title:"',
    }


def test_an_empty_library_is_an_empty_list(relmgr: Relmgr, tmp_path: Path) -> None:
    assert json_output(relmgr, "-C", tmp_path, "list")["articles"] == []


def test_sections_have_the_lines_of_the_files(relmgr: Relmgr) -> None:
    outline = json_output(relmgr, "sections", "-L", "ru")
    assert (outline["article"], outline["lang"]) == ("menedzer-relacji", "ru")
    assert [section["number"] for section in outline["sections"]] == ["1", "2", "3", "3.1", "3.2", "4"]
    for section in outline["sections"]:
        assert set(section) >= {"number", "level", "headings", "lines", "words"}
        for language, line in section["lines"].items():
            text = (Path("seeds") / SEEDS[language]).read_text(encoding="utf-8").split("\n")[line - 1]
            assert text == f"{'#' * section['level']} {section['headings'][language]}"


@pytest.mark.parametrize("languages", ["pl", "ru", "pl,ru", "ru,pl"])
def test_every_row_of_show_has_a_block_in_each_language(relmgr: Relmgr, languages: str) -> None:
    shown = json_output(relmgr, "show", "-L", languages)
    langs = languages.split(",")
    assert shown["langs"] == langs
    assert set(shown["metadata"]) == set(langs)
    assert shown["metadata"][langs[0]]["keywords"] == ["Careers", "Career Advice"]
    assert {row["kind"] for row in shown["rows"]} == {"heading", "paragraph", "quote", "item"}
    for row in shown["rows"]:
        for language in langs:
            (block,) = row[language]
            line = (Path("seeds") / SEEDS[language]).read_text(encoding="utf-8").split("\n")[block["line"] - 1]
            assert block["text"].split()[-1] in line


def test_show_of_a_section_has_only_its_rows(relmgr: Relmgr) -> None:
    rows = json_output(relmgr, "show", "-s", "3")["rows"]
    assert {row["section"] for row in rows} == {"3", "3.1", "3.2"}


def test_highlights_are_a_list_of_texts(relmgr: Relmgr) -> None:
    points = json_output(relmgr, "highlights", "-L", "pl")
    assert {key: points[key] for key in ("article", "lang", "section")} == {
        "article": "menedzer-relacji",
        "lang": "pl",
        "section": "4",
    }
    assert len(points["highlights"]) == 3
    assert (
        points["highlights"][1] == "Zarządzanie relacjami skupia się na dwóch obszarach: klienci i partnerzy biznesowi."
    )


def test_no_highlights_are_an_empty_list_and_exit_code_1(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText.\n")
    result = relmgr("-C", tmp_path, "highlights", "--json")
    assert result.code == 1
    assert json.loads(result.out)["highlights"] == []


@pytest.mark.parametrize("arguments", [("links",), ("links", "--all")])
def test_no_links_are_an_empty_list_and_exit_code_1(relmgr: Relmgr, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText.\n")
    assert relmgr("-C", tmp_path, *arguments).code == 1
    result = relmgr("-C", tmp_path, *arguments, "--json")
    assert (result.code, json.loads(result.out)["links"], result.err) == (1, [], "")


def test_json_is_safe_on_a_terminal_and_loses_nothing(relmgr: Relmgr, tmp_path: Path) -> None:
    nasty = 'a\u202eb\x9bc\u2066"\u200bd'
    (tmp_path / "a.md").write_text(f"# Title\n\n{nasty} \N{FAMILY}\n", encoding="utf-8")
    result = relmgr("-C", tmp_path, "show", "--json")
    assert not set(result.out) & set("\u202e\x9b\u2066\u200b")
    shown = json.loads(result.out)
    (language,), (row,) = shown["langs"], shown["rows"]
    assert row[language][0]["text"] == f"{nasty} \N{FAMILY}"


def test_the_sections_of_a_section_are_those_below_it(relmgr: Relmgr) -> None:
    assert [s["number"] for s in json_output(relmgr, "sections", "relacji#3")["sections"]] == ["3", "3.1", "3.2"]
    assert [s["number"] for s in json_output(relmgr, "sections", "relacji#Rodzaje")["sections"]] == ["3", "3.1", "3.2"]
    plain = relmgr("sections", "relacji#3", "--plain").out
    assert "3.1" in plain
    assert "2 Zrozumieć" not in plain
    for languages in ("pl", "pl,ru"):
        whole, part = (relmgr("sections", name, "-L", languages).out for name in ("relacji", "relacji#3"))
        headings = [line.strip() for line in part.splitlines() if line.strip()]
        assert 3 < len(headings) < len(whole.splitlines())
        assert "3.1" in part


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """Return a library whose article has a link in most of its sections, in English."""
    text = "# A\n\n[top](https://example.org/0) of the text\n\n## B\n\n[b](b.md) and the\n\n### C\n\n"
    text += "| a |\n|---|\n| [c](https://example.org/c) |\n\n## D\n\nNo links in this part of the text.\n"
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "b.md").write_text("# Bees\n\n> it is a quote\n")
    return tmp_path


@pytest.mark.parametrize(("section", "expected"), [("1", ["b.md", "c"]), ("C", ["c"]), ("0", ["0"]), ("2", [])])
def test_the_links_of_a_section_are_those_in_it_and_below(
    relmgr: Relmgr, linked: Path, section: str, expected: list[str]
) -> None:
    result = relmgr("-C", linked, "links", f"a.md#{section}", "--json")
    assert [link["href"].rpartition("/")[2] for link in json.loads(result.out)["links"]] == expected
    listed = relmgr("-C", linked, "links", f"a.md#{section}")
    assert listed.code == (0 if expected else 1)
    assert len(listed.out.splitlines()) == len(expected)


@pytest.mark.parametrize("command", [["sections"], ["links"], ["highlights"], ["show"], ["show", "--highlights"]])
@pytest.mark.parametrize("mode", [[], ["--json"], ["-L", "pl,ru"]])
def test_a_section_that_is_not_there_is_an_error_in_every_command(
    relmgr: Relmgr, command: list[str], mode: list[str]
) -> None:
    result = relmgr(*command, "relacji#99", *mode)
    assert (result.code, result.out) == (2, "")
    assert result.err == "relmgr: no section '99'; see relmgr sections relacji\n"


def test_the_highlights_of_a_section_are_those_that_it_lists(relmgr: Relmgr) -> None:
    assert relmgr("highlights", "relacji#4") == relmgr("highlights", "relacji")
    assert relmgr("show", "relacji", "--highlights", "-s", "4") == relmgr("highlights", "relacji")
    result = relmgr("highlights", "relacji#3", "--json")
    assert (result.code, json.loads(result.out)["highlights"]) == (1, [])


def _types_by_key(value: object) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        for key, types in _types_by_key(item).items():
            found.setdefault(key, set()).update(types)
    for key, item in value.items() if isinstance(value, dict) else ():
        found.setdefault(key, set()).add(type(item).__name__)
    return found


def test_diff_has_a_change_for_each_block(relmgr: Relmgr, tmp_path: Path) -> None:
    repository = translated_repository(tmp_path / "work")
    found = json_output(relmgr, "-C", repository.folder, "diff", "passwords", "-L", "pl")
    assert {key: value for key, value in found.items() if key != "changes"} == {
        "version": 1,
        "article": "docs/passwords",
        "lang": "pl",
    }
    (change,) = found["changes"]
    assert {key: type(value) for key, value in change.items()} == {
        "article": str,
        "section": str,
        "since": str,
        "source": dict,
        "target": dict,
    }
    assert {key: type(value) for key, value in change["source"].items()} == {
        "path": str,
        "line": int,
        "old": str,
        "new": str,
    }
    assert {key: type(value) for key, value in change["target"].items()} == {"path": str, "line": int, "text": str}
    for place in (change["source"], change["target"]):
        assert (repository.folder / place["path"]).is_file()


def test_no_key_of_links_has_values_of_two_types(relmgr: Relmgr, linked: Path) -> None:
    found = json_output(relmgr, "-C", linked, "links", "a.md")
    assert all(len(types - {"NoneType"}) <= 1 for types in _types_by_key(found).values())
    assert {link["article"] for link in found["links"]} == {found["article"]}
    (other,) = (a for a in json_output(relmgr, "-C", linked, "list")["articles"] if a["id"] != found["article"])
    assert [link["target"] for link in found["links"]] == [None, other["id"], None]
