"""Files made to do harm: nothing in them reaches the terminal, nothing is lost, nothing hangs."""

import csv
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import Relmgr, shared
from hypothesis import given
from hypothesis import strategies as st
from support.marks import slow

from relmgr_cli.layout.inline import TextStyle, safe_target, to_fragments
from relmgr_cli.layout.line import plain_text
from relmgr_cli.markdown.blocks import Span
from relmgr_cli.terminal.sanitize import clean_pieces, sanitize, sanitize_line

# Joiners, direction marks and the soft hyphen; signs that enclose a number in Arabic, Syriac and Kaithi.
KEPT = frozenset(
    "\u200c\u200d\u200e\u200f\u061c\u00ad"
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
SCHEMES = ("http://", "https://", "mailto:", "HTTPS://", "https://пример.")
UNDRAWN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | set(map(chr, range(0xE0000, 0xE1000)))


@pytest.mark.parametrize("step", [61, *slow(1)])
def test_every_code_point_is_safe_after_cleaning(step: int) -> None:
    for code in {*range(0, 0x110000, step), *range(0x3200), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0200)}:
        cleaned = sanitize(chr(code))
        for character in cleaned:
            category = unicodedata.category(character)
            assert category not in ("Cc", "Cn", "Cs", "Zl", "Zp") or character in "\n\t", hex(code)
            assert category != "Cf" or character in KEPT, hex(code)
            assert character not in UNDRAWN, hex(code)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "Zażółć gęślą jaźń",
            "Съешь ещё",
            "10\u00a0kg",
            "👨‍👩‍👧",
            "می\u200cخواهم",
            "e\u0301",
            "co\u00adop",
            "שלום\u200f",
        ],
        *["❤\ufe0f", "क्\u200dष", "۝١", "ᠮᠣᠩ\u180b", "\ue0b0 \uf418", "one\ntwo\tthree", "\u2800⠓"],
    ],
)
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert sanitize(text) == text


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
        ("a\U000e0100\U000e01ef", "a\\u{e0100}\\u{e01ef}"),
        ("a\u034fb\u17b4", "a\\u{34f}b\\u{17b4}"),
        ("\u0378\ufdd0\U0010ffff", "\\u{378}\\u{fdd0}\\u{10ffff}"),
        ("one\ntwo\tthree", "one\u2424two three"),
    ],
)
def test_unsafe_characters_are_made_visible(text: str, shown: str) -> None:
    assert sanitize_line(text) == shown


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert sanitize(sanitize(text)) == sanitize(text)


@given(st.text(), st.integers(0, 9))
def test_a_character_is_sanitized_the_same_in_any_context(text: str, at: int) -> None:
    assert sanitize(f"{text[:at]}\n{text[at:]}\x1b") == f"{sanitize(text[:at])}\n{sanitize(text[at:])}␛"


@pytest.mark.parametrize(
    ("href", "target"),
    [
        *((href, href) for href in ("https://example.org/a?b=c#d", "mailto:a@example.org", "HTTP://Example.org")),
        ("https://ru.wikipedia.org/wiki/Я", "https://ru.wikipedia.org/wiki/%D0%AF"),
        ("https://пример.рф/ż b?ą#я", "https://xn--e1afmkfd.xn--p1ai/%C5%BC%20b?%C4%85#%D1%8F"),
        ("https://example.org/%D0%AF", "https://example.org/%D0%AF"),
        ("https://[2001:db8::1]:80/", "https://[2001:db8::1]:80/"),
        ("mailto:ż@example.org", "mailto:%C5%BC@example.org"),
        ("https://example.org/" + "a" * 2063, "https://example.org/" + "a" * 2063),
    ],
)
def test_targets_on_the_web_and_mail_become_links(href: str, target: str) -> None:
    assert safe_target(href) == target


@pytest.mark.parametrize(
    "href",
    [
        *("javascript:alert(1)", "file:///etc/passwd", "ssh://-oProxyCommand=x", "/mba", "a.md", "//example.org"),
        *("https://user@example.org", "https://bank.example\\@evil.example", "https:example.org", "mailto:"),
        *("https://example.org/\x1b]8;;", "https://example.org/\u202e", "https://example.org/\ud800", "https://a b/"),
        *("https:///nothing", "https://[", "https://example.org/" + "a" * 2064, "https://example.org/" + "я" * 400),
    ],
)
def test_other_targets_do_not(href: str) -> None:
    assert safe_target(href) == ""


