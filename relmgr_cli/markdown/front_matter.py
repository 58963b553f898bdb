"""Reads the front matter of a file, within limits.

The formats are those that site generators use: YAML, TOML, JSON and the Elixir map of some lesson sites. Invalid front
matter becomes a `Problem` and never costs the text: what the strict parser rejects is read again line by line.
python-frontmatter parses it through a handler that builds the values within limits.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import frontmatter
from frontmatter.default_handlers import BaseHandler

from relmgr_cli import file_messages
from relmgr_cli.errors import Problem
from relmgr_cli.markdown.front_matter_position import (
    Position,
    find_front_matter,
    find_unclosed,
    split_lines,
)
from relmgr_cli.markdown.front_matter_values import InvalidError, load_elixir, load_json, load_toml, load_yaml, unquote

# Patterns for stripped lines, bounded against malicious input.
_KEY = re.compile(
    r"""(["']?)([^\s"':：#()\[\]{}<>|&*!%`?,;-][^"':：()\[\]{}<>|&*!`?,;]{0,99}?)\1[ \t]{0,9}"""
    r"(?::(?:[ \t]+(.*))?|：[ \t]{0,9}(.*))"
)
_TOML_ENTRY = re.compile(r"""(["']?)([\w@$][\w./-]{0,99}?)\1[ \t]{0,9}=[ \t]*(.*)""")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a file and where its text begins."""

    values: Mapping[str, Any]  # text, or lists and mappings of text
    lines: int  # how many lines of the file come before the text
    problems: tuple[Problem, ...] = ()
    prose: tuple[int, ...] = ()  # 0-based numbers of lines between the fences that are text, not values


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Return the front matter of a text; no values and no lines if there is none."""
    lines = split_lines(text)
    position = find_front_matter(lines)
    if not position:
        return FrontMatter({}, 0)
    source = textwrap.dedent("\n".join(lines[position.opening + 1 : position.closing]))
    handler = _LimitedHandler(position.format)
    try:
        values, _ = frontmatter.parse(source or "#", handler=handler)
    except InvalidError as error:
        return _read_by_line(lines, position, path, error)
    notices = handler.notices if position.is_closed else [file_messages.FRONT_MATTER_OPEN, *handler.notices]
    problems = [Problem(path, position.opening + 1, "front-matter", str(notice)) for notice in notices]
    return FrontMatter(values, position.end, tuple(problems))


def remove_front_matter(text: str, header: FrontMatter) -> str:
    """Return the text with blank lines for its front matter, so that line numbers stay."""
    if not header.prose:
        return "\n" * header.lines + text.split("\n", header.lines)[-1] if header.lines else text
    lines = text.split("\n")
    kept = set(header.prose)
    return "\n".join(line if number >= header.lines or number in kept else "" for number, line in enumerate(lines))


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
        loaders = {"toml": load_toml, "json": load_json, "elixir": load_elixir}
        if self.format_ in loaders:
            return loaders[self.format_](fm)
        values, self.notices = load_yaml(fm)
        return values


def _read_by_line(lines: Sequence[str], position: Position, path: str, error: InvalidError) -> FrontMatter:
    """Read `key: value` and `- item` lines of invalid front matter.

    Lines of prose in it stay text; if there are more of them than keys, all of it is text.
    """
    line_number = position.opening + 2 + (error.line or 0)
    problem = Problem(path, line_number, "front-matter", _advice(lines, line_number, error))
    pattern = _TOML_ENTRY if position.format == "toml" else _KEY
    values: dict[str, Any] = {}
    prose = []
    key = ""
    for number in range(position.opening + 1, position.closing):
        line = lines[number]
        text = line.strip()
        if text.startswith("- ") and key:
            items = values[key] if isinstance(values[key], list) else []
            values[key] = [*items, unquote(text[2:])]
        elif match := pattern.fullmatch(text) if not line[:1].isspace() or not key else None:
            key = match[2]
            values.setdefault(key, unquote(next(filter(None, match.groups()[2:]), "")))
        elif not line[:1].isspace() and text[:1] not in ("", "#", "]", "}", "["):
            prose.append(number)
    if prose and (unclosed := find_unclosed(lines, position.opening)) and unclosed.end < position.end:
        return _read_by_line(lines, unclosed, path, InvalidError(str(file_messages.FRONT_MATTER_OPEN)))
    if len(prose) > len(values):
        return FrontMatter({}, 0, (problem,))
    return FrontMatter(values, position.end, (problem,), tuple(prose))


def _advice(lines: Sequence[str], line_number: int, error: InvalidError) -> str:
    line = lines[line_number - 1] if 0 < line_number <= len(lines) else ""
    match = _KEY.fullmatch(line.strip())
    value = match[3] if match and not error.is_limit else ""
    if match and match[4] is not None:
        return file_messages.FRONT_MATTER_COLON.fill(key=match[2])
    if match and value and (": " in value or value[0] in "@`%*&!|>[{\"'"):
        return file_messages.FRONT_MATTER_UNQUOTED.fill(key=match[2])
    return file_messages.FRONT_MATTER_INVALID.fill(reason=error.reason)
