"""The arguments of tools: what they may be, as JSON Schema, and the values that a client has sent."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.errors import RelmgrError
from relmgr_cli.store.codec import as_utf8
from relmgr_cli.terminal.sanitize import sanitize_line

_MAX_HITS = 50
_MAX_PAGE = 1_000_000
_MAX_BITS = 64  # of a number that is taken for a text
_MAX_SHOWN = 60  # characters of a name in a message


class ArgumentError(RelmgrError):
    """An argument that a tool does not have, lacks or cannot use."""


class Arguments(NamedTuple):
    """The arguments of a call; those that are not given have their defaults."""

    query: str = ""
    article: str = ""
    section: str = ""
    filter: str = ""
    missing: str = ""
    since: str = ""
    languages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    limit: int = 0  # hits; 0 for as many as are useful
    page: int = 1


_ARTICLE = "Id, number, part of a title, or path of a file in the library"
_DESCRIPTIONS = {
    "query": 'Words of any language, a question, "a phrase", -excluded, this OR that, prefix*.',
    "article": f"{_ARTICLE}; may end in #SECTION.",
    "section": "Number (2.1) or part of a heading in any language.",
    "filter": "Only articles with this text in a title or path.",
    "missing": "Only articles that lack this language.",
    "since": "Compare the source with this commit, branch or tag instead.",
    "languages": "Codes or names: pl, polish.",
    "paths": "Only these files, folders or articles of the library.",
    "limit": f"Number of hits, 1 to {_MAX_HITS}; by default up to 5, fewer if the first are much better.",
    "page": "Page of a long answer.",
}
_LISTS = ("languages", "paths")
_COUNTS = {"limit": _MAX_HITS, "page": _MAX_PAGE}  # the maximum; the minimum is 1


def input_schema(required: Sequence[str], optional: Sequence[str]) -> dict[str, Any]:
    """Return the JSON Schema of the arguments of a tool."""
    return {
        "type": "object",
        "properties": {name: {**_type(name), "description": _DESCRIPTIONS[name]} for name in (*required, *optional)},
        "required": list(required),
        "additionalProperties": False,
    }


def _type(name: str) -> dict[str, Any]:
    if name in _LISTS:
        return {"type": "array", "items": {"type": "string"}}
    if name in _COUNTS:
        return {"type": "integer", "minimum": 1, "maximum": _COUNTS[name]}
    return {"type": "string"}


def read_arguments(
    tool: str, given: Mapping[str, object], required: Collection[str], optional: Collection[str]
) -> Arguments:
    """Return the arguments of a call of a tool; null counts as not given. Raises ArgumentError."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in required and name not in optional:
            choices = ", ".join((*required, *optional))
            raise ArgumentError(messages.MCP_ARGUMENT_UNKNOWN.fill(tool=tool, name=shown_name(name), choices=choices))
        if value is not None:
            found[name] = _value(name, value)
    for name in required:
        if name not in found or not found[name].strip():
            raise ArgumentError(messages.MCP_ARGUMENT_MISSING.fill(tool=tool, name=name))
    return Arguments(**found)


def _value(name: str, value: object) -> object:
    """Return an argument; a text may be a number, and a list a text with commas, as models write them too."""
    if name in _COUNTS:
        return _count(name, value)
    if name in _LISTS:
        values = value.split(",") if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise ArgumentError(messages.MCP_ARGUMENT_LIST.fill(name=name))
        return tuple(as_utf8(each.strip()) for each in values if each.strip())
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < _MAX_BITS:
        return str(value)
    if not isinstance(value, str):
        raise ArgumentError(messages.MCP_ARGUMENT_TEXT.fill(name=name))
    return as_utf8(value)


def _count(name: str, value: object) -> int:
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    if not is_whole or not 1 <= value <= _COUNTS[name]:  # type: ignore[operator]
        raise ArgumentError(messages.MCP_ARGUMENT_COUNT.fill(name=name, maximum=_COUNTS[name]))
    return int(value)  # type: ignore[call-overload,no-any-return]


def shown_name(name: str) -> str:
    """Return a name that a client has sent, for a message."""
    return sanitize_line(name[:_MAX_SHOWN])
