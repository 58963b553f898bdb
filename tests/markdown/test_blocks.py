import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.markdown.blocks import (
    Block,
    Container,
    Span,
    block_from_json,
    block_to_json,
    plain,
    spans_from_json,
    spans_to_json,
    strip,
)

MARKS = st.lists(
    st.sampled_from(["strong", "emphasis", "code", "deleted", "inserted", "mark", "math", "image", "footnote"]),
    unique=True,
)
SPANS = st.lists(st.builds(Span, st.text(), MARKS.map(tuple), st.text(max_size=5)), max_size=4).map(tuple)
CONTAINERS = st.builds(
    Container, st.integers(1, 99), st.sampled_from(["quote", "alert", "tab", "bullet", "ordered"]), st.text(max_size=3)
)
BLOCKS = st.builds(
    Block,
    st.sampled_from(["heading", "title", "paragraph", "item", "code", "math", "table", "rule"]),
    st.integers(1, 10_000),
    SPANS,
    st.lists(CONTAINERS, max_size=3).map(tuple),
    st.lists(st.lists(SPANS, max_size=3).map(tuple), max_size=3).map(tuple),
    st.text(max_size=5),
    st.booleans(),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
)


@pytest.mark.slow
@settings(deadline=None)
@given(BLOCKS)
def test_a_block_comes_back_from_json_as_it_was(block: Block) -> None:
    assert block_from_json(json.loads(json.dumps(block_to_json(block)))) == block


@settings(deadline=None)
@given(SPANS)
def test_spans_come_back_from_json_as_they_were(spans: tuple[Span, ...]) -> None:
    assert spans_from_json(json.loads(json.dumps(spans_to_json(spans)))) == spans


def test_unmarked_text_is_stored_as_a_string() -> None:
    assert spans_to_json((Span("a"), Span("b", ("strong",)), Span("c", (), "/d"))) == [
        "a",
        ["b", "strong", ""],
        ["c", "", "/d"],
    ]


@pytest.mark.parametrize(
    ("spans", "stripped"),
    [
        ((Span(" a "),), (Span("a"),)),
        ((Span(" "), Span("a", ("code",)), Span("\n")), (Span("a", ("code",)),)),
        ((Span("a "), Span(" b")), (Span("a "), Span(" b"))),
        ((Span(""), Span(" \t")), ()),
        ((), ()),
    ],
)
def test_white_space_is_stripped_at_the_ends_only(spans: tuple[Span, ...], stripped: tuple[Span, ...]) -> None:
    assert strip(spans) == stripped


@settings(deadline=None)
@given(SPANS)
def test_stripping_spans_is_stripping_their_text(spans: tuple[Span, ...]) -> None:
    assert plain(strip(spans)) == plain(spans).strip()


def test_the_text_of_a_table_is_its_cells() -> None:
    cells = ((Span("a"),), (Span("b "), Span("c", ("code",))))
    assert Block("table", 1, rows=(cells, ((), (Span("d"),)))).text == "a\tb c\n\td"
