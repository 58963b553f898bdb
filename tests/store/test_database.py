import ast
import os
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relmgr_cli
from relmgr_cli.errors import Problem
from relmgr_cli.store.codec import pack, unpack, unpack_problems
from relmgr_cli.store.database import (
    Database,
    in_memory,
    is_corruption,
    library_key,
    open_database,
    with_memory_fallback,
)

ROOTS = [Path("/library")]
needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def articles_version(database: Database) -> int:
    ((value,),) = database.rows("SELECT value FROM meta WHERE key = 'articles_version'")
    return int(value)


def place(cache: Path) -> Path:
    with closing(open_database(cache, ROOTS)) as database:
        assert database.path
        return database.path


def is_usable(database: Database) -> bool:
    with database.writing() as connection:
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")
    return articles_version(database) == 1 and database.rows("SELECT count(*) FROM documents") == [(0,)]


def test_a_new_database_is_empty_and_on_disk_for_its_user_only(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "cache", ROOTS)) as database:
        assert database.notice == ""
        assert database.path is not None
        assert database.path.parent == tmp_path / "cache" / library_key(ROOTS)
        assert database.path.stat().st_mode & 0o077 == 0
        assert articles_version(database) == 0
        assert is_usable(database)


def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    with closing(open_database(tmp_path, ROOTS)) as database:
        assert is_usable(database)
    with closing(open_database(tmp_path, ROOTS)) as again:
        assert (articles_version(again), again.notice) == (1, "")


def test_each_library_has_a_database_of_its_own() -> None:
    libraries = [[Path("/a/notes")], [Path("/b/notes")], [Path("/a/notes"), Path("/b")], [Path("/b"), Path("/a/notes")]]
    keys = [library_key(roots) for roots in libraries]
    assert len(set(keys)) == 4
    assert keys[0].startswith("notes-")


@pytest.mark.parametrize("root", ["/", "/a/../..", "/żółw/[red]", "/\udcff", "/" + "x" * 200])
def test_the_key_of_a_library_is_a_plain_file_name(root: str) -> None:
    key = library_key([Path(root)])
    assert "/" not in key
    assert not key.startswith(".")
    assert len(key.encode()) < 100


def damage_as_text(path: Path) -> None:
    path.write_bytes(b"no database at all " * 100)


