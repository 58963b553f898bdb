"""SQL is only in the store, which the import contracts in pyproject.toml cannot check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import relmgr_cli

PACKAGE = Path(relmgr_cli.__file__).parent
SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT (OR \w+ )?INTO|DELETE FROM|UPDATE \w+ SET|CREATE TABLE|PRAGMA)\s", re.DOTALL
)


def texts_in(source: str) -> Iterator[str]:
    """Yield the string constants of a module; an f-string comes in its constant parts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value for part in node.values if isinstance(part, ast.Constant))
            yield " ".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("folder", ["cli", "core", "corpus", "embedding", "layout", "reader", "search", "terminal"])
def test_sql_is_only_in_the_store(folder: str) -> None:
    paths = sorted((PACKAGE / folder).rglob("*.py"))
    assert paths
    found = [f"{path}: {text}" for path in paths for text in texts_in(path.read_text()) if SQL.search(f"{text} ")]
    assert found == []


def test_sql_would_be_seen() -> None:
    source = 'rows("SELECT id FROM articles"); rows(f"SELECT {COLUMNS} FROM documents"); run("DELETE FROM kin")'
    assert sum(bool(SQL.search(f"{text} ")) for text in texts_in(source)) == 3
    index = "".join(path.read_text() for path in (PACKAGE / "store").glob("*.py"))
    assert "SELECT" in index
