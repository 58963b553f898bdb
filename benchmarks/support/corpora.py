"""Read the test corpora, and multiply them into a library of any size.

The corpora have one folder `raw/SOURCE` for each source of documents, and tables that say which files are translations
of each other (`SOURCE.manifest.tsv`) and which of their headings are (`SOURCE.headings.full.tsv`).
"""

import csv
import os
import random
import re
import time
from pathlib import Path
from typing import NamedTuple

_COPIED_WORD = re.compile(r"\b[^\W\d_]{7,}\b")
_CHANGED = 0.1  # of the distinct long words of a file, in each copy


class ManifestEntry(NamedTuple):
    """A document of the corpora."""

    article: str
    language: str
    path: str  # relative to the corpora


def read_tsv(path: Path) -> list[list[str]]:
    """Return the rows of a table whose cells are not quoted."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def all_sources(corpora: Path) -> list[str]:
    """Return the names of the sources."""
    return sorted(path.name.partition(".")[0] for path in corpora.glob("*.manifest.tsv"))


def read_manifest(corpora: Path, source: str) -> list[ManifestEntry]:
    """Return the documents of a source."""
    return [ManifestEntry(*row) for row in read_tsv(corpora / f"{source}.manifest.tsv")]


def write_large_library(corpora: Path, folder: Path, files: int) -> int:
    """Copy the Markdown files of the corpora into `folder` until there are `files`; return how many were written.

    Every copy after the first has some of its words changed, the same ones in every run.
    """
    originals = sorted(path for path in (corpora / "raw").rglob("*.md") if path.is_file())
    written = copy = 0
    while written < files:
        for path in originals[: files - written]:
            target = folder / f"copy{copy}" / path.relative_to(corpora / "raw")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_with_changed_words(path.read_text("utf-8"), copy), "utf-8")
            written += 1
        copy += 1
    for path in folder.rglob("*"):
        make_old(path)
    return written


def _with_changed_words(text: str, copy: int) -> str:
    rng = random.Random(copy)  # noqa: S311 (the same words in every run)
    words = sorted(set(_COPIED_WORD.findall(text)))
    changed = {word: word[::-1] for word in words if copy and rng.random() < _CHANGED}
    return _COPIED_WORD.sub(lambda match: changed.get(match[0], match[0]), text)


def make_old(path: Path) -> None:
    """Set a file's modification time one minute back: relmgr does not trust a file that has just changed."""
    os.utime(path, (time.time() - 60,) * 2)
