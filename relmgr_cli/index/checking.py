"""A look at every byte of an index, for what its seal cannot show: a disk that rots under an unchanged time and size.

Whatever has a check sum is compared with it. What has none is compared with what it was made from.
"""

import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from relmgr_cli.index.catalogue import Catalogue, CatalogueDamagedError, unpack
from relmgr_cli.index.passages import KEY_FIELDS
from relmgr_cli.index.shards import load_shards, load_signs
from relmgr_cli.index.vectors import are_sound

_PACKED = {
    "documents": "about, content, targets, problems",
    "articles": "sections, beads",
    "counterparts": "counterparts",
    "questions": "answer",
}
_FOOTER = struct.Struct("<II")  # at the end of tantivy's files: how long what comes before it is, and a number
_MAGIC = 1337


def is_sound(catalogue: Catalogue) -> bool:
    """Tell whether everything in the catalogue is as it was written."""
    try:
        return (
            catalogue.rows("PRAGMA integrity_check") == [("ok",)]
            and _is_unpacked(catalogue)
            and are_sound(catalogue)
            and _has_all_passages(catalogue)
            and _agrees_with_files(catalogue)
            and _agrees_with_documents(catalogue)
            and _is_spelt_right(catalogue)
        )
    except (CatalogueDamagedError, ValueError, TypeError):
        return False


def is_text_sound(catalogue: Catalogue) -> bool:
    """Tell whether the full text is as it was written, and holds the sections that the catalogue says."""
    from relmgr_cli.index.fulltext import open_quietly, read_entries, searching

    token = str(catalogue.get("text"))
    if not token or catalogue.path is None:
        return True
    folder = catalogue.path.parent / f"text-{token}"
    try:
        if not all(_is_as_signed(place) for place in folder.iterdir()):
            return False
        index = open_quietly(catalogue)
        if index is None:
            return False
        with searching(catalogue):
            entries = read_entries(index)
    except (OSError, CatalogueDamagedError):
        return False
    indexed = catalogue.rows("SELECT document, stamp, sections FROM indexed")
    expected = [(document, stamp, section) for document, stamp, count in indexed for section in range(count)]
    return sorted(entries) == sorted(expected)


def _is_as_signed(place: Path) -> bool:
    """Tell whether a file of tantivy's has the check sum that stands at its end; those that change have none."""
    data = place.read_bytes()
    if place.name.startswith(".") or place.suffix == ".json":
        return True
    try:
        length, magic = _FOOTER.unpack(data[-_FOOTER.size :])
        end = len(data) - _FOOTER.size - length
        return magic == _MAGIC and bool(json.loads(data[end : -_FOOTER.size])["crc"] == zlib.crc32(data[:end]))
    except (struct.error, ValueError, KeyError):
        return False


def _is_unpacked(catalogue: Catalogue) -> bool:
    """Raise CatalogueDamagedError where a packed value is not as it was packed."""
    for table, columns in _PACKED.items():
        for row in catalogue.connection.execute(f"SELECT {columns} FROM {table}"):  # noqa: S608 (our own names)
            for value in row:
                if value is not None:
                    unpack(value)
    for shard in load_shards(catalogue, "words"):
        unpack(shard.keys)
    return all(True for kind in ("words", "passages") for _ in load_signs(catalogue, kind))


def _has_all_passages(catalogue: Catalogue) -> bool:
    """Tell whether the shards hold as many passages of each document as its row says."""
    import numpy as np

    held: dict[tuple[int, int], int] = {}
    for shard in load_shards(catalogue, "passages"):
        keys = np.frombuffer(shard.keys, np.int64).reshape(-1, KEY_FIELDS)
        states, counts = np.unique(keys[:, :2], axis=0, return_counts=True)
        for (document, stamp), count in zip(states.tolist(), counts.tolist(), strict=True):
            held[document, stamp] = held.get((document, stamp), 0) + count
    rows = catalogue.rows("SELECT document, stamp, encoded FROM indexed WHERE encoded > 0")
    return all(held.get((document, stamp), 0) == encoded - 1 for document, stamp, encoded in rows)


def _agrees_with_files(catalogue: Catalogue) -> bool:
    """Tell whether documents whose files have not changed are what is read from them."""
    from relmgr_cli.index.sync import read_row, status_at
    from relmgr_cli.library.files import FoundFile

    query = "SELECT root, path, status, language, about, content, targets, problems FROM documents"
    for root, path, status, *row in catalogue.connection.execute(query):
        if status_at(os.path.join(root, path)) == status:
            found, problems = read_row(FoundFile(os.fsdecode(root), os.fsdecode(path), status))
            if [*found, problems] != row:
                return False
    return True


def _agrees_with_documents(catalogue: Catalogue) -> bool:
    """Tell whether the articles are those that the documents make up."""
    from relmgr_cli.index.grouping import groups_of
    from relmgr_cli.library.pairing import slug_of

    taken: set[str] = set()
    expected = []
    members: dict[int, int] = {}
    for number, group in enumerate(groups_of(catalogue), 1):
        ids = sorted(member.id for member in group.members)
        members |= dict.fromkeys(ids, number)
        expected.append((number, slug_of(group.members[0].title, taken), json.dumps(ids), group.paired_by))
    return (
        catalogue.rows("SELECT number, id, members, paired_by FROM articles ORDER BY number") == expected
        and dict(catalogue.rows("SELECT id, article FROM documents WHERE article IS NOT NULL")) == members
    )


def _is_spelt_right(catalogue: Catalogue) -> bool:
    """Tell whether words stand under the form and stem that they have, and counterparts under words."""
    from relmgr_cli.languages.normalization import fold
    from relmgr_cli.languages.tokens import stem

    rows: list[Any] = catalogue.rows("SELECT language, form, spelling, stem, count, prose FROM spellings")
    strange = catalogue.rows(
        "SELECT 1 FROM counterparts c WHERE crowd NOT BETWEEN -1 AND 1 OR NOT EXISTS (SELECT 1 FROM spellings s"
        " WHERE s.language = c.language AND s.stem = c.stem AND s.spelling = c.spelling)"
    )
    return not strange and all(
        fold(spelling) == form and stem(spelling, language) == root and 0 <= prose <= count
        for language, form, spelling, root, count, prose in rows
    )
