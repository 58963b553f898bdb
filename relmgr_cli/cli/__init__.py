"""The command line: a command asks, renders, returns its exit code; errors become exit codes here alone."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from relmgr_cli.cli.replies import Replies


def run() -> None:
    """Run the program as the installed script does.

    A fifth of the time of a short command would go into garbage collections while modules load and into taking
    the interpreter apart at the end. Everything is written and closed when `main` returns, so neither is needed.
    """
    from relmgr_cli.render.output import tell_bug

    sys.excepthook = tell_bug
    gc.set_threshold(100_000)
    # A second thread costs the start of numpy 50 ms and makes the small matrices here slower. Whoever set it knows why.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or not there at all
            stream.flush()
    os._exit(code)


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    from relmgr_cli.cli.replies import Replies
    from relmgr_cli.render.output import PipeClosedError, emit, say, silence_stdout

    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an ASCII terminal sees escapes, not a crash
    try:
        replies = Replies(argv, os.environ)
        if replies.replay(lambda text, pager: emit(text, pager, os.environ), say):
            return 0
        return _run(argv, replies)
    except (PipeClosedError, BrokenPipeError):  # `relmgr list | head -1`
        silence_stdout()
        return 0
    except KeyboardInterrupt:
        return 130


def _run(argv: Sequence[str], replies: Replies, *, is_second_try: bool = False) -> int:
    import sqlite3

    import typer

    from relmgr_cli.cli.app import app
    from relmgr_cli.errors import Exit, RelmgrError
    from relmgr_cli.index.catalogue import CatalogueDamagedError, discard
    from relmgr_cli.render.clean import clean_line
    from relmgr_cli.render.output import PipeClosedError, say, write

    if asked := os.environ.get("_RELMGR_COMPLETE"):
        os.environ["_RELMGR_COMPLETE"] = clean_line(asked)  # Typer prints it when it knows no such shell
    # Typer vendors Click from 0.26 on and depends on it before: the class is reached without naming either.
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    try:
        write("")  # an answer that has nowhere to go is not worth making
        code = app(args=list(argv), prog_name="relmgr", standalone_mode=False, obj={"replies": replies})
        write("")  # what Typer itself has printed must be out before the exit code says so
    except typer.Abort:
        return Exit.INTERRUPTED
    except SystemExit as stop:  # Typer's own way to end when nobody reads its help
        if stop.code == 1:
            raise PipeClosedError from None
        raise
    except usage_error as error:
        say(_usage_message(error))
        return Exit.ERROR
    except RelmgrError as error:
        say(str(error))
        return error.exit_code
    except CatalogueDamagedError as damage:
        if damage.path is None or is_second_try:
            raise
        say("the index was damaged and is built anew")
        discard(damage.path)
        return _run(argv, replies, is_second_try=True)
    except sqlite3.OperationalError as error:  # a full disk, or another process that writes for long
        say(f"cannot use the index: {error}; try again, or see relmgr index --status")
        return Exit.ERROR
    return int(code or Exit.SHOWN)


def _usage_message(error: Exception) -> str:
    message = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "relmgr"
    text = " ".join(message.split()).rstrip(".")
    return f"{text[:1].lower()}{text[1:]} (see {command} --help)"
