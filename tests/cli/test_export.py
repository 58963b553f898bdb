"""`relmgr export`: languages, outputs, what is refused, what is counted."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import polib
import pytest
from conftest import Relmgr
from support.files import LONG_AGO, age
from support.git import DAY, FIRST_DAY, run_git
from support.marks import slow
from support.terminal import run_in_terminal
from support.translated_repository import translated_repository

from relmgr_cli.cli.export_output import write_files
from relmgr_cli.config import read_settings
from relmgr_cli.errors import ExportError
from relmgr_cli.export.formats import FORMATS
from relmgr_cli.export.units import ExportFile
from relmgr_cli.messages import NO_KEPT_WORDS
from relmgr_cli.store.database import library_key
from relmgr_cli.store.kept_words import WordInContext, keep_word, kept_words_file

Write = Callable[[str, str], Path]

UNIT_FORMATS = ("po", "pot", "tmx", "tsv", "xliff")


@pytest.fixture
def library(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library of two articles, one of them in three languages; the current folder is its parent."""
    write(
        "lib/en/garden.md", "# The garden\n\nA dog lives in the garden.\n\nThe fence is old.\n\n## Water\n\nWater it.\n"
    )
    write("lib/pl/garden.md", "# Ogród\n\nW ogrodzie mieszka pies.\n\nPłot jest stary.\n\n## Woda\n\nPodlej go.\n")
    write("lib/ru/garden.md", "# Сад\n\nВ саду живёт собака.\n\nЗабор старый.\n\n## Вода\n\nПолей его.\n")
    write("lib/en/kitchen.md", "# The kitchen\n\nThe kitchen is warm in winter.\n")
    write("lib/pl/kitchen.md", "# Kuchnia\n\nZimą w kuchni jest ciepło.\n")
    age(tmp_path / "lib")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lib"


def translations(catalog: str) -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(catalog)}


def count_units(text: str, to: str) -> int:
    """Return how many units a program that reads this format finds."""
    if to in ("po", "pot"):
        return len(polib.pofile(text))
    if to == "tsv":
        return len(list(csv.reader(StringIO(text), dialect="excel-tab"))) - 1
    root = ET.fromstring(text)  # noqa: S314 (no entities)
    return sum(element.tag.rpartition("}")[2] in ("tu", "unit") for element in root.iter())


def test_a_library_is_written_to_standard_output_and_counted(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "po", "--lang", "en,ru")
    assert result.code == 0
    assert translations(result.out)["The fence is old."] == "Забор старый."
    assert translations(result.out)["The kitchen is warm in winter."] == ""
    assert result.err == "relmgr: exported 7 units of 2 articles; 2 without a translation\n"


def test_one_article_is_exported(relmgr: Relmgr, library: Path) -> None:
    for name in ("kitchen", "lib/pl/kitchen.md"):
        result = relmgr("-C", library, "export", name, "--to", "tsv", "--lang", "en,pl")
        rows = list(csv.reader(StringIO(result.out), dialect="excel-tab"))
        assert [row[1:3] for row in rows[1:]] == [
            ["The kitchen", "Kuchnia"],
            ["The kitchen is warm in winter.", "Zimą w kuchni jest ciepło."],
        ]


def test_the_first_language_is_the_source(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "po", "--lang", "russian,pl")
    assert translations(result.out)["Забор старый."] == "Płot jest stary."
    left_out, exported = result.err.splitlines()
    assert left_out == "relmgr: left out 1 article without a text in ru, the first language of --lang"
    assert exported == "relmgr: exported 5 units of 1 article"


def test_without_lang_all_languages_are_exported(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "tsv")
    assert result.out.splitlines()[0].split("\t") == ["id", "en", "pl", "ru", "path", "line"]


@pytest.mark.parametrize("to", UNIT_FORMATS)
def test_every_format_has_all_units(relmgr: Relmgr, library: Path, to: str) -> None:
    result = relmgr("-C", library, "export", "--to", to.upper(), "--lang", "en,pl")
    assert result.code == 0
    assert "exported 7 units of 2 articles" in result.err
    assert count_units(result.out, to) == 7


