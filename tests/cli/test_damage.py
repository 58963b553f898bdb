"""Damaged, missing and foreign files of the index: outputs stay right, and a rebuild is reported in one line."""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Relmgr
from support.files import age
from support.marks import slow
from support.search_library import GARDEN, KITCHEN
from support.terminal import in_terminal

from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import _schema

COMMANDS = (
    ("list", "--json"),
    ("show", "the-garden", "--lang", "pl,ru", "--json"),
    ("search", "dog", "--json"),
    ("search", "spade hose", "--json"),
    ("search", "who sleeps in the kitchen", "--json"),
)
REBUILT = (
    "relmgr: the index was unreadable and has been rebuilt",
    "relmgr: the full-text index was corrupt and has been rebuilt",
)
Damage = Callable[[Path], None]


class IndexedLibrary(NamedTuple):
    """A library and its index."""

    root: Path
    relmgr: Relmgr
    folder: Path  # its folder in the cache
    expected: list[tuple[int, str]]

    def outputs(self) -> tuple[list[tuple[int, str]], list[str]]:
        shutil.rmtree(self.folder.parent / "output", ignore_errors=True)
        results = [self.relmgr("-C", self.root, *command) for command in COMMANDS]
        return [result[:2] for result in results], [line for result in results for line in result.err.splitlines()]

    def copy(self) -> Path:
        copy = Path.home() / "copy"
        shutil.copytree(self.folder, copy)
        return copy

    def restore(self, copy: Path) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(copy, self.folder)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for a library, a home with its index, and what it answers; the first test fills it."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "library").mkdir()
    for name, text in (GARDEN | KITCHEN).items():
        (folder / "library" / name).write_text(text, encoding="utf-8")
    age(folder / "library")
    return folder


def build(folder: Path, relmgr: Relmgr) -> None:
    """Index the library in the home `folder`, and store what it answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        answers = [relmgr("-C", folder / "library", *command)[:2] for command in (("index",), *COMMANDS)]
    (folder / "answers.json").write_text(json.dumps(answers[1:]))
    shutil.rmtree(folder / ".cache/relmgr/output")
    leave_a_log(folder)


def leave_a_log(home: Path) -> None:
    """Leave a write-ahead log next to the database, like a process that is killed after a write."""
    (path,) = home.glob(".cache/relmgr/library-*/index*.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE documents SET read_ns = read_ns + 1")
        connection.commit()
        shutil.copytree(home / ".cache", home / "killed")
    shutil.rmtree(home / ".cache")
    (home / "killed").rename(home / ".cache")


@pytest.fixture
def indexed(built: Path, relmgr: Relmgr) -> IndexedLibrary:
    if not (built / "answers.json").exists():
        build(built, relmgr)
    shutil.copytree(built / ".cache", Path.home() / ".cache")
    folder = next(Path.home().glob(".cache/relmgr/library-*"))
    expected = [(code, out) for code, out in json.loads((built / "answers.json").read_text())]
    return IndexedLibrary(built / "library", relmgr, folder, expected)


def files_of(folder: Path) -> list[Path]:
    """Return all files that are not empty, except the shared memory of SQLite, which it recreates."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    return sorted(path for path in found if path.suffix != ".db-shm")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def become_text(path: Path) -> None:
    path.write_bytes(b"not what it was\n" * 99)


def become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def remove(path: Path) -> None:
    path.unlink()


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0" * 4096)


def lead_elsewhere(path: Path) -> None:
    target = path.with_name("elsewhere")
    target.write_bytes(b"somebody else's")
    path.unlink()
    path.symlink_to(target)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [cut, *slow(empty, become_text, become_folder, remove, grow, lead_elsewhere)])
def test_damage_to_any_file_changes_no_output(indexed: IndexedLibrary, damage: Damage) -> None:
    copy = indexed.copy()
    kinds = {path.suffix or path.name: path for path in files_of(indexed.folder)}
    assert {".db", ".db-wal", ".json", ".term", ".idx", ".store"} <= set(kinds)
    for path in [*kinds.values(), indexed.folder / "lock", indexed.folder / "encoding"]:
        indexed.restore(copy)
        damage(path)
        found, lines = indexed.outputs()
        assert found == indexed.expected, path
        assert len([line for line in lines if line in REBUILT]) <= 2, lines


def text_is_a_link(folder: Path) -> None:
    (text,) = folder.glob("text-*")
    outside = folder.parents[2] / "outside"
    text.rename(outside)
    (outside / "meta.json").write_text("{}")
    text.symlink_to(outside)


def text_is_a_file(folder: Path) -> None:
    (text,) = folder.glob("text-*")
    shutil.rmtree(text)
    text.write_text("mine")


