"""Text -> sentences, without knowing the language: enough to show the one that answers and its translation."""

import re

# An end mark, what closes after it, then space and something that begins a sentence; or an end mark of a script
# without spaces. A point after one letter is an abbreviation, one before a small letter is too. Nothing is tried twice:
# a row of ten thousand points would take minutes.
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
