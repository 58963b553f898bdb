from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from support.search_library import GARDEN, KITCHEN, Library, library_in

from relmgr_cli.layout.hits import concordance
from relmgr_cli.layout.line import plain_text, width_of
from relmgr_cli.search.concordance import Occurrence, ParallelText, occurrences
from relmgr_cli.terminal.sanitize import sanitize
from relmgr_cli.terminal.target import OutputTarget

SCREEN = OutputTarget(80, 80, False, False, "dark", "", False, False)
TEXT = st.text("ab 東\t\n\x1bż\u0301👍\u202e", max_size=150)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("concordance"), GARDEN, KITCHEN) as library:
        library.encode()
        yield library


def lines(library: Library, question: str, **scope: Any) -> list[tuple[str, str, str]]:
    found = occurrences(library.search(question, **scope))
    return [
        (
            occurrence.language,
            occurrence.text[occurrence.start : occurrence.end],
            occurrence.parallel.text[occurrence.parallel.start : occurrence.parallel.end]
            if occurrence.parallel
            else "-",
        )
        for occurrence in found
    ]


def test_every_occurrence_is_listed_once_with_its_translation(library: Library) -> None:
    assert ("en", "conflict", "Konflikt") in lines(library, "conflict")
    found = lines(library, "dog")
    assert sorted(found) == [("en", "dog", "Pies"), ("en", "dog", "pies")]


def test_one_language_has_no_translations(library: Library) -> None:
    assert ("pl", "Konflikt", "-") in lines(library, "conflict", languages=("pl",))


def test_matches_of_only_another_language_are_listed_in_that_language(library: Library) -> None:
    assert ("ru", "Грабли", "") in lines(library, '"грабли"')


@given(
    before=TEXT,
    word=TEXT,
    after=TEXT,
    other=TEXT,
    width=st.integers(20, 200),
    has_other=st.booleans(),
    plain=st.booleans(),
)
def test_no_line_is_too_wide_or_unsafe(
    before: str, word: str, after: str, other: str, width: int, has_other: bool, plain: bool
) -> None:
    text = before + word + after
    beside = ParallelText("pt-BR", other, len(other) // 3, len(other) // 2) if has_other else None
    occurrence = Occurrence(before, "/", "a.md", "3.12.1", "en", text, len(before), len(before) + len(word), beside)
    screen = SCREEN._replace(columns=1 << 20 if plain else width, plain=plain)
    for line in concordance(iter([occurrence]), screen):
        assert plain_text(line) == sanitize(plain_text(line)).replace("\n", "␤")
        assert plain or width_of(line) <= width


def test_the_title_is_above_its_occurrences(library: Library) -> None:
    found = [plain_text(line) for line in concordance(occurrences(library.search("dog OR conflict")), SCREEN)]
    titles = [line for line in found if line in ("The garden", "The kitchen")]
    assert set(titles) == {"The garden", "The kitchen"}
    assert all(one != other for one, other in pairwise(titles))
    assert found[0] in titles
    assert all(cell_len(line) <= 80 for line in found)
