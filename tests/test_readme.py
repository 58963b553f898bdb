"""README.md and the program say the same."""

import re
import shlex
from pathlib import Path

import pytest
from conftest import Relmgr
from support.maintained import make_maintained
from support.terminal import run_in_terminal

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (relmgr(?! mcp).*?)(?:   .*)?$", README, re.MULTILINE)  # a server ends with its client


def test_there_are_command_lines_to_try() -> None:
    assert len(COMMANDS) > 8


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that all command lines share: what they ask of the seeds is the same."""
    return tmp_path_factory.mktemp("home-of-the-readme")


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_line_of_the_readme_runs_on_the_seeds(
    relmgr: Relmgr, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("HOME", str(home))
    if line.startswith("relmgr read") and "--plain" not in line:
        shown = run_in_terminal(*shlex.split(line)[1:], keys=("q",))
        assert "relac" in shown
        assert "Traceback" not in shown
        return
    if "--hit" in line:
        relmgr("search", "conflict")
    if line.startswith("relmgr export"):
        monkeypatch.chdir(tmp_path)  # it writes a file there
        result = relmgr(*shlex.split(line)[1:])
        assert (result.code, bool(result.out) or "-o" in line) == (0, True), result.err
        return
    if re.match("relmgr (status|diff|check|terms)", line):
        make_maintained(tmp_path)
        monkeypatch.chdir(tmp_path)
        result = relmgr(*shlex.split(line)[1:])
        assert result.code == (1 if "--fail-on" in line else 0)
        assert result.out or result.err
        return
    result = relmgr(*shlex.split(line)[1:])
    assert result.code == 0
    assert result.out or re.search("--check|bookmarks|words", line)  # says on standard error that there are none
    notes = r"\d+ sections? in \d+ articles?|library: .*/seeds \(.*/relmgr.toml\)|checked .*: none is broken"
    notes += "|no bookmarks; .*|no words of this library .*"
    assert re.fullmatch(rf"(relmgr: ({notes})\n)?", result.err)


def test_every_command_and_every_option_is_documented(relmgr: Relmgr) -> None:
    help_text = relmgr("--help").out
    commands = re.findall(r"^  (\w+)  ", help_text.partition("Commands:")[2], re.MULTILINE)
    assert "show" in commands
    for command in commands:
        assert f"    relmgr {command}" in README
    for page in (help_text, *(relmgr(command, "--help").out for command in commands)):
        options = set(re.findall(r"--[a-z-]+", page)) - {"--help", "--version", "--show-completion"}
        assert not [option for option in options if option not in README]


def test_every_file_the_readme_shows_or_names_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (Path(__file__).parents[1] / target).is_file(), target
