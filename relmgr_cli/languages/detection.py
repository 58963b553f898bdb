"""Detects the language of a text.

Two features of its words are counted: their script together with the letters that few other languages use, and the
function words that make up a third of any prose. No language is a special case: all data of a language is its row in
`languages.tsv`. Documents mix their language with English names, commands and code, so a word in another script than
Latin counts more than a Latin one.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from relmgr_cli.languages.names import Language, languages

_MAX_CHARACTERS = 40_000
# Letters with combining marks: \w excludes the vowel signs of the scripts of India and South-East Asia.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0df4\u0e31-\u0ebc\u102b-\u103e'’·])*")

_KANA = re.compile("[\u3041-\u30ff]")

# Script, first and last code point of Unicode blocks.
_SCRIPTS = (
    ("Latin", "Aa", "Zz"),
    ("Latin", "À", "ɏ"),
    ("Latin", "ɐ", "ʯ"),
    ("Latin", "Ḁ", "ỿ"),
    ("Greek", "Ͱ", "Ͽ"),
    ("Cyrillic", "Ѐ", "ԯ"),
    ("Armenian", "Ա", "֏"),
    ("Hebrew", "֐", "׿"),
    ("Arabic", "؀", "ݿ"),
    ("Devanagari", "ऀ", "ॿ"),
    ("Bengali", "ঀ", "৾"),
    ("Gurmukhi", "ਁ", "੶"),
    ("Gujarati", "ઁ", "૱"),
    ("Tamil", "ஂ", "௺"),
    ("Telugu", "ఀ", "౿"),
    ("Kannada", "ಀ", "ೲ"),
    ("Malayalam", "ഀ", "ൿ"),
    ("Sinhala", "ං", "෴"),
    ("Thai", "ก", "๛"),
    ("Myanmar", "က", "႟"),
    ("Georgian", "Ⴀ", "ჿ"),
    ("Hangul", "ᄀ", "ᇿ"),
    ("Japanese", "぀", "ヿ"),
    ("Han", "㐀", "鿿"),
    ("Hangul", "가", "힣"),
)

# Score of a word for each language of its script, in addition to that of the word itself.
_SCRIPT_WEIGHT = 0.5
_LETTER_WEIGHT = 0.6
_HINT_RATIO = 0.85  # of the best score, enough for a hinted language
_MIN_SCORE = 1.0  # one or two words may match by chance
_MIN_SCORE_PER_WORD = 0.02  # below this a text is in no language of the table


def _best(words: int, scores: Mapping[str, float]) -> str | None:
    best = max(scores, key=lambda tag: (scores[tag], tag), default=None)
    return best if best and scores[best] >= max(_MIN_SCORE_PER_WORD * words, _MIN_SCORE) else None


def detect_among(text: str, hints: Sequence[str]) -> str | None:
    """Return the language of a text as a tag, None if unclear; the first of `hints` that fits about equally wins.

    A hint is returned with its region or script. The text should be prose, without code, addresses and markup.
    """
    words, scores = _score_text(text)
    best = _best(words, scores)
    if best is None:
        return None
    for hint in hints:
        primary = hint.partition("-")[0]
        if primary == best or scores.get(primary, 0.0) >= _HINT_RATIO * scores[best]:
            return hint
    return best


def confidence(text: str) -> float:
    """Return the score of the likeliest language per word of the text; 0 for no language at all."""
    words, scores = _score_text(text)
    return max(scores.values(), default=0.0) / max(words, 1)


def _score_text(text: str) -> tuple[int, dict[str, float]]:
    words = _WORD.findall(unicodedata.normalize("NFC", text[:_MAX_CHARACTERS]).casefold())
    return len(words), _scores(Counter(words))


def _scores(words: Mapping[str, int]) -> dict[str, float]:
    known, distinctive = _words(), _distinctive_letters()
    scores: dict[str, float] = defaultdict(float)
    script_counts: Counter[str] = Counter()
    letter_counts: Counter[tuple[str, frozenset[str]]] = Counter()
    for word, count in words.items():
        script = "Japanese" if _KANA.search(word) else script_of(word[0])
        script_counts[script] += count * (len(word) if script in ("Han", "Japanese") else 1)
        if letters := distinctive.intersection(word):
            letter_counts[script, letters] += count
        for tag, weight in known.get(word, {}).items():
            scores[tag] += count * weight
    for script, count in script_counts.items():
        if script != "Latin":
            for language in _by_script().get(script, ()):
                scores[language.tag] += count * _SCRIPT_WEIGHT
    for (script, letters), count in letter_counts.items():
        for language in _by_script().get(script, ()):
            weights, foreign = _letter_weights(script, language.tag)
            scores[language.tag] += count * _LETTER_WEIGHT * sum(weights.get(letter, 0.0) for letter in letters)
            if not foreign.isdisjoint(letters):
                scores[language.tag] -= count * _LETTER_WEIGHT
    return scores


def script_of(character: str) -> str:
    """Return the script of a letter: "Latin", "Cyrillic", ...; "" for one that is not in the table."""
    if "a" <= character <= "z" or "A" <= character <= "Z":
        return "Latin"
    return next((script for script, first, last in _SCRIPTS if first <= character <= last), "")


@cache
def _words() -> Mapping[str, Mapping[str, float]]:
    """Return for each function word its languages, each with the weight of the word.

    A word that many languages share has little weight, and so has a single letter.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for language in languages().values():
        for word in language.words:
            owners[word].append(language.tag)
    return {
        word: dict.fromkeys(tags, (0.5 + 0.5 / len(tags)) * (0.6 if len(word) == 1 else 1.0))
        for word, tags in owners.items()
    }


@cache
def _by_script() -> Mapping[str, list[Language]]:
    table: dict[str, list[Language]] = defaultdict(list)
    for language in languages().values():
        table[language.script].append(language)
    table["Japanese"] = [languages()["ja"]]
    table["Han"] = [languages()["zh"], languages()["ja"]]
    return table


@cache
def _distinctive_letters() -> frozenset[str]:
    """Return the letters that distinguish languages of one script."""
    return frozenset().union(*(language.letters for language in languages().values()))


@cache
def _letter_weights(script: str, tag: str) -> tuple[Mapping[str, float], frozenset[str]]:
    """Return the weight of each letter of a language, and the letters of its script that it does not use.

    A letter that no other language of the script has weighs most.
    """
    owners = Counter(letter for other in languages().values() if other.script == script for letter in other.letters)
    letters = languages()[tag].letters
    return {letter: 1 / owners[letter] for letter in letters}, frozenset(owners) - letters
