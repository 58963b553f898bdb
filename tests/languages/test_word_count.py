import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.languages.tokens import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— !? …", 0),
        ("jeden dwa\ntrzy", 3),
        ("don't re-read relmgr.toml", 3),
        ("Большой и малый", 3),
        ("漢字", 1),
        ("漢字仮", 2),
        ("ひらがなカタカナ and Latin", 6),
        ("2024 1.10", 2),
        ("हिन्दी में लिखा", 3),  # vowel signs and the virama are marks of every text, composed or not
        ("שָׁלוֹם עוֹלָם", 2),
        ("soft\u00adhyphen zero\u200djoiner", 2),
        ("a\u0301-b l'e\u0301te\u0301", 2),
        ("\u0301 \u0301\u0301", 0),
    ],
)
def test_words_are_counted_with_and_without_spaces_between_them(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(st.sampled_from("aż őẫй ё-'’. がザ한글漢é\u0301\u0323"), max_size=60))
def test_a_text_has_as_many_words_in_every_normal_form(text: str) -> None:
    counts = {count_words(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(counts) == 1
