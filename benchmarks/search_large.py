"""How search does in a library of 200,000 sections, without vectors, beside ripgrep and SQLite's full text.

    python -m benchmarks.search_large [CORPORA] [--sections 200000]

The files are those of the corpora, copied with other words until there are enough sections. They and what was read of
them are kept in `build/benchmarks/search`; the full text is built anew in each run. ripgrep searches the same files,
SQLite's full text (FTS5) the same sections. "First" is a query in a library of which no article was ever shown.
"""

import argparse
import random
import re
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.scale import make_library
from benchmarks.search_libraries import DEFAULT, ROOT, WORK
from benchmarks.search_speed import seconds, surroundings
from benchmarks.startup import environment
from relmgr_cli.index.catalogue import Catalogue, open_catalogue
from relmgr_cli.index.fulltext import forget_text, open_fulltext
from relmgr_cli.index.rows import DOCUMENT_COLUMNS, read_document
from relmgr_cli.index.sync import sync
from relmgr_cli.library.document_builder import parse_document
from relmgr_cli.library.files import read_text
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope, find

QUERIES = 200
PROCESSES = 40
WORD = re.compile(r"[^\W\d_]{4,}")


def home_of(folder: Path) -> Path:
    """Return the home folder in which programs find the catalogue of a large library."""
    return folder.with_name(f"{folder.name}-home")


def large_library(corpora: Path, sections: int) -> tuple[Path, Catalogue]:
    """Return a folder of files with about so many sections, and its catalogue; kept for the next run."""
    folder = WORK / f"large-{sections}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        start = time.perf_counter()
        files = make_library(corpora, folder, _files_for(corpora, sections))
        (folder / "done").touch()
        print(f"{files} files written in {time.perf_counter() - start:.0f} s", flush=True)
    catalogue = open_catalogue(home_of(folder) / ".cache" / "relmgr", [folder])
    start = time.perf_counter()
    sync(catalogue, [folder])
    print(f"read and paired by layout in {time.perf_counter() - start:.0f} s", flush=True)
    return folder, catalogue


def _files_for(corpora: Path, sections: int) -> int:
    folder = str(corpora / "raw")
    originals = [path.relative_to(folder) for path in (corpora / "raw").rglob("*.md")]
    documents = (parse_document(read_text(folder, str(path))[0], folder, str(path)) for path in originals)
    return round(sections * len(originals) / sum(len(document.sections) for document in documents))


def texts(catalogue: Catalogue) -> Iterator[str]:
    """Yield the text of each section."""
    columns = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE content IS NOT NULL"  # noqa: S608 (constants)
    for row in catalogue.connection.execute(columns):
        document = read_document(row)
        for section in document.sections:
            yield "\n".join(block.text for block in document.blocks[section.start : section.end])


def questions(catalogue: Catalogue) -> list[str]:
    """Return one to three neighbouring words of random sections, the same ones in every run."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    ids = [id_ for (id_,) in catalogue.rows("SELECT id FROM documents WHERE content IS NOT NULL ORDER BY id")]
    found: list[str] = []
    while len(found) < QUERIES:
        columns = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id = ?"  # noqa: S608 (constants)
        (row,) = catalogue.rows(columns, (chance.choice(ids),))
        words = WORD.findall(chance.choice([block.text for block in read_document(row).blocks] or [""]))
        if words:
            at = chance.randrange(len(words))
            found.append(" ".join(words[at : at + chance.randint(1, 3)]))
    return found


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    return sorted(values)[int(share * len(values))]


def timed(name: str, asked: Sequence[str], ask: Callable[[str], object]) -> None:
    """Print median and 95th percentile of what each question takes."""
    ask(asked[0])
    times = []
    for question in asked:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name:44}{statistics.median(times):9.1f}{percentile(times):9.1f}{max(times):9.1f}", flush=True)


def fts5(catalogue: Catalogue, path: Path) -> sqlite3.Connection:
    """Return SQLite's full text of the same sections, built anew."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE s USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
    everything = [(text,) for text in texts(catalogue)]
    start = time.perf_counter()
    with connection:
        connection.executemany("INSERT INTO s VALUES (?)", everything)
    taken = time.perf_counter() - start
    print(f"FTS5: {len(everything)} sections in {taken:.0f} s, {len(everything) / taken:.0f} a second", flush=True)
    return connection


def large(relmgr: str, corpora: Path, sections: int) -> None:
    folder, catalogue = large_library(corpora, sections)
    start = time.perf_counter()
    forget_text(catalogue)
    text = open_fulltext(catalogue)
    taken = time.perf_counter() - start
    print(f"relmgr: {text.sections} sections in {taken:.0f} s, {text.sections / taken:.0f} a second", flush=True)
    rival = fts5(catalogue, WORK / "fts5.db")
    asked = questions(catalogue)
    print(f"\n{'ms':44}{'median':>9}{'95 %':>9}{'most':>9}")
    with catalogue.writing() as connection:
        connection.execute("UPDATE articles SET sections = NULL, beads = NULL, by_meaning = NULL")
    timed("relmgr, query, first", asked, lambda question: find(catalogue, text, parse_query(question), Scope()))
    timed("relmgr, query", asked, lambda question: find(catalogue, text, parse_query(question), Scope()))
    timed("relmgr, query and excerpts", asked, lambda question: search(catalogue, text, question, Scope()))

    def ask_rival(question: str) -> object:
        return rival.execute("SELECT rowid FROM s WHERE s MATCH ? ORDER BY bm25(s) LIMIT 10", (question,)).fetchall()

    timed("FTS5, any word", asked, lambda question: ask_rival(" OR ".join(question.split())))
    timed("FTS5, all words", asked, ask_rival)
    catalogue.close()
    whole_processes(relmgr, folder, asked[:PROCESSES])


def whole_processes(relmgr: str, folder: Path, asked: Sequence[str]) -> None:
    """Print what programs take from the prompt to the end, in turn."""
    environ = surroundings(home_of(folder))
    begin = [relmgr, "-C", str(folder)]
    seconds([*begin, "search", "zebra"], environ)
    programs: dict[str, Callable[[str], list[str]]] = {
        "relmgr search": lambda question: [*begin, "search", *question.split()],
        "relmgr show": lambda question: [*begin, "show", "1", "--width", str(60 + asked.index(question))],
        "ripgrep": lambda question: ["rg", "-i", "-w", *(f"-e{word}" for word in question.split()), str(folder)],
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for question in asked:
        for name, command in programs.items():
            times[name].append(seconds(command(question), environ))
    print(f"\n{'processes, s':44}{'median':>9}{'95 %':>9}")
    for name, values in times.items():
        print(f"{name:44}{statistics.median(values):9.2f}{percentile(values):9.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search in a large library.")
    parser.add_argument("corpora", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--sections", type=int, default=200_000)
    options = parser.parse_args()
    if not options.corpora.is_dir():
        sys.exit(f"no corpora in {options.corpora}")
    large(str(environment("relmgr", str(ROOT)) / "relmgr"), options.corpora, options.sections)


if __name__ == "__main__":
    main()
