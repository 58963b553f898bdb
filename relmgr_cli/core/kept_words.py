"""The words that the user has kept, with where their files are now."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from relmgr_cli.core.library import Library
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.store.name_lookup import article_of_file


class KeptWord(NamedTuple):
    """A kept word with its number in the list of all."""

    number: int  # from 1
    word: WordInContext
    root: str  # the folder of the library that has the file; "" if it is gone


def find_kept_words(library: Library, words: Sequence[WordInContext], languages: Collection[str]) -> list[KeptWord]:
    """Return the kept words in some languages; all without any."""
    roots = {path: _root_of(library, path) for path in dict.fromkeys(each.path for each in words)}
    return [
        KeptWord(number, word, roots[word.path])
        for number, word in enumerate(words, 1)
        if not languages or word.language in languages
    ]


def _root_of(library: Library, path: str) -> str:
    roots = (str(root) for root in library.roots)
    return next((root for root in roots if article_of_file(library.database, root, path) is not None), "")
