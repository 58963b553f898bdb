"""Splits a text into words, and reduces words to the folded forms and stems by which they are searched.

Texts and queries go through the same functions. A word is a run of letters, digits and combining marks. In scripts
without spaces between words, text is split into overlapping pairs of letters (bigrams), so a longer word is a sequence
of them.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from relmgr_cli.languages.normalization import fold, fold_accents

# Combining marks belong to the letter before them; `\w` leaves them out. Whole blocks where a script is full of them.
# Soft hyphens and joiners occur in words but are not part of them.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0fff\u1000-\u109f\u1780-\u17d3\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
    "\u00ad\u200c\u200d"
)
_WORD = re.compile(rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200c\u200d"))
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MAX_LENGTH = 60  # characters; a longer run of letters is data, and is split
_PAIR = 2
_COUNTED_WORD = re.compile(rf"\w[\w{MARKS}]*(?:[-'’.]\w[\w{MARKS}]*)*")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


class Word(NamedTuple):
    """A word of a text."""

    start: int  # text[start:end]
    end: int
    spelling: str  # composed, in lower case
    folded: str  # without accents too


def letter_runs(text: str) -> list[str]:
    """Return the runs of letters of a text; the words of the runs are the words of the text."""
    return _WORD.findall(text)


def find_runs(text: str) -> Iterator[re.Match[str]]:
    """Yield where the runs of letters of a text are."""
    return _WORD.finditer(text)


def words(text: str) -> Iterator[Word]:
    """Yield the words of a text in order; in scripts without spaces, overlapping pairs of letters."""
    for match in _WORD.finditer(text):
        run = match[0]
        is_word = len(run) <= _MAX_LENGTH and (run.isascii() or max(run) < _FIRST_UNSPACED)
        for start, end in (match.span(),) if is_word else _parts(match.start(), run):
            spelling, folded = _forms(text[start:end])
            if folded:
                yield Word(start, end, spelling, folded)


def _parts(start: int, word: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the words in a run of letters that is too long or in a script without spaces."""
    for match in re.finditer(rf"[{_UNSPACED}]+|[^{_UNSPACED}]{{1,{_MAX_LENGTH}}}", word):
        first, last = start + match.start(), start + match.end()
        if re.match(f"[{_UNSPACED}]", match[0]):
            ends = [first + letter.end() for letter in re.finditer(".[\u3099\u309a]*", match[0])]
            yield from zip([first, *ends[: 1 - _PAIR]], ends[_PAIR - 1 :] or ends, strict=False)
        else:
            yield first, last


@lru_cache(50_000)
def _forms(word: str) -> tuple[str, str]:
    if word.isascii():
        return word.lower(), word.lower()
    spelling = unicodedata.normalize("NFC", word.translate(_INVISIBLE).casefold())
    return spelling, fold_accents(spelling)


def is_letter(folded: str) -> bool:
    """Return whether a folded form is one letter of a script without spaces; texts are indexed by pairs of these."""
    return len(folded) == 1 and folded >= _FIRST_UNSPACED


def is_unspaced(word: Word) -> bool:
    """Return whether a word begins in a script without spaces between words."""
    return word.folded >= _FIRST_UNSPACED and bool(re.match(f"[{_UNSPACED}]", word.folded))


@lru_cache(100_000)
def stem(spelling: str, language: str) -> str:
    """Return the folded stem of a word; the folded word itself in a language without a stemmer."""
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(spelling)) if stemmer else fold(spelling)


def has_stemmer(language: str) -> bool:
    """Return True if words of a language are reduced to stems."""
    return _stemmer(language) is not None


@cache
def _stemmer(language: str) -> Any:
    algorithm = _STEMMERS.get(language.partition("-")[0])
    if algorithm is None:
        return None
    import Stemmer

    return Stemmer.Stemmer(algorithm) if algorithm in Stemmer.algorithms() else None


def count_words(text: str) -> int:
    """Return the number of words as a reader counts them, two ideographs as one; the same in every normal form."""
    text = unicodedata.normalize("NFC", text)
    ideographs = len(_IDEOGRAPH.findall(text))
    return len(_COUNTED_WORD.findall(_IDEOGRAPH.sub(" ", text) if ideographs else text)) + (ideographs + 1) // 2
