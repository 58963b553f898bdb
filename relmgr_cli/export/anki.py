"""Writes words in context as a text file that Anki imports.

Anki finds the fields of a note type by the names of the columns. Every cell is in quotes: a row that begins with "#"
would be a comment. The first column identifies the note, so that a file imported again makes no second notes.
"""

import csv
from collections.abc import Iterable
from hashlib import blake2b
from io import StringIO

from relmgr_cli.export.tsv import safe_cell
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.terminal.sanitize import sanitize, sanitize_line

_COLUMNS = ("Guid", "Word", "Translation", "Sentence", "Sentence translation", "Source", "Tags")
_TAG = "relmgr"


def anki_notes(words: Iterable[WordInContext]) -> str:
    """Return the file with a note for each word, the same word in the same sentence once."""
    output = StringIO()
    output.write(f"#separator:tab\n#html:false\n#guid column:1\n#tags column:{len(_COLUMNS)}\n")
    output.write("#columns:" + "\t".join(_COLUMNS) + "\n")
    writer = csv.writer(output, dialect="excel-tab", lineterminator="\n", quoting=csv.QUOTE_ALL)
    for word in {each.identity: each for each in words}.values():
        texts = (word.word, word.translation, word.sentence, word.sentence_translation)
        cells = [*(sanitize(text).strip() for text in texts), _source(word), _tags(word)]
        writer.writerow([_guid(word), *map(safe_cell, cells)])
    return output.getvalue()


def _source(word: WordInContext) -> str:
    place = f"{word.path}:{word.line}" if word.path and word.line else word.path
    return sanitize_line(f"{word.article} ({place})" if word.article and place else word.article or place)


def _tags(word: WordInContext) -> str:
    return " ".join(sanitize_line(tag) for tag in (_TAG, word.language, word.translation_language) if tag)


def _guid(word: WordInContext) -> str:
    data = "\0".join(word.identity).encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=10).hexdigest()
