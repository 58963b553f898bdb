"""Database, full-text index and vectors of different versions are never used together."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Relmgr
from support.marks import slow
from support.search_library import GARDEN, KITCHEN

COMMANDS = (
    ("search", "--exact", "dog", "--json"),
    ("search", "--exact", "owl", "--json"),
    ("search", "spade", "--json"),
    ("search", "who sleeps in the kitchen", "--json"),
    ("list", "--json"),
)


class Index:
    """A library with an index, and the one it had before it changed."""

    def __init__(self, folder: Path, relmgr: Relmgr) -> None:
        self.root = folder / "library"
        self.root.mkdir()
        self.relmgr = relmgr
        for name, text in (GARDEN | KITCHEN).items():
            (self.root / name).write_text(text, encoding="utf-8")
        self.answers()
        self.place = next(Path.home().glob(".cache/relmgr/library-*"))
        self.older = folder / "older"
        shutil.copytree(self.place, self.older)
        # As many sections as before: one document less, another one that is as long.
        (self.root / "kitchen.en.md").unlink()
        (self.root / "barn.md").write_text("# The barn\n\nAn owl lives here.\n\n## Hay\n\nThe dog sleeps on it.\n")
        self.answers()

    def answers(self) -> tuple[list[str], list[str]]:
        shutil.rmtree(Path.home() / ".cache/relmgr/output", ignore_errors=True)
        results = [self.relmgr("-C", self.root, *command) for command in COMMANDS]
        errors = [line for result in results for line in result.err.splitlines() if "nothing found" not in line]
        # How rare a word is counts in a score, and what was taken out of a full text counts until it is tidied up.
        return [re.sub('"score": [0-9.]+', "", result.out) for result in results], errors

    def expected(self) -> list[str]:
        saved = Path.home() / "saved"
        (Path.home() / ".cache").rename(saved)
        expected, _ = self.answers()
        shutil.rmtree(Path.home() / ".cache")
        saved.rename(Path.home() / ".cache")
        return expected

    def text(self, place: Path) -> Path:
        return next(place.glob("text-*"))


@pytest.fixture
def index(tmp_path: Path, relmgr: Relmgr) -> Index:
    return Index(tmp_path, relmgr)


def older_text(index: Index) -> None:
    place = index.text(index.place)
    shutil.rmtree(place)
    shutil.copytree(index.text(index.older), place)


def older_database(index: Index) -> None:
    for path in index.place.glob("index*"):
        path.unlink()
    for path in index.older.glob("index*"):
        shutil.copy2(path, index.place)


def everything_older(index: Index) -> None:
    shutil.rmtree(index.place)
    shutil.copytree(index.older, index.place)


def log_is_lost(index: Index) -> None:
    for path in index.place.glob("index*-wal"):
        path.unlink()


MIXTURES = [
    older_text,
    older_database,
    everything_older,
    log_is_lost,
]


@pytest.mark.slow
@pytest.mark.parametrize("mix", [MIXTURES[0], *slow(*MIXTURES[1:])])
def test_files_of_different_versions_are_rebuilt(index: Index, mix: Callable[[Index], None]) -> None:
    expected = index.expected()
    mix(index)
    found, lines = index.answers()
    assert found == expected
    assert len(lines) <= 1, lines
    assert index.answers() == (expected, [])


@pytest.mark.slow
def test_the_index_of_another_library_is_not_used(index: Index, tmp_path: Path) -> None:
    expected = index.expected()
    other = tmp_path / "other"
    other.mkdir()
    (other / "owl.md").write_text("# Owls\n\nAn owl is no dog.\n")
    index.relmgr("-C", other, "search", "--exact", "dog")
    theirs = next(Path.home().glob(".cache/relmgr/other-*"))
    shutil.rmtree(index.place)
    shutil.copytree(theirs, index.place)
    found, _ = index.answers()
    assert found == expected
