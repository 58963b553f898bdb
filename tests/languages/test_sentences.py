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
