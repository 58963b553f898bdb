"""Which sections of translations are missing, extra or not translated."""

import json

import pytest
from conftest import articles_of

from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.health.section_states import (
    ComparedSection,
    compare_sections,
    sections_from_json,
    sections_to_json,
)

ENGLISH = (
    "Before you begin, you should read what is written here about the installation of the program on your computer, "
    "because it will save you a lot of time and trouble when something does not work as it should. "
)
POLISH = (
    "Zanim zaczniesz, przeczytaj to, co jest tutaj napisane o instalacji programu na twoim komputerze, ponieważ "
    "oszczędzi ci to dużo czasu i kłopotów, kiedy coś nie będzie działało tak, jak powinno. "
)
EN = f"# Guide\n\n{ENGLISH}\n\n## First\n\n{ENGLISH * 2}\n\n## Second\n\n{ENGLISH}\n"
PL = f"# Przewodnik\n\n{POLISH}\n\n## Pierwszy\n\n{POLISH * 2}\n\n## Drugi\n\n{POLISH}\n"


def compared(english: str, polish: str) -> list[ComparedSection]:
    documents = [
        parse_document(english, "/", "en/guide.md")._replace(language="en"),
        parse_document(polish, "/", "pl/guide.md")._replace(language="pl"),
    ]
    (article,) = articles_of(documents)
    return compare_sections(article._replace(source="en"))


def states(found: list[ComparedSection]) -> dict[str, str]:
    """Return for each section who has it, "*" for what is not translated."""
    return {
        number: " ".join(f"{tag}{'*' * version.is_untranslated}" for tag, version in sorted(versions.items()))
        for number, versions in found
    }


def test_sections_are_those_of_both_languages() -> None:
    found = compared(EN, PL)
    assert states(found) == dict.fromkeys(("0", "1", "2"), "en pl") or states(found) == dict.fromkeys(
        ("1", "1.1", "1.2"), "en pl"
    )
    assert [version.line for version in found[1].versions.values()] == [5, 5]
    assert all(version.words > 20 for section in found for version in section.versions.values())


def test_sections_that_one_language_lacks_are_those_of_the_other() -> None:
    without = PL[: PL.index("## Drugi")]
    assert [*states(compared(EN, without)).values()] == ["en pl", "en pl", "en"]
    more = f"{PL}\n## Trzeci\n\n- {POLISH}\n- {POLISH}\n- {POLISH}\n"
    assert [*states(compared(EN, more)).values()] == ["en pl", "en pl", "en pl", "pl"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PL.replace(POLISH * 2, ENGLISH * 2), "en pl*"),  # all of it
        (PL.replace(POLISH * 2, f"{POLISH}\n\n{ENGLISH}"), "en pl*"),  # half of it
        (PL.replace(POLISH * 2, f"{POLISH * 2}\n\n```\n{ENGLISH * 3}\n```\n"), "en pl"),  # code
        (PL, "en pl"),
    ],
)
def test_a_section_in_the_language_of_the_source_is_not_translated(text: str, expected: str) -> None:
    assert [*states(compared(EN, text)).values()][1] == expected


def test_a_paragraph_that_is_equal_to_that_of_the_source_is_enough() -> None:
    english = EN.replace(ENGLISH * 2, f"{ENGLISH}\n\nThis paragraph is one that somebody has forgotten to translate.")
    polish = PL.replace(POLISH * 2, f"{POLISH}\n\nThis paragraph is one that somebody has forgotten to translate.")
    assert [*states(compared(english, polish)).values()] == ["en pl", "en pl*", "en pl"]
    names = "PostgreSQL MariaDB SQLite Oracle Cassandra"
    english, polish = (text.replace("\n\n## Second", f"\n\n{names}\n\n## Second") for text in (EN, PL))
    assert "pl*" not in " ".join(states(compared(english, polish)).values())


def test_sections_are_the_same_after_json() -> None:
    found = compared(EN, PL)
    assert sections_from_json(json.loads(json.dumps(sections_to_json(found)))) == found
