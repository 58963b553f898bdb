"""The words of a question -> the words of the library that mean it, in every language, with weights."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.index.database import Database
from relmgr_cli.index.vocabulary import (
    Counterpart,
    counterparts_of,
    forms_with_letter,
    forms_with_prefix,
    is_prose,
    stems_of,
)
from relmgr_cli.languages.analysis import is_letter
from relmgr_cli.languages.table import function_words
from relmgr_cli.search.query import Item

_BEST = 0.66  # cosine that the nearest counterpart in a language must have
_BEHIND = 0.16  # how far behind the nearest one others may be
_MOST = 5  # counterparts of a word in one language
_MOST_FORMS = 60  # of a prefix in one language

Nearest = Mapping[str, Mapping[str, Sequence[Counterpart]]]  # spelling of a new word -> language -> counterparts


class Term(NamedTuple):
    """An item of a question as the library knows it."""

    item: Item
    stems: Mapping[str, Mapping[str, float]]  # language -> stem -> weight; 1 for the word itself
    counterparts: Mapping[str, Sequence[Counterpart]]  # those among them that are other words, the nearest first
    forms: Mapping[str, frozenset[str]]  # language -> folded forms of a prefix, or with a letter; of others none
    spoken: frozenset[str]  # the languages whose running text has it as typed

    @property
    def is_sequence(self) -> bool:
        """Whether it is found by the order of its forms and not by a stem."""
        return self.item.kind == "phrase" or len(self.item.words) > 1


def new_words(catalogue: Database, items: Iterable[Item], languages: Sequence[str]) -> list[str]:
    """Return the spellings of the words whose counterparts only the encoder can tell."""
    return [
        item.words[0].spelling
        for item in items
        if item.kind == "word"
        and len(item.words) == 1
        and not any(
            catalogue.rows("SELECT 1 FROM word_translations WHERE language = ? AND stem = ?", (language, stem))
            for language in languages
            for stem in stems_of(catalogue, language, item.words[0].spelling, item.words[0].form)
        )
        and item.words[0].spelling not in function_words(("en", *languages))
    ]


def understand(  # noqa: PLR0913 (keywords after three)
    catalogue: Database,
    item: Item,
    languages: Sequence[str],
    *,
    known: Sequence[str],
    nearest: Nearest,
    exact: bool = False,
) -> Term:
    """Return what an item stands for in each of the languages searched.

    `known` are all languages of the library, in any of which it may be; `nearest` has the counterparts of new words.
    """
    spoken = frozenset(tag for tag in languages if all(is_prose(catalogue, tag, word.form) for word in item.words))
    if item.kind == "prefix":
        form = item.words[0].form
        forms = {tag: frozenset(forms_with_prefix(catalogue, tag, form, _MOST_FORMS)) for tag in languages}
        return Term(item, {}, {}, forms, frozenset(tag for tag, found in forms.items() if found))
    if exact or item.kind == "phrase" or len(item.words) > 1:
        return Term(item, {}, {}, {}, spoken)
    (word,) = item.words
    own = {tag: stems_of(catalogue, tag, word.spelling, word.form) for tag in known}
    sources = [counterparts_of(catalogue, tag, stem) for tag, stems in own.items() for stem in stems]
    sources.append(nearest.get(word.spelling, {}))
    counterparts = {tag: _counterparts(sources, tag, own[tag]) for tag in languages}
    stems = {
        tag: {**{c.stem: c.weight for c in counterparts[tag]}, **dict.fromkeys(own[tag], 1.0)} for tag in languages
    }
    forms = {}
    if is_letter(word.form):
        forms = {tag: frozenset(forms_with_letter(catalogue, tag, word.form, _MOST_FORMS)) for tag in languages}
    return Term(item, stems, counterparts, forms, spoken)


def _counterparts(
    sources: Iterable[Mapping[str, Sequence[Counterpart]]], language: str, own: Sequence[str]
) -> tuple[Counterpart, ...]:
    """Return the nearest words of one language that some source names, each stem once, the nearest first."""
    found = [counterpart for source in sources for counterpart in _near(source.get(language, ()))]
    found.sort(key=lambda counterpart: (-counterpart.likeness, counterpart.stem))
    by_stem: dict[str, Counterpart] = {}
    for counterpart in found:
        if counterpart.stem not in own:
            by_stem.setdefault(counterpart.stem, counterpart)
    return tuple(by_stem.values())[:_MOST]


def _near(counterparts: Sequence[Counterpart]) -> list[Counterpart]:
    """Return those that are near enough, and not far behind the nearest."""
    if not counterparts or counterparts[0].likeness < _BEST:
        return []
    bound = max(_BEST, counterparts[0].likeness - _BEHIND)
    return [counterpart for counterpart in counterparts if counterpart.likeness >= bound]
