"""The workers of a screen: those that a key started, those in the background, and how their errors are reported."""

import asyncio
from collections.abc import Awaitable, Callable

from textual.screen import Screen
from textual.worker import Worker

from relmgr_cli.errors import RelmgrError


class ScreenWorkers:
    """The workers that a screen has started, in groups."""

    def __init__(self, screen: Screen[None], show_message: Callable[[str], None]) -> None:
        self._screen = screen
        self._show_message = show_message
        self._progress = asyncio.Event()

    def run(
        self, group: str, function: Callable[..., Awaitable[None]], *args: object, is_exclusive: bool = False
    ) -> None:
        """Run a coroutine function and show its error; an exclusive worker cancels the others of its group."""

        async def work() -> None:
            try:
                await function(*args)
            except RelmgrError as error:
                self._show_message(str(error))

        _: Worker[None] = self._screen.run_worker(work, group=group, exclusive=is_exclusive)

    def cancel(self, group: str) -> None:
        """Cancel the workers of a group."""
        self._screen.workers.cancel_group(self._screen, group)

    def is_running(self, group: str) -> bool:
        """Return True if a worker of a group has not finished."""
        return any(
            worker.node is self._screen and worker.group == group and not worker.is_finished
            for worker in self._screen.workers
        )

    def notify(self) -> None:
        """Check again what `until` waits for."""
        self._progress.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds, which is checked on every `notify`."""
        while not condition():
            self._progress.clear()
            await self._progress.wait()
