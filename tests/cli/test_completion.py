"""Shell completion."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def offered(line: str, **environ: str) -> list[str]:
    """Return what zsh is offered for a command line; the word to complete is its last, maybe empty."""
    script = "import sys, relmgr_cli.cli.main as cli; sys.exit(cli.main([]))"
    surroundings = {**os.environ, "_RELMGR_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line, **environ}
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=surroundings
    )
    assert result.stderr == ""
    return result.stdout.split("\n")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which the seeds are indexed once."""
    return tmp_path_factory.mktemp("home-of-completion")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("relmgr show men", '"menedzer-relacji":"Menedżer relacji"'),
        ("relmgr show --section 3.", '"3.1":"Menedżerowie ds. relacji z klientami · Менеджеры по работе с клиентами"'),
        ("relmgr show --lang r", '"ru":"Russian"'),
        ("relmgr sections ", '"menedzer-relacji":"Menedżer relacji"'),
        ("relmgr hi", '"highlights":'),
    ],
)
def test_articles_sections_and_languages_are_completed(home: Path, line: str, expected: str) -> None:
    rows = offered(line, HOME=str(home))
    assert any(expected in row for row in rows), rows


def test_completion_of_a_missing_library_offers_and_prints_nothing(tmp_path: Path) -> None:
    assert not [row for row in offered(f"relmgr -C {tmp_path}/nowhere show ") if "menedzer" in row]


def test_completion_cannot_be_made_to_act_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# x\x1b[31m\n\ntext\n")
    environ = {"RELMGR_LIBRARY": str(tmp_path)}
    index = [sys.executable, "-m", "relmgr_cli", "list"]
    subprocess.run(index, check=True, capture_output=True, env={**os.environ, **environ})
    rows = offered("relmgr show ", **environ)
    assert any("x" in row for row in rows)
    assert "\x1b" not in "".join(rows)


@pytest.mark.slow
def test_articles_are_completed_by_the_shortest_name_and_by_the_whole_path(tmp_path: Path) -> None:
    for name in ("docs/Getting started", "blog/Getting started", "docs/हिन्दी", "docs/$(reboot)"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").write_text(f"# The {name.partition('/')[0]}\n\ntext\n")
    environ = {"RELMGR_LIBRARY": str(tmp_path)}
    index = [sys.executable, "-m", "relmgr_cli", "list"]
    subprocess.run(index, check=True, capture_output=True, env={**os.environ, **environ})

    def names(incomplete: str) -> list[str]:
        return [row.split('"')[1] for row in offered(f"relmgr show {incomplete}", **environ) if '":"The ' in row]

    assert names("gett") == []  # of two articles
    assert names("b") == ["blog/Getting-started"]
    assert names("docs/") == ["docs/Getting-started", "docs/हिन्दी"]
    assert names("Docs/gett") == ["Docs/getting-started"]
    assert names("हि") == ["हिन्दी"]
    assert sorted(names("")) == ["blog/Getting-started", "docs/Getting-started", "हिन्दी"]
