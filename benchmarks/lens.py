"""Accuracy and speed of the word lens, which finds the translation of a word in an aligned text.

lens.tsv has 200 content words from 200 texts (one-line descriptions and headings), drawn at random from two sources,
twenty for each source and direction. The column `counterpart` has their translations in the other text, separated by
"|"; it is empty when the other text has none. It was written before the lens was run. The lens was tuned on other
words.

lens_unknown.tsv has 100 words, fifty in Hungarian, which the encoder does not know, and fifty in English, from as many
sentences of github/opensource.guide (seed 1, function words left out). Its columns `text` and `other` say where the
texts are: path, line of the block, and number of the sentence in it, from 0. `--library FOLDER` is a copy of that
repository; words that are not where they were are left out, and counted.

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
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.languages.sentences import sentences
from relmgr_cli.search.word_alignment import find_counterpart
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due
from relmgr_cli.store.sync import sync

WORDS = Path(__file__).with_name("lens.tsv")
SENTENCES = ("tldr:", "opensource.guide:")  # sources of sentences; the others are of headings
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
        kind = "sentences" if self.source.startswith(SENTENCES) else "headings"
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
    parser.add_argument("--library", metavar="FOLDER", type=Path, help="repository of the words in lens_unknown.tsv")
    add_corpora(parser)
    add_verbose(parser)
    options = parser.parse_args(argv)
    cases = list(read_cases(options.words))
    folders = {case.library: options.library or options.corpora / "raw" / case.library for case in cases}
    if options.library:
        found = [moved for case in cases if (moved := with_texts(case, options.library))]
        print(f"{len(cases) - len(found)} of {len(cases)} words are not where they were")
        cases = found
    databases = {name: open_source(folder) for name, folder in sorted(folders.items())}
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


def with_texts(case: Case, folder: Path) -> Case | None:
    """Return a case with the texts that it names; None if the library has another text there."""
    text, other = (sentence_at(folder, place) for place in (case.text, case.other_text))
    if text[case.offset :].startswith(case.word) and all(word in other for word in case.translations):
        return case._replace(text=text, other_text=other)
    return None


def sentence_at(folder: Path, place: str) -> str:
    """Return the sentence at a place, `PATH:LINE:NUMBER`; "" if there is none."""
    path, line, number = place.rsplit(":", 2)
    if not (folder / path).is_file():
        return ""
    document = parse_document(read_text(str(folder), path)[0], str(folder), path)
    text = next((block.text for block in document.blocks if block.line == int(line)), "")
    return next((text[start:end] for start, end in sentences(text)[int(number) : int(number) + 1]), "")


def open_source(folder: Path) -> Database:
    """Open a library, with its lexicon."""
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
