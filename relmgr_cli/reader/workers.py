"""Textual workers whose errors are reported in the status bar instead of ending the reader."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from relmgr_cli.errors import RelmgrError

P = ParamSpec("P")


class HasStatus(Protocol):
    """A screen with a status bar."""

    def say(self, message: str) -> None:
        """Show a message in the status bar."""


S = TypeVar("S", bound=HasStatus)
Work = Callable[Concatenate[S, P], Coroutine[Any, Any, None]]


def report_errors(method: Work[S, P]) -> Work[S, P]:
    """Show a RelmgrError of a worker in the status bar."""

    @wraps(method)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await method(self, *args, **kwargs)
        except RelmgrError as error:
            self.say(str(error))

    return run
