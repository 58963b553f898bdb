"""The score of a section and the order of hits: everything that decides why one hit comes before another.

A section of a document is scored for each language by itself (`SectionScore.score`):

    term score             BM25 of the query terms in the section, divided by that of the best section: 0 to 1
    + ALL_TERMS_BONUS      0.7 if every term of the query is in it
    + heading bonus        10 if its heading (or the title) is the query letter for letter, 8 in other word forms
    + semantic score       8 * heading_cosine ** 4 + block_cosine, with the vectors of the query, the heading and the
                           block that is most like the query

BM25 takes for each query term the best of its alternatives, not their sum (disjunction max): the word itself and its
other forms count 1, a translation the square of its cosine. An occurrence in a heading adds `HEADING_BOOST` times that.

A section of an article combines its translations: the best score, plus `OTHER_LANGUAGE_BONUS` times the mean of the
others. It is a hit if a query term is in it, or if its semantic score is at least `MIN_SEMANTIC_SCORE`. Hits come in
three classes, and within a class by score:

    1. every term as typed, in any form (`is_typed_match`), or a heading that is the query
    2. every term, translations included, or a semantic score of at least `STRONG_SEMANTIC_SCORE` (`is_strong_match`)
    3. all others
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from relmgr_cli.store.articles import AlignedSection, article_of, load_aligned_sections
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import TextHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALL_TERMS_BONUS = 0.7
EXACT_HEADING_BONUS, STEMMED_HEADING_BONUS = 10.0, 8.0
OTHER_LANGUAGE_BONUS = 0.25
MIN_SEMANTIC_SCORE, STRONG_SEMANTIC_SCORE = 0.4, 1.0

# The similarity of a heading is significant only if it is high. Tuned on headings and key words of nine sources
# (benchmarks/search_quality.py); other powers and weights near these do as well.
HEADING_SIMILARITY_WEIGHT, HEADING_SIMILARITY_POWER = 8, 4

# Higher for a query of one term, whose vector is too unspecific to compare with headings.
HEADING_BOOST_ONE_TERM, HEADING_BOOST = 2.0, 0.25

# An article is aligned when one of its sections is looked at, so no more are than the hits need.
CANDIDATES_PER_HIT, SECTIONS_PER_HIT = 4, 2

SectionKey = tuple[int, int]  # document, index of the section in it
Cosine = TypeVar("Cosine", float, "NDArray[np.float32]")


def semantic_score(heading: Cosine, block: Cosine) -> Cosine:
    """Return what the similarity of a section to the query adds to its score; cosines are 0 or more."""
    return HEADING_SIMILARITY_WEIGHT * heading**HEADING_SIMILARITY_POWER + block


class SectionSimilarity(NamedTuple):
    """How similar to a query a section is."""

    document: int
    revision: int
    section: int  # index in the document
    heading: float  # cosine of its heading; 0 without one
    text: float  # cosine of its best block
    block: int  # index in the document of that block; -1 where the section has none

    @property
    def score(self) -> float:
        """What it adds to the score of the section."""
        return semantic_score(max(0.0, self.heading), max(0.0, self.text))


class SectionScore(NamedTuple):
    """The parts of the score of one section of a document."""

    revision: int  # of the document when it was indexed
    terms: float = 0.0  # 0 to 1
    has_all_terms: bool = False  # every term of the query, or a translation of it, is in it
    has_all_typed_terms: bool = False  # every term as typed, in any form
    heading: float = 0.0  # bonus for a heading that is the query
    semantic: float = 0.0
    block: int = -1  # index in the document of the block most like the query; -1 for none

    @property
    def is_typed_match(self) -> bool:
        """Whether every term is in it as typed, in any form, or its heading is the query."""
        return self.has_all_typed_terms or self.heading > 0

    @property
    def is_strong_match(self) -> bool:
        """Whether every term is in it, or it is very similar to the query."""
        return self.has_all_terms or self.semantic >= STRONG_SEMANTIC_SCORE

    @property
    def score(self) -> float:
        """The sum of the parts."""
        return self.terms + ALL_TERMS_BONUS * self.has_all_terms + self.heading + self.semantic


class RankedSection(NamedTuple):
    """A section of an article that answers the query."""

    article: int  # its number
    section: str
    score: float
    has_all_terms: bool  # in one of its languages, as are the next two
    is_typed_match: bool
    is_strong_match: bool
    scores: Mapping[str, SectionScore]  # by language, those in which it was found


def score_sections(
    any_term: Sequence[TextHit],
    all_terms: Sequence[TextHit],
    all_typed: Sequence[TextHit],
    headings: Mapping[SectionKey, float],
    similar: Sequence[SectionSimilarity],
) -> dict[SectionKey, SectionScore]:
    """Return the score of every section that has a term of the query or is similar to it.

    `all_terms` are the sections with every term, `all_typed` those with every term as typed; `headings` has the bonus
    of those whose heading is the query.
    """
    best = max((hit.score for hit in any_term), default=0.0) or 1.0
    complete = {(hit.document, hit.section) for hit in all_terms}
    typed = {(hit.document, hit.section) for hit in all_typed}
    scores = {}
    for hit in any_term:
        key = (hit.document, hit.section)
        heading = headings.get(key, 0.0)
        scores[key] = SectionScore(hit.revision, hit.score / best, key in complete, key in typed, heading)
    for found in similar:
        key = (found.document, found.section)
        known = scores.get(key) or SectionScore(found.revision)
        scores[key] = known._replace(semantic=found.score, block=found.block)
    return scores


def rank(database: Database, scores: Mapping[SectionKey, SectionScore], limit: int) -> Iterator[RankedSection]:
    """Yield the sections of articles that may be among the `limit` best, best first, up to twice as many.

    Raises LibraryChangedError.
    """
    sections = _AlignedSections(database)
    merged: dict[tuple[int, str], dict[str, SectionScore]] = {}
    examined = 0  # the translations of a section count once
    for key in sorted(scores, key=lambda key: _section_order(scores[key], key)):
        article, section = sections.find(key)
        if section is not None and (article, section.number) in merged:
            continue
        examined += 1
        if examined > CANDIDATES_PER_HIT * limit:
            break
        if section is None:
            continue
        found = _scores_by_language(section, scores)
        if any(score.terms or score.semantic >= MIN_SEMANTIC_SCORE for score in found.values()):
            merged[article, section.number] = found
        if len(merged) == SECTIONS_PER_HIT * limit:
            break
    yield from sorted((_combine(*key, by_language) for key, by_language in merged.items()), key=_hit_order)


def _section_order(score: SectionScore, key: SectionKey) -> tuple[bool, bool, float, SectionKey]:
    return not score.is_typed_match, not score.is_strong_match, -score.score, key


def _hit_order(hit: RankedSection) -> tuple[bool, bool, float, int, str]:
    return not hit.is_typed_match, not hit.is_strong_match, -hit.score, hit.article, hit.section


def _combine(article: int, section: str, scores: Mapping[str, SectionScore]) -> RankedSection:
    best, *others = sorted((score.score for score in scores.values()), reverse=True)
    return RankedSection(
        article,
        section,
        best + OTHER_LANGUAGE_BONUS * sum(others) / max(1, len(others)),
        any(score.has_all_terms for score in scores.values()),
        any(score.is_typed_match for score in scores.values()),
        any(score.is_strong_match for score in scores.values()),
        scores,
    )


def _scores_by_language(section: AlignedSection, scores: Mapping[SectionKey, SectionScore]) -> dict[str, SectionScore]:
    """Return the scores of the translations of a section, without those of an outdated revision."""
    found = ((tag, at, scores.get((at.document, at.section))) for tag, at in section.translations.items())
    return {tag: score for tag, at, score in found if score and score.revision == at.revision}


class _AlignedSections:
    """The sections of articles, loaded when first needed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_article: dict[int, dict[SectionKey, AlignedSection]] = {}

    def find(self, key: SectionKey) -> tuple[int, AlignedSection | None]:
        """Return the article of a document's section, and its section there; None if it was just removed."""
        article = article_of(self._database, key[0])
        if article is None:
            return 0, None
        if article not in self._by_article:
            self._by_article[article] = load_aligned_sections(self._database, article)
        return article, self._by_article[article].get(key)
