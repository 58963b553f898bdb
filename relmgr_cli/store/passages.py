"""Passages: the headings and blocks of the library that are embedded for semantic search.

Translations need one vector: of each translation unit, only the blocks of one language are passages. A block without a
counterpart is a passage of its own.
"""

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.errors import RelmgrError
from relmgr_cli.languages.normalization import encoded_form
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.codec import unpack_summary
from relmgr_cli.store.database import Database, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 4000  # passages of one transaction
_MAX_TEXT = 400  # characters of a block that are embedded
_NOT_PROSE = ("code", "math", "rule", "html")
_FIELDS = 6  # of a stored passage: document, revision, section, block, whether it is a heading, number of its vector
_TITLE = -1  # instead of a block index
_MIN_UNUSED = 2000  # vectors; fewer are not worth a cleanup


class Passage(NamedTuple):
    """A heading or block of a document."""

    document: int
    revision: int  # of the document
    section: int  # index in the document
    block: int  # index in the document; -1 for the title
    is_heading: bool
    text: str


def passages_of(article: Article, members: Mapping[str, tuple[int, int]]) -> list[Passage]:
    """Return the passages of an article, those of a section together, its heading first.

    `members` has the id and the revision of each document, by language; a language that it lacks has no passages.
    """
    languages = _by_preference(article, members)
    sections = {tag: _section_indexes(article, tag) for tag in languages}
    found = [
        Passage(*members[tag], 0, _TITLE, is_heading=True, text=encoded_form(article.documents[tag].title))
        for tag in languages[:1]
        if article.documents[tag].title and article.documents[tag].sections
    ]
    for unit in article.units:
        for tag in languages:
            blocks = article.documents[tag].blocks
            prose = [index for index in unit.blocks.get(tag, ()) if _is_prose(blocks[index])]
            found += [
                Passage(
                    *members[tag],
                    sections[tag][index],
                    index,
                    blocks[index].kind == "heading",
                    _text_of(blocks[index]),
                )
                for index in prose
            ]
            if prose:
                break
    order = {members[tag][0]: number for number, tag in enumerate(languages)}
    return sorted(found, key=lambda passage: (order[passage.document], passage.section, passage.block))


def _text_of(block: Block) -> str:
    """Return what is embedded of a block; a heading in the form of a query, which is compared with it."""
    text = encoded_form(block.text) if block.kind == "heading" else block.text.strip()
    return text[:_MAX_TEXT]


def _is_prose(block: Block) -> bool:
    return block.kind not in _NOT_PROSE and bool(block.text.strip())


def _by_preference(article: Article, members: Collection[str]) -> list[str]:
    """Return the languages of an article, those that the encoder knows best first."""
    from relmgr_cli.embedding.encoder import LANGUAGES, knows_language

    def order(tag: str) -> tuple[bool, bool, int]:
        is_known = knows_language(tag)
        return not is_known, tag != article.source, LANGUAGES.index(tag.partition("-")[0]) if is_known else 0

    return sorted((tag for tag in article.documents if tag in members), key=order)


def _section_indexes(article: Article, language: str) -> dict[int, int]:
    """Return the index of the section that each block of a document is in."""
    document = article.documents[language]
    return {
        block: number for number, section in enumerate(document.sections) for block in range(section.start, section.end)
    }


def articles_to_encode(database: Database) -> list[int]:
    """Return the numbers of the articles whose passages have no vectors yet."""
    return [number for (number,) in database.rows("SELECT number FROM articles WHERE passages IS NULL ORDER BY number")]


def passages_to_encode(database: Database, most: int | None = None) -> int:
    """Return about how many passages have no vectors yet; a number above `most` may be too small."""
    query = (
        "SELECT summary FROM articles JOIN documents ON article = number AND documents.language = source"
        " WHERE passages IS NULL LIMIT ?"
    )
    rows = database.rows(query, (-1 if most is None else most + 1,))  # an article has at least one
    return sum(1 + unpack_summary(data).blocks for (data,) in rows)


def count_passages(database: Database) -> int:
    """Return how many passages have vectors."""
    return int(database.value("SELECT coalesce(sum(length(passages)), 0) FROM articles")) // (8 * _FIELDS)


def encode_passages(database: Database, progress: Progress | None = None, limit: int | None = None) -> int:
    """Embed the passages of new and changed articles, about `limit` at most; return how many articles that were.

    Aligns articles that are not yet. `progress` is called with the number of articles done and to do.
    """
    todo = articles_to_encode(database)
    done = encoded = 0
    for part in _in_batches(database, todo, _BATCH if limit is None else min(limit, _BATCH)):
        encoded += _encode(database, part)
        done += len(part)
        if progress:
            progress(done, len(todo))
        if limit is not None and encoded >= limit:
            break
    if done:
        _remove_unused(database)
    return done


