"""Reads the lines of code blocks: what of them is code, and what is comment or text, which may be translated."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from relmgr_cli.markdown.blocks import Block

MAX_LINES = 300  # of a block that are compared
_MAX_LINE = 300  # characters
_COMMENT_LINE = re.compile(r"\s*(?:#|//|--|;|%|\*|/\*|<!--|\{\s?/\*|\{#|\"\"\"|'''|REM\b|::)")
_COMMENT_END = re.compile(
    r"(?:^|\s|(?<=[;,{})\]]))(?:#|//|--(?=\s)|/\*|<!--|\{\s?/\*|←|→|<-|=>(?=\s+[^\s({\[]+\s)|⬅|👈).*"
)
_LONG_COMMENTS = (("/*", "*/"), ("<!--", "-->"))
_OPEN_BLANK = re.compile(r"<[a-z][\w'-]{0,40}(?: [\w',-]{1,40}){2,20}$")  # what a reader fills in, up to another line
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'|`[^`\n]{0,400}`")
_MARKED_TEXT = re.compile(
    r"(?<=[>}])[^<>{}\n\"']{1,400}(?=[<{])|(?<=\w>)[^<>{}\n=;()]{1,400}$|^[^<>{}\n=;()\"']{1,400}(?=</)"
)
_PUNCTUATION = re.compile(r"[\s.,!?…。！？，]{1,400}")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\S+")
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")
_PROSE = re.compile(r"[A-Za-z]{2,}[,:.]?(?: [A-Za-z]+[,:.]?)+")
_OPTIONAL_ENDS = ",;"  # of a line, in many languages a matter of style
_CODE_ENDS = (";", "{", "}", ")", "]")
_LABEL = re.compile(r"\s*[A-Z][a-z]{2,}:?\s*")
_LABEL_START = re.compile(r"[\W\d_]{0,20}[^\W\d_][\w ]{1,30}:\s")  # - Attributes: a=b
_SIGNS = re.compile(r"[(){}\[\]=;<>$/\\|&_#@]|::|->|--\w|\w\.\w")
_PRICE = re.compile(r"[$€£¥₹₽]\d[\d.,]{0,20}")
_PROMPT = re.compile(r"\s{0,20}(?:>>>|[\w.@~:()/\[\]-]{0,60}[$>]) \S")  # of a shell or an interpreter
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
# Languages, as fences name them, whose lines may be texts.
_NATURAL = frozenset(
    "text txt plain plaintext mermaid plantuml puml dot md markdown mdx tree ascii gherkin feature log output none "
    "no-highlight nohighlight csv tsv diff po".split()
)


class Line(NamedTuple):
    """A line of code."""

    number: int  # in the block, from 1
    code: str  # without comments, texts and white space
    bare: str  # also without strings that are data
    strings: tuple[str, ...]
    words: int
    is_prose: bool  # it may be a text that is translated
    is_foreign: bool  # it has letters of another script, or with diacritics
    is_output: bool  # of a program, in a session


def is_code(block: Block) -> bool:
    """Return whether a block is in a programming language; without the name of one, whether it looks like it."""
    if block.info:
        return block.info.lower() not in _NATURAL
    lines = [line for line in block.text.split("\n")[:MAX_LINES] if line.strip()]
    return sum(len(_SIGNS.findall(line[:_MAX_LINE])) > 1 for line in lines) * 2 > len(lines)


def read_lines(block: Block, languages: Sequence[str]) -> list[Line]:
    """Return the lines that have code; in addresses and paths, parts that name one of the `languages` do not count."""
    local = re.compile(rf"[-_./](?:{'|'.join(map(re.escape, languages))})(?=[-_./:?#\"')\]]|$)", re.IGNORECASE)
    has_labels = not is_code(block)
    found: list[Line] = []
    is_session = False
    end = ""  # of a comment of several lines
    for number, text in enumerate(block.text.split("\n")[:MAX_LINES], 1):
        line = text[:_MAX_LINE]
        if end:
            end = "" if end in line else end
            continue
        end = next((close for mark, close in _LONG_COMMENTS if mark in line and close not in line), "")
        if _COMMENT_LINE.match(line):
            continue
        rest = _COMMENT_END.sub("", line)
        end = ">" if _OPEN_BLANK.search(rest) else end
        has_prompt = bool(_PROMPT.match(rest))
        is_session |= has_prompt and not found
        if any(map(str.isalnum, rest)):
            found.append(_line(number, _neutral(rest, local, has_labels=has_labels), is_session and not has_prompt))
    return found


def _neutral(text: str, local: re.Pattern[str], *, has_labels: bool) -> str:
    """Return a line without what differs between languages in paths, and without a label."""
    if has_labels:
        text = _LABEL_START.sub("", text, count=1) if _LABEL_START.match(text) else text
    return _WORD.sub(lambda match: local.sub("", match[0]) if "/" in match[0] else match[0], text)


def _line(number: int, rest: str, is_output: bool) -> Line:  # noqa: FBT001 (the field)
    marked = _MARKED_TEXT.sub(_kept_text, rest)
    code = _SPACE.sub("", _STRING.sub(_kept_string, marked)).rstrip(_OPTIONAL_ENDS)
    return Line(
        number,
        code,
        bare=_SPACE.sub("", _STRING.sub('""', marked)).rstrip(_OPTIONAL_ENDS),
        strings=tuple(_STRING.findall(marked)),
        words=len(rest.split()),
        is_prose=_is_prose(rest),
        is_foreign=bool(_FOREIGN.search(code)),
        is_output=is_output,
    )


def _kept_text(match: re.Match[str]) -> str:
    """Return what is between two tags or expressions unless it is words or punctuation, which are translated."""
    return "" if _TWO_LETTERS.search(match[0]) or _PUNCTUATION.fullmatch(match[0]) else match[0]


def _kept_string(match: re.Match[str]) -> str:
    """Return a string if it is data, such as a path; a text becomes empty."""
    text = match[0][1:-1]
    is_data = text.isascii() and " " not in text and bool(_SIGNS.search(text)) and not _PRICE.fullmatch(text)
    return match[0] if is_data else '""'


def _is_prose(line: str) -> bool:
    """Return whether a line reads as a text."""
    if line.rstrip()[-1:] in _CODE_ENDS:
        return False
    return (bool(_PROSE.search(line)) and len(_SIGNS.findall(line)) <= 1) or bool(_LABEL.fullmatch(line))
