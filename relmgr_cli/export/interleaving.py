"""Puts the blocks of several languages into one text: each block of the source, then its translations.

A translation is in the list item, quote or footnote of its source, so that a numbered step counts once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.export.inline import footnote_labels
from relmgr_cli.export.units import ExportArticle
from relmgr_cli.markdown.blocks import Block, Container, Span

_TEXTS = frozenset("paragraph item quote definition footnote".split())
_KIND_IN = {"quote": "quote", "alert": "quote", "definition": "definition", "footnote": "footnote"}
_NUMBERS = 1_000_000  # of containers of one document


class Placed(NamedTuple):
    """A block in the text of several languages."""

    block: Block
    language: str
    document: Document
    section: str  # its number
    follows: Block | None = None  # the block that it translates, which is before it; None for a source
    is_doubtful: bool = False  # may translate another text


def interleave(exported: ExportArticle, languages: Sequence[str]) -> Iterator[Placed]:
    """Yield the blocks of an article in these languages; what is the same in several, once."""
    article = exported.article
    documents = {tag: article.documents[tag] for tag in languages if tag in article.documents}
    blocks = {tag: _with_anchors(document) for tag, document in documents.items()}
    placings = {tag: _Placing(index, tag) for index, tag in enumerate(documents)}
    units = [
        (unit.section, {tag: [blocks[tag][index] for index in unit.blocks.get(tag, ())] for tag in documents})
        for unit in article.units
    ]
    _label_footnotes([found for _, found in units], placings)
    doubts = {
        (tag, segment.line) for unit in exported.units for tag, segment in unit.segments.items() if tag in unit.doubtful
    }
    for section, found in units:
        for tag, block, follows in _unit(found, placings):
            is_doubtful = follows is not None and (tag, found[tag][0].line) in doubts
            yield Placed(block, tag, documents[tag], section, follows, is_doubtful)


def _with_anchors(document: Document) -> list[Block]:
    """Return the blocks of a document, its headings with the anchors of their sections."""
    blocks = list(document.blocks)
    for section in document.sections:
        if section.level:
            blocks[section.start] = blocks[section.start]._replace(anchors=section.anchors)
    return blocks


def _label_footnotes(units: Sequence[Mapping[str, Sequence[Block]]], placings: Mapping[str, "_Placing"]) -> None:
    """Give footnotes that translate each other the label of the source."""
    for unit in units:
        source, *others = [tag for tag in placings if unit[tag]] or [""]
        for tag in others:
            for mine, other in zip(unit[tag], unit[source], strict=False):
                placings[tag].label(mine, placings[source].own(other))


def _unit(
    unit: Mapping[str, Sequence[Block]], placings: Mapping[str, "_Placing"]
) -> Iterator[tuple[str, Block, Block | None]]:
    """Yield the blocks of a unit with their language and the one that they follow: in pairs, or all of a language."""
    present = [tag for tag in placings if unit[tag]]
    if not present:
        return
    source, *others = present
    placed = {source: [placings[source].own(block) for block in unit[source]]}
    for tag in others:
        placed[tag] = placings[tag].translated(unit[tag], placed[source])
    is_paired = all(len(each) == len(placed[source]) for each in placed.values())
    for step in range(len(placed[source])) if is_paired else (None,):
        shown: list[Block] = []
        for tag in present:
            for block in placed[tag] if step is None else placed[tag][step : step + 1]:
                if not any(_says_the_same(block, other) for other in shown):
                    yield tag, block, None if tag == source else placed[source][-1 if step is None else step]
                shown.append(block)


def _says_the_same(block: Block, other: Block) -> bool:
    is_alike = block.kind == other.kind or {block.kind, other.kind} <= _TEXTS
    return is_alike and (block.spans, block.rows, block.info) == (other.spans, other.rows, other.info)


class _Placing:
    """Places the blocks of one document: in its own containers, or in those of the source."""

    def __init__(self, index: int, language: str) -> None:
        self._offset = index * _NUMBERS
        self._language = language
        self._containers: dict[int, Container] = {}  # by number in the document: those of the source
        self._labels: dict[str, str] = {}  # of footnotes: those of the source

    def label(self, block: Block, source: Block) -> None:
        """Give the footnote that a block is in the label of that of its source."""
        mine = next(filter(_is_note, block.containers), None)
        other = next(filter(_is_note, source.containers), None)
        if mine and other:
            self._labels.setdefault(mine.marker, other.marker)

    def own(self, block: Block) -> Block:
        """Return a block without a source."""
        containers = tuple(self._containers.get(each.number, self._renumbered(each)) for each in block.containers)
        return self._with_labels(block._replace(containers=containers))

    def translated(self, blocks: Sequence[Block], sources: Sequence[Block]) -> list[Block]:
        """Return blocks in the containers of those that they translate: the first of the first, others of the last."""
        found = []
        for index, block in enumerate(blocks):
            source = sources[min(index, len(sources) - 1)] if len(blocks) == len(sources) else sources[-1]
            is_alike = [each.kind for each in source.containers] == [each.kind for each in block.containers]
            if not is_alike and not source.containers:
                found.append(self.own(block))
                continue
            if is_alike:
                for mine, other in zip(block.containers, source.containers, strict=True):
                    self._containers.setdefault(mine.number, other)
            kind = block.kind if block.kind not in _TEXTS else _kind_within(source)
            found.append(self._with_labels(block._replace(kind=kind, containers=source.containers, gap=source.gap)))
        return found

    def _renumbered(self, container: Container) -> Container:
        marker = self._label_of(container.marker) if _is_note(container) else container.marker
        return container._replace(number=container.number + self._offset, marker=marker)

    def _label_of(self, label: str) -> str:
        """Return the label of a footnote: that of the source, or one of its own."""
        return self._labels.get(label, f"{label}-{self._language}" if self._offset else label)

    def _with_labels(self, block: Block) -> Block:
        """Return a block whose references lead to footnotes of the text of several languages."""
        if not self._offset:
            return block
        rows = tuple(tuple(tuple(map(self._relabelled, cell)) for cell in row) for row in block.rows)
        return block._replace(spans=tuple(map(self._relabelled, block.spans)), rows=rows)

    def _relabelled(self, span: Span) -> Span:
        if "footnote" not in span.styles:
            return span
        return span._replace(text="".join(f"[{self._label_of(label)}]" for label in footnote_labels(span.text)))


def _is_note(container: Container) -> bool:
    return container.kind == "footnote"


def _kind_within(source: Block) -> str:
    """Return the kind of a text that follows another one in its container."""
    return _KIND_IN.get(source.containers[-1].kind, "paragraph") if source.containers else "paragraph"
