"""Sections that are not up to date in the reader: their marks, and the key that goes to the next of them."""

from pathlib import Path

import pytest
from pilot import ReaderPilot, read
from support.git import GitRepository
from support.translated_repository import CHANGED, POLISH, translated_repository

from relmgr_cli.reader.widgets.outline import Outline


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return translated_repository(tmp_path / "work")


@pytest.mark.slow
def test_headings_and_outline_mark_a_stale_section_after_the_first_paint(repository: GitRepository) -> None:
    before: list[object] = []

    async def script(reader: ReaderPilot) -> None:
        assert before == [{}]
        assert "1  Wybierz bibliotekę  (stale)" in reader.text
        assert "2  Zahaszuj hasło\n" in reader.text
        outline = reader.article_screen.query_one(Outline)
        lines = [outline.render_line(y).text.rstrip(" │") for y in range(3)]
        assert [line.endswith("(stale)") for line in lines] == [True, False, False]

    read(
        script,
        repository.folder,
        lang="pl",
        size=(130, 30),
        at_once=lambda reader: before.append(dict(reader.session.article.states)),
    )


@pytest.mark.slow
def test_the_source_has_no_marks(repository: GitRepository) -> None:
    async def script(reader: ReaderPilot) -> None:
        assert "Choose a library" in reader.text
        assert "(stale)" not in reader.text
        await reader.press("c")
        assert reader.status.endswith("en is the source; l: a translation")

    read(script, repository.folder, lang="en")


@pytest.mark.slow
def test_c_shows_the_next_stale_section_beside_its_source(repository: GitRepository) -> None:
    changed = CHANGED.replace("Call the function verify", "Now call the function verify")
    repository.commit({"docs/en/passwords.md": changed})

    async def script(reader: ReaderPilot) -> None:
        await reader.press("c")
        assert reader.page.rows.layout.languages == ("pl", "en")
        assert "Choose a library" in reader.screen_lines[0]
        assert "Wybierz bibliotekę  (stale)" in reader.screen_lines[0]
        assert "pwdlib" in reader.text
        await reader.press("c")
        assert "Check the password" in reader.screen_lines[0]
        await reader.press("c")  # again from the start
        assert "Choose a library" in reader.screen_lines[0]
        await reader.press("p")
        assert [*reader.page.rows.layout.languages] == ["pl"]

    read(script, repository.folder, lang="pl", size=(120, 20))


@pytest.mark.slow
def test_c_shows_the_source_below_on_a_narrow_screen(repository: GitRepository) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("c")
        assert reader.page.rows.layout.languages == ("pl", "en")
        assert "Wybierz bibliotekę  (stale)" in reader.screen_lines[0]
        assert "Choose a library" in reader.screen_lines[1]

    read(script, repository.folder, lang="pl", size=(50, 20))


@pytest.mark.slow
def test_a_translation_that_is_up_to_date_says_so(repository: GitRepository) -> None:
    repository.commit({"docs/pl/passwords.md": POLISH.replace("biblioteki passlib", "biblioteki pwdlib")})

    async def script(reader: ReaderPilot) -> None:
        assert "(stale)" not in reader.text
        await reader.press("c")
        assert reader.status.endswith("pl: all sections are up to date")
        assert reader.page.rows.layout.languages == ("pl",)

    read(script, repository.folder, lang="pl")


@pytest.mark.slow
def test_a_change_while_reading_is_marked(repository: GitRepository) -> None:
    repository.commit({"docs/pl/passwords.md": POLISH.replace("biblioteki passlib", "biblioteki pwdlib")})

    async def script(reader: ReaderPilot) -> None:
        assert "(stale)" not in reader.text
        repository.write({"docs/en/passwords.md": CHANGED.replace("what it returns", "the hash that it returns")})
        reader.article_screen._watch()  # noqa: SLF001 (the timer does it once a second)
        await reader.settle()
        assert "2  Zahaszuj hasło  (stale)" in reader.text

    read(script, repository.folder, lang="pl", size=(80, 40))
