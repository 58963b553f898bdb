"""Changes to a library that must not change which files belong together, the ids, or the numbers of sections.

Each layout has three articles in six languages; all that tells them apart are their paths and what language they are
in.
"""

import os
import random
import unicodedata
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from support.marks import slow
from support.translated_trees import (
    ARTICLES,
    ENCODINGS,
    LANGUAGES,
    LAYOUTS,
    ORIGINAL,
    UNRELATED,
    path_of,
    tree_of,
    write_tree,
)

from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

_LONG_AGO = 1_500_000_000
_ACCENTED = {"beehive": "úl-žlutý", "ferry": "नदी-की-नाव", "piano": "пианино-й"}

FAST = ("folders-below", "suffix-beside-the-original", "countries")
every_layout = pytest.mark.parametrize("layout", [*FAST, *slow(*(name for name in LAYOUTS if name not in FAST))])


class Member(NamedTuple):
    """What a file is in its library."""

    id: str
    language: str
    sections: tuple[str, ...]  # numbers
    translations: frozenset[str]  # paths of the files in its article, its own too


Library = dict[str, Member]  # by path


def read(folder: Path) -> Library:
    """Return what each file is in the library in a folder."""
    library = {}
    with closing(in_memory()) as database:
        sync(database, [folder])
        for article in list_articles(database):
            sections = tuple(section.number for section in load_article(database, article.number).sections)
            paths = frozenset(document.path for document in article.documents)
            for document in article.documents:
                library[document.path] = Member(article.id, document.language, sections, paths)
    return library


def only(library: Library, paths: Collection[str]) -> Library:
    """Return what some files are, as if the others were not there."""
    kept = set(paths)
    return {
        path: member._replace(translations=member.translations & kept)
        for path, member in library.items()
        if path in kept
    }


@cache
def expected(layout: str, languages: tuple[str, ...] = LANGUAGES) -> Library:
    """Return what the files of a layout are in a folder whose name says nothing."""
    with TemporaryDirectory(suffix=".0") as folder:  # no random name may end like a language
        return read(write_tree(Path(folder, "books"), tree_of(layout, languages)))


def truth(layout: str, languages: Iterable[str] = LANGUAGES) -> set[frozenset[str]]:
    return {frozenset(path_of(layout, slug, language) for language in languages) for slug in ARTICLES}


@every_layout
def test_every_article_has_all_its_translations(layout: str) -> None:
    assert {member.translations for member in expected(layout).values()} == truth(layout)


@every_layout
def test_every_document_is_in_the_language_it_is_written_in(layout: str) -> None:
    written = {path_of(layout, slug, language): language for slug in ARTICLES for language in LANGUAGES}
    assert {path: member.language for path, member in expected(layout).items()} == written


@every_layout
def test_ids_come_from_the_names_of_files(layout: str) -> None:
    named = {path_of(layout, slug, language): slug for slug in ARTICLES for language in LANGUAGES}
    assert all(named[path] in member.id.split("/") for path, member in expected(layout).items())


@pytest.mark.parametrize(
    "place",
    ["guide-hu", "site.pl/en/books", *slow("docs.en", "zh_CN", "polish", "polish/books")],
)
@every_layout
def test_the_name_and_place_of_the_library_change_nothing(layout: str, place: str, tmp_path: Path) -> None:
    assert read(write_tree(tmp_path / place, tree_of(layout))) == expected(layout)


