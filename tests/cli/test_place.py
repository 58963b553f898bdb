"""The library of the place where the user is."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age

from relmgr_cli.config import bundled_seeds

Write = Callable[[str, str], Path]
ENGLISH = "# {0}\n\nThis is a text about {0} that people who live in the country like to read in the evening.\n"
POLISH = "# {0} po polsku\n\nTo jest tekst, który ludzie w kraju lubią czytać wieczorem, gdy jest już ciemno: {0}.\n"
FALLBACK = "relmgr: library: the bundled articles (relmgr -C . ... for the files of this folder)\n"


def library(folder: Path, name: str) -> Path:
    """Create a library of one article with this name, in two languages."""
    for language, text in (("en", ENGLISH), ("pl", POLISH)):
        (folder / language).mkdir(parents=True)
        (folder / language / f"{name}.md").write_text(text.format(name.title()))
    return folder


def repository(folder: Path) -> Path:
    """Make a folder the top of a git work tree."""
    (folder / ".git/objects").mkdir(parents=True)
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    return folder


def configure(text: str) -> Path:
    path = Path.home() / ".config/relmgr/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def titles(relmgr: Relmgr, *arguments: object) -> set[str]:
    result = relmgr(*arguments, "list", "--json")
    assert (result.code, result.err) == (0, "")
    return {document["path"] for article in json.loads(result.out)["articles"] for document in article["documents"]}


def status(relmgr: Relmgr, *arguments: object) -> tuple[list[str], str]:
    """Return the folders of the library and what chose them."""
    found = json.loads(relmgr(*arguments, "index", "--status", "--json").out)
    return found["library"], found["chosen_by"]


def test_the_order_in_which_a_library_is_chosen(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take away one after another: what is next in order is chosen then."""
    places = {
        name: library(tmp_path / name, Path(name).name) for name in ("option", "environment", "config", "work/docs")
    }
    work = repository(library(tmp_path / "work", "tree"))
    project = work / "relmgr.toml"
    project.write_text("library = 'docs'")
    config = configure(f"library = '{places['config']}'")
    monkeypatch.setenv("RELMGR_LIBRARY", str(places["environment"]))
    (work / "here").mkdir()
    monkeypatch.chdir(work / "here")
    seeds = str(bundled_seeds())
    assert status(relmgr, "--bundled") == ([seeds], "--bundled")
    assert status(relmgr, "-C", places["option"]) == ([str(places["option"])], "--library")
    assert status(relmgr) == ([str(places["environment"])], "RELMGR_LIBRARY")
    monkeypatch.delenv("RELMGR_LIBRARY")
    assert status(relmgr) == ([str(places["work/docs"])], str(project))
    project.unlink()
    assert status(relmgr) == ([str(places["config"])], str(config))
    config.unlink()
    assert status(relmgr) == ([str(work)], "git work tree")
    assert titles(relmgr) == {"en/tree.md", "pl/tree.md", "docs/en/docs.md", "docs/pl/docs.md"}
    monkeypatch.chdir(tmp_path)
    assert status(relmgr) == ([seeds], "default")


