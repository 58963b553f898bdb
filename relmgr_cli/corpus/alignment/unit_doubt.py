"""Decides which translation units may pair texts that do not translate each other.

A unit is scored by its lengths, its words and where it is: next to a block that one language lacks, or that was split
or joined, it is less certain which of several similar blocks is missing. All scores are log-likelihood ratios in nats.
How many words of two texts are linked by chance is learnt from the page itself, by linking each text with others of it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from math import fsum, log
from typing import TYPE_CHECKING, Any, NamedTuple

from relmgr_cli.corpus.alignment.features import text_length
from relmgr_cli.corpus.alignment.word_evidence import Lexicon, Token, link_sentences, tokens_of
from relmgr_cli.corpus.article import TranslationUnit
from relmgr_cli.corpus.document import Document
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES, Block, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NUMBER = re.compile(r"\d++")
_MAX_ANCHORED = 10_000  # characters of a block in which numbers are looked for

# Texts -> (n, 512) float32 of unit length.
Encoder = Callable[[Sequence[str]], "NDArray[np.float32]"]

_CERTAIN, _NEAR_GAP, _IN_GAP = 4.0, 1.0, 0.0  # prior score of a unit, next to a gap, and of several blocks with one
_NEAR = 1  # units
_OTHER_KIND = -2.0
_VARIANCE, _LOOSENESS = 6.8, 0.3
_MIN_LENGTH_SCORE = -6.0
_PLAUSIBLE_LENGTH = -2.0  # score of a unit of an even page that is believed without a look at its words
_WORD_WEIGHT = 0.6  # words of one text are not independent of each other
_MIN_WORD_SCORE, _MAX_WORD_SCORE = -8.0, 10.0
_LINKED_RANGE, _CHANCE_RANGE = (0.15, 0.85), (0.02, 0.5)
_CHANCE_DISTANCE = 3  # units
_MAX_SAMPLED = 60  # units of a page from which the rates are learnt
_NO_COMMON_ANCHOR, _ONE_SIDED_ANCHOR = -3.0, -0.5  # penalties for other numbers and code, or none
_COSINE_NEUTRAL, _COSINE_WEIGHT, _MAX_COSINE_SCORE = 0.43, 12.0, 5.0
_IN_QUESTION = 4.6  # score below which the encoder is asked
_MAX_TEXT = 400  # characters that are encoded, as for the alignment


class _Candidate(NamedTuple):
    """A unit that both languages have."""

    number: int  # its index among the units
    blocks: tuple[Sequence[Block], Sequence[Block]]
    prior: float


def doubtful_units(
    documents: tuple[Document, Document],
    units: Sequence[TranslationUnit],
    languages: tuple[str, str],
    lexicon: Lexicon,
    encoder: Encoder | None = None,
) -> set[int]:
    """Return the indexes of the units whose texts in two languages may not translate each other."""
    return {index for index, score in score_units(documents, units, languages, lexicon, encoder).items() if score < 0}


def score_units(
    documents: tuple[Document, Document],
    units: Sequence[TranslationUnit],
    languages: tuple[str, str],
    lexicon: Lexicon,
    encoder: Encoder | None = None,
) -> dict[int, float]:
    """Return the scores of the units that both languages have, by index; below 0 a unit is in doubt."""
    candidates = list(_candidates(documents, units, languages))
    scores = {
        each.number: each.prior + score for each, score in zip(candidates, _length_scores(candidates), strict=True)
    }
    is_even = all(each.prior >= _CERTAIN for each in candidates)
    asked = [each for each in candidates if not is_even or scores[each.number] < _CERTAIN + _PLAUSIBLE_LENGTH]
    if asked:
        words = _Words(candidates, languages, lexicon)
        for each in asked:
            scores[each.number] += words.score(each) + _anchor_score(each)
    if encoder:
        texts = [
            each
            for each in asked
            if scores[each.number] < _IN_QUESTION and each.blocks[0][0].kind not in VERBATIM_KINDS
        ]
        for each, score in zip(texts, _cosine_scores(texts, encoder), strict=True):
            scores[each.number] += score
    return scores


def _candidates(
    documents: tuple[Document, Document], units: Sequence[TranslationUnit], languages: tuple[str, str]
) -> Iterator[_Candidate]:
    places = [
        (index, sides)
        for index, unit in enumerate(units)
        if any(sides := [unit.blocks.get(language, ()) for language in languages])
    ]
    uneven = [at for at, (_, (source, target)) in enumerate(places) if len(source) != len(target)]
    near = {at + step for at in uneven for step in range(-_NEAR, _NEAR + 1)}
    inside = {*uneven}
    for at, (index, (source, target)) in enumerate(places):
        if not source or not target:
            continue
        blocks = tuple(
            [document.blocks[i] for i in side] for document, side in zip(documents, (source, target), strict=True)
        )
        prior = _IN_GAP if at in inside else _NEAR_GAP if at in near else _CERTAIN
        kinds = {block.kind for side in blocks for block in side}
        yield _Candidate(index, (blocks[0], blocks[1]), prior + _OTHER_KIND * (len(kinds) > 1))


def _length_scores(candidates: Sequence[_Candidate]) -> list[float]:
    lengths = [tuple(sum(text_length(block.text) for block in side) for side in each.blocks) for each in candidates]
    ratio = sum(other for _, other in lengths) / max(sum(own for own, _ in lengths), 1)
    ratio = min(max(ratio, 0.5), 2.0)
    found = []
    for own, other in lengths:
        expected = own * ratio
        middle = (expected + other) / 2
        deviation = (expected - other) ** 2 / (_VARIANCE * middle + (_LOOSENESS * middle) ** 2)
        found.append(max(0.5 - deviation / 2, _MIN_LENGTH_SCORE))
    return found


def _anchor_score(candidate: _Candidate) -> float:
    source, target = map(_anchors, candidate.blocks)
    if source and target:
        return _NO_COMMON_ANCHOR if source.isdisjoint(target) else 0.0
    return _ONE_SIDED_ANCHOR if source or target else 0.0


def _anchors(blocks: Sequence[Block]) -> set[str]:
    """Return the numbers and the code in a text: what a translation keeps."""
    found = {
        span.text.strip()
        for block in blocks
        for span in _spans(block)
        if VERBATIM_STYLES.intersection(span.styles) and block.kind not in VERBATIM_KINDS
    }
    return found.union(*(_NUMBER.findall(block.text[:_MAX_ANCHORED]) for block in blocks))


class _Words:
    """Scores units by how many of their words are linked."""

    def __init__(self, candidates: Sequence[_Candidate], languages: tuple[str, str], lexicon: Lexicon) -> None:
        self._languages, self._lexicon = languages, lexicon
        self._known: dict[int, tuple[list[Token], list[Token]]] = {}
        step = max(len(candidates) // _MAX_SAMPLED, 1)
        sample = candidates[::step]
        self._linked = self._rate([(each, each) for each in sample], _LINKED_RANGE)
        shifted = zip(sample, sample[_CHANCE_DISTANCE:], strict=False)
        self._chance = min(self._rate([*shifted], _CHANCE_RANGE), self._linked * 0.7)

    def score(self, candidate: _Candidate) -> float:
        linked, tokens = self._links(candidate, candidate)
        there = linked * log(self._linked / self._chance)
        missing = max(tokens - linked, 0) * log((1 - self._linked) / (1 - self._chance))
        return min(max(_WORD_WEIGHT * (there + missing), _MIN_WORD_SCORE), _MAX_WORD_SCORE)

    def _rate(self, pairs: Sequence[tuple[_Candidate, _Candidate]], limits: tuple[float, float]) -> float:
        """Return the share of the tokens that is linked, smoothed."""
        found = [self._links(*pair) for pair in pairs]
        linked, tokens = (fsum(column) for column in zip(*found, strict=True)) if found else (0.0, 0.0)
        low, high = limits
        return min(max((linked + low) / (tokens + 1), low), high)

    def _links(self, source: _Candidate, target: _Candidate) -> tuple[float, int]:
        tokens, other_tokens = self._tokens(source)[0], self._tokens(target)[1]
        links = link_sentences([tokens], [other_tokens], self._lexicon).links
        return fsum(links.values()), min(len(tokens), len(other_tokens))

    def _tokens(self, candidate: _Candidate) -> tuple[list[Token], list[Token]]:
        if candidate.number not in self._known:
            source, target = (
                [token for block in side for token in tokens_of(block.text[: 2 * _MAX_TEXT], _spans(block), language)]
                for side, language in zip(candidate.blocks, self._languages, strict=True)
            )
            self._known[candidate.number] = source, target
        return self._known[candidate.number]


def _spans(block: Block) -> Sequence[Span]:
    return block.spans or [span for row in block.rows for cell in row for span in cell]


def _cosine_scores(candidates: Sequence[_Candidate], encoder: Encoder) -> list[float]:
    if not candidates:
        return []
    texts = [[block.text[:_MAX_TEXT] for block in side] for each in candidates for side in each.blocks]
    every = list(dict.fromkeys(text for side in texts for text in side))
    rows = {text: row for row, text in enumerate(every)}
    vectors = encoder(every)
    sums: list[Any] = [vectors[[rows[text] for text in side]].sum(axis=0) for side in texts]
    found = []
    for left, right in zip(sums[::2], sums[1::2], strict=True):
        norm = float((left @ left) * (right @ right)) ** 0.5
        cosine = float(left @ right) / norm if norm else _COSINE_NEUTRAL
        found.append(min(max(_COSINE_WEIGHT * (cosine - _COSINE_NEUTRAL), -_MAX_COSINE_SCORE), _MAX_COSINE_SCORE))
    return found
