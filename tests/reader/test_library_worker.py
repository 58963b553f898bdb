"""The reader's access to its library."""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from pilot import POLISH, RUSSIAN, ReaderPilot, library, read, write
from support.sample_texts import text_of

from relmgr_cli.core.library import QuietReporter, open_library
from relmgr_cli.corpus.document import Document
from relmgr_cli.reader.model.library_worker import LibraryWorker
from relmgr_cli.reader.model.session import ReadingSession
from relmgr_cli.store import article_builder, articles
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.codec import read_document


@pytest.mark.slow
def test_output_from_before_the_reader_paired_articles_is_not_shown_again(tmp_path: Path, relmgr: Relmgr) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    names = {("bread", "pl"): "a1.md", ("chess", "pl"): "a2.md", ("chess", "ru"): "b1.md", ("bread", "ru"): "b2.md"}
    for (subject, language), name in names.items():
        write(folder / name, text_of(subject, language))
    write(folder / "z.pl.md", POLISH)
    write(folder / "z.ru.md", RUSSIAN)
    os.utime(folder, (time.time() - 60,) * 2)  # what has just changed is not cached
    shown = relmgr("-C", folder, "show", "5", "-L", "pl")
    assert shown.out.startswith("Rowery")
    assert relmgr("-C", folder, "show", "5", "-L", "pl") == shown

    async def script(reader: ReaderPilot) -> None:
        assert reader.session.opened.languages == ("pl", "ru")

    read(script, folder, str(folder / "a1.md"))
    assert relmgr("-C", folder, "show", "3", "-L", "pl").out == shown.out
    assert relmgr("-C", folder, "show", "5", "-L", "pl").code == 2


def test_a_deleted_article_raises_an_error_of_the_request(tmp_path: Path) -> None:
    worker = LibraryWorker()
    opened = worker.run_sync(open_library, [library(tmp_path)], None, QuietReporter())
    worker.library = opened
    assert worker.run_sync(worker.open, 1, "ru").languages == ("pl", "ru")
    with pytest.raises(LibraryChangedError):
        worker.run_sync(worker.open, 9, "ru")
    session = ReadingSession(worker, worker.run_sync(worker.open, 1, "pl"), "pl")
    with pytest.raises(LibraryChangedError):
        asyncio.run(session.open(9, "ru"))
    assert (session.language, session.document.language, session.opened.number) == ("pl", "pl", 1)
    worker.close()


def test_an_article_is_loaded_again_only_if_it_has_changed(tmp_path: Path) -> None:
    folder = library(tmp_path)
    worker = LibraryWorker()
    worker.library = worker.run_sync(open_library, [folder], None, QuietReporter())
    first = worker.run_sync(worker.open_aligned, 1)
    again = worker.run_sync(worker.open_aligned, 1)
    assert again == first
    assert again.rows is first.rows
    write(next(folder.glob("*ru*")), RUSSIAN + "\nНовый конец.\n")
    worker.run_sync(worker.library.refresh)
    changed = worker.run_sync(worker.open_aligned, 1)
    assert changed.article.documents["ru"].blocks[-1].text == "Новый конец."
    assert len(changed.rows) > len(first.rows)
    worker.close()


def test_a_document_is_read_once_to_be_shown_and_aligned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = LibraryWorker()
    worker.library = worker.run_sync(open_library, [library(tmp_path)], None, QuietReporter())
    reads: list[str] = []

    def read_and_count(row: Sequence[Any]) -> Document:
        document = read_document(row)
        reads.append(document.language)
        return document

    for module in (articles, article_builder):
        monkeypatch.setattr(module, "read_document", read_and_count)
    assert worker.run_sync(worker.open, 1, "ru").is_final
    worker.close()
    assert sorted(reads) == ["pl", "ru"]