def test_several_languages_need_a_folder(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "po", "--lang", "en,pl,ru")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("relmgr: this export has 2 files; name a folder with -o\n")
    result = relmgr("-C", library, "export", "--to", "po", "--lang", "en,pl,ru", "-o", "new/folder")
    assert result.code == 0
    assert result.err.endswith("; written to 2 files\n")
    found = {path.name: translations(path.read_text(encoding="utf-8")) for path in Path("new/folder").iterdir()}
    assert found["pl.po"]["Water it."] == "Podlej go."
    assert found["ru.po"]["Water it."] == "Полей его."


@pytest.mark.parametrize("to", ["po", "tmx", "xliff"])
def test_a_format_of_pairs_needs_two_languages(relmgr: Relmgr, library: Path, to: str) -> None:
    result = relmgr("-C", library, "export", "--to", to, "--lang", "en")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"relmgr: {to} needs a source and a translation: --lang en,LANGUAGE\n"


def test_an_unknown_format_is_refused_on_one_line(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "doc\x1b")
    assert (result.code, result.out) == (2, "")
    assert re.fullmatch(r"relmgr: .*no format 'doc␛'; use one of anki, .*po, pot.*\n", result.err)


def test_a_format_has_to_be_named(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export")
    assert (result.code, result.out) == (2, "")
    assert "--to" in result.err


def test_a_language_that_no_article_has_is_an_error(relmgr: Relmgr, library: Path) -> None:
    assert relmgr("-C", library, "export", "--to", "tsv", "--lang", "en,de").code == 2


def test_nothing_to_export_is_exit_code_1(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "kitchen", "--to", "tsv", "--lang", "ru,pl")
    assert (result.code, result.out) == (1, "")
    assert result.err == "relmgr: no article is in ru, the first language of --lang\n"


def test_every_format_is_named_in_the_help(relmgr: Relmgr) -> None:
    words = " ".join(relmgr("export", "--help").out.split())
    assert f"One of {', '.join(FORMATS)}." in words


def test_title_and_description_are_units_with_the_line_that_has_them(
    relmgr: Relmgr, library: Path, write: Write
) -> None:
    write("lib/en/shed.md", "---\ndescription: A place for tools.\n---\n\n# The shed\n\nThe shed is dark.\n")
    write("lib/pl/shed.md", "---\ndescription: Miejsce na narzędzia.\n---\n\n# Szopa\n\nW szopie jest ciemno.\n")
    write("lib/en/untitled.md", "It has no title at all, only a text.\n")
    result = relmgr("-C", library, "export", "lib/en/shed.md", "lib/en/untitled.md", "--to", "po", "--lang", "en,pl")
    found = [(each.msgid, each.msgstr, each.comment, each.occurrences[0]) for each in polib.pofile(result.out)]
    assert found == [
        ("The shed", "Szopa", "title", ("en/shed.md", "5")),
        ("A place for tools.", "Miejsce na narzędzia.", "description", ("en/shed.md", "2")),
        ("The shed is dark.", "W szopie jest ciemno.", "paragraph", ("en/shed.md", "7")),
        ("It has no title at all, only a text.", "", "paragraph", ("en/untitled.md", "1")),
    ]


# Files


def export(relmgr: Relmgr, library: Path, *args: object) -> tuple[int, str]:
    result = relmgr("-C", library, "export", "--to", "tsv", "--lang", "en,pl", *args)
    assert result.out == ""
    return result.code, result.err.splitlines()[-1]


def test_a_file_is_overwritten_only_with_force(relmgr: Relmgr, library: Path) -> None:
    target = Path("units.tsv")
    assert export(relmgr, library, "-o", target) == (0, "relmgr: exported 7 units of 2 articles; written to units.tsv")
    target.write_text("mine")
    assert export(relmgr, library, "-o", target) == (2, "relmgr: units.tsv exists; --force overwrites it")
    assert target.read_text() == "mine"
    assert export(relmgr, library, "-o", target, "--force")[0] == 0
    assert target.read_text(encoding="utf-8").startswith("id\ten")
    assert os.listdir() == ["lib", "units.tsv"] or sorted(os.listdir()) == ["lib", "units.tsv"]


@pytest.mark.parametrize("output", ["folder", "folder/", "new/", "new/deep/"])
def test_a_folder_gets_a_file_with_the_name_of_the_format(relmgr: Relmgr, library: Path, output: str) -> None:
    Path("folder").mkdir()
    assert export(relmgr, library, "-o", output)[0] == 0
    assert os.listdir(output) == ["units.tsv"]
    assert export(relmgr, library, "-o", output)[0] == 2


def test_no_file_of_a_folder_is_overwritten_if_one_exists(relmgr: Relmgr, library: Path) -> None:
    Path("out").mkdir()
    Path("out/ru.po").write_text("mine")
    result = relmgr("-C", library, "export", "--to", "po", "--lang", "en,pl,ru", "-o", "out")
    assert (result.code, result.err.splitlines()[-1]) == (2, "relmgr: out/ru.po exists; --force overwrites it")
    assert os.listdir("out") == ["ru.po"]


def test_a_symbolic_link_is_not_followed(relmgr: Relmgr, library: Path) -> None:
    Path("precious").write_text("mine")
    Path("link").symlink_to("precious")
    Path("dangling").symlink_to("nowhere")
    for name in ("link", "dangling"):
        assert export(relmgr, library, "-o", name)[0] == 2
        assert export(relmgr, library, "-o", name, "--force")[0] == 0
        assert not Path(name).is_symlink()
    assert Path("precious").read_text() == "mine"
    assert not Path("nowhere").exists()


def test_a_link_where_the_draft_would_be_is_not_followed(
    relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("precious").write_text("mine")
    monkeypatch.setattr(os, "getpid", lambda: 7)
    Path("units.tsv.7").symlink_to("precious")
    assert export(relmgr, library, "-o", "units.tsv")[0] == 2
    assert Path("precious").read_text() == "mine"


def test_a_pipe_or_device_is_written_to(relmgr: Relmgr, library: Path) -> None:
    assert export(relmgr, library, "-o", os.devnull)[0] == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("output", "reason"),
    [("lib/en/garden.md/x.tsv", "Not a directory|File exists"), ("a\0b", "null"), ("x" * 300, "too long")],
)
def test_what_cannot_be_written_is_said_on_one_line(relmgr: Relmgr, library: Path, output: str, reason: str) -> None:
    code, message = export(relmgr, library, "-o", output)
    assert code == 2
    assert re.search(rf"relmgr: cannot write .*: .*({reason})", message)


@pytest.mark.parametrize("output", ["", " "])
def test_an_empty_output_is_refused(relmgr: Relmgr, library: Path, output: str) -> None:
    assert export(relmgr, library, "-o", output)[0] == 2


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a//x", ".", "", "a\0", "a\\..\\x", "..\\x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="outside"):
        write_files([ExportFile(name, "x")], f"{tmp_path}/out/", is_binary=False, force=True, umask=-1)
    assert list(tmp_path.iterdir()) == []


def test_a_linked_folder_inside_the_folder_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/docs").symlink_to(tmp_path / "elsewhere")
    for force in (False, True):
        files = [ExportFile("docs/a.md", "x")]
        with pytest.raises(ExportError, match="outside"):
            write_files(files, str(tmp_path / "out"), is_binary=False, force=force, umask=-1)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write_files([ExportFile("docs/a.md", "x")], str(tmp_path / "out"), is_binary=False, force=False, umask=-1)
    assert (tmp_path / "real/docs/a.md").read_text() == "x"


@pytest.mark.slow
@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("umask", [0o077, *slow(0o022, 0o002)])
def test_files_and_folders_have_the_permissions_that_the_user_wants(umask: int) -> None:
    command = [sys.executable, "-m", "relmgr_cli", "-C", "lib", "export", "--to", "tsv", "-o", "out/"]
    subprocess.run(command, check=True, capture_output=True, timeout=60, umask=umask)
    assert Path("out/units.tsv").stat().st_mode & 0o777 == 0o666 & ~umask
    assert Path("out").stat().st_mode & 0o777 == 0o777 & ~umask


def test_a_failed_write_leaves_the_old_file(relmgr: Relmgr, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("units.tsv").write_text("mine")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    code, message = export(relmgr, library, "-o", "units.tsv", "--force")
    assert (code, message) == (2, "relmgr: cannot write units.tsv: No space left on device")
    assert Path("units.tsv").read_text() == "mine"
    assert sorted(os.listdir()) == ["lib", "units.tsv"]


@pytest.mark.slow
@pytest.mark.usefixtures("library")
def test_a_full_device_or_a_closed_pipe_ends_without_a_traceback() -> None:
    command = f"{sys.executable} -m relmgr_cli -C lib export --to tsv"
    full = subprocess.run(
        ["sh", "-c", f"{command} >/dev/full"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (full.returncode, "Traceback" in full.stderr) == (2, False)
    closed = subprocess.run(["sh", "-c", f"{command} | true"], capture_output=True, text=True, check=False, timeout=60)
    assert (closed.returncode, "Traceback" in closed.stderr) == (0, False)


def test_a_binary_format_does_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(ExportError, match="not text"):
        write_files([ExportFile("a.epub", b"PK")], None, is_binary=True, force=False, umask=-1)


@pytest.mark.slow
def test_on_a_terminal_the_text_is_shown(library: Path) -> None:
    shown = run_in_terminal("-C", str(library), "export", "--to", "tsv", "--lang", "en,pl")
    assert "Płot jest stary." in shown
    assert "\x1b[" not in shown.partition("id\t")[2].partition("relmgr:")[0]


# Hostile libraries


def test_texts_that_could_do_harm_are_text_in_every_format(relmgr: Relmgr, tmp_path: Path, write: Write) -> None:
    harm = "&#27;[31m &#x202e; ]]> &lt;script&gt;alert(1)&lt;/script&gt; &amp;lol; &#0; \x1b]0;x\x07"
    write("lib/en/a.md", f"# One\n\n=1+1 is a formula. {harm}\n\n    <![CDATA[ x\n")
    write("lib/pl/a.md", f'# Jeden\n\n@SUM to jest wzór. {harm}\n\n    <!ENTITY x "y">\n')
    for to in UNIT_FORMATS:
        result = relmgr("-C", tmp_path / "lib", "export", "--to", to, "--lang", "en,pl")
        assert result.code == 0
        assert not set(result.out) & set("\x00\x1b\x07\u202e")
        assert "<script" not in result.out or to in ("po", "pot", "tsv")
        if to in ("tmx", "xliff"):
            ET.fromstring(result.out)  # noqa: S314 (no entities)
        if to == "tsv":
            assert "\t=1" not in result.out
            assert "\t@SUM" not in result.out


# When texts were changed


def changes(text: str) -> dict[str, str]:
    """Return the dates by text."""
    found = ET.fromstring(text).iter("tuv")  # noqa: S314 (no entities)
    return {str(each.findtext("seg")): each.attrib.get("changedate", "") for each in found}


def date(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y%m%dT%H%M%SZ}"


def test_in_git_a_text_was_changed_when_its_section_was(relmgr: Relmgr, tmp_path: Path) -> None:
    repository = translated_repository(tmp_path / "work")
    for _ in range(2):  # read from git, then from the index
        result = relmgr("-C", tmp_path / "work", "export", "--to", "tmx", "--lang", "en,pl")
        found = changes(result.out)
        assert found["Passwords"] == date(FIRST_DAY + DAY)
        assert found["Hasła"] == date(FIRST_DAY + 2 * DAY)
        assert found["Choose a library"] == date(FIRST_DAY + 3 * DAY)
        assert found["Wybierz bibliotekę"] == date(FIRST_DAY + 2 * DAY)
    path = tmp_path / "work/docs/pl/passwords.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Krótki", "Bardzo krótki"), encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))
    found = changes(relmgr("-C", tmp_path / "work", "export", "--to", "tmx", "--lang", "en,pl").out)
    assert found["Hasła"] == date(LONG_AGO)  # not committed: changed when its file was
    assert found["Wybierz bibliotekę"] == date(FIRST_DAY + 2 * DAY)
    assert repository.days == 3


@pytest.mark.slow
def test_status_finds_the_same_after_an_export_with_dates(relmgr: Relmgr, tmp_path: Path) -> None:
    translated_repository(tmp_path / "work")
    relmgr("-C", tmp_path / "work", "export", "--to", "tmx", "--lang", "en,pl")
    after = relmgr("-C", tmp_path / "work", "status", "--json").out
    relmgr("-C", tmp_path / "work", "index", "--rebuild")
    assert relmgr("-C", tmp_path / "work", "status", "--json").out == after


def test_outside_git_a_text_was_changed_when_its_file_was(relmgr: Relmgr, library: Path) -> None:
    result = relmgr("-C", library, "export", "--to", "tmx", "--lang", "en,pl")
    assert set(changes(result.out).values()) == {date(LONG_AGO)}


def test_in_a_shallow_clone_no_date_is_given(relmgr: Relmgr, tmp_path: Path) -> None:
    translated_repository(tmp_path / "work")
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/work", "clone")
    result = relmgr("-C", tmp_path / "clone", "export", "--to", "tmx", "--lang", "en,pl")
    assert set(changes(result.out).values()) == {""}


# Words


DOG = WordInContext("dog", "en", "pies", "pl", "A dog lives.", "Mieszka pies.", "garden", "en/garden.md", 3)


def keep(library: Path, *words: WordInContext) -> None:
    """Keep words as the reader does."""
    state_folder = read_settings(os.environ).state_folder
    for word in words:
        keep_word(kept_words_file(state_folder, library_key((library,))), word)


def words_in(text: str) -> list[str]:
    return [row[1] for row in csv.reader(text.splitlines()[5:], dialect="excel-tab")]


def test_kept_words_are_written_for_anki(relmgr: Relmgr, library: Path) -> None:
    keep(library, DOG, DOG._replace(word="fence", article="kitchen"))
    result = relmgr("-C", library, "export", "--to", "anki")
    assert (result.code, result.err) == (0, "relmgr: exported 2 words\n")
    assert words_in(result.out) == ["dog", "fence"]
    assert words_in(relmgr("-C", library, "export", "kitchen", "--to", "anki").out) == ["fence"]
    assert words_in(relmgr("-C", library, "export", "--to", "anki", "--lang", "en,pl").out) == ["dog", "fence"]
    result = relmgr("-C", library, "export", "--to", "anki", "-o", "cards/")
    assert result.err == "relmgr: exported 2 words; written to cards/words.txt\n"


@pytest.mark.parametrize("options", [(), ("--lang", "ru"), ("kitchen",)])
def test_without_kept_words_nothing_is_written(relmgr: Relmgr, library: Path, options: tuple[str, ...]) -> None:
    if options:
        keep(library, DOG)
    result = relmgr("-C", library, "export", "--to", "anki", *options, "-o", "new.txt")
    assert (result.code, result.err) == (1, f"relmgr: {NO_KEPT_WORDS}\n")
    assert not Path("new.txt").exists()


@pytest.mark.parametrize("to", ["html", "markdown", "epub", "anki"])
def test_sentences_are_refused_where_a_format_has_no_units(relmgr: Relmgr, to: str) -> None:
    result = relmgr("export", "--bundled", "--to", to, "--by", "sentence")
    assert (result.code, result.out) == (2, "")
    assert f"--by sentence cannot be combined with --to {to}" in result.err
