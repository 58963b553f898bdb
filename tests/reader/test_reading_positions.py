"""The reader opens where it was left, whatever has happened to the files in the meantime."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pilot import POLISH, RUSSIAN, ReaderPilot, library, read, write
from support.marks import slow

from relmgr_cli.store.reading_state import read_positions

STAY = "Jedź prawą stroną i patrz na samochody, które skręcają."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


async def go_to_the_street(reader: ReaderPilot) -> None:
    """Leave the reader with the paragraph under "Na ulicy" at the top."""
    await reader.press("]", "]", "j", "j")
    assert reader.screen_lines[0] == STAY


def leave_on_the_street(folder: Path) -> None:
    read(go_to_the_street, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_it_opens_where_it_was_left(folder: Path) -> None:
    leave_on_the_street(folder)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0] == STAY

    read(look, folder, "rowery", size=(80, 10))
    read(look, folder, "rowery", size=(120, 30))


@pytest.mark.slow
def test_the_outline_of_an_article_opened_where_it_was_left_begins_with_its_first_section(folder: Path) -> None:
    leave_on_the_street(folder)

    async def look(reader: ReaderPilot) -> None:
        assert "› 2" in reader.status
        assert reader.article_screen.outline.render_line(0).text.split()[0] == "1"

    read(look, folder, "rowery", size=(120, 30))


@pytest.mark.slow
def test_it_opens_in_the_language_it_was_left_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")

    async def leave(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        await reader.press("l")

    read(leave, folder, "rowery", size=(80, 10))

    async def look(reader: ReaderPilot) -> None:
        assert "[ru]" in reader.status
        assert reader.screen_lines[0].startswith("Держитесь правой стороны")

    read(look, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_a_language_that_is_asked_for_opens_at_the_same_block(folder: Path) -> None:
    leave_on_the_street(folder)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0].startswith("Держитесь правой стороны")

    read(look, folder, "rowery", size=(80, 10), lang="ru")


@pytest.mark.slow
def test_a_section_that_is_asked_for_wins(folder: Path) -> None:
    leave_on_the_street(folder)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0].startswith("2.1  Skrzyżowania")

    read(look, folder, "rowery#skrzyż", size=(80, 10))


@pytest.mark.slow
def test_text_put_before_the_block_does_not_move_it(folder: Path) -> None:
    leave_on_the_street(folder)
    before = "## Na ulicy"
    write(
        folder / "rowery.pl.md",
        POLISH.replace(before, f"## Nowy rozdział\n\nNowy akapit.\n\n- i\n- lista\n\n{before}"),
        30,
    )

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0] == STAY

    read(look, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_a_block_that_was_rewritten_is_found_by_its_counterpart(folder: Path) -> None:
    leave_on_the_street(folder)
    changed = POLISH.replace(STAY, "Zupełnie inny tekst stoi teraz tutaj.")
    write(folder / "rowery.pl.md", changed.replace("## Na ulicy", "Wstawka.\n\n## Na ulicy"), 30)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0] == "Zupełnie inny tekst stoi teraz tutaj."

    read(look, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_a_block_deleted_in_all_languages_is_found_by_its_neighbours(folder: Path) -> None:
    leave_on_the_street(folder)
    write(folder / "rowery.pl.md", POLISH.replace(STAY, "Inne."), 30)
    write(folder / "rowery.ru.md", RUSSIAN.replace("Держитесь правой стороны и смотрите", "Другое и смотрите"), 30)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0] == "Inne."

    read(look, folder, "rowery", size=(80, 10))


def test_an_article_with_a_new_title_is_known_by_its_files(folder: Path) -> None:
    leave_on_the_street(folder)
    write(folder / "rowery.pl.md", POLISH.replace("# Rowery w mieście", "# Koła w mieście"), 30)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0] == STAY

    read(look, folder, "koła", size=(80, 10))


def test_each_article_has_its_position(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        await reader.press("a")
        await reader.type("trasy")
        await reader.press("enter", "]", "]")
        assert reader.screen_lines[0].startswith("2  Długa")
        await reader.press("a", "up", "enter")
        assert reader.screen_lines[0] == STAY

    read(script, folder, "rowery", size=(80, 8))

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0].startswith("2  Długa")

    read(look, folder, "trasy", size=(80, 8))


def test_a_position_is_that_of_the_article_on_the_page_while_another_one_is_opened(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        rows, anchor = reader.page.rows, reader.page.viewport.anchor
        await reader.session.open(next(number for number in (1, 2) if number != reader.session.opened.number))
        assert reader.session.article.id == "trasy"
        reader.session.save_position(rows, anchor)
        assert [*reader.session.positions().articles] == ["rowery"]
        assert reader.session.position() is None

    read(script, folder, "rowery", size=(80, 8))


@pytest.mark.slow
def test_without_a_name_the_last_article_is_read(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("a")
        await reader.type("trasy")
        await reader.press("enter")

    read(script, folder, "rowery")

    async def look(reader: ReaderPilot) -> None:
        assert reader.status.startswith("Trasy rowerowe")

    read(look, folder)


def test_positions_are_in_the_state_folder_and_private(folder: Path) -> None:
    leave_on_the_street(folder)
    (kept,) = (Path.home() / ".local/state/relmgr/reading").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.parent.stat().st_mode & 0o077 == 0
    place = read_positions(str(kept)).articles["rowery"]
    assert place.section == "2"
    assert place.language == "pl"


@pytest.mark.parametrize(
    "damage", ["{", '{"language": "pl", "articles": {"a": {"row": "x"}}}', *slow("", "[]", '{"language": 3}')]
)
def test_corrupt_positions_are_ignored(folder: Path, damage: str) -> None:
    leave_on_the_street(folder)
    (kept,) = (Path.home() / ".local/state/relmgr/reading").iterdir()
    kept.write_text(damage)

    async def look(reader: ReaderPilot) -> None:
        assert reader.screen_lines[0].startswith("Rowery w mieście")

    read(look, folder, "rowery", size=(80, 10))


# While one reads.


def test_the_position_is_saved_while_reading_in_case_the_terminal_closes(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        reader.article_screen._watch()  # noqa: SLF001 (the timer does it once a second)
        await reader.settle()
        (kept,) = (Path.home() / ".local/state/relmgr/reading").iterdir()
        assert read_positions(str(kept)).articles["rowery"].section == "2"

    read(script, folder, "rowery", size=(80, 10))


def test_a_changed_file_is_reloaded_at_the_same_position(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        write(folder / "rowery.pl.md", POLISH.replace("## Na ulicy", "Nowy akapit.\n\n## Na ulicy"), 0)
        reader.article_screen._watch()  # noqa: SLF001 (the timer does it once a second)
        await reader.settle()
        assert reader.screen_lines[0] == STAY
        assert reader.status == "file changed; reloaded"
        await reader.press("k", "k", "k", "k")
        assert "Nowy akapit." in reader.text

    read(script, folder, "rowery", size=(80, 10))


def test_a_reload_that_takes_longer_than_the_timer_is_not_cancelled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(reader: ReaderPilot) -> None:
        started, refreshed = asyncio.Event(), asyncio.Event()
        run = reader.session.worker.run

        async def run_slowly(function: Any, *arguments: Any) -> Any:
            if function == reader.session.worker.library.refresh:
                started.set()
                await refreshed.wait()
            return await run(function, *arguments)

        monkeypatch.setattr(reader.session.worker, "run", run_slowly)
        write(folder / "rowery.pl.md", POLISH.replace("# Rowery", "# Nowe rowery"), 0)
        reader.article_screen._watch()  # noqa: SLF001 (the timer does it once a second)
        await started.wait()
        reader.article_screen._watch()  # noqa: SLF001
        await reader.pilot.pause()
        refreshed.set()
        await reader.settle()
        assert reader.screen_lines[0].startswith("Nowe rowery")

    read(script, folder, "rowery", lang="pl")


@pytest.mark.slow
def test_the_timer_looks_at_the_files(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        write(folder / "rowery.pl.md", POLISH.replace("# Rowery", "# Nowe rowery"), 0)
        while not reader.screen_lines[0].startswith("Nowe rowery"):
            await reader.pilot.pause(0.1)

    read(script, folder, "rowery")


def test_a_translation_that_appears_can_be_read_at_once(folder: Path) -> None:
    russian = folder / "rowery.ru.md"
    russian.unlink()

    async def script(reader: ReaderPilot) -> None:
        await go_to_the_street(reader)
        write(russian, RUSSIAN, 0)
        reader.article_screen._watch()  # noqa: SLF001
        await reader.settle()
        await reader.press("l")
        assert reader.screen_lines[0].startswith("Держитесь правой стороны")

    read(script, folder, "rowery", size=(80, 10))


@pytest.mark.slow
def test_a_file_that_is_removed_stays_on_the_page(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        (folder / "trasy.pl.md").unlink()
        reader.article_screen._watch()  # noqa: SLF001
        await reader.settle()
        assert "Trasy rowerowe" in reader.text
        await reader.press("j", "o", "w", "y")

    read(script, folder, "trasy")


@pytest.mark.slow
def test_a_search_goes_on_in_the_new_text(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("slash")
        await reader.type("hamulce")
        await reader.press("enter")
        write(folder / "rowery.pl.md", POLISH.replace("Jedź", "Sprawdź hamulce, jedź"), 0)
        reader.article_screen._watch()  # noqa: SLF001
        await reader.settle()
        await reader.press("n")
        assert reader.status.endswith("of 3")

    read(script, folder, "rowery")


@pytest.mark.slow
def test_a_long_article_is_shown_in_one_language_until_it_is_aligned(tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    write(folder / "a.pl.md", POLISH * 30)
    write(folder / "a.ru.md", RUSSIAN * 30)

    async def script(reader: ReaderPilot) -> None:
        assert reader.session.opened.is_final  # after what began with the first page
        assert tuple(reader.session.article.documents) == ("pl", "ru")
        await reader.press("G", "l")
        assert "Сбавьте скорость" in reader.text

    def opened_first(reader: ReaderPilot) -> None:
        assert not reader.session.opened.is_final
        assert reader.status.startswith("Rowery w mieście · long   [pl] ru")

    read(script, folder, lang="pl", at_once=opened_first)
