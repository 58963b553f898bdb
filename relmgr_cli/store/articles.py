"""Queries about articles, their documents, sections and links."""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from relmgr_cli.corpus.article import Article, ArticleSection, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.errors import Problem
from relmgr_cli.store.article_builder import LibraryChangedError, align_article
from relmgr_cli.store.codec import (
    DOCUMENT_COLUMNS,
    read_document,
    unpack,
    unpack_items,
    unpack_problems,
    unpack_summaries,
)
from relmgr_cli.store.database import Database
from relmgr_cli.store.health import load_states


class DocumentSummary(NamedTuple):
    """A document, without its content."""

    language: str
    declared: str | None
    root: str
    path: str
    title: str
    words: int
    sections: int
    state: str  # translated, partly or untranslated


class CopySummary(NamedTuple):
    """A second copy of the original of an article, see `pairing.SecondCopy`."""

    language: str
    root: str
    path: str


class ArticleSummary(NamedTuple):
    """An article, without the content of its documents."""

    number: int
    id: str
    documents: tuple[DocumentSummary, ...]  # the source first, then in the order of their languages
    sections: int  # of its longest translation
    paired_by: str
    source: str  # the language that the others are translated from
    copies: tuple[CopySummary, ...] = ()  # by path

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its documents."""
        return tuple(document.language for document in self.documents)

    def title(self, language: str | None) -> str:
        """Return the title in this language, or that of the source."""
        return next((d.title for d in self.documents if d.language == language), self.documents[0].title)


def load_article(
    database: Database, number: int, *, with_embeddings: bool = False, languages: Collection[str] | None = None
) -> Article:
    """Return an article with its documents, sections and translation units. Raises LibraryChangedError.

    `with_embeddings` uses embeddings for the alignment, if that has not been done yet. With `languages` it has only the
    documents in these languages and that of the source, but all sections and units.
    """
    align_article(database, number, with_embeddings=with_embeddings)
    article = article_from_rows(load_article_rows(database, number, languages), database.made_of)
    return article._replace(states=load_states(database, number))


class ArticleRows(NamedTuple):
    """An article as the database has it: values that processes can send each other."""

    article: Sequence[Any]  # id, paired_by, source, highlights, sections, units
    documents: Sequence[Sequence[Any]]  # with the columns `DOCUMENT_COLUMNS`, the source first


def load_article_rows(database: Database, number: int, languages: Collection[str] | None = None) -> ArticleRows:
    """Return the rows of an article that is aligned, see `load_article`. Raises LibraryChangedError."""
    with database.reading():
        query = "SELECT id, paired_by, source, highlights, sections, units FROM articles WHERE number = ?"
        rows = database.rows(query, (number,))
        if not rows or rows[0][4] is None:
            raise LibraryChangedError
        source = rows[0][2]
        some = [] if languages is None else [*languages, source]
        condition = f"article = ? AND language IN ({', '.join('?' * len(some))})" if some else "article = ?"
        query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE {condition} ORDER BY language != ?, language"  # noqa: S608
        return ArticleRows(rows[0], database.rows(query, (number, *some, source)))


def _make(function: Callable[..., Any], *stored: Hashable) -> Any:
    return function(*stored)


def article_from_rows(rows: ArticleRows, made_of: Callable[..., Any] = _make) -> Article:
    """Return the article that the rows are of; `made_of` calls a function with stored values, see `RowCache.get`."""
    name, paired_by, source, highlights, sections, units = rows.article
    documents = [made_of(read_document, row) for row in rows.documents]
    by_language = {document.language: document for document in documents}
    numbered = tuple(
        ArticleSection(section, level, {tag: indexes[tag] for tag in (*by_language, *indexes) if tag in indexes})
        for section, level, indexes in unpack(sections)
    )
    return Article(name, by_language, numbered, made_of(_unpack_units, units), highlights, paired_by, source)


def _unpack_units(data: bytes) -> tuple[TranslationUnit, ...]:
    pairs = unpack_items(data)
    return tuple([TranslationUnit(s, {tag: tuple(at) for tag, at in blocks.items()}) for s, blocks in pairs])


def is_aligned(database: Database, number: int) -> bool:
    """Return True if an article has been aligned before, so that loading it is quick. Raises LibraryChangedError."""
    rows = database.rows("SELECT sections IS NOT NULL FROM articles WHERE number = ?", (number,))
    if not rows:
        raise LibraryChangedError
    return bool(rows[0][0])


def load_document(database: Database, number: int, language: str) -> Document | None:
    """Return an article's document in one language; None if there is none."""
    query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE article = ? AND language = ?"  # noqa: S608 (constants)
    rows = database.rows(query, (number, language))
    return database.made_of(read_document, rows[0]) if rows else None


