"""The line in which one types what to find in the article."""

from textual.binding import Binding
from textual.message import Message
from textual.widgets._input import Input

from relmgr_cli.reader.typed import TypedLine
from relmgr_cli.reader.viewport import Anchor


class FindBar(TypedLine):
    """A line at the bottom; matches are shown while one types."""

    DEFAULT_CSS = """
    FindBar, FindBar:focus {
        dock: bottom; margin: 0 0 1 0; height: 1; border: none; padding: 0 1; background: $surface;
    }
    """
    BINDINGS = [Binding("escape", "leave", show=False)]  # noqa: RUF012 (as Textual has it)

    class Typed(Message):
        """Something else is looked for."""

        def __init__(self, query: str, anchor: Anchor) -> None:
            super().__init__()
            self.query = query
            self.anchor = anchor

    class Closed(Message):
        """The line is gone; `anchor` is where the search began when it was given up, else None."""

        def __init__(self, anchor: Anchor | None) -> None:
            super().__init__()
            self.anchor = anchor

    def __init__(self, anchor: Anchor) -> None:
        super().__init__(placeholder="/ find in the article; Enter stays, Esc goes back")
        self.cursor_blink = False
        self._anchor = anchor

    def on_mount(self) -> None:
        """Be ready to be typed in."""
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed so far."""
        event.stop()
        self.post_message(self.Typed(event.value, self._anchor))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Stay at the match."""
        event.stop()
        self._close(None)

    def action_leave(self) -> None:
        """Give the search up."""
        self._close(self._anchor)

    def _close(self, anchor: Anchor | None) -> None:
        self.post_message(self.Closed(anchor))
        self.remove()
