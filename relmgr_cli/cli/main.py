"""The entry point, which turns errors into messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

    from relmgr_cli.cli.output_cache import CachedOutput
    from relmgr_cli.store.database import Database


def run() -> None:
    """Run the program as the installed script does.

    Garbage collection during imports and the interpreter's shutdown take a fifth of a short command's time. Neither is
    needed: everything is written and closed when `main` returns.
    """
    gc.set_threshold(100_000)
    # A second thread delays the import of numpy by 50 ms, and is slower on small matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    reserve_std_fds()
    try:
        code = main(sys.argv[1:], umask=os.umask(0o077))  # cache and state are readable by the user alone
    except BaseException as error:  # noqa: BLE001 (a panic of the full-text engine is no Exception)
        code = _exit_code(error)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed or missing
            stream.flush()
    os._exit(code)


def reserve_std_fds() -> None:
    """Open /dev/null for closed standard streams: else a file opened later gets their number, and their output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number


def _exit_code(error: BaseException) -> int:
    from relmgr_cli import messages
    from relmgr_cli.errors import Exit
    from relmgr_cli.terminal.stream import print_traceback, warn

    if isinstance(error, SystemExit):  # by a signal, or by Typer
        return error.code if isinstance(error.code, int) else Exit.SHOWN
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    cause = error.__cause__
    if isinstance(cause, SystemExit | KeyboardInterrupt):  # a RuntimeError wraps them while a class is created
        return _exit_code(cause)
    if isinstance(error, MemoryError):
        warn(messages.OUT_OF_MEMORY.fill())
    else:
        print_traceback(error)
    return Exit.ERROR


def main(argv: Sequence[str], *, umask: int = -1) -> int:
    """Run one command and return its exit code; `umask` is for programs that it starts, -1 for the current one."""
    from relmgr_cli.cli.output_cache import OutputCache
    from relmgr_cli.terminal.stream import PipeClosedError, silence_stdout, warn

    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # escapes instead of a crash on an ASCII terminal
    try:
        output_cache = OutputCache(argv, os.environ)
        if cached := output_cache.get():
            _write_cached(cached)
            return 0
        install_signal_handlers()
        from relmgr_cli.ui_language import ui_language, use_ui_language

        use_ui_language(ui_language(os.environ))
        return _run(argv, {"output_cache": output_cache, "umask": umask})
    except (PipeClosedError, BrokenPipeError):  # `relmgr list | head -1`
        silence_stdout()
        return 0
    except KeyboardInterrupt:
        from relmgr_cli.errors import Exit

        return Exit.INTERRUPTED
    except Exception as error:
        from relmgr_cli import messages
        from relmgr_cli.errors import Exit, RelmgrError

        if isinstance(error, RelmgrError):
            warn(str(error))
            return error.exit_code
        if isinstance(error, FileNotFoundError) and _is_current_folder_gone():
            warn(messages.CURRENT_FOLDER_GONE.fill())
            return Exit.ERROR
        raise


