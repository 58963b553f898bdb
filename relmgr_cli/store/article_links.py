"""Where the links of a document lead: resolved against the whole library."""

import os
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.links.resolver import LinkResolver, Resolved
from relmgr_cli.corpus.links.targets import Target, links_of
from relmgr_cli.store.codec import unpack, unpack_summary
from relmgr_cli.store.database import Database


class ResolvedLink(NamedTuple):
    """A link of a document and where it leads."""

    text: str
    href: str  # as written
    line: int  # 1-based, in the file
    resolved: Resolved
    title: str  # of the article it leads to, in the language it leads to; "" without
    target: str = ""  # the id of that article; "" without


def article_links(
    database: Database, article: Article, language: str, *, with_sections: bool = True
) -> tuple[ResolvedLink, ...]:
    """Return the links of an article in one language, in reading order, and where they lead a reader of it.

    Without sections only the articles they lead to are told, in half the time.
    """
    document = article.documents[language]
    links = tuple(links_of(document))
    if not links:
        return ()
    titles, targets = {}, {}
    for number, root, path, spoken, about, anchors in database.rows(
        "SELECT article, root, path, language, summary, targets FROM documents WHERE article IS NOT NULL"
    ):
        summary = unpack_summary(about)
        titles[number, spoken] = summary.title
        place = (os.fsdecode(root), os.fsdecode(path))
        names, sections = unpack(anchors) if with_sections else ((), ())
        targets[place] = Target(number, spoken, *place, tuple(summary.permalinks), tuple(names), tuple(sections))
    ids = dict(database.rows("SELECT number, id FROM articles"))
    resolver = LinkResolver(targets.values())
    source = targets[document.root, document.path]
    found = []
    for text, href, line in links:
        resolved = resolver.resolve(href, source, language)
        title = titles.get((resolved.article, resolved.language), "") if resolved.article is not None else ""
        found.append(ResolvedLink(text, href, line, resolved, title, ids.get(resolved.article, "")))
    return tuple(found)
