"""Whether the reader asks the terminal for a way to draw images, and the message with the answer."""

from collections.abc import Callable
from importlib.util import find_spec

from textual.message import Message

from relmgr_cli.config import Settings
from relmgr_cli.terminal.graphics import Graphics, graphics_query


class GraphicsFound(Message):
    """The terminal can draw images. Sent again after another program has had the terminal, which forgets images.

    `measure` returns the size of a cell in pixels now, (0, 0) if it is unknown.
    """

    def __init__(self, graphics: Graphics, measure: Callable[[], tuple[int, int]]) -> None:
        super().__init__()
        self.graphics = graphics
        self.measure = measure


def query_for(settings: Settings) -> str:
    """Return what to ask the terminal; "" if no images are wanted, or without Pillow, the extra `images`."""
    is_wanted = settings.images and "NO_COLOR" not in settings.environ and find_spec("PIL") is not None
    return graphics_query(settings.environ) if is_wanted else ""
