"""Matches a regular expression with many texts, in bounded time.

Some patterns take exponential time, and nothing in a process can stop a match. So it runs in another one, which is
ended when its time is over.
"""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

from relmgr_cli.errors import PatternInvalidError, PatternSlowError
from relmgr_cli.languages.normalization import compose
from relmgr_cli.search import regex_worker

_SECONDS = 2.5  # more than texts of their length should take
_CHARACTERS_A_SECOND = 3_000_000
_MAX_PATTERN = 10_000  # characters
_NOT_LITERAL = re.compile(r"\\.|\(\?P", re.DOTALL)

Ranges = Sequence[tuple[int, int]]


class RegexMatcher:
    """A process that matches a pattern. Case is ignored unless the pattern has an upper-case letter.

    Of texts that are lines, white space and the empty string match too.
    """

    def __init__(self, pattern: str, *, are_lines: bool = False) -> None:
        self._are_lines = are_lines
        self._pattern = unicodedata.normalize("NFC", pattern)
        self._seconds = _SECONDS
        command = [sys.executable, "-I", "-S", str(Path(regex_worker.__file__))]
        self._process = subprocess.Popen(  # noqa: S603 (a constant)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii"
        )

    def compile(self) -> None:
        """Compile the pattern, which comes before `find`. Raises PatternInvalidError or PatternSlowError."""
        if len(self._pattern) > _MAX_PATTERN:
            raise PatternSlowError(self._pattern)
        reason = self._ask([self._pattern, ignores_case(self._pattern), self._are_lines])
        if reason is not None:
            raise PatternInvalidError(self._pattern, reason)

    def find(self, texts: Sequence[str]) -> list[Ranges]:
        """Return the ranges of each text that match. Raises PatternSlowError.

        A letter and its accent are one character, however they are encoded.
        """
        self._seconds = min(_SECONDS, self._seconds + sum(map(len, texts)) / _CHARACTERS_A_SECOND)
        composed = {i: compose(text) for i, text in enumerate(texts) if not unicodedata.is_normalized("NFC", text)}
        answers = self._ask([composed[i][0] if i in composed else text for i, text in enumerate(texts)])
        found: list[Ranges] = [[(start, end) for start, end in ranges] for ranges in answers]
        for i, (_, origins) in composed.items():
            found[i] = [_origin(origins, start, end) for start, end in found[i]]
        return found

    def _ask(self, question: Sequence[object]) -> Any:
        """Return the answer of the process to a line; end it when the time is over."""
        if self._seconds <= 0:
            raise PatternSlowError(self._pattern)
        process, began = self._process, monotonic()
        timer = Timer(self._seconds, process.kill)
        timer.daemon = True
        timer.start()
        answer = ""
        try:
            with suppress(OSError):  # it has been ended
                process.stdin.write(f"{json.dumps(question)}\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
                answer = process.stdout.readline()  # type: ignore[union-attr]
        finally:
            timer.cancel()
        self._seconds -= monotonic() - began
        if not answer.endswith("\n"):
            raise PatternSlowError(self._pattern)
        return json.loads(answer)

    def stop(self) -> None:
        """End the process; a thread that waits for its answer gets PatternSlowError."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait until it has ended."""
        self._process.kill()
        with suppress(OSError):  # what it has not read
            self._process.communicate()


def _origin(ranges: Ranges, start: int, end: int) -> tuple[int, int]:
    """Return the range of a text that a range of its composed characters comes from."""
    first = ranges[start][0] if start < len(ranges) else ranges[-1][1]
    return first, ranges[end - 1][1] if end > start else first


@contextmanager
def open_matcher(pattern: str, *, are_lines: bool = False) -> Iterator[RegexMatcher]:
    """Yield a matcher of a pattern, and end its process. Raises PatternInvalidError or PatternSlowError."""
    matcher = RegexMatcher(pattern, are_lines=are_lines)
    try:
        matcher.compile()
        yield matcher
    finally:
        matcher.close()


def ignores_case(pattern: str) -> bool:
    r"""Return True if a pattern has no upper-case letter, those of `\S` and `(?P<name>` not counted."""
    return not any(map(str.isupper, _NOT_LITERAL.sub("", pattern)))
