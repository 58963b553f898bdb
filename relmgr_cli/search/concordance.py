"""Lists every occurrence of a query in the hits, each with its translation into another language."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.search.expansion import Term
from relmgr_cli.search.matching import TextMatch, joined
from relmgr_cli.search.results import Hit, Results
from relmgr_cli.search.snippets import Sentence, counterparts, sentences_of, text_of


class ParallelText(NamedTuple):
    """The translation of an occurrence."""

    language: str
    text: str  # of the block
    start: int  # text[start:end] is the word that translates it; empty, at the sentence's start, where none is known
    end: int
    sentence: str = ""  # of the text, that translates the sentence of the occurrence


class Occurrence(NamedTuple):
    """One match in a text."""

    title: str  # of the article
    root: str  # of the file that has the title
    path: str  # below it
    section: str  # its number
    language: str
    text: str  # of the block
    start: int  # text[start:end]
    end: int
    parallel: ParallelText | None
    file: str = ""  # that has the text, below its root
    line: int = 1  # on which the block begins
    sentence: str = ""  # of the text, that has the match


def occurrences(results: Results, *, exact: bool = False) -> Iterator[Occurrence]:
    """Yield the occurrences in the hits, in the order of the hits and of their texts.

    Each is yielded in the first language that has a match, with its translation into the first other one.
    """
    for hit in results.hits:
        yield from _in_hit(hit, results.answer.groups, exact=exact)


def _in_hit(hit: Hit, groups: Sequence[Sequence[Term]], *, exact: bool) -> Iterator[Occurrence]:
    languages = [match.language for match in hit.matches]
    found = {tag: list(sentences_of(hit.article, hit.section, tag, groups, exact=exact)) for tag in languages}
    document = hit.article.documents[languages[0]]
    place = (document.title, document.root, document.path)
    shown: set[Sentence] = set()  # as a translation
    for tag in languages:
        for sentence in found[tag]:
            if not sentence.matches or sentence in shown:
                continue
            translations = counterparts(hit.article, tag, sentence, found)
            shown.update(translations.values())
            other = next((other for other in languages if other in translations), None)
            for match in joined(sentence.matches):
                text, start, end = _in_block(hit, tag, sentence, match)
                parallel = None
                if other:
                    position = start / len(text)
                    parallel = _parallel(hit, other, translations[other], found[other], match.group, position)
                own = hit.article.documents[tag]
                line = own.blocks[sentence.block].line if sentence.block >= 0 else 1
                yield Occurrence(
                    *place, hit.section.number, tag, text, start, end, parallel, own.path, line, sentence.text
                )


def _parallel(  # noqa: PLR0913, PLR0917
    hit: Hit, language: str, sentence: Sentence, sentences: Sequence[Sentence], group: int, position: float
) -> ParallelText:
    """Return the translation of an occurrence: of the matches of the same group, the one at about the same position.

    A match in the sentence that translates the one of the occurrence is preferred to others in its block.
    """
    block = [other for other in sentences if other.block == sentence.block]
    matches = [(other, match) for other in block for match in other.matches if match.group == group]
    matches = [pair for pair in matches if pair[0] == sentence] or matches
    if not matches:
        return ParallelText(language, *_in_block(hit, language, sentence, None), sentence.text)
    ranges = [_in_block(hit, language, *pair) for pair in matches]
    best = min(ranges, key=lambda found: abs(found[1] / len(found[0]) - position))
    return ParallelText(language, *best, sentence.text)


def _in_block(hit: Hit, language: str, sentence: Sentence, match: TextMatch | None) -> tuple[str, int, int]:
    """Return the text of the block that a sentence is from, and start and end of a match in it."""
    text = text_of(hit.article.documents[language], sentence.block)
    if match is None:
        return text, sentence.start, sentence.start
    return text, sentence.start + match.start, sentence.start + match.end
