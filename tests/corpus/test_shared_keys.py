"""Numbers in the names of files and folders that translators have renamed, and copies that tell the source language."""

from collections.abc import Iterable, Mapping

import pytest

from relmgr_cli.corpus.candidate import Candidate, Traits
from relmgr_cli.corpus.pairing import Group, group

ENGLISH = ("01_Day_Types/01_day_types.md", "02_Day_Arrays/02_day_arrays.md", "03_Day_Loops/03_day_loops.md")


def groups_of(files: Mapping[str, str], fingerprints: Mapping[str, tuple[int, ...]] | None = None) -> tuple[Group, ...]:
    """Return the articles that files make up: path -> language of the text."""
    candidates = [
        Candidate(number, "/srv", path, language, path, "", f"outline {number}", 5, 100)
        for number, (path, language) in enumerate(files.items())
    ]
    found = [
        each._replace(traits=Traits(fingerprints=(fingerprints or {}).get(each.path, (each.id,))))
        for each in candidates
    ]
    return group(found, lambda ids: {}).groups  # noqa: ARG005


def pairs(english: Iterable[str], spanish: Iterable[str]) -> list[list[str]]:
    found = groups_of({**dict.fromkeys(english, "en"), **dict.fromkeys(spanish, "es")})
    return sorted(sorted(member.path for member in each.members) for each in found if len(each.members) > 1)


@pytest.mark.parametrize(
    "spanish",
    [
        ("dia_01_tipos.md", "dia_02_arreglos.md", "dia_03_bucles.md"),
        ("Dia_01_Tipos/dia_01_tipos.md", "Dia_02_Arreglos/dia_02_arreglos.md", "Dia_03_Bucles/dia_03_bucles.md"),
        ("01_tipos/tipos.md", "02_arreglos/README.md", "03-bucles.md"),
    ],
)
def test_files_with_a_number_and_translated_names_belong_together(spanish: tuple[str, ...]) -> None:
    paths = [f"Spanish/{path}" for path in spanish]
    assert pairs(ENGLISH, paths) == [[one, other] for one, other in zip(ENGLISH, paths, strict=True)]


def test_pages_of_numbered_folders_belong_together() -> None:
    files = ("README.md", "setup.md")
    english = [f"en/{folder}/{file}" for folder in ("01-intro", "02-use") for file in files]
    spanish = [f"es/{folder}/{file}" for folder in ("01-introduccion", "02-uso") for file in files]
    assert pairs(english, spanish) == [[one, other] for one, other in zip(english, spanish, strict=True)]


@pytest.mark.parametrize(
    "spanish",
    [
        ("dia_01_tipos.md", "web-02-x.md", "clase-03-y.md"),  # no series
        ("dia_04_tipos.md", "dia_05_arreglos.md", "dia_06_bucles.md"),  # other numbers
        ("dia_01_a.md", "dia_01_b.md", "dia_01_c.md"),  # the same number
    ],
)
def test_other_numbers_pair_nothing(spanish: tuple[str, ...]) -> None:
    assert pairs(ENGLISH, [f"Spanish/{path}" for path in spanish]) == []


def test_the_language_of_the_untranslated_copies_is_the_source() -> None:
    files, fingerprints = {}, {}
    for number in range(6):
        for tag in ("de", "en", "ja"):
            files[f"content/{tag}/{number}.md"] = tag
        files[f"content/fr/{number}.md"] = "fr" if number == 0 else "ja"
        fingerprints[f"content/fr/{number}.md"] = fingerprints[f"content/ja/{number}.md"] = (100 + number,)
    assert {each.source for each in groups_of(files, fingerprints)} == {"ja"}
    without = {path: tag for path, tag in files.items() if "/fr/" not in path}
    assert {each.source for each in groups_of(without)} == {"en"}


def test_the_originals_of_docusaurus_may_be_in_a_folder_with_another_name() -> None:
    below = "docusaurus-plugin-content-docs/current"
    files = {f"site/i18n/{tag}/{below}/{name}.md": tag for tag in ("de", "fr") for name in "abc"}
    originals = {f"site/contents/{name}.md": "en" for name in "abcd"}
    others = {f"site/blog/{name}.md": "en" for name in "xyz"}
    found = [sorted(each.language for each in group.members) for group in groups_of({**files, **originals, **others})]
    assert sorted(found) == [["de", "en", "fr"]] * 3 + [["en"]] * 4


def test_a_few_equal_names_in_another_folder_are_no_originals() -> None:
    files = {
        f"site/i18n/{tag}/docusaurus-plugin-content-docs/current/{name}.md": tag
        for tag in ("de", "fr")
        for name in "abcd"
    }
    found = groups_of({**files, "site/blog/a.md": "en", "site/blog/b.md": "en"})
    assert max(len(each.members) for each in found) == 2


def test_another_version_is_no_folder_of_originals() -> None:
    files = {f"i18n/{tag}/v2/{name}.md": tag for tag in ("de", "fr") for name in "abc"}
    found = groups_of({**files, **{f"v3/{name}.md": "en" for name in "abc"}})
    assert max(len(each.members) for each in found) == 2
