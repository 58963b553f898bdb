"""Since when the sections of documents stand as they do."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.git import Files, GitRepository, run_git
from support.marks import slow

from relmgr_cli.core.library import Library, QuietReporter, open_library
from relmgr_cli.health import git, history
from relmgr_cli.health.history import UNCOMMITTED, DocumentHistory, LibraryHistory, format_time, library_history
from relmgr_cli.store.history import library_documents

ONE = "# One\n\nThe first text is here.\n"
TWO = "# Two\n\nThe second text is here.\n"
LONG = "\nA text that is long enough for git to know it again under another name, if it is moved.\n" * 3


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "work")


Read = Callable[..., LibraryHistory]


@pytest.fixture
def read(tmp_path: Path, repository: GitRepository) -> Iterator[Read]:
    """Return a function that reads the history of a folder of the repository, with one index for all calls."""
    opened: list[Library] = []

    def read_history(folder: str = "", cache: str = "cache", source: str = "en") -> LibraryHistory:
        library = open_library([repository.folder / folder], tmp_path / cache, QuietReporter())
        opened.append(library)
        documents = library_documents(library.database)
        return library_history(library.database, documents, sources={each.article: source for each in documents})

    yield read_history
    for library in opened:
        library.database.close()


def documents_of(found: LibraryHistory, library: Path, tmp_path: Path) -> dict[str, DocumentHistory]:
    opened = open_library([library], tmp_path / "cache", QuietReporter())
    paths = {document.id: document.path for document in library_documents(opened.database)}
    opened.database.close()
    return {paths[id_]: each for id_, each in found.documents.items()}


def only(found: LibraryHistory) -> DocumentHistory:
    (document,) = found.documents.values()
    return document


def test_a_section_stands_since_the_commit_that_changed_it(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + TWO})
    repository.commit({"other.png": "x"})
    repository.commit({"a.md": ONE + TWO.replace("second", "2nd")})
    found = read()
    document = only(found)
    assert (document.lines, document.since) == ([1, 4], [1, 3])
    assert [document.since_at(line) for line in (1, 3, 4, 99)] == [1, 1, 3, 3]
    assert [tuple(version) for version in document.counts] == [(3, 2), (1, 2)]
    assert [document.sections_at(number) for number in (0, 1, 2, 3)] == [0, 2, 2, 2]
    assert len(found.commits) == 3


def test_a_change_of_form_changes_nothing(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + TWO})
    repository.commit({"a.md": "---\ntitle: x\n---\n" + (ONE + TWO).replace("text", "**text**").replace("\n", "\r\n")})
    assert only(read()).since == [1, 1]


def test_a_section_that_has_moved_stands_since_it_was_written(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + TWO})
    repository.commit({"a.md": TWO + ONE})
    assert only(read()).since == [1, 1]


def test_a_change_that_was_taken_back_is_known(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE})
    repository.commit({"x.png": "x"})
    repository.commit({"a.md": ONE.replace("first", "1st")})
    repository.commit({"a.md": ONE})
    document = only(read())
    assert document.since == [4]
    assert [document.stood_at(1, number) for number in range(5)] == [False, True, True, False, False]


def test_what_is_not_committed_counts_as_now(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + TWO})
    repository.write({"a.md": ONE + TWO.replace("second", "2nd")})
    assert only(read()).since == [1, UNCOMMITTED]
    repository.commit({"a.md": ONE + TWO.replace("second", "2nd")})
    assert only(read()).since == [1, 2]


def test_a_file_that_git_does_not_know_has_no_versions(repository: GitRepository, read: Read, tmp_path: Path) -> None:
    repository.commit({"b.md": TWO})
    repository.write({"a.md": ONE})
    found = documents_of(read(), repository.folder, tmp_path)
    assert {path: (document.since, len(document.counts)) for path, document in found.items()} == {
        "a.md": ([UNCOMMITTED], 0),
        "b.md": ([1], 1),
    }


def test_a_folder_that_git_does_not_know_has_no_history(repository: GitRepository, read: Read) -> None:
    repository.commit({"b.md": TWO})
    repository.write({"ignored/a.md": ONE})
    found = read("ignored")
    assert (found.reason, found.documents) == ("none of the files is in the git repository", {})
    repository.commit({"ignored/a.md": ONE}, writes=False)
    assert only(read("ignored")).since == [2]


def test_a_file_is_followed_through_renames(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + LONG})
    repository.commit({"a.md": ONE + LONG + TWO})
    repository.move("a.md", "b.md")
    repository.move("b.md", "c/b.md", content=ONE + LONG + TWO.replace("second", "2nd"))
    repository.move("c/b.md", "a.md")
    assert only(read()).since == [1, 4]


def test_a_name_that_is_used_again_is_another_file(repository: GitRepository, read: Read, tmp_path: Path) -> None:
    repository.commit({"a.md": ONE + LONG})
    repository.move("a.md", "b.md")
    repository.commit({"a.md": TWO + LONG})
    found = documents_of(read(), repository.folder, tmp_path)
    assert {path: list(document.since) for path, document in found.items()} == {"a.md": [3], "b.md": [1]}


def test_a_file_that_was_deleted_and_is_there_again_stood_before(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE, "b.png": "x"})
    repository.commit({"a.md": None})
    repository.commit({"a.md": ONE})
    document = only(read())
    assert document.since == [3]
    assert [document.stood_at(1, number) for number in (1, 2)] == [True, False]
    assert [document.sections_at(number) for number in (1, 2, 3)] == [1, 0, 1]


def test_a_merge_by_hand_is_a_version(repository: GitRepository, read: Read) -> None:
    base = repository.commit({"a.md": ONE + TWO})
    repository.commit({"a.md": ONE.replace("first", "1st") + TWO})
    repository.commit({"a.md": ONE.replace("first", "one") + TWO}, branch="side", parents=[base])
    repository.commit({"a.md": ONE.replace("first", "only") + TWO}, parents=["main", "side"])
    assert only(read()).since == [4, 1]


def test_dates_that_run_backwards_do_not_change_the_order(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + TWO}, day=9)
    repository.commit({"a.md": ONE + TWO.replace("second", "2nd")}, day=3)
    assert only(read()).since == [1, 2]


def _state(found: LibraryHistory) -> object:
    ids = {number: id_ for number, (id_, _) in found.commits.items()}
    return ids, {id_: [ids.get(number) for number in document.since] for id_, document in found.documents.items()}


def test_what_is_added_to_the_index_is_what_a_new_index_has(repository: GitRepository, read: Read) -> None:
    """Also for a branch whose commits are older than those that are known."""
    base = repository.commit({"a.md": ONE + TWO})
    repository.commit({"a.md": ONE.replace("first", "1st") + TWO}, day=10)
    read()
    repository.commit({"a.md": ONE + TWO.replace("second", "2nd")}, branch="side", parents=[base], day=5, writes=False)
    repository.commit({"a.md": ONE.replace("first", "1st") + TWO.replace("second", "2nd")}, parents=["main", "side"])
    assert _state(read()) == _state(read(cache="other"))


def test_branches_are_read_once(repository: GitRepository, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    base = repository.commit({"a.md": ONE})
    repository.commit({"a.md": ONE + TWO}, branch="side", parents=[base], writes=False)
    repository.commit({"a.md": ONE.replace("first", "1st")})
    logged: list[int] = []
    changes = git.Repository.changes

    def counted(self: git.Repository, since: str = "", **options: bool) -> Iterator[git.Commit]:
        found = list(changes(self, since, **options))
        logged.append(len(found))
        return iter(found)

    monkeypatch.setattr(git.Repository, "changes", counted)
    assert only(read()).since == [2]
    repository.switch("side")
    repository.write({"a.md": ONE + TWO})
    found = read()
    assert only(found).since == [1, 2]
    assert _state(found) == _state(read(cache="other"))
    repository.switch("main")
    repository.write({"a.md": ONE.replace("first", "1st")})
    assert only(read()).since == [2]
    assert logged == [2, 1, 2, 1]


def test_a_history_that_was_rewritten_is_read_again(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE})
    repository.commit({"a.md": ONE + TWO})
    read()
    for name in ("a.md", "b.png"):
        repository.commit({name: ONE + TWO}, parents=[] if name == "a.md" else None)
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("prune", "--expire=now")
    found = read()
    assert only(found).since == [1, 1]
    assert len(found.commits) == 2
    assert _state(found) == _state(read(cache="other"))


def test_a_folder_of_the_repository_is_a_library(repository: GitRepository, read: Read, tmp_path: Path) -> None:
    repository.commit({"docs/a.md": ONE + LONG, "docs..old/x.md": TWO})
    repository.move("docs/a.md", "docs/b/a.md")
    assert only(read("docs")).since == [1]
    (tmp_path / "link").symlink_to(repository.folder / "docs")
    assert only(read("../link", cache="third")).since == [1]


def test_nothing_is_known_of_a_shallow_clone(repository: GitRepository, read: Read, tmp_path: Path) -> None:
    repository.commit({"a.md": ONE})
    repository.commit({"a.md": ONE + TWO})
    run_git(tmp_path, "clone", "-q", "--depth", "1", repository.folder.as_uri(), "clone")
    found = read("../clone")
    assert (found.is_shallow, found.documents, found.reason) == (True, {}, "")
    assert found.watched


def test_a_commit_is_found_by_the_beginning_of_its_id(repository: GitRepository, read: Read) -> None:
    commit = repository.commit({"a.md": ONE})
    found = read()
    assert [found.number_of(name) for name in (commit, commit[:8], "0" * 8, "0" * 40)] == [1, 1, None, None]


def test_contents_that_are_missing_are_left_out(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE})
    repository.commit({"a.md": ONE + TWO})
    blob = repository.git("rev-parse", "HEAD~1:a.md")
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert only(read()).since == [2, 2]


def test_renames_are_found_although_contents_are_missing(repository: GitRepository, read: Read) -> None:
    repository.commit({"a.md": ONE + LONG, "old.png": "x\n" * 99})
    repository.commit({"a.md": None, "b.md": ONE + LONG, "old.png": None, "new.png": "x\n" * 99 + "y\n"})
    blob = repository.git("rev-parse", "HEAD~1:old.png")
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = read()
    assert (found.reason, only(found).since) == ("", [1])


def test_many_contents_are_read_in_processes(
    repository: GitRepository, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit_all([{"a.md": f"{ONE}{number}\n{TWO}"} for number in range(30)])
    repository.write({"a.md": f"{ONE}29\n{TWO}"})
    monkeypatch.setattr(history, "_BATCH", 7)
    assert only(read()).since == [30, 1]


# The version of the source that a translation names.


def _hashes(text: str) -> dict[str, str]:
    data = text.encode()
    return {
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "crlf": hashlib.md5(data.replace(b"\n", b"\r\n"), usedforsecurity=False).hexdigest(),
        "blob": hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest(),
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["md5", "blob", *slow("sha256", "crlf")])
@pytest.mark.parametrize(
    "header",
    [
        '<!--\nMETADATA:\n{\n  "original_hash": "HASH",\n  "source_file": "a.md"\n}\n-->\n',
        "---\ntitle: x\nsource_sha256: HASH\n---\n",
        "+++\nsource_hash = 'HASH'\n+++\n",
    ],
)
def test_the_version_whose_hash_is_named_is_found(
    repository: GitRepository, read: Read, tmp_path: Path, header: str, kind: str
) -> None:
    text = "# Jeden\n\nTo jest pierwszy tekst po polsku, a nie po angielsku.\n"
    english = "# One\n\nThis is the first text, and it is in English, not in Polish.\n"
    repository.commit({"en/a.md": english})
    repository.commit({"en/a.md": english + "More of the text.\n"})
    repository.commit({"en/a.md": english + "And more of it.\n"})
    for content, commit in ((english, 1), (english + "And more of it.\n", 3), ("other", None)):
        files: Files = {"pl/a.md": header.replace("HASH", _hashes(content)[kind]) + text}
        repository.commit(files)
        found = read()
        document = documents_of(found, repository.folder, tmp_path)["pl/a.md"]
        assert document.source_commit == (found.commits[commit][0] if commit else "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["default_lang_commit", "sourceCommit", "l10n:\n  sourceCommit"])
def test_the_commit_that_is_named_is_read(repository: GitRepository, read: Read, name: str, newline: str) -> None:
    repository.commit({"a.md": f"---\ntitle: x\n{name}: 'abcdef0123'\n---\n{ONE}".replace("\n", newline)})
    assert only(read()).source_commit == "abcdef0123"


@pytest.mark.parametrize(
    ("seconds", "time"),
    [(0, "1970-01-01T00:00:00Z"), (1.9, "1970-01-01T00:00:01Z"), (1e18, ""), (-1e18, ""), (2**40, "")],
)
def test_a_time_that_no_calendar_has_is_no_date(seconds: float, time: str) -> None:
    assert format_time(seconds) == time


def test_a_commit_with_such_a_time_is_named_by_its_id() -> None:
    found = LibraryHistory(commits={1: ("c" * 40, 86400), 2: ("d" * 40, 99_999_999_999_999), 3: ("e" * 40, 1 << 62)})
    assert [found.date_of(number) for number in (1, 2, 3, None)] == ["1970-01-02", "d" * 10, "e" * 10, ""]
