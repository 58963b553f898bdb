"""Reads the values of front matter, within limits.

Every scalar stays text as written (`no`, `1.10` and `007` too). Depth, size and number of items are limited, also what
aliases in YAML stand for.
"""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from relmgr_cli import file_messages

_MAX_DEPTH = 8
_MAX_ITEMS = 5000
_MAX_SIZE = 100_000  # items and characters, with those that aliases repeat
_MAX_DOTS = 500  # in a line of TOML: its parser needs quadratic time and memory in the parts of a key
_TOML_POSITION = re.compile(r" \(at line (\d+), column \d+\)")
_ELIXIR_ENTRY = re.compile(r"([\w@$][\w@$./-]{0,99}):[ \t]{0,9}(.*)")


class InvalidError(Exception):
    """The strict parser rejected the front matter."""

    def __init__(self, reason: str, line: int | None = None, *, is_limit: bool = False) -> None:
        super().__init__(reason)
        self.is_limit = is_limit  # well formed, but over a limit
        self.reason = reason
        self.line = line  # 0-based in the front matter; None if unknown


def load_yaml(source: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values of a YAML mapping, and notices about it."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    builder = _EventBuilder()
    try:
        for event in yaml.parse(source, Loader=loader):
            builder.add(event)
    except (yaml.YAMLError, UnicodeError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or file_messages.NOT_YAML
        raise InvalidError(str(reason), mark.line if mark else None) from None
    if builder.root is None or builder.root == "":
        return {}, []
    if not isinstance(builder.root, dict):
        raise InvalidError(file_messages.NO_MAPPING)
    return builder.root, [file_messages.KEY_REPEATED.fill(key=key) for key in builder.duplicates]


class _Value(NamedTuple):
    """A value with what it would take if its aliases were written out."""

    value: Any
    size: int = 0  # items and characters
    depth: int = 0  # of collections in it, itself included


@dataclass(slots=True)
class _Collection:
    """A list or mapping whose end has not come yet."""

    content: Any
    anchor: str | None
    size_before: int
    depth: int = 1
    key: str | None = None  # of a mapping, whose value comes next


class _EventBuilder:
    """Builds text, lists and mappings from YAML events, without recursion.

    An alias is the value itself, not a copy, but its size is counted every time: what the values would take if they
    were written out is limited, so a few lines cannot stand for millions.
    """

    def __init__(self) -> None:
        self.root: Any = None
        self.duplicates: list[str] = []
        self._open: list[_Collection] = []
        self._anchors: dict[str, _Value] = {}
        self._items = 0
        self._size = 0

    def add(self, event: Any) -> None:
        import yaml

        line = event.start_mark.line
        self._items += 1
        self._count(1, line)
        if isinstance(event, yaml.AliasEvent):
            value = self._anchors.get(event.anchor or "")
            if value is None:  # not defined, or inside the value itself
                raise InvalidError(file_messages.NO_ANCHOR, line)
            self._count(value.size, line)
            self._check_depth(value.depth, line)
            self._put(value)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_depth(1, line)
            content: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._open.append(_Collection(content, event.anchor, self._size))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self._open.pop()
            self._put(_Value(_merged(done.content), self._size - done.size_before, done.depth), done.anchor)
        elif isinstance(event, yaml.ScalarEvent):
            self._count(len(event.value), line)
            self._put(_Value(event.value, len(event.value)), event.anchor)

    def _count(self, size: int, line: int) -> None:
        self._size += size
        if self._items > _MAX_ITEMS or self._size > _MAX_SIZE:
            raise InvalidError(file_messages.TOO_MANY_ITEMS, line, is_limit=True)

    def _check_depth(self, depth: int, line: int) -> None:
        if len(self._open) + depth > _MAX_DEPTH:
            raise InvalidError(file_messages.NESTED_TOO_DEEPLY, line, is_limit=True)

    def _put(self, value: _Value, anchor: str | None = None) -> None:
        if anchor:
            self._anchors[anchor] = value
        if not self._open:
            self.root = value.value
            return
        parent = self._open[-1]
        parent.depth = max(parent.depth, value.depth + 1)
        if isinstance(parent.content, list):
            parent.content.append(value.value)
        elif parent.key is None:
            parent.key = value.value if isinstance(value.value, str) else str(value.value)
        else:
            if parent.key in parent.content:
                self.duplicates.append(parent.key)
            parent.content.setdefault(parent.key, value.value)
            parent.key = None


def _merged(collection: Any) -> Any:
    """Return a mapping with the values of its merge key `<<` that it does not have itself."""
    if not isinstance(collection, dict) or "<<" not in collection:
        return collection
    source = collection["<<"]
    mappings = source if isinstance(source, list) else [source]
    if not all(isinstance(mapping, dict) for mapping in mappings):
        return collection
    own = {key: value for key, value in collection.items() if key != "<<"}
    for mapping in mappings:
        for key, value in mapping.items():
            own.setdefault(key, value)
    return own


def load_toml(source: str) -> dict[str, Any]:
    """Return the values of a TOML document."""
    import tomllib

    if any(line.count(".") > _MAX_DOTS for line in source.split("\n")):
        raise InvalidError(file_messages.NESTED_TOO_DEEPLY, is_limit=True)
    try:
        values = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        position = _TOML_POSITION.search(str(error))
        reason = _TOML_POSITION.sub("", str(error))
        raise InvalidError(reason[:1].lower() + reason[1:], int(position[1]) - 1 if position else None) from None
    return {key: _as_text(value) for key, value in values.items()}


def load_json(source: str) -> dict[str, Any]:
    """Return the values of a JSON object without its braces."""
    import json

    try:
        values = json.loads("{" + source + "}", parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise InvalidError(str(error) or file_messages.NOT_JSON) from None
    return {key: _as_text(value) for key, value in values.items()}


def load_elixir(source: str) -> dict[str, Any]:
    """Return the values of the lines of an Elixir map: `key: value,` with quoted text, lists and `\"\"\"` blocks."""
    values: dict[str, Any] = {}
    block_key = ""
    for line in source.split("\n"):
        if block_key:
            if line.strip().startswith('"""'):
                values[block_key] = values[block_key].strip()
                block_key = ""
            else:
                values[block_key] += line.strip() + " "
        elif match := _ELIXIR_ENTRY.fullmatch(line.strip()):
            value = match[2].rstrip(",")
            if value == '"""':
                block_key, value = match[1], ""
            values[match[1]] = unquote(value)
    return values


def _as_text(value: Any, depth: int = 0) -> Any:
    """Return the value with every scalar as text."""
    if depth > _MAX_DEPTH:
        raise InvalidError(file_messages.NESTED_TOO_DEEPLY)
    if isinstance(value, dict):
        return {str(key): _as_text(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item, depth + 1) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return "" if value is None else str(value)
    except ValueError:  # an integer of more digits than Python turns into text
        return ""


def unquote(value: str) -> str:
    """Return a value without the quotation marks around it."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
