"""Standard streams that are closed, full or not Unicode; terminals of any width; limits of memory and files."""

import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Relmgr
from rich.cells import cell_len
from support.marks import slow

SEEDS = Path(__file__).parents[2] / "seeds"
RELMGR = [sys.executable, "-m", "relmgr_cli", "-C", str(SEEDS)]
COMMANDS = [
    *("show 1 -L pl", "--help"),
    *slow("list", "show 1 -L pl,ru", "sections 1", "highlights 1", "links 1"),
    *slow("search konflikt", "search konflikt --lines", "list --json", "index", "index --status", "--version"),
]


@pytest.fixture(scope="module")
def common_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that the tests of this file share: what they ask of the seeds is the same."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _in_common_home(common_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(common_home))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # else a failed write is seen earlier than users see it


def shell(script: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a script in which `relmgr` is the program, on the seeds."""
    start = f'set -o pipefail\nrelmgr() {{ {shlex.join(RELMGR)} "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", start + script], capture_output=True, check=False, env={**os.environ, **environ}
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_pipe_is_no_failure(command: str) -> None:
    for reader in ("true", "head -1"):
        for _ in range(2):  # the second time from the cache
            result = shell(f"relmgr {command} | {reader}; echo ${{PIPESTATUS[0]}}")
            assert result.stdout.splitlines()[-1] == b"0", reader
            assert b"Broken" not in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_an_output_that_cannot_be_written_is_an_error(command: str, relmgr: Relmgr) -> None:
    for _ in range(2):  # the second time from the cache
        full = shell(f"relmgr {command} >/dev/full")
        assert full.returncode == 2
        assert full.stderr.endswith(b"relmgr: cannot write output: No space left on device\n")
        closed = shell(f"relmgr {command} >&-")
        assert closed.returncode == 2
        assert closed.stderr.endswith(b"relmgr: cannot write output: standard output is closed\n")
        relmgr("-C", SEEDS, *command.split())


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.slow
def test_closed_input_and_errors_change_no_output(command: str) -> None:
    shell("relmgr index")
    expected = shell(f"relmgr {command}")
    assert expected.returncode == 0
    for closed in ("<&-", "2>&-", "<&- 2>&-", "2>/dev/full"):
        result = shell(f"relmgr {command} {closed}")
        assert (result.returncode, result.stdout) == (0, expected.stdout), closed
    assert shell(f"relmgr {command} <&- >&- 2>&-").returncode == 2


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """A library that writes to standard error would write into the index."""
    script = tmp_path / "look.py"
    script.write_text(
        "import os, sys, relmgr_cli.cli.main as cli\n"
        "cli.main = lambda argv, umask: int(any(os.readlink(f'/proc/self/fd/{n}') != '/dev/null' for n in range(3)))\n"
        "cli.run()\n"
    )
    assert subprocess.run(["bash", "-c", f"{sys.executable} {script} <&- >&- 2>&-"], check=False).returncode == 0


@pytest.mark.slow
def test_an_error_nobody_can_read_is_still_an_error() -> None:
    for closed in ("2>&-", "2>/dev/full", ">&- 2>&-"):
        assert shell(f"relmgr nonsense {closed}").returncode == 2
        assert shell(f"relmgr show nonsense {closed}").returncode == 2
        assert shell(f"relmgr search zzzzqqqq --exact {closed}").returncode == (2 if ">&-" in closed[:3] else 1)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", *slow("latin-1", "iso-8859-2", "cp1251", "koi8-r")])
def test_an_output_that_is_not_unicode_gets_escapes_never_question_marks(encoding: str, relmgr: Relmgr) -> None:
    for command in ("show 1 -L ru", "show 1 -L pl", "show 1 -L pl,ru", "list", "highlights 1"):
        unicode = relmgr("-C", SEEDS, *command.split()).out
        result = shell(f"relmgr {command}", PYTHONIOENCODING=encoding)
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout == unicode.encode(encoding, "backslashreplace")
    answer = json.loads(shell("relmgr list --json", PYTHONIOENCODING=encoding).stdout.decode(encoding))
    assert answer["articles"][0]["titles"]["ru"].startswith("Менеджер")


@pytest.mark.slow
def test_the_c_locale_reads_and_writes_utf_8() -> None:
    expected = shell("relmgr show 1 -L ru").stdout
    assert "Менеджер" in expected.decode()
    for settings in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "nonsense.UTF-8"}):
        assert shell("relmgr show 1 -L ru", **settings).stdout == expected
    ascii_only = shell("relmgr show 1 -L ru", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert ascii_only.returncode == 0
    assert ascii_only.stdout == expected.decode().encode("ascii", "backslashreplace")


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["1", "abc", *slow("0", "2", "5", "10", "20", "-5", "99999999", "²")])
def test_any_width_shows_everything_and_no_line_is_wider(columns: str) -> None:
    widest = {"0": 80, "abc": 80, "-5": 80, "²": 80, "99999999": 500}.get(columns, 20)
    for command in ("show 1 -L pl", "show 1 -L pl,ru"):
        result = shell(f"relmgr {command}", COLUMNS=columns)
        assert result.returncode == 0
        text = result.stdout.decode()
        assert max(map(cell_len, text.splitlines())) <= widest, command
        if widest == 80:
            assert result.stdout == shell(f"relmgr {command}", COLUMNS="80").stdout
    for command in ("list", "search konflikt", "sections 1", "highlights 1"):  # whole lines without --width
        lines = shell(f"relmgr {command} --width 20", COLUMNS=columns).stdout.decode().splitlines()
        assert max(map(cell_len, lines)) <= 20
    wide = shell("relmgr show 1 -L pl --width 99999999").stdout.decode()
    assert max(map(cell_len, wide.splitlines())) == 500


@pytest.mark.slow
@pytest.mark.parametrize("term", ["\x1b]0;x\x07", *slow("dumb", "", "no-such-terminal")])
def test_an_unknown_terminal_prints(term: str) -> None:
    result = shell("relmgr list; relmgr show 1 -L pl; relmgr read", TERM=term)
    assert result.returncode == 2
    assert b"the full-screen reader needs a terminal" in result.stderr
    assert b"\x1b" not in result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["| cat", "2>/dev/null", *slow("</dev/null", "<&-")])
def test_the_reader_without_a_terminal_is_an_error(closed: str) -> None:
    result = shell(f"relmgr read {closed}")
    assert result.returncode == 2
    assert (b"needs a terminal" in result.stderr) is (closed != "2>/dev/null")


@pytest.mark.slow
def test_messages_are_not_part_of_the_output() -> None:
    result = shell("relmgr show 1 -L pl 2>/dev/null", LANG="de_DE.UTF-8")
    assert b"relmgr:" not in result.stdout
    assert json.loads(shell("relmgr -q list --json 2>/dev/null || relmgr list --json").stdout)


@pytest.mark.parametrize("files", slow(24, 32, 64))
def test_few_file_descriptors_are_enough_or_one_line_is_printed(files: int) -> None:
    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    for command in (["list"], ["show", "1", "-L", "pl,ru"], ["search", "konflikt"]):
        result = subprocess.run([*RELMGR, *command], capture_output=True, check=False, preexec_fn=restrict)
        assert b"Traceback" not in result.stderr
        assert result.returncode == 0 or result.stderr.count(b"\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("mebibytes", [200, *slow(120, 400)])
def test_little_memory_is_enough_to_read_and_leaves_the_index_sound(mebibytes: int) -> None:
    """The engine of the full text aborts where it gets no memory: nobody can say a word then, but nothing is lost."""

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))

    for command in ("list", "show 1 -L pl,ru", "search konfliktami --exact"):
        arguments = [*RELMGR, *command.split()]
        result = subprocess.run(arguments, capture_output=True, check=False, preexec_fn=restrict)
        if "search" not in command:
            assert (result.returncode, result.stderr) == (0, b""), command
            assert result.stdout
    assert b"konfliktami" in shell("relmgr search konfliktami --exact").stdout


@pytest.mark.slow
def test_a_file_size_limit_changes_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit on the size of files (ulimit -f) is a disk that is always full."""

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    monkeypatch.setenv("HOME", str(tmp_path))
    expected = shell("relmgr list").stdout
    for command in (["list"], ["show", "1", "-L", "pl"], ["search", "konfliktami", "--exact"]):
        result = subprocess.run([*RELMGR, *command], capture_output=True, check=False, preexec_fn=restrict)
        assert b"Traceback" not in result.stderr, command
        assert result.returncode in (0, 2), command
    assert shell("relmgr list").stdout == expected
