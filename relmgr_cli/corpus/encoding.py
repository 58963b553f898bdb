"""Decodes the bytes of a file, detecting the encoding where they are not valid UTF-8."""

import re
from collections import Counter

from relmgr_cli import file_messages
from relmgr_cli.errors import FileRefusedError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HIGH = bytes(range(0x80, 0x100))
_STRAY_PUNCTUATION = re.compile("[^\\w\\s\\x00-\\x7f«»„”“‘’–—…№§°]")
_FREQUENT = frozenset("оеаинтсрвлкмдпуяыьżółęąśćńź")
_MAX_ALPHABET_BYTE = 0x20  # high bytes of the UTF-16 blocks of alphabets
_MIXED_WORD = re.compile("[a-zA-Z][а-яёА-ЯЁ]|[а-яёА-ЯЁ][a-zA-Z]")
_SAMPLE = 1 << 16  # bytes that the legacy encodings are tried on
_LEGACY = ("cp1250", "cp1251", "iso-8859-2", "koi8-r", "cp866", "cp1252")


def decode(data: bytes, path: str) -> tuple[str, str]:
    """Return the text of a file's bytes and a notice when its encoding is not plain UTF-8 ("" when it is).

    Raises FileRefusedError for binary data. Bytes that fit no encoding become surrogate escapes.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data.decode(encoding, "replace")
            return text, file_messages.BYTES_LOST.fill(encoding=encoding.upper()) if "\ufffd" in text else ""
    if b"\0" in data[:8192]:
        return _decode_with_nul(data, path)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _decode_legacy(data, error)


def _decode_with_nul(data: bytes, path: str) -> tuple[str, str]:
    sample = data[:8192]
    even, odd = sample[::2], sample[1::2]
    for encoding, high, low in (("utf-16-be", even, odd), ("utf-16-le", odd, even)):
        # Text in one script has few different high bytes: that of its letters, and 0 for spaces and punctuation.
        common = Counter(high).most_common(2)
        is_uniform = sum(count for _, count in common) * 10 >= len(high) * 9
        if high.count(0) and is_uniform and common[0][0] < _MAX_ALPHABET_BYTE and len(set(low)) > len(set(high)):
            return data.decode(encoding, "replace"), file_messages.NO_BYTE_ORDER_MARK.fill(encoding=encoding.upper())
    if data.count(0) * 10 > len(data):
        raise FileRefusedError(path, file_messages.BINARY)
    try:
        return data.decode("utf-8"), file_messages.NUL_BYTES
    except UnicodeDecodeError:
        raise FileRefusedError(path, file_messages.BINARY) from None


def _decode_legacy(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """Choose between damaged UTF-8 and the legacy encodings, by which result reads most like a language."""
    escaped = data.decode("utf-8", "surrogateescape")
    valid = escaped.encode("utf-8", "ignore").decode()
    broken = len(escaped) - len(valid)
    intact = len(valid) - len(data.translate(None, _HIGH))
    if intact * 3 >= broken or error.start >= len(data) - 3:
        return escaped, file_messages.BYTES_ESCAPED.fill(count=broken)
    sample = data[max(error.start - _SAMPLE // 2, 0) :][:_SAMPLE]
    best = max(_LEGACY, key=lambda encoding: _readability(sample.decode(encoding, "replace")))
    return data.decode(best, "replace"), file_messages.LEGACY_ENCODING.fill(encoding=best)


def _readability(text: str) -> float:
    """Score how much a text looks like prose: known words, frequent letters, no stray punctuation or capitals."""
    from relmgr_cli.languages.detection import confidence

    foreign = [character for character in text if character > "\x7f"]
    frequent = sum(character in _FREQUENT for character in foreign)
    mistakes = len(_STRAY_PUNCTUATION.findall(text)) + len(_MIXED_WORD.findall(text))
    penalty = mistakes + sum(map(str.isupper, foreign)) / 2
    return confidence(text) + (frequent - penalty) / max(len(foreign), 1)
