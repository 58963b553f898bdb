"""Signals end the program at once with the right exit code, and the terminal is restored."""

import os
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.marks import slow
from support.terminal import Terminal, in_terminal

pytestmark = pytest.mark.usefixtures("indexed_seeds")

SEEDS = Path(__file__).parents[2] / "seeds"
PAINTED = b"\x1b[?1049h"
ENDING = [signal.SIGTERM, *slow(signal.SIGINT, signal.SIGHUP)]
# A pager that puts the terminal into a mode of its own, as less does, and says when it has the whole text.
PAGER = """
import signal, sys, termios, tty
terminal = open("/dev/tty", "rb", buffering=0)
before = termios.tcgetattr(terminal)
def leave(*_):
    termios.tcsetattr(terminal, termios.TCSANOW, before)
    raise SystemExit
signal.signal(signal.SIGTERM, leave)
signal.signal(signal.SIGINT, lambda *_: print("caught", flush=True))
tty.setcbreak(terminal)
sys.stdin.read()
print("paging", flush=True)
while terminal.read(1) != b"q":
    pass
leave()
"""


def stop(terminal: Terminal, number: int) -> None:
    os.kill(terminal.process.pid, number)


@pytest.mark.slow
@pytest.mark.parametrize("number", [*ENDING, *slow(signal.SIGQUIT)])
def test_the_reader_gives_the_terminal_back(number: int) -> None:
    terminal = in_terminal("-C", str(SEEDS), "read")
    terminal.settle(after=PAINTED)
    stop(terminal, number)
    seen = terminal.end()
    assert (seen.code, set(seen.modes), seen.is_as_before) == (128 + number, set(), True)


STARTING = """
import os, sys
module, number = sys.argv.pop(1), int(sys.argv.pop(1))
def look(event, arguments):
    global module
    if event == "import" and arguments[0] == module:
        module = ""
        os.kill(os.getpid(), number)
sys.addaudithook(look)
from relmgr_cli.cli.main import run
run()
"""


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize(
    "module",
    ["typer", "textual.drivers.linux_driver", *slow("sqlite3", "textual.app", "relmgr_cli.reader.app", "termios")],
)
def test_the_reader_gives_the_terminal_back_while_it_starts(number: int, module: str) -> None:
    """The signal comes when a module is about to be loaded: from early on to just before the screen is taken."""
    script = [sys.executable, "-c", STARTING, module, str(int(number))]
    seen = Terminal([*script, "-C", str(SEEDS), "read"], (24, 80), {}).end()
    assert seen.code == 128 + number
    assert not seen.modes
    assert seen.is_as_before


@pytest.mark.slow  # between the moments that the other tests try
@pytest.mark.parametrize("number", ENDING)
def test_the_reader_gives_the_terminal_back_as_soon_as_it_has_taken_it(number: int) -> None:
    terminal = in_terminal("-C", str(SEEDS), "read")
    terminal.wait_for(PAINTED)
    stop(terminal, number)
    seen = terminal.end()
    assert (seen.code, set(seen.modes), seen.is_as_before) == (128 + number, set(), True)


@pytest.mark.parametrize(
    "keys",
    [
        "",
        *slow("o", ["/", "konflikt", "\r"], "w"),
        *slow(["/", "ab", "\x1b[1;2D", "\x03"], "s\x03", "?\x03", ":\x03", "/\x03", "a\x03"),  # closes that first
    ],
)
def test_ctrl_c_ends_the_reader(keys: Sequence[str]) -> None:
    terminal = in_terminal("-C", str(SEEDS), "read")
    for key in keys:
        terminal.settle(after=PAINTED)
        terminal.press(key)
    terminal.settle(after=PAINTED)
    terminal.press("\x03")
    seen = terminal.end()
    assert (seen.code, set(seen.modes), seen.is_as_before) == (130, set(), True)


@pytest.mark.slow
def test_ctrl_c_ends_the_line_reader_too() -> None:
    terminal = in_terminal("-C", str(SEEDS), "read", "--plain")
    terminal.settle(after=b"> ")
    terminal.press("\x03")
    assert terminal.end().code == 130


# An editor that takes the screen and puts the terminal into a mode of its own, and restores the screen alone.
EDITOR = """
import signal, sys, termios, time, tty
def leave(*_):
    print("\\x1b[?1049lcaught", flush=True)
    raise SystemExit(1)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, leave)
tty.setraw(0)
print("\\x1b[?1049hediting", flush=True)
while True:
    time.sleep(1000)
"""
ENDED_BY_HANGUP = (128 + signal.SIGHUP, 2)  # 2: that nothing can be written any more is noticed first
HANGS = 120  # seconds


def _script(tmp_path: Path, text: str) -> str:
    path = tmp_path / "script.py"
    path.write_text(text)
    return shlex.join([sys.executable, str(path)])


