"""How long a search takes: whole processes on the bundled article, and a library of 200,000 sections.

    python -m benchmarks.search_speed [CORPORA] [--runs 15] [--sections 200000]

The first part starts programs of the installed relmgr in turn, as `startup.py` does. relmgr keeps finished answers,
so a width that was never asked for makes an answer that was never given. The second part needs the corpora: their
files are copied with other words until there are enough sections; beside relmgr stand ripgrep on the same files
and SQLite's full text (FTS5) on the same sections. The third part fills an index with random vectors.
"""

import argparse
import csv
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale import make_library
from benchmarks.search_libraries import DEFAULT, ROOT, WORK
from benchmarks.startup import environment
from relmgr_cli.index.catalogue import Catalogue, open_catalogue
from relmgr_cli.index.fulltext import make_anew
from relmgr_cli.index.passages import KEY_FIELDS
from relmgr_cli.index.rows import DOCUMENT_COLUMNS, read_document
from relmgr_cli.index.shards import add_shard
from relmgr_cli.index.sync import sync
from relmgr_cli.meaning.encoder import DIMENSIONS
from relmgr_cli.search.finding import Scope, find
from relmgr_cli.search.likeness import like_sections
from relmgr_cli.search.query import parse_query
from relmgr_cli.search.results import search

KNOWN = "konflikt"
FIRST = "zebra"
QUERIES = 200
PROCESSES = 40
PASSAGES = (20_000, 100_000, 500_000)
IN_SHARD = 1000
OF_SECTION = 4  # passages
WORD = re.compile(r"[^\W\d_]{4,}")

Command = Callable[[int], list[str]]


def seconds(command: Sequence[str], environ: dict[str, str], folder: Path | None = None) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ, cwd=folder)
    return time.perf_counter() - start


