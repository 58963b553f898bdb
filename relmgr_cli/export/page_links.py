"""Resolves the links within a page of several articles.

Where a link leads is known when all articles have been read. Until then its target is a number, which `resolve`
replaces: with the place in the page, or with nothing if it is not there.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.links.address import read_address
from relmgr_cli.corpus.links.resolver import LinkResolver
from relmgr_cli.corpus.links.targets import Target, target_of
from relmgr_cli.export.block_html import html_text
from relmgr_cli.export.targets import safe_target
from relmgr_cli.terminal.sanitize import sanitize

_NUMBERED = re.compile(r' href="#:([0-9]{1,9}):"')
_SAFE = "/:.-_~!$'()*+,;=@"  # not percent-encoded in a fragment


class PageLinks:
    """The links of a page, and the places that they may lead to."""

    def __init__(self) -> None:
        """No article is known yet."""
        self._names: list[str] = []  # of articles, by their number
        self._taken: set[str] = set()
        self._sections: list[frozenset[str]] = []  # of articles: the sections that have a place
        self._targets: list[Target] = []
        self._numbers: dict[tuple[str, str], int] = {}  # root and path of a document -> index of its target
        self._links: list[tuple[str, int]] = []  # target as written, and the number of the document

    def add(self, article: Article) -> str:
        """Make the places of an article known; return its name, an id of HTML."""
        name = base = html_id(article.id)
        count = 1
        while name in self._taken:
            count += 1
            name = f"{base}~{count}"
        self._taken.add(name)
        number = len(self._names)
        self._names.append(name)
        self._sections.append(frozenset(each.number for each in article.sections if each.level))
        for document in article.documents.values():
            self._numbers[document.root, document.path] = len(self._targets)
            self._targets.append(target_of(document, number))
        return name

    def target(self, href: str, document: Document) -> str:
        """Return the target of a link in a document of an article that was added: an address or a number."""
        if not read_address(href):
            return safe_target(href)
        self._links.append((href, self._numbers[document.root, document.path]))
        return f"#:{len(self._links) - 1}:"

    def resolve(self, parts: list[str]) -> Iterator[str]:
        """Yield the parts of a page with all links resolved."""
        places = self._places()

        def replaced(match: re.Match[str]) -> str:
            place = places[int(match[1])] if int(match[1]) < len(places) else ""
            return f' href="{html_text(fragment(place))}"' if place else ""

        for part in parts:
            yield _NUMBERED.sub(replaced, part)

    def _places(self) -> list[str]:
        """Return the id of the place that each link leads to; "" for none."""
        resolver = LinkResolver(self._targets)
        by_document: dict[int, list[int]] = {}
        for index, (_, number) in enumerate(self._links):
            by_document.setdefault(number, []).append(index)
        places = [""] * len(self._links)
        for number, indexes in by_document.items():
            source = self._targets[number]
            found = resolver.resolve_all([self._links[index][0] for index in indexes], source, source.language)
            for index, resolved in zip(indexes, found, strict=True):
                if resolved.article is not None:
                    places[index] = self._place(resolved.article, resolved.section)
        return places

    def _place(self, article: int, section: str | None) -> str:
        name = self._names[article]
        return section_id(name, section) if section in self._sections[article] else name


def html_id(text: str) -> str:
    """Return a text as an id: without white space, and never empty."""
    return "-".join(sanitize(text).split()) or "-"


def section_id(name: str, section: str | None) -> str:
    """Return the id of a section of the article with a name."""
    return f"{name}:{section}"


def fragment(name: str) -> str:
    """Return the address of an id within its page."""
    return "#" + quote(name, safe=_SAFE)
