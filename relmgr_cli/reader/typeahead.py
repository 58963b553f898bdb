"""Type-ahead: keys are delivered one at a time, so that each goes to the screen that earlier keys have opened.

Textual forwards a key to the widget with the focus at the time when the key arrives. If several keys arrive in one
packet, those after the key that opens an input would go to the page and run its commands.
"""

import asyncio
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.dom import DOMNode

TypedEvent = events.Key | events.Paste


class TypeAhead:
    """A queue of keys and pastes; the next one is delivered when the last one has taken effect."""

    def __init__(
        self, app: App[None], deliver: Callable[[TypedEvent], Awaitable[None]], ready: Callable[[], Awaitable[None]]
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._ready = ready  # waits until the top screen accepts keys
        self._events: asyncio.Queue[TypedEvent] = asyncio.Queue()
        self.is_idle = True

    def put(self, event: TypedEvent) -> None:
        """Append an event."""
        self.is_idle = False
        self._events.put_nowait(event)

    async def run(self) -> None:
        """Deliver events; never returns."""
        while True:
            event = await self._events.get()
            await self._mounted()
            # The path that a key bubbles along. It is walked twice, because an action may post a message that bubbles
            # the same way and moves the focus.
            path = (self._app.focused or self._app.screen).ancestors_with_self
            await self._deliver(event)
            await _handled(*path, *path, self._app)
            self.is_idle = self._events.empty()

    async def _mounted(self) -> None:
        """Wait until the top screen is mounted, has a focused widget and accepts keys."""
        screen = None
        while screen is not self._app.screen:
            screen = self._app.screen
            await _handled(screen)
            await self._ready()


async def _handled(*nodes: DOMNode) -> None:
    """Wait until each node in turn has handled the messages now in its queue."""
    for node in nodes:
        done = asyncio.Event()
        if node.call_later(done.set):
            await done.wait()
