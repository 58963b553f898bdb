"""Which section of an article lists its key points.

It has no fixed name ("Przegląd najważniejszych wydarzeń", "Особенности", "Key takeaways") and no fixed place.
What gives it away: it is a short flat list of whole sentences and nothing else, in every translation; it
stands first or last; its sentences repeat the words of the article. A heading that says so is only a help.
"""

import re
from collections.abc import Mapping, Sequence

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
    for section in sections:
        scores = [
            _score(document, document.sections[section.places[language]])
            for language, document in documents.items()
            if language in section.places
        ]
        score = sum(scores) / len(scores) if min(scores, default=0.0) > 0 else 0.0
        if score > best_score:
            best, best_score = section.number, score
    return best if best_score >= _ENOUGH else None


def _score(document: Document, section: Section) -> float:
    blocks = document.blocks[section.start + bool(section.level) : section.end]
    items = [block for block in blocks if block.kind == "item"]
    if not _is_flat_list(blocks, items):
        return 0.0
    score = 1.0
    score += 1.5 if _are_sentences(items) else -1.5
    linked = sum(1 for item in items for span in item.spans if span.href)
    score -= 2.0 * (linked >= len(items))  # a list of references
    score -= 1.0 * any({"code", "strong"}.intersection(span.marks) for item in items for span in item.spans)  # terms
    score -= 1.0 * any(c.kind == "ordered" for item in items for c in item.containers)  # rather steps
    index = document.sections.index(section)
    if index in (0, len(document.sections) - 1) and "." not in section.number:
        score += 1.0
    if _HEADING.search(document.heading(section)):
        score += 2.5
    return score + 1.5 * _repeats_the_rest(document, section, items)


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


def _repeats_the_rest(document: Document, section: Section, items: Sequence[Block]) -> bool:
    """Tell whether most words of the items stand elsewhere in the document too, beginnings compared."""
    elsewhere = {
        word.casefold()[:6]
        for index, block in enumerate(document.blocks)
        if not section.start <= index < section.end and block.kind != "code"
        for word in _WORD.findall(block.text)
    }
    words = [word.casefold()[:6] for item in items for word in _WORD.findall(item.text)]
    return bool(words) and sum(word in elsewhere for word in words) >= 0.6 * len(words)
