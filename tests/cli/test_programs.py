"""What other programs read: lines as grep prints them, paths with NUL, templates, and whole lines in a pipe."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Relmgr
from rich.cells import cell_len
from support.files import age
from support.maintained import make_maintained
from support.marks import slow
from support.terminal import run_in_terminal

SEEDS = ("000_31e1317d9bed26b2.txt", "001_236035bbc5b3e329.txt")
FIELDS = "number, id, languages, source, sections, paired_by, lang, title, words, state, path, root"
PUMP = """\
# Pumps

A pump lifts water
and a pump
needs power. Żółty pump and a pump.

## Valves

Nothing here.
"""


def run(*arguments: str | os.PathLike[str], cwd: Path | None = None) -> bytes:
    """Return what the program writes into a pipe."""
    command = [sys.executable, "-m", "relmgr_cli", *arguments]
    return subprocess.run(command, check=True, capture_output=True, cwd=cwd).stdout


@pytest.fixture
def pumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library of one file, in which one is."""
    (tmp_path / "pump.md").write_text(PUMP, encoding="utf-8")
    age(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# search --grep


def test_grep_prints_each_line_that_matches_as_it_is_in_the_file(relmgr: Relmgr, pumps: Path) -> None:
    result = relmgr("-C", pumps, "search", "pump", "--grep")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "pump.md:1:# Pumps\n"
        "pump.md:3:A pump lifts water\n"
        "pump.md:4:and a pump\n"
        "pump.md:5:needs power. Żółty pump and a pump.\n"
    )


def test_the_lines_are_those_of_grep(relmgr: Relmgr, pumps: Path) -> None:
    out = relmgr("-C", pumps, "search", "--exact", "pump", "--grep").out
    grep = subprocess.run(["grep", "-Hnw", "pump", "pump.md"], check=True, capture_output=True, text=True)
    assert out == grep.stdout


def test_vimgrep_has_a_line_for_each_match_with_its_column_in_bytes(relmgr: Relmgr, pumps: Path) -> None:
    out = relmgr("-C", pumps, "search", "pump", "--vimgrep").out
    places = [tuple(map(int, line.split(":")[1:3])) for line in out.splitlines()]
    assert places == [(1, 3), (3, 3), (4, 7), (5, 23), (5, 34)]
    lines = PUMP.encode().split(b"\n")
    assert all(lines[line - 1][column - 1 :].lower().startswith(b"pump") for line, column in places)
    assert all(line.split(":", 3)[3] in PUMP for line in out.splitlines())


def test_all_languages_are_searched_and_lang_chooses(relmgr: Relmgr) -> None:
    lines = relmgr("--bundled", "search", "conflict", "--grep").out.splitlines()
    assert [re.search(r"(\w+)\.txt:14:", line)[1] for line in lines] == [Path(seed).stem for seed in SEEDS]  # type: ignore[index]
    assert "konfliktami" in lines[0]
    assert "конфликтами" in lines[1]
    (line,) = relmgr("--bundled", "search", "conflict", "--grep", "--lang", "ru").out.splitlines()
    assert line == lines[1]


@pytest.mark.slow
def test_a_section_found_by_its_meaning_is_the_line_of_its_best_sentence(relmgr: Relmgr) -> None:
    query = ("--bundled", "search", "education degree university", "--lang", "pl")
    hits = json.loads(relmgr(*query, "--json").out)["hits"]
    assert {match["why"] for hit in hits for match in hit["matches"]} == {"meaning"}
    lines = relmgr(*query, "--grep").out.splitlines()
    assert len(lines) == len(hits)
    for line, hit in zip(lines, hits, strict=True):
        (match,) = hit["matches"]
        number, text = line.split(":", 2)[1:]
        assert int(number) > match["line"]  # that of the heading
        assert text == (Path(match["root"]) / match["path"]).read_text(encoding="utf-8").split("\n")[int(number) - 1]
        assert match["snippet"][:30] in re.sub(r"\[(.*?)\]\(.*?\)", r"\1", text)
    columns = relmgr(*query, "--vimgrep").out.splitlines()
    assert [line.split(":", 3)[1] for line in columns] == [line.split(":", 2)[1] for line in lines]


def test_nothing_found_is_1_and_no_note_is_among_the_lines(relmgr: Relmgr, pumps: Path) -> None:
    for option in ("--grep", "--vimgrep", "-0"):
        assert relmgr("-C", pumps, "search", "--exact", "zebra", option)[:2] == (1, "")
    (pumps / "more.md").write_text("# More\n\nA pump.\n", encoding="utf-8")
    for option in ("--grep", "--vimgrep", "--json", "--to=tsv"):
        assert relmgr("-C", pumps, "search", "pump", option, "--limit", "1").err == ""
    assert relmgr("-C", pumps, "search", "pump", "--limit", "1").err == "relmgr: 1 of 2 sections; --limit for more\n"


