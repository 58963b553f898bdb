"""What has changed in a source, block by block, and which block of the translation each change affects.

The old and the new source are compared by the words of their blocks. The translation was made from the old source, so
it is aligned with that; a block that is new has no counterpart, and its place is after the one before it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from relmgr_cli.corpus.alignment.align import align
from relmgr_cli.corpus.document import Document
from relmgr_cli.health.prose import prose
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MIN_SIMILARITY = 0.4  # of two blocks of which one is a new version of the other
_MIN_SIMILARITY_OF_KINDS = 0.6  # the same of two blocks of different kinds, such as a quote that became a paragraph
_SHORT = 4  # words of a block
_MAX_REWRITTEN = 8  # blocks in one place that are versions of each other, whatever their words
_MAX_PAIRS = 4000  # of blocks that are compared in one place

_MAX_COMPARED = 5000  # blocks or words
_MAX_EQUAL_PAIRS = 300_000  # of equal blocks or words, one of each text

T = TypeVar("T")
Opcode = tuple[str, int, int, int, int]
Key = tuple[str, str]  # of a block: its kind and what counts of its text


class BlockChange(NamedTuple):
    """One block of the source that has changed."""

    old: int | None  # index of the block in the old source; None for a new block
    new: int | None  # index in the new source; None for a block that is gone
    section: int  # index of its section in the new source; of a block that is gone, that of the block before
    old_section: int | None  # index of its section in the old source; None for a new block
    targets: tuple[int, ...]  # indexes of the blocks of the translation; () where it has no counterpart
    after: int | None  # index of the block of the translation after which a new block belongs; None for the first


def source_changes(
    old: Document, new: Document, translation: Document, current: Mapping[int, Sequence[int]] = MappingProxyType({})
) -> tuple[BlockChange, ...]:
    """Return the blocks that differ between two versions of a source, in reading order.

    White space, punctuation, letter case and the targets of links make no difference. `translation` was made from the
    old version. `current` are the blocks of the translation that correspond to those of the new version, as far as they
    are known: what has moved and is in the same place in the translation is no change.
    """
    keys = [_key(block) for block in old.blocks], [_key(block) for block in new.blocks]
    opcodes = _opcodes(*keys)
    if all(tag == "equal" for tag, *_ in opcodes):
        return ()
    targets = _counterparts(old, translation)
    changes = list(_changes(old, new, opcodes, targets))
    taken = frozenset(index for found in targets.values() for index in found)
    return tuple(_with_current(_without_moved(changes, keys, current), current, taken))


def _without_moved(
    changes: Sequence[BlockChange], keys: tuple[Sequence[Key], Sequence[Key]], current: Mapping[int, Sequence[int]]
) -> list[BlockChange]:
    """Return the changes without blocks that have moved in the source and are in the new place in the translation."""
    gone = Counter(keys[0][each.old] for each in changes if each.old is not None and each.new is None)
    new = Counter(
        keys[1][each.new] for each in changes if each.old is None and each.new is not None and current.get(each.new)
    )
    moved = gone & new
    left = moved.copy(), moved.copy()
    kept = []
    for change in changes:
        side, index = (0, change.old) if change.new is None else (1, change.new)
        is_alone = change.old is None or change.new is None
        if is_alone and index is not None and (side == 0 or current.get(index)) and left[side][keys[side][index]]:
            left[side][keys[side][index]] -= 1
        else:
            kept.append(change)
    return kept


def _with_current(
    changes: Sequence[BlockChange], current: Mapping[int, Sequence[int]], taken: frozenset[int]
) -> Iterator[BlockChange]:
    """Yield the changes; for a new block that the translation has already, with the blocks that it is there."""
    for change in changes:
        found = tuple(current.get(change.new, ())) if change.old is None and change.new is not None else ()
        yield change._replace(targets=found) if found and not taken.intersection(found) else change


def _opcodes(before: Sequence[T], now: Sequence[T]) -> list[Opcode]:
    """Return how one sequence becomes another, as `SequenceMatcher.get_opcodes` does.

    Where that would take long, only what is equal at the start and at the end is found.
    """
    counts = Counter(before), Counter(now)
    pairs = sum(count * counts[1][each] for each, count in counts[0].items())
    if max(len(before), len(now)) <= _MAX_COMPARED and pairs <= _MAX_EQUAL_PAIRS:
        return list(SequenceMatcher(None, before, now, autojunk=False).get_opcodes())
    shorter = min(len(before), len(now))
    start = next((at for at in range(shorter) if before[at] != now[at]), shorter)
    end = next((at for at in range(shorter - start) if before[-1 - at] != now[-1 - at]), shorter - start)
    old_end, new_end = len(before) - end, len(now) - end
    found: list[Opcode] = [
        ("equal", 0, start, 0, start),
        ("replace", start, old_end, start, new_end),
        ("equal", old_end, len(before), new_end, len(now)),
    ]
    return [each for each in found if each[2] > each[1] or each[4] > each[3]]


def _changes(
    old: Document, new: Document, opcodes: Sequence[tuple[str, int, int, int, int]], targets: dict[int, tuple[int, ...]]
) -> Iterator[BlockChange]:
    sections_old, sections_new = old.sections_by_block(), new.sections_by_block()
    after = None
    section = 0
    for tag, old_start, old_end, new_start, new_end in opcodes:
        if tag == "equal":
            found = [each for index in range(old_start, old_end) for each in targets.get(index, ())]
            after = max(found, default=after)
            section = sections_new[new_end - 1]
            continue
        for before, now in _paired(old, new, range(old_start, old_end), range(new_start, new_end)):
            section = sections_new[now] if now is not None else section
            found = list(targets.get(before, ())) if before is not None else []
            old_section = sections_old[before] if before is not None else None
            yield BlockChange(before, now, section, old_section, tuple(found), after)
            after = max(found, default=after)


def _paired(old: Document, new: Document, before: range, now: range) -> Iterator[tuple[int | None, int | None]]:
    """Yield old and new versions of blocks in reading order; None for a block that is gone or new."""
    matches = _best_matches(old, new, before, now)
    first_old, first_new = before.start, now.start
    for index, match in [*matches.items(), (now.stop, before.stop)]:
        yield from _unmatched(old, new, range(first_old, match), range(first_new, index))
        if index < now.stop:
            yield match, index
        first_old, first_new = match + 1, index + 1


def _unmatched(old: Document, new: Document, gone: range, added: range) -> Iterator[tuple[int | None, int | None]]:
    """Yield blocks that have other words: as versions of each other where a few have the same kinds in this order.

    Else those that are gone come first, so that the new ones belong after what was made from them.
    """
    if max(len(gone), len(added)) <= _MAX_REWRITTEN:
        kinds = [old.blocks[index].kind for index in gone], [new.blocks[index].kind for index in added]
        opcodes = SequenceMatcher(None, *kinds, autojunk=False).get_opcodes()
    else:
        opcodes = [("replace", 0, len(gone), 0, len(added))]
    for tag, first, last, start, end in opcodes:
        if tag == "equal":
            yield from zip(gone[first:last], added[start:end], strict=True)
        else:
            yield from ((index, None) for index in gone[first:last])
            yield from ((None, index) for index in added[start:end])


def _best_matches(old: Document, new: Document, before: range, now: range) -> dict[int, int]:
    """Return the old version of each new block, in order; the pairs are the most similar in all."""
    if len(before) * len(now) > _MAX_PAIRS:
        return {}
    words_old = [_words(old.blocks[index]) for index in before]
    words_new = [_words(new.blocks[index]) for index in now]
    best = [[0.0] * (len(now) + 1) for _ in range(len(before) + 1)]
    choice: dict[tuple[int, int], bool] = {}
    for row, one in enumerate(words_old, 1):
        for column, other in enumerate(words_new, 1):
            same_kind = old.blocks[before[row - 1]].kind == new.blocks[now[column - 1]].kind
            score = _similarity(one, other)
            is_version = score >= (_MIN_SIMILARITY if same_kind else _MIN_SIMILARITY_OF_KINDS)
            paired = best[row - 1][column - 1] + score if is_version else -1.0
            skipped = max(best[row - 1][column], best[row][column - 1])
            choice[row, column] = paired > skipped
            best[row][column] = max(paired, skipped)
    found = {}
    row, column = len(before), len(now)
    while row and column:
        if choice[row, column]:
            row, column = row - 1, column - 1
            found[now[column]] = before[row]
        elif best[row - 1][column] >= best[row][column - 1]:
            row -= 1
        else:
            column -= 1
    return dict(reversed(found.items()))


def _similarity(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two blocks have in common, 0 to 1 (Dice's coefficient)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _words(block: Block) -> Counter[str]:
    """Return the words of a block; of a short one its letters, for a single word may have another ending."""
    text = block.text.casefold()
    words = text.split()
    return Counter(words if len(words) > _SHORT else text)


def _key(block: Block) -> Key:
    if block.kind in VERBATIM_KINDS:
        return block.kind, " ".join(block.text.split())
    return block.kind, prose(block.text)


def _counterparts(source: Document, translation: Document) -> dict[int, tuple[int, ...]]:
    """Return the blocks of a translation that correspond to each block of its source."""
    names = ("source", "translation")  # two versions may be in varieties of one language
    _, units = align(dict(zip(names, (source, translation), strict=True)))
    return {index: unit.blocks.get(names[1], ()) for unit in units for index in unit.blocks.get(names[0], ())}


def changed_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return the pieces of two texts in order, each as "equal", "deleted" or "inserted" and its text."""
    before, now = _pieces(old), _pieces(new)
    found = []
    for tag, i, j, k, m in _opcodes(before, now):
        if tag == "equal":
            found.append(("equal", "".join(now[k:m])))
            continue
        if j > i:
            found.append(("deleted", "".join(before[i:j])))
        if m > k:
            found.append(("inserted", "".join(now[k:m])))
    return found


def _pieces(text: str) -> list[str]:
    """Return words with the white space after them."""
    import re

    return re.findall(r"\s*\w+|\s*[^\w\s]|\s+$", text)
