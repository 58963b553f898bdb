"""The line in which one types what to find in the article."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from relmgr_cli.reader.model.viewport import Anchor
from relmgr_cli.reader.widgets.clean_input import CleanInput


class FindBar(CleanInput):
    """A line at the bottom; matches are shown while one types."""

    DEFAULT_CSS = """
    FindBar, FindBar:focus {
        dock: bottom; margin: 0 0 1 0; height: 1; border: none; padding: 0 1; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.close_find(True)", show=False),
        Binding("escape", "screen.close_find(False)", show=False),
    ]

    class QueryChanged(Message):
        """Something else is looked for."""

        def __init__(self, query: str, anchor: Anchor) -> None:
            super().__init__()
            self.query = query
            self.anchor = anchor

    def __init__(self, anchor: Anchor) -> None:
        super().__init__(placeholder="/ find in the article; Enter stays, Esc goes back")
        self.cursor_blink = False
        self.start = anchor

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed so far."""
        event.stop()
        self.post_message(self.QueryChanged(event.value, self.start))
