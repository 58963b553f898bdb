import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from support.export_units import HOSTILE_TEXTS, article, request, unit

from relmgr_cli.export import xliff
from relmgr_cli.export.units import ExportArticle, Tally
from relmgr_cli.terminal.sanitize import sanitize

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def read(*articles: ExportArticle, languages: Sequence[str] = ("en", "pl")) -> tuple[dict[str, ET.Element], Tally]:
    """Return the root of each file by its name; elements without their namespace, which is checked."""
    tally = Tally()
    roots = {}
    for file in xliff.files(articles, request(*languages), tally):
        root = ET.fromstring(str(file.content))  # noqa: S314 (no entities)
        for element in root.iter():
            namespace, _, element.tag = element.tag.rpartition("}")
            assert namespace == "{urn:oasis:names:tc:xliff:document:2.0"
        roots[file.name] = root
    return roots, tally


def texts(root: ET.Element) -> list[tuple[str | None, str | None]]:
    return [(each.findtext("source"), each.findtext("target")) for each in root.iter("segment")]


def test_a_document_is_a_file_with_a_unit_for_each_unit() -> None:
    (root,) = read(article(unit("2", "heading", line=7, en="Price", pl="Cena"), unit("2", en="Cost"), name="docs/a"))[
        0
    ].values()
    assert root.attrib == {"version": "2.1", "srcLang": "en", "trgLang": "pl"}
    (file,) = root
    assert file.attrib == {"id": "f1", "original": "en/a.md", SPACE: "preserve"}
    assert [found.attrib for found in file] == [{"id": "u1", "name": "docs/a#2:1"}, {"id": "u2", "name": "docs/a#2:2"}]
    assert [(note.attrib["category"], note.text) for note in file[0].iter("note")] == [
        ("kind", "heading"),
        ("source", "en/a.md:7"),
        ("target", "pl/a.md:7"),
    ]
    assert texts(root) == [("Price", "Cena"), ("Cost", None)]


def test_the_state_says_what_is_translated_and_what_is_in_doubt() -> None:
    units = [unit("1", en="Price", pl="Cena"), unit("1", en="Cost"), unit("1", en="Tax", pl="Podatek", doubtful=["pl"])]
    roots, tally = read(article(*units))
    assert [found.attrib for found in roots["pl.xlf"].iter("segment")] == [
        {"state": "translated"},
        {},
        {"state": "initial", "subState": "relmgr:doubtful"},
    ]
    assert (tally.written, tally.untranslated, tally.doubtful) == (3, 1, 1)


def test_each_language_has_a_file_and_texts_without_a_source_are_counted() -> None:
    units = [unit("1", en="Price", pl="Cena", ru="Цена"), unit("1", pl="Rabat")]
    roots, tally = read(article(*units), article(unit("1", pl="Sam")), languages=("en", "pl", "ru"))
    assert {name: texts(root) for name, root in roots.items()} == {
        "pl.xlf": [("Price", "Cena")],
        "ru.xlf": [("Price", "Цена")],
    }
    assert (tally.written, tally.sourceless) == (1, 2)


def test_ids_are_unique_tokens_whatever_the_article_is_called() -> None:
    articles = [article(unit("1", en="x"), unit("1", en="y"), name=name) for name in ("a b", "../c", "<d>\x1b\n")]
    (root,) = read(*articles)[0].values()
    ids = [file.attrib["id"] for file in root]
    assert len({*ids}) == len(ids)
    for file in root:
        found = [each.attrib["id"] for each in file]
        assert len({*found}) == len(found)
        assert all(re.fullmatch(r"\w+", name) for name in (*ids, *found))


def test_hostile_texts_are_only_text_with_their_white_space() -> None:
    units = [unit("1", en=text, pl=other) for text in HOSTILE_TEXTS for other in HOSTILE_TEXTS[:2]]
    (root,) = read(article(*units, name="<a> \"b\" & '../c'\n\x1b"))[0].values()
    assert texts(root) == [(found.segments["en"].text, found.segments["pl"].text) for found in units]
    known = {"xliff", "file", "unit", "notes", "note", "segment", "source", "target"}
    assert {element.tag for element in root.iter()} == known


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_any_sanitized_text_is_read_back_from_a_segment(one: str, other: str, name: str) -> None:
    (root,) = read(article(unit("1", en=sanitize(one), pl=sanitize(other)), name=name))[0].values()
    assert texts(root) == [(sanitize(one), sanitize(other))]
