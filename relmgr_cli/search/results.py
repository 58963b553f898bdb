"""Searches the library: from the text of a query to hits with snippets. ranking.py decides their order."""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.languages.tags import match_language
from relmgr_cli.search.matching import find_matches
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.ranking import RankedSection
from relmgr_cli.search.retrieval import Scope, SearchAnswer, find
from relmgr_cli.search.snippets import Groups, Match, build_snippets, section_texts
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import FullText

_MAX_ARTICLES = 200  # that are kept while hits are built

ArticleLoader = Callable[[int, frozenset[str] | None], Article]  # number, languages


class Hit(NamedTuple):
    """A section that answers a query."""

    rank: int
    score: float
    is_complete: bool  # every word of the query was found
    number: int  # of the article
    article: Article
    section: ArticleSection
    matches: tuple[Match, ...]  # the reader's languages first, then the source

    @property
    def by_meaning(self) -> bool:
        """Whether no word of the query was found."""
        return all(match.match_type in ("meaning", "") for match in self.matches)


class Results(NamedTuple):
    """How a query was understood, and the hits."""

    answer: SearchAnswer
    hits: tuple[Hit, ...]

    @property
    def total(self) -> int:
        """How many sections were found, the hits among them."""
        return max(len(self.hits), self.answer.total)


def search(  # noqa: PLR0913
    database: Database,
    text: FullText,
    question: str,
    scope: Scope,
    preferred: Sequence[str] = (),
    *,
    max_languages: int | None = None,
) -> Results:
    """Return the hits of a query, best first; `preferred` are the reader's languages, best first.

    With more languages than `max_languages`, a hit has only the reader's, that of the source, and those that match
    best: the texts of the others are not read. Raises DatabaseCorruptError or LibraryChangedError.
    """
    query = parse_query(question, exact=scope.exact)
    answer = find(database, text, query, scope)
    first = [tag for wanted in preferred if (tag := match_language([wanted], answer.languages))]
    load = article_loader(database)
    hits: list[Hit] = []
    for ranked in answer.hits:
        if len(hits) == scope.limit:
            break
        some = _best_languages(answer, ranked, first, scope, max_languages)
        hit = build_hit(load, answer, ranked, first, scope, some=some) if some else None
        if hit := hit or build_hit(load, answer, ranked, first, scope):
            hits.append(hit._replace(rank=len(hits) + 1))
    if len(hits) < scope.limit:  # these are all
        answer = answer._replace(total=len(hits))
    return Results(answer, tuple(hits))


def _best_languages(
    answer: SearchAnswer, ranked: RankedSection, first: Sequence[str], scope: Scope, limit: int | None
) -> Collection[str]:
    """Return the languages of `first` and those in which a section matches best; none if all must be read."""
    if limit is None or len(answer.languages) <= limit or answer.excluded or scope.exact:
        return ()
    best = sorted(ranked.scores, key=lambda tag: (-ranked.scores[tag].terms, -ranked.scores[tag].semantic, tag))
    return dict.fromkeys([*first, *best[:limit]])


def article_loader(database: Database) -> ArticleLoader:
    """Return a function that loads an article, in some languages or all; the last ones are kept for further hits."""

    @lru_cache(_MAX_ARTICLES)
    def load(number: int, languages: frozenset[str] | None) -> Article:
        return load_article(database, number, languages=languages)

    return load


def build_hit(  # noqa: PLR0913
    load: ArticleLoader,
    answer: SearchAnswer,
    ranked: RankedSection,
    first: Sequence[str],
    scope: Scope,
    *,
    some: Collection[str] | None = None,
) -> Hit | None:
    """Return a hit with its snippets, those in the languages of `first` before that of the source and the others.

    `some` are the only languages to read besides the source. None if the texts have no match after all.
    """
    article = load(ranked.article, None if some is None else frozenset(some))
    searched = [tag for tag in answer.languages if tag in article.documents]
    if scope.files is not None:
        places = {tag: (article.documents[tag].root, article.documents[tag].path) for tag in searched}
        searched = [tag for tag in searched if places[tag] in scope.files]
    preferred = [tag for tag in (*first, article.source) if tag in searched]
    languages = tuple(dict.fromkeys([*preferred, *searched]))
    section = next((section for section in article.sections if section.number == ranked.section), None)
    if section is None:  # another process has changed the library since
        return None
    excluded = tuple((term,) for term in answer.excluded)
    if excluded and _has_match(article, section, answer.languages, excluded, exact=scope.exact):
        return None
    matches = build_snippets(article, section, languages, answer.groups, ranked.scores, exact=scope.exact)
    if not any(match.match_type for match in matches):
        return None
    is_complete = ranked.has_all_terms
    if scope.exact:
        is_complete = all(_has_match(article, section, languages, [group], exact=True) for group in answer.groups)
    return Hit(0, round(ranked.score, 3), is_complete, ranked.article, article, section, matches)


def _has_match(
    article: Article, section: ArticleSection, languages: Sequence[str], groups: Groups, *, exact: bool
) -> bool:
    """Return whether a section has a word of one of the groups in one of these languages."""
    return any(
        find_matches(text, tag, groups, exact=exact)
        for tag in languages
        if tag in section.indexes
        for _, text, _ in section_texts(article, section, tag)
    )
