"""Decides which words of a text match a query, and how: as typed, in another form, or as a translation."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.tokens import Word, stem, words
from relmgr_cli.markdown.blocks import Block, Span, plain
from relmgr_cli.search.expansion import Term

MATCH_TYPES = (
    "word",
    "form",
    "counterpart",
    "regex",
)  # nearest to what was typed first; "counterpart" is a translation


class TextMatch(NamedTuple):
    """A range of a text that matches a query."""

    start: int  # text[start:end]
    end: int
    match_type: str  # of MATCH_TYPES
    weight: float  # 1 for the word itself, less for a translation
    group: int  # index of the group of the query that it matches


def find_matches(text: str, language: str, groups: Sequence[Sequence[Term]], *, exact: bool = False) -> list[TextMatch]:
    """Return the matches in a text of this language, in order and without overlaps; `exact` as spelled only."""
    found = list(words(text))
    matches = [
        match
        for group, terms in enumerate(groups)
        for term in terms
        for match in _matches(text, found, language, term, group, exact=exact)
    ]
    matches.sort(key=lambda match: (match.start, -match.weight, -match.end))
    disjoint: list[TextMatch] = []
    for match in matches:
        end = disjoint[-1].end if disjoint else 0
        if match.start >= end:
            disjoint.append(match)
        elif match.end > end and not _has_space(text[end : match.end]):  # pairs of letters overlap
            disjoint.append(match._replace(start=end))
    return disjoint


def _has_space(text: str) -> bool:
    return any(character.isspace() for character in text)


def joined(matches: Sequence[TextMatch]) -> list[TextMatch]:
    """Return the matches, those that touch as one: they are parts of one run in a script without spaces."""
    found: list[TextMatch] = []
    for match in matches:
        if found and match.start == found[-1].end and match.match_type != "regex":
            found[-1] = found[-1]._replace(end=match.end)
        else:
            found.append(match)
    return found


def _matches(  # noqa: PLR0913
    text: str, found: Sequence[Word], language: str, term: Term, group: int, *, exact: bool
) -> Iterator[TextMatch]:
    if term.item.kind == "regex":
        for start, end in term.ranges.get(text, ()):
            yield TextMatch(start, end, "regex", 1.0, group)
        return
    if exact and term.item.kind == "prefix":
        yield from _words_with_prefix(text, found, term, group)
        return
    if term.is_sequence or exact:
        yield from _sequences(text, found, term, group, exact=exact)
        return
    forms = term.forms.get(language, frozenset())
    stems = term.stems.get(language, {})
    typed = term.item.words[0].folded
    for word in found:
        if word.folded in forms or (not stems and not forms and word.folded == typed):
            yield TextMatch(word.start, word.end, "word", 1.0, group)
        elif stems and (weight := stems.get(stem(word.spelling, language))):
            match_type = "counterpart" if weight < 1 else "word" if word.folded == typed else "form"
            yield TextMatch(word.start, word.end, match_type, weight, group)


def _sequences(text: str, found: Sequence[Word], term: Term, group: int, *, exact: bool) -> Iterator[TextMatch]:
    """Yield where the words of a term follow each other on one line."""
    wanted = term.item.words
    for index in range(len(found) - len(wanted) + 1):
        part = found[index : index + len(wanted)]
        start, end = part[0].start, part[-1].end
        is_same = [word.folded for word in part] == [word.folded for word in wanted]
        if exact and is_same:
            is_same = [word.spelling for word in part] == [word.spelling for word in wanted]
            is_same = is_same and not is_part_of_name(text, start, end)
        if is_same and "\n" not in text[start:end]:
            yield TextMatch(start, end, "word", 1.0, group)


def _words_with_prefix(text: str, found: Sequence[Word], term: Term, group: int) -> Iterator[TextMatch]:
    """Yield the words that begin with a prefix as it is spelt."""
    prefix = term.item.words[0].spelling
    for word in found:
        if word.spelling.startswith(prefix) and text[word.start - 1 : word.start] != "_":
            yield TextMatch(word.start, word.end, "word", 1.0, group)


def is_part_of_name(text: str, start: int, end: int) -> bool:
    """Return whether a range is part of a longer identifier: `value` in `default_value`."""
    return text[start - 1 : start] == "_" or text[end : end + 1] == "_"


def highlight_matches(document: Document, groups: Sequence[Sequence[Term]], *, exact: bool = False) -> Document:
    """Return the document with every match in separate spans with the inline style "match"."""

    def highlighted(spans: Sequence[Span]) -> tuple[Span, ...]:
        text = plain(spans)
        return _split(spans, joined(find_matches(text, document.language, groups, exact=exact)))

    def highlight(block: Block) -> Block:
        rows = tuple(tuple(highlighted(cell) for cell in row) for row in block.rows)
        return block._replace(spans=highlighted(block.spans), rows=rows)

    return document._replace(blocks=tuple(map(highlight, document.blocks)))


def _split(spans: Sequence[Span], matches: Sequence[TextMatch]) -> tuple[Span, ...]:
    """Return the spans split where matches start and end, the matches styled; a link is never split."""
    if not matches:
        return tuple(spans)
    bounds = sorted({bound for match in matches for bound in (match.start, match.end)})
    match_ends = [match.end for match in matches]
    split = []
    offset = 0
    for span in spans:
        after = offset + len(span.text)
        ends = [] if span.href else bounds[bisect_right(bounds, offset) : bisect_left(bounds, after)]
        for start, end in zip([offset, *ends], [*ends, after], strict=True):
            first = bisect_right(match_ends, start)
            is_match = first < len(matches) and matches[first].start < end
            styles = (*span.styles, "match") if is_match else span.styles
            split.append(span._replace(text=span.text[start - offset : end - offset], styles=styles))
        offset = after
    return tuple(split)
