"""Which parts of paths name languages: decided over all documents, from paths and the languages of texts alone."""

import random
from collections.abc import Mapping

import pytest

from relmgr_cli.corpus.candidate import Candidate
from relmgr_cli.corpus.path_layers import find_places
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules

ROOT = "/srv/library"


def places(files: Mapping[str, str], rules: LibraryRules = NO_RULES, root: str = ROOT) -> Mapping[str, tuple[str, str]]:
    """Return name and language of each place, by path; `files` are the languages of texts by path."""
    candidates = [
        Candidate(number, root, path, language, path, "", f"outline {number}", 5, 100)
        for number, (path, language) in enumerate(files.items())
    ]
    found = zip(files, find_places(candidates, rules), strict=True)
    return {path: (place.name, place.language) for path, place in found}


def of_language(files: Mapping[str, str]) -> Mapping[str, str]:
    return {path: language for path, (_, language) in places(files).items()}


def test_folders_of_languages_are_taken_out_of_the_name() -> None:
    assert places({"content/en/docs/a.md": "en", "content/pt-br/docs/a.md": "pt"}) == {
        "content/en/docs/a.md": ("content/docs/a", "en"),
        "content/pt-br/docs/a.md": ("content/docs/a", "pt-BR"),
    }


def test_a_name_keeps_case_and_spaces_and_tells_a_readme_from_an_index() -> None:
    found = places({"My Docs/README.pl.md": "pl", "My Docs/README.md": "en", "My Docs/index.md": "en"})
    assert [name for name, _ in found.values()] == ["My Docs/README", "My Docs/README", "My Docs/index"]


@pytest.mark.parametrize("text", ["und", "en", "ms"])
def test_the_path_counts_where_the_text_cannot(text: str) -> None:
    files = {f"docs/{tag}/{name}.md": tag for tag in ("en", "pl", "ru") for name in ("a", "b")}
    languages = of_language({**files, "docs/id/a.md": text, "docs/id/b.md": text})
    assert (languages["docs/id/a.md"], languages["docs/id/b.md"]) == ("id", "id")


@pytest.mark.parametrize("text", ["und", "en"])
def test_a_suffix_counts_where_another_file_confirms_it(text: str) -> None:
    languages = of_language({"README.md": "en", "README_PL.md": "pl", "README_KM.md": text})
    assert languages == {"README.md": "", "README_PL.md": "pl", "README_KM.md": "km"}


def test_folders_that_look_like_languages_are_none() -> None:
    files = {f"content/{tag}/functions/{name}": tag for tag in ("en", "pl") for name in ("os/stat.md", "js/a.md")}
    names = {name for name, _ in places(files).values()}
    assert names == {"content/functions/os/stat", "content/functions/js/a"}


def test_files_that_look_like_translations_are_none() -> None:
    pages = {f"pages/docker-{name}.md": "en" for name in ("rm", "ps", "it", "am", "id")}
    assert set(of_language({**pages, "pages/docker.md": "en"}).values()) == {""}


def test_a_file_in_a_folder_of_its_language_keeps_what_looks_like_one_more() -> None:
    found = places({"pages/docker-it.md": "en", "pages.it/docker-it.md": "it", "pages.it/docker.md": "it"})
    assert found["pages.it/docker-it.md"] == ("pages/docker-it", "it")


def test_a_second_mark_is_taken_out_where_that_pairs() -> None:
    found = places({"intro.md": "en", "pl/intro-pl.md": "pl", "de/intro-de.md": "de"})
    assert {name for name, _ in found.values()} == {"intro"}


@pytest.mark.parametrize(
    ("path", "text", "tag"),
    [
        ("README_CN.md", "zh", "zh"),
        ("README_JP.md", "ja", "ja"),
        ("README-ua.md", "uk", "uk"),
        ("README.cz.md", "cs", "cs"),
        ("README_br.md", "pt", "pt-BR"),
        ("README_tw.md", "zh", "zh-TW"),
        ("README.polish.md", "pl", "pl"),
        ("README.basque.md", "eu", "eu"),
        ("README.ko-KO.md", "ko", "ko"),
        ("zhCN/README.md", "zh", "zh"),
        ("zh_tw/README.md", "zh", "zh-TW"),
        ("translations/polish/README.md", "pl", "pl"),
        ("translations/README.fr.md", "fr", "fr"),
        ("docs/translations/README.fr.md", "fr", "fr"),
        ("docs/README_CN.md", "zh", "zh"),
    ],
)
def test_codes_of_countries_and_names_are_believed_where_the_text_agrees(path: str, text: str, tag: str) -> None:
    assert places({"README.md": "en", path: text})[path] == ("README", tag)


def test_translations_of_the_readme_of_a_folder_are_not_those_of_the_one_above() -> None:
    found = places({"README.md": "en", "docs/README.md": "en", "docs/README_CN.md": "zh"})
    assert found["docs/README_CN.md"] == ("docs/README", "zh")


def test_beside_the_other_chinese_ones_mo_is_macau() -> None:
    files = {f"translations/{name}/a.md": "zh" for name in ("hk", "tw", "mo")}
    assert of_language({"a.md": "en", **files})["translations/mo/a.md"] == "zh-MO"
    untold = of_language({"a.md": "en", **files, "translations/mo/a.md": "en"})
    assert untold["translations/mo/a.md"] == "zh-MO"


