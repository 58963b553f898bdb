"""Finds the sections that may answer a query: by the terms in them, by their headings, and by their vectors.

`find` returns ranked sections for a parsed query. ranking.py documents the score and the order of hits.
"""

import zlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from relmgr_cli.languages.tokens import is_unspaced
from relmgr_cli.search.bm25 import Bm25
from relmgr_cli.search.expansion import (
    NO_MATCHES,
    SemanticMatches,
    Term,
    encode_query,
    expand_term,
    out_of_vocabulary,
    similar_headings,
)
from relmgr_cli.search.query import Item, Query
from relmgr_cli.search.ranking import (
    CANDIDATES_PER_HIT,
    EXACT_HEADING_BONUS,
    HEADING_BOOST,
    HEADING_BOOST_ALONE,
    STEMMED_HEADING_BONUS,
    RankedSection,
    SectionKey,
    SectionScore,
    rank,
    score_sections,
)
from relmgr_cli.search.respelling import respell
from relmgr_cli.search.term_scores import best_places, match_terms
from relmgr_cli.store.articles import DocumentFile, articles_by_document, documents_by_path, find_documents
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import FullText, TextHit, engine_errors_as_corruption
from relmgr_cli.store.indexer import section_key, whole_headings
from relmgr_cli.store.name_lookup import library_languages
from relmgr_cli.store.vector_blocks import has_vectors

_MIN_CANDIDATES = 200  # sections that the full-text index returns
_LANGUAGES_AT_ONCE = 4  # for each more of them, as many candidates again: a section may be found in every language
_MAX_CANDIDATES = 5000
_MAX_HEADINGS = 20_000  # sections whose heading is the query
_MIN_WORD_SIMILARITY = 0.6  # of a heading or block to a single word; below, one without meaning is as similar


class Scope(NamedTuple):
    """Where to search, and how."""

    languages: tuple[str, ...] = ()  # none for all
    article: int | None = None  # its number; None for all
    files: frozenset[tuple[str, str]] | None = None  # root and path of the documents to search; None for all
    exact: bool = False  # as spelled: no other form of a word, no translation, no semantic search
    limit: int = 10  # hits


class SearchAnswer(NamedTuple):
    """How a query was understood, and what was found."""

    query: Query
    languages: tuple[str, ...]  # searched
    groups: tuple[tuple[Term, ...], ...]  # the decisive ones
    excluded: tuple[Term, ...]
    hits: tuple[RankedSection, ...]  # best first, more than the limit
    total: int = 0  # sections found; where outlines differ, the same section counts once for each place it has
    language: str | None = None  # of the query, where it has words that the library does not have and this is clear

    @property
    def is_understood(self) -> bool:
        """Whether any word of the query, or a translation of it, is in the library."""
        return any(term.source_languages or any(term.stems.values()) for group in self.groups for term in group)


def find(database: Database, text: FullText, query: Query, scope: Scope) -> SearchAnswer:
    """Return the sections that answer a query, best first; nothing for a query without a term to look for.

    Raises DatabaseCorruptError or LibraryChangedError.
    """
    answer, semantic = understand(database, text, query, scope)
    if not answer.groups or not answer.languages:
        return answer
    articles = _articles_in(database, scope)
    with engine_errors_as_corruption(database):
        scores, count = _score(text, answer, articles, semantic, scope)
    found = tuple(rank(database, scores, articles, scope.limit, scope.languages))
    total = len(found) if len(found) <= scope.limit else max(len(found), count)  # there may be more than were ranked
    return answer._replace(hits=found, total=total)


def understand(database: Database, text: FullText, query: Query, scope: Scope) -> tuple[SearchAnswer, SemanticMatches]:
    """Return the terms of a query, without hits, and what the encoder found for it. Raises DatabaseCorruptError."""
    known = library_languages(database)
    languages = tuple(tag for tag in known if not scope.languages or tag in scope.languages)
    if not scope.exact:
        with engine_errors_as_corruption(database):
            query = respell(database, query, known).split(partial(_is_in_text, text, known))
    spoken = None if scope.exact else _language_of(database, query, known)
    functional = (*known, spoken) if spoken else known  # the languages whose function words are left out
    semantic = _find_semantic(database, query, scope, functional, spoken)

    def expand(items: Sequence[Item]) -> tuple[Term, ...]:
        terms = [
            expand_term(database, item, languages, known=known, nearest=semantic.nearest, exact=scope.exact)
            for item in items
        ]
        with engine_errors_as_corruption(database):
            return tuple(_drop_stale_translations(text, term) for term in terms)

    groups = without_seams([expand(query.groups[index]) for index in query.decisive(functional)])
    excluded = expand(query.excluded)
    return SearchAnswer(query, languages, groups, excluded, (), language=spoken), semantic


