"""Type-ahead: keys are delivered one at a time, so that each goes to what the keys before it have opened.

Textual forwards a key to the widget that has the focus when the key arrives. Of several keys that arrive in one packet,
those behind the key that opens a prompt would go to the page and run its commands.
"""

import asyncio
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.dom import DOMNode

TypedEvent = events.Key | events.Paste


class TypeAhead:
    """A queue of key presses and pastes; the next one is delivered when the last one has taken effect."""

    def __init__(
        self, app: App[None], deliver: Callable[[TypedEvent], Awaitable[None]], ready: Callable[[], Awaitable[None]]
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._ready = ready  # waits until the screen on top accepts keys
        self._events: asyncio.Queue[TypedEvent] = asyncio.Queue()
        self.is_idle = True

    def put(self, event: TypedEvent) -> None:
        """Append an event."""
        self.is_idle = False
        self._events.put_nowait(event)

    async def run(self) -> None:
        """Deliver events as they come; never returns."""
        while True:
            event = await self._events.get()
            await self._mounted()
            path = self._path()
            await self._deliver(event)
            await _handled(*path, *path, self._app)
            self.is_idle = self._events.empty()

    async def _mounted(self) -> None:
        """Wait until the screen on top is mounted, has given a widget the focus and accepts keys."""
        screen = None
        while screen is not self._app.screen:
            screen = self._app.screen
            await _handled(screen)
            await self._ready()

    def _path(self) -> list[DOMNode]:
        """Return what a key bubbles through: the widget that has the focus, its ancestors, the app.

        It is walked twice, because an action may post a message that bubbles the same way and moves the focus.
        """
        return (self._app.focused or self._app.screen).ancestors_with_self


async def _handled(*nodes: DOMNode) -> None:
    """Wait until each node in turn has handled the messages that are in its queue now."""
    for node in nodes:
        done = asyncio.Event()
        if node.call_later(done.set):
            await done.wait()
