"""The reader without a screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Relmgr
from pilot import library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The lines that somebody types, then the end of the input; what they were asked for is written too."""
    lines: list[str] = []

    def ask(prompt: str) -> str:
        print(prompt, end="")  # noqa: T201 (as `input` does)
        if not lines:
            raise EOFError
        return lines.pop(0)

    monkeypatch.setattr("relmgr_cli.reader.line_reader.run.__defaults__", (ask,))
    yield lines
    assert not lines


def test_enter_shows_the_next_section(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["", "", "", "b", "q"]
    result = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain")
    assert result.code == 0
    assert result.out.startswith(
        "Rowery w mieście (language: pl; also: ru); Enter: next section, ?: help\n\nKrótki opis"
    )
    parts = result.out.split("> ")
    assert parts[1].startswith("heading 2: 1 Zanim wyjedziesz\n\nSprawdź hamulce")
    assert parts[2].startswith("heading 2: 2 Na ulicy")
    assert parts[3].startswith("heading 3: 2.1 Skrzyżowania")
    assert parts[4].startswith("heading 2: 2 Na ulicy")
    assert "\x1b" not in result.out


def test_languages_one_by_one_and_together(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["2.1", "l", "i", "i"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    assert "> ru\nheading 3: 2.1 Перекрёстки\n\nНа перекрёстке сбавьте" in out
    assert "> ru: heading 3: 2.1 Перекрёстки\npl: heading 3: 2.1 Skrzyżowania\n" in out
    assert out.endswith("не видят велосипедистов.\n2.1> ")


def test_jumping_finding_and_listing(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += [":najważ", "/hamulce", "/xyzzy", "nowhere", "o", "h", "?", "", "q"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    assert "heading 2: 3 Najważniejsze\n\nitem: Sprawdź hamulce.\n" in out
    found = out.partition("3> ")[2].partition("3> ")[0].splitlines()
    assert [line[:20] for line in found] == [
        "1 Zanim wyjedziesz",
        "pl: Sprawdź hamulce ",
        "3 Najważniejsze",
        "pl: Sprawdź hamulce.",
        "2 sections; :NUMBER ",
    ]
    assert found[1].endswith(" w oponach, zanim wyjedziesz z domu na ulicę.")
    assert "no matches\n" in out
    assert "no section 'nowhere'" in out
    assert "2 Na ulicy\n2.1 Skrzyżowania\n" in out
    assert "- Zwolnij na skrzyżowaniu.\n" in out
    assert "q      quit" in out
    assert "end of the article\n" in out


def test_both_readers_share_the_position(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["2.1"]
    relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain")
    out = relmgr("-C", folder, "read", "--plain").out
    assert "help\n\nheading 3: 2.1 Skrzyżowania" in out


def test_a_missing_section_is_reported(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    path = folder / "rowery.pl.md"
    head, _, _ = path.read_text().partition("### Skrzyżowania")
    path.write_text(head)
    typed += ["2.1", "h"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    assert "> 2.1 is not in pl\n" in out
    assert out.endswith("no key points\n2.1> ")


def test_without_an_article_it_says_which_there_are(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    result = relmgr("-C", folder, "read", "--plain")
    assert (result.code, typed) == (2, [])
    assert result.err.startswith("relmgr: which article? 1 rowery (")
    assert "), 2 trasy (" in result.err


def test_several_languages_are_read_together_from_the_start(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["2.1", "i", "q"]
    out = relmgr("-C", folder, "read", "rowery#1", "-L", "ru,pl", "--plain").out
    assert "(language: ru, pl); Enter" in out
    assert "> ru: heading 3: 2.1 Перекрёстки\npl: heading 3: 2.1 Skrzyżowania\n" in out
    assert "2.1> heading 3: 2.1 Перекрёстки\n" in out


def test_a_section_can_be_bookmarked(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += [":2.1", "m", ":1", "m", "m", "q"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    assert "2.1> bookmarked: 2.1 Skrzyżowania\n" in out
    assert "1> bookmark removed: 1 Zanim wyjedziesz\n" in out
    assert [line.split()[1] for line in relmgr("-C", folder, "bookmarks").out.splitlines()] == ["rowery#2.1"]


def test_a_file_without_text_has_nothing_to_bookmark(relmgr: Relmgr, tmp_path: Path, typed: list[str]) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Only this\n---\n")
    typed += ["m", "q"]
    result = relmgr("-C", tmp_path, "read", "--plain")
    assert result.code == 0
    assert "0> nothing to bookmark\n" in result.out


def test_the_text_before_the_first_heading_is_named_and_links_are_spelt_out(
    relmgr: Relmgr, folder: Path, typed: list[str]
) -> None:
    typed += ["o", "1", "q"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    assert "mapę tras (link to Trasy rowerowe) i stronę (https://example.org/a)." in out
    assert "0> 0 (before the first heading)\n1 Zanim" in out


def test_links_are_listed_followed_and_left_again(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["1", "f", "f1", "l", "f", "r", "r", "f2", "f 3", "l", "f1", "q"]
    out = relmgr("-C", folder, "--lang", "pl", "read", "rowery", "--plain").out
    listed = "1 article: mapę tras -> 2 Trasy rowerowe, section 2\n2 external: stronę -> https://example.org/a\n"
    assert f"1> {listed}1> Trasy rowerowe (language: pl)" in out
    assert "\n\nheading 2: 2 Długa\n" in out
    assert "2> no links in this section\n2> Rowery w mieście (language: pl" in out
    assert "1> nothing to go back to\n1> outside the library: https://example.org/a\n1> no link 3 in" in out
    assert "1> broken link: trasy.ru.md\n" in out
    assert relmgr("-C", folder, "read", "--plain").out.startswith("Велосипеды")  # the article read last


def test_a_link_is_followed_while_languages_are_read_together(relmgr: Relmgr, folder: Path, typed: list[str]) -> None:
    typed += ["1", "f1", "r", "q"]
    out = relmgr("-C", folder, "read", "rowery", "-L", "pl,ru", "--plain").out
    assert "> Trasy rowerowe (language: pl); Enter" in out
    assert "\n\nheading 2: 2 Długa\n" in out
    assert out.count("pl: heading 2: 1 Zanim wyjedziesz\nru: ") == 2