def _reader(tmp_path: Path, state: str) -> Terminal:
    """Return a reader that is at work, in the editor or stopped."""
    terminal = in_terminal("-C", str(SEEDS), "read", VISUAL=_script(tmp_path, EDITOR))
    terminal.settle(after=PAINTED)
    if state == "editing":
        terminal.press("e")
        terminal.settle(after=b"editing")
    elif state == "stopped":
        terminal.press("\x1a")
        terminal.wait_for(b"\x1b[?1049l")
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    return terminal


def _close(terminal: Terminal) -> int:
    """Take the terminal away; return the exit code."""
    terminal.close()
    try:
        return terminal.process.wait(HANGS)
    finally:
        terminal.process.kill()  # does nothing to one that has ended


@pytest.mark.slow
@pytest.mark.parametrize("state", ["reading", "editing", *slow("stopped")])
def test_a_window_that_closes_ends_the_reader(state: str, tmp_path: Path) -> None:
    terminal = _reader(tmp_path, state)
    assert _close(terminal) in ENDED_BY_HANGUP


@pytest.mark.slow
def test_a_window_that_closes_ends_the_reader_without_a_signal() -> None:
    script = (
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])\n"
        "from relmgr_cli.cli.main import run\nrun()"
    )
    terminal = Terminal([sys.executable, "-c", script, "-C", str(SEEDS), "read"], (24, 80), {})
    terminal.settle(after=PAINTED)
    assert _close(terminal) in ENDED_BY_HANGUP


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, *slow(signal.SIGHUP)])
def test_the_editor_ends_with_the_reader_and_the_terminal_is_given_back(number: int, tmp_path: Path) -> None:
    terminal = _reader(tmp_path, "editing")
    stop(terminal, number)
    seen = terminal.end()
    assert b"caught" in seen.written
    assert (seen.code, set(seen.modes), seen.is_as_before) == (128 + number, set(), True)


@pytest.mark.slow
def test_the_reader_paints_when_it_goes_on(tmp_path: Path) -> None:
    terminal = _reader(tmp_path, "stopped")
    terminal.wait_for_next("\x1b[?1049l")
    stop(terminal, signal.SIGCONT)
    terminal.wait_for_next("%")  # of the status line
    terminal.press("q")
    seen = terminal.end()
    assert (seen.code, set(seen.modes), seen.is_as_before) == (0, set(), True)


@pytest.mark.slow
def test_a_reader_that_is_not_stopped_does_not_start_again(tmp_path: Path) -> None:
    terminal = _reader(tmp_path, "reading")
    stop(terminal, signal.SIGCONT)
    terminal.settle()
    terminal.press("q")
    assert terminal.end().written.count(PAINTED) == 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, *slow(signal.SIGHUP)])
def test_the_pager_ends_with_relmgr_and_gives_the_terminal_back(number: int, tmp_path: Path) -> None:
    terminal = in_terminal("-C", str(SEEDS), "show", "-L", "pl", RELMGR_PAGER=_script(tmp_path, PAGER))
    terminal.settle(after=b"paging")
    stop(terminal, number)
    seen = terminal.end()
    assert (seen.code, seen.is_as_before) == (128 + number, True)


@pytest.mark.slow
def test_ctrl_c_is_the_pagers_affair(tmp_path: Path) -> None:
    terminal = in_terminal("-C", str(SEEDS), "show", "-L", "pl", RELMGR_PAGER=_script(tmp_path, PAGER))
    terminal.settle(after=b"paging")
    for times in (1, 2):
        terminal.press("\x03")
        terminal.wait_for(b"caught", times)
    assert terminal.process.poll() is None
    terminal.press("q")
    seen = terminal.end()
    assert seen.written.count(b"caught") == 2
    assert (seen.code, seen.is_as_before) == (0, True)


@pytest.mark.slow
def test_ctrl_c_that_ends_the_pager_ends_relmgr(tmp_path: Path) -> None:
    path = tmp_path / "pager.py"
    path.write_text("import time\nprint('paging', flush=True)\ntime.sleep(1000)\n")
    pager = shlex.join([sys.executable, str(path)])
    terminal = in_terminal("-C", str(SEEDS), "show", "-L", "pl", RELMGR_PAGER=pager)
    terminal.settle(after=b"paging")
    terminal.press("\x03")
    assert terminal.end().code == 130


@pytest.mark.slow
def test_ctrl_c_is_the_editors_affair(tmp_path: Path) -> None:
    path = tmp_path / "editor.py"
    path.write_text(
        "import signal\nsignal.signal(signal.SIGINT, lambda *_: print('caught', flush=True))\n"
        "print('editing', flush=True)\nwhile input() != 'done': pass\n"
    )
    terminal = in_terminal("-C", str(SEEDS), "read", VISUAL=shlex.join([sys.executable, str(path)]))
    terminal.settle(after=PAINTED)
    terminal.press("e")
    terminal.settle(after=b"editing")
    terminal.press("\x03")
    terminal.settle(after=b"caught")
    terminal.press("done\n")
    terminal.settle()
    assert terminal.process.poll() is None
    terminal.press("q")
    seen = terminal.end()
    assert (seen.code, set(seen.modes)) == (0, set())


