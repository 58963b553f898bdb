import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.sample_texts import text_of

from relmgr_cli.config import bundled_seeds
from relmgr_cli.errors import ArticleAmbiguousError, ArticleNotFoundError, FileMissingError, FileRefusedError
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.name_lookup import (
    ArticleMatch,
    find_article,
    languages_of,
    problems_of,
    problems_without_article,
    title_of,
)
from relmgr_cli.store.sync import sync

Write = Callable[[str, str], Path]
ID = "menedzer-relacji"


@pytest.fixture
def database() -> Iterator[Database]:
    opened = in_memory()
    yield opened
    opened.close()


@pytest.fixture
def library(tmp_path: Path, write: Write, database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a database of the bundled article, of three whose names are alike, and of one in two languages."""
    for file in bundled_seeds().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    write("x/garden.md", "# Garden\n\nwords\n")
    write("x/garden walls.md", "# Walls of stone\n\nwords\n\nwords\n")
    write("y/garden.md", "# 7 \n\nwords\n\n- words\n")
    for language in ("en", "pl"):
        write(f"docs/{language}/Bread_making/index.md", text_of("bread", language))
    sync(database, [tmp_path])
    monkeypatch.chdir(tmp_path.parent)
    return database


@pytest.mark.parametrize(
    ("name", "article"),
    [
        (ID, ID),
        ("2", ID),
        ("MENEDZER_relacji", ID),
        ("Menedżer relacji", ID),
        ("MENEDZER", ID),
        ("менеджер по связям с", ID),
        ("связям", ID),
        ("x/garden", "x/garden"),
        ("X/Garden", "x/garden"),
        ("x/garden.md", "x/garden"),
        ("./x/garden", "x/garden"),
        ("walls", "x/garden walls"),
        ("garden-walls", "x/garden walls"),
        ("Garden walls", "x/garden walls"),
        ("y/garden.md", "y/garden"),
        ("7", "y/garden"),
        ("bread making", "docs/Bread_making/index"),
        ("bread-making/index", "docs/Bread_making/index"),
        ("docs/bread_making", "docs/Bread_making/index"),
    ],
)
def test_an_article_is_found_by_what_it_is_called(library: Database, name: str, article: str) -> None:
    found = find_article(library, name, None)
    assert (found.id, found.language) == (article, found.language if name.endswith(".md") else None)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("docs/pl/Bread_making/index.md", "pl"),
        ("pl/Bread_making/index.md", "pl"),
        ("pl/bread making/index", "pl"),
        ("en/bread-making/INDEX.MD", "en"),
        ("Bread_making/index.md", None),
    ],
)
def test_a_file_that_is_named_decides_the_language(library: Database, name: str, language: str | None) -> None:
    found = find_article(library, name, None)
    assert (found.id, found.language) == ("docs/Bread_making/index", language)


def test_an_article_is_found_by_the_path_of_its_file(
    library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_article(library, str(tmp_path / "y" / "garden.md"), None).id == "y/garden"
    monkeypatch.chdir(tmp_path / "x")
    assert find_article(library, os.path.join("..", "y", "garden.md"), None).id == "y/garden"
    assert find_article(library, "garden.md", None).id == "x/garden"
    (tmp_path / "link").symlink_to(tmp_path / "y")
    assert find_article(library, str(tmp_path / "link" / "garden.md"), None).id == "y/garden"


def test_a_name_of_several_articles_is_refused_with_all_of_them_and_their_paths(
    library: Database, tmp_path: Path
) -> None:
    with pytest.raises(ArticleAmbiguousError) as refused:
        find_article(library, "garden", None)
    folder = tmp_path.name
    candidates = f"3 x/garden ({folder}/x/garden.md), 5 y/garden ({folder}/y/garden.md)"
    assert str(refused.value) == f"'garden' matches several articles: {candidates}"


def test_of_many_articles_the_first_are_named_and_all_are_counted(
    tmp_path: Path, write: Write, database: Database
) -> None:
    for number in range(1, 31):
        write(f"topic {number}/page.md", "# Page\n\nwords\n")
    sync(database, [tmp_path])
    with pytest.raises(
        ArticleAmbiguousError, match=r"1 topic 1/page \(.*, \.\.\. \(8 of 30; relmgr list page shows all"
    ):
        find_article(database, "page", None)
    with pytest.raises(
        ArticleAmbiguousError, match=r"which article\? 1 topic 1/page .*\(8 of 30; relmgr list shows all"
    ):
        find_article(database, None, None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("menadzer-relacji", "did you mean 2 menedzer-relacji ("),
        ("Gardne", "did you mean 3 x/garden ("),
        ("x/gardne", "did you mean 3 x/garden ("),
        ("y/gardne", "did you mean 5 y/garden ("),
        ("mrj", "did you mean 2 menedzer-relacji ("),
        ("bred_making/index", "did you mean 1 index ("),
        ("xyzzy", "see relmgr list"),
        ("99", "see relmgr list"),
        ("0", "see relmgr list"),
        ("9" * 30, "see relmgr list"),
        ("\u0661", "see relmgr list"),
        ("' OR 1=1 --", "see relmgr list"),
        ("%", "see relmgr list"),
        ("a\0b", "see relmgr list"),
        ("\udcff", "see relmgr list"),
        ("", "see relmgr list"),
        ("-_ ", "see relmgr list"),
    ],
)
def test_an_article_that_is_not_there_is_refused_with_the_nearest(library: Database, name: str, hint: str) -> None:
    with pytest.raises(ArticleNotFoundError) as refused:
        find_article(library, name, None)
    assert f"no article '{name}'" in str(refused.value)
    assert hint in str(refused.value)


def test_an_abbreviation_means_the_name_in_which_its_letters_are_closest(
    tmp_path: Path, write: Write, database: Database
) -> None:
    for name in ("guards of tools", "garden roots and walls"):
        write(f"{name}.md", f"# {name.title()}\n\nwords\n")
    sync(database, [tmp_path])
    with pytest.raises(ArticleNotFoundError, match="did you mean 1 garden roots and walls "):
        find_article(database, "grd", None)


def test_the_nearest_of_articles_deep_in_folders_is_found_by_an_end_of_its_path(
    tmp_path: Path, write: Write, database: Database
) -> None:
    for path in ("content/docs/methods/accounts", "content/docs/methods/admin/accounts", "content/docs/tutorial"):
        write(f"{path}.md", f"# {path.title()}\n\nwords\n")
    sync(database, [tmp_path])
    for name, near in (("mthods/accounts", 1), ("admin/acounts", 2), ("acounts", 1), ("tutrial", 3)):
        with pytest.raises(ArticleNotFoundError, match=f"no article '{name}'; did you mean {near} "):
            find_article(database, name, None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("/nonexist.md", "see relmgr list"),
        ("my docs/nofile.md", "see relmgr list"),
        ("./x/nofile", "see relmgr list"),
        ("x/gardn.md", "did you mean 3 x/garden ("),
    ],
)
def test_a_path_of_no_file_is_reported_as_a_missing_file(library: Database, name: str, hint: str) -> None:
    with pytest.raises(FileMissingError) as refused:
        find_article(library, name, None)
    assert str(refused.value).startswith(f"no file {name}; {hint}")


def test_a_folder_and_a_file_that_is_not_in_the_library_are_refused(
    library: Database, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(".hidden/page.md", "# Hidden\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileRefusedError, match=r"cannot show y/: a folder; to list its articles, use -C y/"):
        find_article(library, "y/", None)
    with pytest.raises(FileRefusedError, match=r"cannot show .hidden/page.md: not part of the library"):
        find_article(library, ".hidden/page.md", None)


def test_the_only_article_needs_no_name(database: Database) -> None:
    sync(database, [bundled_seeds()])
    assert find_article(database, None, None) == ArticleMatch(1, ID)
    assert find_article(database, None, "another") == ArticleMatch(1, ID)


def test_without_a_name_the_one_last_read_is_meant(library: Database) -> None:
    assert find_article(library, None, "x/garden").id == "x/garden"


@pytest.mark.parametrize("last_read", [None, "gone", ""])
def test_without_a_name_and_a_last_one_the_articles_are_named(library: Database, last_read: str | None) -> None:
    with pytest.raises(ArticleAmbiguousError, match=rf"which article\? 1 index \(.*, 2 {ID} \("):
        find_article(library, None, last_read)


def test_languages_and_titles_of_an_article_are_known(library: Database) -> None:
    assert languages_of(library, 2) == ("pl", "ru")
    assert title_of(library, 2, "ru") == "Менеджер по связям с"
    assert languages_of(library, 99) == ()


def test_problems_are_reported_for_the_languages_that_are_shown(
    tmp_path: Path, write: Write, database: Database
) -> None:
    write("a.md", "---\ntitle: a: b\nlang: pl\n---\n1234\n")
    (tmp_path / "b.md").write_bytes(b"\0" * 99)
    sync(database, [tmp_path])
    assert [problem.path for problem in problems_of(database, 1, ("pl",))] == ["a.md"]
    assert problems_of(database, 1, ("ru",)) == []
    assert [problem.path for problem in problems_without_article(database)] == ["b.md"]
