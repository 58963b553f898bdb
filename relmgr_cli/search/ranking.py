"""Sections ranked: by the words found in them, and by how much their passages say what was asked.

For one word of a question its alternatives count as the best one, not as a sum (disjunction-max). Word scores are
scaled so that the best section has 1; what its heading and its best block say is added to that.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.index.entries import whole_headings
from relmgr_cli.index.fulltext import FullText, TextHit
from relmgr_cli.search.likeness import Likeness
from relmgr_cli.search.terms import Term

if TYPE_CHECKING:
    import tantivy

# The weight of a word in a heading, beside 1 for the same word in the section: more for a question of one word, which
# has no meaning of its own to compare headings with.
_MOST_HEADINGS = 50  # that are found as a whole
_HEADING = {True: 2.0, False: 0.25}
_WHOLE = (10.0, 8.0)  # for a heading that is the question, letter for letter, or in other forms of its words
_MUCH = 1.0  # of what its meaning adds, that makes up for a word that is not there
_COMPLETE = 0.7  # for a section with all words, beside 1 for the best words

Place = tuple[int, int]  # document, section


class Evidence(NamedTuple):
    """What speaks for a section of a document."""

    stamp: int
    words: float = 0.0  # 0 to 1
    is_complete: bool = False  # every word of the question is in it
    has_own: bool = False  # as typed, in whatever form
    heading: float = 0.0  # what it adds that its heading is the question
    meaning: float = 0.0  # what its likeness adds
    block: int = -1  # index in the document of the block that is most like the question, -1 for none

    @property
    def is_own(self) -> bool:
        """Whether all words are in it as typed, in whatever form, or its heading is the question."""
        return self.has_own or self.heading > 0

    @property
    def is_full(self) -> bool:
        """Whether all words are in it, or much of what they mean."""
        return self.is_complete or self.meaning >= _MUCH

    @property
    def score(self) -> float:
        """All together."""
        return self.words + _COMPLETE * self.is_complete + self.heading + self.meaning


def text_query(  # noqa: PLR0913
    index: "tantivy.Index",
    groups: Sequence[Sequence[Term]],
    excluded: Sequence[Term],
    languages: Sequence[str],
    documents: Collection[int] | None,
    *,
    every: bool,
    own: bool = False,
) -> "tantivy.Query":
    """Return the query for sections with a term of some group, or of `every` group; `own` for no counterparts."""
    from tantivy import Occur, Query

    schema = index.schema
    is_alone = len(groups) == 1
    wanted = [_any([_term(schema, term, languages, own=own, is_alone=is_alone) for term in group]) for group in groups]
    clauses = [(Occur.Must if every else Occur.Should, query) for query in wanted]
    if not every:
        clauses = [(Occur.Must, Query.boolean_query(clauses))]
    clauses += [(Occur.MustNot, _term(schema, term, languages, own=own, is_alone=is_alone)) for term in excluded]
    if documents is not None:
        scope = Query.term_set_query(schema, "document", sorted(documents))
        clauses.append((Occur.Must, Query.const_score_query(scope, 0.0)))
    return Query.boolean_query(clauses)


def _term(
    schema: "tantivy.Schema", term: Term, languages: Sequence[str], *, own: bool, is_alone: bool
) -> "tantivy.Query":
    from tantivy import Occur, Query

    forms = [word.form for word in term.item.words]
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
            for stem, weight in term.stems[tag].items():
                if own and weight < 1:
                    continue
                text = Query.term_query(schema, "stems", f"{tag}:{stem}", "freq")
                heading = Query.term_query(schema, "headings", f"{tag}:{stem}", "freq")
                weighted = ((text, weight), (heading, weight * _HEADING[is_alone]))
                found.append(Query.boolean_query([(Occur.Should, Query.boost_query(*pair)) for pair in weighted]))
    return _any(found)


def _any(queries: "Sequence[tantivy.Query]") -> "tantivy.Query":
    from tantivy import Query

    if not queries:
        return Query.empty_query()
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(list(queries))


def run(text: FullText, query: "tantivy.Query", limit: int) -> list[TextHit]:
    """Return the sections that a query finds, the best first."""
    searcher = text.engine.searcher()
    hits = []
    for score, address in searcher.search(query, limit, count=False).hits:
        entry = searcher.doc(address)
        document, stamp, section = (int(entry.get_first(name) or 0) for name in ("document", "stamp", "section"))
        hits.append(TextHit(document, stamp, section, score))
    return hits


def find_headings(text: FullText, question: str, languages: Sequence[str]) -> dict[Place, float]:
    """Return the sections whose heading, or title, is the question, and what that adds to their scores."""
    from tantivy import Query

    found: dict[Place, float] = {}
    for tag in languages:
        for whole, weight in zip(whole_headings(question, tag), _WHOLE, strict=True):
            query = Query.const_score_query(Query.term_query(text.engine.schema, "whole", whole, "basic"), 1.0)
            for hit in run(text, query, _MOST_HEADINGS):
                found.setdefault((hit.document, hit.section), weight)
    return found


def has_stem(text: FullText, language: str, stem: str) -> bool:
    """Tell whether any section has a word with this stem."""
    from tantivy import Query

    query = Query.term_query(text.engine.schema, "stems", f"{language}:{stem}", "basic")
    return bool(text.engine.searcher().search(query, 1, count=False).hits)


def weigh(
    found: Sequence[TextHit],
    complete: Sequence[TextHit],
    own: Sequence[TextHit],
    headings: Mapping[Place, float],
    like: Sequence[Likeness],
) -> dict[Place, Evidence]:
    """Return the evidence for every section that its words or its meaning speak for."""
    best = max((hit.score for hit in found), default=0.0) or 1.0
    whole = {(hit.document, hit.section) for hit in complete}
    typed = {(hit.document, hit.section) for hit in own}
    evidence = {}
    for hit in found:
        place = (hit.document, hit.section)
        evidence[place] = Evidence(
            hit.stamp, hit.score / best, place in whole, place in typed, headings.get(place, 0.0)
        )
    for likeness in like:
        place = (likeness.document, likeness.section)
        known = evidence.get(place) or Evidence(likeness.stamp)
        evidence[place] = known._replace(meaning=likeness.weight, block=likeness.block)
    return evidence
