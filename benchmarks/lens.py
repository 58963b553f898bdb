"""Accuracy and speed of the word lens, which finds the translation of a word in an aligned text.

lens.tsv has 200 content words from 200 texts (one-line descriptions and headings), drawn at random from two sources,
twenty for each source and direction. The column `counterpart` has their translations in the other text, separated by
"|"; it is empty when the other text has none. It was written before the lens was run. The lens was tuned on other
words.

The lexicon of each word is learnt from the files of its source in the corpora, as in the reader of that library. An
answer is right, wrong, or none. The first answer also loads the encoder.
"""

import csv
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from relmgr_cli.search.word_alignment import find_counterpart
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due
from relmgr_cli.store.sync import sync

WORDS = Path(__file__).with_name("lens.tsv")
VERDICTS = ("right", "none", "wrong")


class Case(NamedTuple):
    """A word in a text, and its translations in the other text."""

    source: str
    languages: tuple[str, str]
    text: str
    offset: int  # of the word in the text
    word: str
    other_text: str
    translations: frozenset[str]  # empty when the other text has none

    @property
    def library(self) -> str:
        """The source in the corpora."""
        return self.source.partition(":")[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """The rows of the table that the case counts in."""
        kind = "sentences" if self.source.startswith("tldr:") else "headings"
        return ("all", kind, "→".join(self.languages), "translated" if self.translations else "untranslated")

    def verdict(self, answer: str) -> str:
        """Return "none", "right" or "wrong" for an answer, which is empty when the lens has none."""
        if not answer:
            return "none"
        return "right" if answer in self.translations else "wrong"


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument(
        "--words", metavar="FILE", type=Path, default=WORDS, help="words to look up (default: lens.tsv)"
    )
    add_corpora(parser)
    add_verbose(parser)
    options = parser.parse_args(argv)
    cases = list(read_cases(options.words))
    databases = {name: open_source(options.corpora, name) for name in sorted({case.library for case in cases})}
    verdicts, (first, *rest) = look_up(cases, databases, verbose=options.verbose)
    print_verdicts(verdicts)
    print(f"first {1000 * first:.0f} ms, then {1000 * statistics.median(rest):.1f}, at most {1000 * max(rest):.0f} ms")
    return 0


def read_cases(path: Path) -> Iterator[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            source, _, target = row["languages"].partition("-")
            translations = frozenset(filter(None, row["counterpart"].split("|")))
            yield Case(
                row["source"], (source, target), row["text"], int(row["at"]), row["word"], row["other"], translations
            )


def open_source(corpora: Path, name: str) -> Database:
    """Open the library of a source, with its lexicon."""
    folder = corpora / "raw" / name
    database = open_database(BUILD / "lens", [folder])
    sync(database, [folder])
    if lexicon_is_due(database, always=True):
        learn_lexicon(database)
    return database


def look_up(
    cases: Sequence[Case], databases: Mapping[str, Database], *, verbose: bool
) -> tuple[dict[str, Counter[str]], list[float]]:
    """Return the counts of verdicts by group, and the seconds that each answer took."""
    verdicts: dict[str, Counter[str]] = {}
    times = []
    for case in cases:
        word = case.offset, case.offset + len(case.word)
        start = time.perf_counter()
        found = find_counterpart(databases[case.library], case.text, word, case.other_text, case.languages)
        times.append(time.perf_counter() - start)
        answer = case.other_text[slice(*found)] if found else ""
        verdict = case.verdict(answer)
        for group in case.groups:
            verdicts.setdefault(group, Counter())[verdict] += 1
        if verbose and verdict != "right":
            expected = "|".join(sorted(case.translations)) or "none"
            print(f"{verdict}: {case.word} → {answer or '-'} ({expected}): {case.text} | {case.other_text}")
    return verdicts, times


def print_verdicts(verdicts: Mapping[str, Counter[str]]) -> None:
    columns = ("words", *VERDICTS, "not wrong", "answered")
    print(f"{'':14}" + "".join(f"{column:>10}" for column in columns))
    for group, counts in verdicts.items():
        total = counts.total()
        cells = "".join(f"{counts[verdict]:10}" for verdict in VERDICTS)
        not_wrong, answered = 1 - counts["wrong"] / total, 1 - counts["none"] / total
        print(f"{group:14}{total:10}{cells}{not_wrong:10.3f}{answered:10.3f}")
