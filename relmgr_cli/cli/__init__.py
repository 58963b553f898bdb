"""The command line: a command asks, renders, returns its exit code; errors become exit codes here alone."""

import sys
from collections.abc import Sequence

from relmgr_cli.errors import Exit, OutputError, RelmgrError


def run() -> None:
    """Run the program as the installed script does."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    from relmgr_cli.render.output import say, silence_stdout

    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an ASCII terminal sees escapes, not a crash
    try:
        return _run(argv)
    except BrokenPipeError:  # `relmgr list | head -1`
        silence_stdout()
        return Exit.SHOWN
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except RelmgrError as error:
        say(str(error))
        return Exit.ERROR


def _run(argv: Sequence[str]) -> int:
    import typer

    from relmgr_cli.cli.app import app
    from relmgr_cli.render.output import say

    # Typer vendors Click from 0.26 on and depends on it before: the class is reached without naming either.
    usage_error = typer.BadParameter.__mro__[1]
    try:
        code = app(args=list(argv), prog_name="relmgr", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except typer.Abort:
        return Exit.INTERRUPTED
    except usage_error as error:
        say(_usage_message(error))
        return Exit.ERROR
    except OSError as error:
        if isinstance(error, BrokenPipeError) or sys.stdout is None:
            raise
        raise OutputError(error.strerror or str(error)) from error
    return int(code or Exit.SHOWN)


def _usage_message(error: Exception) -> str:
    message = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "relmgr"
    text = " ".join(message.split()).rstrip(".")
    return f"{text[:1].lower()}{text[1:]} (see {command} --help)"
