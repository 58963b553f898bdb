"""Links lead where their author meant, in the language of the reader."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from conftest import shared
from hypothesis import given
from hypothesis import strategies as st
from support.marks import slow
from support.work import count_steps, growth

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import FoundFile, read_text, scan
from relmgr_cli.corpus.links.resolver import LinkResolver
from relmgr_cli.corpus.links.result import Resolved
from relmgr_cli.corpus.links.targets import Target, links_of, slug_of_heading, target_of

ROOT = "/library"
HEADINGS = {
    "en": ("intro", "first-steps", "faq"),
    "pl": ("wstęp", "pierwsze-kroki", "faq"),
    "ru": ("введение", "первые-шаги", "faq"),
}


def target(article: int, language: str, path: str, *permalinks: str, root: str = ROOT) -> Target:
    anchors = HEADINGS.get(language, ())
    return Target(article, language, root, path, permalinks, anchors, tuple("123"[: len(anchors)]))


def library(files: str) -> list[Target]:
    """Return the documents that a table of "article language path [permalink]..." lists."""
    rows = [row.split() for row in files.strip().split("\n")]
    return [target(int(article), language, path, *links) for article, language, path, *links in rows]


def lead(files: str, source: str, href: str, language: str | None = None) -> Resolved:
    """Return where a link of the document at `source` leads a reader of its language, or of another."""
    targets = library(files)
    (start,) = [target for target in targets if target.path == source]
    return LinkResolver(targets).resolve(href, start, language or start.language)


HUGO = """
    1 en content/en/docs/concepts/overview/_index.md
    1 pl content/pl/docs/concepts/overview/_index.md
    2 en content/en/docs/concepts/overview/components.md
    2 pl content/pl/docs/concepts/overview/components.md
    3 en content/en/docs/tasks/_index.md /docs/old-tasks/
    4 pl content/pl/blog/post/index.md
    5 pl content/pl/blog/other/index.md
"""
HUGO_SUFFIX = """
    1 en content/about.md
    1 pl content/about.pl.md
    2 en content/version/index.md
    2 pl content/version/index.pl.md
    3 en content/only.md
"""
DOCUSAURUS = """
    1 en docs/intro.md
    1 ru i18n/ru/docusaurus-plugin-content-docs/current/intro.md
    2 en docs/guide/setup.md
    2 ru i18n/ru/docusaurus-plugin-content-docs/current/guide/setup.md
    3 en docs/guide/only.mdx
    4 en blog/news.md
    5 en versioned_docs/version-1.0/old.md
    6 ru i18n/ru/docusaurus-plugin-content-docs/version-1.0/start.md
    7 en src/pages/help.md
"""
VERSIONS = """
    1 en docs/guide/setup.md
    2 en versioned_docs/version-1.0/guide/setup.md
    2 ru i18n/ru/docusaurus-plugin-content-docs/version-1.0/guide/setup.md
    3 en versioned_docs/version-1.0/intro.md
    3 ru i18n/ru/docusaurus-plugin-content-docs/version-1.0/intro.md
    4 en docs/new.md
"""
MKDOCS_FOLDER = """
    1 en docs/en/docs/index.md
    1 pl docs/pl/docs/index.md
    2 en docs/en/docs/tutorial/first.md
    2 pl docs/pl/docs/tutorial/first.md
    3 en docs/en/docs/tutorial/second.md
"""
JEKYLL = """
    1 en _articles/best-practices.md /best-practices/
    1 pl _articles/pl/best-practices.md /pl/best-practices/
    2 en _articles/building-community.md /building-community/
    2 pl _articles/pl/building-community.md /pl/building-community/
    3 en _posts/2015-12-18-react-components.md
    4 en _docs/install.md
    5 en about.md /mba/
    6 en start.md welcome
"""
STARLIGHT = """
    1 en src/content/docs/getting-started.mdx
    1 ru src/content/docs/ru/getting-started.mdx
    2 en src/content/docs/guides/pages.md
    2 ru src/content/docs/ru/guides/pages.md
    3 en src/content/docs/guides/only.md
    4 ru src/content/docs/ru/guides/deploy/aws.md
"""
GITHUB = """
    1 en README.md
    1 pl README-pl.md
    1 pt-BR README-pt_BR.md
    2 en CONTRIBUTING.md
    2 pl CONTRIBUTING-pl.md
    3 en docs/usage.md
    3 ru docs/ru/usage.md
    4 en docs/README.md
    5 en guides/deep/x.md
"""
POLYGLOT = """
    1 en about.md about/
    1 ru about.ru.md about/
    2 en menu.md menu/
    2 ru ru/carte.md menu/
"""
HOLDERS = """
    1 en spec/v2.0.0.md
    1 pl lang/pl/spec/v2.0.0.md
    2 en spec/v1.0.0.md
    3 pl src/translations/polish/README.md
    3 ru src/translations/russian/README.md
    4 ru src/translations/russian/faq.md
