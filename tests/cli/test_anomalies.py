"""Fault injection: the Nth call of SQLite, of the full-text engine or of a file operation fails, for each N."""

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from conftest import Relmgr, Result
from support.marks import slow
from support.search_library import GARDEN, KITCHEN

from relmgr_cli.store import database, fulltext

STRIDE = 60  # calls between two that fail; the slow tests take more of them
NO_ROOM = "No space left on device"
COMMANDS = (("search", "--exact", "dog", "--json"), ("show", "kitchen", "--lang", "en,pl", "--json"))


class Fault:
    """Lets the calls before the Nth pass; of those from there on, one or all fail."""

    def __init__(self) -> None:
        self.begin(1 << 60, lasting=False)

    def begin(self, number: int, *, lasting: bool) -> None:
        self.number, self.lasting, self.calls = number, lasting, 0

    def is_due(self) -> bool:
        self.calls += 1
        return self.calls == self.number or (self.lasting and self.calls > self.number)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    root.mkdir()
    for name, text in (GARDEN | KITCHEN).items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def connections_fail(patch: pytest.MonkeyPatch, names: Sequence[str], is_failing: Callable[[str], bool]) -> None:
    """Let methods of connections to a file fail, those in memory go on."""

    def failing(name: str) -> Callable[..., Any]:
        def call(self: sqlite3.Connection, *args: Any, **kwargs: Any) -> Any:
            if is_failing(str(args[0])):
                raise sqlite3.OperationalError("database or disk is full")
            return getattr(sqlite3.Connection, name)(self, *args, **kwargs)

        return call

    factory = type("FailingConnection", (sqlite3.Connection,), {name: failing(name) for name in names})

    connect = database._connect  # noqa: SLF001

    def connect_failing(path: Path | str) -> sqlite3.Connection:
        if path == ":memory:":
            return connect(path)
        return sqlite3.connect(path, timeout=0.1, isolation_level=None, factory=factory)

    patch.setattr(database, "_connect", connect_failing)


def statements_fail(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    connections_fail(patch, ("execute", "executemany", "executescript", "backup"), lambda _: fault.is_due())


def writes_fail(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    """As on a full disk: reading goes on, and so does what is in memory."""
    transaction = ("BEGIN IMMEDIATE", "COMMIT")
    connections_fail(
        patch, ("execute", "executescript"), lambda statement: statement.startswith(transaction) and fault.is_due()
    )


def engine_fails(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    make = fulltext._writer  # noqa: SLF001

    class Writer:
        def __init__(self, writer: Any) -> None:
            self._writer = writer

        def __getattr__(self, name: str) -> Any:
            if fault.is_due():
                raise ValueError(f"An IO error occurred: '{NO_ROOM} (os error 28)'")
            return getattr(self._writer, name)

    patch.setattr(fulltext, "_writer", lambda index: Writer(make(index)))


def files_fail(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    home = str(Path.home())
    for name in ("open", "replace", "mkdir", "pwrite"):
        call = getattr(os, name)

        def failing(*args: Any, _call: Callable[..., Any] = call, **kwargs: Any) -> Any:
            if (isinstance(args[0], int) or str(args[0]).startswith(home)) and fault.is_due():
                raise OSError(28, NO_ROOM)
            return _call(*args, **kwargs)

        patch.setattr(os, name, failing)


def outcomes(relmgr: Relmgr, library: Path) -> Iterator[tuple[tuple[str, ...], Result]]:
    for command in COMMANDS:
        yield command, relmgr("-C", library, *command)


@pytest.mark.slow
@pytest.mark.parametrize("stride", [STRIDE, *slow(5)])
@pytest.mark.parametrize("lasting", [False, *slow(True)], ids=["once", "lasting"])
@pytest.mark.parametrize("fail", [writes_fail, engine_fails, *slow(statements_fail, files_fail)])
@pytest.mark.parametrize("begins", ["with an older one", *slow("without an index")])
def test_after_any_fault_the_output_is_right_or_missing_and_the_next_one_is_right(
    relmgr: Relmgr,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    fail: Callable[[pytest.MonkeyPatch, Fault], None],
    *,
    stride: int,
    lasting: bool,
    begins: str,
) -> None:
    cache, kept = Path.home() / ".cache", Path.home() / "kept"
    monkeypatch.setattr(database, "_TIMEOUT", 0.1)  # what fails here may hold its own locks
    monkeypatch.setattr(fulltext, "_TIMEOUT", 0.1)
    dict(outcomes(relmgr, library))
    (library / "garden.en.md").write_text(GARDEN["garden.en.md"].replace("dog", "cat"), encoding="utf-8")
    (library / "barn.md").write_text("# The barn\n\nA dog guards the barn.\n", encoding="utf-8")
    cache.rename(kept)
    expected = {command: result.out for command, result in outcomes(relmgr, library)}
    fault = Fault()
    for number in count(1, stride):
        shutil.rmtree(cache)
        if begins == "with an older one":
            shutil.copytree(kept, cache)
        fault.begin(number, lasting=lasting)
        with monkeypatch.context() as patch:
            fail(patch, fault)
            for command, (code, out, err) in outcomes(relmgr, library):
                assert code in (0, 2), (number, err)
                assert out == (expected[command] if code == 0 else ""), number
                assert err.count("\n") <= 2, err
        gc.collect()  # as when a process ends
        shutil.rmtree(cache / "relmgr/output", ignore_errors=True)
        for command, (code, out, err) in outcomes(relmgr, library):
            assert (code, out) == (0, expected[command]), number
            assert err.count("\n") <= 1, err
        if fault.calls < number:
            break
