"""Marks at the headings of sections that are not up to date, in `show` and `sections`, and `show --stale`."""

import json
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.git import GitRepository
from support.translated_repository import CHANGED, ENGLISH, POLISH, translated_repository

SOURCE, TRANSLATION = "docs/en/passwords.md", "docs/pl/passwords.md"
MARKED = "1  Wybierz bibliotekę  (stale)\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    found = translated_repository(tmp_path / "work")
    monkeypatch.chdir(found.folder)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("command", [["status"], ["status", "-L", "pl"], ["index"], ["diff", "-L", "pl"]])
def test_a_page_has_marks_once_the_states_are_known_also_if_its_output_was_cached(
    relmgr: Relmgr, repository: GitRepository, command: list[str]
) -> None:
    age(repository.folder.parent)  # else nothing is cached
    before = relmgr("show", "passwords", "-L", "pl").out
    assert relmgr("show", "passwords", "-L", "pl").out == before
    assert "(stale)" not in before
    assert relmgr(*command).code == 0
    after = relmgr("show", "passwords", "-L", "pl").out
    assert MARKED in after
    assert after.replace("  (stale)", "") == before
    assert "(stale)" not in relmgr("show", "passwords", "-L", "en").out


@pytest.mark.slow
@pytest.mark.usefixtures("repository")
def test_every_view_of_a_section_has_the_mark(relmgr: Relmgr) -> None:
    relmgr("status")
    assert MARKED in relmgr("show", "passwords#1", "-L", "pl").out
    side_by_side = relmgr("show", "passwords", "-L", "en,pl").out
    assert "1  Choose a library                        Wybierz bibliotekę  (stale)\n" in side_by_side
    interleaved = relmgr("show", "passwords", "-L", "pl,en", "--interleaved").out
    assert "Wybierz bibliotekę  (stale)\n" in interleaved
    assert "Choose a library\n" in interleaved
    assert "1   Wybierz bibliotekę  (stale)  Choose a library" in relmgr("sections", "passwords", "-L", "pl").out
    assert "1 Wybierz bibliotekę (23 words, 1 min, stale)\n" in relmgr("sections", "-L", "pl", "--plain").out
    assert "Wybierz bibliotekę  (stale)" in relmgr("sections", "passwords", "-L", "en,pl,de").out
    assert relmgr("search", "haszowania", "-L", "pl").code == 0
    assert MARKED in relmgr("show", "--hit", "1").out


