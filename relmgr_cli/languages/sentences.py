"""Splits a text into sentences.

A full stop after an abbreviation ends none; which abbreviations there are is listed for each language in
abbreviations.tsv. A script without a mark for the end of a sentence, such as Thai, is not split.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_CLOSING = ")\\]\"'»”’›"
_WIDE_CLOSING = "」』）》〉】〕”’"
# Terminal punctuation, closing quotes or brackets, then space and the start of a sentence; or terminal punctuation that
# needs no space. The possessive quantifiers prevent backtracking: ten thousand full stops in a row would take minutes.
_END = re.compile(
    rf"(?<![.!?…])[.!?…]++[{_CLOSING}]*+\s++(?=[^\s.!?…,;:)\]}}])"
    r"|[!?]++(?=[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff])"
    rf"|(?:[。！？｡]++[{_WIDE_CLOSING}]*+)++(?![，、；：,;:]|(?<=[{_WIDE_CLOSING}])[とっのはがをにもで])\s*+"
    rf"|[।॥۔؟։።፧။៕]++[{_CLOSING}]*+(?![,;:،؛])\s*+"
    r"|\n++"
)
_OPENING = "\"'«„“‘‹([{—–-¿¡ \t"
_BEFORE_INITIAL = frozenset(' \t\n\u00a0\u202f.([{«„“"/')
_LONGEST = 14  # characters of an abbreviation
_WORD = re.compile(r"[^\W_]{1,20}+(?!\.)")  # not an initial
_ORDINALS = frozenset(["cs", "da", "de", "et", "fi", "hr", "hu", "nb", "no", "sk", "sl", "sr"])  # "3. Mai"


class _Abbreviations(NamedTuple):
    """The abbreviations of a language, case-folded, without the last full stop."""

    inner: frozenset[str]  # end no sentence
    numbering: frozenset[str]  # end none before a number
    final: frozenset[str]  # may end one


def sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """Return start and end of each sentence, without the white space around it.

    `language` is a BCP 47 tag; without one only abbreviations of any language are known.
    """
    if language.partition("-")[0] == "el":
        text = text.replace(";", "?").replace("\u037e", "?")
    found = []
    start = 0
    for match in _END.finditer(text):
        if _is_end(text, start, match, language):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(text)))
    return [(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
            for start, end in found if (part := text[start:end]).strip()]  # fmt: skip


def _is_end(text: str, start: int, match: re.Match[str], language: str) -> bool:
    """Return True if a sentence that starts at `start` ends at terminal punctuation."""
    mark = match[0].rstrip()
    if not mark or mark[0] not in ".!?…":
        return True
    following = text[match.end() : match.end() + _LONGEST].lstrip(_OPENING)
    if following[:1].islower() and (mark[0] in ".…" or len(mark.rstrip(_CLOSING)) < len(mark) or _is_dash(text, match)):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = text[max(start, match.start() - _LONGEST) : match.start()]
    is_first = match.start() - start <= _LONGEST
    return not _is_abbreviation(before.lstrip() if is_first else before, following, language, is_first=is_first)


def _is_dash(text: str, match: re.Match[str]) -> bool:
    return text[match.end()] in "—–-"


def _is_abbreviation(before: str, following: str, language: str, *, is_first: bool) -> bool:
    """Return True if the full stop between two texts ends no sentence.

    `is_first` tells that the text before is the beginning of its sentence.
    """
    word = before.rsplit(None, 1)[-1].lstrip(_OPENING).casefold() if before.strip() else ""
    if word.isdecimal():
        is_numeral = is_first and before.strip() == word  # of a list
        return is_numeral or (language.partition("-")[0] in _ORDINALS and len(word) <= 2)  # noqa: PLR2004
    known = _abbreviations(language.partition("-")[0])
    if word in known.inner or (word in known.numbering and following[:1].isdecimal()):
        return True
    return _are_initials(before, following, known, language)


def _are_initials(before: str, following: str, known: _Abbreviations, language: str) -> bool:
    """Return True if the full stop between two texts is behind single letters and ends no sentence."""
    initials = _initials(before)
    if not initials or initials in known.final:
        return False
    if initials in known.inner:
        return True
    if len(initials) == 1 and (initials in _frequent_words(language) or before[:-1].rstrip()[-1:].isdecimal()):
        return False  # a word, or a unit of measurement
    first = _WORD.match(following)
    return not (first and first[0].casefold() in _frequent_words(language))


def _initials(before: str) -> str:
    """Return the single letters with full stops at the end of a text, case-folded: "т.д" of "и т. д"."""
    found = ""
    at = len(before)
    while at and before[at - 1].isalpha() and (at == 1 or before[at - 2] in _BEFORE_INITIAL):
        found = before[at - 1] + found
        at -= 1
        stop = before[:at].rstrip(" \u00a0\u202f")
        if not stop.endswith("."):
            break
        found = "." + found
        at = len(stop) - 1
    return found.lstrip(".").casefold()


@cache
def _abbreviations(language: str) -> _Abbreviations:
    """Return the abbreviations of a primary language subtag, and those of every language."""
    rows = dict(_rows())
    words = [*rows["*"].split(), *rows.get(language, "").split()]
    return _Abbreviations(
        frozenset(word for word in words if word[-1] not in "#$"),
        frozenset(word[:-1] for word in words if word[-1] == "#"),
        frozenset(word[:-1] for word in words if word[-1] == "$"),
    )


def _rows() -> Iterator[tuple[str, str]]:
    table = Path(__file__).with_name("abbreviations.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            tag, _, words = line.partition("\t")
            yield tag, words


@cache
def _frequent_words(language: str) -> frozenset[str]:
    from relmgr_cli.languages.names import function_words

    return function_words((language or "en",))