def text_is_gone(folder: Path) -> None:
    (text,) = folder.glob("text-*")
    shutil.rmtree(text)


def version(number: int) -> Damage:
    def set_version(folder: Path) -> None:
        (path,) = folder.glob("index*.db")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {number}")

    return set_version


def foreign(folder: Path) -> None:
    (path,) = folder.glob("index*.db")
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (a)")


def log_of_another(folder: Path) -> None:
    (path,) = folder.glob("index*.db")
    Path(f"{path}-wal").write_bytes(random.Random(7).randbytes(8192))  # noqa: S311
    Path(f"{path}-shm").write_bytes(random.Random(8).randbytes(32768))  # noqa: S311


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage", [text_is_gone, version(9999), *slow(text_is_a_link, text_is_a_file, version(1), foreign)]
)
def test_databases_of_other_versions_and_programs_are_rebuilt(indexed: IndexedLibrary, damage: Damage) -> None:
    damage(indexed.folder)
    found, lines = indexed.outputs()
    assert found == indexed.expected
    assert len(lines) == 1
    assert lines[0] in REBUILT
    assert indexed.outputs() == (indexed.expected, [])


@pytest.mark.slow
def test_a_log_of_another_database_is_ignored(indexed: IndexedLibrary) -> None:
    log_of_another(indexed.folder)
    assert indexed.outputs()[0] == indexed.expected
    assert indexed.outputs() == (indexed.expected, [])


def test_a_link_in_place_of_the_full_text_is_not_followed_when_it_is_removed(indexed: IndexedLibrary) -> None:
    text_is_a_link(indexed.folder)
    indexed.outputs()
    assert (indexed.folder.parents[2] / "outside/meta.json").exists()
    assert not any(path.is_symlink() for path in indexed.folder.iterdir())


def test_an_invalid_lock_does_not_prevent_a_rebuild(indexed: IndexedLibrary) -> None:
    (indexed.folder / "lock").unlink()
    (indexed.folder / "lock").mkdir()
    cut(next(indexed.folder.glob("index*.db")))
    found, lines = indexed.outputs()
    assert (found, lines) == (indexed.expected, ["relmgr: the index is corrupt; rebuilding it"])


def test_an_incomplete_full_text_index_is_rebuilt(indexed: IndexedLibrary) -> None:
    import tantivy

    (text,) = indexed.folder.glob("text-*")
    commit = json.loads((text / "meta.json").read_text())["opstamp"]
    writer = tantivy.Index.open(str(text)).writer()
    writer.delete_all_documents()
    writer.commit()
    meta = json.loads((text / "meta.json").read_text())
    (text / "meta.json").write_text(json.dumps(meta | {"opstamp": commit}))
    found, lines = indexed.outputs()
    assert (found, lines) == (indexed.expected, list(REBUILT[1:]))


@pytest.mark.slow
@pytest.mark.parametrize("damage", [cut, become_folder, *slow(empty, become_text, remove)])
def test_damaged_state_files_are_ignored(indexed: IndexedLibrary, damage: Damage) -> None:
    indexed.relmgr("-C", indexed.root, "search", "dog")
    indexed.relmgr("-C", indexed.root, "show", "1")
    state = Path.home() / ".local/state/relmgr"
    files = [path for path in state.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} == {"last-read", "last-search"}
    for path in files:
        damage(path)
    hit = indexed.relmgr("-C", indexed.root, "show", "--hit", "1")
    assert (hit.code, hit.out) == (2, "")
    article = indexed.relmgr("-C", indexed.root, "show")
    assert (article.code, article.err.startswith("relmgr: which article?")) == (2, True)
    assert indexed.outputs()[0] == indexed.expected


