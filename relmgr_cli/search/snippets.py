"""Builds the snippets of a hit: for each language the best matching sentence, or the one that translates it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.sentences import sentences
from relmgr_cli.search.expansion import Term
from relmgr_cli.search.matching import MATCH_TYPES, TextMatch, find_matches, joined
from relmgr_cli.search.ranking import SectionScore

_MAX_LENGTH = 240  # characters of a snippet
_TITLE, _DESCRIPTION, _KEYWORDS = -1, -2, -3  # front matter fields, numbered as blocks are
_MATCH_BONUS = 0.2  # of the block's length: how much farther from the chosen sentence one with a match may be
_HEADING_FACTOR = 0.5  # a heading counts less than a sentence with the same words

Groups = Sequence[Sequence[Term]]


class Match(NamedTuple):
    """The snippet of a hit in one language."""

    language: str
    root: str
    path: str  # below it
    line: int  # of the section's heading
    heading: str  # "" for section 0
    heading_spans: tuple[tuple[int, int], ...]  # matches in the heading
    snippet: str
    spans: tuple[tuple[int, int], ...]  # matches in the snippet
    match_type: str  # word, form, counterpart, regex, meaning; "" for a translation of the snippet that was found
    block: int  # index in the document of the block that the snippet is from; below 0 for its front matter


class Sentence(NamedTuple):
    """A sentence of a section, or its heading, with the matches in it."""

    block: int  # index in the document; below 0 for its front matter
    start: int  # in its block
    text: str
    position: float  # of its middle in its block, 0 to 1
    matches: tuple[TextMatch, ...]
    score: float  # the weights of its matches, the best one for each group of the query


def text_of(document: Document, block: int) -> str:
    """Return the text of a block, or of a front matter field for a number below 0."""
    if block >= 0:
        return document.blocks[block].text
    return {_TITLE: document.title, _DESCRIPTION: document.description}.get(block, ", ".join(document.keywords))


def section_texts(article: Article, section: ArticleSection, language: str) -> Iterator[tuple[int, str, bool]]:
    """Return block, text and whether it is a heading, for every text of a section in one language.

    The front matter belongs to the first section.
    """
    return document_texts(article.documents[language], section.indexes[language])


def document_texts(document: Document, index: int) -> Iterator[tuple[int, str, bool]]:
    """Yield the texts of the section with this index in a document, as `section_texts` does."""
    part = document.sections[index]
    fields = (_TITLE, _KEYWORDS, _DESCRIPTION) if index == 0 else ()
    for block in (*fields, *range(part.start, part.end)):
        if (text := text_of(document, block)).strip():
            is_heading = block in (_TITLE, _KEYWORDS) or (block >= 0 and document.blocks[block].kind == "heading")
            yield block, text, is_heading


def build_snippets(  # noqa: PLR0913
    article: Article,
    section: ArticleSection,
    languages: Sequence[str],
    groups: Groups,
    scores: Mapping[str, SectionScore],
    *,
    exact: bool = False,
) -> tuple[Match, ...]:
    """Return the snippets of a section in each of these languages that has it, in their order."""
    present = [tag for tag in languages if tag in section.indexes]
    found = {tag: list(sentences_of(article, section, tag, groups, exact=exact)) for tag in present}
    best = {tag: max(found[tag], key=lambda sentence: sentence.score) for tag in present if found[tag]}
    if not best:
        return ()
    first = max(best, key=lambda tag: (best[tag].score, -present.index(tag)))
    chosen = best[first]
    if not chosen.matches and scores:  # found by its vectors alone: show the block that is most like the query
        first, block = _most_similar_block(article, scores, list(best))
        chosen = next((sentence for sentence in found[first] if sentence.block == block), best[first])
    has_related = any(words for group in groups for term in group for words in term.related.values())
    by_meaning = any(score.semantic or (has_related and score.terms) for score in scores.values())
    without = "meaning" if by_meaning else ""
    shown = {first: chosen, **counterparts(article, first, chosen, found)}
    return tuple(
        _match(article, section, tag, shown[tag], groups, without, exact=exact) for tag in present if tag in shown
    )


def _most_similar_block(
    article: Article, scores: Mapping[str, SectionScore], languages: Sequence[str]
) -> tuple[str, int]:
    """Return one of these languages and the index of a block there: the one most like the query, or its translation."""
    similar = max(scores, key=lambda tag: scores[tag].semantic)
    block = scores[similar].block
    if similar in languages:
        return similar, block
    units = (unit.blocks for unit in article.units if block in unit.blocks.get(similar, ()))
    aligned = next(units, {})
    return next(((tag, aligned[tag][0]) for tag in languages if aligned.get(tag)), (languages[0], _TITLE))


def sentences_of(
    article: Article, section: ArticleSection, language: str, groups: Groups, *, exact: bool
) -> Iterator[Sentence]:
    """Yield the title, the heading and the sentences of a section in one language, in order."""
    for block, text, is_heading in section_texts(article, section, language):
        matches = find_matches(text, language, groups, exact=exact)
        starts = [match.start for match in matches]
        parts = [(0, len(text))] if is_heading else sentences(text, language)
        after = 0  # the sentence before
        for start, end in parts:
            near = matches[bisect_left(starts, after) : bisect_left(starts, end)]
            moved = tuple(_in_sentence(match, start, end) for match in near if _is_in_sentence(match, start, end))
            after = end
            score = sum(max((m.weight for m in moved if m.group == group), default=0.0) for group in range(len(groups)))
            position = (start + end) / 2 / max(1, len(text))
            score *= _HEADING_FACTOR if is_heading else 1
            yield Sentence(block, start, text[start:end], position, moved, score)


def _is_in_sentence(match: TextMatch, start: int, end: int) -> bool:
    """Return whether a match is in a sentence; one of a regular expression may go beyond it."""
    return match.end > start if match.match_type == "regex" else start <= match.start and match.end <= end


def _in_sentence(match: TextMatch, start: int, end: int) -> TextMatch:
    return match._replace(start=max(match.start, start) - start, end=min(match.end, end) - start)


def counterparts(
    article: Article, language: str, chosen: Sentence, found: Mapping[str, Sequence[Sentence]]
) -> dict[str, Sentence]:
    """Return for the other languages the sentence that translates the chosen one."""
    if chosen.block < 0:  # front matter is not aligned: the same field is the translation
        aligned: Mapping[str, Sequence[int]] = dict.fromkeys(found, (chosen.block,))
    else:
        units = (unit.blocks for unit in article.units if chosen.block in unit.blocks.get(language, ()))
        aligned = next(units, {})
    translations = {}
    for tag, sentences_ in found.items():
        if tag == language:
            continue
        candidates = [sentence for sentence in sentences_ if sentence.block in aligned.get(tag, ())]
        matching = [sentence for sentence in sentences_ if sentence.matches]
        if candidates:
            translations[tag] = max(
                candidates, key=lambda s: _MATCH_BONUS * min(s.score, 1.0) - abs(s.position - chosen.position)
            )
        elif matching:
            translations[tag] = max(matching, key=lambda sentence: sentence.score)
    return translations


def _match(  # noqa: PLR0913, PLR0917
    article: Article,
    section: ArticleSection,
    language: str,
    sentence: Sentence,
    groups: Groups,
    without: str,
    *,
    exact: bool,
) -> Match:
    """Return the snippet of a sentence; `without` is its match type where it has no match."""
    document = article.documents[language]
    index = section.indexes[language]
    heading = document.heading(document.sections[index])
    snippet, spans = shorten(sentence.text, [(match.start, match.end) for match in joined(sentence.matches)])
    types = {match.match_type for match in sentence.matches}
    return Match(
        language,
        document.root,
        document.path,
        document.line_of(index),
        heading,
        tuple((match.start, match.end) for match in joined(find_matches(heading, language, groups, exact=exact))),
        snippet,
        spans,
        next((match_type for match_type in MATCH_TYPES if match_type in types), without),
        sentence.block,
    )


def shorten(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a text and the matches in it, cut between words to the length of a snippet, around the first match."""
    flat = text.replace("\n", " ").replace("\t", " ")
    if len(flat) <= _MAX_LENGTH:
        return flat, tuple(spans)
    first, last = spans[0] if spans else (0, 0)
    third = _MAX_LENGTH // 3
    start = 0 if first < 2 * third else flat.rfind(" ", first - 2 * third, first - third) + 1 or first - third
    end = start + _MAX_LENGTH
    if end < len(flat):
        space = flat.rfind(" ", start, end)
        end = space if space > max(start, last) else max(end, last)
    before, after = ("… " if start else ""), (" …" if end < len(flat) else "")
    shifted = [(s - start + len(before), e - start + len(before)) for s, e in spans if start <= s and e <= end]
    return f"{before}{flat[start:end]}{after}", tuple(shifted)
