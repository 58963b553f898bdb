"""What was typed -> what is wanted: words, "phrases", prefix*, -excluded, one OR another. Anything is a query."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.languages.analysis import Word, words

_PART = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_OR = "OR"
_MOST_CHARACTERS, _MOST_WORDS = 10_000, 100  # of a question
_APOSTROPHES = "'’"
_QUOTES = str.maketrans(dict.fromkeys("„“”«»", '"'))


class Item(NamedTuple):
    """One thing to find."""

    kind: str  # word, phrase, prefix
    text: str  # as typed, without its sign
    words: tuple[Word, ...]  # at least one


class Query(NamedTuple):
    """A question taken apart."""

    text: str  # as typed
    groups: tuple[tuple[Item, ...], ...]  # all are wanted; of one group, any item is enough
    excluded: tuple[Item, ...]
    is_cut: bool = False  # it was longer than what is looked for

    @property
    def words(self) -> str:
        """The question without its signs."""
        return " ".join(item.text for group in self.groups for item in group)

    def decisive(self, languages: Sequence[str]) -> tuple[int, ...]:
        """Return the places of the groups that an answer must have: all but function words, if there are others.

        Those of `languages` and of English count: a question may be in any language, but what is a function word in one
        is a word in another (war).
        """
        if len(self.groups) < 2:  # noqa: PLR2004 (a word alone is what is asked for)
            return tuple(range(len(self.groups)))
        from relmgr_cli.languages.table import function_words

        known = function_words(("en", *languages))
        found = [
            place
            for place, group in enumerate(self.groups)
            if not all(item.kind == "word" and item.words[0].spelling in known for item in group)
        ]
        return tuple(found or range(len(self.groups)))


def parse_query(text: str) -> Query:
    """Return what a question asks for; nothing is an error, and what has no letters or digits asks for nothing."""
    groups: list[list[Item]] = []
    excluded: list[Item] = []
    is_either = False
    room, is_cut = _MOST_WORDS, len(text) > _MOST_CHARACTERS
    for sign, item in _items(text[:_MOST_CHARACTERS]):
        if item and len(item.words) > room:
            is_cut = True
            item = item._replace(words=item.words[:room])  # noqa: PLW2901 (as much as there is room for)
            if not room:
                break
        room -= len(item.words) if item else 0
        if item is None:
            is_either = bool(groups)
        elif sign:
            excluded.append(item)
        elif is_either:
            groups[-1].append(item)
            is_either = False
        else:
            groups.append([item])
    once = dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)
    return Query(text, tuple(once), tuple(dict.fromkeys(excluded)), is_cut)


def _items(text: str) -> Iterator[tuple[str, Item | None]]:
    """Yield sign and item; None as an item for the word OR."""
    for match in _PART.finditer(text.translate(_QUOTES)):
        minus, phrase, word = match.group("minus", "phrase", "word")
        if word == _OR and not minus:
            yield "", None
            continue
        typed = phrase if word is None else word
        found = tuple(words(typed))
        if any(mark in typed for mark in _APOSTROPHES):  # manager's, l'homme: the longer part is the word
            found = tuple(each for each in found if len(each.form) > 1) or found
        if not found:
            continue
        is_prefix = word is not None and typed.endswith("*") and len(found) == 1
        kind = "phrase" if word is None else "prefix" if is_prefix else "word"
        yield minus, Item(kind, typed.rstrip("*") if is_prefix else typed, found)
