"""A repository of a stranger runs nothing, whatever its configuration names."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.git import GitRepository, run_git
from support.marks import slow

from relmgr_cli.health import git
from relmgr_cli.health.git import GitError, open_repository

TEXT = "# Title\n\n" + "".join(f"Line {number} of the text.\n" for number in range(30))


class Trap:
    """A program that leaves a mark when it is run, and the repository that names it."""

    def __init__(self, folder: Path) -> None:
        self.mark = folder / "mark"
        self.program = folder / "program"
        self.program.write_text(f"#!/bin/sh\necho run >> '{self.mark}'\nexit 1\n")
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)
        self.repository = GitRepository(folder / "work")
        self.repository.commit({"a.md": TEXT, "pl/a.md": TEXT, "b.md": "# B\n\nOther text.\n"})
        self.repository.move("a.md", "docs/a.md", content=TEXT + "More.\n")
        self.repository.commit({"docs/a.md": TEXT + "Even more.\n", "b.md": None})

    @property
    def is_sprung(self) -> bool:
        return self.mark.exists()

    def plain_git(self, *arguments: str) -> None:
        """Run git as anyone does, whether it fails or not."""
        try:
            run_git(self.repository.folder, *arguments, data=b"protocol=https\nhost=127.0.0.1\n\n")
        except subprocess.CalledProcessError:
            return

    def hook(self, name: str) -> None:
        """Make the program a hook of the repository."""
        folder = self.repository.folder / ".git/hooks"
        folder.mkdir(exist_ok=True)
        (folder / name).symlink_to(self.program)

    def signed_commit(self) -> None:
        """Add a commit that has a signature."""
        commit = self.repository.git("cat-file", "commit", "HEAD")
        head, _, message = commit.partition("\n\n")
        signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----"
        data = f"{head}\n{signature}\n\n{message}\n".encode()
        signed = self.repository.git("hash-object", "-t", "commit", "-w", "--stdin", data=data)
        self.repository.git("update-ref", "HEAD", signed)

    def promise(self, address: str) -> None:
        """Make the repository a partial clone that lacks the blob of `docs/a.md`."""
        blob = self.repository.git("rev-parse", "HEAD:docs/a.md")
        folder = self.repository.folder / ".git/objects"
        self.repository.git("config", "core.repositoryFormatVersion", "1")
        self.repository.configure(
            extensions__partialClone="origin", remote__origin__promisor="true", remote__origin__url=address
        )
        self.repository.configure(protocol__ext__allow="always", protocol__allow="always")
        loose = folder / blob[:2] / blob[2:]
        assert loose.exists()
        loose.unlink()


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    """Return a trap whose folder is among those that programs are looked for in."""
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{tmp_path}")
    return Trap(tmp_path)


def read_everything(folder: Path) -> None:
    """Call every method of a repository."""
    try:
        repository = open_repository(str(folder))
        commits = list(repository.changes())
        blobs = {change.blob for commit in commits for change in commit.changes}
        read = dict(repository.blobs(sorted(blobs)))
        assert read
        assert len(repository.commits()) == len(commits)
        list(repository.changes(commits[-1].id))
        repository.has(commits[-1].id)
        repository.resolve("HEAD~1")
        repository.changed_since("HEAD~1", [b"docs/a.md", b"b.md", b"pl/a.md"])
    except GitError:
        return


def _program(*names: str) -> Callable[[Trap], None]:
    """Return a function that makes the program the value of settings."""
    return lambda trap: trap.repository.configure(**dict.fromkeys(names, str(trap.program)))


def _diff_driver(trap: Trap) -> None:
    trap.repository.configure(diff__x__textconv=str(trap.program), diff__x__command=str(trap.program))
    trap.repository.write({".gitattributes": "* diff=x\n", ".git/info/attributes": "* diff=x\n"})


def _filter(trap: Trap) -> None:
    names = ("filter__x__smudge", "filter__x__clean", "filter__x__process")
    trap.repository.configure(**dict.fromkeys(names, str(trap.program)), filter__x__required="true")
    trap.repository.write({".gitattributes": "* filter=x\n", ".git/info/attributes": "* filter=x\n"})


def _signature(trap: Trap) -> None:
    trap.repository.configure(gpg__program=str(trap.program), log__showSignature="true")
    trap.signed_commit()


def _included(trap: Trap) -> None:
    trap.repository.write({".git/more": f"[core]\n\tfsmonitor = {trap.program}\n"})
    trap.repository.configure(include__path="more")


def _hooks(trap: Trap) -> None:
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman", "post-fetch"):
        trap.hook(name)


def _hooks_path(trap: Trap) -> None:
    _hooks(trap)
    trap.repository.configure(core__hooksPath=str(trap.repository.folder / ".git/hooks"))


def _helper(trap: Trap) -> None:
    trap.promise(f"ext::{trap.program} %S")


def _ssh(trap: Trap) -> None:
    trap.promise("ssh://example.invalid/x")
    trap.repository.configure(core__sshCommand=str(trap.program), protocol__ssh__allow="always")


def _proxy(trap: Trap) -> None:
    trap.promise("git://example.invalid/x")
    trap.repository.configure(core__gitProxy=str(trap.program))


def _upload_pack(trap: Trap) -> None:
    trap.promise(str(trap.repository.folder))
    trap.repository.configure(remote__origin__uploadpack=str(trap.program))


def _vcs(trap: Trap) -> None:
    trap.promise("y")
    trap.repository.configure(remote__origin__vcs="mark", protocol__mark__allow="always")
    (trap.program.parent / "git-remote-mark").symlink_to(trap.program)


def _credentials(trap: Trap) -> None:
    trap.promise("https://127.0.0.1:9/x")
    trap.repository.configure(credential__helper=f"!{trap.program}", core__askPass=str(trap.program))


def _alternates(trap: Trap) -> None:
    other = GitRepository(trap.repository.folder.parent / "other")
    trap.repository.write({".git/objects/info/alternates": f"{other.folder}/.git/objects\n"})
    trap.repository.configure(core__alternateRefsCommand=str(trap.program))


def _aliases(trap: Trap) -> None:
    names = ("log", "rev-list", "rev-parse", "cat-file", "config", "ls-tree", "merge-base")
    for name in names:
        trap.repository.git("config", f"alias.{name}", f"!{trap.program}")
    trap.repository.git("config", "alias.mine", f"!{trap.program}")


def _submodule(trap: Trap) -> None:
    trap.repository.write({".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ./x\n'})
    trap.repository.git("config", "submodule.x.update", f"!{trap.program}")
    trap.repository.git("config", "submodule.x.url", f"ext::{trap.program}")
    trap.repository.configure(submodule__recurse="true", diff__submodule="log", fetch__recurseSubmodules="true")


# What names the program, and how plain git is made to run it (None where only rare commands do).
TRAPS: dict[str, tuple[Callable[[Trap], None], tuple[str, ...] | None]] = {
    "core.fsmonitor": (_program("core__fsmonitor"), ("status",)),
    "hooks": (_hooks, ("update-ref", "refs/heads/x", "HEAD")),
    "core.hooksPath": (_hooks_path, ("update-ref", "refs/heads/x", "HEAD")),
    "diff.external": (_program("diff__external"), ("diff", "HEAD~1")),
    "diff.x.textconv": (_diff_driver, ("log", "-p")),
    "filter": (_filter, ("add", "pl/a.md")),
    "gpg.program": (_signature, ("log",)),
    "core.pager": (_program("core__pager", "pager__log"), None),
    "include.path": (_included, ("status",)),
    "ext::": (_helper, ("cat-file", "-p", "HEAD:docs/a.md")),
    "core.sshCommand": (_ssh, ("cat-file", "-p", "HEAD:docs/a.md")),
    "core.gitProxy": (_proxy, ("cat-file", "-p", "HEAD:docs/a.md")),
    "remote.uploadpack": (_upload_pack, ("cat-file", "-p", "HEAD:docs/a.md")),
    "remote.vcs": (_vcs, ("cat-file", "-p", "HEAD:docs/a.md")),
    "credential.helper": (_credentials, ("credential", "fill")),
    "core.alternateRefsCommand": (_alternates, None),
    "alias": (_aliases, ("mine",)),
    "submodule.update": (_submodule, None),
    "editors": (
        _program(
            "core__editor",
            "sequence__editor",
            "core__askPass",
            "diff__tool",
            "interactive__diffFilter",
            "uploadpack__packObjectsHook",
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", [*[*TRAPS][::3], *slow(*(name for name in TRAPS if name not in [*TRAPS][::3]))])
def test_nothing_that_a_repository_names_is_run(trap: Trap, relmgr: Relmgr, name: str) -> None:
    spring, _ = TRAPS[name]
    spring(trap)
    trap.mark.unlink(missing_ok=True)
    read_everything(trap.repository.folder)
    read_everything(trap.repository.folder / "docs")
    assert not trap.is_sprung
    relmgr("-C", trap.repository.folder, "status")
    assert not trap.is_sprung


@pytest.mark.parametrize("name", ["ext::", "core.sshCommand", "core.gitProxy", "remote.uploadpack", "remote.vcs"])
def test_no_transport_is_used_by_a_git_that_knows_no_better(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Git before 2.39.4 has no variable against fetching what is absent."""
    monkeypatch.delitem(git._SAFE_ENVIRONMENT, "GIT_NO_LAZY_FETCH")  # noqa: SLF001
    TRAPS[name][0](trap)
    read_everything(trap.repository.folder)
    assert not trap.is_sprung


