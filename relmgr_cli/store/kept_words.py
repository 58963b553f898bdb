"""The words that a user has kept while reading a library, each with its sentence and their translations.

They are in a file in the user's state folder.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from relmgr_cli.store.saved_lines import SavedList, load_saved, remove_saved, update_saved

_MAX_WORDS = 5000  # of one library; the oldest are dropped
_MAX_TEXT = 2000  # characters of a text, which is cut
_MAX_BYTES = 64 << 20


class WordInContext(NamedTuple):
    """A word in a sentence, with their translations as far as they are known."""

    word: str
    language: str
    translation: str = ""  # of the word
    translation_language: str = ""
    sentence: str = ""
    sentence_translation: str = ""
    article: str = ""  # its id or its title
    path: str = ""  # of the file that has the sentence
    line: int = 0  # on which its block begins; 0 if unknown

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it another word: it is kept once, whatever its translation and where it is."""
        return self.word, self.language, self.translation_language, self.sentence


def kept_words_file(state_folder: Path | None, library: str) -> str:
    """Return the path of the file that has the words kept in a library; "" without a state folder."""
    return os.path.join(state_folder, "kept-words", f"{library}.jsonl") if state_folder else ""


def load_words(path: str) -> tuple[WordInContext, ...]:
    """Return the words in a file, the oldest first; lines that are no words are ignored."""
    return load_saved(_saved(path))


def keep_word(path: str, word: WordInContext) -> bool:
    """Add a word to a file as the last one; return False if it was there, and is now there as given.

    Raises OSError if the file cannot be written.
    """
    word = WordInContext._make(value[:_MAX_TEXT] if isinstance(value, str) else value for value in word)
    known: list[WordInContext] = []

    def change(words: tuple[WordInContext, ...]) -> Sequence[WordInContext]:
        known.extend(each for each in words if each.identity == word.identity)
        return [*(each for each in words if each.identity != word.identity), word]

    update_saved(_saved(path), change)
    return not known


def remove_word(path: str, number: int) -> WordInContext | None:
    """Remove the word with a number, from 1, and return it; None if there is none.

    Raises OSError if the file cannot be written.
    """
    return remove_saved(_saved(path), number)


def _saved(path: str) -> SavedList[WordInContext]:
    return SavedList(path, _word, WordInContext._asdict, _MAX_WORDS, _MAX_BYTES)


def _word(value: dict[str, Any]) -> WordInContext:
    """Return the word that a JSON object is.

    Raises TypeError or ValueError for another value, also for a path that cannot be one.
    """
    word = WordInContext(**value)
    *texts, number = word
    if not word.word or type(number) is not int or not all(isinstance(text, str) for text in texts):
        raise TypeError(value)
    os.fsencode(word.path)
    return word
