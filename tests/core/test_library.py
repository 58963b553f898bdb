from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from sqlite3 import ProgrammingError

import pytest
from support.search_library import GARDEN, Library, library_in

from relmgr_cli.core import library as core
from relmgr_cli.core.learning import count_unlearnt, learn_all, learning_state
from relmgr_cli.core.library import QuietReporter, open_library
from relmgr_cli.filesystem import file_lock
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.database import Database
from relmgr_cli.store.passages import encode_passages


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with library_in(tmp_path, GARDEN) as library:
        library.open()
        yield library


def show_progress(_: str) -> nullcontext[None]:
    return nullcontext()


def test_while_another_process_encodes_nothing_is_encoded_twice(library: Library) -> None:
    assert library.database.folder
    with file_lock(library.database.folder / "encoding", 0):
        assert not learn_all(library.database, show_progress, timeout=0)
        assert library.database.rows("SELECT count(*) FROM vector_blocks") == [(0,)]
    assert learn_all(library.database, show_progress, timeout=0)
    assert count_unlearnt(library.database) == 0
    assert learn_all(library.database, show_progress, timeout=0)


def test_expensive_work_has_one_budget(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_library([library.root], tmp_path / "cache", QuietReporter())
    monkeypatch.setattr(core, "MAX_PASSAGES_INTERACTIVE", 0)
    assert not opened.learn()
    assert not opened.is_learnt()
    assert opened._replace(is_limited=False).learn()
    assert opened.is_learnt()
    assert opened.learn()
    opened.database.close()


def test_of_a_library_over_the_budget_some_passages_are_learnt_after_each_answer(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        library.write(f"more{number}.en.md", f"# Page {number}\n\nThe number of this page is {number}.\n")
    opened = open_library([library.root], tmp_path / "cache", QuietReporter())
    monkeypatch.setattr(core, "MAX_PASSAGES_INTERACTIVE", 1)
    states = []
    for _ in range(3):
        assert not opened.learn()
        opened.learn_more()
        states.append(learning_state(opened.database))
    opened.database.close()
    assert [state.passages for state in states] == sorted({state.passages for state in states})
    assert [state.percent for state in states] == sorted({state.percent for state in states})
    assert 0 < states[0].percent < states[-1].percent < 100


def test_links_into_the_library_have_titles(tmp_path: Path) -> None:
    texts = {
        "a.md": "# A\n\nSee [b](b.md), [gone](c.md), [site](https://example.org/), [here](#a).\n",
        "b.md": "# Bee\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    opened = open_library([tmp_path], None, QuietReporter())
    article = load_article(opened.database, 1)
    assert opened.link_titles(article, next(iter(article.documents))) == {"b.md": "Bee", "c.md": ""}
    (tmp_path / "b.md").unlink()
    opened.refresh()
    assert opened.link_titles(load_article(opened.database, 1), next(iter(article.documents))) == {}
    opened.database.close()


def test_a_refresh_that_fails_keeps_what_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nText.\n")
    opened = open_library([folder], None, QuietReporter())
    folder.rename(tmp_path / "elsewhere")
    opened.refresh()
    assert opened.has_single_article
    opened.database.close()


class Notes(QuietReporter):
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


def test_a_note_says_how_much_is_learnt(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reporter = Notes()
    opened = open_library([library.root], tmp_path / "cache", reporter)
    monkeypatch.setattr(core, "MAX_PASSAGES_INTERACTIVE", 0)
    opened.prepare_search()
    encode_passages(opened.database)
    opened.prepare_search()
    assert opened._replace(is_limited=False).learn()
    opened.prepare_search()
    opened.database.close()
    assert [note.partition(";")[0] for note in reporter.notes] == [
        "0 % of the library is learnt",
        "not all words of the library are learnt",
    ]


@pytest.mark.parametrize(
    ("text", "article", "opened"), [("data.csv", None, 2), ("a.md", "data.csv", 2), ("a.md", None, 1)]
)
def test_only_the_library_that_was_chosen_stays_open(
    tmp_path: Path, text: str, article: str | None, opened: int
) -> None:
    folder, fallback = tmp_path / "folder", tmp_path / "fallback"
    for place in (folder, fallback):
        place.mkdir()
        (place / "a.md").write_text("# A\n\nSome text.\n")
    (folder / "a.md").rename(folder / text)
    if article:
        (folder / article).write_text("a,b\n")
        article = str(folder / article)
    databases: list[Database] = []
    library = open_library(
        [folder], tmp_path / "cache", QuietReporter(), article=article, on_open=databases.append, fallback=fallback
    )
    assert len(databases) == opened
    assert databases[-1] is library.database
    for database in databases[:-1]:
        with pytest.raises(ProgrammingError, match="closed"):
            database.value("SELECT 1")
    assert library.database.value("SELECT 1") == 1
    library.database.close()
