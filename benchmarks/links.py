"""Where the links of whole repositories lead, and how many that are called dead.

For each folder: its links by where they lead, and the seconds to resolve them. "found" is the share that is called dead
of the links to another document after a change of their last name, so that no document has it. --sample prints links
that are called dead, to be read by hand: the share that is wrong has no other judge.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import parser_for
from relmgr_cli.corpus.links.resolver import LinkResolver
from relmgr_cli.corpus.links.targets import Target
from relmgr_cli.store.database import Database, open_database
from relmgr_cli.store.link_index import all_targets
from relmgr_cli.store.links import DocumentLinks, library_links
from relmgr_cli.store.sync import sync

_MAX_CHANGED = 3000  # links of a folder
_SEED = 12
_NAME = re.compile(r"((?:!?\[\[)?[^#?|\]]*?[^#?|\]/])((?:\.(?:mdx?|markdown|html))?/?(?:[#?|\]].*)?)", re.DOTALL)


class Dead(NamedTuple):
    """A link that is called dead."""

    location: str  # path:line
    text: str
    href: str
    reason: str


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    parser.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="checkout of a repository")
    parser.add_argument("--sample", metavar="N", type=int, default=0, help="print N dead links of all folders")
    options = parser.parse_args(argv)
    print(f"{'':34}{'documents':>10}{'links':>8}{'here':>8}{'untr.':>7}{'dead':>6}{'outside':>9}{'found':>8}{'s':>7}")
    dead: list[Dead] = []
    for folder in options.folders:
        dead += measure(folder.resolve())
    random.Random(_SEED).shuffle(dead)  # noqa: S311 (the same sample in every run)
    for link in dead[: options.sample]:
        print(f"{link.location}: {link.text!r} -> {link.href} ({link.reason})")
    return 0


def measure(folder: Path) -> list[Dead]:
    """Print where the links of a folder lead; return those that are called dead."""
    BUILD.mkdir(parents=True, exist_ok=True)
    database = open_database(BUILD, [folder])
    sync(database, [folder])
    start = time.perf_counter()
    documents = list(library_links(database))
    seconds = time.perf_counter() - start
    links = [link for document in documents for link in document.links]
    counts = Counter(str(link.resolved.status) for link in links)
    columns = [
        len(documents),
        len(links),
        *(counts[name] for name in ("here", "other language only", "nowhere", "outside")),
    ]
    sizes = (10, 8, 8, 7, 6, 9)
    row = "".join(f"{value:>{size}}" for value, size in zip(columns, sizes, strict=True))
    print(f"{folder.name[:33]:34}{row}{found_dead(database, documents):>8.3f}{seconds:>7.1f}")
    database.close()
    return [
        Dead(f"{folder.name}/{document.path}:{link.line}", link.text, link.href, link.resolved.note)
        for document in documents
        for link in document.links
        if link.resolved.status == "nowhere"
    ]


def found_dead(database: Database, documents: Sequence[DocumentLinks]) -> float:
    """Return the share of links to other documents that are dead after a change of their last name."""
    targets = {(each.target.root, each.target.path): each.target for each in all_targets(database, with_anchors=False)}
    resolver = LinkResolver(targets.values())
    changed = list(changed_links(targets, documents))
    random.Random(_SEED).shuffle(changed)  # noqa: S311
    chosen = changed[:_MAX_CHANGED]
    statuses = [resolver.resolve(href, source, source.language).status for source, href in chosen]
    return statuses.count("nowhere") / len(statuses) if statuses else 0.0  # type: ignore[arg-type]


def changed_links(
    targets: dict[tuple[str, str], Target], documents: Sequence[DocumentLinks]
) -> Iterator[tuple[Target, str]]:
    """Yield documents with a link of theirs to another one, its last name changed."""
    for document in documents:
        source = targets[document.root, document.path]
        for link in document.links:
            match = _NAME.fullmatch(link.href)
            if match and "{" not in link.href and link.resolved.article not in (None, source.article):
                yield source, f"{match[1]}-gone{match[2]}"
