"""The pages in docs and the program say the same."""

import json
import re
import shlex
from pathlib import Path

import pytest
from conftest import Relmgr
from support.marks import slow

from relmgr_cli.mcp.answer import MAX_CHARACTERS
from relmgr_cli.mcp.tools import TOOLS

ROOT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
AGENTS = PAGES["agents.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, *kinds: str) -> list[str]:
    """Return the code blocks of these kinds."""
    return [text for kind, text in BLOCK.findall(page) if kind in kinds]


def command_lines(page: str) -> list[str]:
    """Return the lines of a page that a reader may type, but for a server, which ends with its client."""
    lines = [line.removeprefix("$ ") for text in blocks(page, "sh", "console") for line in text.splitlines()]
    return [line for line in lines if line.startswith("relmgr ") and not line.endswith(" mcp")]


@pytest.mark.usefixtures("indexed_seeds")
@pytest.mark.parametrize("name", ["agents.md", *slow(*(name for name in PAGES if name != "agents.md"))])
def test_every_command_line_runs_on_the_seeds(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for line in command_lines(PAGES[name]):
        result = relmgr(*shlex.split(line)[1:])
        assert (result.code, bool(result.out or result.err)) == (0, True), f"{line}\n{result.err}"
        if "--json" in line:
            assert json.loads(result.out)["version"] == 1


def test_the_configurations_of_clients_are_valid_and_start_the_server() -> None:
    found = [json.loads(text) for text in blocks(AGENTS, "json")]
    assert [[*each] for each in found] == [["mcpServers"], ["mcpServers"], ["servers"]]
    for each in found:
        (servers,) = each.values()
        assert servers["relmgr"].keys() <= {"type", "command", "args", "env"}
        assert servers["relmgr"]["command"].rpartition("/")[2] == "relmgr"
        option, folder, command = servers["relmgr"]["args"]
        assert (option, bool(folder), command) == ("-C", True, "mcp")


def test_the_tools_are_described_with_their_arguments_and_their_size() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", AGENTS, re.MULTILINE)
    documented = {name: tuple(re.findall(r"`(\w+)`", arguments)) for name, arguments in rows}
    assert documented == {name: (*tool.required, *tool.optional) for name, tool in TOOLS.items()}
    assert f"at most {MAX_CHARACTERS:,} characters" in AGENTS


def test_every_file_that_the_page_names_exists() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", "".join(PAGES.values())):
        assert (ROOT / "docs" / target).is_file(), target
