"""Articles in the database: which documents make them up, and, when it is needed, what in them is aligned.

Pairing looks at every document but reads few; an article whose documents have not changed keeps its alignment.
What only the encoder can tell is put off until somebody needs it.
"""

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import RelmgrError
from relmgr_cli.store.codec import DOCUMENT_COLUMNS, pack, read_document, unpack_summary
from relmgr_cli.store.database import Database, with_memory_fallback

if TYPE_CHECKING:
    from relmgr_cli.corpus.alignment.align import Vectors
    from relmgr_cli.corpus.pairing import Candidate, Group, Grouping

Progress = Callable[[int, int], None]

_ARTICLES_AT_ONCE = 40
_MAX_TEXT = 400  # characters of a block that the encoder is given
_MAX_BLOCKS_INTERACTIVE = (
    3000  # blocks of an article, some seconds of the encoder; a longer one is only aligned by it when asked for
)
UNSTRUCTURED_SHARE = 0.2  # of all documents
_MAX_PARAMETERS = 900  # of one SQLite statement


class LibraryChangedError(RelmgrError):
    """Another process has paired the documents anew between two looks at an article."""

    def __init__(self) -> None:
        super().__init__("the library has just changed; try again")


def update_articles(database: Database, changed: Collection[int] = (), *, is_compared: bool = False) -> None:
    """Pair all documents anew and start a new generation, inside the caller's transaction.

    `changed` are the ids of documents that were read: what is known of them by alignment or meaning is dropped.
    `is_compared` says that the encoder has just been asked, so that there is nothing left to ask it.
    """
    from relmgr_cli.corpus.semantic_pairing import candidate_pools

    connection = database.connection
    connection.executemany("DELETE FROM similar_documents WHERE one = ? OR other = ?", [(id_, id_) for id_ in changed])
    candidates = _candidates(database)
    grouping = _grouping(database, candidates)
    _write(database, grouping.groups, frozenset(changed))
    notes = [{"id": each.id, "note": grouping.notes.get(each.id, "")} for each in candidates]
    connection.executemany("UPDATE documents SET pairing_note = :note WHERE id = :id AND pairing_note != :note", notes)
    pending = not is_compared and bool(candidate_pools(grouping.groups))
    connection.execute("UPDATE meta SET value = ? WHERE key = 'semantic_pairing'", ("pending" if pending else "done",))
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")
    connection.execute("UPDATE meta SET value = 0 WHERE key = 'unpaired'")


def _candidates(database: Database) -> "list[Candidate]":
    from relmgr_cli.corpus.pairing import Candidate

    found = []
    for id_, root, path, language, about in database.rows(
        "SELECT id, root, path, language, summary FROM documents WHERE content IS NOT NULL ORDER BY root, path"
    ):
        row = unpack_summary(about)
        place = (os.fsdecode(root), os.fsdecode(path))
        found.append(Candidate(id_, *place, language, row.title, row.key, row.outline, row.blocks, row.words))
    return found


def _load(database: Database, ids: Collection[int]) -> Mapping[int, Document]:
    documents = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _MAX_PARAMETERS):
        part = wanted[start : start + _MAX_PARAMETERS]
        marks = ", ".join("?" * len(part))
        query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id IN ({marks}) AND content IS NOT NULL"  # noqa: S608
        documents.update({row[0]: read_document(row) for row in database.rows(query, part)})
    return documents


def _write(database: Database, groups: "tuple[Group, ...]", changed: frozenset[int]) -> None:
    """Write the articles in their order; one whose documents are the same and unchanged keeps its alignment."""
    from relmgr_cli.corpus.pairing import slug_of

    connection = database.connection
    aligned = {
        members: rest
        for members, *rest in database.rows(
            "SELECT members, highlights, sections, units, with_embeddings FROM articles"
        )
        if changed.isdisjoint(json.loads(members))
    }
    connection.execute("DELETE FROM articles")
    taken: set[str] = set()
    articles, documents = [], []
    for number, group in enumerate(groups, 1):
        members = json.dumps(sorted(member.id for member in group.members))
        name = slug_of(group.members[0].title, taken)
        articles.append((number, name, members, group.paired_by, *aligned.get(members, (None, None, None, None))))
        documents += [{"new": number, "id": member.id} for member in group.members]
    connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", articles)
    connection.execute("UPDATE documents SET article = NULL WHERE content IS NULL")
    connection.executemany("UPDATE documents SET article = :new WHERE id = :id AND article IS NOT :new", documents)


