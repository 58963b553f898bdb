"""The command `mcp`: a server for agents and editors."""

import errno
import os
import sys

from relmgr_cli import messages
from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.options import command
from relmgr_cli.config import ChosenBy
from relmgr_cli.errors import Exit, LibraryMissingError, RelmgrError
from relmgr_cli.terminal.stream import warn
from relmgr_cli.ui_language import use_ui_language


class ExtraMissingError(RelmgrError):
    """The SDK that the server is built with is not installed."""

    def __init__(self, reason: object) -> None:
        super().__init__(messages.MCP_NOT_INSTALLED.fill(reason=reason))


@command(
    ("relmgr mcp", "serve the library of the current folder"),
    ("relmgr -C docs mcp", "serve the folder docs"),
    without="lang as_json plain width links color pager",
)
def mcp(invocation: Invocation) -> int:
    """Serve the library to agents and editors.

    A client of the Model Context Protocol starts it, and talks to it on standard input and output.
    """
    from relmgr_cli.mcp.session import LibrarySession

    use_ui_language("en")  # as what its answers quote, and JSON

    try:
        from relmgr_cli.mcp.server import serve
    except ImportError as error:
        raise ExtraMissingError(error) from None
    settings = invocation.settings._replace(asked_language="", roots=invocation.roots())
    for root in settings.roots:
        if not os.path.exists(root):  # else the first answer would say so, and only to the client
            source = "" if settings.choice.by is ChosenBy.LIBRARY_OPTION else settings.choice.reason
            raise LibraryMissingError(str(root), os.strerror(errno.ENOENT), source)
    if sys.stdin is None:  # it was closed before the program started
        return Exit.SHOWN
    if sys.stdin.isatty():
        warn(messages.MCP_ON_TERMINAL.fill())
    open_library = invocation.open_library
    serve(LibrarySession(open_library, invocation.databases, settings, invocation.cache.clear))
    return Exit.SHOWN
