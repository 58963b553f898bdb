import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.export_units import HOSTILE_TEXTS, article, request, unit
from support.work import growth

from relmgr_cli.export import po
from relmgr_cli.export.units import ExportArticle, Segment, Tally
from relmgr_cli.terminal.sanitize import sanitize


def read(*articles: ExportArticle, languages: Sequence[str] = ("en", "pl")) -> tuple[polib.POFile, Tally]:
    tally = Tally()
    (file,) = po.files(articles, request(*languages), tally)
    assert isinstance(file.content, str)
    return polib.pofile(file.content), tally


def texts(catalog: polib.POFile) -> list[tuple[str, str, str]]:
    return [(str(entry.msgctxt), entry.msgid, entry.msgstr) for entry in catalog]


def test_a_unit_is_an_entry_with_its_section_and_its_place() -> None:
    catalog, _ = read(article(unit("2.1", "heading", line=7, en="Price", pl="Cena"), name="docs/a"))
    (entry,) = catalog
    assert (entry.msgctxt, entry.msgid, entry.msgstr) == ("docs/a#2.1", "Price", "Cena")
    assert (entry.occurrences, entry.comment, entry.flags) == ([("en/a.md", "7")], "heading", [])


def test_the_header_says_what_gettext_asks_for() -> None:
    catalog, _ = read(article(unit("1", en="Price")), languages=("en", "pt-BR"))
    assert catalog.metadata["Language"] == "pt_BR"
    assert catalog.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    assert catalog.metadata["PO-Revision-Date"] == "2026-01-31 09:30+0000"
    assert catalog.metadata["X-Generator"].startswith("relmgr ")
    assert "Plural-Forms" not in catalog.metadata


def test_a_unit_without_a_translation_has_none_and_is_counted() -> None:
    catalog, tally = read(article(unit("1", en="Price"), unit("1", en="Cost", pl="Koszt")))
    assert texts(catalog) == [("a#1", "Price", ""), ("a#1", "Cost", "Koszt")]
    assert (tally.written, tally.untranslated) == (2, 1)


def test_a_doubtful_translation_is_fuzzy_and_counted() -> None:
    catalog, tally = read(article(unit("1", en="Price", pl="Cena", doubtful=["pl"]), unit("1", en="Cost", pl="Koszt")))
    assert [entry.fuzzy for entry in catalog] == [True, False]
    assert tally.doubtful == 1


def test_a_text_that_the_source_lacks_is_left_out_and_counted() -> None:
    catalog, tally = read(article(unit("1", pl="Cena"), unit("1", en="Cost", pl="Koszt")))
    assert texts(catalog) == [("a#1", "Cost", "Koszt")]
    assert (tally.written, tally.sourceless) == (1, 1)


def test_equal_texts_of_a_section_are_one_entry_with_all_places() -> None:
    units = [unit("1", line=line, en="Price", pl="Cena") for line in (3, 5)]
    catalog, tally = read(article(*units, unit("2", en="Price", pl="Cena")))
    assert texts(catalog) == [("a#1", "Price", "Cena"), ("a#2", "Price", "Cena")]
    assert catalog[0].occurrences == [("en/a.md", "3"), ("en/a.md", "5")]
    assert (tally.written, tally.merged) == (3, 1)


def test_equal_texts_with_other_translations_are_kept_apart() -> None:
    units = [unit("1", en="Save", pl=translation) for translation in ("Zapisz", "Oszczędzaj", "Zapisz")]
    catalog, tally = read(article(*units))
    assert texts(catalog) == [("a#1", "Save", "Zapisz"), ("a#1:2", "Save", "Oszczędzaj")]
    assert tally.merged == 1


@pytest.mark.parametrize("order", [1, -1])
def test_an_equal_text_without_a_translation_takes_the_other_one(order: int) -> None:
    catalog, tally = read(article(*[unit("1", en="Save"), unit("1", en="Save", pl="Zapisz")][::order]))
    assert texts(catalog) == [("a#1", "Save", "Zapisz")]
    assert (tally.untranslated, tally.merged) == (1, 1)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("others", [[], ["pl"]])
def test_a_merged_entry_is_fuzzy_only_if_every_place_is_in_doubt(order: int, others: list[str]) -> None:
    units = [unit("1", en="Save", pl="Zapisz", doubtful=["pl"]), unit("1", en="Save", pl="Zapisz", doubtful=others)]
    catalog, _ = read(article(*units[::order]))
    assert [entry.fuzzy for entry in catalog] == [bool(others)]