@pytest.mark.slow
@given(st.one_of(st.text(), st.builds("{}{}{}".format, st.sampled_from(SCHEMES), st.text(), st.text("/?#@:[]a."))))
def test_a_target_is_ascii_or_empty(href: str) -> None:
    target = safe_target(href)
    assert not target or re.fullmatch(r"(?i:https?://[^@/]+(?:[/?#].*)?|mailto:.+)", target)
    assert not target or re.fullmatch(r"[!-~]{1,2083}", target)


@pytest.mark.parametrize(
    ("label", "href", "target"),
    [
        ("our bank", "https://evil.example/x", "https://evil.example/x"),
        ("README.md", "https://example.org/README.md", "https://example.org/README.md"),
        ("https://www.bank.example/", "https://bank.example:80/x", "https://bank.example:80/x"),
        ("HTTPS://пример.рф", "https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/"),
        ("me@bank.example", "mailto:me@bank.example?subject=x", "mailto:me@bank.example?subject=x"),
        ("https://bank.example", "https://evil.example/", ""),
        ("https://bank.example", "https://bank.example.evil.example/", ""),
        ("www.bank.example", "https://evil.example/?www.bank.example", ""),
        ("https://bаnk.example", "https://bank.example/", ""),  # a Cyrillic letter
        ("https://bank.example@evil.example", "https://bank.example/", ""),
        ("me@bank.example", "mailto:me@evil.example", ""),
    ],
)
def test_a_label_that_is_an_address_links_to_that_host_or_is_no_link(label: str, href: str, target: str) -> None:
    spans = [Span(label[:9], (), href), Span(label[9:], ("strong",), href)]
    for run in to_fragments(spans, TextStyle(80, "en")):
        assert run.href == target or not run.text


def test_the_target_of_a_link_is_written_once() -> None:
    href = "https://example.org/"
    spans = [Span("one ", (), href), Span("two", ("strong",), href), Span(" three")]
    assert plain_text(to_fragments(spans, TextStyle(80, "en", show_urls=True))) == f"one two ({href}) three"


@pytest.mark.slow
@pytest.mark.parametrize("step", [6, *slow(1)])
def test_the_hostile_corpus_is_shown_safely_and_whole(relmgr: Relmgr, step: int) -> None:
    corpus = shared("hostile", "corpus")
    sys.path.insert(0, str(corpus.parent))
    from termcheck import check  # type: ignore[import-not-found]

    sys.path.pop(0)
    with (corpus / "EXPECT.tsv").open(encoding="utf-8") as table:
        rows = list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) > 100
    for color in ("always", "never"):
        for name, _, expected in rows[::step]:
            result = relmgr("show", corpus / name, "--color", color)
            assert result.code in (0, 1), name
            assert check(result.out.encode(), plain=color == "never") == [], name
            assert check(result.err.encode(), plain=True) == [], name
            assert "NEEDLE" in result.out or "needle" not in expected, name


@pytest.mark.slow
def test_names_of_files_cannot_act_either(relmgr: Relmgr, tmp_path: Path) -> None:
    (tmp_path / "a\x1b]0;x\x07b\n.md").write_text("---\ntitle: a: b\n---\n")
    (tmp_path / b"\xff\xfe.md".decode("utf-8", "surrogateescape")).write_text("# \x1b[31m\n")
    for arguments in (["list"], ["list", "--json"], ["index"], ["show", "x\x1b[31m"], ["-C", "/no\x1b[2J", "list"]):
        result = relmgr("-C", tmp_path, *arguments)
        assert not set(result.out + result.err) & set("\x1b\x07")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "- " * 60 + "deep",
        *slow("[" * 50_000, "> " * 60 + "deep", "*a **a " * 20_000, "`" * 60_000, "|a" * 20_000 + "\n|-" * 20_000),
    ],
    ids=["lists", "brackets", "quotes", "emphasis", "backticks", "table"],
)
def test_pathological_text_is_shown(text: str, tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    path.write_text(text)
    command = [sys.executable, "-m", "relmgr_cli", "show", str(path)]
    result = subprocess.run(command, capture_output=True, check=False)
    assert result.returncode == 0
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("tab_stops", [False, True])
@pytest.mark.parametrize("text", ["a\tb\u202e\n\tc\r\td\x80", "", "\t", "\u202e\u202e", "plain", "a\x80" * 6000])
def test_the_pieces_of_a_text_are_the_cleaned_text_and_each_has_its_offset(text: str, tab_stops: bool) -> None:
    pieces = clean_pieces(text, tab_stops=tab_stops)
    expanded = text.expandtabs(4) if tab_stops else text.replace("\t", "    ")
    assert "".join(piece for piece, _ in pieces) == sanitize(expanded)
    assert all(piece == sanitize(text[at : at + len(piece)]) for piece, at in pieces if at >= 0)
    assert len(pieces) <= 10_000
