"""Lines break where a typesetter of the language would break them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from relmgr_cli.layout.linebreak import break_lines, cut_line

# Letters of several scripts, wide and narrow, with joiners, combining marks and every kind of space.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
        st.sampled_from("aż я世界 \u00a0\u202f\n—–iwвс()«»„”-‐\u0301👨‍👩‍👧"),
    ),
    max_size=200,
)


def lines(text: str, width: int, language: str = "pl") -> list[str]:
    return [text[start:end] for start, end in break_lines(text, width, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("pl", "Mieszka w domu i ogrodzie", ["Mieszka", "w domu", "i ogrodzie"]),
        ("ru", "Живёт в доме и с садом", ["Живёт", "в доме", "и с садом"]),
        ("pl", "Zamek (z wieżą) stoi", ["Zamek", "(z wieżą)", "stoi"]),
        ("en", "This is a long tail", ["This is a", "long tail"]),
        ("de", "Das ist 10\u00a0kg schwer", ["Das ist", "10\u00a0kg", "schwer"]),
    ],
)
def test_words_that_belong_together_stay_together(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, 10, language) == expected


def test_no_line_starts_with_a_dash_where_there_is_room() -> None:
    assert lines("Москва большая — столица", 18, "ru") == ["Москва большая —", "столица"]


def test_chinese_breaks_between_characters_but_not_before_closing_punctuation() -> None:
    assert lines("你好，世界。今天天气很好。", 10, "zh") == ["你好，世", "界。今天天", "气很好。"]


def test_a_word_that_is_too_wide_is_cut_between_graphemes() -> None:
    assert lines("e\u0301" * 25, 20) == ["e\u0301" * 20, "e\u0301" * 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("бизнес-подразделениям", ["бизнес-", "подразделениям"]),
        ("для бизнес-подразделениям и", ["для бизнес-", "подразделениям и"]),
        ("к бизнес-подразделениям", ["к бизнес-", "подразделениям"]),
        ("Tauberbischofsheim-Distelhausen-Dittigheim", ["Tauberbischofsheim-", "Distelhausen-", "Dittigheim"]),
        ("well-known", ["well-known"]),
        ("a state-of-the-art thing", ["a state-of-the-art", "thing"]),
        ("0123456789-0123456789-01", ["0123456789-012345678", "9-01"]),  # UAX #14: no break before a digit
        ("x-ray" * 5, ["x-rayx-rayx-rayx-", "rayx-ray"]),
        ("Rechtsschutzversicherungsgesellschaft-Nord", ["Rechtsschutzversiche", "rungsgesellschaft-", "Nord"]),
    ],
)
def test_a_word_that_is_too_wide_breaks_after_its_hyphens_first(text: str, expected: list[str]) -> None:
    assert lines(text, 20, "ru") == expected


def test_a_hyphen_in_a_url_is_no_place_to_break() -> None:
    text = "Zobacz (https://a-b.org/c-d-e-f), x"
    assert lines(text, 26) == ["Zobacz", "(https://a-b.org/c-d-e-f),", "x"]
    assert lines(text, 20) == ["Zobacz", "(https://a-b.org/c-d", "-e-f), x"]
    kept = [text[start:end] for start, end in break_lines(text, 20, "pl", keeps_urls=True)]
    assert kept == ["Zobacz", "(https://a-b.org/c-d-e-f),", "x"]


@given(parts=st.lists(st.text("abżяж", min_size=2, max_size=5), min_size=1, max_size=12), width=st.integers(11, 30))
def test_a_word_whose_parts_fit_is_broken_after_hyphens_only(parts: list[str], width: int) -> None:
    shown = lines("-".join(parts), width)
    assert "".join(shown) == "-".join(parts)
    assert all(line.endswith("-") for line in shown[:-1])


def test_a_newline_ends_the_line_and_an_empty_line_stays() -> None:
    assert lines("one\n\ntwo", 20) == ["one", "", "two"]


@given(text=ANY_TEXT, width=st.integers(2, 60), language=st.sampled_from(["pl", "ru", "en", "zh", ""]))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int, language: str) -> None:
    shown = lines(text, width, language)
    assert all(cell_len(line) <= width for line in shown)
    assert "".join("".join(shown).split()) == "".join(text.split())


@given(text=st.text(st.sampled_from("abżiw я в.,("), max_size=120), width=st.integers(12, 40))
def test_no_line_ends_in_a_one_letter_word_where_both_words_fit_on_the_next(text: str, width: int) -> None:
    shown = lines(text, width)
    for line, following in pairwise(shown):
        words = line.split(" ")
        is_one_letter = len(words) > 1 and len(words[-1]) == 1 and words[-1].isalpha()
        assert not is_one_letter or len(f"{words[-1]} {following.split(' ')[0]}") > width


@pytest.mark.parametrize("language", ["pl", "ru", "en"])
def test_a_word_that_fits_on_a_line_is_not_cut_for_a_one_letter_word_before_it(language: str) -> None:
    assert lines("a aaabb", 6, language) == ["a", "aaabb"]
    assert lines("a w aaabb", 6, language) == ["a w", "aaabb"]


@given(line=ANY_TEXT.map(lambda text: text.replace("\n", " ")), width=st.integers(2, 60))
def test_a_line_of_code_is_cut_without_losing_a_space(line: str, width: int) -> None:
    pieces = [line[start:end] for start, end in cut_line(line, width)]
    assert "".join(pieces) == line
    assert all(cell_len(piece) <= width for piece in pieces)
