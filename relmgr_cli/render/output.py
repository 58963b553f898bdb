"""The way out: an answer to standard output or a pager, notes and errors to standard error.

Loads nothing that takes time: an answer that was kept goes this way too.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class PipeClosedError(Exception):
    """Nobody reads what is written any more; no OSError, because Typer would take that for a failure."""


def emit(text: str, pager: str, environ: Mapping[str, str]) -> None:
    """Write an answer to standard output, through the pager when it is longer than the terminal's screen.

    `pager` is a command line, "" for none. Raises OutputError when the answer cannot be written,
    PipeClosedError when nobody reads it.
    """
    if not (pager and _is_longer_than_screen(text) and _page(text, pager, environ)):
        write(text)


def write(text: str) -> None:
    """Write to standard output. Raises OutputError or PipeClosedError."""
    if sys.stdout is None:
        from relmgr_cli.errors import OutputError

        raise OutputError("standard output is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise PipeClosedError from None
    except OSError as error:
        from relmgr_cli.errors import OutputError

        silence_stdout()
        raise OutputError(error.strerror or str(error)) from None


def silence_stdout() -> None:
    """Make sure that nothing complains when the interpreter flushes standard output at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Write one line to standard error, which is for notes and errors; lose it when that is closed."""
    from relmgr_cli.render.clean import clean_line

    if sys.stderr is not None:
        try:
            sys.stderr.write(f"relmgr: {clean_line(message)}\n")
            sys.stderr.flush()
        except OSError:
            pass


def _is_longer_than_screen(text: str) -> bool:
    try:
        return sys.stdout.isatty() and text.count("\n") >= os.get_terminal_size(sys.stdout.fileno()).lines
    except (OSError, ValueError, AttributeError):
        return False


def _page(text: str, pager: str, environ: Mapping[str, str]) -> bool:
    """Hand the text to the pager; return False when there is no such program.

    Ctrl-C is the pager's affair. Whoever ends relmgr ends the pager too, which has to give the terminal back.
    """
    import shlex
    import signal
    import subprocess

    try:
        command = shlex.split(pager)
        # As git does: a pager that is less without options still gets to show colours and to leave short texts.
        process = subprocess.Popen(  # noqa: S603 (arguments, never a shell)
            command,
            stdin=subprocess.PIPE,
            env={"LESS": "-FIRX", **environ},
            encoding=sys.stdout.encoding,
            errors="backslashreplace",
        )
    except (OSError, ValueError, IndexError):
        say(f"cannot start the pager '{pager}'; set RELMGR_PAGER or use --no-pager")
        return False
    stopped_by = 0

    def stop(number: int, _: object) -> None:
        nonlocal stopped_by
        stopped_by = number
        process.terminate()

    handlers: dict[int, Any] = {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: stop}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = stop
    before = [(number, signal.signal(number, handler)) for number, handler in handlers.items()]
    try:
        process.communicate(text)
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    if stopped_by:
        raise SystemExit(128 + stopped_by)
    if process.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    return True


def counted(number: int, noun: str) -> str:
    """Return "1 word", "2 words"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
