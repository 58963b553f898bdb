from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.search_library import GARDEN, Library, library_in

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.markdown.blocks import plain
from relmgr_cli.search.expansion import Term, expand_term
from relmgr_cli.search.matching import find_matches, highlight_matches
from relmgr_cli.search.query import Item, parse_query
from relmgr_cli.search.snippets import shorten

ALL = ("en", "pl", "ru")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_in(tmp_path_factory.mktemp("marking"), GARDEN) as library:
        library.encode()
        yield library


def term(library: Library, question: str, *, exact: bool = False) -> Term:
    (item,) = (item for group in parse_query(question).groups for item in group)
    return expand_term(library.database, item, ALL, known=ALL, nearest={}, exact=exact)


def marked(library: Library, text: str, language: str, *questions: str, exact: bool = False) -> list[tuple[str, str]]:
    groups = [[term(library, question, exact=exact)] for question in questions]
    return [
        (text[mark.start : mark.end], mark.match_type) for mark in find_matches(text, language, groups, exact=exact)
    ]


@pytest.mark.parametrize(
    ("question", "language", "text", "expected"),
    [
        ("conflict", "en", "Conflict, conflicts.", [("Conflict", "word"), ("conflicts", "form")]),
        ("conflict", "pl", "O konfliktach i konflikt", [("konfliktach", "counterpart"), ("konflikt", "counterpart")]),
        ("roze", "pl", "róże RÓŻE różami", [("róże", "word"), ("RÓŻE", "word"), ("różami", "form")]),
        ('"long hose"', "en", "long hose, long-hose, long hoses", [("long hose", "word"), ("long-hose", "word")]),
        ('"long hose"', "en", "long\nhose", []),
        ("long-hose", "en", "a long hose", [("long hose", "word")]),
        ("ros*", "en", "rose roses rosy", [("roses", "word")]),
        ("conflict", "xx", "conflict", [("conflict", "word")]),  # a language the library lacks: the letters alone
        ("dog", "pl", "pies", [("pies", "counterpart")]),
    ],
)
def test_words_match_as_typed_in_another_form_or_as_a_translation(
    library: Library, question: str, language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert marked(library, text, language, question) == expected


def test_exact_matches_are_as_typed_and_not_part_of_an_identifier(library: Library) -> None:
    text = "róże roze Róże róże_x x_róże"
    assert marked(library, text, "pl", "róże", exact=True) == [("róże", "word"), ("Róże", "word")]


def test_exact_matches_the_words_that_begin_with_a_prefix_as_typed(library: Library) -> None:
    text = "róże róż rożek Różami róż_a x_róże podróże"
    expected = [("róże", "word"), ("róż", "word"), ("Różami", "word"), ("róż", "word")]
    assert marked(library, text, "pl", "róż*", exact=True) == expected


def test_matches_do_not_overlap(library: Library) -> None:
    groups = [[term(library, question)] for question in ("conflict", "konflikt", '"conflict between"')]
    marks = find_matches("The conflict between", "en", groups)
    assert [(mark.start, mark.end) for mark in marks] == [(4, 20)]


@given(st.text("róże conflict \n_-łąж東", max_size=60))
def test_matches_are_in_order_and_inside_the_text(text: str) -> None:
    items = [item for group in parse_query('róże conflict "a b" ż* 東').groups for item in group]
    groups = [[Term(item, {"pl": {"roz": 1.0, "konflikt": 0.8}}, {}, _forms(item), frozenset())] for item in items]
    last = 0
    for mark in find_matches(text, "pl", groups):
        assert last <= mark.start < mark.end <= len(text)
        assert 0 < mark.weight <= 1
        last = mark.end


def _forms(item: Item) -> dict[str, frozenset[str]]:
    return {"pl": frozenset(["zolw"])} if item.kind == "prefix" else {}


def test_a_highlighted_document_has_the_same_text(library: Library) -> None:
    text = "# A *conflict*\n\nSome **con**flict, [a conflict](http://x.org) `conflict`.\n\n"
    text += "| conflict | b |\n|---|---|\n| c | conflicts |\n"
    document = parse_document(text, "/", "a.md")._replace(language="en")
    after = highlight_matches(document, [[term(library, "conflict")]])
    assert [block.text for block in after.blocks] == [block.text for block in document.blocks]
    found = [plain([s]) for b in after.blocks for s in b.spans if "match" in s.styles]
    assert "".join(found).startswith("conflict")
    cells = [s.text for b in after.blocks for row in b.rows for cell in row for s in cell if "match" in s.styles]
    assert cells == ["conflict", "conflicts"]
    assert highlight_matches(document, []) == document


@given(
    st.text("ab \n\t東ż", max_size=900),
    st.lists(st.tuples(st.integers(0, 899), st.integers(1, 12)), max_size=4),
)
def test_a_shortened_text_has_its_first_match(text: str, places: list[tuple[int, int]]) -> None:
    spans: list[tuple[int, int]] = []
    for start, length in sorted(places):
        if start + length <= len(text) and (not spans or start >= spans[-1][1]):
            spans.append((start, start + length))
    flat = text.replace("\n", " ").replace("\t", " ")
    snippet, kept = shorten(text, spans)
    assert len(snippet) <= 244
    assert snippet.strip("… ").strip() in flat
    assert bool(kept) == bool(spans)
    assert [snippet[start:end] for start, end in kept] == [flat[start:end] for start, end in spans[: len(kept)]]
