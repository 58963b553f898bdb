"""Articles in the database: which documents they consist of and, on demand, how their blocks are aligned.

Pairing looks at every document but reads few; an article whose documents have not changed keeps its alignment.
Whatever needs the encoder is deferred until it is asked for.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from relmgr_cli import messages
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import RelmgrError
from relmgr_cli.store.codec import (
    DOCUMENT_COLUMNS,
    as_utf8,
    documents_by_id,
    read_document,
    unpack_rules,
    unpack_summary,
    unpack_traits,
)
from relmgr_cli.store.database import Database, Progress, with_memory_fallback

if TYPE_CHECKING:
    from relmgr_cli.corpus.candidate import Candidate
    from relmgr_cli.corpus.pairing import Group, Grouping, SecondCopy
    from relmgr_cli.corpus.semantic_pairing import CandidatePool
    from relmgr_cli.store.row_alignment import AlignmentTask, RowAlignment

_BATCH = 128  # articles aligned with one call of the encoder
_MIN_PARALLEL_DOCUMENTS = 60  # fewer are aligned before a second process has started
_MAX_BLOCKS_INTERACTIVE = 3000  # of an article, some seconds of the encoder; only `align_all` embeds longer ones
UNSTRUCTURED_SHARE = 0.2  # of all documents
# What an article keeps as long as its documents do not change.
_KEPT = ("highlights", "sections", "units", "with_embeddings", "learnt", "passages", "comparison", "findings")

_OF_SEVERAL = "members LIKE '%,%'"  # articles of several languages


class LibraryChangedError(RelmgrError):
    """Another process has updated the articles between two queries about one."""

    def __init__(self) -> None:
        super().__init__(messages.LIBRARY_CHANGED)


def update_articles(database: Database, changed: Collection[int] = (), *, is_compared: bool = False) -> None:
    """Pair all documents and write the articles they form, inside the caller's transaction.

    `changed` are the ids of documents that were read again: their alignments and similarities are deleted.
    `is_compared` means that untranslated documents have just been compared by content.
    """
    from relmgr_cli.corpus.semantic_pairing import candidate_pools

    connection = database.connection
    connection.executemany("DELETE FROM similar_documents WHERE one = ? OR other = ?", [(id_, id_) for id_ in changed])
    candidates, grouping = _pair(database)
    _write(database, grouping.groups, frozenset(changed) | _set_languages(database, grouping))
    _set_copies(database, grouping.copies)
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


def _set_languages(database: Database, grouping: "Grouping") -> set[int]:
    """Write language and state of the documents as members of their articles; return the ids of those that changed."""
    known = {id_: rest for id_, *rest in database.rows("SELECT id, language, state FROM documents")}
    members = [member for group in grouping.groups for member in group.members]
    members += [copy.document for copy in grouping.copies]
    changed = [each for each in members if known[each.id] != [each.language, each.state]]
    query = "UPDATE documents SET language = ?, state = ?, revision = revision + 1 WHERE id = ?"
    database.connection.executemany(query, [(each.language, each.state, each.id) for each in changed])
    return {each.id for each in changed}


def _set_copies(database: Database, copies: "Collection[SecondCopy]") -> None:
    """Write which documents are second copies: in no article, and each of which original."""
    connection = database.connection
    connection.execute("UPDATE documents SET copy_of = NULL WHERE copy_of IS NOT NULL")
    rows = [{"id": copy.document.id, "original": copy.original} for copy in copies]
    connection.executemany("UPDATE documents SET article = NULL, copy_of = :original WHERE id = :id", rows)


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


def align_missing(database: Database, progress: Progress | None = None, *, of_one_language: bool = False) -> int:
    """Align the articles of several languages that are not aligned yet, without embeddings; return their number.

    With `of_one_language`, find the sections of the others too: an article that was never opened has none.
    """
    condition = "sections IS NULL" if of_one_language else f"{_OF_SEVERAL} AND sections IS NULL"
    return _align_many(database, condition, progress, with_embeddings=False)


def align_all(database: Database, progress: Progress | None = None) -> int:
    """Align all articles with embeddings that were aligned without; return how many there were.

    Only this may change section numbers, because the user has asked for the best alignment.
    """
    return _align_many(database, f"{_OF_SEVERAL} AND with_embeddings IS NOT 1", progress, with_embeddings=True)


def _align_many(database: Database, condition: str, progress: Progress | None, *, with_embeddings: bool) -> int:
    from relmgr_cli.processes import ProcessPool, usable_cores
    from relmgr_cli.store.row_alignment import align_rows

    query = f"SELECT number, members FROM articles WHERE {condition} ORDER BY number"  # noqa: S608
    articles = database.rows(query)
    numbers = [number for number, _ in articles]
    documents = sum(members.count(",") + 1 for _, members in articles)
    with ProcessPool(align_rows, usable_cores() if documents >= _MIN_PARALLEL_DOCUMENTS else 1) as pool:
        for start in range(0, len(numbers), _BATCH):
            if progress:
                progress(start, len(numbers))
            tasks = {}
            for number in numbers[start : start + _BATCH]:
                with suppress(LibraryChangedError):  # the process that changed it aligns it
                    tasks[number] = _task(database, number, asks_for_doubt=with_embeddings)
            results = dict(zip(tasks, pool.map(tasks.values()), strict=True))
            if refined := _tasks_with_vectors(database, tasks, results):
                results.update(zip(refined, pool.map(refined.values()), strict=True))
            for number, found in results.items():
                _save_alignment(database, number, tasks[number], found, is_final=with_embeddings or found.is_equal)
    return len(numbers)


def _task(database: Database, number: int, *, asks_for_doubt: bool) -> "AlignmentTask":
    """Return the task of aligning an article, of one snapshot. Raises LibraryChangedError."""
    from relmgr_cli.store.row_alignment import AlignmentTask

    query = "SELECT highlights, sections, units FROM articles WHERE number = ? AND sections IS NOT NULL"
    with database.reading():
        rows = database.rows(_MEMBERS, (number,))
        stored = database.rows(query, (number,))
    if not rows:
        raise LibraryChangedError
    return AlignmentTask(rows, asks_for_doubt, stored[0] if stored else None)


def _tasks_with_vectors(
    database: Database, tasks: "Mapping[int, AlignmentTask]", results: "Mapping[int, RowAlignment]"
) -> "dict[int, AlignmentTask]":
    """Return the tasks whose results have blocks in doubt, with the vectors of these, all made at once."""
    doubts = [doubt for result in results.values() for doubt in result.doubt.values()]
    if not any(doubt.texts for doubt in doubts):
        return {}
    import numpy as np

    from relmgr_cli.store.vector_cache import vectors_of

    texts = list(dict.fromkeys(text for doubt in doubts for text in doubt.texts))
    row_of = {text: row for row, text in enumerate(texts)}
    vectors = vectors_of(database, texts).astype(np.float16)
    return {
        number: tasks[number]._replace(
            asks_for_doubt=False,
            stored=None,
            vectors={
                language: (doubt.indexes, vectors[[row_of[text] for text in doubt.texts]])
                for language, doubt in result.doubt.items()
            },
        )
        for number, result in results.items()
        if result.doubt
    }


def align_article(database: Database, number: int, *, with_embeddings: bool = False) -> None:
    """Align an article that is not aligned yet, or not with embeddings where `with_embeddings` asks for them.

    Sections keep the numbers that they got first. Raises LibraryChangedError.
    """
    known = database.rows("SELECT sections, with_embeddings FROM articles WHERE number = ?", (number,))
    if known and known[0][0] is not None and (known[0][1] or not with_embeddings):
        return
    from relmgr_cli.store.row_alignment import align_rows

    task = _task(database, number, asks_for_doubt=with_embeddings)
    read = partial(database.made_of, read_document)
    found = align_rows(task, read)
    is_final = found.is_equal
    if with_embeddings and not is_final and found.blocks <= _MAX_BLOCKS_INTERACTIVE:
        refined = _tasks_with_vectors(database, {number: task}, {number: found})
        better = align_rows(refined[number], read) if refined else found
        is_final = better.sections == found.sections
        if is_final:
            found = better
    _save_alignment(database, number, task, found, is_final=is_final)


def _save_alignment(
    database: Database, number: int, task: "AlignmentTask", found: "RowAlignment", *, is_final: bool
) -> None:
    """Store an alignment, unless another process has read newer files of the article meanwhile.

    If the units of an aligned article are others now, its passages are embedded and the lexicon is learnt again.
    """
    values = (found.highlights, found.sections, found.units, int(is_final), number)
    query = (
        "UPDATE articles SET highlights = ?, sections = ?, units = ?, with_embeddings = ?, comparison = NULL,"
        " findings = NULL WHERE number = ?"
    )
    is_changed = task.stored is not None and task.stored[2] != found.units
    members = "SELECT id, revision FROM documents WHERE article = ? ORDER BY language"

    def save() -> None:
        with database.writing() as connection:
            if database.rows(members, (number,)) == [(row[0], row[-1]) for row in task.rows]:
                connection.execute(query, values)
                if is_changed:
                    connection.execute("UPDATE articles SET passages = NULL, learnt = NULL WHERE number = ?", (number,))
                    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'content_version'")

    with_memory_fallback(database, save)


_MEMBERS = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE article = ? ORDER BY language"  # noqa: S608 (constants)


def awaits_semantic_alignment(database: Database, number: int, documents: Mapping[str, Document]) -> bool:
    """Return True if an article is so long that only `align_all` aligns it with embeddings, and it has not yet."""
    query = "SELECT 1 FROM articles WHERE number = ? AND with_embeddings = 1"
    return _is_long(documents) and not database.rows(query, (number,))


def _is_long(documents: Mapping[str, Document]) -> bool:
    return sum(len(document.blocks) for document in documents.values()) > _MAX_BLOCKS_INTERACTIVE
