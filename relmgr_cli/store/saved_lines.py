"""Lists that the user saves, such as bookmarks: files with a JSON object on each line, the newest on the last one."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from relmgr_cli.filesystem import atomic_write, file_lock, read_regular_file

_LOCK_SECONDS = 5.0

Item = TypeVar("Item")


class SavedList(NamedTuple, Generic[Item]):
    """A file of items."""

    path: str
    parse: Callable[[Any], Item]  # raises TypeError, ValueError or KeyError for a JSON value that is no item
    to_json: Callable[[Item], Mapping[str, object]]
    max_items: int  # the oldest are dropped
    max_bytes: int


def load_saved(saved: SavedList[Item]) -> tuple[Item, ...]:
    """Return the items in a file, the oldest first; lines that are no items are ignored."""
    try:
        data = read_regular_file(saved.path, saved.max_bytes)[: saved.max_bytes]
    except (OSError, ValueError):
        return ()
    return tuple(_parse(data, saved.parse))[-saved.max_items :]


def update_saved(saved: SavedList[Item], change: Callable[[tuple[Item, ...]], Sequence[Item]]) -> None:
    """Replace the items in a file by what `change` returns for them; no other process writes meanwhile.

    Raises OSError if the file cannot be written.
    """
    os.makedirs(os.path.dirname(saved.path), mode=0o700, exist_ok=True)
    with file_lock(f"{saved.path}.lock", _LOCK_SECONDS):
        items = change(load_saved(saved))[-saved.max_items :]
        lines = [json.dumps(saved.to_json(each), ensure_ascii=False) + "\n" for each in items]
        atomic_write(saved.path, "".join(lines).encode("utf-8", "surrogatepass"))


def remove_saved(saved: SavedList[Item], number: int) -> Item | None:
    """Remove the item with a number, from 1, and return it; None if there is none.

    Raises OSError if the file cannot be written.
    """
    removed: list[Item] = []

    def change(items: tuple[Item, ...]) -> Sequence[Item]:
        removed.extend(items[number - 1 : number])
        return (*items[: number - 1], *items[number:])

    update_saved(saved, change)
    return next(iter(removed), None)


def _parse(data: bytes, parse: Callable[[Any], Item]) -> Iterator[Item]:
    for line in data.split(b"\n"):
        try:
            yield parse(json.loads(line.decode("utf-8", "surrogatepass")))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
