"""How often the word lens names the right word, says nothing, or names a wrong one.

    python -m benchmarks.lens [FILE] [-v]

Asked of the words of `lens.tsv`: 200 content words out of 200 texts, drawn at random from two sources (one-line
descriptions and headings, twenty words for each source and direction), with what a translator takes for their
counterparts, separated by "|"; nothing where the other text has none. The truth was written before the lens was asked,
and the lens was tuned on other words. Also how long an answer takes: the first one loads the encoder.
"""

import csv
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from relmgr_cli.index.catalogue import in_memory
from relmgr_cli.search.word_alignment import find_counterpart

FILE = Path(__file__).with_name("lens.tsv")
VERBOSE = "-v" in sys.argv


class Asked(NamedTuple):
    """A word, and what it is in the other text."""

    source: str
    text: str
    at: int
    word: str
    other: str
    languages: tuple[str, str]
    right: frozenset[str]  # empty where the other text has no counterpart

    @property
    def kind(self) -> str:
        """What the texts are."""
        return "sentences" if self.source.startswith("tldr:") else "headings"

    @property
    def spot(self) -> tuple[int, int]:
        """Where the word stands in its text."""
        return self.at, self.at + len(self.word)


def read(path: Path) -> Iterator[Asked]:
    """Yield the words to ask for."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            ours, _, theirs = row["languages"].partition("-")
            right = frozenset(filter(None, row["counterpart"].split("|")))
            yield Asked(row["source"], row["text"], int(row["at"]), row["word"], row["other"], (ours, theirs), right)


def judge(asked: Asked, answer: str) -> str:
    """Return whether an answer is right, wrong or none."""
    if not answer:
        return "silent"
    return "right" if answer in asked.right else "wrong"


def ask(asked_words: Sequence[Asked]) -> tuple[dict[str, Counter[str]], list[float]]:
    """Return what the lens did in each group of words, and how long each answer took."""
    counts: dict[str, Counter[str]] = {}
    times = []
    with closing(in_memory("a benchmark")) as catalogue:
        for asked in asked_words:
            start = time.perf_counter()
            spot = find_counterpart(catalogue, asked.text, asked.spot, asked.other, asked.languages)
            times.append(time.perf_counter() - start)
            answer = asked.other[slice(*spot)] if spot else ""
            verdict = judge(asked, answer)
            for group in ("all", asked.kind, "→".join(asked.languages), "has one" if asked.right else "has none"):
                counts.setdefault(group, Counter())[verdict] += 1
            if VERBOSE and verdict != "right":
                right = "|".join(sorted(asked.right)) or "none"
                print(f"{verdict}: {asked.word} → {answer or '-'} ({right}): {asked.text} | {asked.other}")
    return counts, times


def main() -> None:
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("-")]
    counts, (first, *rest) = ask(list(read(files[0] if files else FILE)))
    for group, found in counts.items():
        sure = (found["right"] + found["silent"]) / found.total()
        speaks = (found["right"] + found["wrong"]) / found.total()
        told = ", ".join(f"{verdict} {found[verdict]}" for verdict in ("right", "silent", "wrong"))
        print(f"{group:10}{found.total():5}: {told}; right or silent {sure:.3f}, speaks {speaks:.3f}")
    print(f"first {1000 * first:.0f} ms, then {1000 * statistics.median(rest):.1f}, at most {1000 * max(rest):.0f} ms")


if __name__ == "__main__":
    main()
