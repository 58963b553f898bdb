"""Keys of several characters, as in less: a count before a key that moves, and ZZ."""

from textual import events

from relmgr_cli.reader.strips import StripWidget

_MAX_DIGITS = 7


class CountedWidget(StripWidget):
    """A widget that collects the digits of a count; its actions read `count`."""

    prefix = ""  # what was typed of a count or of ZZ
    count = 0  # before the key that is being handled; 0 without one

    def on_key(self, event: events.Key) -> None:
        """Collect a digit, or take the count for another key."""
        typed, self.prefix, self.count = self.prefix, "", 0
        digits = typed.removeprefix("Z")
        if len(event.key) == 1 and event.key in "0123456789":
            self.prefix = (digits + event.key)[:_MAX_DIGITS]
        elif event.key != "Z":
            self.count = int(digits or 0)
        elif typed == "Z":
            self.app.exit()
        else:
            self.prefix = "Z"
