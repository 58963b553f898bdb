"""`relmgr check`: what it writes in each format, what it reports, and its exit codes."""

import json
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.files import age

Write = Callable[[str, str], Path]

ENGLISH = """---
title: Bread
description: How to bake it
---
This bread takes 45 minutes.

## Flour {#flour}

Take `rye.flour()` and [yeast](yeast.md), see [the web](https://example.org/a).

## Oven

It is hot.
"""
POLISH = """---
title: Chleb
description: Jak go upiec
---
Ten chleb zajmuje 54 minuty.

## Mąka {#flour}

Weź `rye.flour()` i [drożdże](yeast.md), zobacz [sieć](https://example.org/b).

## Piec

Jest gorący.
"""
NUMBER = "lib/pl/bread.md:5: number-differs 54 instead of 45 (lib/en/bread.md:5)"
LINK = "lib/pl/bread.md:9: link-differs a link leads to example.org/b instead of example.org/a (lib/en/bread.md:9)"
BROKEN = "lib/pl/yeast.md:3: link-broken broken link: gone.md (no such file) (lib/en/yeast.md:3)"


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library with a warning and a remark in Polish; the current folder is its parent."""
    write("lib/en/bread.md", ENGLISH)
    write("lib/pl/bread.md", POLISH)
    write("lib/en/yeast.md", "# Yeast\n\nThe yeast makes the dough of the bread rise.\n")
    write("lib/pl/yeast.md", "# Drożdże\n\nDzięki drożdżom ciasto na chleb rośnie w cieple.\n")
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


def break_link(library: Path) -> None:
    """Add an error: a broken link in a translation."""
    path = library / "pl/yeast.md"
    path.write_text(path.read_text().replace("cieple.", "[cieple](gone.md)."))


def test_a_page_without_translation_is_checked_before_it_was_ever_opened(
    relmgr: Relmgr, library: Path, write: Write
) -> None:
    text = "# Other\n\nA page about [something else](gone.md) than bread.\n\n"
    write("lib/en/other.md", f"{text}<!-- relmgr: ignore link-broken -->\n\nAnd [another](away.md) one.\n")
    for _ in range(2):
        result = relmgr("-C", library, "check")
        assert result.code == 1
        assert result.out.splitlines()[0] == "lib/en/other.md:3: link-broken broken link: gone.md (no such file)"
        assert "away.md" not in result.out


def test_a_source_is_checked_for_front_matter_and_for_the_links_of_images(
    relmgr: Relmgr, library: Path, write: Write
) -> None:
    write("lib/en/broken.md", "---\ntitle: [a\n---\n# Broken\n\nAn image [![of it](a.png)](lost.md) with a link.\n")
    front_matter, link = lines(relmgr, library)[:2]
    assert front_matter.startswith("lib/en/broken.md:3: invalid-front-matter invalid front matter: did not find")
    assert link == "lib/en/broken.md:6: link-broken broken link: lost.md (no such file)"


def test_a_page_without_a_source_is_checked_for_the_language_that_it_names(
    relmgr: Relmgr, library: Path, write: Write
) -> None:
    for number in range(6):
        write(f"lib/en/page{number}.md", f"# Page {number}\n\nThe bread that we bake at home is good.\n")
        write(f"lib/pl/page{number}.md", f"# Strona {number}\n\nChleb, który pieczemy w domu, jest dobry.\n")
    for name in ("more", "most"):  # so that English is the source
        write(f"lib/en/{name}.md", f"# The {name}\n\nThe oven of the bakery is warm.\n")
    write("lib/pl/alone.md", "---\nlang: xqz\n---\n# Sama\n\nStrona o chlebie, który pieczemy w domu.\n")
    (found,) = [line for line in lines(relmgr, library) if "alone.md" in line]
    assert found.startswith("lib/pl/alone.md:2: front-matter lang: 'xqz'")


def test_the_link_of_an_image_leads_where_that_of_the_source_leads(relmgr: Relmgr, library: Path, write: Write) -> None:
    text = "# Image\n\n{} [![{}](a.png)](https://example.org/{}).\n"
    write("lib/en/image.md", text.format("A loaf of bread on the table of the kitchen", "bread", "a"))
    write("lib/pl/image.md", text.format("Bochenek chleba na stole, który stoi w kuchni", "chleb", "b"))
    found = [line for line in lines(relmgr, library, "--select", "link-differs") if "image.md" in line]
    assert found == [
        "lib/pl/image.md:3: link-differs a link leads to example.org/b instead of example.org/a (lib/en/image.md:3)"
    ]


def lines(relmgr: Relmgr, library: Path, *options: str) -> list[str]:
    return relmgr("-C", library, "check", *options).out.splitlines()


def test_warnings_are_listed_and_the_exit_code_is_0(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):
        result = relmgr("-C", library, "check")
        assert (result.code, result.out) == (0, f"{NUMBER}\n")
        assert result.err == "relmgr: 1 warning in 1 of 2 articles; 1 remark not shown (--all)\n"


def test_all_findings_are_listed_when_asked_for(relmgr: Relmgr, library: Path) -> None:
    assert lines(relmgr, library, "--all") == [NUMBER, LINK]
    assert lines(relmgr, library, "--select", "link-differs") == [LINK]
    assert lines(relmgr, library, "--all", "--ignore", "number-differs,anchor") == [LINK]


def test_plain_output_names_the_severity(relmgr: Relmgr, library: Path) -> None:
    break_link(library)
    found = [line.split(": ")[1:3] for line in lines(relmgr, library, "--all", "--plain")]
    assert found == [["warning", "number-differs"], ["remark", "link-differs"], ["error", "link-broken"]]


def test_the_exit_code_depends_on_the_level(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "check", "--fail-on", "warning").code == 1
    break_link(library)
    result = relmgr("-C", library, "check")
    assert (result.code, result.out.splitlines()) == (1, [NUMBER, BROKEN])
    assert result.err.startswith("relmgr: 1 error, 1 warning in 2 of 2 articles")
    assert relmgr("-C", library, "check", "--fail-on", "never").code == 0
    assert relmgr("-C", library, "check", "--ignore", "link-broken").code == 0


def test_findings_follow_the_files(relmgr: Relmgr, library: Path) -> None:
    assert lines(relmgr, library) == [NUMBER]
    (library / "pl/bread.md").write_text(POLISH.replace("54", "45"))
    assert lines(relmgr, library) == []
    (library / "pl/yeast.md").unlink()
    (library / "en/yeast.md").unlink()
    broken = [line for line in lines(relmgr, library) if "link-broken" in line]
    assert broken == ["lib/en/bread.md:9: link-broken broken link: yeast.md (no such file)"]


def test_a_clean_library_says_so(relmgr: Relmgr, library: Path) -> None:
    (library / "pl/bread.md").write_text(POLISH.replace("54", "45").replace("org/b", "org/a"))
    assert relmgr("-C", library, "check") == (0, "", "relmgr: no faults in 2 articles\n")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["lib/pl/bread.md"], [NUMBER]),
        (["pl/bread.md"], [NUMBER]),
        (["lib/en"], []),
        (["lib/pl", "lib/en"], [NUMBER]),
        (["bread"], [NUMBER]),
        (["yeast"], []),
    ],
)
def test_paths_choose_files(relmgr: Relmgr, library: Path, paths: list[str], expected: list[str]) -> None:
    assert lines(relmgr, library, *paths) == expected


def test_only_articles_that_were_asked_for_are_counted(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "check", "bread").err == (
        "relmgr: 1 warning in 1 of 1 article; 1 remark not shown (--all)\n"
    )
    assert relmgr("-C", library, "check", "pl/yeast.md").err == "relmgr: no faults in 1 article\n"
    answer = json.loads(relmgr("-C", library, "check", "yeast", "--json").out)
    assert answer["summary"]["articles"] == 1


@pytest.mark.slow
def test_a_library_that_was_not_chosen_is_named(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.delenv("RELMGR_LIBRARY", raising=False)
    note, summary = relmgr("check").err.splitlines()
    assert note.startswith("relmgr: library: the bundled articles")
    assert summary == "relmgr: no faults in 1 article"


def test_a_path_that_does_not_exist_is_an_error(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "lib/pl/braed.md", "bread")
    assert (result.code, result.out) == (2, "")


def test_a_language_chooses_translations(relmgr: Relmgr, library: Path) -> None:
    assert lines(relmgr, library, "--lang", "polish") == [NUMBER]
    assert lines(relmgr, library, "--lang", "de") == []


def test_an_unknown_code_is_suggested(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "--select", "number-difers")
    assert (result.code, result.out) == (2, "")
    assert "no code 'number-difers'; did you mean number-differs?" in result.err


def test_relmgr_toml_has_defaults_that_options_override(relmgr: Relmgr, library: Path) -> None:
    (library / "relmgr.toml").write_text('[check]\nselect = ["link-differs", "later-code"]\nfail-on = "warning"\n')
    result = relmgr("-C", library, "check")
    assert (result.code, result.out.splitlines()) == (0, [LINK])
    assert "relmgr: relmgr.toml: check.select: no code 'later-code'" in result.err
    result = relmgr("-C", library, "check", "--select", "number-differs")
    assert (result.code, result.out.splitlines()) == (1, [NUMBER])
    (library / "relmgr.toml").write_text('[check]\nexclude = ["/pl/"]\n')
    assert lines(relmgr, library, "--all") == []


def test_json_has_every_finding(relmgr: Relmgr, library: Path) -> None:
    answer = json.loads(relmgr("-C", library, "check", "--json").out)
    assert answer == json.loads(relmgr("-C", library, "check", "--format", "json").out)
    assert answer["version"] == 1
    assert answer["summary"] == {"articles": 2, "errors": 0, "warnings": 1, "infos": 1}
    number, link = answer["findings"]
    assert number.pop("fingerprint")
    assert number == {
        "code": "number-differs",
        "severity": "warning",
        "article": "bread",
        "section": "0",
        "lang": "pl",
        "root": str(library),
        "path": "pl/bread.md",
        "line": 5,
        "source_path": "en/bread.md",
        "source_line": 5,
        "message": "54 instead of 45",
    }
    assert (link["severity"], link["section"]) == ("info", "1")


def test_github_annotations_are_workflow_commands_with_the_worst_first(relmgr: Relmgr, library: Path) -> None:
    break_link(library)
    (library / "pl/bread.md").write_text(POLISH.replace("54 minuty", "54, 100% minut"))
    assert lines(relmgr, library, "--format", "github") == [
        f"::error file=lib/pl/yeast.md,line=3,title=link-broken::{BROKEN.partition('link-broken ')[2]}",
        "::warning file=lib/pl/bread.md,line=5,title=number-differs::54, 100 instead of 45 (lib/en/bread.md:5)",
    ]


def test_what_is_special_in_an_annotation_is_escaped(relmgr: Relmgr, library: Path) -> None:
    (library / "pl/bread.md").rename(library / "pl/a,b:c%.md")
    (library / "en/bread.md").rename(library / "en/a,b:c%.md")
    (line,) = lines(relmgr, library, "--format", "github")
    assert line.startswith("::warning file=lib/pl/a%2Cb%3Ac%25.md,line=5,title=number-differs::54 instead of 45")


def test_sarif_is_a_log_with_rules_and_places(relmgr: Relmgr, library: Path) -> None:
    break_link(library)
    log = json.loads(relmgr("-C", library, "check", "--format", "sarif").out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["number-differs", "link-broken"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
    assert [result["level"] for result in run["results"]] == ["warning", "error"]
    assert place(run["results"][0]["locations"][0]) == ("lib/pl/bread.md", 5)
    assert place(run["results"][0]["relatedLocations"][0]) == ("lib/en/bread.md", 5)
    fingerprints = [result["partialFingerprints"]["relmgr/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == 2


def place(location: dict[str, Any]) -> tuple[str, int]:
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_junit_has_a_test_case_for_each_translation(relmgr: Relmgr, library: Path) -> None:
    break_link(library)
    root = ET.fromstring(relmgr("-C", library, "check", "--format", "junit").out)  # noqa: S314 (our own)
    (suite,) = root
    assert (root.tag, suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("testsuites", "2", "1", "0")
    bread, yeast = suite
    assert (bread.get("classname"), bread.get("name")) == ("bread", "pl")
    assert [child.tag for child in bread] == ["system-out"]
    (failure,) = yeast
    assert (failure.tag, failure.get("type")) == ("failure", "link-broken")
    assert "lib/pl/yeast.md:3: link-broken" in (failure.text or "")


def test_a_baseline_hides_what_is_known(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    result = relmgr("-C", library, "check", "--write-baseline", known)
    assert result == (0, "", f"relmgr: wrote 2 findings to {known}\n")
    result = relmgr("-C", library, "check", "--all", "--baseline", known)
    assert result == (0, "", "relmgr: no faults in 2 articles; 2 in the baseline\n")
    (library / "pl/bread.md").write_text(f"{POLISH}\n## Cena\n\nKosztuje 87 koron.\n")
    (library / "en/bread.md").write_text(f"{ENGLISH}\n## Price\n\nIt costs 78 crowns.\n")
    assert [line.split(": ")[0] for line in lines(relmgr, library, "--baseline", str(known))] == ["lib/pl/bread.md:17"]
    (library / "relmgr.toml").write_text('[check]\nbaseline = "known.json"\n')
    known.rename(library / "known.json")
    assert len(lines(relmgr, library)) == 1


def test_a_missing_baseline_is_an_error_that_says_how_to_make_one(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "--baseline", "none.json")
    assert (result.code, result.out) == (2, "")
    assert "--write-baseline makes one" in result.err


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def branch(library: Path) -> Path:
    """Return the library as a git work tree, on a branch that left `main` before its last commit."""
    git(library, "init", "--initial-branch=main")
    git(library, "add", ".")
    git(library, "commit", "-m", "one")
    git(library, "checkout", "-b", "work")
    return library


@pytest.mark.slow
def test_only_files_that_the_branch_changes_are_reported(relmgr: Relmgr, branch: Path) -> None:
    assert lines(relmgr, branch, "--changed", "main") == []
    break_link(branch)
    assert lines(relmgr, branch, "--changed", "main") == [BROKEN]
    git(branch, "commit", "-am", "two")
    assert lines(relmgr, branch, "--changed", "main") == [BROKEN]
    assert lines(relmgr, branch, "--changed", "HEAD") == []


def test_translations_of_a_source_that_the_branch_changes_are_reported(relmgr: Relmgr, branch: Path) -> None:
    text = (branch / "en/bread.md").read_text()
    (branch / "en/bread.md").write_text(f"{text}\n## Price\n\nIt costs 78 crowns in every shop.\n")
    found = lines(relmgr, branch, "--changed", "main")
    assert [line.split(" ")[1] for line in found if line.startswith("lib/pl/bread.md:")][-1] == "missing-section"


def test_a_language_that_the_library_has_not_is_an_error(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "--lang", "de")
    assert (result.code, result.out) == (2, "")
    assert "German" in result.err


def test_asking_git_for_changes_runs_nothing_that_the_repository_names(
    relmgr: Relmgr, branch: Path, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "filter.x.clean", "filter.x.smudge", "diff.x.textconv", "diff.external"):
        git(branch, "config", name, str(trap))
    (branch / ".gitattributes").write_text("*.md filter=x diff=x\n")
    break_link(branch)
    assert lines(relmgr, branch, "--changed", "main") == [BROKEN]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--help", "main --", ""])
def test_a_revision_that_does_not_exist_is_an_error(relmgr: Relmgr, branch: Path, revision: str) -> None:
    result = relmgr("-C", branch, "check", f"--changed={revision}")
    assert (result.code, result.out) == (2, "")


def test_changes_without_a_work_tree_are_an_error(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "--changed", "main")
    assert (result.code, result.out) == (2, "")
    assert "not in a git work tree" in result.err


def test_many_findings_on_a_terminal_begin_with_the_worst_and_end_with_their_number(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"en": ENGLISH, "pl": POLISH}
    for language, text in pages.items():
        more = "".join(
            f"## S{n} {{#s{n}}}\n\nIt is {n if language == 'en' else n + 100} of them.\n\n" for n in range(100, 150)
        )
        (library / language / "bread.md").write_text(f"{text}\n{more}")
    break_link(library)
    assert len(lines(relmgr, library)) == 52
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = lines(relmgr, library, "--color", "never")
    assert shown[0] == BROKEN
    assert len(shown) == 43
    assert shown[-2:] == [
        "     1  link-broken           a link leads to no document of the library",
        "    51  number-differs        a number differs from the source",
    ]
    assert len(lines(relmgr, library, "--color", "never", "--all")) == 53
    narrow = lines(relmgr, library, "--color", "never", "--width", "52")
    assert narrow[-2:] == [
        "    51  number-differs        a number differs from",
        "                              the source",
    ]


@pytest.mark.parametrize(
    ("settings", "code", "note"),
    [
        ("[check]\nfail_on = 'warning'\n", 0, "unknown setting 'check.fail_on'; did you mean 'check.fail-on'?"),
        ("[chek]\nfail-on = 'warning'\n", 0, "unknown setting 'chek'; did you mean 'check'?"),
        ("[terms.klingon]\nyeast = 'x'\n", 2, "terms.klingon: no language 'klingon'; use a code such as pl"),
    ],
)
def test_a_mistake_in_relmgr_toml_is_not_silent(
    relmgr: Relmgr, library: Path, settings: str, code: int, note: str
) -> None:
    (library / "relmgr.toml").write_text(settings)
    for _ in range(2):
        result = relmgr("-C", library, "check")
        assert result.code == code
        assert note in result.err
        assert "relmgr.toml: " in result.err


def test_a_glossary_may_name_its_language(relmgr: Relmgr, library: Path) -> None:
    (library / "relmgr.toml").write_text("[terms.polish]\nyeast = 'zaczyn'\n")
    assert any(": term 'yeast' is translated without 'zaczyn'" in line for line in lines(relmgr, library))


def test_codes_that_need_the_history_are_not_silent_without_it(relmgr: Relmgr, library: Path) -> None:
    note = "no history: not in a git work tree; which translations are stale is not known"
    assert note in relmgr("-C", library, "check", "--select", "stale").err
    assert note not in relmgr("-C", library, "check").err


def test_an_address_is_written_as_it_is_read(relmgr: Relmgr, library: Path) -> None:
    path = library / "pl/yeast.md"
    path.write_text(path.read_text().replace("cieple.", "[cieple](bread.md#m%C4%85ki) i [dalej](a%20%C5%BA.md)."))
    anchor, broken = lines(relmgr, library, "--select", "anchor,link-broken")
    assert "no such section: bread.md#mąki (" in anchor
    assert "broken link: a ź.md (" in broken


def test_colours_are_escapes_that_the_terminal_obeys(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "check", "--color", "always")
    assert "\x1b[" in result.out
    assert "\u241b" not in result.out


def test_a_glossary_makes_other_translations_findings(relmgr: Relmgr, tmp_path: Path) -> None:
    prose = "Every customer signs the contract before the work begins, and keeps a copy of it."
    texts = {"en": prose, "pl": "Każdy klient podpisuje umowę przed rozpoczęciem pracy i zachowuje jej kopię."}
    for language, text in texts.items():
        (tmp_path / "docs" / language).mkdir(parents=True)
        (tmp_path / "docs" / language / "guide.md").write_text(f"# {language}\n\n{text}\n")
    toml = tmp_path / "relmgr.toml"
    toml.write_text('library = "docs"\n\n[terms.pl]\ncontract = "umowa"\n')
    assert relmgr("-C", tmp_path / "docs", "check", "--select", "term").out == ""
    toml.write_text('library = "docs"\n\n[terms.pl]\ncontract = "kontrakt"\n')
    shown = relmgr("-C", tmp_path / "docs", "check", "--select", "term").out
    assert "pl/guide.md:3: term 'contract' is translated without 'kontrakt' " in shown
