"""The article, section and languages that a request means."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Relmgr

from relmgr_cli.config import Settings, read_settings
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.core.selection import (
    ArticleChoice,
    _fallback_note,
    choose_article,
    choose_languages,
    choose_library_languages,
    reader_languages,
    split_address,
)
from relmgr_cli.errors import ArticleAmbiguousError, LanguageAbsentError, LibraryEmptyError, TranslationMissingError

PL = "# Rowery\n\nTo jest tekst po polsku, który opowiada o rowerach w mieście.\n"
RU = "# Велосипеды\n\nЭто текст на русском языке, который рассказывает о велосипедах.\n"
EN = "# Maps\n\n- This is a list in English, and it tells about maps of the town.\n"


class Notes(QuietReporter):
    """Collects notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def library(tmp_path: Path, notes: Notes) -> Iterator[Library]:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in (("rowery.pl.md", PL), ("rowery.ru.md", RU), ("maps.md", EN)):
        (folder / name).write_text(text)
    library = open_library([folder], tmp_path / "cache", notes)
    yield library
    library.database.close()


def settings(lang: str | None = None, own: str = "") -> Settings:
    return read_settings({"RELMGR_LANG": own}, lang=lang)


def bikes(library: Library) -> ArticleChoice:
    return choose_article(library, "Rowery", "")


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        (None, (None, None)),
        ("", (None, None)),
        ("a", ("a", None)),
        ("a#", ("a", None)),
        ("a#1.2", ("a", "1.2")),
        ("#1", (None, "1")),
        ("a#b#c", ("a", "b#c")),
    ],
)
def test_an_address_is_split_at_its_first_hash(address: str | None, parts: tuple[str | None, str | None]) -> None:
    assert split_address(address) == parts


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("docs/a.md:50", ("docs/a.md", ":50")),
        ("a.md:50:7:", ("a.md", ":50")),
        ("a:50", ("a:50", None)),
        ("Title: 50", ("Title: 50", None)),
        ("a.md:99999999999", ("a.md:99999999999", None)),
        (":50", (":50", None)),
    ],
)
def test_a_place_that_search_prints_is_a_file_and_a_line(address: str, parts: tuple[str, str | None]) -> None:
    assert split_address(address) == parts


def test_a_line_of_a_file_means_its_section(tmp_path: Path, relmgr: Relmgr) -> None:
    (tmp_path / "a.en.md").write_text(
        "# A\n\n## First\n\nSome text that is in English.\n\n## Second\n\nAnd more of it.\n"
    )
    result = relmgr("-C", tmp_path, "show", "a.en.md:8")
    assert "And more of it." in result.out
    assert "Some text" not in result.out
    assert "Some text" in relmgr("-C", tmp_path, "show", f"{tmp_path}/a.en.md:5:3").out


def test_without_a_name_the_last_article_read_is_chosen(library: Library, tmp_path: Path) -> None:
    file = str(tmp_path / "state" / "last")
    with pytest.raises(ArticleAmbiguousError):
        choose_article(library, None, file)
    assert not os.path.exists(file)
    named = choose_article(library, "Maps", file)
    assert choose_article(library, None, file) == named._replace(is_implicit=True)


def test_a_path_chooses_the_language_of_its_file(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.roots[0])
    choice = choose_article(library, "rowery.ru.md", "")
    assert choice.language == "ru"
    assert choose_languages(library, choice, settings(own="pl"), last_read=["pl"]) == ("ru",)
    assert choose_languages(library, choice, settings("pl")) == ("pl",)


def test_languages_come_from_the_option_then_from_the_last_one_read_then_from_the_user(
    library: Library, notes: Notes
) -> None:
    choice = bikes(library)
    assert choose_languages(library, choice, settings("russian,pl,ru", own="pl"), last_read=["pl"]) == ("ru", "pl")
    assert choose_languages(library, choice, settings(own="pl"), last_read=["en", "ru"]) == ("ru",)
    assert choose_languages(library, choice, settings(own="ru"), last_read=["en"]) == ("ru",)
    assert choose_languages(library, choice, settings()) == ("pl",)
    assert notes.notes == []
    assert choose_languages(library, choice, settings(own="de")) == ("pl",)
    assert notes.notes == ["no German text; showing Polish (also: Russian)"]


def test_a_note_names_few_languages_and_counts_many() -> None:
    assert _fallback_note("eo", ["en", *"ar de es fr hi ja".split()]).endswith(
        "(also: Arabic, German, Spanish, French, Hindi, Japanese)"
    )
    assert _fallback_note("eo", ["en", *"ar de es fr hi ja ko".split()]) == (
        "no Esperanto text; showing English (also in 7 other languages)"
    )


def test_a_language_that_is_requested_and_missing_is_an_error(library: Library) -> None:
    with pytest.raises(TranslationMissingError, match='no German text for "Rowery"; available: pl, ru'):
        choose_languages(library, bikes(library), settings("pl,de"))
    assert choose_library_languages(library, settings("english,ru")) == ("en", "ru")
    assert choose_library_languages(library, settings()) == ()
    with pytest.raises(LanguageAbsentError, match="no German text in this library"):
        choose_library_languages(library, settings("de"))
    assert reader_languages(settings("ru", own="pl,en"))[:3] == ("ru", "pl", "en")


def test_an_empty_library_is_an_error(tmp_path: Path) -> None:
    library = open_library([tmp_path], None, QuietReporter())
    with pytest.raises(LibraryEmptyError):
        choose_article(library, None, "")
    library.database.close()


def test_both_front_ends_choose_the_same(relmgr: Relmgr, library: Library) -> None:
    folder = library.roots[0]
    shown = relmgr("-C", folder, "show", "maps", "--plain")
    assert shown.out.startswith("Maps")
    assert relmgr("-C", folder, "show", "--plain") == shown
