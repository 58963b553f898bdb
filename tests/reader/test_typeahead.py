"""Keys that arrive together go to the prompts and screens that the keys before them open."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pilot import ReaderPilot, library, read
from support.marks import slow
from support.terminal import in_terminal
from textual import events
from textual.widgets import Input

from relmgr_cli.reader.screens.help import HelpScreen
from relmgr_cli.reader.screens.picker import FilterPicker
from relmgr_cli.reader.screens.search import SearchScreen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


def config_file() -> Path:
    return Path.home() / ".config/relmgr/config.toml"


@pytest.mark.slow
def test_a_query_in_one_packet_is_typed_into_the_find_bar(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("slash", *"tqpoi")
        assert reader.article_screen.query_one(Input).value == "tqpoi"
        assert not config_file().exists()

    read(script, folder, "rowery")


@pytest.mark.slow
def test_enter_and_n_behind_a_query_find_and_go_on(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("slash", *"hamulce", "enter", "n")
        assert reader.page.has_focus
        assert reader.status == "/hamulce   2 of 2"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_escape_behind_a_query_ends_the_search(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        before = reader.screen_lines
        await reader.press_at_once("slash", *"zwolnij", "escape", "n")
        assert reader.status == "no search yet; /: search"
        assert reader.screen_lines == before
        await reader.press_at_once("slash", *"zwolnij", "enter", "escape")
        assert not reader.page.decorations.matches

    read(script, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_editing_keys_in_one_packet_are_handled_in_order(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("slash", "a", "b", "backspace", "c", "home", "d", "delete")
        assert reader.article_screen.query_one(Input).value == "dc"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_keys_behind_a_list_filter_it_and_enter_picks(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("colon", *"na", "down", "enter", "j")
        assert reader.status.startswith("Rowery w mieście › 3")
        await reader.press_at_once("colon", *"ulicy", "enter")
        assert reader.screen_lines[0].startswith("2  Na ulicy")
        await reader.press_at_once("L", *"russ", "enter", "L", *"pol", "escape", "j")
        assert "[ru]" in reader.status
        assert reader.page.has_focus
        await reader.press_at_once("h", "down", "enter", "y")
        assert reader.app.clipboard == "Возьмите куртку."

    read(script, folder, "rowery", size=(80, 10), lang="pl")


@pytest.mark.slow
def test_keys_behind_a_library_search_wait_for_its_hits(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("s", *"schronisku", "enter", "y")
        assert reader.app.clipboard.startswith("Sto kilometrów przez las")
        await reader.press_at_once("s", *"kurtkę", "escape", "y")
        assert reader.app.clipboard.startswith("Sto kilometrów przez las")

    read(script, folder, "rowery")


@pytest.mark.parametrize(
    ("keys", "screen"),
    [
        ("colon", FilterPicker),
        pytest.param("s", SearchScreen, marks=pytest.mark.slow),
        pytest.param("L", FilterPicker, marks=pytest.mark.slow),
        pytest.param("a", FilterPicker, marks=pytest.mark.slow),
        ("question_mark", HelpScreen),
    ],
)
def test_no_key_behind_one_that_opens_a_screen_reaches_the_page(folder: Path, keys: str, screen: type) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once(keys, *"tpoi")
        assert isinstance(reader.app.screen, screen)
        if screen is not HelpScreen:
            assert reader.app.screen.query_one(Input).value == "tpoi"
        assert not config_file().exists()

    read(script, folder, "rowery")


@pytest.mark.slow
def test_keys_wait_for_a_list_that_opens_slowly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reader: ReaderPilot) -> None:
        started, loaded = asyncio.Event(), asyncio.Event()
        run = reader.session.worker.run

        async def run_slowly(function: Any, *arguments: Any) -> Any:
            if function == reader.session.worker.articles:
                started.set()
                await loaded.wait()
            return await run(function, *arguments)

        monkeypatch.setattr(reader.session.worker, "run", run_slowly)
        for key in ("a", *"tras"):
            reader.app.post_message(events.Key(key, key))
        await started.wait()
        assert reader.app.screen is reader.article_screen
        reader.app.post_message(events.Key("y", "y"))
        reader.app.post_message(events.Key("enter", "\r"))
        await reader.pilot.pause()
        assert reader.app.screen is reader.article_screen
        loaded.set()
        await reader.settle()
        assert reader.status.startswith("Trasy rowerowe")
        assert reader.app.clipboard == ""
        assert not config_file().exists()

    read(script, folder, "rowery")


def test_keys_before_the_first_list_is_there_go_to_it(folder: Path) -> None:
    def type_ahead(reader: ReaderPilot) -> None:
        for key in (*"tras", "enter"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))

    async def script(reader: ReaderPilot) -> None:
        assert reader.status.startswith("Trasy rowerowe")
        assert not config_file().exists()

    read(script, folder, at_once=type_ahead)


def test_keys_in_the_outline_and_behind_it_are_handled_in_order(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("tab", "j", "enter", "j", "o")
        assert reader.page.has_focus
        assert not reader.article_screen.outline.display
        assert "› 2" in reader.status
        await reader.press_at_once("o", "tab", "g", "enter", "y")
        assert reader.app.clipboard == "Zanim wyjedziesz"

    read(script, folder, "rowery", size=(100, 10), lang="pl")


def never_list_articles(reader: ReaderPilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the worker list no articles; everything else it does, as watching the files, which a timer starts."""
    worker = reader.session.worker
    run = worker.run

    async def run_others(function: Any, *arguments: Any) -> Any:
        if function == worker.articles:
            await asyncio.Event().wait()
        return await run(function, *arguments)

    monkeypatch.setattr(worker, "run", run_others)


