import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relmgr_cli.config import bundled_seeds
from relmgr_cli.errors import ArticleAmbiguousError, ArticleNotFoundError
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.name_lookup import (
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
def library(tmp_path: Path, write: Write, database: Database) -> Database:
    """Return a database of the bundled article and of three whose names are alike."""
    for file in bundled_seeds().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    write("x/garden.md", "# Garden\n\nwords\n")
    write("x/walls.md", "# Garden walls\n\nwords\n\nwords\n")
    write("y/garden.md", "# 7\n\nwords\n\n- words\n")
    sync(database, [tmp_path])
    return database


@pytest.mark.parametrize(
    ("name", "article"),
    [
        (ID, ID),
        ("1", ID),
        ("Menedżer relacji", ID),
        ("MENEDZER", ID),
        ("менеджер по связям с", ID),
        ("связям", ID),
        ("garden", "garden"),
        ("Garden", "garden"),
        ("walls", "garden-walls"),
        ("x/garden.md", "garden"),
        ("y/garden.md", "7"),
        ("7", "7"),
    ],
)
def test_an_article_is_found_by_what_it_is_called(library: Database, name: str, article: str) -> None:
    assert find_article(library, name, None)[1] == article


def test_an_article_is_found_by_the_path_of_its_file(
    library: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_article(library, str(tmp_path / "y" / "garden.md"), None)[1] == "7"
    monkeypatch.chdir(tmp_path / "x")
    assert find_article(library, os.path.join("..", "y", "garden.md"), None)[1] == "7"
    assert find_article(library, "garden.md", None)[1] == "garden"


def test_a_name_of_several_articles_is_refused_with_all_of_them(library: Database) -> None:
    with pytest.raises(ArticleAmbiguousError, match=r"'gard' matches several articles: \d garden, \d garden-walls"):
        find_article(library, "gard", None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("menadzer-relacji", "did you mean 1 'Menedżer relacji'"),
        ("Gardne", "'Garden'"),
        ("xyzzy", "see relmgr list"),
        ("99", "see relmgr list"),
        ("0", "see relmgr list"),
        ("9" * 30, "see relmgr list"),
        ("\u0661", "see relmgr list"),
        ("' OR 1=1 --", "see relmgr list"),
        ("%", "see relmgr list"),
        ("a\0b", "see relmgr list"),
    ],
)
def test_an_article_that_is_not_there_is_refused_with_the_nearest(library: Database, name: str, hint: str) -> None:
    with pytest.raises(ArticleNotFoundError) as refused:
        find_article(library, name, None)
    assert f"no article '{name}'" in str(refused.value)
    assert hint in str(refused.value)


def test_the_only_article_needs_no_name(database: Database) -> None:
    sync(database, [bundled_seeds()])
    assert find_article(database, None, None) == (1, ID)
    assert find_article(database, None, "another") == (1, ID)


def test_without_a_name_the_one_last_read_is_meant(library: Database) -> None:
    assert find_article(library, None, "garden-walls")[1] == "garden-walls"


@pytest.mark.parametrize("last_read", [None, "gone", ""])
def test_without_a_name_and_a_last_one_the_articles_are_named(library: Database, last_read: str | None) -> None:
    with pytest.raises(ArticleAmbiguousError, match=rf"which article\?.* 1 {ID}, 2 "):
        find_article(library, None, last_read)


def test_languages_and_titles_of_an_article_are_known(library: Database) -> None:
    assert languages_of(library, 1) == ("pl", "ru")
    assert title_of(library, 1, "ru") == "Менеджер по связям с"
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
