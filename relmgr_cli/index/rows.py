"""Documents as rows of the catalogue: what every command may ask of all of them, and their whole content."""

import os
import zlib
from collections.abc import Sequence
from typing import Any

from relmgr_cli.index.catalogue import pack, unpack, unpack_problems
from relmgr_cli.library.document import Document, blocks_from_json, sections_from_json

DOCUMENT_COLUMNS = "id, root, path, language, about, content, problems"


def about_of(document: Document, outline: object) -> bytes:
    """Return what is asked of all documents at once: see `read_about` for the order."""
    return pack(
        [
            document.title,
            document.words,
            len(document.sections),
            document.declared,
            document.description,
            list(document.keywords),
            document.key,
            f"{zlib.crc32(repr(outline).encode()):08x}-{len(document.blocks)}",
            len(document.blocks),
            list(document.permalinks),
        ]
    )


def read_document(row: Sequence[Any]) -> Document:
    """Return the document of a row with the columns `DOCUMENT_COLUMNS`."""
    _, root, path, language, about, content, problems = row
    title, words, _, declared, description, keywords, key, _, _, permalinks = unpack(about)
    sections, blocks = unpack(content)
    return Document(
        root=os.fsdecode(root),
        path=os.fsdecode(path),
        language=language,
        declared=declared,
        title=title,
        description=description,
        keywords=tuple(keywords),
        key=key,
        permalinks=tuple(permalinks),
        words=words,
        sections=sections_from_json(sections),
        blocks=blocks_from_json(blocks),
        problems=unpack_problems(problems),
    )


def targets_of(document: Document) -> bytes:
    """Return the anchors that links may point to and the sections they open, as they are stored."""
    from relmgr_cli.library.links.targets import target_of

    target = target_of(document, 0)
    return pack([list(target.anchors), list(target.sections)])