@pytest.mark.slow
def test_many_translations_of_one_text_take_no_longer_than_as_many_texts() -> None:
    def export(count: int) -> Callable[[], object]:
        units = [unit("1", en="Save", pl=str(number)) for number in range(count)]
        return lambda: list(po.files([article(*units)], request("en", "pl"), Tally()))

    assert growth(export, 500) < 2.5


def test_code_is_not_wrapped_and_may_be_fuzzy_too() -> None:
    catalog, _ = read(article(unit("1", "code", en="x = 1\ny = 2", pl="x = 1", doubtful=["pl"])))
    assert catalog[0].flags == ["fuzzy", "no-wrap"]
    assert catalog[0].comment == "code"


def test_each_language_has_a_file() -> None:
    units = [unit("1", en="Price", pl="Cena", ru="Цена", doubtful=["ru"]), unit("1", en="Cost", pl="Koszt")]
    tally = Tally()
    files = {
        file.name: polib.pofile(str(file.content))
        for file in po.files([article(*units)], request("en", "pl", "ru"), tally)
    }
    assert {name: [entry.msgstr for entry in catalog] for name, catalog in files.items()} == {
        "pl.po": ["Cena", "Koszt"],
        "ru.po": ["Цена", ""],
    }
    assert (tally.written, tally.doubtful, tally.untranslated) == (2, 1, 1)


def test_a_template_has_no_translations() -> None:
    tally = Tally()
    units = [unit("1", en="Price", pl="Cena"), unit("1", en="Price", pl="Koszt"), unit("1", pl="Tylko tu")]
    (file,) = po.template([article(*units)], request("en", "pl"), tally)
    catalog = polib.pofile(str(file.content))
    assert file.name == "messages.pot"
    assert catalog.metadata_is_fuzzy
    assert texts(catalog) == [("a#1", "Price", "")]
    assert (tally.written, tally.merged, tally.sourceless, tally.untranslated) == (2, 1, 1, 0)


@pytest.mark.parametrize("path", ["a b\tc.md", "a\nb.md", "\x1b]0;x\x07.md", "\udcff.md", "../../x.md", "a:1.md"])
def test_a_reference_is_one_word_whatever_the_path(path: str) -> None:
    each = unit("1", en="Price", pl="Cena")
    segments = {**each.segments, "en": Segment("Price", path, 3)}
    catalog, _ = read(article(each._replace(segments=segments)))
    ((shown, line),) = catalog[0].occurrences
    assert line == "3"
    assert not set(shown) & set(" \t\n\x1b\x07\udcff")


@pytest.mark.parametrize("name", ["a\x04b", "a\nb", "\x1b[31m", '"quoted"', "\\"])
def test_an_id_is_a_context_whatever_it_contains(name: str) -> None:
    catalog, _ = read(article(unit("1", en="Price", pl="Cena"), name=name))
    assert str(catalog[0].msgctxt).endswith("#1")
    assert not set(str(catalog[0].msgctxt)) & set("\x04\n\x1b")


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), min_size=1, max_size=4))
def test_any_text_is_read_back_as_it_was(pairs: list[tuple[str, str]]) -> None:
    pairs = [(sanitize(one), sanitize(other)) for one, other in pairs if one.strip("\n")]
    catalog, tally = read(article(*[unit("1", en=one, pl=other) for one, other in pairs]))
    wanted = {(one.strip("\n"), other.strip("\n")) for one, other in pairs}
    found = {(entry.msgid, entry.msgstr) for entry in catalog}
    assert {one for one, _ in wanted} == {one for one, _ in found}
    assert {pair for pair in wanted if pair[1]} <= found
    assert sum(len(entry.occurrences) for entry in catalog) == tally.written == len(pairs)


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs msgfmt, of gettext")
def test_msgfmt_checks_it_without_a_complaint(tmp_path: Path) -> None:
    units = [unit("1", en=text, pl=other) for text in HOSTILE_TEXTS for other in (text, HOSTILE_TEXTS[0], text.strip())]
    (file,) = po.files([article(*units)], request("en", "pl"), Tally())
    (tmp_path / "pl.po").write_text(str(file.content), encoding="utf-8")
    result = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", tmp_path / "pl.po"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
