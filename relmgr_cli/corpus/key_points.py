"""Finds the section of an article that lists its key points.

It has no fixed heading ("Przegląd najważniejszych wydarzeń", "Особенности", "Key takeaways") and no fixed position. It
is recognized as a short flat list of whole sentences and nothing else, in every translation, usually the first or last
section, whose sentences repeat the words of the article. A heading that says so only adds to the score.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from relmgr_cli.corpus.article import ArticleSection
from relmgr_cli.corpus.document import Document, Section
from relmgr_cli.languages.tokens import count_words
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block

_MIN_SCORE = 4.5
_HEADING = re.compile(
    r"\b(?:highlights?|takeaways?|key (?:points?|facts?|ideas?)|at a glance|in (?:brief|short)|tl;?dr|summary|"
    r"podsumowanie|najważniejsz\w+|w skrócie|kluczowe|w pigułce|"
    r"главное|итоги?|кратко|вкратце|ключевые|основн\w+ (?:моменты|тезисы|положения)|выводы|резюме|"
    r"wichtigste|zusammenfassung|auf einen blick|kurz gefasst|points clés|en bref|l'essentiel|résumé|à retenir|"
    r"puntos clave|en resumen|resumen|lo más destacado|punti chiave|in sintesi|riepilogo|pontos-chave|resumo|"
    r"em resumo|підсумки|головне|коротко|shrnutí|stručně|zhrnutie)\b",
    re.IGNORECASE,
)
_MIN_ITEMS, _MAX_ITEMS = 2, 12
_MIN_WORDS = 6  # of an item, on average
_SENTENCE_END = tuple(".!?…。।")
_WORD = re.compile(r"\w{4,}")


def find_key_points(documents: Mapping[str, Document], sections: Sequence[ArticleSection]) -> str | None:
    """Return the number of the section that lists the key points; None if no score is high enough."""
    best, best_score = None, 0.0
    scorers = {language: SectionScorer(document) for language, document in documents.items()}
    for section in sections:
        scores = [scorers[language].score(index) for language, index in section.indexes.items()]
        score = sum(scores) / len(scores) if min(scores, default=0.0) > 0 else 0.0
        if score > best_score:
            best, best_score = section.number, score
    return best if best_score >= _MIN_SCORE else None


class SectionScorer:
    """Scores how much each section of one document looks like its key points."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def score(self, index: int) -> float:
        """Return the score of a section; 0 for one that cannot be the key points."""
        document, section = self._document, self._document.sections[index]
        blocks = document.blocks[section.start + bool(section.level) : section.end]
        items = [block for block in blocks if block.kind == "item"]
        if not _is_flat_list(blocks, items):
            return 0.0
        score = 1.0
        score += 1.5 if _are_sentences(items) else -1.5
        spans = [span for item in items for span in item.spans]
        score -= 2.0 * (sum(bool(span.href) for span in spans) >= len(items))  # a list of references
        score -= 1.0 * any({"code", "strong"}.intersection(span.styles) for span in spans)  # rather of definitions
        score -= 1.0 * any(c.kind == "ordered" for item in items for c in item.containers)  # rather a list of steps
        if index in (0, len(document.sections) - 1) and "." not in section.number:
            score += 1.0
        if _HEADING.search(document.heading(section)):
            score += 2.5
        return score + 1.5 * self._repeats_the_rest(section, items)

    def _repeats_the_rest(self, section: Section, items: Sequence[Block]) -> bool:
        """Return whether most words of the items are elsewhere in the document too, by their first letters."""
        inside = _beginnings(self._document.blocks_of(section))
        words = list(_beginnings(items).elements())
        return bool(words) and sum(self._words[word] > inside[word] for word in words) >= 0.6 * len(words)

    @cached_property
    def _words(self) -> Counter[str]:
        return _beginnings(self._document.blocks)


def _beginnings(blocks: Sequence[Block]) -> Counter[str]:
    """Count the first letters of the words of prose."""
    prose = (block.text for block in blocks if block.kind not in VERBATIM_KINDS)
    return Counter(word.casefold()[:6] for text in prose for word in _WORD.findall(text))


def _is_flat_list(blocks: Sequence[Block], items: Sequence[Block]) -> bool:
    """Return whether the blocks are a list without nesting, with at most one paragraph before it."""
    before = len(blocks) - len(items)
    is_alone = not before or (before == 1 and blocks[0].kind == "paragraph")
    return is_alone and _MIN_ITEMS <= len(items) <= _MAX_ITEMS and all(len(item.containers) == 1 for item in items)


def _are_sentences(items: Sequence[Block]) -> bool:
    ended = sum(1 for item in items if item.text.endswith(_SENTENCE_END))
    return sum(count_words(item.text) for item in items) >= _MIN_WORDS * len(items) and ended * 2 > len(items)
