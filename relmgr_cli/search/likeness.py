"""Which sections are like a question: the cosine of their passages with it.

Up to some ten thousand passages all are compared. Of more, those are compared whose signs agree best with those of the
question: 512 bits each, of which the processor counts millions in a few milliseconds; in the best 1 % hardly any of
the truly nearest is missing (benchmarks/search_nearest.py). Unlike a graph of neighbours this needs no building and no
library to load, and grows with each text that is read. (Random hyperplane hashing, Charikar, 2002, with the axes as
planes.)
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.index.database import Database
from relmgr_cli.index.passages import KEY_FIELDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ALL = 50_000  # passages that are all compared
_SHARE = 0.01  # of more than that
_LEAST, _MOST = 1000, 3000  # passages
_HEADING_WEIGHT = 8
_HEADING_POWER = 4
_TITLE = -1  # the block of a title, which is none


class Likeness(NamedTuple):
    """How like a question a section is."""

    document: int
    stamp: int
    section: int  # index in the document
    heading: float  # cosine of its heading; 0 without one
    text: float  # cosine of its best block
    block: int  # index in the document of that block; -1 where the section has none

    @property
    def weight(self) -> float:
        """What it adds to the score of its words, of which the best section of all has 1.

        A heading says little until it is very like the question. Found by trying on headings and key words of nine
        sources (benchmarks/search_quality.py); other powers and weights near these do as well.
        """
        return _HEADING_WEIGHT * max(0.0, self.heading) ** _HEADING_POWER + max(0.0, self.text)


def like_sections(
    catalogue: Database, vector: "NDArray[np.float32]", documents: Collection[int] | None, limit: int
) -> list[Likeness]:
    """Return the sections most like a question, (512,), the best first; of these documents, None for all.

    The shards also hold passages of texts that are no longer there: they are of another state of their document.
    """
    import numpy as np

    ((passages,),) = catalogue.rows("SELECT coalesce(sum(rows), 0) FROM vector_blocks WHERE kind = 'passages'")
    alive = catalogue.rows("SELECT id, revision FROM documents WHERE content IS NOT NULL ORDER BY id")
    scope = None if documents is None else frozenset(documents)
    wanted = _States(np.array([row for row in alive if scope is None or row[0] in scope], np.int64))
    compared = _compare_all if passages <= _ALL else _compare_nearest
    parts = [_by_section(keys, likeness) for keys, likeness in compared(catalogue, vector, wanted) if len(keys)]
    if not parts:
        return []
    keys, cosines = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    weights = _HEADING_WEIGHT * cosines[:, 0].clip(0) ** _HEADING_POWER + cosines[:, 1].clip(0)
    best = np.argpartition(-weights, min(limit, len(weights)) - 1)[:limit]
    found = [
        Likeness(document, stamp, section, round(heading, 4), round(text, 4), block)
        for (document, stamp, section, block), (heading, text) in zip(
            keys[best].tolist(), cosines[best].tolist(), strict=True
        )
    ]
    return sorted(found, key=lambda likeness: (-likeness.weight, likeness[:3]))


class _States(NamedTuple):
    """Documents in their present state."""

    stamps: "NDArray[np.int64]"  # (n, 2), by ascending ids

    def have(self, keys: "NDArray[np.int64]") -> "NDArray[np.bool_]":
        """Tell which passages they have, by their keys, (m, KEY_FIELDS)."""
        import numpy as np

        if not len(self.stamps):
            return np.zeros(len(keys), np.bool_)
        places = np.searchsorted(self.stamps[:, 0], keys[:, 0]).clip(max=len(self.stamps) - 1)
        found: NDArray[np.bool_] = (self.stamps[places] == keys[:, :2]).all(axis=1)
        return found


def _compare_all(
    catalogue: Database, vector: "NDArray[np.float32]", wanted: _States
) -> "Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]":
    """Yield keys, (n, KEY_FIELDS), and cosines, (n,), of the passages of all shards."""
    import numpy as np

    from relmgr_cli.index.shards import load_shards

    for shard in load_shards(catalogue, "passages"):
        keys = np.frombuffer(shard.keys, np.int64).reshape(-1, KEY_FIELDS)
        likeness = shard.likeness(vector[None, :])[:, 0]
        chosen = wanted.have(keys)
        yield keys[chosen], likeness[chosen]


def _compare_nearest(
    catalogue: Database, vector: "NDArray[np.float32]", wanted: _States
) -> "Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]":
    """Yield keys and cosines of the passages whose signs agree best with those of the question, in their order."""
    import numpy as np

    from relmgr_cli.index.shards import load_signs
    from relmgr_cli.index.vectors import load_vectors

    keys, differing = [], []
    for data, signs in load_signs(catalogue, "passages"):
        found = np.frombuffer(data, np.int64).reshape(-1, KEY_FIELDS)
        chosen = wanted.have(found)
        keys.append(found[chosen])
        differing.append(signs.differences(vector)[chosen])
    every, counts = np.concatenate(keys), np.concatenate(differing)
    number = min(len(counts), max(_LEAST, min(_MOST, int(len(counts) * _SHARE))))
    if number:
        nearest = np.sort(np.argpartition(counts, number - 1)[:number])
        keys_ = every[nearest]
        yield keys_, load_vectors(catalogue, [row.tobytes() for row in keys_[:, -2:]]) @ vector


def _by_section(
    keys: "NDArray[np.int64]", likeness: "NDArray[np.float32]"
) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """Return document, stamp, section, best block, and the cosines of heading and best block, of each section.

    These are (n, 4) and (n, 2). The passages of a section follow each other, and its heading is the first of them.
    """
    import numpy as np

    starts = np.flatnonzero(np.r_[True, (keys[1:, (0, 2)] != keys[:-1, (0, 2)]).any(axis=1)])
    is_heading = keys[:, 4] == 1
    headings = np.maximum.reduceat(np.where(is_heading, likeness, 0), starts)
    spoken = np.where(is_heading, -1, likeness).astype(np.float32)
    texts = np.maximum.reduceat(spoken, starts)
    # The place of each section's maximum: the first passage that is as like as that.
    section = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(keys)]))
    places = np.full(len(starts), len(keys))
    np.minimum.at(places, section, np.where(spoken == texts[section], np.arange(len(keys)), len(keys)))
    blocks = np.where(texts > -1, keys[places, 3], _TITLE)
    return np.c_[keys[starts, :3], blocks], np.c_[headings, texts.clip(0)]
