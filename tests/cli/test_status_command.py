"""`relmgr status`: which translations are up to date."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr, Result
from support.files import age
from support.git import GitRepository, run_git

from relmgr_cli.core.library import QuietReporter, open_library
from relmgr_cli.core.translation_status import library_status

EN = "# Guide\n\nThis is the guide, and it is in English.\n\n## Install\n\nFirst you have to install it on the disk.\n"
PL = "# Przewodnik\n\nTo jest przewodnik po polsku.\n\n## Instalacja\n\nNajpierw trzeba to zainstalować na dysku.\n"
EN_MORE = EN.replace("on the disk", "on the other disk")
OTHER = "# Other\n\nThis is another text, which nobody has translated yet, as it is new.\n"
RU = "# Гид\n\nЭто руководство на русском языке.\n\n## Установка\n\nСначала его надо установить на диск.\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """Return a library in git: `guide` is stale in Polish and current in Russian, `other` is in English only."""
    made = GitRepository(tmp_path / "work")
    made.commit({"en/guide.md": EN, "pl/guide.md": PL, "en/other.md": OTHER})
    made.commit({"en/guide.md": EN_MORE})
    made.commit({"ru/guide.md": RU})
    return made


Status = Callable[..., Result]


@pytest.fixture
def status(relmgr: Relmgr, repository: GitRepository) -> Status:
    """Return a function that runs `relmgr status` in the repository, where nothing has changed for years."""

    def run(*arguments: object) -> Result:
        age(repository.folder)
        return relmgr("-C", repository.folder, "status", *arguments)

    return run


def payload(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


def state_of(result: Result, article: str = "guide", language: str = "pl") -> str:
    (found,) = (each for each in payload(result)["articles"] if each["id"] == article)
    (state,) = (each["state"] for each in found["translations"] if each["lang"] == language)
    return str(state)


def test_languages_are_counted(status: Status) -> None:
    result = status()
    assert (result.code, result.err) == (0, "")
    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    polish = next(line for line in lines if line.startswith("Polish (pl)"))
    assert polish.split()[2:7] == ["2", "0", "1", "1", "0"]  # articles, current, stale, missing, untranslated
    russian = next(line for line in lines if line.startswith("Russian (ru)"))
    assert russian.split()[2:7] == ["2", "1", "0", "1", "0"]


@pytest.mark.slow
def test_the_articles_of_a_language_are_listed_with_what_they_lack(status: Status) -> None:
    out = status("--lang", "pl").out
    (guide,) = (line for line in out.splitlines() if "guide.md" in line)
    assert "pl/guide.md" in guide
    assert "1 stale" in guide
    assert "2023-11-16" in guide  # the day of the second commit
    assert any("other.md" in line and "missing" in line for line in out.splitlines())
    assert "guide.md" not in status("--lang", "ru").out
    assert "ru/guide.md" in status("--lang", "ru", "--all").out


def test_json_keeps_its_promises(status: Status, repository: GitRepository) -> None:
    result = status("--json")
    found = payload(result)
    root = str(repository.folder)
    second = repository.git("rev-parse", "HEAD~1")
    assert (result.code, found["version"], found["history"]) == (0, 1, True)
    polish = found["languages"]["pl"]
    assert {key: polish[key] for key in ("articles", "current", "stale", "missing", "untranslated")} == {
        "articles": 2,
        "current": 0,
        "stale": 1,
        "missing": 1,
        "untranslated": 0,
    }
    assert 0 < polish["words"] < 0.5
    assert (polish["sections"], polish["stale_sections"], polish["missing_sections"]) == (2, 1, 0)
    guide = next(each for each in found["articles"] if each["id"] == "guide")
    assert guide["source"] == {"lang": "en", "root": root, "path": "en/guide.md"}
    translation = next(each for each in guide["translations"] if each["lang"] == "pl")
    assert {key: translation[key] for key in ("root", "path", "state")} == {
        "root": root,
        "path": "pl/guide.md",
        "state": "stale",
    }
    assert translation["sections"] == [
        {"number": "0", "state": "current", "source_line": 3, "line": 3, "since": None},
        {"number": "1", "state": "stale", "source_line": 5, "line": 5, "since": second},
    ]
    other = next(each for each in found["articles"] if each["id"] == "other")
    assert next(each for each in other["translations"] if each["lang"] == "pl") == {"lang": "pl", "state": "missing"}


@pytest.mark.slow
def test_what_json_names_can_be_pasted_back(status: Status) -> None:
    guide = next(each for each in payload(status("--json"))["articles"] if each["id"] == "guide")
    for name in (guide["source"]["path"], guide["id"], "en/guide.md", "guide"):
        assert [each["id"] for each in payload(status(name, "--json"))["articles"]] == ["guide"]
    assert len(payload(status("en", "--json"))["articles"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fail-on", "stale"), 1),
        (("--fail-on", "missing"), 1),
        (("--fail-on", "untranslated"), 0),
        (("--fail-on", "untranslated, stale"), 1),
        (("--fail-on", "stale", "--lang", "ru"), 0),
        (("--fail-on", "stale", "guide"), 1),
        (("--fail-on", "stale", "other"), 0),
        (("--fail-on", "old"), 2),
        (("--fail-on", "stale,"), 2),
        (("--fail-on", ""), 2),
        (("--lang", "de"), 2),
        (("nothing",), 2),
    ],
)
def test_the_exit_code_says_what_was_asked(status: Status, arguments: tuple[str, ...], code: int) -> None:
    for _ in range(2):  # the second time from the cache, if it may be
        assert status(*arguments).code == code
    if code < 2:
        assert status(*arguments, "--json").code == code


def test_what_fails_is_still_written(status: Status) -> None:
    assert status("--fail-on", "stale").out == status().out


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_screen(status: Status, width: int) -> None:
    for arguments in ((), ("--lang", "pl"), ("--lang", "pl,ru", "--all")):
        lines = status("--width", width, *arguments).out.splitlines()
        assert lines
        assert max(map(len, lines)) <= width


def test_plain_output_is_a_fact_a_line(status: Status) -> None:
    out = status("--plain", "--lang", "pl").out
    assert out.isascii()
    lines = out.splitlines()
    assert any(line.startswith("stale: ") and line.endswith("pl/guide.md") for line in lines)
    assert any(re.search(r": since \d{4}-\d\d-\d\d: ", line) for line in lines)
    assert not any("  " in line for line in lines)


# The history may be unknown.


@pytest.mark.slow
def test_a_shallow_clone_is_a_loud_warning(relmgr: Relmgr, repository: GitRepository, tmp_path: Path) -> None:
    repository.git("read-tree", "HEAD")
    run_git(tmp_path, "clone", "-q", "--depth", "1", repository.folder.as_uri(), "clone")
    clone = tmp_path / "clone"
    for _ in range(2):
        age(clone)
        result = relmgr("-C", clone, "status", "--json")
        assert "shallow clone" in result.err
        assert "fetch-depth: 0" in result.err
        assert payload(result)["history"] is False
        assert state_of(result) == "current"
    assert relmgr("-C", clone, "status", "--fail-on", "untranslated").code == 0
    assert relmgr("-C", clone, "status", "--fail-on", "untranslated,stale").code == 2
    for command in (("diff", "--lang", "pl"), ("show", "guide", "--lang", "pl", "--stale")):
        result = relmgr("-C", clone, *command)
        assert "shallow clone" in result.err
        assert "has not changed" not in result.err
    run_git(clone, "fetch", "-q", "--unshallow")
    assert state_of(relmgr("-C", clone, "status", "--json")) == "stale"


def test_outside_git_nothing_is_stale_until_there_is_a_history(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    work = tmp_path / "plain"
    for name, text in (("en/guide.md", EN), ("pl/guide.md", PL)):
        (work / name).parent.mkdir(parents=True)
        (work / name).write_text(text)
    age(work)
    for _ in range(2):
        result = relmgr("-C", work, "status", "--json")
        assert (result.code, payload(result)["history"], state_of(result)) == (0, False, "current")
        assert "no history: not in a git work tree" in result.err
    repository = GitRepository(work)
    assert "the git repository has no commits" in relmgr("-C", work, "status").err
    repository.commit({"en/guide.md": EN, "pl/guide.md": PL})
    repository.commit({"en/guide.md": EN_MORE})
    result = relmgr("-C", work, "status", "--json")
    assert (result.err, payload(result)["history"], state_of(result)) == ("", True, "stale")


def test_without_git_the_rest_is_said(
    relmgr: Relmgr, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = relmgr("-C", repository.folder, "status", "--json")
    assert "git is not installed" in result.err
    assert (result.code, state_of(result), state_of(result, "other")) == (0, "current", "missing")


def test_an_article_in_one_language_has_no_status(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(OTHER)
    result = relmgr("-C", tmp_path, "status")
    assert (result.code, result.out, result.err) == (
        1,
        "",
        "relmgr: no article here has both a source and a translation\n",
    )


# What changes shows at once.


@pytest.mark.slow
def test_a_commit_shows_at_once(status: Status, repository: GitRepository) -> None:
    assert state_of(status("--json")) == state_of(status("--json")) == "stale"
    text = PL.replace("na dysku", "na innym dysku")
    repository.write({"pl/guide.md": text})
    assert state_of(status("--json")) == "current"
    repository.commit({"pl/guide.md": text}, writes=False)
    assert state_of(status("--json")) == "current"
    repository.commit({"en/guide.md": EN_MORE.replace("First", "Now")})
    assert state_of(status("--json")) == "stale"


@pytest.mark.slow
def test_a_commit_of_what_was_written_before_shows_at_once(status: Status, repository: GitRepository) -> None:
    text = EN_MORE.replace("First", "Now")
    repository.write({"en/guide.md": text})

    def since() -> object:
        guide = payload(status("guide", "--lang", "pl", "--json"))["articles"][0]
        return guide["translations"][0]["sections"][1]["since"]

    assert "not committed" in status("--lang", "pl").out
    assert since() == since()
    commit = repository.commit({"en/guide.md": text}, writes=False)
    assert since() == commit
    assert "not committed" not in status("--lang", "pl").out


@pytest.mark.slow
def test_another_branch_shows_at_once(status: Status, repository: GitRepository) -> None:
    text = PL.replace("na dysku", "na innym dysku")
    repository.commit({"pl/guide.md": text}, branch="side", parents=["main"], writes=False)
    assert state_of(status("--json")) == "stale"
    repository.switch("side")
    repository.write({"pl/guide.md": text})
    assert state_of(status("--json")) == "current"
    repository.switch("main")
    repository.write({"pl/guide.md": PL})
    assert state_of(status("--json")) == "stale"


def test_an_unchanged_library_is_answered_from_the_cache(
    status: Status, relmgr: Relmgr, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = status()
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert relmgr("-C", repository.folder, "status") == first


def test_commands_that_only_read_do_not_start_git(
    relmgr: Relmgr, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setattr(subprocess, "Popen", None)
    for arguments in (["list"], ["show", "guide"], ["sections", "guide"], ["search", "przewodnik", "--exact"]):
        assert relmgr("-C", repository.folder, *arguments, "--lang", "pl").code == 0


def test_an_index_that_cannot_be_written_is_enough(
    relmgr: Relmgr, repository: GitRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    result = relmgr("-C", repository.folder, "status", "--json")
    assert (result.code, state_of(result)) == (0, "stale")


def test_an_index_that_can_only_be_read_is_enough(repository: GitRepository, tmp_path: Path) -> None:
    class Reporter(QuietReporter):
        warnings: list[str]

        def warn(self, message: str) -> None:
            self.warnings.append(message)

    reporter = Reporter()
    reporter.warnings = []
    library = open_library([repository.folder], tmp_path / "cache", reporter)
    assert library_status(library, ["ru"]).articles[0].translations[0].state == "current"
    repository.commit({"en/guide.md": EN}, writes=False)  # what was committed before
    library.database.connection.execute("PRAGMA query_only = 1")
    found = library_status(library, ["pl"])
    assert {each.id: each.translations[0].state for each in found.articles} == {"guide": "stale", "other": "missing"}
    assert len(found.history.commits) == 4
    (warning,) = reporter.warnings
    assert "readonly" in warning
    library.database.close()


def test_articles_without_text_have_no_sections(relmgr: Relmgr, tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "work")
    repository.commit({"en/a.md": "", "pl/a.md": "", "en/guide.md": EN, "pl/guide.md": PL})
    for language in ("pl", "en"):  # neither is from the cache
        assert relmgr("-C", repository.folder, "status", "--lang", language, "--json").code == 0


def test_a_folder_that_is_a_link_is_the_same_library(relmgr: Relmgr, repository: GitRepository, tmp_path: Path) -> None:
    os.symlink(repository.folder, tmp_path / "link")
    assert state_of(relmgr("-C", tmp_path / "link", "status", "--json")) == "stale"


def test_an_article_without_a_source_is_not_judged(relmgr: Relmgr, tmp_path: Path) -> None:
    texts = {
        "en": "# Guide {0}\n\nText {0} says how a customer becomes a partner, and who keeps the promises.\n",
        "pl": "# Poradnik {0}\n\nTekst {0} mówi, jak klient staje się partnerem i kto dotrzymuje obietnic.\n",
        "de": "# Leitfaden {0}\n\nText {0} sagt, wie ein Kunde zum Partner wird, und wer die Versprechen hält.\n",
    }
    files = {f"{tag}/guide{n}.md": text.format(n) for tag, text in texts.items() for n in range(5)}
    files |= {f"{tag}/prompt.md": texts[tag].format("99") + "\nOnly here." * (tag == "pl") for tag in ("pl", "de")}
    for name, text in files.items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "relmgr.toml").write_text('library = "docs"\nsource = "en"\n')
    found = payload(relmgr("-C", tmp_path / "docs", "status", "--json"))
    sources = {article["id"]: article["source"] and article["source"]["lang"] for article in found["articles"]}
    assert sources == {**{f"guide{n}": "en" for n in range(5)}, "prompt": None}
    assert {tag: counts["articles"] for tag, counts in found["languages"].items()} == {"pl": 5, "de": 5}
    result = relmgr("-C", tmp_path / "docs", "status", "prompt")
    assert (result.code, result.out) == (1, "")
    assert "no article here has both a source and a translation" in result.err
    assert relmgr("-C", tmp_path / "docs", "check", "--all").out == ""
