"""Reads the articles of an export, with the doubts about their alignment."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from relmgr_cli import messages
from relmgr_cli.core.learning import learn_words
from relmgr_cli.core.library import Library
from relmgr_cli.core.paths import choose_files
from relmgr_cli.corpus.article import Article
from relmgr_cli.export.doubts import Evidence, find_doubts
from relmgr_cli.export.sentences import sentence_units
from relmgr_cli.export.units import ExportArticle, ExportUnit, Request, article_units
from relmgr_cli.store.article_builder import LibraryChangedError, align_all
from relmgr_cli.store.articles import ArticleSummary, list_articles, load_article
from relmgr_cli.store.database import with_memory_fallback
from relmgr_cli.store.name_lookup import document_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from relmgr_cli.corpus.alignment.word_evidence import Lexicon


def choose_articles(library: Library, names: Sequence[str]) -> tuple[ArticleSummary, ...]:
    """Return the articles that names mean, see `choose_files`; all without names.

    Raises ArticleNotFoundError or ArticleAmbiguousError.
    """
    articles = list_articles(library.database)
    if not names:
        return articles
    files = document_files(library.database)
    wanted = {files[file] for file in choose_files(library, names)}
    return tuple(each for each in articles if each.number in wanted)


def default_languages(articles: Sequence[ArticleSummary]) -> tuple[str, ...]:
    """Return the source language of most articles, then the other languages that they have, the most frequent first."""
    from collections import Counter

    sources = Counter(each.source for each in articles)
    others = Counter(tag for each in articles for tag in each.languages)
    return tuple(
        dict.fromkeys([*[tag for tag, _ in sources.most_common(1)], *[tag for tag, _ in others.most_common()]])
    )


def exported_articles(
    library: Library, articles: Sequence[ArticleSummary], request: Request
) -> Iterator[ExportArticle]:
    """Yield the articles in the languages of a request, which they have in part; aligns them first if necessary."""
    database = library.database
    with library.reporter.progress(messages.ALIGNING) as progress:
        with_memory_fallback(database, partial(align_all, database, progress), library.reporter.warn)
    work = partial(learn_words, database, library.reporter.progress)
    if not with_memory_fallback(database, work, library.reporter.warn):
        library.reporter.on_incomplete_index()
    evidence = _evidence(library)
    with library.reporter.progress(messages.EXPORTING) as progress:
        for done, each in enumerate(articles):
            if progress:
                progress(done, len(articles))
            try:
                article = load_article(database, each.number, languages=request.languages)
            except LibraryChangedError:  # by another process, just now
                library.reporter.warn(messages.EXPORT_CHANGED.fill(article=each.id))
                continue
            yield ExportArticle(article, tuple(_units(article, request, evidence)))


def _units(article: Article, request: Request, evidence: Evidence) -> Iterator[ExportUnit]:
    doubts = find_doubts(article, request.languages, evidence)
    if request.by_sentence:
        return sentence_units(article, request.languages, doubts, evidence)
    return article_units(article, request.languages, doubts)


def _evidence(library: Library) -> Evidence:
    """Return what the library knows about its languages; the encoder is loaded when it is needed."""
    from relmgr_cli.embedding.encoder import knows_language
    from relmgr_cli.store.lexicon import lexicon_translations
    from relmgr_cli.store.vector_cache import encode_texts, vectors_of

    database = library.database

    @cache
    def lexicon(source: str, target: str) -> "Lexicon":
        return cache(lambda stem: lexicon_translations(database, source, stem, (target,)).get(target, {}))

    def encode_blocks(texts: Sequence[str]) -> "NDArray[np.float32]":
        return with_memory_fallback(database, lambda: vectors_of(database, texts), library.reporter.warn)

    return Evidence(lexicon, knows_language, encode_blocks, partial(encode_texts, database))
