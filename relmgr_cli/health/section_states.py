"""Compares the sections of translations with those of the source: which are missing, extra or not translated."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.article import Article, ArticleSection
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.text_languages import prose
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.corpus.translation_state import RELIABLE_WORDS, are_neighbours
from relmgr_cli.languages.detection import detect_among
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block

_MIN_COPIED = 8  # words of a block that is equal in two languages; shorter ones are often names
_MIN_COPIED_SHARE = 0.2  # of the words of a section


class SectionVersion(NamedTuple):
    """A section in one language."""

    line: int  # on which it begins
    words: int
    is_untranslated: bool  # a part of it, at least, is in the language of the source


class ComparedSection(NamedTuple):
    """A section of an article in each language that has it."""

    number: str
    versions: Mapping[str, SectionVersion]


def compare_sections(article: Article) -> list[ComparedSection]:
    """Return the sections of an article in reading order."""
    copied = _copied_words(article)
    return [
        ComparedSection(
            section.number,
            {language: _version(article, section, language, copied) for language in section.indexes},
        )
        for section in article.sections
    ]


def _version(
    article: Article, section: ArticleSection, language: str, copied: Mapping[tuple[str, int], int]
) -> SectionVersion:
    document = article.documents[language]
    index = section.indexes[language]
    words = document.sections[index].words
    is_untranslated = False
    if language != article.source and primary_of(language) != primary_of(article.source):
        equal = copied.get((language, index), 0)
        is_untranslated = equal > _MIN_COPIED_SHARE * words or _is_in_source_language(document, index, article.source)
    return SectionVersion(document.line_of(index), words, is_untranslated)


def _is_in_source_language(document: Document, index: int, source: str) -> bool:
    section = document.sections[index]
    if section.words < RELIABLE_WORDS or are_neighbours(primary_of(document.language), primary_of(source)):
        return False
    text = prose(block for block in document.blocks_of(section) if block.kind not in ("table", "heading"))
    if len(text.split()) < RELIABLE_WORDS:
        return False
    found = detect_among(text, [document.language])
    return found is not None and primary_of(found) == primary_of(source)


def _copied_words(article: Article) -> dict[tuple[str, int], int]:
    """Return how many words of each section, by language and index, are in blocks equal to those of the source."""
    source = article.documents.get(article.source)
    found: dict[tuple[str, int], int] = {}
    if source is None:
        return found
    sections = {language: document.sections_by_block() for language, document in article.documents.items()}
    for unit in article.units:
        originals = {_own_words(source.blocks[index]) for index in unit.blocks.get(article.source, ())}
        for language, indexes in unit.blocks.items():
            if language == article.source:
                continue
            for index in indexes:
                words = _own_words(article.documents[language].blocks[index])
                if len(words) >= _MIN_COPIED and words in originals:
                    key = (language, sections[language][index])
                    found[key] = found.get(key, 0) + len(words)
    return found


def _own_words(block: Block) -> tuple[str, ...]:
    """Return the words of a block of prose, without links and code, which are the same in all languages."""
    if block.kind in (*VERBATIM_KINDS, "html", "table"):
        return ()
    spans = [span.text for span in block.spans if not span.href and not VERBATIM_STYLES.intersection(span.styles)]
    return tuple(word for word in " ".join(spans).split() if any(map(str.isalpha, word)))


def sections_to_json(sections: Sequence[ComparedSection]) -> list[object]:
    """Return the sections as JSON lists."""
    return [[number, {tag: list(version) for tag, version in versions.items()}] for number, versions in sections]


def sections_from_json(data: Sequence[tuple[str, Mapping[str, Sequence[int]]]]) -> list[ComparedSection]:
    """Return the sections that `sections_to_json` converted."""
    return [
        ComparedSection(
            number, {tag: SectionVersion(line, words, bool(flag)) for tag, (line, words, flag) in versions.items()}
        )
        for number, versions in data
    ]
