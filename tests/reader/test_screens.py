"""Sizes, hostile text, and what must never happen."""

from pathlib import Path
from typing import Any

import pytest
from pilot import POLISH, ReaderPilot, library, read, write
from rich.cells import cell_len
from support.marks import slow
from support.terminal import run_in_terminal
from textual.widgets import OptionList, Static

from relmgr_cli.layout.line import plain_text
from relmgr_cli.reader.widgets.status_bar import Part, StatusInfo, status_parts

HOSTILE = """\
---
title: "[bold red]Title[/] \\e]0;owned\\a \\u202Egnp"
---
## [link=https://evil.example]Heading[/link] \x1b[31m \u202egnp.exe

A paragraph with [b]markup[/b] \x1b]52;c;ZXZpbA==\x07 and \u200b in it. See [a [red]link[/red]](other.md) too.

## Key takeaways

- [reverse]One[/reverse] \x1b[2J is a sentence of some words.
- Two is another sentence of words.
- Three is a sentence that ends too.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(20, 5), *slow((40, 20), (80, 24), (200, 60), (12, 3))])
@pytest.mark.parametrize("mode", ["p", *slow("", "i")])
def test_it_works_in_every_size(folder: Path, size: tuple[int, int], mode: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(
            *mode, "j", "space", "G", "g", "]", "w", "right", "o", "o", "w", "plus", "equals_sign", "question_mark"
        )
        await reader.press("escape", "colon", "escape", "a", "escape", "s", "escape", "slash", "escape")
        for y in range(reader.page.size.height):
            assert reader.page.render_line(y).cell_length == reader.page.size.width

    read(script, folder, "rowery", size=size)


@pytest.mark.slow
def test_a_resize_keeps_the_block(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "]", "j", "j")
        before = reader.screen_lines
        assert before[0].startswith("Jedź prawą stroną")
        for size in ((40, 8), (200, 50), (30, 30)):
            await reader.resize(*size)
            assert reader.screen_lines[0].startswith("Jedź prawą")
        await reader.resize(80, 10)
        assert reader.screen_lines == before

    read(script, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_nothing_in_a_file_is_taken_for_markup_or_reaches_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    write(folder / "a.md", HOSTILE)
    write(folder / "other.md", "# Other\n\nIt is a text of some words.\n")

    async def script(reader: ReaderPilot) -> None:
        assert "[bold red]Title[/]" in reader.status
        outline = "".join(reader.article_screen.outline.render_line(y).text for y in range(2))
        assert "[link=https://evil.example]" in outline
        for key in ("colon", "h", "a"):
            await reader.press(key)
            options = reader.app.screen.query_one(OptionList)
            shown = "".join(str(options.get_option_at_index(index).prompt) for index in range(options.option_count))
            assert "[" in shown
            assert all(character.isprintable() for character in shown)
            await reader.press("escape")
        await reader.press("s")
        await reader.type("markup")
        preview = str(reader.app.screen.query_one(Static).content)
        assert "[b]" in preview
        assert "\x1b" not in preview
        await reader.press("escape", "]", "y")
        assert "\x1b" not in reader.app.clipboard
        assert "\u202e" not in reader.app.clipboard

    read(script, folder, "title", size=(120, 30))
    shown = run_in_terminal("-C", str(folder), "read", "title", keys=("]", "y", "h", "\x1b", "a", "\x1b", "q"))
    assert "\x1b]0;" not in shown
    assert "\x1b[2J" not in shown
    assert "ZXZpbA==\x07" not in shown
    assert "\u202e" not in shown


@pytest.mark.slow
def test_a_file_alone_is_read_with_its_translations(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)

    async def script(reader: ReaderPilot) -> None:
        assert reader.status.startswith("Rowery w mieście   [pl] ru")
        await reader.press("l", "slash")
        await reader.type("куртку")
        assert reader.status == "/куртку   1 of 2"

    read(script, (), f"{folder.name}/rowery.pl.md")


def bar(*args: Any, **options: Any) -> str:
    parts: list[Part] = status_parts(*args, **options)
    return "".join(plain_text(part.line) for part in parts)


@pytest.mark.parametrize("line", [3, 15, 17])
def test_a_line_of_a_file_is_where_the_reader_opens(folder: Path, line: int) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0].split()[-1] in POLISH.splitlines()[line - 1]

    read(script, folder, f"rowery.pl.md:{line}:7", size=(80, 8))


def test_with_many_languages_the_status_bar_counts_those_that_are_not_shown() -> None:
    languages = tuple("ar cs de en es fr hi id it ja ko nl pl pt ru sv tr uk vi zh".split())
    info = StatusInfo("Getting started", "3.1", languages, ("pl",), percent=42, minutes=2)
    enough = cell_len(bar(info, 300))
    assert bar(info, enough).count("ru") == 1
    assert bar(info, enough, library="documentation").startswith("Getting started › 3.1 · documentation   [pl] +19")
    assert bar(info, 120).endswith("[pl] +19     42 %   2 min   o outline  l language  s search  q quit  ? help")
    assert bar(info, 78).startswith("Getting started › 3.1   [pl] +19     42 %   2 min")
    assert "[pl] +19" in bar(info, 38)
    for width in range(20, 200):
        assert cell_len(bar(info, width)) <= width


def test_the_status_bar_has_the_keys_that_matter_also_where_a_section_is_named() -> None:
    info = StatusInfo("Getting started", "", ("en", "pl"), ("en",), percent=42, minutes=2)
    for shown in (info, info._replace(section="3.1")):
        assert bar(shown, 105).endswith("   o outline  l language  s search  q quit  ? help")
        assert bar(shown, 78).endswith("q quit  ? help")
        assert bar(shown, 50).endswith("   [en] pl     42 %   2 min   ? help")
        assert bar(shown, 38).endswith("   [en] pl     42 %   ?")
    assert bar(info, 100, library="docs").startswith("Getting started · docs   ")
    assert bar(info, 72, library="docs").startswith("Getting started · docs   [en] pl ")
    assert bar(info, 72, library="docs").endswith("2 min   q quit  ? help")
    assert bar(info, 55, library="docs").startswith("Getting started   ")
    assert "l language" not in bar(info._replace(languages=("en",)), 100)
    assert bar(info, 100, keys={"outline": "", "help": "F1"}).endswith("2 min   F1 help")


@pytest.mark.slow
def test_the_help_wraps_to_the_width_beside_its_scrollbar(tmp_path: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        for size in ((80, 24), (40, 20)):
            await reader.resize(*size)
            await reader.press("question_mark")
            keys = reader.app.screen.query_one("#keys", Static)
            lines = str(keys.content).splitlines()
            assert max(map(cell_len, lines)) <= keys.content_size.width
            await reader.press("q")

    read(script, library(tmp_path), "rowery", size=(80, 24))
