"""The help screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from relmgr_cli import messages
from relmgr_cli.reader.keymap import KEYS
from relmgr_cli.ui_language import translate

_KEYS_WIDTH = 11  # cells


class HelpScreen(Screen[None]):
    """A list of all keys."""

    CSS = """
    HelpScreen VerticalScroll { scrollbar-size-vertical: 1; }
    HelpScreen Static { padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "leave", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("space", "turn(1)", show=False),
        Binding("b", "turn(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """List the keys."""
        parts: list[str | tuple[str, str]] = []
        for key in KEYS:
            if key.shown:
                parts += [(f"{key.shown:<{_KEYS_WIDTH}}", "bold"), f"{translate(key.meaning)}\n"]
        with VerticalScroll():
            yield Static(Content.assemble(*parts, (f"\n{messages.HELP_CLOSE}", "dim")))

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_turn(self, screens: int) -> None:
        """Scroll by screens."""
        self.action_move(screens * max(1, self.size.height - 2))

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss()
