"""Serialization: values as JSON in bytes, documents as database rows."""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from relmgr_cli.corpus.candidate import Traits
from relmgr_cli.corpus.document import Document, Section, blocks_from_json, sections_from_json
from relmgr_cli.corpus.rules import NO_RULES, LibraryRules, SourceRule
from relmgr_cli.errors import Problem
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.store.database import Database, DatabaseCorruptError

DOCUMENT_COLUMNS = "id, root, path, language, summary, content, problems"
MAX_PARAMETERS = 900  # of one SQLite statement
_MAX_IN_PAGE = 900  # bytes; SQLite gives a longer value of a table WITHOUT ROWID pages of its own
_ZLIB = b"x"  # the first byte of compressed data; no JSON begins with it

ReadDocument = Callable[[Any], Document]  # see `read_document`

_AT_ONCE = 500  # items that are packed in one call
_DECODE = json.JSONDecoder().raw_decode


def pack(value: Any) -> bytes:
    """Return a value as JSON in bytes: tuples as lists, lone surrogates (bytes that are not UTF-8) as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def as_utf8(text: str) -> str:
    """Return a text that SQLite accepts: what is not UTF-8 as `?`."""
    return text.encode("utf-8", "replace").decode()


def unpack(data: bytes) -> Any:
    """Return what `pack` was given. Raises DatabaseCorruptError for anything else."""
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, AttributeError) as error:
        raise DatabaseCorruptError from error


def pack_compressed(value: Any) -> bytes:
    """Return a large value as `pack` does, compressed to about a third."""
    return zlib.compress(pack(value), level=1)


def pack_row(value: Any) -> bytes:
    """Return a value as `pack` does, compressed if it would not fit on the page of its row."""
    return _compressed(pack(value))


def unpack_row(data: bytes) -> Any:
    """Return what `pack_row` or `pack` was given. Raises DatabaseCorruptError for anything else."""
    return unpack(_decompressed(data))


def pack_items(items: Sequence[Any]) -> bytes:
    """Return a list as `pack_row` does, in several calls: a long one blocks all threads, also that of the reader."""
    parts = (pack(items[at : at + _AT_ONCE])[1:-1] for at in range(0, len(items), _AT_ONCE))
    return _compressed(b"[" + b",".join(parts) + b"]")


def unpack_items(data: bytes) -> Iterator[Any]:
    """Yield the items of a list that was packed, in many calls as `pack_items`.

    Raises DatabaseCorruptError for anything else.
    """
    try:
        yield from _items(_decompressed(data).decode("utf-8", "surrogatepass"), 0)
    except (ValueError, IndexError) as error:
        raise DatabaseCorruptError from error


def _items(text: str, start: int) -> Iterator[Any]:
    """Yield the items of the list that begins at an index of a text in JSON without blanks."""
    if text.startswith("[]", start):
        return
    end, separator = start, "["
    while text[end] == separator:
        item, end = _DECODE(text, end + 1)
        separator = ","
        yield item
    if text[end] != "]":
        raise ValueError


def _read_content(data: bytes) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """Return the sections and blocks of a document; quicker than to unpack all before the first one is converted."""
    try:
        text = _decompressed(data).decode("utf-8", "surrogatepass")
        sections, end = _DECODE(text, 1)
        return sections_from_json(sections), blocks_from_json(_items(text, end + 1))
    except (ValueError, IndexError, TypeError) as error:
        raise DatabaseCorruptError from error


def _compressed(data: bytes) -> bytes:
    return data if len(data) <= _MAX_IN_PAGE else zlib.compress(data, level=1)


def _decompressed(data: bytes) -> bytes:
    try:
        return zlib.decompress(data) if data.startswith(_ZLIB) else data
    except (zlib.error, AttributeError, TypeError) as error:
        raise DatabaseCorruptError from error


NO_PROBLEMS = pack([])


def unpack_problems(data: bytes) -> tuple[Problem, ...]:
    """Return problems that were packed as a list."""
    return tuple(Problem(*row) for row in unpack(data))


def pack_rules(rules: LibraryRules) -> bytes:
    """Return rules as bytes."""
    return NO_PROBLEMS if rules == NO_RULES else pack([*map(dict, rules[:3]), *rules[3:]])


def unpack_rules(data: bytes) -> LibraryRules:
    """Return rules that were packed; no rules for an empty list."""
    fields = unpack(data)
    if not fields:
        return NO_RULES
    sources, folders, codes, joined, parted = fields
    rules = {folder: SourceRule(*rule) for folder, rule in sources.items()}
    return LibraryRules(rules, folders, codes, tuple(map(tuple, joined)), tuple(parted))


class DocumentSummaryRow(NamedTuple):
    """The part of a document that queries of the whole library read; the content is far larger."""

    title: str
    words: int
    sections: int
    declared: str | None
    description: str
    keywords: Sequence[str]
    key: str
    outline: str  # equal for documents with equal outlines
    blocks: int
    permalinks: Sequence[str]
    credits: Sequence[Sequence[str]]


def pack_summary(document: Document, outline: object) -> bytes:
    """Return the summary of a document as bytes."""
    return pack(
        DocumentSummaryRow(
            document.title,
            document.words,
            len(document.sections),
            document.declared,
            document.description,
            document.keywords,
            document.key,
            f"{zlib.crc32(repr(outline).encode()):08x}-{len(document.blocks)}",
            len(document.blocks),
            document.permalinks,
            document.credits,
        )
    )


def unpack_summary(data: bytes) -> DocumentSummaryRow:
    """Return what `pack_summary` was given."""
    return DocumentSummaryRow(*unpack(data))


def unpack_summaries(rows: Sequence[bytes]) -> list[DocumentSummaryRow]:
    """Return what `pack_summary` was given, of many documents; quicker than one after the other."""
    return [DocumentSummaryRow(*fields) for fields in unpack(b"[" + b",".join(rows) + b"]")]


def read_document(row: Sequence[Any]) -> Document:
    """Return the document of a row with the columns `DOCUMENT_COLUMNS`."""
    _, root, path, language, summary, content, problems = row
    fields = unpack_summary(summary)
    sections, blocks = _read_content(content)
    return Document(
        root=os.fsdecode(root),
        path=os.fsdecode(path),
        language=language,
        declared=fields.declared,
        title=fields.title,
        description=fields.description,
        keywords=tuple(fields.keywords),
        key=fields.key,
        permalinks=tuple(fields.permalinks),
        credits=tuple((name, text) for name, text in fields.credits),
        words=fields.words,
        sections=sections,
        blocks=blocks,
        problems=unpack_problems(problems),
    )


def documents_by_id(database: Database, ids: Sequence[int]) -> Iterator[tuple[int, int, Document]]:
    """Yield id, revision and document for those of the ids that have one, in any order."""
    for *row, revision in rows_by_id(database, ids):
        yield row[0], revision, read_document(row)


def rows_by_id(database: Database, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield `DOCUMENT_COLUMNS` and revision of those of the ids that have a document, in any order."""
    for start in range(0, len(ids), MAX_PARAMETERS):
        part = ids[start : start + MAX_PARAMETERS]
        condition = f"id IN ({', '.join('?' * len(part))}) AND content IS NOT NULL"
        query = f"SELECT {DOCUMENT_COLUMNS}, revision FROM documents WHERE {condition}"  # noqa: S608 (constants)
        yield from database.rows(query, part)


def pack_targets(document: Document) -> bytes:
    """Return the anchors of a document, the sections they are in, and its links (text, target, line), as bytes."""
    from relmgr_cli.corpus.links.targets import links_of, target_of

    target = target_of(document, 0)
    return pack((target.anchors, target.sections, tuple(links_of(document))))


def pack_traits(document: Document) -> bytes:
    """Return what only pairing reads of a document as bytes."""
    from relmgr_cli.corpus.text_languages import fingerprints_of

    return pack(
        Traits(document.shared_keys, fingerprints_of(document.blocks), document.share, bool(document.languages))
    )


def unpack_traits(data: bytes) -> Traits:
    """Return what `pack_traits` was given."""
    keys, fingerprints, share, is_multilingual = unpack(data)
    return Traits(tuple(keys), tuple(fingerprints), share, is_multilingual)
