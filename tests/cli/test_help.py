"""Every help page begins with examples that run, and lists only options that its command has."""

import io
import re
import shlex
import shutil
from pathlib import Path

import pytest
from conftest import Relmgr
from support.maintained import make_maintained
from support.marks import slow
from support.terminal import run_in_terminal

SEEDS = Path(__file__).parents[2] / "seeds"
COMMANDS = (
    "show", "sections", "highlights", "links", "status", "diff", "check", "terms", "export",
    "list", "index", "read", "bookmarks", "words", "search", "mcp",
)  # fmt: skip
OFTEN = ("show", "list", "search", "status", "export")  # tried in every run
SHARED = {"--library", "--lang", "--json", "--plain", "--width", "--links", "--color", "--pager"}
WITHOUT = {
    "sections": {"--links"},
    "links": {"--links"},
    "check": {"--links", "--pager"},
    "status": {"--links"},
    "diff": {"--links"},
    "list": {"--links"},
    "search": {"--links"},
    "terms": {"--links"},
    "bookmarks": {"--links"},
    "words": {"--links"},
    "export": SHARED - {"--library", "--lang"},
    "index": SHARED - {"--library", "--json", "--plain"},
    "read": {"--json", "--width", "--links", "--pager"},
    "mcp": SHARED - {"--library"},
}


def examples(page: str) -> list[str]:
    block = page.partition("  Examples:\n")[2].partition("\n\n")[0]
    return [line.split("  ")[0] for line in block.replace("    relmgr", "relmgr").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["", *OFTEN, *slow(*(name for name in COMMANDS if name not in (*OFTEN, "mcp")))])
def test_help_begins_with_examples_that_run(
    relmgr: Relmgr, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if command in ("status", "diff"):
        make_maintained(tmp_path)
    else:
        shutil.copytree(SEEDS, tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    page = relmgr(*command.split(), "--help").out
    assert max(map(len, page.splitlines())) <= 80
    order = [page.index(title) for title in ("Examples:", "Arguments:", "Options:", "Commands:") if title in page]
    assert order == sorted(order)
    lines = examples(page)
    assert 2 <= len(lines) <= 4
    if "--hit" in page:
        relmgr("search", "conflict")
    for line in lines:
        name, *arguments = shlex.split(line)
        assert name == "relmgr"
        if arguments == ["read", "--plain"]:
            monkeypatch.setattr("sys.stdin", io.StringIO(""))
            assert relmgr(*arguments).code == 0
        elif arguments[0] == "read":
            assert re.search("relac|связям", run_in_terminal(*arguments, keys=("q",)))
        else:
            result = relmgr(*arguments)
            expected = 1 if "--fail-on" in arguments else 0
            assert (result.code, bool(result.out or result.err)) == (expected, True), (line, result.err)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_only_options_that_the_command_has(relmgr: Relmgr, command: str) -> None:
    listed = set(re.findall(r"--[a-z]+", relmgr(command, "--help").out.partition("Options:")[2]))
    without = WITHOUT.get(command, set())
    assert listed & SHARED == SHARED - without
    for option in without:
        value = {"--width": ["40"], "--lang": ["pl"], "--color": ["never"]}.get(option, [])
        refused = relmgr(command, option, *value)
        assert (refused.code, refused.out) == (2, "")
        assert re.fullmatch(rf"relmgr: no such option\W+{option}\b.* \(see relmgr {command} --help\)\n", refused.err)


def test_options_before_the_command_may_be_any_that_commands_share(relmgr: Relmgr) -> None:
    options = ["--width", "40", "--lang", "pl", "--no-links", "--plain", "--color", "never", "--no-pager"]
    assert relmgr(*options, "index").code == 0


@pytest.mark.slow
def test_numbers_have_no_upper_limit(relmgr: Relmgr) -> None:
    number = "9" * 30
    assert relmgr("search", "konflikt", "--limit", number, "--width", number).code == 0
    assert relmgr("show", "--hit", number).code == 2


def test_a_command_shows_its_first_sentence_in_the_list_of_commands(relmgr: Relmgr) -> None:
    listed = relmgr("--help").out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("..") for line in listed)


def test_help_is_also_a_command(relmgr: Relmgr) -> None:
    assert relmgr("help") == relmgr("--help")
    assert relmgr("help", "show") == relmgr("show", "--help")
    assert relmgr("help", "nothing").code == 2


def test_a_file_is_shown_without_a_command(relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guide.md").write_text("# Guide\n\nThis is a guide for everybody.\n")
    monkeypatch.chdir(tmp_path)
    assert relmgr("guide.md") == relmgr("show", "guide.md")
    assert relmgr("--plain", "./guide.md") == relmgr("show", "--plain", "guide.md")
    missing = relmgr("missing.md")
    assert (missing.code, missing.out) == (2, "")
    assert missing.err.startswith("relmgr: no file missing.md")
