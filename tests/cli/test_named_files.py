"""Files that are named one by one, and standard input: shown as an article, whatever library there is."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Relmgr
from support.files import age

SEEDS = Path(__file__).parents[2] / "seeds"
ENGLISH = """\
# The garden

A garden is a planned space set aside for the cultivation of plants.

## Water

Water the plants every morning, before the sun is high.
"""
GERMAN = """\
# Der Garten

Ein Garten ist ein geplanter Raum, der für den Anbau von Pflanzen vorgesehen ist.

## Wasser

Gießen Sie die Pflanzen jeden Morgen, bevor die Sonne hoch steht.
"""
OTHER_ENGLISH = ENGLISH.replace("every morning, before the sun is high", "every evening")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, in which one is, with files whose names say nothing."""
    shutil.copy(SEEDS / "000_31e1317d9bed26b2.txt", tmp_path / "one.md")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(SEEDS / "001_236035bbc5b3e329.txt", tmp_path / "elsewhere/two.md")
    for name, text in (("a.md", ENGLISH), ("b.md", GERMAN), ("c.md", OTHER_ENGLISH)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    age(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def type_in(monkeypatch: pytest.MonkeyPatch, data: str | bytes) -> None:
    """Let the program find this on standard input."""
    content = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_two_files_are_aligned_as_the_article_that_they_would_be(relmgr: Relmgr) -> None:
    pair = ("one.md", "elsewhere/two.md")
    for options in ([], ["--plain"], ["--section", "3.1"], ["--highlights"], ["--interleaved"], ["-L", "ru,pl"]):
        languages = [] if "-L" in options else ["-L", "pl,ru"]
        expected = relmgr("--bundled", "show", *options, *languages)
        assert relmgr("show", *pair, *options) == expected, options
    ours, expected_answer = (
        json.loads(relmgr(*arguments, "--json").out)
        for arguments in (("show", *pair), ("--bundled", "show", "-L", "pl,ru"))
    )
    assert ours == expected_answer | {"article": "one"}


@pytest.mark.usefixtures("folder")
def test_languages_are_in_the_order_of_the_files_and_lang_chooses(relmgr: Relmgr) -> None:
    assert re.search(r"Der Garten +de +The garden +en\n", relmgr("show", "b.md", "a.md").out)
    assert re.search(r"The garden +en +Der Garten +de\n", relmgr("show", "b.md", "a.md", "-L", "en,de").out)
    assert "Gießen" not in relmgr("show", "a.md", "b.md", "-L", "en").out
    refused = relmgr("show", "a.md", "b.md", "-L", "pl")
    assert refused == (2, "", 'relmgr: no Polish text for "The garden"; available: en, de\n')


@pytest.mark.usefixtures("folder")
def test_three_files_in_three_languages_are_shown_together(relmgr: Relmgr) -> None:
    answer = json.loads(relmgr("show", "one.md", "elsewhere/two.md", "b.md", "--json").out)
    assert answer["langs"] == ["pl", "ru", "de"]
    assert all({"pl", "ru", "de"} <= row.keys() for row in answer["rows"])
    assert "Gießen" in relmgr("show", "one.md", "elsewhere/two.md", "b.md").out


@pytest.mark.usefixtures("folder")
def test_two_files_in_one_language_are_shown_all_the_same_and_a_note_says_how(relmgr: Relmgr) -> None:
    result = relmgr("show", "a.md", "c.md")
    assert (result.code, result.err) == (0, "relmgr: c.md is in English, as another file; shown as en-x-2\n")
    assert re.search(r"before the sun|Water the plants every morning, +Water the plants every evening", result.out)
    assert relmgr("show", "a.md", "c.md") == result
    named = relmgr("show", "a.md", "c.md", "-L", "en,pl")
    assert named.err == ""
    assert re.search(r"The garden +en +The garden +pl\n", named.out)


def test_the_reader_refuses_several_files_and_names_the_command_for_them(relmgr: Relmgr) -> None:
    result = relmgr("read", "a.md", "b c.md")
    assert result.code == 2
    assert "relmgr show a.md 'b c.md'" in result.err


def test_front_matter_and_paths_tell_two_files_in_one_language_apart(relmgr: Relmgr, folder: Path) -> None:
    (folder / "d.md").write_text(f"---\nlang: nl\n---\n{ENGLISH}", encoding="utf-8")
    (folder / "docs.fr.md").write_text(ENGLISH, encoding="utf-8")
    assert "shown as nl" in relmgr("show", "a.md", "d.md").err
    assert "shown as fr" in relmgr("show", "a.md", "docs.fr.md").err
    assert json.loads(relmgr("show", "a.md", "d.md", "docs.fr.md", "--json").out)["langs"] == ["en", "nl", "fr"]


@pytest.mark.usefixtures("folder")
def test_outline_and_key_points_take_files_too(relmgr: Relmgr) -> None:
    assert re.search(r"1 +Water +Wasser ", relmgr("sections", "a.md", "b.md").out)
    answer = json.loads(relmgr("highlights", "one.md", "elsewhere/two.md", "--json").out)
    assert answer["section"] == "4"
    assert len(answer["highlights"]) == 3
    assert relmgr("highlights", "a.md", "b.md").code == 1


@pytest.mark.usefixtures("folder")
def test_a_section_may_be_named_with_a_file(relmgr: Relmgr) -> None:
    expected = relmgr("show", "a.md", "b.md", "--section", "1").out
    assert "garden" not in expected
    for names in (("a.md#1", "b.md"), ("a.md", "b.md#wasser")):
        assert relmgr("show", *names).out == expected
    assert relmgr("show", "a.md", "b.md", "-s", "x").err == "relmgr: no section 'x'; see relmgr sections a.md\n"


def test_a_file_may_be_named_from_a_folder_of_the_library(relmgr: Relmgr, folder: Path, tmp_path: Path) -> None:
    os.chdir(folder / "elsewhere")
    assert "Der Garten" in relmgr("-C", tmp_path, "show", "a.md", "b.md").out
    assert relmgr("show", "a.md", "b.md").code == 2


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        (("a", "b"), 2, "no file 'a'; several names must be those of files, and a title with spaces needs quotes"),
        (("a.md", "nowhere.md"), 2, "no file 'nowhere.md'; several names must be those of files"),
        (("a.md", "elsewhere"), 2, "cannot show elsewhere: a folder; to list its articles, use -C elsewhere"),
        (("a.md", "./a.md"), 2, "'./a.md' is named twice"),
        (("-", "-"), 2, "'-' is named twice"),
        (("a.md", "binary.md"), 1, "cannot show binary.md: binary, not text"),
        (("a.md", "large.md"), 1, "cannot show large.md: larger than 8 MiB"),
        (("a.md", "gone.md"), 1, "cannot show gone.md: broken symbolic link"),
        (("a.md", "pipe"), 2, "cannot show pipe: not a regular file"),
        (("a.md", "--stale"), 2, ""),
        (("a.md", "b.md", "--stale"), 2, "invalid value: --stale needs an article of a library, not files"),
        (("a.md", "b.md", "--hit", "1"), 2, "invalid value: --hit cannot be combined"),
        (("a.md", ""), 2, "invalid value for '[ARTICLE[#SECTION]|FILE...|-]': an empty value"),
    ],
)
def test_what_cannot_be_paired_is_one_line(
    relmgr: Relmgr, folder: Path, names: tuple[str, ...], code: int, message: str
) -> None:
    (folder / "binary.md").write_bytes(b"\0\1\2\3" * 100)
    with (folder / "large.md").open("wb") as file:
        file.truncate(9 << 20)
    (folder / "gone.md").symlink_to("nothing.md")
    os.mkfifo(folder / "pipe")
    result = relmgr("show", *names)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert result.err.startswith(f"relmgr: {message}")


