"""The conventions of the command line: languages, names, output, exit codes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Relmgr

from relmgr_cli import __version__

pytestmark = pytest.mark.usefixtures("indexed_seeds")

RELMGR = [sys.executable, "-m", "relmgr_cli"]


def test_relmgr_alone_lists_commands_and_articles(relmgr: Relmgr) -> None:
    result = relmgr()
    assert result.code == 0
    assert "relmgr show" in result.out
    assert "Menedżer relacji" in result.out
    assert len(result.out.splitlines()) < 15


def test_the_article_is_shown_in_the_requested_language(relmgr: Relmgr) -> None:
    assert "Kim jest doradca klienta?" in relmgr("show", "--lang", "pl").out
    assert "Что такое менеджер по связям?" in relmgr("show", "--lang", "ru").out


@pytest.mark.parametrize("name", ["ru", "RU", "ru-RU", "ru_RU.UTF-8", "russian", "Русский"])
def test_a_language_may_be_named_by_code_or_name(relmgr: Relmgr, name: str) -> None:
    assert relmgr("show", "-L", name).out.startswith("Менеджер по связям с")


@pytest.mark.parametrize(
    ("environ", "title"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "Менеджер"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "pl_PL"}, "Menedżer"),
        ({"LC_ALL": "pl_PL", "LANGUAGE": "de:ru"}, "Менеджер"),
        ({"LANGUAGE": "pl", "RELMGR_LANG": "russian"}, "Менеджер"),
        ({"LANG": "C", "LC_ALL": "POSIX"}, "Menedżer"),
    ],
)
def test_the_environment_chooses_the_language(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], title: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = relmgr("show")
    assert result.out.startswith(title)
    assert result.err == ""


def test_the_config_file_chooses_the_language_after_the_environment(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('lang = "ru"\n')
    monkeypatch.setenv("LANG", "pl_PL.UTF-8")
    assert relmgr("show").out.startswith("Менеджер")
    monkeypatch.setenv("RELMGR_LANG", "pl")
    assert relmgr("show").out.startswith("Menedżer")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"lang = ", "not valid TOML"),
        (b"\xff", "not valid TOML: not UTF-8\n"),
        (b"colour = 1", "unknown setting"),
        (b'color = "red"', "must be one of"),
    ],
)
def test_a_config_file_that_cannot_be_used_is_named(relmgr: Relmgr, content: bytes, words: str) -> None:
    config = Path.home() / ".config/relmgr/config.toml"
    config.parent.mkdir(parents=True)
    config.write_bytes(content)
    result = relmgr("show")
    assert result.code == 2
    assert "config.toml" in result.err
    assert words in result.err


def test_a_fallback_language_is_noted_in_one_line(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    result = relmgr("show")
    assert result.code == 0
    assert result.err == "relmgr: no German text; showing Polish (also: Russian)\n"


def test_a_requested_language_is_strict(relmgr: Relmgr) -> None:
    result = relmgr("show", "--lang", "de")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'relmgr: no German text for "Menedżer relacji"; available: pl, ru\n'


@pytest.mark.parametrize("article", ["menedzer-relacji", "1", "relacji", "RELACJI", "Menedzer", "связям", "менеджер"])
def test_an_article_is_found_by_id_number_or_part_of_a_title(relmgr: Relmgr, article: str) -> None:
    assert relmgr("show", article, "-L", "pl").out.startswith("Menedżer relacji")


@pytest.mark.parametrize("section", ["3.1", "z klientami", "по работе", "#3.1", "menedzer-relacji#3.1"])
def test_a_section_is_found_by_number_or_heading_in_any_language(relmgr: Relmgr, section: str) -> None:
    arguments = [section] if "#" in section else ["--section", section]
    result = relmgr("show", "-L", "ru", *arguments)
    assert result.out.startswith("3.1  Менеджеры по работе с клиентами\n")
    assert "Особенности" not in result.out


def test_a_section_includes_its_subsections(relmgr: Relmgr) -> None:
    out = relmgr("show", "-L", "pl", "-s", "3").out
    assert re.findall(r"^(\d[.\d]*)  ", out, re.MULTILINE) == ["3", "3.1", "3.2"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["show", "-s", "Rodzje"], "no section 'Rodzje'; did you mean 3 'Rodzaje doradców biznesowych'?"),
        (["show", "-s", "menedżer"], "'menedżer' matches several sections: "),
        (["show", "-s", "9"], "no section '9'; see relmgr sections menedzer-relacji"),
        (["show", "menedzer-relacij"], "no article 'menedzer-relacij'; did you mean 1 menedzer-relacji ("),
        (["show", "menedzr"], "no article 'menedzr'; did you mean 1 menedzer-relacji ("),
        (["show", "Менджер"], "no article 'Менджер'; did you mean 1 menedzer-relacji ("),
        (["show", "zebra"], "no article 'zebra'; see relmgr list"),
        (["show", "-L", "klingon"], "no language 'klingon'; use a code"),
        (["-C", "/nowhere", "list"], "cannot read library /nowhere: No such file or directory"),
        (["show", "--width", "3"], "invalid value for '--width'"),
        (["show", "--nonsense"], "no such option"),
        (
            ["search", "x", "--limit", "0"],
            "invalid value for '--limit': 0 must be at least 1 (see relmgr search --help)",
        ),
        (["search", "x", "--limit", "y"], "invalid value for '--limit': 'y' is not a whole number (see"),
        (
            ["read", "--plain", "a", "b", "c"],
            "no file 'a'; several names must be those of files, and a title with spaces needs quotes",
        ),
        (["show", "a", "b"], "no file 'a'; several names must be those of files, and a title with spaces needs quotes"),
        (["show", "--sectio", "1"], "no such option: --sectio; did you mean --section? (see"),
        (["show", "--section", ""], "invalid value for '--section' / '-s': an empty value (see"),
        (["show", "--lang", " "], "invalid value for '--lang' / '-L': an empty value (see"),
        (["list", "--missing", ""], "invalid value for '--missing': an empty value (see"),
        (["list", ""], "invalid value for '[TEXT]': an empty value (see"),
        (["search", "x", "--in", ""], "invalid value for '--in': an empty value (see"),
        (["show", "--lang"], "option '--lang' requires an argument (see relmgr show --help)"),
        (["--width", "60", "list", "--missing"], "option '--missing' requires an argument (see relmgr list --help)"),
        (["-C"], "option '-C' requires an argument (see relmgr --help)"),
        (["shwo"], "no such command 'shwo'; did you mean 'show'? (see relmgr --help)"),
        (["show", "--foo"], "no such option: --foo (see relmgr show --help)"),
        (["links", ""], "invalid value for '[ARTICLE[#SECTION]|FOLDER]...': an empty value (see"),
        (["status", ""], "invalid value for '[PATH|ARTICLE]...': an empty value (see"),
        (["export", "--to", "tsv", ""], "invalid value for '[ARTICLE]...': an empty value (see"),
        (["check", ""], "invalid value for '[PATH]...': an empty value (see"),
        (["check", "--changed", ""], "invalid value for '--changed': an empty value (see"),
        (["check", "--baseline", ""], "invalid value for '--baseline': an empty value (see"),
        (["check", "--json", "--format", "sarif"], "invalid value: --json cannot be combined with --format sarif (see"),
        (["show", ""], "invalid value for '[ARTICLE[#SECTION]|FILE...|-]': an empty value (see"),
        (["show", "/nowhere.md"], "no file /nowhere.md; see relmgr list"),
    ],
)
def test_a_wrong_request_gets_one_line_and_exit_code_2(relmgr: Relmgr, arguments: list[str], error: str) -> None:
    result = relmgr(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"relmgr: {error}")
    assert result.err.count("\n") == 1


def test_the_highlights_are_found_under_any_heading(relmgr: Relmgr) -> None:
    for arguments in (["highlights"], ["show", "--highlights"]):
        result = relmgr(*arguments, "-L", "ru")
        assert result.code == 0
        assert result.out.count("•") == 3
        assert "Управление отношениями имеет два основных направления" in result.out


def test_an_article_without_highlights_gives_exit_code_1(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A title\n\nNo list here.\n")
    result = relmgr("-C", tmp_path, "highlights")
    assert (result.code, result.out) == (1, "")
    assert result.err == 'relmgr: "A title" has no list of highlights\n'


def test_an_empty_library_is_an_error(relmgr: Relmgr, tmp_path: Path) -> None:
    result = relmgr("-C", tmp_path, "show")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"relmgr: no documents in {tmp_path}")


def test_without_a_name_the_article_last_read_is_meant(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    alpha, beta = tmp_path / "alpha.md", tmp_path / "beta.md"
    alpha.write_text("# Alpha\n\nThe first one is about the sea and the ships.\n")
    beta.write_text("# Beta\n\n- The second one is about the hills and the roads.\n")
    several = relmgr("-C", tmp_path, "show")
    assert (several.code, several.err) == (2, f"relmgr: which article? 1 alpha ({alpha}), 2 beta ({beta})\n")
    assert relmgr("-C", tmp_path, "show", "beta").out.startswith("Beta")
    assert relmgr("-C", tmp_path, "show").out.startswith("Beta")
    assert relmgr("-C", tmp_path, "show", "1").out.startswith("Alpha")
    assert relmgr("-C", tmp_path, "sections").out.startswith("Alpha")


def test_options_work_before_and_after_the_command(relmgr: Relmgr) -> None:
    assert relmgr("-L", "ru", "--width", "50", "show") == relmgr("show", "-L", "ru", "--width", "50")


def test_a_file_outside_the_library_is_read_by_its_path(relmgr: Relmgr, tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("# Note\n\nSome words.\n")
    assert relmgr("show", path).out.startswith("Note")


def test_a_problem_in_a_file_costs_one_line_and_not_the_text(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # else a path may be shown relative to the checkout
    (tmp_path / "a.md").write_text("---\nlang: en\ntitle: Foo: bar\n---\nThe text.\n")
    result = relmgr("-C", tmp_path, "show")
    assert result.code == 0
    assert "The text." in result.out
    assert result.err == f'relmgr: {tmp_path}/a.md, line 3: invalid front matter: quote the value after "title:"\n'


def test_a_pipe_gets_nothing_but_text(relmgr: Relmgr) -> None:
    assert "\x1b" not in relmgr("show").out
    assert "(/mba)" in relmgr("show").out
    assert "(/mba)" not in relmgr("show", "--no-links").out


@pytest.mark.parametrize(
    ("environ", "arguments", "escapes", "colors"),
    [
        ({"FORCE_COLOR": "1"}, [], True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], True, False),
        ({"NO_COLOR": ""}, ["--color", "always"], True, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, [], False, False),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False, False),
        ({"FORCE_COLOR": "1"}, ["--plain"], False, False),
    ],
)
def test_colours_follow_the_conventions(
    relmgr: Relmgr,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    arguments: list[str],
    escapes: bool,
    colors: bool,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    out = relmgr("show", *arguments).out
    assert ("\x1b[" in out) is escapes
    assert bool(re.search(r"\x1b\[[\d;]*3[0-7]m", out)) is colors


@pytest.mark.parametrize(
    ("columns", "widest"), [("40", 40), ("0", 80), ("abc", 80), ("-5", 80), ("5", 20), ("99999999", 88)]
)
def test_the_width_of_a_pipe_is_that_of_columns(
    relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = relmgr("show").out.splitlines()
    assert widest - 12 < max(map(len, lines)) <= widest


@pytest.mark.parametrize("language", ["pl", "ru"])
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_every_word_of_a_seed_is_shown_in_order_and_no_line_is_too_wide(
    relmgr: Relmgr, language: str, width: int
) -> None:
    (document,) = [
        path
        for path in Path("seeds").resolve().glob("*.txt")
        if ("Menedżer" in path.read_text(encoding="utf-8")) == (language == "pl")
    ]
    body = document.read_text(encoding="utf-8").split("---\n", 2)[2]
    body = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", re.sub(r"^(#+|>|-) ?", "", body, flags=re.MULTILINE))
    out = relmgr("show", "-L", language, "--width", width, "--no-links").out
    assert all(len(line) <= width for line in out.splitlines())
    letters = "".join(re.sub(r"^ *(▎|•|\d[.\d]*  )", "", out, flags=re.MULTILINE).split())
    at = 0
    for word in body.split():
        at = letters.index(word, at) + len(word)
    text = out.split("\n\n", 1)[1]  # the Russian title itself ends in a one-letter word
    last_words = [line.split()[-1] for line in text.splitlines() if line.split()]
    assert not [word for word in last_words if len(word) == 1 and word.isalpha()]


def test_plain_gives_one_fact_a_line(relmgr: Relmgr) -> None:
    out = relmgr("sections", "--plain", "-L", "pl").out
    assert "3.1 Menedżerowie ds. relacji z klientami (204 words, 2 min)\n" in out
    assert "3.1 ru: Менеджеры по работе с клиентами\n" in out
    paragraphs = relmgr("show", "--plain", "-s", "1", "-L", "pl").out.split("\n\n")
    assert [paragraph.count("\n") for paragraph in paragraphs] == [0, 1]


def test_the_outline_shows_both_languages_where_there_is_room(relmgr: Relmgr) -> None:
    beside = relmgr("sections", "-L", "pl", "--width", "120").out
    assert re.search(r"3\.2 +Menedżerowie ds. relacji biznesowych +Менеджеры по деловым отношениям +145 words", beside)
    below = relmgr("sections", "-L", "pl", "--width", "80").out
    assert re.search(r"3\.2 +Menedżerowie ds. relacji biznesowych +145 words +1 min\n +Менеджеры по деловым", below)
    assert "Менеджеры" not in relmgr("sections", "-L", "pl", "--width", "40").out


def test_version_and_help_go_to_standard_output(relmgr: Relmgr) -> None:
    assert relmgr("--version") == (0, f"relmgr {__version__}\n", "")
    for command in ("show", "list", "sections", "highlights", "index"):
        result = relmgr(command, "--help")
        assert result.code == 0
        assert "--library" in result.out


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*RELMGR, *arguments], capture_output=True, check=False, env={**os.environ, **environ})


@pytest.mark.slow
def test_a_closed_pipe_ends_quietly() -> None:
    for command in ("show", "list --bundled"):
        script = f"set -o pipefail; {' '.join(RELMGR)} {command} | head -1"
        result = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout.count(b"\n") == 1


def test_a_full_disk_behind_standard_output_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run([*RELMGR, "show"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode == 2
    assert result.stderr == b"relmgr: cannot write output: No space left on device\n"


def test_closed_standard_output_is_an_error() -> None:
    result = subprocess.run(["bash", "-c", f"{' '.join(RELMGR)} show >&-"], capture_output=True, check=False)
    assert result.returncode == 2
    assert result.stderr == b"relmgr: cannot write output: standard output is closed\n"


def test_an_output_that_cannot_show_a_letter_gets_an_escape() -> None:
    result = run("show", "-L", "ru", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert b"\\u041c\\u0435\\u043d\\u0435\\u0434" in result.stdout


def test_the_c_locale_is_no_obstacle() -> None:
    result = run("show", "-L", "ru", LC_ALL="C")
    assert result.returncode == 0
    assert result.stdout.decode().startswith("Менеджер")


@pytest.mark.slow
def test_without_a_home_folder_everything_works_and_nothing_is_stored() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "HOME"}
    command = [sys.executable, "-m", "relmgr_cli", "show", "-L", "pl"]
    if os.geteuid() == 0:  # a user that the system does not know has no home to fall back to
        command = ["setpriv", "--reuid", "54321", "--clear-groups", *command]
    result = subprocess.run(command, capture_output=True, check=False, env=environ)
    if result.returncode in (126, 127) or b"setpriv" in result.stderr:  # 127: may not read Python's shared library
        pytest.skip("cannot become another user here")
    if b"Permission denied" in result.stderr or b"No module" in result.stderr:
        pytest.skip("another user may not read this checkout")
    assert result.returncode == 0
    assert result.stdout.decode().startswith("Menedżer relacji")


def test_a_cache_folder_that_is_not_a_folder_costs_one_line(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    result = relmgr("show", "-L", "pl")
    assert result.code == 0
    assert result.out.startswith("Menedżer relacji")
    assert re.fullmatch(
        r"relmgr: the index is in memory only: cannot write /dev/null/relmgr/[^:]*: Not a directory\n", result.err
    )


def test_nothing_is_written_into_the_library(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nSome words here.\n")
    before = [(path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")]
    for command in ("index", "list", "show", "sections"):
        relmgr("-C", tmp_path, command)
    assert [(path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")] == before


def test_stored_files_are_readable_only_by_their_user(relmgr: Relmgr) -> None:
    relmgr("show")
    kept = [path for path in Path.home().rglob("*") if "relmgr" in str(path)]
    assert kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept if path.is_file())
