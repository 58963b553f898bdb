"""The word lens shows the sentence where it knows no word, and keeps words with both sentences."""

from pathlib import Path

import pytest
from pilot import POLISH, RUSSIAN, ReaderPilot, article_of, library, read, write

from relmgr_cli.config import Arrangement
from relmgr_cli.reader.model.positions import TextRange
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.reader.model.word_lens import find_sentence, text_of
from relmgr_cli.reader.widgets.status_bar import message_lines
from relmgr_cli.store.kept_words import WordInContext, load_words

JACKET = "Weź kurtkę, bo pogoda zmienia się szybko."
JACKET_RU = "Возьмите куртку, потому что погода быстро меняется."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest.fixture
def no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No translation of a word is known."""
    monkeypatch.setattr("relmgr_cli.search.word_alignment.find_counterpart", lambda *_: None)


def kept() -> tuple[WordInContext, ...]:
    return tuple(word for path in Path.home().glob("**/kept-words/*.jsonl") for word in load_words(str(path)))


def highlighted(reader: ReaderPilot) -> str:
    """Return the text that is highlighted as the translation."""
    found = reader.page.decorations.translation
    return text_of(reader.page.rows, found)


@pytest.mark.usefixtures("no_words")
def test_without_a_word_the_lens_shows_the_sentence_and_highlights_it(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "j", "j", "p", "w")
        await reader.wait_for_layout()
        assert reader.status == f"pl Weź → ru {JACKET_RU}; Enter: keep, Esc: close"
        assert highlighted(reader) == JACKET_RU

    read(script, folder, "rowery", size=(100, 12))


@pytest.mark.slow
@pytest.mark.usefixtures("no_words")
def test_what_becomes_visible_under_the_lens_is_highlighted(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "w")
        assert highlighted(reader) == ""
        await reader.press("p")
        assert highlighted(reader) == "Перед выездом"
        assert reader.status == "pl Zanim → ru Перед выездом; Enter: keep, Esc: close"
        await reader.press("p", "l")
        assert reader.status == "ru Перед → pl Zanim wyjedziesz; Enter: keep, Esc: close"

    read(script, folder, "rowery", size=(100, 12))


@pytest.mark.slow
@pytest.mark.usefixtures("no_words")
def test_the_sentence_of_a_heading_is_the_whole_heading(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "w")
        assert reader.status == "pl Zanim → ru Перед выездом; Enter: keep, Esc: close"

    read(script, folder, "rowery", size=(80, 12))


@pytest.mark.usefixtures("no_words")
def test_a_long_sentence_gets_more_lines_until_the_lens_is_left(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "j", "j", "w")
        await reader.wait_for_layout()
        status = reader.article_screen.status
        assert status.size.height > 1
        assert reader.status == f"pl Weź → ru {JACKET_RU}; Enter: keep, Esc: close"
        await reader.press("right", "w")
        await reader.wait_for_layout()
        assert status.size.height == 1
        assert "[pl]" in reader.status

    read(script, folder, "rowery", size=(40, 12))


@pytest.mark.usefixtures("no_words")
def test_the_word_stays_visible_when_the_sentence_takes_lines_of_the_page(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "w", "down", "down", "down", "down")
        await reader.wait_for_layout()
        word = reader.page.word
        assert text_of(reader.page.rows, word) == "szybko"  # was on the last line
        assert reader.article_screen.status.size.height > 1
        assert any(line.startswith("szybko") for line in reader.screen_lines)

    read(script, folder, "rowery", size=(40, 8))


def test_a_message_that_needs_more_lines_than_there_are_is_cut() -> None:
    assert message_lines("one two three four five", 9, 2) == ["one two", "three fo…"]
    assert message_lines("one two three four five", 9, 3) == ["one two", "three", "four five"]
    assert message_lines("one two", 40, 3) == ["one two"]
    assert message_lines("x" * 30, 9, 2) == ["x" * 9, "x" * 8 + "…"]


def test_a_word_behind_a_line_break_of_its_row_is_in_the_right_sentence() -> None:
    article = article_of({"pl": "# A\n\nJedno zdanie. Drugie zdanie.\n", "ru": "# А\n\nОдно. Второе.\n"})
    rows = ArticleRows(article, View(("pl",), Arrangement.SINGLE, 80, 76))
    row = next(row for row in range(1, len(rows)) if rows.text(row, "pl").startswith("Jedno"))
    start = rows.text(row, "pl").index("Drugie")
    assert text_of(rows, find_sentence(rows, TextRange(row, "pl", start, start + 6))) == "Drugie zdanie."


@pytest.mark.usefixtures("no_words")
def test_enter_keeps_the_word_with_both_sentences(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "j", "j", "w", "right", "enter")
        assert reader.status == "kept: kurtkę (list: relmgr words)"
        await reader.press("enter")
        assert reader.status == "already kept: kurtkę"
        assert reader.app.screen is reader.article_screen  # there are links on the screen

    read(script, folder, "rowery", size=(100, 12))
    line = POLISH.splitlines().index(next(line for line in POLISH.splitlines() if line.startswith(JACKET))) + 1
    assert kept() == (
        WordInContext("kurtkę", "pl", "", "ru", JACKET, JACKET_RU, article="rowery", path="rowery.pl.md", line=line),
    )


def test_a_word_is_kept_with_its_translation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counterpart(_: object, text: str, word: tuple[int, int], other: str, *__: object) -> tuple[int, int]:
        assert text[slice(*word)] == "kurtkę"
        return other.index("куртку"), other.index("куртку") + 6

    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "j", "j", "j", "j", "w", "right")
        monkeypatch.setattr("relmgr_cli.search.word_alignment.find_counterpart", counterpart)
        await reader.press("enter")

    read(script, folder, "rowery", size=(100, 12))
    assert [(word.word, word.translation, word.sentence_translation) for word in kept()] == [
        ("kurtkę", "куртку", JACKET_RU)
    ]


def test_a_word_without_translation_is_kept_with_its_sentence(folder: Path) -> None:
    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "w", "down", "enter")
        assert reader.status.startswith("kept: Dziesięć")

    read(script, folder, "trasy", size=(80, 12))
    ((word, _, translation, _, sentence, *_),) = kept()
    assert (word, translation) == ("Dziesięć", "")
    assert sentence == "Dziesięć kilometrów wzdłuż rzeki, bez samochodów i bez podjazdów."


@pytest.mark.usefixtures("no_words")
def test_a_word_that_cannot_be_kept_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("relmgr_cli.store.kept_words.keep_word", refuse)

    async def script(reader: ReaderPilot) -> None:
        await reader.press("w", "enter")
        await reader.wait_for_layout()
        assert reader.status == "cannot keep Krótki: Permission denied"

    read(script, folder, "rowery", size=(80, 12))


@pytest.mark.usefixtures("no_words")
def test_a_language_on_the_page_is_kept_before_others(folder: Path) -> None:
    write(folder / "rowery.de.md", RUSSIAN.replace("# Велосипеды в городе", "---\nlang: de\n---\n# Fahrräder"))

    async def script(reader: ReaderPilot) -> None:
        await reader.press("]", "w", "enter")

    read(script, folder, "rowery", size=(100, 12), lang="pl,ru")
    assert [word.translation_language for word in kept()] == ["ru"]