def surroundings(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def new_words() -> list[str]:
    """Return English words that the bundled article does not have but can answer."""
    with (ROOT / "benchmarks" / "questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["question"] for row in rows if row["kind"] == "article" and " " not in row["question"]]


def processes(relmgr: str, runs: int) -> None:
    """Print what commands cost from the prompt to the end, and the very first search of all."""
    home = Path(tempfile.mkdtemp(prefix="relmgr-search-"))
    environ = surroundings(home)
    words = new_words()
    runs = min(runs, len(words) - 1)
    begin = [relmgr, "search"]
    programs: dict[str, Command] = {
        "show, new page": lambda turn: [relmgr, "show", "--lang", "ru", "--width", str(60 + turn)],
        "a known word": lambda turn: [*begin, KNOWN, "--width", str(60 + turn)],
        "a new word": lambda turn: [*begin, words[turn]],
        "the same, other width": lambda turn: [*begin, words[turn], "--width", str(60 + turn)],
        "the same, kept answer": lambda turn: [*begin, words[turn]],
        "a new question of three words": lambda turn: [*begin, words[turn], words[turn - 1], words[turn - 2]],
        "the same, other width ": lambda turn: [*begin, words[turn], words[turn - 1], words[turn - 2], "--width", "60"],
        "a known word, exact": lambda turn: [*begin, KNOWN + "ami", "--exact", "--width", str(60 + turn)],
    }
    print(f"the very first search: {seconds([*begin, FIRST], environ):.2f} s")
    print(f"the first new word after it: {seconds([*begin, 'guitar'], environ):.2f} s")
    time.sleep(2.5)  # answers are kept only when the files have been still for a while
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(runs):
        for name, command in programs.items():
            times[name].append(seconds(command(turn), environ))
    shutil.rmtree(home)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"\n{runs} rounds\n{'':32}{'ms':>7}{'/ show':>9}")
    for name, median in medians.items():
        print(f"{name:32}{median * 1000:7.1f}{median / medians['show, new page']:9.2f}", flush=True)


def large_library(corpora: Path, sections: int) -> tuple[Path, Catalogue]:
    """Return a folder of files with about so many sections, and its catalogue; kept for the next run."""
    folder, cache = WORK / f"large-{sections}", WORK / f"large-{sections}-cache"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        start = time.perf_counter()
        files = make_library(corpora, folder, _files_for(corpora, sections))
        (folder / "done").touch()
        print(f"{files} files written in {time.perf_counter() - start:.0f} s", flush=True)
    catalogue = open_catalogue(cache, [folder])
    start = time.perf_counter()
    sync(catalogue, [folder])
    print(f"read and paired by layout in {time.perf_counter() - start:.0f} s", flush=True)
    return folder, catalogue


def _files_for(corpora: Path, sections: int) -> int:
    originals = [path.read_text("utf-8") for path in (corpora / "raw").rglob("*.md")]
    headings = sum(len(re.findall(r"^#{1,6} ", text, re.MULTILINE)) + 1 for text in originals)
    return round(sections * len(originals) / headings)


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
    text = make_anew(catalogue)
    taken = time.perf_counter() - start
    print(f"relmgr: {text.sections} sections in {taken:.0f} s, {text.sections / taken:.0f} a second", flush=True)
    rival = fts5(catalogue, WORK / "fts5.db")
    asked = questions(catalogue)
    print(f"\n{'ms':44}{'median':>9}{'95 %':>9}{'most':>9}")
    timed("relmgr, query", asked, lambda question: find(catalogue, text, parse_query(question), Scope()))
    timed("relmgr, query and excerpts", asked, lambda question: search(catalogue, text, question, Scope()))
    statement = "SELECT rowid FROM s WHERE s MATCH ? ORDER BY bm25(s) LIMIT 10"
    timed(
        "FTS5, any word", asked, lambda question: rival.execute(statement, (" OR ".join(question.split()),)).fetchall()
    )
    timed("FTS5, all words", asked, lambda question: rival.execute(statement, (question,)).fetchall())
    catalogue.close()
    whole_processes(relmgr, folder, asked[:PROCESSES])


def whole_processes(relmgr: str, folder: Path, asked: Sequence[str]) -> None:
    """Print what programs take from the prompt to the end, in turn; the index is built by the first of ours."""
    home = WORK / f"{folder.name}-home"
    environ = surroundings(home)
    start = seconds([relmgr, "-C", str(folder), "search", FIRST], environ)
    print(f"\nfirst search of all, no index: {start:.0f} s", flush=True)
    programs: dict[str, Callable[[str], list[str]]] = {
        "relmgr search": lambda question: [relmgr, "-C", str(folder), "search", *question.split()],
        "relmgr show": lambda question: [
            relmgr,
            "-C",
            str(folder),
            "show",
            "1",
            "--width",
            str(60 + asked.index(question)),
        ],
        "ripgrep": lambda question: ["rg", "-i", "-w", *(f"-e{word}" for word in question.split()), str(folder)],
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for question in asked:
        for name, command in programs.items():
            times[name].append(seconds(command(question), environ))
    print(f"{'processes, s':44}{'median':>9}{'95 %':>9}")
    for name, values in times.items():
        print(f"{name:44}{statistics.median(values):9.2f}{percentile(values):9.2f}", flush=True)


def vectors() -> None:
    """Print how long it takes to compare a question with all passages, of which the vectors are random."""
    chance = np.random.default_rng(7)
    print(f"\n{'passages':>12}{'ms':>9}")
    for passages in PASSAGES:
        with tempfile.TemporaryDirectory() as cache:
            catalogue = open_catalogue(Path(cache), [ROOT])
            for first in range(0, passages, IN_SHARD):
                _fill(catalogue, chance, first)
            times = []
            for _ in range(7):
                question = _random(chance, 1)[0]
                start = time.perf_counter()
                like_sections(catalogue, question, None, 400)
                times.append(time.perf_counter() - start)
            print(f"{passages:12}{statistics.median(times) * 1000:9.1f}", flush=True)
            catalogue.close()


def _random(chance: np.random.Generator, number: int) -> NDArray[np.float32]:
    found: NDArray[np.float32] = chance.standard_normal((number, DIMENSIONS), np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _fill(catalogue: Catalogue, chance: np.random.Generator, first: int) -> None:
    fresh = _random(chance, IN_SHARD)
    place = np.arange(first, first + IN_SHARD)
    keys = np.zeros((IN_SHARD, KEY_FIELDS), np.int64)
    keys[:, 0], keys[:, 2], keys[:, 3] = place // 100, place // OF_SECTION, place
    keys[:, 4] = place % OF_SECTION == 0
    keys[:, 5:] = chance.integers(1 << 60, size=(IN_SHARD, KEY_FIELDS - 5))
    with catalogue.writing() as connection:
        add_shard(connection, "passages", keys.tobytes(), fresh)
        kept = [(key[5:].tobytes(), row.astype(np.float16).tobytes()) for key, row in zip(keys, fresh, strict=True)]
        connection.executemany("INSERT INTO vectors VALUES (?, ?)", kept)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the time a search takes.")
    parser.add_argument("corpora", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--sections", type=int, default=200_000)
    options = parser.parse_args()
    if not options.corpora.is_dir():
        sys.exit(f"no corpora in {options.corpora}")
    relmgr = str(environment("relmgr", str(ROOT)) / "relmgr")
    processes(relmgr, options.runs)
    vectors()
    large(relmgr, options.corpora, options.sections)


if __name__ == "__main__":
    main()
