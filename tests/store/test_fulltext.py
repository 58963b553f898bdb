import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.store import fulltext
from relmgr_cli.store.database import Database, in_memory, open_database
from relmgr_cli.store.fulltext import FullText, open_fulltext
from relmgr_cli.store.indexer import SectionIndexer, section_key
from relmgr_cli.store.sync import sync

GARDENER = {"garden 0", "garden 1", "garden 2"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN, KITCHEN) as library:
        yield library


def is_whole(database: Database, text: FullText) -> bool:
    return fulltext.is_intact(database, text.engine)


def entries(text: FullText) -> int:
    return int(text.engine.searcher().num_docs)


def folder_of(library: Library) -> Path:
    assert library.database.path
    return library.database.path.parent / f"text-{library.database.get('fulltext_id')}"


def test_every_section_is_an_entry(library: Library) -> None:
    text = library.open()
    assert entries(text) == text.sections == 3 * 3 + 2 * 2
    assert is_whole(library.database, text)


def test_what_has_not_changed_is_not_read_again(library: Library) -> None:
    library.open()
    sync(library.database, [library.root])
    reports: list[tuple[int, int]] = []
    open_fulltext(library.database, lambda done, todo: reports.append((done, todo)))
    assert reports == []
    library.write("kitchen.en.md", KITCHEN["kitchen.en.md"].replace("sleeps", "barks"))
    sync(library.database, [library.root])
    open_fulltext(library.database, lambda done, todo: reports.append((done, todo)))
    assert reports == [(1, 1)]


def test_a_changed_file_is_found_by_its_new_words_only(library: Library) -> None:
    assert library.section_ids("spade") == ["garden 2"]
    library.write("garden.en.md", GARDEN["garden.en.md"].replace("spade", "shovel"))
    assert library.section_ids("shovel") == ["garden 2"]
    assert library.section_ids("spade") == []
    assert is_whole(library.database, library.open())


def test_a_removed_file_is_found_no_more(library: Library) -> None:
    assert library.section_ids("spade") == ["garden 2"]
    (library.root / "garden.en.md").unlink()
    assert library.section_ids("spade") == []
    assert library.section_ids("lopata") == ["garden 2"]
    assert is_whole(library.database, library.open())


def test_a_renamed_file_is_found_once_at_its_new_place(library: Library) -> None:
    library.open()
    for name in KITCHEN:
        (library.root / name).rename(library.root / name.replace("kitchen", "house"))
    (hit,) = library.search("sleeps").hits
    assert {match.path for match in hit.matches} == {"house.en.md", "house.pl.md"}
    assert is_whole(library.database, library.open())


def test_a_file_that_is_no_text_any_more_is_found_no_more(library: Library) -> None:
    library.open()
    (library.root / "garden.en.md").write_bytes(b"\x00" * 100)
    assert library.section_ids("spade") == []
    assert is_whole(library.database, library.open())


def cut_every_file(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:5])


def spoil_meta(folder: Path) -> None:
    (folder / "meta.json").write_text("{}")


def empty_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def become_foreign(folder: Path) -> None:
    import tantivy

    shutil.rmtree(folder)
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True)
    tantivy.Index(builder.build(), str(folder)).writer().commit()


DAMAGE = [shutil.rmtree, cut_every_file, spoil_meta, empty_folder, become_foreign]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_corrupt_full_text_is_rebuilt_and_the_answers_are_right(
    library: Library, relmgr: Relmgr, damage: Callable[[Path], None]
) -> None:
    command = ("-C", library.root, "search", "--exact", "dog", "--json")
    before = relmgr(*command)
    assert before.code == 0
    (folder,) = Path.home().glob(".cache/relmgr/*/text-*")
    damage(folder)
    again = relmgr(*command)
    assert (again.code, again.out) == (before.code, before.out)
    assert again.err.count("\n") <= 1
    assert relmgr(*command) == before
    assert len(list(Path.home().glob(".cache/relmgr/*/text-*"))) == 1


def test_a_full_text_that_lacks_something_is_rebuilt_with_a_notice(library: Library, relmgr: Relmgr) -> None:
    command = ("-C", library.root, "search", "--exact", "dog", "--plain")
    before = relmgr(*command)
    (folder,) = Path.home().glob(".cache/relmgr/*/text-*")
    import tantivy

    writer = tantivy.Index.open(str(folder)).writer()
    writer.delete_all_documents()
    writer.commit()
    del writer
    again = relmgr(*command)
    assert again.out == before.out
    assert again.err.splitlines()[0] == "relmgr: the full-text index was corrupt and has been rebuilt"
    assert relmgr(*command) == before


class KilledError(Exception):
    """Simulates the end of a process."""


