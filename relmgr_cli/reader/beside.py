"""Work beside the interface: what goes wrong in it is said, and ends nothing."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from relmgr_cli.errors import RelmgrError

P = ParamSpec("P")


class Speaker(Protocol):
    """What can say something in the status line."""

    def say(self, message: str) -> None:
        """Say something."""


S = TypeVar("S", bound=Speaker)
Work = Callable[Concatenate[S, P], Coroutine[Any, Any, None]]


def told(method: Work[S, P]) -> Work[S, P]:
    """Let what goes wrong in work beside the interface be said in the status line."""

    @wraps(method)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await method(self, *args, **kwargs)
        except RelmgrError as error:
            self.say(str(error))

    return run
