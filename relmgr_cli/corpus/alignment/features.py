"""Extracts the features of a block that help to find its translation.

Which words, numbers, names and punctuation may survive a translation is decided here; scoring.py weighs them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from relmgr_cli.corpus.document import Document
from relmgr_cli.languages.normalization import fold
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block, Span

PROSE = "prose"

_GROUPS = {kind: kind for kind in ("heading", "code", "math", "rule", "html", "table")}
_MAX_TOKENS = 150  # of one block; more do not help to distinguish long listings

# The probability that a token of each sort is in the translation too.
_ANCHOR, _CODE, _LINK, _LINE, _NUMERAL, _FORM, _BEGINNING = 0.95, 0.9, 0.8, 0.8, 0.85, 0.85, 0.6

_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_CHARACTERS_PER_IDEOGRAPH = 3  # of an alphabet
_WORD = re.compile(r"[a-z]{3,}|[^\W\d_a-z]{3,}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_PUNCTUATION = "(?!:;%/"
_SENTENCE = re.compile(r"[.!?…](?=\s)")
_OPTION = re.compile(r"(?<![^\s\[({|])-{1,2}\w[\w-]*")
_LINK_END = re.compile(r"[\w.-]+")
_SPELLING = str.maketrans(
    dict(zip("абвгґдеєёжзиіїйклмнопрстуфхцчшщыэюя", "abvggdeeezziiiiklmnoprstufhkkssieia", strict=True))
    | dict(zip("ъьcqwyj", ["", "", *"kkvii"], strict=True))
)
_SOUNDS = (("sh", "s"), ("sz", "s"), ("kh", "h"), ("kz", "k"), ("ph", "f"), ("th", "t"), ("rz", "r"), ("x", "ks"))
_STEM = 5  # letters


class BlockClass(NamedTuple):
    """The kind of a block and where it is nested."""

    group: str  # prose, or the kind itself; only blocks of one group are aligned
    kind: str
    level: int  # of a heading; 0 of anything else
    nesting: tuple[str, ...]  # the kinds of its containers


class BlockFeatures(NamedTuple):
    """The features of one block."""

    block_class: BlockClass
    length: int  # characters of an alphabet, at least 1
    tokens: Mapping[str, float]  # what may be in its translation too -> the probability of that


def extract_features(document: Document) -> list[BlockFeatures]:
    """Return the features of each block of a document."""
    anchors = {section.start: section.anchors for section in document.sections if section.level}
    return [_block_features(block, anchors.get(index, ())) for index, block in enumerate(document.blocks)]


def _block_features(block: Block, anchors: Iterable[str]) -> BlockFeatures:
    group = _GROUPS.get(block.kind, PROSE)
    if group == "heading" and block.containers:
        group = "heading in a container"  # opens no section
    level = int(block.info) if block.kind == "heading" else 0
    nesting = tuple(container.kind for container in block.containers)
    text = block.text
    block_class = BlockClass(group, block.kind, level, nesting)
    return BlockFeatures(block_class, text_length(text), _tokens(block, text, anchors))


def text_length(text: str) -> int:
    """Return the length of a text in characters of an alphabet, at least 1: an ideograph counts as several."""
    ideographs = 0 if text.isascii() else len(_IDEOGRAPH.findall(text))
    return max(len(text) + (_CHARACTERS_PER_IDEOGRAPH - 1) * ideographs, 1)


def _tokens(block: Block, text: str, anchors: Iterable[str]) -> dict[str, float]:
    tokens = {f"#{anchor.lower()}": _ANCHOR for anchor in anchors}
    if block.kind in VERBATIM_KINDS:
        tokens.update((f"`{line.strip()}", _LINE) for line in text.split("\n") if line.strip())
    elif text:
        tokens.update((token, _FORM) for token in _form_tokens(block, text))
    for span in (*block.spans, *(span for row in block.rows for cell in row for span in cell)):
        tokens.update(_span_tokens(span))
    tokens.update((f" {option}", _CODE) for option in _OPTION.findall(text))
    tokens.update((f"0{number}", _NUMERAL) for number in _NUMBER.findall(text))
    tokens.update((sound_stem(word), _BEGINNING) for word in _WORD.findall(fold(text)))
    return tokens if len(tokens) <= _MAX_TOKENS else dict(list(tokens.items())[:_MAX_TOKENS])


def _form_tokens(block: Block, text: str) -> Iterator[str]:
    """Yield features of the form that a translation preserves: punctuation at the end, emphasis, division."""
    if block.kind != "heading" or not text[-1].isalnum():
        yield f" end {'' if text[-1].isalnum() else text[-1]}"
    counts = Counter(style for span in block.spans for style in span.styles if style != "code")
    counts["link"] = sum(bool(span.href) for span in block.spans)
    counts["code"] = sum("code" in span.styles for span in block.spans)
    counts["sentence"] = len(_SENTENCE.findall(text))
    counts.update({character: text.count(character) for character in _PUNCTUATION})
    yield from (f" {name} {count}" for name, count in counts.items() if count)
    if block.spans and (block.spans[0].styles or block.spans[0].href):
        yield f" begin {' '.join(block.spans[0].styles)}"


def _span_tokens(span: Span) -> Iterator[tuple[str, float]]:
    if VERBATIM_STYLES.intersection(span.styles):
        yield f"`{span.text.strip()}", _CODE
    if span.href:
        yield f">{span.href}", _LINK
        if names := _LINK_END.findall(span.href.partition("#")[0]):
            yield f">>{names[-1]}", _LINK


def sound_stem(word: str) -> str:
    """Return the first letters of a folded word, Cyrillic transliterated: names and loan words keep them."""
    spelled = word.translate(_SPELLING)
    for written, sound in _SOUNDS:
        if written in spelled:
            spelled = spelled.replace(written, sound)
    return spelled[:_STEM]
