"""Set the times of files so far back that their status counts as settled."""

import os
from pathlib import Path

LONG_AGO = 1_000_000_000  # seconds since 1970


def age(*paths: Path) -> None:
    """Make files, and folders with all that is in them, look as if nobody had touched them for years.

    relmgr does not trust the status of what has only just changed; what is aged is trusted at any moment.
    """
    for path in paths:
        below = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
        for each in (*below, path):
            os.utime(each, (LONG_AGO, LONG_AGO), follow_symlinks=False)
