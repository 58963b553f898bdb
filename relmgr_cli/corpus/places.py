"""Finds a block again after its document was edited: what is noted about the block stays with it.

A place holds the words of its block as a sketch, the smallest hashes of the words and of the pairs of neighbouring
words (bottom-k: Cohen and Kaplan, 2007), from which the share of common words can be estimated. The block that shares
the most of them is the place's; position only decides between blocks that share about as many, or confirms a block
that was largely rewritten where it stands.
"""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.normalization import fold
from relmgr_cli.languages.tokens import words

_HASHES = 20  # of a sketch
_HASH_BYTES = 3
_MAX_TEXT = 20_000  # characters of a block; the rest is ignored
_MAX_HEADING = 100  # characters
_MIN_SHARED_ELSEWHERE = 0.4  # of the words, of a block in another section
_MIN_SHARED = 0.3  # in the same section
_MIN_SHARED_HERE = 0.15  # in the same position
_SAME_HEADING = 0.2  # in shares of the words
_SAME_NUMBER = 0.1
_SAME_OFFSET = 0.05
_OTHER_KIND = 0.2
_TEXT_KINDS = frozenset(["paragraph", "item", "quote", "term", "definition", "title"])  # one often becomes another
_NO_WORDS = (b"",)  # stands for the hashes of a text without any

Sketch = frozenset[bytes]


class Place(NamedTuple):
    """A block of a document, as it can be stored."""

    section: str  # the number of its section
    heading: str  # of its section, folded; "" for section 0
    offset: int  # in its section; the heading is 0
    kind: str  # of the block
    words: str  # the sketch: hashes in Base64, one after the other


def place_of(document: Document, block_index: int) -> Place:
    """Return the place of a block of a document."""
    return _Blocks(document).place(block_index)


def find_place(document: Document, place: Place) -> int | None:
    """Return the index of the block at a place, which may come from an earlier version; None if its text is gone."""
    return _Blocks(document).find(place)


def find_places(document: Document, places: Sequence[Place]) -> list[int | None]:
    """Return for each place what `find_place` does; they share the work that a document takes."""
    blocks = _Blocks(document)
    return [blocks.find(place) for place in places]


class _Blocks:
    """The blocks of a document, with their places and an index of the hashes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._section_of = [section for section in document.sections for _ in range(section.start, section.end)]

    def place(self, index: int) -> Place:
        """Return the place of a block."""
        section, block = self._section_of[index], self._document.blocks[index]
        heading = fold(self._document.heading(section))[:_MAX_HEADING]
        hrefs = " ".join(span.href for span in block.spans)
        stored = _stored(_hashes(block.text) or _hashes(hrefs))
        return Place(section.number, heading, index - section.start, block.kind, stored)

    @cached_property
    def _places(self) -> list[tuple[Place, Sketch]]:
        places = map(self.place, range(len(self._document.blocks)))
        return [(place, _sketch(place.words)) for place in places]

    @cached_property
    def _with_hash(self) -> dict[bytes, list[int]]:
        found = defaultdict(list)
        for index, (_, sketch) in enumerate(self._places):
            for each in sketch or _NO_WORDS:
                found[each].append(index)
        return found

    def find(self, place: Place) -> int | None:
        """Return the index of the block at a place."""
        wanted = _sketch(place.words)
        best, found = 0.0, None
        for index in sorted({index for each in wanted or _NO_WORDS for index in self._with_hash.get(each, ())}):
            here, sketch = self._places[index]
            shared = _shared(wanted, sketch) - _OTHER_KIND * _kinds_differ(place.kind, here.kind)
            if shared < _minimum(place, here):
                continue
            score = (
                shared
                + _SAME_HEADING * (here.heading == place.heading)
                + _SAME_NUMBER * (here.section == place.section)
                + _SAME_OFFSET / (1 + abs(here.offset - place.offset))
            )
            if score > best:
                best, found = score, index
        return found


def _minimum(place: Place, here: Place) -> float:
    """Return the share of words that must be common."""
    is_same_section = here.heading == place.heading or here.section == place.section
    if is_same_section and here.offset == place.offset and here.kind == place.kind:
        return _MIN_SHARED_HERE
    return _MIN_SHARED if is_same_section else _MIN_SHARED_ELSEWHERE


def _kinds_differ(first: str, second: str) -> bool:
    return first != second and not {first, second} <= _TEXT_KINDS


def _hashes(text: str) -> set[bytes]:
    """Return the hashes of the words and the pairs of words of a text."""
    found = [word.folded for word in words(text[:_MAX_TEXT])]
    features = [*found, *map(" ".join, pairwise(found))] or text.split()
    return {blake2b(each.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest() for each in features}


def _stored(hashes: set[bytes]) -> str:
    return b64encode(b"".join(sorted(hashes)[:_HASHES])).decode()


def _sketch(stored: str) -> Sketch:
    """Return the hashes of a stored sketch; of a text that is none, what no block has."""
    try:
        data = b64decode(stored, validate=True)
    except ValueError:
        return frozenset((stored.encode("utf-8", "surrogatepass"),))
    return frozenset(data[start : start + _HASH_BYTES] for start in range(0, len(data), _HASH_BYTES))


def _shared(first: Sketch, second: Sketch) -> float:
    """Return the estimated share of hashes that two texts have in common, 0 to 1; 1 if both have none."""
    if first == second:
        return 1.0
    union = sorted(first | second)[:_HASHES]
    return len(first & second & {*union}) / len(union)