def _is_current_folder_gone() -> bool:
    """Return True if the current folder has been deleted: then no relative path can be resolved."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def _write_cached(cached: CachedOutput) -> None:
    """Write the state, the notes and the output of a cached command."""
    from relmgr_cli.terminal.stream import page_or_write, warn

    state_file, content = cached.state
    if state_file:
        from relmgr_cli.store.reading_state import write_last_read

        write_last_read(state_file, content)
    for note in cached.notes:
        warn(note)
    page_or_write(cached.text, cached.pager, os.environ)


def install_signal_handlers() -> None:
    """Make SIGTERM and SIGHUP raise an exception, as Ctrl-C does, so that files and databases are closed."""
    import signal

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP
            signal.signal(number, stop)


def _run(argv: Sequence[str], context: dict[str, object], *, may_rebuild: bool = True) -> int:
    """Run the command; if the index is corrupt, run it again, once, with a new one."""
    from relmgr_cli import messages
    from relmgr_cli.store.database import DatabaseCorruptError, DatabaseMisusedError, IndexCorruptError, discard
    from relmgr_cli.terminal.stream import warn

    databases: list[Database] = []
    try:
        return _run_once(argv, {**context, "databases": databases})
    except IndexCorruptError as error:
        paths = {database.path for database in databases if database.path is not None}
        if not paths or not may_rebuild:
            raise
        warn(messages.INDEX_CORRUPT.fill())
        is_database_corrupt = isinstance(error, DatabaseCorruptError)
    finally:
        for database in databases:
            with suppress(DatabaseMisusedError):  # opened in the reader's thread, which closes it
                database.close()
    for path in paths if is_database_corrupt else ():
        discard(path)
    return _run(argv, context, may_rebuild=False)


def _run_once(argv: Sequence[str], context: dict[str, object]) -> int:
    import typer

    from relmgr_cli import messages
    from relmgr_cli.errors import Exit
    from relmgr_cli.store.database import DatabaseUnavailableError
    from relmgr_cli.terminal.sanitize import sanitize_line
    from relmgr_cli.terminal.stream import PipeClosedError, warn, write

    if shell := os.environ.get("_RELMGR_COMPLETE"):
        os.environ["_RELMGR_COMPLETE"] = sanitize_line(shell)  # Typer prints it if it does not know the shell
    # Typer vendors Click since 0.26 and depends on it before: this works with both.
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    try:
        write("")  # fail early if standard output is closed
        code = load_app(_command_of(argv))(args=list(argv), prog_name="relmgr", standalone_mode=False, obj=context)
        write("")  # flush the output of Typer: a failure changes the exit code
    except typer.Abort:
        return Exit.INTERRUPTED
    except SystemExit as stop:  # by Typer, when the pipe that reads its help is closed
        if stop.code == 1:
            raise PipeClosedError from None
        raise
    except OSError:
        write("")  # fails again, with OutputError, if it was Typer's help that could not be written
        raise
    except usage_error as error:
        warn(_usage_message(error, argv))
        return Exit.ERROR
    except DatabaseUnavailableError as error:
        warn(messages.INDEX_UNAVAILABLE.fill(reason=error))
        return Exit.ERROR
    finally:
        messages.set_library_options(())
    return int(code or Exit.SHOWN)


_COMMANDS = {  # by the module that has them, in the order of --help
    "article_commands": ("show", "sections", "highlights"),
    "links_command": ("links",),
    "status_command": ("status", "diff"),
    "check_command": ("check",),
    "terms_command": ("terms",),
    "export_command": ("export",),
    "library_commands": ("list", "index"),  # and what is common to all
    "read_command": ("read",),
    "saved_commands": ("bookmarks", "words"),
    "search_command": ("search",),
    "mcp_command": ("mcp",),
}
_NAMES = frozenset(name for names in _COMMANDS.values() for name in names)


# The shared options, which are also accepted before the command.
_WITH_VALUE = frozenset({"--library", "-C", "--lang", "-L", "--width", "--color"})
_FLAGS = frozenset({"--bundled", "--json", "--plain", "--links", "--no-links", "--pager", "--no-pager"})


def _command_of(argv: Sequence[str]) -> str:
    """Return the command of a command line, which shared options may be before; any other text if it names none."""
    first, second, *_ = [*_without_shared(argv), "", ""]
    if first == "help" and second:
        return second
    return "show" if first not in _NAMES and os.path.isfile(first) else first


def _without_shared(argv: Sequence[str]) -> Sequence[str]:
    """Return a command line without the shared options that it begins with, and their values."""
    index = 0
    while index < len(argv) and (argv[index] in _FLAGS or argv[index].partition("=")[0] in _WITH_VALUE):
        index += 2 if argv[index] in _WITH_VALUE else 1
    return argv[index:]


@cache
def load_app(command: str = "") -> typer.Typer:
    """Import the commands, which registers them; return the application.

    It has only the command with this name, if there is one: Typer takes 1 ms to build a command.
    """
    from copy import copy
    from importlib import import_module

    from relmgr_cli.cli.options import app

    owners = [module for module, names in _COMMANDS.items() if command in names]
    for module in ["library_commands", *owners] if owners else _COMMANDS:
        import_module(f"relmgr_cli.cli.{module}")
    modules = [f"relmgr_cli.cli.{module}" for module in _COMMANDS]  # they may have been imported in another order
    app.registered_commands.sort(key=lambda each: modules.index(getattr(each.callback, "__module__", "")))
    if wanted := [each for each in app.registered_commands if each.name == command]:
        app = copy(app)
        app.registered_commands = wanted
    return app


def _usage_message(error: Exception, argv: Sequence[str]) -> str:
    """Return what is wrong with the command line, with plain words for those of Click."""
    import re

    from relmgr_cli import messages
    from relmgr_cli.ui_language import localized

    if options := getattr(error, "possibilities", None):
        error.possibilities = _similar_options(error.option_name, options)  # type: ignore[attr-defined]
    message = error.format_message()  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else _command_line_start(argv)
    text = " ".join(message.split()).rstrip(".")
    for jargon, words in messages.USAGE_WORDS:
        text = re.sub(jargon, words, text)
    text = localized(text[:1].lower() + text[1:])
    return messages.USAGE.fill(message=text, command=command)


def _similar_options(wanted: str, options: Sequence[str]) -> list[str]:
    """Return the options similar to a wrong one; Click counts the dashes too, to which `--foo` is like `--color`."""
    import difflib

    return [each for each in options if difflib.get_close_matches(wanted.strip("-"), [each.strip("-")])]


def _command_line_start(argv: Sequence[str]) -> str:
    """Return "relmgr" and the command, for an error of which Click does not say where it was raised."""
    commands = {each.name for each in load_app().registered_commands}
    return " ".join(["relmgr", *[word for word in argv if word in commands][:1]])
