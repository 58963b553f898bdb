"""The library stays open: it follows its files, and survives the loss of its index."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.mcp_session import Tools, tools_of
from support.search_library import GARDEN, KITCHEN

from relmgr_cli.core.library import Library
from relmgr_cli.errors import LibraryMissingError
from relmgr_cli.mcp.session import EngineError
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.database import DatabaseCorruptError


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    for name, text in {**GARDEN, **KITCHEN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def tools(library: Path) -> Iterator[Tools]:
    with tools_of(library) as found:
        yield found


def index_of(tools: Tools) -> Path:
    (database,) = tools.databases
    assert database.path is not None
    return database.path


def test_the_library_is_opened_once(tools: Tools) -> None:
    tools.session.open_early()
    for _ in range(3):
        tools("articles")
    assert tools.opened == 1


@pytest.mark.slow
def test_a_change_of_a_file_is_in_the_next_answer(tools: Tools, library: Path) -> None:
    assert tools("search", query="hippopotamus").startswith("nothing found")
    (library / "zoo.en.md").write_text("# Zoo\n\nThe hippopotamus lives in the water of the zoo.\n", encoding="utf-8")
    assert "zoo.en.md:3\n3 > The hippopotamus" in tools("search", query="hippopotamus")
    (library / "zoo.en.md").unlink()
    assert tools("search", query="hippopotamus").startswith("nothing found")
    assert tools.opened == 1


def test_a_library_that_disappears_and_comes_back_is_answered_from_the_index(tools: Tools, library: Path) -> None:
    before = tools("outline", article="garden")
    library.rename(library.with_name("away"))
    assert tools("outline", article="garden") == before
    library.with_name("away").rename(library)
    assert tools("outline", article="garden") == before


def test_a_library_that_is_not_there_yet_is_an_error_until_it_is(library: Path) -> None:
    away = library.rename(library.with_name("away"))
    with tools_of(library) as tools:
        tools.session.open_early()
        with pytest.raises(LibraryMissingError):
            tools("articles")
        away.rename(library)
        assert tools("articles").startswith("2 articles")


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["garbage", "cut", "empty"])
def test_a_corrupt_index_is_built_again(tools: Tools, damage: str) -> None:
    before = tools("search", query="roses")
    path = index_of(tools)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    data = path.read_bytes()
    with path.open("r+b") as file:  # the file that is open, not another one
        file.truncate({"garbage": len(data), "cut": len(data) // 2, "empty": 0}[damage])
        if damage == "garbage":
            file.write(os.urandom(len(data)))
    assert tools("search", query="roses") == before


@pytest.mark.slow
def test_a_call_that_finds_the_index_corrupt_is_made_again(tools: Tools) -> None:
    tools("articles")
    calls: list[Library] = []

    def work(library: Library) -> str:
        calls.append(library)
        if len(calls) == 1:
            raise DatabaseCorruptError
        return "answer"

    assert asyncio.run(tools.session.run(work)) == ("answer", [])
    assert tools.opened == 2
    with pytest.raises(DatabaseCorruptError):
        asyncio.run(tools.session.run(raising(DatabaseCorruptError())))
    assert tools("articles").startswith("2 articles")


@pytest.mark.slow
def test_an_index_that_another_process_has_replaced_is_opened_again(
    tools: Tools, library: Path, relmgr: Relmgr
) -> None:
    before = tools("search", query="roses")
    assert relmgr("-C", library, "index", "--rebuild").code == 0
    assert tools("search", query="roses") == before
    shutil.rmtree(index_of(tools).parent)
    assert tools("search", query="roses") == before
    assert index_of(tools).exists()
    assert tools.opened == 3


@pytest.mark.slow
def test_without_a_folder_for_the_index_everything_works_in_memory(
    library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with tools_of(library) as tools:
        assert "garden#1" in tools("search", query="roses")
        assert tools("articles").startswith("2 articles")
        assert tools.opened == 1


@pytest.mark.slow
def test_calls_at_once_have_each_their_own_answer(tools: Tools) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search", {"query": "roses"}),
        ("section", {"article": "garden#2"}),
        ("articles", {}),
        ("outline", {"article": "kitchen"}),
    ] * 5
    alone = [tools(tool, **arguments) for tool, arguments in calls]
    assert asyncio.run(tools.together(*calls)) == alone
    assert tools.opened == 1


def test_a_library_that_changes_during_a_call_is_asked_again(tools: Tools) -> None:
    calls: list[Library] = []

    def work(library: Library) -> int:
        calls.append(library)
        if len(calls) < 3:
            with library.database.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('articles_version', ?)", (f"x{len(calls)}",))
            raise LibraryChangedError
        return len(calls)

    assert asyncio.run(tools.session.run(work)) == (3, [])


def raising(error: BaseException) -> Any:
    def work(_: Library) -> None:
        raise error

    return work


def test_an_error_that_no_change_explains_is_raised_at_once(tools: Tools) -> None:
    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(tools.session.run(raising(ValueError("wrong"))))


def test_a_panic_of_the_engine_does_not_end_the_server(tools: Tools) -> None:
    with pytest.raises(EngineError):
        asyncio.run(tools.session.run(raising(BaseException("panic"))))
    assert tools("articles").startswith("2 articles")


def test_closing_twice_does_nothing(tools: Tools) -> None:
    tools("articles")
    tools.session.close()
    tools.session.close()
