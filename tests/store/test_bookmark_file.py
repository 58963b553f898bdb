"""The file of the bookmarks: bounded, private, written by one process at a time, read whatever is in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relmgr_cli.corpus.places import Place
from relmgr_cli.store import bookmarks
from relmgr_cli.store.bookmarks import Bookmark, BookmarkPlace, bookmarks_file, load_bookmarks, update_bookmarks

PLACE = BookmarkPlace("pl", "/library", "pl/a.md", Place("1", "wstęp", 2, "paragraph", "AAAA"))
FIRST = Bookmark("a", "1", "Tytuł", "Pierwsze słowa", 7, (PLACE, PLACE._replace(language="ru", path="ru/a.md")))
SECOND = FIRST._replace(text="Drugie")


@pytest.fixture
def file(tmp_path: Path) -> str:
    return bookmarks_file(tmp_path / "state", "notes")


def add(file: str, *new: Bookmark) -> None:
    update_bookmarks(file, lambda known: (*known, *new))


def stored(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the line of a bookmark after a change of its JSON object."""
    places = [{**each._asdict(), "place": each.place._asdict()} for each in FIRST.places]
    value = {**FIRST._asdict(), "places": places}
    change(value)
    return json.dumps(value).encode()


def test_each_library_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert bookmarks_file(tmp_path, "a") != bookmarks_file(tmp_path, "b")
    assert bookmarks_file(None, "a") == ""


def test_bookmarks_are_saved_in_their_order(file: str) -> None:
    assert load_bookmarks(file) == ()
    add(file, FIRST)
    add(file, SECOND)
    assert load_bookmarks(file) == (FIRST, SECOND)
    update_bookmarks(file, lambda known: known[1:])
    assert load_bookmarks(file) == (SECOND,)


def test_the_oldest_bookmarks_are_dropped(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookmarks, "_MAX_BOOKMARKS", 2)
    for text in ("a", "b", "c"):
        add(file, FIRST._replace(text=text))
    assert [each.text for each in load_bookmarks(file)] == ["b", "c"]


def test_any_text_comes_back_as_it_was(file: str) -> None:
    place = PLACE._replace(path="\udcff.md", place=PLACE.place._replace(heading="\x1b\u2028\ud800"))
    bookmark = FIRST._replace(title="a\n\t\"'\\", text="\ud800\x00\u202e", places=(place,))
    add(file, bookmark)
    assert load_bookmarks(file) == (bookmark,)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"article": "a"}',
        stored(lambda value: value.update(other=1)),
        stored(lambda value: value.update(title=None)),
        stored(lambda value: value.update(text="x" * 6000)),
        stored(lambda value: value.update(article="\ud800")),
        stored(lambda value: value.update(line=True)),
        stored(lambda value: value.update(places=[])),
        stored(lambda value: value.update(places={"pl": 1})),
        stored(lambda value: value.update(places=[[]])),
        stored(lambda value: value["places"][0].update(path="\ud800")),
        stored(lambda value: value["places"][0].update(language=1)),
        stored(lambda value: value["places"][0].update(place=None)),
        stored(lambda value: value["places"][1]["place"].update(offset="2")),
        stored(lambda value: value["places"][1]["place"].update(words=2)),
    ],
)
def test_a_line_that_is_no_bookmark_is_ignored(file: str, line: bytes) -> None:
    add(file, FIRST)
    good = Path(file).read_bytes()
    Path(file).write_bytes(line + b"\n" + good + line)
    assert load_bookmarks(file) == (FIRST,)
    add(file, SECOND)
    assert load_bookmarks(file) == (FIRST, SECOND)


def test_the_file_is_private(file: str) -> None:
    add(file, FIRST)
    assert os.stat(file).st_mode & 0o077 == 0


def test_what_cannot_be_written_raises(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OSError, match="state"):
        add(bookmarks_file(tmp_path / "state", "notes"), FIRST)


@pytest.mark.slow
def test_two_processes_lose_no_bookmark(file: str) -> None:
    code = (
        "import sys; from relmgr_cli.store.bookmarks import *; from relmgr_cli.corpus.places import Place\n"
        "place = BookmarkPlace('pl', '/', 'a.md', Place('1', '', 0, 'paragraph', ''))\n"
        "for number in range(20):\n"
        "    new = Bookmark('a', '1', '', f'{sys.argv[2]}{number}', 1, (place,))\n"
        "    update_bookmarks(sys.argv[1], lambda known: (*known, new))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, file, name]) for name in ("a", "b")]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert {each.text for each in load_bookmarks(file)} == {f"{name}{number}" for name in "ab" for number in range(20)}
