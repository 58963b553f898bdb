"""Matches paths with patterns as in .gitignore, in time that grows with the product of both lengths at most."""

import fnmatch
import re
from collections.abc import Iterable
from typing import NamedTuple

_ANY_FOLDERS = "**"
_ESCAPED = re.compile(r"\\(.)")


class _Rule(NamedTuple):
    """One pattern."""

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
            if (is_folder or not rule.folders_only) and _matches(rule.parts, parts):
                return not rule.is_negated
        return False


def parse_ignore_rules(patterns: Iterable[str]) -> IgnoreRules:
    """Return the rules of some patterns; those that are blank or comments are left out."""
    return IgnoreRules(tuple(rule for pattern in patterns if (rule := _parse(pattern))))


def _parse(pattern: str) -> _Rule | None:
    pattern = pattern.strip()
    is_negated = pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    text = pattern.strip("/")
    if not text or pattern.startswith("#"):
        return None
    names = text.split("/")
    if len(names) == 1 and not pattern.startswith("/"):
        names = [_ANY_FOLDERS, *names]
    parts = tuple(None if name == _ANY_FOLDERS else _compile(name) for name in names)
    if parts[-1] is None:  # everything below, but not the folder itself
        parts = (*parts, _compile("*"))
    return _Rule(parts, pattern.endswith("/"), is_negated)


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
