"""Alignments of two documents each -> one alignment of all of them.

The document with the most blocks is the pivot and every other is aligned with it. Where beads of two
alignments overlap in the pivot they become one row; what the pivot lacks is woven among the others in the
same way and stands in rows of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.library.beads import Pair, pair_blocks
from relmgr_cli.library.traits import PROSE, Traits

if TYPE_CHECKING:
    import numpy as np

Row = dict[str, range]  # language -> blocks that say the same; absent where it lacks them
Vectors = Mapping[str, "np.ndarray[Any, Any] | None"]


def weave(traits: Mapping[str, Sequence[Traits]], vectors: Vectors) -> list[Row]:
    """Return the rows of the documents' alignment; every block is in exactly one, in the order of its document."""
    return _with_sections_together(_weave(traits, vectors), traits)


def _weave(traits: Mapping[str, Sequence[Traits]], vectors: Vectors) -> list[Row]:
    pivot = pivot_of(traits)
    alone = [language for language in traits if language != pivot]
    if not alone:
        return [{pivot: range(index, index + 1)} for index in range(len(traits[pivot]))]
    pairs = {
        language: pair_blocks(traits[pivot], traits[language], _both(vectors.get(pivot), vectors.get(language)))
        for language in alone
    }
    barriers = {cut for language in alone for cut in _barriers(pairs[language], traits[language])}
    strands = {language: _strand(_split_at(barriers, pairs[language]), len(traits[pivot])) for language in alone}
    rows: list[Row] = []
    cuts = [cut for cut in range(len(traits[pivot]) + 1) if not any(cut in strands[a].joined for a in alone)]
    for cut, following in pairwise([*cuts, -1]):
        rows += _weave_insertions({a: strands[a].insertion(cut) for a in alone}, traits, vectors)
        if following > cut:
            rows.append(_row(pivot, range(cut, following), {a: strands[a].between(cut, following) for a in alone}))
    return rows


def pivot_of(blocks: Mapping[str, Sequence[object]]) -> str:
    """Return the language with the most blocks, the first of several."""
    return max(blocks, key=lambda language: len(blocks[language]))


class _Strand(NamedTuple):
    """How one language's blocks lie at the cuts between the pivot's blocks."""

    starts: list[int]  # of each cut, the first of the language's blocks that the pivot lacks there
    ends: list[int]  # of each cut, the block after them
    joined: frozenset[int]  # cuts inside of beads

    def insertion(self, cut: int) -> range:
        return range(self.starts[cut], self.ends[cut])

    def between(self, cut: int, following: int) -> range:
        return range(self.ends[cut], self.starts[following])


def _strand(pairs: Iterable[Pair], pivot_blocks: int) -> _Strand:
    starts, ends = [0] * (pivot_blocks + 1), [0] * (pivot_blocks + 1)
    joined: set[int] = set()
    for pair in pairs:
        if pair.ones:
            joined.update(range(pair.ones.start + 1, pair.ones.stop))
            for cut in range(pair.ones.start + 1, pair.ones.stop + 1):
                starts[cut] = ends[cut] = pair.others.stop
        else:
            ends[pair.ones.start] = pair.others.stop
    return _Strand(starts, ends, frozenset(joined))


def _barriers(pairs: Sequence[Pair], blocks: Sequence[Traits]) -> Iterator[int]:
    """Yield the pivot's cuts at which a language has something that must not become part of a larger bead."""
    for pair in pairs:
        if not pair.ones and any(blocks[index].look.group != PROSE for index in pair.others):
            yield pair.ones.start


def _split_at(barriers: set[int], pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the beads, those in two where they reach over a barrier."""
    for pair in pairs:
        if len(pair.ones) > 1 and pair.ones[1] in barriers:
            yield Pair(pair.ones[:1], pair.others[:1])
            yield Pair(pair.ones[1:], pair.others[1:])
        else:
            yield pair


def _weave_insertions(
    insertions: Mapping[str, range], traits: Mapping[str, Sequence[Traits]], vectors: Vectors
) -> Iterator[Row]:
    """Yield the rows of what the pivot lacks in one place."""
    found = {language: blocks for language, blocks in insertions.items() if blocks}
    if not found:
        return
    parts = {language: traits[language][blocks.start : blocks.stop] for language, blocks in found.items()}
    known = {
        language: array[blocks.start : blocks.stop]
        for language, blocks in found.items()
        if (array := vectors.get(language)) is not None
    }
    for row in _weave(parts, known):
        yield {
            language: range(found[language].start + part.start, found[language].start + part.stop)
            for language, part in row.items()
        }


def _with_sections_together(rows: Sequence[Row], traits: Mapping[str, Sequence[Traits]]) -> list[Row]:
    """Return the rows with no text behind another language's heading that could as well stand before it."""
    ordered: list[Row] = []
    headings: list[bool] = []
    last = dict.fromkeys(traits, -1)  # language -> place of its last row
    for row in rows:
        is_heading = _is_heading(row, traits)
        place = len(ordered)
        start = 1 + max(last[language] for language in row)
        if not is_heading and any(headings[start:]):
            place = headings.index(True, start)
        ordered.insert(place, row)
        headings.insert(place, is_heading)
        last = {language: place if language in row else at + (at >= place) for language, at in last.items()}
    return ordered


def _is_heading(row: Row, traits: Mapping[str, Sequence[Traits]]) -> bool:
    return any(traits[language][blocks.start].look.group == "heading" for language, blocks in row.items())


def _row(pivot: str, blocks: range, others: Mapping[str, range]) -> Row:
    return {pivot: blocks} | {language: found for language, found in others.items() if found}


def _both(
    one: "np.ndarray[Any, Any] | None", other: "np.ndarray[Any, Any] | None"
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None":
    return None if one is None or other is None else (one, other)
