import csv
from collections.abc import Callable, Iterable
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.export_units import HOSTILE_TEXTS

from relmgr_cli.export.anki import anki_notes
from relmgr_cli.export.concordance import word_table
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.terminal.sanitize import sanitize

WORD = WordInContext("price", "en", "cena", "pl", "The price is high.", "Cena jest wysoka.", "docs/a", "en/a.md", 7)


def notes(*words: WordInContext) -> list[list[str]]:
    """Return the cells of each note, without its identity."""
    csv.field_size_limit(1_000_000)
    lines = StringIO("".join(anki_notes(words).splitlines(keepends=True)[5:]), newline="")
    return [row[1:] for row in csv.reader(lines, dialect="excel-tab")]


def test_the_header_tells_anki_how_to_read_the_file() -> None:
    assert anki_notes([WORD]).splitlines()[:5] == [
        "#separator:tab",
        "#html:false",
        "#guid column:1",
        "#tags column:7",
        "#columns:Guid\tWord\tTranslation\tSentence\tSentence translation\tSource\tTags",
    ]


def test_a_note_has_the_word_both_sentences_and_where_it_is() -> None:
    assert notes(WORD) == [
        ["price", "cena", "The price is high.", "Cena jest wysoka.", "docs/a (en/a.md:7)", "relmgr en pl"]
    ]


def test_a_word_without_a_translation_is_a_note_too() -> None:
    assert notes(WordInContext("price", "en", article="docs/a")) == [["price", "", "", "", "docs/a", "relmgr en"]]


def test_the_same_word_is_a_note_for_each_sentence_with_an_identity_that_stays() -> None:
    words = [WORD, WORD._replace(line=9, translation="koszt"), WORD._replace(sentence="No price.")]
    assert [row[2] for row in notes(*words)] == ["The price is high.", "No price."]
    assert notes(*words)[0][1] == "koszt"
    first, later = (anki_notes(found).splitlines()[5].split("\t")[0] for found in ([WORD], words))
    assert first == later


def test_every_row_begins_with_a_quote_so_that_none_is_a_comment() -> None:
    text = anki_notes([WORD._replace(word=word) for word in HOSTILE_TEXTS if "\n" not in word])
    assert all(line.startswith('"') for line in text.splitlines()[5:])


@pytest.mark.parametrize("write", [anki_notes, word_table])
def test_no_cell_of_words_is_a_formula(write: Callable[[Iterable[WordInContext]], str]) -> None:
    words = [WordInContext._make([*[f"{start}1"] * 8, 1]) for start in "=+-@＝"]
    rows = csv.reader(StringIO(write(words), newline=""), dialect="excel-tab")
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@＝"))]


@given(st.builds(WordInContext, *[st.text()] * 8, st.just(1)))
def test_any_text_makes_one_note_and_one_row(word: WordInContext) -> None:
    (row,) = notes(word)
    assert len(row) == 6
    assert row[0] in (sanitize(word.word).strip(), "'" + sanitize(word.word).strip())
    table = list(csv.reader(StringIO(word_table([word]), newline=""), dialect="excel-tab"))
    assert [len(cells) for cells in table] == [9, 9]
    for text in (anki_notes([word]), word_table([word])):
        assert sanitize(text) == text
