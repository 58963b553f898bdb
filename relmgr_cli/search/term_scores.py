"""Which sections have the terms of a query, and what these add to their scores: BM25 of each term's best alternative.

The alternatives of a term are the word itself in its forms and its translations in each language, with their weights. A
section has the score of the best one (disjunction max), and the sum of those of all groups.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import Any, NamedTuple

from relmgr_cli.search.bm25 import Bm25, Leaf
from relmgr_cli.search.expansion import Term
from relmgr_cli.store.fulltext import FullText
from relmgr_cli.store.indexer import section_key

_MIN_RELATED = 0.22  # the weight of a related word that is enough for a section to be found

Groups = Sequence[Sequence[Term]]
Scores = dict[int, float]  # place of a section -> its score
Alternative = tuple[tuple[str, tuple[str, ...], float], ...]  # field, terms and weight: what is added up


class TermMatches(NamedTuple):
    """The sections that have a term of a query."""

    scores: Scores
    complete: Collection[int]  # places of those with a term of every group
    typed: Collection[int]  # the same for terms as typed, in any form; none for a single group


def match_terms(
    bm25: Bm25, groups: Groups, excluded: Sequence[Term], languages: Sequence[str], *, heading_boost: float
) -> TermMatches:
    """Return the sections with a term of some group and no excluded one; related words only add to their scores."""
    found = [_group_scores(bm25, group, languages, heading_boost) for group in groups]
    places = dict.fromkeys(place for scores in found for place in scores)
    for term in excluded:
        for place in _group_scores(bm25, [term], languages, heading_boost):
            places.pop(place, None)
    scored = found
    if any(words for group in groups for term in group for words in term.related.values()):
        scored = [_group_scores(bm25, group, languages, heading_boost, related=True) for group in groups]
    scores = {place: sum([each.get(place, 0.0) for each in scored]) for place in places}
    complete = {place for place in places if all(place in each for each in found)}
    source = _source_languages(groups, languages)
    typed: set[int] = set()
    if len(groups) > 1 and len(source) == 1:
        as_typed = [_group_scores(bm25, group, source, heading_boost, typed=True) for group in groups]
        typed = complete.intersection(*as_typed)
    return TermMatches(scores, complete, typed)


def sections_with_terms(
    text: FullText, groups: Groups, excluded: Sequence[Term], languages: Sequence[str]
) -> dict[int, set[int]]:
    """Return all sections with a term of some group and no excluded one: their indexes by the id of the document."""
    found = _places_with(text, [term for group in groups for term in group], languages)
    found -= _places_with(text, excluded, languages)
    sections: dict[int, set[int]] = defaultdict(set)
    for document, section in map(section_key, found):
        sections[document].add(section)
    return sections


def _places_with(text: FullText, terms: Sequence[Term], languages: Sequence[str]) -> set[int]:
    """Return the places of the sections with one of these terms."""
    from tantivy import Query

    searcher: Any = text.engine.searcher()  # its type stubs lack some attributes
    schema, most = text.engine.schema, max(1, searcher.num_docs)
    wanted = {leaf for term in terms for tag in languages for leaf in _leaves(term, tag)}
    found: set[int] = set()
    for field, words in sorted(wanted):
        one = Query.term_query(schema, field, words[0], "basic")
        query = one if len(words) == 1 else Query.phrase_query(schema, field, list(words))
        hits = searcher.search(Query.const_score_query(query, 1.0), most, count=False).hits
        found.update(searcher.fast_field_values("place", [address for _, address in hits]))
    return found


def _leaves(term: Term, language: str) -> Iterator[Leaf]:
    """Yield the forms and stems of a term in one language, or what was typed."""
    if not term.stems.get(language) and not term.forms.get(language):
        yield "forms", tuple(f"{language}:{word.folded}" for word in term.item.words)
    for form in term.forms.get(language, ()):
        yield "forms", (f"{language}:{form}",)
    for stem in term.stems.get(language, ()):
        yield "stems", (f"{language}:{stem}",)


def best_places(scores: Mapping[int, float], limit: int, documents: Mapping[int, object]) -> list[int]:
    """Return the places with the best scores, best first; of equal ones, those whose document comes first.

    Sections of other documents are left out.
    """
    if len(scores) > limit:
        least = nlargest(limit, scores.values())[-1]
        scores = {place: score for place, score in scores.items() if score >= least}
    order = {document: number for number, document in enumerate(documents)}
    keys = {place: section_key(place) for place in scores}
    known = [place for place in scores if keys[place][0] in order]
    known.sort(key=lambda place: (-scores[place], order[keys[place][0]], keys[place][1]))
    return known[:limit]


def _source_languages(groups: Groups, languages: Sequence[str]) -> list[str]:
    """Return the languages that the query may be in: those whose running text, not only code, has all its words."""
    found_in = [frozenset[str]().union(*(term.source_languages for term in group)) for group in groups]
    return [tag for tag in languages if all(tag in tags for tags in found_in)]


def _group_scores(  # noqa: PLR0913
    bm25: Bm25,
    group: Sequence[Term],
    languages: Sequence[str],
    heading_boost: float,
    *,
    typed: bool = False,
    related: bool = False,
) -> Scores:
    """Return the sections with some term of a group; `typed` leaves out translations, `related` adds related words."""
    best: Scores = {}
    for term in group:
        for alternative in _alternatives(term, languages, heading_boost, typed=typed, related=related):
            found: Scores = {}
            for field, terms, weight in alternative:
                for place, score in bm25.scores(field, terms).items():
                    found[place] = found.get(place, 0.0) + weight * score
            if best:
                for place, score in found.items():
                    if score > best.get(place, 0.0):
                        best[place] = score
            else:
                best = found
    return best


def _alternatives(
    term: Term, languages: Sequence[str], heading_boost: float, *, typed: bool, related: bool
) -> Iterator[Alternative]:
    """Yield what a section may have for a term; a term without likely stems has the most related ones instead."""
    least = 0.0 if related else _MIN_RELATED if not any(term.stems.values()) else 1.0
    forms = [word.folded for word in term.item.words]
    for tag in languages:
        if term.forms:
            for form in sorted(term.forms[tag]):
                yield (("forms", (f"{tag}:{form}",), 1.0),)
        if term.forms and not term.stems:
            continue
        if not term.stems:
            yield (("forms", tuple(f"{tag}:{form}" for form in forms), 1.0),)
            continue
        near = {stem: weight for stem, weight in term.related.get(tag, {}).items() if weight >= least}
        for stem, weight in {**near, **term.stems[tag]}.items():
            if not typed or weight >= 1:
                name = (f"{tag}:{stem}",)
                yield (("stems", name, weight), ("headings", name, weight * heading_boost))
