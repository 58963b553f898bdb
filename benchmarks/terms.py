"""Terms that are translated in several ways: the first ones found, as judged by hand.

For Polish and Russian translations of three sources of the corpora, the first 20 rarer translations that `relmgr terms`
lists are looked up in benchmarks/terms.tsv: real if it and the usual one are both translations of the term where they
are. Those that were not judged yet are listed, and count as wrong.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from benchmarks.support.corpora import read_tsv
from relmgr_cli.core.library import Library, QuietReporter
from relmgr_cli.core.terms import find_terms
from relmgr_cli.health.terms import Term, Translation
from relmgr_cli.store.database import open_database
from relmgr_cli.store.sync import sync

SOURCES = ("kubernetes", "reactjs", "nuget")
LANGUAGES = ("pl", "ru")
FIRST = 20
JUDGEMENTS = Path(__file__).with_name("terms.tsv")


class Variant(NamedTuple):
    """A rarer translation of a term."""

    source: str
    language: str
    term: str
    usual: str
    rarer: str


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_verbose(parser)
    options = parser.parse_args(argv)
    judged = {Variant(*row[:-1]): row[-1] == "real" for row in read_tsv(JUDGEMENTS)}
    print(f"{'':14}{'terms':>7}{'first':>7}{'real':>6}{'unjudged':>10}{'seconds':>9}")
    for source in SOURCES:
        library = open_corpus(options.corpora / "raw" / source)
        for language in LANGUAGES:
            start = time.perf_counter()
            terms = find_terms(library, {language})
            seconds = time.perf_counter() - start
            shown = list(variants(source, language, terms))[:FIRST]
            real = sum(judged.get(each, False) for each in shown)
            unjudged = [each for each in shown if each not in judged]
            counts = f"{len(terms):7}{len(shown):7}{real:6}{len(unjudged):10}{seconds:9.1f}"
            print(f"{source:11}{language:3}{counts}", flush=True)
            for each in shown if options.verbose else unjudged:
                print("\t".join(each))
        library.database.close()
    return 0


def open_corpus(folder: Path) -> Library:
    """Return one source of the corpora as a library."""
    database = open_database(BUILD / "terms", [folder])
    return Library(database, (folder,), sync(database, [folder]), QuietReporter())


def variants(source: str, language: str, terms: Sequence[Term]) -> Iterator[Variant]:
    """Yield the rarer translations in the order in which they are listed."""
    for term in terms:
        usual: Translation
        usual, *rarer = term.translations[language]
        for each in rarer:
            yield Variant(source, language, term.text, usual.text, each.text)
