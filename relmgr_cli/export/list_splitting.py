"""Tells which consecutive items are one list: blocks are flat and say only where a blank line was.

A list is tight or loose as a whole, and the first block of an outermost list always counts as behind a blank line.
"""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from relmgr_cli.markdown.blocks import Block, Container

LISTS = ("bullet", "ordered")
_TEXTS = ("item", "paragraph", "quote")
_ORDINAL = re.compile(r"(\d{1,9})([.)])")


class Item(NamedTuple):
    """A list item."""

    container: Container
    blocks: tuple[Block, ...]
    begins: bool | None  # its first text is behind a blank line; None if it begins with something else
    goes_on: bool | None  # so are other texts in it, None if there are none


class List(NamedTuple):
    """A list."""

    items: tuple[Item, ...]
    is_tight: bool


def split_lists(blocks: Sequence[Block], depth: int, *, begins: Block | None = None) -> list[List]:
    """Return the lists that consecutive blocks are in, all in items at this depth of their containers.

    `begins` is the block that begins the outermost list, if they are in one: it counts as behind a blank line.
    """
    items = [_item(tuple(group), depth) for _, group in groupby(blocks, lambda block: block.containers[depth])]
    if blocks[0] is begins:
        items[0] = items[0]._replace(begins=None)
    is_outermost = not any(container.kind in LISTS for container in blocks[0].containers[:depth])
    found: list[list[Item]] = []
    is_tight: list[bool | None] = []
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) and _continues(item, items[index + 1]) else None
        continues = bool(found) and _continues(found[-1][-1], item)
        tight = _tightness(item, following, is_outermost=is_outermost, is_first=not continues)
        if continues and _agree(is_tight[-1], tight, item, is_outermost=is_outermost):
            found[-1].append(item)
            is_tight[-1] = tight if is_tight[-1] is None else is_tight[-1]
        else:
            found.append([item])
            is_tight.append(tight)
    return [
        List(tuple(each), _is_neutral(each) if tight is None else tight)
        for each, tight in zip(found, is_tight, strict=True)
    ]


def _is_neutral(items: Sequence[Item]) -> bool:
    """Return True if nothing in items tells that blank lines are between them."""
    return len(items) == 1 or all(item.begins is None for item in items)


def _item(blocks: tuple[Block, ...], depth: int) -> Item:
    """Return an item, with what its own texts say about blank lines."""
    first = blocks[0]
    is_text = first.kind == "item" and len(first.containers) == depth + 1 and bool(first.spans)
    gaps = [block.gap for before, block in pairwise(blocks) if _tells_gap(block, before, depth)]
    goes_on = None if not gaps else not any(not gap for gap in gaps)
    return Item(blocks[0].containers[depth], blocks, first.gap if is_text else None, goes_on)


def has_tight_text(blocks: Sequence[Block], depth: int) -> bool:
    """Return True if a text in a container is not behind a blank line, as in a directive in a tight list."""
    before = ""
    for block in blocks:
        if block.kind in _TEXTS and len(block.containers) == depth and not block.gap and before != "title":
            return True
        before = block.kind
    return False


def _tells_gap(block: Block, before: Block, depth: int) -> bool:
    """Return True if a text behind another block of an item says whether the list is tight."""
    if block.kind not in _TEXTS or before.kind == "title" or not block.spans:
        return False
    between = {container.kind for container in block.containers[depth + 1 :]}
    return between <= {"tab"} or (between <= {"tab", "alert"} and not block.gap)


def _continues(before: Item, item: Item) -> bool:
    """Return True if an item can be in the same list as the one before it."""
    kind, marker = item.container.kind, item.container.marker
    if kind != before.container.kind:
        return False
    if kind == "bullet":
        return True
    numbers = _ORDINAL.fullmatch(before.container.marker), _ORDINAL.fullmatch(marker)
    if not numbers[0] or not numbers[1]:
        return False
    return numbers[0][2] == numbers[1][2] and int(numbers[0][1]) + 1 == int(numbers[1][1])


def _tightness(item: Item, following: Item | None, *, is_outermost: bool, is_first: bool) -> bool | None:
    """Return True if an item is in a tight list, False for a loose one, None if nothing in it tells."""
    if item.goes_on is not None:
        return not item.goes_on
    if not is_outermost:
        return None if item.begins is None else not item.begins
    if following and following.begins is False and item.begins:
        return True
    return True if item.begins is False and not is_first else None


def _agree(before: bool | None, tight: bool | None, item: Item, *, is_outermost: bool) -> bool:  # noqa: FBT001
    """Return True if an item goes on with a list of this tightness."""
    if is_outermost and item.begins is False:
        return True
    if is_outermost and item.begins:
        return before is not True and tight is not True
    return before is None or tight is None or before == tight
