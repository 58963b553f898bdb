"""A line to type on, for what is looked for. What is pasted comes from outside like any other text."""

from textual.widgets import Input

from relmgr_cli.terminal.sanitize import sanitize_line


class CleanInput(Input):
    """An input that holds clean text."""

    def validate_value(self, value: str) -> str:
        """Return what the line holds when this is put into it."""
        return sanitize_line(value)
