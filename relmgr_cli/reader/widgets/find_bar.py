"""The find bar, and the input that it shares with the pickers."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from relmgr_cli import messages
from relmgr_cli.reader.article_search import ArticleSearch
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.terminal.sanitize import sanitize_line

_MIN_HINT = 60  # cells; on a narrower screen the switch is shown only while it is on


class CleanInput(Input):
    """An input without control characters, also after a paste."""

    takes_text = True  # every key as it is, see ReaderApp

    def validate_value(self, value: str) -> str:
        """Return the text sanitized."""
        return sanitize_line(value)


class FindBar(Horizontal):
    """An input at the bottom that searches in the article while the user types, and its switch for patterns."""

    DEFAULT_CSS = """
    FindBar { dock: bottom; margin: 0 0 1 0; height: 1; background: $surface; }
    FindBar Input, FindBar Input:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $surface;
    }
    FindBar Static { width: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+r", "switch", show=False),
        Binding("up,ctrl+p", "recall(-1)", show=False),
        Binding("down,ctrl+n", "recall(1)", show=False),
    ]

    def __init__(self, page: Page, search: ArticleSearch) -> None:
        super().__init__()
        self.input = CleanInput(placeholder=messages.FIND_PLACEHOLDER)
        self.input.cursor_blink = False
        self._switch = Static()
        self._page = page
        self._search = search
        self._start = page.viewport.anchor
        self._draft = ""
        self._recalled = len(search.past)  # the index of the query that is shown; of none, the number of them

    def compose(self) -> ComposeResult:
        """Put the switch next to the input."""
        yield self.input
        yield self._switch

    def on_resize(self) -> None:
        """Show the switch if there is room."""
        self._show_switch()

    def _show_switch(self) -> None:
        is_on = self._search.takes_patterns
        name = messages.FIND_PATTERNS
        state = Content.styled(f"[{name}]", "bold") if is_on else Content(f" {name} ")
        self._switch.update(Content.assemble(("Ctrl+R ", "dim"), state))
        self._switch.display = is_on or self.size.width >= _MIN_HINT

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for the text so far."""
        event.stop()
        if self.input.has_focus:  # not while the bar is being removed
            self._search.find(event.value, self._start.row)

    def action_recall(self, step: int) -> None:
        """Show an earlier or later query of those that were entered, after the last one the text that was typed."""
        past = self._search.past
        if self._recalled == len(past):
            self._draft = self.input.value
        self._recalled = max(0, min(self._recalled + step, len(past)))
        if self._recalled < len(past):
            text, self._search.takes_patterns = past[self._recalled]
        else:
            text = self._draft
        self._show_switch()
        self.input.value = text
        self.input.action_end()
        self._search.find(text, self._start.row)  # also for the same text: the key has ended its message

    def action_switch(self) -> None:
        """Take the text as a regular expression, or as words again."""
        self._search.takes_patterns = not self._search.takes_patterns
        self._show_switch()
        self._search.find(self.input.value, self._start.row)

    def on_click(self, event: events.Click) -> None:
        """Switch when the switch is clicked."""
        if self._switch.region.contains_point(event.screen_offset):
            self.action_switch()

    def on_input_submitted(self) -> None:
        """Close the bar and stay at the current match."""
        self._close()
        self._search.enter(self.input.value, self._start.row)

    def action_cancel(self) -> None:
        """Close the bar and go back to where the search started."""
        self._close()
        self._search.cancel()
        self._page.restore(self._start)

    def _close(self) -> None:
        self.screen.set_focus(self._page)
        self.remove()
