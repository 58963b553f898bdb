import os
from pathlib import Path

import pytest

from relmgr_cli.index.places import place_of, read_place, write_place


def test_what_was_read_last_is_remembered_for_each_library(tmp_path: Path) -> None:
    state = tmp_path / "state"
    one, other = place_of(state, "notes-1"), place_of(state, "notes-2")
    assert read_place(one) is None
    write_place(one, "menedzer-relacji")
    write_place(other, "менеджер")
    assert (read_place(one), read_place(other)) == ("menedzer-relacji", "менеджер")
    write_place(one, "next")
    assert read_place(one) == "next"


def test_a_place_is_its_user_s_alone_and_leaves_no_drafts(tmp_path: Path) -> None:
    place = place_of(tmp_path, "notes")
    write_place(place, "a")
    assert os.listdir(os.path.dirname(place)) == ["notes"]
    assert os.stat(place).st_mode & 0o077 == 0


def test_what_is_remembered_already_is_not_written_again(tmp_path: Path) -> None:
    place = place_of(tmp_path, "notes")
    write_place(place, "a")
    before = os.stat(place).st_ino
    write_place(place, "a")
    assert os.stat(place).st_ino == before


def test_without_a_state_folder_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of(None, "notes") == ""
    write_place("", "a")
    assert read_place("") is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe"])
def test_a_place_that_holds_no_name_is_no_place(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "notes").write_bytes(data)
    assert read_place(str(tmp_path / "notes")) is None


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "last-read").write_text("a file", encoding="utf-8")
    place = place_of(tmp_path, "notes")
    write_place(place, "a")
    assert read_place(place) is None
    assert (tmp_path / "last-read").read_text(encoding="utf-8") == "a file"
