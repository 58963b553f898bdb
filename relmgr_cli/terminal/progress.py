"""The progress of work that takes longer than half a second, on standard error if that is a terminal.

A bar, or two lines for a screen reader and for a terminal that cannot move its cursor.
"""

import sys
import time
from typing import TYPE_CHECKING, Any, Self

from relmgr_cli import messages
from relmgr_cli.terminal.stream import warn

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_DELAY = 0.5  # seconds before it is shown


class ProgressBar:
    """A progress bar that appears after half a second; use it as a context manager."""

    def __init__(self, description: str) -> None:
        self._description = description
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Return the progress bar."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar from the screen."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are finished."""
        if self._bar is None:
            if not _is_due(self._started):
                return
            self._bar = _new_bar()
            self._task = self._bar.add_task(self._description, total=total)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=total)


class ProgressLines:
    """The progress of a task in two lines: what is being done after half a second, and that it is done."""

    def __init__(self, description: str) -> None:
        self._description = description
        self._started = time.monotonic()
        self._is_shown = False

    def __enter__(self) -> Self:
        """Return the progress."""
        return self

    def __exit__(self, error: object, *_: object) -> None:
        """Write that the task is done, unless it failed."""
        if self._is_shown and error is None:
            warn(messages.PROGRESS_DONE.fill(task=self._description))

    def __call__(self, done: int, total: int) -> None:
        """Write what is being done, once."""
        del done, total
        if not self._is_shown and _is_due(self._started):
            self._is_shown = True
            warn(self._description)


def _is_due(started: float) -> bool:
    """Return True if the progress of a task started at this time is to be shown."""
    return time.monotonic() - started >= _DELAY and sys.stderr is not None and sys.stderr.isatty()


def _new_bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps per second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
