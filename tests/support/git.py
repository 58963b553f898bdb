"""Build git repositories with few calls of git: commits with fixed dates, by a user without configuration."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

FIRST_DAY = 1_700_000_000  # seconds since 1970, of the first commit
DAY = 86_400

Files = Mapping[str | bytes, str | bytes | None]  # content by path; None for a file that is deleted

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": f"{FIRST_DAY} +0000",
    "GIT_COMMITTER_DATE": f"{FIRST_DAY} +0000",
}


def run_git(folder: Path, *arguments: str, data: bytes = b"", **variables: str) -> bytes:
    """Return what git prints; raise CalledProcessError if it fails."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    result = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=data,
        capture_output=True,
        check=True,
        timeout=60,
        env={**inherited, **_ENVIRONMENT, **variables},
    )
    return result.stdout


class GitRepository:
    """A repository with a work tree. The index is left empty: relmgr does not read it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.days = 0  # commits so far: each is made on a day of its own
        folder.mkdir(parents=True, exist_ok=True)
        run_git(folder, "init", "-q", "-b", "main", *options)

    def git(self, *arguments: str, data: bytes = b"", **variables: str) -> str:
        """Return the stripped output of git."""
        return os.fsdecode(run_git(self.folder, *arguments, data=data, **variables)).strip()

    def configure(self, **values: str) -> None:
        """Set values of the repository's configuration; `__` in a name stands for a dot."""
        for name, value in values.items():
            self.git("config", name.replace("__", "."), value)

    def write(self, files: Files) -> None:
        """Write files into the work tree, or delete them."""
        for name, content in files.items():
            path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
            if content is None:
                os.unlink(path)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)

    def commit(
        self,
        files: Files,
        *,
        branch: str = "main",
        parents: Sequence[str] | None = None,
        day: int | None = None,
        writes: bool = True,
    ) -> str:
        """Commit files on top of a branch, and write them; return the id of the commit.

        `parents` are names or ids of other commits, the first that of the files; `day` counts from the first one.
        """
        ids = self.commit_all([files], branch=branch, parents=parents, day=day)
        if writes:
            self.write(files)
        return ids[0]

    def commit_all(
        self,
        commits: Sequence[Files],
        *,
        branch: str = "main",
        parents: Sequence[str] | None = None,
        day: int | None = None,
    ) -> list[str]:
        """Make many commits on top of each other in one go; write nothing into the work tree."""
        lines: list[bytes] = []
        exists = subprocess.run(
            ["git", "-C", str(self.folder), "rev-parse", "-q", "--verify", f"refs/heads/{branch}"],
            capture_output=True,
            check=False,
        ).stdout.strip()
        first = list(parents) if parents is not None else [exists.decode()] if exists else []
        for number, files in enumerate(commits, 1):
            self.days += 1
            seconds = FIRST_DAY + (self.days if day is None else day) * DAY
            message = f"commit {self.days}".encode()
            lines += [
                f"commit refs/heads/{branch}\nmark :{number}".encode(),
                f"committer A <a@example.org> {seconds} +0000".encode(),
                b"data %d\n%s" % (len(message), message),
            ]
            ids = [self.git("rev-parse", parent) for parent in first] if number == 1 else []
            lines += [b"%s %s" % (b"merge" if place else b"from", id_.encode()) for place, id_ in enumerate(ids)]
            if number == 1 and not ids:
                lines[0:0] = [b"reset refs/heads/" + branch.encode()]
            lines += [_change(name, content) for name, content in files.items()]
            lines += [b"", b"get-mark :%d" % number]
        output = run_git(self.folder, "fast-import", "--quiet", "--force", data=b"\n".join([*lines, b"done\n"]))
        return output.decode().split()

    def move(self, old: str, new: str, *, content: str | None = None) -> str:
        """Commit a file under another name, with other content if that is given."""
        text = content if content is not None else (self.folder / old).read_text()
        return self.commit({old: None, new: text})

    def switch(self, branch: str) -> None:
        """Check out another branch; the files have to be written by the caller."""
        self.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")


def _change(name: str | bytes, content: str | bytes | None) -> bytes:
    escaped = b"".join(b"\\%03o" % byte if byte < 33 or byte in b'"\\' else bytes([byte]) for byte in os.fsencode(name))
    path = b'"%s"' % escaped
    if content is None:
        return b"D " + path
    data = content.encode() if isinstance(content, str) else content
    return b"M 100644 inline %s\ndata %d\n%s" % (path, len(data), data)
