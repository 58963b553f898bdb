"""The hits of a search as lines, in a library with many languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.search_library import Library, library_in

from relmgr_cli.layout.hits import hit_list
from relmgr_cli.layout.line import plain_text
from relmgr_cli.terminal.target import OutputTarget

TAGS = "en pl ru de fr".split()
SCREEN = OutputTarget(80, 80, ansi=False, color=False)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    words = {"fr": "needle", "de": "nadel"}
    files = {f"page.{tag}.md": f"---\nlang: {tag}\n---\n# Page\n\n{words.get(tag, 'thread')}\n" for tag in TAGS}
    with library_in(tmp_path_factory.mktemp("hits"), files) as library:
        yield library


def shown(library: Library, *, has_all_languages: bool, **scope: Any) -> list[str]:
    results = library.search("needle", preferred=("pl",), **scope)
    lines = [plain_text(line) for line in hit_list(results, SCREEN, "show", has_all_languages=has_all_languages)]
    return [line.split()[0] if "more" not in line else line.strip() for line in lines[1:-1]]


def test_of_many_languages_a_hit_has_the_reader_s_the_source_and_the_one_that_matches(library: Library) -> None:
    assert shown(library, has_all_languages=False) == ["pl", "en", "fr", "2 more languages (--lang)"]


def test_the_path_of_a_hit_is_that_of_the_text_that_matches(library: Library) -> None:
    lines = [plain_text(line) for line in hit_list(library.search("needle", preferred=("pl",)), SCREEN, "show")]
    assert lines[-1].split()[0].endswith("page.fr.md:6")


def test_a_hit_has_all_languages_that_were_chosen(library: Library) -> None:
    assert shown(library, has_all_languages=True) == ["pl", "en", "de", "fr", "ru"]


def test_a_hit_has_all_of_three_languages(library: Library) -> None:
    assert shown(library, has_all_languages=False, languages=("de", "fr", "ru")) == ["de", "fr", "ru"]


def test_the_texts_of_languages_that_are_not_shown_are_not_read(library: Library) -> None:
    every, some = (library.search("needle", preferred=("pl",), max_languages=number) for number in (None, 1))
    assert [match.language for match in every.hits[0].matches] == ["pl", "en", "de", "fr", "ru"]
    assert [match.language for match in some.hits[0].matches] == ["pl", "en", "fr"]
    assert set(some.hits[0].article.documents) == {"pl", "en", "fr"}
    lines = [list(hit_list(found, SCREEN, "show", has_all_languages=False)) for found in (every, some)]
    assert lines[0] == lines[1]


def test_a_hit_in_words_is_a_fact_a_line(library: Library) -> None:
    target = SCREEN._replace(plain=True, unwrapped=True)
    results = library.search("needle", preferred=("pl",), languages=("pl", "fr"))
    *lines, path, command = [plain_text(line) for line in hit_list(results, target, "show")]
    assert [line.strip() for line in lines if line] == ["hit 1: Page", "pl: thread", "fr: needle"]
    assert path.startswith("path: ")
    assert path.endswith("page.fr.md:6")
    assert command == "show: show 1"