def files_in_scope(database: Database, scope: Scope) -> list[DocumentFile]:
    """Return the documents to search in the order of their paths."""
    return [
        file
        for file in documents_by_path(database)
        if (not scope.languages or file.language in scope.languages)
        and (scope.article is None or file.article == scope.article)
        and (scope.files is None or (file.root, file.path) in scope.files)
    ]


def _articles_in(database: Database, scope: Scope) -> Mapping[int, int]:
    """Return the number of the article of each document of the articles to search."""
    articles = articles_by_document(database)
    if scope.article is None and scope.files is None:
        return articles
    within = {file.article for file in files_in_scope(database, scope._replace(languages=()))}
    return {document: number for document, number in articles.items() if number in within}


def without_seams(groups: Sequence[tuple[Term, ...]]) -> tuple[tuple[Term, ...], ...]:
    """Return the groups without the pairs of letters that are the end of one word and the beginning of the next.

    Such a pair is in no text, and a pair that it overlaps has better translations.
    """

    def weight(group: Sequence[Term]) -> float:
        return max((w for term in group for stems in term.stems.values() for w in stems.values()), default=0.0)

    pairs = {
        i: weight(group) for i, group in enumerate(groups) if len(group) == 1 and is_unspaced(group[0].item.words[0])
    }
    seams: set[int] = set()
    for index in sorted(pairs, key=lambda index: (-pairs[index], index)):
        if index in seams or not pairs[index]:
            continue
        text = groups[index][0].item.text
        before, after = groups[max(0, index - 1)][0].item.text, groups[min(len(groups) - 1, index + 1)][0].item.text
        overlapping = [index - 1] * (before[-1:] == text[:1]) + [index + 1] * (text[-1:] == after[:1])
        seams.update(other for other in overlapping if pairs.get(other, 1.0) < 1)
    return tuple(group for index, group in enumerate(groups) if index not in seams)


def _is_in_text(text: FullText, languages: Sequence[str], item: Item) -> bool:
    """Return whether the words of an item follow each other in any text."""
    bm25 = Bm25(text)
    return any(bm25.scores("forms", tuple(f"{tag}:{word.folded}" for word in item.words)) for tag in languages)


def _language_of(database: Database, query: Query, known: Sequence[str]) -> str | None:
    """Return the language of a query with words that are in no text; None where it is unclear or does not matter."""
    items = [item for group in query.groups for item in group]
    if not out_of_vocabulary(database, items, known):
        return None
    from relmgr_cli.languages.detection import detect_among

    return detect_among(query.words, known)


def _has_script_of_encoder(language: str) -> bool:
    from relmgr_cli.embedding.encoder import LANGUAGES
    from relmgr_cli.languages.names import languages

    known = languages().get(language.partition("-")[0])
    return known is None or any(not known.letters.keys().isdisjoint(languages()[tag].letters) for tag in LANGUAGES)