"""
REPOSITORIES = """
    1 en site.org/content/docs/a.md docs/a.html
    1 pl pl.site.org/content/docs/a.md docs/a.html
    2 en site.org/content/docs/b.md docs/b.html
    2 pl pl.site.org/content/docs/b.md docs/b.html
    3 en site.org/content/docs/c.md docs/c.html docs/older.html
    4 en manual/docs/d.md
    4 ru manual.ru-ru/docs/d.md
    5 en manual/docs/e.md
"""
LESSONS = """
    1 en lessons/en/basics/strings.md
    1 pl lessons/pl/basics/strings.md
    2 en lessons/en/basics/enum.md
    2 pl lessons/pl/basics/enum.md
    3 en lessons/en/misc/plug.md
"""
MDN = """
    1 en files/en-us/web/html/element/a/index.md Web/HTML/Element/a
    1 ru files/ru/web/html/element/a/index.md Web/HTML/Element/a
    2 ru files/ru/web/html/element/b/index.md Web/HTML/Element/b
"""
TLDR = """
    1 en pages/common/tar.md
    1 pl pages.pl/common/tar.md
    2 en pages/common/docker-rm.md
    3 en pages/common/docker.md
    4 pl pages.pl/common/ls.md
"""
WIKI = """
    1 en notes/My_Note.md
    2 en notes/deep/Other Note.md
    3 pl notatki/Inna.md