def list_articles(database: Database) -> tuple[ArticleSummary, ...]:
    """Return all articles by number."""
    documents: dict[int, list[DocumentSummary]] = {}
    query = (
        "SELECT article, root, path, language, state, summary FROM documents JOIN articles ON number = article"
        " ORDER BY article, language != source, language, path"
    )
    with database.reading():
        rows = database.rows(query)
        articles = database.rows("SELECT number, id, paired_by, source FROM articles ORDER BY number")
        copies = _copies(database)
    roots: dict[bytes, str] = {}
    summaries = unpack_summaries([data for *_, data in rows])
    for (article, root, path, language, state, _), row in zip(rows, summaries, strict=True):
        address = (roots.get(root) or roots.setdefault(root, os.fsdecode(root)), os.fsdecode(path))
        summary = DocumentSummary(language, row.declared, *address, row.title, row.words, row.sections, state)
        documents.setdefault(article, []).append(summary)
    return tuple(
        ArticleSummary(
            number, name, tuple(found), max(d.sections for d in found), paired_by, source, tuple(copies[number])
        )
        for number, name, paired_by, source in articles
        if (found := documents.get(number))  # its last file may just have been deleted
    )


def _copies(database: Database) -> Mapping[int, Sequence[CopySummary]]:
    """Return the second copies by the number of the article whose original they repeat."""
    copies: dict[int, list[CopySummary]] = defaultdict(list)
    query = (
        "SELECT original.article, copy.language, copy.root, copy.path FROM documents copy"
        " JOIN documents original ON original.id = copy.copy_of WHERE copy.copy_of IS NOT NULL ORDER BY 3, 4"
    )
    for article, language, root, path in database.rows(query):
        copies[article].append(CopySummary(language, os.fsdecode(root), os.fsdecode(path)))
    return copies


def list_problems(database: Database) -> tuple[Problem, ...]:
    """Return the problems of all files by path."""
    found: list[Problem] = []
    condition = "problems != x'5b5d' OR pairing_note != ''"  # as in the index `documents_with_problems`
    query = f"SELECT root, path, problems, pairing_note FROM documents WHERE {condition} ORDER BY root, path"  # noqa: S608
    for data, path, problems, note in database.rows(query):
        root = os.fsdecode(data)
        found += (problem._replace(root=root) for problem in unpack_problems(problems))
        if note:
            found.append(Problem(os.fsdecode(path), 0, "pairing", note, root))
    return tuple(found)


def section_headings(article: Article, section: ArticleSection) -> Mapping[str, str]:
    """Return the section's headings by language, of the documents that are loaded; empty for section 0."""
    indexes = section.indexes.items() if section.level else ()
    documents = [(article.documents[language], index) for language, index in indexes if language in article.documents]
    return {document.language: document.heading(document.sections[index]) for document, index in documents}


def subsections(article: Article, section: ArticleSection) -> tuple[ArticleSection, ...]:
    """Return the section and those numbered below it, in reading order."""
    return tuple(other for other in article.sections if f"{other.number}.".startswith(f"{section.number}."))


