"""The user's editor: the command that opens a file at a line, and running it."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli import messages

if TYPE_CHECKING:
    from textual.app import App

# Editors that take `+LINE file`.
_WITH_LINE = frozenset("vi vim nvim view gvim nano pico emacs emacsclient micro kak joe jed mg ne ed ex".split())
# Editors that take `file:LINE`.
_WITH_COLON = frozenset("hx helix subl zed".split())
_FALLBACK = "vi"


def editor_command(environ: Mapping[str, str], path: str, line: int) -> list[str]:
    """Return the arguments that open a file at a line, for VISUAL, else EDITOR, else vi. No shell is involved.

    Raises ValueError for an unclosed quote.
    """
    chosen = environ.get("VISUAL") or environ.get("EDITOR") or _FALLBACK
    command = shlex.split(chosen) or [_FALLBACK]
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

    def edit(self, app: "App[object]", path: str, line: int) -> str:
        """Suspend the app and edit a file; return an error message, or ""."""
        try:
            command = editor_command(self.environ, path, line)
        except ValueError as error:
            return messages.EDITOR_INVALID.fill(reason=error)
        with app.suspend():
            return self.run(command)

    def run(self, command: Sequence[str]) -> str:
        """Run a command, which alone handles Ctrl-C; return an error message, or ""."""
        try:
            process = subprocess.Popen(command, umask=self.umask)  # noqa: S603 (arguments, never a shell)
        except OSError as error:
            return messages.EDITOR_MISSING.fill(command=command[0], reason=error.strerror)
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, handler)
        return messages.EDITOR_FAILED.fill(command=command[0], code=code) if code else ""
