from collections.abc import Sequence

import pytest
from support.export_units import article, unit

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.export.copies import without_copies
from relmgr_cli.export.units import ExportArticle, ExportUnit

LONG = "The price of a thing is what you give up in order to get it."
NAMES = (
    "`one two three four five six seven eight` and [React](https://example.org/a/b/c/d/e/f/g/h) https://a.b/c/d/e/f/g/h"
)


def translated(units: Sequence[ExportUnit], untranslated: Sequence[str] = ()) -> list[list[str]]:
    """Return the languages of each unit that is left; the files of some languages are copies."""
    documents = {
        tag: Document("/", f"{tag}/a.md", tag, None, "", "", (), 0, (), ()) for tag in ("en", "en-GB", "pl", "ru")
    }
    export = ExportArticle(Article("a", documents, (), (), None, "layout", "en"), tuple(units))
    (found,) = without_copies([export], {("/", f"{tag}/a.md") for tag in untranslated})
    return [list(each.segments) for each in found.units]


def test_a_long_text_that_is_equal_to_the_source_is_no_translation() -> None:
    assert translated([unit("1", en=LONG, pl=LONG, ru="Цена вещи."), unit("1", en=LONG, pl="Cena.")]) == [
        ["en", "ru"],
        ["en", "pl"],
    ]


@pytest.mark.parametrize("kind", ["code", "math"])
def test_code_is_equal_in_all_languages(kind: str) -> None:
    assert translated([unit("1", kind, en=LONG, pl=LONG)]) == [["en", "pl"]]


@pytest.mark.parametrize("text", ["Node.js", "Open Source Initiative", NAMES])
def test_names_code_and_links_are_equal_too(text: str) -> None:
    assert translated([unit("1", en=text, pl=text)]) == [["en", "pl"]]


def test_varieties_of_a_language_have_equal_texts() -> None:
    each = unit("1", en=LONG)
    segments = {**each.segments, "en-GB": each.segments["en"]}
    assert translated([each._replace(segments=segments)]) == [["en", "en-GB"]]


def test_texts_that_are_equal_in_two_translations_are_translations() -> None:
    assert translated([unit("1", en="x", pl=LONG, ru=LONG), unit("1", pl=LONG, ru=LONG)]) == [
        ["en", "pl", "ru"],
        ["pl", "ru"],
    ]


def test_a_file_that_is_a_copy_has_no_translations() -> None:
    units = [
        unit("1", en="Price", pl="Price"),
        unit("1", en="x", pl="y", ru="z", doubtful=["pl"]),
        unit("1", pl="alone"),
    ]
    assert translated(units, ["pl"]) == [["en"], ["en", "ru"]]


def test_a_text_that_is_left_out_is_in_no_doubt() -> None:
    each = article(unit("1", en=LONG, pl=LONG, ru="Цена", doubtful=["pl", "ru"]))
    (found,) = without_copies([each], [])
    assert found.units[0].doubtful == {"ru"}
