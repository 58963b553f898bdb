"""Matches in an article, as the reader asks for them."""

import pytest
from hand import POLISH, RUSSIAN, article_of
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.index.catalogue import in_memory
from relmgr_cli.languages.folding import fold
from relmgr_cli.reader.finding import find_matches
from relmgr_cli.reader.findings import arrange
from relmgr_cli.reader.sheet import Sheet, View

CATALOGUE = in_memory()
ARTICLE = article_of({"pl": POLISH, "ru": RUSSIAN})


def found(query: str) -> list[str]:
    return [
        ARTICLE.documents[match.language].blocks[match.block].text[match.start : match.end]
        for match in find_matches(CATALOGUE, ARTICLE, query)
    ]


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
def test_text_is_found_without_case_and_accents_in_all_languages(query: str, texts: list[str]) -> None:
    assert found(query) == texts


@given(st.text(max_size=30))
def test_no_query_is_an_error_and_matches_say_what_was_asked(query: str) -> None:
    for text in found(query):
        assert "".join(fold(query).split()) in "".join(fold(text).split())


@given(st.text("aæßŁłİıǅﬁx ", min_size=1, max_size=12), st.data())
def test_letters_that_fold_to_several_are_found_whole(text: str, data: st.DataObject) -> None:
    article = article_of({"en": f"# T\n\nq{text}q"})
    block = article.documents["en"].blocks[0].text
    start = data.draw(st.integers(0, len(block) - 1))
    query = block[start : start + 3]
    if query.strip():
        assert any(
            match.start <= start + len(query) - len(query.lstrip()) < match.end
            for match in find_matches(CATALOGUE, article, query)
        )


def test_matches_come_in_the_order_of_the_page() -> None:
    sheet = Sheet(ARTICLE, View(("pl", "ru"), "columns", 100, 60))
    findings = arrange("а", find_matches(CATALOGUE, ARTICLE, "а"), sheet)
    assert [word.row for word in findings.words] == sorted(word.row for word in findings.words)
    assert findings.languages() == ("ru",)
    assert findings.from_row(10**6) == 0
    marks = findings.marks()
    assert sum(map(len, marks.values())) == len(findings.words)
    for index, word in enumerate(findings.words):
        row, number = findings.spot(index)
        assert marks[row][number] == (word.language, word.start, word.end)
