"""Expands the words of a query to the words of the library that mean the same, in every language, with weights.

A word of the library has its translations stored with it: those that the library's own translations teach, and those
with a similar vector. For one that the library does not have, and for sections similar to the whole query, the encoder
runs once; what it finds is stored until the library changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.languages.names import function_words
from relmgr_cli.languages.tokens import is_letter
from relmgr_cli.search.query import Item
from relmgr_cli.search.ranking import SectionSimilarity
from relmgr_cli.search.semantic import similar_sections
from relmgr_cli.store.database import Database
from relmgr_cli.store.lexicon import is_in_lexicon, lexicon_source, lexicon_translations
from relmgr_cli.store.name_lookup import library_languages
from relmgr_cli.store.vector_blocks import has_vectors
from relmgr_cli.store.vocabulary import forms_with_letter, forms_with_prefix, is_prose, spelling_of, stems_of
from relmgr_cli.store.word_headings import WordHeading, headings_like
from relmgr_cli.store.word_translations import NearestWords, WordTranslation, has_translations, translations_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MIN_COSINE = 0.66  # of the nearest translation in a language
_MIN_COSINE_ALONE = 0.77  # of one that no other language confirms, or that is in the language of the word
_MAX_DISTANCE = 0.16  # in cosine, of other translations to the nearest one
_MAX_TRANSLATIONS, _MAX_RELATED = 5, 5  # of a word in one language
# The weight in the lexicon of a likely translation, and where vectors name other ones; the rest are related words.
_MIN_LEARNT, _MIN_LEARNT_BESIDE = 0.55, 0.75
_MAX_FORMS = 60  # of a prefix in one language
_MAX_SECTIONS = 400  # similar to a query

Translations = Mapping[str, Sequence[WordTranslation]]  # by language, nearest first


class Term(NamedTuple):
    """An item of a query and what it is searched by."""

    item: Item
    stems: Mapping[str, Mapping[str, float]]  # language -> stem -> weight; 1 for the word itself
    translations: Translations  # those among the stems that are likely translations
    forms: Mapping[str, frozenset[str]]  # language -> folded forms with a prefix or letter; empty for other items
    source_languages: frozenset[str]  # the languages whose running text has it as typed
    related: Mapping[str, Mapping[str, float]] = {}  # as `stems`: words that only raise the score of a section
    ranges: Mapping[str, Sequence[tuple[int, int]]] = {}  # of a regular expression: the texts that match, and where

    @property
    def is_sequence(self) -> bool:
        """Whether it is found by the order of its forms and not by a stem."""
        return self.item.kind == "phrase" or len(self.item.words) > 1


class SemanticMatches(NamedTuple):
    """What the encoder found for a query."""

    nearest: Mapping[str, NearestWords]  # of the words that the library does not have
    sections: list[SectionSimilarity]  # best first


NO_MATCHES = SemanticMatches({}, [])


def out_of_vocabulary(database: Database, items: Iterable[Item], languages: Sequence[str]) -> list[str]:
    """Return the spellings of the words that have no stored translations, function words left out."""
    return [
        item.words[0].spelling
        for item in items
        if item.kind == "word"
        and len(item.words) == 1
        and not any(
            is_in_lexicon(database, language, stem) or has_translations(database, language, stem)
            for language in languages
            for stem in stems_of(database, language, item.words[0].spelling, item.words[0].folded)
        )
        and item.words[0].spelling not in function_words(("en", *languages))
    ]


def similar_headings(database: Database, item: Item, documents: Collection[int] | None) -> list[SectionSimilarity]:
    """Return the sections whose heading is similar to a word of the library; `documents` None for all."""
    word = item.words[0]
    if item.kind != "word" or len(item.words) > 1 or word.spelling in function_words(("en", lexicon_source(database))):
        return []
    best: dict[WordHeading, float] = {}
    for language in library_languages(database):
        for stem in stems_of(database, language, word.spelling, word.folded):
            for found in headings_like(database, language, stem):
                key = found._replace(cosine=0)
                best[key] = max(best.get(key, 0.0), found.cosine)
    return [
        SectionSimilarity(*key[:3], cosine, 0.0, -1)
        for key, cosine in sorted(best.items(), key=lambda item: (-item[1], item[0]))[:_MAX_SECTIONS]
        if documents is None or key.document in documents
    ]


def encode_query(
    database: Database, query: str, unknown: Sequence[str], documents: Collection[int] | None, scope: str
) -> SemanticMatches:
    """Return the sections similar to a query, and the translations of its unknown words; `documents` None for all.

    The result is stored under the query and `scope`, a name for the documents, until the library changes.
    """
    from relmgr_cli.store.vector_cache import load_query, save_query

    key = repr((query, tuple(unknown), scope, "related"))
    state = database.get("content_version")
    if stored := load_query(database, key, state):
        return _from_stored(*stored)
    sections = similar_sections(database, _encode(database, query), documents, _MAX_SECTIONS)
    found = SemanticMatches(translate_words(database, unknown), sections)
    save_query(database, key, state, found)
    return found


def _encode(database: Database, query: str) -> "NDArray[np.float32]":
    """Return the vector of a query in lower case, (512,); a single word is between it in lower case and capitalized.

    German and English capitalize in a heading what other languages do not; in a longer query the other words decide.
    """
    import numpy as np

    from relmgr_cli.store.vector_cache import encode_texts

    spellings = [query] if " " in query else [query, query.capitalize()]
    vector: NDArray[np.float32] = encode_texts(database, spellings).sum(axis=0)
    return vector / np.linalg.norm(vector)


def _from_stored(nearest: Mapping[str, Sequence[Mapping[str, Any]]], sections: Any) -> SemanticMatches:
    words = {
        word: NearestWords(
            *({tag: [WordTranslation(*row) for row in rows] for tag, rows in found.items()} for found in kinds)
        )
        for word, kinds in nearest.items()
    }
    return SemanticMatches(words, [SectionSimilarity(*row) for row in sections])


def translate_words(database: Database, words: Sequence[str]) -> dict[str, NearestWords]:
    """Return what is near to unknown words; nothing if the library has no word vectors yet.

    Each word is encoded in lower case and capitalized: languages differ in which they write. A word that the encoder
    does not know has no related words, which would be others for any nonsense.
    """
    from relmgr_cli.embedding.encoder import has_token
    from relmgr_cli.store.vector_cache import encode_texts
    from relmgr_cli.store.word_translations import best_translations, nearest_words

    if not words or not has_vectors(database, "words"):
        return {}
    spellings = list(dict.fromkeys([*words, *map(str.capitalize, words)]))
    vectors = encode_texts(database, spellings)
    found = dict(zip(spellings, nearest_words(database, spellings, vectors), strict=True))
    nearest = {}
    for word in words:
        both = found[word], found[word.capitalize()]
        related = [each.related for each in both if has_token(word, database.cache_folder)]
        nearest[word] = NearestWords(best_translations([each.likely for each in both]), best_translations(related))
    return nearest


def expand_term(  # noqa: PLR0913 (keywords after three)
    database: Database,
    item: Item,
    languages: Sequence[str],
    *,
    known: Sequence[str],
    nearest: Mapping[str, NearestWords],
    exact: bool = False,
) -> Term:
    """Return what an item of a query is searched by in each of `languages`.

    `known` are all languages of the library, in any of which the item may be; `nearest` has what is near to words that
    the library does not have.
    """
    source = frozenset(tag for tag in languages if all(is_prose(database, tag, word.folded) for word in item.words))
    if item.kind == "prefix":
        form = item.words[0].folded
        forms = {tag: frozenset(forms_with_prefix(database, tag, form, _MAX_FORMS)) for tag in languages}
        return Term(item, {}, {}, forms, frozenset(tag for tag, found in forms.items() if found))
    if exact or item.kind == "phrase" or len(item.words) > 1:
        return Term(item, {}, {}, {}, source)
    (word,) = item.words
    typed = {tag: stems_of(database, tag, word.spelling, word.folded) for tag in known}
    if word.spelling in function_words(("en", lexicon_source(database))):
        likely, related = _no_weights(languages), _no_weights(languages)  # a function word has no counterpart
    else:
        stored = [(tag, translations_of(database, tag, stem)) for tag, stems in typed.items() for stem in stems]
        found, distant = nearest.get(word.spelling, NearestWords({}, {}))
        likely, related = _translate(database, typed, [*(each for _, each in stored), found], languages)
        reliable = [_very_near(each, tag) for tag, each in stored] + [found] * _is_reliable(found, known)
        sure = _translate(database, typed, reliable, languages)[0]
        for tag in languages:
            related[tag] |= {stem: weight for stem, weight in likely[tag].items() if stem not in sure[tag]}
        for tag, words in _related(database, typed, distant, languages).items():
            related[tag] |= {stem: weight for stem, weight in words.items() if stem not in sure[tag]}
        likely = sure
    translations = {tag: _best_translations(database, tag, likely[tag]) for tag in languages}
    stems = {
        tag: {**{each.stem: likely[tag][each.stem] for each in translations[tag]}, **dict.fromkeys(typed[tag], 1.0)}
        for tag in languages
    }
    with_letter = languages if is_letter(word.folded) else ()
    forms = {tag: frozenset(forms_with_letter(database, tag, word.folded, _MAX_FORMS)) for tag in with_letter}
    return Term(item, stems, translations, forms, source, related)


Weights = dict[str, dict[str, float]]  # language -> stem -> 0 to 1


def _no_weights(languages: Sequence[str]) -> Weights:
    return {tag: {} for tag in languages}


def _translate(
    database: Database,
    typed: Mapping[str, Sequence[str]],
    nearest: Iterable[Translations],
    languages: Sequence[str],
) -> tuple[Weights, Weights]:
    """Return the likely translations of a word in each language, and the related words; without the typed stems.

    The lexicon and the vectors are independent evidence: where both know a translation, it is as likely as if either
    were right. What the vectors are nearest to is looked up in the lexicon as well.
    """
    near: dict[tuple[str, str], float] = {}
    for source in nearest:
        for tag, translations in source.items():
            for each in _near_best(translations):
                near[tag, each.stem] = max(near.get((tag, each.stem), 0.0), each.weight)
    # Where the source language has the word, in others it is a loan word, with its own translation beside it.
    first = lexicon_source(database)
    tags = [first] if typed.get(first) else list(typed)
    learnt = _learnt(database, {**near, **{(tag, stem): 1.0 for tag in tags for stem in typed[tag]}}, languages)
    by_vectors = {tag for tag, _ in near}
    likely, related = _no_weights(languages), _no_weights(languages)
    for tag, stem in {**near, **learnt}:
        if tag not in likely or stem in typed.get(tag, ()):
            continue
        by_vector, by_lexicon = near.get((tag, stem), 0.0), learnt.get((tag, stem), 0.0)
        is_likely = by_vector > 0 or by_lexicon >= (_MIN_LEARNT_BESIDE if tag in by_vectors else _MIN_LEARNT)
        (likely if is_likely else related)[tag][stem] = 1 - (1 - by_vector) * (1 - by_lexicon)
    return likely, _most_related(related)


def _related(
    database: Database, typed: Mapping[str, Sequence[str]], distant: Translations, languages: Sequence[str]
) -> Weights:
    """Return the related words of a word that the library does not have; those that translate each other weigh more."""
    near = {(tag, each.stem): each.weight for tag, found in distant.items() for each in found[:_MAX_RELATED]}
    learnt = _learnt(database, near, languages)
    related = _no_weights(languages)
    for tag, stem in {**near, **learnt}:
        if tag in related and stem not in typed.get(tag, ()):
            related[tag][stem] = 1 - (1 - near.get((tag, stem), 0.0)) * (1 - learnt.get((tag, stem), 0.0))
    return _most_related(related)


def _learnt(
    database: Database, known: Mapping[tuple[str, str], float], languages: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Return the translations in the lexicon of stems with these weights, by language and stem, with their weights."""
    learnt: dict[tuple[str, str], float] = {}
    for (source, stem), weight in known.items():
        for tag, words in lexicon_translations(database, source, stem, languages).items():
            for word, other in words.items():
                learnt[tag, word] = max(learnt.get((tag, word), 0.0), weight * other)
    return learnt


