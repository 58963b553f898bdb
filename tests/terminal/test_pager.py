"""What a pager is started with."""

import locale
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.marks import slow
from support.terminal import RELMGR, Terminal

from relmgr_cli.terminal.pager import pager_environ

pytestmark = pytest.mark.usefixtures("indexed_seeds")

SEEDS = Path(__file__).parents[2] / "seeds"

# As after `ssh` to a server: the locale is none, C, or one that was never generated there.
FEW: tuple[dict[str, str], ...] = ({"LC_ALL": "C"}, {"LANG": "xx_XX.UTF-8"})
MORE: tuple[dict[str, str], ...] = (
    {},
    {"LC_ALL": "POSIX"},
    {"LC_ALL": "xx_XX.UTF-8"},
    {"LC_ALL": "xx_XX.ISO-8859-1"},
    {"LANG": "C.UTF-8", "LC_TIME": "xx_XX.UTF-8"},
)


@pytest.mark.slow
@pytest.mark.parametrize("environ", [*FEW, *slow(*MORE)])
@pytest.mark.parametrize(
    "pager", ["less", "more", *slow("less -FIRX", "most", "batcat -p --paging=always", "sh -c 'less'")]
)
def test_cyrillic_is_readable_in_every_pager_whatever_the_locale(pager: str, environ: dict[str, str]) -> None:
    if not shutil.which(pager.split(maxsplit=1)[0]):
        pytest.skip(f"needs {pager}")
    command = [*RELMGR, "-C", str(SEEDS), "show", "1", "-L", "ru"]
    terminal = Terminal(command, (24, 80), {"RELMGR_PAGER": pager, **environ})
    terminal.settle(after=b"\n")
    terminal.press("q")
    written = terminal.end().written
    assert "Менеджеры" in written.decode()
    assert b"<D0>" not in written
    assert rb"\u04" not in written


@pytest.mark.slow
@pytest.mark.parametrize("pager", ["relmgr-no-such-pager", "sh -c relmgr-no-such-pager", 'less "'])
def test_without_the_pager_the_text_is_shown_and_the_last_line_says_why(pager: str) -> None:
    command = [*RELMGR, "-C", str(SEEDS), "show", "1", "-L", "ru"]
    terminal = Terminal(command, (24, 80), {"PAGER": pager})
    lines = terminal.end().written.decode().splitlines()
    assert any("Менеджеры" in line for line in lines)
    assert lines[-1] == f"relmgr: cannot start the pager '{pager}'; set RELMGR_PAGER or use --no-pager"


def _ask_pager(environ: dict[str, str], script: str, **own: str) -> str:
    """Run a script in the environment that the pager gets in a process started with `environ`."""
    start = (
        "import os; from relmgr_cli.terminal.pager import pager_environ; given = pager_environ(os.environ, 'utf-8')\n"
    )
    script = f"{start}import subprocess, sys; subprocess.run([sys.executable, '-c', {script!r}], env=given, check=True)"
    known = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", script], env={**known, **environ, **own}, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.skipif(not shutil.which("less"), reason="needs less")
def test_less_shows_utf_8_where_no_utf_8_locale_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relmgr_cli.terminal.pager._find_utf8_locale", lambda: "")
    environ = pager_environ({"LC_ALL": "C"}, "utf-8")
    assert environ == {"LESS": "-FIRX -Psq quits, h shows help$", "LC_ALL": "C", "LESSCHARSET": "utf-8"}
    text = tmp_path / "text"
    text.write_text("Менеджеры\n", encoding="utf-8")
    terminal = Terminal(["less", str(text)], (24, 80), environ)
    assert "Менеджеры" in terminal.end().written.decode()


@pytest.mark.skipif(not hasattr(locale, "nl_langinfo"), reason="needs locales of the C library")
@pytest.mark.parametrize("environ", FEW + MORE)
def test_a_pager_that_follows_the_locale_finds_utf_8(environ: dict[str, str]) -> None:
    script = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.nl_langinfo(locale.CODESET))"
    assert _ask_pager(environ, script) == "UTF-8"


def test_an_installed_utf_8_locale_is_unchanged() -> None:
    assert _ask_pager({"LANG": "C.UTF-8"}, "import os; print(os.environ.get('LC_ALL'))") == "None"


@pytest.mark.parametrize("name", ["LESSCHARSET", "LESSCHARDEF"])
def test_options_that_the_user_set_for_less_are_unchanged(name: str) -> None:
    given = pager_environ({name: "koi8-r", "LESS": "-S"}, "utf-8")
    assert given[name] == "koi8-r"
    assert given["LESS"] == "-S"
    assert len({"LESSCHARSET", "LESSCHARDEF"} & given.keys()) == 1


def test_text_in_another_encoding_comes_without_a_claim_that_it_is_utf_8() -> None:
    assert pager_environ({"LC_ALL": "C"}, "koi8-r") == {"LESS": "-FIRX -Psq quits, h shows help$", "LC_ALL": "C"}


def test_the_locale_of_the_process_is_unchanged() -> None:
    before = locale.setlocale(locale.LC_ALL)
    pager_environ({}, "utf-8")
    assert locale.setlocale(locale.LC_ALL) == before
