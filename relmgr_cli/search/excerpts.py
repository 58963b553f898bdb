"""What is shown of a hit: in each language the sentence that answers, or the one that says the same as it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.languages.sentences import sentences
from relmgr_cli.library.articles import Article, ArticleSection
from relmgr_cli.library.documents import Document
from relmgr_cli.search.marking import WHYS, Mark, find_marks
from relmgr_cli.search.ranking import Evidence
from relmgr_cli.search.terms import Term

_LONGEST = 240  # characters of a sentence that are shown
_TITLE, _DESCRIPTION, _KEYWORDS = -1, -2, -3  # what the header says, numbered as blocks are
_FOUND_TOO = 0.2  # of its block, how much farther off a translation may be that has a word of the question
_IN_HEADING = 0.5  # a sentence that has the same words is worth more

Groups = Sequence[Sequence[Term]]


class Match(NamedTuple):
    """What a hit is in one language."""

    language: str
    root: str
    path: str  # below it
    line: int  # of the section's heading
    heading: str  # "" for section 0
    heading_spans: tuple[tuple[int, int], ...]  # of the heading, what was found
    snippet: str
    spans: tuple[tuple[int, int], ...]  # of the snippet, what was found
    why: str  # word, form, counterpart, meaning; "" where it only says the same as what was found
    block: int  # index in the document of the block that the snippet is from; below 0 for its header


class Sentence(NamedTuple):
    """A sentence of a section, or its heading, with what was found in it."""

    block: int  # index in the document; below 0 for what its header says
    start: int  # in its block
    text: str
    place: float  # where in its block, 0 to 1
    marks: tuple[Mark, ...]
    worth: float  # how much of the question it has


def text_of(document: Document, block: int) -> str:
    """Return the text of a block, or of what its header says for a number below 0."""
    if block >= 0:
        return document.blocks[block].text
    return {_TITLE: document.title, _DESCRIPTION: document.description}.get(block, ", ".join(document.keywords))


def section_texts(article: Article, section: ArticleSection, language: str) -> Iterator[tuple[int, str, bool]]:
    """Yield block, text and whether it is a heading, of all there is of a section in one language.

    What the header says belongs to the first section.
    """
    document = article.documents[language]
    place = document.sections[section.places[language]]
    header = (_TITLE, _KEYWORDS, _DESCRIPTION) if section.places[language] == 0 else ()
    for block in (*header, *range(place.start, place.end)):
        if (text := text_of(document, block)).strip():
            is_heading = block in (_TITLE, _KEYWORDS) or (block >= 0 and document.blocks[block].kind == "heading")
            yield block, text, is_heading


def explain(  # noqa: PLR0913
    article: Article,
    section: ArticleSection,
    languages: Sequence[str],
    groups: Groups,
    evidence: Mapping[str, Evidence],
    *,
    exact: bool = False,
) -> tuple[Match, ...]:
    """Return what a section is in each of these languages that has it, in their order."""
    here = [tag for tag in languages if tag in section.places]
    found = {tag: list(sentences_of(article, section, tag, groups, exact=exact)) for tag in here}
    best = {tag: max(found[tag], key=lambda sentence: sentence.worth) for tag in here if found[tag]}
    if not best:
        return ()
    first = max(best, key=lambda tag: (best[tag].worth, -here.index(tag)))
    chosen = best[first]
    if not chosen.marks:  # by meaning alone: the block that is most like the question
        first = max(best, key=lambda tag: evidence[tag].meaning if tag in evidence else -1)
        block = evidence[first].block if first in evidence else _TITLE
        chosen = next((sentence for sentence in found[first] if sentence.block == block), best[first])
    shown = {first: chosen, **counterparts(article, first, chosen, found)}
    return tuple(
        _match(article, section, tag, shown[tag], evidence.get(tag), groups, exact=exact)
        for tag in here
        if tag in shown
    )


def sentences_of(
    article: Article, section: ArticleSection, language: str, groups: Groups, *, exact: bool
) -> Iterator[Sentence]:
    """Yield the title, the heading and the sentences of a section in one language, in order."""
    for block, text, is_heading in section_texts(article, section, language):
        marks = find_marks(text, language, groups, exact=exact)
        starts = [mark.start for mark in marks]
        parts = [(0, len(text))] if is_heading else sentences(text)
        for start, end in parts:
            near = marks[bisect_left(starts, start) : bisect_left(starts, end)]
            inside = [mark for mark in near if mark.end <= end]
            moved = tuple(mark._replace(start=mark.start - start, end=mark.end - start) for mark in inside)
            worth = sum(max((m.weight for m in moved if m.group == group), default=0.0) for group in range(len(groups)))
            place = (start + end) / 2 / max(1, len(text))
            yield Sentence(block, start, text[start:end], place, moved, worth * (_IN_HEADING if is_heading else 1))


def counterparts(
    article: Article, language: str, chosen: Sentence, found: Mapping[str, Sequence[Sentence]]
) -> dict[str, Sentence]:
    """Return for the other languages the sentence that says the same as the chosen one."""
    if chosen.block < 0:  # what the header says is not aligned: the same field says the same
        beside: Mapping[str, Sequence[int]] = dict.fromkeys(found, (chosen.block,))
    else:
        beads = (bead.blocks for bead in article.beads if chosen.block in bead.blocks.get(language, ()))
        beside = next(beads, {})
    same = {}
    for tag, candidates in found.items():
        if tag == language:
            continue
        aligned = [sentence for sentence in candidates if sentence.block in beside.get(tag, ())]
        elsewhere = [sentence for sentence in candidates if sentence.marks]
        if aligned:
            same[tag] = max(aligned, key=lambda s: _FOUND_TOO * min(s.worth, 1.0) - abs(s.place - chosen.place))
        elif elsewhere:
            same[tag] = max(elsewhere, key=lambda sentence: sentence.worth)
    return same


def _match(  # noqa: PLR0913, PLR0917 (all there is of a hit in one language)
    article: Article,
    section: ArticleSection,
    language: str,
    sentence: Sentence,
    evidence: Evidence | None,
    groups: Groups,
    *,
    exact: bool,
) -> Match:
    document = article.documents[language]
    place = document.sections[section.places[language]]
    snippet, spans = shorten(sentence.text, [(mark.start, mark.end) for mark in sentence.marks])
    whys = {mark.why for mark in sentence.marks}
    like = "meaning" if evidence is not None and evidence.meaning else ""
    return Match(
        language,
        document.root,
        document.path,
        document.blocks[place.start].line if place.start < len(document.blocks) else 1,
        document.heading(place),
        tuple((mark.start, mark.end) for mark in find_marks(document.heading(place), language, groups, exact=exact)),
        snippet,
        spans,
        next((why for why in WHYS if why in whys), like),
        sentence.block,
    )


def shorten(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a text and what is marked in it, cut at words to what can be shown, around the first mark."""
    flat = text.replace("\n", " ").replace("\t", " ")
    if len(flat) <= _LONGEST:
        return flat, tuple(spans)
    first, last = spans[0] if spans else (0, 0)
    third = _LONGEST // 3
    start = 0 if first < 2 * third else flat.rfind(" ", first - 2 * third, first - third) + 1 or first - third
    end = start + _LONGEST
    if end < len(flat):
        space = flat.rfind(" ", start, end)
        end = space if space > max(start, last) else max(end, last)
    before, after = ("… " if start else ""), (" …" if end < len(flat) else "")
    kept = [(s - start + len(before), e - start + len(before)) for s, e in spans if start <= s and e <= end]
    return f"{before}{flat[start:end]}{after}", tuple(kept)
