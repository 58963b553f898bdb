"""The help screen."""

import textwrap
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from relmgr_cli import messages
from relmgr_cli.reader.keymap import GROUPS, default_keys
from relmgr_cli.reader.user_keys import UserKeys, help_lines
from relmgr_cli.ui_language import translate

_GAP = 2  # cells between the keys and what they do
_MIN_MEANING = 24  # cells; with less room, it is below the keys
_MARGIN = 5  # cells, with the scrollbar


class HelpScreen(Screen[None]):
    """A list of all keys, by purpose."""

    CSS = """
    HelpScreen VerticalScroll { scrollbar-size-vertical: 1; }
    HelpScreen Static { padding: 0 2; }
    HelpScreen #foot { dock: bottom; height: 1; text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "leave", show=False),
        Binding(f"{default_keys('line_down')},down", "move(1)", show=False),
        Binding(f"{default_keys('line_up')},up", "move(-1)", show=False),
        Binding(f"{default_keys('page_down')},d,ctrl+d", "turn(1)", show=False),
        Binding(f"{default_keys('page_up')},u,ctrl+u", "turn(-1)", show=False),
        Binding(default_keys("start"), "edge(-1)", show=False),
        Binding(default_keys("end"), "edge(1)", show=False),
    ]

    def __init__(self, user_keys: UserKeys) -> None:
        super().__init__()
        self._groups = [(messages.HELP_GROUPS[group], help_lines(keys, user_keys)) for group, keys in GROUPS.items()]
        down, up = user_keys.shown("page_down"), user_keys.shown("page_up")
        self._foot = messages.HELP_CLOSE.fill(down=down, up=up, quit=user_keys.shown("quit") or "Esc")
        self._list = Static(id="keys")
        self._scroll = VerticalScroll(self._list)

    def compose(self) -> ComposeResult:
        """Put the list above a line with the keys that close it."""
        yield self._scroll
        yield Static(self._foot, id="foot", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the list out for its width."""
        self._list.update(Content.assemble(*self._parts(event.size.width - _MARGIN)))

    def _parts(self, width: int) -> list[tuple[str, str]]:
        indent = max(len(shown) for _, lines in self._groups for shown, _ in lines) + _GAP
        parts = []
        for title, lines in self._groups:
            parts.append((f"{title}\n", "bold underline"))
            for shown, meaning in lines:
                parts.append((f"{shown:<{indent}}", "bold"))
                parts.append((_wrapped(translate(meaning), width, indent), ""))
            parts.append(("\n", ""))
        return parts[:-1]

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self._scroll.scroll_relative(y=lines, animate=False)

    def action_turn(self, screens: int) -> None:
        """Scroll by screens."""
        self.action_move(screens * max(1, self._scroll.size.height - 1))

    def action_edge(self, which: int) -> None:
        """Scroll to the start or the end."""
        self._scroll.scroll_to(y=0 if which < 0 else self._scroll.max_scroll_y, animate=False)

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss()


def _wrapped(meaning: str, width: int, indent: int) -> str:
    """Return a text in lines after an indentation, the first of which has it already."""
    if width - indent >= _MIN_MEANING:
        return f"\n{' ' * indent}".join(textwrap.wrap(meaning, width - indent)) + "\n"
    return "".join(f"\n  {line}" for line in textwrap.wrap(meaning, max(1, width - 2))) + "\n"
