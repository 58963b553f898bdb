"""Writes answers to standard output or a pager, notes and errors to standard error.

All output is sanitized here once more. Imports nothing expensive: cached answers are written from here too.
"""

from __future__ import annotations

import os
import sys

from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_TARGETS = ("https://", "http://", "mailto:", "file:///")


class PipeClosedError(Exception):
    """The reader of standard output is gone. Not an OSError, which Typer would report as a failure."""


def page_or_write(text: str, pager: str, environ: Mapping[str, str]) -> None:
    """Write an answer to standard output, through the pager if it is longer than the terminal's screen.

    `pager` is a command line, "" for none. Raises OutputError if the answer cannot be written, PipeClosedError if the
    reader of a pipe is gone.
    """
    safe = _checked(text)
    if not (pager and _is_longer_than_screen(safe)):
        _write_stdout(safe)
        return
    from relmgr_cli import messages
    from relmgr_cli.terminal.pager import run_pager

    if not run_pager(safe, pager, environ):
        _write_stdout(safe)
        warn(messages.PAGER_FAILED.fill(pager=pager))  # below the text, where it is on the screen


def write(text: str) -> None:
    """Write text without escapes to standard output. Raises OutputError or PipeClosedError."""
    _write_stdout(sanitize(text))


def write_data(data: bytes) -> None:
    """Write bytes to standard output as they are, for a program. Raises OutputError or PipeClosedError."""
    _write_stdout("")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except AttributeError:  # standard output is no file, as in a test
        _write_stdout(data.decode())
    except BrokenPipeError:
        raise PipeClosedError from None
    except OSError as error:
        raise _output_failed(error) from None


def write_records(text: str) -> None:
    """Write records for programs, in which the names of files are as they are; on a terminal sanitized.

    The caller has sanitized everything but the names. Raises OutputError or PipeClosedError.
    """
    if sys.stdout is None or sys.stdout.isatty():
        write(text)
        return
    write_data(_encode_names(text))


def _encode_names(text: str) -> bytes:
    """Return a text in the encoding of file names; a character that it lacks is in no name, and is escaped."""
    import codecs

    def encode_character(error: UnicodeError) -> tuple[bytes, int]:
        assert isinstance(error, UnicodeEncodeError)  # noqa: S101 (the others are for decoding)
        character = error.object[error.start]
        is_byte = "\udc80" <= character <= "\udcff"
        return character.encode("ascii", "surrogateescape" if is_byte else "backslashreplace"), error.start + 1

    codecs.register_error("relmgr.names", encode_character)
    return text.encode(sys.getfilesystemencoding(), "relmgr.names")


def _checked(text: str) -> str:
    """Return the text, with all escapes sanitized if it has anything unsafe besides those that `to_ansi` writes."""
    bare = _without_styles(text) if "\x1b" in text else text
    return text if sanitize(bare) == bare else sanitize(text)


def _without_styles(text: str) -> str:
    """Return a text without its styles and hyperlinks; unchanged if it has any other escape."""
    bare, *parts = text.split("\x1b")
    is_link = False  # after the target of a hyperlink, which a backslash ends
    for part in parts:
        style, end, shown = part.partition("m")
        if is_link and part.startswith("\\"):
            bare += part[1:]
            is_link = False
        elif not is_link and part.startswith("]8;") and _is_target(part[3:]):
            is_link = True
        elif not is_link and end and part.startswith("[") and not style[1:].strip("0123456789;"):
            bare += shown
        else:
            return text
    return text if is_link else bare


def _is_target(text: str) -> bool:
    """Return True if the rest of an OSC 8 is its id and a target that a terminal may open, or no target."""
    key, end, target = text.partition(";")
    is_open = not target or (target.lower().startswith(_TARGETS) and target.isascii() and target.isprintable())
    return bool(end) and is_open and " " not in target and not key.strip("id=0123456789-")


def _write_stdout(text: str) -> None:
    if sys.stdout is None:
        from relmgr_cli import messages
        from relmgr_cli.errors import OutputError

        raise OutputError(messages.STDOUT_CLOSED)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise PipeClosedError from None
    except OSError as error:
        raise _output_failed(error) from None


def _output_failed(error: OSError) -> Exception:
    """Return the error for an answer that could not be written."""
    from relmgr_cli.errors import OutputError

    silence_stdout()
    return OutputError(error.strerror or str(error))


def silence_stdout() -> None:
    """Redirect standard output to the null device, so that the flush at exit does not fail."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def warn(message: str) -> None:
    """Write one line, a note or an error, to standard error; ignore it if that is closed."""
    _write_stderr(f"relmgr: {sanitize_line(message)}\n")


def print_traceback(error: BaseException) -> None:
    """Write the traceback of a bug to standard error, sanitized: the error may quote a file."""
    import traceback

    from relmgr_cli import messages

    _write_stderr(sanitize("".join(traceback.format_exception(error))))
    warn(messages.BUG)


def _write_stderr(text: str) -> None:
    if sys.stderr is not None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            pass


def _is_longer_than_screen(text: str) -> bool:
    try:
        return sys.stdout.isatty() and text.count("\n") >= os.get_terminal_size(sys.stdout.fileno()).lines
    except (OSError, ValueError, AttributeError):
        return False
