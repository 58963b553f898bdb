import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.languages.fuzzy import FuzzyPattern, matched_ranges
from relmgr_cli.languages.normalization import fold


def best(pattern: str, *names: str) -> list[str]:
    """Return the names that match, best first."""
    costs = [(FuzzyPattern(pattern).cost(name), name) for name in names]
    return [name for cost, name in sorted((cost, name) for cost, name in costs if cost is not None)]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("start", ["start", "starting", "a start", "restart"]),
        ("gs", ["gs", "getting started", "settings"]),
        ("wnd", ["window", "working in docs"]),
        ("pp", ["path parameters", "apple"]),
        ("tpp", ["docs/tutorial/path-params.md", "the top pump"]),
    ],
)
def test_the_best_name_is_the_one_with_the_letters_at_the_starts_of_words_and_together(
    pattern: str, names: list[str]
) -> None:
    assert best(pattern, *reversed(names)) == names


def test_a_name_without_the_letters_in_order_does_not_match() -> None:
    assert best("wnd", "wdn", "", "wn") == []
    assert FuzzyPattern("wnd").positions("wdn") == ()


@pytest.mark.parametrize(
    ("pattern", "text", "marked"),
    [
        ("menr", "Menedżer relacji", ["Men", "r"]),
        ("zer", "Menedżer", ["żer"]),
        ("strass", "Große Straße", ["Straß"]),
        ("kaf", "a k\u0301af", ["k\u0301af"]),
        ("gs", "Settings: Getting Started", ["gs"]),
        ("xyz", "Getting Started", []),
    ],
)
def test_the_matched_letters_are_found_in_the_text_as_it_is_written(pattern: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in matched_ranges([FuzzyPattern(pattern)], text)] == marked


@given(st.text(st.sampled_from("ab ./_ß\u0301"), min_size=1, max_size=8), st.text(st.sampled_from("ab ./_ßżcA\u0301")))
def test_a_match_has_all_letters_in_order(pattern: str, text: str) -> None:
    letters, name = fold(pattern), fold(text)
    if not letters:
        return
    rest = iter(name)
    matches = all(letter in rest for letter in letters)
    positions = FuzzyPattern(letters).positions(name)
    assert (FuzzyPattern(letters).cost(name) is not None) == matches
    assert [name[at] for at in positions] == list(letters if matches else "")
    assert list(positions) == sorted(set(positions))
    ranges = matched_ranges([FuzzyPattern(letters)], text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)


def test_only_the_start_of_a_long_name_is_read() -> None:
    assert FuzzyPattern("b").cost("a" * 200 + "b") is None
    assert FuzzyPattern("ab" * 16).cost("a b" * 60) is None
    assert FuzzyPattern("ab" * 15).cost("a b" * 60) is not None
