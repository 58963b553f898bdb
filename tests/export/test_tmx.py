from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.export_units import HOSTILE_TEXTS, article, request, unit

from relmgr_cli.export import tmx
from relmgr_cli.export.units import ExportArticle, Request, Tally
from relmgr_cli.terminal.sanitize import sanitize

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(
    *articles: ExportArticle, languages: Sequence[str] = ("en", "pl"), asked: Request | None = None
) -> tuple[ET.Element, Tally]:
    tally = Tally()
    (file,) = tmx.files(articles, asked or request(*languages), tally)
    return ET.fromstring(str(file.content)), tally  # noqa: S314 (no entities)


def texts(memory: ET.Element) -> list[dict[str, str]]:
    return [
        {each.attrib[LANGUAGE]: each.findtext("seg") or "" for each in unit.iter("tuv")} for unit in memory.iter("tu")
    ]


def test_a_unit_has_its_texts_with_section_kind_and_places() -> None:
    memory, tally = read(article(unit("2", "heading", line=7, en="Price", pl="Cena"), name="docs/a"))
    (found,) = memory.iter("tu")
    assert texts(memory) == [{"en": "Price", "pl": "Cena"}]
    assert found.attrib == {"tuid": "docs/a#2:1"}
    assert [(each.attrib["type"], each.text) for each in found.iter("prop")] == [
        ("x-section", "docs/a#2"),
        ("x-kind", "heading"),
        ("x-source", "en/a.md:7"),
        ("x-source", "pl/a.md:7"),
    ]
    assert tally.written == 1


@pytest.mark.parametrize(("by_sentence", "kind"), [(False, "paragraph"), (True, "sentence")])
def test_the_header_says_what_the_units_are(by_sentence: bool, kind: str) -> None:
    memory, _ = read(asked=request("en", "pl")._replace(by_sentence=by_sentence))
    header = memory[0]
    required = ["creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"]
    assert all(header.attrib[name] for name in required)
    assert (header.attrib["segtype"], header.attrib["srclang"]) == (kind, "en")
    assert header.attrib["creationdate"] == "20260131T093000Z"
    assert [child.tag for child in memory] == ["header", "body"]


def test_a_text_has_the_date_of_its_last_change_where_that_is_known() -> None:
    each = unit("1", en="Price", pl="Cena")
    segments = {**each.segments, "en": each.segments["en"]._replace(changed="2025-02-03T04:05:06Z")}
    memory, _ = read(article(each._replace(segments=segments)))
    assert [found.attrib.get("changedate") for found in memory.iter("tuv")] == ["20250203T040506Z", None]


def test_what_is_in_doubt_or_alone_is_left_out_and_counted() -> None:
    units = [
        unit("1", en="Price", pl="Cena", doubtful=["pl"]),
        unit("1", en="Cost"),
        unit("1", en="Tax", pl="Podatek", ru="Налог", doubtful=["ru"]),
        unit("1", en="Fee", pl="Opłata"),
        unit("1", pl="Rabat", ru="Скидка"),
    ]
    memory, tally = read(article(*units), languages=("en", "pl", "ru"))
    assert texts(memory) == [
        {"en": "Tax", "pl": "Podatek"},
        {"en": "Fee", "pl": "Opłata"},
        {"pl": "Rabat", "ru": "Скидка"},
    ]
    assert [found.attrib.get("srclang") for found in memory.iter("tu")] == [None, None, "pl"]
    assert (tally.written, tally.left_out, tally.untranslated) == (3, 2, 3)


def test_hostile_texts_and_names_are_only_text() -> None:
    units = [unit("1", en=text, pl=other) for text in HOSTILE_TEXTS for other in HOSTILE_TEXTS[:2]]
    memory, _ = read(article(*units, name="<a> \"b\" & '../c'\n\x1b"))
    assert texts(memory) == [{tag: each.text for tag, each in found.segments.items()} for found in units]
    assert {each.tag for each in memory.iter()} == {"tmx", "header", "body", "tu", "tuv", "prop", "seg"}


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_any_sanitized_text_is_read_back(one: str, other: str, name: str) -> None:
    memory, _ = read(article(unit("1", en=sanitize(one), pl=sanitize(other)), name=name))
    assert texts(memory) == [{"en": sanitize(one), "pl": sanitize(other)}]
