"""The programs that the formats are for read them: gettext, translate-toolkit, pandas and Anki (the extra `slow`)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr
from support.export_units import HOSTILE_TEXTS, article, request, unit

from relmgr_cli.export.anki import anki_notes
from relmgr_cli.export.concordance import word_table
from relmgr_cli.export.formats import FORMATS
from relmgr_cli.export.units import Tally
from relmgr_cli.store.kept_words import WordInContext
from relmgr_cli.terminal.sanitize import sanitize

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # what those programs warn of

TEXTS = [sanitize(text) for text in HOSTILE_TEXTS]
PAIRS = [(text, other) for text in TEXTS for other in (text, TEXTS[0])]
DOUBTFUL = len(PAIRS) // 3
_LONG = 10_000  # characters


def hostile(folder: Path, to: str) -> Path:
    """Return a file with hostile texts, a third of them in doubt."""
    units = [
        unit(str(number), en=one, pl=other, doubtful=["pl"] if number < DOUBTFUL else [])
        for number, (one, other) in enumerate(PAIRS)
    ]
    (file,) = FORMATS[to].files([article(*units, name="a b\n<c>&")], request("en", "pl"), Tally())
    path = folder / file.name
    path.write_text(str(file.content), encoding="utf-8", newline="")
    return path


def seeds(relmgr: Relmgr, folder: Path, to: str) -> tuple[Path, int]:
    """Return a file with the bundled articles, and how many units it has as relmgr says."""
    path = folder / f"seeds.{'xlf' if to == 'xliff' else to}"
    result = relmgr("--bundled", "export", "--to", to, "--lang", "pl,ru", "-o", path)
    found = re.search(r"exported (\d+) units", result.err)
    assert found
    merged = re.search(r"(\d+) merged", result.err)
    return path, int(found[1]) - int(merged[1] if merged else 0)


def rendered(text: str) -> str:
    return text.strip("\n")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs msgfmt, of gettext")
@pytest.mark.parametrize(
    ("to", "program"),
    [
        ("po", ["msgfmt", "--check"]),
        ("po", ["msgcat"]),
        ("pot", ["msgfmt", "--check-format", "--check-domain"]),  # the header of a template is to be filled in
        ("pot", ["msgcat"]),
    ],
)
def test_gettext_reads_catalogs_without_a_complaint(
    relmgr: Relmgr, tmp_path: Path, to: str, program: list[str]
) -> None:
    path, _ = seeds(relmgr, tmp_path, to)
    for each in (path, hostile(tmp_path, to)):
        command = [*program, "--output-file=/dev/null", str(each)]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (result.returncode, result.stderr) == (0, "")


def test_translate_toolkit_reads_catalogs(relmgr: Relmgr, tmp_path: Path) -> None:
    pypo = pytest.importorskip("translate.storage.pypo", reason="needs the extra slow")
    path, count = seeds(relmgr, tmp_path, "po")
    assert len([each for each in pypo.pofile.parsefile(str(path)).units if not each.isheader()]) == count
    units = [each for each in pypo.pofile.parsefile(str(hostile(tmp_path, "po"))).units if not each.isheader()]
    assert [(each.source, each.target) for each in units] == [(rendered(one), rendered(other)) for one, other in PAIRS]
    assert [each.isfuzzy() for each in units] == [True] * DOUBTFUL + [False] * (len(PAIRS) - DOUBTFUL)
    assert {str(each.getlocations()) for each in units} == {"['en/a.md:1']"}


def test_the_checks_of_pofilter_run(relmgr: Relmgr, tmp_path: Path) -> None:
    pytest.importorskip("translate", reason="needs the extra slow")
    short = [unit(str(number), en=one, pl=other) for number, (one, other) in enumerate(PAIRS) if len(one) < _LONG]
    (file,) = FORMATS["po"].files([article(*short)], request("en", "pl"), Tally())
    path = tmp_path / "short.po"  # some checks take minutes for a word of 100,000 letters
    path.write_text(str(file.content), encoding="utf-8")
    for each in (seeds(relmgr, tmp_path, "po")[0], path):
        command = [sys.executable, "-m", "translate.filters.pofilter", "--progress=none", str(each)]
        result = subprocess.run([*command, str(tmp_path / "found.po")], capture_output=True, check=False, timeout=120)
        assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


def test_translate_toolkit_reads_memories(relmgr: Relmgr, tmp_path: Path) -> None:
    tmx = pytest.importorskip("translate.storage.tmx", reason="needs the extra slow")
    path, count = seeds(relmgr, tmp_path, "tmx")
    assert len(tmx.tmxfile.parsefile(str(path)).units) == count
    units = tmx.tmxfile.parsefile(str(hostile(tmp_path, "tmx"))).units
    assert [(each.source, each.target) for each in units] == PAIRS[DOUBTFUL:]


def test_translate_toolkit_reads_xliff(relmgr: Relmgr, tmp_path: Path) -> None:
    xliff = pytest.importorskip("translate.storage.xliff2", reason="needs the extra slow")
    path, count = seeds(relmgr, tmp_path, "xliff")
    assert len(xliff.Xliff2File.parsefile(str(path)).units) == count
    units = xliff.Xliff2File.parsefile(str(hostile(tmp_path, "xliff"))).units
    assert [(each.source, each.target) for each in units] == PAIRS
    assert [each.isfuzzy() for each in units] == [True] * DOUBTFUL + [False] * (len(PAIRS) - DOUBTFUL)


def test_pandas_reads_tables(relmgr: Relmgr, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="needs the extra slow")
    path, count = seeds(relmgr, tmp_path, "tsv")
    table = pandas.read_csv(path, sep="\t", keep_default_na=False)
    assert (len(table), list(table.columns)) == (count, ["id", "pl", "ru", "path", "line"])
    table = pandas.read_csv(hostile(tmp_path, "tsv"), sep="\t", keep_default_na=False)
    shown = [
        (one.removeprefix("'"), other.removeprefix("'")) for one, other in zip(table["en"], table["pl"], strict=True)
    ]
    assert shown == PAIRS[DOUBTFUL:]
    words = [WordInContext(text, "en", text, "pl", text, text, "a", "a.md", 1) for text in TEXTS]
    (tmp_path / "words.tsv").write_text(word_table(words), encoding="utf-8", newline="")
    table = pandas.read_csv(tmp_path / "words.tsv", sep="\t", keep_default_na=False)
    assert [text.removeprefix("'") for text in table["sentence"]] == TEXTS


def test_anki_imports_words_once(tmp_path: Path) -> None:
    collection = pytest.importorskip("anki.collection", reason="needs the extra slow")
    opened = collection.Collection(str(tmp_path / "collection.anki2"))
    try:
        _add_note_type(opened)
        words = [
            WordInContext(text, "en", "b", "pl", text, "<i>y</i>", "a", "a.md", 1) for text in TEXTS if text.strip()
        ]
        path = tmp_path / "words.txt"
        path.write_text(anki_notes(words), encoding="utf-8", newline="")
        for _ in range(2):
            metadata = opened.get_csv_metadata(str(path), None)
            opened.import_csv(collection.ImportCsvRequest(path=str(path), metadata=metadata))
            notes = [opened.get_note(number) for number in opened.find_notes("")]
            assert len(notes) == len(words)
        plain = next(note for note in notes if note.fields[0] == "#not a comment")
        assert plain.fields == ["#not a comment", "b", "#not a comment", "&lt;i&gt;y&lt;/i&gt;", "a (a.md:1)"]
        assert sorted(plain.tags) == ["en", "pl", "relmgr"]
    finally:
        opened.close()


def _add_note_type(opened: Any) -> None:
    """Add a note type whose fields have the names of the columns."""
    note_type = opened.models.new("Words")
    for name in ("Word", "Translation", "Sentence", "Sentence translation", "Source"):
        opened.models.add_field(note_type, opened.models.new_field(name))
    card = opened.models.new_template("Card")
    card["qfmt"], card["afmt"] = "{{Word}}", "{{Translation}}"
    opened.models.add_template(note_type, card)
    opened.models.add(note_type)
