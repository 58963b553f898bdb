"""The command `read`."""

import os
from pathlib import Path

import pytest
from conftest import Relmgr
from support.terminal import run_in_terminal

pytestmark = pytest.mark.usefixtures("indexed_seeds")


def test_without_a_terminal_the_error_says_what_to_do(relmgr: Relmgr) -> None:
    result = relmgr("read")
    assert result.code == 2
    assert result.out == ""
    assert result.err == (
        "relmgr: the full-screen reader needs a terminal; relmgr show prints the article, "
        "relmgr read --plain reads it line by line\n"
    )


def test_a_dumb_terminal_is_none() -> None:
    assert "needs a terminal" in run_in_terminal("read", TERM="dumb")


def test_it_reads_and_quits_and_leaves_the_screen_as_it_was() -> None:
    shown = run_in_terminal("read", "--lang", "ru", keys=("q",))
    assert "Менеджер" in shown
    assert shown.index("\x1b[?1049h") < shown.index("Менеджер") < shown.index("\x1b[?1049l")
    assert "Traceback" not in shown


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("read", "no such article"), ("read", "--lang", "de"), ("read", "relacji#none")])
def test_errors_are_reported_before_the_screen_changes(arguments: tuple[str, ...]) -> None:
    shown = run_in_terminal(*arguments)
    assert "relmgr: no " in shown
    assert "\x1b[?1049h" not in shown


@pytest.mark.slow
def test_no_color_means_no_colour(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n## B\n\nSome `code`.\n")
    for setting in ({"NO_COLOR": "1"}, {}):
        arguments = ("-C", str(tmp_path), "read", *([] if setting else ["--color", "never"]))
        shown = run_in_terminal(*arguments, keys=("t", "q"), **setting)
        assert "Some" in shown
        assert not any(f"\x1b[{code}" in shown for code in ("38;", "48;", "36", "1;36", "35m"))


@pytest.mark.slow
def test_an_empty_no_color_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n## B\n\nSome `code`.\n")
    assert "36m" in run_in_terminal("-C", str(tmp_path), "read", keys=("q",), NO_COLOR="")


@pytest.mark.slow
def test_the_reader_clears_the_output_cache_after_pairing(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nSome text.\n")
    for path in (tmp_path / "a.md", tmp_path):
        os.utime(path, (1, 1))
    relmgr("-C", tmp_path, "list")
    folder = Path.home() / ".cache/relmgr/output"
    assert [*folder.iterdir()]
    run_in_terminal("-C", str(tmp_path), "read", keys=("q",))
    assert not [*folder.iterdir()]
