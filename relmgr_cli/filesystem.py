"""Files: tell Markdown by its name, detect changes, replace files atomically, lock them."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from relmgr_cli.file_messages import NOT_REGULAR_FILE

# A file that is written twice within this time may keep its status.
_TICK_NS = 2_000_000_000

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mdx")


def is_markdown(path: str) -> bool:
    """Return True for a file that is Markdown by its name."""
    return path.lower().endswith(MARKDOWN_SUFFIXES)


def format_status(status: os.stat_result) -> str:
    """Return a text that changes with the file: its times in nanoseconds, size and inode."""
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}:{status.st_ino}"


def file_status(path: str | bytes) -> str:
    """Return the status of a file or folder; zeros for one that does not exist."""
    try:
        return format_status(os.stat(path))
    except (OSError, ValueError):
        return "0:0:0:0"


def is_settled(status: str, at_ns: int) -> bool:
    """Return True if a file with this status, seen at this time, cannot change without changing its status."""
    return int(status.partition(":")[0]) <= at_ns - _TICK_NS


def is_as_read(path: bytes, status: str, read_ns: int) -> bool:
    """Return True if a file still has the status that it had when it was read, and that was settled."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return False
    return found.st_mtime_ns <= read_ns - _TICK_NS and format_status(found) == status


def read_regular_file(path: str, limit: int, *, follows_links: bool = False) -> bytes:
    """Return the content of a file, of a larger one its first `limit` + 1 bytes; never waits for a pipe.

    Raises OSError, also for what is not a regular file, and ValueError for a path that has a NUL character.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags if follows_links else flags | getattr(os, "O_NOFOLLOW", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, NOT_REGULAR_FILE)
    with open(descriptor, "rb") as file:
        return file.read(limit + 1)


def atomic_write(path: str, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that readers see its old or its new content, never a part; create its folder, for the user alone.

    Raises OSError and then leaves the file unchanged.
    """
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)  # a stranger may have put a link there
    try:
        with open(os.open(draft, flags, mode), "wb") as file:
            file.write(data)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


@contextmanager
def file_lock(path: str | os.PathLike[str], timeout: float) -> Iterator[None]:
    """Hold an exclusive lock between processes on a file, which is created if it does not exist.

    Raises BlockingIOError if another process still holds it after `timeout` seconds, OSError if the file cannot be
    created.
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
