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
from collections.abc import Callable, Sequence
from typing import NamedTuple

RELMGR = [sys.executable, "-m", "relmgr_cli"]

_MODE = re.compile(rb"\x1b\[\?(1049|1000|1003|1006|2004|1004|25)([hl])")

Act = Callable[["Terminal"], None]


def _take_terminal() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell ignores it for what runs in its background
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
        self._seen = 0  # bytes of `written` that `wait_for` has passed
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

    def settle(self, *, after: bytes = b"", limit: float = 30) -> None:
        """Wait until something has been written and nothing more comes for a while."""
        deadline = time.monotonic() + limit
        quiet_since = time.monotonic()
        while time.monotonic() < deadline and self.process.poll() is None:
            known = len(self.written)
            self.read(0.05)
            if len(self.written) > known or after not in self.written:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > 0.4:
                return

    def wait_for(self, text: str, *, limit: float = 60) -> None:
        """Read until a text has been written since the last call."""
        wanted = text.encode()
        deadline = time.monotonic() + limit
        while (at := self.written.find(wanted, self._seen)) < 0:
            if time.monotonic() > deadline or not self.read(0.05):
                raise TimeoutError(text, self.written[self._seen :])
        self._seen = at + len(wanted)

    def wait(self, seconds: float) -> None:
        """Let some time pass."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def close(self) -> None:
        """Take the terminal away, as closing its window does."""
        os.close(self._leader)
        os.close(self._follower)

    def end(self, limit: float = 30) -> Seen:
        """Wait for the program to end."""
        deadline = time.monotonic() + limit
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                self.process.kill()
                raise TimeoutError(self.written[-500:])
            self.read(0.05)
        known = -1
        while len(self.written) > known:  # what is on its way
            known = len(self.written)
            self.read(0.05)
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
