"""Matches paths with the patterns of .gitignore and of `exclude` in relmgr.toml.

The files come from strangers: matching takes at most time that grows with the product of both lengths, which no library
that translates a whole pattern into one regular expression can promise.
"""

import fnmatch
import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

_MAX_PATTERN = 1000  # characters
_MAX_RULES = 5000
_ANY_FOLDERS = "**"
_ESCAPED = re.compile(r"\\(.)")


class _Rule(NamedTuple):
    """One pattern."""

    name: re.Pattern[str] | None  # of a pattern for a name in any folder
    parts: tuple[re.Pattern[str] | None, ...]  # one for each part of a path; None for any number of folders
    folders_only: bool
    is_negated: bool  # paths that match are not ignored


class IgnoreRules(NamedTuple):
    """Patterns; the last one that matches decides."""

    rules: tuple[_Rule, ...]

    def is_ignored(self, path: str) -> bool:
        """Return True if a path is ignored; that of a folder ends in "/". Its parents are not looked at."""
        parts = path.rstrip("/").split("/")
        is_folder = path.endswith("/")
        for rule in reversed(self.rules):
            if rule.folders_only and not is_folder:
                continue
            if rule.name.match(parts[-1]) if rule.name else _matches(rule.parts, parts):
                return not rule.is_negated
        return False


def parse_ignore_rules(patterns: Iterable[str]) -> IgnoreRules:
    """Return the rules of some patterns; those that are blank, comments or too long are left out."""
    rules = (_parse(pattern) for pattern in patterns if len(pattern) <= _MAX_PATTERN)
    return IgnoreRules(tuple(islice(filter(None, rules), _MAX_RULES)))


def _parse(pattern: str) -> _Rule | None:
    pattern = pattern if pattern.endswith("\\ ") else pattern.rstrip()
    is_negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    text = pattern.strip("/")
    if not text or pattern.startswith("#"):
        return None
    names = text.split("/")
    if len(names) == 1 and not pattern.startswith("/"):
        return _Rule(_compile(text), (), pattern.endswith("/"), is_negated)
    parts = tuple(None if name == _ANY_FOLDERS else _compile(name) for name in names)
    if parts[-1] is None:  # everything below, but not the folder itself
        parts = (*parts, _compile("*"))
    return _Rule(None, parts, pattern.endswith("/"), is_negated)


def _compile(name: str) -> re.Pattern[str]:
    """Compile the pattern of a file name; the expressions that fnmatch makes do not backtrack over a `*`."""
    name = _ESCAPED.sub(r"[\1]", name).replace("[^", "[!")
    return re.compile(fnmatch.translate(re.sub(r"\*+", "*", name)))


def _matches(pattern: tuple[re.Pattern[str] | None, ...], parts: list[str]) -> bool:
    """Return True if all parts of a path match."""
    reached = {0}  # how many parts of the path the pattern covers so far: each number that is possible
    for each in pattern:
        if each is None:
            reached = set(range(min(reached), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and each.match(parts[at])}
        if not reached:
            return False
    return len(parts) in reached
