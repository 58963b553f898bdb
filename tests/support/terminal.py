"""The program in a terminal, with somebody who presses keys."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

RELMGR = [sys.executable, "-m", "relmgr_cli"]

_MODE = re.compile(rb"\x1b\[\?(1049|1000|1003|1006|2004|1004|25)([hl])")

_LOOK = 0.03  # seconds between two looks at a program
# So many looks in a row find it asleep: 0.3 s. That is longer than its own pauses, those of the search as one types and
# of Textual after Esc. No load makes it too short: a program that has something to do and does not get the processor
# does not sleep.
_QUIET = 10
_HANGS = 120  # seconds; no test passes or fails by this unless a program hangs


class _Patience:
    """Raises TimeoutError, and ends the program, when it hangs."""

    def __init__(self, what: str, terminal: "Terminal") -> None:
        self._what, self._terminal, self._end = what, terminal, time.monotonic() + _HANGS

    def check(self) -> None:
        if time.monotonic() > self._end:
            self._terminal.process.kill()
            raise TimeoutError(f"waited for {self._what}: {self._terminal.written[-500:]!r}")


def _sleeps(pid: int) -> bool:
    """Tell whether all threads of a process sleep; where there is no /proc to look into, say so."""
    if not os.path.isdir("/proc/self/task"):
        return True
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        return all(_status(f"{pid}/task/{thread}")[0] in (b"S", b"Z") for thread in threads)
    except OSError:  # one that has just ended
        return False


def _status(process: str) -> list[bytes]:
    """Return state, parent, group, session and more of a process or thread."""
    with open(f"/proc/{process}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()


def _session(leader: int) -> tuple[bool, int]:
    """Return whether a program and all that it has started sleep, and how long they have run, in ticks of the clock."""
    found, ticks = [leader], 0
    for name in os.listdir("/proc") if os.path.isdir("/proc/self/task") else ():
        with suppress(OSError):
            if name.isdigit() and int((status := _status(name))[3]) == leader:
                found.append(int(name))
                ticks += int(status[11]) + int(status[12])
    return all(map(_sleeps, found)), ticks


def _take_terminal() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):  # a shell or nohup may have the tests ignore them
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Seen(NamedTuple):
    """What became of a program in a terminal."""

    code: int
    written: bytes
    modes: frozenset[str]  # that were left on, of those that disturb a shell
    is_as_before: bool  # whether the terminal's own settings are


class Terminal:
    """A terminal with one program in it."""

    def __init__(self, arguments: Sequence[str], size: tuple[int, int], environ: dict[str, str]) -> None:
        self._leader, self._follower = pty.openpty()
        self._resize(size)
        self._before = termios.tcgetattr(self._follower)
        self.written = b""
        self._seen = 0  # bytes of `written` that `wait_for_next` has passed
        self.process = subprocess.Popen(
            arguments,
            stdin=self._follower,
            stdout=self._follower,
            stderr=self._follower,
            env={**os.environ, "TERM": "xterm-256color", **environ},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 (Ctrl-C must reach it)
        )

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._leader, keys.encode())

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal another size."""
        self._resize((rows, columns))

    def _resize(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._leader, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def read(self, seconds: float) -> bool:
        """Read what is written within that time; return False when there is nothing more to come."""
        if select.select([self._leader], [], [], seconds)[0]:
            try:
                self.written += os.read(self._leader, 1 << 16)
            except OSError:
                return False
        return True

    def settle(self, *, after: bytes = b"") -> None:
        """Read until `after` has been written and the program, having nothing left to do, waits; or until it ends."""
        quiet, ran = 0, -1
        patience = _Patience(f"nothing left to do after {after!r}", self)
        while self.process.poll() is None:
            known = len(self.written)
            self.read(_LOOK)
            is_quiet = len(self.written) == known and after in self.written and _sleeps(self.process.pid)
            quiet = quiet + 1 if is_quiet else 0
            if quiet in (_QUIET // 2, _QUIET):
                sleeps, ticks = _session(self.process.pid)
                if sleeps and quiet == _QUIET and ticks == ran:
                    return
                quiet = quiet if sleeps and quiet < _QUIET else 0
                ran = ticks
            patience.check()

    def wait_for(self, text: bytes, times: int = 1) -> None:
        """Read until a text has been written so many times."""
        patience = _Patience(f"{text!r}", self)
        while self.written.count(text) < times:
            is_open = self.read(_LOOK)
            patience.check()
            if not is_open and self.process.poll() is not None:
                raise AssertionError(f"the program ended without {text!r}: {self.written[-500:]!r}")

    def wait_for_next(self, text: str) -> None:
        """Read until a text has been written since the last call."""
        wanted = text.encode()
        patience = _Patience(f"{text!r}", self)
        while (at := self.written.find(wanted, self._seen)) < 0:
            is_open = self.read(_LOOK)
            patience.check()
            if not is_open and self.process.poll() is not None:
                raise AssertionError(f"the program ended without {text!r}: {self.written[self._seen :]!r}")
        self._seen = at + len(wanted)

    def close(self) -> None:
        """Take the terminal away, as closing its window does."""
        os.close(self._leader)
        os.close(self._follower)

    def end(self) -> Seen:
        """Wait for the program to end."""
        patience = _Patience("the end", self)
        while self.process.poll() is None:
            self.read(_LOOK)
            patience.check()
        known = -1
        while len(self.written) > known:  # what is on its way
            known = len(self.written)
            self.read(_LOOK)
        now = termios.tcgetattr(self._follower)
        self.close()
        last = {mode.decode(): switch for mode, switch in _MODE.findall(self.written)}
        left = {mode for mode, switch in last.items() if switch == (b"l" if mode == "25" else b"h")}
        return Seen(self.process.returncode, self.written, frozenset(left), now[:4] == self._before[:4])


def in_terminal(*arguments: str, size: tuple[int, int] = (24, 80), **environ: str) -> Terminal:
    """Start relmgr in a terminal."""
    return Terminal([*RELMGR, *arguments], size, environ)


def run_in_terminal(*arguments: str, keys: tuple[str, ...] = (), **environ: str) -> str:
    """Run relmgr in a terminal of 24 by 80 cells, press keys when it has painted; return what it wrote."""
    terminal = Terminal([*RELMGR, *arguments], (24, 80), environ)
    for key in keys:
        terminal.settle(after=b"\x1b[?1049h")
        terminal.press(key)
    return terminal.end().written.decode(errors="replace")
