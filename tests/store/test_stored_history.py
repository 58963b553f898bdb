"""The history of files in the index."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from relmgr_cli.health.git import Change, Commit
from relmgr_cli.store import history
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.history import (
    load_commits,
    load_fingerprints,
    load_histories,
    load_versions,
    repository_head,
    store_changes,
    store_commits,
    store_fingerprints,
    store_histories,
)

NUMBERS = {f"c{number}": number for number in range(1, 10)}


@pytest.fixture
def database() -> Iterator[Database]:
    opened = in_memory()
    yield opened
    opened.close()


def commit(number: int, *changes: str) -> Commit:
    """Return a commit with changes such as "M a.md" or "R old.md new.md"; their blobs are named by it."""
    found = []
    for change in changes:
        kind, *paths = change.split()
        found.append(Change(kind, paths[-1].encode(), paths[0].encode(), f"{paths[-1]}@{number}".encode().hex()))
    return Commit(f"c{number}", tuple(found))


def versions(database: Database, path: str, numbers: Mapping[str, int] = NUMBERS) -> list[tuple[int, str]]:
    found = load_versions(database, "/top", numbers, [path.encode()])[path.encode()]
    return [(version.number, bytes.fromhex(version.blob).decode()) for version in found]


def store(database: Database, *commits: Commit) -> None:
    store_changes(database, "/top", commits[::-1])


def test_versions_come_newest_first(database: Database) -> None:
    store(database, commit(1, "A a.md", "A b.md"), commit(2, "M b.md"), commit(3, "M a.md"))
    assert versions(database, "a.md") == [(3, "a.md@3"), (1, "a.md@1")]
    assert versions(database, "b.md") == [(2, "b.md@2"), (1, "b.md@1")]
    assert versions(database, "c.md") == []
    assert load_versions(database, "/other", NUMBERS, [b"a.md"]) == {b"a.md": []}


def test_versions_before_renames_are_followed(database: Database) -> None:
    store(
        database,
        commit(1, "A a.md"),
        commit(2, "R a.md b.md"),
        commit(3, "A a.md", "M b.md"),
        commit(4, "R b.md c.md"),
        commit(5, "R c.md a.md"),
    )
    assert versions(database, "a.md") == [(5, "a.md@5"), (4, "c.md@4"), (3, "b.md@3"), (2, "b.md@2"), (1, "a.md@1")]
    assert versions(database, "b.md") == [(3, "b.md@3"), (2, "b.md@2"), (1, "a.md@1")]


def test_a_circle_of_renames_ends(database: Database) -> None:
    store(database, *[commit(number, "R a.md b.md", "R b.md a.md") for number in range(1, 9)])
    assert len(versions(database, "a.md")) == 8


def test_a_file_that_was_deleted_has_an_empty_version(database: Database) -> None:
    store(database, commit(1, "A a.md"), commit(2, "D a.md"), commit(3, "A a.md"))
    assert versions(database, "a.md") == [(3, "a.md@3"), (2, ""), (1, "a.md@1")]


def test_only_commits_with_a_number_count(database: Database) -> None:
    store(database, commit(1, "A a.md"), commit(2, "M a.md"), commit(3, "M a.md"))
    assert versions(database, "a.md", {"c1": 1, "c3": 2}) == [(2, "a.md@3"), (1, "a.md@1")]


def test_the_same_commits_may_be_stored_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_BATCH", 2)
    commits = [commit(number, "M a.md") for number in range(1, 6)]
    store(database, *commits[:3])
    store(database, *commits)
    assert len(versions(database, "a.md")) == 5


def test_only_so_many_versions_are_looked_at(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MAX_VERSIONS", 3)
    store(database, *[commit(number, "M a.md") for number in range(1, 9)])
    assert [number for number, _ in versions(database, "a.md")] == [8, 7, 6]


def test_commits_are_those_of_the_head_that_was_stored_last(database: Database) -> None:
    assert repository_head(database, "/top") == (0, "")
    store(database)
    assert repository_head(database, "/top")[1] == ""
    store_commits(database, "/top", "c2", [("c2", 20), ("c1", 10)])
    assert load_commits(database, "/top", "c2") == {1: ("c1", 10), 2: ("c2", 20)}
    store_commits(database, "/top", "c9", [("c9", 90), ("c5", 50), ("c1", 10)])
    assert load_commits(database, "/top", "c9") == {1: ("c1", 10), 2: ("c5", 50), 3: ("c9", 90)}
    assert load_commits(database, "/top", "c2") == {}
    assert load_commits(database, "/other", "c9") == {}
    assert repository_head(database, "/top")[1] == "c9"


def test_repositories_are_apart(database: Database) -> None:
    for top, blob in (("/one", "aa"), ("/two", "bb")):
        store_changes(database, top, [Commit("c1", (Change("A", b"a.md", b"a.md", blob),))])
        store_commits(database, top, "c1", [("c1", 1)])
    for top, blob in (("/one", "aa"), ("/two", "bb")):
        assert [each.blob for each in load_versions(database, top, NUMBERS, [b"a.md"])[b"a.md"]] == [blob]


def test_fingerprints_are_kept_as_they_are(database: Database) -> None:
    values: dict[str, Sequence[int]] = {"aa": [0, (1 << 63) - 1, 5], "bb": []}
    values |= {f"{number:08x}": [number] for number in range(2000)}
    store_fingerprints(database, values)
    store_fingerprints(database, {"aa": [1]})  # of the same blob: never different
    found = load_fingerprints(database, [*values, "cc"])
    assert {blob: list(some) for blob, some in found.items()} == values


def test_histories_are_kept_with_what_they_were_made_from(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO documents (id, root, path, status, read_ns, revision, problems)"
            " VALUES (7, x'2f', x'61', '', 0, 3, x'5b5d')"
        )
    assert load_histories(database) == {}
    store_histories(database, "head", {7: (3, [[1], [2]]), 8: (1, [])})
    assert load_histories(database) == {7: (3, "head", [[1], [2]])}  # there is no document 8