def test_a_symbolic_link_that_is_named_is_followed(relmgr: Relmgr, folder: Path) -> None:
    (folder / "link.md").symlink_to("elsewhere/two.md")
    assert "Менеджер" in relmgr("show", "one.md", "link.md").out


def test_no_index_is_made_and_nothing_counts_as_read(relmgr: Relmgr, folder: Path) -> None:
    del folder
    assert relmgr("show", "a.md", "b.md").code == 0
    written = [path for path in Path.home().rglob("*") if path.is_file() and "output" not in path.parts]
    assert written == []


def test_the_cached_page_depends_on_each_file(relmgr: Relmgr, folder: Path) -> None:
    first = relmgr("show", "a.md", "b.md")
    assert relmgr("show", "a.md", "b.md") == first
    assert list((Path.home() / ".cache/relmgr/output").iterdir())
    (folder / "b.md").write_text(GERMAN.replace("hoch steht", "scheint"), encoding="utf-8")
    age(folder)
    changed = relmgr("show", "a.md", "b.md")
    assert "scheint" in changed.out
    (folder / "b.md").unlink()
    assert relmgr("show", "a.md", "b.md").code == 2


# Standard input


@pytest.mark.usefixtures("folder")
def test_standard_input_is_shown_as_a_file_is(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alone").mkdir()
    for name in ("b.md", "one.md"):
        (tmp_path / "alone" / name[:-3]).mkdir()
        shutil.copy(tmp_path / name, tmp_path / "alone" / name[:-3])
    monkeypatch.chdir(tmp_path / "alone")
    for options in ([], ["--plain"], ["--section", "1"], ["--width", "40"]):
        expected = relmgr("show", "b/b.md", "-L", "de", *options)
        type_in(monkeypatch, GERMAN)
        assert relmgr("show", "-", *options) == expected
    type_in(monkeypatch, GERMAN)
    answer = json.loads(relmgr("show", "-", "--json").out)
    assert (answer["article"], answer["langs"]) == ("standard input", ["de"])
    assert answer["rows"][0]["de"][0]["line"] == 3
    type_in(monkeypatch, (SEEDS / "000_31e1317d9bed26b2.txt").read_bytes())
    assert relmgr("show", "-", "--highlights").out == relmgr("show", "one/one.md", "--highlights", "-L", "pl").out


@pytest.mark.usefixtures("folder")
def test_standard_input_is_paired_with_a_file(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = relmgr("show", "a.md", "b.md").out
    type_in(monkeypatch, ENGLISH)
    assert relmgr("show", "-", "b.md").out == expected
    type_in(monkeypatch, OTHER_ENGLISH)
    assert "standard input is in English, as another file; shown as en-x-2" in relmgr("show", "a.md", "-").err


@pytest.mark.slow
def test_standard_input_is_never_cached(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    for text in (ENGLISH, OTHER_ENGLISH):
        for name in ("-", "/dev/stdin"):
            command = [sys.executable, "-m", "relmgr_cli", "show", name]
            out = subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=folder).stdout
            assert ("every evening" in out.decode()) == (text == OTHER_ENGLISH)
    type_in(monkeypatch, ENGLISH)
    first = relmgr("show", "-", "b.md")
    type_in(monkeypatch, OTHER_ENGLISH)
    assert relmgr("show", "-", "b.md") != first
    assert not (Path.home() / ".cache/relmgr/output").exists()


@pytest.mark.slow
def test_what_a_shell_makes_of_a_command_is_read(folder: Path) -> None:
    program = f"{sys.executable} -m relmgr_cli"
    for line in (f"{program} show <(cat a.md) b.md", f"{program} show <(cat a.md) <(cat b.md)"):
        result = subprocess.run(["bash", "-c", line], capture_output=True, check=True, cwd=folder)
        assert re.search(r"The garden +en +Der Garten +de\n", result.stdout.decode())


def test_lang_names_the_language_of_a_text_that_does_not_show_it(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "short\n")
    assert re.match(r"standard input +und\n", relmgr("show", "-").out)
    type_in(monkeypatch, "short\n")
    assert re.match(r"standard input +pl\n", relmgr("show", "-", "-L", "pl").out)
    type_in(monkeypatch, GERMAN)
    assert relmgr("show", "-", "-L", "pl").err == 'relmgr: no Polish text for "Der Garten"; available: de\n'
    type_in(monkeypatch, GERMAN)
    assert relmgr("show", "-", "-L", "klingon").code == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no text"),
        (b" \n\n", "no text"),
        (b"\0\1" * 500, "binary, not text"),
        (b"a" * ((8 << 20) + 1), "larger than 8 MiB"),
    ],
)
def test_what_is_no_text_is_refused(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, data: bytes, reason: str) -> None:
    type_in(monkeypatch, data)
    assert relmgr("show", "-") == (1, "", f"relmgr: cannot show standard input: {reason}\n")


def test_without_standard_input_there_is_no_text(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert relmgr("show", "-").code == 1


def test_a_device_is_no_file(relmgr: Relmgr) -> None:
    for names in (["/dev/zero"], ["/dev/zero", "/dev/null"]):
        result = relmgr("show", *names)
        assert (result.code, result.out, result.err) == (2, "", "relmgr: cannot show /dev/zero: not a regular file\n")


def test_hostile_text_does_nothing(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    text = "# Evil \x1b[31mtitle\n\nText \x1b]0;x\x07 \u202e and [a link](javascript:alert(1)).\n"
    (folder / "\x1b[31mred.md").write_text(text, encoding="utf-8")
    type_in(monkeypatch, text)
    shown = [relmgr("show", "-", "--color", "always"), relmgr("show", "a.md", "\x1b[31mred.md")]
    assert all(not re.search("\x1b\\]0|\x1b\\[31m|\u202e", result.out + result.err) for result in shown)
    assert not re.search("\x1b\\]8;[^\x1b]*javascript", shown[0].out)
