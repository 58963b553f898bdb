"""Finds the sections similar to a query: the cosine of the vectors of their passages with that of the query.

Up to 50,000 passages are all compared. Of more, only those are compared whose binary codes (the signs of the 512
numbers) agree best with that of the query: the processor compares millions of them in a few milliseconds, and of the
truly nearest passages hardly any is missing from the best 1 % (benchmarks/search_nearest.py). Unlike a graph of
neighbours this needs no building and no further library, and new texts are only appended. (Random hyperplane hashing,
Charikar, 2002, with the axes as planes.)
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.search.ranking import SectionSimilarity, semantic_score
from relmgr_cli.store.database import Database
from relmgr_cli.store.passages import KEY_FIELDS, count_stored_passages, current_revisions

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

    The stored vectors include those of texts that have changed since: they are of another revision of the document.
    """
    import numpy as np

    scope = None if documents is None else frozenset(documents)
    current = [row for row in current_revisions(database) if scope is None or row[0] in scope]
    revisions = _Revisions(np.array(current, np.int64))
    compare = _compare_all if count_stored_passages(database) <= _MAX_COMPARED else _compare_nearest
    parts = [_by_section(keys, cosines) for keys, cosines in compare(database, vector, revisions) if len(keys)]
    if not parts:
        return []
    keys, cosines = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    scores = semantic_score(cosines[:, 0].clip(0), cosines[:, 1].clip(0))
    best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
    rows = zip(keys[best].tolist(), cosines[best].tolist(), strict=True)
    found = [
        SectionSimilarity(document, revision, section, round(heading, 4), round(text, 4), block)
        for (document, revision, section, block), (heading, text) in rows
    ]
    return sorted(found, key=lambda similar: (-similar.score, similar[:3]))


class _Revisions(NamedTuple):
    """Documents in their current revision."""

    pairs: "NDArray[np.int64]"  # (n, 2): document, revision; by ascending documents

    def include(self, keys: "NDArray[np.int64]") -> "NDArray[np.bool_]":
        """Return which passages are of these revisions, by their keys, (m, KEY_FIELDS)."""
        import numpy as np

        if not len(self.pairs):
            return np.zeros(len(keys), np.bool_)
        indexes = np.searchsorted(self.pairs[:, 0], keys[:, 0]).clip(max=len(self.pairs) - 1)
        found: NDArray[np.bool_] = (self.pairs[indexes] == keys[:, :2]).all(axis=1)
        return found


def _compare_all(
    database: Database, vector: "NDArray[np.float32]", revisions: _Revisions
) -> "Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]":
    """Yield keys, (n, KEY_FIELDS), and cosines, (n,), of all passages of these revisions."""
    import numpy as np

    from relmgr_cli.store.vector_blocks import load_vector_blocks

    for block in load_vector_blocks(database, "passages"):
        keys = np.frombuffer(block.keys, np.int64).reshape(-1, KEY_FIELDS)
        cosines = block.cosines(vector[None, :])[:, 0]
        current = revisions.include(keys)
        yield keys[current], cosines[current]


def _compare_nearest(
    database: Database, vector: "NDArray[np.float32]", revisions: _Revisions
) -> "Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]":
    """Yield keys and cosines of the passages whose binary codes agree best with the query's, in stored order."""
    import numpy as np

    from relmgr_cli.store.vector_blocks import load_binary_codes
    from relmgr_cli.store.vector_cache import load_vectors

    keys, distances = [], []
    for data, codes in load_binary_codes(database, "passages"):
        found = np.frombuffer(data, np.int64).reshape(-1, KEY_FIELDS)
        current = revisions.include(found)
        keys.append(found[current])
        distances.append(codes.hamming(vector)[current])
    all_keys, hamming = np.concatenate(keys), np.concatenate(distances)
    count = min(len(hamming), max(_MIN_NEAREST, min(_MAX_NEAREST, int(len(hamming) * _NEAREST_SHARE))))
    if count:
        nearest = all_keys[np.sort(np.argpartition(hamming, count - 1)[:count])]
        yield nearest, load_vectors(database, [row.tobytes() for row in nearest[:, -2:]]) @ vector


def _by_section(
    keys: "NDArray[np.int64]", cosines: "NDArray[np.float32]"
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """Return for each section document, revision, index and best block, (n, 4), and two cosines, (n, 2).

    These are of its heading and of its best block. The passages of a section are contiguous, its heading first.
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
