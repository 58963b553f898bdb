"""What relmgr never does: use the network, write outside its folders, run files of a library."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.files import age
from support.terminal import Terminal

RELMGR = [str(Path(sys.executable).with_name("relmgr"))]  # `-m` looks into the current folder first
SEEDS = Path(__file__).parents[2] / "seeds"

# The program under the eyes of Python itself: every event of these kinds is written down, and a socket is refused.
WATCHED = """
import os, sys
FILES = "os.mkdir os.rename os.remove os.rmdir os.chmod os.link os.symlink sqlite3.connect".split()
REACH = "socket. subprocess. os.system os.exec os.posix_spawn os.fork urllib. http.".split()
log = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def look(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, int) or not (flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            return
        detail = os.fsdecode(path)
    elif event == "import" and arguments[1]:
        detail = arguments[1]
    elif event in FILES:
        if isinstance(arguments[0], int):  # a file that is open, so its name has been written down
            return
        detail = os.fsdecode(arguments[0])
    elif event.startswith(tuple(REACH)):
        detail = repr(arguments)
    else:
        return
    os.write(log, f"{event}\\t{detail}\\n".encode("utf-8", "surrogateescape"))
    if event.startswith("socket.") and event != "socket.__new__":
        raise PermissionError("no network")
sys.addaudithook(look)
from relmgr_cli.cli.main import run
run()
"""

COMMANDS = [
    "",
    "list",
    "list --json",
    "index",
    "index --status",
    "index --rebuild",
    "show text -L pl,ru",
    "show text --plain",
    "show --hit 1",
    "sections text",
    "highlights text",
    "links text",
    "search konflikt",
    "search nowhere-to-be-found",
    "search --lines spotkanie",
    "show nothing",
    "read --plain text",
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a cloned repository with files that other programs would run or read."""
    folder = tmp_path / "lib"
    for language, text in (("pl", "Spotkanie i konflikt."), ("ru", "Встреча и конфликт.")):
        path = folder / language / "text.md"
        path.parent.mkdir(parents=True)
        links = "[a](https://example.org) [b](../ru/text.md) ![c](https://example.org/x.png) <img src=http://a/b.png>"
        path.write_text(f"---\nlayout: $(touch {tmp_path}/run)\n---\n# Text\n\n{text} {links}\n\n## Więcej\n\n{text}\n")
    trap = f"import pathlib; pathlib.Path({str(tmp_path / 'run')!r}).touch(); raise SystemExit('run')\n"
    for name in (
        "yaml",
        "frontmatter",
        "typer",
        "rich",
        "numpy",
        "tantivy",
        "sitecustomize",
        "usercustomize",
        "platformdirs",
    ):
        (folder / f"{name}.py").write_text(trap)
    (folder / "relmgr_cli").mkdir()
    (folder / "relmgr_cli/__init__.py").write_text(trap)
    for name in (".relmgr.toml", "config.toml", "relmgr.toml", "setup.cfg"):
        (folder / name).write_text("pager = 'touch run'\nlang = 'ru'\n")
    (folder / ".gitignore").write_text("!$(touch run)\n`touch run`\n")
    return folder


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file to which the watched program logs its actions."""
    path = tmp_path / "watched"
    monkeypatch.setenv("WATCHED", str(path))
    return path


def watched(tmp_path: Path) -> list[str]:
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    return [sys.executable, str(script)]


def events(log: Path) -> Iterator[tuple[str, str]]:
    for line in log.read_text("utf-8", "surrogateescape").splitlines():
        kind, _, detail = line.partition("\t")
        yield kind, detail


OUTSIDE = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.", "http.")
FILE_EVENTS = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink", "sqlite3.")


def is_ours(path: str) -> bool:
    """Return whether a path is in relmgr's cache, config or state folder, or is a parent of one of them."""
    real, home = os.path.realpath(path), os.path.realpath(Path.home())
    ours = [os.path.join(home, part) for part in (".cache/relmgr", ".config/relmgr", ".local/state/relmgr")]
    return (
        real == "/dev/null"
        or path == ":memory:"
        or "__pycache__" in path
        or any(real.startswith(part) or part.startswith(real) for part in ours)
    )


@pytest.mark.slow
def test_no_command_uses_the_network_starts_a_program_or_writes_elsewhere(
    library: Path, tmp_path: Path, log: Path
) -> None:
    before = {path: path.stat() for path in [library, *library.rglob("*")]}
    for command in COMMANDS:
        result = subprocess.run(
            [*watched(tmp_path), "-C", ".", *command.split()],
            cwd=library,
            capture_output=True,
            input=b"o\nq\n",
            check=False,
        )
        assert result.returncode in (0, 1, 2), command
        assert b"Traceback" not in result.stderr, command
    seen = list(events(log))
    assert not [event for event in seen if event[0].startswith(OUTSIDE)]
    written = {detail for kind, detail in seen if kind == "open" or kind.startswith(FILE_EVENTS)}
    assert {path for path in written if os.path.isabs(path) and not is_ours(path)} <= {str(log)}
    assert len(written) > 10
    assert not [detail for kind, detail in seen if kind == "import" and str(library) in detail]
    assert not (tmp_path / "run").exists()
    after = {path: path.stat() for path in [library, *library.rglob("*")]}
    assert {path: (s.st_mtime_ns, s.st_size, s.st_ino) for path, s in before.items()} == {
        path: (s.st_mtime_ns, s.st_size, s.st_ino) for path, s in after.items()
    }


@pytest.mark.slow
def test_the_reader_uses_no_network_either(library: Path, tmp_path: Path, log: Path) -> None:
    terminal = Terminal([*watched(tmp_path), "-C", str(library), "read", "text"], (24, 80), {})
    for key in ("p", "\r", "\r", "\x1b", "s", "konflikt", "\r", "\x1b", "w", "\x1b", "t", "a", "\x1b", "q"):
        terminal.settle(after=b"\x1b[?1049h")
        terminal.press(key)
    assert terminal.end().code == 0
    seen = list(events(log))
    # The event loop wakes itself through a pair of connected sockets: `socket.__new__`, and nothing more.
    assert {kind for kind, _ in seen if kind.startswith(OUTSIDE)} <= {"socket.__new__"}
    assert all(is_ours(detail) for kind, detail in seen if kind in ("os.mkdir", "os.rename", "sqlite3.connect"))


@pytest.mark.slow
def test_what_is_written_is_the_users_alone(library: Path, tmp_path: Path) -> None:
    """Whatever the umask is, and in the files of SQLite and of the full text engine too."""
    age(library)  # so that outputs are cached
    for command in ("index", "list", "search konflikt", "show text", "show --hit 1", "read --plain"):
        script = f"umask 000; cd {library}; {' '.join(RELMGR)} -C {library} {command}"
        subprocess.run(["bash", "-c", script], capture_output=True, input=b"q\n", check=False)
    terminal = Terminal(["bash", "-c", f"umask 000; exec {' '.join(RELMGR)} -C {library} read text"], (24, 80), {})
    for key in ("t", "q"):
        terminal.settle(after=b"\x1b[?1049h")
        terminal.press(key)
    terminal.end()
    found = list(Path.home().rglob("*"))
    names = {path.name for path in found}
    assert {"config.toml", "meta.json", "last-search", "output"} <= names
    for path in found:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_the_editor_makes_files_as_the_user_has_it(library: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(f"#!/bin/sh\numask > {tmp_path}/umask\n")
    editor.chmod(0o755)
    script = f"umask 027; exec {' '.join(RELMGR)} -C {library} read text"
    terminal = Terminal(["bash", "-c", script], (24, 80), {"VISUAL": str(editor)})
    for key in ("e", "q"):
        terminal.settle(after=b"\x1b[?1049h")
        terminal.press(key)
    terminal.end()
    assert (tmp_path / "umask").read_text().strip() == "0027"


@pytest.mark.slow
def test_a_module_in_the_current_folder_is_not_run(library: Path, tmp_path: Path) -> None:
    for command in (["list"], ["show", "text"], ["search", "konflikt"]):
        result = subprocess.run([*RELMGR, "-C", ".", *command], cwd=library, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_pager_gets_arguments_never_a_shells_text(tmp_path: Path) -> None:
    run = tmp_path / "run"
    for pager in (
        f"true; touch {run}",
        f"$(touch {run})",
        f"true && touch {run}",
        f"`touch {run}`",
        f"true | touch {run}",
    ):
        terminal = Terminal([*RELMGR, "-C", str(SEEDS), "show", "-L", "pl"], (24, 80), {"RELMGR_PAGER": pager})
        terminal.end()
        assert not run.exists(), pager


@pytest.mark.slow
def test_a_config_file_that_is_a_link_stays_one(library: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("# mine\n")
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.symlink_to(kept)
    terminal = Terminal([*RELMGR, "-C", str(library), "read", "text"], (24, 80), {})
    for key in ("t", "q"):
        terminal.settle(after=b"\x1b[?1049h")
        terminal.press(key)
    terminal.end()
    assert config.is_symlink()
    assert kept.read_text().startswith("# mine\n")
    assert "theme" in kept.read_text()


@pytest.mark.slow
def test_python_m_runs_no_module_of_the_current_folder_either(library: Path, tmp_path: Path) -> None:
    (library / "relmgr_cli/__init__.py").unlink()
    (library / "relmgr_cli").rmdir()
    for command in ("list", "show text", "search konflikt"):
        arguments = [sys.executable, "-m", "relmgr_cli", "-C", ".", *command.split()]
        assert subprocess.run(arguments, cwd=library, capture_output=True, check=False).returncode == 0
    assert not (tmp_path / "run").exists()
