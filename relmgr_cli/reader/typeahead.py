"""Type-ahead: keys are delivered one at a time, so that each goes to the screen that earlier keys have opened.

Textual forwards a key to the widget with the focus at the time when the key arrives. If several keys arrive in one
packet, those after the key that opens an input would go to the page and run its commands.

Escape does not wait for a prompt that is still loading: it cancels the key that opens it, and what was typed into it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.dom import DOMNode

TypedEvent = events.Key | events.Paste


class TypeAhead:
    """A queue of keys and pastes; the next one is delivered when the last one has taken effect."""

    def __init__(
        self,
        app: App[None],
        deliver: Callable[[TypedEvent], Awaitable[None]],
        ready: Callable[[], Awaitable[None]],
        cancel: Callable[[], bool],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._ready = ready  # waits until the top screen accepts keys
        self._cancel = cancel  # cancels the key that the screen is still handling; False if there is none
        self._events: deque[TypedEvent] = deque()  # to deliver; the first one may be waiting for the screen
        self._arrival = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether all events have been handled."""
        return not self._events

    def put(self, event: TypedEvent) -> None:
        """Append an event; Escape may cancel those before it."""
        if _is_key(event, "escape") and not any(_is_key(each, "enter") for each in self._events) and self._cancel():
            self._events.clear()
        else:
            self._events.append(event)
            self._arrival.set()

    async def run(self) -> None:
        """Deliver events; never returns."""
        while True:
            await self._arrival.wait()
            await self._mounted()
            if not self._events:
                self._arrival.clear()
                continue
            event = self._events[0]
            # The path that a key bubbles along. It is walked twice, because an action may post a message that bubbles
            # the same way and moves the focus.
            path = (self._app.focused or self._app.screen).ancestors_with_self
            await self._deliver(event)
            await _handled(*path, *path, self._app)
            if self._events:  # not cancelled meanwhile
                self._events.popleft()

    async def _mounted(self) -> None:
        """Wait until the top screen is mounted, has a focused widget and accepts keys."""
        screen = None
        while screen is not self._app.screen:
            screen = self._app.screen
            await _handled(screen)
            await self._ready()


def _is_key(event: TypedEvent, key: str) -> bool:
    return isinstance(event, events.Key) and event.key == key


async def _handled(*nodes: DOMNode) -> None:
    """Wait until each node in turn has handled the messages now in its queue."""
    for node in nodes:
        done = asyncio.Event()
        if node.call_later(done.set):
            await done.wait()
