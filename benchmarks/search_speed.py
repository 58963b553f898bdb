"""Speed of search: whole commands, semantic search among many passages, and large libraries.

`--only` runs one part:

- commands: whole processes on the bundled article. A width that no earlier round asked for makes an output that the
  output cache does not have.
- vectors: one query compared with up to 500,000 passages, in process. Their embeddings are random.
- large: a library without embeddings, compared with SQLite's full-text search (FTS5) on the same sections and with
  ripgrep on the same files. The files are those of the corpora, copied with some words changed; they and the database
  are kept in build/benchmarks/search, and the full-text index is rebuilt in each run. "first" is a query after all
  alignments were deleted.
- recoll: a library of 10,000 files, indexed and searched by relmgr, and by recollindex and recollq where they are
  installed (Debian's package recollcmd): time, processor time and memory (PSS) of all processes, and the index on disk.
"""

import random
import re
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.support import CHECKOUT
from benchmarks.support.command_line import add_corpora, add_runs, parser_for
from benchmarks.support.corpora import write_large_library
from benchmarks.support.processes import (
    SECONDS_UNTIL_CACHED,
    Command,
    environment,
    install_relmgr,
    print_medians,
    run_seconds,
    time_in_turn,
)
from benchmarks.support.search_libraries import WORK
from benchmarks.support.search_questions import bundled_questions
from benchmarks.support.usage import folder_size, measure_run
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.embedding.encoder import DIMENSIONS
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.results import search
from relmgr_cli.search.retrieval import Scope, find
from relmgr_cli.search.semantic import similar_sections
from relmgr_cli.store.codec import DOCUMENT_COLUMNS, read_document
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.fulltext import invalidate_fulltext, open_fulltext
from relmgr_cli.store.sync import sync
from relmgr_cli.store.vector_blocks import add_vector_block

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = ("commands", "vectors", "large", "recoll")
FOUND_OR_NOT = (0, 1)  # exit codes
KNOWN_WORD = "konflikt"
PASSAGES = (20_000, 100_000, 500_000)
PASSAGES_IN_BLOCK = 1000
PASSAGES_IN_SECTION = 4
SEMANTIC_SECTIONS = 400
QUERIES = 200
PROCESSES = 40
RECOLL_FILES = 10_000
WORD = re.compile(r"[^\W\d_]{4,}")


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_runs(parser, 15)
    parser.add_argument("--only", choices=PARTS, help="run one part (default: all)")
    parser.add_argument("--sections", metavar="N", type=int, default=200_000, help="size of `large` (default: 200000)")
    options = parser.parse_args(argv)
    if options.only in {None, "commands"}:
        time_commands(options.runs)
    if options.only in {None, "vectors"}:
        time_vectors(PASSAGES)
    if options.only in {None, "large"}:
        time_large_library(options.corpora, options.sections)
    if options.only in {None, "recoll"}:
        compare_with_recoll(options.corpora, options.runs)
    return 0


def time_commands(runs: int) -> None:
    """Print what commands take, and the very first search of a user."""
    relmgr = str(install_relmgr() / "relmgr")
    # Words that are not in the bundled article, but have an answer in it.
    words = [row["question"] for row in bundled_questions() if row["kind"] == "article" and " " not in row["question"]]
    runs = min(runs, len(words) - 1)
    begin = [relmgr, "search"]

    def width(turn: int) -> list[str]:
        return ["--width", str(60 + turn)]

    def phrase(turn: int) -> list[str]:
        return [*begin, words[turn], words[turn - 1], words[turn - 2]]

    programs: dict[str, Command] = {
        "show, not cached": lambda turn: [relmgr, "show", "--lang", "ru", *width(turn)],
        "word of the library": lambda turn: [*begin, KNOWN_WORD, *width(turn)],
        "new word": lambda turn: [*begin, words[turn]],
        "new word again, other width": lambda turn: [*begin, words[turn], *width(turn)],
        "new word again, cached": lambda turn: [*begin, words[turn]],
        "three new words": phrase,
        "three new words again, other width": lambda turn: [*phrase(turn), "--width", "60"],
        "--exact": lambda turn: [*begin, KNOWN_WORD + "ami", "--exact", *width(turn)],
    }
    with tempfile.TemporaryDirectory(prefix="relmgr-search-") as home:
        variables = environment(Path(home))
        print(f"first search: {run_seconds([*begin, 'zebra'], variables, accept=FOUND_OR_NOT):.2f} s")
        print(f"second search: {run_seconds([*begin, 'guitar'], variables, accept=FOUND_OR_NOT):.2f} s")
        time.sleep(SECONDS_UNTIL_CACHED)
        times = time_in_turn(programs, runs, variables, accept=FOUND_OR_NOT)
    print(f"\n{runs} rounds")
    print_medians(times, "show, not cached")


