"""Regular expressions in the find bar."""

from pathlib import Path

import pytest
from pilot import ReaderPilot, library, read, write
from textual.widgets import Static

from relmgr_cli.reader.widgets.find_bar import FindBar


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


def switch(reader: ReaderPilot) -> str:
    """The switch as it is shown; "" if it is hidden."""
    shown = reader.article_screen.query_one(FindBar).query_one(Static)
    return str(shown.content) if shown.display else ""


@pytest.mark.slow
def test_a_switch_turns_the_text_into_a_regular_expression(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        assert switch(reader) == "Ctrl+R  regex "
        await reader.press("ctrl+r")
        assert switch(reader) == "Ctrl+R [regex]"
        await reader.type("kurtk[ęi]|h.mulce$")
        assert reader.status == "/kurtk[ęi]|h.mulce$   1 of 2"
        await reader.press("enter", "n", "n")
        assert reader.status.endswith("   1 of 2")
        await reader.press("l")
        await reader.press("slash", "ctrl+r")
        assert switch(reader) == "Ctrl+R  regex "
        await reader.press("ctrl+r")
        await reader.type(r"тормоз\w")
        assert reader.status == r"/тормоз\w   1 of 2"

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_a_click_switches_too(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.pilot.click(FindBar, offset=(97, 0))
        await reader.type("h.mulce")
        assert reader.status == "/h.mulce   1 of 2"

    read(script, folder, "rowery", lang="pl")


def test_on_a_narrow_screen_the_switch_is_shown_while_it_is_on(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        assert switch(reader) == ""
        await reader.press("ctrl+r")
        assert switch(reader) == "Ctrl+R [regex]"

    read(script, folder, "rowery", size=(40, 12))


@pytest.mark.slow
def test_what_is_wrong_with_a_pattern_is_said_in_one_line(folder: Path) -> None:
    message = "invalid: missing ), unterminated subpattern at position 0"

    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash", "ctrl+r")
        await reader.type("(ha")
        assert reader.status == message
        await reader.press("enter")
        assert reader.page.has_focus
        await reader.press("j", "n")
        assert reader.status == message

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_a_pattern_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.search.regex_matching._SECONDS", 0.1)
    write(tmp_path / "a.md", f"# A\n\n{'a' * 5000}!\n")

    async def script(reader: ReaderPilot) -> None:
        await reader.press_at_once("slash", "ctrl+r", *"(a+)+$")
        assert reader.status == "takes too long; use a simpler one"

    read(script, tmp_path)


@pytest.mark.slow
def test_a_search_without_end_is_ended_by_the_next_key(tmp_path: Path) -> None:
    write(tmp_path / "a.md", f"# A\n\n{'a' * 5000}!\n\nThe end of it.\n")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash", "ctrl+r")
        await reader.pilot.press(*"(a+)+$")
        await reader.pilot.press("ctrl+u")
        await reader.type("e.d")
        assert reader.status == "/e.d   1 of 1"

    read(script, tmp_path)
