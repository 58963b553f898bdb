"""Several languages are chosen for columns, in any order, and the choice is kept for the library."""

from pathlib import Path

import pytest
from pilot import POLISH, RUSSIAN, ReaderPilot, library, read, write
from textual.widgets import OptionList

from relmgr_cli.reader.screens.picker import FilterPicker

GERMAN = RUSSIAN.replace("# Велосипеды в городе", "---\nlang: de\n---\n# Fahrräder in der Stadt")
WIDE = (150, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = library(tmp_path)
    write(folder / "rowery.de.md", GERMAN)
    return folder


def columns(reader: ReaderPilot) -> str:
    """Return the languages on the page, and how they are arranged."""
    layout = reader.page.rows.layout
    return f"{layout.arrangement.value} {','.join(layout.languages)}"


def listed(reader: ReaderPilot) -> list[str]:
    """Return the options of the open list."""
    assert isinstance(reader.app.screen, FilterPicker)
    options = reader.app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]


async def leave(_: ReaderPilot) -> None:
    """Do nothing before quitting."""


async def choose_russian_and_german(reader: ReaderPilot) -> None:
    await reader.press("L")
    await reader.type("rus")
    await reader.press("space")
    await reader.type("ger")
    await reader.press("space", "enter")


@pytest.mark.slow
def test_marked_languages_become_columns_in_the_order_of_marking(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await choose_russian_and_german(reader)
        assert columns(reader) == "columns ru,de"
        assert "[ru]" in reader.status
        assert "[de]" in reader.status
        await reader.press("p")
        assert columns(reader) == "single ru"
        await reader.press("p")
        assert columns(reader) == "columns ru,de"

    read(script, folder, "rowery", lang="pl", size=WIDE)


@pytest.mark.slow
def test_the_list_shows_the_order_of_the_marks(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("L")
        assert [line.split()[0] for line in listed(reader)] == ["pl", "de", "ru"]
        await reader.type("rus")
        assert len(listed(reader)) == 1
        await reader.press("space")
        assert [line.split()[:2] for line in listed(reader)][2] == ["1", "ru"]
        await reader.press("up", "space")
        assert [" ".join(line.split()[:2]) for line in listed(reader)] == ["pl Polish", "2 de", "1 ru"]
        await reader.press("down", "space")  # takes the mark away
        assert [" ".join(line.split()[:2]) for line in listed(reader)] == ["pl Polish", "1 de", "ru Russian"]
        await reader.press("enter")
        assert columns(reader) == "single de"  # one marked language is opened as if it was chosen

    read(script, folder, "rowery", lang="pl", size=WIDE)


@pytest.mark.slow
def test_the_list_begins_with_the_languages_of_the_user(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "uk:ru_RU:pl")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("L")
        assert [line.split()[0] for line in listed(reader)] == ["de", "ru", "pl"]
        await reader.press("down", "enter")
        assert columns(reader) == "single ru"

    read(script, folder, "rowery", lang="de", size=WIDE)


def test_a_filter_without_matches_marks_nothing(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("L")
        await reader.type("xyzzy")
        await reader.press("space", "enter", "escape")
        assert columns(reader) == "single pl"

    read(script, folder, "rowery", lang="pl", size=WIDE)


def test_languages_asked_for_are_columns_again_the_next_time(folder: Path) -> None:
    read(leave, folder, "rowery", lang="ru,pl", size=WIDE)

    async def look(reader: ReaderPilot) -> None:
        assert columns(reader) == "columns ru,pl"

    read(look, folder, "rowery", size=WIDE)


@pytest.mark.slow
def test_chosen_columns_are_there_the_next_time_until_they_are_turned_off(folder: Path) -> None:
    read(choose_russian_and_german, folder, "rowery", lang="pl", size=WIDE)

    async def turn_off(reader: ReaderPilot) -> None:
        assert columns(reader) == "columns ru,de"
        await reader.press("p")

    read(turn_off, folder, "rowery", size=WIDE)

    async def turn_on(reader: ReaderPilot) -> None:
        assert columns(reader) == "single ru"
        await reader.press("p")
        assert columns(reader) == "columns ru,de"  # the choice is still known

    read(turn_on, folder, "rowery", size=WIDE)


@pytest.mark.slow
def test_one_language_asked_for_is_shown_alone_and_the_choice_stays(folder: Path) -> None:
    read(leave, folder, "rowery", lang="ru,pl", size=WIDE)

    async def look(reader: ReaderPilot) -> None:
        assert columns(reader) == "single de"

    read(look, folder, "rowery", lang="de", size=WIDE)

    async def again(reader: ReaderPilot) -> None:
        assert columns(reader) == "single de"
        await reader.press("l", "l", "p")
        assert columns(reader) == "columns pl,ru"

    read(again, folder, "rowery", size=WIDE)


@pytest.mark.slow
def test_columns_are_those_of_their_library_only(folder: Path, tmp_path: Path) -> None:
    read(leave, folder, "rowery", lang="ru,pl", size=WIDE)
    other = tmp_path / "other"
    other.mkdir()
    write(other / "a.pl.md", POLISH)
    write(other / "a.ru.md", RUSSIAN)

    async def look(reader: ReaderPilot) -> None:
        assert columns(reader).startswith("single ")

    read(look, other, size=WIDE)


@pytest.mark.slow
def test_an_article_without_the_chosen_languages_does_not_lose_the_choice(folder: Path) -> None:
    read(leave, folder, "rowery", lang="ru,pl", size=WIDE)

    async def look(reader: ReaderPilot) -> None:
        assert columns(reader) == "single pl"

    read(look, folder, "trasy", size=WIDE)

    async def again(reader: ReaderPilot) -> None:
        assert columns(reader) == "columns ru,pl"

    read(again, folder, "rowery", size=WIDE)


def test_too_many_columns_for_the_screen_are_interleaved_and_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("L", "space", "down", "space", "down", "space", "enter")
        assert columns(reader) == "interleaved pl,de,ru"
        assert reader.status == "no room for columns"

    read(script, folder, "rowery", lang="pl", size=(40, 20))


# One column scrolls alone.


def halves(reader: ReaderPilot) -> list[tuple[str, str]]:
    """Return the text of the two columns on the screen, line by line."""
    page = reader.page
    layout = page.rows.layout
    width = page.left + layout.margin + layout.settings[layout.languages[0]].width
    strips = [page.render_line(y) for y in range(page.size.height)]
    return [(strip.crop(0, width).text.strip(), strip.crop(width).text.strip()) for strip in strips]


def test_x_scrolls_the_first_column_alone_and_in_step_again(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        before = halves(reader)
        assert all(len(strip.text) == reader.page.size.width for strip in map(reader.page.render_line, range(20)))
        await reader.press("x")
        assert reader.status == "only pl scrolls"
        assert halves(reader) == before
        await reader.press("j", "j", "j")
        assert "[pl]" in reader.status
        assert "(ru)" in reader.status
        left, right = zip(*halves(reader), strict=True)
        assert left[:-3] == tuple(text for text, _ in before[3:])
        assert right == tuple(text for _, text in before)
        await reader.press("x")
        assert reader.status == "columns scroll in step"
        assert halves(reader)[:-3] == before[3:]

    read(script, folder, "rowery", lang="pl,ru", size=(80, 12))


@pytest.mark.slow
def test_columns_are_in_step_again_after_the_languages_have_changed(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("x", "j", "j", "j", "l")
        assert ("Zanim wyjedziesz" in halves(reader)[2][1]) == ("Перед выездом" in halves(reader)[2][0])
        in_step = halves(reader)
        await reader.press("x", "x")
        assert halves(reader) == in_step

    read(script, folder, "rowery", lang="pl,ru", size=(80, 12))


@pytest.mark.slow
def test_the_mouse_finds_the_words_of_a_column_that_is_held(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("w", "x", "j", "j", "j")
        y = next(y for y, (_, text) in enumerate(halves(reader)) if text.startswith("Короткое"))
        x = reader.page.render_line(y).text.index("Короткое")
        await reader.pilot.hover(reader.page, offset=(x + 2, y))
        await reader.settle()
        word = reader.page.word
        assert word
        assert reader.page.rows.text(word.row, word.language)[word.start : word.end] == "Короткое"
        assert halves(reader)[y][1].startswith("Короткое")

    read(script, folder, "rowery", lang="pl,ru", size=(80, 12))


@pytest.mark.slow
def test_without_columns_x_says_so(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("x")
        assert reader.status == "no columns on the screen; p: columns"

    read(script, folder, "rowery", lang="pl", size=(80, 12))
