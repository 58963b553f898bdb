import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import documents_in
from support.files import age

from relmgr_cli.config import bundled_seeds
from relmgr_cli.corpus.files import FoundFile
from relmgr_cli.errors import LibraryMissingError, Problem
from relmgr_cli.store import file_reader
from relmgr_cli.store.articles import list_articles, list_problems, load_article
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.file_reader import FileRow
from relmgr_cli.store.name_lookup import find_article, problems_without_article
from relmgr_cli.store.sync import SyncReport, sync

Write = Callable[[str, str], Path]
needs_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(tmp_path_factory.mktemp("cache"), [Path("/library")])
    yield opened
    opened.close()


def articles_version(database: Database) -> int:
    ((value,),) = database.rows("SELECT value FROM meta WHERE key = 'articles_version'")
    return int(value)


def texts(database: Database) -> dict[str, str]:
    return {d.path: d.blocks[0].text if d.blocks else "" for d in documents_in(database)}


def counts(report: SyncReport) -> tuple[int, int]:
    return report.read, report.removed


def test_the_bundled_articles_are_read_paired_and_stored(database: Database) -> None:
    assert counts(sync(database, [bundled_seeds()])) == (2, 0)
    (summary,) = list_articles(database)
    article = load_article(database, summary.number)
    assert (summary.languages, summary.sections, article.highlights) == (("pl", "ru"), 6, "4")
    assert [bead.section for bead in article.units] == [
        *("1", "1", "2", "2", "2", "2", "3", "3", "3"),
        *("3.1",) * 5,
        *("3.2",) * 4,
        *("4",) * 4,
    ]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, write: Write, database: Database) -> None:
    age(write("a.md", "one"), write("b/c.md", "two"))
    assert counts(sync(database, [tmp_path])) == (2, 0)
    before = articles_version(database)
    assert counts(sync(database, [tmp_path])) == (0, 0)
    assert articles_version(database) == before


def test_each_change_of_the_files_is_found_and_starts_a_version(
    tmp_path: Path, write: Write, database: Database
) -> None:
    versions = [articles_version(database)]

    def look() -> tuple[int, int]:
        found = counts(sync(database, [tmp_path]))
        versions.append(articles_version(database))
        return found

    age(write("a.md", "one"))
    assert (look(), texts(database)) == ((1, 0), {"a.md": "one"})
    age(write("b.md", "two"))
    assert (look(), texts(database)) == ((1, 0), {"a.md": "one", "b.md": "two"})
    write("a.md", "three")
    age(tmp_path / "a.md")
    assert (look(), texts(database)) == ((1, 0), {"a.md": "three", "b.md": "two"})
    (tmp_path / "a.md").rename(tmp_path / "z.md")
    assert (look(), texts(database)) == ((1, 1), {"b.md": "two", "z.md": "three"})
    (tmp_path / "b.md").unlink()
    assert (look(), texts(database)) == ((0, 1), {"z.md": "three"})
    assert versions == sorted(set(versions))


def test_a_change_of_the_same_size_is_seen_by_its_time(tmp_path: Path, write: Write, database: Database) -> None:
    age(write("a.md", "one"))
    sync(database, [tmp_path])
    write("a.md", "two")
    assert counts(sync(database, [tmp_path])) == (1, 0)
    assert texts(database) == {"a.md": "two"}


def test_a_change_of_the_same_size_within_a_tick_of_the_clock_is_seen(
    tmp_path: Path, write: Write, database: Database
) -> None:
    path = write("a.md", "one")
    now = path.stat().st_mtime_ns
    sync(database, [tmp_path])
    path.write_text("two", encoding="utf-8")
    os.utime(path, ns=(now, now))
    sync(database, [tmp_path])
    assert texts(database) == {"a.md": "two"}


def test_a_file_put_in_the_place_of_another_is_seen_by_its_inode(
    tmp_path: Path, write: Write, database: Database
) -> None:
    age(write("a.md", "one"), write("b.md", "two"))
    sync(database, [tmp_path])
    os.replace(tmp_path / "b.md", tmp_path / "a.md")
    assert counts(sync(database, [tmp_path])) == (1, 1)
    assert texts(database) == {"a.md": "two"}


def test_a_file_read_again_without_a_change_starts_no_version(tmp_path: Path, write: Write, database: Database) -> None:
    path = write("a.md", "one")
    age(path)
    sync(database, [tmp_path])
    before = articles_version(database)
    path.touch()
    assert counts(sync(database, [tmp_path])) == (1, 0)
    assert articles_version(database) == before
    assert len(list_articles(database)) == 1


