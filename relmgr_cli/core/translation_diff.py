"""What has changed in the source since a translation was made from it: the use case of `relmgr diff`."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.core.library import Library
from relmgr_cli.core.translation_status import library_status
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.encoding import decode
from relmgr_cli.errors import FileRefusedError, RevisionError
from relmgr_cli.health.diff import BlockChange, source_changes
from relmgr_cli.health.git import GitError
from relmgr_cli.health.history import LibraryHistory
from relmgr_cli.health.prose import front_matter
from relmgr_cli.health.status import EXTRA, ArticleStatus, TranslationStatus
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.history import FileVersion, load_versions


class Change(NamedTuple):
    """One block of a source that has changed since it was translated."""

    section: str  # its number
    since: int | None  # number of the commit that changed the section; None if the base was named
    old: Block | None  # None for a new block
    new: Block | None  # None for a block that is gone
    targets: tuple[Block, ...]  # the blocks of the translation that are made from it
    after: Block | None  # the block of the translation after which a new one belongs


class ArticleDiff(NamedTuple):
    """What has changed in a source since a translation was made from it."""

    article: Article
    language: str
    changes: tuple[Change, ...]

    @property
    def source(self) -> Document:
        """The source as it is now."""
        return self.article.documents[self.article.source]

    @property
    def translation(self) -> Document:
        """The translation as it is now."""
        return self.article.documents[self.language]


class LibraryDiff(NamedTuple):
    """What has changed in the sources of some articles."""

    articles: tuple[ArticleDiff, ...]  # those with changes
    history: LibraryHistory


def library_diff(
    library: Library, language: str, articles: Mapping[str, int], sections: Sequence[str] = (), since: str = ""
) -> LibraryDiff:
    """Return what has changed in the sources of articles, given by id and number, since they were translated.

    `sections` limits it to some sections, by number. `since` is a revision that is the base of all comparisons instead.
    Raises RevisionError for one that does not exist.
    """
    status = library_status(library, [language], frozenset(articles.values()))
    history = status.history
    base = _number_of(history, since) if since else None
    due = [
        (each, translation)
        for each in status.articles
        for translation in each.translations
        if translation.path and each.path and (base is not None or _has_changes(translation))
    ]
    found = []
    for each, translation, versions in _with_old_versions(library, due, history, base):
        article = load_article(library.database, articles[each.id], languages=[language])
        changes: list[tuple[int, Change]] = []
        for old, numbers in versions:
            changes += _changes_in(article, translation, old, numbers, is_named=base is not None)
        changes.sort(key=lambda pair: pair[0])
        kept = tuple(change for _, change in changes if not sections or change.section in sections)
        if kept:
            found.append(ArticleDiff(article, language, kept))
    return LibraryDiff(tuple(found), history)


def _number_of(history: LibraryHistory, revision: str) -> int:
    if history.repository is None:
        raise RevisionError(revision)
    try:
        commit = history.repository.resolve(revision)
    except (GitError, ValueError):  # a NUL is no argument for git
        commit = ""
    number = history.number_of(commit) if commit else None
    if number is None:
        raise RevisionError(revision)
    return number


def _has_changes(translation: TranslationStatus) -> bool:
    return any(section.since is not None or section.state == EXTRA for section in translation.sections)


def _bases(translation: TranslationStatus, base: int | None) -> dict[int, set[str]]:
    """Return the sections that have changed since each commit, by its number; "" means sections that are gone."""
    found: dict[int, set[str]] = defaultdict(set)
    for section in translation.sections:
        if base is not None:
            found[base].add(section.number)
        elif section.since is not None and section.updated is not None:
            found[section.updated].add(section.number)
    gone = base if base is not None else translation.synced
    if gone is not None and any(section.state == EXTRA for section in translation.sections):
        found[gone].add("")
    return found


class _OldSource(NamedTuple):
    """An old version of a source."""

    file: FileVersion
    sections: set[str]  # numbers of those that are compared with it; "" means those that are gone


def _with_old_versions(
    library: Library, due: Sequence[tuple[ArticleStatus, TranslationStatus]], history: LibraryHistory, base: int | None
) -> Iterator[tuple[ArticleStatus, TranslationStatus, list[tuple[Document, set[str]]]]]:
    """Yield translations with the versions of their source at each base, and the sections that are compared with it."""
    repository = history.repository
    if repository is None or not due:
        return
    paths = [_path_in(repository.top, article) for article, _ in due]
    versions = load_versions(library.database, repository.top, history.numbers, paths)
    wanted = [
        _old_sources(versions[path], _bases(translation, base))
        for path, (_, translation) in zip(paths, due, strict=True)
    ]
    contents = repository.blobs([each.file.blob for some in wanted for each in some])
    following = next(contents, None)
    for (article, translation), some in zip(due, wanted, strict=True):
        found = []
        for each in some:
            if following and following[0] == each.file.blob:
                document = _parsed(following[1], article.root, each.file)
                found += [(document, each.sections)] if document else []
                following = next(contents, None)
        yield article, translation, found


def _path_in(top: str, article: ArticleStatus) -> bytes:
    """Return the path of a source from the top of the work tree."""
    real = os.path.join(os.path.realpath(article.root), article.path)
    return os.fsencode(os.path.relpath(real, top))


def _old_sources(versions: Sequence[FileVersion], bases: Mapping[int, set[str]]) -> list[_OldSource]:
    found: dict[str, _OldSource] = {}
    for base, numbers in bases.items():
        version = next((each for each in versions if each.number <= base), versions[-1] if versions else None)
        if version and version.blob:
            found.setdefault(version.blob, _OldSource(version, set())).sections.update(numbers)
    return list(found.values())


def _parsed(data: bytes, root: str, version: FileVersion) -> Document | None:
    name = os.fsdecode(version.path)
    if front_matter(data) and not data.startswith((b"---", b"+++", b"\xef\xbb\xbf")):
        data = b"---\n" + data  # its front matter has no first line
    try:
        text, _ = decode(data, name)
    except FileRefusedError:
        return None
    return parse_document(text, root, name)


def _changes_in(
    article: Article, translation: TranslationStatus, old: Document, numbers: set[str], *, is_named: bool
) -> Iterator[tuple[int, Change]]:
    """Yield the changes of these sections since an old version, each with its place in the source."""
    new, target = article.documents[article.source], article.documents[translation.language]
    section_numbers = {section.indexes.get(article.source): section.number for section in article.sections}
    since = {section.number: section.since for section in translation.sections}
    counts = Counter(new.heading(section) for section in new.sections)
    unique = {h: index for index, s in enumerate(new.sections) if counts[h := new.heading(s)] == 1}
    current = {
        index: unit.blocks.get(translation.language, ())
        for unit in article.units
        for index in unit.blocks.get(article.source, ())
    }
    place = 0
    for change in source_changes(old, new, target, current):
        place = change.new if change.new is not None else place
        heading = None if change.old_section is None else old.heading(old.sections[change.old_section])
        is_gone = change.new is None and heading not in counts
        # A block that is gone was in a section that may be in another place now.
        section = unique.get(heading or "", change.section) if change.new is None else change.section
        number = section_numbers.get(section, "0")
        if number in numbers or ("" in numbers and is_gone):
            yield place, _change(change, number, None if is_named else since.get(number), (old, new, target))


def _change(
    change: BlockChange, number: str, since: int | None, documents: tuple[Document, Document, Document]
) -> Change:
    old, new, target = documents
    return Change(
        number,
        since,
        old.blocks[change.old] if change.old is not None else None,
        new.blocks[change.new] if change.new is not None else None,
        tuple(target.blocks[index] for index in change.targets),
        target.blocks[change.after] if change.after is not None else None,
    )