@pytest.mark.parametrize("cache", ["/dev/null", "/proc", "/nowhere/at/all", "relative"])
def test_without_a_usable_cache_folder_outputs_are_right_and_one_line_is_printed(
    indexed: IndexedLibrary, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    if cache == "/nowhere/at/all" and os.geteuid() == 0:
        pytest.skip("root may make it")
    monkeypatch.chdir(indexed.root.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    found, lines = indexed.outputs()
    assert found == indexed.expected
    assert len(set(lines)) == (cache != "relative"), lines


@pytest.mark.slow
def test_without_a_home_the_outputs_are_right(indexed: IndexedLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.config._user_folders", lambda: (None, None, None))
    found, lines = indexed.outputs()
    assert found == indexed.expected
    assert set(lines) == {"relmgr: the index is in memory only: there is no home folder"}


def test_a_hit_whose_file_was_deleted_is_an_error(relmgr: Relmgr, tmp_path: Path) -> None:
    for name, text in (GARDEN | KITCHEN).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    relmgr("-C", tmp_path, "search", "--exact", "spade")
    for path in tmp_path.glob("garden*"):
        path.unlink()
    shown = relmgr("-C", tmp_path, "show", "--hit", "1")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("relmgr: hit 1 no longer exists: the library has changed; run relmgr -C ")


@pytest.mark.slow
def test_an_index_deleted_while_open_still_gives_an_output(indexed: IndexedLibrary) -> None:
    from relmgr_cli.store.articles import list_articles
    from relmgr_cli.store.database import open_database

    with closing(open_database(indexed.folder.parent, [indexed.root])) as database:
        shutil.rmtree(indexed.folder)
        assert len(list_articles(database)) == 2
        assert indexed.outputs()[0] == indexed.expected
        assert len(list_articles(database)) == 2
    assert indexed.outputs() == (indexed.expected, [])


class PanicException(BaseException):
    """Stands for a panic of the engine."""


@pytest.mark.slow
@pytest.mark.parametrize("error", [PanicException("range end index 9"), ValueError("corrupt"), OSError("corrupt")])
def test_an_unreadable_full_text_index_is_rebuilt(
    indexed: IndexedLibrary, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """A disk may rot under an unchanged time and size: then the engine is the first to see it."""
    from relmgr_cli.search import retrieval

    find_headings, left = retrieval.find_headings, [error]

    def fail_once(*args: Any) -> Any:
        if left:
            raise left.pop()
        return find_headings(*args)

    monkeypatch.setattr(retrieval, "find_headings", fail_once)
    found, lines = indexed.outputs()
    assert found == indexed.expected
    assert lines == ["relmgr: the index is corrupt; rebuilding it"]
    assert indexed.outputs() == (indexed.expected, [])


def test_a_full_text_index_of_another_program_is_rebuilt(indexed: IndexedLibrary) -> None:
    """With as many sections and of the same commit, but of another index."""
    import tantivy

    (text,) = indexed.folder.glob("text-*")
    expected = json.loads((text / "meta.json").read_text())["opstamp"]
    sections = tantivy.Index.open(str(text)).searcher().num_docs
    token = text.name.removeprefix("text-")
    shutil.rmtree(text)
    text.mkdir()
    writer = tantivy.Index(_schema(f"{token}x"), str(text)).writer()
    for section in range(sections):
        entry = tantivy.Document()
        for name, value in (("document", 99), ("stamp", 99), ("section", section)):
            entry.add_unsigned(name, value)
        writer.add_document(entry)
    writer.commit()
    meta = json.loads((text / "meta.json").read_text())
    (text / "meta.json").write_text(json.dumps(meta | {"opstamp": expected}))
    found, lines = indexed.outputs()
    assert found == indexed.expected
    assert lines == ["relmgr: the full-text index was corrupt and has been rebuilt"]


def test_a_library_that_another_process_changes_meanwhile_is_searched_again(
    indexed: IndexedLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    from relmgr_cli.search import ranking, retrieval
    from relmgr_cli.store.article_builder import LibraryChangedError

    rank, left = ranking.rank, [LibraryChangedError(), KeyError("pl")]

    def fail_twice(catalogue: Database, *args: Any) -> Any:
        if left:
            with catalogue.writing() as connection:
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")
            raise left.pop()
        return rank(catalogue, *args)

    monkeypatch.setattr(retrieval, "rank", fail_twice)
    assert indexed.outputs() == (indexed.expected, [])


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["overwritten", *slow("deleted", "cut off")])
def test_the_reader_goes_on_when_its_index_is_harmed_under_it(damage: str, tmp_path: Path, relmgr: Relmgr) -> None:
    (tmp_path / "a.md").write_text("# Title\n\nThere is a conflict.\n\n## Part\n\nAnd its end.\n")
    relmgr("-C", tmp_path, "index")
    terminal = in_terminal("-C", str(tmp_path), "read")
    terminal.settle(after=b"\x1b[?1049h")
    (database,) = Path.home().glob(".cache/relmgr/*/index-*.db")
    if damage == "deleted":
        database.unlink()
    else:
        with database.open("r+b") as file:
            file.truncate(100) if damage == "cut off" else file.write(bytes(8192))
    for key in ("]", "s", "conflict", "\r", "\x1b", "q"):
        terminal.settle()
        terminal.press(key)
    seen = terminal.end()
    assert (seen.code, set(seen.modes)) == (0, set())
    assert b"Traceback" not in seen.written
    assert "conflict" in relmgr("-C", tmp_path, "search", "conflict", "--exact").out
