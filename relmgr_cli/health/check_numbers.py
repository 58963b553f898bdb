"""Checks the numbers of a translation, whatever the digits and separators of its language are."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from relmgr_cli import messages
from relmgr_cli.health.comparison import Comparison, Tokens, differences, prose_of
from relmgr_cli.health.findings import Finding
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_NUMBER = re.compile(r"\d{1,20}(?:[.,:  '’٫٬·]\d{1,20}){0,6}")
_GROUPED = re.compile(r"\d{1,3}(?:([.,  '’])\d{3})(?:\1\d{3})*")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_FORMATS = str.maketrans({"٫": ",", "٬": "'", "\u202f": "\u00a0"})
_SCALE = re.compile(r"[万萬億亿千百만억천兆]|\b(?:thousand|million|billion|trillion|[tT]sd|mln|mio|mrd)\b", re.IGNORECASE)
_SPELLED = 12  # numbers up to this one are often written as words, or as a digit where the source has a word
_ADDRESS = re.compile(r"https?://\S{1,2000}|[\w.+-]{1,100}@[\w.-]{1,100}|\{\{[^{}]{0,300}\}\}|<[^<>]{0,300}>")
_TWELVE = 12


def check_numbers(comparison: Comparison) -> Iterator[Finding]:
    """Yield the units that lack a number of the source or have another one instead."""
    for pairs in comparison.sections.values():
        for pair, missing, extra in differences(pairs, numbers_of, numbers_of):
            if any(_SCALE.search(prose_of(block)) for block in (*pair.source, *pair.target)):
                continue
            lost, other = _same_value(missing, extra)
            certain = [number for number in lost if not is_small(number)]
            if certain or (lost and other):
                template = messages.CHECK_TOKENS_REPLACED if other else messages.CHECK_TOKENS_MISSING
                fields = {"missing": ", ".join(lost), "extra": ", ".join(other), "tokens": ", ".join(lost)}
                yield comparison.report("number-differs", pair, template.fill(**fields))


def numbers_of(block: Block) -> Tokens:
    """Return the numbers of a text in one form: without separators of thousands, with a decimal point."""
    if block.kind in VERBATIM_KINDS:
        return Counter()
    text = _ADDRESS.sub(" ", prose_of(block))
    if not any(character.isdigit() for character in text):
        return Counter()
    digits = "".join(_ascii_digit(character) for character in text).translate(_FORMATS)
    return Counter(normal_number(match[0]) for match in _NUMBER.finditer(digits))


def _ascii_digit(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def normal_number(number: str) -> str:
    """Return a number in one form: "1000.5" for 1,000.5, 1 000,5 and 1.000,5; versions and times as they are."""
    if _GROUPED.fullmatch(number) or _INDIAN.fullmatch(number):
        return re.sub(r"\D", "", number)
    head, mark, tail = number, "", ""
    for separator in ".,":
        at = number.rfind(separator)
        if at > 0 and number.count(separator) == 1 and (_GROUPED.fullmatch(number[:at]) or number[:at].isdigit()):
            head, mark, tail = number[:at], ".", number[at + 1 :]
            break
    whole = re.sub(r"\D", "", head) if mark else number
    if mark and tail.isdigit():
        return f"{whole.lstrip('0') or '0'}.{tail}"
    return number.replace(",", ".").replace(" ", " ")


def is_small(number: str) -> bool:
    """Return whether a number may be written as a word."""
    return number.isdigit() and int(number) <= _SPELLED


def _same_value(missing: Tokens, extra: Tokens) -> tuple[list[str], list[str]]:
    """Return the numbers of both without those that are one number written in two ways: 14:00 and 2:00."""
    others = list(extra.elements())
    lost = []
    for number in missing.elements():
        same = next((other for other in others if _is_same(number, other)), None)
        if same is None:
            lost.append(number)
        else:
            others.remove(same)
    return lost, others


def _is_same(number: str, other: str) -> bool:
    one, two = (re.split(r"[^\d]+", each) for each in (number, other))
    if one == two or "".join(one) == "".join(two):
        return True
    if len(one) == len(two) and one[1:] == two[1:] and one[0].isdigit() and two[0].isdigit():
        return abs(int(one[0]) - int(two[0])) == _TWELVE and len(one) > 1
    return False
