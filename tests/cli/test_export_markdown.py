"""`relmgr export` to Markdown and to a book."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import Relmgr

EN, PL = "# Guide\n\n*Read* this text about boats.\n", "# Przewodnik\n\n* Przeczytaj\tten tekst o łodziach.\r\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in (("en/a", EN), ("pl/a", PL), ("en/b", EN.replace("boats", "trains"))):
        path = tmp_path / "lib" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path / "lib"


def test_one_article_in_one_language_is_its_file(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    result = relmgr("-C", library, "export", "a", "--to", "markdown", "--lang", "pl", "-o", file)
    assert result.code == 0
    assert file.read_bytes() == PL.encode()


def test_several_articles_are_in_a_folder_by_their_paths(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "markdown", "--lang", "en", "-o", f"{tmp_path}/out/")
    assert result.code == 0
    assert (tmp_path / "out" / "en" / "a.md").read_bytes() == EN.encode()
    assert (tmp_path / "out" / "en" / "b.md").is_file()


def test_two_languages_are_in_one_text(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "a", "--to", "markdown", "--lang", "en,pl")
    assert result.code == 0
    assert result.out.startswith('---\ntitle: "Guide / Przewodnik"\nlang: [en, pl]\n---\n\n# Guide / Przewodnik\n')
    assert "*Read* this text about boats." in result.out


def test_a_book_has_all_articles(relmgr: Relmgr, library: Path, tmp_path: Path) -> None:
    pytest.importorskip("ebooklib", reason="EbookLib is not installed: pip install 'relmgr[epub]'")
    file = tmp_path / "book.epub"
    result = relmgr("-C", library, "export", "--to", "epub", "--lang", "en,pl", "-o", file)
    assert result.code == 0
    assert {"EPUB/chapter-1.xhtml", "EPUB/chapter-2.xhtml"} <= set(ZipFile(file).namelist())
