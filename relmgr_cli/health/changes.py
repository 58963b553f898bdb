"""Finds the files of a git work tree that a branch has changed, without running anything that the repository names.

Git only lists the files of the commit where the branch began; whether a file differs from it is decided here, by its
hash. So no filter, hook, file system monitor or external diff of a stranger's configuration is started.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping

from relmgr_cli import messages
from relmgr_cli.errors import RelmgrError
from relmgr_cli.filesystem import read_regular_file

_MAX_BYTES = 64 << 20
_MAX_SECONDS = 60
_SHA1_LENGTH = 40
# Nothing is fetched, locked or asked for; the values override those of the repository.
_OPTIONS = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"),
    *("-c", "safe.directory=*", "--no-optional-locks", "--no-replace-objects"),
)
_VARIABLES = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_PAGER": "cat", "LC_ALL": "C"}


class ChangesUnknownError(RelmgrError):
    """Git cannot say what has changed."""

    def __init__(self, revision: str, reason: str) -> None:
        super().__init__(messages.CHANGED_FAILED.fill(revision=revision, reason=reason))


def changed_files(work_tree: str, revision: str, files: Iterable[str], environ: Mapping[str, str]) -> set[str]:
    """Return those of the absolute paths whose content is not that of the commit where the branch left `revision`.

    Raises ChangesUnknownError.
    """
    if not work_tree:
        raise ChangesUnknownError(revision, messages.NO_WORK_TREE)
    commit = _ask(
        work_tree, revision, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"], environ
    )
    base = _ask(work_tree, revision, ["merge-base", commit, "HEAD"], environ)
    listing = _ask(work_tree, revision, ["ls-tree", "-r", "-z", "--full-tree", base], environ)
    known = {}
    for entry in listing.split("\0"):
        facts, _, path = entry.partition("\t")
        if path:
            known[path] = facts.split(" ")[2]
    top = os.path.realpath(work_tree)
    changed = set()
    for file in files:
        path = os.path.relpath(os.path.realpath(file), top).replace(os.sep, "/")
        if not _has_hash(file, known.get(path, "")):
            changed.add(file)
    return changed


def _ask(work_tree: str, revision: str, arguments: list[str], environ: Mapping[str, str]) -> str:
    """Return what git writes, without the newline at the end."""
    environment = {name: value for name, value in environ.items() if not name.startswith("GIT_")} | _VARIABLES
    try:
        result = subprocess.run(  # noqa: S603 (no shell)
            ["git", *_OPTIONS, "-C", work_tree, *arguments],  # noqa: S607 (the git of the user)
            capture_output=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=_MAX_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        reason = messages.NO_GIT if isinstance(error, FileNotFoundError) else str(error)
        raise ChangesUnknownError(revision, reason) from None
    if result.returncode:
        raise ChangesUnknownError(revision, messages.NO_REVISION)
    return os.fsdecode(result.stdout).rstrip("\n")


def _has_hash(file: str, wanted: str) -> bool:
    """Return whether a file has the content of a blob, with either line ends."""
    if not wanted:
        return False
    try:
        data = read_regular_file(file, _MAX_BYTES)
    except (OSError, ValueError):
        return False
    algorithm = "sha1" if len(wanted) == _SHA1_LENGTH else "sha256"
    return any(_hash(each, algorithm) == wanted for each in {data, data.replace(b"\r\n", b"\n")})


def _hash(data: bytes, algorithm: str) -> str:
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
