"""Which files the arguments of a command mean."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.git import GitRepository

from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.core.paths import changed_files, choose_files
from relmgr_cli.errors import ArticleAmbiguousError, ArticleNotFoundError, ChangesUnknownError, FileRefusedError

NAMES = ("en/guide/one.md", "en/guide/two.md", "en/other.md", "pl/guide/one.md", "pl/other.md")

ENGLISH = "# Title\n\nThis is the text, and it is in English, as one can see.\n"
POLISH = "# Tytuł\n\nTo jest tekst, który jest po polsku, jak widać na pierwszy rzut oka.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ENGLISH if name.startswith("en") else POLISH)
    return tmp_path / "library"


@pytest.fixture
def choose(folder: Path, tmp_path: Path) -> Iterator[Callable[..., set[str]]]:
    """Return a function that gives the paths of the files that names mean."""
    opened: list[Library] = []

    def chosen(*names: object, root: Path = folder) -> set[str]:
        library = open_library([root], tmp_path / "cache", QuietReporter())
        opened.append(library)
        files = choose_files(library, [str(name) for name in names])
        assert {found for found, _ in files} <= {str(root)}
        return {path for _, path in files}

    yield chosen
    for library in opened:
        library.database.close()


Choose = Callable[..., set[str]]


def test_a_path_is_one_in_the_library(choose: Choose, folder: Path) -> None:
    assert choose("en/other.md") == {"en/other.md"}
    assert choose("en/guide") == choose("en/guide/") == choose("./pl/../en/guide") == set(NAMES[:2])
    assert choose(".") == choose(folder) == set(NAMES)
    assert choose("en/guide/one.md", "pl/other.md") == {"en/guide/one.md", "pl/other.md"}
    assert choose() == set()


def test_a_path_is_first_one_in_the_current_folder(
    choose: Choose, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "en")
    assert choose("other.md") == {"en/other.md"}
    assert choose("guide") == choose("../en/guide") == set(NAMES[:2])
    assert choose(".") == set(NAMES[:3])
    assert choose("pl/guide") == {"pl/guide/one.md"}  # there is none here, but in the library


def test_a_folder_whose_name_begins_alike_is_another(choose: Choose, folder: Path) -> None:
    (folder / "en/guide-old").mkdir()
    (folder / "en/guide-old/x.md").write_text("# X\n\nThis is text.\n")
    assert choose("en/guide") == set(NAMES[:2])


def test_links_to_folders_are_followed_both_ways(choose: Choose, folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert choose(link / "en/guide") == set(NAMES[:2])
    assert choose(folder / "en/guide", root=link) == set(NAMES[:2])
    assert choose(link / "en/guide", root=link) == set(NAMES[:2])


def test_what_is_no_path_is_an_article(choose: Choose) -> None:
    assert choose("guide/one") == choose("one") == {"en/guide/one.md", "pl/guide/one.md"}


@pytest.mark.parametrize("name", ["nothing", "", "a\0b", "../library-2", "en/nothing.md", "x" * 5000])
def test_what_is_neither_is_an_error(choose: Choose, name: str) -> None:
    with pytest.raises((ArticleNotFoundError, ArticleAmbiguousError)):
        choose(name)


def test_a_file_outside_the_library_is_none_of_it(choose: Choose, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("# Outside\n")
    with pytest.raises(FileRefusedError):
        choose(tmp_path / "outside.md")


@pytest.mark.slow
def test_changed_files_are_those_of_the_branch(folder: Path, tmp_path: Path) -> None:
    repository = GitRepository(folder)
    repository.commit({name: (folder / name).read_bytes() for name in NAMES})
    repository.git("branch", "start")
    repository.commit({"pl/other.md": "# Other\n"})
    repository.write({"en/other.md": "# Other\n", "en/new.md": "# New\n"})
    os.symlink(folder, tmp_path / "link")
    for root, prefix in ((folder, ""), (folder / "en", "en/"), (tmp_path / "link", "")):
        library = open_library([root], tmp_path / "cache", QuietReporter())
        expected = {"pl/other.md", "en/other.md", "en/new.md"}
        assert {prefix + path for _, path in changed_files(library, "start")} == {
            name for name in expected if name.startswith(prefix)
        }
        with pytest.raises(ChangesUnknownError):
            changed_files(library, "nothing")
        library.database.close()
