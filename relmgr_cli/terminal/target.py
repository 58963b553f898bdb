"""What the output is like: how wide, with or without colour, a terminal or a pipe."""

import os
from typing import NamedTuple, TextIO

from relmgr_cli.config import Settings

_NARROWEST, _WIDEST = 20, 500
_MEASURE = 88  # cells; a longer line of running text is hard to find the start of
_DEFAULT_COLUMNS = 80
_UNWRAPPED = 1 << 20


class OutputTarget(NamedTuple):
    """The output, as the renderers need to know it. Two equal screens show the same page."""

    columns: int  # cells that may be used
    max_text_width: int  # cells for running text
    ansi: bool  # styles and hyperlinks may be written
    color: bool  # colours too
    theme: str
    background: str  # what the terminal says of it
    show_urls: bool  # the targets of links are written out
    plain: bool  # one fact a line, no columns


def output_target(settings: Settings, stdout: TextIO) -> OutputTarget:
    """Return what standard output is like under these settings."""
    environ = settings.environ
    is_terminal = stdout.isatty()
    columns = _terminal_columns(stdout) if is_terminal else 0
    columns = columns or _columns(settings)
    if settings.width is not None:
        columns = min(columns, settings.width) if is_terminal else settings.width
    columns = max(_NARROWEST, min(columns, _WIDEST))
    escapes = _may_escape(settings, is_terminal=is_terminal)
    if settings.plain and settings.width is None:
        columns = _UNWRAPPED
    return OutputTarget(
        columns=columns,
        max_text_width=columns if settings.width is not None or settings.plain else min(columns, _MEASURE),
        ansi=escapes,
        color=escapes and (settings.color == "always" or not environ.get("NO_COLOR")),
        theme=settings.theme,
        background=environ.get("COLORFGBG", ""),
        show_urls=settings.links if settings.links is not None else not is_terminal,
        plain=settings.plain,
    )


def _may_escape(settings: Settings, *, is_terminal: bool) -> bool:
    if settings.plain or settings.color == "never":
        return False
    if settings.color == "always":
        return True
    if settings.environ.get("TERM") == "dumb":
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
