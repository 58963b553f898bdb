"""Baselines hold findings through edits."""

import json

import pytest
from support.health import check

from relmgr_cli.errors import SettingError
from relmgr_cli.health.baseline import baseline_to_text, entry_of, read_baseline, without_known
from relmgr_cli.health.findings import Finding

SOURCE = "# Bread\n\nIt takes 45 minutes to bake.\n\n## Price\n\nIt costs 78 crowns.\n"
TARGET = "# Chleb\n\nPieczenie trwa 54 minuty.\n\n## Cena\n\nKosztuje 87 koron.\n"


def located(source: str, target: str) -> list[tuple[str, Finding]]:
    return [("bread", finding) for finding in check(source, target)]


def left(source: str, target: str) -> list[int]:
    """Return the lines of the findings that a baseline of the first texts does not hold."""
    text = baseline_to_text(entry_of(*each) for each in located(SOURCE, TARGET))
    known = read_baseline(text, "known.json")
    return [finding.line for _, finding in without_known(located(source, target), known)]


def test_a_baseline_holds_what_it_was_made_of() -> None:
    assert left(SOURCE, TARGET) == []


def test_it_holds_findings_whose_lines_and_sections_have_moved() -> None:
    more = "# Bread\n\nMore.\n\n## New\n\nText.\n\n## Old\n\n"
    assert left(SOURCE.replace("# Bread\n\n", more), TARGET.replace("# Chleb\n\n", more)) == []


def test_it_holds_a_finding_in_a_block_that_was_edited() -> None:
    assert left(SOURCE, TARGET.replace("Kosztuje", "To kosztuje")) == []


def test_it_does_not_hold_one_more_finding() -> None:
    more = "\nIt weighs 500 grams.\n"
    assert left(SOURCE + more, TARGET + more.replace("500", "600").replace("It weighs", "Waży")) == [9]


def test_a_baseline_has_one_finding_a_line() -> None:
    text = baseline_to_text(entry_of(*each) for each in located(SOURCE, TARGET))
    assert json.loads(text)["version"] == 1
    assert sum('"article": "bread"' in line for line in text.split("\n")) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [1]}'])
def test_another_file_is_no_baseline(text: str) -> None:
    with pytest.raises(SettingError, match=r"known\.json: not a baseline"):
        read_baseline(text, "known.json")
