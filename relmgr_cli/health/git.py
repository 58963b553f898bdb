"""Reads the history of a git work tree.

Only git's plumbing and `git log` are called, with options and variables under which nothing runs that the repository's
configuration names: no file system monitor, hook, filter, external diff, signature check or transport. Objects that
are absent are not fetched. The repository is found once, as git finds it, with its check of the owner; after that git
is told where it is, and runs in the root folder, so that it reads no attributes from the work tree.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Any, NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.files import SUFFIXES
from relmgr_cli.filesystem import read_regular_file

_MAX_BLOB = 8 << 20
_SAFE_OPTIONS = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.attributesFile=/dev/null"),
    *("-c", "log.showSignature=false", "-c", "log.showRoot=true", "-c", "i18n.logOutputEncoding=UTF-8"),
    *("-c", "diff.renameLimit=1000", "-c", f"core.bigFileThreshold={_MAX_BLOB}"),
)
# Without paths: limited to the names of texts it takes twice as long, and depends on where it begins.
_LOG = (
    *("log", "--raw", "-z", "-c", "--no-abbrev", "--date-order", "--format=%x01%H", "-O/dev/null"),
    *("--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-mailmap", "--no-notes", "--no-color"),
    *("--no-decorate", "--no-relative"),
)
_ALL_COMMITS = ("rev-list", "--date-order", "--timestamp")
_PROMISED = r"^(extensions\.partialclone|remote\..*\.promisor)$"  # of a partial clone
_SAFE_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# Variables that name another repository, as in a hook, or change what git answers.
_UNSET = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_NAMESPACE GIT_PREFIX"
    " GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_QUARANTINE_PATH GIT_GRAFT_FILE GIT_SHALLOW_FILE"
    " GIT_REPLACE_REF_BASE GIT_ATTR_SOURCE GIT_EXTERNAL_DIFF GIT_DIFF_OPTS GIT_TRACE GIT_LITERAL_PATHSPECS"
    " GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS GIT_ICASE_PATHSPECS".split()
)
_MAX_SECONDS = 600  # of one call: git waits for ever where one of its files is a pipe
_CHUNK = 1 << 16
_COMMIT = re.compile(rb"[0-9a-f]{40,64}")
_SUFFIXES = tuple(map(os.fsencode, SUFFIXES))


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
    changes: tuple[Change, ...]


class Repository(NamedTuple):
    """A git work tree whose history can be read."""

    top: str  # its top folder, links resolved
    folder: str  # where git keeps it
    head: str  # id of the commit that is checked out
    is_shallow: bool  # the oldest commits are absent
    is_partial: bool  # contents of files may be absent
    watched: tuple[str, ...]  # files that change with `head`; they need not exist

    def commits(self) -> list[tuple[str, int]]:
        """Return id and time, in seconds since 1970, of all commits, newest first. Raises GitError."""
        lines = (line.split() for line in self.ask(*_ALL_COMMITS, "--end-of-options", self.head).splitlines())
        return [(commit.decode(), int(time)) for time, commit in lines]

    def changes(self, since: str = "", *, compares_contents: bool = True) -> Iterator[Commit]:
        """Yield the commits with what they changed, newest first, without those reachable from `since`.

        Without `compares_contents`, a file that was renamed and changed at once is deleted and added: contents may be
        absent. Raises GitError.
        """
        revisions = [self.head, f"^{since}"] if since else [self.head]
        renames = "-M" if compares_contents else "-M100%"
        command = self._command(*_LOG, renames, "--end-of-options", *revisions)
        with self._reading_contents(), _process(command) as process:
            yield from _commits(_fields(process.stdout))

    def has(self, commit: str) -> bool:
        """Return True if the repository has a commit."""
        try:
            self.ask("cat-file", "-e", f"{commit}^{{commit}}")
        except GitError:
            return False
        return True

    def resolve(self, revision: str) -> str:
        """Return the id of the commit that a revision names; "" if there is none. Raises GitError."""
        name = f"{revision}^{{commit}}"
        return _last_line(self.ask("rev-parse", "--quiet", "--verify", "--end-of-options", name, may_fail=True))

    def blobs(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the contents of blobs in the order of their ids, without those that are absent or too large.

        Raises GitError.
        """
        with self._reading_contents():
            found = [line.split() for line in self.ask("cat-file", "--batch-check", lines=ids).splitlines()]
            if self.is_partial and any(line[1:2] == [b"missing"] for line in found):
                raise GitError(messages.PARTIAL_CLONE)
        wanted = [line[0].decode() for line in found if line[1:2] == [b"blob"] and int(line[2]) <= _MAX_BLOB]
        with _process(self._command("cat-file", "--batch"), wanted) as process:
            for _ in wanted:
                header = process.stdout.readline().split()
                if len(header) != 3:  # noqa: PLR2004 (id, type and size)
                    return
                yield header[0].decode(), process.stdout.read(int(header[2]) + 1)[:-1]

    def changed_since(self, revision: str, paths: Iterable[bytes]) -> set[bytes]:
        """Return those of the paths whose files differ from the branch point from `revision`, or are new since.

        Files are compared by content; no filter is run. Raises GitError.
        """
        base = _last_line(self.ask("merge-base", "--end-of-options", revision, self.head, may_fail=True))
        if not base:
            template = messages.REVISION_NOT_FETCHED if self.is_shallow else messages.REVISION_UNKNOWN
            raise GitError(template.fill(revision=revision))
        blobs = self._blobs_in(base)
        top = os.fsencode(self.top)
        return {path for path in paths if not _has_content(os.path.join(top, path), blobs.get(path, ""))}

    def _blobs_in(self, commit: str) -> dict[bytes, str]:
        raw = self.ask("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
        entries = (line.partition(b"\t") for line in raw.split(b"\0") if line)
        return {path: entry.split()[2].decode() for entry, _, path in entries}

    @contextmanager
    def _reading_contents(self) -> Iterator[None]:
        """In a partial clone, let contents that are absent be the reason of what fails."""
        try:
            yield
        except GitError as error:
            raise GitError(messages.PARTIAL_CLONE) if self.is_partial else error from None

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "-C", os.path.abspath(os.sep), f"--git-dir={self.folder}", *_OPTIONS, *arguments]

    def ask(self, *arguments: str, lines: Iterable[str] = (), may_fail: bool = False) -> bytes:
        """Return what git prints, with lines for its standard input. Raises GitError unless it `may_fail`."""
        return _run(self._command(*arguments), "".join(f"{line}\n" for line in lines).encode(), may_fail=may_fail)


