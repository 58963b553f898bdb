"""Files and folders that move, disappear, grow or are special files, during a command or between two."""

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr

from relmgr_cli.corpus import files
from relmgr_cli.corpus.files import FoundFile, read_text, scan
from relmgr_cli.errors import FileRefusedError, Problem

RELMGR = [sys.executable, "-m", "relmgr_cli"]


def write(path: Path, title: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {title}\n\nThis is what {title} says to you.\n")


def titles(relmgr: Relmgr, folder: Path) -> set[str]:
    answer = json.loads(relmgr("-C", folder, "list", "--json").out)
    return {title for article in answer["articles"] for title in article["titles"].values()}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a library with everything in it that is no file one could read."""
    folder = tmp_path / "lib"
    for name in ("good", "sub/deep/inner", "café", "-rf", "--help", " blank ", "a'b\"c`d$e;f&g|h", "~", "%s"):
        write(folder / f"{name}.md", name)
    write(folder / "folder.md/inside.md", "inside")
    os.mkfifo(folder / "fifo.md")
    server = socket.socket(socket.AF_UNIX)
    with suppress(OSError):  # the path may be too long for a socket
        server.bind(str(folder / "socket.md"))
    server.close()
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "sub/circle").symlink_to("..")
    (folder / "passwd.md").symlink_to("/etc/passwd")
    (folder / "zero.md").symlink_to("/dev/zero")
    (folder / "etc").symlink_to("/etc")
    with (folder / "sparse.md").open("wb") as file:
        file.truncate(5 << 30)
    (folder / "empty.md").touch()
    return folder


LIMIT = 8 << 20  # bytes
GOOD = {"good", "sub/deep/inner", "café", "-rf", "--help", "blank", "a'b\"c`d$e;f&g|h", "~", "%s", "inside", "empty"}


def test_every_file_is_found_once_and_nothing_else_is_opened(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "index", "--json")
    answer = json.loads(result.out)
    assert (result.code, answer["documents"]) == (0, len(GOOD))
    assert titles(relmgr, library) == GOOD
    said = result.err.splitlines()
    for name in ("fifo.md", "loop.md", "dangling.md", "sub/circle", "sparse.md"):
        assert sum(f"/{name}:" in line for line in said) == 1, name
    assert relmgr("-C", library, "search", "root:x:0:0", "--exact").code == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fifo.md", "not a regular file"),
        ("loop.md", "broken symbolic link"),
        pytest.param("dangling.md", "broken symbolic link", marks=pytest.mark.slow),
        pytest.param("zero.md", "not a regular file", marks=pytest.mark.slow),
        ("sparse.md", "larger than 8 MiB"),
    ],
)
def test_a_binary_file_is_refused_when_named(name: str, reason: str, library: Path) -> None:
    script = f"ulimit -v 1000000; {shlex.join([*RELMGR, 'show', str(library / name)])}"  # kibibytes
    result = subprocess.run(["bash", "-c", script], capture_output=True, check=False, text=True)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith(f"{reason}\n")


@pytest.mark.parametrize("name", ["-rf.md", "--help.md", " blank .md", "a'b\"c`d$e;f&g|h.md", "~.md", "%s.md"])
def test_any_name_can_be_opened(name: str, relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library)
    assert relmgr("show", "--", name).out.split()[0] == name.removesuffix(".md").split()[0]


def test_a_file_is_read_no_further_than_its_limit_and_never_mapped(tmp_path: Path) -> None:
    """One that grows while it is read must not fill the memory; the size it had before says nothing."""
    path = tmp_path / "grows.md"
    path.write_bytes(b"a" * LIMIT)
    assert len(read_text(str(tmp_path), "grows.md")[0]) == LIMIT
    with path.open("ab") as file:
        file.write(b"a")
    with pytest.raises(FileRefusedError, match="larger than 8 MiB"):
        read_text(str(tmp_path), "grows.md")


@pytest.mark.parametrize("become", ["fifo", "link", "folder", "nothing"])
def test_a_file_that_became_something_else_after_it_was_found_is_not_opened(
    become: str, relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, victim = tmp_path / "lib", tmp_path / "lib/b.md"
    for name in "abc":
        write(folder / f"{name}.md", name)

    def scan_and_swap(root: Path, watched: list[str], **options: Any) -> Iterator[FoundFile | Problem]:
        for found in [*scan(root, watched, **options)]:
            if found.path == "b.md" and victim.is_file():
                victim.unlink()
                if become == "fifo":
                    os.mkfifo(victim)
                elif become == "link":
                    victim.symlink_to("/etc/passwd")
                elif become == "folder":
                    victim.mkdir()
            yield found

    monkeypatch.setattr("relmgr_cli.store.sync.scan", scan_and_swap)
    result = relmgr("-C", folder, "list", "--json")
    assert result.code == 0
    assert len(json.loads(result.out)["articles"]) == 2
    assert "root:" not in relmgr("-C", folder, "search", "root", "--exact").out


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Do something again and again in a second thread."""
    is_over = threading.Event()

    def run() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@pytest.mark.slow
def test_files_that_never_rest_cost_no_other_file(relmgr: Relmgr, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    for number in range(20):
        write(folder / f"still{number}.md", f"still{number}")
    restless, inner = folder / "restless.md", folder / "sub/inner.md"

    def toss() -> None:
        restless.write_text("")
        write(restless, "restless")
        os.replace(restless, folder / "other.md")
        inner.parent.mkdir(exist_ok=True)
        write(inner, "inner")
        (folder / "other.md").unlink()
        inner.unlink()
        inner.parent.rmdir()
        restless.mkdir()
        restless.rmdir()

    still = {f"still{number}" for number in range(20)}
    with meanwhile(toss):
        for _ in range(10):
            for command in ("index", "list", "search text", "show still3", "sections still4"):
                result = relmgr("-C", folder, *command.split())
                assert result.code in (0, 1), (command, result.err)
            assert titles(relmgr, folder) >= still
    for path in (restless, folder / "other.md", inner):
        with suppress(OSError):
            path.unlink()
    assert {title for title in titles(relmgr, folder) if title} == still


@pytest.fixture
def common() -> Iterator[Path]:
    """Return a folder that other users may enter; pytest's are closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def as_user(number: int, folder: Path) -> list[str]:
    """Return what runs a command as another user, nothing where that is not needed; skip where it is not possible."""
    if os.geteuid() != 0:
        return []
    command = ["setpriv", "--reuid", str(number), "--regid", str(number), "--clear-groups"]
    try:
        subprocess.run([*command, *RELMGR, "--version"], check=True, capture_output=True, cwd=folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs setpriv, and a Python that other users may run")
    return command


def test_a_pipe_or_device_is_not_opened_at_all(relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a reader at the other end must go on waiting."""
    opened: list[str] = []
    os_open = os.open

    def look(path: str, *rest: int, **named: int) -> int:
        opened.append(os.fspath(path))
        return os_open(path, *rest, **named)

    monkeypatch.setattr(os, "open", look)
    assert relmgr("-C", library, "index").code == 0
    names = {os.path.basename(path) for path in opened}
    assert "good.md" in names
    assert not names & {"fifo.md", "zero.md", "zero", "passwd.md", "passwd", "loop.md"}


@pytest.mark.slow
def test_articles_in_an_unreadable_folder_stay_in_the_index(common: Path) -> None:
    """A folder that cannot be read just now, as when its disk is not there, does not empty the index."""
    folder, home = common / "lib", common / "home"
    write(folder / "open.md", "open")
    write(folder / "closed/kept.md", "kept")
    home.mkdir()
    for path in (*common.rglob("*"),):
        path.chmod(0o755)
    nobody = as_user(65534, common)
    if nobody:
        os.chown(home, 65534, 65534)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*nobody, *RELMGR, "-C", str(folder), *arguments]
        environ = {**os.environ, "HOME": str(home)}
        return subprocess.run(command, capture_output=True, check=False, text=True, env=environ, cwd=common)

    assert run("index").stdout.startswith("2 articles, 2 documents")
    (folder / "closed").chmod(0)
    try:
        closed = run("index")
        assert closed.stdout.startswith("2 articles, 2 documents")
        assert "closed: Permission denied" in closed.stderr
        assert "kept" in run("search", "kept", "--exact").stdout
        (folder / "open.md").chmod(0)
        refused = run("list")
        assert refused.returncode == 0
        assert "open.md: Permission denied" in refused.stderr
    finally:
        (folder / "open.md").chmod(0o644)
        (folder / "closed").chmod(0o755)
    assert run("index").stdout.startswith("2 articles, 2 documents")


def test_a_missing_library_is_an_error_and_its_index_stays(relmgr: Relmgr, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    write(folder / "a.md", "first")
    relmgr("-C", folder, "index")
    os.rename(folder, tmp_path / "elsewhere")
    result = relmgr("-C", folder, "list")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"relmgr: cannot read library {folder}: No such file or directory\n"
    os.rename(tmp_path / "elsewhere", folder)
    again = relmgr("-C", folder, "index", "--json")
    assert json.loads(again.out)["read"] <= 1
    assert titles(relmgr, folder) == {"first"}


@pytest.mark.parametrize("when", [-(10**10), 0, 2**33, 2**40])
def test_any_time_of_change_is_a_time(when: int, relmgr: Relmgr, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    write(folder / "a.md", "first")
    try:
        os.utime(folder / "a.md", (when, when))
    except (OSError, OverflowError):
        pytest.skip("this file system keeps no such time")
    for command in ("list", "show first", "index", "index --status", "search first", "list --json"):
        assert relmgr("-C", folder, *command.split()).code == 0
    write(folder / "a.md", "second")
    with suppress(OSError):
        os.utime(folder / "a.md", (when, when))
    assert titles(relmgr, folder) == {"second"}


def test_a_name_too_long_to_open_costs_one_short_line(relmgr: Relmgr, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    write(folder / "a.md", "first")
    here = os.open(folder, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    result = relmgr("-C", folder, "index")
    assert result.out.startswith("1 article")
    assert result.err.count("\n") == 1
    assert "File name too long" in result.err
    assert len(result.err) < 400


@pytest.mark.slow
def test_a_user_without_a_home_can_read(common: Path) -> None:
    """A user that the system does not know, as in a container."""
    folder, config = common / "lib", common / "config/relmgr/config.toml"
    write(folder / "a.md", "first")
    (folder / ".git").mkdir()
    config.parent.mkdir(parents=True)
    config.write_text(f'library = "{folder}"\n')
    for path in (*common.rglob("*"),):
        path.chmod(0o755)
    stranger = as_user(12345, common)
    if not stranger:
        pytest.skip("only root can become a user that the system does not know")
    environ = {name: value for name, value in os.environ.items() if name != "HOME"}

    def run(*arguments: str, **settings: str) -> None:
        command = [*stranger, *RELMGR, *arguments]
        where = {**environ, **settings}
        result = subprocess.run(command, capture_output=True, check=False, env=where, text=True, cwd=common)
        assert (result.returncode, "first" in result.stdout) == (0, True), result.stderr

    run("-C", str(folder), "list")
    run("-C", str(folder), "search", "first")
    run("show", str(folder / "a.md"))
    run("list", XDG_CONFIG_HOME=str(common / "config"))


@pytest.mark.parametrize("cache", ["/dev/null", "/proc", "/dev/null/\x1b]0;x\x07", "relative"])
def test_without_a_folder_for_the_index_everything_works_and_one_line_is_printed(
    cache: str, relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lib"
    write(folder / "a.md", "first")
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    for command in ("list", "show first", "search first", "sections first"):
        result = relmgr("-C", folder, *command.split())
        assert (result.code, "first" in result.out) == (0, True)
        notes = [line for line in result.err.splitlines() if "the index is in memory only" in line]
        assert len(notes) == (0 if cache == "relative" else 1)
    assert not (tmp_path / "relative").exists()


def test_a_change_within_one_tick_of_the_clock_is_seen(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system that counts whole seconds, and keeps no other time."""

    def coarse(status: os.stat_result) -> str:
        return f"{status.st_mtime_ns // 10**9 * 10**9}:0:{status.st_size}:0"

    monkeypatch.setattr(files, "format_status", coarse)
    monkeypatch.setattr("relmgr_cli.filesystem.format_status", coarse)
    folder = tmp_path / "lib"
    write(folder / "a.md", "one")
    for title in ("one", "two", "six", "ten"):
        write(folder / "a.md", title)
        assert titles(relmgr, folder) == {title}
