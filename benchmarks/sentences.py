"""Sentences that translate each other: how many of those in 200 blocks read by hand are found.

The blocks are Polish with Russian or English and Russian with English ones, of which one has several sentences; 77
of them do not have as many in both languages. benchmarks/sentences.tsv has the pairs of sentences as start and end in
each text, "0:57=0:61"; where a side is empty, the other language lacks the sentence. A pair that joins two sentences is
found if both ends of both sides are right.

If nltk is installed, its implementation of Gale and Church's algorithm is measured too, on the same sentences.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD, CHECKOUT
from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from benchmarks.support.corpora import read_tsv
from relmgr_cli.corpus.alignment.features import text_length
from relmgr_cli.corpus.alignment.gale_church import Bead
from relmgr_cli.corpus.alignment.word_evidence import Lexicon
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.parallel_sentences import ParallelText, SentencePairs, length_ratio, pair_texts, read_text
from relmgr_cli.store.articles import list_articles, load_article
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due, lexicon_translations
from relmgr_cli.store.sync import sync
from relmgr_cli.store.vector_cache import encode_texts

TRUTH = Path(__file__).with_name("sentences.tsv")

Aligner = Callable[[SentencePairs], Sequence[Bead]]
Pairs = set[tuple[str, str]]  # start and end of each side


class CheckedUnit(NamedTuple):
    """A unit of which all pairs of sentences are known."""

    name: str
    languages: str
    pairs: SentencePairs
    starts: tuple[list[int], ...]  # of the blocks of each side in its text
    true: Pairs


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_verbose(parser)
    options = parser.parse_args(argv)
    vectors = _Vectors()
    aligners: dict[str, Aligner] = {
        "relmgr": vectors.align_unclear,
        "without encoder": lambda pairs: pairs.align().beads,
        "in order": _in_order,
    }
    if find_spec("nltk"):
        aligners["nltk"] = _gale_church
    units = list(read_units(options.corpora, vectors))
    print(f"{'':22}" + "".join(f"{name:>18}" for name in aligners))
    groups = [*dict.fromkeys(each.languages for each in units), "as many sentences", "not as many", "all"]
    scores = {name: score(units, aligner, verbose=options.verbose) for name, aligner in aligners.items()}
    for group in groups:
        cells = [f"{found[group].f1:.3f}" for found in scores.values()]
        print(f"{group:22}" + "".join(f"{cell:>18}" for cell in cells))
    print(f"{sum(len(each.true) for each in units)} pairs in {len(units)} blocks; encoder asked about {vectors.asked}")
    return 0


class _Vectors:
    """Asks the encoder about alignments that are unclear."""

    def __init__(self) -> None:
        self.asked = 0
        self.database: Database | None = None

    def align_unclear(self, pairs: SentencePairs) -> Sequence[Bead]:
        found = pairs.align()
        if not found.is_clear and self.database:
            self.asked += 1
            left, right = (encode_texts(self.database, side.texts) for side in pairs[:2])
            found = pairs.align((left, right))
        return found.beads


def _in_order(pairs: SentencePairs) -> list[Bead]:
    """Return each sentence with the one at the same place, the last with all others."""
    count, other = len(pairs.source.sentences), len(pairs.target.sentences)
    last = min(count, other) - 1
    return [
        *(Bead(range(i, i + 1), range(i, i + 1)) for i in range(last)),
        Bead(range(last, count), range(last, other)),
    ]


def _gale_church(pairs: SentencePairs) -> list[Bead]:
    from nltk.translate.gale_church import align_blocks  # type: ignore[import-not-found,import-untyped,unused-ignore]

    lengths = ([*map(text_length, side.texts)] for side in pairs[:2])
    beads: list[Bead] = []
    for i, j in sorted(align_blocks(*lengths)):
        if beads and (beads[-1].source[-1] == i or beads[-1].target[-1] == j):
            beads[-1] = Bead(range(beads[-1].source.start, i + 1), range(beads[-1].target.start, j + 1))
        else:
            beads.append(Bead(range(i, i + 1), range(j, j + 1)))
    return beads


def read_units(corpora: Path, vectors: _Vectors) -> Iterator[CheckedUnit]:
    """Yield the units that were read by hand, with what the libraries that they are from know."""
    rows = defaultdict(list)
    for row in read_tsv(TRUTH)[1:]:
        rows[row[0]].append(row[1:])
    for source, units in rows.items():
        folder = CHECKOUT / "seeds" if source == "seeds" else corpora / "raw" / source
        database = open_database(BUILD / "sentences", [folder])
        vectors.database = database
        sync(database, [folder])
        if lexicon_is_due(database, always=True):
            learn_lexicon(database)
        articles = {document.path: each.number for each in list_articles(database) for document in each.documents}
        load = cache(lambda number, database=database: load_article(database, number))
        for languages, path, other_path, *values in units:
            tags = (languages[:2], languages[3:])
            yield _checked_unit(load(articles[path]), tags, (path, other_path), values, _lexicon(database, tags))


def _checked_unit(
    article: Article, tags: tuple[str, str], paths: tuple[str, str], values: Sequence[str], lexicon: Lexicon
) -> CheckedUnit:
    *lines, known_hash, pairs = values
    texts = [_text(article, tag, map(int, each.split())) for tag, each in zip(tags, lines, strict=True)]
    content = "\0".join(_content(article, tag, text) for tag, text in zip(tags, texts, strict=True))
    if hashlib.sha256(content.encode()).hexdigest()[:12] != known_hash:
        raise SystemExit(f"{paths[0]}, line {lines[0]}: the text is not the one that was read by hand")
    starts = tuple(
        [0, *accumulate(len(article.documents[tag].blocks[index].text) + 1 for index in text.blocks)]
        for tag, text in zip(tags, texts, strict=True)
    )
    ratio = length_ratio(article, article.units, *tags)
    true = {(left, right) for left, _, right in (each.partition("=") for each in pairs.split(" ")) if left and right}
    return CheckedUnit(
        f"{paths[0]}:{lines[0]}", "-".join(tags), pair_texts(texts[0], texts[1], lexicon, ratio), starts, true
    )


def _text(article: Article, tag: str, lines: Iterator[int]) -> ParallelText:
    document = article.documents[tag]
    wanted = set(lines)
    blocks = [index for index, block in enumerate(document.blocks) if block.line in wanted]
    return read_text(document, blocks, tag)


def _content(article: Article, tag: str, text: ParallelText) -> str:
    return "\n".join(article.documents[tag].blocks[index].text for index in text.blocks)


def _lexicon(database: Database, tags: tuple[str, str]) -> Lexicon:
    return lambda stem: lexicon_translations(database, tags[0], stem, tags[1:]).get(tags[1], {})


class Score(NamedTuple):
    """Counts of pairs of sentences."""

    true: int
    found: int
    correct: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.correct / (self.true + self.found)


def score(units: Sequence[CheckedUnit], aligner: Aligner, *, verbose: bool) -> dict[str, Score]:
    """Return the scores of all units, of those in each pair of languages and with as many sentences or not."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in units:
        source, target = unit.pairs[:2]
        beads = [bead for bead in aligner(unit.pairs) if bead.source and bead.target]
        starts, other_starts = unit.starts
        found = {(_range(source, starts, bead.source), _range(target, other_starts, bead.target)) for bead in beads}
        is_even = len(source.sentences) == len(target.sentences)
        for group in (unit.languages, "as many sentences" if is_even else "not as many", "all"):
            counts[group].update(true=len(unit.true), found=len(found), correct=len(found & unit.true))
        if verbose and found != unit.true:
            print(f"{unit.name}: found {sorted(found - unit.true)}, not {sorted(unit.true - found)}")
    return {group: Score(each["true"], each["found"], each["correct"]) for group, each in counts.items()}


def _range(text: ParallelText, starts: Sequence[int], sentences: range) -> str:
    """Return start and end of sentences in the texts of all blocks of a side, which are joined by line breaks."""
    first, last = (text.sentences[index] for index in (sentences[0], sentences[-1]))
    return f"{starts[first.block] + first.start}:{starts[last.block] + last.end}"
