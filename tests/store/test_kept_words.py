import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from relmgr_cli.store import kept_words
from relmgr_cli.store.kept_words import WordInContext, keep_word, kept_words_file, load_words

PRICE = WordInContext("price", "en", "cena", "pl", "The price is high.", "Cena jest wysoka.", "a", "en/a.md", 7)
COST = WordInContext("cost", "en")


@pytest.fixture
def file(tmp_path: Path) -> str:
    return kept_words_file(tmp_path / "state", "notes")


def test_each_library_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert kept_words_file(tmp_path, "a") != kept_words_file(tmp_path, "b")
    assert kept_words_file(None, "a") == ""


def test_words_are_kept_in_their_order(file: str) -> None:
    assert load_words(file) == ()
    assert keep_word(file, PRICE)
    assert keep_word(file, COST)
    assert load_words(file) == (PRICE, COST)


def test_a_word_that_is_kept_again_is_there_once_as_the_last_one(file: str) -> None:
    for word in (PRICE, COST):
        keep_word(file, word)
    again = PRICE._replace(translation="koszt", line=9)
    assert not keep_word(file, again)
    assert load_words(file) == (COST, again)


def test_the_same_word_in_another_sentence_is_another_one(file: str) -> None:
    other = PRICE._replace(sentence="What a price!")
    assert [keep_word(file, word) for word in (PRICE, other)] == [True, True]
    assert load_words(file) == (PRICE, other)


def test_the_oldest_words_are_dropped_and_long_texts_are_cut(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_words, "_MAX_WORDS", 2)
    for name in ("a", "b", "c"):
        keep_word(file, WordInContext(name, "en", sentence="x" * 5000))
    assert [word.word for word in load_words(file)] == ["b", "c"]
    assert {len(word.sentence) for word in load_words(file)} == {2000}


def test_any_text_comes_back_as_it_was(file: str) -> None:
    word = WordInContext("a\n\u2028\t\"'\\", "en", "\ud800", "ru", "\x00\x1b", "ż", "\u202e", "\udcff.md", 1)
    keep_word(file, word)
    assert load_words(file) == (word,)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"word": "x"}',
        b'{"word": 1, "language": "en"}',
        b'{"word": "", "language": "en"}',
        b'{"word": "x", "language": "en", "line": "7"}',
        b'{"word": "x", "language": "en", "other": 1}',
        b'{"word": "x", "language": "en", "path": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_line_that_is_no_word_is_ignored(file: str, line: bytes) -> None:
    keep_word(file, PRICE)
    good = Path(file).read_bytes()
    Path(file).write_bytes(line + b"\n" + good + line)
    assert load_words(file) == (PRICE,)
    assert keep_word(file, COST)
    assert load_words(file) == (PRICE, COST)


def test_the_file_is_private_and_each_line_is_an_object(file: str) -> None:
    keep_word(file, PRICE)
    assert os.stat(file).st_mode & 0o077 == 0
    (line,) = Path(file).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["translation"] == "cena"


def test_what_cannot_be_written_raises(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OSError, match="state"):
        keep_word(kept_words_file(tmp_path / "state", "notes"), PRICE)


@pytest.mark.slow
def test_two_processes_lose_no_word(file: str) -> None:
    code = (
        "import sys; from relmgr_cli.store.kept_words import *\n"
        "for number in range(30): keep_word(sys.argv[1], WordInContext(f'{sys.argv[2]}{number}', 'en'))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, file, name]) for name in ("a", "b")]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert {word.word for word in load_words(file)} == {f"{name}{number}" for name in "ab" for number in range(30)}
