"""Every occurrence of what was asked for, with the sentence of another language that says the same."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.search.excerpts import Sentence, counterparts, sentences_of, text_of
from relmgr_cli.search.marking import Mark
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.terms import Term


class Beside(NamedTuple):
    """The sentence of another language."""

    language: str
    text: str  # of the block
    start: int  # text[start:end] is the word that says the same; empty at the sentence's start where none is known
    end: int


class Occurrence(NamedTuple):
    """One word of a text that was found."""

    title: str  # of the article
    section: str  # its number
    language: str
    text: str  # of the block
    start: int  # text[start:end]
    end: int
    beside: Beside | None


def occurrences(results: Results, *, exact: bool = False) -> Iterator[Occurrence]:
    """Yield the occurrences in the hits, in the order of the hits and of their texts, in one language each.

    That is the first in which something was found; the first other one stands beside it.
    """
    for hit in results.hits:
        yield from _of_hit(hit, results.answer.groups, exact=exact)


def _of_hit(hit: Hit, groups: Sequence[Sequence[Term]], *, exact: bool) -> Iterator[Occurrence]:
    languages = [match.language for match in hit.matches]
    found = {tag: list(sentences_of(hit.article, hit.section, tag, groups, exact=exact)) for tag in languages}
    title = hit.article.documents[languages[0]].title
    told: set[Sentence] = set()  # sentences that have stood beside one of another language
    for tag in languages:
        for sentence in found[tag]:
            if not sentence.marks or sentence in told:
                continue
            same = counterparts(hit.article, tag, sentence, found)
            told.update(same.values())
            beside = next((other for other in languages if other in same), None)
            for mark in sentence.marks:
                text, start, end = _in_block(hit, tag, sentence, mark)
                other = (
                    _beside(hit, beside, same[beside], found[beside], mark.group, start / len(text)) if beside else None
                )
                yield Occurrence(title, hit.section.number, tag, text, start, end, other)


def _beside(  # noqa: PLR0913, PLR0917
    hit: Hit, language: str, sentence: Sentence, others: Sequence[Sentence], group: int, place: float
) -> Beside:
    """Return what stands beside an occurrence: of the words that say the same, the one at about the same place."""
    block = [other for other in others if other.block == sentence.block]
    marks = [(other, mark) for other in block for mark in other.marks if mark.group == group]
    if not marks:
        return Beside(language, *_in_block(hit, language, sentence, None))
    spots = [_in_block(hit, language, *pair) for pair in marks]
    return Beside(language, *min(spots, key=lambda spot: abs(spot[1] / len(spot[0]) - place)))


def _in_block(hit: Hit, language: str, sentence: Sentence, mark: Mark | None) -> tuple[str, int, int]:
    """Return the text of the block that a sentence is from, and start and end of a mark in it."""
    text = text_of(hit.article.documents[language], sentence.block)
    if mark is None:
        return text, sentence.start, sentence.start
    return text, sentence.start + mark.start, sentence.start + mark.end
