import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.languages.tokens import stem, words

LETTERS = "aąćęłńóśźżàéîõüçßøæœıİабвёжйієґαάως'ʼ-_.,1२अआकिमي مُحשָׁ한국日本語カがパทีไ ①²\u0301\u0308\u00ad\n\"*"
MIXED = st.one_of(st.text(), st.text(LETTERS), st.text(LETTERS, min_size=70))


def forms(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("lodz", "Łódź"),
        ("LODZ", "łódź"),
        ("еж", "ёж"),
        ("Ёж", "ЕЖ"),
        ("zolw", "żółw"),
        ("oeuvre", "œuvre"),
        ("strasse", "Straße"),
        ("naive", "naïve"),
        ("Istanbul", "İstanbul"),
        ("σοφος", "ΣΟΦΌΣ"),
        ("محمد", "مُحَمَّد"),
        ("שלום", "שָׁלוֹם"),
    ],
)
def test_a_word_is_found_without_its_accents_and_in_any_case(typed: str, written: str) -> None:
    if typed == "שלום":  # the dot of shin is another letter
        written = written.replace("\u05c1", "")
    assert forms(typed) == forms(written)


@pytest.mark.parametrize(("one", "other"), [("мой", "мои"), ("й", "и"), ("ż", "ź ")])
def test_a_cyrillic_short_i_is_a_letter_of_its_own(one: str, other: str) -> None:
    assert (forms(one) == forms(other)) == (one == "ż")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("... !? —", []),
        ("snake_case and kebab-case", ["snake", "case", "and", "kebab", "case"]),
        ("it's don’t", ["it", "s", "don", "t"]),
        ("3.14 C++ a1", ["3", "14", "c", "a1"]),
        ("東京都", ["東京", "京都"]),
        ("猫", ["猫"]),
        ("abc東京 2日", ["abc", "東京", "2", "日"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("한국어", ["한국어"]),
        ("👍🏽 ok", ["ok"]),
        ("\udcff\x00a", ["a"]),
        ("x" * 130, ["x" * 60, "x" * 60, "x" * 10]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@given(MIXED)
def test_any_text_has_words_at_their_offsets(text: str) -> None:
    last = 0
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.start >= last
        last = word.start
        assert word.folded
        seen = re.sub("[\u00ad\u200c\u200d]", "", text[word.start : word.end])
        assert word.spelling == unicodedata.normalize("NFC", seen.casefold())
        assert word.end - word.start <= 60
        assert not any(letter.isspace() for letter in word.folded)


@given(st.text(LETTERS.replace("\u0301", "").replace("\u0308", ""), max_size=50))
def test_composed_and_decomposed_letters_are_the_same_words(text: str) -> None:
    assert forms(unicodedata.normalize("NFC", text)) == forms(unicodedata.normalize("NFD", text))


@given(MIXED)
def test_no_letter_is_in_no_word(text: str) -> None:
    covered = {place for word in words(text) for place in range(word.start, word.end)}
    assert all(place in covered for place, letter in enumerate(text) if letter.isalnum())


@given(MIXED)
def test_a_word_is_found_by_its_folded_form(text: str) -> None:
    """What is typed goes the way of what is written: the words of a form are that form again."""
    for word in words(text):
        if word.folded[0].isalnum() and len(word.folded) <= 60:
            assert forms(word.folded)[:1] == [word.folded]


@pytest.mark.parametrize(
    ("language", "spellings"),
    [
        ("pl", ["konflikt", "konflikty", "konfliktami", "konfliktu"]),
        ("ru", ["конфликт", "конфликты", "конфликтами", "конфликтов"]),
        ("en", ["conflict", "conflicts", "conflicted"]),
        ("de", ["häuser", "haus"]),
        ("pt-BR", ["cidade", "cidades"]),
        ("fr", ["livre", "livres"]),
        ("no", ["hus", "huset"]),
    ],
)
def test_the_forms_of_a_word_share_a_stem(language: str, spellings: list[str]) -> None:
    assert len({stem(spelling, language) for spelling in spellings}) == 1


def test_a_language_without_a_stemmer_has_folded_words_for_stems() -> None:
    assert stem("łódź", "xx") == stem("łódź", "") == "lodz"
    assert stem("東京", "zh") == "東京"


@given(st.text(LETTERS, min_size=1, max_size=40), st.sampled_from(["pl", "ru", "en", "de", "ar", "zh", "xx", "pt-BR"]))
def test_every_word_has_a_stem_in_every_language(text: str, language: str) -> None:
    for word in words(text):
        assert stem(word.spelling, language)


@pytest.mark.parametrize("joint", ["\u00ad", "\u200c", "\u200d"])
def test_invisible_characters_are_not_part_of_a_word(joint: str) -> None:
    (word,) = words(f"kon{joint}fliktach")
    assert word.folded == "konfliktach"
    assert (word.start, word.end) == (0, 12)
