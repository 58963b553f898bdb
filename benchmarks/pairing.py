"""Precision and recall of pairing documents with their translations.

Every run scans a folder and pairs its files as `relmgr index` does. Precision and recall are over pairs of documents in
different languages.

- layout: each source in its own folder layout.
- blind: the files of all sources in one folder, under meaningless names, so that only their content counts.
- blind_prose: the same without front matter, code, links and tags.
- half alone: half of the articles are reduced to one document, which has no translation then.
"""

import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from benchmarks.support.corpora import all_sources, read_manifest, read_tsv
from relmgr_cli.store.article_builder import pair_semantically, semantic_pairing_pending
from relmgr_cli.store.articles import list_articles
from relmgr_cli.store.database import in_memory
from relmgr_cli.store.sync import sync

_HALF = 0.5

Pairs = set[tuple[str, str]]
Labels = Mapping[str, str]  # path -> article


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    parser.add_argument("--only", choices=("layout", "blind", "blind_prose"), help="run one part (default: all)")
    add_verbose(parser)
    options = parser.parse_args(argv)
    print(f"{'':28}{'pairs':>7}{'precision':>11}{'recall':>9}{'s':>8}  articles by pairing method")
    if options.only in {None, "layout"}:
        run_layouts(options.corpora, verbose=options.verbose)
    for kind in ("blind", "blind_prose"):
        if options.only in {None, kind}:
            for half_alone in (False, True):
                run_blind(options.corpora, kind, half_alone=half_alone, verbose=options.verbose)
    return 0


def run_layouts(corpora: Path, *, verbose: bool) -> None:
    for source in all_sources(corpora):
        prefix = f"raw/{source}/"
        labels = {entry.path.removeprefix(prefix): entry.article for entry in read_manifest(corpora, source)}
        extras = {row[2].removeprefix(prefix): row[0] for row in read_tsv(corpora / f"{source}.extras.tsv")}
        run(f"layout {source}", corpora / "raw" / source, labels, not_judged=extras, verbose=verbose)


def run_blind(corpora: Path, kind: str, *, half_alone: bool, verbose: bool) -> None:
    labels = {}
    files = {}
    for table in sorted((corpora / "blind").glob("*.truth.tsv")):
        source = table.name.partition(".")[0]
        for name, article, _ in read_tsv(table):
            path = corpora / kind / source / name
            if path.exists():
                labels[f"{source}-{name}"] = f"{source} {article}"
                files[f"{source}-{name}"] = path
    if half_alone:
        labels = with_half_alone(labels)
    with tempfile.TemporaryDirectory() as folder:
        order = sorted(labels)
        random.Random(7).shuffle(order)  # noqa: S311 (the same order in every run)
        new_names = {old: f"{number:05}.txt" for number, old in enumerate(order)}
        for old, new in new_names.items():
            (Path(folder) / new).write_bytes(files[old].read_bytes())
        renamed = {new_names[old]: article for old, article in labels.items()}
        run(kind + (", half alone" if half_alone else ""), Path(folder), renamed, verbose=verbose)


def with_half_alone(labels: Labels) -> dict[str, str]:
    """Reduce half of the articles to one document."""
    rng = random.Random(11)  # noqa: S311 (the same choice in every run)
    articles = defaultdict(list)
    for path, article in sorted(labels.items()):
        articles[article].append(path)
    reduced = {}
    for article, paths in articles.items():
        for path in [rng.choice(paths)] if rng.random() < _HALF else paths:
            reduced[path] = article
    return reduced


def run(name: str, folder: Path, labels: Labels, *, not_judged: Labels | None = None, verbose: bool) -> None:
    """Pair the files of a folder and print a row of the table.

    A pair that is missing from `labels` does not count as wrong when `not_judged` has both documents in one article.
    """
    start = time.perf_counter()
    found, methods = find_pairs(folder)
    seconds = time.perf_counter() - start
    true = true_pairs(labels)
    known = {**(not_judged or {}), **labels}
    judged = {pair for pair in found if pair in true or known.get(pair[0], pair[0]) != known.get(pair[1], pair[1])}
    correct = len(judged & true)
    precision, recall = correct / max(len(judged), 1), correct / max(len(true), 1)
    counts = ", ".join(f"{method} {count}" for method, count in sorted(methods.items()))
    print(f"{name:28}{len(true):7}{precision:11.4f}{recall:9.4f}{seconds:8.1f}  {counts}", flush=True)
    if verbose:
        for pair in sorted(judged - true):
            print("    wrong", *[(path, known.get(path)) for path in pair])
        for pair in sorted(true - judged):
            print("    missed", *pair)


def find_pairs(folder: Path) -> tuple[Pairs, Counter[str]]:
    """Return the pairs that relmgr finds in a folder, and the number of articles by pairing method."""
    database = in_memory()
    sync(database, [folder])
    if semantic_pairing_pending(database):
        pair_semantically(database)
    articles = list_articles(database)
    methods = Counter(article.paired_by for article in articles)
    return pairs_within([document.path for document in article.documents] for article in articles), methods


def true_pairs(labels: Labels) -> Pairs:
    articles = defaultdict(list)
    for path, article in labels.items():
        articles[article].append(path)
    return pairs_within(articles.values())


def pairs_within(articles: Iterable[Iterable[str]]) -> Pairs:
    return {pair for paths in articles for pair in combinations(sorted(paths), 2)}