def _find_semantic(
    database: Database, query: Query, scope: Scope, functional: Sequence[str], spoken: str | None
) -> SemanticMatches:
    """Run the encoder where there are vectors, and where the query is more than one word that the library knows.

    The function words of the languages `functional` are left out. The encoder is not asked in a script that it does not
    know; within a script, the language of a few words is too uncertain. A section is compared in all languages of its
    article, as it may not be known in those of the scope.
    """
    items = [item for index in query.decisive(functional) for item in query.groups[index]]
    if scope.exact or not items or not has_vectors(database):
        return NO_MATCHES
    if spoken and not _has_script_of_encoder(spoken):
        return NO_MATCHES
    wanted = out_of_vocabulary(database, items, functional)
    unknown = [*wanted, *out_of_vocabulary(database, query.excluded, functional)]
    is_short = len(query.groups) == 1 or any(item.kind != "word" for item in items)
    documents = None
    if scope.article is not None or scope.languages or scope.files is not None:
        within = _articles_in(database, scope)
        found_in = find_documents(database, scope.article, (), with_language=scope.languages)
        documents = [id_ for id_ in found_in if id_ in within]
    if not unknown and is_short:
        return SemanticMatches({}, [] if len(items) > 1 else similar_headings(database, items[0], documents))
    name = repr((scope.languages, scope.article, scope.files and zlib.crc32(repr(sorted(scope.files)).encode())))
    found = encode_query(database, query.words, unknown, documents, name)
    # An excluded unknown word does not make a known word one that needs the encoder.
    sections = [] if is_short and not wanted else found.sections
    if len(query.groups) == 1:
        sections = [each for each in sections if max(each.heading, each.text) >= _MIN_WORD_SIMILARITY]
    return found._replace(sections=sections)


def _score(
    text: FullText, answer: SearchAnswer, articles: Mapping[int, int], semantic: SemanticMatches, scope: Scope
) -> tuple[dict[SectionKey, SectionScore], int]:
    """Return the scores of the sections that may be hits, and how many sections of articles have a term of the query.

    `articles` has the number of the article of each document. Translations of a section are counted once. They are
    recognized by their place in the document, as the articles need not be aligned yet.
    """
    limit = max(_MIN_CANDIDATES, CANDIDATES_PER_HIT * scope.limit)
    limit = min(limit * max(1, len(answer.languages) // _LANGUAGES_AT_ONCE), max(limit, _MAX_CANDIDATES))
    boost = HEADING_BOOST if semantic.sections and len(answer.groups) > 1 else HEADING_BOOST_ALONE
    bm25 = Bm25(text)
    found = match_terms(bm25, answer.groups, answer.excluded, answer.languages, heading_boost=boost)
    best = best_places(found.scores, limit, articles)
    hits = [
        TextHit(*section_key(place), revision, found.scores[place])
        for place, revision in zip(best, bm25.revisions(best), strict=True)
    ]
    complete, typed = ({section_key(place) for place in places} for places in (found.complete, found.typed))
    headings = find_headings(text, answer.query.words, answer.languages)
    keys = map(section_key, found.scores)
    count = len({(articles[document], section) for document, section in keys if document in articles})
    return score_sections(hits, complete, typed, headings, semantic.sections), count


def _drop_stale_translations(text: FullText, term: Term) -> Term:
    """Return the term without the translations that are no longer anywhere in the library."""
    every = [*term.stems.items(), *term.related.items()]
    stale = {(tag, stem) for tag, found in every for stem in found if not has_term(text, "stems", f"{tag}:{stem}")}
    if not stale:
        return term

    def current(by_language: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
        return {
            tag: {stem: weight for stem, weight in words.items() if (tag, stem) not in stale}
            for tag, words in by_language.items()
        }

    translations = {
        tag: tuple(each for each in found if (tag, each.stem) not in stale) for tag, found in term.translations.items()
    }
    return term._replace(stems=current(term.stems), translations=translations, related=current(term.related))


def find_headings(text: FullText, question: str, languages: Sequence[str]) -> dict[SectionKey, float]:
    """Return the sections whose heading, or title, is the query, with the bonus for that."""
    from tantivy import Query

    searcher: Any = text.engine.searcher()
    found: dict[SectionKey, float] = {}
    for tag in languages:
        bonuses = (EXACT_HEADING_BONUS, STEMMED_HEADING_BONUS)
        for heading, bonus in zip(whole_headings(question, tag), bonuses, strict=True):
            query = Query.const_score_query(Query.term_query(text.engine.schema, "whole", heading, "basic"), 1.0)
            addresses = [address for _, address in searcher.search(query, _MAX_HEADINGS, count=False).hits]
            for place in searcher.fast_field_values("place", addresses):
                found.setdefault(section_key(place), bonus)
    return found


def has_term(text: FullText, field: str, term: str) -> bool:
    """Return whether any section has a term, for example `pl:konflikt` in the field `stems` or `forms`."""
    from tantivy import Query

    query = Query.term_query(text.engine.schema, field, term, "basic")
    return bool(text.engine.searcher().search(query, 1, count=False).hits)
