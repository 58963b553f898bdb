"""The find bar, and the input that it shares with the pickers."""

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from relmgr_cli import messages
from relmgr_cli.reader.article_search import ArticleSearch
from relmgr_cli.reader.widgets.page import Page
from relmgr_cli.terminal.sanitize import sanitize_line


class CleanInput(Input):
    """An input without control characters, also after a paste."""

    takes_text = True  # every key as it is, see ReaderApp

    def validate_value(self, value: str) -> str:
        """Return the text sanitized."""
        return sanitize_line(value)


class FindBar(CleanInput):
    """An input at the bottom that searches in the article while the user types."""

    DEFAULT_CSS = """
    FindBar, FindBar:focus {
        dock: bottom; margin: 0 0 1 0; height: 1; border: none; padding: 0 1; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("enter", "accept"), ("escape", "cancel")]

    def __init__(self, page: Page, search: ArticleSearch) -> None:
        super().__init__(placeholder=messages.FIND_PLACEHOLDER)
        self.cursor_blink = False
        self._page = page
        self._search = search
        self._start = page.viewport.anchor

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for the text so far."""
        event.stop()
        if self.has_focus:  # not while the bar is being removed
            self._search.find(event.value, self._start.row)

    def action_accept(self) -> None:
        """Close the bar and stay at the current match."""
        self._close()
        if self.value and self.value == self._search.query:
            self._search.show()
        else:
            self._search.find(self.value, self._start.row)

    def action_cancel(self) -> None:
        """Close the bar and go back to where the search started."""
        self._close()
        self._search.cancel()
        self._page.restore(self._start)

    def _close(self) -> None:
        self.screen.set_focus(self._page)
        self.remove()
