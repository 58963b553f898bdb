"""Files made to do harm: nothing in them reaches the terminal, nothing is lost, nothing hangs."""

import csv
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import Relmgr, shared
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.render.clean import clean, clean_line
from relmgr_cli.render.flow import safe_target


def test_every_code_point_is_safe_after_cleaning() -> None:
    for code in range(0x110000):
        cleaned = clean(chr(code))
        for character in cleaned:
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cs", "Zl", "Zp") or character in "\n\t", hex(code)
            assert category != "Cf" or character in "\u200c\u200d\u200e\u200f\u061c\u00ad", hex(code)


@pytest.mark.parametrize(
    "text",
    ["Zażółć gęślą jaźń", "Съешь ещё", "10\u00a0kg", "👨‍👩‍👧", "می\u200cخواهم", "e\u0301", "co\u00adop", "שלום\u200f"],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u{202e}b"),
        ("\udcff", "\\xff"),
        ("\u3164", "\\u{3164}"),
        ("\U000e0041", "\\u{e0041}"),
        ("one\ntwo\tthree", "one\u2424two three"),
    ],
)
def test_what_could_act_is_shown_instead(text: str, shown: str) -> None:
    assert clean_line(text) == shown


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("href", "allowed"),
    [
        ("https://example.org/a?b=c#d", True),
        ("mailto:someone@example.org", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("ssh://-oProxyCommand=x", False),
        ("https://user@example.org", False),
        ("https://example.org/\x1b]8;;", False),
        ("https://example.org/ż", False),
        ("https://example.org/" + "a" * 2100, False),
        ("https:///nothing", False),
        ("https://[", False),
        ("/mba", False),
    ],
)
def test_only_the_web_and_mail_become_links(href: str, allowed: bool) -> None:
    assert (safe_target(href) == href) is allowed


def test_the_hostile_corpus_is_shown_safely_and_whole(relmgr: Relmgr) -> None:
    corpus = shared("hostile", "corpus")
    sys.path.insert(0, str(corpus.parent))
    from termcheck import check  # type: ignore[import-not-found]

    sys.path.pop(0)
    with (corpus / "EXPECT.tsv").open(encoding="utf-8") as table:
        rows = list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) > 100
    for color in ("always", "never"):
        for name, _, expected in rows:
            result = relmgr("show", corpus / name, "--color", color)
            assert result.code in (0, 1), name
            assert check(result.out.encode(), plain=color == "never") == [], name
            assert check(result.err.encode(), plain=True) == [], name
            assert "NEEDLE" in result.out or "needle" not in expected, name


def test_names_of_files_cannot_act_either(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a\x1b]0;x\x07b\n.md").write_text("---\ntitle: a: b\n---\n")
    (tmp_path / b"\xff\xfe.md".decode("utf-8", "surrogateescape")).write_text("# \x1b[31m\n")
    for arguments in (["list"], ["list", "--json"], ["index"], ["show", "x\x1b[31m"], ["-C", "/no\x1b[2J", "list"]):
        result = relmgr("-C", tmp_path, *arguments)
        assert not set(result.out + result.err) & set("\x1b\x07")
        assert "Traceback" not in result.err


@pytest.mark.parametrize(
    "text",
    [
        "> " * 60 + "deep",
        "- " * 60 + "deep",
        "[" * 50_000,
        "*a **a " * 20_000,
        "`" * 60_000,
        "|a" * 20_000 + "\n|-" * 20_000,
    ],
    ids=["quotes", "lists", "brackets", "emphasis", "backticks", "table"],
)
def test_pathological_text_is_shown_soon(text: str, tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    path.write_text(text)
    command = [sys.executable, "-m", "relmgr_cli", "show", str(path)]
    result = subprocess.run(command, capture_output=True, timeout=30, check=False)
    assert result.returncode == 0
    assert b"Traceback" not in result.stderr