def test_the_end_of_a_variety_that_does_not_exist_is_no_language() -> None:
    files = {"a.md": "en", "i18n/pl/a.md": "pl", "i18n/pl-DE/a.md": "pl"}
    assert of_language(files)["i18n/pl-DE/a.md"] == "pl"


def test_two_names_of_one_language_are_two_members() -> None:
    files = {"pages/a.md": "en", "pages.no/a.md": "no", "pages.nb/a.md": "no", "pages.zh/a.md": "zh"}
    assert of_language(files) == {
        "pages/a.md": "",
        "pages.no/a.md": "no",
        "pages.nb/a.md": "nb",
        "pages.zh/a.md": "zh",
    }


@pytest.mark.parametrize(
    "paths",
    [
        ("pl-docs/intro.md", "pl-blog/intro.md"),
        ("course-en-101/intro.md", "course-en-102/intro.md"),
        ("README.pl.md", "README.pl-copy.md"),
        ("x-in-rdoc.md", "x-in-line.md"),
    ],
)
def test_different_articles_have_different_names(paths: tuple[str, str]) -> None:
    assert len({name for name, _ in places(dict.fromkeys(paths, "pl")).values()}) == 2


@pytest.mark.parametrize("root", ["/srv/guide-hu", "/srv/site-en", "/srv/docs.en", "/srv/pl", "/srv/polish/books"])
def test_the_name_of_the_library_is_no_language(root: str) -> None:
    files = {"en/a.md": "en", "hu/a.md": "hu"}
    assert places(files, root=root) == {"en/a.md": ("a", "en"), "hu/a.md": ("a", "hu")}


@pytest.mark.parametrize("above", ["site.pl", "polish", "pl", "docs-pl"])
@pytest.mark.parametrize("counts", [(1, 1), (3, 1), (1, 3)])
def test_a_folder_above_the_languages_is_no_language(above: str, counts: tuple[int, int]) -> None:
    files = {
        f"{above}/{tag}/{number}.md": tag
        for tag, count in zip(("pl", "en"), counts, strict=True)
        for number in range(count)
    }
    found = places(files)
    assert found[f"{above}/pl/0.md"] == (f"{above}/0", "pl")
    assert found[f"{above}/en/0.md"] == (f"{above}/0", "en")


def test_pages_about_languages_are_not_in_them() -> None:
    files = {f"subjects/{name}/notes.md": "en" for name in ("english", "polish", "maths")}
    assert places(files)["subjects/polish/notes.md"] == ("subjects/polish/notes", "")


@pytest.mark.parametrize("parent", ["translations", "i18n", "_i18n", "docs/l10n"])
def test_a_folder_for_translations_may_have_untranslated_copies_only(parent: str) -> None:
    below = parent.partition("/")[0] + "/" if "/" in parent else ""
    found = places({f"{below}a.md": "en", f"{below}b.md": "en", f"{parent}/nl/a.md": "en", f"{parent}/nl/b.md": "en"})
    assert found[f"{parent}/nl/a.md"] == (f"{below}a", "nl")


def test_a_copy_of_the_library_has_its_own_names() -> None:
    files = {"a.md": "en", "pl/a.md": "pl"}
    copies = {f"backup/{path}": text for path, text in files.items()}
    assert places({**files, **copies}) == {
        "a.md": ("a", ""),
        "pl/a.md": ("a", "pl"),
        "backup/a.md": ("backup/a", ""),
        "backup/pl/a.md": ("backup/a", "pl"),
    }


def test_configured_codes_and_folders_come_first() -> None:
    files = {"a.md": "en", "cn/a.md": "und", "latam/a.md": "und", "main/de/a.md": "en"}
    rules = LibraryRules(codes={"cn": "zh-Hans", "latam": "es-419"}, folders={f"{ROOT}/main/de": "sv"})
    assert {path: language for path, (_, language) in places(files, rules).items()} == {
        "a.md": "",
        "cn/a.md": "zh-Hans",
        "latam/a.md": "es-419",
        "main/de/a.md": "sv",
    }


def test_configured_folders_of_languages_are_taken_out_of_the_name() -> None:
    rules = LibraryRules(folders={f"{ROOT}/content/main": "en", f"{ROOT}/content/second": "sv"})
    assert places({"content/main/a.md": "en", "content/second/a.md": "sv", "content/third/a.md": "sv"}, rules) == {
        "content/main/a.md": ("content/a", "en"),
        "content/second/a.md": ("content/a", "sv"),
        "content/third/a.md": ("content/third/a", ""),
    }


def test_the_order_of_documents_changes_nothing() -> None:
    files = {
        **{f"docs/{tag}/{name}.md": tag for tag in ("en", "pl", "no") for name in ("a", "b")},
        "docs/nb/a.md": "no",
        "README.md": "en",
        "README_CN.md": "zh",
        "README_JP.md": "und",
        "site.pl/a.md": "pl",
        "en/docs/pl/a.md": "pl",
        "en/docs/en/a.md": "en",
        "x/pl.md": "pl",
        "x/en.md": "en",
    }
    expected = places(files)
    for seed in range(20):
        items = list(files.items())
        random.Random(seed).shuffle(items)  # noqa: S311 (the same order in every run)
        assert places(dict(items)) == expected


@pytest.mark.slow
def test_many_folders_that_look_like_languages_cost_little() -> None:
    tags = ("en", "pl", "ru", "de", "fr", "es", "it", "uk", "cs", "hu")
    files = {f"{tag}/{other}/{number}-{tag}.md": tag for tag in tags for other in tags for number in range(20)}
    assert len(set(places(files).values())) == len(places(files))
