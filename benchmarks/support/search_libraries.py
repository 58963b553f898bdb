"""Indexed libraries in Polish and Russian, one for each source of the corpora.

They are kept in build/benchmarks/search until the code that decides what an index contains changes. Building all of
them takes a few minutes.
"""

import shutil
import time
import zlib
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD, CHECKOUT
from benchmarks.support.corpora import make_old, read_manifest
from relmgr_cli.store.article_builder import align_all
from relmgr_cli.store.articles import load_article
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import FullText, open_fulltext
from relmgr_cli.store.lexicon import learn_lexicon
from relmgr_cli.store.passages import encode_passages
from relmgr_cli.store.sync import sync
from relmgr_cli.store.word_translations import encode_words

WORK = BUILD / "search"
LANGUAGES = ("pl", "ru")
# Indexes with less in them than "all": without embeddings of passages; also without translations of words.
REDUCED = ("words", "stems")
_PACKAGES = ("store", "languages", "corpus", "markdown")  # their code decides what an index contains

SectionAddress = tuple[int, str]  # article, section number
SectionStarts = tuple[list[int], list[SectionAddress]]  # the lines on which the sections of a file start


class Library(NamedTuple):
    """An open library."""

    source: str
    folder: Path
    database: Database
    text: FullText
    section_starts: Mapping[str, SectionStarts]  # by path

    def section_at(self, path: str, line: int) -> SectionAddress:
        """Return the section that a line belongs to; lines before the first section belong to it."""
        starts, sections = self.section_starts[path]
        return sections[max(0, bisect(starts, line) - 1)]


def translated_articles(corpora: Path, source: str) -> dict[str, dict[str, str]]:
    """Return the paths below `raw/SOURCE`, by language, of the articles that exist in Polish and Russian."""
    articles: dict[str, dict[str, str]] = defaultdict(dict)
    for article, language, path in read_manifest(corpora, source):
        articles[article][language] = path.removeprefix(f"raw/{source}/")
    return {article: paths for article, paths in articles.items() if paths.keys() >= set(LANGUAGES)}


def open_library(corpora: Path, source: str, kind: str = "all") -> Library:
    """Open the library of a source, and build it if needed; `kind` is "all" or one of `REDUCED`."""
    folder = WORK / "libraries" / source
    cache = WORK / code_checksum() / source
    if not (cache / "done").exists():
        _build(corpora, source, folder, cache)
    database = open_database(cache / kind, [folder])
    return Library(source, folder, database, open_fulltext(database), dict(_section_starts(database)))


def code_checksum() -> str:
    """Return a checksum of the code that decides what an index contains."""
    checksum = 0
    for name in _PACKAGES:
        paths = sorted((CHECKOUT / "relmgr_cli" / name).rglob("*.py"))
        if not paths:
            raise FileNotFoundError(f"there is no package relmgr_cli.{name}")
        for path in paths:
            checksum = zlib.crc32(path.read_bytes(), checksum)
    return f"{checksum:08x}"


def _build(corpora: Path, source: str, folder: Path, cache: Path) -> None:
    for old in WORK.glob(f"*/{source}"):
        if old.parent != folder.parent:
            shutil.rmtree(old)
    for paths in translated_articles(corpora, source).values():
        for language in LANGUAGES:
            target = folder / paths[language]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(corpora / "raw" / source / paths[language], target)
            make_old(target)
    start = time.perf_counter()
    for kind in ("all", *REDUCED):
        database = open_database(cache / kind, [folder])
        sync(database, [folder])
        align_all(database)
        sections = open_fulltext(database).sections
        if kind != "stems":
            learn_lexicon(database)
            encode_words(database)
        if kind == "all":
            encode_passages(database)
        database.close()
    (cache / "done").touch()
    print(f"{source}: {sections} sections, indexed in {time.perf_counter() - start:.0f} s", flush=True)


def _section_starts(database: Database) -> Iterator[tuple[str, SectionStarts]]:
    for (number,) in database.rows("SELECT number FROM articles"):
        article = load_article(database, number)
        for language, document in article.documents.items():
            starts = []
            for section in article.sections:
                if language in section.indexes:
                    part = document.sections[section.indexes[language]]
                    line = document.blocks[part.start].line if part.start < part.end else 0
                    starts.append((line, (number, section.number)))
            starts.sort()
            yield document.path, ([line for line, _ in starts], [address for _, address in starts])
