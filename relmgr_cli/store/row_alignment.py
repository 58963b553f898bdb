"""Aligns an article from its database rows: a pure function of values that processes can send each other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.store.codec import ReadDocument, pack, pack_items, read_document, unpack_items

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from relmgr_cli.corpus.alignment.multiway import Vectors

_MAX_TEXT = 400  # characters of a block that are embedded


class BlocksInDoubt(NamedTuple):
    """The blocks of a document whose vectors would make its alignment more certain."""

    indexes: Sequence[int]
    texts: Sequence[str]  # none is empty


class AlignmentTask(NamedTuple):
    """An article to align."""

    rows: Sequence[Any]  # of its documents, with the columns `DOCUMENT_COLUMNS` and one more
    asks_for_doubt: bool = False  # whether the result has the blocks in doubt
    stored: tuple[str | None, bytes, bytes] | None = None  # highlights, sections and units, if it is aligned already
    # language -> indexes of blocks, and their vectors, (n, 512); every other block has none
    vectors: "Mapping[str, tuple[Sequence[int], NDArray[np.float16]]] | None" = None


class RowAlignment(NamedTuple):
    """An alignment as it is stored."""

    highlights: str | None
    sections: bytes
    units: bytes
    is_equal: bool  # all outlines are: no vector can change it
    blocks: int  # of all documents
    doubt: Mapping[str, BlocksInDoubt]  # by language; empty if nothing is in doubt


def align_rows(task: AlignmentTask, read: ReadDocument = read_document) -> RowAlignment:
    """Return the alignment of an article's documents: the stored one if there is one."""
    from relmgr_cli.corpus.alignment.align import align, outline_of
    from relmgr_cli.corpus.key_points import find_key_points

    documents = {document.language: document for document in (read(row[:-1]) for row in task.rows)}
    is_equal = len({outline_of(document) for document in documents.values()}) == 1
    if task.stored:
        highlights, packed_sections, packed_units = task.stored
        units = tuple(TranslationUnit(*unit) for unit in unpack_items(packed_units))
    else:
        sections, units = align(documents, _vectors(documents, task))
        highlights = find_key_points(documents, sections)
        packed_sections, packed_units = pack(sections), pack_items(units)
    doubt: Mapping[str, BlocksInDoubt] = {}
    if task.asks_for_doubt and not is_equal:
        from relmgr_cli.corpus.alignment.doubt import blocks_in_doubt
        from relmgr_cli.embedding.encoder import knows_language

        known = [language for language in documents if knows_language(language)]
        found = blocks_in_doubt(documents, units, known)
        doubt = {language: _texts(documents[language], indexes) for language, indexes in found.items()}
    blocks = sum(len(document.blocks) for document in documents.values())
    return RowAlignment(highlights, packed_sections, packed_units, is_equal, blocks, doubt)


def _texts(document: Document, indexes: Sequence[int]) -> BlocksInDoubt:
    texts = {index: document.blocks[index].text[:_MAX_TEXT] for index in indexes}
    some = {index: text for index, text in texts.items() if text.strip()}
    return BlocksInDoubt(list(some), list(some.values()))


def _vectors(documents: Mapping[str, Document], task: AlignmentTask) -> "Vectors | None":
    if task.vectors is None:
        return None
    import numpy as np

    found: dict[str, Any] = {}
    for language, (indexes, rows) in task.vectors.items():
        found[language] = np.zeros((len(documents[language].blocks), rows.shape[1]), np.float32)
        found[language][list(indexes)] = rows
    return found
