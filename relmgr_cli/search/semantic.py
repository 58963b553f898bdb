"""Finds the sections similar to a query: the cosine of the vectors of their passages with that of the query.

Up to 50,000 passages are all compared. Of more, only those are compared whose binary codes (the signs of the 512
numbers) agree best with that of the query: the processor compares millions of them in a few milliseconds, and of the
truly nearest passages hardly any is missing from the best 1 % (benchmarks/search_nearest.py). Unlike a graph of
neighbours this needs no building and no further library, and new texts are only appended. (Random hyperplane hashing,
Charikar, 2002, with the axes as planes.)
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from relmgr_cli.search.ranking import SectionSimilarity, semantic_score
from relmgr_cli.store.database import Database
from relmgr_cli.store.passages import current_revisions, load_passages
from relmgr_cli.store.vector_blocks import hamming_distances, load_some, load_vector_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_COMPARED = 50_000  # passages of a library that are all compared
_NEAREST_SHARE = 0.01  # of a larger one's passages
_MIN_NEAREST, _MAX_NEAREST = 1000, 3000  # passages
_NO_BLOCK = -1  # the title is a passage, but in no block


def similar_sections(
    database: Database, vector: "NDArray[np.float32]", documents: Collection[int] | None, limit: int
) -> list[SectionSimilarity]:
    """Return the sections most similar to a query, vector (512,), best first; of these documents, None for all.

    Of the translations of a section, only one has passages. Passages of an earlier revision of a document are left out.
    """
    import numpy as np

    passages = load_passages(database)
    passages = passages[_is_current(database, passages, documents)]
    if not len(passages):
        return []
    if len(passages) > _MAX_COMPARED:
        passages = _nearest(database, passages, vector)
        cosines = load_some(database, "texts", passages[:, -1]).cosines(vector[None, :])[:, 0]
    else:
        cosines = _all_cosines(database, vector)[passages[:, -1]]
    keys, best = _by_section(passages, cosines)
    scores = semantic_score(best[:, 0].clip(0), best[:, 1].clip(0))
    first = np.argsort(-scores, kind="stable")[:limit]
    rows = zip(keys[first].tolist(), best[first].tolist(), strict=True)
    found = [
        SectionSimilarity(document, revision, section, round(heading, 4), round(text, 4), block)
        for (document, revision, section, block), (heading, text) in rows
    ]
    return sorted(found, key=lambda similar: -similar.score)


def _is_current(
    database: Database, passages: "NDArray[np.int64]", documents: Collection[int] | None
) -> "NDArray[np.bool_]":
    """Return which passages are of the current revision of one of these documents, (n,)."""
    import numpy as np

    scope = None if documents is None else frozenset(documents)
    rows = [row for row in current_revisions(database) if scope is None or row[0] in scope]
    if not rows:
        return np.zeros(len(passages), np.bool_)
    current = np.array(rows, np.int64)
    indexes = np.searchsorted(current[:, 0], passages[:, 0]).clip(max=len(current) - 1)
    found: NDArray[np.bool_] = (current[indexes] == passages[:, :2]).all(axis=1)
    return found


def _all_cosines(database: Database, vector: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """Return the cosines of all texts with a query, by the numbers of their vectors."""
    import numpy as np

    parts = [block.cosines(vector[None, :])[:, 0] for block in load_vector_blocks(database, "texts")]
    return np.concatenate(parts)


def _nearest(database: Database, passages: "NDArray[np.int64]", vector: "NDArray[np.float32]") -> "NDArray[np.int64]":
    """Return the passages whose binary codes agree best with the query's, in their order."""
    import numpy as np

    distances = hamming_distances(database, "texts", vector)[passages[:, -1]]
    count = min(len(passages), max(_MIN_NEAREST, min(_MAX_NEAREST, int(len(passages) * _NEAREST_SHARE))))
    return passages[np.sort(np.argpartition(distances, count - 1)[:count])]


def _by_section(
    keys: "NDArray[np.int64]", cosines: "NDArray[np.float32]"
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """Return for each section document, revision, index and best block, (n, 4), and two cosines, (n, 2).

    These are of its heading and of its best block. `keys` are passages, those of a section together.
    """
    import numpy as np

    starts = np.flatnonzero(np.r_[True, (keys[1:, (0, 2)] != keys[:-1, (0, 2)]).any(axis=1)])
    is_heading = keys[:, 4] == 1
    headings = np.maximum.reduceat(np.where(is_heading, cosines, 0), starts)
    blocks_only = np.where(is_heading, -1, cosines).astype(np.float32)
    texts = np.maximum.reduceat(blocks_only, starts)
    # The first passage of each section that has its maximum.
    section = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(keys)]))
    first = np.full(len(starts), len(keys))
    np.minimum.at(first, section, np.where(blocks_only == texts[section], np.arange(len(keys)), len(keys)))
    blocks = np.where(texts > -1, keys[first, 3], _NO_BLOCK)
    return np.c_[keys[starts, :3], blocks], np.c_[headings, texts.clip(0)]
