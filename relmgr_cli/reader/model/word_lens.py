"""What the word lens shows and keeps: a word and its sentence, with their translations into another language."""

from typing import TYPE_CHECKING, NamedTuple

from relmgr_cli.markdown.blocks import Block
from relmgr_cli.reader.model.positions import TextRange, range_of_block
from relmgr_cli.reader.model.rows import ArticleRows

if TYPE_CHECKING:
    from relmgr_cli.core.library import Library
    from relmgr_cli.store.kept_words import WordInContext

_SHORT = frozenset(["heading", "title", "term"])  # kinds of blocks that are not split into sentences


class Translation(NamedTuple):
    """The translation of a word and of its sentence, as far as they are known."""

    language: str
    word: TextRange | None
    sentence: TextRange | None


def find_sentence(rows: ArticleRows, word: TextRange) -> TextRange:
    """Return the sentence of a word; the whole block where it is not split into sentences."""
    from relmgr_cli.corpus.sentences import split_blocks

    index, offset = place_of(rows, word)
    block = rows.article.documents[word.language].blocks[index]
    spans = [(each.start, each.end) for each in split_blocks([block], word.language)]
    span = next(((start, end) for start, end in spans if start <= offset < end), (0, len(block.text)))
    return range_of_block(rows, word.row, word.language, index, span)


def translate_sentence(library: "Library", rows: ArticleRows, word: TextRange, language: str) -> TextRange | None:
    """Return the sentences that translate the one of a word; None if it is not known which."""
    at = place_of(rows, word)
    places = library.translate_sentence(rows.article, at, (word.language, language))
    if places:
        (first, start, _), (last, _, end) = places[0], places[-1]
        found = range_of_block(rows, word.row, language, first, (start, start))
        return found._replace(end=range_of_block(rows, word.row, language, last, (end, end)).end)
    blocks = rows.blocks(word.row, word.language), rows.blocks(word.row, language)
    is_whole = all(len(side) == 1 and _is_short(side[0]) for side in blocks)
    return TextRange(word.row, language, 0, len(blocks[1][0].text)) if is_whole else None


def _is_short(block: Block) -> bool:
    return block.kind in _SHORT


def place_of(rows: ArticleRows, word: TextRange) -> tuple[int, int]:
    """Return the block of a word in its document, and the word's offset in the block's text."""
    offset = word.start
    for index in rows.block_indices(word.row, word.language):
        length = len(rows.article.documents[word.language].blocks[index].text)
        if offset <= length:
            return index, offset
        offset -= length + 1
    raise ValueError(word)


def line_of(rows: ArticleRows, text: TextRange) -> int:
    """Return the line of the file where a range of text starts."""
    from relmgr_cli.search.block_source import DocumentSource
    from relmgr_cli.search.source_lines import read_lines

    index, offset = place_of(rows, text)
    document = rows.article.documents[text.language]
    source = DocumentSource(document, read_lines(document.root, document.path)).source_of(index)
    return source.find_exact(offset, offset + text.end - text.start).line


def word_in_context(rows: ArticleRows, word: TextRange, translation: Translation | None) -> "WordInContext":
    """Return a word with its sentence, their translation, and where they are from."""
    from relmgr_cli.store.kept_words import WordInContext

    document = rows.article.documents[word.language]
    return WordInContext(
        text_of(rows, word),
        word.language,
        translation=text_of(rows, translation.word) if translation else "",
        translation_language=translation.language if translation else "",
        sentence=text_of(rows, find_sentence(rows, word)),
        sentence_translation=text_of(rows, translation.sentence) if translation else "",
        article=rows.article.id,
        path=document.path,
        line=document.blocks[place_of(rows, word)[0]].line,
    )


def text_of(rows: ArticleRows, part: TextRange | None) -> str:
    """Return a range of text on one line; "" for None."""
    return " ".join(rows.text(part.row, part.language)[part.start : part.end].split()) if part else ""
