"""Checks the numbers of a translation, whatever the digits and separators of its language are."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from relmgr_cli import file_messages
from relmgr_cli.health.comparison import Comparison, Pair, Tokens, differences, prose_of
from relmgr_cli.health.findings import INFO, Finding
from relmgr_cli.health.prose import without_date
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3}){1,5}(?:[.,]\d{1,9})?(?!\d)|\d{1,20}(?:[.,:]\d{1,20}){0,6}")
_GROUPED = re.compile(r"\d{1,3}(?:([., \u00a0\u202f'’])\d{3})(?:\1\d{3})*")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2}){1,5},\d{3}")
_SEPARATORS = str.maketrans({"٫": ",", "٬": "'"})
_SCALE = re.compile(
    r"[万萬億亿千百만억천兆割]|\b(?:thousand|million|billion|trillion|tsd|mln|mio|mrd)\b|млн|млрд|тыс|\d\s?[kmb]\b",
    re.IGNORECASE,
)
_SPELLED = 9  # numbers up to this one are often written as words, or as a digit where the source has a word
_ADDRESS = re.compile(
    r"https?://\S{1,2000}|\b[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}/\S{1,2000}|[\w.+-]{1,100}@[\w.-]{1,100}|\{\{[^{}]{0,300}\}\}|<[^<>]{0,300}>"
)
_IN_NAME = re.compile(  # UTF-8, catch-22, but not pre-1.0; i18n, k8s
    r"(?<=[^\W\d_]-)\d{1,20}\b(?![.,]\d)|(?<![A-Za-z0-9])[A-Za-z]\d{1,2}[A-Za-z](?![A-Za-z0-9])"
)
_TENTHS = re.compile(r"(?<=\d)\s?割")  # Japanese: 6 割 is 60 % or 6 of 10
_OF_PARTS = re.compile(r"\d\s?(?:分[の之]|분의)\s?\d")  # a quarter is 4 分の 1
_POINT = re.compile(r"(?<![\w.])\.(?=\d)")  # of .5
_MAX_COMPARED = 100  # numbers of a unit that only one of the two has, each with each
_DIGIT = re.compile(r"\d")
_TWELVE = 12  # hours, months
_FIRST_YEAR = 1000
_YEAR, _SHORT_YEAR = 4, 2  # digits


def check_numbers(comparison: Comparison) -> Iterator[Finding]:
    """Yield the units that lack a number of the source or have another one instead."""
    for pairs in comparison.sections.values():
        for pair, missing, extra in differences(pairs, numbers_of, numbers_of):
            lost, other = _same_value(missing, extra)
            if any(_SCALE.search(prose_of(block)) for block in (*pair.source, *pair.target)):
                lost, other = _without_scaled(lost, other)
            if any(_OF_PARTS.search(prose_of(block)) for block in pair.target):
                lost, other = ([number for number in side if number != "1"] for side in (lost, other))
            own, of_source = (_all_numbers(blocks) for blocks in (pair.target, pair.source))
            other = [number for number in other if of_source[number] < own[number]]
            lost = [number for number in lost if own[number] < (of_source[number] if other else 1)]
            if not lost or _is_generated_line(comparison, pair):
                continue
            certain = other or any(not is_small(number) for number in lost)
            template = file_messages.CHECK_TOKENS_REPLACED if other else file_messages.CHECK_TOKENS_MISSING
            fields = {"missing": ", ".join(lost), "extra": ", ".join(other), "tokens": ", ".join(lost)}
            yield comparison.report("number-differs", pair, template.fill(**fields), severity="" if certain else INFO)


def _is_generated_line(comparison: Comparison, pair: Pair) -> bool:
    """Return whether a unit ends both texts, and has the same numbers but for a date: Generated on 12-Jun-2026."""
    if pair.source[-1] is not comparison.source.blocks[-1] or pair.target[-1] is not comparison.target.blocks[-1]:
        return False
    source, target = (
        [*_numbers_in(without_date(blocks[-1].text.encode()).decode())] for blocks in (pair.source, pair.target)
    )
    return source == target


def _without_scaled(lost: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """Return the numbers of both without those that may be one number, in thousands or ten thousands.

    Nothing is missing where none is instead of it: a large number may be written as words.
    """
    left = [number for number in lost if _digits(number) not in map(_digits, others)]
    other = [number for number in others if _digits(number) not in map(_digits, lost)]
    return (left, other) if other else ([], [])


def _digits(number: str) -> str:
    """Return the digits of a number without zeros at either end."""
    return re.sub(r"\D", "", number).strip("0")


def _all_numbers(blocks: Sequence[Block]) -> Tokens:
    """Return the numbers in a text, those in its code too."""
    return Counter(number for block in blocks for number in _numbers_in(block.text))


def numbers_of(block: Block) -> Tokens:
    """Return the numbers of a text in one form: without separators of thousands, with a decimal point."""
    if block.kind in VERBATIM_KINDS:
        return Counter()
    return Counter(_numbers_in(prose_of(block)))


def _numbers_in(text: str) -> Iterator[str]:
    if not _DIGIT.search(text):
        return
    text = _POINT.sub("0.", _ADDRESS.sub(" ", text))
    if not text.isascii():
        text = "".join(map(_ascii_digit, text)).translate(_SEPARATORS)
        text = _TENTHS.sub(" 10 ", text)
    for match in _NUMBER.finditer(_IN_NAME.sub(" ", text)):
        yield normal_number(match[0])


def _ascii_digit(character: str) -> str:
    """Return the ASCII digit for a digit of any script; every other character as it is."""
    return str(unicodedata.decimal(character)) if character > "\x7f" and character.isdecimal() else character


def normal_number(number: str) -> str:
    """Return a number in one form: "1000.5" for 1,000.5, 1 000,5 and 1.000,5; "2" for 2.0."""
    if _GROUPED.fullmatch(number) or _INDIAN.fullmatch(number):
        return re.sub(r"\D", "", number)
    for separator in ".,":
        head, mark, tail = number.rpartition(separator)
        if mark and separator not in head and not head.isdigit() and _GROUPED.fullmatch(head):
            number = re.sub(r"\D", "", head) + f".{tail}"
            break
    parts = number.replace(",", ".").split(".")
    while len(parts) > 1 and parts[-1].strip("0") == "":
        parts.pop()
    return ".".join(parts)


def is_small(number: str) -> bool:
    """Return whether a number may be written as a word."""
    return number.isdigit() and int(number) <= _SPELLED


def _same_value(missing: Tokens, extra: Tokens) -> tuple[list[str], list[str]]:
    """Return the numbers of both without those that are one number written in two ways: 14:00 and 2:00."""
    others = [*islice(extra.elements(), _MAX_COMPARED)]
    lost = []
    for number in islice(missing.elements(), _MAX_COMPARED):
        same = next((other for other in others if _is_same(number, other)), None)
        if same is None:
            lost.append(number)
        else:
            others.remove(same)
    return ([], []) if lost and _is_same_date(_parts(lost), _parts(others)) else (lost, others)


def _is_same_date(parts: list[int], others: list[int]) -> bool:
    """Return whether numbers may be one date in two ways, in one of them with the name of the month."""
    one, two = Counter(parts), Counter(others)
    common, different = one & two, [*(one - two).elements(), *(two - one).elements()]
    is_date = sum(common.values()) > 1 or any(number >= _FIRST_YEAR for number in common)
    return not different or (is_date and len(different) == 1 and different[0] <= _TWELVE)


def _parts(numbers: list[str]) -> list[int]:
    return [int(part) for number in numbers for part in re.findall(r"\d+", number)]


def _is_same(number: str, other: str) -> bool:
    digits, other_digits = re.sub(r"\D", "", number), re.sub(r"\D", "", other)
    is_padded = "0" in (number[0], other[0]) and digits.strip("0") == other_digits.strip("0")
    if digits == other_digits or is_padded:
        return True
    if ":00" in number + other and _whole_hours(number) == _whole_hours(other):
        return True
    if {len(number), len(other)} == {_YEAR, _SHORT_YEAR} and number[-_SHORT_YEAR:] == other[-_SHORT_YEAR:]:
        return True  # 1980 and the 80s
    one, two = _parts([number]), _parts([other])
    is_hour = len(one) == len(two) > 1 and one[1:] == two[1:]
    return is_hour and abs(one[0] - two[0]) == _TWELVE


def _whole_hours(number: str) -> int:
    """Return a time without its minutes if they are 0, on a clock of twelve hours."""
    hours = number.removesuffix(":00")
    return int(hours) % _TWELVE if hours.isdigit() else -1