@pytest.mark.slow
def test_text_before_the_first_heading_has_its_mark_above_it(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.commit({SOURCE: CHANGED.replace("nobody can read them", "nobody sees them")})
    relmgr("status")
    assert "\n\n(stale)\nKrótki przewodnik" in relmgr("show", "passwords", "-L", "pl").out
    assert relmgr("show", "passwords#0", "-L", "pl").out.startswith("(stale)\nKrótki przewodnik")
    lines = relmgr("show", "passwords", "-L", "en,pl").out.splitlines()
    row = next(index for index, line in enumerate(lines) if "A short guide" in line)
    assert lines[row].rstrip().endswith("(stale)")
    assert "Krótki przewodnik" in lines[row + 1]
    assert "0 (before the first heading) (13 words, 1 min, stale)\n" in relmgr("sections", "-L", "pl", "--plain").out


def test_a_section_that_is_not_translated_has_another_mark(relmgr: Relmgr, repository: GitRepository) -> None:
    text = CHANGED.partition("## Check the password")[2]
    repository.commit({TRANSLATION: POLISH.partition("## Sprawdź")[0] + f"## Sprawdź hasło{text} {text.strip()}\n"})
    relmgr("status")
    assert "3  Sprawdź hasło  (untranslated)\n" in relmgr("show", "passwords", "-L", "pl").out


@pytest.mark.slow
@pytest.mark.parametrize("path", [SOURCE, TRANSLATION])
def test_a_file_that_has_changed_has_no_marks_until_it_is_compared_again(
    relmgr: Relmgr, repository: GitRepository, path: str
) -> None:
    relmgr("status")
    old = (repository.folder / path).read_text()
    repository.write({path: old.replace("passlib", "argon2").replace("pwdlib", "argon2")})
    page = relmgr("show", "passwords", "-L", "pl").out
    assert "Zahaszuj" in page
    assert "(stale)" not in page
    relmgr("status")
    is_stale = path == SOURCE
    assert (MARKED in relmgr("show", "passwords", "-L", "pl").out) == is_stale


@pytest.mark.slow
def test_a_translation_that_was_brought_up_to_date_loses_its_mark(relmgr: Relmgr, repository: GitRepository) -> None:
    relmgr("index")
    assert MARKED in relmgr("show", "passwords", "-L", "pl").out
    repository.commit({TRANSLATION: POLISH.replace("passlib", "pwdlib")})
    relmgr("index")
    assert "(stale)" not in relmgr("show", "passwords", "-L", "pl").out


@pytest.mark.slow
def test_show_stale_has_only_what_is_not_up_to_date_beside_the_source(
    relmgr: Relmgr, repository: GitRepository
) -> None:
    result = relmgr("show", "passwords", "-L", "pl", "--stale")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("1  Choose a library")
    assert "Wybierz bibliotekę  (stale)\n" in result.out
    assert "pwdlib" in result.out
    assert "Zahaszuj" not in result.out
    assert relmgr("show", "passwords#1", "-L", "pl", "--stale").out == result.out
    nothing = "relmgr: Polish: the source has not changed since it was translated\n"
    assert relmgr("show", "passwords#2", "-L", "pl", "--stale") == (0, "", nothing)
    repository.commit({TRANSLATION: POLISH.replace("passlib", "pwdlib")})
    assert relmgr("show", "passwords", "-L", "pl", "--stale") == (0, "", nothing)


def test_show_stale_has_the_text_of_a_section_that_is_missing(relmgr: Relmgr, repository: GitRepository) -> None:
    repository.commit({SOURCE: ENGLISH.replace("## Check", "## Store\n\nKeep the hash in a table.\n\n## Check")})
    out = relmgr("show", "passwords", "-L", "pl", "--stale").out
    assert "Store" in out
    assert "Keep the hash in a table." in out


@pytest.mark.usefixtures("repository")
def test_show_stale_as_json_has_the_sections_in_both_languages(relmgr: Relmgr) -> None:
    found = json.loads(relmgr("show", "passwords", "-L", "pl", "--stale", "--json").out)
    assert {row["section"] for row in found["rows"]} == {"1"}
    assert any("pwdlib" in json.dumps(row) for row in found["rows"])
    source = relmgr("show", "passwords", "-L", "en", "--stale")
    assert (source.code, source.out) == (2, "")
    assert "choose a translation with --lang: de, pl" in source.err


def test_outside_git_index_says_nothing_and_no_page_has_marks(relmgr: Relmgr, tmp_path: Path) -> None:
    for language, text in (("en", CHANGED), ("pl", POLISH.partition("## Sprawdź")[0])):
        (tmp_path / f"passwords.{language}.md").write_text(text, encoding="utf-8")
    before = relmgr("-C", tmp_path, "show", "-L", "pl").out
    result = relmgr("-C", tmp_path, "index")
    assert (result.code, result.err) == (0, "")
    assert relmgr("-C", tmp_path, "show", "-L", "pl").out == before


def test_without_git_index_says_nothing(
    relmgr: Relmgr, repository: GitRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = relmgr("-C", repository.folder, "index")
    assert (result.code, result.err) == (0, "")
    assert "(stale)" not in relmgr("show", "passwords", "-L", "pl").out


def test_an_article_in_one_language_has_nothing_stale(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A title\n\nText.\n")
    result = relmgr("-C", tmp_path, "show", "--stale")
    assert (result.code, result.out) == (2, "")
    assert "no article here has both a source and a translation" in result.err
