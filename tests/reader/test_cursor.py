"""The selected row of every list is visible in every theme, also without colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pilot import ReaderPilot, library, read
from support.marks import slow
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList

from relmgr_cli.config import READER_THEMES
from relmgr_cli.reader.widgets.outline import Outline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


def choose_theme(theme: str) -> None:
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[reader]\ntheme = "{theme}"\n')


def strips_of(widget: Widget) -> list[Strip]:
    """Return the lines of a widget as they leave for the terminal."""
    return widget.render_lines(Region(0, 0, *widget.region.size))


def reversed_lines(widget: Widget) -> Iterator[str]:
    """Yield the text in reverse video of each line that has some."""
    for strip in strips_of(widget):
        if text := "".join(part.text for part in strip if part.style is not None and part.style.reverse):
            yield " ".join(text.split())


# The keys that open each list, and a part of its second row.
LISTS = {
    "articles": ("a", "Trasy rowerowe"),
    "hits": ("s,k,u,r,t,k,ę", "Zanim wyjedziesz"),
    "languages": ("L", "ru"),
    "headings": ("colon", "Na ulicy"),
    "highlights": ("h", "Weź kurtkę."),
    "links": ("],enter", "stronę"),
    "outline": ("tab", "Na ulicy"),
}


@pytest.mark.slow
@pytest.mark.parametrize("color", [None, "never"], ids=["color", "NO_COLOR"])
@pytest.mark.parametrize("theme", [READER_THEMES[0], *slow(*READER_THEMES[1:])])
@pytest.mark.parametrize("lists", [("headings", "outline"), *slow(tuple(LISTS))], ids=["each widget", "all"])
def test_the_selected_row_is_in_reverse_video(
    folder: Path, lists: tuple[str, ...], theme: str, color: str | None
) -> None:
    choose_theme(theme)

    async def script(reader: ReaderPilot) -> None:
        for name in lists:
            keys, second = LISTS[name]
            await reader.press("g", *keys.split(","))
            await reader.press("down")
            widget = reader.app.screen.query_one(Outline if name == "outline" else OptionList)
            (selected,) = reversed_lines(widget)
            assert second in selected, name
            await reader.press("escape")

    read(script, folder, "rowery", lang="pl", color=color)


@pytest.mark.slow
@pytest.mark.parametrize("theme", [READER_THEMES[0], *slow(*READER_THEMES[1:])])
def test_the_selected_row_stays_visible_when_the_list_has_the_focus(folder: Path, theme: str) -> None:
    choose_theme(theme)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("colon", "tab", "down")
        options = reader.app.screen.query_one(OptionList)
        assert options.has_focus
        (selected,) = reversed_lines(options)
        assert "Na ulicy" in selected

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
@pytest.mark.parametrize("color", [None, "never"], ids=["color", "NO_COLOR"])
def test_the_cursor_of_an_input_is_in_reverse_video_in_the_colours_of_the_terminal(
    folder: Path, color: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if color:
        monkeypatch.setenv("NO_COLOR", "1")

    async def script(reader: ReaderPilot) -> None:
        for key in ("slash", "a"):
            await reader.press(key)
            (strip,) = strips_of(reader.app.screen.query_one(Input))
            (cursor,) = (part for part in strip if part.style is not None and part.style.reverse)
            assert len(cursor.text) == 1
            await reader.press("escape")

    read(script, folder, "rowery", lang="pl")
