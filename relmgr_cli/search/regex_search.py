"""Searches the texts of the sections by a regular expression. The hits are in the order of the library."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.tags import match_language
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.query import Item, Query
from relmgr_cli.search.ranking import RankedSection
from relmgr_cli.search.regex_matching import Ranges, open_matcher
from relmgr_cli.search.results import Hit, Results, article_loader, build_hit
from relmgr_cli.search.retrieval import Scope, SearchAnswer, files_in_scope
from relmgr_cli.search.snippets import document_texts
from relmgr_cli.store.articles import articles_by_document, load_aligned_sections
from relmgr_cli.store.codec import documents_by_id
from relmgr_cli.store.database import Database
from relmgr_cli.store.name_lookup import library_languages

_DOCUMENTS_AT_ONCE = 100
_CHARACTERS_AT_ONCE = 250_000


class _Text(NamedTuple):
    """A text of a section."""

    document: int  # its id
    section: int  # index in the document
    text: str


class _Found(NamedTuple):
    """What matches in the library."""

    sections: dict[int, dict[tuple[int, int], None]]  # by article: document and index of the section
    ranges: dict[str, Ranges]  # by text


def search_pattern(database: Database, pattern: str, scope: Scope, preferred: Sequence[str] = ()) -> Results:
    """Return the sections with a text that a pattern matches; `preferred` are the reader's languages, best first.

    Raises PatternInvalidError, PatternSlowError or LibraryChangedError.
    """
    known = library_languages(database)
    languages = tuple(tag for tag in known if not scope.languages or tag in scope.languages)
    found = _find(database, pattern, scope)
    total = len({(number, index) for number, keys in found.sections.items() for _, index in keys})
    answer = pattern_answer(pattern, found.ranges)._replace(languages=languages, total=total)
    first = [tag for wanted in preferred if (tag := match_language([wanted], languages))]
    hits = list(islice(_hits(database, answer, found, scope, first), scope.limit))
    if len(hits) < scope.limit:  # these are all
        answer = answer._replace(total=len(hits))
    return Results(answer, tuple(hit._replace(rank=rank) for rank, hit in enumerate(hits, 1)))


def pattern_answer(pattern: str, ranges: Mapping[str, Ranges] = {}) -> SearchAnswer:
    """Return the regular expression as the only term of a query; `ranges` has the texts that match, and where."""
    term = Term(Item("regex", pattern, ()), {}, {}, {}, frozenset(), ranges=ranges)
    return SearchAnswer(Query(pattern, ((term.item,),), ()), (), ((term,),), (), ())


def _hits(database: Database, answer: SearchAnswer, found: _Found, scope: Scope, first: Sequence[str]) -> Iterator[Hit]:
    load = article_loader(database)
    for article in sorted(found.sections):
        matching = found.sections[article]
        sections = load_aligned_sections(database, article).items()
        for number in dict.fromkeys(section.number for key, section in sections if key in matching):
            hit = build_hit(load, answer, RankedSection(article, number, 0.0, True, {}), first, scope)  # noqa: FBT003
            if hit:
                yield hit


def _find(database: Database, pattern: str, scope: Scope) -> _Found:
    """Match the pattern with all texts of the documents to search."""
    articles = articles_by_document(database)
    wanted = {file.id for file in files_in_scope(database, scope)}
    found = _Found(defaultdict(dict), {})
    with open_matcher(pattern) as matcher:
        for texts in _batches(_texts(database, [id_ for id_ in articles if id_ in wanted])):
            for text, ranges in zip(texts, matcher.find([text.text for text in texts]), strict=True):
                if not ranges:
                    continue
                found.sections[articles[text.document]][text.document, text.section] = None
                found.ranges[text.text] = ranges
    return found


def _texts(database: Database, ids: Sequence[int]) -> Iterator[_Text]:
    """Yield the texts of documents; of the documents read at once in any order."""
    for start in range(0, len(ids), _DOCUMENTS_AT_ONCE):
        for id_, _, document in documents_by_id(database, ids[start : start + _DOCUMENTS_AT_ONCE]):
            yield from chain.from_iterable(_section_texts(id_, document, i) for i in range(len(document.sections)))


def _section_texts(id_: int, document: Document, index: int) -> Iterator[_Text]:
    return (_Text(id_, index, text) for _, text, _ in document_texts(document, index))


def _batches(texts: Iterator[_Text]) -> Iterator[list[_Text]]:
    """Yield the texts, as many at once as are worth a message to another process."""
    batch: list[_Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.text)
        if size >= _CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
