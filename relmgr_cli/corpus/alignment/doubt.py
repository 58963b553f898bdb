"""Finds the blocks whose alignment without vectors is in doubt, so that the encoder is asked about these only.

In doubt is what one language has and the other lacks, what was split or joined, and the units next to these: which of
several similar blocks is missing is what structure and tokens say least about.
"""

from collections.abc import Collection, Mapping, Sequence

from relmgr_cli.corpus.alignment.align import group_by_outline
from relmgr_cli.corpus.alignment.multiway import find_pivot
from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document

_NEAR = 1  # units next to one in doubt


def blocks_in_doubt(
    documents: Mapping[str, Document], units: Sequence[TranslationUnit], known: Collection[str]
) -> dict[str, list[int]]:
    """Return for each language to embed the indexes of the blocks that are in doubt, ascending; {} for no doubt.

    `known` are the languages of the encoder. Of documents with the same outline only one is in the result.
    """
    firsts = dict.fromkeys(group_by_outline(documents, known).values())
    lengths = {language: len(documents[language].blocks) for language in firsts}
    pivot = find_pivot(lengths, known)
    if pivot not in known:
        return {}
    found: dict[str, set[int]] = {language: set() for language in firsts if language in known}
    for language, blocks in found.items():
        if language != pivot:
            for index in _units_in_doubt(units, pivot, language):
                found[pivot].update(units[index].blocks[pivot])
                blocks.update(units[index].blocks[language])
    return {language: sorted(blocks) for language, blocks in found.items()} if any(found.values()) else {}


def _units_in_doubt(units: Sequence[TranslationUnit], pivot: str, language: str) -> list[int]:
    """Return the indexes of the units that are in doubt between two languages."""
    places = [index for index, unit in enumerate(units) if unit.blocks[pivot] or unit.blocks[language]]
    doubtful: set[int] = set()
    for place, index in enumerate(places):
        blocks = units[index].blocks
        if len(blocks[pivot]) != len(blocks[language]):
            doubtful.update(places[max(place - _NEAR, 0) : place + _NEAR + 1])
    return sorted(doubtful)
