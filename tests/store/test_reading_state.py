import os
from pathlib import Path

import pytest

from relmgr_cli.store.reading_state import (
    Columns,
    ReadingPosition,
    ReadingPositions,
    last_read_path,
    read_last_read,
    read_positions,
    reading_file,
    write_last_read,
    write_position,
)


def test_what_was_read_last_is_remembered_for_each_library(tmp_path: Path) -> None:
    state = tmp_path / "state"
    one, other = last_read_path(state, "notes-1"), last_read_path(state, "notes-2")
    assert read_last_read(one) is None
    write_last_read(one, "menedzer-relacji")
    write_last_read(other, "менеджер")
    assert (read_last_read(one), read_last_read(other)) == ("menedzer-relacji", "менеджер")
    write_last_read(one, "next")
    assert read_last_read(one) == "next"


def test_the_file_is_private_and_leaves_no_draft(tmp_path: Path) -> None:
    place = last_read_path(tmp_path, "notes")
    write_last_read(place, "a")
    assert os.listdir(os.path.dirname(place)) == ["notes"]
    assert os.stat(place).st_mode & 0o077 == 0


def test_what_is_remembered_already_is_not_written_again(tmp_path: Path) -> None:
    place = last_read_path(tmp_path, "notes")
    write_last_read(place, "a")
    before = os.stat(place).st_ino
    write_last_read(place, "a")
    assert os.stat(place).st_ino == before


def test_without_a_state_folder_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert last_read_path(None, "notes") == ""
    write_last_read("", "a")
    assert read_last_read("") is None
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("data", [b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_name_is_ignored(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "notes").write_bytes(data)
    assert read_last_read(str(tmp_path / "notes")) is None


def test_an_unwritable_folder_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "last-read").write_text("a file", encoding="utf-8")
    place = last_read_path(tmp_path, "notes")
    write_last_read(place, "a")
    assert read_last_read(place) is None
    assert (tmp_path / "last-read").read_text(encoding="utf-8") == "a file"


PLACE = ReadingPosition("ru", "3.1", 12, 2, 0.25, 3, ((1, 2), (), (3,)), ("/a/b.md", "/a/\udcff.md"), 17)


def test_a_saved_position_is_read(tmp_path: Path) -> None:
    path = reading_file(tmp_path / "state", "notes-1")
    assert read_positions(path) == ReadingPositions("", {})
    write_position(path, "менеджер", PLACE)
    places = read_positions(path)
    assert places == ReadingPositions("ru", {"менеджер": PLACE})
    assert places.of("менеджер", ()) == PLACE
    assert places.of("new-title", ("/x", "/a/b.md")) == PLACE
    assert places.of("other", ("/x",)) is None
    assert os.stat(path).st_mode & 0o077 == 0
    assert os.listdir(os.path.dirname(path)) == ["notes-1.json"]


def test_the_last_read_position_is_last_and_the_oldest_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reading_file(tmp_path, "notes")
    monkeypatch.setattr("relmgr_cli.store.reading_state._MAX_POSITIONS", 50)
    for number in (*range(60), 20):
        write_position(path, f"a{number}", PLACE._replace(paths=(str(number),), row=number, language="pl"))
    places = read_positions(path)
    assert len(places.articles) == 50
    assert list(places.articles)[-2:] == ["a59", "a20"]
    assert "a9" not in places.articles
    assert places.language == "pl"


def test_an_article_with_a_new_name_takes_its_position_along(tmp_path: Path) -> None:
    path = reading_file(tmp_path, "notes")
    write_position(path, "old", PLACE)
    write_position(path, "new", PLACE)
    assert list(read_positions(path).articles) == ["new"]


def test_the_columns_of_a_library_are_kept_with_its_positions(tmp_path: Path) -> None:
    path = reading_file(tmp_path, "notes")
    columns = Columns(("pl", "ru"), are_shown=True)
    write_position(path, "a", PLACE, columns=columns)
    assert read_positions(path).columns == columns
    write_position(path, "b", PLACE._replace(paths=("/b",)))
    assert read_positions(path).columns == columns
    write_position(path, "b", PLACE._replace(paths=("/b",)), columns=Columns())
    assert read_positions(path) == ReadingPositions("ru", {"a": PLACE, "b": PLACE._replace(paths=("/b",))}, Columns())


@pytest.mark.parametrize("columns", ["3", "[]", "{}", '{"languages": 3}', '{"languages": null, "are_shown": true}'])
def test_corrupt_columns_do_not_lose_the_positions(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "notes.json"
    path.write_text(f'{{"language": "pl", "columns": {columns}, "articles": {{}}}}')
    assert read_positions(str(path)) == ReadingPositions("pl", {})


@pytest.mark.parametrize(
    "data",
    [
        "", "[]", "{}", "[" * 5000, '{"language": "pl", "articles": []}', '{"language": "pl", "articles": {"a": {}}}',
        '{"language": "pl", "articles": {"a": {"language": 1, "section": "", "row": 0, "offset": 0}}}',
        '{"language": "pl", "articles": {"a": {"language": "", "section": "", "row": 0, "offset": 0, "prints": [3]}}}',
    ],
)  # fmt: skip
def test_a_corrupt_file_has_no_positions(tmp_path: Path, data: str) -> None:
    path = tmp_path / "notes.json"
    path.write_text(data)
    assert read_positions(str(path)) == ReadingPositions("", {})


def test_without_a_state_folder_no_position_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert reading_file(None, "notes") == ""
    write_position("", "a", PLACE)
    assert read_positions("") == ReadingPositions("", {})
    assert os.listdir(tmp_path) == []
