from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.sample_texts import text_of

from relmgr_cli.corpus import translation_paths
from relmgr_cli.corpus.translation_paths import find_translations

Write = Callable[[str, str], Path]


def fill(write: Write, *names: str) -> None:
    for name in names:
        write(name, text_of("bread", "en"))


def found(file: Path) -> tuple[Path, set[str]]:
    root, paths, _ = find_translations(file)
    return root, set(paths)


def test_in_a_checkout_translations_are_sought_everywhere(tmp_path: Path, write: Write) -> None:
    (tmp_path / "shop/.git").mkdir(parents=True)
    fill(write, "shop/docs/a/x.md", "shop/docs/a/y.md", "shop/i18n/ru/docusaurus-plugin-content-docs/current/a/x.md")
    translations = {"docs/a/x.md", "i18n/ru/docusaurus-plugin-content-docs/current/a/x.md"}
    for path in translations:
        assert found(tmp_path / "shop" / path) == (tmp_path / "shop", translations)
    assert found(tmp_path / "shop/docs/a/y.md") == (tmp_path / "shop", {"docs/a/y.md"})


def test_a_worktree_is_a_checkout_too(tmp_path: Path, write: Write) -> None:
    fill(write, "docs/x.md", "docs/ru/x.md")
    write(".git", "gitdir: elsewhere\n")
    assert found(tmp_path / "docs/ru/x.md") == (tmp_path, {"docs/x.md", "docs/ru/x.md"})


def test_without_a_checkout_the_parent_of_the_language_folder_is_the_library(tmp_path: Path, write: Write) -> None:
    fill(write, "site/pl/guide/x.md", "site/ru/guide/x.md", "site/guide/x.md", "site/ru/x.md", "guide/x.md")
    root, paths = found(tmp_path / "site/pl/guide/x.md")
    assert (root, paths) == (tmp_path / "site", {"pl/guide/x.md", "ru/guide/x.md", "guide/x.md"})


def test_without_a_language_marker_only_the_folder_of_the_file_is_searched(tmp_path: Path, write: Write) -> None:
    fill(write, "notes/x.md", "notes/x.ru.md", "ru/notes/x.md", "x.md")
    assert found(tmp_path / "notes/x.md") == (tmp_path / "notes", {"x.md", "x.ru.md"})


@pytest.mark.parametrize("named", ["README.md", "README.pl.md", "README_pt_BR.md"])
def test_a_readme_is_found_by_its_translation_and_the_other_way_round(tmp_path: Path, write: Write, named: str) -> None:
    fill(write, "README.md", "README.pl.md", "README_pt_BR.md", "CHANGELOG.md")
    assert found(tmp_path / named) == (tmp_path, {"README.md", "README.pl.md", "README_pt_BR.md"})


def test_a_file_that_its_repository_ignores_is_read_alone(tmp_path: Path, write: Write) -> None:
    (tmp_path / ".git").mkdir()
    fill(write, "x.md", "x.pl.md")
    write(".gitignore", "x.pl.md\n")
    assert found(tmp_path / "x.pl.md") == (tmp_path / "x.pl.md", {"x.pl.md"})
    assert found(tmp_path / "x.md") == (tmp_path, {"x.md"})


@pytest.mark.parametrize("name", [".x.md", ".notes/x.md", "node_modules/x.md", "x.rst", "absent.md"])
def test_a_file_that_no_library_would_have_is_read_alone(tmp_path: Path, write: Write, name: str) -> None:
    (tmp_path / ".git").mkdir()
    fill(write, "x.pl.md", ".notes/x.pl.md", ".x.pl.md")
    file = tmp_path / name if name == "absent.md" else write(name, "text\n")
    assert found(file) == (file, {file.name})


def test_a_link_is_read_alone(tmp_path: Path, write: Write) -> None:
    fill(write, "notes/x.md", "notes/x.ru.md")
    link = tmp_path / "notes/y.md"
    link.symlink_to("x.md")
    assert found(link) == (link, {"y.md"})


@pytest.mark.parametrize("path", ["/x.md", "/x.pl.md", "/pl/x.md", "/srv/x.md"])
def test_a_file_system_root_is_never_searched(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def refuse(root: Path, watched: list[str]) -> Iterator[object]:
        pytest.fail(f"looked through {root}, {watched}")

    monkeypatch.setattr(translation_paths, "scan", refuse)
    assert found(Path(path)) == (Path(path), {Path(path).name})


@pytest.mark.parametrize("path", ["/pl/guide/x.md", "/srv/pl/x.md"])
def test_below_a_file_system_root_only_the_folder_of_the_file_is_searched(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def only_here(root: Path, _: list[str]) -> Iterator[object]:
        assert root == Path(path).parent
        yield from ()

    monkeypatch.setattr(translation_paths, "scan", only_here)
    assert found(Path(path)) == (Path(path), {"x.md"})


def test_a_folder_that_cannot_be_read_leaves_the_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "gone/x.md"
    assert found(file) == (file, {"x.md"})


def test_the_home_folder_is_never_searched(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~/it/` is about computers as a rule; and whatever it is, a walk through the home folder takes too long."""
    monkeypatch.setenv("HOME", str(tmp_path))
    fill(write, "it/legal.md", "it/legal.pl.md", "pl/legal.md", "legal.md")
    assert found(tmp_path / "it/legal.md") == (tmp_path / "it", {"legal.md", "legal.pl.md"})
    assert found(tmp_path / "legal.md") == (tmp_path / "legal.md", {"legal.md"})


@pytest.mark.parametrize("name", ["README_CN.md", "README.polish.md", "README-pl.md"])
def test_a_name_that_may_be_a_translation_is_opened_with_the_others(tmp_path: Path, write: Write, name: str) -> None:
    fill(write, "README.md", name, "NEWS.md")
    assert found(tmp_path / name) == (tmp_path, {"README.md", name})


def test_languages_below_a_folder_named_like_one_are_found(tmp_path: Path, write: Write) -> None:
    fill(write, "x/site-pl/en/legal.md", "x/site-pl/pl/legal.md")
    assert found(tmp_path / "x/site-pl/en/legal.md") == (tmp_path / "x/site-pl", {"en/legal.md", "pl/legal.md"})