def _in_batches(
    database: Database, numbers: Sequence[int], least: int
) -> Iterator[list[tuple[int, str, list[Passage]]]]:
    """Yield number, members and passages of articles, at least so many passages at once."""
    batch: list[tuple[int, str, list[Passage]]] = []
    size = 0
    for number in numbers:
        try:
            members, passages = _passages_of_article(database, number)
        except RelmgrError:  # another process has updated the articles: the next search continues
            continue
        batch.append((number, members, passages))
        size += len(passages)
        if size >= least:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _passages_of_article(database: Database, number: int) -> tuple[str, list[Passage]]:
    with database.reading():
        members = database.value("SELECT members FROM articles WHERE number = ?", (number,), "")
        query = "SELECT language, id, revision FROM documents WHERE article = ? AND state != 'untranslated'"
        documents = {tag: (id_, revision) for tag, id_, revision in database.rows(query, (number,))}
    return members, passages_of(load_article(database, number), documents)


def _encode(database: Database, batch: Sequence[tuple[int, str, list[Passage]]]) -> int:
    from relmgr_cli.store.vector_cache import text_numbers
    from relmgr_cli.store.word_headings import link_headings

    numbers = iter(text_numbers(database, [each.text for *_, passages in batch for each in passages]).tolist())
    rows = []
    for number, members, passages in batch:
        stored = array("q")
        for passage in passages:
            stored.extend((*passage[:-1], next(numbers)))
        rows.append((stored.tobytes(), number, members))
    with database.writing() as connection:
        connection.executemany("UPDATE articles SET passages = ? WHERE number = ? AND members = ?", rows)
        documents = [id_ for _, members, _ in batch for id_ in json.loads(members or "[]")]
        link_headings(database, _as_array(data for data, *_ in rows), documents)
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")
    return sum(len(passages) for *_, passages in batch)


def load_passages(database: Database) -> "NDArray[np.int64]":
    """Return all passages, (n, 6): document, revision, section, block, whether it is a heading, number of its vector.

    Those of a section are together. A document may have another revision by now.
    """
    query = "SELECT passages FROM articles WHERE passages IS NOT NULL ORDER BY number"
    return _as_array(data for (data,) in database.rows(query))


def _as_array(stored: Iterable[bytes]) -> "NDArray[np.int64]":
    import numpy as np

    return np.frombuffer(b"".join(stored), np.int64).reshape(-1, _FIELDS)


def _remove_unused(database: Database) -> None:
    """Remove the vectors of texts that are no passages, if these are more than half."""
    import numpy as np

    from relmgr_cli.store.vector_blocks import count_vectors, keep_vectors

    with database.writing() as connection:
        passages = load_passages(database)
        used = np.unique(passages[:, -1])
        if count_vectors(database, "texts") < 2 * len(used) + _MIN_UNUSED:
            return
        keep_vectors(database, "texts", used)
        rows = database.rows("SELECT number, passages FROM articles WHERE passages IS NOT NULL")
        for number, data in rows:
            changed = np.frombuffer(data, np.int64).reshape(-1, _FIELDS).copy()
            changed[:, -1] = np.searchsorted(used, changed[:, -1])
            connection.execute("UPDATE articles SET passages = ? WHERE number = ?", (changed.tobytes(), number))
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")


def has_embeddings(database: Database) -> bool:
    """Return True if every word and passage has had a vector since the index last changed."""
    return bool(database.get("embeddings_version") == database.get("content_version"))


def is_exact(database: Database) -> bool:
    """Return True if all is as if it had been learnt from scratch."""
    return bool(database.get("exact_version") == database.get("content_version"))


def set_all_encoded(database: Database, *, exact: bool) -> None:
    """Record that all words and passages have vectors; `exact` if all is as if it had been learnt from scratch."""
    keys = ["embeddings_version", *["exact_version"] * exact]
    query = "INSERT OR REPLACE INTO meta SELECT ?, value FROM meta WHERE key = 'content_version'"
    with database.writing() as connection:
        connection.executemany(query, [(key,) for key in keys])


def current_revisions(database: Database) -> list[tuple[int, int]]:
    """Return id and current revision of every document, by ascending ids."""
    return database.rows("SELECT id, revision FROM documents WHERE content IS NOT NULL ORDER BY id")
