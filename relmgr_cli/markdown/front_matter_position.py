"""Finds where the front matter of a file begins and ends.

Decides between front matter and text that only looks like it: `---` is also a thematic break, and prose has colons too.
What is doubtful (a blank line after the opening, full-width colons, a code fence around it) is front matter only if all
of its lines have its form.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_CHARACTERS = 64 * 1024
_MAX_LINES = 2000
_MIN_KEYS = 2

# All patterns are for single lines, and bounded against malicious input. Keys may be in any script, and translators
# also write a full-width colon.
_OPENING = re.compile(r"---[ \t]{0,9}(yaml|toml|json)?|\+\+\+|%?\{")
_FENCE = re.compile(r"(```|~~~)(?:ya?ml|toml|json|markdown|md)?")
_FORMATS = {"+++": "toml", "{": "json", "%{": "elixir"}  # by opening; `---` may name the format, YAML by default
_FIRST_KEY = re.compile(
    r"""\s*(?:#.*|["']?[^\s"':：#\[\]{}<>|&*!%`?,;-][^\s"':：]{0,99}["']?\s{0,9}(?::(?:\s.*)?|：.*))"""
)
_SPACED_KEY = re.compile(r"[^\s\x00-\x7f][^:：]{0,99}?(?::(?:\s.*)?|：.*)")  # of several words: in prose as a rule
_KEY_OF_WORDS = re.compile(r"[A-Za-z][\w-]{0,40}(?: [\w-]{1,40}){1,3}:(?:\s.*)?")  # likewise
_TOML_KEY = re.compile(r"""\s*(?:#.*|\[.*|["']?[\w.-]+["']?\s*=.*)""")
_MISTYPED_CLOSING = re.compile(r"---\S")
_CONTINUATION = re.compile(r"(?:[ \t]+|- |[#\]}]).*|-|")
# Keys that site generators read; a sample of YAML in a code block has others.
_KNOWN_KEYS = frozenset(
    "author authors category date description draft id lang language layout locale order permalink sidebar_label "
    "sidebar_position sidebar_title slug tags title".split()
)


class Position(NamedTuple):
    """Where front matter is, in lines."""

    opening: int
    closing: int  # the line after the last value, whether it is a fence or not
    end: int  # the first line of the text
    format: str
    is_closed: bool = True


def split_lines(text: str) -> list[str]:
    """Return the lines in which front matter may be; HTML comments, as translation tools write them, are blank."""
    source = text[: MAX_CHARACTERS + 8]
    pieces = []
    end = 0
    while (start := source.find("<!--", end)) >= 0 and (after := source.find("-->", start + 4)) >= 0:
        pieces += [source[end:start], "\n" * source.count("\n", start, after)]
        end = after + 3
    return "".join([*pieces, source[end:]]).split("\n")[:_MAX_LINES]


def find_front_matter(lines: Sequence[str]) -> Position | None:
    """Return the position of front matter; None if the text begins at once."""
    start = _skip_blank(lines, 0)
    fence = _FENCE.fullmatch(lines[start].strip()) if start < len(lines) else None
    opening_line = _skip_blank(lines, start + 1) if fence else start
    opening = _OPENING.fullmatch(lines[opening_line].strip()) if opening_line < len(lines) else None
    if not opening:
        return None
    format_ = _FORMATS.get(opening[0]) or opening[1] or "yaml"
    closing = _closing(lines, opening_line, format_)
    if closing is None:
        return find_unclosed(lines, opening_line) if format_ == "yaml" and not fence else None
    if not fence:
        return Position(opening_line, closing, closing + 1, format_)
    if not _has_known_key(lines[opening_line + 1 : closing]):
        return None
    after = _skip_blank(lines, closing + 1)
    is_fence = after < len(lines) and lines[after].strip() == fence[1]
    return Position(opening_line, closing, after + 1 if is_fence else closing + 1, format_)


def find_unclosed(lines: Sequence[str], opening: int) -> Position | None:
    """Return the position of front matter that ends at a blank line, without a closing fence; None if it is text."""
    end = next((number for number in range(opening + 1, len(lines)) if not lines[number].strip()), None)
    header = lines[opening + 1 : end]
    if end is None or not _has_known_key(header) or not has_form_of_yaml(header):
        return None
    return Position(opening, end, end, "yaml", is_closed=False)


def has_form_of_yaml(lines: Sequence[str]) -> bool:
    """Return True if every line is a key, part of a value or blank, and two of them are keys."""
    keys = [line for line in lines if not line[:1].isspace() and _is_key(line)]
    return len(keys) >= _MIN_KEYS and _is_structured(lines)


def _has_known_key(lines: Sequence[str]) -> bool:
    return any(re.split("[:=：]", line, maxsplit=1)[0].strip("\"' \t") in _KNOWN_KEYS for line in lines)


def _skip_blank(lines: Sequence[str], number: int) -> int:
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number


def _closing(lines: Sequence[str], start: int, format_: str) -> int | None:
    """Return the line that closes the front matter; None if these lines are text."""
    if format_ == "json" and lines[start].strip() == "{":
        return _closing_brace(lines, start)
    first = start + 1
    if format_ in ("yaml", "toml"):
        # `---` before prose, or a blank line and prose (as in pandoc), is a thematic break.
        first = _skip_blank(lines, start + 1)
        keys = (_FIRST_KEY, _SPACED_KEY, _KEY_OF_WORDS) if format_ == "yaml" else (_TOML_KEY,)
        is_empty = first == start + 1 and first < len(lines) and lines[first].rstrip() in ("---", "+++")
        if first == len(lines) or not (is_empty or any(key.fullmatch(lines[first]) for key in keys)):
            return None
    closing = _fence_after(lines, start, format_, first)
    is_doubtful = format_ == "yaml" and (first > start + 1 or _is_doubtful_key(lines[first]))
    if closing is None or (is_doubtful and not _is_likely(lines[first:closing])):
        return None
    return closing


def _fence_after(lines: Sequence[str], start: int, format_: str, first: int) -> int | None:
    fences = {"yaml": ("---", "..."), "toml": ("+++", "---"), "json": ("---",), "elixir": ("---",)}[format_]
    for number in range(first, len(lines)):
        line = lines[number].strip() if lines[start][:1].isspace() else lines[number].rstrip()
        if line in fences:
            return number
        if format_ == "yaml" and _MISTYPED_CLOSING.fullmatch(line) and _FIRST_KEY.fullmatch(lines[first]):
            return number
    return None


def _is_doubtful_key(line: str) -> bool:
    """Return True for a key of several words or with a full-width colon, as prose has them."""
    has_wide_colon = "：" in line and ":" not in line.partition("：")[0]
    return has_wide_colon or not (_FIRST_KEY.fullmatch(line) or line.rstrip() in ("---", "..."))


def _is_likely(lines: Sequence[str]) -> bool:
    """Return True for lines that are front matter for certain, wherever they are."""
    has_keys = _has_known_key(lines) or (not _KEY_OF_WORDS.fullmatch(lines[0]) and has_form_of_yaml(lines))
    return not lines[0][:1].isupper() and has_keys and _is_structured(lines)


def _is_structured(lines: Sequence[str]) -> bool:
    forms = (_FIRST_KEY, _SPACED_KEY, _KEY_OF_WORDS, _CONTINUATION)
    return all(not line.strip() or any(form.fullmatch(line) for form in forms) for line in lines)


def _is_key(line: str) -> bool:
    return bool(_FIRST_KEY.fullmatch(line) or _SPACED_KEY.fullmatch(line))


def _closing_brace(lines: Sequence[str], start: int) -> int | None:
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
