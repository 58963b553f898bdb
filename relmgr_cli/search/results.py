"""The whole way from a question to hits that can be shown."""

from collections.abc import Sequence
from typing import NamedTuple

from relmgr_cli.index.database import Database
from relmgr_cli.index.fulltext import FullText
from relmgr_cli.index.queries import load_article
from relmgr_cli.languages.tags import choose
from relmgr_cli.library.articles import Article, ArticleSection
from relmgr_cli.search.excerpts import Match, explain, section_texts
from relmgr_cli.search.finding import Answer, Found, Scope, find
from relmgr_cli.search.marking import find_marks
from relmgr_cli.search.query import parse_query


class Hit(NamedTuple):
    """A section that answers, with its matches."""

    rank: int
    score: float
    is_complete: bool  # every word of the question was found
    number: int  # of the article
    article: Article
    section: ArticleSection
    matches: tuple[Match, ...]  # the reader's language first; those that only say the same have no `why`

    @property
    def by_meaning(self) -> bool:
        """Whether no word of the question was found."""
        return all(match.why in ("meaning", "") for match in self.matches)


class Results(NamedTuple):
    """What a question was understood as, and the hits."""

    answer: Answer
    hits: tuple[Hit, ...]


def search(catalogue: Database, text: FullText, question: str, scope: Scope, preferred: Sequence[str] = ()) -> Results:
    """Return what answers a question, the best first; `preferred` are the reader's languages, the best first."""
    query = parse_query(question)
    answer = find(catalogue, text, query, scope)
    first = [tag for wanted in preferred if (tag := choose([wanted], answer.languages))]
    languages = tuple(dict.fromkeys([*first, *answer.languages]))
    hits: list[Hit] = []
    for found in answer.hits:
        if len(hits) == scope.limit:
            break
        if hit := _hit(catalogue, answer, found, languages, scope):
            hits.append(hit._replace(rank=len(hits) + 1))
    return Results(answer, tuple(hits))


def _hit(catalogue: Database, answer: Answer, found: Found, languages: Sequence[str], scope: Scope) -> Hit | None:
    """Return what is shown of a section; None when a look at its texts shows that it does not answer."""
    article = load_article(catalogue, found.article)
    section = next((section for section in article.sections if section.number == found.section), None)
    if section is None:  # another process has changed the library in between
        return None
    if answer.excluded and _has(article, section, answer, scope):
        return None
    matches = explain(article, section, languages, answer.groups, found.evidence, exact=scope.exact)
    if not any(match.why for match in matches):
        return None
    is_complete = found.is_complete
    if scope.exact:
        is_complete = all(_answers(article, section, answer, languages, group) for group in range(len(answer.groups)))
    return Hit(0, round(found.score, 3), is_complete, found.article, article, section, matches)


def _has(article: Article, section: ArticleSection, answer: Answer, scope: Scope) -> bool:
    """Tell whether a section has an excluded word in one of its languages."""
    groups = tuple((term,) for term in answer.excluded)
    return any(
        find_marks(text, tag, groups, exact=scope.exact)
        for tag in section.places
        if tag in answer.languages
        for _, text, _ in section_texts(article, section, tag)
    )


def _answers(article: Article, section: ArticleSection, answer: Answer, languages: Sequence[str], group: int) -> bool:
    """Tell whether a section has a word of the question as it was spelt."""
    return any(
        find_marks(text, tag, answer.groups[group : group + 1], exact=True)
        for tag in languages
        if tag in section.places
        for _, text, _ in section_texts(article, section, tag)
    )
