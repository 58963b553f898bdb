"""Reads configuration files without executing anything: YAML, TOML, JSON, and the plain values of scripts.

The files come from strangers: size, depth and number of items are limited. What cannot be read has no values.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from relmgr_cli.filesystem import read_regular_file
from relmgr_cli.project import parse_toml

Values = Mapping[str, Any]

_MAX_BYTES = 256 << 10
_MAX_DEPTH = 12
_MAX_ITEMS = 20_000
_MAX_UNCLOSED = 100  # quotation marks without a second one, each of which costs reading a line
_MAX_TEXT = 100  # characters of a value in a script

_WORD = re.compile(r"[\w$]+")
_TEXTS = {
    "'": re.compile(r"'([^'\\\n]*(?:\\.[^'\\\n]*)*)'"),
    '"': re.compile(r'"([^"\\\n]*(?:\\.[^"\\\n]*)*)"'),
    "`": re.compile(r"`([^`\\]*(?:\\.[^`\\]*)*)`", re.DOTALL),
}
_SIGNS = frozenset("{}[](),:=;")


def read_values(path: str) -> Values:
    """Return the values of a YAML, TOML or JSON file."""
    text = read_file(path)
    try:
        if path.endswith((".yml", ".yaml")):
            values = _read_yaml(text)
        elif path.endswith(".toml"):
            values = parse_toml(text)
        else:
            import json

            values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def read_file(path: str) -> str:
    """Return the text of a regular file; "" for a link and for a file that is too large or cannot be read."""
    try:
        data = read_regular_file(path, _MAX_BYTES)
    except (OSError, ValueError):
        return ""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n") if len(data) <= _MAX_BYTES else ""


def _read_yaml(text: str) -> Any:
    """Return text, lists and mappings of text; of an invalid file what comes before the error.

    Tags mean nothing, an alias is the value that it names.
    """
    import yaml

    root: Any = None
    open_: list[tuple[Any, str | None]] = []  # collections, with the key in a mapping whose value comes next
    anchors: dict[str, Any] = {}
    try:
        for number, event in enumerate(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))):
            if number > _MAX_ITEMS or len(open_) > _MAX_DEPTH:
                break
            if isinstance(event, yaml.CollectionEndEvent):
                open_.pop()
                continue
            if isinstance(event, yaml.AliasEvent):
                value = anchors.get(event.anchor or "", "")
            elif isinstance(event, yaml.NodeEvent):
                is_mapping = isinstance(event, yaml.MappingStartEvent)
                value = event.value if isinstance(event, yaml.ScalarEvent) else {} if is_mapping else []
                anchors[event.anchor or ""] = value
            else:
                continue
            if open_:
                open_[-1] = _put(*open_[-1], value)
            elif root is None:
                root = value
            if isinstance(event, yaml.CollectionStartEvent):
                open_.append((value, None))
    except (yaml.YAMLError, UnicodeError):
        pass
    return root


def _put(parent: Any, key: str | None, value: Any) -> tuple[Any, str | None]:
    """Put a value into a collection; return this with the key whose value comes next."""
    if isinstance(parent, list):
        parent.append(value)
        return parent, None
    if key is None:
        return parent, value if isinstance(value, str) else ""
    parent.setdefault(key, value)
    return parent, None


def read_script(path: str) -> Mapping[tuple[str, ...], str]:
    """Return the texts in a script, by the names that lead to them: `i18n: {defaultLocale: 'en'}`.

    The script is neither executed nor parsed: a name is what comes before a colon or an equals sign.
    """
    values: dict[tuple[str, ...], str] = {}
    names: list[str] = []  # of the open brackets; "" for one without
    word = name = ""
    for part, is_text in _tokens(read_file(path)):
        if is_text and name:
            if len(names) <= _MAX_DEPTH:
                values.setdefault((*filter(None, names), name), part)
            name = ""
        elif is_text or part not in _SIGNS:
            word = part
        elif part in "{[(":
            names.append(name)
        elif part in "}])":
            del names[-1:]
        if not is_text and part in _SIGNS:
            # `const name: Type = ` has two signs after the name.
            name = word if part == ":" else (name or word) if part == "=" else ""
            word = word if part == ":" else ""
    return values


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words, texts and brackets of a script, each with whether it is a text; comments are left out."""
    at = unclosed = 0
    while 0 <= at < len(text) and unclosed < _MAX_UNCLOSED:
        character = text[at]
        if text.startswith("//", at):
            at = text.find("\n", at)
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            at = end + 2 if end >= 0 else -1
        elif character in _TEXTS:
            match = _TEXTS[character].match(text, at)
            if match and len(match[1]) <= _MAX_TEXT:
                yield match[1], True
            unclosed += not match
            at = match.end() if match else at + 1
        elif match := _WORD.match(text, at):
            yield match[0], False
            at = match.end()
        else:
            if character in _SIGNS:
                yield character, False
            at += 1
