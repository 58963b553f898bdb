"""The server: the tools as the SDK offers them to a client, on standard input and output.

Only this module imports the SDK, which takes most of a second.
"""

import gc
import logging
import os
import signal
import sys
from typing import Any

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from relmgr_cli import __version__, messages
from relmgr_cli.errors import RelmgrError
from relmgr_cli.mcp.arguments import shown_name
from relmgr_cli.mcp.session import LibrarySession
from relmgr_cli.mcp.tools import INSTRUCTIONS, TOOLS, call, describe
from relmgr_cli.store.database import DatabaseError, IndexCorruptError
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line


class _SafeFormatter(logging.Formatter):
    """Sanitizes what is logged: it may have text of documents."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of the log."""
        return sanitize(super().format(record))


def serve(session: LibrarySession) -> None:
    """Answer the requests of a client until it closes standard input or output.

    A signal ends the process at once: a thread that waits for input cannot be interrupted, and the index survives it.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter("relmgr: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(number, _exit)
    gc.freeze()  # what was imported stays, and need not be gone through again
    session.open_early()
    try:
        anyio.run(_serve, build_server(session))
    except BaseExceptionGroup as errors:
        _, others = errors.split(BrokenPipeError)  # the client is gone
        if others:
            raise others from None
    finally:
        session.close()


def _exit(number: int, _: object) -> None:
    os._exit(128 + number)


async def _serve(server: "Server[Any]") -> None:
    async with stdio_server() as (requests, answers):
        await server.run(requests, answers, server.create_initialization_options())


def build_server(session: LibrarySession) -> "Server[Any]":
    """Return a server that answers from a library."""
    folders = ", ".join(os.path.abspath(root) for root in session.settings.roots)
    instructions = INSTRUCTIONS.format(folder=sanitize_line(folders))

    async def list_tools(_: object, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_as_sdk_tool(name) for name in TOOLS])

    async def call_tool(_: object, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in TOOLS:
            choices = ", ".join(TOOLS)
            message = messages.MCP_TOOL_UNKNOWN.fill(name=shown_name(params.name), choices=choices)
            raise MCPError(INVALID_PARAMS, message)
        return await _result(session, params)

    return Server(
        "relmgr",
        version=__version__,
        instructions=instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _as_sdk_tool(name: str) -> Tool:
    tool = TOOLS[name]
    return Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        annotations=ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


async def _result(session: LibrarySession, params: CallToolRequestParams) -> CallToolResult:
    """Return the answer of a tool, or why there is none; a bug is logged with its traceback."""
    try:
        return _text(await call(session, params.name, params.arguments or {}))
    except RelmgrError as error:
        return _text(describe(error), is_error=True)
    except (DatabaseError, IndexCorruptError) as error:
        return _text(messages.INDEX_UNAVAILABLE.fill(reason=error), is_error=True)
    except Exception:
        logging.getLogger(__name__).exception(params.name)
        return _text(messages.MCP_FAILED, is_error=True)


def _text(text: str, *, is_error: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sanitize(text))], is_error=is_error)
