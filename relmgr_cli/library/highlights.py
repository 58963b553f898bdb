"""Which section of an article lists its key points.

It has no fixed name ("Przegląd najważniejszych wydarzeń", "Особенности", "Key takeaways") and no fixed place.
What gives it away: it is a short flat list of whole sentences and nothing else, in every translation; it
stands first or last; its sentences repeat the words of the article. A heading that says so is only a help.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from relmgr_cli.library.articles import ArticleSection
from relmgr_cli.library.documents import Document, Section
from relmgr_cli.library.words import count_words
from relmgr_cli.markdown.blocks import Block

_ENOUGH = 4.5
_HEADING = re.compile(
    r"\b(?:highlights?|takeaways?|key (?:points?|facts?|ideas?)|at a glance|in (?:brief|short)|tl;?dr|summary|"
    r"podsumowanie|najważniejsz\w+|w skrócie|kluczowe|w pigułce|"
    r"главное|итоги?|кратко|вкратце|ключевые|основн\w+ (?:моменты|тезисы|положения)|выводы|резюме|"
    r"wichtigste|zusammenfassung|auf einen blick|kurz gefasst|points clés|en bref|l'essentiel|résumé|à retenir|"
    r"puntos clave|en resumen|resumen|lo más destacado|punti chiave|in sintesi|riepilogo|pontos-chave|resumo|"
    r"em resumo|підсумки|головне|коротко|shrnutí|stručně|zhrnutie)\b",
    re.IGNORECASE,
)
_FEWEST, _MOST = 2, 12  # items
_SENTENCE = 6  # words
_SENTENCE_END = tuple(".!?…。।")
_WORD = re.compile(r"\w{4,}")


def find_highlights(documents: Mapping[str, Document], sections: Sequence[ArticleSection]) -> str | None:
    """Return the number of the section that lists the key points; None when none stands out."""
    best, best_score = None, 0.0
    judges = {language: _Judge(document) for language, document in documents.items()}
    for section in sections:
        scores = [judges[language].score(index) for language, index in section.places.items()]
        score = sum(scores) / len(scores) if min(scores, default=0.0) > 0 else 0.0
        if score > best_score:
            best, best_score = section.number, score
    return best if best_score >= _ENOUGH else None


class _Judge:
    """Tells of the sections of one document how much each looks like its key points."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def score(self, index: int) -> float:
        """Return the score of a section; 0 for one that cannot be it."""
        document, section = self._document, self._document.sections[index]
        blocks = document.blocks[section.start + bool(section.level) : section.end]
        items = [block for block in blocks if block.kind == "item"]
        if not _is_flat_list(blocks, items):
            return 0.0
        score = 1.0
        score += 1.5 if _are_sentences(items) else -1.5
        linked = sum(1 for item in items for span in item.spans if span.href)
        score -= 2.0 * (linked >= len(items))  # a list of references
        is_marked = any({"code", "strong"}.intersection(span.marks) for item in items for span in item.spans)
        score -= 1.0 * is_marked  # terms
        score -= 1.0 * any(c.kind == "ordered" for item in items for c in item.containers)  # rather steps
        if index in (0, len(document.sections) - 1) and "." not in section.number:
            score += 1.0
        if _HEADING.search(document.heading(section)):
            score += 2.5
        return score + 1.5 * self._repeats_the_rest(section, items)

    def _repeats_the_rest(self, section: Section, items: Sequence[Block]) -> bool:
        """Tell whether most words of the items stand elsewhere in the document too, beginnings compared."""
        inside = _beginnings(self._document.blocks[section.start : section.end])
        words = list(_beginnings(items).elements())
        return bool(words) and sum(self._words[word] > inside[word] for word in words) >= 0.6 * len(words)

    @cached_property
    def _words(self) -> Counter[str]:
        return _beginnings(self._document.blocks)


def _beginnings(blocks: Sequence[Block]) -> Counter[str]:
    """Count how the words of prose begin."""
    return Counter(
        word.casefold()[:6] for block in blocks if block.kind != "code" for word in _WORD.findall(block.text)
    )


def _is_flat_list(blocks: Sequence[Block], items: Sequence[Block]) -> bool:
    """Tell whether the blocks are a list without nesting, at most with a sentence before it."""
    lead = len(blocks) - len(items)
    return (
        _FEWEST <= len(items) <= _MOST
        and lead <= 1
        and all(len(item.containers) == 1 for item in items)
        and (not lead or blocks[0].kind == "paragraph")
    )


def _are_sentences(items: Sequence[Block]) -> bool:
    ended = sum(1 for item in items if item.text.endswith(_SENTENCE_END))
    return sum(count_words(item.text) for item in items) >= _SENTENCE * len(items) and ended * 2 > len(items)