def semantic_pairing_pending(database: Database) -> bool:
    """Tell whether documents stand alone that the encoder has not been asked about."""
    return bool(database.get("semantic_pairing") == "pending")


def semantic_pairing_cost(database: Database) -> int:
    """Return about how many passages `pair_by_meaning` would look at; 0 where it is all there is to go by.

    That is a heap of files: many stand alone, and none of these lies where a translation would be sought.
    """
    from relmgr_cli.corpus.semantic_pairing import candidate_pools

    with database.reading():
        candidates = _candidates(database)
        grouping = _grouping(database, candidates)
    alone = [found.members[0] for found in grouping.groups if len(found.members) == 1]
    if sum(not candidate.is_placed for candidate in alone) > UNSTRUCTURED_SHARE * len(candidates):
        return 0
    pools = candidate_pools(grouping.groups)
    documents = {candidate.id: candidate for pool in pools.values() for candidate in (*pool.source, *pool.target)}
    return sum(min(candidate.blocks, 12) + 1 for candidate in documents.values())


def groups_of(database: Database) -> "tuple[Group, ...]":
    """Return the articles that the documents make up, by what is known of them now."""
    return _grouping(database, _candidates(database)).groups


def _grouping(database: Database, candidates: "Sequence[Candidate]") -> "Grouping":
    from relmgr_cli.corpus.pairing import group

    kin = database.rows("SELECT one, other, likelihood FROM similar_documents")
    return group(candidates, lambda ids: _load(database, ids), kin)


def pair_semantically(database: Database, progress: Progress | None = None) -> None:
    """Ask the encoder which of the documents that stand alone belong together, and pair them."""
    from relmgr_cli.corpus.semantic_pairing import (
        Content,
        candidate_pools,
        find_translation_pairs,
        passages_of,
        words_of,
    )
    from relmgr_cli.store.vector_cache import vectors_of

    with database.reading():
        generation = database.get("articles_version")
        pools = candidate_pools(groups_of(database))
        ids = sorted({candidate.id for pool in pools.values() for candidate in (*pool.source, *pool.target)})
        documents = _load(database, ids)
    passages = {id_: passages_of(document) for id_, document in documents.items()}
    texts = list(dict.fromkeys(text for found in passages.values() for text in found))
    rows = {text: row for row, text in enumerate(texts)}
    vectors = vectors_of(database, texts, progress)
    contents = {
        id_: Content(vectors[[rows[text] for text in found]], words_of(documents[id_]))
        for id_, found in passages.items()
    }
    kin = find_translation_pairs(pools, contents)
    with database.writing() as connection:
        if database.get("articles_version") != generation:
            return  # another process has read newer files in the meantime; the next command looks again
        connection.executemany("INSERT OR REPLACE INTO similar_documents VALUES (?, ?, ?)", kin)
        update_articles(database, is_compared=True)


def align_all(database: Database, progress: Progress | None = None) -> int:
    """Align all articles with the encoder's help that have not had it; return how many there were.

    Only this may change the numbers of sections: somebody has asked for the best there is.
    """
    from relmgr_cli.store.vector_cache import vectors_of

    numbers = [
        number
        for (number,) in database.rows(
            "SELECT number FROM articles WHERE members LIKE '%,%' AND with_embeddings IS NOT 1 ORDER BY number"
        )
    ]
    for start in range(0, len(numbers), _ARTICLES_AT_ONCE):
        part = numbers[start : start + _ARTICLES_AT_ONCE]
        if progress:
            progress(start, len(numbers))
        texts = [text for number in part for text in _texts_to_align(database, number)]
        if texts:
            vectors_of(database, list(dict.fromkeys(texts)))  # all at once, so that every core has some
        for number in part:
            with suppress(LibraryChangedError):  # whoever changed it reads on
                align_article(database, number, with_embeddings=True, renumber=True)
    return len(numbers)


