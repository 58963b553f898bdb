"""Respells a query as the library does, so that case, accents and a final question mark change nothing.

A word that the library has, with or without its accents, gets the spelling that is most frequent there. Other words
keep their accents.
"""

from collections.abc import Callable, Sequence

from relmgr_cli.languages.normalization import encoded_form
from relmgr_cli.languages.tokens import Word, is_unspaced, words
from relmgr_cli.search.query import Item, Query
from relmgr_cli.store.database import Database
from relmgr_cli.store.vocabulary import usual_spelling


def respell(database: Database, query: Query, languages: Sequence[str]) -> Query:
    """Return a query with the spelling of the library, which has these languages; its text stays as typed."""
    known: dict[str, str] = {}

    def spell(word: Word) -> str:
        if is_unspaced(word):
            return word.spelling
        if word.folded not in known:
            known[word.folded] = usual_spelling(database, languages, word.folded) or word.spelling
        return known[word.folded]

    def respelled(items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(i._replace(words=tuple(w._replace(spelling=spell(w)) for w in i.words)) for i in items)

    groups = tuple(dict.fromkeys(map(respelled, query.groups)))
    return query._replace(groups=groups, excluded=respelled(query.excluded), words=_respell_text(query.words, spell))


def _respell_text(text: str, spell: Callable[[Word], str]) -> str:
    """Return a text in lower case, without punctuation and spaces at its ends, its words respelled."""
    parts = []
    end = 0
    for word in words(text):
        if word.start >= end:  # pairs of letters overlap
            parts += [text[end : word.start], spell(word)]
            end = word.end
        elif word.end > end:
            parts.append(text[end : word.end])
            end = word.end
    return encoded_form("".join([*parts, text[end:]]))
