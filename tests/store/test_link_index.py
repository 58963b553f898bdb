"""The links of a page lead to the same documents, whether all documents are read or only those they may lead to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.links.resolver import LinkResolver
from relmgr_cli.errors import RelmgrError
from relmgr_cli.store import link_index
from relmgr_cli.store.articles import load_article, load_document
from relmgr_cli.store.database import Database, in_memory
from relmgr_cli.store.links import article_links, library_links
from relmgr_cli.store.sync import sync

FILES = {
    "README.md": "# Start\n\nText of the first page, with words enough.",
    "docs/index.md": "# Docs\n\nAll of the documents are below this page.",
    "docs/guide/01-intro.md": "---\nslug: welcome\naliases: [/old/intro, Other Name]\n---\n# Introduction\n\nWords.",
    "docs/guide/next.md": "# Next\n\n## Steps\n\nMore of the words in English, as before.",
    "docs/pl/index.md": "# Dokumenty\n\nWszystkie dokumenty są poniżej tej strony, jak zawsze.",
    "docs/pl/guide/next.md": "# Dalej\n\n## Kroki\n\nWięcej słów po polsku, tak jak przedtem.",
    "blog/_posts/2024-05-17-news.md": "# News\n\nThere is something new in the library today.",
    "blog/README.md": "---\npermalink: /\n---\n# Blog\n\nNews and other things are here.",
    "wiki/A Note.md": "# A note\n\nThis is a note, and it is short.",
}
HREFS = """
next.md ../guide/next /docs/guide/next/ /pl/guide/next /docs/pl/guide/next#kroki welcome /docs/guide/intro /old/intro
/blog/2024/05/17/news.html /news . .. ./ ../ / /pl/ pl /docs/ /docs/index.html index.md ../index README.md ../README.md
gone.md /docs/guide/gone #steps #/guide/next
guide/next.md docs/guide/next.md _posts/2024-05-17-news /news-gone x/y /x/guide/next 2024-05-17-news.md ?a=b
""".split()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Path]]:
    folder = tmp_path_factory.mktemp("links") / "library"
    links = " and ".join(f"[x]({href})" for href in HREFS)
    wiki = "[[A Note]], [[Other Name|x]], [[wiki/a note]], [[next#Steps]], [[gone]]"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f'{text}\n\nSee {links}, {wiki} and {{{{< ref "next" >}}}}.\n')
    database = in_memory()
    sync(database, [folder])
    yield database, folder
    database.close()


def page_links(database: Database, path: str) -> tuple[object, ...]:
    (found,) = [each for each in library_links(database) if each.path == path]
    return found.links


@pytest.mark.parametrize("path", FILES)
def test_reading_only_the_documents_that_links_may_lead_to_makes_no_difference(
    library: tuple[Database, Path], path: str
) -> None:
    database, _ = library
    ((number, language),) = database.rows("SELECT article, language FROM documents WHERE path = ?", (path.encode(),))
    document = load_document(database, number, language)
    assert document
    article = Article("x", {language: document}, (), (), None, "")
    found = article_links(database, article, language)
    assert found == page_links(database, path)
    assert len(found) > 30
    without = article_links(database, article, language, with_sections=False)
    assert [(link.title, link.target) for link in without] == [(link.title, link.target) for link in found]
    inside = {link.resolved.article for link in found} - {None}
    assert len(inside) > 3


PART = st.sampled_from(
    ["docs", "pl", "guide", "next", "01-intro", "intro", "a-note", "index", "..", ".", "blog", "x", ""]
)
HREF = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "/", "./", "../"]),
    st.lists(PART, max_size=4).map("/".join),
    st.sampled_from(["", ".md", "/", ".html"]),
)


@given(href=HREF, path=st.sampled_from([*FILES]))
def test_every_address_leads_to_the_same_document(library: tuple[Database, Path], href: str, path: str) -> None:
    database, _ = library
    link_index.update_link_index(database)
    everything = [each.target for each in link_index.all_targets(database, with_anchors=True)]
    source = next(target for target in everything if target.path == path)
    known, layout = link_index.targets_of_links(database, source, [href], with_anchors=True)
    some = LinkResolver([each.target for each in known], layout)
    assert some.resolve(href, source, "pl") == LinkResolver(everything).resolve(href, source, "pl")


def test_the_index_is_built_when_articles_have_changed_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("# A\n\nSee [b](b.md).\n")
    database = in_memory()
    sync(database, [tmp_path])
    article = load_article(database, 1)
    language = next(iter(article.documents))
    assert [link.title for link in article_links(database, article, language)] == [""]
    (tmp_path / "b.md").write_text("# The other\n\nText.\n")
    sync(database, [tmp_path])
    assert [link.title for link in article_links(database, article, language)] == ["The other"]
    monkeypatch.setattr(link_index, "_build", None)
    assert [link.title for link in article_links(database, article, language)] == ["The other"]
    database.close()


def test_an_article_that_is_gone_is_an_error_of_the_request(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nSee [b](b.md).\n")
    (tmp_path / "b.md").write_text("# B\n\nSee [a](a.md).\n")
    database = in_memory()
    sync(database, [tmp_path])
    article = load_article(database, 1)
    language = next(iter(article.documents))
    (tmp_path / article.documents[language].path).unlink()
    sync(database, [tmp_path])
    with pytest.raises(RelmgrError):
        article_links(database, article, language)
    database.close()
