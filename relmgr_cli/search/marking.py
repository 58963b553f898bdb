"""Which words of a text a question found, and why."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.languages.analysis import Word, stem, words
from relmgr_cli.library.documents import Document
from relmgr_cli.markdown.blocks import Block, Span, plain
from relmgr_cli.search.terms import Term

WHYS = ("word", "form", "counterpart")  # the nearest to what was typed first


class Mark(NamedTuple):
    """A stretch of a text that was found."""

    start: int  # text[start:end]
    end: int
    why: str  # of WHYS
    weight: float  # 1 for the word itself, less for a counterpart
    group: int  # which part of the question it answers


def find_marks(text: str, language: str, groups: Sequence[Sequence[Term]], *, exact: bool = False) -> list[Mark]:
    """Return what is found in a text of this language, in order, no two marks on one word; `exact` for letters only."""
    found = list(words(text))
    marks = [
        mark
        for group, terms in enumerate(groups)
        for term in terms
        for mark in _marks(text, found, language, term, group, exact=exact)
    ]
    marks.sort(key=lambda mark: (mark.start, -mark.weight, -mark.end))
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _marks(  # noqa: PLR0913
    text: str, found: Sequence[Word], language: str, term: Term, group: int, *, exact: bool
) -> Iterator[Mark]:
    if exact and term.item.kind == "prefix":
        yield from _words_with_prefix(text, found, term, group)
        return
    if term.is_sequence or exact:
        yield from _sequences(text, found, term, group, exact=exact)
        return
    forms = term.forms.get(language, frozenset())
    stems = term.stems.get(language, {})
    typed = term.item.words[0].form
    for word in found:
        if word.form in forms or (not stems and not forms and word.form == typed):
            yield Mark(word.start, word.end, "word", 1.0, group)
        elif stems and (weight := stems.get(stem(word.spelling, language))):
            why = "counterpart" if weight < 1 else "word" if word.form == typed else "form"
            yield Mark(word.start, word.end, why, weight, group)


def _sequences(text: str, found: Sequence[Word], term: Term, group: int, *, exact: bool) -> Iterator[Mark]:
    wanted = term.item.words
    for at in range(len(found) - len(wanted) + 1):
        part = found[at : at + len(wanted)]
        start, end = part[0].start, part[-1].end
        if exact:
            is_same = [word.spelling for word in part] == [word.spelling for word in wanted]
            is_same = is_same and not _is_joined(text, start, end)
        else:
            is_same = [word.form for word in part] == [word.form for word in wanted]
        if is_same and "\n" not in text[start:end]:
            yield Mark(start, end, "word", 1.0, group)


def _words_with_prefix(text: str, found: Sequence[Word], term: Term, group: int) -> Iterator[Mark]:
    """Yield the words that begin with a prefix as it is spelt."""
    prefix = term.item.words[0].spelling
    for word in found:
        if word.spelling.startswith(prefix) and text[word.start - 1 : word.start] != "_":
            yield Mark(word.start, word.end, "word", 1.0, group)


def _is_joined(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch is part of a longer name: `value` in `default_value`."""
    return text[start - 1 : start] == "_" or text[end : end + 1] == "_"


def mark_document(document: Document, groups: Sequence[Sequence[Term]], *, exact: bool = False) -> Document:
    """Return the document with what a question finds in it marked: spans with the mark "match"."""

    def marked(spans: Sequence[Span]) -> tuple[Span, ...]:
        text = plain(spans)
        return _cut(spans, find_marks(text, document.language, groups, exact=exact))

    def mark(block: Block) -> Block:
        rows = tuple(tuple(marked(cell) for cell in row) for row in block.rows)
        return block._replace(spans=marked(block.spans), rows=rows)

    return document._replace(blocks=tuple(map(mark, document.blocks)))


def _cut(spans: Sequence[Span], marks: Sequence[Mark]) -> tuple[Span, ...]:
    """Return the spans cut where marks begin and end, those inside one with the mark "match"; a link stays whole."""
    if not marks:
        return tuple(spans)
    bounds = sorted({place for mark in marks for place in (mark.start, mark.end)})
    ends_of_marks = [mark.end for mark in marks]
    cut = []
    at = 0
    for span in spans:
        after = at + len(span.text)
        ends = [] if span.href else bounds[bisect_right(bounds, at) : bisect_left(bounds, after)]
        for start, end in zip([at, *ends], [*ends, after], strict=True):
            first = bisect_right(ends_of_marks, start)
            is_match = first < len(marks) and marks[first].start < end
            kept = (*span.marks, "match") if is_match else span.marks
            cut.append(span._replace(text=span.text[start - at : end - at], marks=kept))
        at = after
    return tuple(cut)
