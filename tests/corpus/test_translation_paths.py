"""The layouts of translated repositories, each with paths that a tool or a repository really has."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from support.sample_texts import text_of

from relmgr_cli.corpus.translation_paths import find_markers, language_neutral_path
from relmgr_cli.store.articles import list_articles, list_problems
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

Write = Callable[[str, str], Path]

# What one article is called in each language.
LAYOUTS = {
    "hugo, by file name": {
        "en": "content/version/1/4/code-of-conduct.md",
        "pl": "content/version/1/4/code-of-conduct.pl.md",
        "ru": "content/version/1/4/code-of-conduct.ru.md",
    },
    "hugo, index bundles": {
        "en": "content/posts/ships/index.en.md",
        "pl": "content/posts/ships/index.pl.md",
        "ru": "content/posts/ships/index.md",
    },
    "hugo, a folder for each language": {
        "en": "content/en/docs/concepts/overview/_index.md",
        "pl": "content/pl/docs/concepts/overview/_index.md",
        "ru": "content/ru/docs/concepts/overview/_index.md",
    },
    "hugo, folders that are not codes": {
        "en": "content/english/about.md",
        "pl": "content/polish/about.md",
        "ru": "content/russian/about.md",
    },
    "docusaurus, docs": {
        "en": "docs/guide/intro.md",
        "pl": "i18n/pl/docusaurus-plugin-content-docs/current/guide/intro.md",
        "ru": "i18n/ru/docusaurus-plugin-content-docs/current/guide/intro.md",
    },
    "docusaurus, blog": {
        "en": "blog/2024-01-05-news.md",
        "pl": "i18n/pl/docusaurus-plugin-content-blog/2024-01-05-news.md",
        "ru": "i18n/ru/docusaurus-plugin-content-blog/2024-01-05-news.md",
    },
    "docusaurus, pages": {
        "en": "src/pages/about.mdx",
        "pl": "i18n/pl/docusaurus-plugin-content-pages/about.mdx",
        "ru": "i18n/ru/docusaurus-plugin-content-pages/about.mdx",
    },
    "mkdocs, suffixes": {"en": "docs/index.md", "pl": "docs/index.pl.md", "ru": "docs/index.ru.md"},
    "mkdocs, folders": {
        "en": "docs/en/topic1/index.md",
        "pl": "docs/pl/topic1/index.md",
        "ru": "docs/ru/topic1/index.md",
    },
    "jekyll-polyglot, pages": {"en": "site/about.md", "pl": "site/about.pl.md", "ru": "site/about.ru.md"},
    "jekyll-polyglot, posts": {
        "en": "site/_posts/2025-09-20-polyglot.1.11.0.md",
        "pl": "site/_posts/pl/2025-09-20-polyglot.1.11.0.md",
        "ru": "site/_posts/ru/2025-09-20-polyglot.1.11.0.md",
    },
    "jekyll-multiple-languages": {
        "en": "_i18n/en/_posts/2013-12-07-example-post-3.md",
        "pl": "_i18n/pl/_posts/2013-12-07-example-post-3.md",
        "ru": "_i18n/ru/_posts/2013-12-07-example-post-3.md",
    },
    "jekyll without a plugin": {
        "en": "_articles/best-practices.md",
        "pl": "_articles/pl/best-practices.md",
        "ru": "_articles/ru/best-practices.md",
    },
    "starlight": {
        "en": "docs/src/content/docs/getting-started.mdx",
        "pl": "docs/src/content/docs/pl/getting-started.mdx",
        "ru": "docs/src/content/docs/ru/getting-started.mdx",
    },
    "vitepress": {"en": "docs/en/guide/i18n.md", "pl": "docs/pl/guide/i18n.md", "ru": "docs/ru/guide/i18n.md"},
    "nextra, folders": {
        "en": "content/en/docs/api.mdx",
        "pl": "content/pl/docs/api.mdx",
        "ru": "content/ru/docs/api.mdx",
    },
    "nextra, suffixes": {"en": "pages/api.en-US.mdx", "pl": "pages/api.pl-PL.mdx", "ru": "pages/api.ru-RU.mdx"},
    "eleventy, another extension": {"en": "src/en/index.md", "pl": "src/pl/index.mdx", "ru": "src/ru/index.markdown"},
    "hexo": {
        "en": "source/docs/setup.md",
        "pl": "source/pl/docs/setup.md",
        "ru": "source/ru/docs/setup.md",
    },
    "readme, dots": {"en": "README.md", "pl": "README.pl.md", "ru": "README.ru.md"},
    "readme, hyphens": {"en": "README.md", "pl": "README-pl.md", "ru": "README-ru.md"},
    "readme, capitals": {"en": "README.md", "pl": "README_PL.md", "ru": "README_RU.md"},
    "readme, regions": {"en": "README.md", "pl": "README.pl-PL.md", "ru": "README.ru-RU.md"},
    "readme, the other way round": {"en": "README.en.md", "pl": "README.md", "ru": "README_ru.md"},
    "code of conduct": {
        "en": "docs/CODE_OF_CONDUCT.md",
        "pl": "docs/CODE_OF_CONDUCT-pl.md",
        "ru": "docs/CODE_OF_CONDUCT-ru.md",
    },
    "tldr-pages": {
        "en": "pages/android/am.md",
        "pl": "pages.pl/android/am.md",
        "ru": "pages.ru/android/am.md",
    },
    "mdn": {
        "en": "files/en-us/web/html/element/a/index.md",
        "pl": "files/pl/web/html/element/a/index.md",
        "ru": "files/ru/web/html/element/a/index.md",
    },
    "semver": {"en": "spec/v2.0.0.md", "pl": "lang/pl/spec/v2.0.0.md", "ru": "lang/ru/spec/v2.0.0.md"},
    "h5bp": {
        "en": "src/README.md",
        "pl": "src/translations/polish/README.md",
        "ru": "src/translations/russian/README.md",
    },
    "freecodecamp": {
        "en": "curriculum/challenges/english/basics.md",
        "pl": "curriculum/challenges/polski/basics.md",
        "ru": "curriculum/challenges/русский/basics.md",
    },
    "compare-locales": {"en": "locales/en/app/help.md", "pl": "locales/pl/app/help.md", "ru": "locales/ru/app/help.md"},
    "checkouts side by side": {
        "en": "en.site.org/content/hello.md",
        "pl": "pl.site.org/content/hello.md",
        "ru": "ru.site.org/content/hello.md",
    },
    "checkouts that end in a code": {
        "en": "docs.en-us/hello.md",
        "pl": "docs.pl-pl/hello.md",
        "ru": "docs.ru-ru/hello.md",
    },
    "files that are called like languages": {"en": "speech/en.md", "pl": "speech/pl.md", "ru": "speech/ru.md"},
}


class Library(NamedTuple):
    """What a look at some folders gave."""

    articles: list[Mapping[str, str]]  # path by language, in the order of the first paths
    paired_by: list[str]
    remarks: Mapping[str, str]  # by path
    states: Mapping[str, str] = {}  # by path, of those that are not translated


def read(*roots: Path) -> Library:
    database = in_memory()
    try:
        sync(database, roots)
        articles = sorted(list_articles(database), key=lambda each: min((d.root, d.path) for d in each.documents))
        return Library(
            [{document.language: document.path for document in article.documents} for article in articles],
            [article.paired_by for article in articles],
            {problem.path: problem.message for problem in list_problems(database) if problem.code == "pairing"},
            dict(database.rows("SELECT CAST(path AS TEXT), state FROM documents WHERE state != 'translated'")),
        )
    finally:
        database.close()


@pytest.mark.parametrize("paths", [pytest.param(paths, id=name) for name, paths in LAYOUTS.items()])
def test_translations_have_the_same_neutral_path_in_every_layout(paths: Mapping[str, str]) -> None:
    places = set()
    for language, path in paths.items():
        places.add(
            language_neutral_path(path, tuple(mark for mark in find_markers(path) if mark.tag.startswith(language)))
        )
    assert len(places) == 1


@pytest.mark.parametrize("paths", [pytest.param(paths, id=name) for name, paths in LAYOUTS.items()])
def test_translations_are_paired_in_every_layout(tmp_path: Path, write: Write, paths: Mapping[str, str]) -> None:
    for language, path in paths.items():
        write(path, text_of("lighthouse", language))
    assert read(tmp_path) == ([paths], ["layout"], {}, {})


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("Docs/My Page.MD", "docs/my-page"),
        ("docs/guide/README.md", "docs/guide"),
        ("docs/guide/_index.md", "docs/guide"),
        ("index.md", ""),
        ("no-extension", "no-extension"),
        ("i18n/pl/a.md", "a"),
        ("shop/i18n/pl/a.md", "shop/a"),
        ("shop/pl/a.md", "shop/a"),
        ("pages.pl/a.md", "pages/a"),
        ("pl.site.org/a.md", "site.org/a"),
        ("versioned_docs/version-2.x/a.md", "versioned_docs/version-2.x/a"),
        ("i18n/pl/docusaurus-plugin-content-docs/current/a.md", "docs/a"),
        ("i18n/pl/docusaurus-plugin-content-docs/version-2.x/a.md", "versioned_docs/version-2.x/a"),
        ("i18n/pl/docusaurus-plugin-content-docs-community/current/a.md", "community/a"),
        ("i18n/pl/docusaurus-plugin-content-docs-community/version-2/a.md", "community_versioned_docs/version-2/a"),
        ("docs/use-the-api-pl.md", "docs/use-the-api"),
    ],
)
def test_a_neutral_path_is_a_path_without_its_language(path: str, place: str) -> None:
    assert language_neutral_path(path, tuple(find_markers(path))) == place


@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("content/pl/a.md", "pl"),
        ("content/pl-PL/a.md", "pl"),
        ("content/pt_BR/a.md", "pt-BR"),
        ("content/zh-Hans/a.md", "zh-Hans"),
        ("content/iw/a.md", "he"),
        ("content/Polish/a.md", "pl"),
        ("content/espanol/a.md", "es"),
        ("content/русский/a.md", "ru"),
        ("pages.pt_BR/a.md", "pt-BR"),
        ("pl.site.org/a.md", "pl"),
        ("a.ru.md", "ru"),
        ("README-pl_PL.md", "pl"),
        ("ru.md", "ru"),
    ],
)
def test_folders_suffixes_and_regions_are_certain_language_markers(path: str, tag: str) -> None:
    assert [(mark.tag, mark.is_certain) for mark in find_markers(path)] == [(tag, True)]


@pytest.mark.parametrize(
    "path",
    [
        *(f"pages/common/docker-{code}.md" for code in ("rm", "ng", "ps", "it", "am", "id")),
        "content/en-draft/functions/os/stat.md",
        "docs/js/setup.md",
        "docs/io/reader.md",
        "docs/release_notes_17.1.md",
        "feature-gates/allow-ga.md",
        "docs/2024-01-05.md",
        "a.b.c.md",
        "README_PL.md",
    ],
)
def test_ambiguous_names_are_not_certain_language_markers(path: str) -> None:
    assert not [mark for mark in find_markers(path) if mark.is_certain]


def test_a_word_that_ends_like_a_language_stays_part_of_the_name(tmp_path: Path, write: Write) -> None:
    """`docker-it.md` is about an option, and each of the two pages has its own translation."""
    for language, folder in (("en", "pages"), ("ru", "pages.ru")):
        write(f"{folder}/docker.md", text_of("bread", language))
        write(f"{folder}/docker-it.md", text_of("chess", language))
    assert read(tmp_path).articles == [
        {"en": "pages/docker-it.md", "ru": "pages.ru/docker-it.md"},
        {"en": "pages/docker.md", "ru": "pages.ru/docker.md"},
    ]


def test_folders_spelled_like_a_language_do_not_pair_documents(tmp_path: Path, write: Write) -> None:
    write("docs/it/intro.md", text_of("bread", "en"))
    write("docs/intro.md", text_of("chess", "ru"))
    assert read(tmp_path).paired_by == ["alone", "alone"]


def test_the_text_overrides_a_wrong_lang_field(tmp_path: Path, write: Write) -> None:
    """freeCodeCamp declares the language that is taught, not the one of the text."""
    for language, folder in (("en", "english"), ("pl", "polish"), ("ru", "russian")):
        write(f"challenges/{folder}/a.md", text_of("teeth", language, "lang: en-US"))
    assert read(tmp_path).articles == [
        {"en": "challenges/english/a.md", "pl": "challenges/polish/a.md", "ru": "challenges/russian/a.md"}
    ]


def test_an_untranslated_copy_belongs_to_its_article_and_is_marked(tmp_path: Path, write: Write) -> None:
    for subject in ("bread", "chess", "teeth"):
        write(f"_articles/{subject}.md", text_of(subject, "en"))
        write(f"_articles/ru/{subject}.md", text_of(subject, "ru"))
    write("_articles/pl/bread.md", text_of("bread", "pl", "lang: pl"))
    write("_articles/pl/chess.md", text_of("chess", "pl", "lang: pl"))
    write("_articles/pl/teeth.md", text_of("teeth", "en", "lang: pl\nuntranslated: true"))
    library = read(tmp_path)
    assert library.articles == [
        {"en": f"_articles/{s}.md", "pl": f"_articles/pl/{s}.md", "ru": f"_articles/ru/{s}.md"}
        for s in ("bread", "chess", "teeth")
    ]
    assert library.remarks == {}
    assert library.states == {"_articles/pl/teeth.md": "untranslated"}


def test_of_two_documents_in_one_language_the_one_of_like_size_is_in_the_article(tmp_path: Path, write: Write) -> None:
    write("docs/a.md", text_of("bread", "en", more="\n\n".join(["It is a draft of the text."] * 9)))
    write("docs/en/a.md", text_of("bread", "en"))
    write("docs/pl/a.md", text_of("bread", "pl"))
    library = read(tmp_path)
    assert library.articles == [{"en": "docs/a.md"}, {"en": "docs/en/a.md", "pl": "docs/pl/a.md"}]
    assert not library.remarks  # the draft is beside the folders of the languages, and an article of its own


def test_two_documents_in_one_language_are_never_in_one_article_whatever_pairs_them(
    tmp_path: Path, write: Write
) -> None:
    for name in ("a.md", "a.en.md", "en/a.md", "translations/english/a.md"):
        write(name, text_of("bread", "en", "translationKey: bread"))
    write("a.pl.md", text_of("bread", "pl", "translationKey: bread"))
    library = read(tmp_path)
    assert sorted(map(len, library.articles)) == [1, 1, 2]  # a.en.md is a second copy of a.md
    assert len(library.remarks) == 2


def test_a_translation_key_overrides_the_path(tmp_path: Path, write: Write) -> None:
    write("about-us.en.md", text_of("lighthouse", "en", "translationKey: about"))
    write("om.pl.md", text_of("lighthouse", "pl", "translationKey: about"))
    write("presentation/a-propos.ru.md", text_of("lighthouse", "ru", "translationKey: about"))
    write("about-us.ru.md", text_of("bread", "ru"))
    library = read(tmp_path)
    assert library.articles == [
        {"en": "about-us.en.md", "pl": "om.pl.md", "ru": "presentation/a-propos.ru.md"},
        {"ru": "about-us.ru.md"},
    ]
    assert library.paired_by == ["metadata", "alone"]


@pytest.mark.parametrize("key", ["ref", "page_id", "translation_key", "translation_of", "language_reference"])
def test_the_keys_of_other_generators_pair_too(tmp_path: Path, write: Write, key: str) -> None:
    write("one.md", text_of("chess", "en", f"{key}: opening"))
    write("dwa.md", text_of("chess", "pl", f"{key}: opening"))
    assert read(tmp_path) == ([{"en": "one.md", "pl": "dwa.md"}], ["metadata"], {}, {})


def test_different_keys_do_not_pair(tmp_path: Path, write: Write) -> None:
    write("one.md", text_of("chess", "en", "ref: opening"))
    write("dwa.md", text_of("bread", "pl", "ref: chleb"))
    assert read(tmp_path).paired_by == ["alone", "alone"]


def test_a_readme_without_a_suffix_is_in_the_language_of_its_text(tmp_path: Path, write: Write) -> None:
    write("README.md", text_of("bread", "pl"))
    write("README.en.md", text_of("bread", "en"))
    assert read(tmp_path) == ([{"en": "README.en.md", "pl": "README.md"}], ["layout"], {}, {})


@pytest.mark.parametrize("names", [("docs-pl", "docs-en"), ("pl", "en"), ("pl.site.org", "en.site.org")])
def test_folders_of_a_library_may_be_one_for_each_language(
    tmp_path: Path, write: Write, names: tuple[str, str]
) -> None:
    for language, name in zip(("pl", "en"), names, strict=True):
        write(f"{name}/guide/start.md", text_of("chess", language))
    library = read(*(tmp_path / name for name in names))
    assert library == ([{"en": "guide/start.md", "pl": "guide/start.md"}], ["layout"], {}, {})


def test_equal_paths_in_unrelated_folders_do_not_pair_documents(tmp_path: Path, write: Write) -> None:
    write("shop/index.md", text_of("chess", "pl"))
    write("blog/index.md", text_of("bread", "en"))
    assert read(tmp_path / "shop", tmp_path / "blog").paired_by == ["alone", "alone"]


def test_an_older_version_of_a_page_is_not_the_translation_of_the_current_one(tmp_path: Path, write: Write) -> None:
    write("docs/a.md", text_of("bread", "en"))
    write("i18n/pl/docusaurus-plugin-content-docs/current/a.md", text_of("bread", "pl"))
    write("i18n/pl/docusaurus-plugin-content-docs/version-1.0/a.md", text_of("bread", "pl"))
    assert read(tmp_path).articles == [
        {"en": "docs/a.md", "pl": "i18n/pl/docusaurus-plugin-content-docs/current/a.md"},
        {"pl": "i18n/pl/docusaurus-plugin-content-docs/version-1.0/a.md"},
    ]


def test_a_copy_in_the_folder_of_the_source_language_does_not_displace_the_original(
    tmp_path: Path, write: Write
) -> None:
    for subject in ("bread", "chess"):
        write(f"{subject}.md", text_of(subject, "en"))
        for language in ("en", "pl"):
            write(f"translations/{language}/{subject}.md", text_of(subject, language))
    library = read(tmp_path)
    assert [article for article in library.articles if len(article) > 1] == [
        {"en": f"{subject}.md", "pl": f"translations/pl/{subject}.md"} for subject in ("bread", "chess")
    ]


def test_an_untranslated_copy_in_a_stray_folder_is_no_translation(tmp_path: Path, write: Write) -> None:
    write("docs/bread.md", text_of("bread", "en"))
    write("docs/bread.pl.md", text_of("bread", "pl"))
    write("docs/de/bread.md", text_of("bread", "en"))
    write("backup/bread.md", text_of("bread", "en"))
    assert {"en": "docs/bread.md", "pl": "docs/bread.pl.md"} in read(tmp_path).articles


def test_half_of_a_translation_is_marked(tmp_path: Path, write: Write) -> None:
    english, polish = text_of("bread", "en").split("\n\n"), text_of("bread", "pl").split("\n\n")
    write("en/chess.md", text_of("chess", "en"))
    write("pl/chess.md", text_of("chess", "pl"))
    write("en/bread.md", "\n\n".join(english))
    write("pl/bread.md", "\n\n".join(polish[:2] + english[2:]))
    library = read(tmp_path)
    assert {"en": "en/bread.md", "pl": "pl/bread.md"} in library.articles
    assert library.states == {"pl/bread.md": "partly"}


def test_a_readme_beside_an_index_is_an_article_of_its_own(tmp_path: Path, write: Write) -> None:
    for language, folder in (("en", "docs"), ("pl", "docs/pl")):
        write(f"{folder}/README.md", text_of("bread", language))
        write(f"{folder}/index.md", text_of("chess", language))
    assert read(tmp_path).articles == [
        {"en": "docs/README.md", "pl": "docs/pl/README.md"},
        {"en": "docs/index.md", "pl": "docs/pl/index.md"},
    ]


def test_the_page_of_a_folder_may_have_another_name_in_each_language(tmp_path: Path, write: Write) -> None:
    for language in ("en", "pl", "ru"):
        write(f"{language}/chess.md", text_of("chess", language))
    write("en/README.md", text_of("bread", "en"))
    write("pl/index.md", text_of("bread", "pl"))
    assert {"en": "en/README.md", "pl": "pl/index.md"} in read(tmp_path).articles


@pytest.mark.parametrize("key", ["permalink: plugins/opening", "id: opening", "slug: opening"])
def test_translated_names_are_paired_by_front_matter_that_agrees(tmp_path: Path, write: Write, key: str) -> None:
    other = key.replace("opening", "other")
    write("en/Plugins/Opening.md", text_of("chess", "en", key))
    write("pl/Wtyczki/Debiut.md", text_of("chess", "pl", key))
    write("en/Plugins/Other.md", text_of("bread", "en", other))
    write("pl/Wtyczki/Inny.md", text_of("bread", "pl", other))
    assert read(tmp_path)[:2] == (
        [
            {"en": "en/Plugins/Opening.md", "pl": "pl/Wtyczki/Debiut.md"},
            {"en": "en/Plugins/Other.md", "pl": "pl/Wtyczki/Inny.md"},
        ],
        ["layout", "layout"],
    )


def test_translated_names_are_paired_by_the_number_before_them(tmp_path: Path, write: Write) -> None:
    names = {
        "en": ("01-basics/0001_bread.md", "01-basics/0002_opening.md", "02-more/0001_teeth.md"),
        "pl": ("01-podstawy/0001_chleb.md", "01-podstawy/0002_debiut.md", "02-dalej/0001_zeby.md"),
    }
    for language, paths in names.items():
        for path, subject in zip(paths, ("bread", "chess", "teeth"), strict=True):
            write(f"{language}/{path}", text_of(subject, language))
    assert read(tmp_path).articles == [
        {"en": f"en/{english}", "pl": f"pl/{polish}"} for english, polish in zip(*names.values(), strict=True)
    ]


def test_the_same_number_twice_pairs_nothing(tmp_path: Path, write: Write) -> None:
    write("en/01-bread.md", text_of("bread", "en"))
    write("en/01-opening.md", text_of("chess", "en"))
    write("pl/01-chleb.md", text_of("bread", "pl"))
    assert read(tmp_path).paired_by == ["alone"] * 3


def test_posts_of_one_date_are_paired_only_if_they_have_more_in_common(tmp_path: Path, write: Write) -> None:
    write("en/2024-01-05-bread.md", text_of("bread", "en"))
    write("pl/2024-01-05-zeby.md", text_of("teeth", "pl", more="[jeden](/a) `b` 2024\n\n- trzy\n- cztery"))
    assert read(tmp_path).paired_by == ["alone"] * 2


def test_variants_of_a_language_are_members_of_their_own(tmp_path: Path, write: Write) -> None:
    write("README.md", text_of("bread", "en"))
    for name in ("pl", "en-AU", "en-GB"):
        write(f"i18n/{name}/README.md", text_of("bread", name[:2]))
    assert read(tmp_path).articles == [
        {
            "en": "README.md",
            "en-AU": "i18n/en-AU/README.md",
            "en-GB": "i18n/en-GB/README.md",
            "pl": "i18n/pl/README.md",
        }
    ]
