from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import documents_in

from relmgr_cli.config import bundled_seeds
from relmgr_cli.core.selection import choose_section
from relmgr_cli.corpus.article import Article
from relmgr_cli.errors import SectionAmbiguousError, SectionNotFoundError
from relmgr_cli.store.articles import (
    list_articles,
    list_problems,
    load_article,
    section_headings,
    subsections,
)
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.sync import sync

Write = Callable[[str, str], Path]


@pytest.fixture
def database() -> Iterator[Database]:
    opened = in_memory()
    yield opened
    opened.close()


@pytest.fixture
def seeds(database: Database) -> Article:
    sync(database, [bundled_seeds()])
    return load_article(database, 1)


@pytest.fixture
def own(tmp_path: Path, write: Write, database: Database) -> Article:
    """Return an article with names that are easily confused."""
    write(
        "a.md",
        "intro\n\n# T\n\n## Install\n\n### On Linux {#linux}\n\n### On Windows\n\n## Install again\n\n"
        "## Notes\n\n## Notes\n\n## 2024\n\n## 3. Numbered {#Mixed-Case}\n",
    )
    sync(database, [tmp_path])
    return load_article(database, 1)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("1", "1"),
        ("3.1", "3.1"),
        (" 3.2 ", "3.2"),
        ("4.", "4"),
        ("Kim jest doradca klienta?", "1"),
        ("zrozumienie", "2"),
        ("ZROZUMIENIE menedzerow", "2"),
        ("особенности", "4"),
        ("по связям?", "1"),
        ("najwazniejszych", "4"),
    ],
)
def test_a_section_is_found_in_any_language_by_what_it_is_called(seeds: Article, name: str, number: str) -> None:
    assert choose_section(seeds, name).number == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("0", "0"),
        ("linux", "1.1"),
        ("Mixed-Case", "6"),
        ("install", "1"),
        ("again", "2"),
        ("2024", "5"),
        ("3. numbered", "6"),
        ("3", "3"),
        ("windows", "1.2"),
    ],
)
def test_the_more_exact_name_of_a_section_goes_first(own: Article, name: str, number: str) -> None:
    assert choose_section(own, name).number == number


@pytest.mark.parametrize(("name", "candidates"), [("notes", "3 'Notes', 4 'Notes'"), ("on", "1.1 'On Linux', 1.2")])
def test_a_name_of_several_sections_is_refused_with_all_of_them(own: Article, name: str, candidates: str) -> None:
    with pytest.raises(SectionAmbiguousError, match=f"'{name}' matches several sections: .*{candidates}"):
        choose_section(own, name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("zrozumienei", "did you mean 2 'Zrozumienie"),
        ("особенноти", "did you mean 4 'Особенности'"),
        ("xyzzy", "see relmgr sections"),
        ("9", "see relmgr sections"),
        ("3.3", "see relmgr sections"),
        ("0", "see relmgr sections"),
        ("", "see relmgr sections"),
        ("\udcff", "see relmgr sections"),
    ],
)
def test_a_section_that_is_not_there_is_refused_with_the_nearest(seeds: Article, name: str, hint: str) -> None:
    with pytest.raises(SectionNotFoundError) as refused:
        choose_section(seeds, name)
    assert f"no section '{name}'" in str(refused.value)
    assert hint in str(refused.value)


def test_a_section_comes_with_all_that_is_numbered_below_it(tmp_path: Path, write: Write, database: Database) -> None:
    write("a.md", "# T\n\n" + "## A\n\n### B\n\n#### C\n\n" * 11)
    sync(database, [tmp_path])
    article = load_article(database, 1)
    assert [s.number for s in subsections(article, choose_section(article, "1"))] == ["1", "1.1", "1.1.1"]
    assert [s.number for s in subsections(article, choose_section(article, "1.1.1"))] == ["1.1.1"]


def test_headings_are_given_by_language(seeds: Article, own: Article) -> None:
    assert section_headings(seeds, seeds.sections[-1]) == {
        "pl": "Przegląd najważniejszych wydarzeń",
        "ru": "Особенности",
    }
    assert section_headings(own, own.sections[0]) == {}


def test_articles_are_listed_by_number_with_their_titles(tmp_path: Path, write: Write, database: Database) -> None:
    write("second.md", "---\nlang: de\n---\n# Zwei\n\n1234\n")
    write("a/first.md", "# Jeden\n\nTo jest zdanie, które nie jest długie.\n")
    sync(database, [tmp_path])
    first, second = list_articles(database)
    assert (first.number, first.id, first.title("pl"), first.title("xx")) == (1, "a/first", "Jeden", "Jeden")
    assert (second.number, second.id, second.languages, second.sections) == (2, "second", ("de",), 1)
    (summary,) = second.documents
    assert (summary.declared, summary.path, summary.words, summary.root) == ("de", "second.md", 1, str(tmp_path))


def test_the_documents_of_one_article_are_loaded_without_the_others(
    tmp_path: Path, write: Write, database: Database
) -> None:
    write("a.md", "# A\n\none\n")
    write("b.md", "# B\n\ntwo\n\nthree\n")
    sync(database, [tmp_path])
    assert [document.title for document in documents_in(database)] == ["A", "B"]
    assert list_problems(database) == ()