FILES, STOP_AT = 300, 250
STOPPED = f"""
import os, sys
import relmgr_cli.terminal.progress as progress
number = int(sys.argv.pop(1))
progress._DELAY = 0.0  # its bar hides the cursor
show = progress.ProgressBar.__call__
def show_and_stop(self, done, total):
    show(self, done, total)
    if done == {STOP_AT}:
        os.kill(os.getpid(), number)
progress.ProgressBar.__call__ = show_and_stop
from relmgr_cli.cli.main import run
run()
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a library that is read in several transactions."""
    folder = tmp_path / "lib"
    folder.mkdir()
    for number in range(FILES):
        text = f"# Title {number}\n\nThis is the text of the file {number}.\n\n## Part {number * 7}\n\nMore of it.\n"
        (folder / f"{number}.md").write_text(text)
    age(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("number", ENDING)
def test_a_stopped_index_is_sound_and_goes_on_later(number: int, relmgr: Relmgr, large: Path) -> None:
    script = [sys.executable, "-c", STOPPED, str(int(number))]
    seen = Terminal([*script, "-C", str(large), "index"], (24, 80), {}).end()
    assert b"reading files" in seen.written
    assert (seen.code, set(seen.modes), seen.is_as_before) == (128 + number, set(), True)
    (path,) = Path.home().glob(".cache/relmgr/lib-*/index-*.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        ((done,),) = connection.execute("SELECT count(*) FROM documents").fetchall()
    assert 0 < done < STOP_AT
    assert relmgr("-C", large, "list", "--json").out.count('"id"') == FILES


@pytest.mark.slow
def test_who_asked_for_no_hangup_gets_none(large: Path) -> None:
    script = ["nohup", sys.executable, "-c", STOPPED, str(int(signal.SIGHUP))]
    result = subprocess.run([*script, "-C", str(large), "list", "--json"], capture_output=True, check=False)
    assert (result.returncode, result.stdout.count(b'"id"')) == (0, FILES)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1, 1), (2, 10), (5, 20), (300, 500)])
def test_the_reader_draws_on_any_terminal(size: tuple[int, int]) -> None:
    terminal = in_terminal("-C", str(SEEDS), "read", size=size)
    for key in (" ", "p", "i", "o", "?", "\x1b", "/", "\x1b", "h", "\x1b"):
        terminal.settle(after=PAINTED)
        terminal.press(key)
    terminal.settle()
    terminal.press("\x03")
    seen = terminal.end()
    assert (seen.code, set(seen.modes)) == (130, set())
    assert b"Traceback" not in seen.written


@pytest.mark.slow
def test_the_reader_survives_a_storm_of_sizes() -> None:
    terminal = in_terminal("-C", str(SEEDS), "read")
    terminal.settle(after=PAINTED)
    for number in range(60):
        terminal.resize(1 + number * 37 % 90, 1 + number * 53 % 300)
        terminal.press(" bpio"[number % 5])
        terminal.read(0.02)
    terminal.resize(24, 80)
    terminal.settle()
    terminal.press("q")
    seen = terminal.end()
    assert (seen.code, set(seen.modes)) == (0, set())
    assert b"Traceback" not in seen.written


@pytest.mark.slow
def test_a_bug_in_the_reader_restores_the_terminal_and_is_an_error(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(
        "import relmgr_cli.reader.screens.article as reading\n"
        "def broken(self):\n    secret = 'what a file said'\n    raise ValueError('a bug \\x1b[31m')\n"
        "reading.ArticleScreen.action_outline = broken\n"
        "import sys; sys.argv[1:] = ['-C', sys.argv[1], 'read']\n"
        "from relmgr_cli.cli.main import run; run()\n"
    )
    terminal = Terminal([sys.executable, str(script), str(SEEDS)], (24, 80), {})
    terminal.settle(after=PAINTED)
    terminal.press("o")
    seen = terminal.end()
    assert (seen.code, set(seen.modes), seen.is_as_before) == (2, set(), True)
    after = seen.written[seen.written.rindex(b"?1049l") :]
    assert "ValueError: a bug ␛[31m".encode() in after
    assert b"this is a bug" in after
    assert b"what a file said" not in after.replace(b"secret = 'what a file said'", b"")


@pytest.mark.parametrize(("raised", "code"), [("KeyboardInterrupt", 130), ("SystemExit(143)", 143)])
def test_a_signal_while_a_module_is_loaded_is_no_bug(raised: str, code: int) -> None:
    script = (
        "import relmgr_cli.cli.main as cli\n"
        f"class Late:\n    def __set_name__(self, *_): raise {raised}\n"
        "def main(argv, umask):\n    class Made:\n        late = Late()\n"
        "cli.main = main\ncli.run()"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (code, b"")
