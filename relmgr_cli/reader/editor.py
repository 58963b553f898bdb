"""The user's editor: which command opens a file at a line, and what becomes of it."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.app import App

# Editors that take `+LINE file`.
_WITH_LINE = frozenset("vi vim nvim view gvim nano pico emacs emacsclient micro kak joe jed mg ne ed ex".split())
# Editors that take `file:LINE`.
_WITH_COLON = frozenset("hx helix subl zed".split())
_FALLBACK = "vi"


def editor_command(environ: Mapping[str, str], path: str, line: int) -> list[str]:
    """Return the arguments that open a file at a line: VISUAL, then EDITOR, then vi; never a shell's text.

    Raises ValueError for a setting with a quote that is not closed.
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
    umask: int = -1  # for the files that it makes; -1 for that of this process

    def edit(self, app: "App[object]", path: str, line: int) -> str:
        """Leave the terminal to the editor until it ends; return what went wrong, "" for nothing."""
        try:
            command = editor_command(self.environ, path, line)
        except ValueError as error:
            return f"cannot read VISUAL or EDITOR: {error}"
        with app.suspend():
            return self.run(command)

    def run(self, command: Sequence[str]) -> str:
        """Run a command until it ends, Ctrl-C being its affair; return what went wrong, "" for nothing."""
        try:
            process = subprocess.Popen(command, umask=self.umask)  # noqa: S603 (arguments, never a shell)
        except OSError as error:
            return f"cannot start {command[0]}: {error.strerror}; set VISUAL or EDITOR"
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
        return f"{command[0]} ended with {code}" if code else ""
