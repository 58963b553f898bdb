"""Every key of the reader does what the help says."""

import re
import sys
from asyncio import Event
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pilot import POLISH, RUSSIAN, ReaderPilot, library, read, write
from rich.cells import cell_len
from support.marks import slow
from textual.app import App
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from relmgr_cli import messages
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.screens.article import ArticleScreen
from relmgr_cli.reader.screens.help import HelpScreen
from relmgr_cli.reader.screens.picker import FilterPicker
from relmgr_cli.reader.screens.search import SearchScreen
from relmgr_cli.reader.widgets.page import Page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


CARS = next(line for line in POLISH.splitlines() if "samochody" in line)
LONG = "# Długi tekst\n\n" + "\n\n".join(
    f"## Rozdział {number}\n\nTo jest akapit {number}, który ma kilka słów i jedno zdanie.\n\nDrugi akapit {number}."
    for number in range(1, 41)
)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long"
    path.mkdir()
    write(path / "a.md", LONG)
    return path


# Moving.


def test_j_and_k_and_the_arrows_move_by_a_line(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("j")
        assert reader.screen_lines[:-1] == lines[1:]
        await reader.press("down")
        assert reader.screen_lines[:-2] == lines[2:]
        await reader.press("k", "up")
        assert reader.screen_lines == lines
        await reader.press("k")
        assert reader.screen_lines == lines  # that is the beginning

    read(script, long)


def test_space_and_b_move_by_a_screen_and_leave_two_lines(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("space")
        assert reader.screen_lines[:2] == lines[-2:]
        await reader.press("b")
        assert reader.screen_lines == lines
        await reader.press("pagedown", "pageup")
        assert reader.screen_lines == lines

    read(script, long)


def test_d_and_u_move_by_half_a_screen(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("d")
        half = len(lines) // 2
        assert reader.screen_lines[: len(lines) - half] == lines[half:]
        await reader.press("u")
        assert reader.screen_lines == lines

    read(script, long)


@pytest.mark.slow
def test_g_and_shift_g_go_to_the_start_and_the_end(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("G")
        assert reader.screen_lines[-1] == "Drugi akapit 40."
        assert len(reader.screen_lines) == len(lines)
        assert "100 %" in reader.status
        assert "0 min" in reader.status
        await reader.press("j")
        assert reader.screen_lines[-1] == "Drugi akapit 40."
        await reader.press("g")
        assert reader.screen_lines == lines
        assert " 0 %" in reader.status
        await reader.press("end", "home")
        assert reader.screen_lines == lines

    read(script, long)


def test_the_brackets_go_from_heading_to_heading(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("right_square_bracket")
        assert reader.screen_lines[0] == "1  Rozdział 1"
        await reader.press("]")
        assert reader.screen_lines[0] == "2  Rozdział 2"
        assert "› 2 " in reader.status
        await reader.press("j", "j", "left_square_bracket")
        assert reader.screen_lines[0] == "2  Rozdział 2"
        await reader.press("[", "[", "[")
        assert reader.screen_lines[0].startswith("Długi tekst")
        await reader.press("G", "]")
        assert reader.screen_lines[0] == "40  Rozdział 40"  # even where the end leaves the bottom

    read(script, long, size=(80, 12))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "same"),
    [
        ("ctrl+d", "d"),
        ("ctrl+u", "u"),
        ("ctrl+f", "space"),
        ("f", "space"),
        ("ctrl+b", "b"),
        ("ctrl+e", "j"),
        ("ctrl+n", "j"),
        ("ctrl+y", "k"),
        ("ctrl+p", "k"),
        ("less_than_sign", "g"),
        ("greater_than_sign", "G"),
    ],
)
def test_keys_of_less_move_the_page(long: Path, key: str, same: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "]", "]", "]")
        start = reader.screen_lines
        await reader.press(same)
        lines = reader.screen_lines
        assert lines != start
        await reader.press("g", "]", "]", "]", "]", key)
        assert reader.screen_lines == lines

    read(script, long)


@pytest.mark.slow
def test_a_count_repeats_a_movement_and_is_shown_while_it_is_typed(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("1", "2")
        assert reader.status == "12"
        await reader.press("j")
        assert reader.screen_lines[:5] == lines[12:17]
        assert "Długi tekst" in reader.status
        await reader.press("j")
        assert reader.screen_lines[:5] == lines[13:18]
        await reader.press("1", "3", "k")
        assert reader.screen_lines == lines
        await reader.press("3", "]", "2", "[")
        assert reader.screen_lines[0] == "1  Rozdział 1"
        await reader.press("g", "9", "9", "9", "9", "9", "9", "9", "9", "9", "]")
        assert reader.screen_lines[0] == "40  Rozdział 40"

    read(script, long)


@pytest.mark.slow
def test_a_count_before_g_names_a_line_of_the_page_and_before_percent_a_part_of_the_text(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.press("1", "5", "G")
        assert reader.screen_lines[0] == lines[14]
        await reader.press("1", "G")
        assert reader.screen_lines == lines
        await reader.press("5", "0", "percent_sign")
        assert "  50 %" in reader.status
        await reader.press("percent_sign")
        assert reader.screen_lines == lines
        await reader.press("1", "0", "0", "percent_sign")
        end = reader.screen_lines
        assert end[-1] == "Drugi akapit 40."
        await reader.press("g", "9", "9", "9", "9", "G")
        assert reader.screen_lines == end

    read(script, long)


def test_the_wheel_and_a_later_key_do_not_use_a_count_again(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("4", "G")
        lines = reader.screen_lines
        await reader.pilot._post_mouse_events([_wheel(down=True)], widget=reader.page)  # noqa: SLF001 (there is no public way)
        await reader.settle()
        assert reader.screen_lines[:-3] == lines[3:]
        await reader.press("9", "escape", "k")
        assert reader.screen_lines[:-2] == lines[2:]

    read(script, long)


def test_a_count_moves_the_cursor_of_the_outline(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("tab", "4", "j", "enter")  # from the first heading
        assert reader.screen_lines[0] == "5  Rozdział 5"

    read(script, long)


def test_the_wheel_moves_the_page(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        lines = reader.screen_lines
        await reader.pilot._post_mouse_events([_wheel(down=True)], widget=reader.page)  # noqa: SLF001 (there is no public way)
        await reader.settle()
        assert reader.screen_lines[:-3] == lines[3:]
        await reader.pilot._post_mouse_events([_wheel(down=False)], widget=reader.page)  # noqa: SLF001
        await reader.settle()
        assert reader.screen_lines == lines

    read(script, long)


def _wheel(*, down: bool) -> Any:
    from textual.events import MouseScrollDown, MouseScrollUp

    return MouseScrollDown if down else MouseScrollUp


# The mouse.


async def click(reader: ReaderPilot, widget: Widget, text: str) -> None:
    """Click the first text in the first line of a widget."""
    x = cell_len(widget.render_line(0).text.partition(text)[0])
    await reader.pilot.click(widget, offset=(x, 0))
    await reader.settle()


def test_a_click_on_the_name_of_a_language_switches_to_it(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await click(reader, reader.article_screen.status, "ru")
        assert reader.session.language == "ru"
        await click(reader, reader.article_screen.status, "pl")
        assert reader.session.language == "pl"
        await click(reader, reader.page, "ru")  # next to the title
        assert reader.session.language == "ru"

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "screen"),
    [("help", HelpScreen), ("search", SearchScreen), ("› 1", FilterPicker), ("Rowery", FilterPicker)],
)
def test_a_click_on_another_part_of_the_status_bar_does_what_a_key_does(
    folder: Path, text: str, screen: type[Screen[Any]]
) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]")
        await click(reader, reader.article_screen.status, text)
        assert isinstance(reader.app.screen, screen)

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_a_click_on_a_hit_or_an_article_opens_it(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        await reader.type("nocleg")
        await reader.pilot.click(OptionList, offset=(4, 0))
        await reader.settle()
        assert "Sto kilometrów przez las" in reader.text
        await reader.press("a")
        await reader.pilot.click(OptionList, offset=(4, 0))
        await reader.settle()
        assert "Rowery w mieście" in reader.status

    read(script, folder, "rowery", lang="pl")


def test_a_click_on_a_message_shows_the_position_again(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("plus")
        assert reader.status.startswith("line length")
        await click(reader, reader.article_screen.status, "line")
        assert "Rowery w mieście" in reader.status

    read(script, folder, "rowery", lang="pl")


# The outline and jumping.


def test_o_hides_and_shows_the_outline_and_keeps_that_in_the_config_file(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert reader.article_screen.outline.display
        await reader.press("o")
        assert not reader.article_screen.outline.display
        config = Path.home() / ".config/relmgr/config.toml"
        assert "outline = false" in config.read_text()
        await reader.press("o")
        assert reader.article_screen.outline.display
        assert "outline = true" in config.read_text()

    read(script, folder, "rowery")


@pytest.mark.slow
def test_tab_goes_to_the_outline_where_enter_chooses_a_section(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("tab")
        assert reader.article_screen.outline.has_focus
        await reader.press("j", "j", "k", "enter")
        assert reader.page.has_focus
        assert reader.screen_lines[0].startswith("2  Na ulicy")
        await reader.press("tab", "G", "enter")
        assert reader.screen_lines[0].startswith("3  Najważniejsze")
        await reader.press("tab", "g", "enter", "tab", "tab")
        assert reader.screen_lines[0].startswith("1  Zanim")
        assert reader.page.has_focus

    read(script, folder, "rowery")


def test_a_click_in_the_outline_chooses_a_section(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.pilot.click(reader.article_screen.outline, offset=(5, 2))
        await reader.settle()
        assert reader.screen_lines[0].startswith("2.1  Skrzyżowania")
        assert "› 2.1" in reader.status

    read(script, folder, "rowery")


def test_on_a_narrow_screen_the_outline_comes_when_asked_for_and_goes_when_chosen_from(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert not reader.article_screen.outline.display
        await reader.press("o")
        assert reader.article_screen.outline.display
        assert not reader.page.display
        await reader.press("j", "enter")
        assert not reader.article_screen.outline.display
        assert reader.screen_lines[0].startswith("2  Na ulicy")

    read(script, folder, "rowery", size=(40, 20))


def test_colon_jumps_to_a_heading_by_a_part_of_it_in_any_language(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("colon")
        await reader.type("skrzyz")
        await reader.press("enter")
        assert reader.screen_lines[0].startswith("2.1  Skrzyżowania")
        await reader.press("colon")
        await reader.type("главное")
        await reader.press("enter")
        assert reader.screen_lines[0].startswith("3  Najważniejsze")
        await reader.press("colon", "escape")
        assert reader.screen_lines[0].startswith("3  Najważniejsze")

    read(script, folder, "rowery")


def test_in_the_list_of_headings_the_arrows_move_and_begin_where_one_is(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "colon", "down", "enter")
        assert reader.screen_lines[0].startswith("2  Na ulicy")
        await reader.press("colon", "up", "enter")
        assert reader.screen_lines[0].startswith("1  Zanim")

    read(script, folder, "rowery")


# Languages and modes.


def test_l_switches_the_language_and_the_block_stays_where_it_is(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("j", "j", "j", "j", "j", "j", "j")
        row = reader.page.viewport.current
        line = reader.page.viewport.line_of(row)
        await reader.press("l")
        assert "[ru]" in reader.status
        assert reader.page.viewport.current == row
        assert reader.page.viewport.line_of(row) == line
        assert reader.screen_lines[line or 0] == "Проверьте тормоза и воздух в шинах, прежде чем выехать из дома на"
        await reader.press("l")
        assert "[pl]" in reader.status
        assert reader.screen_lines[line or 0].startswith("Sprawdź hamulce i powietrze")

    read(script, folder, "rowery", size=(100, 12))


def test_l_lays_the_page_out_once_and_draws_each_line_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    set_view, render_line = ArticleRows.set_view, Page.render_line

    def counted_set_view(rows: ArticleRows, view: View) -> None:
        calls.append("layout")
        set_view(rows, view)

    def counted_render_line(page: Page, y: int) -> Strip:
        calls.append("line")
        return render_line(page, y)

    async def script(reader: ReaderPilot) -> None:
        monkeypatch.setattr(ArticleRows, "set_view", counted_set_view)
        monkeypatch.setattr(Page, "render_line", counted_render_line)
        await reader.press("l")
        assert "[ru]" in reader.status
        assert calls.count("layout") == 1
        assert calls.count("line") == reader.page.size.height

    read(script, folder, "rowery", size=(80, 30), lang="pl")


@pytest.mark.slow
def test_shift_l_chooses_a_language(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("L")
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.type("russ")
        await reader.press("enter")
        assert "[ru]" in reader.status
        await reader.press("L", "escape")
        assert "[ru]" in reader.status

    read(script, folder, "rowery")


def test_an_article_in_one_language_is_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        for key in ("l", "p", "i"):
            await reader.press(key)
            assert reader.status == "only in pl"

    read(script, folder, "trasy")


def test_p_sets_two_languages_side_by_side_and_counterparts_on_the_same_line(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "p")
        assert "Zanim wyjedziesz" in reader.screen_lines[0]
        assert "Перед выездом" in reader.screen_lines[0]
        assert 'mode = "columns"' in (Path.home() / ".config/relmgr/config.toml").read_text()
        await reader.press("space")
        assert any("Na skrzyżowaniu" in line and "На перекрёстке" in line for line in reader.screen_lines)
        await reader.press("p")
        assert "Перед выездом" not in reader.text

    read(script, folder, "rowery", size=(100, 20))


@pytest.mark.slow
def test_x_scrolls_a_column_alone(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("p", "x")
        assert reader.status == "only pl scrolls"

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_i_sets_them_one_below_the_other(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "i")
        assert reader.screen_lines[0] == "pl  1  Zanim wyjedziesz"
        assert reader.screen_lines[1].split() == ["ru", "Перед", "выездом"]
        await reader.press("p")
        assert "Перед выездом" in reader.screen_lines[0]
        await reader.press("i", "i")
        assert reader.screen_lines[0] == "1  Zanim wyjedziesz"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_without_room_for_columns_the_languages_are_interleaved_and_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("p")
        assert reader.status == "no room for columns"
        assert reader.screen_lines[0].startswith("pl  ")

    read(script, folder, "rowery", size=(24, 20))


ENGLISH = """\
# Bicycles in town

A short text about how to ride a bicycle in town and not get wet in the rain.

## Before you leave

Check the brakes and the air in the tyres before you leave home for the street.

Take a jacket, because the weather changes fast. See also the [map](trasy.pl.md#dluga) and [this](https://example.org/a).

## In the street

Keep to the right and look at the cars that turn.

### Crossings

Slow down at a crossing, because drivers often do not see cyclists.

## Highlights

- Check the brakes.
- Take a jacket.
- Slow down at a crossing.
"""


@pytest.mark.slow
def test_a_language_that_a_wider_screen_has_room_for_comes_with_its_matches(folder: Path) -> None:
    write(folder / "rowery.en.md", ENGLISH)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("p", "o", "slash")
        await reader.type("brakes")
        await reader.press("enter")
        assert ",".join(reader.page.rows.layout.languages) == "en,pl"
        assert "тормоза" not in marked(reader, "match")
        await reader.resize(140, 20)
        assert ",".join(reader.page.rows.layout.languages) == "en,pl,ru"
        assert "тормоза" in marked(reader, "match")
        await reader.resize(90, 20)
        assert ",".join(reader.page.rows.layout.languages) == "en,pl"

    read(script, folder, "rowery", size=(90, 20), lang="en")


def test_two_languages_asked_for_begin_side_by_side(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert reader.page.rows.layout.languages == ("ru", "pl")

    read(script, folder, "rowery", lang="ru,pl")


# Searching.


def test_slash_finds_while_one_types_and_n_goes_on(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("hamulce")
        assert reader.status == "/hamulce   1 of 2"
        await reader.press("enter")
        assert reader.page.has_focus
        assert marked(reader, "match.current") == ["hamulce"]
        await reader.press("n")
        assert reader.status == "/hamulce   2 of 2"
        await reader.press("n")
        assert reader.status == "/hamulce   1 of 2"
        await reader.press("N")
        assert reader.status == "/hamulce   2 of 2"
        await reader.press("escape")
        assert marked(reader, "match") == []
        await reader.press("slash", *"zzzz", "enter", "n")
        assert reader.status == "no matches: zzzz"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_search_that_has_ended_is_repeated_and_those_before_are_recalled(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("n")
        assert reader.status == "no search yet; /: search"
        await reader.press("slash", "enter")
        assert reader.status == "no search yet; /: search"
        await reader.press("slash", *"kurtk", "enter", "slash", *"hamulce", "enter")
        await reader.press("escape", "n")
        assert reader.status == "/hamulce   2 of 2"
        await reader.press("slash", "enter")
        assert reader.status == "/hamulce   1 of 2"
        await reader.press("slash", *"h", "up", "up", "up")
        assert reader.status == "/kurtk   1 of 2"
        await reader.press("down", "down")
        assert reader.article_screen.query_one(Input).value == "h"

    read(script, folder, "rowery")


def test_n_counts_from_where_the_reader_has_moved(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash", *"drugi", "enter", "n", "n", "n")
        assert reader.status == "/drugi   4 of 40"
        await reader.press("g", "n")
        assert reader.status == "/drugi   1 of 40"
        await reader.press("j", "n")
        assert reader.status == "/drugi   2 of 40"
        await reader.press("k", "n")
        assert reader.status == "/drugi   3 of 40"
        await reader.press("G", "N")
        assert reader.status == "/drugi   40 of 40"
        await reader.press("n")
        assert reader.status == "/drugi   1 of 40"
        await reader.press("2", "0", "]", "n")
        assert int(reader.status.split()[1]) in range(19, 23)

    read(script, long)


@pytest.mark.slow
def test_a_search_that_takes_long_is_announced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.reader.article_search._PATIENCE_SECONDS", 0.001)

    async def script(reader: ReaderPilot) -> None:
        never = Event()
        monkeypatch.setattr(reader.session, "matches", lambda _: never.wait())
        for keys in ("h", "e"), ("h", "enter", "n"):
            await reader.pilot.press("slash", *keys)
            while reader.status != "searching...":
                await reader.pilot.pause()
            await reader.press("escape")
            assert "Rowery" in reader.status

    read(script, folder, "rowery")


def marked(reader: ReaderPilot, style: str) -> list[str]:
    """The texts on the screen that have a mark."""
    page = reader.page
    found = []
    for row, line in page.positions:
        text = "".join(run.text for run in page.rows.lines(row)[line])
        found += [
            text[start:end] for start, end, name in page.decorations.on_line(page.rows, row, line) if name == style
        ]
    return found


@pytest.mark.slow
def test_accents_and_case_do_not_matter_to_a_search(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("KURTKE")
        await reader.press("enter")
        assert marked(reader, "match.current") == ["kurtkę"]

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_search_that_is_given_up_leads_back_to_where_it_began(long: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        before = reader.screen_lines
        await reader.press("slash")
        await reader.type("30")
        assert "Drugi akapit 30." in reader.text
        await reader.press("escape")
        assert reader.screen_lines == before
        assert reader.page.has_focus

    read(script, long)


@pytest.mark.slow
def test_a_query_without_matches_is_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("xyzzy")
        assert reader.status == "no matches: xyzzy"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_what_is_only_in_the_other_language_is_found_there(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("шинах")
        await reader.press("enter")
        assert "(only in ru)" in reader.status
        await reader.press("l")
        assert marked(reader, "match.current") == ["шинах"]
        await reader.press("p")
        assert marked(reader, "match.current") == ["шинах"]

    read(script, folder, "rowery")


def test_s_searches_the_library_and_opens_a_hit(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        search = reader.app.screen
        assert isinstance(search, SearchScreen)
        await reader.type("długa")
        assert "Trasy rowerowe › 2 Długa" in str(search.options.get_option_at_index(0).prompt)
        assert "Długa" in str(search.preview.content)
        await reader.press("enter")
        assert marked(reader, "match.current") == ["Długa"]
        await reader.press("escape", "j")
        assert reader.status.startswith("Trasy rowerowe")
        await reader.press("backspace")
        assert reader.status.startswith("Rowery w mieście")
        await reader.press("s")
        await reader.type("xyzzy")
        await reader.press("down", "enter", "escape")
        assert reader.page.has_focus

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_hit_shows_both_languages_with_what_was_found_and_opens_at_its_block(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        search = reader.app.screen
        assert isinstance(search, SearchScreen)
        await reader.type("kierowcy")
        preview = search.preview.content
        assert isinstance(preview, Content)
        assert {preview.plain[span.start : span.end] for span in preview.spans if span.style != "dim"} == {
            "kierowcy",
            "водители",
        }
        await reader.press("enter")
        block = reader.page.rows.text(reader.page.viewport.current, "pl")
        assert block.startswith("Na skrzyżowaniu zwolnij")
        assert marked(reader, "match.current") == ["kierowcy"]
        assert reader.status == "/kierowcy   1 of 1"

    read(script, folder, "trasy", size=(60, 10))


@pytest.mark.slow
def test_of_many_languages_a_hit_shows_as_many_as_the_search_command(tmp_path: Path) -> None:
    for tag, word in (("pl", "wątek"), ("en", "thread"), ("de", "nadel"), ("fr", "needle"), ("ru", "нить")):
        (tmp_path / f"page.{tag}.md").write_text(f"---\nlang: {tag}\n---\n# Page {tag}\n\n{word}\n")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        await reader.type("needle")
        search = reader.app.screen
        assert isinstance(search, SearchScreen)
        assert [part.split()[0] for part in str(search.preview.content).split("\n\n")] == ["pl", "en", "fr"]
        assert str(search.options.get_option_at_index(0).prompt) == "Page pl"  # the text before the first heading
        await reader.press("enter")
        assert reader.status == "/needle   1 of 2 (only in de, fr)"

    read(script, tmp_path, lang="pl")


def test_a_search_that_takes_long_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.reader.screens.search._PATIENCE_SECONDS", 0.001)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        search = reader.app.screen
        assert isinstance(search, SearchScreen)
        announced = Event()
        update = search.preview.update

        def record(content: Content) -> None:
            update(content)
            if str(content) == "searching...":
                announced.set()

        async def hits(_: str) -> tuple[()]:
            await announced.wait()
            return ()

        monkeypatch.setattr(search.preview, "update", record)
        monkeypatch.setattr(reader.session, "hits", hits)
        await reader.type("xyzzy")
        assert str(search.preview.content).startswith("no matching sections")

    read(script, folder, "rowery")


@pytest.mark.slow
def test_where_words_have_not_been_learnt_what_is_not_found_is_not_denied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relmgr_cli.core.library.MAX_PASSAGES_INTERACTIVE", -1)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("hamulcami")
        assert reader.status.startswith("/hamulcami   1 of")
        await reader.press(*["backspace"] * 9)
        await reader.type("brakes")
        assert reader.status == ("no matches: brakes (keyword search only; run relmgr index for semantic search)")
        await reader.press("escape", "s")
        await reader.type("xyzzy")
        search = reader.app.screen
        assert isinstance(search, SearchScreen)
        assert str(search.preview.content).startswith("no matching sections (keyword search only; run relmgr index")

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_hit_that_says_it_in_other_words_is_opened_without_a_word(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("s")
        await reader.type("how to stay dry when it rains")
        await reader.press("enter")
        assert isinstance(reader.app.screen, ArticleScreen)
        assert "no matches" not in reader.status

    read(script, folder, "trasy")


# Other articles, links, the way back.


def test_a_lists_the_articles_with_languages_and_what_was_read(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("a")
        chooser = reader.app.screen
        assert isinstance(chooser, FilterPicker)
        options = chooser.query_one(OptionList)
        texts = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert [re.sub(r"\S*/", "…/", text) for text in texts] == [
            "1  Rowery w mieście  pl ru  read today  …/rowery.pl.md",
            "2  Trasy rowerowe    pl     …/trasy.pl.md",
        ]
        await reader.type("трасы")
        assert options.highlighted is None
        await reader.press("enter", *["backspace"] * 5)
        await reader.type("trasy")
        await reader.press("enter")
        assert reader.status.startswith("Trasy rowerowe")
        await reader.press("backspace")
        assert reader.status.startswith("Rowery")

    read(script, folder, "rowery")


def test_an_article_that_was_not_chosen_was_not_read(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        chooser = reader.app.screen
        assert isinstance(chooser, FilterPicker)
        options = chooser.query_one(OptionList)
        texts = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        assert len(texts) == 2
        assert not any("read" in text for text in texts)

    read(script, folder)


def test_the_list_of_articles_opens_once(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        reading = reader.app.screen
        assert isinstance(reading, ArticleScreen)
        reading.action_navigate("articles")
        reading.action_navigate("articles")
        await reader.settle()
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press("escape")
        shown: object = reader.app.screen
        assert shown is reading

    read(script, folder, "rowery")


def test_without_an_article_one_of_several_is_chosen_first(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press("down", "enter")
        assert reader.status.startswith("Trasy rowerowe")

    read(script, folder)


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
def test_who_chooses_none_at_the_start_leaves(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(key)
        assert not reader.app.is_running

    read(script, folder)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["a", "L", "colon"])
def test_a_list_without_a_match_says_so(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(key, *"xyzzy")
        shown = reader.app.screen.query_one(OptionList)
        assert [str(shown.get_option_at_index(index).prompt) for index in range(shown.option_count)] == [
            "nothing matches"
        ]
        await reader.press("down", "enter")
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press(*["backspace"] * 5, "enter")
        assert reader.page.has_focus

    read(script, folder, "rowery")


@pytest.mark.slow
def test_the_chooser_of_headings_takes_a_number_and_the_command_to_quit(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("colon", "2", "enter")
        assert "› 2 " in reader.status
        await reader.press("colon", "q", "enter")
        assert not reader.app.is_running

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_language_is_listed_by_its_names(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        for name, tag in (("русский", "ru"), ("polski", "pl")):
            await reader.press("L", *name, "enter")
            assert reader.session.language == tag

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_enter_follows_a_link_to_a_section_and_backspace_leads_back(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j")
        before = reader.screen_lines
        await reader.press("enter")
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press("enter")
        assert reader.status.startswith("Trasy rowerowe › 2")
        assert reader.screen_lines[0].startswith("2  Długa")
        await reader.press("backspace")
        assert reader.screen_lines == before
        await reader.press("backspace")
        assert reader.status == "nothing to go back to"

    read(script, folder, "rowery")


@pytest.mark.slow
@pytest.mark.parametrize(("back", "forward"), [("backspace", "F"), ("alt+left", "alt+right"), ("ctrl+o", "F")])
def test_one_goes_forward_again_to_where_one_was_before_going_back(folder: Path, back: str, forward: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        first = reader.screen_lines
        await reader.press("enter", "enter")
        assert reader.status.startswith("Trasy rowerowe › 2")
        await reader.press("k", "k")
        second = reader.screen_lines
        await reader.press(back)
        assert reader.screen_lines == first
        await reader.press("l", forward)
        assert reader.screen_lines == second
        await reader.press(forward)
        assert reader.status == "nothing to go forward to"
        await reader.press(back)
        assert "[ru]" in reader.status  # as it was left
        await reader.press(forward)
        assert reader.screen_lines == second

    read(script, folder, "rowery", size=(80, 12))


@pytest.mark.slow
def test_opening_an_article_ends_the_way_forward(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("enter", "enter", "backspace", "a", "down", "enter")
        assert reader.status.startswith("Trasy rowerowe")
        await reader.press("F")
        assert reader.status == "nothing to go forward to"
        await reader.press("backspace")
        assert reader.status.startswith("Rowery")

    read(script, folder, "rowery")


@pytest.mark.slow
def test_what_is_gone_forward_is_reported_and_skipped(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("enter", "enter", "backspace")
        (folder / "trasy.pl.md").unlink()
        await reader.session.worker.run(reader.session.worker.articles)
        await reader.press("F")
        assert reader.status == "no longer in the library: trasy.pl.md"
        assert "Rowery w mieście" in reader.text
        await reader.press("backspace")
        assert reader.status == "nothing to go back to"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_an_outside_link_is_copied_not_opened(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("enter")
        await reader.type("example")
        await reader.press("enter")
        assert reader.status == "outside the library; sent to the terminal's clipboard: https://example.org/a"
        assert reader.app.clipboard == "https://example.org/a"

    read(script, folder, "rowery")


def test_a_click_on_a_link_follows_it(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        y = reader.y_of("mapę tras")
        x = reader.page.left + reader.screen_lines[y].index("mapę tras")
        await reader.pilot.click(reader.page, offset=(x + 3, y))
        await reader.settle()
        assert reader.status.startswith("Trasy rowerowe › 2")

    read(script, folder, "rowery")


def test_enter_without_a_visible_link_is_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("enter")
        assert reader.status == "no links on the screen"

    read(script, folder, "trasy")


@pytest.mark.slow
def test_h_lists_the_key_points_and_leads_to_one(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("h")
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press("down", "enter")
        assert reader.screen_lines[0] == "• Weź kurtkę."

    read(script, folder, "rowery")


def test_an_article_without_key_points_is_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("h")
        assert reader.status == "no key points"

    read(script, folder, "trasy")


# The block at reader.


def test_y_copies_the_block(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "y")
        assert reader.app.clipboard == "Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę."
        assert reader.status.startswith("sent to the terminal's clipboard: Sprawdź")
        await reader.press("p", "y")
        assert reader.app.clipboard.splitlines()[2].startswith("Проверьте тормоза")

    read(script, folder, "rowery", size=(80, 12))


def test_e_opens_the_editor_at_the_line_and_the_page_follows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "rowery.pl.md"
    log = folder.parent / "log"
    editor = folder.parent / "vi"
    editor.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\n"
        f"pathlib.Path({str(log)!r}).write_text(repr(sys.argv[1:]))\n"
        f"path = pathlib.Path(sys.argv[2]); text = path.read_text()\n"
        "path.write_text(text.replace('# Rowery w mieście', '# Rowery w mieście\\n\\nDopisany akapit.', 1)"
        ".replace('Sprawdź hamulce i', 'Obejrzyj hamulce i'))\n"
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())

    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j")
        assert reader.screen_lines[0].startswith("Sprawdź hamulce")
        await reader.press("e")
        line = POLISH.splitlines().index("Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę.") + 1
        assert log.read_text() == repr([f"+{line}", str(path)])
        assert reader.screen_lines[0].startswith("Obejrzyj hamulce")  # the same block at the same line
        await reader.press("g")
        assert "Dopisany akapit." in reader.text
        await reader.press("slash", *"samochody", "enter")
        line = path.read_text().splitlines().index(CARS) + 1
        await reader.press("v")
        assert log.read_text() == repr([f"+{line}", str(path)])

    read(script, folder, "rowery", size=(80, 12))


def test_a_missing_editor_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/at/all --wait")
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())

    async def script(reader: ReaderPilot) -> None:
        await reader.press("e")
        assert reader.status == "cannot start /nowhere/at/all: No such file or directory; set VISUAL or EDITOR"

    read(script, folder, "rowery")


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("empty", "bundled articles are not edited; -C FOLDER opens your own"),
        ("work tree", "bundled articles are not edited; -C FOLDER opens your own"),
        ("file", "cannot start /nowhere: No such file or directory; set VISUAL or EDITOR"),
        ("library", "set EDITOR or VISUAL to edit"),
    ],
)
def test_without_an_editor_and_for_the_bundled_articles_none_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: str, status: str
) -> None:
    monkeypatch.setenv("EDITOR", "" if place == "library" else "/nowhere")
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())
    (folder / "empty").mkdir()
    if place == "work tree":
        (folder / "empty/.git/objects").mkdir(parents=True)
        (folder / "empty/.git/HEAD").write_text("ref: refs/heads/main\n")
    monkeypatch.chdir(folder / "empty")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("e")
        assert reader.status == status

    name = str(folder / "rowery.pl.md") if place == "file" else "1"
    read(script, folder if place == "library" else (), name)


def test_w_and_the_arrows_go_from_word_to_word(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "w")
        assert marked(reader, "cursor") == ["Sprawdź"]
        assert reader.status.startswith("pl Sprawdź → ")
        await reader.press("right", "right")
        assert marked(reader, "cursor") == ["i"]
        await reader.press("left")
        assert marked(reader, "cursor") == ["hamulce"]
        await reader.press("up")
        assert marked(reader, "cursor") == ["wyjedziesz"]  # of the heading
        await reader.press("down")
        assert marked(reader, "cursor") == ["hamulce"]
        await reader.press("down")
        assert marked(reader, "cursor") == ["kurtkę"]
        await reader.press("w")
        assert marked(reader, "cursor") == []

    read(script, folder, "rowery", size=(80, 12))


def test_the_word_cursor_goes_with_the_mouse(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("w")
        y = reader.y_of("Jedź prawą stroną")
        await reader.pilot.hover(reader.page, offset=(reader.page.left + 6, y))
        await reader.settle()
        assert marked(reader, "cursor") == ["prawą"]

    read(script, folder, "rowery")


def test_a_double_click_shows_the_word_cursor(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        at = (reader.page.left + 9, reader.y_of("Sprawdź hamulce"))
        await reader.pilot.click(reader.page, offset=at)
        await reader.settle()
        assert reader.page.word is None
        await reader.pilot.double_click(reader.page, offset=at)
        await reader.settle()
        assert marked(reader, "cursor") == ["hamulce"]
        await reader.press("escape")
        assert reader.page.word is None

    read(script, folder, "rowery", lang="pl")


def test_the_counterpart_is_marked_and_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counterpart(_: object, text: str, word: tuple[int, int], others: str, *__: object) -> tuple[int, int] | None:
        assert text[word[0] : word[1]] == "Sprawdź"
        at = others.index("воздух")  # which the search would never answer
        return at, at + len("воздух")

    monkeypatch.setattr("relmgr_cli.search.word_alignment.find_counterpart", counterpart)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "p", "w")
        assert reader.status == "pl Sprawdź → ru воздух; Enter: keep, Esc: close"
        assert marked(reader, "translation") == ["воздух"]

    read(script, folder, "rowery", size=(80, 12))


# Comfort.


@pytest.mark.slow
def test_t_goes_through_the_themes_and_keeps_the_last(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        seen = []
        for _ in range(4):
            await reader.press("t")
            seen.append((reader.status, reader.app.theme))
        assert seen == [
            ("theme: dark", "relmgr-dark"),
            ("theme: light", "relmgr-light"),
            ("theme: contrast", "relmgr-contrast"),
            ("theme: terminal", "ansi-dark"),
        ]
        await reader.press("t")
        assert 'theme = "dark"' in (Path.home() / ".config/relmgr/config.toml").read_text()

    read(script, folder, "rowery")

    async def again(reader: ReaderPilot) -> None:
        assert reader.app.theme == "relmgr-dark"

    read(again, folder, "rowery")


def test_plus_and_minus_change_the_measure_and_equals_the_centring(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        left, width = reader.page.left, reader.page.rows.width
        await reader.press("minus", "minus")
        assert reader.page.rows.width == width - 8
        assert reader.page.left == left + 4
        await reader.press("equals_sign")
        assert reader.page.left == 1
        await reader.press("plus")
        assert reader.page.rows.width == width - 4
        config = (Path.home() / ".config/relmgr/config.toml").read_text()
        assert f"measure = {width - 4}" in config
        assert "centred = false" in config

    read(script, folder, "rowery", size=(90, 24))


def test_number_sign_shows_where_blocks_begin_in_the_file(folder: Path) -> None:
    def margin(reader: ReaderPilot, text: str) -> str:
        return reader.page.render_line(reader.y_of(text)).text.partition(text)[0]

    async def script(reader: ReaderPilot) -> None:
        left, width = reader.page.left, reader.page.rows.width
        line = POLISH.splitlines().index("## Zanim wyjedziesz") + 1
        await reader.press("]", "m", "g", "number_sign")
        assert margin(reader, "1  Zanim") == f"  {line}◆"
        assert margin(reader, "Sprawdź") == f"  {line + 2} "
        assert (reader.page.left, reader.page.rows.width) == (left + 3, width - 3)
        await reader.press("p")
        assert margin(reader, "Zanim").startswith(f"  {line}◆pl  1 ")
        assert "numbers = true" in (Path.home() / ".config/relmgr/config.toml").read_text()
        await reader.press("p", "numero_sign")
        assert margin(reader, "1  Zanim") == "◆"

    read(script, folder, "rowery", size=(60, 24), lang="pl")


@pytest.mark.slow
def test_question_mark_lists_all_keys(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, HelpScreen)
        text = str(reader.app.screen.query_one("#keys", Static).content)
        assert all(key.meaning in text for key in KEYS)
        titles = [*messages.HELP_GROUPS.values()]
        assert titles == [line for line in text.splitlines() if line in titles]
        await reader.press("escape")
        assert reader.page.has_focus

    read(script, folder, "rowery")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
def test_the_help_scrolls_to_its_end_and_never_sideways(folder: Path, size: tuple[int, int]) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("question_mark")
        scroll = reader.app.screen.query_one(VerticalScroll)
        text = str(reader.app.screen.query_one("#keys", Static).content)
        assert max(map(len, text.splitlines())) <= size[0] - 4
        await reader.press("j")
        assert scroll.scroll_y == 1
        await reader.press("space")
        assert scroll.scroll_y == min(scroll.size.height, scroll.max_scroll_y)
        await reader.press("b", "k")
        assert scroll.scroll_y == 0
        await reader.press("G")
        assert scroll.scroll_y == scroll.max_scroll_y > 0
        await reader.press("g")
        assert scroll.scroll_y == 0
        await reader.press("q")
        assert reader.page.has_focus

    read(script, folder, "rowery", size=size)


@pytest.mark.slow
@pytest.mark.parametrize("opens", ["a", "?", "s", "slash"])
def test_ctrl_c_closes_what_is_above_the_page(folder: Path, opens: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(opens)
        await reader.press("x", "ctrl+c")
        assert reader.app.is_running
        assert reader.page.has_focus
        await reader.press("ctrl+c")
        assert reader.app.return_code == 130

    read(script, folder, "rowery")


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_q_quits(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(key)
        assert not reader.app.is_running

    read(script, folder, "rowery")


def test_zz_quits(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("Z", "j", "Z", "5", "Z")
        assert reader.app.is_running
        assert reader.status == "Z"
        await reader.press("Z")
        assert not reader.app.is_running

    read(script, folder, "rowery")


@pytest.mark.parametrize("key", ["q", "escape"])
def test_q_closes_an_outline_that_hides_the_page(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("o", key)
        assert reader.page.has_focus
        assert reader.page.display
        assert not reader.article_screen.outline.display

    read(script, folder, "rowery", size=(40, 20))


@pytest.mark.parametrize("key", ["L", *slow("h", "a")])
def test_q_closes_a_list(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press(key)
        assert isinstance(reader.app.screen, FilterPicker)
        await reader.press("q")
        assert reader.page.has_focus

    read(script, folder, "rowery")


def test_q_is_typed_into_a_list_with_a_word_that_begins_with_it(folder: Path) -> None:
    write(folder / "quick.en.md", "# The quick start\n\nIt is a text of some words.\n")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("a", "x", "q", "backspace", "backspace", "q")
        assert reader.app.screen.query_one(Input).value == "q"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_ctrl_z_leads_to_the_shell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = []
    monkeypatch.setattr(App, "action_suspend_process", lambda _: stopped.append(True))

    async def script(reader: ReaderPilot) -> None:
        await reader.press("ctrl+z")
        assert stopped == [True]

    read(script, folder, "rowery")


def test_c_outside_a_git_work_tree_says_why_nothing_is_known_and_does_not_start_git(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("relmgr_cli.health.history.open_repository", refuse)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("c")
        assert "which translations are stale is not known" in reader.status
        assert "(stale)" not in reader.text

    read(script, folder, "rowery", lang="ru", size=(120, 20))


@pytest.mark.parametrize("key", ["й", "q"])
def test_a_letter_of_another_keyboard_layout_acts_by_its_position(folder: Path, key: str) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("д")
        assert reader.session.language == "ru"
        await reader.press("Ы")
        assert reader.status == "no key S; ?: all keys"
        await reader.press("é")
        assert reader.status == "no key é; ?: all keys"
        await reader.press("j")
        assert "Велосипеды" in reader.status
        await reader.press(key)
        assert not reader.app.is_running

    read(script, folder, "rowery", lang="pl")


def test_every_key_of_the_help_is_in_a_test() -> None:
    files = (Path(__file__), Path(__file__).with_name("test_reader_bookmarks.py"))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    for key in KEYS:
        for name in key.keys.split(",") if key.keys else ():
            assert f'"{name}"' in source, name


@pytest.mark.slow
def test_an_input_takes_the_keys_for_itself(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("q?/w")
        assert reader.article_screen.query_one(Input).value == "q?/w"

    read(script, folder, "rowery")


def test_the_place_is_the_line_that_a_count_before_g_takes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("ctrl+g")
        count = re.fullmatch(r"line 1 of (\d+)   0 %   rowery\.pl\.md:1", reader.status)
        assert count
        await reader.press("7", "G", "ctrl+g")
        assert reader.status.startswith(f"line 7 of {count[1]}   ")
        await reader.resize(34, 10)
        await reader.press("ctrl+g")
        assert re.fullmatch(r"line \d+ of \d+   \d+ %   …[a-z.]+\.md:\d+", reader.status)
        await reader.resize(60, 10)
        await reader.press("right_square_bracket", "right_square_bracket", "ctrl+g")
        assert reader.status.endswith(f"rowery.pl.md:{POLISH.splitlines().index('### Skrzyżowania') + 1}")

    read(script, folder, "rowery", lang="pl", size=(60, 10))


def test_of_a_long_article_no_lines_are_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.reader.model.viewport._MAX_COUNTED_ROWS", 5)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("ctrl+g")
        assert reader.status.startswith("0 %   ")

    read(script, folder, "rowery", lang="pl", size=(60, 10))


@pytest.mark.slow
def test_the_languages_of_the_reader_are_listed_first(tmp_path: Path) -> None:
    texts = {"de": "# Der Hund\n\nDer Hund und die Katze sind im Haus.", "en": "# The dog\n\nThe dog is in the house."}
    texts |= {"pl": POLISH, "ru": RUSSIAN}
    for language, text in texts.items():
        write(tmp_path / f"a.{language}.md", text)

    async def script(reader: ReaderPilot) -> None:
        assert reader.session.sorted_languages()[:2] == ("ru", "pl")

    async def again(reader: ReaderPilot) -> None:
        await reader.press("l")
        first, second, *_ = reader.session.sorted_languages()
        assert {first, second} == {"ru", "pl"}

    read(script, tmp_path, "a", lang="ru,pl", size=(120, 20))
    read(again, tmp_path, "a")
