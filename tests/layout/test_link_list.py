"""The list of links says of each what kind it is, what it is called and where it leads."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import screen
from rich.cells import cell_len

from relmgr_cli.corpus.links.result import LinkStatus, Resolved
from relmgr_cli.layout.ansi import to_ansi
from relmgr_cli.layout.json_output import dump
from relmgr_cli.layout.line import Fragment
from relmgr_cli.layout.links import broken_links, link_list, links_payload, located_links
from relmgr_cli.store.links import DocumentLinks, ResolvedLink

OUTSIDE = Resolved(LinkStatus.EXTERNAL, None, None, None, "")
ROWS = (
    ResolvedLink(
        "Relacje",
        "relacje.md",
        3,
        Resolved(LinkStatus.INTERNAL, 12, "pl", None, ""),
        "Zarządzanie relacjami z klientami",
    ),
    ResolvedLink("niżej", "#rodzaje", 5, Resolved(LinkStatus.INTERNAL, 1, "pl", "3.1", ""), "Menedżer relacji"),
    ResolvedLink("praca", "/praca#x", 8, Resolved(LinkStatus.INTERNAL, 4, "pl", None, "anchor-missing"), "Praca"),
    ResolvedLink(
        "narzędzia",
        "/n/#b",
        8,
        Resolved(LinkStatus.UNTRANSLATED, 7, "ru", "2", "untranslated-target"),
        "Инструменты",
        "instrumenty",
    ),
    ResolvedLink(
        "English",
        "README.md",
        9,
        Resolved(LinkStatus.INTERNAL, 1, "en", None, "translation-link"),
        "Relationship manager",
    ),
    ResolvedLink("brak", "/docs/brak.md", 14, Resolved(LinkStatus.BROKEN, None, None, None, "file-missing"), ""),
    ResolvedLink("https://example.com/a", "https://example.com/a", 20, OUTSIDE, ""),
    ResolvedLink("logo\nfirmy", "images/logo.png", 22, OUTSIDE, ""),
)


def shown(rows: tuple[ResolvedLink, ...], width: int, **changes: object) -> str:
    target = screen(width, **changes)
    return to_ansi(link_list(located(rows), target), target)


def test_on_a_wide_screen_the_links_are_a_table() -> None:
    assert shown(ROWS, 80) == (
        "docs/x.md\n"
        " 3  article       Relacje     12 Zarządzanie relacjami z klientami\n"
        " 5  section       niżej       1 Menedżer relacji › 3.1\n"
        " 8  article       praca       4 Praca (no such section)\n"
        " 8  only Russian  narzędzia   7 Инструменты › 2\n"
        " 9  translation   English     1 Relationship manager\n"
        "14  broken        brak        /docs/brak.md (no such file)\n"
        "20  external                  https://example.com/a\n"
        "22  external      logo firmy  images/logo.png\n"
    )


def test_on_a_narrow_screen_the_text_is_above_the_destination() -> None:
    assert shown(ROWS, 40) == (
        "docs/x.md\n"
        " 3  Relacje\n"
        "      article  12 Zarządzanie relacjami\n"
        "      z klientami\n"
        " 5  niżej\n"
        "      section  1 Menedżer relacji › 3.1\n"
        " 8  praca\n"
        "      article  4 Praca (no such section)\n"
        " 8  narzędzia\n"
        "      only Russian  7 Инструменты › 2\n"
        " 9  English\n"
        "      translation  1 Relationship\n"
        "      manager\n"
        "14  brak\n"
        "      broken  /docs/brak.md (no such\n"
        "      file)\n"
        "20    external  https://example.com/a\n"
        "22  logo firmy\n"
        "      external  images/logo.png\n"
    )


def located(rows: tuple[ResolvedLink, ...]) -> DocumentLinks:
    return DocumentLinks("menedzer-relacji", "pl", os.getcwd(), "docs/x.md", rows)


def test_links_with_their_location_are_one_a_line_however_long() -> None:
    wide = ROWS[5]._replace(text="brak " * 100, line=99)
    assert to_ansi(located_links([located((*ROWS, wide))]), screen(40)) == (
        "docs/x.md:3: article: Relacje -> 12 Zarządzanie relacjami z klientami\n"
        "docs/x.md:5: section: niżej -> 1 Menedżer relacji, section 3.1\n"
        "docs/x.md:8: article: praca -> 4 Praca (no such section)\n"
        "docs/x.md:8: only Russian: narzędzia -> 7 Инструменты, section 2\n"
        "docs/x.md:9: translation: English -> 1 Relationship manager\n"
        "docs/x.md:14: broken: brak -> /docs/brak.md (no such file)\n"
        "docs/x.md:20: external: https://example.com/a\n"
        "docs/x.md:22: external: logo firmy -> images/logo.png\n"
        f"docs/x.md:99: broken: {' '.join(['brak'] * 100)} -> /docs/brak.md (no such file)\n"
    )


def test_broken_links_are_shown_as_written_with_the_reason() -> None:
    assert to_ansi(broken_links([located((ROWS[5], ROWS[2]))]), screen(40)) == (
        "docs/x.md:14: brak -> /docs/brak.md (no such file)\ndocs/x.md:8: praca -> /praca#x (no such section)\n"
    )


def test_a_long_text_goes_on_below_in_its_column() -> None:
    row = ROWS[0]._replace(text="Zarządzanie relacjami z klientami i z partnerami firmy", title="Relacje")
    assert shown((row,), 62) == (
        "docs/x.md\n"
        "3  article  Zarządzanie          12 Relacje\n"
        "            relacjami z\n"
        "            klientami i z\n"
        "            partnerami firmy\n"
    )


def test_no_links_are_no_lines() -> None:
    for width in (40, 80):
        assert shown((), width) == ""


@pytest.mark.parametrize(
    ("href", "target"),
    [("https://example.com/a", "https://example.com/a"), ("javascript:alert(1)", ""), ("images/logo.png", "")],
)
def test_only_a_safe_target_may_be_opened(href: str, target: str) -> None:
    _, line = link_list(located((ResolvedLink("a", href, 1, OUTSIDE, ""),)), screen(80))
    assert line[-1] == Fragment(href, "link" if target else "", target)


def test_broken_links_have_their_own_style() -> None:
    broken, missing = (list(link_list(located((row,)), screen(80)))[1] for row in (ROWS[5], ROWS[2]))
    assert broken[2] == Fragment("broken", "warning")
    assert missing[-1] == Fragment(" (no such section)", "warning")


ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("aя世 \u00a0\x1b\u202e\n\t")), max_size=60)
ANY_ROW = st.builds(
    ResolvedLink,
    text=ANY_TEXT,
    href=ANY_TEXT,
    line=st.integers(1, 9999),
    resolved=st.sampled_from([row.resolved for row in ROWS]),
    title=ANY_TEXT,
)


def test_a_text_that_is_the_target_is_shown_once() -> None:
    assert to_ansi(broken_links([located((ROWS[2]._replace(text=ROWS[2].href),))]), screen(80)) == (
        "docs/x.md:8: /praca#x (no such section)\n"
    )


@given(rows=st.lists(ANY_ROW, max_size=4), width=st.sampled_from([20, 40, 60, 80, 200]))
def test_no_line_is_too_wide_and_no_control_gets_through(rows: list[ResolvedLink], width: int) -> None:
    text = shown(tuple(rows), width)
    assert all(cell_len(line) <= min(width, 120) for line in text.split("\n"))
    assert not any(character in text for character in "\x1b\u202e\t\x9b")
    letters = "".join(text.split())
    for row in rows:
        if row.text.isalnum() and row.text.isascii():
            assert row.text in letters or width < 200
    for lines in (located_links([located(tuple(rows))]), broken_links([located(tuple(rows))])):
        text = to_ansi(lines, screen(width))
        assert text.count("\n") == len(rows)
        assert not any(character in text for character in "\x1b\u202e\t\x9b")


def test_the_answer_keeps_its_keys() -> None:
    answer = json.loads(dump(links_payload([located(ROWS[3:4])])))
    assert answer == {
        "version": 1,
        "links": [
            {
                "article": "menedzer-relacji",
                "lang": "pl",
                "root": os.getcwd(),
                "path": "docs/x.md",
                "line": 8,
                "text": "narzędzia",
                "href": "/n/#b",
                "leads": "untranslated",
                "kind": "other language only",
                "target": "instrumenty",
                "target_lang": "ru",
                "section": "2",
                "note": "untranslated-target",
                "title": "Инструменты",
            }
        ],
    }
