"""Reads the front matter of a file, within limits.

Decides where the front matter ends and the text begins, in the formats that site generators use (YAML, TOML, JSON and
the Elixir map of some lesson sites). Invalid front matter becomes a `Problem` and never costs the text: what the strict
parser rejects is read again line by line. python-frontmatter parses it through a handler that builds the values from
parser events: every scalar stays text as written (`no`, `1.10` and `007` too), aliases are rejected, and depth, size
and number of items are limited.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from relmgr_cli import messages
from relmgr_cli.errors import Problem

_MAX_CHARACTERS = 64 * 1024
_MAX_LINES = 2000
_MAX_DEPTH = 8
_MAX_ITEMS = 5000
_MAX_DOTS = 500  # in a line of TOML: its parser needs quadratic time and memory in the parts of a key

# All patterns are for stripped lines, and bounded against malicious input.
_OPENING = re.compile(r"---[ \t]{0,9}(yaml|toml|json)?|\+\+\+|%?\{")
_FORMATS = {"+++": "toml", "{": "json", "%{": "elixir"}  # by opening; `---` may name the format, YAML by default
_KEY = re.compile(r"""(["']?)([\w@$][\w@$ ./-]{0,99}?)\1[ \t]{0,9}:(?:[ \t]+(.*))?""")
_TOML_ENTRY = re.compile(r"""(["']?)([\w@$][\w./-]{0,99}?)\1[ \t]{0,9}=[ \t]*(.*)""")
_TOML_POSITION = re.compile(r" \(at line (\d+), column \d+\)")
_FIRST_KEY = re.compile(r"""\s*(?:#.*|["']?[\w"'@$./-]+["']?\s*:(?:\s.*)?)""")
_TOML_KEY = re.compile(r"""\s*(?:#.*|\[.*|["']?[\w.-]+["']?\s*=.*)""")
_MISTYPED_CLOSING = re.compile(r"---\S")
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->[ \t]*\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a file and where its text begins."""

    values: Mapping[str, Any]  # text, or lists and mappings of text
    lines: int  # how many lines of the file come before the text
    problems: tuple[Problem, ...] = ()


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Return the front matter of a text; no values and no lines if there is none."""
    lines = text[: _MAX_CHARACTERS + 8].split("\n")[:_MAX_LINES]
    start = _skip_to_opening(text, lines)
    opening = _OPENING.fullmatch(lines[start].strip()) if start < len(lines) else None
    if not opening:
        return FrontMatter({}, 0)
    format_ = _FORMATS.get(opening[0]) or opening[1] or "yaml"
    end = _closing(lines, start, format_)
    if end is None:
        return FrontMatter({}, 0)
    source = textwrap.dedent("\n".join(lines[start + 1 : end]))
    handler = _LimitedHandler(format_)
    try:
        values, _ = frontmatter.parse(source or "#", handler=handler)
    except _InvalidError as error:
        return _read_by_line(lines, (start, end), format_, path, error)
    problems = [Problem(path, start + 1, "front-matter", notice) for notice in handler.notices]
    return FrontMatter(values, end + 1, tuple(problems))


def _skip_to_opening(text: str, lines: list[str]) -> int:
    comment = _COMMENT.match(text, 0, _MAX_CHARACTERS)
    start = comment[0].count("\n") if comment else 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start


def _closing(lines: list[str], start: int, format_: str) -> int | None:
    """Return the line that closes the front matter; None if these lines are text."""
    first = lines[start + 1] if start + 1 < len(lines) else ""
    if format_ == "json" and lines[start].strip() == "{":
        return _closing_brace(lines, start)
    if format_ in ("yaml", "toml"):
        # `---` before a blank line (as in pandoc) or before prose is a thematic break.
        key = _FIRST_KEY if format_ == "yaml" else _TOML_KEY
        if first.rstrip() not in ("---", "+++") and not key.fullmatch(first):
            return None
    fences = {"yaml": ("---", "..."), "toml": ("+++", "---"), "json": ("---",), "elixir": ("---",)}[format_]
    for number in range(start + 1, len(lines)):
        line = lines[number].strip() if lines[start][:1].isspace() else lines[number].rstrip()
        if line in fences:
            return number
        if format_ == "yaml" and _MISTYPED_CLOSING.fullmatch(line) and _FIRST_KEY.fullmatch(first):
            return number
    return None


def _closing_brace(lines: list[str], start: int) -> int | None:
    """Return the line with the closing brace of JSON front matter, if this is a JSON object."""
    import json

    for number in range(start + 1, len(lines)):
        if lines[number].rstrip() in ("}", "};;;"):
            try:
                json.loads("\n".join([*lines[start:number], "}"]))
            except (ValueError, RecursionError):
                return None
            return number
    return None


class _InvalidError(Exception):
    """The strict parser rejected the front matter."""

    def __init__(self, reason: str, line: int | None = None, *, is_limit: bool = False) -> None:
        super().__init__(reason)
        self.is_limit = is_limit  # well formed, but over a limit
        self.reason = reason
        self.line = line  # 0-based in the front matter; None if unknown


class _LimitedHandler(BaseHandler):
    """A python-frontmatter handler that parses all formats within limits."""

    FM_BOUNDARY = re.compile(r"(?!)")  # never matches: the front matter is already split off
    START_DELIMITER = END_DELIMITER = "---"

    def __init__(self, format_: str) -> None:
        super().__init__()
        self.format_ = format_
        self.notices: list[str] = []

    def split(self, text: str) -> tuple[str, str]:
        return text, ""

    def load(self, fm: str) -> dict[str, Any]:
        loaders = {"toml": _load_toml, "json": _load_json, "elixir": _load_elixir}
        return loaders.get(self.format_, self._load_yaml)(fm)

    def _load_yaml(self, source: str) -> dict[str, Any]:
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        builder = _EventBuilder()
        try:
            for event in yaml.parse(source, Loader=loader):
                builder.add(event)
        except (yaml.YAMLError, UnicodeError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or getattr(error, "reason", None) or messages.NOT_YAML
            raise _InvalidError(str(reason), mark.line if mark else None) from None
        if builder.root is None or builder.root == "":
            return {}
        if not isinstance(builder.root, dict):
            raise _InvalidError(messages.NO_MAPPING)
        self.notices += [messages.KEY_REPEATED.fill(key=key) for key in builder.duplicates]
        return builder.root


class _EventBuilder:
    """Builds text, lists and mappings from YAML events, without recursion."""

    def __init__(self) -> None:
        self.root: Any = None
        self.duplicates: list[str] = []
        self._open: list[Any] = []
        self._keys: list[str | None] = []  # for each open collection, the key whose value comes next
        self._items = 0

    def add(self, event: Any) -> None:
        import yaml

        self._items += 1
        line = event.start_mark.line
        if self._items > _MAX_ITEMS:
            raise _InvalidError(messages.TOO_MANY_ITEMS, line, is_limit=True)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _InvalidError(messages.NO_ALIASES, line, is_limit=True)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) >= _MAX_DEPTH:
                raise _InvalidError(messages.NESTED_TOO_DEEPLY, line, is_limit=True)
            self._open.append({} if isinstance(event, yaml.MappingStartEvent) else [])
            self._keys.append(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._keys.pop()
            self._put(self._open.pop())
        elif isinstance(event, yaml.ScalarEvent):
            self._put(event.value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = value if isinstance(value, str) else str(value)
        else:
            if key in parent:
                self.duplicates.append(key)
            parent.setdefault(key, value)
            self._keys[-1] = None


def _load_toml(source: str) -> dict[str, Any]:
    import tomllib

    if any(line.count(".") > _MAX_DOTS for line in source.split("\n")):
        raise _InvalidError(messages.NESTED_TOO_DEEPLY, is_limit=True)
    try:
        values = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        position = _TOML_POSITION.search(str(error))
        reason = _TOML_POSITION.sub("", str(error))
        raise _InvalidError(reason[:1].lower() + reason[1:], int(position[1]) - 1 if position else None) from None
    return {key: _as_text(value) for key, value in values.items()}


def _load_json(source: str) -> dict[str, Any]:
    import json

    try:
        values = json.loads("{" + source + "}", parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise _InvalidError(str(error) or messages.NOT_JSON) from None
    return {key: _as_text(value) for key, value in values.items()}


def _load_elixir(source: str) -> dict[str, Any]:
    """Read the lines of an Elixir map: `key: value,` with quoted text, lists and `\"\"\"` blocks."""
    values: dict[str, Any] = {}
    block_key = ""
    for line in source.split("\n"):
        if block_key:
            if line.strip().startswith('"""'):
                values[block_key] = values[block_key].strip()
                block_key = ""
            else:
                values[block_key] += line.strip() + " "
        elif match := _KEY.fullmatch(line.strip()):
            value = (match[3] or "").rstrip(",")
            if value == '"""':
                block_key, value = match[2], ""
            values[match[2]] = _unquote(value)
    return values


def _as_text(value: Any, depth: int = 0) -> Any:
    """Return the value with every scalar as text."""
    if depth > _MAX_DEPTH:
        raise _InvalidError(messages.NESTED_TOO_DEEPLY)
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


def _read_by_line(
    lines: list[str], position: tuple[int, int], format_: str, path: str, error: _InvalidError
) -> FrontMatter:
    """Read `key: value` and `- item` lines; with a line of prose among them, all of it is text."""
    start, end = position
    line_number = start + 2 + (error.line or 0)
    problem = Problem(path, line_number, "front-matter", _advice(lines, line_number, error))
    pattern = _TOML_ENTRY if format_ == "toml" else _KEY
    values: dict[str, Any] = {}
    key = ""
    for line in lines[start + 1 : end]:
        text = line.strip()
        if text.startswith("- ") and key:
            items = values[key] if isinstance(values[key], list) else []
            values[key] = [*items, _unquote(text[2:])]
        elif match := pattern.fullmatch(text) if not line[:1].isspace() or not key else None:
            key = match[2]
            values.setdefault(key, _unquote(match[3] or ""))
        elif not line[:1].isspace() and text[:1] not in ("", "#", "]", "}", "["):
            return FrontMatter({}, 0, (problem,))
    return FrontMatter(values, end + 1, (problem,))


def _advice(lines: list[str], line_number: int, error: _InvalidError) -> str:
    line = lines[line_number - 1] if 0 < line_number <= len(lines) else ""
    match = _KEY.fullmatch(line.strip())
    value = match[3] if match and not error.is_limit else ""
    if match and value and (": " in value or value[0] in "@`%*&!|>[{\"'"):
        return messages.FRONT_MATTER_UNQUOTED.fill(key=match[2])
    return messages.FRONT_MATTER_INVALID.fill(reason=error.reason)


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