def open_repository(folder: str) -> Repository:
    """Return the repository whose work tree a folder is in. Raises GitError."""
    command = ["git", "-C", folder, *_OPTIONS]
    questions = ("--is-shallow-repository", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
    lines = os.fsdecode(_run([*command, "rev-parse", *questions])).rstrip("\n").split("\n")
    if len(lines) != len(questions):  # a folder's name has a newline
        raise GitError(messages.GIT_FAILED.fill(reason="rev-parse"))
    is_shallow, top, git_folder, common = lines
    common = os.path.join(folder, common)
    watched = tuple(_watched(git_folder, common))
    found = Repository(os.path.realpath(top), git_folder, "", is_shallow == "true", is_partial=False, watched=watched)
    is_partial = bool(found.ask("config", "--get-regexp", _PROMISED, may_fail=True).strip())
    head = found.resolve("HEAD")
    if not head:
        raise GitError(messages.NO_COMMITS)
    return found._replace(head=head, is_partial=is_partial)


def _watched(git_folder: str, common: str) -> Iterator[str]:
    head = os.path.join(git_folder, "HEAD")
    yield head
    try:
        reference = os.fsdecode(read_regular_file(head, 1000)).strip().removeprefix("ref: ")
    except (OSError, ValueError):
        reference = ""
    if reference.startswith("refs/") and ".." not in reference:
        yield os.path.join(common, reference)
    for name in ("packed-refs", "shallow", os.path.join("reftable", "tables.list")):
        yield os.path.join(common, name)


def _fields(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is between the NUL characters of a stream."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields


def _commits(fields: Iterator[bytes]) -> Iterator[Commit]:
    """Yield the commits of `git log --raw -z -c`, with their changes of texts."""
    commit = ""
    changes: list[Change] = []
    for field in fields:
        line = field.lstrip(b"\n")
        if line.startswith(b"\x01"):
            if commit:
                yield Commit(commit, tuple(changes))
            commit, changes = line[1:].strip().decode(), []
        elif line.startswith(b":"):
            change = _change(line, fields)
            if change.path.lower().endswith(_SUFFIXES):
                changes.append(change)
    if commit:
        yield Commit(commit, tuple(changes))


def _change(line: bytes, fields: Iterator[bytes]) -> Change:
    """Return a change, of a merge one that differs from all parents; its paths are the next fields."""
    parents = len(line) - len(line.lstrip(b":"))
    *_, blob, status = line[parents:].split(b" ")
    kind = chr(status[0])
    if parents > 1:
        kind = "M" if blob.strip(b"0") else "D"
    path = old_path = next(fields, b"")
    if parents == 1 and kind in "RC":
        path = next(fields, b"")
    return Change(kind, path, old_path, blob.decode())


def _has_content(path: bytes, blob: str) -> bool:
    """Return True if a file has the content of a blob, with line ends of any kind."""
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


_OPTIONS = ("--no-pager", *_SAFE_OPTIONS)


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _UNSET}
    return {**inherited, **_SAFE_ENVIRONMENT}


def _run(command: Sequence[str], data: bytes = b"", *, may_fail: bool = False) -> bytes:
    """Return what git prints; with `may_fail` also if it fails. Raises GitError."""
    try:
        result = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, env=_environment(), check=False, timeout=_MAX_SECONDS
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _start_error(error) from None
    if result.returncode and not may_fail:
        raise _error(result.stderr)
    return result.stdout


@contextmanager
def _process(command: Sequence[str], lines: Sequence[str] = ()) -> Iterator[Any]:
    """Run git while its output is read, with lines for its standard input. Raises GitError if it fails."""
    from tempfile import TemporaryFile
    from threading import Timer

    with ExitStack() as stack:
        try:  # pipes might be full while nobody reads them
            source, errors = stack.enter_context(TemporaryFile()), stack.enter_context(TemporaryFile())
            source.write("".join(f"{line}\n" for line in lines).encode())
            source.seek(0)
        except OSError as error:
            raise GitError(messages.GIT_FAILED.fill(reason=error.strerror or error)) from None
        try:
            process = subprocess.Popen(  # noqa: S603
                command, stdin=source, stdout=subprocess.PIPE, stderr=errors, env=_environment()
            )
        except OSError as error:
            raise _start_error(error) from None
        timer = Timer(_MAX_SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield process
            if process.wait():
                errors.seek(0)
                raise GitError(messages.GIT_SILENT) if process.returncode < 0 else _error(errors.read(_CHUNK))
        finally:
            timer.cancel()
            process.kill()
            process.wait()
            assert process.stdout  # noqa: S101 (it is a pipe)
            process.stdout.close()


def _start_error(error: Exception) -> GitError:
    if isinstance(error, FileNotFoundError):
        return GitError(messages.NO_GIT)
    if isinstance(error, subprocess.TimeoutExpired):
        return GitError(messages.GIT_SILENT)
    return GitError(messages.GIT_FAILED.fill(reason=getattr(error, "strerror", None) or error))


def _error(output: bytes) -> GitError:
    text = output.decode("utf-8", "replace")
    if "not a git repository" in text or "must be run in a work tree" in text:
        return GitError(messages.NOT_IN_GIT)
    if "dubious ownership" in text:
        folder = re.search(r"in repository at '(.{1,1000})'", text)
        return GitError(messages.GIT_OTHER_OWNER.fill(folder=messages.quote(folder[1] if folder else ".")))
    lines = text.strip().splitlines()
    return GitError(messages.GIT_FAILED.fill(reason=lines[0].removeprefix("fatal: ")[:200] if lines else "git"))


def _last_line(output: bytes) -> str:
    lines = output.split()
    return lines[-1].decode() if lines and _COMMIT.fullmatch(lines[-1]) else ""
