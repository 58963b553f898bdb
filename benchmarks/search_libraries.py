"""Libraries without English, one for each source of the corpora, and what in them answers an English question.

The other benchmarks of search read them. They are kept in `build/benchmarks/search` until the code that decides what
stands in an index changes; to build all of them takes a few minutes.
"""

import csv
import os
import shutil
import sys
import time
import zlib
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.index.database import Database, open_database
from relmgr_cli.index.fulltext import FullText, open_fulltext
from relmgr_cli.index.grouping import align_all
from relmgr_cli.index.passages import encode_passages
from relmgr_cli.index.queries import load_article
from relmgr_cli.index.sync import sync
from relmgr_cli.index.vocabulary import encode_words

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "benchmarks" / "search"
DEFAULT = ROOT.parent / "shared" / "corpora"
LANGUAGES = ("pl", "ru")
# What is taken out of a copy of the index, so that less of it can answer.
LESS = {
    "words": "DELETE FROM vector_blocks WHERE kind = 'passages'",
    "stems": "DELETE FROM vector_blocks; DELETE FROM word_translations",
}
_DECIDING = ("index", "languages", "library", "markdown")

Target = tuple[int, str]  # article, number of a section
Lines = tuple[list[int], list[Target]]  # where the sections of a file begin, and which ones they are


class Question(NamedTuple):
    """A question and the sections that answer it."""

    text: str
    targets: Mapping[str, Target]  # by language


class Row(NamedTuple):
    """A heading of an article in three languages."""

    english: str
    lines: Mapping[str, int]  # by language
    is_translated: bool  # and no other heading of the source says the same


class Library(NamedTuple):
    """One source, open."""

    source: str
    folder: Path
    catalogue: Database
    text: FullText
    lines: Mapping[str, Lines]  # by path

    def target(self, path: str, line: int) -> Target:
        """Return the section that a line of a file is in; what stands before the first one belongs to it."""
        starts, targets = self.lines[path]
        return targets[max(0, bisect(starts, line) - 1)]


def corpora_folder() -> Path:
    """Return the folder given on the command line, or that beside the checkout; leave when there is none."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-") and not argument.isdigit()]
    corpora = Path(arguments[0]) if arguments else DEFAULT
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    return corpora


def manifest(corpora: Path, source: str) -> dict[str, dict[str, str]]:
    """Return the paths below `raw/SOURCE` of the articles that exist in Polish and Russian, by language."""
    articles: dict[str, dict[str, str]] = defaultdict(dict)
    with (corpora / f"{source}.manifest.tsv").open(encoding="utf-8", newline="") as file:
        for article, language, path in csv.reader(file, delimiter="\t"):
            articles[article][language] = path.removeprefix(f"raw/{source}/")
    return {article: paths for article, paths in articles.items() if paths.keys() >= set(LANGUAGES)}


def headings(corpora: Path, source: str) -> dict[str, list[Row]]:
    """Return the headings whose places are known, by article, in the order of the English file."""
    articles = manifest(corpora, source)
    found: dict[str, list[Row]] = defaultdict(list)
    with (corpora / f"{source}.headings.full.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["article_id"] in articles:
                lines = {language: int(row[f"{language}_line"]) for language in ("en", *LANGUAGES)}
                found[row["article_id"]].append(Row(row["en"], lines, not row["flags"]))
    return {article: sorted(rows, key=lambda row: row.lines["en"]) for article, rows in found.items()}


def sources(corpora: Path) -> list[str]:
    """Return the sources in which some heading's place is known."""
    names = sorted(path.name.partition(".")[0] for path in corpora.glob("*.headings.full.tsv"))
    return [
        name for name in names if any(row.is_translated for rows in headings(corpora, name).values() for row in rows)
    ]


def open_library(corpora: Path, source: str, kind: str = "all") -> Library:
    """Return a source's library, built when it is not there; `kind` is "all", or one of `LESS`."""
    folder = WORK / "libraries" / source
    caches = WORK / _key()
    if not (caches / source / "done").exists():
        _build(corpora, source, folder, caches / source)
    catalogue = open_database(caches / source / kind, [folder])
    return Library(source, folder, catalogue, open_fulltext(catalogue), dict(_lines(catalogue)))


def _key() -> str:
    """Return a check sum of the code that decides what stands in an index."""
    paths = sorted(path for name in _DECIDING for path in (ROOT / "relmgr_cli" / name).glob("*.py"))
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in paths)):08x}"


def _build(corpora: Path, source: str, folder: Path, caches: Path) -> None:
    for old in WORK.glob(f"*/{source}"):
        if old.parent != folder.parent:
            shutil.rmtree(old)
    for paths in manifest(corpora, source).values():
        for language in LANGUAGES:
            target = folder / paths[language]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(corpora / "raw" / source / paths[language], target)
            os.utime(target, (time.time() - 60,) * 2)
    start = time.perf_counter()
    catalogue = open_database(caches / "all", [folder])
    sync(catalogue, [folder])
    align_all(catalogue)
    sections = open_fulltext(catalogue).sections
    words = encode_words(catalogue)
    encode_passages(catalogue)
    catalogue.close()
    for kind, statements in LESS.items():
        shutil.copytree(caches / "all", caches / kind)
        less = open_database(caches / kind, [folder])
        less.connection.executescript(statements)
        less.close()
    (caches / "done").touch()
    print(f"{source}: {sections} sections, {words} words, built in {time.perf_counter() - start:.0f} s", flush=True)


def _lines(catalogue: Database) -> Iterator[tuple[str, Lines]]:
    for (number,) in catalogue.rows("SELECT number FROM articles"):
        article = load_article(catalogue, number)
        for language, document in article.documents.items():
            found = []
            for section in article.sections:
                if language in section.places:
                    place = document.sections[section.places[language]]
                    line = document.blocks[place.start].line if place.start < place.end else 0
                    found.append((line, (number, section.number)))
            found.sort()
            yield document.path, ([line for line, _ in found], [target for _, target in found])


def targets(library: Library, paths: Mapping[str, str], row: Row) -> dict[str, Target]:
    """Return the sections that a heading of an article is in the library's languages."""
    return {language: library.target(paths[language], row.lines[language]) for language in LANGUAGES}
