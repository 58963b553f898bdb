"""Finds the terms of a source that are translated in more than one way.

A term is one to three neighbouring words that end a noun phrase. Its occurrences are counted by what each is linked
with in the translation. What is only another form of a word, or derived from it, is the same translation. An
occurrence counts for a rarer translation only if the usual one is not in the same sentence: else the link is wrong.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.health.word_links import Sentence, Token, Weights, common_start, link_words, sentence_pairs, tokens_of

_MAX_WORDS = 3  # of a term
_MAX_VARIANTS = 100  # different words that are compared with each other
_MIN_COUNT = 2  # of a rarer translation
_MIN_USUAL = 3  # of the usual one
_MIN_CERTAINTY = 0.5  # of a translation: the mean of its weakest words
_MIN_CERTAINTY_USUAL = 0.6  # of the usual one
_MIN_CERTAINTY_ASKED = 0.4  # of a translation of a term that was asked for
_MIN_CERTAINTY_ONCE = 0.6  # of one that occurs once
_MIN_NOUN = 0.15  # of the occurrences of a term: after a word that stands before nouns
_MIN_NOUN_DIRECT = 0.03  # likewise, without another word between
_MAX_VERB = 0.2  # of these: those after a word that stands before verbs
_MAX_MODIFIERS = 1  # words between a word that stands before nouns and a noun
_MIN_BESIDE = 0.6  # of the occurrences of a translation with the same word beside it, which is a part of it then
_MAX_BESIDE = 0.25  # of the usual translations that have the words of a rarer one beside them
_MIN_LINKED = 0.3  # of the occurrences of a word of a translation; fewer are linked of a function word
_MIN_BACK = 0.15  # of the occurrences of a translation: those where it translates this term
_MIN_LETTERS = 3  # of a stem; a shorter one is similar to too many
_MIN_PREFIX = 4  # letters
_SAME_PREFIX = 0.6  # of the shorter of two words that are forms of one
_SAME_LETTERS = 0.65
_MIN_COMPOUND = 2  # letters of a part of a compound, in a script without spaces
_FIRST_UNSPACED = "\u3000"
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = "\u3400", "\u9fff"
_SPACES = frozenset([" ", "-", "\u00a0"])

# Nouns and adverbs of an idiom, whose translation depends on the sentence.
_IDIOMS = {
    "en": (
        "above addition appropriate below both case different end example first following inside instead less lot mind "
        "more most next order outside part point same second time way"
    ).split()
}
_DETERMINERS = {"en": "the a an this these those each every any no your its their our my some"}
_BEFORE_NOUNS = {"en": f"{_DETERMINERS['en']} of in for with from by on as into"}
_BEFORE_VERBS = {"en": "to you we i they can will must should could would may might cannot not please let's it which"}


class Occurrence(NamedTuple):
    """Where a translation of a term is."""

    root: str
    path: str
    line: int


class Translation(NamedTuple):
    """One of the ways in which a term is translated."""

    text: str  # in its most frequent form
    uses: int  # how often it occurs
    places: tuple[Occurrence, ...]
    certainty: float  # 0 to 1


class Term(NamedTuple):
    """A term that is translated in more than one way."""

    text: str  # in its most frequent form
    language: str
    translations: Mapping[str, tuple[Translation, ...]]  # by language, most frequent first
    score: float  # the higher, the more a translator wants to know it


_Key = tuple[str, ...]  # the words of a term, reduced to one form; the stems of a translation, sorted


class _Use(NamedTuple):
    """An occurrence of a term."""

    key: _Key  # of the translation
    text: str  # of the translation
    beside: Mapping[str, str]  # stem of a word before or after it that translates nothing -> text with that word
    weight: float
    is_copied: bool  # not translated
    stems: frozenset[str]  # of the whole translated sentence
    place: Occurrence


class TermFinder:
    """Collects the uses of terms, article by article."""

    def __init__(self, source: str, lexicon: Mapping[str, Weights]) -> None:
        """`lexicon` has the translations of the source's stems into each language."""
        self._source = source
        self._lexicon = lexicon
        self._uses: dict[tuple[_Key, str], list[_Use]] = defaultdict(list)
        self._forms: dict[_Key, Counter[str]] = defaultdict(Counter)
        # Language and stem of a translation -> the base forms that it translates.
        self._back: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._occurrences: Counter[tuple[str, str]] = Counter()  # of words of the translations, by sentence
        self._before: dict[_Key, Counter[str]] = defaultdict(Counter)

    def add(self, article: Article) -> None:
        """Add the uses of terms in an article."""
        for target, weights in self._lexicon.items():
            if self._source not in article.documents or target not in article.documents:
                continue
            document = article.documents[target]
            for sentence, translation in sentence_pairs(article, self._source, target):
                line = document.blocks[translation.block].line
                place = Occurrence(document.root, document.path, line)
                self._add_sentence(sentence, translation, weights, place, target)

    def _add_sentence(
        self, sentence: Sentence, translation: Sentence, weights: Weights, place: Occurrence, target: str
    ) -> None:
        links = {link.source: link for link in link_words(sentence.tokens, translation.tokens, weights)}
        stems = frozenset(token.stem for token in translation.tokens)
        self._occurrences.update((target, stem) for stem in stems)
        for link in links.values():
            word = _base_form(sentence.tokens[link.source], self._source)
            self._back[target, translation.tokens[link.target].stem][word] += 1
        for start, end in _phrases(sentence):
            phrase = sentence.tokens[start:end]
            key = tuple(_base_form(token, self._source) for token in phrase)
            self._forms[key][" ".join(token.spelling for token in phrase)] += 1
            kind = _kind_before(sentence, start, self._source)
            self._before[key][kind] += 1
            if kind == "verb":
                continue
            found = [links[index] for index in range(start, end) if index in links]
            if len(found) < len(phrase):
                continue
            if span := _span(translation.tokens, [link.target for link in found]):
                first, last = span
                text = translation.text[translation.tokens[first].start : translation.tokens[last].end]
                other = tuple(sorted(translation.tokens[link.target].stem for link in found))
                is_copied = text.lower() in {" ".join(key), " ".join(token.spelling for token in phrase)}
                if is_copied and not (text.islower() or text.isupper()):
                    continue  # a name
                weight = min(link.weight for link in found)
                beside = _beside(translation, span, {link.target for link in links.values()})
                self._uses[key, target].append(_Use(other, _plain(text), beside, weight, is_copied, stems, place))

    def terms(self) -> list[Term]:
        """Return the terms with several translations, the most varied first."""
        found: dict[_Key, dict[str, tuple[Translation, ...]]] = defaultdict(dict)
        scores: dict[_Key, float] = defaultdict(float)
        idioms = _IDIOMS.get(self._source.partition("-")[0], ())
        for (key, target), uses in self._uses.items():
            if len(uses) <= _MIN_USUAL or key[-1] in idioms or not self._is_noun(key):
                continue
            variants = _variants([use for use in uses if self._is_mutual(key, use, target)])
            if len(variants) > 1:
                found[key][target] = variants
                scores[key] = max(scores[key], _score(variants))
        return sorted(
            (Term(self._form(key), self._source, by_language, scores[key]) for key, by_language in found.items()),
            key=lambda term: (-term.score, term.text),
        )

    def translations_of(self, wanted: str) -> list[Term]:
        """Return a term with its translations, however few; nothing if it has none."""
        key = tuple(_base_form(token, self._source) for token in tokens_of(wanted, self._source))
        found = {}
        for tag in self._lexicon:
            if uses := self._uses.get((key, tag)):
                usual, *rarer = map(_translation, _grouped(uses))
                found[tag] = (usual, *(each for each in rarer if each.certainty >= _MIN_CERTAINTY_ASKED))
        return [Term(self._form(key), self._source, found, 0.0)] if found else []

    def _is_mutual(self, key: _Key, use: _Use, target: str) -> bool:
        """Return True if each word of a translation often translates a word of the term."""
        for stem in use.key:
            count = self._back[target, stem]
            is_linked = count.total() >= _MIN_LINKED * self._occurrences[target, stem]
            if not is_linked or sum(count[word] for word in key) < _MIN_BACK * count.total():
                return False
        return True

    def _form(self, key: _Key) -> str:
        return self._forms[key].most_common(1)[0][0]

    def _is_noun(self, key: _Key) -> bool:
        if self._source.partition("-")[0] not in _BEFORE_NOUNS:
            return True
        before = self._before[key]
        total = before.total()
        nouns = before["noun"] + before["after another word"]
        is_noun = nouns >= _MIN_NOUN * total and before["verb"] <= _MAX_VERB * nouns
        return is_noun and (len(key) > 1 or before["noun"] >= _MIN_NOUN_DIRECT * total)


