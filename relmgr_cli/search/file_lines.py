"""Finds all lines of files that match a regular expression or have words of a query, in the order of the paths.

Each file is read once. No article is aligned and no hit is ranked: that would cost more than printing the lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.search.block_source import DocumentSource
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.matching import find_matches, joined
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.regex_matching import RegexMatcher, open_matcher
from relmgr_cli.search.regex_search import pattern_answer
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope, SearchAnswer, files_in_scope, understand
from relmgr_cli.search.run_matching import RunMatcher, Spans, has_single_words
from relmgr_cli.search.snippets import Groups, document_texts
from relmgr_cli.search.source_lines import SourceLine, disjoint, read_lines, source_lines
from relmgr_cli.search.term_scores import sections_with_terms
from relmgr_cli.store.articles import DocumentFile
from relmgr_cli.store.codec import documents_by_id
from relmgr_cli.store.database import Database
from relmgr_cli.store.fulltext import FullText, engine_errors_as_corruption

_CHARACTERS_AT_ONCE = 250_000
_DOCUMENTS_AT_ONCE = 50
_SIMILAR_SECTIONS = 200  # whose lines are listed where no text has any of the words


class FoundLines(NamedTuple):
    """The lines that match, and how the query was understood."""

    lines: Sequence[SourceLine]
    answer: SearchAnswer


def find_pattern_lines(database: Database, pattern: str, scope: Scope, limit: int | None = None) -> FoundLines:
    """Return the lines that a regular expression matches: front matter, markup and code included; at most `limit`.

    Raises PatternInvalidError or PatternSlowError.
    """
    return FoundLines([*islice(_pattern_lines(database, pattern, scope), limit)], pattern_answer(pattern))


def _pattern_lines(database: Database, pattern: str, scope: Scope) -> Iterator[SourceLine]:
    with open_matcher(pattern, are_lines=True) as matcher:
        batch: list[tuple[DocumentFile, int, str]] = []
        size = 0
        for file in files_in_scope(database, scope):
            for number, text in enumerate(_without_end(read_lines(file.root, file.path)), 1):
                batch.append((file, number, text))
                size += len(text) + 1
                if size >= _CHARACTERS_AT_ONCE:
                    yield from _matching(matcher, batch)
                    batch, size = [], 0
        yield from _matching(matcher, batch)


def _without_end(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without the empty one after the last line break."""
    return lines[:-1] if lines and not lines[-1] else lines


def _matching(matcher: RegexMatcher, batch: Sequence[tuple[DocumentFile, int, str]]) -> Iterator[SourceLine]:
    for (file, number, text), ranges in zip(batch, matcher.find([text for *_, text in batch]), strict=True):
        if ranges:
            yield SourceLine(file.root, file.path, number, text, tuple(ranges))


def find_lines(  # noqa: PLR0913
    database: Database,
    text: FullText,
    question: str,
    scope: Scope,
    preferred: Sequence[str] = (),
    *,
    limit: int | None = None,
) -> FoundLines:
    """Return the lines with a word of a query, in the order of the paths; with a limit, those of so many sections.

    These are the best ones, the best first, and so they are if no text has any of the words: then the lines are those
    most like the query, see `source_lines`. Raises DatabaseCorruptError or LibraryChangedError.
    """
    if limit is None:
        answer, _ = understand(database, text, parse_query(question, exact=scope.exact), scope)
        lines = list(_word_lines(database, text, answer, scope))
        if lines or scope.exact or not answer.groups:
            return FoundLines(lines, answer)
    results = search(database, text, question, scope._replace(limit=limit or _SIMILAR_SECTIONS), preferred)
    return FoundLines([*source_lines(results, exact=scope.exact)], results.answer)


def _word_lines(database: Database, text: FullText, answer: SearchAnswer, scope: Scope) -> Iterator[SourceLine]:
    """Yield the lines with a word of a query, but for the sections with an excluded term.

    The full-text index does not have the documents that are not translated: they repeat the source.
    """
    with engine_errors_as_corruption(database):
        sections = sections_with_terms(text, answer.groups, answer.excluded, answer.languages)
    files = files_in_scope(database, scope)
    files = [file for file in files if file.id in sections or file.state == "untranslated"]
    finder = _Finder(answer.groups, exact=scope.exact)
    for start in range(0, len(files), _DOCUMENTS_AT_ONCE):
        part = files[start : start + _DOCUMENTS_AT_ONCE]
        documents = {id_: document for id_, _, document in documents_by_id(database, [file.id for file in part])}
        for file in part:
            if document := documents.get(file.id):
                found = sections.get(file.id) or _sections_without(document, answer.excluded, exact=scope.exact)
                yield from finder.find(document, found)


def _sections_without(document: Document, excluded: Sequence[Term], *, exact: bool) -> Collection[int]:
    """Return the indexes of the sections without an excluded term."""
    sections = range(len(document.sections))
    if not excluded:
        return sections
    return [
        section
        for section in sections
        if not any(
            find_matches(text, document.language, [excluded], exact=exact)
            for _, text, _ in document_texts(document, section)
        )
    ]


class _Finder:
    """Finds the lines with the words of a query in one document after another."""

    def __init__(self, groups: Groups, *, exact: bool) -> None:
        self._groups, self._exact = groups, exact
        self._has_single_words = has_single_words(groups, exact=exact)
        self._runs: dict[str, RunMatcher] = {}  # by language

    def find(self, document: Document, sections: Collection[int]) -> Iterator[SourceLine]:
        """Yield the lines of these sections of a document, by their index, that have a word of the query."""
        lines = read_lines(document.root, document.path)
        source = DocumentSource(document, lines)
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for section in sorted(sections):
            if section < len(document.sections):  # else another process has changed the document
                for block, text, _ in document_texts(document, section):
                    for number, start, end in self._in_block(document, source, block, text):
                        found[number].append((start, end))
        for number in sorted(found):
            if number <= len(lines):
                spans = disjoint(sorted(found[number]))
                yield SourceLine(document.root, document.path, number, lines[number - 1], spans)

    def _in_block(
        self, document: Document, source: DocumentSource, block: int, text: str
    ) -> Sequence[tuple[int, int, int]]:
        """Return the matches in a block: number of the line, start and end there."""
        spans = self._spans(text, document.language)
        if not spans:
            return ()
        if block >= 0 and self._has_single_words:
            places = [
                (number, *span)
                for number, line in source.lines_of(block)
                for span in self._spans(line, document.language)
            ]
            if len(places) == len(spans):  # no markup has the words
                return places
        lines = source.source_of(block)
        return [lines.find(*span) for span in spans]

    def _spans(self, text: str, language: str) -> Spans:
        if self._has_single_words:
            if language not in self._runs:
                self._runs[language] = RunMatcher(self._groups, language, exact=self._exact)
            return self._runs[language].find(text)
        found = joined(find_matches(text, language, self._groups, exact=self._exact))
        return [(match.start, match.end) for match in found]
