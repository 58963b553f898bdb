"""The user's editor: the command that opens a file at a line, and running it."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli import messages

if TYPE_CHECKING:
    from textual.app import App

# Editors that take `+LINE file`.
_WITH_LINE = frozenset("vi vim nvim view gvim nano pico emacs emacsclient micro kak joe jed mg ne ed ex".split())
# Editors that take `file:LINE`.
_WITH_COLON = frozenset("hx helix subl zed".split())


def editor_command(environ: Mapping[str, str], path: str, line: int) -> list[str]:
    """Return the arguments that open a file at a line, for VISUAL, else EDITOR; [] without both. No shell is involved.

    Raises ValueError for an unclosed quote.
    """
    command = shlex.split(environ.get("VISUAL", "")) or shlex.split(environ.get("EDITOR", ""))
    if not command:
        return []
    path = os.path.abspath(path)
    name = os.path.basename(command[0]).removesuffix(".exe")
    if name in {"code", "codium", "code-insiders"}:
        return [*command, "--wait", "--goto", f"{path}:{line}"]
    if name in _WITH_COLON:
        return [*command, f"{path}:{line}"]
    return [*command, f"+{line}", path] if name in _WITH_LINE else [*command, path]


class Editor(NamedTuple):
    """The user's editor."""

    environ: Mapping[str, str]
    umask: int = -1  # for the files that it creates; -1 for the current one
    is_read_only: bool = False  # nothing is edited: an update of relmgr would replace it

    def edit(self, app: "App[object]", path: str, line: int) -> str:
        """Suspend the app and edit a file; return an error message, or ""."""
        try:
            command = editor_command(self.environ, path, line)
        except ValueError as error:
            return messages.EDITOR_INVALID.fill(reason=error)
        if self.is_read_only or not command:
            return messages.BUNDLED_NOT_EDITED if self.is_read_only else messages.EDITOR_NOT_SET
        with app.suspend(), _terminal_restored():
            return self.run(command)

    def run(self, command: Sequence[str]) -> str:
        """Run a command; return an error message, or "".

        Ctrl-C is left to the command. SIGTERM and SIGHUP are passed on to it, for it has to restore the terminal; the
        event loop of the app, which waits for now, then gets them too.
        """
        try:
            process = subprocess.Popen(command, umask=self.umask)  # noqa: S603 (arguments, never a shell)
        except OSError as error:
            return messages.EDITOR_MISSING.fill(command=command[0], reason=error.strerror)

        def pass_on(number: int, _: object) -> None:
            process.send_signal(number)

        handlers: dict[int, Any] = {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: pass_on}
        if sys.platform != "win32":
            handlers |= {signal.SIGHUP: pass_on, signal.SIGCHLD: lambda *_: None}
        before = [(number, signal.signal(number, handler)) for number, handler in handlers.items()]
        try:
            code = _wait(process)
        finally:
            for number, handler in before:
                signal.signal(number, handler)
        return messages.EDITOR_FAILED.fill(command=command[0], code=code) if code else ""


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for a process and return its exit code; SIGCHLD needs a handler.

    Python handles signals in the main thread, but the system may deliver them to another one, and does not interrupt
    the main thread then. So that waits for a byte, which Python writes for every signal.
    """
    if sys.platform == "win32":
        return process.wait()
    receiver, sender = socket.socketpair()
    with receiver, sender:
        os.set_blocking(sender.fileno(), False)
        event_loop = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        received = b""
        try:
            while (code := process.poll()) is None:
                received += receiver.recv(1024)
        finally:
            signal.set_wakeup_fd(event_loop)
        sender.send(b"\0")  # no signal, and so that there is something to receive
        received += receiver.recv(1024)
    if event_loop >= 0:
        os.write(event_loop, received)
    return code


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """Restore the settings of the terminal afterwards: vi, when a signal ends it, leaves a terminal without echo."""
    if sys.platform == "win32":
        yield
        return
    import termios

    before = None
    with suppress(termios.error, OSError):  # the terminal is gone, or it is no terminal
        before = termios.tcgetattr(sys.stdin)
    yield
    if before is not None:
        with suppress(termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSANOW, before)