def test_what_is_not_learnt_is_not_among_the_lines(
    relmgr: Relmgr, pumps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relmgr_cli.core.library.MAX_PASSAGES_INTERACTIVE", 0)
    assert "learnt" in relmgr("-C", pumps, "search", "pump").err
    for option in ("--grep", "--vimgrep", "--json", "--to=tsv"):
        assert relmgr("-C", pumps, "search", "pump", option).err == ""


def test_a_regular_expression_matches_the_lines_of_the_files(relmgr: Relmgr, pumps: Path) -> None:
    (pumps / "a.md").write_text(
        "---\ntitle: Pumps\n---\n\nSee [x](https://e.org/b).\t\n\n```\nmake PUMP\n```\n", encoding="utf-8"
    )
    (pumps / "notes.rst").write_text("[no](document)\n", encoding="utf-8")
    for pattern, options in {
        r"\]\(": "",
        "^title:": "",
        "^$": "",
        r"\s+$": "",
        "pump$": "-i",
        "PUMP": "",
        "x*": "",
        "A P|^#": "",
    }.items():
        command = ["grep", "-HnP", *options.split(), "-e", pattern, "a.md", "pump.md"]
        grep = subprocess.run(command, check=True, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"})
        assert relmgr("-C", ".", "search", "--regex", pattern, "--grep").out == grep.stdout, pattern
    assert relmgr("-C", ".", "search", "--regex", "u(m)p", "--vimgrep", "--limit", "2").out == (
        "a.md:2:9:title: Pumps\na.md:8:7:make PUMP\n"
    )
    assert relmgr("-C", ".", "search", "--regex", "needs|make", "-0").out == "a.md\0pump.md\0"
    assert relmgr("-C", ".", "search", "--regex", "^Document", "--grep")[:2] == (1, "")


def test_all_lines_are_printed_in_the_order_of_the_paths(relmgr: Relmgr, tmp_path: Path) -> None:
    for number in range(5):
        sections = "\n".join(f"## Part {part}\n\nA pump and\na valve.\n" for part in range(50))
        (tmp_path / f"{number:02}.md").write_text(f"# Page\n\n{sections}", encoding="utf-8")
    for arguments in (["--exact", "pump"], ["--exact", '"a pump"'], ["--regex", "pump"]):
        lines = relmgr("-C", tmp_path, "search", *arguments, "--grep").out.splitlines()
        assert len(lines) == 250, arguments
        assert lines == sorted(lines, key=lambda line: (line.split(":")[0], int(line.split(":")[1])))
    assert len(relmgr("-C", tmp_path, "search", "--exact", "pump", "--grep", "--limit", "7").out.splitlines()) == 7
    excluded = relmgr("-C", tmp_path, "search", "--exact", "pump", "-part", "--grep")
    assert excluded[:2] == (1, "")


def test_a_word_in_markup_is_no_match_of_its_line(relmgr: Relmgr, tmp_path: Path) -> None:
    text = '# Page\n\nSee [the valve](/pump) and\n[a valve](/pump "pump"), a\npump and my_pump, *pumps*.\n'
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    out = relmgr("-C", tmp_path, "search", "pump", "--vimgrep").out
    assert [line.split(":")[-3:-1] for line in out.splitlines()] == [["5", "1"], ["5", "13"], ["5", "20"]]
    exact = relmgr("-C", tmp_path, "search", "--exact", "pump", "--vimgrep").out
    assert [line.split(":")[-3:-1] for line in exact.splitlines()] == [["5", "1"]]


@pytest.mark.slow
def test_colours_are_those_of_the_option_and_the_text_is_the_same(relmgr: Relmgr, pumps: Path) -> None:
    plain = relmgr("-C", pumps, "search", "pump", "--grep").out
    colored = relmgr("-C", pumps, "search", "pump", "--grep", "--color", "always").out
    assert "\x1b" not in plain
    assert colored.count("\x1b[1;33mpump\x1b[0m") == 4
    assert "\x1b[35mpump.md\x1b[0m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    assert "\x1b[35mpump.md" in run_in_terminal("-C", str(pumps), "search", "pump", "--grep", "--no-pager")


@pytest.mark.parametrize("option", ["--grep", "--vimgrep", "--null", "-0"])
@pytest.mark.parametrize("other", ["--json", "--lines"])
def test_what_contradicts_is_refused(relmgr: Relmgr, option: str, other: str) -> None:
    result = relmgr("search", "pump", option, other)
    assert (result.code, result.out) == (2, "")
    assert f"cannot be combined with {other}" in result.err


# Paths with NUL

NAMES = ("plain.md", "two words.md", "new\nline.md", "-option.md", "\x1b[31mred.md", os.fsdecode(b"raw\xff.md"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a library with file names that only exact bytes can open."""
    for name in NAMES:
        (tmp_path / name).write_text(f"# Pump {name!a}\n\nA pump.\n\tTab \x1b[31m pump\n", encoding="utf-8")
    age(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", [["list", "-0"], *slow(["list", "--null"], ["search", "pump", "-0"])])
def test_xargs_opens_every_file(hostile: Path, command: list[str]) -> None:
    out = run("-C", ".", *command, cwd=hostile)
    assert out.endswith(b"\0")
    paths = out.split(b"\0")[:-1]
    assert {os.path.basename(path) for path in paths} == set(map(os.fsencode, NAMES))
    assert len(paths) == len(NAMES)
    shown = subprocess.run(["xargs", "-0", "cat"], input=out, check=True, capture_output=True, cwd=hostile).stdout
    assert shown.count(b"# Pump") == len(NAMES)


@pytest.mark.slow
def test_a_path_with_nul_is_before_each_line_as_grep_prints_it(hostile: Path) -> None:
    out = run("-C", ".", "search", "--exact", "pump", "--grep", "-0", cwd=hostile)
    records = re.findall(rb"([^\0]+)\0(\d+):([^\n]*)\n", out)
    assert b"".join(b"%b\0%b:%b\n" % record for record in records) == out
    assert {os.path.basename(path) for path, *_ in records} == set(map(os.fsencode, NAMES))
    assert b"\x1b" not in b"".join(text for *_, text in records)  # only the path is as it is
    assert b"\tTab" in out
    columns = run("-C", ".", "search", "--exact", "pump", "--vimgrep", "-0", cwd=hostile)
    assert re.search(rb"plain\.md\0003:3:A pump\.\n", columns)


def test_without_nul_a_path_is_safe_and_on_one_line(relmgr: Relmgr, hostile: Path) -> None:
    for command in (["search", "--exact", "pump", "--grep"], ["list", "--format", "{path}"]):
        out = relmgr("-C", hostile, *command).out
        assert not re.search(r"[\x1b\udc80-\udcff]", out)
        assert "new\u2424line.md" in out
        assert all(".md" in line for line in out.splitlines())


@pytest.mark.slow
def test_on_a_terminal_names_do_nothing_even_with_nul(hostile: Path) -> None:
    shown = run_in_terminal("-C", str(hostile), "list", "-0")
    assert "\x1b[31m" not in shown
    assert "plain.md" in shown


@pytest.mark.slow
def test_names_are_not_cached(hostile: Path) -> None:
    for _ in range(2):
        run("-C", ".", "list", "-0", cwd=hostile)
    cache = Path.home() / ".cache/relmgr/output"
    assert not cache.exists() or not list(cache.iterdir())
    run("-C", ".", "list", cwd=hostile)
    assert list(cache.iterdir())


# list --format


@pytest.mark.usefixtures("indexed_seeds")
def test_a_field_of_a_file_makes_a_line_for_each_file(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2] / "seeds")
    result = relmgr("list", "--format", r"{id}\t{lang}\t{path}\t{words}\t{state}")
    assert result.out == (
        f"menedzer-relacji\tpl\t{SEEDS[0]}\t650\ttranslated\nmenedzer-relacji\tru\t{SEEDS[1]}\t662\ttranslated\n"
    )
    assert relmgr("list", "--format", "{lang}", "--lang", "ru").out == "ru\n"
    assert relmgr("list", "--format", "{title}", "relacji").out.splitlines()[0] == "Menedżer relacji"


@pytest.mark.usefixtures("indexed_seeds")
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{id}", "menedzer-relacji\n"),
        ("{number} {languages} {source} {sections} {paired_by}", "1 pl,ru pl 6 structure\n"),
        (r"{id}\t{{x}}\\t\q", "menedzer-relacji\t{x}\\t\\q\n"),
        (r"{id}\n", "menedzer-relacji\n"),
        ("text", "text\n"),
    ],
)
def test_fields_of_an_article_and_escapes(relmgr: Relmgr, template: str, expected: str) -> None:
    assert relmgr("--bundled", "list", "--format", template).out == expected


@pytest.mark.parametrize(
    "field", ["name", "", "0", "id.__class__", "id[0]", "id!r", "id:>9", "__class__", "path.__init__.__globals__"]
)
def test_an_unknown_field_is_one_line_that_names_the_fields(relmgr: Relmgr, field: str) -> None:
    result = relmgr("list", "--format", f"{{{field}}}")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"relmgr: invalid value: no field '{field}'; use one of {FIELDS} (see relmgr list --help)\n"


@pytest.mark.parametrize("template", ["{", "}", "{id", "id}", "{id}{", "{{id}"])
def test_a_brace_alone_is_refused(relmgr: Relmgr, template: str) -> None:
    result = relmgr("list", "--format", template)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "brace" in result.err


@pytest.mark.slow
def test_a_template_may_end_its_records_with_nul(hostile: Path) -> None:
    expected = run("-C", ".", "list", "-0", cwd=hostile)
    assert run("-C", ".", "list", "--format", r"{path}\0", cwd=hostile) == expected
    assert run("-C", ".", "list", "--format", "{path}", "-0", cwd=hostile) == expected
    titles = run("-C", ".", "list", "--format", r"{title}\t{path}", "-0", cwd=hostile)
    assert titles.count(b"\0") == len(NAMES)
    assert b"\x1b[31mred.md\0" in titles


def test_a_field_has_no_line_breaks_and_no_tabs(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('---\ntitle: "a\\tb\\nc"\n---\n\nText.\n', encoding="utf-8")
    assert relmgr("-C", tmp_path, "list", "--format", r"{title}\t{lang}").out == "a b c\tund\n"


@pytest.mark.parametrize("arguments", [["-0"], ["--format", "{id}"]])
def test_a_list_for_programs_and_json_are_two_things(relmgr: Relmgr, arguments: list[str]) -> None:
    result = relmgr("list", *arguments, "--json")
    assert (result.code, result.out) == (2, "")
    assert "cannot be combined with --json" in result.err


def test_no_article_is_1(relmgr: Relmgr, pumps: Path) -> None:
    for arguments in (["-0"], ["--format", "{id}"]):
        assert relmgr("-C", pumps, "list", "zebra", *arguments)[:2] == (1, "")


# Whole lines, and paths in every format


@pytest.mark.slow
def test_lines_that_programs_read_do_not_depend_on_the_width(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_maintained(tmp_path)
    guide = tmp_path / "docs/pl/guide.md"
    guide.write_text(guide.read_text(encoding="utf-8") + "\nZobacz [inny](other.md).\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    commands = (
        "list|sections guide|sections guide -L en,pl|search call|search call --lines|search call --grep|links guide"
    )
    commands += "|links --all|links --check|status docs|check|terms|diff"
    outputs = []
    for columns in ("20", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        outputs.append([relmgr(*command.split()).out for command in commands.split("|")])
    for command, narrow, wide in zip(commands.split("|"), *outputs, strict=True):
        assert re.sub(" +", " ", narrow) == re.sub(" +", " ", wide), command
    assert sum(map(bool, outputs[0])) >= 10


@pytest.mark.usefixtures("indexed_seeds")
def test_key_points_and_outlines_are_a_line_each(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    points = [line for line in relmgr("--bundled", "highlights").out.splitlines() if line.startswith("•")]
    answer = json.loads(relmgr("--bundled", "highlights", "--json").out)
    assert [point[2:] for point in points] == answer["highlights"]
    sections = json.loads(relmgr("--bundled", "sections", "--json").out)["sections"]
    lines = relmgr("--bundled", "sections").out.splitlines()[1:]
    assert len(lines) == len(sections)
    for line, section in zip(lines, sections, strict=True):
        assert line.split()[0] == section["number"]
        assert all(heading in line for heading in section["headings"].values())
        assert f"{section['words']['pl']} words" in line
    assert max(map(cell_len, relmgr("--bundled", "highlights", "--width", "30").out.splitlines())) <= 30


@pytest.mark.slow
def test_list_search_and_links_show_paths_in_all_their_formats(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/pump.md").write_text(f"{PUMP}\n[More](more.md)\n", encoding="utf-8")
    age(tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in ("list", "search pump", "search pump --lines", "links", "links --all", "links --check"):
        for option in ((), ("--plain",), ("--width", "60")):
            assert "docs/pump.md" in relmgr("-C", ".", *command.split(), *option).out, (command, option)
        shown = run_in_terminal("-C", ".", *command.split(), "--no-pager", "--color", "never")
        assert "docs/pump.md" in shown, command
        if command != "search pump --lines":
            assert '"path": "docs/pump.md"' in relmgr("-C", ".", *command.split(), "--json").out
