"""What is shown of a hit: in each language the sentence that answers, or the one that says the same as it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.languages.sentences import sentences
from relmgr_cli.library.articles import Article, ArticleSection
from relmgr_cli.search.marking import WHYS, Mark, find_marks
from relmgr_cli.search.ranking import Evidence
from relmgr_cli.search.terms import Term

_LONGEST = 240  # characters of a sentence that are shown
_TITLE = -1  # the block of a title, which is none
_IN_HEADING = 0.5  # a sentence that has the same words is worth more

Groups = Sequence[Sequence[Term]]


class Match(NamedTuple):
    """What a hit is in one language."""

    language: str
    root: str
    path: str  # below it
    line: int  # of the section's heading
    heading: str  # "" for section 0
    snippet: str
    spans: tuple[tuple[int, int], ...]  # of the snippet, what was found
    why: str  # word, form, counterpart, meaning; "" where it only says the same as what was found
    block: int  # index in the document of the block that the snippet is from; -1 for the title


class Sentence(NamedTuple):
    """A sentence of a section, or its heading, with what was found in it."""

    block: int  # index in the document; -1 for the title
    start: int  # in its block
    text: str
    place: float  # where in its block, 0 to 1
    marks: tuple[Mark, ...]
    worth: float  # how much of the question it has


def section_texts(article: Article, section: ArticleSection, language: str) -> Iterator[tuple[int, str, bool]]:
    """Yield block, text and whether it is a heading, of all there is of a section in one language, title first."""
    document = article.documents[language]
    if section.places[language] == 0 and document.title:
        yield _TITLE, document.title, True
    place = document.sections[section.places[language]]
    for block in range(place.start, place.end):
        text = document.blocks[block].text
        if text.strip():
            yield block, text, document.blocks[block].kind == "heading"


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
    return tuple(_match(article, section, tag, shown[tag], evidence.get(tag)) for tag in here if tag in shown)


def sentences_of(
    article: Article, section: ArticleSection, language: str, groups: Groups, *, exact: bool
) -> Iterator[Sentence]:
    """Yield the title, the heading and the sentences of a section in one language, in order."""
    for block, text, is_heading in section_texts(article, section, language):
        marks = find_marks(text, language, groups, exact=exact)
        parts = [(0, len(text))] if is_heading else sentences(text)
        for start, end in parts:
            inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
            moved = tuple(mark._replace(start=mark.start - start, end=mark.end - start) for mark in inside)
            worth = sum(max((m.weight for m in moved if m.group == group), default=0.0) for group in range(len(groups)))
            place = (start + end) / 2 / max(1, len(text))
            yield Sentence(block, start, text[start:end], place, moved, worth * (_IN_HEADING if is_heading else 1))


def counterparts(
    article: Article, language: str, chosen: Sentence, found: Mapping[str, Sequence[Sentence]]
) -> dict[str, Sentence]:
    """Return for the other languages the sentence that says the same as the chosen one."""
    if chosen.block == _TITLE:
        beside: Mapping[str, Sequence[int]] = dict.fromkeys(found, (_TITLE,))
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
            same[tag] = max(aligned, key=lambda sentence: (sentence.worth, -abs(sentence.place - chosen.place)))
        elif elsewhere:
            same[tag] = max(elsewhere, key=lambda sentence: sentence.worth)
    return same


def _match(
    article: Article, section: ArticleSection, language: str, sentence: Sentence, evidence: Evidence | None
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
    first = spans[0][0] if spans else 0
    start = 0 if first < _LONGEST * 2 // 3 else flat.rfind(" ", 0, first - _LONGEST // 3) + 1
    end = start + _LONGEST
    if end < len(flat):
        end = max(flat.rfind(" ", start, end), spans[0][1] if spans else 0) if " " in flat[start:end] else end
    before, after = ("… " if start else ""), (" …" if end < len(flat) else "")
    kept = [(s - start + len(before), e - start + len(before)) for s, e in spans if start <= s and e <= end]
    return f"{before}{flat[start:end]}{after}", tuple(kept)
