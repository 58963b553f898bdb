"""Text in the reader is sanitized when it is drawn, clicked, typed or copied."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pilot import ReaderPilot, read, write
from support import terminal
from support.hostile_files import CHARACTERS, MARKUP, PAYLOAD, harm_in
from support.marks import slow
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from relmgr_cli.reader.screens.search import SearchScreen

TRAP = "[@click=app.quit]quit[/] [@click='screen.quit']x[/] [link=https://evil.example]y[/link] [/]"
TEXT = f"""\
# {TRAP}

Words {TRAP} and [{TRAP}](https://example.org/{TRAP.replace(" ", "")}) needle.

## {TRAP}

- First {TRAP}
- Second needle [mail](mailto:me@example.org).
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b[red]"):
        write(tmp_path / f"{name}.pl.md", TEXT)
    return tmp_path


def lines_of(reader: ReaderPilot) -> Iterator[Strip]:
    """Yield all lines that are drawn, as they leave for the terminal."""
    for widget in reader.app.screen.walk_children(Widget):
        if widget.display and widget.region:
            yield from widget.render_lines(Region(0, 0, *widget.region.size))


# What opens each screen of the reader.
SCREENS = ["", "o", "s,w,o,r,d,s", "enter", *slow("question_mark", "slash,q,u,i,t", "a", "colon", "h", "L", "w", "i")]
HELP = ("question_mark", "L")


@pytest.mark.parametrize("keys", SCREENS)
def test_no_cell_of_any_screen_has_an_action(folder: Path, keys: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(*filter(None, keys.split(",")))
        if isinstance(reader.app.screen, SearchScreen):  # which waits until nothing more is typed
            for _ in range(100):
                await reader.pilot.pause(0.05)
                if any("Words" in strip.text for strip in lines_of(reader)):
                    break
        drawn = list(lines_of(reader))
        assert any("[@click" in strip.text for strip in drawn) or keys in HELP
        for segment in (segment for strip in drawn for segment in strip):
            assert segment.style is None or (segment.style.link is None and "@click" not in segment.style.meta)

    read(script, folder, "1")


@pytest.mark.slow
def test_a_click_on_markup_is_a_click_on_text(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        for y, line in enumerate(reader.screen_lines):
            for trap in re.finditer("quit|x|y", line):
                await reader.pilot.click(offset=(reader.page.region.x + reader.page.left + trap.start(), y))
        await reader.settle()
        assert reader.app.is_running
        assert reader.app.return_code is None
        assert TRAP[:20] in reader.text

    read(script, folder, "1", size=(50, 24))


@pytest.mark.slow
@pytest.mark.parametrize("key", ["s", *slow("slash", "a", "colon")])
def test_what_is_pasted_is_shown_and_cannot_act(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(key)
        line = reader.app.screen.query_one(Input)
        line.post_message(events.Paste(PAYLOAD.replace("\x1b", "\n", 1)))
        await reader.settle()
        assert line.value
        assert not set(line.value) & set(CHARACTERS)
        line.insert_text_at_cursor("\u202e[red]")
        await reader.settle()
        assert "\\u{202e}[red]" in line.value
        assert harm_in("\n".join(strip.text for strip in lines_of(reader)).encode()) == []

    read(script, folder, "1")


def test_no_widget_can_draw_what_acts(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        reader.article_screen.status.show_message(f"one {PAYLOAD}")  # which must be clean, and is not
        await reader.pilot.pause()
        assert any("one " in strip.text for strip in lines_of(reader))
        for strip in lines_of(reader):
            assert harm_in(strip.text.encode()) == []
            assert strip.cell_length == sum(segment.cell_length for segment in strip)

    read(script, folder, "1")


def test_what_is_copied_cannot_act(tmp_path: Path) -> None:
    text = PAYLOAD.replace("\0", "").replace("\r", "")
    write(tmp_path / "a.pl.md", f"# A\n\nSome {text} words [x](<https://example.org/\u202e{MARKUP[:9]}>)\n")

    async def script(reader: ReaderPilot) -> None:
        reader.page.go_to(1)
        await reader.press("y")
        assert "␛]52" in reader.app.clipboard
        assert harm_in(reader.app.clipboard.encode()) == []
        await reader.press("enter")
        assert reader.app.clipboard.startswith("https://example.org/")
        assert harm_in(reader.app.clipboard.encode()) == []

    read(script, tmp_path, "1")


BUG = """\
from relmgr_cli.reader.widgets.page import Page
def fail(self, which):
    held = {text!r}
    raise ValueError(held)
Page.action_edge = fail
from relmgr_cli.cli.main import run
run()
"""
WORK = """\
import relmgr_cli.reader.navigation as navigation
async def fail(self):
    raise ValueError({text!r})
navigation.Navigator.heading = fail
from relmgr_cli.cli.main import run
run()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("script", "key"), [(BUG, "G"), pytest.param(WORK, ":", marks=pytest.mark.slow)])
def test_a_traceback_is_printed_after_the_screen_is_restored(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, key: str
) -> None:
    monkeypatch.setattr(terminal, "RELMGR", [sys.executable, "-c", script.format(text=PAYLOAD)])
    shown = terminal.run_in_terminal("-C", str(folder), "read", "1", keys=(key,))
    _, _, after = shown.rpartition("\x1b[?1049l")
    assert after.count("Traceback") == 1
    assert "ValueError: " in after
    assert "␇" in after
    assert harm_in(shown.encode(), screen=True) == []
