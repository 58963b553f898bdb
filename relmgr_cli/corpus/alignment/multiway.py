"""Merges alignments of two documents each into one alignment of all translations.

The document with the most blocks is the pivot, and every other is aligned with it. Where units of two alignments
overlap in the pivot they become one row. Blocks that the pivot lacks are aligned among the others in the same way, and
get separate rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.alignment.features import PROSE, BlockFeatures
from relmgr_cli.corpus.alignment.gale_church import Bead, align_blocks

if TYPE_CHECKING:
    import numpy as np

_MIN_PIVOT_SHARE = 0.8  # of the blocks of the longest document

AlignmentRow = dict[str, range]  # language -> blocks that translate each other; absent where it lacks them
# language -> (blocks, 512) float32, a row for each block, of unit length or zero for one without text; None if unknown
Vectors = Mapping[str, "np.ndarray[Any, Any] | None"]


def merge_alignments(features: Mapping[str, Sequence[BlockFeatures]], vectors: Vectors) -> list[AlignmentRow]:
    """Return the rows of the alignment; every block is in exactly one, in the order of its document."""
    return _with_sections_together(_merge(features, vectors), features)


def _merge(features: Mapping[str, Sequence[BlockFeatures]], vectors: Vectors) -> list[AlignmentRow]:
    lengths = {language: len(blocks) for language, blocks in features.items()}
    pivot = find_pivot(lengths, [language for language in features if vectors.get(language) is not None])
    others = [language for language in features if language != pivot]
    if not others:
        return [{pivot: range(index, index + 1)} for index in range(len(features[pivot]))]
    beads = {
        language: align_blocks(features[pivot], features[language], _both(vectors.get(pivot), vectors.get(language)))
        for language in others
    }
    uncrossable = {cut for language in others for cut in _unmergeable_cuts(beads[language], features[language])}
    maps = {
        language: map_to_pivot(_split_at(uncrossable, beads[language]), len(features[pivot])) for language in others
    }
    rows: list[AlignmentRow] = []
    cuts = [cut for cut in range(len(features[pivot]) + 1) if not any(cut in maps[tag].inside for tag in others)]
    for cut, following in pairwise([*cuts, -1]):
        rows += _merge_insertions({tag: maps[tag].insertion(cut) for tag in others}, features, vectors)
        if following > cut:
            found = {tag: maps[tag].between(cut, following) for tag in others}
            rows.append({pivot: range(cut, following)} | {tag: blocks for tag, blocks in found.items() if blocks})
    return rows


def find_pivot(lengths: Mapping[str, int], known: Collection[str]) -> str:
    """Return the language with the most blocks, the first of several: a `known` one that has nearly as many.

    `known` are the languages with vectors, which help only where both languages have them.
    """
    enough = _MIN_PIVOT_SHARE * max(lengths.values())
    return max(lengths, key=lambda language: (language in known and lengths[language] >= enough, lengths[language]))


class PivotMap(NamedTuple):
    """Where one language's blocks are at the cuts between the pivot's blocks."""

    starts: list[int]  # of each cut, the first of the language's blocks that the pivot lacks there
    ends: list[int]  # of each cut, the block after them
    inside: frozenset[int]  # cuts inside of beads

    def insertion(self, cut: int) -> range:
        """Return the blocks that the pivot lacks at a cut."""
        return range(self.starts[cut], self.ends[cut])

    def between(self, cut: int, following: int) -> range:
        """Return the blocks that translate those of the pivot between two cuts."""
        return range(self.ends[cut], self.starts[following])


def map_to_pivot(beads: Iterable[Bead], pivot_blocks: int) -> PivotMap:
    """Return where the target's blocks are at the cuts between the blocks of the pivot, the source of the beads."""
    starts, ends = [0] * (pivot_blocks + 1), [0] * (pivot_blocks + 1)
    inside: set[int] = set()
    for bead in beads:
        if bead.source:
            inside.update(range(bead.source.start + 1, bead.source.stop))
            for cut in range(bead.source.start + 1, bead.source.stop + 1):
                starts[cut] = ends[cut] = bead.target.stop
        else:
            ends[bead.source.start] = bead.target.stop
    return PivotMap(starts, ends, frozenset(inside))


def _unmergeable_cuts(beads: Sequence[Bead], blocks: Sequence[BlockFeatures]) -> Iterator[int]:
    """Yield the pivot's cuts at which a language has something that must not become part of a larger unit."""
    for bead in beads:
        if not bead.source and any(blocks[index].block_class.group != PROSE for index in bead.target):
            yield bead.source.start


def _split_at(cuts: set[int], beads: Sequence[Bead]) -> Iterator[Bead]:
    """Yield the beads, those that cross one of the cuts in two parts."""
    for bead in beads:
        if len(bead.source) > 1 and bead.source[1] in cuts:
            yield Bead(bead.source[:1], bead.target[:1])
            yield Bead(bead.source[1:], bead.target[1:])
        else:
            yield bead


def _merge_insertions(
    insertions: Mapping[str, range], features: Mapping[str, Sequence[BlockFeatures]], vectors: Vectors
) -> Iterator[AlignmentRow]:
    """Yield the rows of the blocks that the pivot lacks at one cut."""
    found = {language: blocks for language, blocks in insertions.items() if blocks}
    if not found:
        return
    parts = {language: features[language][blocks.start : blocks.stop] for language, blocks in found.items()}
    known = {
        language: array[blocks.start : blocks.stop]
        for language, blocks in found.items()
        if (array := vectors.get(language)) is not None
    }
    for row in _merge(parts, known):
        yield {
            language: range(found[language].start + part.start, found[language].start + part.stop)
            for language, part in row.items()
        }


def _with_sections_together(
    rows: Sequence[AlignmentRow], features: Mapping[str, Sequence[BlockFeatures]]
) -> list[AlignmentRow]:
    """Return the rows with no text behind another language's heading that could as well be before it."""
    ordered: list[AlignmentRow] = []
    headings: list[bool] = []
    last = dict.fromkeys(features, -1)  # language -> index of its last row
    for row in rows:
        is_heading = any(features[tag][blocks.start].block_class.group == "heading" for tag, blocks in row.items())
        index = len(ordered)
        start = 1 + max(last[language] for language in row)
        if not is_heading and any(headings[start:]):
            index = headings.index(True, start)
        ordered.insert(index, row)
        headings.insert(index, is_heading)
        last = {language: index if language in row else at + (at >= index) for language, at in last.items()}
    return ordered


def _both(
    source: "np.ndarray[Any, Any] | None", target: "np.ndarray[Any, Any] | None"
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None":
    return None if source is None or target is None else (source, target)