""".replace("Other Note", "Other-Note")


@pytest.mark.parametrize(
    ("files", "source", "href", "article", "language"),
    [
        # Hugo, a folder for each language: "/" is that folder, one level above the files of a section.
        (HUGO, "content/pl/docs/concepts/overview/components.md", "/docs/concepts/overview/", 1, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/components.md", "/docs/concepts/overview", 1, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/components.md", "/docs/concepts/overview/#faq", 1, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "/pl/docs/concepts/overview/components/", 2, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "components", 2, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "./components.md", 2, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/components.md", "../", 1, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/components.md", '{{< ref "/docs/concepts/overview" >}}', 1, "pl"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", '{{% relref "components.md#faq" %}}', 2, "pl"),
        (HUGO, "content/pl/blog/post/index.md", '{{< relref path="components" >}}', 2, "pl"),
        (HUGO, "content/pl/blog/post/index.md", '{{< ref "other" >}}', 5, "pl"),
        (HUGO, "content/en/docs/concepts/overview/_index.md", "/docs/old-tasks/", 3, "en"),
        (HUGO_SUFFIX, "content/about.pl.md", "/version/", 2, "pl"),
        (HUGO_SUFFIX, "content/about.pl.md", "version/index.md", 2, "pl"),
        (HUGO_SUFFIX, "content/about.md", "version", 2, "en"),
        (HUGO_SUFFIX, "content/version/index.pl.md", "../about.pl.md", 1, "pl"),
        # Docusaurus: translations are in a separate tree, "/" is the content's root.
        (DOCUSAURUS, "i18n/ru/docusaurus-plugin-content-docs/current/intro.md", "./guide/setup.md", 2, "ru"),
        (DOCUSAURUS, "i18n/ru/docusaurus-plugin-content-docs/current/intro.md", "/guide/setup.md", 2, "ru"),
        (DOCUSAURUS, "i18n/ru/docusaurus-plugin-content-docs/current/intro.md", "@site/docs/guide/setup.md", 2, "ru"),
        (VERSIONS, "versioned_docs/version-1.0/intro.md", "/guide/setup.md", 2, "en"),
        (VERSIONS, "i18n/ru/docusaurus-plugin-content-docs/version-1.0/intro.md", "/guide/setup.md", 2, "ru"),
        (VERSIONS, "versioned_docs/version-1.0/intro.md", "/new.md", 4, "en"),
        (VERSIONS, "versioned_docs/version-1.0/intro.md", "@site/docs/guide/setup.md", 1, "en"),
        (DOCUSAURUS, "docs/guide/setup.md", "../intro", 1, "en"),
        (DOCUSAURUS, "docs/intro.md", "@site/blog/news.md", 4, "en"),
        # MkDocs, without the language in links.
        (MKDOCS_FOLDER, "docs/pl/docs/index.md", "tutorial/first.md", 2, "pl"),
        (MKDOCS_FOLDER, "docs/pl/docs/tutorial/first.md", "/", 1, "pl"),
        (MKDOCS_FOLDER, "docs/pl/docs/index.md", "/tutorial/first/", 2, "pl"),
        # Jekyll: against the address of the page; posts by date; tags.
        (JEKYLL, "_articles/pl/best-practices.md", "../building-community/#faq", 2, "pl"),
        (JEKYLL, "_articles/best-practices.md", "../building-community/", 2, "en"),
        (JEKYLL, "_articles/pl/best-practices.md", "/pl/building-community/", 2, "pl"),
        (JEKYLL, "about.md", "/blog/2015/12/18/react-components.html", 3, "en"),
        (JEKYLL, "about.md", "{% post_url 2015-12-18-react-components %}", 3, "en"),
        (JEKYLL, "about.md", "{{ site.baseurl }}{% link _docs/install.md %}", 4, "en"),
        (JEKYLL, "about.md", '{{ "/docs/install" | relative_url }}', 4, "en"),
        (JEKYLL, "about.md", "%7B%7Bsite.baseurl%7D%7D/docs/install/", 4, "en"),
        (JEKYLL, "_docs/install.md", "/mba", 5, "en"),
        (JEKYLL, "_docs/install.md", "/start", 6, "en"),
        (JEKYLL, "_docs/install.md", "/welcome/", 6, "en"),
        # Starlight: no folder for the default language; links are relative to the page's address.
        (STARLIGHT, "src/content/docs/ru/getting-started.mdx", "/ru/guides/pages/", 2, "ru"),
        (STARLIGHT, "src/content/docs/ru/getting-started.mdx", "../guides/pages/", 2, "ru"),
        (STARLIGHT, "src/content/docs/ru/guides/pages.md", "../deploy/aws/", 4, "ru"),
        (STARLIGHT, "src/content/docs/getting-started.mdx", "/guides/pages/", 2, "en"),
        # Repositories: a suffix in the name of a file.
        (GITHUB, "README-pl.md", "CONTRIBUTING-pl.md", 2, "pl"),
        (GITHUB, "README.md", "docs", 4, "en"),
        (GITHUB, "docs/usage.md", "/README.md", 1, "en"),
        (GITHUB, "docs/ru/usage.md", "usage.md", 3, "ru"),
        (GITHUB, "README.md", "<docs/usage.md>", 3, "en"),
        (GITHUB, "README.md", 'docs/usage.md "a title"', 3, "en"),
        (GITHUB, "README.md", "docs/usage.md?plain=1#faq", 3, "en"),
        (GITHUB, "README.md", "docs%5Cusage.md", 3, "en"),
        (GITHUB, "README.md", "docs/USAGE.MD", 3, "en"),
        (POLYGLOT, "about.ru.md", "/menu/", 2, "ru"),
        (POLYGLOT, "about.md", "/menu/", 2, "en"),
        # A folder that only holds languages; their names instead of codes.
        (HOLDERS, "lang/pl/spec/v2.0.0.md", "/lang/pl/spec/v2.0.0.html", 1, "pl"),
        (HOLDERS, "src/translations/russian/README.md", "faq.md", 4, "ru"),
        # A repository for each language.
        (REPOSITORIES, "pl.site.org/content/docs/a.md", "/docs/b.html#faq", 2, "pl"),
        (REPOSITORIES, "site.org/content/docs/a.md", "/docs/older.html", 3, "en"),
        (REPOSITORIES, "manual/docs/d.md", "~/docs/e.md", 5, "en"),
        # The language first in the address, though it is not first in the path.
        (LESSONS, "lessons/pl/basics/strings.md", "/pl/lessons/basics/enum", 2, "pl"),
        (LESSONS, "lessons/en/basics/strings.md", "en/lessons/basics/enum", 2, "en"),
        (MDN, "files/ru/web/html/element/b/index.md", "/ru/docs/Web/HTML/Element/a#faq", 1, "ru"),
        (TLDR, "pages.pl/common/ls.md", "tar.md", 1, "pl"),
        (TLDR, "pages/common/docker.md", "docker-rm", 2, "en"),
        (WIKI, "notes/deep/Other-Note.md", "[[My_Note]]", 1, "en"),
        (WIKI, "notes/My_Note.md", "[[Other Note#FAQ|seen]]", 2, "en"),
        (WIKI, "notes/My_Note.md", "[[deep/other note]]", 2, "en"),
    ],
)
def test_a_link_resolves_to_the_document_that_its_author_meant(
    files: str, source: str, href: str, article: int, language: str
) -> None:
    found = lead(files, source, href)
    assert found[:3] == ("here", article, language)
    assert found.note == ""
    assert found.section == ("3" if "faq" in href.lower().partition("#")[2] else None)


@pytest.mark.parametrize(
    ("files", "source", "href", "article", "language"),
    [
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "/docs/tasks/", 3, "en"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "/pl/docs/tasks/", 3, "en"),
        (HUGO, "content/pl/docs/concepts/overview/_index.md", "../../tasks/", 3, "en"),
        (HUGO_SUFFIX, "content/about.pl.md", "only.md", 3, "en"),
        (DOCUSAURUS, "i18n/ru/docusaurus-plugin-content-docs/current/guide/setup.md", "./only.mdx", 3, "en"),
        (DOCUSAURUS, "i18n/ru/docusaurus-plugin-content-docs/version-1.0/start.md", "old.md", 5, "en"),
        (MKDOCS_FOLDER, "docs/pl/docs/index.md", "tutorial/second.md", 3, "en"),
        (STARLIGHT, "src/content/docs/ru/guides/pages.md", "/ru/guides/only/", 3, "en"),
        (STARLIGHT, "src/content/docs/ru/guides/pages.md", "only.md", 3, "en"),
        (HOLDERS, "lang/pl/spec/v2.0.0.md", "v1.0.0.md", 2, "en"),
        (HOLDERS, "src/translations/polish/README.md", "faq.md", 4, "ru"),
        (REPOSITORIES, "pl.site.org/content/docs/a.md", "c.md", 3, "en"),
        (REPOSITORIES, "pl.site.org/content/docs/a.md", "/docs/c.html", 3, "en"),
        (REPOSITORIES, "manual.ru-ru/docs/d.md", "e.md", 5, "en"),
        (LESSONS, "lessons/pl/basics/strings.md", "/pl/lessons/misc/plug", 3, "en"),
        (TLDR, "pages.pl/common/ls.md", "docker.md", 3, "en"),
    ],
)
def test_a_link_to_an_untranslated_document_resolves_to_another_language(
    files: str, source: str, href: str, article: int, language: str
) -> None:
    assert lead(files, source, href) == ("other language only", article, language, None, "untranslated-target")


OVERVIEW = "content/pl/docs/concepts/overview/_index.md"


@pytest.mark.parametrize(
    ("files", "source", "href", "article", "language", "note"),
    [
        (GITHUB, "README-pl.md", "CONTRIBUTING.md", 2, "pl", "wrong-language-link"),
        (LESSONS, "lessons/pl/basics/strings.md", "/en/lessons/basics/enum", 2, "pl", "wrong-language-link"),
        (MKDOCS_FOLDER, "docs/pl/docs/index.md", "../../en/docs/tutorial/first.md", 2, "pl", "wrong-language-link"),
        # MkDocs and Hugo read a name without suffix as the name of all languages.
        (HUGO_SUFFIX, "content/version/index.pl.md", "../about.md", 1, "pl", ""),
        # What leads to another language of the same article is there to change the language.
        (GITHUB, "README-pl.md", "README.md", 1, "en", "translation-link"),
        (GITHUB, "README.md", "./README-pt_BR.md#intro", 1, "pt-BR", "untranslated-section"),
        (HUGO_SUFFIX, "content/about.pl.md", "about.md", 1, "en", "translation-link"),
        (HUGO, OVERVIEW, "/en/docs/concepts/overview/", 1, "en", "translation-link"),
        (HUGO, OVERVIEW, '{{< ref path="/docs/concepts/overview" lang="en" >}}', 1, "en", "translation-link"),
        (STARLIGHT, "src/content/docs/ru/guides/pages.md", "/en/guides/pages/", 2, "en", "translation-link"),
    ],
)
def test_a_link_that_names_a_language_says_so(
    files: str, source: str, href: str, article: int, language: str, note: str
) -> None:
    assert lead(files, source, href) == ("here", article, language, None, note)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("here", 1, "en", "3", "")),
        ("pl", ("here", 1, "pl", "3", "")),
        ("ru", ("other language only", 1, "en", "3", "untranslated-target")),
        ("pt", ("here", 1, "pt-BR", None, "untranslated-section")),
    ],
)
def test_a_link_follows_its_article_to_the_language_of_the_reader(language: str, expected: tuple[object, ...]) -> None:
    assert lead(GITHUB, "docs/usage.md", "../README.md#faq", language) == expected


@pytest.mark.parametrize(
    ("href", "section", "note"),
    [
        ("#wst%C4%99p", "1", ""),
        ("#wste\u0328p", "1", ""),
        ("#Pierwsze-Kroki", "2", ""),
        ("#pierwsze_kroki", "2", ""),
        ("#user-content-faq", "3", ""),
        ("#первые-шаги", "2", "anchor-of-other-language"),
        ("#first-steps", "2", "anchor-of-other-language"),
        ("components.md#first-steps", "2", "anchor-of-other-language"),
        ("#faq:~:text=word", "3", ""),
        ("#brak", None, "anchor-missing"),
        ("#", None, ""),
        ("", None, ""),
        ("#top", None, ""),
        ("?a=b", None, ""),
    ],
)
def test_an_anchor_opens_the_section_with_the_same_number(href: str, section: str | None, note: str) -> None:
    files = "1 en en/components.md\n1 pl pl/components.md\n1 ru ru/components.md"
    assert lead(files, "pl/components.md", href) == ("here", 1, "pl", section, note)


def test_an_anchor_of_a_section_that_was_not_translated_says_so() -> None:
    english, polish = library("1 en en/a.md\n1 pl pl/a.md")
    shorter = polish._replace(anchors=polish.anchors[:1], sections=polish.sections[:1])
    found = LinkResolver([english, shorter]).resolve("a.md#first-steps", shorter, "pl")
    assert found == ("here", 1, "pl", None, "untranslated-section")


@pytest.mark.parametrize(
    ("href", "note"),
    [
        ("https://example.com/docs/usage.md", ""),
        ("HTTP://example.com", ""),
        ("//example.com/x", ""),
        ("mailto:a@example.com", ""),
        ("tel:+48123", ""),
        ("www.example.com", ""),
        ("images/logo.png", ""),
        ("/assets/book.PDF", ""),
        ("../release.zip?raw=true", ""),
        ("src/main.py#L10", ""),
        ("LICENSE", ""),
        ("guides/", "folder"),
        ("/dotnet/api/system.string", "elsewhere"),
        ("{{ page.url }}", "template"),
        ("/docs/usage/{{< version >}}/", "template"),
    ],
)
def test_targets_that_are_not_in_the_library_are_external(href: str, note: str) -> None:
    assert lead(GITHUB, "README.md", href) == ("outside", None, None, None, note)


@pytest.mark.parametrize(
    ("href", "note"),
    [
        ("missing.md", "file-missing"),
        ("docs/missing", "page-missing"),
        ("/docs/missing/", "page-missing"),
        ("README-de.md", "file-missing"),
        ("guides.md", "file-missing"),
        ("guides/deep/2024/", "page-missing"),
        ("/guides/deep/2024/05/17/gone", "page-missing"),
        ("[[Nobody]]", "name-missing"),
        ('{{< ref "nobody" >}}', "name-missing"),
    ],
)
def test_links_to_missing_documents_are_broken(href: str, note: str) -> None:
    assert lead(GITHUB, "README.md", href) == ("nowhere", None, None, None, note)


@pytest.mark.parametrize(
    ("href", "note"),
    [
        ("/nothing", "elsewhere"),  # the site may make pages at its top: /search, /tags
        ("/pl/nothing", "elsewhere"),
        ("/docs/api/classes/a", "elsewhere"),  # no documents in that folder
        ("../../issues", "elsewhere"),
        ("../../../../etc/passwd", "elsewhere"),
        ("URL", "template"),
        ("ENGLISH_VERSION_URL", "template"),
        ("docs/${name}.md", "template"),
        ("{posts[0].url}", "template"),
        ("docs/<version>/x.md", "template"),
    ],
)
def test_what_the_site_may_have_is_not_called_broken(href: str, note: str) -> None:
    assert lead(GITHUB, "README.md", href) == ("outside", None, None, None, note)


def test_a_name_like_a_language_tag_is_still_a_name() -> None:
    files = "1 en pages/rm.md\n2 en pages/docker.md\n3 en pages/docker-rm.md\n4 en js/index.md\n5 en index.md"
    assert lead(files, "pages/docker.md", "docker-rm.md").article == 3
    assert lead(files, "pages/docker.md", "docker-ps.md").status == "nowhere"
    assert lead(files, "index.md", "js/").article == 4


def test_an_ambiguous_name_resolves_to_the_nearest_document_in_a_wiki_only() -> None:
    files = "1 en a/setup.md\n2 en b/setup.md\n3 en index.md\n4 en c/alone.md\n5 en b/x/y.md"
    assert lead(files, "index.md", "/setup").status == "outside"
    assert lead(files, "index.md", "[[setup]]").article == 1
    assert lead(files, "b/x/y.md", "[[setup]]").article == 2
    assert lead(files, "b/x/y.md", "[[a/setup]]").article == 1
    assert lead(files, "b/x/y.md", "[[c/setup]]").status == "nowhere"
    assert lead(files, "index.md", "/alone").article == 4


def test_an_ambiguous_name_resolves_to_the_language_of_the_source() -> None:
    files = "1 cs cs/a/Vlastnosti.md\n2 sk sk/Vlastnosti.md\n3 sk sk/b/x.md\n4 cs cs/y.md"
    assert lead(files, "sk/b/x.md", "[[Vlastnosti|vlastností]]").article == 2
    assert lead(files, "cs/y.md", "[[vlastnosti]]").article == 1


def test_a_file_and_the_index_of_a_folder_may_share_a_name() -> None:
    files = "1 en a.md\n2 en a/README.md\n3 en b/index.md\n4 en b/README.md\n5 en start.md"
    assert lead(files, "start.md", "a.md").article == 1
    assert lead(files, "start.md", "a/README.md").article == 2
    assert lead(files, "start.md", "b").article == 3
    assert lead(files, "start.md", "b/README.md").article == 4
    assert lead(files, "start.md", "b.md").status == "nowhere"


def test_the_spelling_of_a_name_decides_where_only_case_differs() -> None:
    files = "1 en Notes.md\n2 en notes.md\n3 en start.md"
    assert lead(files, "start.md", "Notes.md").article == 1
    assert lead(files, "start.md", "notes.md").article == 2


def test_two_folders_with_equal_paths_stay_apart() -> None:
    here = [target(1, "en", "a.md", "/x/"), target(2, "en", "b.md")]
    there = [t._replace(article=t.article + 2, root="/other") for t in here]
    resolver = LinkResolver([*there, *here])
    assert resolver.resolve("b.md", here[0], "en").article == 2
    assert resolver.resolve("/b", there[0], "en").article == 4
    assert resolver.resolve("/x/", there[1], "en").article == 3
    assert resolver.resolve("/x/", here[1], "en").article == 1


def test_an_address_belongs_to_the_document_that_lives_there_now() -> None:
    files = "1 en moved.md /new/ /old/\n2 en stays.md /old/\n3 en start.md"
    assert lead(files, "moved.md", "/old/").article == 2
    assert lead(files, "start.md", "/new/").article == 1
    assert lead(JEKYLL, "start.md", "missing").status == "nowhere"


def test_a_path_out_of_the_library_is_outside_even_if_a_document_has_its_name() -> None:
    source = target(1, "und", "und/a.md", root="/home/a/library")
    for href in ("../../../../../x.md", "../../../x.md"):
        assert LinkResolver([source]).resolve(href, source, "pl") == ("outside", None, None, None, "elsewhere")
        assert LinkResolver([source]).resolve(href.replace("x", "a"), source, "pl").status == "outside"
    assert LinkResolver([source]).resolve("/../x.md", source, "pl").status in ("outside", "nowhere")


def test_folders_of_one_language_each_are_one_library() -> None:
    polish = target(1, "pl", "a.md", root="/docs/pl")
    russian = target(2, "ru", "b.md", root="/docs/ru")
    found = LinkResolver([polish, russian]).resolve("b.md", polish, "pl")
    assert found == ("other language only", 2, "ru", None, "untranslated-target")


def test_links_of_a_document_outside_the_library_are_resolved() -> None:
    stranger = target(9, "pl", "new.md")
    resolver = LinkResolver(library("1 en a.md\n1 pl a-pl.md"))
    assert resolver.resolve("#faq", stranger, "pl") == ("here", 9, "pl", "3", "")
    assert resolver.resolve("a-pl.md", stranger, "pl") == ("here", 1, "pl", None, "")
    assert LinkResolver([]).resolve("a.md", stranger, "pl").status == "nowhere"


PIECES = st.sampled_from(
    "/|.|..|#|?|%|%zz|%C4|%00|\0|a|README|.md|.html|index|pl|en|docs|{{|}}|{%|%}|{{<|>}}|ref |lang=|\"|'|[[|]]|||<|>| "
    "|\\|:|//|@site/|~|-pl|ё|\u0301|\udcff|http:|\n|2015/12/18/|_|(".split("|")
)


@given(
    href=st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)),
    source=st.sampled_from(library(GITHUB) + library(JEKYLL)),
    language=st.sampled_from(["en", "pl", "ru", "und", "", "pt"]),
)
def test_no_target_raises_and_every_answer_is_consistent(href: str, source: Target, language: str) -> None:
    found = RESOLVER.resolve(href, source, language)
    assert found.status in ("here", "other language only", "nowhere", "outside")
    assert (found.article is None) == (found.language is None) == (found.status in ("nowhere", "outside"))
    assert found.section is None or found.article is not None
    assert found == RESOLVER.resolve(href, source, language)


RESOLVER = LinkResolver(library(GITHUB) + [t._replace(article=t.article + 10) for t in library(JEKYLL)])


@given(
    paths=st.lists(st.text(st.sampled_from("ab/.-_ plruEN\udcff"), min_size=1, max_size=20), max_size=8),
    permalinks=st.lists(st.text(max_size=12), max_size=3),
)
def test_any_set_of_paths_makes_a_resolver(paths: list[str], permalinks: list[str]) -> None:
    targets = [Target(i, "pl", ROOT, path, tuple(permalinks), ("a",), ()) for i, path in enumerate(paths)]
    resolver = LinkResolver(targets)
    for one in targets:
        for href in ("", "#a", "x", "/x", "../x.md", *permalinks, *paths):
            resolver.resolve(href, one, "pl")


def many_links(size: int) -> Callable[[], None]:
    """Return what resolves four times as many links as there are articles."""
    files = [f"content/{tag}/docs/s{n % 40}/p{n}.md" for n in range(size) for tag in ("en", "pl")]
    targets = [target(index // 2, path[8:10], path) for index, path in enumerate(files)]

    def resolve() -> None:
        resolver = LinkResolver(targets)
        for n in range(4 * size):
            resolver.resolve(f"/docs/s{n % size % 40}/p{n % size}/", targets[n % len(targets)], "pl")
            resolver.resolve(f"/docs/s{n % 40}/q{n}/#x", targets[n % len(targets)], "pl")

    return resolve


@pytest.mark.slow
def test_a_link_in_a_large_library_takes_no_more_work_than_in_a_small_one() -> None:
    assert growth(many_links, 60) < 2.2


# What a document gives the resolver.


def parse(text: str) -> Document:
    return parse_document(text, ROOT, "notes/a.md")


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("First steps", "first-steps"),
        ("  First   steps ", "first---steps"),
        ("What's `new` in 2.0?", "whats-new-in-20"),
        ("Kim jest doradca klienta?", "kim-jest-doradca-klienta"),
        ("Żółć — i już", "żółć--i-już"),
        ("Что такое менеджер?", "что-такое-менеджер"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("世界，你好", "世界你好"),
        ("snake_case and-dashes", "snake_case-and-dashes"),
        ("🚀 Start", "-start"),
        ("x² ½ Ⅳ", "x--ⅳ"),
        ("a\tb", "ab"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_slugs_are_those_of_github(heading: str, slug: str) -> None:
    assert slug_of_heading(heading) == slug


@given(st.text())
def test_a_slug_needs_no_quoting(heading: str) -> None:
    assert re.fullmatch(r"[^\s#?%/\"'<>()\[\]]*", slug_of_heading(heading))


def test_a_target_knows_the_anchors_of_its_document() -> None:
    text = "---\npermalink: /x/\n---\n# Title\n\nintro"
    text += "\n\n## One {#first}\n\n## Two\n\n> ### Two\n\n## Two\n\n<a name='old'></a>\n## Three\n"
    made = target_of(parse(text), 7)
    assert (made.article, made.root, made.path, made.permalinks) == (7, ROOT, "notes/a.md", ("/x/",))
    assert list(zip(made.anchors, made.sections, strict=True)) == [
        ("first", "1"),
        ("one", "1"),
        ("two", "2"),
        ("two-1", "2"),
        ("two-2", "3"),
        ("old", "4"),
        ("three", "4"),
        ("title", "0"),
    ]


def test_a_document_without_text_has_the_anchor_of_its_title_if_any() -> None:
    assert target_of(parse("# Title"), 1).anchors == ("title",)
    assert target_of(parse(""), 1).anchors == ()


def test_the_links_of_a_document_come_in_reading_order() -> None:
    text = """---
