"""A question -> hits: sections of articles, with all their languages together, the best first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.index.codec import unpack
from relmgr_cli.index.database import Database
from relmgr_cli.index.fulltext import FullText, TextHit, searching
from relmgr_cli.index.grouping import LibraryChangedError, align_article
from relmgr_cli.index.vocabulary import library_languages
from relmgr_cli.search.asking import NOTHING, Insight, ask
from relmgr_cli.search.query import Item, Query
from relmgr_cli.search.ranking import Evidence, Place, find_headings, has_stem, run, text_query, weigh
from relmgr_cli.search.terms import Term, new_words, understand

_CANDIDATES = 200  # sections that words find
_DEEP = 4  # candidates looked at for each hit wanted
_WIDE = 2  # sections put together for each hit wanted
_MEANS = 0.4  # what its meaning must add for a section without a word of the question to be a hit
_ECHO = 0.25  # how much the other languages of a section add to its best one


_Outline = dict[Place, tuple[str, dict[str, tuple[int, Place]]]]


class Scope(NamedTuple):
    """Where to search, and how."""

    languages: tuple[str, ...] = ()  # none for all
    article: int | None = None  # its number; None for all
    exact: bool = False  # letters only: no other form of a word, no counterpart, nothing by meaning
    limit: int = 10  # hits


class Found(NamedTuple):
    """One section of one article that answers."""

    article: int  # its number
    section: str
    score: float
    is_complete: bool  # every word of the question was found in one of its languages
    is_own: bool  # all words as typed, in whatever form, or the heading is the question: these come first
    is_full: bool  # all words, or much of their meaning: these come next
    evidence: Mapping[str, Evidence]  # by language, those in which it was found


class Answer(NamedTuple):
    """What a question was understood as, and what was found."""

    query: Query
    languages: tuple[str, ...]  # searched
    groups: tuple[tuple[Term, ...], ...]  # the decisive ones
    excluded: tuple[Term, ...]
    hits: tuple[Found, ...]


def find(catalogue: Database, text: FullText, query: Query, scope: Scope) -> Answer:
    """Return what answers a question, the best first; without a word to look for, nothing."""
    known = library_languages(catalogue)
    languages = tuple(tag for tag in known if not scope.languages or tag in scope.languages)
    documents = _documents(catalogue, scope)
    insight = _insight(catalogue, query, scope, known, documents)

    def terms(items: Sequence[Item]) -> tuple[Term, ...]:
        understood = [
            understand(catalogue, item, languages, known=known, nearest=insight.nearest, exact=scope.exact)
            for item in items
        ]
        with searching(catalogue):
            return tuple(_living(text, term) for term in understood)

    groups = tuple(terms(query.groups[place]) for place in query.decisive(known))
    excluded = terms(query.excluded)
    answer = Answer(query, languages, groups, excluded, ())
    if not groups or not languages:
        return answer
    with searching(catalogue):
        evidence = _evidence(text, answer, documents, insight, scope)
    return answer._replace(hits=tuple(rank(catalogue, evidence, scope.limit)))


def _living(text: FullText, term: Term) -> Term:
    """Return the term without the counterparts that the library had once and has no longer."""
    dead = {
        (tag, counterpart.stem)
        for tag, counterparts in term.counterparts.items()
        for counterpart in counterparts
        if not has_stem(text, tag, counterpart.stem)
    }
    if not dead:
        return term
    return term._replace(
        counterparts={
            tag: tuple(c for c in counterparts if (tag, c.stem) not in dead)
            for tag, counterparts in term.counterparts.items()
        },
        stems={
            tag: {stem: weight for stem, weight in stems.items() if (tag, stem) not in dead}
            for tag, stems in term.stems.items()
        },
    )


def _documents(catalogue: Database, scope: Scope) -> Collection[int] | None:
    """Return the ids of the documents in scope; None where words alone tell, that is, for all languages or articles."""
    if scope.article is not None:
        rows = catalogue.rows("SELECT id, language FROM documents WHERE article = ?", (scope.article,))
    elif scope.languages:
        rows = catalogue.rows("SELECT id, language FROM documents WHERE article IS NOT NULL")
    else:
        return None
    return [id_ for id_, language in rows if not scope.languages or language in scope.languages]


def _insight(
    catalogue: Database,
    query: Query,
    scope: Scope,
    languages: Sequence[str],
    documents: Collection[int] | None,
) -> Insight:
    """Ask the encoder, where words have vectors and the question is more than one word that the library knows."""
    items = [item for place in query.decisive(languages) for item in query.groups[place]]
    if scope.exact or not items or not catalogue.rows("SELECT 1 FROM vector_blocks LIMIT 1"):
        return NOTHING
    wanted = new_words(catalogue, items, languages)
    new = [*wanted, *new_words(catalogue, query.excluded, languages)]
    is_short = len(query.groups) == 1 or any(item.kind != "word" for item in items)
    if not new and is_short:
        return NOTHING
    insight = ask(catalogue, query.words, new, documents, repr((scope.languages, scope.article)))
    # A new word that is not wanted makes no other question of a word that needs no encoder.
    return insight._replace(sections=[]) if is_short and not wanted else insight


def _evidence(
    text: FullText, answer: Answer, documents: Collection[int] | None, insight: Insight, scope: Scope
) -> dict[Place, Evidence]:
    limit = max(_CANDIDATES, _DEEP * scope.limit)
    within = documents if scope.article is not None else None  # a term is of one language anyway

    # A question in a language of the library, and not only in words that its code has too, means its words.
    spoken = [frozenset[str]().union(*(term.spoken for term in group)) for group in answer.groups]
    asked_in = tuple(tag for tag in answer.languages if all(tag in tags for tags in spoken))

    def hits(languages: Sequence[str], *, every: bool, own: bool = False) -> list[TextHit]:
        groups, excluded = answer.groups, answer.excluded
        return run(text, text_query(text.engine, groups, excluded, languages, within, every=every, own=own), limit)

    found = hits(answer.languages, every=False)
    complete = hits(answer.languages, every=True)
    own = hits(asked_in, every=True, own=True) if len(answer.groups) > 1 and len(asked_in) == 1 else []
    headings = find_headings(text, answer.query.words, answer.languages)
    return weigh(found, complete, own, headings, insight.sections)


def rank(catalogue: Database, evidence: Mapping[Place, Evidence], limit: int) -> Iterator[Found]:
    """Yield the sections of articles that may be among the best, more than `limit`, each with all its languages.

    An article is aligned when one of its sections is met, so no more of them are met than are needed.
    """
    outlines: dict[int, _Outline] = {}
    merged: dict[tuple[int, str], dict[str, Evidence]] = {}
    for place in sorted(evidence, key=lambda place: _order(evidence[place], place))[: _DEEP * limit]:
        section = _section_of(catalogue, place, outlines)
        if section is None or section[:2] in merged:
            continue
        found = {tag: evidence[at] for tag, (stamp, at) in section[2].items() if _holds(evidence, at, stamp)}
        if any(one.words or one.meaning >= _MEANS for one in found.values()):
            merged[section[:2]] = found
        if len(merged) == _WIDE * limit:
            break
    hits = [_found(*key, by_language) for key, by_language in merged.items()]
    hits.sort(key=lambda hit: (not hit.is_own, not hit.is_full, -hit.score, hit.article, hit.section))
    yield from hits


def _order(evidence: Evidence, place: Place) -> tuple[bool, bool, float, Place]:
    return not evidence.is_own, not evidence.is_full, -evidence.score, place


def _holds(evidence: Mapping[Place, Evidence], place: Place, stamp: int) -> bool:
    """Tell whether there is evidence for a place, found in the state in which the document is now."""
    return place in evidence and evidence[place].stamp == stamp


def _found(article: int, section: str, evidence: Mapping[str, Evidence]) -> Found:
    best, *others = sorted((found.score for found in evidence.values()), reverse=True)
    echo = _ECHO * sum(others) / max(1, len(others))
    is_complete = any(found.is_complete for found in evidence.values())
    is_own = any(found.is_own for found in evidence.values())
    is_full = any(found.is_full for found in evidence.values())
    return Found(article, section, best + echo, is_complete, is_own, is_full, evidence)


def _section_of(
    catalogue: Database, place: Place, outlines: dict[int, _Outline]
) -> tuple[int, str, dict[str, tuple[int, Place]]] | None:
    """Return the section of an article that a place is: article, number, and by language stamp and place."""
    rows = catalogue.rows("SELECT article FROM documents WHERE id = ?", place[:1])
    if not rows or rows[0][0] is None:
        return None
    ((article,),) = rows
    if article not in outlines:
        outlines[article] = _outline(catalogue, article)
    found = outlines[article].get(place)
    return (article, *found) if found else None


def _outline(catalogue: Database, article: int) -> _Outline:
    """Return number and places of the section of an article that each of its documents' sections is."""
    align_article(catalogue, article)
    with catalogue.reading():
        query = "SELECT id, language, revision FROM documents WHERE article = ?"
        documents = {tag: (id_, stamp) for id_, tag, stamp in catalogue.rows(query, (article,))}
        rows = catalogue.rows("SELECT sections FROM articles WHERE number = ? AND sections IS NOT NULL", (article,))
    if not rows:
        raise LibraryChangedError
    ((sections,),) = rows
    outline: _Outline = {}
    for number, _, indexes in unpack(sections):
        places = {tag: (documents[tag][1], (documents[tag][0], index)) for tag, index in indexes.items()}
        outline.update((place, (number, places)) for _, place in places.values())
    return outline
