"""Articles in the database: which documents they consist of and, on demand, how their blocks are aligned.

Pairing looks at every document but reads few; an article whose documents have not changed keeps its alignment.
Whatever needs the encoder is deferred until it is asked for.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import RelmgrError
from relmgr_cli.messages import LIBRARY_CHANGED
from relmgr_cli.store.codec import (
    DOCUMENT_COLUMNS,
    as_utf8,
    documents_by_id,
    pack,
    read_document,
    unpack_rules,
    unpack_summary,
    unpack_traits,
)
from relmgr_cli.store.database import Database, Progress, with_memory_fallback

if TYPE_CHECKING:
    from relmgr_cli.corpus.alignment.multiway import Vectors
    from relmgr_cli.corpus.candidate import Candidate
    from relmgr_cli.corpus.pairing import Group, Grouping
    from relmgr_cli.corpus.semantic_pairing import CandidatePool

_BATCH = 40  # articles aligned with one call of the encoder
_MAX_TEXT = 400  # characters of a block that are embedded
_MAX_BLOCKS_INTERACTIVE = 3000  # of an article, some seconds of the encoder; only `align_all` embeds longer ones
UNSTRUCTURED_SHARE = 0.2  # of all documents
# What an article keeps as long as its documents do not change.
_KEPT = ("highlights", "sections", "units", "with_embeddings", "learnt", "passages")


class LibraryChangedError(RelmgrError):
    """Another process has updated the articles between two queries about one."""

    def __init__(self) -> None:
        super().__init__(LIBRARY_CHANGED)


def update_articles(database: Database, changed: Collection[int] = (), *, is_compared: bool = False) -> None:
    """Pair all documents and write the articles they form, inside the caller's transaction.

    `changed` are the ids of documents that were read again: their alignments and similarities are deleted.
    `is_compared` means that untranslated documents have just been compared by content.
    """
    from relmgr_cli.corpus.semantic_pairing import candidate_pools

    connection = database.connection
    connection.executemany("DELETE FROM similar_documents WHERE one = ? OR other = ?", [(id_, id_) for id_ in changed])
    candidates, grouping = _pair(database)
    _write(database, grouping.groups, frozenset(changed) | _set_languages(database, grouping.groups))
    notes = [{"id": each.id, "note": grouping.notes.get(each.id, "")} for each in candidates]
    connection.executemany("UPDATE documents SET pairing_note = :note WHERE id = :id AND pairing_note != :note", notes)
    pools = {} if is_compared else candidate_pools(grouping.groups)
    values = {"semantic_pairing": "pending" if pools else "done", "semantic_pairing_cost": _cost(grouping, pools)}
    connection.executemany("UPDATE meta SET value = ? WHERE key = ?", [(value, key) for key, value in values.items()])
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")
    connection.execute("UPDATE meta SET value = 0 WHERE key = 'unpaired'")


def _pair(database: Database) -> "tuple[list[Candidate], Grouping]":
    """Return all documents that have text, and the articles they form."""
    from relmgr_cli.corpus.candidate import Candidate
    from relmgr_cli.corpus.pairing import group

    candidates = []
    for id_, root, path, language, data, traits in database.rows(
        "SELECT id, root, path, detected, summary, traits FROM documents WHERE content IS NOT NULL ORDER BY root, path"
    ):
        row = unpack_summary(data)
        address = (os.fsdecode(root), os.fsdecode(path))
        candidate = Candidate(id_, *address, language, row.title, row.key, row.outline, row.blocks, row.words)
        candidates.append(candidate._replace(traits=unpack_traits(traits)))
    similar = database.rows("SELECT one, other, likelihood FROM similar_documents")
    return candidates, group(candidates, lambda ids: _load(database, ids), similar, unpack_rules(database.get("rules")))


def _set_languages(database: Database, groups: "tuple[Group, ...]") -> set[int]:
    """Write language and state of the documents as members of their articles; return the ids of those that changed."""
    known = {id_: rest for id_, *rest in database.rows("SELECT id, language, state FROM documents")}
    members = [member for group in groups for member in group.members]
    changed = [each for each in members if known[each.id] != [each.language, each.state]]
    query = "UPDATE documents SET language = ?, state = ?, revision = revision + 1 WHERE id = ?"
    database.connection.executemany(query, [(each.language, each.state, each.id) for each in changed])
    return {each.id for each in changed}


def _load(database: Database, ids: Collection[int]) -> Mapping[int, Document]:
    return {id_: document for id_, _, document in documents_by_id(database, list(ids))}


def _write(database: Database, groups: "tuple[Group, ...]", changed: frozenset[int]) -> None:
    """Write the articles in order; one whose documents are the same and unchanged keeps its alignment."""
    from relmgr_cli.corpus.naming import name_articles

    connection = database.connection
    rows = database.rows(f"SELECT members, {', '.join(_KEPT)} FROM articles")  # noqa: S608 (constants)
    kept = {members: rest for members, *rest in rows if changed.isdisjoint(json.loads(members))}
    connection.execute("DELETE FROM articles")
    connection.execute("DELETE FROM names")
    articles, documents = [], []
    names: set[tuple[str, str, str, int]] = set()
    for number, (name, group) in enumerate(name_articles(groups), 1):
        members = json.dumps(sorted(member.id for member in group.members))
        rest = kept.get(members, [None] * len(_KEPT))
        articles.append((number, name, members, group.paired_by, group.source, *rest))
        documents += [{"new": number, "id": member.id} for member in group.members]
        names.update((*found, number) for found in _names(name, group))
    columns = ("number", "id", "members", "paired_by", "source", *_KEPT)
    query = f"INSERT INTO articles ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    connection.executemany(query, articles)
    connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", sorted(names))
    connection.execute("UPDATE documents SET article = NULL WHERE content IS NULL")
    connection.executemany("UPDATE documents SET article = :new WHERE id = :id AND article IS NOT :new", documents)


def _names(name: str, group: "Group") -> Iterator[tuple[str, str, str]]:
    """Yield the names that an article is found by, each with its kind and language, see the table `names`."""
    from relmgr_cli.corpus.naming import name_key, without_document_suffix

    leaf = name_key(name.rpartition("/")[2])
    yield leaf, "id", ""
    for member in group.members:
        stem = name_key(as_utf8(without_document_suffix(member.path.rpartition("/")[2])))
        if stem != leaf:
            yield stem, "file", member.language
        if title := name_key(as_utf8(member.title)):
            yield title, "title", member.language


def semantic_pairing_pending(database: Database) -> bool:
    """Return True if there are untranslated documents that have not been compared by content."""
    return bool(database.get("semantic_pairing") == "pending")


def semantic_pairing_cost(database: Database) -> int:
    """Return about how many passages `pair_semantically` would embed; 0 if it is the only way to pair this library."""
    return int(database.get("semantic_pairing_cost"))


def _cost(grouping: "Grouping", pools: "Mapping[tuple[str, str], CandidatePool]") -> int:
    """Return about how many passages there are to embed; 0 for a folder without structure.

    That is one in which many documents have no translation, and paths say hardly anything about languages.
    """
    members = [member for group in grouping.groups for member in group.members]
    alone = [group.members[0] for group in grouping.groups if len(group.members) == 1]
    placed = sum(member.is_placed for member in members)
    if sum(not each.is_placed for each in alone) > UNSTRUCTURED_SHARE * len(members) >= placed:
        return 0
    documents = {candidate.id: candidate for pool in pools.values() for candidate in (*pool.source, *pool.target)}
    return sum(min(candidate.blocks, 12) + 1 for candidate in documents.values())


def pair_semantically(database: Database, progress: Progress | None = None) -> None:
    """Compare untranslated documents by content, and pair those that are translations of each other."""
    from relmgr_cli.corpus import semantic_pairing
    from relmgr_cli.store.vector_cache import vectors_of

    with database.reading():
        version = database.get("articles_version")
        pools = semantic_pairing.candidate_pools(_pair(database)[1].groups)
        ids = sorted({candidate.id for pool in pools.values() for candidate in (*pool.source, *pool.target)})
        documents = _load(database, ids)
    passages = {id_: semantic_pairing.passages_of(document) for id_, document in documents.items()}
    texts = list(dict.fromkeys(text for found in passages.values() for text in found))
    row_of = {text: row for row, text in enumerate(texts)}
    vectors = vectors_of(database, texts, progress)
    rows = {id_: [row_of[text] for text in found] for id_, found in passages.items()}
    words = {id_: semantic_pairing.words_of(document) for id_, document in documents.items()}
    contents = {id_: semantic_pairing.Content(vectors[rows[id_]], words[id_]) for id_ in documents}
    pairs = semantic_pairing.find_translation_pairs(pools, contents)
    with database.writing() as connection:
        if database.get("articles_version") != version:
            return  # another process has read newer files meanwhile; the next command compares again
        connection.executemany("INSERT OR REPLACE INTO similar_documents VALUES (?, ?, ?)", pairs)
        update_articles(database, is_compared=True)


def align_all(database: Database, progress: Progress | None = None) -> int:
    """Align all articles with embeddings that were aligned without; return how many there were.

    Only this may change section numbers, because the user has asked for the best alignment.
    """
    from relmgr_cli.store.vector_cache import vectors_of

    query = "SELECT number FROM articles WHERE members LIKE '%,%' AND with_embeddings IS NOT 1 ORDER BY number"
    numbers = [number for (number,) in database.rows(query)]
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        if progress:
            progress(start, len(numbers))
        texts = [text for number in part for text in _texts_to_align(database, number)]
        if texts:
            vectors_of(database, list(dict.fromkeys(texts)))  # all at once, so that every core gets a share
        for number in part:
            with suppress(LibraryChangedError):  # the process that changed it aligns it
                align_article(database, number, with_embeddings=True, renumber=True)
    return len(numbers)


def _texts_to_align(database: Database, number: int) -> list[str]:
    """Return the texts to embed for aligning an article; none if the outlines are equal."""
    from relmgr_cli.corpus.alignment.align import outline_of

    documents = [read_document(row[:-1]) for row in database.rows(_MEMBERS, (number,))]
    if len({outline_of(document) for document in documents}) == 1:
        return []
    return [text for document in documents for text in _block_texts(document) if text.strip()]


def _block_texts(document: Document) -> list[str]:
    return [block.text[:_MAX_TEXT] for block in document.blocks]


def align_article(database: Database, number: int, *, with_embeddings: bool = False, renumber: bool = False) -> None:
    """Align an article that is not aligned yet, or not with embeddings where `with_embeddings` asks for them.

    Sections keep the numbers that they got first, unless `renumber` allows a change. Raises LibraryChangedError.
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
    used_embeddings = is_equal
    if with_embeddings and not is_equal and (renumber or not _is_long(documents)):
        refined, better = align(documents, _block_vectors(database, documents))
        used_embeddings = renumber or refined == sections
        if used_embeddings:
            sections, units = refined, better
    values = (find_key_points(documents, sections), pack(sections), pack(units), int(used_embeddings), number)
    query = "UPDATE articles SET highlights = ?, sections = ?, units = ?, with_embeddings = ? WHERE number = ?"

    def save() -> None:
        with database.writing() as connection:
            if database.rows(_MEMBERS, (number,)) == rows:  # no other process has read newer files of it meanwhile
                connection.execute(query, values)

    with_memory_fallback(database, save)


