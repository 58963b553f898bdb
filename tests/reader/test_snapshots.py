"""What the reader looks like, as pictures that were looked at before they were accepted.

A picture that differs is written next to the accepted one as `*.new.svg`; ACCEPT_SNAPSHOTS=1 accepts what is drawn now.
"""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pilot import ReaderPilot, library, read
from support.marks import slow

from relmgr_cli.config import bundled_seeds

FOLDER = Path(__file__).parent / "snapshots"
ACCEPT = bool(os.environ.get("ACCEPT_SNAPSHOTS"))

Script = Callable[[ReaderPilot], Awaitable[None]]


def keys(*pressed: str) -> Script:
    async def script(reader: ReaderPilot) -> None:
        for key in pressed:  # one after the other: what the lens shows of a word depends on those before it
            await reader.press(key)

    return script


async def find_relations(reader: ReaderPilot) -> None:
    await reader.press("p", "slash")
    await reader.type("relacj")


async def search_customers(reader: ReaderPilot) -> None:
    await reader.press("s")
    await reader.type("klient")


STATES: dict[str, tuple[str, tuple[int, int], Script]] = {
    "wide-dark-outline": ("dark", (120, 36), keys("]")),
    "standard-terminal": ("terminal", (80, 24), keys()),
    "narrow-light": ("light", (40, 20), keys("]", "]")),
    "columns-dark-find": ("dark", (120, 30), find_relations),
    "interleaved-light": ("light", (90, 30), keys("]", "i")),
    "columns-contrast-lens": ("contrast", (110, 24), keys("]", "p", "w", "down", "right", "right", "right")),
    "jump-dark": ("dark", (80, 24), keys("colon")),
    "search-light": ("light", (100, 24), search_customers),
    "help-dark": ("dark", (80, 40), keys("question_mark")),
}


@pytest.mark.parametrize("name", [*[*STATES][::2], *slow(*[*STATES][1::2])])
def test_the_reader_looks_as_it_was_accepted(name: str) -> None:
    theme, size, script = STATES[name]
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[reader]\ntheme = "{theme}"\n')
    drawn = []

    async def draw(reader: ReaderPilot) -> None:
        await script(reader)
        await reader.wait_for_layout()  # the status bar may have another height
        drawn.append(normalised(reader.app.export_screenshot()))

    read(draw, bundled_seeds(), lang="pl", size=size)
    accepted = FOLDER / f"{name}.svg"
    if ACCEPT:
        FOLDER.mkdir(exist_ok=True)
        accepted.write_text(drawn[0], encoding="utf-8")
    elif drawn[0] != accepted.read_text(encoding="utf-8"):
        accepted.with_suffix(".new.svg").write_text(drawn[0], encoding="utf-8")
        pytest.fail(f"{name} looks different: see {accepted.with_suffix('.new.svg')}")


def normalised(svg: str) -> str:
    """Return a picture without what differs from run to run: the ids of its parts."""
    return re.sub(r"terminal-\d+", "terminal", svg)


@pytest.mark.slow
def test_a_picture_of_something_else_would_be_noticed(tmp_path: Path) -> None:
    drawn = []

    async def draw(reader: ReaderPilot) -> None:
        drawn.append(normalised(reader.app.export_screenshot()))
        await reader.press("j")
        drawn.append(normalised(reader.app.export_screenshot()))

    read(draw, library(tmp_path), "rowery", size=(60, 12))
    assert drawn[0] != drawn[1]
