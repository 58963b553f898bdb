"""Compares a translation with its source: which of their blocks and lines correspond to each other.

The checks take a `Comparison` and yield findings. A difference of one unit counts only if the section has it too: a
translator may move a link or a number to the next sentence, and blocks are not always aligned as one would do by hand.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from relmgr_cli.corpus.article import Article
from relmgr_cli.corpus.document import Document
from relmgr_cli.health.findings import Finding, finding
from relmgr_cli.markdown.blocks import VERBATIM_STYLES, Block, Span

Tokens = Counter[str]
_TEMPLATE = re.compile(r"\{[{%][^{}]{0,500}[%}]\}")


class LinkTarget(NamedTuple):
    """Where a link of a document leads."""

    key: str = ""  # the same for all languages; "" for a target outside the library
    is_broken: bool = False
    lacks_anchor: bool = False  # the document is there, the section is not
    note: str = ""  # why it is broken


LinkTargets = Mapping[str, LinkTarget]  # by target as written


class Pair(NamedTuple):
    """The blocks of a source and a translation that say the same; one of the two may have none."""

    section: str
    source: tuple[Block, ...]
    target: tuple[Block, ...]
    source_start: int  # index of the first block, or where it would be
    target_start: int

    @property
    def is_both(self) -> bool:
        """Whether source and translation have it."""
        return bool(self.source and self.target)


class Comparison:
    """A translation and its source."""

    def __init__(
        self,
        article: Article,
        language: str,
        *,
        texts: Mapping[str, str] | None = None,
        links: Mapping[str, LinkTargets] | None = None,
    ) -> None:
        """`texts` are the texts of the files by language, `links` where their links lead."""
        self.article, self.language = article, language
        self.source_language = source_of(article)
        self.source: Document = article.documents[self.source_language]
        self.target: Document = article.documents[language]
        texts, links = texts or {}, links or {}
        self.source_text, self.target_text = texts.get(self.source_language, ""), texts.get(language, "")
        self.source_links, self.target_links = links.get(self.source_language, {}), links.get(language, {})
        self.pairs = tuple(self._pairs())

    def _pairs(self) -> Iterator[Pair]:
        source_at = target_at = 0
        for unit in self.article.units:
            source = unit.blocks.get(self.source_language, ())
            target = unit.blocks.get(self.language, ())
            if source or target:
                source_at = source[0] if source else source_at
                target_at = target[0] if target else target_at
                yield Pair(
                    unit.section,
                    tuple(self.source.blocks[index] for index in source),
                    tuple(self.target.blocks[index] for index in target),
                    source_at,
                    target_at,
                )
                source_at += len(source)
                target_at += len(target)

    @cached_property
    def sections(self) -> Mapping[str, tuple[Pair, ...]]:
        """The pairs of each section, without tables of another length: what else is missing there was in the rows."""
        found: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            if pair.is_both and len(pair.source[0].rows) != len(pair.target[0].rows):
                continue
            found.setdefault(pair.section, []).append(pair)
        return {section: tuple(pairs) for section, pairs in found.items()}

    @cached_property
    def source_lines(self) -> Sequence[str]:
        """The lines of the source's file; one empty line if its text is not known."""
        return self.source_text.split("\n")

    @cached_property
    def target_lines(self) -> Sequence[str]:
        """The lines of the translation's file; one empty line if its text is not known."""
        return self.target_text.split("\n")

    @cached_property
    def translated(self) -> Collection[int]:
        """The identities of the source's blocks that have a counterpart."""
        return {id(block) for pair in self.pairs if pair.is_both for block in pair.source}

    def line_before(self, pair: Pair) -> int:
        """Return the line of the last block of the translation before a pair; 1 without one."""
        at = min(pair.target_start, len(self.target.blocks)) - 1
        return self.target.blocks[at].line if at >= 0 else 1

    def source_line_before(self, pair: Pair) -> int:
        """Return the line of the last block of the source before a pair; 1 without one."""
        at = min(pair.source_start, len(self.source.blocks)) - 1
        return self.source.blocks[at].line if at >= 0 else 1

    def report(  # noqa: PLR0913
        self,
        code: str,
        pair: Pair,
        message: str,
        *,
        line: int | None = None,
        source_line: int | None = None,
        severity: str = "",
    ) -> Finding:
        """Return a finding about a pair, by default at its first blocks; what is missing is at the block before it."""
        blocks = pair.target or pair.source
        if line is None:
            line = pair.target[0].line if pair.target else self.line_before(pair)
        if source_line is None:
            source_line = pair.source[0].line if pair.source else self.source_line_before(pair)
        text = "\n".join(block.text for block in blocks)
        return finding(
            code,
            self.language,
            pair.section,
            line=line,
            source_line=source_line,
            message=message,
            text=text,
            severity=severity,
        )


def source_of(article: Article) -> str:
    """Return the language that an article is translated from."""
    return article.source if article.source in article.documents else next(iter(article.documents))


class Difference(NamedTuple):
    """The tokens that only one side of a pair has."""

    pair: Pair
    missing: Tokens  # of the source
    extra: Tokens  # of the translation


def differences(
    pairs: Sequence[Pair],
    source_tokens: Callable[[Block], Tokens],
    target_tokens: Callable[[Block], Tokens],
    *,
    is_counted: bool = False,
) -> Iterator[Difference]:
    """Yield the pairs of one section whose tokens differ, with those of them that the whole section has or lacks.

    A translation need not repeat itself: a token that it has once is not missing, unless there is another one instead
    or `is_counted`.
    """
    source = [_count(pair.source, source_tokens) for pair in pairs]
    target = [_count(pair.target, target_tokens) for pair in pairs]
    if source == target:
        return
    translated: Tokens = Counter()  # what is missing altogether is reported as that
    whole_source: Tokens = Counter()
    whole_target: Tokens = Counter()
    for pair, one, other in zip(pairs, source, target, strict=True):
        whole_source.update(one)
        whole_target.update(other)
        if pair.target:
            translated.update(one)
    lacking, added = translated - whole_target, whole_target - whole_source
    for pair, one, other in zip(pairs, source, target, strict=True):
        if pair.is_both and one != other:
            missing, extra = one - other, other - one
            missing &= lacking
            extra &= added
            if not extra and not is_counted:
                missing = Counter({token: count for token, count in missing.items() if token not in other})
            if missing or extra:
                yield Difference(pair, missing, extra)


def _count(blocks: Sequence[Block], tokens_of: Callable[[Block], Tokens]) -> Tokens:
    found: Tokens = Counter()
    for block in blocks:
        found.update(tokens_of(block))
    return found


def spans_of(block: Block) -> Iterator[Span]:
    """Yield the spans of a block, those of a table too."""
    yield from block.spans
    for row in block.rows:
        for cell in row:
            yield from cell


def prose_of(block: Block, *, with_links: bool = True) -> str:
    """Return the text of a block without code and formulas, and without the texts of links unless asked for."""
    if block.rows:
        return "\n".join("\t".join(_prose(cell, with_links) for cell in row) for row in block.rows)
    return _prose(block.spans, with_links)


def _prose(spans: Sequence[Span], with_links: object) -> str:
    return "".join(
        " " if VERBATIM_STYLES.intersection(span.styles) or (span.href and not with_links) else span.text
        for span in spans
    )


def without_tags(text: str) -> str:
    """Return a text without template tags."""
    return _TEMPLATE.sub(" ", text)