def test_a_translation_that_is_added_joins_its_article(tmp_path: Path, database: Database) -> None:
    first, second = sorted(bundled_seeds().iterdir())
    (tmp_path / "a.md").write_bytes(first.read_bytes())
    sync(database, [tmp_path])
    assert [summary.paired_by for summary in list_articles(database)] == ["alone"]
    (tmp_path / "b.md").write_bytes(second.read_bytes())
    sync(database, [tmp_path])
    assert [(summary.paired_by, summary.languages) for summary in list_articles(database)] == [
        ("structure", ("pl", "ru"))
    ]
    (tmp_path / "a.md").unlink()
    sync(database, [tmp_path])
    assert [(summary.paired_by, len(summary.documents)) for summary in list_articles(database)] == [("alone", 1)]


def test_a_document_comes_back_from_the_database_as_it_was_read(
    tmp_path: Path, write: Write, database: Database
) -> None:
    from relmgr_cli.corpus.document_builder import parse_document

    text = "---\ntitle: x: y\ndescription: D\nkeywords: a, b\nlang: pl\n---\n## A {#a}\n\n- [x] *b*\n\n|c|\n|-|\n|d|\n"
    write("ż/a.md", text)
    sync(database, [tmp_path])
    (document,) = documents_in(database)
    assert document == parse_document(text, str(tmp_path), "ż/a.md")


def test_a_bad_file_is_a_problem_and_the_others_are_read(tmp_path: Path, write: Write, database: Database) -> None:
    age(write("good.md", "text"), write("broken.md", "---\ntitle: a: b\n---\ntext"))
    (tmp_path / "binary.md").write_bytes(b"\0\1\2\3" * 100)
    (tmp_path / "large.md").write_bytes(b"x" * ((8 << 20) + 1))
    age(tmp_path / "binary.md", tmp_path / "large.md")
    os.mkfifo(tmp_path / "pipe.md")
    report = sync(database, [tmp_path])
    assert report.problems == (Problem("pipe.md", 0, "unreadable", "not a regular file", str(tmp_path)),)
    assert [(problem.path, problem.line, problem.code) for problem in list_problems(database)] == [
        ("binary.md", 0, "unreadable"),
        ("broken.md", 2, "front-matter"),
        ("large.md", 0, "unreadable"),
    ]
    assert [problem.path for problem in problems_without_article(database)] == ["binary.md", "large.md"]
    assert list(texts(database)) == ["broken.md", "good.md"]
    assert counts(sync(database, [tmp_path])) == (0, 0)


def test_a_bad_file_that_is_mended_is_read(tmp_path: Path, write: Write, database: Database) -> None:
    (tmp_path / "a.md").write_bytes(b"\0" * 100)
    sync(database, [tmp_path])
    write("a.md", "mended")
    sync(database, [tmp_path])
    assert texts(database) == {"a.md": "mended"}
    assert list_problems(database) == ()


def test_a_name_and_a_text_that_are_not_utf8_are_stored(tmp_path: Path, database: Database) -> None:
    name = os.fsdecode(b"\xbf\xf3w.md")
    try:
        (tmp_path / name).write_bytes("## Zażółć\n\ngęślą jaźń ".encode() + b"\xff i koniec")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    sync(database, [tmp_path])
    (document,) = documents_in(database)
    assert document.path == name
    assert document.blocks[1].text == "gęślą jaźń \udcff i koniec"
    assert [problem.path for problem in list_problems(database)] == [name]
    assert find_article(database, "1", None)[0] == 1


def test_files_of_several_folders_are_one_library(tmp_path: Path, write: Write, database: Database) -> None:
    write("one/a.md", "first")
    write("two/a.md", "second")
    assert counts(sync(database, [tmp_path / "one", tmp_path / "two"])) == (2, 0)
    assert [(d.root, d.path) for d in documents_in(database)] == [
        (str(tmp_path / "one"), "a.md"),
        (str(tmp_path / "two"), "a.md"),
    ]


def test_everything_the_result_depends_on_is_reported(tmp_path: Path, write: Write, database: Database) -> None:
    write("a/b.md", "text")
    watched = {path for path in sync(database, [tmp_path]).watched if Path(path).exists()}
    assert watched == {
        str(tmp_path),
        str(tmp_path / "a"),
        str(tmp_path / "a" / "b.md"),
    }


def test_a_file_that_would_change_the_rules_is_watched_before_it_exists(tmp_path: Path, database: Database) -> None:
    watched = sync(database, [tmp_path]).watched
    assert {str(tmp_path / name) for name in ("relmgr.toml", ".git")} <= {*watched}
    assert str(tmp_path.parent / "relmgr.toml") in watched


def test_a_library_that_is_gone_is_an_error_and_what_was_read_stays(
    tmp_path: Path, write: Write, database: Database
) -> None:
    write("library/a.md", "text")
    sync(database, [tmp_path / "library"])
    (tmp_path / "library").rename(tmp_path / "elsewhere")
    with pytest.raises(LibraryMissingError):
        sync(database, [tmp_path / "library"])
    assert texts(database) == {"a.md": "text"}


