"""Textual's driver for Linux and macOS, which ends the app when the terminal is gone."""

import os
import selectors
import signal
from codecs import getincrementaldecoder
from contextlib import suppress
from functools import partial
from threading import Event
from time import monotonic
from typing import Any, TextIO, cast

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from relmgr_cli.reader.terminal_images import GraphicsFound
from relmgr_cli.terminal.graphics import Replies, cell_size

_PAUSE = 0.1  # seconds without input, after which the start of a reply is taken for a key
_ANSWER_TIME = 0.5  # seconds from the question, before which the terminal is not given back without an answer


class TerminalDriver(LinuxDriver):
    """The driver of the reader.

    When the terminal is gone, Textual's driver would read end of file again and again, and its thread for output would
    end with an error: the main thread then waits for ever for room in the queue of that thread. A byte that is not
    UTF-8, as a terminal with another character set sends it, would end the app.

    It also asks the terminal whether it can draw images, without waiting for the answer.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = cast("Any", _Output(cast("TextIO", self._file)))
        self.exit_event = _EndOfInput(self.fileno)
        self._replies: Replies | None = None  # to the question for images; None if there is none
        self._answered = Event()
        self._asked = 0.0  # when

    def start_application_mode(self) -> None:
        """Take the terminal over, for the first time or again; the question is written before the first paint."""
        query = getattr(self._app, "image_query", "")
        self._replies = Replies() if query else None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if query and self._writer_thread:
            self._answered.clear()
            self._asked = monotonic()
            self.write(query)
            self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back, not just before its answer, which a shell would take for something typed."""
        if self._replies:
            self._answered.wait(max(0.0, self._asked + _ANSWER_TIME - monotonic()))
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until the app or the terminal ends; if it is the terminal, end the app."""
        try:
            self._read_input(self._replies)
        except OSError:
            if os.isatty(self.fileno):
                raise
        if not os.isatty(self.fileno):
            with suppress(RuntimeError):  # the event loop is closed
                self._loop.call_soon_threadsafe(self._app.exit, None, 128 + signal.SIGHUP)

    def _read_input(self, replies: Replies | None) -> None:
        """Read keys as Textual's driver does, but for the replies of the terminal, and what is not UTF-8."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                typed = decode(os.read(self.fileno, 4096)) if selector.select(_PAUSE) else ""
                if replies:
                    typed = self._take_replies(replies, typed)
                for event in (*(parser.feed(typed) if typed else ()), *parser.tick()):
                    self.process_message(event)

    def _take_replies(self, replies: Replies, typed: str) -> str:
        """Return what was typed without the replies; "" if nothing has come for a while."""
        was_complete = replies.is_complete
        rest = replies.take(typed) if typed else replies.release()
        if replies.is_complete and not was_complete:
            self._report(replies)
            self._answered.set()
        return rest

    def _report(self, replies: Replies) -> None:
        measure = partial(cell_size, self.fileno)
        if graphics := replies.graphics(measure()):
            self.process_message(GraphicsFound(graphics, measure))

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
