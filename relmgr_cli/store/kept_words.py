"""The words that a user has kept while reading a library, each with its sentence and their translations.

One file for each library in the user's state folder, a JSON object on each line, the word kept last on the last one.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.filesystem import atomic_write, file_lock, read_regular_file

_MAX_WORDS = 5000  # of one library; the oldest are dropped
_MAX_TEXT = 2000  # characters of a text, which is cut
_MAX_BYTES = 64 << 20
_LOCK_SECONDS = 5.0


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
    try:
        data = read_regular_file(path, _MAX_BYTES)[:_MAX_BYTES]
    except (OSError, ValueError):
        return ()
    return tuple(_parse(data))[-_MAX_WORDS:]


def keep_word(path: str, word: WordInContext) -> bool:
    """Add a word to a file as the last one; return False if it was there, and is now there as given.

    Raises OSError if the file cannot be written.
    """
    word = WordInContext._make(value[:_MAX_TEXT] if isinstance(value, str) else value for value in word)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with file_lock(f"{path}.lock", _LOCK_SECONDS):
        known = load_words(path)
        words = [*(each for each in known if each.identity != word.identity), word]
        lines = [json.dumps(each._asdict(), ensure_ascii=False) + "\n" for each in words[-_MAX_WORDS:]]
        atomic_write(path, "".join(lines).encode("utf-8", "surrogatepass"))
    return len(words) > len(known)


def _parse(data: bytes) -> Iterator[WordInContext]:
    for line in data.split(b"\n"):
        try:
            word = WordInContext(**json.loads(line.decode("utf-8", "surrogatepass")))
        except (ValueError, TypeError, RecursionError):
            continue
        *texts, number = word
        if word.word and type(number) is int and all(isinstance(text, str) for text in texts):
            yield word