_MEMBERS = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE article = ? ORDER BY language"  # noqa: S608 (constants)


def awaits_semantic_alignment(database: Database, number: int, documents: Mapping[str, Document]) -> bool:
    """Return True if an article is so long that only `align_all` aligns it with embeddings, and it has not yet."""
    query = "SELECT 1 FROM articles WHERE number = ? AND with_embeddings = 1"
    return _is_long(documents) and not database.rows(query, (number,))


def _is_long(documents: Mapping[str, Document]) -> bool:
    return sum(len(document.blocks) for document in documents.values()) > _MAX_BLOCKS_INTERACTIVE


def _block_vectors(database: Database, documents: Mapping[str, Document]) -> "Vectors":
    import numpy as np

    from relmgr_cli.embedding.encoder import DIMENSIONS
    from relmgr_cli.store.vector_cache import vectors_of

    texts = {language: _block_texts(document) for language, document in documents.items()}
    every = [text for found in texts.values() for text in found if text.strip()]
    vectors = dict(zip(every, vectors_of(database, every), strict=True))
    zeros = np.zeros(DIMENSIONS, np.float32)
    return {
        language: np.array([vectors.get(text, zeros) for text in found], np.float32).reshape(-1, DIMENSIONS)
        for language, found in texts.items()
    }
