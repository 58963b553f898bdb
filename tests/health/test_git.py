"""Reading the history of a git work tree: its shapes, and what git says where it cannot be read."""

import errno
import hashlib
import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from support.git import DAY, FIRST_DAY, GitRepository, run_git

from relmgr_cli.health import git
from relmgr_cli.health.git import Change, GitError, open_repository

LONG = "# Title\n\n" + "".join(f"Line {number} of the text.\n" for number in range(30))


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "work")


def opened(repository: GitRepository | Path) -> git.Repository:
    return open_repository(str(repository.folder if isinstance(repository, GitRepository) else repository))


def changes_of(repository: GitRepository | Path, since: str = "") -> list[list[tuple[str, bytes, bytes]]]:
    """Return kind, path and old path of the changes of all commits, newest first."""
    commits = opened(repository).changes(since)
    return [[(kind, path, old) for kind, path, old, _ in commit.changes] for commit in commits]


def reason(folder: Path) -> str:
    with pytest.raises(GitError) as caught:
        open_repository(str(folder))
    return str(caught.value)


def blob_id(text: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest()


# Changes.


def test_commits_come_newest_first_with_their_changes_of_texts(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a", "b.png": "x", "c.MD": "c"})
    second = repository.commit({"b.png": "y"})
    third = repository.commit({"a.md": "b", "c.MD": None})
    found = opened(repository)
    assert found.commits() == [
        (third, FIRST_DAY + 3 * DAY),
        (second, FIRST_DAY + 2 * DAY),
        (first, FIRST_DAY + DAY),
    ]
    zeros = "0" * 40
    assert [tuple(commit) for commit in found.changes()] == [
        (third, (Change("M", b"a.md", b"a.md", blob_id(b"b")), Change("D", b"c.MD", b"c.MD", zeros))),
        (second, ()),
        (first, (Change("A", b"a.md", b"a.md", blob_id(b"a")), Change("A", b"c.MD", b"c.MD", blob_id(b"c")))),
    ]


def test_only_commits_after_another_are_read(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a"})
    repository.commit({"b.md": "b"})
    assert changes_of(repository, first) == [[("A", b"b.md", b"b.md")]]


def test_renames_of_files_and_folders_are_found(repository: GitRepository) -> None:
    repository.commit({"a.md": LONG, "one/b.md": LONG + "b\n", "one/c.md": LONG + "c\n", "Case.md": LONG + "d\n"})
    repository.commit({"a.md": None, "x.md": LONG + "More.\n"})
    repository.commit({"one/b.md": None, "one/c.md": None, "two/b.md": LONG + "b\n", "two/c.md": LONG + "c\n"})
    repository.commit({"Case.md": None, "case.md": LONG + "d\n"})
    assert changes_of(repository)[:3] == [
        [("R", b"case.md", b"Case.md")],
        [("R", b"two/b.md", b"one/b.md"), ("R", b"two/c.md", b"one/c.md")],
        [("R", b"x.md", b"a.md")],
    ]


def test_a_file_is_renamed_from_what_was_no_text(repository: GitRepository) -> None:
    repository.commit({"a.rst": LONG})
    repository.commit({"a.rst": None, "a.md": LONG})
    assert changes_of(repository)[0] == [("R", b"a.md", b"a.rst")]


@pytest.mark.parametrize(
    "name", [b"a b.md", b"a\nb.md", b'"a".md', b"\xff\xfe.md", "ż/ó.md".encode(), b"\x01:a.md", b":a.md"]
)
def test_names_of_files_may_be_any_bytes(repository: GitRepository, name: bytes) -> None:
    repository.commit({name: LONG}, writes=False)
    repository.commit({name: None, b"dir/" + name: LONG}, writes=False)
    assert changes_of(repository) == [[("R", b"dir/" + name, name)], [("A", name, name)]]


def test_a_merge_has_the_changes_that_differ_from_all_parents(repository: GitRepository) -> None:
    base = repository.commit({"a.md": "a", "b.md": "b"})
    repository.commit({"a.md": "a main"})
    repository.commit({"a.md": "a side", "b.md": "b side"}, branch="side", parents=[base])
    repository.commit({"a.md": "a both", "b.md": "b side"}, parents=["main", "side"])
    assert changes_of(repository) == [
        [("M", b"a.md", b"a.md")],
        [("M", b"a.md", b"a.md"), ("M", b"b.md", b"b.md")],
        [("M", b"a.md", b"a.md")],
        [("A", b"a.md", b"a.md"), ("A", b"b.md", b"b.md")],
    ]


def test_a_merge_may_have_three_parents_and_delete_files(repository: GitRepository) -> None:
    base = repository.commit({"a.md": "a", "b.md": "b", "c.md": "c"})
    for side in ("one", "two"):
        repository.commit({"a.md": f"a {side}", "b.md": f"b {side}"}, branch=side, parents=[base])
    repository.commit({"a.md": "a main", "b.md": "b main"})
    repository.commit({"a.md": "merged", "b.md": None}, parents=["main", "one", "two"])
    assert changes_of(repository)[0] == [("M", b"a.md", b"a.md"), ("D", b"b.md", b"b.md")]


def test_commits_whose_dates_are_in_the_wrong_order_follow_their_parents(repository: GitRepository) -> None:
    ids = [repository.commit({"a.md": str(day)}, day=day) for day in (9, 3, 7, 1)]
    found = opened(repository)
    assert [commit for commit, _ in found.commits()] == ids[::-1]
    assert [commit.id for commit in found.changes()] == ids[::-1]


def test_a_link_to_a_file_is_a_change_of_type(repository: GitRepository) -> None:
    repository.commit({"a.md": "a"})
    blob = repository.git("hash-object", "-w", "--stdin", data=b"b.md")
    tree = repository.git("mktree", data=f"120000 blob {blob}\ta.md\n".encode())
    repository.git("update-ref", "HEAD", repository.git("commit-tree", "-p", "HEAD", "-m", "x", tree))
    assert changes_of(repository)[0] == [("T", b"a.md", b"a.md")]


@pytest.mark.slow
def test_the_history_is_read_as_a_stream(repository: GitRepository) -> None:
    """The memory that it takes does not grow with the number of commits."""
    repository.commit_all([{"a.md": str(number)} for number in range(3000)])
    found = opened(repository)
    assert next(found.changes()).id == found.head
    tracemalloc.start()
    try:
        assert sum(len(commit.changes) for commit in found.changes()) == 3000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 600_000  # what git prints is as much, and a list of all commits three times that
    assert len(found.commits()) == 3000


# Contents.


def test_blobs_come_in_order_without_those_that_are_absent(repository: GitRepository) -> None:
    repository.commit({"a.md": "one\n", "b.md": "", "c.md": b"\0\r\n\xff"})
    ids = [blob_id(b"\0\r\n\xff"), "1" * 40, blob_id(b"one\n"), blob_id(b""), opened(repository).head]
    assert list(opened(repository).blobs(ids)) == [(ids[0], b"\0\r\n\xff"), (ids[2], b"one\n"), (ids[3], b"")]
    assert list(opened(repository).blobs([])) == []


def test_blobs_that_are_too_large_are_not_read(repository: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"a.md": "a" * 100, "b.md": "b" * 101})
    monkeypatch.setattr(git, "_MAX_BLOB", 100)
    assert [data for _, data in opened(repository).blobs([blob_id(b"b" * 101), blob_id(b"a" * 100)])] == [b"a" * 100]


@pytest.mark.slow
def test_many_blobs_are_asked_for_without_waiting_for_each_other(repository: GitRepository) -> None:
    texts = [b"%d\n" % number * 500 for number in range(3000)]
    repository.commit({f"{number}.md": text for number, text in enumerate(texts)}, writes=False)
    assert [data for _, data in opened(repository).blobs([blob_id(text) for text in texts])] == texts


def test_files_are_compared_with_a_branch_point(repository: GitRepository) -> None:
    base = repository.commit({"same.md": "a", "committed.md": "a", "edited.md": "a", "gone.md": "a"})
    repository.commit({"elsewhere.md": "a"}, branch="other", parents=[base], writes=False)
    repository.commit({"committed.md": "b"})
    repository.write({"edited.md": "b", "new.md": "c", "gone.md": None})
    names = [b"same.md", b"committed.md", b"edited.md", b"new.md", b"gone.md"]
    assert opened(repository).changed_since("other", names) == {b"committed.md", b"edited.md", b"new.md", b"gone.md"}
    with pytest.raises(GitError, match="no common history with 'nothing'"):
        opened(repository).changed_since("nothing", names)
    with pytest.raises(GitError, match="no common history with '--all'"):
        opened(repository).changed_since("--all", names)


def test_revisions_are_names_never_options(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a"})
    repository.commit({"a.md": "b"})
    found = opened(repository)
    assert found.resolve("HEAD~1") == first
    assert [found.resolve(name) for name in ("--all", "nothing", "HEAD:a.md", "", "a\nb")] == [""] * 5
    assert found.has(first)
    assert not found.has("1" * 40)


# Kinds of work trees.


def test_a_folder_in_a_work_tree_has_the_history_of_all(repository: GitRepository) -> None:
    repository.commit({"docs/en/a.md": "a"})
    found = opened(repository.folder / "docs/en")
    assert found.top == str(repository.folder.resolve())
    assert changes_of(repository.folder / "docs/en") == [[("A", b"docs/en/a.md", b"docs/en/a.md")]]


def test_a_link_to_a_work_tree_leads_to_it(repository: GitRepository, tmp_path: Path) -> None:
    repository.commit({"docs/a.md": "a"})
    (tmp_path / "link").symlink_to(repository.folder / "docs")
    found = opened(tmp_path / "link")
    assert found.top == str(repository.folder.resolve())
    assert found.watched[0] == str(repository.folder.resolve() / ".git/HEAD")


def test_a_second_work_tree_watches_its_own_head_and_the_branches_of_all(
    repository: GitRepository, tmp_path: Path
) -> None:
    repository.commit({"a.md": "a"})
    repository.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "second"))
    found = opened(tmp_path / "second")
    assert found.top == str((tmp_path / "second").resolve())
    assert [os.path.relpath(path, repository.folder / ".git") for path in found.watched[:3]] == [
        "worktrees/second/HEAD",
        "refs/heads/side",
        "packed-refs",
    ]
    assert changes_of(tmp_path / "second") == [[("A", b"a.md", b"a.md")]]


def test_a_submodule_has_a_history_of_its_own(repository: GitRepository, tmp_path: Path) -> None:
    inner = GitRepository(tmp_path / "inner")
    inner.commit({"inner.md": "a"})
    repository.commit({"outer.md": "a"})
    allowed = ("-c", "protocol.file.allow=always")
    repository.git(*allowed, "submodule", "--quiet", "add", str(inner.folder), "sub")
    assert changes_of(repository.folder / "sub") == [[("A", b"inner.md", b"inner.md")]]
    assert opened(repository.folder / "sub").top == str((repository.folder / "sub").resolve())
    assert changes_of(repository) == [[("A", b"outer.md", b"outer.md")]]


def test_ids_of_commits_may_be_sha_256(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "work", "--object-format=sha256")
    repository.commit({"a.md": "a", "b.md": "b"})
    repository.write({"a.md": "c"})
    found = opened(repository)
    (commit,) = found.changes()
    assert len(commit.id) == len(commit.changes[0].blob) == 64
    assert dict(found.blobs([commit.changes[0].blob])) == {commit.changes[0].blob: b"a"}
    assert found.changed_since("HEAD", [b"a.md", b"b.md"]) == {b"a.md"}


def test_a_head_that_is_on_no_branch_is_followed(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a"})
    repository.commit({"a.md": "b"})
    assert len(changes_of(repository)) == 2
    (repository.folder / ".git/HEAD").write_text(f"{first}\n")
    assert len(changes_of(repository)) == 1
    assert opened(repository).watched[0].endswith("HEAD")


def test_branches_may_be_packed(repository: GitRepository) -> None:
    repository.commit({"a.md": "a"})
    repository.git("pack-refs", "--all")
    assert not (repository.folder / ".git/refs/heads/main").exists()
    assert len(changes_of(repository)) == 1


def test_another_repository_that_a_hook_names_is_not_read(
    repository: GitRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.md": "a"})
    other = GitRepository(tmp_path / "other")
    other.commit({"other.md": "a"})
    for name, value in (("GIT_DIR", ".git"), ("GIT_WORK_TREE", "."), ("GIT_INDEX_FILE", ".git/index")):
        monkeypatch.setenv(name, str(other.folder / value))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.folder / ".git/objects"))
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    monkeypatch.setenv("GIT_TRACE", "1")
    assert changes_of(repository) == [[("A", b"a.md", b"a.md")]]


def test_replaced_commits_are_read_as_they_were(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a"})
    second = repository.commit({"a.md": "b"})
    other = repository.commit({"x.md": "x"}, branch="other", parents=[], writes=False)
    repository.git("replace", second, other)
    assert [commit.id for commit in opened(repository).changes()] == [second, first]


# Where there is no history.


def test_a_folder_outside_git_has_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert reason(tmp_path) == "not in a git work tree"


def test_a_repository_without_files_has_no_history(repository: GitRepository, tmp_path: Path) -> None:
    repository.commit({"a.md": "a"})
    run_git(tmp_path, "clone", "-q", "--bare", str(repository.folder), "bare")
    assert reason(tmp_path / "bare") == "not in a git work tree"
    assert reason(repository.folder / ".git") == "not in a git work tree"


def test_a_repository_without_commits_says_so(repository: GitRepository) -> None:
    assert reason(repository.folder) == "the git repository has no commits"


def test_without_git_the_reason_is_that(repository: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"a.md": "a"})
    monkeypatch.setenv("PATH", str(repository.folder))
    assert reason(repository.folder) == "git is not installed"


def test_a_repository_of_another_user_is_not_read(repository: GitRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"a.md": "a"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    folder = repository.folder.resolve()
    assert reason(repository.folder) == (
        f"the git repository belongs to another user; to trust it: git config --global --add safe.directory {folder}"
    )
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(folder))
    assert len(changes_of(repository)) == 1


def test_a_shallow_clone_is_one(repository: GitRepository, tmp_path: Path) -> None:
    repository.commit_all([{"a.md": str(number)} for number in range(3)])
    run_git(tmp_path, "clone", "-q", "--depth", "1", repository.folder.as_uri(), "clone")
    assert opened(tmp_path / "clone").is_shallow
    assert str(tmp_path.resolve() / "clone/.git/shallow") in opened(tmp_path / "clone").watched
    assert not opened(repository).is_shallow
    with pytest.raises(GitError, match="'HEAD~1', because the git repository is a shallow clone; fetch the history"):
        opened(tmp_path / "clone").changed_since("HEAD~1", [b"a.md"])
    run_git(tmp_path / "clone", "fetch", "-q", "--unshallow")
    assert not opened(tmp_path / "clone").is_shallow
    assert len(changes_of(tmp_path / "clone")) == 3


@pytest.mark.parametrize("has_rename", [False, True])
def test_a_partial_clone_is_not_read_until_the_rest_is_fetched(
    repository: GitRepository, tmp_path: Path, *, has_rename: bool
) -> None:
    repository.commit_all([{"a.md": LONG}, {"a.md": None, "b.md": LONG + "More."} if has_rename else {"b.md": "b"}])
    repository.configure(uploadpack__allowFilter="true")
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", repository.folder.as_uri(), "clone")
    before = run_git(clone, "count-objects", "-v")

    def read() -> dict[str, bytes]:
        found = opened(clone)
        return dict(found.blobs([change.blob for commit in found.changes() for change in commit.changes]))

    with pytest.raises(GitError) as caught:
        read()
    text, command = str(caught.value).split("with: git ")
    assert text == "the git repository is a partial clone; fetch the rest "
    assert run_git(clone, "count-objects", "-v") == before
    run_git(clone, *command.split())
    assert len(read()) == 2


def test_objects_that_are_missing_are_a_reason(repository: GitRepository) -> None:
    first = repository.commit({"a.md": "a"})
    repository.commit({"a.md": "b"})
    (repository.folder / ".git/objects" / first[:2] / first[2:]).unlink()
    with pytest.raises(GitError, match="git failed: "):
        list(opened(repository).changes())
    with pytest.raises(GitError, match="git failed: "):
        opened(repository).commits()


def test_without_a_folder_for_temporary_files_the_reason_is_that(
    repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.md": "a"})

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(GitError, match="git failed: No space left on device"):
        list(opened(repository).changes())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (".git/HEAD", "nonsense", "not in a git work tree"),
        (".git/config", "[nonsense", "git failed: bad config line"),
        (".git/refs/heads/main", "nonsense", "the git repository has no commits"),
    ],
)
def test_a_damaged_repository_is_a_reason(
    repository: GitRepository, monkeypatch: pytest.MonkeyPatch, name: str, content: str, expected: str
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.folder.parent))
    repository.commit({"a.md": "a"})
    repository.write({name: content})
    assert reason(repository.folder).startswith(expected)
