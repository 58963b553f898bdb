"""The score of a section and the order of hits: everything that decides why one hit comes before another.

There is one score, a sum of what the words say and of what the vectors say. A section of an article has it from all its
translations together (`RankedSection.score`):

    words       the best of its languages, plus `OTHER_LANGUAGES` times the mean of the others in which it was found:
                TERMS * BM25 of the query terms, divided by that of the best section of the library: 0 to 1;
                TERMS_ALONE instead of TERMS where no vectors are compared
                + ALL_TERMS if every term of the query is in it
                + ALL_TYPED if every term is in it as typed, in any form, not as a translation
    + heading   10 if its heading (or the title) in any language is the query letter for letter, 8 in other word forms
    + meaning   17 * heading_cosine ** 5 + 0.8 * block_cosine, with the vectors of the query, the heading and the block
                that is most like the query, of the language in which that is highest

Words that are all in a section as typed add 1.7 to 2.5, as much as a heading with a cosine of 0.65 to 0.7. A heading
that says the same as the query has 0.8 and more, which adds at least 5.6: it comes before any section that only
mentions the words, and after one whose heading is the query itself.

BM25 takes for each query term the best of its alternatives, not their sum (disjunction max): the word itself and its
other forms count 1, a translation its weight, below 1, and so a related word, whose meaning is only near. An occurrence
in a heading adds `HEADING_BOOST` times that.

A section is a hit if a query term is in it, or if its vectors are clearly similar (`SectionSimilarity.is_clear`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from relmgr_cli.store.articles import AlignedSection, load_aligned_sections
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import TextHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Found by random search on headings and key words of six sources, and on headings in six languages asked of English
# files (benchmarks/search_quality.py); others near these do as well. The similarity of a heading is significant only if
# it is high.
TERMS, ALL_TERMS, ALL_TYPED = 0.8, 0.7, 1.0
TERMS_ALONE = 2.0  # found on headings of languages without vectors (benchmarks/lexicon.py)
OTHER_LANGUAGES = 0.5  # two languages with a translation of a word are better evidence that it is one
EXACT_HEADING_BONUS, STEMMED_HEADING_BONUS = 10.0, 8.0
HEADING_SIMILARITY_WEIGHT, HEADING_SIMILARITY_POWER = 17, 5
TEXT_SIMILARITY_WEIGHT = 0.8

# Of a section that no term is in, 8 * heading ** 4 + block: below that, any section is as similar to a query.
MIN_SIMILARITY, HEADING_RELIABILITY = 0.4, 8

# Of an occurrence in a heading. Higher where vectors say nothing about headings: where there are none, and for a query
# of one term, whose vector is too unspecific.
HEADING_BOOST_ALONE, HEADING_BOOST = 2.0, 0.25

# An article is aligned when one of its sections is looked at, so no more are than the hits need.
CANDIDATES_PER_HIT, SECTIONS_PER_HIT = 4, 2

SectionKey = tuple[int, int]  # document, index of the section in it
Cosine = TypeVar("Cosine", float, "NDArray[np.float32]")


def semantic_score(heading: Cosine, block: Cosine) -> Cosine:
    """Return what the similarity of a section to the query adds to its score; cosines are 0 or more."""
    return HEADING_SIMILARITY_WEIGHT * heading**HEADING_SIMILARITY_POWER + TEXT_SIMILARITY_WEIGHT * block


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

    @property
    def is_clear(self) -> bool:
        """Whether it is similar enough to be a hit without any term of the query."""
        return HEADING_RELIABILITY * max(0.0, self.heading) ** 4 + max(0.0, self.text) >= MIN_SIMILARITY


class SectionScore(NamedTuple):
    """The parts of the score of one section of a document."""

    revision: int  # of the document when it was indexed
    terms: float = 0.0  # BM25 with its weight
    has_all_terms: bool = False  # every term of the query, or a translation of it, is in it
    has_all_typed_terms: bool = False  # every term as typed, in any form
    heading: float = 0.0  # bonus for a heading that is the query
    semantic: float = 0.0
    block: int = -1  # index in the document of the block most like the query; -1 for none
    is_similar: bool = False  # clearly enough to be a hit without any term

    @property
    def words(self) -> float:
        """What the words of the query add."""
        return self.terms + ALL_TERMS * self.has_all_terms + ALL_TYPED * self.has_all_typed_terms

    @property
    def score(self) -> float:
        """The score that the section has by this language alone."""
        return self.words + self.heading + self.semantic


class RankedSection(NamedTuple):
    """A section of an article that answers the query."""

    article: int  # its number
    section: str
    score: float
    has_all_terms: bool  # in one of its languages
    scores: Mapping[str, SectionScore]  # by language, those in which it was found


def score_sections(
    any_term: Sequence[TextHit],
    complete: Collection[SectionKey],
    typed: Collection[SectionKey],
    headings: Mapping[SectionKey, float],
    similar: Sequence[SectionSimilarity],
) -> dict[SectionKey, SectionScore]:
    """Return the score of every section that has a term of the query or is similar to it.

    `complete` are the sections with every term, `typed` those with every term as typed; `headings` has the bonus of
    those whose heading is the query.
    """
    best = max((hit.score for hit in any_term), default=0.0) or 1.0
    weight = (TERMS if similar else TERMS_ALONE) / best
    scores = {}
    for hit in any_term:
        key = (hit.document, hit.section)
        heading = headings.get(key, 0.0)
        scores[key] = SectionScore(hit.revision, weight * hit.score, key in complete, key in typed, heading)
    for found in similar:
        key = (found.document, found.section)
        known = scores.get(key) or SectionScore(found.revision)
        scores[key] = known._replace(semantic=found.score, block=found.block, is_similar=found.is_clear)
    return scores


def rank(
    database: Database,
    scores: Mapping[SectionKey, SectionScore],
    articles: Mapping[int, int],
    limit: int,
    languages: Collection[str] = (),
) -> Iterator[RankedSection]:
    """Yield the sections of articles that may be among the `limit` best, best first, up to twice as many.

    `articles` has the number of the article of each document; of equal scores, that of an earlier document comes first.
    Only sections that exist in one of `languages`, if there are any. Raises LibraryChangedError.
    """
    sections = _AlignedSections(database, articles)
    order = {document: number for number, document in enumerate(articles)}
    merged: dict[tuple[int, str], dict[str, SectionScore]] = {}
    examined = 0  # the translations of a section count once
    for key in sorted(scores, key=lambda key: (-scores[key].score, order.get(key[0], -1), key[1])):
        article, section = sections.find(key)
        if section is not None and (article, section.number) in merged:
            continue
        examined += 1
        if examined > CANDIDATES_PER_HIT * limit:
            break
        if section is None or (languages and section.translations.keys().isdisjoint(languages)):
            continue
        found = _scores_by_language(section, scores)
        if any(score.terms or score.is_similar for score in found.values()):
            merged[article, section.number] = found
        if len(merged) == SECTIONS_PER_HIT * limit:
            break
    yield from sorted((_combine(*key, by_language) for key, by_language in merged.items()), key=_hit_order)


def _hit_order(hit: RankedSection) -> tuple[float, int, str]:
    return -hit.score, hit.article, hit.section


def _combine(article: int, section: str, scores: Mapping[str, SectionScore]) -> RankedSection:
    best, *others = sorted((score.words for score in scores.values()), reverse=True)
    words = best + OTHER_LANGUAGES * sum(others) / max(1, len(others))
    heading = max(score.heading for score in scores.values())
    semantic = max(score.semantic for score in scores.values())
    has_all_terms = any(score.has_all_terms for score in scores.values())
    return RankedSection(article, section, words + heading + semantic, has_all_terms, scores)


def _scores_by_language(section: AlignedSection, scores: Mapping[SectionKey, SectionScore]) -> dict[str, SectionScore]:
    """Return the scores of the translations of a section, without those of an outdated revision."""
    found = ((tag, at, scores.get((at.document, at.section))) for tag, at in section.translations.items())
    return {tag: score for tag, at, score in found if score and score.revision == at.revision}


class _AlignedSections:
    """The sections of articles, loaded when first needed."""

    def __init__(self, database: Database, articles: Mapping[int, int]) -> None:
        self._database = database
        self._articles = articles
        self._by_article: dict[int, dict[SectionKey, AlignedSection]] = {}

    def find(self, key: SectionKey) -> tuple[int, AlignedSection | None]:
        """Return the article of a document's section, and its section there; None if it was just removed."""
        article = self._articles.get(key[0])
        if article is None:
            return 0, None
        if article not in self._by_article:
            self._by_article[article] = load_aligned_sections(self._database, article)
        return article, self._by_article[article].get(key)
