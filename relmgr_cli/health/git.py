"""Reads the history of a git work tree.

Only git's plumbing and `git log` are called, with options and variables under which nothing runs that the repository's
configuration names: no file system monitor, hook, filter, external diff, signature check or transport. Objects that
are absent are not fetched.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.files import SUFFIXES

_SAFE_OPTIONS = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    *("-c", "diff.renameLimit=2000", "-c", "core.quotePath=false"),
)
_LOG = (
    *("log", "--raw", "-z", "-M", "-c", "--no-abbrev", "--date-order", "--format=%x01%H"),
    *("--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-mailmap", "--no-notes", "--no-color"),
    *("--no-decorate", "--no-relative"),
)
_ALL_COMMITS = ("rev-list", "--date-order", "--timestamp")
_SAFE_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OTHER_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX")
_MAX_BLOB = 8 << 20
_COMMIT = re.compile(rb"[0-9a-f]{40,64}")


class GitError(Exception):
    """The history cannot be read; the message says why and what to do."""


class Change(NamedTuple):
    """What one commit did to one file."""

    kind: str  # A added, M modified, R renamed, C copied, D deleted, T type changed
    path: bytes  # from the top of the work tree, with "/"
    old_path: bytes  # another one only if it was renamed or copied
    blob: str  # id of its content; zeros where it was deleted


class Commit(NamedTuple):
    """A commit and what it did to texts."""

    id: str
    time: int  # of the commit, in seconds since 1970
    changes: tuple[Change, ...]


class Repository(NamedTuple):
    """A git work tree whose history can be read."""

    top: str  # its top folder, links resolved
    head: str  # id of the commit that is checked out
    is_shallow: bool  # the oldest commits are absent
    watched: tuple[str, ...]  # files that change with `head`; they need not exist

    def commits(self, since: str = "") -> Iterator[Commit]:
        """Yield the commits, newest first, without those reachable from `since`. Raises GitError."""
        suffixes = [f"*{suffix}" for suffix in SUFFIXES]
        revisions = [self.head, f"^{since}"] if since else [self.head]
        output = _run(self.top, *_LOG, "--end-of-options", *revisions, "--", *suffixes)
        changes = {}
        for part in output.split(b"\x01")[1:]:
            commit, *fields = part.split(b"\0")
            changes[commit.strip()] = tuple(_changes(fields))
        for line in _run(self.top, *_ALL_COMMITS, "--end-of-options", *revisions).splitlines():
            time, commit = line.split()
            yield Commit(commit.decode(), int(time), changes.get(commit, ()))

    def is_ancestor(self, commit: str) -> bool:
        """Return True if a commit is part of the history."""
        return bool(commit) and _succeeds(self.top, "merge-base", "--is-ancestor", commit, self.head)

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that a revision names; "" if there is none. Raises GitError."""
        output = _run(
            self.top, "rev-parse", "--quiet", "--verify", "--end-of-options", f"{revision}^{{commit}}", may_fail=True
        )
        return _last_line(output)

    def blobs(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the contents of blobs in the order of their ids, without those that are absent or too large."""
        from threading import Thread

        command = _command(self.top, "cat-file", "--batch")
        process: subprocess.Popen[bytes] = subprocess.Popen(command, **_PIPES, env=_environment())  # noqa: S603
        assert process.stdin is not None  # noqa: S101 (it is a pipe)
        assert process.stdout is not None  # noqa: S101 (likewise)
        writer = Thread(target=_write_lines, args=(process.stdin, ids), daemon=True)
        writer.start()
        try:
            for _ in ids:
                header = process.stdout.readline().split()
                if len(header) < 3:  # noqa: PLR2004 (id, type and size; else "missing", or git has ended)
                    continue
                size = int(header[2])
                data = process.stdout.read(size + 1)[:-1]
                if size <= _MAX_BLOB and header[1] == b"blob":
                    yield header[0].decode(), data
        finally:
            process.kill()
            writer.join()
            process.stdout.close()
            process.wait()

    def changed_since(self, revision: str, paths: Iterable[bytes]) -> set[bytes]:
        """Return those of the paths whose files differ from the branch point from `revision`, or are new since.

        Files are compared by content; no filter is run. Raises GitError.
        """
        base = _last_line(_run(self.top, "merge-base", "--end-of-options", revision, self.head, may_fail=True))
        if not base:
            raise GitError(messages.REVISION_UNKNOWN.fill(revision=revision))
        blobs = self._blobs_in(base)
        top = os.fsencode(self.top)
        return {path for path in paths if not _has_content(os.path.join(top, path), blobs.get(path, ""))}

    def _blobs_in(self, commit: str) -> dict[bytes, str]:
        raw = _run(self.top, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        entries = (line.partition(b"\t") for line in raw.split(b"\0") if line)
        return {path: entry.split()[2].decode() for entry, _, path in entries}


def open_repository(folder: str) -> Repository:
    """Return the repository whose work tree a folder is in. Raises GitError."""
    output = _run(
        folder, "rev-parse", "--is-shallow-repository", "--show-toplevel", "--absolute-git-dir", "--git-common-dir"
    )
    lines = os.fsdecode(output).rstrip("\n").split("\n")
    if len(lines) != 4:  # noqa: PLR2004 (the four answers)
        raise GitError(messages.GIT_FAILED.fill(reason="rev-parse"))
    is_shallow, top, git_folder, common = lines
    head = _last_line(_run(top, "rev-parse", "--quiet", "--verify", "HEAD^{commit}", may_fail=True))
    if not head:
        raise GitError(messages.NO_COMMITS)
    if _run(top, "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$", may_fail=True).strip():
        raise GitError(messages.PARTIAL_CLONE)
    common = os.path.join(folder, common)
    return Repository(os.path.realpath(top), head, is_shallow == "true", tuple(_watched(git_folder, common)))


def _watched(git_folder: str, common: str) -> Iterator[str]:
    head = os.path.join(git_folder, "HEAD")
    yield head
    try:
        with open(head, "rb") as file:
            reference = os.fsdecode(file.read(1000)).strip().removeprefix("ref: ")
    except (OSError, ValueError):
        reference = ""
    if reference.startswith("refs/") and ".." not in reference:
        yield os.path.join(common, reference)
    yield os.path.join(common, "packed-refs")
    yield os.path.join(common, "reftable", "tables.list")


def _changes(fields: Sequence[bytes]) -> Iterator[Change]:
    """Yield the changes of `git log --raw -z -c`, of a merge those that differ from all parents."""
    position = 0
    while position < len(fields):
        line = fields[position].lstrip(b"\n")
        position += 1
        if not line.startswith(b":"):
            continue
        parents = len(line) - len(line.lstrip(b":"))
        *_, blob, status = line[parents:].split(b" ")
        kind = chr(status[0])
        if parents > 1:
            kind = "D" if not blob.strip(b"0") else "M"
        path = old_path = fields[position]
        position += 1
        if parents == 1 and kind in "RC":
            path = fields[position]
            position += 1
        yield Change(kind, path, old_path, blob.decode())


def _write_lines(pipe: IO[bytes], lines: Iterable[str]) -> None:
    try:
        with pipe:
            for line in lines:
                pipe.write(line.encode() + b"\n")
    except (OSError, ValueError):  # git has ended
        return


def _has_content(path: bytes, blob: str) -> bool:
    """Return True if a file has the content of a blob, with line ends of any kind."""
    from relmgr_cli.filesystem import read_regular_file

    if not blob:
        return False
    try:
        data = read_regular_file(os.fsdecode(path), _MAX_BLOB)
    except (OSError, ValueError):
        return False
    return any(_blob_id(each, blob) == blob for each in {data, data.replace(b"\r\n", b"\n")})


def _blob_id(data: bytes, like: str) -> str:
    """Return the id that git gives to a content, with the hash function of another id."""
    import hashlib

    digest = hashlib.sha1 if len(like) == 40 else hashlib.sha256  # noqa: PLR2004 (characters of a SHA-1)
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


_PIPES: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}


def _command(folder: str, *arguments: str) -> list[str]:
    return ["git", "-C", folder, "--no-pager", *_SAFE_OPTIONS, *arguments]


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _OTHER_REPOSITORY}
    return {**inherited, **_SAFE_ENVIRONMENT}


def _succeeds(folder: str, *arguments: str) -> bool:
    try:
        _run(folder, *arguments)
    except GitError:
        return False
    return True


def _run(folder: str, *arguments: str, may_fail: bool = False) -> bytes:
    """Return what git prints; with `may_fail` also if it fails. Raises GitError."""
    try:
        command = _command(folder, *arguments)
        result = subprocess.run(command, capture_output=True, env=_environment(), check=False)  # noqa: S603
    except FileNotFoundError:
        raise GitError(messages.NO_GIT) from None
    except OSError as error:
        raise GitError(messages.GIT_FAILED.fill(reason=error.strerror or error)) from None
    if result.returncode and not may_fail:
        raise _error(result.stderr)
    return result.stdout


def _error(output: bytes) -> GitError:
    text = output.decode("utf-8", "replace")
    if "not a git repository" in text:
        return GitError(messages.NOT_IN_GIT)
    if "dubious ownership" in text:
        folder = re.search(r"in repository at '(.{1,1000})'", text)
        return GitError(messages.GIT_OTHER_OWNER.fill(folder=messages.quote(folder[1] if folder else ".")))
    lines = text.strip().splitlines()
    return GitError(messages.GIT_FAILED.fill(reason=lines[0].removeprefix("fatal: ")[:200] if lines else "git"))


def _last_line(output: bytes) -> str:
    lines = output.split()
    return lines[-1].decode() if lines and _COMMIT.fullmatch(lines[-1]) else ""