def _most_related(weights: Weights) -> Weights:
    return {tag: dict(sorted(words.items(), key=_by_weight)[:_MAX_RELATED]) for tag, words in weights.items()}


def _very_near(translations: Translations, language: str) -> Translations:
    """Return the translations of a word of the library; of the words of its own language only those very near."""
    same = [each for each in translations.get(language, ()) if each.cosine >= _MIN_COSINE_ALONE]
    return {**translations, language: same}


def _is_reliable(translations: Translations, known: Sequence[str]) -> bool:
    """Return False if what is nearest to a word that the library does not have may mean something else.

    What is near by chance is so in one language; a translation has a counterpart in another one, or is very near. The
    languages of the library are `known`.
    """
    best = [found[0].cosine for found in translations.values() if found]
    if not best or max(best) >= _MIN_COSINE_ALONE or sum(cosine >= _MIN_COSINE for cosine in best) > 1:
        return True
    from relmgr_cli.embedding.encoder import knows_language

    return sum(map(knows_language, known)) == 1  # nothing could confirm it


def _by_weight(word: tuple[str, float]) -> tuple[float, str]:
    return -word[1], word[0]


def _best_translations(database: Database, language: str, weights: Mapping[str, float]) -> tuple[WordTranslation, ...]:
    best = sorted(weights.items(), key=_by_weight)[:_MAX_TRANSLATIONS]
    return tuple(
        WordTranslation(stem, spelling_of(database, language, stem), round(weight**0.5, 3)) for stem, weight in best
    )


def _near_best(translations: Sequence[WordTranslation]) -> list[WordTranslation]:
    """Return those that are near enough, and not far behind the nearest."""
    if not translations or translations[0].cosine < _MIN_COSINE:
        return []
    bound = max(_MIN_COSINE, translations[0].cosine - _MAX_DISTANCE)
    return [each for each in translations if each.cosine >= bound]
