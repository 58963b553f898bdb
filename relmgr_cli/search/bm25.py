"""BM25 with the statistics of the sections that are there.

tantivy counts deleted sections until it merges its segments, and estimates lengths after that, so its scores depend on
the history of an index. Here the occurrences of a term are calculated from tantivy's score, and scored with exact
counts.
The formula and its constants are those of tantivy (Robertson and Zaragoza, "The Probabilistic Relevance Framework:
BM25 and Beyond", 2009).
"""

import json
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.store.fulltext import FullText

if TYPE_CHECKING:
    import tantivy

_K1, _B = 1.2, 0.75
_MAX_SECTIONS = 20_000  # of one term, those that tantivy scores best
_MANY = 1_000_000  # occurrences in a section, which count as infinitely many

Leaf = tuple[str, tuple[str, ...]]  # a field, and a term or the terms of a phrase


class _Statistics(NamedTuple):
    """What tantivy bases its scores on in one field."""

    sections: int  # deleted ones included
    length: float  # mean


class Bm25:
    """The scores of sections for terms; each term is looked up once. A section is named by its place."""

    def __init__(self, text: FullText) -> None:
        self._text = text
        self._searcher: Any = text.engine.searcher()  # its type stubs lack some attributes
        self._schema = text.engine.schema
        self._addresses: dict[int, tantivy.DocAddress] = {}
        self._known: dict[Leaf, dict[int, float]] = {}
        self._statistics: dict[str, _Statistics] = {}

    def scores(self, field: str, terms: tuple[str, ...]) -> dict[int, float]:
        """Return the score of each section that has a term, or a phrase of several, by place."""
        leaf = (field, terms)
        if leaf not in self._known:
            self._known[leaf] = self._find(field, terms)
        return self._known[leaf]

    def revisions(self, places: "list[int]") -> list[int]:
        """Return the revision of the document of each of these sections, which `scores` has returned."""
        return list(self._searcher.fast_field_values("revision", [self._addresses[place] for place in places]))

    def _find(self, field: str, terms: tuple[str, ...]) -> dict[int, float]:
        found = self._searcher.search(self._query(field, terms), _MAX_SECTIONS)
        hits = found.hits
        if not hits:
            return {}
        addresses = [address for _, address in hits]
        places = self._searcher.fast_field_values("place", addresses)
        lengths = self._searcher.fast_field_values(f"{field}_length", addresses)
        self._addresses.update(zip(places, addresses, strict=True))
        stale = self._stale(field, terms[0], addresses[0])
        stale_weight = sum(_idf(self._searcher.doc_freq(field, term), stale.sections) for term in terms)
        counts = [found.count] if len(terms) == 1 else [self._count(field, term) for term in terms]
        weight = sum(_idf(count, self._searcher.num_docs) for count in counts)
        mean = self._text.tokens[field] / self._searcher.num_docs
        known: dict[tuple[float, int], float] = {}

        def score(stale_score: float, length: int) -> float:
            share = stale_score / stale_weight / (_K1 + 1)
            ratio = share / (1 - share) if share * _MANY < _MANY - 1 else _MANY
            occurrences = max(1, round(ratio * _norm(length, stale.length)))
            return weight * (_K1 + 1) * occurrences / (occurrences + _norm(length, mean))

        scores = {}
        for place, (stale_score, _), length in zip(places, hits, lengths, strict=True):
            key = (stale_score, length)
            value = known.get(key)
            scores[place] = known.setdefault(key, score(*key)) if value is None else value
        return scores

    def _query(self, field: str, terms: tuple[str, ...]) -> "tantivy.Query":
        from tantivy import Query

        if len(terms) > 1:
            return Query.phrase_query(self._schema, field, list(terms))
        return Query.term_query(self._schema, field, terms[0], "freq")

    def _count(self, field: str, term: str) -> int:
        return int(self._searcher.search(self._query(field, (term,)), 1).count or 0)

    def _stale(self, field: str, term: str, address: "tantivy.DocAddress") -> _Statistics:
        """Return the statistics of a field; a section at this address has the term."""
        if field not in self._statistics:
            explained = self._query(field, (term,)).explain(self._searcher, address).to_json()
            values = _values(json.loads(explained))
            self._statistics[field] = _Statistics(round(values["N"]), values["avgdl"])
        return self._statistics[field]


def _idf(count: int, sections: int) -> float:
    return log(1 + (sections - count + 0.5) / (count + 0.5))


def _norm(length: int, mean: float) -> float:
    return _K1 * (1 - _B + _B * length / mean)


def _values(explanation: Any) -> dict[str, float]:
    """Return the values in tantivy's explanation of a score by their names, which their descriptions begin with."""
    found = {explanation["description"].partition(",")[0]: float(explanation["value"])}
    for part in explanation.get("details") or ():
        found |= _values(part)
    return found