def damage_by_cutting(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def damage_header(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def become_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE places (x)")
        other.execute("PRAGMA application_id = 77")


def become_older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA user_version = 0")


def become_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as own:
        own.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize(
    "spoil", [damage_as_text, damage_by_cutting, damage_header, become_foreign, become_older, become_newer]
)
def test_a_database_that_cannot_be_used_is_rebuilt_with_a_notice(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = place(tmp_path)
    spoil(path)
    with closing(open_database(tmp_path, ROOTS)) as database:
        assert database.path == path
        assert "rebuilt" in database.notice
        assert is_usable(database)
    with closing(open_database(tmp_path, ROOTS)) as again:
        assert again.notice == ""
        assert articles_version(again) == 1


def test_an_empty_file_becomes_a_database_without_a_notice(tmp_path: Path) -> None:
    place(tmp_path).write_bytes(b"")
    with closing(open_database(tmp_path, ROOTS)) as database:
        assert database.notice == ""
        assert is_usable(database)


def test_a_cache_folder_that_is_a_file_leaves_the_database_in_memory(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine", encoding="utf-8")
    with closing(open_database(tmp_path / "cache", ROOTS)) as database:
        assert database.path is None
        assert "the index is in memory only" in database.notice
        assert is_usable(database)
    assert (tmp_path / "cache").read_text(encoding="utf-8") == "mine"


def test_a_folder_in_the_place_of_the_database_is_set_aside(tmp_path: Path) -> None:
    path = place(tmp_path)
    path.unlink()
    path.mkdir()
    (path / "mine").write_text("mine", encoding="utf-8")
    with closing(open_database(tmp_path, ROOTS)) as database:
        assert database.path == path
        assert is_usable(database)
    (set_aside,) = tmp_path.glob("*/*/mine")
    assert set_aside.read_text(encoding="utf-8") == "mine"


@needs_a_user
def test_a_cache_folder_that_cannot_be_written_leaves_the_database_in_memory(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with closing(open_database(tmp_path, ROOTS)) as database:
            assert database.path is None
            assert "Permission denied" in database.notice
            assert is_usable(database)
    finally:
        tmp_path.chmod(0o700)


def test_without_a_home_the_database_is_in_memory_and_says_so() -> None:
    with closing(open_database(None, ROOTS)) as database:
        assert database.path is None
        assert "no home folder" in database.notice


def test_what_fails_half_way_leaves_no_trace(tmp_path: Path) -> None:
    def fail_half_way(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE meta SET value = 7")
        connection.execute("no such statement")

    with closing(open_database(tmp_path, ROOTS)) as database:
        with pytest.raises(sqlite3.OperationalError), database.writing() as connection:
            fail_half_way(connection)
        assert articles_version(database) == 0
        assert is_usable(database)


def test_several_that_write_at_once_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.store.database._TIMEOUT", 1000)  # a busy machine makes them wait long

    def add_one(_: int) -> None:
        with closing(open_database(tmp_path, ROOTS)) as database, database.writing() as connection:
            connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'articles_version'")

    place(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(32)))
    with closing(open_database(tmp_path, ROOTS)) as database:
        assert articles_version(database) == 32


def test_a_reader_sees_the_old_state_until_the_writer_is_done(tmp_path: Path) -> None:
    with closing(open_database(tmp_path, ROOTS)) as writer, closing(open_database(tmp_path, ROOTS)) as reader:
        with writer.writing() as connection:
            connection.execute("UPDATE meta SET value = 5")
            assert articles_version(reader) == 0
        assert articles_version(reader) == 5


def test_a_database_in_memory_is_usable() -> None:
    with closing(in_memory()) as database:
        assert is_usable(database)


@pytest.mark.slow
@settings(deadline=None)
@given(st.recursive(st.text(st.characters()) | st.integers() | st.none(), st.lists))
def test_a_value_is_unpacked_as_it_was_packed(value: object) -> None:
    assert unpack(pack(value)) == value


def test_a_name_that_is_not_utf8_and_a_problem_with_it_are_stored() -> None:
    problems = (Problem("a\udcff.md", 3, "encoding", "é\udc80"), Problem("b", 0, "large", ""))
    assert unpack_problems(pack(problems)) == problems


def fault(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


def test_a_full_or_busy_disk_is_not_corruption_but_a_short_read_is() -> None:
    """The index of a user whose disk is full must still be there when there is room again."""
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_BUSY):
        assert not is_corruption(fault(code, "disk I/O error"))
    for code in (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        assert is_corruption(fault(code, "file is not a database"))


def test_a_copy_in_memory_replaces_an_unwritable_file(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(open_database(tmp_path, ROOTS)) as database, closing(open_database(tmp_path, ROOTS)) as other:
        assert is_usable(database)

        def work() -> int:
            if database.folder:
                database.connection.execute("BEGIN IMMEDIATE")  # and it cannot be rolled back either
                raise fault(sqlite3.SQLITE_FULL, "database or disk is full")
            with database.writing() as connection:
                connection.execute("UPDATE meta SET value = 7 WHERE key = 'articles_version'")
            return articles_version(database)

        assert with_memory_fallback(database, work, said.append) == 7
        assert articles_version(database) == 7
        assert articles_version(other) == 1
        assert said == [f"cannot write the index in {other.folder}: database or disk is full"]


@pytest.mark.slow
def test_no_statement_numbers_its_placeholders() -> None:
    """From Python 3.14 on, these take no sequence: use `?`, or names and a mapping."""
    package = Path(relmgr_cli.__file__).parent
    for path in package.rglob("*.py"):
        strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        numbered = [text for text in strings if isinstance(text, str) and re.search(r"(?<!\[)\?\d", text)]
        assert not numbered, path
