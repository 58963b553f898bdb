"""What was made of rows of the database, kept by a process that answers many requests."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class RowCache:
    """Keeps what functions have made of stored values: the values that were used last.

    A value is found by all that it was made of, so it cannot be out of date.
    """

    def __init__(self, size: int) -> None:
        self._size = self._left = size  # bytes of the blobs that all values, and further ones, may be made of
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, make: Callable[..., T], *stored: Hashable) -> T:
        """Return what `make` returns for these arguments, or has returned before; nobody may change it."""
        key = (make, stored)
        if key in self._kept:
            self._kept.move_to_end(key)
            value: T = self._kept[key][0]
            return value
        value = make(*stored)
        size = sum(_sizes(stored))
        if size > self._size:
            return value
        self._kept[key] = (value, size)
        self._left -= size
        while self._left < 0:
            _, (_, size) = self._kept.popitem(last=False)
            self._left += size
        return value


def _sizes(stored: Hashable) -> Iterator[int]:
    """Yield the sizes of the blobs in a value or tuple."""
    if isinstance(stored, bytes):
        yield len(stored)
    elif isinstance(stored, tuple):
        for each in stored:
            yield from _sizes(each)
