"""Finds which sentences of a translation unit translate each other."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.corpus.alignment.features import text_length
from relmgr_cli.corpus.alignment.sentence_alignment import SentenceAlignment, align_sentences
from relmgr_cli.corpus.alignment.word_evidence import Lexicon, Token, WordEvidence, link_sentences, tokens_of
from relmgr_cli.corpus.article import Article, TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.sentences import RUNNING_TEXT, Sentence, slice_spans, split_blocks
from relmgr_cli.markdown.blocks import Block

if TYPE_CHECKING:
    from relmgr_cli.corpus.alignment.sentence_alignment import Vectors

MIN_RATIO, MAX_RATIO = 0.5, 2.0  # of the lengths of texts in two languages
_MAX_SENTENCES = 60  # of a unit, for an answer while a person waits
_NEAR = 30  # units on either side that tell the ratio of lengths


class ParallelText(NamedTuple):
    """The text of a translation unit in one language, as sentences."""

    blocks: tuple[int, ...]  # of the document
    sentences: tuple[Sentence, ...]  # Sentence.block is an index in `blocks`
    texts: tuple[str, ...]  # of each sentence
    tokens: tuple[tuple[Token, ...], ...]  # of each sentence


class SentencePairs(NamedTuple):
    """Two texts of a unit, what their words have in common, and how much longer target texts are."""

    source: ParallelText
    target: ParallelText
    words: WordEvidence
    ratio: float

    def align(self, vectors: "tuple[Vectors, Vectors] | None" = None) -> SentenceAlignment:
        """Return which sentences translate each other; `vectors` are those of the texts of each side."""
        sides = self.source.texts, self.target.texts
        lengths = [*map(text_length, sides[0])], [*map(text_length, sides[1])]
        return align_sentences(lengths, self.words, vectors, ratio=self.ratio)


def is_running_text(document: Document, blocks: Sequence[int]) -> bool:
    """Return True if there are blocks, and all can be split into sentences."""
    return bool(blocks) and all(document.blocks[index].kind in RUNNING_TEXT for index in blocks)


def read_text(document: Document, blocks: Sequence[int], language: str) -> ParallelText:
    """Return the sentences of some blocks of a document."""
    found = [document.blocks[index] for index in blocks]
    sentences = split_blocks(found, language)
    texts = tuple(found[each.block].text[each.start : each.end] for each in sentences)
    tokens = tuple(
        tuple(_tokens(found[each.block], each, text, language)) for each, text in zip(sentences, texts, strict=True)
    )
    return ParallelText(tuple(blocks), tuple(sentences), texts, tokens)


def _tokens(block: Block, sentence: Sentence, text: str, language: str) -> list[Token]:
    return tokens_of(text, slice_spans(block.spans, sentence.start, sentence.end), language)


def pair_texts(source: ParallelText, target: ParallelText, lexicon: Lexicon, ratio: float = 1.0) -> SentencePairs:
    """Return two texts with what their words have in common."""
    return SentencePairs(source, target, link_sentences(source.tokens, target.tokens, lexicon), ratio)


def length_ratio(article: Article, units: Sequence[TranslationUnit], source: str, target: str) -> float:
    """Return how much longer the texts of units are in the target language than in the source language."""
    lengths = [0, 0]
    for unit in units:
        if unit.blocks.get(source) and unit.blocks.get(target):
            for side, language in enumerate((source, target)):
                blocks = article.documents[language].blocks
                lengths[side] += sum(
                    text_length(blocks[index].text)
                    for index in unit.blocks[language]
                    if blocks[index].kind in RUNNING_TEXT
                )
    return min(max(lengths[1] / lengths[0], MIN_RATIO), MAX_RATIO) if all(lengths) else 1.0


def find_translation(
    article: Article, at: tuple[int, int], *, source: str, target: str, lexicon: Lexicon
) -> list[tuple[int, int, int]]:
    """Return the sentences that translate the one at a place of a document: block, start and end in its text.

    `at` is a block of the source language's document and an offset in its text. Without a translation, or where the
    text is not split into sentences or has too many, nothing is returned. The encoder is not asked.
    """
    index = next((i for i, unit in enumerate(article.units) if at[0] in unit.blocks.get(source, ())), None)
    if index is None or target not in article.documents or source not in article.documents:
        return []
    unit = article.units[index]
    documents = article.documents[source], article.documents[target]
    sides = unit.blocks[source], unit.blocks.get(target, ())
    if not all(map(is_running_text, documents, sides)):
        return []
    texts = [read_text(*each) for each in zip(documents, sides, (source, target), strict=True)]
    here = next((i for i, each in enumerate(texts[0].sentences) if _contains(texts[0], each, at)), None)
    if here is None or not 0 < len(texts[1].sentences) <= _MAX_SENTENCES or len(texts[0].sentences) > _MAX_SENTENCES:
        return []
    near = article.units[max(index - _NEAR, 0) : index + _NEAR + 1]
    pairs = pair_texts(texts[0], texts[1], lexicon, length_ratio(article, near, source, target))
    bead = next(each for each in pairs.align().beads if here in each.source)
    return list(_places(texts[1], bead.target))


def _contains(text: ParallelText, sentence: Sentence, at: tuple[int, int]) -> bool:
    return text.blocks[sentence.block] == at[0] and sentence.start <= at[1] < sentence.end


def _places(text: ParallelText, sentences: range) -> Iterator[tuple[int, int, int]]:
    for index in sentences:
        each = text.sentences[index]
        yield text.blocks[each.block], each.start, each.end
