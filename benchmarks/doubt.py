"""Units that pair texts which do not translate each other: how many `relmgr export` writes without a mark.

Pairs of translations with the same outline, as they are and damaged as for the benchmark `alignment`. They are aligned
with the embeddings of blocks in doubt. F1 over the pairs of blocks that are written: those of all units, and of units
that are not doubtful. The lexicon is
that of the undamaged source.

Embeddings are cached in build/benchmarks/alignment.npz.
"""

import random
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path

from benchmarks.alignment import (
    DELETED,
    PAIRS,
    SEED,
    Articles,
    BlockEmbeddings,
    DamagedPair,
    Score,
    damaged_pairs,
    print_row,
    read_articles,
    same_outline_pairs,
)
from benchmarks.support import BUILD
from benchmarks.support.command_line import add_corpora, parser_for
from relmgr_cli.corpus.alignment.unit_doubt import doubtful_units
from relmgr_cli.corpus.alignment.word_evidence import Lexicon
from relmgr_cli.corpus.document import Document
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.lexicon import learn_lexicon, lexicon_is_due, lexicon_translations
from relmgr_cli.store.sync import sync


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    options = parser.parse_args(argv)
    embeddings = BlockEmbeddings(BUILD / "alignment.npz")
    print_doubt(read_articles(options.corpora), embeddings)
    embeddings.save()
    return 0


@cache
def open_source(folder: Path) -> Database:
    """Return the index of a source of the corpora, with its lexicon."""
    database = open_database(BUILD / "doubt", [folder])
    sync(database, [folder])
    if lexicon_is_due(database, always=True):
        learn_lexicon(database)
    return database


def lexicon_of(document: Document, other: Document) -> Lexicon:
    """Return the lexicon of the source that a document is from."""
    database = open_source(Path(document.root, *Path(document.path).parts[:2]))
    tags = document.language, other.language
    return cache(lambda stem: lexicon_translations(database, tags[0], stem, tags[1:]).get(tags[1], {}))


def print_doubt(articles: Articles, embeddings: BlockEmbeddings) -> None:
    print_row("F1", ["all units", "without doubtful ones", "correct ones in doubt"])
    for deleted in (0.0, *DELETED):
        pairs = damaged_pairs(articles, deleted) if deleted else undamaged_pairs(articles)
        *scores, lost = score_written(pairs, embeddings)
        cells = [f"{s.f1:.4f} (P {s.correct / s.found:.3f} R {s.correct / s.true:.3f})" for s in scores]
        print_row(f"{len(pairs)} pairs, {deleted:.0%} deleted", [*cells, f"{lost:.2%}"])


def undamaged_pairs(articles: Articles) -> list[DamagedPair]:
    """Return a sample of pairs of translations as they are, the same in every run."""
    pairs = [pair for documents in articles.values() for pair in same_outline_pairs(documents)]
    sample = random.Random(SEED).sample(pairs, min(PAIRS, len(pairs)))  # noqa: S311
    return [
        DamagedPair(
            {document.language: document for document in pair}, [(index,) for index in range(len(pair[1].blocks))]
        )
        for pair in sample
    ]


def score_written(pairs: Sequence[DamagedPair], embeddings: BlockEmbeddings) -> tuple[Score, Score, float]:
    """Return the scores of the pairs of all units and of those in no doubt, and how many correct units are in doubt."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        source, target = pair.documents
        true = {(block, other) for other, origin in enumerate(pair.origins) for block in origin}
        units = embeddings.align_doubtful(pair.documents)
        documents = pair.documents[source], pair.documents[target]
        doubtful = doubtful_units(documents, units, (source, target), lexicon_of(*documents), embeddings.encode)
        counts["true"] += len(true)
        for index, unit in enumerate(units):
            found = set(product(unit.blocks[source], unit.blocks[target]))
            correct = len(found & true)
            counts.update(found=len(found), correct=correct, units=correct > 0)
            if index in doubtful:
                counts["lost"] += correct > 0
            else:
                counts.update(written=len(found), written_correct=correct)
    every = Score(counts["true"], counts["found"], counts["correct"])
    return every, Score(counts["true"], counts["written"], counts["written_correct"]), counts["lost"] / counts["units"]
