"""`relmgr bookmarks`: listed as lines, as a list and as JSON; removed by number."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age
from support.terminal import run_in_terminal

from relmgr_cli.core.bookmarks import toggle_bookmark
from relmgr_cli.core.library import QuietReporter, open_library
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.bookmarks import bookmarks_file

Write = Callable[[str, str], Path]
ENGLISH = "# Boats\n\nA boat needs a calm harbour.\n\n## Sails\n\nFold the sails before the storm comes.\n"
POLISH = "# Łodzie\n\nŁódź potrzebuje spokojnego portu.\n\n## Żagle\n\nZłóż żagle, zanim przyjdzie burza.\n"
LINES = [
    "1  boats#1  Boats  Fold the sails before the storm comes.  lib/en/boats.md:7",
    "2  boats#0  Boats  A boat needs a calm harbour.  lib/en/boats.md:3",
]


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library with two bookmarks; the current folder is its parent."""
    write("lib/en/boats.md", ENGLISH)
    write("lib/pl/boats.md", POLISH)
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    opened = open_library([tmp_path / "lib"], None, QuietReporter())
    article = load_article(opened.database, 1)
    file = bookmarks_file(Path.home() / ".local/state/relmgr", opened.key)
    for text in ("Fold", "A boat"):
        blocks = article.documents["en"].blocks
        index = next(index for index, block in enumerate(blocks) if block.text.startswith(text))
        unit = next(unit for unit in article.units if index in unit.blocks["en"])
        toggle_bookmark(file, article, unit.blocks, "en")
    opened.database.close()
    return tmp_path / "lib"


def test_every_bookmark_is_on_a_line(relmgr: Relmgr, library: Path) -> None:
    for _ in range(2):  # computed, then from the output cache
        result = relmgr("-C", library, "bookmarks")
        assert (result.code, result.out.splitlines(), result.err) == (0, LINES, "")


def test_a_language_shows_the_translations_of_the_blocks(relmgr: Relmgr, library: Path) -> None:
    lines = relmgr("-C", library, "bookmarks", "--lang", "pl").out.splitlines()
    assert lines[0] == "1  boats#1  Łodzie  Złóż żagle, zanim przyjdzie burza.  lib/pl/boats.md:7"
    refused = relmgr("-C", library, "bookmarks", "--lang", "ru")
    assert (refused.code, refused.out) == (2, "")


def test_json_has_the_keys_of_the_contract(relmgr: Relmgr, library: Path) -> None:
    answer = json.loads(relmgr("-C", library, "bookmarks", "--json").out)
    assert answer["version"] == 1
    assert answer["bookmarks"][0] == {
        "number": 1,
        "article": "boats",
        "section": "1",
        "lang": "en",
        "title": "Boats",
        "text": "Fold the sails before the storm comes.",
        "root": str(library),
        "path": "en/boats.md",
        "line": 7,
        "state": "found",
    }


@pytest.mark.slow
def test_a_terminal_shows_the_words_above_the_place(library: Path) -> None:
    assert LINES[0] in run_in_terminal("-C", str(library), "bookmarks", "--no-pager", "--plain")
    screen = run_in_terminal("-C", str(library), "bookmarks", "--no-pager")
    lines = [line.strip() for line in re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", screen).splitlines()]
    index = lines.index("1  Fold the sails before the storm comes.")
    assert lines[index + 1] == "Boats  boats#1  lib/en/boats.md:7"


def test_a_bookmark_is_removed_by_its_number(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "bookmarks").out.splitlines() == LINES  # and is cached
    result = relmgr("-C", library, "bookmarks", "--remove", "1")
    assert (result.code, result.out) == (0, "bookmark removed: Fold the sails before the storm comes.\n")
    assert relmgr("-C", library, "bookmarks").out.splitlines() == [LINES[1].replace("2", "1", 1)]
    assert json.loads(relmgr("-C", library, "bookmarks", "--remove", "1", "--json").out) == {"version": 1, "removed": 1}
    none = relmgr("-C", library, "bookmarks")
    assert (none.code, none.out) == (0, "")
    assert none.err == "relmgr: no bookmarks; set them in the reader: relmgr -C lib read\n".replace("lib", str(library))
    assert json.loads(relmgr("-C", library, "bookmarks", "--json").out) == {"version": 1, "bookmarks": []}


def test_a_number_without_a_bookmark_is_refused(relmgr: Relmgr, library: Path) -> None:
    for number in ("3", "9" * 30):
        result = relmgr("-C", library, "bookmarks", "--remove", number)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"relmgr: no bookmark {number}; relmgr -C ")
    assert len(relmgr("-C", library, "bookmarks").out.splitlines()) == 2


def test_a_bookmark_whose_text_is_gone_says_so(relmgr: Relmgr, library: Path, write: Write) -> None:
    assert relmgr("-C", library, "bookmarks").out.splitlines() == LINES
    for language in ("en", "pl"):
        write(f"lib/{language}/boats.md", "# Boats\n\nA boat needs a calm harbour.\n")
    lines = relmgr("-C", library, "bookmarks").out.splitlines()
    assert lines == [f"{LINES[0]}  (text is gone)", LINES[1]]
    states = [each["state"] for each in json.loads(relmgr("-C", library, "bookmarks", "--json").out)["bookmarks"]]
    assert states == ["gone", "found"]


def test_nothing_of_a_bookmark_can_act_on_the_terminal(relmgr: Relmgr, library: Path) -> None:
    (file,) = (Path.home() / ".local/state/relmgr/bookmarks").glob("*.jsonl")
    value = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    hostile = "\x1b]0;x\x07\u202e\n"
    changed = {**value, **dict.fromkeys(("article", "title", "text", "section"), hostile)}
    changed["places"] = [{**each, "path": f"{hostile}.md"} for each in value["places"]]
    file.write_text(json.dumps(changed) + "\n", encoding="utf-8")
    for options in ([], ["--plain"], ["--json"], ["--remove", "1"]):
        out = relmgr("-C", library, "bookmarks", *options).out
        assert out.count("\n") == 1, options
        assert not {"\x1b", "\x07", "\u202e"} & set(out), options
