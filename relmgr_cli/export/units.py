"""Defines what is exported: the texts of an article that translate each other, each with its place.

A unit has one segment in each language, as Markdown without the markers of the quotes and lists it is in. The first
language is the source. What its alignment with another language leaves in doubt is said, so that each format can mark
it or leave it out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.export.inline import block_text
from relmgr_cli.markdown.blocks import Block
from relmgr_cli.terminal.sanitize import sanitize


class Segment(NamedTuple):
    """The text of a unit in one language."""

    text: str  # Markdown; blocks are separated by an empty line
    path: str  # of the file, below its root
    line: int
    changed: str = ""  # when it was last changed, ISO 8601, UTC, to the second; "" where that is not known


class ExportUnit(NamedTuple):
    """A text and its translations."""

    section: str  # the number of its section
    kind: str  # of its first block
    segments: Mapping[str, Segment]  # by language; absent where it lacks the unit
    doubtful: frozenset[str] = frozenset()  # languages whose segment may translate another text


class ExportArticle(NamedTuple):
    """An article to export."""

    article: Article
    units: tuple[ExportUnit, ...]  # in reading order


class Request(NamedTuple):
    """What to export, besides the articles."""

    languages: tuple[str, ...]  # the source first
    title: str  # of the library
    date: str  # ISO 8601, UTC, to the second
    by_sentence: bool = False


class Tally:
    """Counts the units of an export, for the note about it."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.written = 0  # units, each once whatever its languages
        self.doubtful = 0  # of these, marked as doubtful
        self.left_out = 0  # doubtful ones that the format cannot mark
        self.untranslated = 0  # without a text in a language: written where the format can say so
        self.sourceless = 0  # left out by a format that needs the source: the source lacks them
        self.merged = 0  # with an equal one of the same section, in one entry
        self.notes: list[str] = []  # on what else a reader should know of the export


class ExportFile(NamedTuple):
    """A file of an export."""

    name: str  # with its suffix; a path with "/" for a file in a folder
    content: str | bytes


def article_units(
    article: Article, languages: Sequence[str], doubts: Mapping[int, frozenset[str]] = MappingProxyType({})
) -> Iterator[ExportUnit]:
    """Yield the units that any of these languages has, in reading order, with the segments of these languages.

    `doubts` are the languages that are in doubt, by the index of the unit in the article.
    """
    for index in range(len(article.units)):
        if unit := article_unit(article, index, languages, doubts.get(index, frozenset())):
            yield unit


def article_unit(
    article: Article, index: int, languages: Sequence[str], doubtful: frozenset[str] = frozenset()
) -> ExportUnit | None:
    """Return a unit with the segments of these languages; None if they have none."""
    unit = article.units[index]
    segments = {}
    kind = ""
    for language in languages:
        document = article.documents.get(language)
        indexes = unit.blocks.get(language, ())
        if document is None or not indexes:
            continue
        blocks = [document.blocks[index] for index in indexes]
        kind = kind or blocks[0].kind
        text = sanitize(join_blocks(blocks))
        if text:
            segments[language] = Segment(text, document.path, blocks[0].line)
    return ExportUnit(unit.section, kind, segments, doubtful.intersection(segments)) if segments else None


def join_blocks(blocks: Iterable[Block]) -> str:
    """Return the Markdown of blocks, without the markers of their containers."""
    return "\n\n".join(filter(None, map(block_text, blocks)))
