"""Decides which documents are translations of each other, and so form an article.

Evidence is used in the order of its reliability: translation keys in the front matter; paths that are equal but for the
part that names the language; the same structure together with what a translator leaves unchanged (links, code, numbers,
keywords), where no other document fits as well; and the pairs found by their vectors (semantic_pairing.py). A document
is in one article, and an article has at most one document in each language: the worse match stays unpaired, with a
note why.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from relmgr_cli import messages
from relmgr_cli.corpus.document import UNKNOWN_LANGUAGE, Document
from relmgr_cli.corpus.translation_paths import LanguageMarker, find_markers, language_neutral_path
from relmgr_cli.languages.names import language_name
from relmgr_cli.languages.normalization import fold
from relmgr_cli.markdown.blocks import VERBATIM_KINDS, VERBATIM_STYLES

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_SLUG_BREAK = re.compile(r"[\W_]+")

# The share of invariant tokens that two documents must have in common, and how many different ones; less where the
# structure is long.
_MIN_SHARE, _MIN_SHARED = 0.5, 3
_MIN_SHARE_LONG, _MIN_SHARED_LONG = 0.25, 2
_LONG_OUTLINE = 12  # blocks


class Candidate(NamedTuple):
    """What pairing needs of every document."""

    id: int
    root: str
    path: str
    language: str
    title: str
    key: str  # translation key of its front matter; "" for none
    outline: str  # equal for documents with the same structure
    blocks: int
    words: int
    is_placed: bool = False  # its path names its language, so translations have similar paths
    is_misplaced: bool = False  # its path names another language


class Group(NamedTuple):
    """The documents of one article."""

    members: tuple[Candidate, ...]  # in the order of their languages
    paired_by: str  # metadata, layout, structure, meaning, or alone


class Grouping(NamedTuple):
    """All articles, and notes why some documents are not in the one they seem to belong to."""

    groups: tuple[Group, ...]  # in the order of their first paths
    notes: Mapping[int, str]  # by id of the document


Load = Callable[[Collection[int]], Mapping[int, Document]]
ScoredPairs = Iterable[tuple[int, int, float]]  # ids of two documents paired by their vectors, and the likelihood


def group(candidates: Sequence[Candidate], load: Load, pairs: ScoredPairs = ()) -> Grouping:
    """Return the articles that the documents make up; `load` returns full documents, for the few that need it."""
    paths = _neutral_paths(candidates)
    candidates = [
        candidate._replace(
            is_placed=bool(markers), is_misplaced=any(not _matches_language(candidate, each) for each in markers)
        )
        for candidate, (_, markers) in zip(candidates, paths, strict=True)
    ]
    groups = _Groups(candidates)
    for candidate in candidates:
        if candidate.key:
            groups.propose("metadata", candidate.key, candidate)
    groups.join_proposed("metadata")
    for candidate, (path, _) in zip(candidates, paths, strict=True):
        groups.propose("layout", path, candidate)
    groups.join_proposed("layout")
    _join_by_structure(groups, load)
    for left, right, _ in sorted(pairs, key=lambda pair: -pair[2]):
        groups.join(left, right, "meaning")
    return groups.result()


class _Groups:
    """Groups of documents, at first of one each, that are joined; never with two documents in one language."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = {candidate.id: candidate for candidate in candidates}
        self._members = {candidate.id: [candidate] for candidate in candidates}
        self._paired_by: dict[int, str] = {}
        self._proposed: dict[str, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
        self._notes: dict[int, str] = {}

    def alone(self) -> list[Candidate]:
        """Return the documents that are not paired."""
        return [members[0] for members in self._members.values() if len(members) == 1]

    def propose(self, method: str, key: str, candidate: Candidate) -> None:
        """Record that a document has a key that its translations have too."""
        self._proposed[method][key].append(candidate)

    def join_proposed(self, method: str) -> None:
        """Join the documents with the same key."""
        for same_key in self._proposed[method].values():
            if len({candidate.language for candidate in same_key}) > 1:
                self._join_all(same_key, method)

    def _join_all(self, same_key: Sequence[Candidate], method: str) -> None:
        first: Candidate | None = None
        taken: dict[str, Candidate] = {}
        for candidate in _best_first(same_key):
            if candidate.language in taken:
                self._note_duplicate(candidate, taken[candidate.language])
            elif candidate.language != UNKNOWN_LANGUAGE or len(same_key) == 2:  # noqa: PLR2004 (a pair)
                taken[candidate.language] = candidate
                if first is None:
                    first = candidate
                elif not self.join(first.id, candidate.id, method):
                    same = (member for member in self._members[first.id] if member.language == candidate.language)
                    self._note_duplicate(candidate, next(same, first))

    def _note_duplicate(self, candidate: Candidate, other: Candidate) -> None:
        language = language_name(candidate.language)
        self._notes[candidate.id] = messages.SAME_LANGUAGE.fill(path=other.path, language=language)

    def join(self, left_id: int, right_id: int, method: str) -> bool:
        """Join the groups of two documents; return False if both have a document in the same language."""
        left, right = self._members.get(left_id), self._members.get(right_id)
        if left is None or right is None or left is right:
            return True
        if {candidate.language for candidate in left} & {candidate.language for candidate in right}:
            return False
        left.extend(right)
        for candidate in right:
            self._members[candidate.id] = left
        self._paired_by[id(left)] = method
        return True

    def result(self) -> Grouping:
        """Return the groups as they are now."""
        seen: set[int] = set()
        groups = []
        for candidate in self._candidates.values():
            members = self._members[candidate.id]
            if id(members) not in seen:
                seen.add(id(members))
                ordered = tuple(sorted(members, key=lambda member: (member.language, member.path)))
                groups.append(Group(ordered, self._paired_by.get(id(members), "alone")))
        notes = {id_: note for id_, note in self._notes.items() if len(self._members[id_]) == 1}
        return Grouping(tuple(groups), notes)


def _best_first(same_key: Sequence[Candidate]) -> list[Candidate]:
    """Sort first those whose path does not name another language, then by size like the others, then by path length."""

    def order(candidate: Candidate) -> tuple[bool, float, int, str]:
        others = [other.blocks for other in same_key if other.language != candidate.language]
        nearest = min((abs(candidate.blocks - blocks) for blocks in others), default=0)
        return (candidate.is_misplaced, nearest, len(candidate.path), candidate.path)

    return sorted(same_key, key=order)


def _neutral_paths(candidates: Sequence[Candidate]) -> list[tuple[str, tuple[LanguageMarker, ...]]]:
    """Return for each document its path without the language, equal for translations, and the markers taken out."""
    markers = [list(find_markers(candidate.path)) for candidate in candidates]
    votes: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for candidate, found in zip(candidates, markers, strict=True):
        for marker in found:
            votes[_folder_of(candidate, marker), marker.tag][_matches_language(candidate, marker)] += 1
    paths = []
    for candidate, found in zip(candidates, markers, strict=True):
        accepted = tuple(marker for marker in found if _is_accepted(candidate, marker, votes))
        path = f"{_root_without_language(candidate)}/{language_neutral_path(candidate.path, accepted)}"
        paths.append((path, accepted))
    return paths


def _matches_language(candidate: Candidate, marker: LanguageMarker) -> bool:
    return marker.tag.partition("-")[0] == candidate.language.partition("-")[0]


def _folder_of(candidate: Candidate, marker: LanguageMarker) -> str:
    """Return the folder with a marker; a marker in a file name belongs to that file alone."""
    return "/".join((candidate.root, *candidate.path.split("/")[: marker.part + 1]))


def _is_accepted(candidate: Candidate, marker: LanguageMarker, votes: Mapping[tuple[str, str], Sequence[int]]) -> bool:
    """Return whether a marker names a language: the text agrees, or most texts in that folder do."""
    if _matches_language(candidate, marker):
        return True
    against, agreeing = votes[_folder_of(candidate, marker), marker.tag]
    return agreeing > against or (candidate.language == UNKNOWN_LANGUAGE and marker.is_certain)


def _root_without_language(candidate: Candidate) -> str:
    """Return the library folder's path without its language: `docs-pl` and `docs-en` may be two roots."""
    folder, _, name = candidate.root.rpartition("/")
    markers = [m for m in find_markers(f"{name}/x") if m.part == 0 and _matches_language(candidate, m)]
    return f"{folder}/{language_neutral_path(f'{name}/x', markers)}"


def _join_by_structure(groups: _Groups, load: Load) -> None:
    by_outline: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in groups.alone():
        by_outline[candidate.outline].append(candidate)
    alike = [found for found in by_outline.values() if len({candidate.language for candidate in found}) > 1]
    documents = load([candidate.id for found in alike for candidate in found])
    for found in alike:
        for _, left, right in _matches(found, documents):
            groups.join(left.id, right.id, "structure")


def _matches(alike: Sequence[Candidate], documents: Mapping[int, Document]) -> list[tuple[float, Candidate, Candidate]]:
    """Return the pairs of documents of one structure that belong together, with their score, best first."""
    is_long = alike[0].blocks >= _LONG_OUTLINE
    min_share, min_shared = (_MIN_SHARE_LONG, _MIN_SHARED_LONG) if is_long else (_MIN_SHARE, _MIN_SHARED)
    tokens = {candidate.id: invariant_tokens(documents[candidate.id]) for candidate in alike}
    scores: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    found = []
    for left, right in combinations(alike, 2):
        if left.language == right.language:
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


def slug_of(title: str, taken: set[str]) -> str:
    """Return the title as an id that is easy to type and not in `taken`, and add it there."""
    slug = _SLUG_BREAK.sub("-", fold(title)).strip("-")[:60].strip("-") or "article"
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name
