import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relmgr_cli.languages.normalization import encoded_form, fold, nearest


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zażółć GĘŚLĄ jaźń", "zazolc gesla jazn"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Ærø œuvre", "aero oeuvre"),
        ("naïve café", "naive cafe"),
        ("Ελλάδα", "ελλαδα"),
        ("Йод и ЁЛКА", "йод и елка"),
        ("Їжак", "їжак"),
        ("e\u0301te\u0301", "ete"),
        ("и\u0306", "й"),
        ("東京 2024", "東京 2024"),
        ("", ""),
    ],
)
def test_text_loses_the_case_and_the_accents_that_a_keyboard_may_lack(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "Z"])))
def test_the_two_unicode_forms_of_a_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(st.text("aąbcćłóżźöüéабвйёіїλάς ", max_size=12))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_nearest_name_is_found_if_any_is_near() -> None:
    named = {"menedzer": 1, "relacji": 2}
    assert nearest("menadzer", named) == 1
    assert nearest("relacje", named) == 2
    assert nearest("xyz", named) is None
    assert nearest("x", {}) is None


@pytest.mark.parametrize(
    "text", ["kto zapłaci", "KTO ZAPŁACI", "  Kto\tzapłaci? ", "¿Kto zapłaci?!", "kto zapłaci …", "kto zapłaci。"]
)
def test_case_and_final_punctuation_make_no_difference_to_the_encoder(text: str) -> None:
    assert encoded_form(text) == "kto zapłaci"


def test_accents_and_inner_punctuation_stay_for_the_encoder() -> None:
    assert encoded_form("Wasser, Öl & C++") == "wasser, öl & c++"