@pytest.mark.parametrize("seed", range(2))
@every_layout
def test_order_and_times_of_files_change_nothing(layout: str, seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 (the same order in every run)
    items = list(tree_of(layout).items())
    rng.shuffle(items)
    folder = write_tree(tmp_path / "books", dict(items))
    for path, _ in items:
        time = _LONG_AGO + rng.randrange(10**8)
        os.utime(folder / path, (time, time))
    assert read(folder) == expected(layout)


@every_layout
def test_unrelated_files_change_nothing(layout: str, tmp_path: Path) -> None:
    tree = tree_of(layout)
    assert only(read(write_tree(tmp_path / "books", {**UNRELATED, **tree})), tree) == expected(layout)


@pytest.mark.parametrize("missing", [language for language in LANGUAGES if language != ORIGINAL])
@every_layout
def test_a_language_less_changes_nothing_in_the_others(layout: str, missing: str) -> None:
    languages = tuple(language for language in LANGUAGES if language != missing)
    assert expected(layout, languages) == only(expected(layout), tree_of(layout, languages))


@pytest.mark.parametrize("missing", ["de", "zh"])
@every_layout
def test_a_translation_less_changes_nothing_in_the_others(layout: str, missing: str, tmp_path: Path) -> None:
    tree = tree_of(layout)
    del tree[path_of(layout, "ferry", missing)]
    assert read(write_tree(tmp_path / "books", tree)) == only(expected(layout), tree)


@every_layout
def test_two_languages_are_as_good_as_many(layout: str) -> None:
    languages = ("en", "pl")
    assert expected(layout, languages) == only(expected(layout), tree_of(layout, languages))


def _whole(layout: str) -> dict[str, str]:
    return {f"backup/{path}": text for path, text in tree_of(layout).items()}


def _whole_of_last_year(layout: str) -> dict[str, str]:
    return {f"old/2019/{path}": text for path, text in tree_of(layout).items()}


def _originals_in_one_folder(layout: str) -> dict[str, str]:
    tree = tree_of(layout)
    return {f"backup/{slug}.md": tree[path_of(layout, slug, ORIGINAL)] for slug in ARTICLES}


def _an_original_among_the_translations(layout: str) -> dict[str, str]:
    return {path_of(layout, "draft", "de"): tree_of(layout)[path_of(layout, "ferry", ORIGINAL)]}


@pytest.mark.parametrize(
    "copies", [_whole, _whole_of_last_year, _originals_in_one_folder, _an_original_among_the_translations]
)
@every_layout
def test_copies_in_other_folders_change_nothing(
    layout: str, copies: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    tree = tree_of(layout)
    assert only(read(write_tree(tmp_path / "books", {**copies(layout), **tree})), tree) == expected(layout)


@pytest.mark.parametrize("stored", ENCODINGS)
@every_layout
def test_how_the_text_is_stored_changes_nothing(layout: str, stored: str, tmp_path: Path) -> None:
    assert read(write_tree(tmp_path / "books", tree_of(layout), ENCODINGS[stored])) == expected(layout)


@every_layout
def test_names_in_another_normal_form_change_nothing(layout: str, tmp_path: Path) -> None:
    composed = {_renamed(path): text for path, text in tree_of(layout).items()}
    decomposed = {unicodedata.normalize("NFD", path): text for path, text in composed.items()}
    library = read(write_tree(tmp_path / "composed/books", composed))
    other = read(write_tree(tmp_path / "decomposed/books", decomposed))
    assert {_composed(path): _with_composed_paths(member) for path, member in other.items()} == library
    assert {member.translations for member in library.values()} == {
        frozenset(map(_renamed, paths)) for paths in truth(layout)
    }


def _renamed(path: str) -> str:
    for slug, name in _ACCENTED.items():
        path = path.replace(slug, name)
    return path


def _composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _with_composed_paths(member: Member) -> Member:
    return member._replace(id=_composed(member.id), translations=frozenset(map(_composed, member.translations)))


@every_layout
def test_marks_of_every_script_survive_in_ids(layout: str, tmp_path: Path) -> None:
    library = read(write_tree(tmp_path / "books", {_renamed(path): text for path, text in tree_of(layout).items()}))
    assert {part for member in library.values() for part in member.id.split("/")} >= set(_ACCENTED.values())


@pytest.mark.parametrize("title", ["{} (2)", "2.0: {}", "Index"])
@every_layout
def test_other_titles_change_nothing(layout: str, title: str, tmp_path: Path) -> None:
    assert read(write_tree(tmp_path / "books", tree_of(layout, title=title))) == expected(layout)
