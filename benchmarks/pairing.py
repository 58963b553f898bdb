"""How well translations are found: by layout, by content under meaningless names, and with half the partners gone.

    python benchmarks/pairing.py [CORPORA]

Every run goes through the program's own index: files in a folder, a catalogue, the pairing of `relmgr index`.
Precision and recall are over pairs of documents in different languages. Beside it stands what whole-document mean
vectors give with mutual nearest neighbours alone.
"""

import csv
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from relmgr_cli.index.database import in_memory
from relmgr_cli.index.grouping import meaning_is_pending, pair_by_meaning
from relmgr_cli.index.queries import list_articles
from relmgr_cli.index.sync import sync

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora"
Pairs = set[tuple[str, str]]
Truth = Mapping[str, str]  # path -> article


def rows(table: Path) -> list[list[str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def pairs_of(articles: Iterable[Iterable[str]]) -> Pairs:
    return {pair for members in articles for pair in combinations(sorted(members), 2)}


def true_pairs(truth: Truth) -> Pairs:
    articles = defaultdict(list)
    for path, article in truth.items():
        articles[article].append(path)
    return pairs_of(articles.values())


def found_pairs(folder: Path) -> tuple[Pairs, dict[str, int], float]:
    """Return the pairs relmgr finds in a folder, how many articles each way of pairing made, and the seconds."""
    catalogue = in_memory()
    start = time.perf_counter()
    sync(catalogue, [folder])
    if meaning_is_pending(catalogue):
        pair_by_meaning(catalogue)
    seconds = time.perf_counter() - start
    articles = list_articles(catalogue)
    ways: dict[str, int] = defaultdict(int)
    for article in articles:
        ways[article.paired_by] += 1
    return pairs_of([document.path for document in article.documents] for article in articles), ways, seconds


def report(name: str, folder: Path, truth: Truth, also: Truth | None = None) -> None:
    """Print a row; pairs within one article of `also` (documents that are true but not judged) do not count."""
    found, ways, seconds = found_pairs(folder)
    true = true_pairs(truth)
    known = {**(also or {}), **truth}
    judged = {pair for pair in found if pair in true or known.get(pair[0], pair[0]) != known.get(pair[1], pair[1])}
    right = len(judged & true)
    precision, recall = right / max(len(judged), 1), right / max(len(true), 1)
    made = ", ".join(f"{way} {count}" for way, count in sorted(ways.items()))
    print(f"{name:28}{len(true):7}{precision:11.4f}{recall:9.4f}{seconds:8.1f}  {made}", flush=True)
    if "-v" in sys.argv:
        for pair in sorted(judged - true):
            print("    wrong", *[(path, known.get(path)) for path in pair])
        for pair in sorted(true - judged):
            print("    missed", *pair)


def layouts(corpora: Path) -> None:
    for manifest in sorted(corpora.glob("*.manifest.tsv")):
        source = manifest.name.partition(".")[0]
        prefix = f"raw/{source}/"
        truth = {path.removeprefix(prefix): article for article, _, path in rows(manifest)}
        extras = rows(corpora / f"{source}.extras.tsv")
        also = {row[2].removeprefix(prefix): row[0] for row in extras}
        report(f"layout {source}", corpora / "raw" / source, truth, also)


def blind(corpora: Path, kind: str, *, half: bool) -> None:
    """Put all files of all sources into one folder under meaningless names."""
    truth = {}
    places = {}
    for table in sorted((corpora / "blind").glob("*.truth.tsv")):
        source = table.name.partition(".")[0]
        for name, article, _ in rows(table):
            path = corpora / kind / source / name
            if path.exists():
                truth[f"{source}-{name}"] = f"{source} {article}"
                places[f"{source}-{name}"] = path
    if half:
        truth = without_partners(truth)
    with tempfile.TemporaryDirectory() as folder:
        order = sorted(truth)
        random.Random(7).shuffle(order)  # noqa: S311 (a fixed order, no secret)
        names = {old: f"{number:05}.txt" for number, old in enumerate(order)}
        for old, new in names.items():
            (Path(folder) / new).write_bytes(places[old].read_bytes())
        renamed = {names[old]: article for old, article in truth.items()}
        report(kind + (", half alone" if half else ""), Path(folder), renamed)


def without_partners(truth: Truth) -> dict[str, str]:
    """Return the documents with half of the articles reduced to one document."""
    chance = random.Random(11)  # noqa: S311 (a fixed choice, no secret)
    articles = defaultdict(list)
    for path, article in sorted(truth.items()):
        articles[article].append(path)
    kept = {}
    for article, members in articles.items():
        for path in [chance.choice(members)] if chance.random() < 0.5 else members:  # noqa: PLR2004 (half)
            kept[path] = article
    return kept


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    corpora = Path(arguments[0]) if arguments else DEFAULT
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    print(f"{'':28}{'pairs':>7}{'precision':>11}{'recall':>9}{'s':>8}  articles by how they were paired")
    layouts(corpora)
    for kind in ("blind", "blind_prose"):
        for half in (False, True):
            blind(corpora, kind, half=half)


if __name__ == "__main__":
    main()
