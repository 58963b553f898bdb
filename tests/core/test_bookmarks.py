"""Bookmarks are found again after edits, in every language, and are listed when their text is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.files import age

from relmgr_cli.core.bookmarks import (
    Blocks,
    FoundBookmark,
    bookmark_of,
    find_bookmarks,
    toggle_bookmark,
)
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.corpus.article import Article
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.bookmarks import Bookmark, load_bookmarks, remove_bookmark
from relmgr_cli.store.name_lookup import article_number

ENGLISH = """# Boats

A boat needs a calm harbour and a good anchor.

## Sails

Fold the sails before the storm comes.

## Ropes

Check every rope in the morning.
"""
POLISH = """# Łodzie

Łódź potrzebuje spokojnego portu i dobrej kotwicy.

## Żagle

Złóż żagle, zanim przyjdzie burza.

## Liny

Sprawdź każdą linę rano.
"""
SAILS, SAILS_PL = "Fold the sails before the storm comes.", "Złóż żagle, zanim przyjdzie burza."


_opened: list[Library] = []


@pytest.fixture(autouse=True)
def close() -> Iterator[None]:
    """Close the libraries of a test."""
    yield
    while _opened:
        _opened.pop().database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "lib", en=ENGLISH, pl=POLISH)
    return tmp_path / "lib"


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "state" / "bookmarks" / "lib.jsonl")


def write(folder: Path, name: str = "boats", **texts: str) -> None:
    for language, text in texts.items():
        path = folder / language / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    age(folder)


def open_(folder: Path) -> Library:
    _opened.append(open_library([folder], None, QuietReporter()))
    return _opened[-1]


def bookmark_at(folder: Path, text: str, language: str) -> Bookmark:
    library = open_(folder)
    article = load_article(library.database, article_number(library.database, "boats") or 0)
    return bookmark_of(article, unit_with(article, text, language), language)


def unit_with(article: Article, text: str, language: str) -> Blocks:
    """Return the indexes of the block with a text and of its translations."""
    blocks = article.documents[language].blocks
    return next(unit.blocks for unit in article.units for index in unit.blocks[language] if blocks[index].text == text)


def find(folder: Path, *bookmarks: Bookmark, languages: tuple[str, ...] = ()) -> list[FoundBookmark]:
    return find_bookmarks(open_(folder).database, bookmarks, languages)


def test_a_bookmark_is_found_in_its_language_and_in_others(folder: Path) -> None:
    bookmark = bookmark_at(folder, SAILS, "en")
    (found,) = find(folder, bookmark)
    assert (found.article, found.section, found.language, found.text) == ("boats", "1", "en", SAILS)
    assert (found.title, found.path, found.line) == ("Boats", "en/boats.md", 7)
    (found,) = find(folder, bookmark, languages=("pl",))
    assert (found.title, found.text, found.path, found.line) == ("Łodzie", SAILS_PL, "pl/boats.md", 7)
    (found,) = find(folder, bookmark, languages=("ru", "pl-PL"))  # the best there is
    assert found.language == "pl"
    (found,) = find(folder, bookmark, languages=("ru",))
    assert found.language == "en"


def test_a_bookmark_moves_with_its_block(folder: Path) -> None:
    bookmark = bookmark_at(folder, SAILS, "en")
    moved = ENGLISH.replace("## Sails", "## Engines\n\nAn engine is loud.\n\n## Sails and masts")
    write(folder, en=moved.replace("before the storm", "long before any storm"))
    (found,) = find(folder, bookmark)
    assert (found.section, found.text, found.line) == ("2", "Fold the sails long before any storm comes.", 11)


def test_a_block_that_is_gone_in_one_language_is_found_by_its_translation(folder: Path) -> None:
    bookmark = bookmark_at(folder, SAILS, "en")
    (folder / "en/boats.md").unlink()
    (found,) = find(folder, bookmark)
    assert (found.article_number, found.language, found.text) == (1, "pl", SAILS_PL)


def test_a_renamed_article_is_found_by_a_file_that_is_still_there(folder: Path) -> None:
    bookmark = bookmark_at(folder, SAILS, "en")
    (found,) = find(folder, bookmark._replace(article="former/name"))
    assert (found.article, found.text) == ("boats", SAILS)


def test_a_bookmark_whose_text_is_gone_is_listed_as_it_was(folder: Path) -> None:
    bookmark, other = bookmark_at(folder, SAILS, "en"), bookmark_at(folder, "Check every rope in the morning.", "en")
    write(folder, en=ENGLISH.replace(SAILS, "Nothing."), pl=POLISH.replace(SAILS_PL, "Nic."))
    gone, found = find(folder, bookmark, other)
    assert (gone.number, gone.article_number, gone.article, gone.section) == (1, None, "boats", "1")
    assert (gone.title, gone.text, gone.path, gone.line) == ("Boats", SAILS, "en/boats.md", 7)
    assert (found.number, found.article_number, found.line) == (2, 1, 11)


def test_a_bookmark_is_set_and_removed_from_any_language(folder: Path, file: str) -> None:
    library = open_(folder)
    article = load_article(library.database, 1)
    sails = unit_with(article, SAILS, "en")
    assert toggle_bookmark(file, article, sails, "en")
    assert toggle_bookmark(file, article, unit_with(article, "Liny", "pl"), "pl")
    assert [each.text for each in load_bookmarks(file)] == [SAILS, "Liny"]
    polish = article._replace(documents={"pl": article.documents["pl"]})  # as the reader has a long one at first
    assert not toggle_bookmark(file, polish, {"pl": sails["pl"]}, "pl")
    assert [each.text for each in load_bookmarks(file)] == ["Liny"]


def test_a_bookmark_is_removed_by_its_number(folder: Path, file: str) -> None:
    article = load_article(open_(folder).database, 1)
    for text in ("Sails", "Ropes"):
        toggle_bookmark(file, article, unit_with(article, text, "en"), "en")
    assert remove_bookmark(file, 3) is None
    removed = remove_bookmark(file, 1)
    assert removed is not None
    assert (removed.text, [each.text for each in load_bookmarks(file)]) == ("Sails", ["Ropes"])


def test_the_first_words_are_short_and_on_one_line(folder: Path) -> None:
    write(folder, en=ENGLISH.replace(SAILS, f"Fold\nthe {'sails ' * 100}"))
    library = open_(folder)
    article = load_article(library.database, 1)
    index = next(i for i, block in enumerate(article.documents["en"].blocks) if "sails sails" in block.text)
    bookmark = bookmark_of(article, {"en": [index]}, "pl")
    assert bookmark.text.startswith("Fold the sails sails")
    assert len(bookmark.text) == 200
