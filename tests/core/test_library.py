from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from support.search_library import GARDEN, Library, library_in

from relmgr_cli.core import library as core
from relmgr_cli.core.library import QuietReporter, count_unembedded, embed, open_library
from relmgr_cli.filesystem import file_lock
from relmgr_cli.store.articles import load_article


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
        assert not embed(library.database, show_progress, timeout=0)
        assert library.database.rows("SELECT count(*) FROM vectors") == [(0,)]
    assert embed(library.database, show_progress, timeout=0)
    assert count_unembedded(library.database) == 0
    assert embed(library.database, show_progress, timeout=0)


def test_expensive_work_has_one_budget(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_library([library.root], tmp_path / "cache", QuietReporter())
    monkeypatch.setattr(core, "MAX_PASSAGES_INTERACTIVE", 0)
    assert not opened.build_embeddings()
    assert not opened.is_embedded()
    assert opened._replace(is_limited=False).build_embeddings()
    assert opened.is_embedded()
    assert opened.build_embeddings()
    opened.database.close()


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
