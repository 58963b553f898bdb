"""Bookmarks in the reader: set and removed by a key, chosen from a list, opened in the current language."""

from pathlib import Path

import pytest
from pilot import POLISH, ReaderPilot, library, read, write

from relmgr_cli.reader.screens.picker import FilterPicker
from relmgr_cli.store.bookmarks import Bookmark, load_bookmarks

BRAKES = "Sprawdź hamulce i powietrze w oponach, zanim wyjedziesz z domu na ulicę."
BRAKES_RU = "Проверьте тормоза и воздух в шинах, прежде чем выехать из дома на улицу."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


def saved() -> tuple[Bookmark, ...]:
    return tuple(each for path in Path.home().glob("**/bookmarks/*.jsonl") for each in load_bookmarks(str(path)))


def listed(reader: ReaderPilot) -> list[str]:
    """Return the options of the picker on the screen."""
    screen = reader.app.screen
    assert isinstance(screen, FilterPicker)
    options = screen.options
    return [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]


async def go_to(reader: ReaderPilot, text: str) -> None:
    rows, language = reader.page.rows, reader.session.document.language
    reader.page.go_to(next(row for row in range(len(rows)) if row and rows.text(row, language) == text))
    await reader.settle()


def current(reader: ReaderPilot) -> str:
    return reader.page.rows.text(reader.page.current_row, reader.session.document.language)


def test_m_sets_a_bookmark_and_removes_it_in_any_language(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to(reader, BRAKES)
        await reader.press("m")
        assert reader.status == f"bookmarked: {BRAKES}"
        (bookmark,) = saved()
        assert (bookmark.article, bookmark.text, bookmark.title) == ("rowery", BRAKES, "Rowery w mieście")
        assert bookmark.line == POLISH.splitlines().index(BRAKES) + 1
        assert [place.language for place in bookmark.places] == ["pl", "ru"]
        await reader.press("l", "m")
        assert reader.status == f"bookmark removed: {BRAKES_RU}"
        assert saved() == ()

    read(script, folder, "rowery", size=(120, 12))


def test_at_the_title_the_first_block_is_bookmarked(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("m")
        assert [bookmark.text[:12] for bookmark in saved()] == ["Krótki opis "]

    read(script, folder, "rowery")


def test_an_article_without_text_has_nothing_to_bookmark(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "# Only a title\n")

    async def script(reader: ReaderPilot) -> None:
        await reader.press("m")
        assert reader.status == "nothing to bookmark"
        assert saved() == ()

    read(script, tmp_path)


@pytest.mark.slow
def test_the_list_filters_and_opens_a_bookmark_of_another_article_in_the_current_language(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to(reader, BRAKES)
        await reader.press("m", "l")
        await reader.press("a")
        await reader.type("trasy")
        await reader.press("enter")
        assert reader.session.article.id == "trasy"
        await reader.press("m", "apostrophe")
        assert [line[:12] for line in listed(reader)] == ["1 Проверьте ", "2 Lista tras"]
        await reader.type("шинах rowery")  # a word of the text, and the article
        assert len(listed(reader)) == 1
        await reader.press("enter")
        assert (reader.session.article.id, current(reader)) == ("rowery", BRAKES_RU)
        await reader.press("backspace")
        assert reader.session.article.id == "trasy"

    read(script, folder, "rowery", size=(120, 12))


@pytest.mark.slow
def test_a_bookmark_follows_its_block_through_an_edit(folder: Path) -> None:
    async def bookmark(reader: ReaderPilot) -> None:
        await go_to(reader, BRAKES)
        await reader.press("m")

    async def choose(reader: ReaderPilot) -> None:
        await reader.press("apostrophe", "enter")
        assert current(reader) == edited

    read(bookmark, folder, "rowery")
    edited = BRAKES.replace("na ulicę", "na jezdnię")
    text = POLISH.replace("## Zanim", "## Po co\n\nDla zdrowia.\n\nDla zabawy.\n\n## Zanim").replace(BRAKES, edited)
    write(folder / "rowery.pl.md", text, age=30)
    read(choose, folder, "trasy")


@pytest.mark.slow
def test_a_bookmark_whose_text_is_gone_is_listed_but_not_opened(folder: Path) -> None:
    async def bookmark(reader: ReaderPilot) -> None:
        await reader.press("m")

    async def choose(reader: ReaderPilot) -> None:
        await reader.press("apostrophe")
        assert listed(reader) == ["1 Lista tras, które warto przejechać rowerem w weekend z całą…  text is gone"]
        await reader.press("enter")
        assert reader.status == "the text is gone; to remove the bookmark: relmgr bookmarks --remove 1"
        assert reader.session.article.id == "rowery"

    read(bookmark, folder, "trasy")
    (folder / "trasy.pl.md").unlink()
    read(choose, folder, "rowery", size=(120, 12))


@pytest.mark.slow
def test_without_bookmarks_no_list_is_opened(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("apostrophe")
        assert reader.app.screen is reader.article_screen
        assert reader.status == "no bookmarks in this library; m: set one"

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_bookmark_that_cannot_be_saved_is_reported(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        state = next(Path.home().glob("**/reading")).parent
        (state / "bookmarks").write_text("a file")
        await reader.press("m")
        assert reader.status.startswith("cannot save the bookmarks: ")

    read(lambda reader: reader.press("j"), folder, "rowery")  # creates the state folder
    read(script, folder, "rowery")


def marked(reader: ReaderPilot) -> list[str]:
    """Return the lines of the page with a mark, in any column."""
    lines = (reader.page.render_line(y).text for y in range(reader.page.size.height))
    return [" ".join(line.replace("◆", "◆ ").split()) for line in lines if "◆" in line]


@pytest.mark.slow
def test_a_bookmarked_block_has_a_mark_in_every_language_and_mode(folder: Path) -> None:
    first, first_ru = f"◆ {BRAKES[:20]}", f"◆ {BRAKES_RU[:20]}"

    async def script(reader: ReaderPilot) -> None:
        await go_to(reader, BRAKES)
        assert marked(reader) == []
        await reader.press("m", "g")
        assert [line[:22] for line in marked(reader)] == [first]
        await reader.press("l")
        assert [line[:22] for line in marked(reader)] == [first_ru]
        await reader.press("p")
        assert [line[:22] for line in marked(reader)] == [first_ru]
        await reader.press("p", "l")
        write(folder / "rowery.pl.md", POLISH.replace("# Rowery", "Nowy akapit na początku.\n\n# Rowery", 1), age=1)
        await reader.article_screen._reload()  # noqa: SLF001
        await reader.settle()
        assert [line[:22] for line in marked(reader)] == [first]

    async def again(reader: ReaderPilot) -> None:
        await go_to(reader, BRAKES)
        assert [line[:22] for line in marked(reader)] == [first]
        await reader.press("m")
        assert marked(reader) == []

    read(script, folder, "rowery", lang="pl")
    read(again, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_the_marks_are_those_of_the_open_article(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("m", "a")
        await reader.type("Trasy")
        await reader.press("enter")
        assert "Trasy rowerowe" in reader.status
        assert marked(reader) == []
        await reader.press("m")
        assert [line[:13] for line in marked(reader)] == ["◆ Lista tras, "[:13]]
        await reader.press("backspace")
        assert [line[:13] for line in marked(reader)] == ["◆ Krótki opis "[:13]]

    read(script, folder, "rowery", lang="pl")