def text_of_sections(article: Article, sections: Sequence[ArticleSection], language: str) -> Article:
    """Return the article with only the blocks of some sections in one language."""
    document = article.documents[language]
    parts = [document.sections[each.indexes[language]] for each in sections if language in each.indexes]
    blocks = tuple(block for part in parts for block in document.blocks[part.start : part.end])
    return article._replace(documents={**article.documents, language: document._replace(blocks=blocks)})


def find_documents(
    database: Database, article: int | None, languages: Collection[str], *, with_language: Collection[str] = ()
) -> list[int]:
    """Return the ids of the documents of one article in these languages; None means all articles, no language all.

    `with_language` limits them to the articles that have a document in one of those.
    """
    condition = "article IS NOT NULL" if article is None else "article = ?"
    query = f"SELECT id, language, article FROM documents WHERE {condition}"  # noqa: S608 (constants)
    rows = database.rows(query, () if article is None else (article,))
    within = {number for _, language, number in rows if not with_language or language in with_language}
    return [id_ for id_, language, number in rows if number in within and (not languages or language in languages)]


class DocumentFile(NamedTuple):
    """A document of an article and its file."""

    id: int
    article: int  # its number
    language: str
    state: str  # translated, partly or untranslated
    root: str
    path: str


def documents_by_path(database: Database) -> list[DocumentFile]:
    """Return the documents of all articles in the order of their paths."""
    rows = database.rows("SELECT id, article, language, state, root, path FROM documents WHERE article IS NOT NULL")
    found = [DocumentFile(*row, os.fsdecode(root), os.fsdecode(path)) for (*row, root, path) in rows]  # type: ignore[call-arg]
    return sorted(found, key=lambda file: (file.root, file.path))


def articles_by_document(database: Database) -> Mapping[int, int]:
    """Return the number of the article that each document is in, by the id of the document.

    They are in the order of articles and languages, which the history of the index does not change, as it does the ids.
    """
    return database.made_of(_articles_by_document, database, database.get("articles_version"))


def _articles_by_document(database: Database, _version: int) -> dict[int, int]:
    query = "SELECT id, article FROM documents WHERE article IS NOT NULL ORDER BY article, language"
    return dict(database.rows(query))


def article_of(database: Database, document: int) -> int | None:
    """Return the number of the article that a document is in; None for a document that was just deleted."""
    number: int | None = database.value("SELECT article FROM documents WHERE id = ?", (document,))
    return number


class SectionLocation(NamedTuple):
    """Where one translation of a section is."""

    document: int
    section: int  # index in the document
    revision: int  # of the document


class AlignedSection(NamedTuple):
    """A section of an article with all its translations."""

    number: str
    translations: Mapping[str, SectionLocation]  # by language


def load_aligned_sections(database: Database, article: int) -> dict[tuple[int, int], AlignedSection]:
    """Return the sections of an article by document and index, so each once for every translation.

    Aligns the article if necessary. Raises LibraryChangedError.
    """
    align_article(database, article)
    with database.reading():
        documents = database.rows("SELECT language, id, revision FROM documents WHERE article = ?", (article,))
        rows = database.rows("SELECT sections FROM articles WHERE number = ? AND sections IS NOT NULL", (article,))
    if not rows:
        raise LibraryChangedError
    return database.made_of(_aligned_sections, rows[0][0], tuple(documents))


def _aligned_sections(
    sections: bytes, documents: Sequence[tuple[str, int, int]]
) -> dict[tuple[int, int], AlignedSection]:
    """Return the sections of `load_aligned_sections`; `documents` are language, id and revision of each."""
    by_language = {tag: (id_, revision) for tag, id_, revision in documents}
    found = {}
    for number, _, indexes in unpack(sections):
        translations = {
            tag: SectionLocation(by_language[tag][0], index, by_language[tag][1]) for tag, index in indexes.items()
        }
        section = AlignedSection(number, translations)
        found.update({(location.document, location.section): section for location in translations.values()})
    return found
