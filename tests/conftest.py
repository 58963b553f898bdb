"""What every test needs: a user of its own, and the program as a function."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from relmgr_cli.cli import main

SHARED = Path(__file__).parents[2] / "shared"


class Result(NamedTuple):
    """What a call of the program gave."""

    code: int
    out: str
    err: str


Relmgr = Callable[..., Result]


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test a home of its own and nothing of the environment that relmgr looks at."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("RELMGR_", "XDG_", "LC_")) or name in _CLEARED:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


_CLEARED = ("LANG", "LANGUAGE", "PAGER", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLORFGBG")


@pytest.fixture
def relmgr(capfd: pytest.CaptureFixture[str]) -> Relmgr:
    """Return a function that runs the program with some arguments."""

    def run(*args: object) -> Result:
        capfd.readouterr()
        code = main([str(arg) for arg in args])
        out, err = capfd.readouterr()
        return Result(code, out, err)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a file into a library in `tmp_path`."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def shared(*parts: str) -> Path:
    """Return a path in the folder of corpora that stands beside a checkout; skip the test where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the corpora, which are not part of relmgr")
    return path


def words_of(text: str) -> Sequence[str]:
    """Return the words of a text as the tests compare them."""
    return text.split()
