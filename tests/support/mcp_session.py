"""A library as the tools of `relmgr mcp` have it open, and calls of them without a client."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from relmgr_cli.config import read_settings
from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.mcp.session import LibrarySession
from relmgr_cli.mcp.tools import call
from relmgr_cli.store.database import Database


class Tools:
    """The tools, answering from one session."""

    def __init__(self, *folders: Path) -> None:
        settings = read_settings(os.environ, library=folders)
        self.databases: list[Database] = []
        self.opened = 0

        def open_it() -> Library:
            self.opened += 1
            cache = settings.cache_folder
            return open_library(settings.roots, cache, QuietReporter(), on_open=self.databases.append)

        self.session = LibrarySession(open_it, self.databases, settings, lambda: None)

    def __call__(self, tool: str, **arguments: Any) -> str:
        """Return the answer of a tool."""
        return asyncio.run(call(self.session, tool, arguments))

    async def together(self, *calls: tuple[str, dict[str, Any]]) -> list[str]:
        """Return the answers of calls that are made at once."""
        return list(await asyncio.gather(*(call(self.session, tool, arguments) for tool, arguments in calls)))


@contextmanager
def tools_of(*folders: Path) -> Iterator[Tools]:
    """Give the tools of a library; close it at the end."""
    tools = Tools(*folders)
    try:
        yield tools
    finally:
        tools.session.close()
