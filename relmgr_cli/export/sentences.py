"""Splits the units of an export into sentences that translate each other.

Each translation is aligned with the source, and the alignments are merged: sentences of the source that any translation
joins are in one unit. What a translation adds is a unit of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.alignment.multiway import PivotMap, map_to_pivot
from relmgr_cli.corpus.alignment.sentence_alignment import SentenceAlignment
from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.parallel_sentences import (
    ParallelText,
    SentencePairs,
    is_running_text,
    length_ratio,
    pair_texts,
    read_text,
)
from relmgr_cli.corpus.sentences import slice_spans
from relmgr_cli.export.doubts import Evidence
from relmgr_cli.export.units import ExportUnit, Segment, article_unit, join_blocks
from relmgr_cli.terminal.sanitize import sanitize

if TYPE_CHECKING:
    import numpy as np


class _SplitUnit(NamedTuple):
    """A unit that is split, of an article."""

    number: int  # its index in the article
    texts: Mapping[str, ParallelText]  # by language, the source first
    pairs: Mapping[str, SentencePairs]  # of each translation with the source


def sentence_units(
    article: Article, languages: Sequence[str], doubts: Mapping[int, frozenset[str]], evidence: Evidence
) -> Iterator[ExportUnit]:
    """Yield the units of an article like `article_units`, those of running text by sentence."""
    split = {each.number: each for each in _split_units(article, languages, evidence)}
    alignments = _align(split.values(), languages[0], evidence)
    for index in range(len(article.units)):
        doubtful = doubts.get(index, frozenset())
        if index in split:
            yield from _units(article, split[index], alignments, doubtful)
        elif unit := article_unit(article, index, languages, doubtful):
            yield unit


def _split_units(article: Article, languages: Sequence[str], evidence: Evidence) -> Iterator[_SplitUnit]:
    """Yield the units to split: all their texts are running text, and one of them has several sentences."""
    source, *others = [tag for tag in languages if tag in article.documents] or [""]
    if source != languages[0]:
        return
    ratios = {tag: length_ratio(article, article.units, source, tag) for tag in others}
    lexicons = {tag: evidence.lexicon(source, tag) for tag in others}
    for index, unit in enumerate(article.units):
        present = [tag for tag in (source, *others) if unit.blocks.get(tag)]
        if source not in present or not all(
            is_running_text(article.documents[tag], unit.blocks[tag]) for tag in present
        ):
            continue
        texts = {tag: read_text(article.documents[tag], unit.blocks[tag], tag) for tag in present}
        if all(each.sentences for each in texts.values()) and any(len(each.sentences) > 1 for each in texts.values()):
            pairs = {tag: pair_texts(texts[source], texts[tag], lexicons[tag], ratios[tag]) for tag in present[1:]}
            yield _SplitUnit(index, texts, pairs)


def _align(units: Iterable[_SplitUnit], source: str, evidence: Evidence) -> dict[tuple[int, str], SentenceAlignment]:
    """Return the alignment of each translation of each unit; the encoder is asked about those that are unclear."""
    found = {}
    unclear = []
    for unit in units:
        for tag, pairs in unit.pairs.items():
            found[unit.number, tag] = pairs.align()
            if not found[unit.number, tag].is_clear and all(map(evidence.knows_language, (source, tag))):
                unclear.append((unit.number, tag, pairs))
    if not unclear:
        return found
    texts = list(dict.fromkeys(text for *_, pairs in unclear for side in pairs[:2] for text in side.texts))
    rows = {text: row for row, text in enumerate(texts)}
    vectors: np.ndarray[Any, Any] = evidence.encode_sentences(texts)
    for index, tag, pairs in unclear:
        left, right = (vectors[[rows[text] for text in side.texts]] for side in pairs[:2])
        found[index, tag] = pairs.align((left, right))
    return found


def _units(
    article: Article,
    unit: _SplitUnit,
    alignments: Mapping[tuple[int, str], SentenceAlignment],
    doubtful: frozenset[str],
) -> Iterator[ExportUnit]:
    source, *others = unit.texts
    count = len(unit.texts[source].sentences)
    maps = {tag: map_to_pivot(alignments[unit.number, tag].beads, count) for tag in others}
    unclear = {tag: alignments[unit.number, tag].in_doubt for tag in others}
    for rows in _rows(source, maps, count):
        segments = {tag: _segment(article, unit.texts[tag], tag, part) for tag, part in rows.items()}
        segments = {tag: segment for tag, segment in segments.items() if segment.text}
        if segments:
            kind = article.documents[source].blocks[unit.texts[source].blocks[0]].kind
            unsure = {tag for tag in others if not unclear[tag].isdisjoint(rows.get(source, ()))}
            marked = doubtful.union(unsure).intersection(segments)
            yield ExportUnit(article.units[unit.number].section, kind, segments, marked)


def _rows(source: str, maps: Mapping[str, PivotMap], count: int) -> Iterator[dict[str, range]]:
    """Yield the sentences of each language that translate each other."""
    cuts = [cut for cut in range(count + 1) if not any(cut in each.inside for each in maps.values())]
    for cut, following in pairwise([*cuts, -1]):
        for tag, each in maps.items():
            if added := each.insertion(cut):
                yield {tag: added}
        if following > cut:
            found = {tag: each.between(cut, following) for tag, each in maps.items()}
            yield {source: range(cut, following), **{tag: part for tag, part in found.items() if part}}


def _segment(article: Article, text: ParallelText, language: str, part: range) -> Segment:
    """Return some sentences that follow each other as Markdown: the part of each block that they are in."""
    document = article.documents[language]
    ranges: dict[int, tuple[int, int]] = {}
    for index in part:
        block, start, end = text.sentences[index]
        ranges[block] = ranges.get(block, (start, end))[0], end
    blocks = [document.blocks[text.blocks[block]] for block in ranges]
    parts = [
        block._replace(spans=slice_spans(block.spans, start, end), anchors=())
        for block, (start, end) in zip(blocks, ranges.values(), strict=True)
    ]
    return Segment(sanitize(join_blocks(parts)), document.path, blocks[0].line)
