"""Pairs documents with the same structure by what a translator leaves unchanged: links, code, numbers, keywords."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations

from relmgr_cli.corpus.candidate import UNTRANSLATED, Candidate
from relmgr_cli.corpus.document import Document
from relmgr_cli.corpus.translation_paths import primary_of
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

# The share of invariant tokens that two documents must have in common, and how many different ones; less where the
# structure is long.
_MIN_SHARE, _MIN_SHARED = 0.5, 3
_MIN_SHARE_LONG, _MIN_SHARED_LONG = 0.25, 2
_LONG_OUTLINE = 12  # blocks
_MAX_ALIKE = 400  # documents of one structure; among more of them it says nothing

Load = Callable[[Collection[int]], Mapping[int, Document]]


def find_structural_pairs(alone: Sequence[Candidate], load: Load) -> Iterator[tuple[int, int]]:
    """Yield the ids of unpaired documents that have one structure and fit no other as well, best first in each."""
    by_outline: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in alone:
        if not candidate.traits.is_multilingual and candidate.state != UNTRANSLATED:
            by_outline[candidate.outline].append(candidate)
    alike = [
        found
        for found in by_outline.values()
        if len({candidate.language for candidate in found}) > 1 and len(found) <= _MAX_ALIKE
    ]
    documents = load([candidate.id for found in alike for candidate in found])
    for found in alike:
        for _, left, right in _matches(found, documents):
            yield left.id, right.id


def _matches(alike: Sequence[Candidate], documents: Mapping[int, Document]) -> list[tuple[float, Candidate, Candidate]]:
    """Return the pairs of documents of one structure that belong together, with their score, best first."""
    is_long = alike[0].blocks >= _LONG_OUTLINE
    min_share, min_shared = (_MIN_SHARE_LONG, _MIN_SHARED_LONG) if is_long else (_MIN_SHARE, _MIN_SHARED)
    tokens = {candidate.id: invariant_tokens(documents[candidate.id]) for candidate in alike}
    scores: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    found = []
    for left, right in combinations(alike, 2):
        if primary_of(left.language) == primary_of(right.language):
            continue
        score, shared = jaccard(tokens[left.id], tokens[right.id])
        scores[left.id][right.language].append(score)
        scores[right.id][left.language].append(score)
        if score >= min_share and shared >= min_shared:
            found.append((score, left, right))
    return sorted((match for match in found if _is_clear_best(match, scores)), key=lambda match: -match[0])


def _is_clear_best(
    match: tuple[float, Candidate, Candidate], scores: Mapping[int, Mapping[str, Sequence[float]]]
) -> bool:
    score, left, right = match
    rivals = scores[left.id][right.language], scores[right.id][left.language]
    return all(score == max(row) and row.count(score) == 1 for row in rivals)


def invariant_tokens(document: Document) -> Counter[str]:
    """Return what a translator leaves unchanged, with its number of occurrences."""
    tokens: Counter[str] = Counter(f"keyword {word.casefold()}" for word in document.keywords)
    for block in document.blocks:
        spans = [*block.spans, *(span for row in block.rows for cell in row for span in cell)]
        tokens.update(f"link {span.href}" for span in spans if span.href)
        tokens.update(f"code {span.text}" for span in spans if VERBATIM_STYLES.intersection(span.styles))
        if block.kind in VERBATIM_KINDS:
            tokens.update(f"code {line.strip()}" for line in block.text.split("\n") if line.strip())
        else:
            tokens.update(f"number {number}" for number in _NUMBER.findall(block.text))
    return tokens


def jaccard(left: Counter[str], right: Counter[str]) -> tuple[float, int]:
    """Return the Jaccard index of two multisets of tokens, and how many different ones are in both, digits excluded."""
    union = (left | right).total()
    both = left & right
    discriminative = sum(1 for token in both if not (token.startswith("number ") and len(token) == len("number 1")))
    return (both.total() / union if union else 0.0), discriminative
