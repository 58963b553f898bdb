"""Text that one translation lacks shows as a gap; section numbers are the same in all languages."""

import json
import re
from pathlib import Path

import pytest
from conftest import Relmgr

POLISH = """# Chleb w domu

## Mąka i woda

Do miski wsyp mąkę i wlej wodę, a potem wymieszaj je łyżką przez pięć minut.

## Drożdże

Drożdże rozpuść w ciepłym mleku z cukrem i odstaw je na kwadrans, aż urosną.

## Pieczenie

Piecz chleb w gorącym piekarniku przez czterdzieści minut, aż skórka będzie rumiana.
"""
RUSSIAN = """# Хлеб дома

## Мука и вода

В миску насыпьте муку и влейте воду, а потом смешайте их ложкой в течение пяти минут.

## Выпечка

Выпекайте хлеб в горячей духовке сорок минут, пока корочка не станет румяной.
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for language, text in (("pl", POLISH), ("ru", RUSSIAN)):
        (tmp_path / f"bread.{language}.md").write_text(text, encoding="utf-8")
    return tmp_path


def numbers(page: str) -> list[str]:
    return re.findall(r"^([1-9][.\d]*)  ", page, re.MULTILINE)


def test_a_section_that_a_translation_lacks_keeps_its_number_and_is_shown_as_missing(
    relmgr: Relmgr, library: Path
) -> None:
    relmgr("-C", library, "index")
    polish, russian = (relmgr("-C", library, "show", "-L", language).out for language in ("pl", "ru"))
    assert numbers(polish) == numbers(russian) == ["1", "2", "3"]
    assert "2  — Drożdże (pl)\n" in russian
    assert "3  Выпечка\n" in russian
    outline = relmgr("-C", library, "sections", "-L", "ru", "--plain").out
    assert "2 — (missing)\n2 pl: Drożdże\n" in outline


def test_the_rows_of_a_missing_section_are_empty_in_that_language(relmgr: Relmgr, library: Path) -> None:
    relmgr("-C", library, "index")
    rows = json.loads(relmgr("-C", library, "show", "-L", "pl,ru", "--json").out)["rows"]
    assert [row["kind"] for row in rows] == ["heading", "paragraph"] * 3
    for row in rows:
        assert len(row["pl"]) == 1
        assert len(row["ru"]) == (0 if row["section"] == "2" else 1)
    one = json.loads(relmgr("-C", library, "show", "-L", "ru", "--json").out)["rows"]
    assert [row["section"] for row in one] == ["1", "1", "3", "3"]


def test_an_outline_compares_with_one_language_throughout(relmgr: Relmgr, library: Path) -> None:
    relmgr("-C", library, "index")
    (library / "bread.en.md").write_text(
        "# Bread at home\n\n## Flour and water\n\nPut the flour into a bowl, add the water and stir it for a while.\n",
        encoding="utf-8",
    )
    outline = relmgr("-C", library, "sections", "-L", "pl", "--width", "110").out
    assert re.search(r"Mąka i woda +Flour and water", outline)
    assert re.search(r"Pieczenie +—", outline)


def test_a_language_that_nobody_knows_is_not_missing_everywhere(relmgr: Relmgr) -> None:
    result = relmgr("list", "--missing", "xx")
    assert (result.code, result.out) == (2, "")
    assert "no language 'xx'" in result.err
