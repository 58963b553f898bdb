"""How many words a text has, in languages with and without spaces between them."""

import re
import unicodedata

from relmgr_cli.languages.analysis import MARKS

_WORD = re.compile(rf"\w[\w{MARKS}]*(?:[-'’.]\w[\w{MARKS}]*)*")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def count_words(text: str) -> int:
    """Return the number of words, two ideographs counting as one word; the same in every Unicode normal form."""
    text = unicodedata.normalize("NFC", text)
    ideographs = len(_IDEOGRAPH.findall(text))
    return len(_WORD.findall(_IDEOGRAPH.sub(" ", text))) + (ideographs + 1) // 2