def _texts_to_align(database: Database, number: int) -> list[str]:
    """Return the texts the encoder would be asked about to align an article; none where the outlines are equal."""
    from relmgr_cli.corpus.alignment.align import outline_of

    rows = database.rows(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE article = ?", (number,))  # noqa: S608
    documents = [read_document(row) for row in rows]
    if len({outline_of(document) for document in documents}) == 1:
        return []
    return [text for document in documents for text in _block_texts(document) if text.strip()]


def _block_texts(document: Document) -> list[str]:
    return [block.text[:_MAX_TEXT] for block in document.blocks]


def align_article(database: Database, number: int, *, with_embeddings: bool = False, renumber: bool = False) -> None:
    """Align an article that is not aligned yet, or not with the encoder's help when `with_embeddings` asks for it.

    The sections and their numbers stay as they were told first, unless `renumber` allows the encoder to change them.
    Raises LibraryChangedError.
    """
    known = database.rows("SELECT sections, with_embeddings FROM articles WHERE number = ?", (number,))
    if known and known[0][0] is not None and (known[0][1] or not with_embeddings):
        return
    rows = database.rows(_MEMBERS, (number,))
    if not rows:
        raise LibraryChangedError
    from relmgr_cli.corpus.alignment.align import align, outline_of
    from relmgr_cli.corpus.key_points import find_key_points

    documents = {document.language: document for document in (read_document(row[:-1]) for row in rows)}
    is_equal = len({outline_of(document) for document in documents.values()}) == 1
    sections, units = align(documents)
    is_aided = is_equal
    if with_embeddings and not is_equal and (renumber or not _is_long(documents)):
        refined, better = align(documents, _block_vectors(database, documents))
        is_aided = renumber or refined == sections
        if is_aided:
            sections, units = refined, better
    values = (
        find_key_points(documents, sections),
        pack([[section.number, section.level, dict(section.places)] for section in sections]),
        pack([[bead.section, {key: list(places) for key, places in bead.blocks.items()}] for bead in units]),
        int(is_aided),
    )
    with_memory_fallback(database, lambda: _keep_alignment(database, number, rows, values))


_MEMBERS = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE article = ? ORDER BY language"  # noqa: S608 (constants)


def _keep_alignment(database: Database, number: int, rows: Sequence[object], values: Sequence[object]) -> None:
    """Keep how an article is aligned, unless another process has read newer texts of it in the meantime."""
    with database.writing() as connection:
        if database.rows(_MEMBERS, (number,)) == rows:
            connection.execute(
                "UPDATE articles SET highlights = ?, sections = ?, units = ?, with_embeddings = ? WHERE number = ?",
                (*values, number),
            )


def awaits_semantic_alignment(database: Database, number: int, documents: Mapping[str, Document]) -> bool:
    """Tell whether an article is so long that only `align_all` aligns it with the encoder's help, and has not yet."""
    return _is_long(documents) and database.rows(
        "SELECT with_embeddings FROM articles WHERE number = ?", (number,)
    ) != [(1,)]


def _is_long(documents: Mapping[str, Document]) -> bool:
    return sum(len(document.blocks) for document in documents.values()) > _MAX_BLOCKS_INTERACTIVE


def _block_vectors(database: Database, documents: Mapping[str, Document]) -> "Vectors":
    import numpy as np

    from relmgr_cli.store.vector_cache import vectors_of

    texts = [text for document in documents.values() for text in _block_texts(document)]
    spoken = [text for text in texts if text.strip()]
    known = iter(vectors_of(database, spoken))
    rows = np.stack([next(known) if text.strip() else np.zeros(512, np.float32) for text in texts] or [np.zeros(512)])
    vectors, at = {}, 0
    for language, document in documents.items():
        vectors[language] = rows[at : at + len(document.blocks)]
        at += len(document.blocks)
    return vectors
