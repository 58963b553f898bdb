"""Links within an exported page."""

import re

from conftest import articles_of

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.export.page_links import PageLinks, fragment, html_id


def document(path: str, text: str) -> Document:
    return parse_document(text, "/lib", path)._replace(language="en")


def resolved(documents: list[Document], source: Document, *hrefs: str) -> list[str]:
    """Return where links of a document lead in a page of all documents; "" for nowhere."""
    links = PageLinks()
    for article in articles_of(documents):
        links.add(article)
    parts = [f'<a href="{target}">' for href in hrefs if (target := links.target(href, source))]
    return [match[1] or "" for part in links.resolve(parts) if (match := re.fullmatch(r'<a(?: href="(.*)")?>', part))]


A = document("a.md", "# A\n\n## One\n\nText.\n\n### Two\n\nText.\n")
B = document("sub folder/b c.md", "# B\n\n## Ümlaut\n\nText.\n")


def test_links_lead_to_articles_and_sections() -> None:
    hrefs = ("sub%20folder/b%20c.md", "sub%20folder/b%20c.md#ümlaut", "#one", "a.md#two", "#no-such-heading", "gone.md")
    name = html_id("sub folder/b c")
    assert resolved([A, B], A, *hrefs) == [f"#{name}", f"#{name}:1", "#a:1", "#a:1.1", "#a", ""]


def test_a_target_that_looks_like_a_number_is_a_link_as_any_other() -> None:
    assert resolved([A, B], A, "#:0:", "#:7:", "a.md") == ["#a", "#a", "#a"]


def test_addresses_stay_and_unsafe_ones_are_none() -> None:
    assert resolved([A], A, "https://example.org/a?b#c", "javascript:alert(1)", "mailto:a@example.org") == [
        "https://example.org/a?b#c",
        "mailto:a@example.org",
    ]


def test_names_of_articles_are_unique() -> None:
    links = PageLinks()
    (one,) = articles_of([document("a b.md", "# A\n\nText.\n")])
    (other,) = articles_of([document("a-b.md", "# A\n\nText.\n")])
    assert [links.add(one), links.add(other), links.add(one)] == ["a-b", "a-b~2", "a-b~3"]


def test_a_fragment_is_percent_encoded() -> None:
    assert fragment('ü"<&%') == "#%C3%BC%22%3C%26%25"