@needs_a_user
def test_files_in_an_unreadable_folder_stay_in_the_index(tmp_path: Path, write: Write, database: Database) -> None:
    closed = write("a/b.md", "text").parent
    sync(database, [tmp_path])
    closed.chmod(0)
    try:
        report = sync(database, [tmp_path])
        assert [problem.path for problem in report.problems] == ["a"]
        assert texts(database) == {"a/b.md": "text"}
    finally:
        closed.chmod(0o700)


def test_two_programs_that_look_at_once_agree(
    tmp_path: Path, write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("a.md", "one")
    cache = tmp_path_factory.mktemp("cache")
    first, second = (open_database(cache, [tmp_path]) for _ in range(2))
    sync(first, [tmp_path])
    write("b.md", "two")
    sync(second, [tmp_path])
    assert texts(first) == texts(second) == {"a.md": "one", "b.md": "two"}
    first.close()
    second.close()


def many_files(folder: Path) -> None:
    """Write files of several languages, among them some that cannot be read or have problems."""
    for number in range(60):
        for language, text in (("en", "The house is old, the garden is large"), ("pl", "Dom jest stary, a ogród duży")):
            path = folder / language / f"{number}.md"
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(f"# {number}\n\n{text}.\n\n- one\n- two\n\n## See\n\n[x]({number + 1}.md)\n", "utf-8")
    (folder / "en" / "binary.md").write_bytes(b"\0\1\2" * 100)
    (folder / "en" / "latin.md").write_bytes("Ça va être très difficile à lire".encode("latin-1"))
    age(*folder.rglob("*.md"))


def stored(database: Database) -> list[tuple[object, ...]]:
    return database.rows(
        "SELECT id, path, status, article, language, detected, state, summary, content, targets, traits, problems"
        " FROM documents ORDER BY id"
    ) + database.rows("SELECT number, id, members FROM articles ORDER BY number")


def read_in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reader, "_MIN_PARALLEL_FILES", 1)
    monkeypatch.setattr("relmgr_cli.processes.usable_cores", lambda: 2)
    monkeypatch.setattr("relmgr_cli.store.sync._BATCH", 40)


@pytest.mark.slow
def test_several_processes_store_what_one_stores(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_files(tmp_path)
    assert counts(sync(database, [tmp_path])) == (122, 0)
    other = open_database(tmp_path_factory.mktemp("other"), [tmp_path])
    read_in_processes(monkeypatch)
    monkeypatch.setattr(file_reader, "_read_row", only_elsewhere(file_reader._read_row, os.getpid()))  # noqa: SLF001
    reports: list[tuple[int, int]] = []
    assert counts(sync(other, [tmp_path], lambda done, total: reports.append((done, total)))) == (122, 0)
    assert reports == [(number, 122) for number in range(122)]
    assert stored(other) == stored(database)
    other.close()


@pytest.mark.slow
def test_a_killed_process_loses_no_file(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    many_files(tmp_path)
    read_in_processes(monkeypatch)
    monkeypatch.setattr(file_reader, "_read_row", killed_elsewhere(file_reader._read_row, os.getpid()))  # noqa: SLF001
    assert counts(sync(database, [tmp_path])) == (122, 0)
    assert len(documents_in(database)) == 121


@pytest.mark.slow
def test_an_interruption_keeps_the_finished_batches_of_several_processes(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_files(tmp_path)
    read_in_processes(monkeypatch)

    def stop(done: int, _: int) -> None:
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(database, [tmp_path], stop)
    assert not multiprocessing.active_children()
    assert database.value("SELECT count(*) FROM documents") == 80
    assert counts(sync(database, [tmp_path])) == (42, 0)


def only_elsewhere(read: Callable[[FoundFile], FileRow], parent: int) -> Callable[[FoundFile], FileRow]:
    """Return `read`, which must not be called in the parent process."""

    def read_elsewhere(file: FoundFile) -> FileRow:
        assert os.getpid() != parent
        return read(file)

    return read_elsewhere


def killed_elsewhere(read: Callable[[FoundFile], FileRow], parent: int) -> Callable[[FoundFile], FileRow]:
    """Return `read`, which kills every other process."""

    def read_or_die(file: FoundFile) -> FileRow:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(file)

    return read_or_die


def test_a_sync_of_unchanged_files_does_not_read_their_contents(database: Database) -> None:
    ((*_, plan),) = database.rows("EXPLAIN QUERY PLAN SELECT root, path, status, read_ns FROM documents")
    assert "COVERING INDEX documents_as_read" in plan
