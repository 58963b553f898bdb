"""Locks between processes."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def file_lock(path: str | os.PathLike[str], timeout: float) -> Iterator[None]:
    """Hold an exclusive lock on a file, which is created where it does not exist.

    Raises BlockingIOError when another process holds it after `timeout` seconds, OSError where there can be no file.
    """
    from filelock import FileLock, Timeout

    if os.path.isdir(path):
        os.rename(path, f"{path}.{os.getpid()}")
    lock = FileLock(path, timeout=timeout, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise BlockingIOError(errno.EAGAIN, "another process holds the lock") from error
    try:
        yield
    finally:
        lock.release()
