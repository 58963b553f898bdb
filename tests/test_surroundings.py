"""The relmgr.toml and the git work tree above a folder."""

import os
from pathlib import Path

import pytest

from relmgr_cli import surroundings
from relmgr_cli.surroundings import look_around


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with folders in it."""
    (tmp_path / "a/b/c").mkdir(parents=True)
    return tmp_path


def make_repository(folder: Path) -> None:
    (folder / ".git/objects").mkdir(parents=True)
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")


def found(folder: Path) -> tuple[str, str]:
    """Return the folders of the relmgr.toml and of the work tree."""
    around = look_around(str(folder))
    return (around.project.folder if around.project else "", around.work_tree)


def test_the_nearest_of_both_is_found_on_one_way_up(tree: Path) -> None:
    assert found(tree / "a/b/c") == ("", "")
    make_repository(tree)
    (tree / "a/relmgr.toml").touch()
    assert found(tree / "a/b/c") == (str(tree / "a"), str(tree))
    make_repository(tree / "a/b")
    (tree / "a/b/c/relmgr.toml").touch()
    assert found(tree / "a/b/c") == (str(tree / "a/b/c"), str(tree / "a/b"))
    assert found(tree / "a") == (str(tree / "a"), str(tree))


def test_a_second_work_tree_and_a_submodule_have_a_file(tree: Path) -> None:
    make_repository(tree)
    (tree / "a/.git").write_text("gitdir: ../.git/worktrees/a\n")
    (tree / "a/b/.git").write_text("something else")
    assert found(tree / "a/b/c") == ("", str(tree / "a"))


@pytest.mark.parametrize("kind", ["empty folder", "bare", "inside"])
def test_what_is_no_work_tree_is_not_taken_for_one(tree: Path, kind: str) -> None:
    folder = tree / "a"
    if kind == "empty folder":
        (folder / ".git").mkdir()
    elif kind == "bare":
        make_repository(tree)  # a bare repository in a work tree is not part of it
        (folder / "objects").mkdir()
        (folder / "HEAD").touch()
    else:
        make_repository(folder)
        folder = folder / ".git/objects"
    assert found(folder) == ("", "")


def test_the_home_folder_ends_the_search(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tree)
    (tree / "relmgr.toml").touch()
    make_repository(tree / "a")
    (tree / "a/relmgr.toml").touch()
    (tree / "home").symlink_to("a")
    monkeypatch.setenv("HOME", str(tree / "home"))
    assert found(tree / "a/b") == ("", "")
    assert found(tree / "a") == ("", "")
    (tree / "a/relmgr.toml").write_text("library = 'b'")
    assert found(tree / "a/b") == (str(tree / "a"), "")


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_without_a_home_folder_the_search_goes_on(
    tree: Path, monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    make_repository(tree)
    if home is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", home)
    assert found(tree / "a/b") == ("", str(tree))


def test_what_another_user_has_made_above_is_ignored(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anyone may create a relmgr.toml or a repository in /tmp. Whose folder it is may, for those who go there."""
    make_repository(tree)
    (tree / "relmgr.toml").touch()
    stranger, own = 4711, tree / "a"

    def stat_as_strangers(path: str) -> os.stat_result | None:
        try:
            status = os.stat(path)
        except OSError:
            return None
        is_own = Path(path).is_relative_to(own)
        return os.stat_result([*status[:4], os.geteuid() if is_own else stranger, *status[5:10]])

    monkeypatch.setattr(surroundings, "_status", stat_as_strangers)
    assert found(own / "b") == ("", "")
    assert found(tree) == (str(tree), str(tree))


def test_everything_that_was_looked_at_is_named(tree: Path) -> None:
    looked_at = look_around(str(tree / "a/b")).looked_at
    for folder in (tree / "a/b", tree / "a", tree):
        assert {str(folder / name) for name in ("relmgr.toml", ".git")} <= {*looked_at}
    make_repository(tree / "a")
    assert str(tree / "a/.git/HEAD") in look_around(str(tree / "a/b")).looked_at


def test_a_folder_that_is_gone_has_nothing_above(tree: Path) -> None:
    assert look_around(str(tree / "gone")) == ((None, "", ()))
    assert look_around("") == (None, "", ())
