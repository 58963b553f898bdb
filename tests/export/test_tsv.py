import csv
from collections.abc import Sequence
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.export_units import HOSTILE_TEXTS, article, request, unit

from relmgr_cli.export import tsv
from relmgr_cli.export.units import ExportArticle, Segment, Tally
from relmgr_cli.terminal.sanitize import sanitize


def read(*articles: ExportArticle, languages: Sequence[str] = ("en", "pl")) -> tuple[list[list[str]], Tally]:
    tally = Tally()
    (file,) = tsv.files(articles, request(*languages), tally)
    csv.field_size_limit(1_000_000)
    return list(csv.reader(StringIO(str(file.content), newline=""), dialect="excel-tab")), tally


def test_a_unit_is_a_row_with_its_texts_and_its_place() -> None:
    rows, tally = read(article(unit("2", line=7, en="Price", pl="Cena"), unit("2", line=9, pl="Rabat"), name="docs/a"))
    assert rows == [
        ["id", "en", "pl", "path", "line"],
        ["docs/a#2:1", "Price", "Cena", "en/a.md", "7"],
        ["docs/a#2:2", "", "Rabat", "pl/a.md", "9"],
    ]
    assert (tally.written, tally.untranslated) == (2, 1)


def test_a_text_in_doubt_is_left_out() -> None:
    units = [
        unit("1", en="Price", pl="Cena", doubtful=["pl"]),
        unit("1", en="Tax", pl="Podatek", ru="Налог", doubtful=["ru"]),
    ]
    rows, tally = read(article(*units), languages=("en", "pl", "ru"))
    assert [row[1:4] for row in rows[1:]] == [["Tax", "Podatek", ""]]
    assert (tally.written, tally.left_out, tally.untranslated) == (1, 2, 0)


def test_every_column_has_a_name_of_its_own_in_indonesian_too() -> None:
    (header, row), _ = read(article(unit("1", en="Price", id="Harga")), languages=("en", "id"))
    assert header == ["id", "en", "id-ID", "path", "line"]
    assert row[2] == "Harga"


@pytest.mark.parametrize("start", list("=+-@\t\n＝＋－＠"))
def test_no_cell_is_a_formula(start: str) -> None:
    each = unit("1", en=f"{start}1", pl="x")
    segments = {**each.segments, "en": Segment(f"{start}1", f"{start}a.md", 1)}
    rows, _ = read(article(each._replace(segments=segments), name=f"{start}a"))
    assert not [cell for row in rows for cell in row if cell.startswith(start)]
    assert rows[1][1] == f"'{start}1"


def test_hostile_texts_stay_in_their_cells() -> None:
    units = [unit("1", en=text, pl=text) for text in HOSTILE_TEXTS]
    rows, _ = read(article(*units, name="a\tb\n\x1b"))
    assert {len(row) for row in rows} == {5}
    assert [row[1].removeprefix("'") for row in rows[1:]] == list(HOSTILE_TEXTS)


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_sanitized_text_is_read_back_from_its_cell(one: str, other: str) -> None:
    rows, _ = read(article(unit("1", en=sanitize(one), pl=sanitize(other))))
    assert rows[1][1:3] == [tsv.safe_cell(sanitize(one)), tsv.safe_cell(sanitize(other))]
