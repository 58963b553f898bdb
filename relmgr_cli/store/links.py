"""Resolves the links of one article, or of the whole library."""

import os
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.store.codec import unpack
from relmgr_cli.store.database import Database
from relmgr_cli.store.schema import HAS_ARTICLE

if TYPE_CHECKING:
    from relmgr_cli.corpus.links.resolver import LinkResolver
    from relmgr_cli.corpus.links.result import Resolved
    from relmgr_cli.corpus.links.targets import Target
    from relmgr_cli.store.link_index import KnownTarget

Link = tuple[str, str, int]  # text, target as written, line


class ResolvedLink(NamedTuple):
    """A link of a document and its target."""

    text: str
    href: str  # as written
    line: int  # 1-based, in the file
    resolved: "Resolved"
    title: str  # of the article it leads to, in the language it leads to; "" without
    target: str = ""  # the id of that article; "" without


class DocumentLinks(NamedTuple):
    """The links of one document."""

    article: str  # its id
    language: str
    root: str
    path: str
    links: tuple[ResolvedLink, ...]  # in reading order


def article_links(
    database: Database,
    article: Article,
    language: str,
    *,
    with_sections: bool = True,
    watched: list[str] | None = None,
) -> tuple[ResolvedLink, ...]:
    """Return the links of an article in one language, in reading order, resolved against the whole library.

    Without sections only the target articles are found, which is quicker. The files and folders besides the documents
    that the answer depends on get added to `watched`. Raises LibraryChangedError.
    """
    from relmgr_cli.corpus.links.resolver import LinkResolver
    from relmgr_cli.corpus.links.targets import links_of
    from relmgr_cli.store.link_index import target_at, targets_of_links, update_link_index

    document = article.documents[language]
    links = tuple(links_of(document))
    if not links:
        return ()
    update_link_index(database)
    source = target_at(database, document.root, document.path)
    hrefs = [href for _, href, _ in links]
    known, layout = targets_of_links(database, source, hrefs, with_anchors=with_sections)
    resolver = LinkResolver((each.target for each in known), layout)
    found = _Titles(database, known).resolve(resolver, links, source, language)
    if watched is not None:
        watched += resolver.consulted
    return found


def library_links(
    database: Database,
    languages: Collection[str] = (),
    files: Collection[tuple[str, str]] | None = None,
    *,
    watched: list[str] | None = None,
) -> Iterator[DocumentLinks]:
    """Yield the links of all documents in these languages, by root and path; no language is all of them.

    `files` are the root and path of the only documents to read. Each link is resolved for a reader of its language.
    What else the answers depend on gets added to `watched` at the end.
    """
    from relmgr_cli.corpus.links.resolver import LinkResolver
    from relmgr_cli.store.link_index import all_targets

    with database.reading():
        known = list(all_targets(database, with_anchors=True))
        query = f"SELECT root, path, targets FROM documents WHERE {HAS_ARTICLE} ORDER BY root, path"  # noqa: S608
        titles = _Titles(database, known)
        sources = {(each.target.root, each.target.path): each.target for each in known}
        rows = database.rows(query)
    resolver = LinkResolver(each.target for each in known)
    for root, path, data in rows:
        address = (os.fsdecode(root), os.fsdecode(path))
        source = sources[address]
        if (languages and source.language not in languages) or (files is not None and address not in files):
            continue
        links = [(text, href, line) for text, href, line in unpack(data)[2]]
        found = titles.resolve(resolver, links, source, source.language) if links else ()
        yield DocumentLinks(titles.ids.get(source.article, ""), source.language, *address, found)
    if watched is not None:
        watched += resolver.consulted


class _Titles:
    """The titles and ids of the articles that links may lead to."""

    def __init__(self, database: Database, known: "Sequence[KnownTarget]") -> None:
        self._titles = {(each.target.article, each.target.language): each.title for each in reversed(known)}
        self.ids: dict[int, str] = dict(database.rows("SELECT number, id FROM articles"))

    def resolve(
        self, resolver: "LinkResolver", links: Sequence[Link], source: "Target", language: str
    ) -> tuple[ResolvedLink, ...]:
        all_resolved = resolver.resolve_all([href for _, href, _ in links], source, language)
        return tuple(
            ResolvedLink(*link, resolved, self._title(resolved), self.ids.get(resolved.article or 0, ""))
            for link, resolved in zip(links, all_resolved, strict=True)
        )

    def _title(self, resolved: "Resolved") -> str:
        return self._titles.get((resolved.article or 0, resolved.language or ""), "")
