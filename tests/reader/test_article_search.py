"""Matches in an article, as the reader asks for them."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pilot import POLISH, RUSSIAN, article_of, library

from relmgr_cli.config import Arrangement
from relmgr_cli.languages.normalization import fold
from relmgr_cli.reader.model.decorations import sort_by_page_order
from relmgr_cli.reader.model.rows import ArticleRows, View
from relmgr_cli.search.in_article import BlockMatch, find_folded, find_in_article
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

Found = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """A function that returns the texts that are found in an article."""
    database = in_memory()
    sync(database, [library(tmp_path_factory.mktemp("found"))])
    article = load_article(database, 1)

    def find(query: str) -> list[str]:
        return [
            article.documents[match.language].blocks[match.block].text[match.start : match.end]
            for match in find_in_article(database, article, query)
        ]

    yield find
    database.close()


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("KURTKE", ["kurtkę", "kurtkę"]),
        ("skrzyżowaniu", ["skrzyżowaniu", "skrzyżowaniu"]),
        ("weź  kurtkę", ["Weź kurtkę", "Weź kurtkę"]),
        ("тормоза", ["тормоза", "тормоза"]),
        ("  ", []),
        ("(.*", []),
        ("nothing of the kind", []),
    ],
)
def test_text_is_found_without_case_and_accents_in_all_languages(found: Found, query: str, texts: list[str]) -> None:
    assert set(texts) <= set(found(query))
    assert bool(texts) == bool(found(query))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=30))
def test_no_query_is_an_error(found: Found, query: str) -> None:
    assert all(found(query))


@given(st.text("aæßŁłİıǅﬁx ", min_size=1, max_size=12), st.data())
def test_letters_that_fold_to_several_are_found_whole(text: str, data: st.DataObject) -> None:
    text = f"q{text}q"
    start = data.draw(st.integers(0, len(text) - 1))
    query = text[start : start + 3].strip()
    if query:
        at = text.index(query, start)
        spans = list(find_folded(re.compile(re.escape(fold(query))), text))
        assert any(first <= at < last for first, last in spans)


def test_matches_come_in_the_order_of_the_page() -> None:
    article = article_of({"pl": POLISH, "ru": RUSSIAN})
    rows = ArticleRows(article, View(("pl", "ru"), Arrangement.COLUMNS, 100, 60))
    matches = [
        BlockMatch("ru", index, match.start(), match.end())
        for index, block in enumerate(article.documents["ru"].blocks)
        for match in re.finditer("а", block.text)
    ]
    findings = sort_by_page_order("а", matches[::-1], rows)
    assert [match.row for match in findings.ranges] == sorted(match.row for match in findings.ranges)
    assert findings.languages == ("ru",)
    assert findings.from_row(10**6) == 0
    assert [match for ranges in findings.by_row.values() for match in ranges] == findings.ranges
