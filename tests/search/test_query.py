import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.search.query import Query, parse_query


def shown(query: Query) -> str:
    """Return a query as text: groups with commas between, kinds as signs."""
    sign = {"word": "{}", "phrase": "<{}>", "prefix": "{}..."}
    groups = [" | ".join(sign[i.kind].format(" ".join(w.folded for w in i.words)) for i in g) for g in query.groups]
    excluded = ["not " + sign[i.kind].format(" ".join(w.folded for w in i.words)) for i in query.excluded]
    return ", ".join([*groups, *excluded])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conflict", "conflict"),
        ("Two  WORDS\tand\nmore", "two, words, and, more"),
        ("Łódź", "lodz"),
        ('"a phrase" word', "<a phrase>, word"),
        ('"never closed', "<never closed>"),
        ('a"b c"d', "a, <b c>, d"),
        ('""', ""),
        ('"!?"', ""),
        ("-word", "not word"),
        ("a -b -c", "a, not b, not c"),
        ('a -"b c"', "a, not <b c>"),
        ("-pre*", "not pre..."),
        ("--flag", "not flag"),
        ("a a -b -b", "a, not b"),
        ("What to do to WHAT?", "what, to, do"),
        ("a OR a", "a"),
        ("- a", "a"),
        ("a - b", "a, b"),
        ("well-known", "well known"),
        ("a OR b", "a | b"),
        ("a OR b OR c d", "a | b | c, d"),
        ('a OR "b c" OR d*', "a | <b c> | d..."),
        ("OR a", "a"),
        ("a OR", "a"),
        ("OR", ""),
        ("a OR OR b", "a | b"),
        ("a or b", "a, or, b"),
        ('"OR"', "<or>"),
        ("-OR", "not or"),
        ("ORDER", "order"),
        ("pre*", "pre..."),
        ("pre**", "pre..."),
        ("*", ""),
        ("*fix", "fix"),
        ("pre*fix", "pre fix"),
        ("snake_case", "snake case"),
        ("word, (other)!", "word, other"),
        ("title:x^2~1", "title x 2 1"),
        ("a AND NOT b", "a, and, not, b"),
        ("[1 TO 9] {x}", "1, to, 9, x"),
        ("/regex.*/ \\d+", "regex, d"),
        ("東京都", "東京, 京都"),
        ("東京、京都", "東京, 京都"),
        ("東京京都東京", "東京, 京京, 京都, 都東"),
        ("APIの例", "api, の例"),
        ('"東京都"', "<東京 京都>"),
        ("-東京都", "not 東京 京都"),
        ("東京都 OR a", "東京 京都 | a"),
        ("ข้อมูล", "ข้, ้อ, อม, มู, ูล"),
        ("한국어-문서", "한국어 문서"),
        ("a\x00b", "a b"),
        ("\udcff", ""),
        ("", ""),
        ("?!… — «»", ""),
    ],
)
def test_queries_are_parsed(text: str, expected: str) -> None:
    query = parse_query(text)
    assert shown(query) == expected
    assert query.text == text


@given(
    st.one_of(
        st.text(), st.text('aąж東 "-*OR\n\udcff\0'), st.lists(st.sampled_from(["OR", "-", '"', "a", "*"])).map(" ".join)
    )
)
def test_any_text_is_a_query(text: str) -> None:
    query = parse_query(text)
    assert all(group for group in query.groups)
    for item in (*(item for group in query.groups for item in group), *query.excluded):
        assert item.words
        assert item.kind in ("word", "phrase", "prefix")
        assert item.text in text
        assert item.kind != "prefix" or len(item.words) == 1
    assert set(query.decisive(())) <= set(range(len(query.groups)))
    assert bool(query.decisive(())) == bool(query.groups)
    assert isinstance(query.words, str)


@given(st.lists(st.text("abcżё", min_size=1), min_size=1))
def test_words_alone_are_all_wanted(words: list[str]) -> None:
    query = parse_query(" ".join(words))
    assert [item.text for group in query.groups for item in group] == list(dict.fromkeys(words))
    assert query.excluded == ()
    assert query.words == " ".join(words)


@pytest.mark.parametrize(
    ("text", "decisive"),
    [
        ("the conflict", ["conflict"]),
        ("the", ["the"]),
        ("the of and", ["the", "of", "and"]),
        ('"the" conflict', ["the", "conflict"]),
        ("the OR conflict price", ["the", "price"]),
        ("zarządzanie i konflikt", ["zarządzanie", "konflikt"]),
        ("th* conflict", ["th", "conflict"]),
    ],
)
def test_function_words_are_decisive_only_if_there_are_no_other_words(text: str, decisive: list[str]) -> None:
    query = parse_query(text)
    assert [query.groups[place][0].text for place in query.decisive(("pl",))] == decisive
