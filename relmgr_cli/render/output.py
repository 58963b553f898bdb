"""The way out: lines -> text for this screen -> standard output or a pager."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from relmgr_cli.errors import OutputError
from relmgr_cli.render.clean import clean, clean_line
from relmgr_cli.render.screen import Screen
from relmgr_cli.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text


def compose(lines: Iterable["Text"], screen: Screen, environ: Mapping[str, str]) -> str:
    """Return the lines as text for this screen, each with a newline."""
    safe = [_checked(line) for line in lines]
    if not screen.escapes:
        return "".join(f"{line.plain.rstrip()}\n" for line in safe)
    from rich.console import Console
    from rich.segment import Segments

    from relmgr_cli.render.theme import theme_for

    console = Console(
        force_terminal=True,
        theme=theme_for(screen.theme, environ),
        no_color=not screen.color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        width=screen.columns,
        _environ=dict(environ),
    )
    with console.capture() as captured:
        for line in safe:
            console.print(Segments(line.render(console, "\n")), end="", soft_wrap=True)
    return captured.get()


def _checked(line: "Text") -> "Text":
    """Return a line that holds nothing unsafe, whatever the renderers let through."""
    plain = line.plain
    if clean(plain) == plain and "\n" not in plain:
        return line
    from rich.text import Text

    return Text(clean_line(plain))


def emit(text: str, screen: Screen, settings: Settings) -> None:
    """Write an answer to standard output, through the pager when it is longer than the screen.

    Raises OutputError when it cannot be written, BrokenPipeError when nobody reads it.
    """
    longer = screen.lines and text.count("\n") >= screen.lines
    if longer and settings.pager and _page(text, settings.pager, settings.environ):
        return
    write(text)


def write(text: str) -> None:
    """Write to standard output. Raises OutputError or BrokenPipeError."""
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        raise OutputError(error.strerror or "unknown fault") from None


def silence_stdout() -> None:
    """Make sure that nothing complains when the interpreter flushes standard output at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Write one line to standard error, which is for notes and errors; lose it when that is closed."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"relmgr: {clean_line(message)}\n")
            sys.stderr.flush()
        except OSError:
            pass


def _page(text: str, pager: str, environ: Mapping[str, str]) -> bool:
    """Hand the text to the pager; return False when there is no such program."""
    import shlex
    import subprocess

    try:
        command = shlex.split(pager)
        # As git does: a pager that is less without options still gets to show colours and to leave short texts.
        process = subprocess.Popen(  # noqa: S603 (arguments, never a shell)
            command, stdin=subprocess.PIPE, env={"LESS": "-FIRX", **environ}, encoding="utf-8", errors="replace"
        )
    except (OSError, ValueError, IndexError):
        say(f"cannot start the pager '{pager}'; set RELMGR_PAGER or use --no-pager")
        return False
    try:
        process.communicate(text)
    except (BrokenPipeError, KeyboardInterrupt):
        process.wait()
    return True
