"""Finds the sections that may answer a query: by the terms in them, by their headings, and by their vectors.

`find` returns ranked sections for a parsed query. ranking.py documents the score and the order of hits.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.languages.tokens import is_unspaced
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
from relmgr_cli.store.articles import articles_by_document, find_documents
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import FullText, TextHit, engine_errors_as_corruption
from relmgr_cli.store.indexer import whole_headings
from relmgr_cli.store.name_lookup import library_languages
from relmgr_cli.store.vector_blocks import has_vectors

if TYPE_CHECKING:
    import tantivy

_MIN_CANDIDATES = 200  # sections that the full-text index returns
_LANGUAGES_AT_ONCE = 4  # for each more of them, as many candidates again: a section may be found in every language
_MAX_CANDIDATES = 5000
_MAX_COUNTED = 20_000  # sections of documents
_MAX_HEADINGS = 50  # sections whose heading is the query
_MIN_WORD_SIMILARITY = 0.6  # of a heading or block to a single word; below, one without meaning is as similar


class Scope(NamedTuple):
    """Where to search, and how."""

    languages: tuple[str, ...] = ()  # none for all
    article: int | None = None  # its number; None for all
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
    known = library_languages(database)
    languages = tuple(tag for tag in known if not scope.languages or tag in scope.languages)
    documents = None
    if scope.article is not None or scope.languages:
        documents = find_documents(database, scope.article, scope.languages)
    if not scope.exact:
        with engine_errors_as_corruption(database):
            query = respell(database, query, known).split(partial(_is_in_text, text, known))
    spoken = None if scope.exact else _language_of(database, query, known)
    functional = (*known, spoken) if spoken else known  # the languages whose function words are left out
    semantic = _find_semantic(database, query, scope, functional, spoken)

    def expand(items: Sequence[Item]) -> tuple[Term, ...]:
        terms = [
            expand_term(database, item, languages, known=known, nearest=semantic.translations, exact=scope.exact)
            for item in items
        ]
        with engine_errors_as_corruption(database):
            return tuple(_drop_stale_translations(text, term) for term in terms)

    groups = without_seams([expand(query.groups[index]) for index in query.decisive(functional)])
    excluded = expand(query.excluded)
    answer = SearchAnswer(query, languages, groups, excluded, (), language=spoken)
    if not groups or not languages:
        return answer
    with engine_errors_as_corruption(database):
        scores = _score(text, answer, documents, semantic, scope)
    found = tuple(rank(database, scores, scope.limit, scope.languages))
    total = len(found)
    if total > scope.limit:  # there may be more than were ranked
        with engine_errors_as_corruption(database):
            total = max(total, count_sections(database, text, answer, documents if scope.article is not None else None))
    return answer._replace(hits=found, total=total)


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
    term = Term(item, {}, {}, {}, frozenset())
    query = text_query(text.engine, [(term,)], (), languages, None, every=False)
    return bool(text.engine.searcher().search(query, 1, count=False).hits)


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
    if scope.article is not None or scope.languages:
        documents = find_documents(database, scope.article, (), with_language=scope.languages)
    if not unknown and is_short:
        return SemanticMatches({}, [] if len(items) > 1 else similar_headings(database, items[0], documents))
    found = encode_query(database, query.words, unknown, documents, repr((scope.languages, scope.article)))
    # An excluded unknown word does not make a known word one that needs the encoder.
    sections = [] if is_short and not wanted else found.sections
    if len(query.groups) == 1:
        sections = [each for each in sections if max(each.heading, each.text) >= _MIN_WORD_SIMILARITY]
    return found._replace(sections=sections)


def _score(
    text: FullText, answer: SearchAnswer, documents: Collection[int] | None, semantic: SemanticMatches, scope: Scope
) -> dict[SectionKey, SectionScore]:
    limit = max(_MIN_CANDIDATES, CANDIDATES_PER_HIT * scope.limit)
    limit = min(limit * max(1, len(answer.languages) // _LANGUAGES_AT_ONCE), max(limit, _MAX_CANDIDATES))
    within = documents if scope.article is not None else None  # a term belongs to one language anyway

    # The query is taken to be in a language if running text in it, not only code, has all its words.
    found_in = [frozenset[str]().union(*(term.source_languages for term in group)) for group in answer.groups]
    source = tuple(tag for tag in answer.languages if all(tag in tags for tags in found_in))

    boost = HEADING_BOOST if semantic.sections and len(answer.groups) > 1 else HEADING_BOOST_ALONE
    query_of = partial(text_query, text.engine, answer.groups, answer.excluded, documents=within, heading_boost=boost)
    any_term = run(text, query_of(answer.languages, every=False), limit)
    all_terms = run(text, query_of(answer.languages, every=True), limit)
    all_typed = (
        run(text, query_of(source, every=True, typed=True), limit)
        if len(answer.groups) > 1 and len(source) == 1
        else []
    )
    headings = find_headings(text, answer.query.words, answer.languages)
    return score_sections(any_term, all_terms, all_typed, headings, semantic.sections)


def count_sections(database: Database, text: FullText, answer: SearchAnswer, documents: Collection[int] | None) -> int:
    """Return how many sections of articles have a term of the query, translations of one counted once.

    Translations are recognized by their place in the document, as the articles need not be aligned yet.
    """
    query = text_query(text.engine, answer.groups, answer.excluded, answer.languages, documents, every=False)
    articles = articles_by_document(database)
    searcher = text.engine.searcher()
    found = (searcher.doc(address) for _, address in searcher.search(query, _MAX_COUNTED, count=False).hits)
    return len({(articles.get(int(e.get_first("document") or 0)), e.get_first("section")) for e in found})


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


def text_query(  # noqa: PLR0913
    index: "tantivy.Index",
    groups: Sequence[Sequence[Term]],
    excluded: Sequence[Term],
    languages: Sequence[str],
    documents: Collection[int] | None,
    *,
    every: bool,
    typed: bool = False,
    heading_boost: float = HEADING_BOOST,
) -> "tantivy.Query":
    """Return the full-text query for sections with a term of some group, or with `every` of a term of every group.

    `typed` leaves out translations. Without `every`, related words add to the score of sections that have a term.
    """
    from tantivy import Occur, Query

    schema = index.schema

    def query_of(term: Term, *, related: bool = False) -> "tantivy.Query":
        return _term(schema, term, languages, typed=typed, related=related, heading_boost=heading_boost)

    wanted = [_any([query_of(term) for term in group]) for group in groups]
    clauses = [(Occur.Must if every else Occur.Should, query) for query in wanted]
    if not every:
        clauses = [(Occur.Must, Query.boolean_query(clauses))]
        if any(words for group in groups for term in group for words in term.related.values()):
            scored = [_any([query_of(term, related=True) for term in group]) for group in groups]
            clauses = [(Occur.Must, Query.const_score_query(clauses[0][1], 0.0))]
            clauses += [(Occur.Should, query) for query in scored]
    clauses += [(Occur.MustNot, query_of(term)) for term in excluded]
    if documents is not None:
        scope = Query.term_set_query(schema, "document", sorted(documents))
        clauses.append((Occur.Must, Query.const_score_query(scope, 0.0)))
    return Query.boolean_query(clauses)


def _term(  # noqa: PLR0913
    schema: "tantivy.Schema",
    term: Term,
    languages: Sequence[str],
    *,
    typed: bool,
    related: bool,
    heading_boost: float,
) -> "tantivy.Query":
    """Return the query for one term; with `related` also for its related words, as for a term without likely ones."""
    from tantivy import Occur, Query

    related = related or not any(term.stems.values())

    forms = [word.folded for word in term.item.words]
    found = []
    for tag in languages:
        if term.forms:
            found += [Query.term_query(schema, "forms", f"{tag}:{form}") for form in sorted(term.forms[tag])]
        if term.forms and not term.stems:
            continue
        if not term.stems and len(forms) > 1:
            found.append(Query.phrase_query(schema, "forms", [f"{tag}:{form}" for form in forms]))
        elif not term.stems:
            found.append(Query.term_query(schema, "forms", f"{tag}:{forms[0]}"))
        else:
            for stem, weight in {**(term.related.get(tag, {}) if related else {}), **term.stems[tag]}.items():
                if typed and weight < 1:
                    continue
                text = Query.term_query(schema, "stems", f"{tag}:{stem}", "freq")
                heading = Query.term_query(schema, "headings", f"{tag}:{stem}", "freq")
                weighted = ((text, weight), (heading, weight * heading_boost))
                found.append(Query.boolean_query([(Occur.Should, Query.boost_query(*pair)) for pair in weighted]))
    return _any(found)


def _any(queries: "Sequence[tantivy.Query]") -> "tantivy.Query":
    """Return a query that scores a section by the best of these queries."""
    from tantivy import Query

    if not queries:
        return Query.empty_query()
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(list(queries))


def run(text: FullText, query: "tantivy.Query", limit: int) -> list[TextHit]:
    """Return the sections that a full-text query finds, best first."""
    searcher = text.engine.searcher()
    hits = []
    for score, address in searcher.search(query, limit, count=False).hits:
        entry = searcher.doc(address)
        document, revision, section = (int(entry.get_first(name) or 0) for name in ("document", "revision", "section"))
        hits.append(TextHit(document, revision, section, score))
    return hits


def find_headings(text: FullText, question: str, languages: Sequence[str]) -> dict[SectionKey, float]:
    """Return the sections whose heading, or title, is the query, with the bonus for that."""
    from tantivy import Query

    found: dict[SectionKey, float] = {}
    for tag in languages:
        bonuses = (EXACT_HEADING_BONUS, STEMMED_HEADING_BONUS)
        for heading, bonus in zip(whole_headings(question, tag), bonuses, strict=True):
            query = Query.const_score_query(Query.term_query(text.engine.schema, "whole", heading, "basic"), 1.0)
            for hit in run(text, query, _MAX_HEADINGS):
                found.setdefault((hit.document, hit.section), bonus)
    return found


def has_term(text: FullText, field: str, term: str) -> bool:
    """Return whether any section has a term, for example `pl:konflikt` in the field `stems` or `forms`."""
    from tantivy import Query

    query = Query.term_query(text.engine.schema, field, term, "basic")
    return bool(text.engine.searcher().search(query, 1, count=False).hits)
