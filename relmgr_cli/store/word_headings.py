"""The headings that are similar to a word of the library, by their vectors.

They are computed when the heading or the word gets its vector, so that a search for a word of the library finds what
headings call by another name without the encoder.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.codec import unpack
from relmgr_cli.store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MIN_COSINE = 0.6  # of a heading and a word
_MAX_WORDS = 12  # of one heading, the most similar ones
_MAX_COMPARED = 6000  # words, about; the most frequent ones
_BATCH = 4000  # headings
_PERCENT = 100  # cosines are stored as whole numbers


class WordHeading(NamedTuple):
    """A heading that is similar to a word."""

    document: int
    revision: int  # of the document
    section: int  # index in the document
    cosine: float


def headings_like(database: Database, language: str, stem_: str) -> list[WordHeading]:
    """Return the headings similar to a stem."""
    query = (
        "SELECT document, h.revision, section, cosine FROM word_headings h"
        " JOIN documents d ON d.id = document AND d.revision = h.revision WHERE h.language = ? AND stem = ?"
    )
    rows = database.rows(query, (language, stem_))
    return [WordHeading(document, revision, at, cosine / _PERCENT) for document, revision, at, cosine in rows]


def link_headings(
    database: Database, passages: "NDArray[np.int64]", changed: Iterable[int] = (), *, first: int = 0
) -> None:
    """Store the words similar to the headings among these passages, inside the caller's transaction.

    `passages` are as in `load_passages`; what is stored of the documents `changed` is replaced. `first` is the number
    of the first word to compare.
    """
    headings = passages[passages[:, 4] == 1]
    database.connection.execute("DELETE FROM word_headings WHERE document NOT IN (SELECT id FROM documents)")
    database.connection.executemany("DELETE FROM word_headings WHERE document = ?", [(id_,) for id_ in changed])
    for start in range(0, len(headings), _BATCH):
        rows = _similar_words(database, headings[start : start + _BATCH], first)
        database.connection.executemany("INSERT OR REPLACE INTO word_headings VALUES (?, ?, ?, ?, ?, ?)", rows)


def _similar_words(database: Database, headings: "NDArray[np.int64]", first: int) -> Iterable[tuple[Any, ...]]:
    """Yield language, stem, document, section, revision and cosine in percent."""
    import numpy as np

    from relmgr_cli.store.vector_blocks import load_vector_blocks, load_vectors

    vectors = load_vectors(database, "texts", headings[:, -1])
    keys: list[list[str]] = []
    found: list[tuple[Any, Any, Any]] = []
    for block in load_vector_blocks(database, "words"):
        if block.first < first or block.first >= _MAX_COMPARED:
            continue
        cosines = block.cosines(vectors)
        words, at = np.nonzero(cosines >= _MIN_COSINE)
        found.append((at, words + len(keys), cosines[words, at]))
        keys += unpack(block.keys)
    if not found:
        return
    at, words, cosines = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((-cosines, at))
    at, words, cosines = at[order], words[order], cosines[order]
    starts = np.searchsorted(at, at)  # where the words of each heading begin
    kept = np.arange(len(at)) - starts < _MAX_WORDS
    for heading, word, cosine in zip(at[kept].tolist(), words[kept].tolist(), cosines[kept].tolist(), strict=True):
        document, revision, section = headings[heading, :3].tolist()
        yield *keys[word][:2], document, section, revision, round(_PERCENT * cosine)