@pytest.mark.slow
def test_list_and_the_bare_command_say_which_library_it_is(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = repository(library(tmp_path / "work", "sea"))
    monkeypatch.chdir(work / "pl")
    note = f"relmgr: library: {work} (git work tree; relmgr --bundled ... for the bundled articles)\n"
    for arguments in (["list"], [], ["list", "--plain"]):
        assert relmgr(*arguments).err == note
    for arguments in (["list", "--json"], ["show", "sea"], ["search", "sea", "--exact"], ["index", "--status"]):
        assert "library" not in relmgr(*arguments).err
    assert relmgr("-C", work, "list").err == relmgr("--bundled", "list").err == ""
    (work / "relmgr.toml").write_text("library = ['pl', 'en']")
    assert relmgr("list").err == f"relmgr: library: {work}/pl, {work}/en ({work}/relmgr.toml)\n"
    monkeypatch.chdir(tmp_path)
    assert relmgr("list").err == FALLBACK


@pytest.mark.slow
def test_a_folder_with_a_markdown_file_is_the_library_of_who_is_in_it(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = library(tmp_path / "notes", "sea")
    monkeypatch.chdir(folder)
    assert relmgr("list").err == FALLBACK
    (folder / "readme.txt").write_text(ENGLISH.format("Readme"))
    assert relmgr("list").err == FALLBACK
    (folder / "More.MD").write_text(ENGLISH.format("More"))
    note = f"relmgr: library: {folder} (current folder; relmgr --bundled ... for the bundled articles)\n"
    for _ in range(2):
        assert relmgr("list").err == note
    assert status(relmgr) == ([str(folder)], "current folder")
    assert titles(relmgr) == {"en/sea.md", "pl/sea.md", "readme.txt", "More.MD"}
    monkeypatch.chdir(folder / "pl")
    assert titles(relmgr) == {"sea.md"}
    (folder / "pl/sea.md").unlink()
    assert relmgr("list").err == FALLBACK
    monkeypatch.chdir(folder)
    assert relmgr("list").err == note
    folder.chmod(0o1777)
    assert relmgr("list").err == FALLBACK
    folder.chmod(0o755)
    monkeypatch.setenv("HOME", str(folder))
    assert relmgr("list").err == FALLBACK


def test_a_folder_that_is_no_part_of_the_library_is_not_taken_for_the_library(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (["check"], ["status"], ["links"], ["show"]):
        result = relmgr(*command, ".")
        assert (result.code, result.out) == (2, "")
        assert result.err == "relmgr: cannot show .: a folder; to list its articles, use -C .\n"
    monkeypatch.chdir(library(tmp_path / "notes", "sea"))
    assert relmgr("-C", ".", "check", ".").code == 0


@pytest.mark.slow
def test_a_work_tree_without_markdown_is_not_a_library(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = repository(tmp_path / "work")
    (work / "LICENSE.txt").write_text("Permission is hereby granted to read this text.\n")
    monkeypatch.chdir(work)
    bundled = relmgr("--bundled", "list").out
    for _ in range(2):
        result = relmgr("list")
        assert (result.out, result.err) == (bundled, f"relmgr: library: the bundled articles (no Markdown in {work})\n")
    assert status(relmgr) == ([str(bundled_seeds())], "default")
    assert relmgr("index", "--rebuild").out.startswith("1 article, 2 documents")
    assert "Permission" in relmgr("show", "LICENSE.txt").out
    assert titles(relmgr, "-C", work) == {"LICENSE.txt"}
    assert relmgr("list").out == bundled
    (work / "README.md").write_text(ENGLISH.format("Readme"))
    assert titles(relmgr) == {"LICENSE.txt", "README.md"}
    (work / "README.md").unlink()
    assert relmgr("list").out == bundled


@pytest.mark.parametrize("place", ["home", "link to home", "bare", "deleted", "no home"])
def test_places_without_a_library_show_the_bundled_articles(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = library(tmp_path / "place", "sea")
    if "home" in place:
        repository(folder)
        (tmp_path / "link").symlink_to("place")
        monkeypatch.setenv("HOME", str(tmp_path / "link" if place == "link to home" else folder))
    if place == "no home":
        monkeypatch.delenv("HOME")
        folder = tmp_path
    elif place == "bare":
        (folder / "objects").mkdir()
        (folder / "HEAD").touch()
    monkeypatch.chdir(folder)
    if place == "deleted":
        folder = tmp_path / "deleted"
        folder.mkdir()
        monkeypatch.chdir(folder)
        folder.rmdir()
    result = relmgr("list", "--json")
    assert {Path(root).name for root in json.loads(result.out)["roots"]} == {"seeds"}
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_what_appears_later_is_noticed(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that was looked at is a dependency of a cached output, whether it was there or not."""
    work = library(tmp_path / "work", "sea")
    monkeypatch.chdir(work / "pl")
    bundled = relmgr("list")
    assert relmgr("list") == bundled

    def changed_by(change: Callable[[], object]) -> str:
        before = relmgr("list")
        assert relmgr("list") == before
        change()
        age(tmp_path)
        after = relmgr("list")
        assert after != before
        return after.out + after.err

    assert "git work tree" in changed_by(lambda: repository(work))
    assert "(no Markdown" not in changed_by(lambda: (work / "relmgr.toml").write_text("library = 'pl'"))
    assert str(work / "en") in changed_by(lambda: (work / "relmgr.toml").write_text("library = 'en'"))
    assert "'libary'" in changed_by(lambda: (work / "relmgr.toml").write_text("libary = 'en'"))
    assert "git work tree" in changed_by((work / "relmgr.toml").unlink)
    assert str(tmp_path / "work") not in changed_by(lambda: (work / ".git").rename(tmp_path / ".git"))
    assert "current folder" in changed_by((tmp_path / ".git/HEAD").unlink)


@pytest.mark.slow
def test_a_fresh_process_notices_what_appears_later(tmp_path: Path) -> None:
    work = library(tmp_path / "work", "sea")
    age(work)

    def listed() -> str:
        command = [sys.executable, "-m", "relmgr_cli", "list"]
        result = subprocess.run(command, capture_output=True, check=True, cwd=work, text=True)
        return result.stdout + result.stderr

    assert "Menedżer" in listed()
    assert "Menedżer" in listed()
    repository(work)
    age(work)
    assert "git work tree" in listed()


@pytest.mark.parametrize("position", ["before", "after"])
def test_an_option_names_the_bundled_articles(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, position: str
) -> None:
    monkeypatch.chdir(repository(library(tmp_path / "work", "sea")))
    result = relmgr("--bundled", "show", "nothing") if position == "before" else relmgr("show", "nothing", "--bundled")
    assert (result.code, result.err) == (2, "relmgr: no article 'nothing'; see relmgr --bundled list\n")
    assert (
        relmgr("--bundled", "show", "nothing", "-C", ".").err == "relmgr: no article 'nothing'; see relmgr -C . list\n"
    )
    assert relmgr("-C", ".", "show", "nothing", "--bundled").err == result.err
    result = relmgr("--bundled", "-C", ".", "list")
    assert (result.code, result.out) == (2, "")
    assert "--bundled cannot be combined with --library" in result.err


def test_a_folder_that_is_named_is_read_as_if_one_were_there(relmgr: Relmgr, tmp_path: Path) -> None:
    work = tmp_path / "work"
    docs = library(work / "docs", "sea")
    library(work / "other", "hill")
    (work / "relmgr.toml").write_text("library = 'docs'\nexclude = ['docs/pl/', 'hill.md']")
    assert titles(relmgr, "-C", work) == {"en/sea.md"}
    assert titles(relmgr, "-C", docs) == {"en/sea.md"}
    assert titles(relmgr, "-C", docs / "pl") == {"sea.md"}  # named, although it is excluded
    assert titles(relmgr, "-C", work / "other") == {"en/hill.md", "pl/hill.md"}  # the file is not about it
    (tmp_path / "link").symlink_to("work/docs")
    assert titles(relmgr, "-C", tmp_path / "link") == {"en/sea.md"}


def test_a_file_that_is_left_out_can_be_shown_by_its_path(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = repository(library(tmp_path / "work", "sea"))
    (work / ".gitignore").write_text("/build/\n")
    (work / "build").mkdir()
    (work / "build/hill.md").write_text(ENGLISH.format("Hill"))
    monkeypatch.chdir(work)
    assert titles(relmgr) == {"en/sea.md", "pl/sea.md"}
    assert relmgr("show", "build/hill.md").out.startswith("Hill")
    assert relmgr("show", "en/sea.md").out.startswith("Sea")


def test_a_setting_that_is_wrong_names_its_file_or_variable(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library(tmp_path / "work", "sea"))
    project = tmp_path / "work/relmgr.toml"
    for text, reason in (
        ("library = [", f"relmgr: {project}: not valid TOML: "),
        ("library = '..'", f"relmgr: {project}: library: '..' is not inside the folder of this file"),
        ("source = 'klingon'", f"relmgr: {project}: source: no language 'klingon'"),
        ("languages.cn = 'klingon'", f"relmgr: {project}: languages.cn: no language 'klingon'"),
        ("library = 'gone'", f"relmgr: cannot read library {project.parent}/gone (from {project}): "),
    ):
        project.write_text(text)
        for arguments in (["list"], ["show", "sea"], []):
            result = relmgr(*arguments)
            assert (result.code, result.err.count("\n")) == (2, 1)
            assert result.err.startswith(reason)
        assert relmgr("--bundled", "list").code == 0
    project.unlink()
    monkeypatch.setenv("RELMGR_LIBRARY", "/no/where")
    assert relmgr("list").err.startswith("relmgr: cannot read library /no/where (from RELMGR_LIBRARY): ")
    monkeypatch.delenv("RELMGR_LIBRARY")
    config = configure("library = '/no/where'\nlang = 'klingon'")
    assert relmgr("list").err.startswith(f"relmgr: cannot read library /no/where (from {config}): ")
    assert relmgr("-C", ".", "show", "sea").err.startswith(f"relmgr: {config}: no language 'klingon'")
    monkeypatch.setenv("RELMGR_LANG", "elvish")
    assert relmgr("-C", ".", "show", "sea").err.startswith("relmgr: RELMGR_LANG: no language 'elvish'")


def test_a_width_in_the_config_file_is_that_of_text_and_cuts_no_line_of_a_pipe(relmgr: Relmgr, tmp_path: Path) -> None:
    folder = library(tmp_path / ("long name " * 5), "sea")
    lines = {
        command: relmgr("-C", folder, *command.split()).out for command in ("list", "list --plain", "show --plain")
    }
    page = relmgr("-C", folder, "show", "--width", "30").out
    assert relmgr("-C", folder, "list", "--width", "30").out != lines["list"]
    configure("width = 30")
    for command, out in lines.items():
        assert relmgr("-C", folder, *command.split()).out == out
    assert relmgr("-C", folder, "show").out == page


def test_what_means_nothing_in_the_file_is_reported(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = library(tmp_path / "work", "sea")
    monkeypatch.chdir(work)
    (work / "relmgr.toml").write_text(
        "sorce = 'pl'\n[[pairs]]\njoin = ['en/sea.md', 'pl/see.md']\n[languages]\n'en/' = 'en'\n'pl/no' = 'pl'\n"
    )
    for _ in range(2):
        result = relmgr("list")
        assert result.code == 0
        assert result.err.splitlines()[1:] == [
            "relmgr: relmgr.toml: unknown setting 'sorce'; did you mean 'source'?",
            "relmgr: relmgr.toml: pairs: no file 'pl/see.md' in the library",
            "relmgr: relmgr.toml: languages: no file of the library is in 'pl/no'",
        ]


@pytest.mark.parametrize(
    ("setting", "note"),
    [
        ("source = 'xx'", "source: no language 'xx'; use a code such as pl, or a name such as polish or polski"),
        (
            "languages.cn = 'xq'",
            "languages.cn: no language 'xq'; use a code such as pl, or a name such as polish or polski",
        ),
        (
            "[[pairs]]\njoin = ['en/sea.md', 'pl/sea.md']\n[[pairs]]\npart = 'pl/sea.md'",
            "pairs: 'pl/sea.md' is in join and in part; it is not joined",
        ),
    ],
)
def test_what_cannot_be_obeyed_in_the_file_is_reported(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, note: str
) -> None:
    work = library(tmp_path / "work", "sea")
    monkeypatch.chdir(work)
    (work / "relmgr.toml").write_text(setting)
    assert relmgr("list").err.splitlines()[1:] == [f"relmgr: relmgr.toml: {note}"]


def test_joined_files_in_one_language_are_reported(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = library(tmp_path / "work", "sea")
    (work / "en/hill.md").write_text(ENGLISH.format("Hill"))
    (work / "relmgr.toml").write_text("[[pairs]]\njoin = ['en/sea.md', 'en/hill.md']")
    monkeypatch.chdir(work)
    note = "relmgr: en/hill.md: not paired with en/sea.md: both are in English (untranslated?)"
    assert relmgr("list").err.splitlines()[1:] == [note]


def test_a_pattern_that_excludes_everything_is_named(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = library(tmp_path / "work", "sea")
    (work / "empty").mkdir()
    project = work / "relmgr.toml"
    project.write_text("exclude = ['*']")
    monkeypatch.chdir(work)
    for arguments in (["list"], ["show"], []):
        error = f"relmgr: no documents in {work}: exclude in {project} leaves none"
        assert relmgr(*arguments).err.splitlines()[-1] == error
    project.write_text("exclude = ['*']\nlibrary = 'empty'")
    assert f"no documents in {work}/empty (looked for .md" in relmgr("list").err


def test_the_source_language_and_what_says_it(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = library(tmp_path / "work", "sea")
    monkeypatch.chdir(work)

    def source() -> tuple[list[str], list[str]]:
        relmgr("-C", work, "list")
        found = json.loads(relmgr("-C", work, "index", "--status", "--json").out)
        return found["source"], found["source_chosen_by"]

    assert source()[1] == ["documents"]
    for tag in ("pl", "en"):
        (work / "mkdocs.yml").write_text(f"theme: {{language: {tag}}}\n")
        assert source() == ([tag], [str(work / "mkdocs.yml")])
    (work / "relmgr.toml").write_text("source = 'Polish'\n")
    assert source() == (["pl"], [str(work / "relmgr.toml")])
    text = relmgr("-C", work, "index", "--status").out
    assert f"source: pl\nsource chosen by: {work}/relmgr.toml\n" in text
    (work / "relmgr.toml").unlink()
    (work / "mkdocs.yml").unlink()
    assert source()[1] == ["documents"]


def test_before_anything_is_indexed_the_source_language_is_that_of_the_site(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = library(tmp_path / "work", "sea")
    (work / "book.toml").write_text("[book]\nlanguage = 'pl'\n")
    monkeypatch.chdir(tmp_path)
    found = json.loads(relmgr("-C", "work", "index", "--status", "--json").out)
    assert (found["source"], found["source_chosen_by"]) == (["pl"], [str(work / "book.toml")])
    assert (found["articles"], found["changed"]) == (0, 2)


def test_no_folder_is_created_and_nothing_is_read_to_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Choosing takes calls of stat only: no folder is listed."""
    from relmgr_cli.config import read_settings

    monkeypatch.chdir(repository(library(tmp_path / "work", "sea")) / "pl")
    for name in ("scandir", "listdir", "walk"):
        monkeypatch.setattr(os, name, None)
    assert read_settings(os.environ).roots == (tmp_path / "work",)
