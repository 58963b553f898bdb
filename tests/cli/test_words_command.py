"""`relmgr words`: listed as lines, as a list and as JSON; removed by number."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.terminal import run_in_terminal

from relmgr_cli.store.database import library_key
from relmgr_cli.store.kept_words import WordInContext, keep_word, kept_words_file

Write = Callable[[str, str], Path]
SENTENCE = "A boat needs a calm harbour."
BOAT = WordInContext("boat", "en", "łódź", "pl", SENTENCE, "Łódź czeka.", "boats", "en/boats.md", 3)
GONE = WordInContext("парус", "ru", sentence="Парус белеет.", article="sea", path="ru/sea.md", line=7)
LINES = [
    f"1  boat (en) → łódź (pl)  {SENTENCE}  lib/en/boats.md:3",
    "2  парус (ru)  Парус белеет.  ru/sea.md:7",
]


def words_file(library: Path) -> str:
    return kept_words_file(Path.home() / ".local/state/relmgr", library_key((library,)))


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library with two kept words, one of a file that is gone; the current folder is its parent."""
    write("lib/en/boats.md", f"# Boats\n\n{SENTENCE}\n")
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    for word in (BOAT, GONE):
        keep_word(words_file(tmp_path / "lib"), word)
    return tmp_path / "lib"


def test_every_kept_word_is_on_a_line(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):  # computed, then from the output cache
        result = relmgr("-C", library, "words")
        assert (result.code, result.out.splitlines(), result.err) == (0, LINES, "")
    plain = relmgr("-C", library, "words", "--plain").out.splitlines()
    assert plain[0].startswith("1  boat (en), translated: łódź (pl)  A boat")


def test_words_are_chosen_by_language_and_keep_their_numbers(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "words", "--lang", "russian").out.splitlines() == LINES[1:]
    assert relmgr("-C", library, "words", "--lang", "pl").err.startswith("relmgr: no words of this library")


def test_json_has_the_keys_of_the_contract(relmgr: Relmgr, library: Path) -> None:
    answer = json.loads(relmgr("-C", library, "words", "--json").out)
    assert answer["version"] == 1
    assert answer["words"][0] == {
        "number": 1,
        "word": "boat",
        "lang": "en",
        "translation": "łódź",
        "translation_lang": "pl",
        "sentence": SENTENCE,
        "sentence_translation": "Łódź czeka.",
        "article": "boats",
        "root": str(library),
        "path": "en/boats.md",
        "line": 3,
    }
    assert answer["words"][1]["root"] is None


@pytest.mark.slow
def test_a_terminal_shows_the_sentence_below_the_word(library: Path) -> None:
    screen = run_in_terminal("-C", str(library), "words", "--no-pager")
    lines = [line.strip() for line in re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", screen).splitlines()]
    index = lines.index("1  boat (en) → łódź (pl)")
    assert lines[index + 1 : index + 4] == [SENTENCE, "Łódź czeka.", "lib/en/boats.md:3"]


def test_a_word_is_removed_by_its_number(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "words").out.splitlines() == LINES  # and is cached
    result = relmgr("-C", library, "words", "--remove", "1")
    assert (result.code, result.out) == (0, "word removed: boat\n")
    assert relmgr("-C", library, "words").out.splitlines() == [LINES[1].replace("2", "1", 1)]
    assert json.loads(relmgr("-C", library, "words", "--remove", "1", "--json").out) == {"version": 1, "removed": 1}
    assert json.loads(relmgr("-C", library, "words", "--json").out) == {"version": 1, "words": []}
    refused = relmgr("-C", library, "words", "--remove", "1")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("relmgr: no word 1; relmgr -C ")


def test_nothing_of_a_word_can_act_on_the_terminal(relmgr: Relmgr, library: Path) -> None:
    hostile = "x\x1b]0;x\x07\u202e\n"
    value = {**BOAT._asdict(), "line": 1}
    Path(words_file(library)).write_text(json.dumps({key: value[key] if key == "line" else hostile for key in value}))
    for options in ([], ["--plain"], ["--json"], ["--remove", "1"]):
        out = relmgr("-C", library, "words", *options).out
        assert out.count("\n") == 1, options
        assert not {"\x1b", "\x07", "\u202e"} & set(out), options
