"""What the program does with files wherever they are: tell whether they have changed, and replace them whole."""

import os
from contextlib import suppress

# A file that is written twice within one tick of the clock may keep its status.
_TICK_NS = 2_000_000_000


def format_status(status: os.stat_result) -> str:
    """Return what changes when a file does: its times in nanoseconds, its size and its inode."""
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}:{status.st_ino}"


def file_status(path: str | bytes) -> str:
    """Return the status of a file or folder; zeros where there is none."""
    try:
        return format_status(os.stat(path))
    except (OSError, ValueError):
        return "0:0:0:0"


def is_settled(status: str, at_ns: int) -> bool:
    """Return True if a file with this status, seen at this time, cannot change without changing its status."""
    return int(status.partition(":")[0]) <= at_ns - _TICK_NS


def atomic_write(path: str, data: bytes, *, mode: int = 0o600) -> None:
    """Write a file so that a reader sees the old content or the new; create its folder for the user alone.

    Raises OSError, and then leaves the file as it was.
    """
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    try:
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise
