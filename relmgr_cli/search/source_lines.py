"""Finds the lines of files that match a query, as grep prints them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.errors import FileRefusedError
from relmgr_cli.search.block_source import DocumentSource, SourceRange
from relmgr_cli.search.matching import find_matches, joined
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.snippets import Groups, section_texts, text_of

_MAX_FILES = 8  # kept in memory
_MAX_KEY = 60  # characters of a snippet by which it is found in its block

Reader = Callable[[str, str], Sequence[str]]  # root and path of a file -> its lines


class SourceLine(NamedTuple):
    """A line of a file that matches a query."""

    root: str
    path: str  # below it
    line: int  # 1-based
    text: str  # as in the file
    spans: tuple[tuple[int, int], ...]  # the matches in it, in order; an empty one where it has none of the words


def source_lines(results: Results, *, exact: bool = False) -> Iterator[SourceLine]:
    """Yield the lines that match, each once: the best section first, then by language, then in the order of the file.

    If no section has any of the words, it is the line of each on which the sentence most like the query begins.
    """
    read = lru_cache(_MAX_FILES)(read_lines)
    seen: set[tuple[str, str, int]] = set()
    by_meaning = all(hit.by_meaning for hit in results.hits)
    for hit in results.hits:
        for document, found in _in_hit(hit, results.answer.groups, read, exact=exact, by_meaning=by_meaning):
            lines = read(document.root, document.path)
            for line, spans in found.items():
                key = (document.root, document.path, line)
                if key not in seen and line <= len(lines):
                    seen.add(key)
                    yield SourceLine(*key, lines[line - 1], disjoint(spans))


def _in_hit(
    hit: Hit, groups: Groups, read: Reader, *, exact: bool, by_meaning: bool
) -> Iterator[tuple[Document, dict[int, list[tuple[int, int]]]]]:
    """Yield the documents of a hit that match, with the matches on each line of the file."""
    if by_meaning:
        yield _most_similar(hit, read)
        return
    for match in hit.matches:
        document = hit.article.documents[match.language]
        ranges = list(_ranges(hit, document, groups, read, exact=exact))
        if ranges:
            yield document, _by_line(ranges)


def _ranges(hit: Hit, document: Document, groups: Groups, read: Reader, *, exact: bool) -> Iterator[SourceRange]:
    """Yield where the words of a query are in a section of a file."""
    source = None
    for block, text, _ in section_texts(hit.article, hit.section, document.language):
        matches = joined(find_matches(text, document.language, groups, exact=exact))
        if matches:
            source = source or DocumentSource(document, read(document.root, document.path))
            lines = source.source_of(block)
            for match in matches:
                find = lines.find_exact if match.match_type == "regex" else lines.find
                yield find(match.start, match.end)


def _most_similar(hit: Hit, read: Reader) -> tuple[Document, dict[int, list[tuple[int, int]]]]:
    """Return the file and the line of the sentence that is most like the query."""
    match = next((match for match in hit.matches if match.match_type), hit.matches[0])
    document = hit.article.documents[match.language]
    text = text_of(document, match.block).replace("\n", " ").replace("\t", " ")
    start = max(0, text.find(match.snippet.strip("… ")[:_MAX_KEY]))
    source = DocumentSource(document, read(document.root, document.path))
    found = source.source_of(match.block).find(start, start)
    return document, _by_line([found._replace(end=found.start)])


def _by_line(ranges: Sequence[SourceRange]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line, start, end in sorted(ranges):
        found[line].append((start, end))
    return found


def disjoint(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the spans, in order, without those that overlap the one before."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= max(kept[-1][1], kept[-1][0] + 1):
            kept.append((start, end))
    return tuple(kept)


def read_lines(root: str, path: str) -> Sequence[str]:
    """Return the lines of a file; none if it cannot be read any more."""
    try:
        return read_text(root, path)[0].split("\n")
    except FileRefusedError:
        return ()