def test_killed_between_the_two_commits_the_next_run_does_it_once_more(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.open()
    library.write("garden.en.md", GARDEN["garden.en.md"].replace("spade", "shovel"))
    library.write("new.md", "# A barn\n\nOwls live in the barn, and they are never seen.\n")

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(fulltext, "add_word_forms", die)
        with pytest.raises(KilledError):
            library.open()
    assert library.section_ids("shovel") == ["garden 2"]
    assert library.section_ids("spade") == []
    assert library.section_ids("owls") == ["new 0"]
    text = library.open()
    assert is_whole(library.database, text)
    assert entries(text) == text.sections


def test_killed_on_the_first_run_nothing_is_there_twice(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(fulltext, "add_word_forms", die)
        with pytest.raises(KilledError):
            library.open()
    text = library.open()
    assert is_whole(library.database, text)
    assert entries(text) == 13


def test_batches_make_the_same_full_text(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_BATCH", 2)
    reports: list[tuple[int, int]] = []
    sync(library.database, [library.root])
    text = open_fulltext(library.database, lambda done, todo: reports.append((done, todo)))
    assert is_whole(library.database, text)
    assert reports == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert len(library.section_ids("dog")) == 2


def test_an_interrupted_run_goes_on_where_it_stopped(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_BATCH", 2)
    sync(library.database, [library.root])

    def stop(done: int, _: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_fulltext(library.database, stop)
    reports: list[tuple[int, int]] = []
    text = open_fulltext(library.database, lambda done, todo: reports.append((done, todo)))
    assert is_whole(library.database, text)
    assert reports == [(1, 3), (2, 3), (3, 3)]


def test_what_is_found_in_another_state_of_a_document_is_not_used(library: Library) -> None:
    """Between reading a file and indexing it, the full-text index has the old text."""
    text = library.open()
    library.database.connection.execute(
        "UPDATE documents SET revision = revision + 1 WHERE path = CAST('garden.en.md' AS BLOB)"
    )
    from relmgr_cli.search.results import search
    from relmgr_cli.search.retrieval import Scope

    assert search(library.database, text, "spade", Scope()).hits == ()
    assert len(search(library.database, text, "lopata", Scope()).hits) == 1


def test_while_another_process_writes_what_is_there_serves(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_TIMEOUT", 0.1)
    other = library.open().engine.writer()
    library.write("new.md", "# A barn\n\nOwls live in the barn.\n")
    assert library.section_ids("owls") == []
    assert library.section_ids("lopata") == ["garden 2"]
    del other
    assert library.section_ids("owls") == ["new 0"]


def test_what_another_process_has_not_finished_is_not_corruption(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "_TIMEOUT", 0.1)
    monkeypatch.setattr(fulltext, "_BATCH", 2)
    sync(library.database, [library.root])

    def stop(done: int, _: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_fulltext(library.database, stop)
    import tantivy

    other = tantivy.Index.open(str(folder_of(library))).writer()
    assert is_whole(library.database, open_fulltext(library.database))
    del other


@pytest.mark.slow
def test_rebuilding_leaves_one_folder(library: Library, relmgr: Relmgr) -> None:
    for _ in range(3):
        relmgr("-C", library.root, "search", "--exact", "dog")
        (database,) = Path.home().glob(".cache/relmgr/*/index-*.db")
        database.write_bytes(b"no database")
    relmgr("-C", library.root, "search", "--exact", "dog")
    assert len(list(Path.home().glob(".cache/relmgr/*/text-*"))) == 1


def test_a_database_in_memory_has_a_full_text_in_memory(library: Library) -> None:
    with closing(in_memory()) as database:
        own = Library(database, library.root)
        assert own.section_ids("lopata") == ["garden 2"]
        assert is_whole(database, own.open())
        with closing(in_memory()) as another:
            assert is_whole(another, Library(another, library.root).open())
            assert database.get("fulltext_id") != another.get("fulltext_id")
        assert library.database.path
        assert not list(library.database.path.parent.glob("text-*"))


def test_another_process_finds_what_this_one_has_indexed(library: Library, tmp_path: Path) -> None:
    library.open()
    with closing(open_database(tmp_path / "cache", [library.root])) as database:
        reports: list[tuple[int, int]] = []
        text = open_fulltext(database, lambda done, todo: reports.append((done, todo)))
        assert is_whole(database, text)
        assert reports == []


def test_the_folder_is_private(library: Library) -> None:
    library.open()
    assert os.stat(folder_of(library)).st_mode & 0o077 == 0


def contents(library: Library, text: FullText) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Return for each term of three fields the documents and sections that have it."""
    from tantivy import Query

    searcher: Any = text.engine.searcher()
    rows = library.database.rows("SELECT language, form, stem FROM word_forms")
    terms = {("forms", f"{language}:{form}") for language, form, _ in rows}
    for language, _, stem in rows:
        terms |= {("stems", f"{language}:{stem}"), ("headings", f"{language}:{stem}")}
    found = {}
    for field, term in terms:
        hits = searcher.search(Query.term_query(text.engine.schema, field, term), 1000).hits
        places = searcher.fast_field_values("place", [address for _, address in hits])
        found[field, term] = sorted(map(section_key, places))
    return found


@pytest.mark.slow
def test_several_processes_make_the_same_full_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = {"code.en.md": "# Code\n\nCall `spade` twice:\n\n    spade(garden)\n\n中文文本和 Straße.\n"}
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    with (
        library_in(tmp_path / "one", GARDEN, KITCHEN, code) as one,
        library_in(tmp_path / "two", GARDEN, KITCHEN, code) as two,
    ):
        expected = contents(one, one.open())
        monkeypatch.setattr(fulltext, "_MIN_PARALLEL_DOCUMENTS", 1)
        monkeypatch.setattr(fulltext, "_CHUNK", 1)
        monkeypatch.setattr(fulltext, "usable_cores", lambda: 2)
        monkeypatch.setattr(SectionIndexer, "index", only_elsewhere(SectionIndexer.index))
        sync(two.database, [two.root])
        reports: list[tuple[int, int]] = []
        text = open_fulltext(two.database, lambda done, todo: reports.append((done, todo)))
        assert reports == [(number, 6) for number in range(1, 7)]
        assert is_whole(two.database, text)
        assert contents(two, text) == expected
        query = "SELECT * FROM word_forms ORDER BY language, form, spelling"
        assert two.database.rows(query) == one.database.rows(query)
        assert any(term == "en:spade" for _, term in expected)


def only_elsewhere(index: Callable[..., object]) -> Callable[..., object]:
    """Return a method that must not be called in this process."""
    parent = os.getpid()

    def index_elsewhere(*arguments: object) -> object:
        assert os.getpid() != parent
        return index(*arguments)

    return index_elsewhere
