"""The properties of the output that the layout depends on: width, colours, terminal or pipe."""

import os
from typing import NamedTuple, TextIO

from relmgr_cli.config import Settings

_MIN_COLUMNS, _MAX_COLUMNS = 20, 500
_MAX_TEXT_WIDTH = 88  # cells; longer lines of running text are hard to read
_DEFAULT_COLUMNS = 80
UNLIMITED = 1 << 20  # cells


class OutputTarget(NamedTuple):
    """The properties of the output; for equal targets the output is the same."""

    columns: int  # cells
    max_text_width: int  # cells for running text
    ansi: bool  # with styles and hyperlinks
    color: bool  # with colours
    theme: str = ""
    background: str = ""  # the terminal's COLORFGBG
    show_urls: bool = False  # write out the targets of links
    plain: bool = False  # for screen readers: no columns
    unwrapped: bool = False  # a line that a program may read is not broken or cut


def output_target(settings: Settings, stdout: TextIO) -> OutputTarget:
    """Return the properties of standard output under these settings."""
    environ = settings.environ
    is_terminal = stdout.isatty()
    columns = (_terminal_columns(stdout) if is_terminal else 0) or _columns(settings)
    if settings.width is not None:
        columns = min(columns, settings.width) if is_terminal else settings.width
    columns = max(_MIN_COLUMNS, min(columns, _MAX_COLUMNS))
    escapes = _has_escapes(settings, is_terminal=is_terminal)
    if settings.plain and settings.asked_width is None:
        columns = UNLIMITED
    return OutputTarget(
        columns=columns,
        max_text_width=columns if settings.width is not None or settings.plain else min(columns, _MAX_TEXT_WIDTH),
        ansi=escapes,
        color=escapes and (settings.color == "always" or not environ.get("NO_COLOR")),
        theme=settings.theme,
        background=environ.get("COLORFGBG", ""),
        show_urls=settings.links if settings.links is not None else settings.plain or not is_terminal,
        plain=settings.plain,
        unwrapped=settings.asked_width is None and (settings.plain or not is_terminal),
    )


def _has_escapes(settings: Settings, *, is_terminal: bool) -> bool:
    if settings.plain or settings.color == "never":
        return False
    if settings.color == "always":
        return True
    if settings.is_dumb_terminal:
        return False
    return is_terminal or bool(settings.environ.get("FORCE_COLOR"))


def _terminal_columns(stdout: TextIO) -> int:
    try:
        return os.get_terminal_size(stdout.fileno()).columns
    except (OSError, ValueError):
        return 0


def _columns(settings: Settings) -> int:
    value = settings.environ.get("COLUMNS", "")[:9]
    return int(value) if value.isascii() and value.isdigit() and int(value) else _DEFAULT_COLUMNS