@pytest.mark.slow
def test_ctrl_c_waits_for_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reader: ReaderPilot) -> None:
        never_list_articles(reader, monkeypatch)
        for key in ("a", "x", "ctrl+c"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await reader.settle()
        assert not reader.app.is_running

    read(script, folder, "rowery")


@pytest.mark.slow
def test_escape_and_q_do_not_wait_for_a_list_that_opens_slowly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reader: ReaderPilot) -> None:
        never_list_articles(reader, monkeypatch)
        for key in ("a", "x"):
            reader.app.post_message(events.Key(key, key))
        await reader.pilot.pause()
        for key in ("escape", "t"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await reader.settle()
        assert reader.app.screen is reader.article_screen
        assert reader.status.startswith("theme")
        for key in ("a", "escape", "q"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await reader.pilot.pause()
        await reader.settle()
        assert not reader.app.is_running

    read(script, folder, "rowery")


@pytest.mark.slow
def test_keys_do_not_wait_for_the_next_match(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(reader: ReaderPilot) -> None:
        found = asyncio.Event()
        matches = reader.session.matches

        async def match_slowly(query: str) -> Any:
            await found.wait()
            return await matches(query)

        monkeypatch.setattr(reader.session, "matches", match_slowly)
        for key in ("slash", *"hamulce", "enter", "n", "t"):
            reader.app.post_message(events.Key(key, key if len(key) == 1 else None))
        while not reader.status.startswith("theme"):
            await reader.pilot.pause()
        found.set()
        await reader.settle()
        assert reader.status == "/hamulce   2 of 2"

    read(script, folder, "rowery")


# Pastes.


def test_a_paste_outside_a_prompt_does_nothing(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        before = reader.screen_lines, reader.status
        reader.app.post_message(events.Paste("tqo\rG"))
        await reader.settle()
        assert (reader.screen_lines, reader.status) == before
        assert reader.app.is_running
        assert not config_file().exists()

    read(script, folder, "rowery")


@pytest.mark.slow
@pytest.mark.parametrize("key", ["slash", "a", *slow("colon", "s", "L")])
def test_a_paste_behind_a_key_that_opens_a_prompt_goes_into_it(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        reader.app.post_message(events.Key(key, None))
        reader.app.post_message(events.Paste("qt one\nqt two"))
        reader.app.post_message(events.Key("x", "x"))
        await reader.settle()
        assert reader.app.screen.query_one(Input).value == "qt onex"

    read(script, folder, "rowery")


# In a terminal.


@pytest.mark.slow
def test_packets_in_a_terminal(folder: Path) -> None:
    terminal = in_terminal("-C", str(folder), "--lang", "pl", "read", "rowery")
    terminal.wait_for_next("Rowery w mieście")
    terminal.press("/hamulce\rn")
    terminal.wait_for_next("/hamulce   2 of 2")
    terminal.press("\x1b[200~tqo\n\x1b[201~")
    terminal.press("/\x1b[200~kurtkę\nq\x1b[201~\r")
    terminal.wait_for_next("/kurtkę   1 of 2")
    terminal.press("atrasy\r")
    terminal.wait_for_next("Trasy rowerowe")
    terminal.press(":dłu\ryq")
    assert terminal.end().code == 0
    assert "theme" not in terminal.written.decode(errors="replace")
    assert not config_file().exists()
