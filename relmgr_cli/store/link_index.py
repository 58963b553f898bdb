"""Finds the documents that the links of a page may lead to, without reading all of a large library.

The index has every last part of a path or address under which a document is found, and the layout of the whole library.
It is built when links are first resolved after the articles have changed.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.links.address import read_address
from relmgr_cli.corpus.links.path_index import Layout, PathIndex
from relmgr_cli.corpus.links.path_languages import PathLanguages
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.store.article_builder import LibraryChangedError
from relmgr_cli.store.codec import MAX_PARAMETERS, pack, unpack, unpack_summary
from relmgr_cli.store.database import Database, with_memory_fallback
from relmgr_cli.store.schema import ARTICLE_OF_DOCUMENT, HAS_ARTICLE

_COLUMNS = f"id, {ARTICLE_OF_DOCUMENT}, copy_of IS NOT NULL, root, path, language, summary"


class KnownTarget(NamedTuple):
    """A document that a link may lead to."""

    is_copy: bool  # a second copy, whose article is that of its original
    id: int
    target: Target
    title: str


def all_targets(database: Database, *, with_anchors: bool) -> Iterator[KnownTarget]:
    """Yield all documents in the order of their ids, second copies last."""
    yield from _targets(database, f"{HAS_ARTICLE} ORDER BY copy_of IS NOT NULL, id", with_anchors=with_anchors)


def target_at(database: Database, root: str, path: str) -> Target:
    """Return the document at a path. Raises LibraryChangedError if it was just deleted."""
    condition = f"root = ? AND path = ? AND {HAS_ARTICLE}"
    found = list(_targets(database, condition, (os.fsencode(root), os.fsencode(path)), with_anchors=False))
    if not found:
        raise LibraryChangedError
    return found[0].target


def targets_of_links(
    database: Database, source: Target, hrefs: Iterable[str], *, with_anchors: bool
) -> tuple[list[KnownTarget], Layout]:
    """Return the documents that the links of a document may lead to, with their translations, and the layout."""
    with database.reading():
        layout = _load_layout(database)
        index = PathIndex([source], layout)
        addresses = filter(None, map(read_address, set(hrefs)))
        names = {name for address in addresses for name in index.names_wanted(address, source)}
        articles = {source.article}
        for part in _parts(list(map(_encode, sorted(names)))):
            documents = f"SELECT document FROM link_names WHERE name IN ({_marks(part)})"  # noqa: S608 (constants)
            query = f"SELECT DISTINCT {ARTICLE_OF_DOCUMENT} FROM documents WHERE id IN ({documents})"  # noqa: S608
            articles.update(article for (article,) in database.rows(query, part) if article is not None)
        found: list[KnownTarget] = []
        for some in _parts(sorted(articles)):
            members = f"article IN ({_marks(some)})"
            copies = f"copy_of IN (SELECT id FROM documents WHERE {members})"  # noqa: S608 (constants)
            for condition in (members, copies):
                found += _targets(database, condition, some, with_anchors=with_anchors)
    return sorted(found), layout


def _encode(name: str) -> bytes:
    """Return a name as SQLite stores it: one from a front matter may have any characters."""
    return name.encode("utf-8", "surrogatepass")


def update_link_index(database: Database) -> None:
    """Build the index unless it is current; if it cannot be written, on a copy in memory."""
    if database.get("links_version") != database.get("articles_version"):
        with_memory_fallback(database, lambda: _build(database))


def _build(database: Database) -> None:
    with database.writing() as connection:
        version = database.get("articles_version")
        if database.get("links_version") == version:  # another process has built it meanwhile
            return
        known = list(all_targets(database, with_anchors=False))
        index = PathIndex(each.target for each in known)
        rows = [(_encode(name), each.id) for each in known for name in index.names_of(each.target)]
        connection.execute("DELETE FROM link_names")
        connection.executemany("INSERT OR IGNORE INTO link_names VALUES (?, ?)", rows)
        languages, folders = index.layout
        layout = pack((dict(languages.markers), sorted(folders)))
        connection.execute("UPDATE meta SET value = ? WHERE key = 'links_layout'", (layout,))
        connection.execute("UPDATE meta SET value = ? WHERE key = 'links_version'", (version,))


def _load_layout(database: Database) -> Layout:
    markers, folders = unpack(database.get("links_layout"))
    return Layout(PathLanguages.of(markers), frozenset(folders))


def _targets(
    database: Database, condition: str, parameters: Sequence[object] = (), *, with_anchors: bool
) -> Iterator[KnownTarget]:
    columns = f"{_COLUMNS}, {'targets' if with_anchors else 'NULL'}"
    query = f"SELECT {columns} FROM documents WHERE {condition}"  # noqa: S608 (constants)
    for id_, article, is_copy, root, path, language, data, anchors in database.rows(query, parameters):
        summary = unpack_summary(data)
        names, sections = unpack(anchors)[:2] if with_anchors else ((), ())
        address = (os.fsdecode(root), os.fsdecode(path))
        target = Target(article, language, *address, tuple(summary.permalinks), tuple(names), tuple(sections))
        yield KnownTarget(bool(is_copy), id_, target, summary.title)


def _parts(values: Sequence[object]) -> Iterator[Sequence[object]]:
    return (values[start : start + MAX_PARAMETERS] for start in range(0, len(values), MAX_PARAMETERS))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