@pytest.mark.parametrize("name", [name for name, (_, command) in TRAPS.items() if command])
def test_plain_git_runs_it(trap: Trap, name: str) -> None:
    spring, command = TRAPS[name]
    spring(trap)
    trap.mark.unlink(missing_ok=True)
    assert command
    trap.plain_git(*command)
    assert trap.is_sprung


def test_a_history_is_read_among_traps(trap: Trap) -> None:
    for name in ("gpg.program", "core.fsmonitor", "hooks", "diff.external", "diff.x.textconv", "filter", "alias"):
        TRAPS[name][0](trap)
    repository = open_repository(str(trap.repository.folder))
    found = {change.path for commit in repository.changes() for change in commit.changes}
    assert found == {b"a.md", b"pl/a.md", b"docs/a.md", b"b.md"}
    assert not trap.is_sprung


@pytest.mark.parametrize(
    "settings",
    [
        {"log__showRoot": "false"},
        {"i18n__logOutputEncoding": "UTF-16"},
        {"log__follow": "true", "log__diffMerges": "off", "log__abbrevCommit": "true", "log__decorate": "full"},
        {"diff__renames": "copies", "diff__relative": "true", "diff__noprefix": "true", "color__ui": "always"},
        {"diff__orderFile": "/dev/zero"},
        {"format__pretty": "%B", "format__notes": "true", "log__date": "relative", "core__abbrev": "4"},
        {"core__worktree": "/"},
        {"core__bare": "false", "core__attributesFile": "/dev/zero", "mailmap__file": "/dev/zero"},
    ],
    ids=",".join,
)
def test_settings_do_not_change_what_is_read(trap: Trap, settings: dict[str, str]) -> None:
    folder = str(trap.repository.folder)
    before = list(open_repository(folder).changes())
    assert [len(commit.changes) for commit in before] == [2, 1, 3]
    trap.repository.configure(**settings)
    assert list(open_repository(folder).changes()) == before


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")


@needs_pipes
@pytest.mark.parametrize("name", [".gitattributes", "docs/.gitattributes", ".mailmap"])
def test_no_attributes_are_read_from_the_work_tree(trap: Trap, name: str) -> None:
    os.mkfifo(trap.repository.folder / name)
    assert len(list(open_repository(str(trap.repository.folder)).changes())) == 3


@needs_pipes
@pytest.mark.parametrize("name", [".git/packed-refs", *slow(".git/info/attributes", ".git/config.worktree")])
def test_git_is_not_waited_for_when_one_of_its_files_is_a_pipe(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    trap.repository.git("config", "extensions.worktreeConfig", "true")
    path = trap.repository.folder / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    monkeypatch.setattr("relmgr_cli.health.git._MAX_SECONDS", 1)
    with pytest.raises(GitError, match="git takes too long"):
        list(open_repository(str(trap.repository.folder)).changes())
