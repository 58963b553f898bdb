"""What only the encoder can tell of a question, asked once and remembered: its new words, the sections like it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from relmgr_cli.index.codec import pack, unpack
from relmgr_cli.index.database import Database, with_memory_fallback
from relmgr_cli.index.vocabulary import Counterpart
from relmgr_cli.search.likeness import Likeness, like_sections

_MOST_SECTIONS = 400


class Insight(NamedTuple):
    """What the encoder said of a question."""

    nearest: dict[str, dict[str, list[Counterpart]]]  # new word -> language -> its counterparts, the nearest first
    sections: list[Likeness]  # those most like it, the best first


NOTHING = Insight({}, [])


def ask(
    catalogue: Database, question: str, new_words: Sequence[str], documents: Collection[int] | None, scope: str
) -> Insight:
    """Return what the encoder says of a question, about these documents; None for all.

    The answer is kept under the question and `scope`, which names the documents, until the library changes.
    """
    key = repr((question, tuple(new_words), scope))
    state = catalogue.get("content_version")
    for (kept,) in catalogue.rows("SELECT answer FROM query_cache WHERE text = ? AND state = ?", (key, state)):
        nearest, sections = unpack(kept)
        return Insight(
            {
                word: {tag: [Counterpart(*row) for row in rows] for tag, rows in found.items()}
                for word, found in nearest.items()
            },
            [Likeness(*row) for row in sections],
        )
    insight = _ask(catalogue, question, new_words, documents)
    with_memory_fallback(catalogue, lambda: _keep(catalogue, key, state, insight))
    return insight


def _keep(catalogue: Database, key: str, state: int, insight: Insight) -> None:
    with catalogue.writing() as connection:
        connection.execute("DELETE FROM query_cache WHERE state != ?", (state,))
        connection.execute("INSERT OR REPLACE INTO query_cache VALUES (?, ?, ?)", (key, state, pack(insight)))


def _ask(catalogue: Database, question: str, new_words: Sequence[str], documents: Collection[int] | None) -> Insight:
    from relmgr_cli.index.vectors import encode_texts

    (vector,) = encode_texts(catalogue, [question])
    return Insight(ask_words(catalogue, new_words), like_sections(catalogue, vector, documents, _MOST_SECTIONS))


def ask_words(catalogue: Database, new_words: Sequence[str]) -> dict[str, dict[str, list[Counterpart]]]:
    """Return the counterparts of new words by language; none where the library's own words have no vectors yet.

    A word is asked about with a small and with a capital letter: some languages write the one, some the other.
    """
    from relmgr_cli.index.vectors import encode_texts
    from relmgr_cli.index.vocabulary import best_counterparts, nearest_words

    if not new_words or not catalogue.rows("SELECT 1 FROM vector_blocks WHERE kind = 'words' LIMIT 1"):
        return {}
    asked = list(dict.fromkeys([*new_words, *map(str.capitalize, new_words)]))
    found = dict(zip(asked, nearest_words(catalogue, asked, encode_texts(catalogue, asked)), strict=True))
    return {word: best_counterparts([found[word], found[word.capitalize()]]) for word in new_words}