title: T
---
# T

See [one *and* two](a.md) and <https://x.example>, ![not this](b.png).

- [three](c.md "title")
  - [three again](c.md) [four][ref]

| a | b |
|---|---|
| [five](d.md) | x |
| x | [six](/e) |

> ## [seven](#f)

`[not](this)` and \\[nor\\](that)

    [nor](this)

<a href="g.md">eight</a>

[ref]: h.md
"""
    assert list(links_of(parse(text))) == [
        ("one and two", "a.md", 6),
        ("https://x.example", "https://x.example", 6),
        ("three", "c.md", 8),
        ("three again", "c.md", 9),
        ("four", "h.md", 9),
        ("five", "d.md", 13),
        ("six", "/e", 14),
        ("seven", "#f", 16),
        ("eight", "g.md", 22),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[![a](b.png)](c) [d ![e](f.png) g](h)", [("a", "c"), ("d e g", "h")]),
        ('[a]({{< ref "x.md" >}})', [("a", '{{< ref "x.md" >}}')]),
        ('[a]({{% relref "x" %}}#b) [c](d)', [("a", '{{% relref "x" %}}#b'), ("c", "d")]),
        ("[a]({% link _docs/x.md %})", [("a", "{% link _docs/x.md %}")]),
        ('[a](/docs/{{< param "v" >}}/)', [("a", '/docs/{{< param "v" >}}/')]),
        ("see [[Note]] and [[Note#Part|that]]", [("Note", "[[Note]]"), ("that", "[[Note#Part|that]]")]),
        ("![[embedded.png]] [[ -f x ]] [[]]", []),
        ("`[[code]]`", []),
    ],
)
def test_shortcodes_and_wiki_links_are_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert [link[:2] for link in links_of(parse(text))] == expected


@given(st.lists(st.sampled_from(["[", "]", "(", ")", "{{", "}}", "{%", "%}", "x", " ", "|", "[[", "]]"]), max_size=60))
def test_no_text_keeps_the_search_for_links_busy(parts: list[str]) -> None:
    document = parse("".join(parts))
    # A wiki link takes 250 steps for each of its two or three parts.
    assert count_steps(lambda: list(links_of(document))) < 1000 + 400 * len(parts)


@pytest.mark.parametrize("part", ["[", "[[", "{{", "{%", "[x](", "|", "[[x|"])
def test_many_unclosed_links_take_linear_time(part: str) -> None:
    def search(size: int) -> Callable[[], object]:
        document = parse(part * size)
        return lambda: list(links_of(document))

    assert growth(search, 100) < 2.2


# Real repositories: what is known to be there is found.

FEWEST_HERE = {
    "djangogirls": 54,
    "electron": 165,
    "elixirschool": 75,
    "kubernetes": 11,
    "nuget": 206,
    "reactjs": 1940,
    "twelve_factor": 86,
}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["twelve_factor", *slow(*sorted({*FEWEST_HERE} - {"twelve_factor"}))])
def test_the_links_of_real_repositories_are_resolved(source: str) -> None:
    rows = [row.split("\t") for name in ("manifest", "extras") for row in _lines(f"{source}.{name}.tsv")]
    of_path = {PurePosixPath(path).relative_to(f"raw/{source}").as_posix(): (key, tag) for key, tag, path, *_ in rows}
    numbers = {key: number for number, (key, _) in enumerate(of_path.values())}
    documents = []
    for file in scan(shared("corpora", "raw", source), []):
        assert isinstance(file, FoundFile)
        key, tag = of_path[file.path]
        text, _ = read_text(file.root, file.path)
        document = parse_document(text, file.root, file.path)._replace(language=tag)
        documents.append((target_of(document, numbers[key]), document))
    resolver = LinkResolver(target for target, _ in documents)
    found = [resolver.resolve(href, t, t.language) for t, document in documents for _, href, _ in links_of(document)]
    assert sum(one.status == "here" for one in found) >= FEWEST_HERE[source]


def _lines(name: str) -> list[str]:
    return shared("corpora", name).read_text(encoding="utf-8").splitlines()


ORDERED = """
    1 en docs/01-start/02-install.md
    1 pl i18n/pl/docusaurus-plugin-content-docs/current/01-start/02-install.md
    2 en docs/start.md begin
    3 en website/docs/guide/deep/page.md
    4 en blog/2024-05-17-news.md
    5 en blog/2025-05-17-news.md
    6 en docs/12-factor.md
    7 pl i18n/pl/docusaurus-plugin-content-docs/current/other.md
