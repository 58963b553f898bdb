"""How long a search takes: whole processes on the bundled article, and a question compared with many passages.

    python -m benchmarks.search_speed [--runs 15]

The first part starts programs of the installed relmgr in turn, as `startup.py` does. relmgr keeps finished answers,
so a width that was never asked for makes an answer that was never given. The second part fills an index with random
vectors.
"""

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.search_libraries import ROOT
from benchmarks.startup import environment
from relmgr_cli.index.catalogue import Catalogue, open_catalogue
from relmgr_cli.index.passages import KEY_FIELDS
from relmgr_cli.index.shards import add_shard
from relmgr_cli.meaning.encoder import DIMENSIONS
from relmgr_cli.search.semantic import similar_sections

KNOWN = "konflikt"
FIRST = "zebra"
PASSAGES = (20_000, 100_000, 500_000)
IN_SHARD = 1000
OF_SECTION = 4  # passages

Command = Callable[[int], list[str]]


def seconds(command: Sequence[str], environ: dict[str, str], folder: Path | None = None) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ, cwd=folder)
    return time.perf_counter() - start


def surroundings(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def out_of_vocabulary() -> list[str]:
    """Return English words that the bundled article does not have but can answer."""
    with (ROOT / "benchmarks" / "questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row["question"] for row in rows if row["kind"] == "article" and " " not in row["question"]]


def processes(relmgr: str, runs: int) -> None:
    """Print what commands cost from the prompt to the end, and the very first search of all."""
    home = Path(tempfile.mkdtemp(prefix="relmgr-search-"))
    environ = surroundings(home)
    words = out_of_vocabulary()
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
                similar_sections(catalogue, question, None, 400)
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
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    processes(str(environment("relmgr", str(ROOT)) / "relmgr"), runs)
    vectors()


if __name__ == "__main__":
    main()
