"""The modules that a command imports, and cached outputs."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from conftest import Relmgr
from support.files import age

from relmgr_cli.cli.main import _COMMANDS, _FLAGS, _WITH_VALUE, load_app
from relmgr_cli.cli.options import shared_options

HEAVY = ("yaml", "frontmatter", "markdown_it", "mdit_py_plugins", "numpy", "textual", "pygments", "rich.console")


def modules_after(*arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter has loaded after running a command."""
    script = (
        "import sys, relmgr_cli.cli.main as cli; code = cli.main(sys.argv[1:]);"
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    result = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, check=True, text=True)
    return set(result.stderr.split())


def test_with_a_fresh_index_show_loads_no_parser_and_no_toolkit(relmgr: Relmgr) -> None:
    relmgr("index")
    others = {f"relmgr_cli.cli.{name}" for name in _COMMANDS} - {
        "relmgr_cli.cli.article_commands",
        "relmgr_cli.cli.library_commands",
    }
    for color in ("never", "always"):
        loaded = modules_after("show", "--lang", "ru", "--color", color)
        assert loaded.isdisjoint(others)
        assert "relmgr_cli.layout.page" in loaded
        assert loaded.isdisjoint(HEAVY)


def test_a_command_is_built_alone_if_the_line_begins_with_it(relmgr: Relmgr) -> None:
    names = {command.name for command in load_app().registered_commands}
    assert {command.name for command in load_app("show").registered_commands} == {"show"} < names
    assert {command.name for command in load_app("-C").registered_commands} == names
    assert [name for some in _COMMANDS.values() for name in some] == [
        each.name for each in load_app().registered_commands
    ]
    assert "show" in relmgr("shwo").err  # the suggestion
    assert "show" in relmgr("shwo", "list").err


def test_a_command_is_built_alone_after_shared_options(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = typer.main.get_command(load_app()).params
    shared = [option for option in options if option.name in shared_options()]
    names = {name for option in shared for name in (*option.opts, *option.secondary_opts)}
    assert names == _WITH_VALUE | _FLAGS
    assert {name for option in shared if not option.is_flag for name in option.opts} == _WITH_VALUE  # type: ignore[attr-defined]

    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "a.md").write_text("# A\n\nSome words.\n")
    monkeypatch.chdir(tmp_path)
    options_before = ("--width", "30", "--library=show", "-L", "en", "--json")
    assert "relmgr_cli.cli.export_command" not in modules_after(*options_before, "list")
    for arguments in (
        ("-C", "show", "show"),
        ("-C", "show", "show/a.md"),
        ("--no-links", "-C", "show", "help", "show"),
    ):
        assert relmgr(*arguments).code == 0


def test_a_cached_output_is_written_without_importing_typer(relmgr: Relmgr, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nSome words.\n")
    age(tmp_path)
    command = ("-C", str(tmp_path), "show")
    assert "typer" in modules_after(*command)
    assert "typer" not in modules_after(*command)
    assert relmgr(*command).out.startswith("A ")


@pytest.mark.parametrize(
    "change", ["content", "same size", "new file", "removed file", "config", "environment", "width"]
)
def test_a_cached_output_is_never_stale(
    relmgr: Relmgr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    one.write_text("# One\n\nto jest tekst po polsku, który się zmienia i jest długi\n")
    other.write_text("# Other\n\n- a list is here, and it is in English\n")
    age(tmp_path)
    command = ["show", "one"] if change == "width" else ["list"]
    first = relmgr("-C", tmp_path, *command)
    assert relmgr("-C", tmp_path, *command) == first
    if change == "content":
        one.write_text("# Two\n\nto jest inny tekst\n")
    elif change == "same size":
        one.write_text(one.read_text().replace("One", "Uno"))
    elif change == "new file":
        (tmp_path / "third.md").write_text("# Third\n\n> it is a quote\n")
    elif change == "removed file":
        other.unlink()
    elif change == "config":
        config = Path.home() / ".config/relmgr/config.toml"
        config.parent.mkdir(parents=True)
        config.write_text('color = "always"\n')
    elif change == "environment":
        monkeypatch.setenv("FORCE_COLOR", "1")
    else:
        monkeypatch.setenv("COLUMNS", "30")
    assert relmgr("-C", tmp_path, *command) != first


def test_a_cached_output_includes_its_notes(relmgr: Relmgr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANG", "de")
    path = tmp_path / "a.md"
    path.write_text("# Title\n\nit is a text of some words and they are in English\n")
    age(tmp_path)
    first = relmgr("-C", tmp_path, "show")
    assert first.err == "relmgr: no German text; showing English\n"
    assert relmgr("-C", tmp_path, "show") == first


def test_a_cached_output_still_records_the_article_last_read(relmgr: Relmgr, tmp_path: Path) -> None:
    alpha, beta = tmp_path / "a.md", tmp_path / "b.md"
    alpha.write_text("# Alpha\n\nThe first one.\n")
    beta.write_text("# Beta\n\n- The second one.\n")
    age(tmp_path)
    for name in ("alpha", "beta", "alpha", "beta"):
        relmgr("-C", tmp_path, "show", name)
        assert relmgr("-C", tmp_path, "sections").out.lower().startswith(name)


def test_a_damaged_cached_output_is_made_again(relmgr: Relmgr, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nSome words.\n")
    age(tmp_path)
    first = relmgr("-C", tmp_path, "show")
    (kept,) = (Path.home() / ".cache/relmgr/output").iterdir()
    whole = kept.read_bytes()
    for damage in (b"", b"\xff\xfe", whole[:40], whole.replace(b"\x00", b"\x00\x00", 3), b"\x00" * 50):
        kept.write_bytes(damage)
        assert relmgr("-C", tmp_path, "show") == first
