import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.languages.sentences import sentences

ANY = st.one_of(st.text(), st.text("aA.!?… \n\"'»”)([«—。！」 1ж"))


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Ala ma kota.", "Kot ma Alę!", "Czy na pewno?", "Tak."],
        ["«Да».", "«Нет»."],
        ["А. С. Пушкин писал.", "Он жил давно."],
        ["To jest m.in. tak np. długa ulica.", "Koniec"],
        ["Pi is 3.14 or so.", "Really..."],
        ["Wait…", "What?!", '"Yes."', "(No.)", "— Да."],
        ["etc. and so on.", "More"],
        ["Кто я?", "Он."],
        ["no end mark at all"],
        ["one line", "another line"],
    ],
)
def test_a_text_is_cut_where_a_sentence_ends(expected: list[str]) -> None:
    joint = "\n" if expected[0] == "one line" else " "
    assert parts(joint.join(expected)) == expected


def test_scripts_without_spaces_have_sentences_too() -> None:
    assert parts("猫是动物。狗也是！「真的？」是。") == ["猫是动物。", "狗也是！", "「真的？」", "是。"]


def test_white_space_is_in_no_sentence() -> None:
    assert parts("") == parts(" \n\t ") == []
    assert parts("  One.  \n\n Two.\t") == ["One.", "Two."]


@given(ANY)
def test_every_letter_of_any_text_is_in_one_sentence(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@pytest.mark.parametrize("text", ["." * 30_000, '."' * 30_000, ". " * 30_000, "." + " " * 30_000, "。" * 30_000])
def test_a_long_run_of_full_stops_is_one_sentence(text: str) -> None:
    """What ends none is tried once: benchmarks/patterns.py measures it, and a square would take minutes here."""
    assert parts(text) == [text.strip()]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", ["To jest np. Java, tj. język.", "Dalej m.in. Python itd.", "Koniec."]),
        ("pl", ["Zob. Rys. 3 i nr 5.", "W wersji 3.", "To jest HTML.", "1. Otwórz."]),
        ("ru", ["Это, т. е. Пример, и т. д.", "Далее см. Рис. 3.", "Он жил в 1990 г.", "Она тоже."]),
        ("ru", ["«Что?» — спросил он.", "В начале 90-х.", "Сейчас нет."]),
        ("en", ["Use e.g. Java or i.e. C.", "The U.S. Government is in the U.S.", "The end."]),
        ("en", ["Call Dr. Smith at 5 p.m.", 'He said "Yes!" and left.', "See No. 5.", "No.", "Yes."]),
        ("en", ["It is done.", "✅ Next.", "¿Qué?", "O'Neil is at Acme Inc.", "The next."]),
        ("de", ["Am 3. Mai z. B. Morgen, d. h. früh usw.", "Dann."]),
        ("es", ["¿Qué?", "¡Hola!", "P. ej. Java.", "Fin."]),
        ("el", ["Τι είναι;", "Αυτό."]),
        ("ar", ["هل هذا؟", "نعم.", "لا."]),
        ("hi", ["यह है।", "क्या?", "वह है।"]),
        ("ur", ["یہ ہے۔", "وہ ہے۔"]),
        ("hy", ["Սա է։", "Այն է։"]),
        ("th", ["สวัสดี ครับ ฯลฯ ไป"]),
    ],
)
def test_abbreviations_and_marks_of_a_language_are_known(language: str, expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh", ["参见（如下。）。", "好！", "是吗?", "对。", "用 Vue.js 吧。"]),
        ("zh", ["他说：“真的！”，然后走了。", "好。"]),
        ("ja", ["「真的？」と言った。", "そうです。", "はい！"]),
    ],
)
def test_scripts_without_spaces_have_quotes_inside_of_sentences(language: str, expected: list[str]) -> None:
    text = "".join(expected)
    assert [text[start:end] for start, end in sentences(text, language)] == expected


@given(ANY, st.sampled_from(["en", "el", "de", "xx", "pt-BR"]))
def test_any_language_has_every_letter_in_one_sentence(text: str, language: str) -> None:
    found = sentences(text, language)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())


def test_the_table_of_abbreviations_has_a_row_for_known_languages_only() -> None:
    from relmgr_cli.languages.names import names
    from relmgr_cli.languages.sentences import _rows

    rows = list(_rows())
    tags = [tag for tag, _ in rows]
    assert len(tags) == len(set(tags))
    assert {*tags} - {"*", "nb", "nn"} <= names().keys()
    assert all(words == words.casefold() and not words.endswith(".") for _, line in rows for words in line.split())
