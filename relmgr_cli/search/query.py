"""Parses the text of a query: words, "phrases", prefix*, -excluded, one OR another. No text is a syntax error.

A run of letters in a script without spaces is several words, its pairs of letters: no text has to have the whole run.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.languages.tokens import Word, is_unspaced, words

_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_COMPOUND = re.compile(r"[^\W\d_]{2,}(?:[-\u2010\u2011/][^\W\d_]{2,})+")
_OR = "OR"
_MAX_CHARACTERS, _MAX_WORDS = 10_000, 100  # of a query
_APOSTROPHES = "'’"
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))


class Item(NamedTuple):
    """A word, phrase or prefix to find."""

    kind: str  # word, phrase, prefix; regex for a regular expression
    text: str  # as typed, without "-", quotes or "*"
    words: tuple[Word, ...]  # at least one; none of a regular expression


class Query(NamedTuple):
    """A parsed query."""

    text: str  # as typed
    groups: tuple[tuple[Item, ...], ...]  # every group is wanted; one item of it is enough
    excluded: tuple[Item, ...]
    is_cut: bool = False  # longer than the limits: the rest is ignored
    words: str = ""  # the wanted items as plain text

    def split(self, is_known: Callable[[Item], bool]) -> "Query":
        """Return the query with the words of each compound (space-bat) that is not known as groups of their own."""
        groups: dict[tuple[Item, ...], None] = {}
        for group in self.groups:
            item = group[0]
            if len(group) == 1 and item.kind == "word" and _COMPOUND.fullmatch(item.text) and not is_known(item):
                groups |= dict.fromkeys(_words_of(item))
            else:
                groups[group] = None
        return self._replace(groups=tuple(groups))

    def decisive(self, languages: Sequence[str]) -> tuple[int, ...]:
        """Return the indexes of the groups that a hit must have: all but function words, if there are others.

        Only the function words of `languages` and of English are left out: a query may be in any language, but a
        function word of one is a content word of another (war).
        """
        if len(self.groups) < 2:  # noqa: PLR2004 (a single word is always wanted)
            return tuple(range(len(self.groups)))
        from relmgr_cli.languages.names import function_words

        known = function_words(("en", *languages))
        found = [
            index
            for index, group in enumerate(self.groups)
            if not all(item.kind == "word" and item.words[0].spelling in known for item in group)
        ]
        return tuple(found or range(len(self.groups)))


def parse_query(text: str, *, exact: bool = False) -> Query:
    """Return the parsed query; parts without letters or digits are ignored. `exact` keeps every run as typed."""
    groups: list[list[Item]] = []
    excluded: list[Item] = []
    is_either = False
    remaining, is_cut = _MAX_WORDS, len(text) > _MAX_CHARACTERS
    for minus, item in _items(text[:_MAX_CHARACTERS]):
        if item and len(item.words) > remaining:
            is_cut = True
            item = item._replace(words=item.words[:remaining])  # noqa: PLW2901 (as many words as the limit allows)
            if not remaining:
                break
        remaining -= len(item.words) if item else 0
        if item is None:
            is_either = bool(groups)
        elif minus:
            excluded.append(item)
        elif is_either:
            groups[-1].append(item)
            is_either = False
        else:
            groups.append([item])
    plain = " ".join(item.text for group in groups for item in group)
    parts = [tuple(group) for group in groups] if exact else [part for group in groups for part in _split(group)]
    unique: dict[tuple[object, ...], tuple[Item, ...]] = {}
    for part in map(_distinct, parts):
        unique.setdefault(tuple(map(_key, part)), part)
    return Query(text, tuple(unique.values()), _distinct(excluded), is_cut, plain)


def _distinct(items: Sequence[Item]) -> tuple[Item, ...]:
    found: dict[tuple[str, ...], Item] = {}
    for item in items:
        found.setdefault(_key(item), item)
    return tuple(found.values())


def _key(item: Item) -> tuple[str, ...]:
    """Return what two equal items have in common: their case and the punctuation around them may differ."""
    return item.kind, *(word.spelling for word in item.words)


def _split(group: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Return the words of an item as groups if it is in a script without spaces; any other group as it is."""
    (item, *others) = group
    if others or item.kind != "word" or len(item.words) == 1 or not any(map(is_unspaced, item.words)):
        return [tuple(group)]
    return _words_of(item)


def _words_of(item: Item) -> list[tuple[Item, ...]]:
    return [(Item("word", item.text[word.start : word.end], (_moved(word),)),) for word in item.words]


def _moved(word: Word) -> Word:
    """Return the word as it is alone: equal words of a query are one."""
    return word._replace(start=0, end=word.end - word.start)


def _items(text: str) -> Iterator[tuple[str, Item | None]]:
    """Yield minus sign, if any, and item; None as item for the word OR."""
    for match in _PART.finditer(text.translate(_QUOTES)):
        minus, phrase, word = match.group("minus", "phrase", "word")
        if word == _OR and not minus:
            yield "", None
            continue
        typed = phrase if word is None else word
        found = tuple(words(typed))
        if any(apostrophe in typed for apostrophe in _APOSTROPHES):  # manager's, l'homme: drop the single letter
            found = tuple(each for each in found if len(each.folded) > 1) or found
        if not found:
            continue
        is_prefix = word is not None and typed.endswith("*") and len(found) == 1
        kind = "phrase" if word is None else "prefix" if is_prefix else "word"
        yield minus, Item(kind, typed.rstrip("*") if is_prefix else typed, found)
