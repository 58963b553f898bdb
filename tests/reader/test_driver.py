"""What the reader makes of the bytes that a terminal sends."""

import os
import pty
import tty
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from relmgr_cli.reader.driver import TerminalDriver
from relmgr_cli.terminal.graphics import Replies


class _Once(Event):
    """The end of the input, which comes after the first bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 1

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


class _Driver(TerminalDriver):
    """A driver that only reads; it keeps the keys."""

    def __init__(self, terminal: int, replies: Replies | None) -> None:
        self.fileno, self.exit_event, self._debug, self._replies = terminal, _Once(), False, replies
        self.keys: list[str] = []

    def process_message(self, message: Any) -> None:
        self.keys.append(message.key)


@pytest.fixture
def type_bytes() -> Iterator[Callable[[bytes, Replies | None], list[str]]]:
    """Return a function that sends bytes to the driver and returns the keys."""
    leader, terminal = pty.openpty()
    tty.setraw(terminal)

    def send(data: bytes, replies: Replies | None) -> list[str]:
        os.write(leader, data)
        driver = _Driver(terminal, replies)
        driver.run_input_thread()
        return driver.keys

    yield send
    os.close(leader)
    os.close(terminal)


@pytest.mark.parametrize("replies", [None, Replies()])
def test_a_byte_that_is_not_utf_8_does_not_end_the_reader(
    type_bytes: Callable[[bytes, Replies | None], list[str]], replies: Replies | None
) -> None:
    assert type_bytes(b"j\xe9k", replies)[::2] == ["j", "k"]
    assert type_bytes("ж".encode(), replies) == ["ж"]
