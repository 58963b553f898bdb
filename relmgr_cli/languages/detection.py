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
from functools import cache, lru_cache
from typing import NamedTuple

from relmgr_cli.languages.names import languages

_MAX_CHARACTERS = 40_000
_MAX_LETTER_SETS = 10_000  # kept between documents
_MAX_WORDS = 20_000  # likewise
# Letters with combining marks: \w excludes the vowel signs of the scripts of Asia. Arabic vowel signs are rare and not
# part of the words in the table.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u07a6-\u07b0\u0900-\u0df4\u0e31-\u0ecd\u0f71-\u0fbc\u102b-\u103e\u17b4-\u17d3'’·"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*")

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
    ("Thaana", "ހ", "ޱ"),
    ("Devanagari", "ऀ", "ॿ"),
    ("Bengali", "ঀ", "৾"),
    ("Gurmukhi", "ਁ", "੶"),
    ("Gujarati", "ઁ", "૱"),
    ("Oriya", "ଁ", "୷"),
    ("Tamil", "ஂ", "௺"),
    ("Telugu", "ఀ", "౿"),
    ("Kannada", "ಀ", "ೲ"),
    ("Malayalam", "ഀ", "ൿ"),
    ("Sinhala", "ං", "෴"),
    ("Thai", "ก", "๛"),
    ("Lao", "ກ", "ໟ"),
    ("Tibetan", "ༀ", "࿚"),
    ("Myanmar", "က", "႟"),
    ("Georgian", "Ⴀ", "ჿ"),
    ("Hangul", "ᄀ", "ᇿ"),
    ("Ethiopic", "ሀ", "᎙"),
    ("Khmer", "ក", "៹"),
    ("Japanese", "぀", "ヿ"),
    ("Han", "㐀", "鿿"),
    ("Hangul", "가", "힣"),
)
# Letters of a run without spaces that count as much as a word.
_LETTERS_PER_WORD = {"Han": 1, "Japanese": 1, "Khmer": 4, "Lao": 4, "Myanmar": 4, "Thai": 4, "Tibetan": 4}

# Score of a word for each language of its script, in addition to that of the word itself.
_SCRIPT_WEIGHT = 0.5
_LETTER_WEIGHT = 0.6
# A creole has nearly all function words of another language and some of its own: the other language's score counts for
# it in part, so that its own words decide.
_CREOLES = {"pcm": ("en", 0.9)}
_HINT_RATIO = 0.85  # of the best score, enough for a hinted language
_MIN_SCORE = 1.0  # one or two words may match by chance
_MIN_SCORE_PER_WORD = 0.02  # below this a text is in no language of the table
_LONG_TEXT = 200  # words
_MIN_FUNCTION_SCORE = 0.03  # per word of the script in a long text, where several languages have the script


class _Evidence(NamedTuple):
    """What the words of a text say about its language."""

    words: int
    words_by_script: Mapping[str, int]
    function_scores: Mapping[str, float]  # by language, the part of its score that comes from function words
    scores: Mapping[str, float]  # by language


def detect_among(text: str, hints: Sequence[str]) -> str | None:
    """Return the language of a text as a tag, None if unclear; the first of `hints` that fits about equally wins.

    A hint is returned with its region or script. The text should be prose, without code, addresses and markup.
    """
    evidence = _evidence(text)
    best = _best(evidence)
    if best is None:
        return None
    scores = evidence.scores
    for hint in hints:
        primary = hint.partition("-")[0]
        if primary == best or scores.get(primary, 0.0) >= _HINT_RATIO * scores[best]:
            return hint
    return best


def confidence(text: str) -> float:
    """Return the score of the likeliest language per word of the text; 0 for no language at all."""
    evidence = _evidence(text)
    return max(evidence.scores.values(), default=0.0) / max(evidence.words, 1)


