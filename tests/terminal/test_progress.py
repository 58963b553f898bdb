"""The progress of long work, for those who see a bar and for those who do not."""

import sys
from pathlib import Path

import pytest

from relmgr_cli.cli.context import Invocation
from relmgr_cli.cli.output_cache import OutputCache
from relmgr_cli.config import read_settings
from relmgr_cli.terminal import progress
from relmgr_cli.terminal.progress import ProgressLines


def run_task(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], *, is_terminal: bool = True) -> None:
    """Run a task of three steps that takes long enough to be noticed."""
    monkeypatch.setattr(progress, "_DELAY", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    settings = read_settings(environ)
    invocation = Invocation(settings, OutputCache((), environ), 0o077, [])
    with invocation.progress("reading files") as advance:
        assert advance is not None
        for done in range(3):
            advance(done, 3)


@pytest.mark.parametrize("environ", [{"RELMGR_PLAIN": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_screen_reader_gets_two_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environ: dict[str, str]
) -> None:
    run_task(monkeypatch, environ)
    assert capsys.readouterr().err == "relmgr: reading files\nrelmgr: reading files: done\n"
    run_task(monkeypatch, environ, is_terminal=False)
    assert capsys.readouterr().err == ""


def test_a_task_that_fails_is_not_done(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "_DELAY", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    advance = ProgressLines("reading files")
    advance(0, 2)
    advance.__exit__(ValueError, ValueError(), None)
    assert capsys.readouterr().err == "relmgr: reading files\n"


def test_plain_is_set_by_the_option_the_environment_and_the_config_file() -> None:
    path = Path.home() / ".config/relmgr/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("plain = true\n")
    assert read_settings({}).plain
    assert not read_settings({"RELMGR_PLAIN": "0"}).plain
    path.write_text("plain = false\n")
    assert not read_settings({}).plain
    assert read_settings({"RELMGR_PLAIN": "1"}).plain
    assert read_settings({"RELMGR_PLAIN": "0"}, plain=True).plain


def test_a_dumb_terminal_has_no_pager() -> None:
    assert read_settings({"TERM": "dumb", "RELMGR_PAGER": "less"}).pager == ""
    assert read_settings({"TERM": "xterm", "RELMGR_PAGER": "less"}).pager == "less"
