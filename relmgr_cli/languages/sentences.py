"""Splits a text into sentences, without knowing its language: enough to show one and its translation."""

import re

# Terminal punctuation, closing quotes or brackets, then space and the start of a sentence; or terminal punctuation of a
# script without spaces. A full stop after a single letter or before a lower-case letter ends an abbreviation. The
# possessive quantifiers prevent backtracking: ten thousand full stops in a row would take minutes.
_END = re.compile(
    r"(?<![.!?…])(?!(?<=\b\w)\.(?![.!?…]))[.!?…]++[)\]\"'»”’]*+"
    r"\s++(?=[^\W_]|[\"'«„“‘(\[—–-]\s*[^\W_])|[。！？]+[」』）]*|\n+"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence, without the white space around it."""
    found = []
    start = 0
    for match in _END.finditer(text):
        following = text[match.end() : match.end() + 3].lstrip("\"'«„“‘([—–- ")
        if match[0][0] == "." and following[:1].islower():
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return [(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
            for start, end in found if (part := text[start:end]).strip()]  # fmt: skip
