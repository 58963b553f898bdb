"""Regressions: faults that users and testers have found."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.marks import slow

RELMGR = [sys.executable, "-m", "relmgr_cli"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library of two pairs that lie in folders for their languages."""
    folder = tmp_path / "lib"
    for number, (polish, russian) in enumerate(
        [
            ("To jest pierwszy tekst, który jest krótki.", "Это первый текст, который не очень длинный."),
            ("Drugi tekst też nie jest długi i ma sens.", "Второй текст тоже не длинный и имеет смысл."),
        ]
    ):
        for language, text in (("pl", polish), ("ru", russian)):
            path = folder / language / f"{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {text.split()[0]} {number}\n\n{text}\n\n## {text.split()[1]}\n\n{text}\n", "utf-8")
    age(folder)
    return folder


def database_of(home: Path) -> Path:
    (path,) = home.glob(".cache/relmgr/lib-*/index-*.db")
    return path


@pytest.mark.parametrize("command", ["list", *slow("show 1 -L pl", "sections 1", "list --json", "index", "--help")])
def test_a_closed_pipe_is_no_failure_for_any_command(library: Path, command: str) -> None:
    for _ in range(2):  # the second time from the cache
        script = f"set -o pipefail; {' '.join(RELMGR)} -C {library} {command} | true"
        result = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (0, b""), command


def test_a_change_that_preserves_size_and_time_is_detected(relmgr: Relmgr, library: Path) -> None:
    path = library / "pl/0.md"
    assert "pierwszy" in relmgr("-C", library, "show", "pl/0.md", "-L", "pl").out
    before = path.stat()
    with path.open("r+", encoding="utf-8") as file:
        text = file.read().replace("pierwszy", "ostatnim")
        file.seek(0)
        file.write(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "pierwszy" not in relmgr("-C", library, "show", "pl/0.md", "-L", "pl").out


KILLED = """
import os, signal
import relmgr_cli.terminal.progress as progress
def kill(self, done, total):
    if done == 450:
        os.kill(os.getpid(), signal.SIGKILL)
progress.ProgressBar.__call__ = kill
from relmgr_cli.cli.main import run
run()
"""


@pytest.mark.slow
def test_an_interrupted_run_goes_on_where_it_stopped(relmgr: Relmgr, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    folder.mkdir()
    for number in range(500):
        (folder / f"{number}.md").write_text(f"# Title {number}\n\nThis is the text of the file {number}.\n")
    age(folder)
    killed = subprocess.run([sys.executable, "-c", KILLED, "-C", str(folder), "list"], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    result = relmgr("-C", folder, "index")
    assert result.out == "500 articles, 500 documents; 100 read, 0 removed\n"  # 400 in two transactions


@pytest.mark.slow
def test_several_processes_can_open_a_new_library_at_once(library: Path) -> None:
    command = [*RELMGR, "-C", str(library), "list", "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    answers = {process.communicate() for process in running}
    assert len(answers) == 1
    assert {err for _, err in answers} == {b""}


@pytest.mark.slow
def test_json_is_valid_on_an_output_that_is_not_unicode(library: Path) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*RELMGR, "-C", str(library), "list", "--json"]
    listed = subprocess.run(command, capture_output=True, check=True, env=environ).stdout
    assert b"\\u" in listed
    assert b"\\x" not in listed


def test_section_numbers_do_not_depend_on_earlier_commands(relmgr: Relmgr, library: Path) -> None:
    path = library / "ru/0.md"
    path.write_text(path.read_text("utf-8").replace("## ", "## Новый раздел\n\nЕщё немного текста.\n\n## ", 1), "utf-8")
    before = relmgr("-C", library, "sections", "1", "--plain", "-L", "pl").out
    assert relmgr("-C", library, "show", "1", "--lang", "pl,ru", "--json").code == 0
    assert relmgr("-C", library, "sections", "1", "--plain", "-L", "pl", "--width", "300").out == before


def test_a_link_that_was_named_is_followed(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("# Real\n\nText.\n")
    (tmp_path / "alias.md").symlink_to("real.md")
    assert relmgr("show", tmp_path / "alias.md").out.startswith("Real")


def test_a_repository_that_stops_ignoring_a_file_is_looked_at_again(relmgr: Relmgr, tmp_path: Path) -> None:
    for name, text in (("pl", "To jest tekst, który nie jest długi."), ("en", "This is a text that is not long.")):
        path = tmp_path / "docs" / name / "a.md"
        path.parent.mkdir(parents=True)
        path.write_text(f"# {name}\n\n{text}\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("docs/pl\n")
    age(tmp_path)
    named = tmp_path / "docs/pl/a.md"
    assert "en" not in relmgr("show", named).out.splitlines()[0]
    (tmp_path / ".gitignore").unlink()
    assert relmgr("show", named).out.splitlines()[0].endswith("en · pl")


def test_an_index_that_another_process_holds_for_long_costs_only_time(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    relmgr("-C", library, "list")
    monkeypatch.setattr("relmgr_cli.store.database._TIMEOUT", 0.05)
    with closing(sqlite3.connect(database_of(Path.home()), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = relmgr("-C", library, "show", "pl/0.md", "-L", "pl")
        (library / "pl/2.md").write_text("# Trzeci\n\nTrzeci tekst nie jest jeszcze w indeksie.\n", "utf-8")
        listed = relmgr("-C", library, "list")
        other.execute("ROLLBACK")
    assert (result.code, result.err) == (0, "")
    assert "pierwszy" in result.out
    assert "Trzeci" in listed.out
    assert listed.err.startswith("relmgr: cannot write the index in ")
    assert listed.err.endswith(": database is locked\n")
    assert listed.err.count("\n") == 1


def test_an_index_command_stops_while_another_process_writes(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not repeat minutes of work on a copy in memory that is lost at its end."""
    relmgr("-C", library, "list")
    monkeypatch.setattr("relmgr_cli.store.database._TIMEOUT", 0.05)
    with closing(sqlite3.connect(database_of(Path.home()), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = relmgr("-C", library, "index")
        other.execute("ROLLBACK")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("relmgr: cannot use the index: database is locked; try again")
    assert result.err.count("\n") == 1
    assert relmgr("-C", library, "index").code == 0


def test_realignment_clears_the_output_cache(relmgr: Relmgr, library: Path) -> None:
    """`index` realigns: a cached output may have other section numbers."""
    relmgr("-C", library, "list")
    folder = Path.home() / ".cache/relmgr/output"
    assert list(folder.iterdir())
    relmgr("-C", library, "index")
    assert not list(folder.iterdir())


def test_a_damaged_cached_output_is_replaced(relmgr: Relmgr, library: Path) -> None:
    expected = relmgr("-C", library, "list").out
    (cached,) = (Path.home() / ".cache/relmgr/output").iterdir()
    whole = cached.read_bytes()
    for damaged in (whole[:-10], whole[: len(whole) // 2], b"", whole[:-3] + b"x" + whole[-2:]):
        cached.write_bytes(damaged)
        assert relmgr("-C", library, "list").out == expected
        assert cached.read_bytes() == whole


@pytest.mark.parametrize("arguments", [("-C", ".", "list"), ("show", "a.md"), ("export", "--to", "tsv", "-o", "x")])
def test_a_current_folder_that_was_deleted_is_no_bug(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = relmgr(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("relmgr: the current folder has been deleted; change to another one\n")
