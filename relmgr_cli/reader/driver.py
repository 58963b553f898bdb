"""Textual's driver for Linux and macOS, which ends the app when the terminal is gone."""

import os
import signal
from contextlib import suppress
from threading import Event
from typing import Any, TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class TerminalDriver(LinuxDriver):
    """The driver of the reader.

    When the terminal is gone, Textual's driver would read end of file again and again, and its thread for output would
    end with an error: the main thread then waits for ever for room in the queue of that thread.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = cast("Any", _Output(cast("TextIO", self._file)))
        self.exit_event = _EndOfInput(self.fileno)

    def run_input_thread(self) -> None:
        """Read keys until the app or the terminal ends; if it is the terminal, end the app."""
        try:
            super().run_input_thread()
        except OSError:
            if os.isatty(self.fileno):
                raise
        if not os.isatty(self.fileno):
            with suppress(RuntimeError):  # the event loop is closed
                self._loop.call_soon_threadsafe(self._app.exit, None, 128 + signal.SIGHUP)

    def resume_application_mode(self) -> None:
        """Start again, if stopped, and paint: SIGCONT also comes with SIGHUP, and would start a second input thread."""
        if self._writer_thread is None or not self._writer_thread.is_alive():
            super().resume_application_mode()
            self._loop.call_soon_threadsafe(lambda: self._app.refresh(layout=True))


class _EndOfInput(Event):
    """The event that ends the thread for input; a terminal that is gone sets it."""

    def __init__(self, fileno: int) -> None:
        super().__init__()
        self._fileno = fileno

    def is_set(self) -> bool:
        return super().is_set() or not os.isatty(self._fileno)


class _Output:
    """The terminal; what cannot be written is dropped."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()