"""


@pytest.mark.parametrize(
    ("source", "href", "article"),
    [
        ("docs/start.md", "start/install", 1),  # numbers that order files are in no address
        ("docs/start.md", "/docs/start/install", 1),
        ("docs/start.md", "01-start/02-install.md", 1),
        ("docs/start.md", "12-factor", 6),
        ("docs/start.md", "/docs/12-factor", 6),
        ("docs/01-start/02-install.md", "../begin", 2),
        ("docs/start.md", "/base/guide/deep/page", 3),  # below a folder of the site
        ("docs/start.md", "/guide/deep/page.html", 3),
        ("docs/start.md", "/blog/2024/05/17/news", 4),
        ("docs/start.md", "/news/2025/05/17/news.html", 5),
        ("docs/start.md", "#/guide/deep/page?id=x", 3),  # Docsify
        ("i18n/pl/docusaurus-plugin-content-docs/current/01-start/02-install.md", "other.md", 7),  # below docs/
        ("docs/01-start/02-install.md", "start.md", 2),
    ],
)
def test_an_address_may_lack_what_orders_files_and_have_what_the_site_adds(
    source: str, href: str, article: int
) -> None:
    assert lead(ORDERED, source, href).article == article


def test_one_equal_name_below_an_unknown_folder_is_not_enough() -> None:
    assert lead(ORDERED, "docs/start.md", "/other/site/page").status == "outside"
    assert lead(ORDERED, "docs/start.md", "/docs/01-start/page").status == "nowhere"


@pytest.mark.parametrize("mark", ["[[toc]]", "[[TOC]]", "[[_TOC_]]"])
def test_the_mark_of_a_table_of_contents_is_no_link(mark: str) -> None:
    document = parse_document(f"# A\n\n{mark}\n\n[[toc tips]]\n", ROOT, "a.md")
    assert [href for _, href, _ in links_of(document)] == ["[[toc tips]]"]


def test_double_brackets_are_links_where_some_of_the_document_name_another() -> None:
    targets = library("1 en a.md\n2 en b.md")
    resolver = LinkResolver(targets)
    assert [found.status for found in resolver.resolve_all(["[[b]]", "[[Bug #1]]"], targets[0], "en")] == [
        "here",
        "nowhere",
    ]
    assert [found.status for found in resolver.resolve_all(["b.md", "[[Bug #1]]"], targets[0], "en")] == [
        "here",
        "outside",
    ]


def test_the_links_of_a_fragment_are_relative_to_the_pages_that_include_it() -> None:
    files = "1 en docs/_includes/part.md\n2 en docs/page.md\n3 en docs/_part.md\n4 en docs/_index.md"
    for source in ("docs/_includes/part.md", "docs/_part.md"):
        assert lead(files, source, "../gone/").status == "outside"
        assert lead(files, source, "gone.md").status == "nowhere"
    assert lead(files, "docs/_index.md", "gone/").status == "nowhere"


def test_addresses_of_the_front_matter_are_those_of_all_generators() -> None:
    text = (
        "---\nid: installation\nredirects:\n  - { from: /old, to: /new }\n  - /older\naliases: [Old Name]\n---\n# A\n"
    )
    assert parse_document(text, ROOT, "docs/a.md").permalinks == ("installation", "Old Name", "/old", "/older")


def test_a_folder_around_the_document_is_not_the_top_of_a_site() -> None:
    files = "1 en packages/tool/docs/guide/a.md\n2 en packages/tool/src/b.md\n3 en packages/tool/docs/c.md"
    assert lead(files, "packages/tool/docs/c.md", "/tool/v2/").status == "outside"
    assert lead(files, "packages/tool/docs/c.md", "/guide/gone").status == "nowhere"
    assert lead(files, "packages/tool/src/b.md", "/packages/tool/gone").status == "nowhere"
