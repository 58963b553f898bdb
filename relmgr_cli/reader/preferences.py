"""The reader's settings in the config file: its own table, changed line by line.

The file is the user's: every line that is not one of our keys stays as it is, comments and all. Where it cannot be
written, nothing happens.
"""

import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path

from relmgr_cli.config import ReaderSettings
from relmgr_cli.filesystem import atomic_write

_TABLE = "[reader]"
_ANY_TABLE = re.compile(r"\s*\[")
_VALUE = re.compile(
    r"(?P<key>\s*(?P<name>[A-Za-z_-]+)\s*=\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s#]+)(?P<rest>.*)", re.DOTALL
)


def remember(config_file: Path | None, settings: ReaderSettings) -> None:
    """Write the reader's settings into the config file, where they differ from what stands there."""
    if config_file is None:
        return
    with suppress(OSError, UnicodeDecodeError):
        path = os.path.realpath(config_file)  # a link stays a link
        old = Path(path).read_bytes().decode() if os.path.exists(path) else ""
        new = updated(old, settings)
        if new != old and _holds(new, settings):
            _replace(path, new)


def updated(source: str, settings: ReaderSettings) -> str:
    """Return the text of a config file with these settings in its table `reader`.

    A key that has its default and does not stand there yet is not added.
    """
    lines = source.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.partition("#")[0].strip() == _TABLE), None)
    head, table, tail = lines, list[str](), list[str]()
    if start is not None:
        rest = lines[start + 1 :]
        length = next((number for number, line in enumerate(rest) if _ANY_TABLE.match(line)), len(rest))
        head, table, tail = lines[: start + 1], rest[:length], rest[length:]
    values = {key: _toml(value) for key, value in settings._asdict().items()}
    table = [_with_value(line, values) for line in table]
    there = {match["name"] for line in table if (match := _VALUE.match(line))}
    missing = [key for key in values if key not in there and getattr(settings, key) != _default(key)]
    if not missing:
        return "".join([*head, *table, *tail])
    if start is None:
        head = [*head, *_separator(source), f"{_TABLE}\n"]
    end = len(table)
    while end and not table[end - 1].strip():
        end -= 1
    if end and not table[end - 1].endswith("\n"):
        table[end - 1] += "\n"
    elif not end and not head[-1].endswith("\n"):
        head[-1] += "\n"
    added = [f"{key} = {values[key]}\n" for key in missing]
    return "".join([*head, *table[:end], *added, *table[end:], *tail])


def _default(key: str) -> object:
    return ReaderSettings._field_defaults[key]


def _separator(source: str) -> list[str]:
    if not source.strip():
        return []
    return ["\n"] if source.endswith("\n") else ["\n", "\n"]


def _with_value(line: str, values: dict[str, str]) -> str:
    match = _VALUE.match(line)
    if not match or match["name"] not in values:
        return line
    return match["key"] + values[match["name"]] + match["rest"]


def _toml(value: str | int | bool) -> str:  # noqa: FBT001 (a value of TOML)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'


def _holds(source: str, settings: ReaderSettings) -> bool:
    """Tell whether a config file says what it should: a form of TOML that we do not write is left alone."""
    try:
        table = tomllib.loads(source).get("reader", {})
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(table, dict) and ReaderSettings(**table) == settings


def _replace(path: str, text: str) -> None:
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o600
    atomic_write(path, text.encode(), mode=mode)
