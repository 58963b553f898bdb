"""Puts the blocks of several languages into one text: each block of the source, then its translations.

A translation is in the list item, quote or footnote of its source, so that a numbered step counts once.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.export.inline import footnote_labels
from relmgr_cli.export.units import ExportArticle
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, Block, Container, Span

_SHARED_KINDS = VERBATIM_KINDS | {"rule", "table", "html", "heading", "title", "term", "footnote"}
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
    """Yield the blocks of an article in these languages; code, tables and the like that are the same, once."""
    article = exported.article
    documents = {tag: article.documents[tag] for tag in languages if tag in article.documents}
    writers = {tag: _Placing(document, index, tag) for index, (tag, document) in enumerate(documents.items())}
    doubts = {
        (tag, segment.line) for unit in exported.units for tag, segment in unit.segments.items() if tag in unit.doubtful
    }
    for unit in article.units:
        blocks = {
            tag: [document.blocks[index] for index in unit.blocks.get(tag, ())] for tag, document in documents.items()
        }
        present = [tag for tag in documents if blocks[tag]]
        if not present:
            continue
        source, *others = present
        placed = {source: [writers[source].own(block) for block in blocks[source]]}
        for tag in others:
            placed[tag] = writers[tag].translated(blocks[tag], placed[source])
        is_paired = all(len(placed[tag]) == len(placed[source]) for tag in others)
        for step in range(len(placed[source])) if is_paired else (None,):
            shown: list[Block] = []
            for tag in present:
                chosen = placed[tag] if step is None else placed[tag][step : step + 1]
                before = placed[source][-1 if step is None else step]
                is_doubtful = (tag, blocks[tag][0].line) in doubts
                for block in chosen:
                    if not any(_says_the_same(block, other) for other in shown):
                        follows = before if tag != source else None
                        yield Placed(block, tag, documents[tag], unit.section, follows, is_doubtful)
                    shown.append(block)


def _says_the_same(block: Block, other: Block) -> bool:
    is_shared = block.kind in _SHARED_KINDS or not any(character.isalpha() for character in block.text)
    return is_shared and block[0] == other[0] and block[2:6] == other[2:6]


class _Placing:
    """Places the blocks of one document: in its own containers, or in those of the source."""

    def __init__(self, document: Document, index: int, language: str) -> None:
        self._offset = index * _NUMBERS
        self._language = language
        self._containers: dict[int, Container] = {}  # by number in the document: those of the source
        self._notes = {
            container.marker for block in document.blocks for container in block.containers if _is_note(container)
        }
        self._labels: dict[str, str] = {} if index else {label: label for label in self._notes}

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
                    if _is_note(mine):
                        self._labels.setdefault(mine.marker, other.marker)
            kind = block.kind if block.kind not in _TEXTS else _kind_within(source)
            found.append(self._with_labels(block._replace(kind=kind, containers=source.containers, gap=source.gap)))
        return found

    def _renumbered(self, container: Container) -> Container:
        marker = self._label(container.marker) if _is_note(container) else container.marker
        return container._replace(number=container.number + self._offset, marker=marker)

    def _label(self, label: str) -> str:
        """Return the label of a footnote: that of the source, or one of its own."""
        return self._labels.get(label, f"{label}-{self._language}")

    def _with_labels(self, block: Block) -> Block:
        """Return a block whose references lead to footnotes of the text of several languages."""
        if not self._offset or not self._notes:
            return block
        rows = tuple(tuple(tuple(map(self._relabelled, cell)) for cell in row) for row in block.rows)
        return block._replace(spans=tuple(map(self._relabelled, block.spans)), rows=rows)

    def _relabelled(self, span: Span) -> Span:
        if "footnote" not in span.styles:
            return span
        return span._replace(text="".join(f"[{self._label(label)}]" for label in footnote_labels(span.text)))


def _is_note(container: Container) -> bool:
    return container.kind == "footnote"


def _kind_within(source: Block) -> str:
    """Return the kind of a text that follows another one in its container."""
    return _KIND_IN.get(source.containers[-1].kind, "paragraph") if source.containers else "paragraph"