def _best(evidence: _Evidence) -> str | None:
    scores = evidence.scores
    best = max((tag for tag in languages() if tag in scores), key=lambda tag: scores[tag], default=None)
    if not best or scores[best] < max(_MIN_SCORE_PER_WORD * evidence.words, _MIN_SCORE):
        return None
    return None if _is_other_language_of_script(best, evidence) else best


def _is_other_language_of_script(tag: str, evidence: _Evidence) -> bool:
    """Return True if a long text shares only the script with a language: Yakut is not Kazakh."""
    for script in languages()[tag].letters:
        words = evidence.words_by_script.get(script, 0)
        is_shared = script not in ("Latin", "Han") and len(_by_script()[script]) > 1
        if is_shared and words >= _LONG_TEXT:
            return evidence.function_scores.get(tag, 0.0) < _MIN_FUNCTION_SCORE * words
    return False


def _evidence(text: str) -> _Evidence:
    words = Counter(_WORD.findall(unicodedata.normalize("NFC", text[:_MAX_CHARACTERS]).casefold()))
    function_scores: dict[str, float] = defaultdict(float)
    words_by_script: dict[str, int] = defaultdict(int)
    letter_counts: dict[tuple[str, frozenset[str]], int] = defaultdict(int)
    for word, count in words.items():
        script, in_words, letters, weights = _features(word)
        words_by_script[script] += count * in_words
        if letters:
            letter_counts[script, letters] += count
        for tag, weight in weights:
            function_scores[tag] += count * weight
    _add_to_creoles(function_scores)
    scores = defaultdict(float, function_scores)
    for script, count in words_by_script.items():
        if script != "Latin":
            for tag in _by_script().get(script, ()):
                scores[tag] += count * _SCRIPT_WEIGHT
    for (script, letters), count in letter_counts.items():
        for tag, weight in _letter_scores(script, letters).items():
            scores[tag] += count * weight
    return _Evidence(words.total(), words_by_script, function_scores, scores)


@lru_cache(_MAX_WORDS)
def _features(word: str) -> tuple[str, int, frozenset[str], tuple[tuple[str, float], ...]]:
    """Return the script of a word, as how many words it counts, its distinctive letters, its weights for languages."""
    script = "Japanese" if _KANA.search(word) else script_of(word[0])
    weight = max(1, len(word) // _LETTERS_PER_WORD.get(script, len(word)))
    return script, weight, _distinctive_letters().intersection(word), tuple(_words().get(word, {}).items())


def _add_to_creoles(scores: dict[str, float]) -> None:
    for creole, (source, share) in _CREOLES.items():
        if creole in scores:
            scores[creole] += share * scores.get(source, 0.0)


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
def _by_script() -> Mapping[str, list[str]]:
    """Return the languages of each script."""
    table: dict[str, list[str]] = defaultdict(list)
    for language in languages().values():
        for script in language.letters:
            table[script].append(language.tag)
    table["Japanese"] = ["ja"]
    table["Han"] = ["zh", "ja"]
    return table


@cache
def _distinctive_letters() -> frozenset[str]:
    """Return the letters that distinguish languages of one script."""
    return frozenset().union(*(letters for language in languages().values() for letters in language.letters.values()))


@lru_cache(_MAX_LETTER_SETS)
def _letter_scores(script: str, letters: frozenset[str]) -> Mapping[str, float]:
    """Return the score of a word with these letters for each language of the script.

    A letter that no other language of the script has weighs most; a word with a letter that a language does not have
    counts against the language.
    """
    scores = {}
    for tag in _by_script().get(script, ()):
        own = languages()[tag].letters.get(script, frozenset())
        score = sum(1 / _owners(script)[letter] for letter in own & letters)
        is_foreign = any(letter not in own and letter in _owners(script) for letter in letters)
        scores[tag] = _LETTER_WEIGHT * (score - is_foreign)
    return scores


@cache
def _owners(script: str) -> Mapping[str, int]:
    """Return for each distinctive letter of a script how many languages have it."""
    return Counter(letter for other in languages().values() for letter in other.letters.get(script, ()))