def time_vectors(sizes: Sequence[int]) -> None:
    """Print how long it takes to compare a query with all passages."""
    import numpy as np

    rng = np.random.default_rng(7)
    print(f"\n{'passages':>12}{'ms':>9}")
    for passages in sizes:
        with tempfile.TemporaryDirectory() as cache:
            database = open_database(Path(cache), [CHECKOUT])
            for first in range(0, passages, PASSAGES_IN_BLOCK):
                add_random_passages(database, rng, first)
            times = []
            for _ in range(7):
                query = random_vectors(rng, 1)[0]
                start = time.perf_counter()
                similar_sections(database, query, None, SEMANTIC_SECTIONS)
                times.append(time.perf_counter() - start)
            print(f"{passages:12}{statistics.median(times) * 1000:9.1f}", flush=True)
            database.close()


def random_vectors(rng: "np.random.Generator", number: int) -> "NDArray[np.float32]":
    import numpy as np

    vectors: NDArray[np.float32] = rng.standard_normal((number, DIMENSIONS), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def add_random_passages(database: Database, rng: "np.random.Generator", first: int) -> None:
    """Add a block of passages with random embeddings to an index."""
    import numpy as np

    vectors = random_vectors(rng, PASSAGES_IN_BLOCK)
    numbers = np.arange(first, first + PASSAGES_IN_BLOCK)
    # Document, revision, section, block, whether it is a heading, number of the vector: see store/passages.py.
    columns = [numbers // 100, 0 * numbers, numbers // PASSAGES_IN_SECTION, numbers]
    passages = np.stack([*columns, numbers % PASSAGES_IN_SECTION == 0, numbers], axis=1).astype(np.int64)
    with database.writing() as connection:
        add_vector_block(connection, "texts", b"", vectors)
        row = (first, str(first), str(first), passages.tobytes())
        query = "INSERT INTO articles (number, id, members, paired_by, source, passages) VALUES (?, ?, ?, '', '', ?)"
        connection.execute(query, row)
        documents = [(document, str(document)) for document in range(first // 100, (first + len(numbers)) // 100)]
        connection.executemany(
            "INSERT OR REPLACE INTO documents (id, root, path, status, read_ns, revision, problems, content)"
            " VALUES (?, '', ?, '', 0, 0, '', '')",
            documents,
        )


def time_large_library(corpora: Path, sections: int) -> None:
    """Print indexing and query times in a large library, in process and as whole processes."""
    folder, home = WORK / f"large-{sections}", WORK / f"large-{sections}-home"
    database = open_large_library(corpora, folder, home, sections)
    start = time.perf_counter()
    invalidate_fulltext(database)
    text = open_fulltext(database)
    print_rate("relmgr", text.sections, time.perf_counter() - start)
    rival = build_fts5(database, WORK / "fts5.db")
    queries = random_queries(database)
    print(f"\n{'ms':34}{'median':>9}{'95 %':>9}{'most':>9}")
    with database.writing() as connection:
        connection.execute("UPDATE articles SET sections = NULL, units = NULL, with_embeddings = NULL")
    for name in ("relmgr, first", "relmgr"):
        time_queries(name, queries, lambda query: find(database, text, parse_query(query), Scope()))
    time_queries("relmgr, with snippets", queries, lambda query: search(database, text, query, Scope()))

    def search_fts5(query: str) -> object:
        return rival.execute("SELECT rowid FROM s WHERE s MATCH ? ORDER BY bm25(s) LIMIT 10", (query,)).fetchall()

    time_queries("FTS5, any word", queries, lambda query: search_fts5(" OR ".join(query.split())))
    time_queries("FTS5, all words", queries, search_fts5)
    database.close()
    rival.close()
    time_processes(folder, home, queries[:PROCESSES])


def open_large_library(corpora: Path, folder: Path, home: Path, sections: int) -> Database:
    """Return the database of a library of about so many sections; the library is written if it does not exist."""
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        start = time.perf_counter()
        files = write_large_library(corpora, folder, _files_for(corpora, sections))
        (folder / "done").touch()
        print(f"{files} files written in {time.perf_counter() - start:.0f} s", flush=True)
    database = open_database(home / ".cache" / "relmgr", [folder])
    start = time.perf_counter()
    sync(database, [folder])
    print(f"read and paired by folder layout in {time.perf_counter() - start:.0f} s", flush=True)
    return database


def _files_for(corpora: Path, sections: int) -> int:
    folder = str(corpora / "raw")
    originals = [path.relative_to(folder) for path in (corpora / "raw").rglob("*.md")]
    documents = (parse_document(read_text(folder, str(path))[0], folder, str(path)) for path in originals)
    return round(sections * len(originals) / sum(len(document.sections) for document in documents))


def build_fts5(database: Database, path: Path) -> sqlite3.Connection:
    """Index the same sections with SQLite's full-text search."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE s USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
    rows = [(text,) for text in section_texts(database)]
    start = time.perf_counter()
    with connection:
        connection.executemany("INSERT INTO s VALUES (?)", rows)
    print_rate("FTS5", len(rows), time.perf_counter() - start)
    return connection


def print_rate(name: str, sections: int, seconds: float) -> None:
    print(f"{name}: {sections} sections indexed in {seconds:.0f} s, {sections / seconds:.0f} a second", flush=True)


def section_texts(database: Database) -> Iterator[str]:
    columns = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE content IS NOT NULL"  # noqa: S608 (constants)
    for row in database.connection.execute(columns):
        document = read_document(row)
        for section in document.sections:
            yield "\n".join(block.text for block in document.blocks[section.start : section.end])


def random_queries(database: Database) -> list[str]:
    """Return one to three neighbouring words of random blocks, the same ones in every run."""
    rng = random.Random(7)  # noqa: S311
    ids = [id_ for (id_,) in database.rows("SELECT id FROM documents WHERE content IS NOT NULL ORDER BY id")]
    queries: list[str] = []
    while len(queries) < QUERIES:
        columns = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id = ?"  # noqa: S608 (constants)
        (row,) = database.rows(columns, (rng.choice(ids),))
        words = WORD.findall(rng.choice([block.text for block in read_document(row).blocks] or [""]))
        if words:
            start = rng.randrange(len(words))
            queries.append(" ".join(words[start : start + rng.randint(1, 3)]))
    return queries


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    return sorted(values)[int(share * len(values))]


def time_queries(name: str, queries: Sequence[str], ask: Callable[[str], object]) -> None:
    """Print the median, the 95th percentile and the maximum of the times that queries take."""
    ask(queries[0])
    times = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name:34}{statistics.median(times):9.1f}{percentile(times):9.1f}{max(times):9.1f}", flush=True)


def time_processes(folder: Path, home: Path, queries: Sequence[str]) -> None:
    """Print what whole processes take, started in turn."""
    variables = environment(home)
    begin = [str(install_relmgr() / "relmgr"), "-C", str(folder)]
    programs: dict[str, Command] = {
        "relmgr search": lambda turn: [*begin, "search", *queries[turn].split()],
        "relmgr show": lambda turn: [*begin, "show", "1", "--width", str(60 + turn)],
    }
    if shutil.which("rg"):
        patterns = [[f"-e{word}" for word in query.split()] for query in queries]
        programs["ripgrep"] = lambda turn: ["rg", "-i", "-w", *patterns[turn], str(folder)]
    run_seconds([*begin, "search", "zebra"], variables, accept=FOUND_OR_NOT)
    times = time_in_turn(programs, len(queries), variables, accept=FOUND_OR_NOT)
    print(f"\n{'processes, s':34}{'median':>9}{'95 %':>9}")
    for name, values in times.items():
        print(f"{name:34}{statistics.median(values):9.2f}{percentile(values):9.2f}", flush=True)


def compare_with_recoll(corpora: Path, runs: int) -> None:
    """Print what it takes to index a library and to search it, with relmgr and with recoll."""
    folder = WORK / f"files-{RECOLL_FILES}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        write_large_library(corpora, folder, RECOLL_FILES)
        (folder / "done").touch()
    with tempfile.TemporaryDirectory(prefix="relmgr-recoll-") as home:
        variables = environment(Path(home))
        relmgr, cache = [str(install_relmgr() / "relmgr"), "-C", str(folder)], Path(home, ".cache")
        print(f"\n{'':34}{'s':>9}{'processor':>11}{'MB':>7}{'on disk, MB':>13}")
        print_usage("relmgr list, from nothing", [*relmgr, "list"], variables, cache)
        print_usage("relmgr search, the first after it", [*relmgr, "search", "conflict"], variables, cache)
        shutil.rmtree(cache)
        print_usage("relmgr search, from nothing", [*relmgr, "search", "conflict"], variables, cache)
        programs: dict[str, Command] = {
            "relmgr search": lambda turn: [*relmgr, "search", words[turn]],
            "relmgr search, again": lambda turn: [*relmgr, "search", words[turn], "--width", "90"],
        }
        if shutil.which("recollindex") and shutil.which("recollq"):
            settings = Path(home, "recoll")
            settings.mkdir()
            (settings / "recoll.conf").write_text(f"topdirs = {folder}\n", "utf-8")
            print_usage("recollindex, from nothing", ["recollindex", "-c", str(settings)], variables, settings)
            programs["recollq"] = lambda turn: ["recollq", "-c", str(settings), "-n", "10", words[turn]]
        words = random_words(folder, runs)
        print_medians(time_in_turn(programs, runs, variables, accept=FOUND_OR_NOT), "relmgr search")


def print_usage(name: str, command: Sequence[str], variables: Mapping[str, str], index: Path) -> None:
    """Print what a command takes, and the size of its index after it."""
    usage = measure_run(command, variables, accept=FOUND_OR_NOT)
    size = folder_size(index) / 1e6
    memory = usage.memory / 1e6
    print(f"{name:34}{usage.seconds:9.1f}{usage.processor_seconds:11.1f}{memory:7.0f}{size:13.0f}", flush=True)


def random_words(folder: Path, number: int) -> list[str]:
    """Return a word of each of so many files, the same ones in every run."""
    rng = random.Random(7)  # noqa: S311
    words: list[str] = []
    paths = sorted(folder.rglob("*.md"))
    while len(words) < number:
        found = WORD.findall(rng.choice(paths).read_text("utf-8"))
        words += found and [rng.choice(found)]
    return words
