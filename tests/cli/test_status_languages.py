"""`relmgr status` of several languages: which one a line is about, on screens of all widths."""

from pathlib import Path

import pytest
from conftest import Relmgr
from support.translated_repository import translated_repository


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = translated_repository(tmp_path / "work")
    repository.commit(
        {"docs/en/tokens.md": "# Tokens\n\nA token lets a program act for a user without the password.\n"}
    )
    monkeypatch.chdir(repository.folder)


def test_a_line_names_its_language_if_there_are_several(relmgr: Relmgr) -> None:
    listed = relmgr("status", "docs", "--width", "100").out.partition("\n\n")[2]
    assert listed == (
        "stale    de  1 stale of 4 sections  2023-11-17  docs/de/passwords.md\n"
        "stale    pl  1 stale of 4 sections  2023-11-17  docs/pl/passwords.md\n"
        "missing  de  12 words                           docs/en/tokens.md\n"
        "missing  pl  12 words                           docs/en/tokens.md\n"
    )
    assert relmgr("status", "docs", "--plain").out.endswith(
        "\nmissing: de: 12 words: docs/en/tokens.md\nmissing: pl: 12 words: docs/en/tokens.md\n"
    )


def test_a_line_does_not_name_the_only_language(relmgr: Relmgr) -> None:
    listed = relmgr("status", "-L", "pl", "--width", "100").out.partition("\n\n")[2]
    assert listed.startswith("stale    1 stale of 4 sections  2023-11-17  docs/pl/passwords.md\n")
    narrow = relmgr("status", "-L", "pl", "--width", "30").out.partition("\n\n")[2]
    assert narrow.startswith("stale 1 stale of 4 sections\n  docs/pl/passwords.md\n")


@pytest.mark.parametrize(("width", "name", "bar"), [(100, "German (de)", 20), (84, "de", 20), (74, "de", 8)])
def test_the_table_has_a_bar_and_the_names_that_have_room(relmgr: Relmgr, width: int, name: str, bar: int) -> None:
    lines = relmgr("status", "--width", width).out.splitlines()
    assert lines[1].startswith(f"{name}  ")
    assert len(lines[1].split()[-3]) == bar
    assert max(map(len, lines)) <= width


def test_a_language_that_is_wanted_may_be_chosen_before_it_has_a_file(relmgr: Relmgr, tmp_path: Path) -> None:
    assert relmgr("status", "-L", "fr").code == 2
    (tmp_path / "work/relmgr.toml").write_text("[status]\nlanguages = ['pl', 'fr']\n")
    result = relmgr("status", "-L", "fr", "--width", "100")
    assert result.code == 0
    assert "missing  12 words    docs/en/tokens.md\n" in result.out


@pytest.mark.slow
def test_a_mistake_in_relmgr_toml_says_where_it_is(relmgr: Relmgr, tmp_path: Path) -> None:
    settings = tmp_path / "work/relmgr.toml"
    settings.write_text("[status]\nlanguages = ['klingon']\n")
    result = relmgr("status")
    assert (result.code, result.out) == (2, "")
    assert f"{settings}: status.languages: no language 'klingon'" in result.err
    settings.write_text("[status]\nlanguage = ['pl']\n")
    for _ in range(2):
        assert "unknown setting 'status.language'; did you mean 'status.languages'?" in relmgr("status").err


def test_a_screen_without_room_for_the_table_has_sentences(relmgr: Relmgr) -> None:
    assert relmgr("status", "--width", "60").out.startswith("German (de): 54 % of the words up to date")
