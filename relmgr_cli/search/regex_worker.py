"""Matches a regular expression in a process of its own, which can be ended: a match in this one could not.

`regex_matching.py` runs it as a script. It reads and writes lines of JSON: first a pattern, whether case is ignored and
whether the texts are lines, answered by null or what is wrong with it; then lists of texts, each answered by the lists
of the ranges that match. In lines white space and the empty string match too, as they do for grep.
"""

import json
import re
import sys
from collections.abc import Iterator

_MAX_MEMORY = 1 << 30  # bytes
_MAX_MATCHES = 1000  # in a text
_MAX_TOTAL = 100_000  # in all texts that are no lines; then only the first one of each text


def main() -> None:
    """Answer the lines of standard input."""
    _limit_memory()
    lines = iter(sys.stdin.readline, "")
    pattern, ignores_case, are_lines = json.loads(next(lines))
    try:
        compiled = re.compile(pattern, re.MULTILINE | (re.IGNORECASE if ignores_case else 0))
    except (re.error, RecursionError, OverflowError, ValueError) as error:
        _answer(str(error))
        return
    _answer(None)
    count = 0
    for line in lines:
        found = []
        for text in json.loads(line):
            limit = _MAX_MATCHES if are_lines or count < _MAX_TOTAL else 1
            ranges = [*_ranges(compiled, text, limit, has_blank=are_lines)]
            count += len(ranges)
            found.append(ranges)
        _answer(found)


def _ranges(compiled: "re.Pattern[str]", text: str, limit: int, *, has_blank: bool) -> Iterator[tuple[int, int]]:
    """Yield the first matches in a text; those of nothing but white space only with `has_blank`."""
    count = 0
    for match in compiled.finditer(text):
        if has_blank or match.group().strip():
            yield match.span()
            count += 1
            if count == limit:
                return


def _answer(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    except (ImportError, OSError, ValueError):  # not on this system
        return


if __name__ == "__main__":
    main()