def _phrases(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the neighbouring words, one to three, that end before a function word or at a punctuation mark."""
    tokens = sentence.tokens
    joined = [
        first.is_content and second.is_content and sentence.text[first.end : second.start] in _SPACES
        for first, second in pairwise(tokens)
    ]
    for last, token in enumerate(tokens):
        if not token.is_content or (last < len(joined) and joined[last]):
            continue
        for first in range(last, max(last - _MAX_WORDS, -1), -1):
            if first < last and not joined[first]:
                break
            yield first, last + 1


def _base_form(token: Token, language: str) -> str:
    """Return the singular of an English noun, by its spelling; in other languages the stem.

    An English stemmer does not tell `install` from `installation`.
    """
    if language.partition("-")[0] != "en":
        return token.stem
    spelling = token.spelling
    if spelling.endswith("ies") and len(spelling) > _MIN_PREFIX:
        return spelling[:-3] + "y"
    is_plural = spelling.endswith("s") and not spelling.endswith(("ss", "us", "is"))
    return spelling[:-1] if is_plural else spelling


def _kind_before(sentence: Sentence, start: int, language: str) -> str:
    """Return "noun" or "verb" if the word before a phrase stands before one, else "" or "after another word".

    A phrase at the start of a sentence, before a determiner, is an imperative.
    """
    nouns, verbs = _words_before(language.partition("-")[0])
    following = sentence.tokens[start]
    for distance in range(_MAX_MODIFIERS + 1):
        if start - distance < 1:
            return "verb" if not distance and _is_before_determiner(sentence, start, language) else ""
        token = sentence.tokens[start - distance - 1]
        if sentence.text[token.end : following.start] not in _SPACES:
            break
        if token.spelling in nouns:
            return "after another word" if distance else "noun"
        if token.spelling in verbs and not distance:
            return "verb"
        if not token.is_content:
            break
        following = token
    return ""


def _is_before_determiner(sentence: Sentence, start: int, language: str) -> bool:
    known = _DETERMINERS.get(language.partition("-")[0], "").split()
    return any(token.spelling in known for token in sentence.tokens[start + 1 : start + 2])


@lru_cache(8)
def _words_before(primary: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(_BEFORE_NOUNS.get(primary, "").split()), frozenset(_BEFORE_VERBS.get(primary, "").split())


def _span(tokens: Sequence[Token], linked: Sequence[int]) -> tuple[int, int] | None:
    """Return the first and last of the words that translate a phrase; None if others stand between them."""
    first, last = min(linked), max(linked)
    between = [tokens[index] for index in range(first, last) if index not in linked]
    return None if len(between) > 1 or any(token.is_content for token in between) else (first, last)


def _beside(sentence: Sentence, span: tuple[int, int], linked: Collection[int]) -> dict[str, str]:
    """Return the text of some words with the word before it, and with the one after it, by the stem of that word."""
    found = {}
    first, last = (sentence.tokens[index] for index in span)
    for index, start, end in ((span[0] - 1, -1, last.end), (span[1] + 1, first.start, -1)):
        if not 0 <= index < len(sentence.tokens) or index in linked or not sentence.tokens[index].is_content:
            continue
        token = sentence.tokens[index]
        gap = sentence.text[token.end : first.start] if start < 0 else sentence.text[last.end : token.start]
        if gap in _SPACES:
            text = sentence.text[token.start : end] if start < 0 else sentence.text[start : token.end]
            found[token.stem] = _plain(text)
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _variants(uses: Sequence[_Use]) -> tuple[Translation, ...]:
    """Return the translations that are certain enough, the most frequent first."""
    groups = _grouped(uses)
    if not groups:
        return ()
    usual = groups[0]
    usual_stems = {stem for use in usual for stem in use.key}
    found = [_translation(usual)]
    for group in groups[1:]:
        if _is_beside(group, usual):
            continue
        certain = [use for use in group if not _has_usual(use, usual_stems)]
        if len(certain) >= _MIN_COUNT or (certain and _is_certain_once(certain[0])):
            found.append(_translation(certain))
    found[1:] = sorted(
        (each for each in found[1:] if each.certainty >= _MIN_CERTAINTY), key=lambda each: (-each.uses, each.text)
    )
    is_usual_certain = found[0].uses >= _MIN_USUAL and found[0].certainty >= _MIN_CERTAINTY_USUAL
    return tuple(found) if is_usual_certain else ()


def _has_usual(use: _Use, usual_stems: Iterable[str]) -> bool:
    others = [stem for stem in use.stems - {*use.key} if len(stem) >= _MIN_LETTERS or stem >= _FIRST_IDEOGRAPH]
    return any(_is_same_word(stem, usual) for stem in others for usual in usual_stems)


def _is_certain_once(use: _Use) -> bool:
    """Return True if one occurrence of a translation is enough; not of a word that was not translated."""
    return use.weight >= _MIN_CERTAINTY_ONCE and not use.is_copied


def _is_beside(group: Sequence[_Use], usual: Sequence[_Use]) -> bool:
    """Return True if a translation is a word that often stands beside the usual one."""
    stems = {stem for use in group for stem in use.key}
    beside = sum(any(stem in use.stems and stem not in use.key for stem in stems) for use in usual)
    return beside > _MAX_BESIDE * len(usual)


def _grouped(uses: Sequence[_Use]) -> list[list[_Use]]:
    """Return the uses by translation, forms of one word together, the largest group first; only the most frequent."""
    by_key: dict[_Key, list[_Use]] = defaultdict(list)
    for use in uses:
        by_key[use.key].append(use)
    groups: list[tuple[list[_Key], list[_Use]]] = []
    for key, found in sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))[:_MAX_VARIANTS]:
        same = next((group for group in groups if any(_is_same(key, other) for other in group[0])), None)
        if same is None:
            groups.append(([key], list(found)))
        else:
            same[0].append(key)
            same[1].extend(found)
    return sorted((group for _, group in groups), key=len, reverse=True)


def _is_same(first: _Key, second: _Key) -> bool:
    if len(first) != len(second):
        return False
    left = list(second)
    for word in first:
        match = next((other for other in left if _is_same_word(word, other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _share_ideograph(first: str, second: str) -> bool:
    """Return True if two words have a Chinese character in common: words are not separated there."""
    return any(_FIRST_IDEOGRAPH <= letter <= _LAST_IDEOGRAPH and letter in second for letter in first)


@lru_cache(100_000)
def _is_same_word(first: str, second: str) -> bool:
    """Return True if two stems are forms of one word, derived from one, or a compound of it."""
    if first == second or _share_ideograph(first, second):
        return True
    common, shorter = common_start(first, second), min(len(first), len(second))
    if common >= _MIN_PREFIX and common >= _SAME_PREFIX * shorter:
        return True
    is_compound = shorter >= (_MIN_COMPOUND if first >= _FIRST_UNSPACED else _MIN_PREFIX)
    if is_compound and (first in second or second in first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _SAME_LETTERS


def _translation(uses: Sequence[_Use]) -> Translation:
    beside = Counter(stem for use in uses for stem in use.beside).most_common(1)
    if beside and len(uses) > _MIN_USUAL and beside[0][1] >= _MIN_BESIDE * len(uses):
        stem = beside[0][0]
        forms = Counter(use.beside[stem] for use in uses if stem in use.beside)
    else:
        forms = Counter(use.text for use in uses)
    text = max(forms, key=lambda form: (forms[form], -len(form), form))
    places = tuple(sorted({use.place for use in uses}))
    return Translation(text, len(uses), places, sum(use.weight for use in uses) / len(uses))


def _score(variants: Sequence[Translation]) -> float:
    """Return how much a translator wants to know that a term has these translations."""
    usual, *rarer = variants
    best = max(rarer, key=lambda each: each.uses * each.certainty)
    documents = len({place.path for each in (usual, best) for place in each.places})
    return usual.certainty * best.certainty * math.log1p(best.uses) * math.log1p(usual.uses) * math.log1p(documents)
